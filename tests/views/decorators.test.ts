import { configure, resetSettings } from 'tsango/conf';
import type { HttpRequest } from 'tsango/http/request';
import { HttpResponse } from 'tsango/http/response';
import { CsrfViewMiddleware, getToken } from 'tsango/middleware/csrf';
import { RequestFactory } from 'tsango/test';
import { hasVaryHeader, patchCacheControl, patchVaryHeaders } from 'tsango/utils/cache';
import { type DecoratedView, methodDecorator, type ViewDecorator } from 'tsango/utils/decorators';
import {
  cacheControl,
  condition,
  conditionalPage,
  csrfExempt,
  csrfProtect,
  ensureCsrfCookie,
  etag,
  gzipPage,
  lastModified,
  neverCache,
  requireGET,
  requireHttpMethods,
  requirePOST,
  requireSafe,
  requiresCsrfToken,
  sensitivePostParameters,
  varyOnCookie,
  varyOnHeaders,
} from 'tsango/views/decorators';
import { View } from 'tsango/views/generic';
import { captureLogs } from '../support/logs';
import { through } from '../support/middleware';
import { stopwatch } from '../support/processor';

const rf = new RequestFactory();
beforeEach(() => configure({ ALLOWED_HOSTS: ['*'], SECRET_KEY: 'x' }));
afterEach(() => {
  jest.useRealTimers();
  resetSettings();
});

const view = () => new HttpResponse('ok');
const call = async (decorated: DecoratedView, request: HttpRequest = rf.get('/')): Promise<HttpResponse> =>
  (await decorated(request, {} as never)) as HttpResponse;

describe('methods', () => {
  it.each<[string, ViewDecorator, string, number]>([
    ['requireGET', requireGET, 'GET', 200],
    ['requireGET', requireGET, 'HEAD', 405],
    ['requirePOST', requirePOST, 'POST', 200],
    ['requirePOST', requirePOST, 'GET', 405],
    ['requireSafe', requireSafe, 'HEAD', 200],
    ['requireSafe', requireSafe, 'PUT', 405],
    ['requireHttpMethods', requireHttpMethods(['PUT', 'PATCH']), 'PATCH', 200],
  ])('%s lets %s through: %d', async (_, decorator, method, status) => {
    let response = new HttpResponse('');
    const logs = await captureLogs('tsango.request', async () => {
      response = await call(decorator(view), rf.generic(method, '/x/'));
    });
    expect(response.statusCode).toBe(status);
    expect(logs).toEqual(
      status === 405 ? [`WARNING:tsango.request:Method Not Allowed (${method}): /x/`] : [],
    );
  });
  it('are named in Allow', async () => {
    await captureLogs('tsango.request', async () => {
      expect((await call(requireSafe(view), rf.post('/'))).get('Allow')).toBe('GET, HEAD');
    });
  });
});

describe('a decorated view', () => {
  it('keeps its name, its params and its marks', async () => {
    const marked = csrfExempt(function named(_request: HttpRequest, params: { year: number }) {
      return new HttpResponse(String(params.year));
    });
    const decorated = neverCache(requireGET(gzipPage(marked)));
    expect(decorated.name).toBe('named');
    expect((decorated as { csrfExempt?: boolean }).csrfExempt).toBe(true);
    expect(((await decorated(rf.get('/'), { year: 7 })) as HttpResponse).text).toBe('7');
  });
  it('may be asynchronous, and its content promised', async () => {
    const slow = async () => new HttpResponse(Promise.resolve('x'.repeat(500)));
    const response = await call(
      gzipPage(neverCache(slow)),
      rf.get('/', null, { headers: { 'Accept-Encoding': 'gzip' } }),
    );
    expect(response.get('Content-Encoding')).toBe('gzip');
  });
});

