// A session that Django stored with keys named like methods: in a template the key wins over the method.
import { configure } from 'tsango/conf';
import { SessionStore } from 'tsango/contrib/sessions/backends/signed_cookies';
import { makeContext } from 'tsango/template/context';
import { Engine } from 'tsango/template/engine';

configure({
  SECRET_KEY: 'a-long-key-of-more-than-fifty-characters-for-this-test',
  INSTALLED_APPS: ['tsango.contrib.sessions'],
});

async function render(source: string, data: Record<string, unknown>) {
  const stored = new SessionStore();
  stored.update(data);
  await stored.save();
  const session = new SessionStore(stored.sessionKey);
  await session.load();
  return new Engine()
    .fromString(source)
    .render(makeContext({ request: { session } }, null, { autoescape: true }));
}

// Django 5.2.18: Variable looks session['items'] up before the attribute.
it.each([
  ['{% for item in request.session.items %}{{ item }};{% endfor %}', { items: ['a', 'b'] }, 'a;b;'],
  ['{{ request.session.keys.k }}', { keys: { k: 1 } }, '1'],
  ['{{ request.session.get }}', { get: 'G' }, 'G'],
  ['{{ request.session.modified }}', { modified: 'yesterday' }, 'yesterday'],
  ['{{ request.session.pop }}', { pop: 5 }, '5'],
])('%s', async (source, data, expected) => {
  expect(await render(source, data)).toBe(expected);
});
