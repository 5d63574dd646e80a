/** A page is kept under exactly what routed it, and only if it is for everybody: through whole sites. */
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { configure, overrideSettings, resetSettings, settings } from 'tsango/conf';
import { caches } from 'tsango/core/cache';
import { createFetchHandler } from 'tsango/core/handlers/fetch';
import { createServerListener } from 'tsango/core/handlers/node';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { getNonce } from 'tsango/middleware/csp';
import { getToken } from 'tsango/middleware/csrf';
import { Client } from 'tsango/test';
import { path } from 'tsango/urls';
import type { GetResponse } from 'tsango/utils/deprecation';
import { cachePage } from 'tsango/views/decorators';

let made = 0;

beforeEach(async () => {
  made = 0;
  configure({
    SECRET_KEY: 'x',
    ALLOWED_HOSTS: ['*'],
    MIDDLEWARE: [
      'tsango.middleware.cache.UpdateCacheMiddleware',
      'tsango.middleware.csp.ContentSecurityPolicyMiddleware',
      'tsango.middleware.cache.FetchFromCacheMiddleware',
    ],
    SECURE_CSP: { 'script-src': ["'self'", '<CSP_NONCE_SENTINEL>'] },
    ROOT_URLCONF: {
      urlpatterns: [
        path('home/', () => new HttpResponse(`home ${++made}`)),
        path('tags/<path:tag>', (_request, { tag }) => new HttpResponse(`No articles about ${tag}`)),
        path('cookie/', () => {
          const response = new HttpResponse('a page');
          response.headers.set('Set-Cookie', `sessionid=secret-${++made}`);
          return response;
        }),
        path('nonce/', (request) => new HttpResponse(`<script nonce="${String(getNonce(request))}">`)),
      ],
    },
  });
  await caches.get('default').clear();
});
afterEach(async () => {
  await caches.closeAll();
  resetSettings();
});

