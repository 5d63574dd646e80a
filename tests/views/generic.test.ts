import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import type { HttpRequest } from 'tsango/http/request';
import { HttpResponse } from 'tsango/http/response';
import { redirect, resolveUrl } from 'tsango/shortcuts';
import { Client, RequestFactory } from 'tsango/test';
import { NoReverseMatch, path } from 'tsango/urls';
import { ContextMixin, RedirectView, TemplateView, View } from 'tsango/views/generic';
import { captureLogs } from '../support/logs';

class Article extends View {
  suffix = '';
  get(_request: HttpRequest, params: { year: number }) {
    return new HttpResponse(`${params.year + 1}${this.suffix}`);
  }
  async post() {
    return new HttpResponse('posted');
  }
}
class About extends TemplateView {
  override templateName = 'about.html';
}

const urlpatterns = [
  path('articles/<int:year>/', Article.asView(), { name: 'article' }),
  path('shout/<int:year>/', Article.asView({ suffix: '!' })),
  path('about/<str:who>/', About.asView({ extraContext: { key: 'value' } })),
  path('broken/', TemplateView.asView()),
  path('go/<int:year>/', RedirectView.asView({ patternName: 'article' })),
  path(
    'away/<str:to>/',
    RedirectView.asView({ url: '/bar/%(to)s/100%%', permanent: true, queryString: true }),
  ),
  path('gone/', RedirectView.asView()),
];

beforeEach(() =>
  configure({
    ROOT_URLCONF: { urlpatterns },
    ALLOWED_HOSTS: ['*'],
    SECRET_KEY: 'x',
    TEMPLATES: [
      {
        BACKEND: 'tsango.template.backends.django.DjangoTemplates',
        OPTIONS: {
          loaders: [
            [
              'tsango.template.loaders.locmem.Loader',
              { 'about.html': '{{ who }} {{ key }} {{ view.templateName }}' },
            ],
          ],
        },
      },
    ],
  }),
);
afterEach(() => resetSettings());

describe('View', () => {
  it('calls the function of the method, with typed params', async () => {
    const client = new Client();
    expect((await client.get('/articles/2003/')).text).toBe('2004');
    expect((await client.post('/articles/2003/')).text).toBe('posted');
    expect((await client.get('/shout/2003/')).text).toBe('2004!');
    expect((await client.head('/articles/2003/')).statusCode).toBe(200);
  });
  it('refuses other methods, and says which there are', async () => {
    const client = new Client();
    const logs = await captureLogs('tsango.request', async () => {
      const response = await client.put('/articles/2003/');
      expect(response.statusCode).toBe(405);
      expect(response.get('Allow')).toBe('GET, POST, HEAD, OPTIONS');
    });
    expect(logs).toEqual(['WARNING:tsango.request:Method Not Allowed (PUT): /articles/2003/']);
    const options = await client.options('/articles/2003/');
    expect(options.get('Allow')).toBe('GET, POST, HEAD, OPTIONS');
    expect(options.content.length).toBe(0);
  });
  it('calls no function but those of methods', async () => {
    class Own extends View {
      secret() {
        return new HttpResponse('secret');
      }
    }
    await captureLogs('tsango.request', async () => {
      for (const method of ['SECRET', 'DISPATCH', 'SETUP', '__PROTO__', 'CONSTRUCTOR']) {
        const response = await Own.asView()(new RequestFactory().generic(method, '/'), {});
        expect(response.statusCode).toBe(405);
      }
    });
  });
  it('makes an instance for each request', async () => {
    class Own extends View {
      count = 0;
      get() {
        this.count += 1;
        return new HttpResponse(String(this.count));
      }
    }
    const view = Own.asView();
    for (let i = 0; i < 2; i++)
      expect(((await view(new RequestFactory().get('/'), {})) as HttpResponse).text).toBe('1');
  });
  it.each([
    [{ get: 1 }, 'The method name get is not accepted as a keyword argument to Article().'],
    [
      { unknown: 1 },
      "Article() received an invalid keyword 'unknown'. asView only accepts arguments that are already attributes of the class.",
    ],
  ])('asView(%j): %s', (kwargs, message) => expect(() => Article.asView(kwargs as object)).toThrow(message));
  it('a URLconf says what to pass instead of the class or an instance', () => {
    expect(() => path('x/', Article as never)).toThrow(
      'view must be a callable, pass Article.asView(), not Article.',
    );
    expect(() => path('x/', new Article() as never)).toThrow(
      'view must be a callable, pass Article.asView(), not Article().',
    );
  });
  it('a setup() that forgets its base is told', () => {
    class Own extends View {
      override setup() {}
    }
    expect(() => Own.asView()(new RequestFactory().get('/'), {})).toThrow(
      "Own instance has no 'request' attribute. Did you override setup() and forget to call super()?",
    );
  });
});