describe('cache headers', () => {
  it('neverCache', async () => {
    jest.useFakeTimers({ now: Date.UTC(2026, 0, 1), doNotFake: ['nextTick'] });
    const response = await call(neverCache(view));
    expect(response.get('Cache-Control')).toBe('max-age=0, no-cache, no-store, must-revalidate, private');
    expect(response.get('Expires')).toBe('Thu, 01 Jan 2026 00:00:00 GMT');
  });
  it('cacheControl', async () => {
    const response = await call(
      cacheControl({ private: true, maxAge: 3, sMaxage: 5, noTransform: true, public: false })(view),
    );
    expect(response.get('Cache-Control')).toBe('private, max-age=3, s-maxage=5, no-transform');
  });
  it.each([
    [undefined, { private: true }, 'private'],
    ['private', { private: true }, 'private'],
    ['private', { public: true }, 'public'],
    ['public', { private: true }, 'private'],
    ['max-age=10', { maxAge: 20 }, 'max-age=10'],
    ['Max-Age=30', { max_age: 20 }, 'max-age=20'],
    ['must-revalidate,max-age=60,private', { public: true }, 'must-revalidate, max-age=60, public'],
    ['no-cache=Set-Cookie', { noCache: true }, 'no-cache'],
    ['no-cache=Set-Cookie', { noCache: 'Link' }, 'no-cache=Set-Cookie, no-cache=Link'],
  ])('%s and %j make %s', (initial, control, expected) => {
    const response = new HttpResponse('', initial ? { headers: { 'Cache-Control': initial } } : {});
    patchCacheControl(response, control);
    expect(response.get('Cache-Control')).toBe(expected);
  });
  it.each([
    [undefined, ['Accept-Encoding'], 'Accept-Encoding'],
    [undefined, ['ACCEPT-ENCODING', 'Cookie'], 'ACCEPT-ENCODING, Cookie'],
    ['Cookie', ['Accept-Encoding', 'cookie'], 'Cookie, Accept-Encoding'],
    ['Cookie , Accept-Encoding', ['accept-encoding'], 'Cookie , Accept-Encoding'],
    ['*', ['Cookie'], '*'],
    ['Cookie, *', ['X'], '*'],
    ['Cookie', ['*'], '*'],
    [undefined, ['*', 'Cookie'], '*'],
  ])('Vary %s and %j make %s', (initial, added, expected) => {
    const response = new HttpResponse('', initial ? { headers: { Vary: initial } } : {});
    patchVaryHeaders(response, added);
    expect(response.get('Vary')).toBe(expected);
  });
  it('CVE-2026-48587: spaces in Vary do not hide a header', () => {
    const response = new HttpResponse('', { headers: { Vary: ' Cookie ,  * ' } });
    expect(hasVaryHeader(response, 'cookie')).toBe(true);
    expect(hasVaryHeader(response, '*')).toBe(true);
    expect(hasVaryHeader(response, 'Accept')).toBe(false);
  });
  it('splitting a header takes linear time', () => {
    const response = new HttpResponse('', { headers: { Vary: `a${' '.repeat(100_000)}b` } });
    const spent = stopwatch();
    hasVaryHeader(response, 'x');
    expect(spent()).toBeLessThan(0.2);
  });
  it('varyOnHeaders and varyOnCookie', async () => {
    expect((await call(varyOnHeaders('Header', 'Another-Header')(varyOnCookie(view)))).get('Vary')).toBe(
      'Cookie, Header, Another-Header',
    );
  });
});

describe('condition', () => {
  const changed = new Date(Date.UTC(2007, 9, 21, 23, 21, 47));
  const LAST = 'Sun, 21 Oct 2007 23:21:47 GMT';
  const get = (headers: Record<string, string> = {}) => rf.get('/', null, { headers });
  it('adds the validators', async () => {
    const response = await call(
      condition(
        () => 'b4246ffc',
        async () => changed,
      )(view),
      get(),
    );
    expect(response.get('ETag')).toBe('"b4246ffc"');
    expect(response.get('Last-Modified')).toBe(LAST);
  });
  it('answers without the view', async () => {
    const never = jest.fn(view);
    const response = await call(etag(() => '"x"')(never), get({ 'If-None-Match': '"x"' }));
    expect(response.statusCode).toBe(304);
    expect(never).not.toHaveBeenCalled();
    expect(response.get('ETag')).toBe('"x"');
  });
  it('knows dates alone, and nothing at all', async () => {
    expect(
      (await call(lastModified(() => changed)(view), get({ 'If-Modified-Since': LAST }))).statusCode,
    ).toBe(304);
    expect((await call(lastModified(() => null)(view), get({ 'If-Modified-Since': LAST }))).statusCode).toBe(
      200,
    );
  });
  it('refuses a PUT of what has changed', async () => {
    await captureLogs('tsango.request', async () => {
      const put = rf.put('/', '', { headers: { 'If-Match': '"old"' } });
      expect((await call(etag(() => 'new')(view), put)).statusCode).toBe(412);
    });
  });
  it('conditionalPage makes the ETag of the content', async () => {
    expect((await call(conditionalPage(view))).get('ETag')).toBe('"444bcb3a3fcf8389296c49467f27e1d6"');
  });
});

