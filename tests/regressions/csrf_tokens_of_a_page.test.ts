/** Two forms of one page had different tokens. Django's `csrf_token` is made once for each rendering. */
import { configure, resetSettings } from 'tsango/conf';
import { HttpResponse } from 'tsango/http';
import { engines } from 'tsango/template';
import { Client } from 'tsango/test';
import { path } from 'tsango/urls';

const TOKEN = /value="(\w{64})"/g;
const SOURCE = '{% csrf_token %}{% csrf_token %}{% for i in "ab" %}{% csrf_token %}{% endfor %}';

beforeAll(() =>
  configure({
    SECRET_KEY: 'a key for tests, and long enough for the checks too',
    ALLOWED_HOSTS: ['testserver'],
    MIDDLEWARE: ['django.middleware.csrf.CsrfViewMiddleware'],
    TEMPLATES: [{ BACKEND: 'django.template.backends.django.DjangoTemplates' }],
    ROOT_URLCONF: {
      urlpatterns: [
        path('', async (request) => {
          if (request.method === 'POST') return new HttpResponse('accepted');
          return new HttpResponse(await engines.get('django').fromString(SOURCE).render({}, request));
        }),
      ],
    },
  }),
);
afterAll(() => resetSettings());

it('two csrf_token on a page are the same, another page has another, and each is accepted', async () => {
  const client = new Client({ enforceCsrfChecks: true });
  const tokensOf = async (): Promise<string[]> =>
    [...(await client.get('/')).text.matchAll(TOKEN)].map((match) => match[1] ?? '');
  const first = await tokensOf();
  const second = await tokensOf();
  expect(first).toHaveLength(4);
  expect(new Set(first).size).toBe(1);
  expect(new Set(second).size).toBe(1);
  expect(second[0]).not.toBe(first[0]);
  for (const token of [first[0], second[0]]) {
    expect((await client.post('/', { csrfmiddlewaretoken: token })).text).toBe('accepted');
  }
});