describe('TemplateView', () => {
  it('renders with the values of the URL, the view and extraContext', async () => {
    expect((await new Client().get('/about/amrit/')).text).toBe('amrit value about.html');
  });
  it('needs a template', async () => {
    await captureLogs('tsango.request', () =>
      expect(new Client().get('/broken/')).rejects.toThrow(
        "TemplateView requires either a definition of 'templateName' or an implementation of 'getTemplateNames()'",
      ),
    );
  });
  it('ContextMixin: extraContext prevails', () => {
    const mixed = new (ContextMixin(class {}))();
    mixed.extraContext = { a: 2 };
    expect(mixed.getContextData({ a: 1, b: 1 })).toEqual({ view: mixed, a: 2, b: 1 });
  });
});

describe('RedirectView', () => {
  it.each([
    ['get', '/go/5/', 302, '/articles/5/'],
    ['post', '/away/x/?q=1', 301, '/bar/x/100%?q=1'],
    ['delete', '/go/5/', 302, '/articles/5/'],
    ['options', '/go/5/', 302, '/articles/5/'],
  ] as const)('%s %s: %d %s', async (method, target, status, location) => {
    const response = await new Client()[method](target);
    expect(response.statusCode).toBe(status);
    expect(response.get('Location')).toBe(location);
  });
  it('is gone without a URL', async () => {
    const logs = await captureLogs('tsango.request', async () => {
      expect((await new Client().get('/gone/')).statusCode).toBe(410);
    });
    expect(logs).toEqual(['WARNING:tsango.request:Gone: /gone/']);
  });
});

describe('redirect', () => {
  const view = urlpatterns[0]?.callback as never;
  it.each([
    ['article', { args: [5] }, 302, '/articles/5/'],
    ['article', { kwargs: { year: 5 }, permanent: true, query: { q: 1 } }, 301, '/articles/5/?q=1'],
    ['/some/url/', { preserveRequest: true }, 307, '/some/url/'],
    ['https://example.com/', { permanent: true, preserveRequest: true }, 308, 'https://example.com/'],
    ['../up/', {}, 302, '../up/'],
    ['./here', {}, 302, './here'],
    [{ getAbsoluteUrl: () => '/object/' }, {}, 302, '/object/'],
    [{ toString: (): string => '/lazy/' }, {}, 302, '/lazy/'],
  ])('%j %j: %d %s', (to, options, status, location) => {
    const response = redirect(to, options);
    expect(response.statusCode).toBe(status);
    expect(response.get('Location')).toBe(location);
  });
  it('finds a view itself', () => expect(resolveUrl(view, { args: [5] })).toBe('/articles/5/'));
  it('refuses what is neither a name nor a URL', () => {
    expect(() => redirect('nothing')).toThrow(NoReverseMatch);
    expect(() => redirect(() => new HttpResponse(''))).toThrow(NoReverseMatch);
  });
  it('refuses dangerous schemes', () => {
    expect(() => redirect('javascript:alert(1)//.')).toThrow(
      "Unsafe redirect to URL with protocol 'javascript'",
    );
  });
});

describe('the page of a refused form', () => {
  const client = () => new Client({ enforceCsrfChecks: true });
  const settings = { MIDDLEWARE: ['tsango.middleware.csrf.CsrfViewMiddleware'] };
  it('is a 403 that tells little', async () => {
    await overrideSettings(settings, () =>
      captureLogs('tsango.security.csrf', async () => {
        const response = await client().post('/articles/1/');
        expect(response.statusCode).toBe(403);
        expect(response.text).toContain('CSRF verification failed. Request aborted.');
        expect(response.text).toContain('this site requires a CSRF cookie');
        expect(response.text).toContain('More information is available with DEBUG=True.');
        expect(response.text).not.toContain('CSRF cookie not set.');
      }),
    );
  });
  it('gives the reason while DEBUG is on, escaped', async () => {
    await overrideSettings({ ...settings, DEBUG: true }, () =>
      captureLogs('tsango.security.csrf', async () => {
        const response = await client().post('/articles/1/', {}, { headers: { Origin: 'https://<script>' } });
        expect(response.text).toContain(
          'Origin checking failed - https://&lt;script&gt; does not match any trusted origins.',
        );
        const secure = await client().post('/articles/1/', {}, { secure: true });
        expect(secure.text).toContain('Referer checking failed - no Referer.');
        expect(secure.text).toContain('HTTPS site requires a “Referer header”');
      }),
    );
  });
  it("is the site's own template, or view, where it has one", async () => {
    const loaders = [
      [
        'tsango.template.loaders.locmem.Loader',
        { '403_csrf.html': '{{ title }}: {{ reason }} {{ no_cookie }}' },
      ],
    ];
    const TEMPLATES = [{ BACKEND: 'tsango.template.backends.django.DjangoTemplates', OPTIONS: { loaders } }];
    await captureLogs('tsango.security.csrf', async () => {
      await overrideSettings({ ...settings, TEMPLATES }, async () => {
        expect((await client().post('/articles/1/')).text).toBe('Forbidden: CSRF cookie not set. True');
      });
      const CSRF_FAILURE_VIEW = (_: HttpRequest, reason: string) =>
        new HttpResponse(`own ${reason}`, { status: 403 });
      await overrideSettings({ ...settings, CSRF_FAILURE_VIEW }, async () => {
        expect((await client().post('/articles/1/')).text).toBe('own CSRF cookie not set.');
      });
    });
  });
});
