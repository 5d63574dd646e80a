import { configure, overrideSettings, resetSettings, type Settings } from 'tsango/conf';
import { caches } from 'tsango/core/cache';
import { connections, transaction } from 'tsango/db';
import type { HttpRequest } from 'tsango/http/request';
import { HttpResponse, StreamingHttpResponse } from 'tsango/http/response';
import { CacheMiddleware, FetchFromCacheMiddleware, UpdateCacheMiddleware } from 'tsango/middleware/cache';
import { CsrfViewMiddleware, getToken } from 'tsango/middleware/csrf';
import { Context, Engine } from 'tsango/template';
import { RequestFactory } from 'tsango/test';
import { getCacheKey, learnCacheKey } from 'tsango/utils/cache';
import { cachePage } from 'tsango/views/decorators';
import { through } from '../support/middleware';

let calls = 0;
beforeEach(async () => {
  calls = 0;
  configure({ ALLOWED_HOSTS: ['*'], SECRET_KEY: 'x', TIME_ZONE: 'UTC', CACHE_MIDDLEWARE_SECONDS: 30 });
  await caches.get('default').clear();
});
afterEach(async () => {
  jest.useRealTimers();
  await caches.closeAll();
  resetSettings();
});

interface Asked {
  path?: string;
  headers?: Record<string, string>;
  method?: string;
  cookies?: Record<string, string>;
}

function ask({ path = '/page/', headers = {}, method = 'GET', cookies = {} }: Asked = {}): HttpRequest {
  const factory = new RequestFactory();
  for (const [name, value] of Object.entries(cookies)) factory.cookies.setValue(name, value);
  return factory.generic(method, path, '', { headers });
}

type Change = (response: HttpResponse, request: HttpRequest) => void;

/** A page that counts how often it was made. */
function page(change: Change = () => undefined) {
  return (request: HttpRequest): HttpResponse => {
    calls += 1;
    const response = new HttpResponse(`page ${calls}`);
    change(response, request);
    return response;
  };
}

const get = (asked: Asked, change?: Change) => through(CacheMiddleware, ask(asked), page(change));

/** Whether the second request is answered with the page of the first. */
async function shares(first: Asked, second: Asked, change?: Change): Promise<boolean> {
  const one = await get(first, change);
  const two = await get(second, change);
  return one.text === two.text;
}

describe('a page', () => {
  it('is made once', async () => {
    expect(await shares({}, {})).toBe(true);
    expect(calls).toBe(1);
  });
  it('comes back as it was', async () => {
    const change: Change = (response) => {
      response.headers.set('X-Own', 'é');
      response.headers.set('Content-Type', 'application/json');
      response.reasonPhrase = 'Fine';
    };
    const first = await get({}, change);
    const second = await get({}, change);
    expect(second.headers.toJSON()).toEqual({ ...first.headers.toJSON(), Age: '0' });
    expect(second.reasonPhrase).toBe('Fine');
    expect(second.content.equals(first.content)).toBe(true);
  });
  it('tells its age, and ends', async () => {
    jest.useFakeTimers({
      now: Date.UTC(2026, 0, 1),
      doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'],
    });
    const first = await get({});
    expect(first.get('Cache-Control')).toBe('max-age=30');
    expect(first.get('Expires')).toBe('Thu, 01 Jan 2026 00:00:30 GMT');
    jest.setSystemTime(Date.UTC(2026, 0, 1, 0, 0, 20));
    expect((await get({})).get('Age')).toBe('20');
    jest.setSystemTime(Date.UTC(2026, 0, 1, 0, 0, 31));
    expect((await get({})).text).toBe('page 2');
  });
  it.each<[string, Asked, Asked]>([
    ['another path', {}, { path: '/other/' }],
    ['another query', {}, { path: '/page/?a=1' }],
    ['another host', {}, { headers: { host: 'other.example' } }],
    ['another method', {}, { method: 'POST' }],
  ])('is not that of %s', async (_, first, second) => expect(await shares(first, second)).toBe(false));
  it('answers HEAD with what GET made', async () => expect(await shares({}, { method: 'HEAD' })).toBe(true));
  it('belongs to a language and a zone', async () => {
    await get({});
    await overrideSettings({ LANGUAGE_CODE: 'de' }, async () => expect((await get({})).text).toBe('page 2'));
    await overrideSettings({ TIME_ZONE: 'Asia/Tokyo' }, async () =>
      expect((await get({})).text).toBe('page 3'),
    );
    expect((await get({})).text).toBe('page 1');
  });
  it.each<[string, number | undefined, string | undefined, number]>([
    ['the setting', undefined, undefined, 30],
    ['max-age', undefined, 'max-age=7', 7],
    ['the page', 5, 'max-age=7', 5],
  ])('is kept as long as %s says', async (_, pageTimeout, control, seconds) => {
    const set = jest.spyOn(caches.get('default'), 'set');
    class Own extends CacheMiddleware {
      constructor(getResponse: ConstructorParameters<typeof CacheMiddleware>[0]) {
        super(getResponse, { pageTimeout });
      }
    }
    await through(
      Own,
      ask(),
      page((response) => control && response.headers.set('Cache-Control', control)),
    );
    expect(set.mock.calls.map((call) => call[2])).toEqual([seconds, seconds]);
    set.mockRestore();
  });
  it('is shared by the two halves of the per-site cache', async () => {
    const view = page();
    const both = (request: HttpRequest) =>
      through(UpdateCacheMiddleware, request, (passed) => through(FetchFromCacheMiddleware, passed, view));
    expect((await both(ask())).text).toBe('page 1');
    expect((await both(ask())).text).toBe('page 1');
  });
  it('of a decorated view has its own time and prefix', async () => {
    const view = cachePage(100, { keyPrefix: 'p' })(page());
    const first = (await view(ask())) as HttpResponse;
    expect(first.get('Cache-Control')).toBe('max-age=100');
    expect(((await view(ask())) as HttpResponse).text).toBe('page 1');
    expect(((await cachePage(100)(page())(ask())) as HttpResponse).text).toBe('page 2');
  });
});

