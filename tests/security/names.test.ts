/** Names that clients choose, where a dictionary has methods and properties. */
import { configure, resetSettings } from 'tsango/conf';
import { SessionStore } from 'tsango/contrib/sessions/backends/signed_cookies';
import { HttpResponse, QueryDict } from 'tsango/http';
import { RequestFactory } from 'tsango/test';

beforeAll(() => configure({ SECRET_KEY: 'test' }));
afterAll(() => resetSettings());

const NAMES = [
  'get',
  'set',
  'items',
  'keys',
  'values',
  'pop',
  'update',
  'clear',
  'has',
  'flush',
  'save',
  'modified',
  'accessed',
  'sessionKey',
  'mutable',
  'encoding',
  'constructor',
  '__proto__',
  'then',
  'toString',
  'hasOwnProperty',
  'toJSON',
  'length',
  'size',
];

it.each(NAMES)('a session keeps %j as any other key', async (name) => {
  const session = new SessionStore();
  session.update({ ['a']: 1 });
  session.update([[name, 'v']]);
  await session.save();
  const again = new SessionStore(session.sessionKey);
  await again.load();
  expect([again.get(name), again.has(name)]).toEqual(['v', true]);
  expect(Object.fromEntries(again.items())).toEqual(
    Object.fromEntries([
      ['a', 1],
      [name, 'v'],
    ]),
  );
  expect([again.pop(name), again.get(name)]).toEqual(['v', null]);
});

it.each(['modified', 'accessed', 'sessionKey', 'save', 'flush', 'items', 'get'])(
  'session[%j] = text is refused, and changes nothing',
  (name) => {
    const session = new SessionStore();
    session['a'] = 1;
    expect(() => {
      session[name] = 'text';
    }).toThrow(
      `'${name}' cannot be a key of SessionStore in brackets: it is a method or property of sessions`,
    );
    expect([session.modified, session.sessionKey, session.keys()]).toEqual([true, null, ['a']]);
  },
);

it.each(NAMES)('a field %j is read and written by the methods', (name) => {
  const { GET } = new RequestFactory().get(`/?a=1&${name}=2`);
  expect([GET.get(name), GET.getlist(name), GET.has(name)]).toEqual(['2', ['2'], true]);
  const copy = GET.copy();
  copy.set(name, '3');
  expect(copy.get(name)).toBe('3');
  expect(GET.get(name)).toBe('2');
});

it.each(['get', 'set', 'items', 'keys', 'has', 'urlencode', 'copy'])(
  '%j in brackets takes no method away',
  (name) => {
    const data: Record<string, unknown>[] = [
      new QueryDict('a=1', { mutable: true }) as never,
      new HttpResponse('').headers as never,
      new RequestFactory().get('/').headers as never,
    ];
    for (const dict of data) {
      const before = dict[name];
      if (typeof before !== 'function') continue;
      expect(() => {
        dict[name] = 'text';
      }).toThrow(TypeError);
      expect(dict[name]).toBe(before);
    }
  },
);

it("an immutable dictionary does not become mutable, or another encoding's, by a text", () => {
  const { GET } = new RequestFactory().get('/?a=1');
  const loose = GET as unknown as Record<string, unknown>;
  for (const name of ['mutable', 'encoding', 'a']) {
    expect(() => {
      loose[name] = 'text';
    }).toThrow(expect.objectContaining({ name: 'AttributeError' }));
  }
  expect([GET.mutable, GET.encoding]).toEqual([false, 'utf-8']);
});