describe('CSRF', () => {
  it('csrfProtect does what the middleware does', async () => {
    await captureLogs('tsango.security.csrf', async () => {
      expect((await call(csrfProtect(view), rf.post('/'))).statusCode).toBe(403);
    });
  });
  it('a cookie is set once where both do it', async () => {
    const response = await through(CsrfViewMiddleware, rf.get('/'), (request) => {
      return csrfProtect((passed: HttpRequest) => new HttpResponse(getToken(passed)))(request);
    });
    expect([...response.cookies.keys()]).toEqual(['csrftoken']);
  });
  it('requiresCsrfToken refuses nothing and has a token', async () => {
    const response = await call(
      requiresCsrfToken((request: HttpRequest) => new HttpResponse(getToken(request))),
      rf.post('/'),
    );
    expect(response.statusCode).toBe(200);
    expect(response.text).toHaveLength(64);
    expect(response.hasCookies).toBe(true);
  });
  it('ensureCsrfCookie sets the cookie, whoever uses it', async () => {
    expect((await call(ensureCsrfCookie(view))).cookies.get('csrftoken')?.value).toHaveLength(32);
    expect((await call(ensureCsrfCookie(view), rf.post('/'))).statusCode).toBe(200);
  });
});

describe('methodDecorator', () => {
  const shout: ViewDecorator = (inner) =>
    ((request: HttpRequest, params: never) => {
      const response = inner(request, params) as HttpResponse;
      response.content = `${response.text}!`;
      return response;
    }) as never;

  it('decorates a method, with its instance', async () => {
    class Own extends View {
      greeting = 'hello';
      @methodDecorator(shout)
      get() {
        return new HttpResponse(this.greeting);
      }
    }
    expect((await call(Own.asView())).text).toBe('hello!');
  });
  it('decorates a class by the name of a method, several in order; marks reach the view', async () => {
    const question: ViewDecorator = (inner) =>
      ((request: HttpRequest, params: never) => {
        const response = inner(request, params) as HttpResponse;
        response.content = `${response.text}?`;
        return response;
      }) as never;
    @methodDecorator([csrfExempt, shout, question], 'dispatch')
    class Own extends View {
      get() {
        return new HttpResponse('hello');
      }
    }
    const made = Own.asView();
    expect((made as { csrfExempt?: boolean }).csrfExempt).toBe(true);
    expect((await call(made)).text).toBe('hello?!');
  });
  it('names a method that is not there', () => {
    expect(() => methodDecorator(shout, 'nothing')(class Own extends View {})).toThrow(
      "The keyword argument `name` must be the name of a method of the decorated class: Own. Got 'nothing' instead.",
    );
  });
});

describe('sensitivePostParameters', () => {
  it('notes on the request what its names are, with those of a view around it', async () => {
    const request = rf.post('/', {});
    const inner = sensitivePostParameters('a')(view);
    await call(sensitivePostParameters('b', 'c')(inner), request);
    expect([...(request.sensitivePostParameters ?? [])]).toEqual(['b', 'c', 'a']);
    await call(sensitivePostParameters()(inner), request);
    expect(request.sensitivePostParameters).toBe('__ALL__');
  });

  it('says how it is written, where it is given the view', () => {
    expect(() => sensitivePostParameters(view as never)).toThrow(
      new TypeError(
        'sensitivePostParameters() takes names of fields; write sensitivePostParameters()(view).',
      ),
    );
  });
});