describe('is never kept:', () => {
  it.each<[string, Change]>([
    ['private', (r) => r.headers.set('Cache-Control', 'private')],
    [
      'CVE-2026-8404: Private, in whatever case',
      (r) => r.headers.set('Cache-Control', 'PRIVATE, max-age=10'),
    ],
    ['no-store', (r) => r.headers.set('Cache-Control', 'No-Store')],
    ['no-cache', (r) => r.headers.set('Cache-Control', 'max-age=10, no-cache="x"')],
    ['max-age=0', (r) => r.headers.set('Cache-Control', 'max-age=0')],
    ['CVE-2026-6907: Vary: *', (r) => r.headers.set('Vary', '*')],
    ['CVE-2026-48587: Vary with spaces around the *', (r) => r.headers.set('Vary', 'Accept ,  * ')],
    ['an error', (r) => (r.statusCode = 404)],
    ['a redirect', (r) => (r.statusCode = 302)],
  ])('%s', async (_, change) => expect(await shares({}, {}, change)).toBe(false));
  it('a stream', async () => {
    const view = () => new StreamingHttpResponse([`${++calls}`]);
    await through(CacheMiddleware, ask(), view);
    await through(CacheMiddleware, ask(), view);
    expect(calls).toBe(2);
  });

  const setsCookie: Change = (response) => {
    response.setCookie('sessionid', `secret-${calls}`);
    response.headers.set('Vary', 'Cookie');
  };
  it('CVE-2014-0473: a cookie set for a client without cookies', async () => {
    expect(await shares({}, {}, setsCookie)).toBe(false);
  });
  it('CVE-2026-48588: a cookie set for a client with an unrelated cookie', async () => {
    const theme = { cookies: { theme: 'dark' } };
    expect(await shares(theme, theme, setsCookie)).toBe(false);
  });
  it('CVE-2026-48588: a cookie on a page that does not vary, whatever other cookies the client has', async () => {
    const theme = { cookies: { theme: 'dark' } };
    const change: Change = (response) => response.setCookie('sessionid', `secret-${calls}`);
    expect(await shares(theme, theme, change)).toBe(false);
  });
  it('CVE-2026-48588: a cookie that replaces the one that the client has', async () => {
    const old = { cookies: { sessionid: 'fixed-by-somebody' } };
    expect(await shares(old, old, setsCookie)).toBe(false);
  });
  it('CVE-2026-35192: a cookie on a page that does not vary on it', async () => {
    const change: Change = (response) => {
      response.setCookie('sessionid', `secret-${calls}`);
      response.headers.set('Cache-Control', 'public');
    };
    expect(await shares({}, {}, change)).toBe(false);
  });
  it('CVE-2014-0473: a token for anonymous users', async () => {
    const view = page((_, request) => getToken(request));
    const both = (request: HttpRequest) =>
      through(CacheMiddleware, request, (passed) => through(CsrfViewMiddleware, passed, view));
    const [one, two] = [await both(ask()), await both(ask())];
    expect(one.cookies.get('csrftoken')?.value).not.toBe(two.cookies.get('csrftoken')?.value);
  });
});