/** The body of an answer to a target as it is written: a client would resolve `..` itself. */
async function overSocket(targets: readonly string[]): Promise<string[]> {
  const server = http.createServer(createServerListener());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const bodies: string[] = [];
  for (const target of targets) {
    bodies.push(
      await new Promise<string>((resolve) => {
        const socket = net.connect(port, '127.0.0.1');
        let received = '';
        socket.on('data', (data) => {
          received += data.toString('latin1');
        });
        socket.on('close', () => resolve(received.slice(received.indexOf('\r\n\r\n') + 4)));
        socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`);
      }),
    );
  }
  await new Promise((resolve) => server.close(resolve));
  return bodies;
}

it.each([
  '/tags/EVIL/..%2f..%2fhome/',
  '/tags/EVIL/../../home/',
  '/tags/EVIL/%2e%2e/%2e%2e/home/',
  '/tags/./../home/',
])('a link to %s puts nothing in the place of /home/', async (link) => {
  const [poison, home, again] = await overSocket([link, '/home/', '/home/']);
  expect(poison).toContain('No articles about');
  expect([home, again]).toEqual(['home 1', 'home 1']);
});

it('nor through the fetch handler', async () => {
  const handle = createFetchHandler();
  const get = async (target: string): Promise<string> =>
    (await handle(new Request(`http://localhost${target}`))).text();
  expect(await get('/tags/EVIL/..%2f..%2fhome/')).toContain('No articles about');
  expect(await get('/home/')).toBe('home 1');
});

it.each([
  ['/tags/a', '/tags/a?x=1'],
  ['/tags/a%3Fx=1', '/tags/a?x=1'],
  ['/tags/a%23b', '/tags/a'],
  ['/tags//a', '/tags/a'],
  ['/tags/%25FF', '/tags/%2525FF'],
])('%s and %s are two pages', async (one, two) => {
  const [first, second] = await overSocket([one, two]);
  expect(first).not.toBe(undefined);
  const [firstAgain, secondAgain] = await overSocket([one, two]);
  expect([firstAgain, secondAgain]).toEqual([first, second]);
});

it('a cookie that is set as a header is for one client', async () => {
  const handle = createFetchHandler();
  const cookieOf = async (): Promise<string[]> =>
    (await handle(new Request('http://localhost/cookie/'))).headers.getSetCookie();
  expect(await cookieOf()).toEqual(['sessionid=secret-1']);
  expect(await cookieOf()).toEqual(['sessionid=secret-2']);
});

it('a nonce is for one response', async () => {
  const handle = createFetchHandler();
  const ask = async (): Promise<[string, string | null]> => {
    const response = await handle(new Request('http://localhost/nonce/'));
    return [await response.text(), response.headers.get('Content-Security-Policy')];
  };
  const [one, policy] = await ask();
  const [two] = await ask();
  expect(policy).toContain("'nonce-");
  expect(one).not.toBe(two);
});

it('a middleware that routes by something else than the URL does not mix its pages', async () => {
  const urlpatterns = (name: string) => [path('home/', () => new HttpResponse(name))];
  const confs = { red: { urlpatterns: urlpatterns('red') }, blue: { urlpatterns: urlpatterns('blue') } };
  const route = (getResponse: GetResponse) => (request: HttpRequest) => {
    const site = request.header('x-site');
    if (site === 'red' || site === 'blue') request.urlconf = confs[site];
    if (site === 'elsewhere') request.pathInfo = '/tags/elsewhere';
    return getResponse(request);
  };
  await overrideSettings(
    { MIDDLEWARE: [settings.MIDDLEWARE[0], route, ...settings.MIDDLEWARE.slice(1)] as never },
    async () => {
      const handle = createFetchHandler();
      const ask = async (site: string): Promise<string> => {
        const answer = await handle(new Request('http://localhost/home/', { headers: { 'X-Site': site } }));
        return answer.status === 200 ? answer.text() : String(answer.status);
      };
      for (let i = 0; i < 2; i++) {
        const answers = [];
        for (const site of ['none', 'red', 'blue', 'elsewhere']) answers.push(await ask(site));
        expect(answers).toEqual(['home 1', 'red', 'blue', 'No articles about elsewhere']);
      }
    },
  );
});

describe('a view that is kept by itself, inside of the middleware', () => {
  const text = (make: (request: HttpRequest) => string) =>
    cachePage(60)((request: HttpRequest) => new HttpResponse(`${make(request)} ${++made}`));
  const urlpatterns = [
    path(
      'form/',
      text((request) => getToken(request)),
    ),
    path(
      'visit/',
      text((request) => {
        request.session['visits'] = Number(request.session.get('visits', 0)) + 1;
        return `visit ${String(request.session['visits'])}`;
      }),
    ),
    path(
      'name/',
      text((request) => String(request.session.get('name', 'nobody'))),
    ),
    path('log-in/', (request) => {
      request.session['name'] = request.GET.get('name', '');
      return new HttpResponse('welcome');
    }),
    path(
      'plain/',
      text(() => 'plain'),
    ),
  ];
  const site = {
    ROOT_URLCONF: { urlpatterns },
    INSTALLED_APPS: ['tsango.contrib.sessions'],
    SESSION_ENGINE: 'tsango.contrib.sessions.backends.signed_cookies',
    MIDDLEWARE: [
      'tsango.contrib.sessions.middleware.SessionMiddleware',
      'tsango.middleware.csrf.CsrfViewMiddleware',
    ],
  };
  const named = async (name: string): Promise<Client> => {
    const client = new Client();
    await client.get('/log-in/', { name });
    return client;
  };

  it.each([{ CSRF_USE_SESSIONS: false }, { CSRF_USE_SESSIONS: true }])(
    'gives nobody another one’s token: %j',
    (more) =>
      overrideSettings({ ...site, ...more }, async () => {
        const [one, two] = [new Client(), new Client()];
        const tokens = [await one.get('/form/'), await two.get('/form/'), await one.get('/form/')];
        expect(new Set(tokens.map((response) => response.text)).size).toBe(3);
        for (const response of tokens) expect(response.headers.get('Vary', '')).toContain('Cookie');
      }),
  );

  it('nor another one’s session', () =>
    overrideSettings(site, async () => {
      const [one, two] = [new Client(), new Client()];
      expect((await one.get('/visit/')).text).toBe('visit 1 1');
      expect((await two.get('/visit/')).text).toBe('visit 1 2');
      expect((await one.get('/visit/')).text).toBe('visit 2 3');
      const [ada, grace] = [await named('Ada'), await named('Grace')];
      expect((await ada.get('/name/')).text).toBe('Ada 4');
      expect((await grace.get('/name/')).text).toBe('Grace 5');
      expect((await ada.get('/name/')).text).toBe('Ada 4');
      expect((await new Client().get('/name/')).text).toBe('nobody 6');
    }));

  it('and is kept for all where it is nobody’s own', () =>
    overrideSettings(site, async () => {
      expect((await (await named('Ada')).get('/plain/')).text).toBe('plain 1');
      expect((await new Client().get('/plain/')).text).toBe('plain 1');
    }));
});
