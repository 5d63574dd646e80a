/** Django's advisories about the pages of errors. */
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { Http404, HttpRequest, HttpResponse } from 'tsango/http';
import { Client, RequestFactory } from 'tsango/test';
import { path } from 'tsango/urls';
import { technical404Response, technical500Response } from 'tsango/views/debug';
import { pageNotFound } from 'tsango/views/defaults';

const PAGE = '{{ request_path|safe }}|{{ exception|safe }}';

beforeAll(() =>
  configure({
    SECRET_KEY: 'test',
    DEBUG: true,
    ROOT_URLCONF: {
      urlpatterns: [path('form/', (request) => new HttpResponse(String(request.POST.count())))],
    } as never,
    TEMPLATES: [
      {
        BACKEND: 'tsango.template.backends.django.DjangoTemplates',
        OPTIONS: { loaders: [['tsango.template.loaders.locmem.Loader', { '404.html': PAGE }]] },
      },
    ],
  }),
);
afterAll(() => resetSettings());

const HOSTILE = '<script>alert(1)</script>';

it('CVE-2017-12794: whatever an error says is escaped in its page', async () => {
  const inner = new Error(`inner ${HOSTILE}`);
  inner.name = HOSTILE;
  const error = new Error(`outer ${HOSTILE}`, { cause: inner });
  const request = new RequestFactory().post(
    `/${encodeURIComponent(HOSTILE)}?${HOSTILE}=${HOSTILE}`,
    { [HOSTILE]: HOSTILE },
    {
      headers: { 'User-Agent': HOSTILE },
    },
  );
  await request.load();
  request.COOKIES = { [HOSTILE]: HOSTILE };
  for (const response of [
    await technical500Response(request, error),
    await technical404Response(request, new Http404(HOSTILE)),
  ]) {
    const page = String(response.content);
    expect(page).toContain('alert(1)');
    expect(page).not.toContain(HOSTILE);
  }
});

it('CVE-2019-3498: the page of an unknown path shows it quoted', async () => {
  const request = new HttpRequest();
  request.path = '/please visit evil.example <b>';
  const response = await pageNotFound(request, new Http404('x'));
  expect(String(response.content)).toBe('/please%20visit%20evil.example%20%3Cb%3E|x');
});

it.each([true, false])(
  'CVE-2026-84429: a Content-Type that is too long is a 400, with DEBUG %s',
  async (debug) => {
    await overrideSettings(
      { DEBUG: debug, ALLOWED_HOSTS: ['testserver'], LOGGING_CONFIG: null },
      async () => {
        const contentType = `text/html; a="${'b'.repeat(12_000)}"`;
        const response = await new Client().post('/form/', 'x', { contentType });
        expect(response.statusCode).toBe(400);
      },
    );
  },
);