describe('is kept for each client apart:', () => {
  const vary =
    (...names: string[]): Change =>
    (response) =>
      response.headers.set('Vary', names.join(', '));
  it('a page that varies on a header', async () => {
    const change = vary('Accept-Language', 'X-Own');
    expect(await shares({ headers: { 'X-Own': 'a' } }, { headers: { 'X-Own': 'b' } }, change)).toBe(false);
    expect(await shares({ headers: { 'X-Own': 'c' } }, { headers: { 'X-Own': 'c' } }, change)).toBe(true);
    expect(
      await shares(
        { headers: { 'Accept-Language': 'de' } },
        { headers: { 'Accept-Language': 'fr' } },
        change,
      ),
    ).toBe(false);
  });
  it('a page that varies on the cookies', async () => {
    const change = vary('Cookie');
    expect(await shares({ cookies: { sessionid: 'a' } }, { cookies: { sessionid: 'b' } }, change)).toBe(
      false,
    );
    expect(await shares({ cookies: { sessionid: 'c' } }, { cookies: { sessionid: 'c' } }, change)).toBe(true);
  });
  it('CVE-2026-35193: a page for a credential', async () => {
    const alice = { headers: { Authorization: 'Bearer alice' } };
    expect(await shares(alice, { headers: { Authorization: 'Bearer bob' } })).toBe(false);
    expect(await shares(alice, {})).toBe(false);
    expect((await get(alice)).get('Vary')).toBe('Authorization');
    expect(await shares({}, alice)).toBe(false);
  });
  it('CVE-2026-35193: unless the page says that it is public', async () => {
    const change: Change = (response) => response.headers.set('Cache-Control', 'Public');
    const alice = { headers: { Authorization: 'Bearer alice' } };
    expect(await shares(alice, {}, change)).toBe(true);
  });
  it('CVE-2026-113593: an absent header and an empty one', async () => {
    expect(await shares({}, { headers: { 'X-Own': '' } }, vary('X-Own'))).toBe(false);
  });
  it('two headers whose values add up to the same text', async () => {
    const change = vary('X-One', 'X-Two');
    expect(
      await shares(
        { headers: { 'X-One': 'a', 'X-Two': 'bc' } },
        { headers: { 'X-One': 'ab', 'X-Two': 'c' } },
        change,
      ),
    ).toBe(false);
  });
});

describe("Django's keys", () => {
  const settings: Partial<Settings> = {
    USE_I18N: false,
    USE_TZ: false,
    CACHE_MIDDLEWARE_KEY_PREFIX: 'settingsprefix',
  };
  const request = () => ask({ path: '/cache/test/' });
  it('are the same', async () => {
    await overrideSettings(settings, async () => {
      expect(await getCacheKey(request())).toBeUndefined();
      expect(await learnCacheKey(request(), new HttpResponse(''))).toBe(
        'views.decorators.cache.cache_page.settingsprefix.GET.58a0a05c8a5620f813686ff969c26853.d41d8cd98f00b204e9800998ecf8427e',
      );
      expect(await getCacheKey(request(), { keyPrefix: 'localprefix' })).toBeUndefined();
    });
  });
  it('have the language and the zone', async () => {
    await overrideSettings({ USE_TZ: true, USE_I18N: true }, async () => {
      expect(await learnCacheKey(request(), new HttpResponse(''))).toMatch(/\.en-us\.UTC$/);
    });
  });
  it('remember the headers under the name that Django does', async () => {
    await overrideSettings(settings, async () => {
      const response = new HttpResponse('', { headers: { Vary: 'Pony, Cookie' } });
      await learnCacheKey(request(), response);
      expect(
        await caches
          .get('default')
          .get('views.decorators.cache.cache_header.settingsprefix.58a0a05c8a5620f813686ff969c26853'),
      ).toEqual(['HTTP_COOKIE', 'HTTP_PONY']);
    });
  });
});

it('an entry that something else put there is no page', async () => {
  await get({});
  const cache = caches.get('default');
  const spy = jest
    .spyOn(cache, 'get')
    .mockImplementation((key: string) => (key.includes('cache_header') ? [] : 'x') as never);
  expect((await get({})).text).toBe('page 2');
  spy.mockRestore();
});

describe('a page or a fragment made in a transaction', () => {
  const DATABASES = { default: { ENGINE: 'better-sqlite3', NAME: ':memory:' } };
  afterEach(() => connections.closeAll());

  it('is not kept if it is rolled back, and kept after the commit', async () => {
    await overrideSettings({ DATABASES }, async () => {
      const view = cachePage(60)(page());
      const fragment = new Engine({ libraries: { cache: 'tsango.templatetags.cache' } }).fromString(
        '{% load cache %}{% cache 60 side %}{{ n }}{% endcache %}',
      );
      const make = async (n: number): Promise<string> => {
        const response = (await view(ask())) as HttpResponse;
        return `${response.text}, fragment ${fragment.render(new Context({ n }))}`;
      };
      const rolledBack = connections.get().atomic(async () => {
        expect(await make(1)).toBe('page 1, fragment 1');
        transaction.setRollback(true);
      });
      await rolledBack;
      const committed = connections.get().atomic(async () => {
        expect(await make(2)).toBe('page 2, fragment 2');
        expect(await make(3)).toBe('page 3, fragment 3');
      });
      await committed;
      expect(await make(4)).toBe('page 3, fragment 3');
    });
  });
});
