import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { KeyError, SynchronousOnlyOperation } from 'tsango/core/exceptions';
import { HttpRequest, HttpResponse, QueryDict, RawPostDataException, type RequestSource } from 'tsango/http';
import { MediaType } from 'tsango/http/request';
import { RequestFactory } from 'tsango/test';
import { stopwatch } from '../support/processor';

beforeAll(() => configure({ SECRET_KEY: 'test', ALLOWED_HOSTS: ['example.com', '.sub.example', '[::1]'] }));
afterAll(() => resetSettings());

const factory = new RequestFactory();

function source(values: Partial<RequestSource> = {}): RequestSource {
  return {
    method: 'GET',
    target: '/path/?a=1',
    headers: { host: 'example.com' },
    httpVersion: '1.1',
    scheme: 'http',
    remoteAddr: '10.0.0.1',
    remotePort: 1234,
    serverName: '127.0.0.1',
    serverPort: 8000,
    body: null,
    ...values,
  };
}

const request = (values: Partial<RequestSource> = {}): HttpRequest => new HttpRequest(source(values));
const withHeaders = (headers: Record<string, string>): HttpRequest =>
  request({ headers: { host: 'example.com', ...headers } });

describe('an empty request', () => {
  it('can be filled', () => {
    const empty = new HttpRequest();
    expect([empty.method, empty.path, empty.GET.count(), empty.POST.count(), empty.body.length]).toEqual([
      '',
      '/',
      0,
      0,
      0,
    ]);
    empty.method = 'POST';
    empty.path = '/x/';
    empty.META['SERVER_NAME'] = 'example.com';
    empty.META['SERVER_PORT'] = '80';
    empty.POST = new QueryDict('a=1');
    expect(empty.buildAbsoluteUri()).toBe('http://example.com/x/');
    expect(empty.POST['a']).toBe('1');
    expect(String(empty)).toBe("<HttpRequest: POST '/x/'>");
  });
});

describe('META and headers', () => {
  const headers = {
    host: 'example.com',
    'content-type': 'text/plain',
    'x-a': '1',
    x_a: 'forged',
    'set-cookie': ['a', 'b'],
  };

  it('has CGI names, without headers that could pass for others', () => {
    const { META } = request({ headers });
    expect(META).toMatchObject({
      HTTP_HOST: 'example.com',
      CONTENT_TYPE: 'text/plain',
      HTTP_X_A: '1',
      HTTP_SET_COOKIE: 'a,b',
      REQUEST_METHOD: 'GET',
      PATH_INFO: '/path/',
      QUERY_STRING: 'a=1',
      REMOTE_ADDR: '10.0.0.1',
      SERVER_NAME: '127.0.0.1',
      SERVER_PORT: '8000',
      SERVER_PROTOCOL: 'HTTP/1.1',
    });
    expect('toString' in META).toBe(false);
    expect('__proto__' in META).toBe(false);
  });

  it('reads headers without regard to case', () => {
    const { headers: found } = request({ headers });
    expect(found['X-A']).toBe('1');
    expect(found['x_a']).toBe('1');
    expect(found.get('CONTENT-TYPE')).toBe('text/plain');
    expect(found['missing']).toBeUndefined();
    expect(found.get('constructor')).toBeUndefined();
    expect([...found.keys()].sort()).toEqual(['Content-Type', 'Host', 'Set-Cookie', 'X-A']);
    expect(() => found.getOrThrow('nope')).toThrow(new KeyError('nope'));
  });

  it('sees what was put into META', () => {
    const changed = request();
    changed.META['HTTP_HOST'] = 'a.sub.example';
    expect([changed.getHost(), changed.header('host'), changed.headers['host']]).toEqual(
      Array(3).fill('a.sub.example'),
    );
  });

  it('has a header called __proto__ as any other', () => {
    const odd = request({
      headers: JSON.parse('{"host":"example.com","__proto__":"x"}') as Record<string, string>,
    });
    expect(odd.header('__proto__')).toBeUndefined();
    expect(odd.META['HTTP___PROTO__']).toBeUndefined();
  });
});

describe('getHost()', () => {
  it.each([
    'example.com',
    'example.com:8080',
    'EXAMPLE.com',
    'example.com.',
    'sub.example',
    'a.b.sub.example:1',
    '[::1]:80',
  ])('takes %s', (host) => {
    expect(withHeaders({ host }).getHost()).toBe(host);
  });

  it.each([
    [
      'evil.example',
      "Invalid HTTP_HOST header: 'evil.example'. You may need to add 'evil.example' to ALLOWED_HOSTS.",
    ],
    [
      'notsub.exampl',
      "Invalid HTTP_HOST header: 'notsub.exampl'. You may need to add 'notsub.exampl' to ALLOWED_HOSTS.",
    ],
    [
      'example.com@evil.example',
      "Invalid HTTP_HOST header: 'example.com@evil.example'. The domain name provided is not valid according to RFC 1034/1035.",
    ],
    [
      'example.com:80/x',
      "Invalid HTTP_HOST header: 'example.com:80/x'. The domain name provided is not valid according to RFC 1034/1035.",
    ],
    [
      'example.com, evil.example',
      "Invalid HTTP_HOST header: 'example.com, evil.example'. The domain name provided is not valid according to RFC 1034/1035.",
    ],
    ['', "Invalid HTTP_HOST header: ''. The domain name provided is not valid according to RFC 1034/1035."],
  ])('refuses %s', (host, message) => {
    expect(() => withHeaders({ host }).getHost()).toThrow(
      expect.objectContaining({ name: 'DisallowedHost', message }),
    );
  });

  it('allows local hosts with DEBUG, where nothing else is said', async () => {
    await overrideSettings({ DEBUG: true, ALLOWED_HOSTS: [] }, () => {
      for (const host of ['localhost', 'a.localhost:8000', '127.0.0.1', '[::1]:80']) {
        expect(withHeaders({ host }).getHost()).toBe(host);
      }
      expect(() => withHeaders({ host: 'example.com' }).getHost()).toThrow('ALLOWED_HOSTS');
    });
    await overrideSettings({ ALLOWED_HOSTS: [] }, () => {
      expect(() => withHeaders({ host: 'localhost' }).getHost()).toThrow('ALLOWED_HOSTS');
    });
    await overrideSettings({ ALLOWED_HOSTS: ['*'] }, () => {
      expect(withHeaders({ host: 'whatever' }).getHost()).toBe('whatever');
    });
  });

  it('believes a proxy only with USE_X_FORWARDED_HOST and _PORT', async () => {
    const forwarded = withHeaders({ 'x-forwarded-host': 'x.sub.example', 'x-forwarded-port': '8443' });
    expect([forwarded.getHost(), forwarded.getPort()]).toEqual(['example.com', '8000']);
    await overrideSettings({ USE_X_FORWARDED_HOST: true, USE_X_FORWARDED_PORT: true }, () => {
      expect([forwarded.getHost(), forwarded.getPort()]).toEqual(['x.sub.example', '8443']);
    });
  });

  it('puts the host together where the client sent none', async () => {
    await overrideSettings({ ALLOWED_HOSTS: ['server'] }, () => {
      expect(request({ headers: {}, serverName: 'server' }).getHost()).toBe('server:8000');
      expect(request({ headers: {}, serverName: 'server', serverPort: 80 }).getHost()).toBe('server');
      expect(request({ headers: {}, serverName: 'server', serverPort: 443, scheme: 'https' }).getHost()).toBe(
        'server',
      );
    });
  });

  it('takes 100 kB of anything in no time', () => {
    const spent = stopwatch();
    for (const piece of ['.', 'a', '[:', '-', 'a.']) {
      expect(() => withHeaders({ host: piece.repeat(100_000) }).getHost()).toThrow(
        'Invalid HTTP_HOST header',
      );
    }
    expect(spent()).toBeLessThan(0.5);
  });
});

describe('scheme', () => {
  it('is what the server says, or the proxy where it is told to be believed', async () => {
    expect([request().scheme, request({ scheme: 'https' }).isSecure()]).toEqual(['http', true]);
    const forwarded = (value: string): HttpRequest =>
      request({ scheme: 'https', headers: { 'x-forwarded-proto': value } });
    expect(forwarded('http').scheme).toBe('https');
    await overrideSettings({ SECURE_PROXY_SSL_HEADER: ['HTTP_X_FORWARDED_PROTO', 'https'] }, () => {
      expect(forwarded('https').scheme).toBe('https');
      expect(forwarded('http').scheme).toBe('http');
      expect(forwarded('https, http').scheme).toBe('https');
      expect(forwarded('http, https').scheme).toBe('http');
      expect(request({ scheme: 'https' }).scheme).toBe('https');
    });
  });
});

describe('paths', () => {
  it.each([
    ['/a/b/?x=1', '/a/b/?x=1'],
    ['/a b/%25/', '/a%20b/%25/'],
    ['/;some;thing=x/', '/%3Bsome%3Bthing%3Dx/'],
    ['/%C3%A9/?q=%C3%A9&x', '/%C3%A9/?q=%C3%A9&x'],
    [`/?q=${Buffer.from('é', 'utf8').toString('latin1')}`, '/?q=%C3%A9'],
  ])('getFullPath() of %s', (target, full) => {
    expect(request({ target }).getFullPath()).toBe(full);
  });

  it('appends a slash where it is told to', () => {
    expect(request({ target: '/a?b=1' }).getFullPath(true)).toBe('/a/?b=1');
    expect(request({ target: '/a/?b=1' }).getFullPath(true)).toBe('/a/?b=1');
  });

  it('knows what it is mounted at', async () => {
    await overrideSettings({ FORCE_SCRIPT_NAME: '/app/' }, () => {
      for (const target of ['/app/x/', '/x/']) {
        const { path, pathInfo } = request({ target });
        expect([path, pathInfo]).toEqual(['/app/x/', '/x/']);
      }
      expect(request({ target: '/app' }).pathInfo).toBe('/');
      expect(request({ target: '/apple/' }).pathInfo).toBe('/apple/');
    });
  });

  it.each([
    [undefined, 'http://example.com/path/?a=1'],
    ['/other/', 'http://example.com/other/'],
    ['other/?b=é', 'http://example.com/path/other/?b=%C3%A9'],
    ['../up/', 'http://example.com/up/'],
    ['/a/../b/', 'http://example.com/b/'],
    ['?c=1', 'http://example.com/path/?c=1'],
    ['//elsewhere.example/x', 'http://elsewhere.example/x'],
    ['https://elsewhere.example/x', 'https://elsewhere.example/x'],
  ])('buildAbsoluteUri(%s)', (location, uri) => {
    expect(request().buildAbsoluteUri(location)).toBe(uri);
  });

  it('does not take a path with two slashes for a host', () => {
    expect(request({ target: '//evil.example/x' }).buildAbsoluteUri()).toBe(
      'http://example.com//evil.example/x',
    );
  });
});

describe('cookies', () => {
  it('are read once, without a prototype', () => {
    const { COOKIES } = withHeaders({ cookie: 'a=1; __proto__=x; b="\\073"; =anonymous; c' });
    expect(Object.entries(COOKIES)).toEqual([
      ['a', '1'],
      ['__proto__', 'x'],
      ['b', ';'],
      ['', 'c'],
    ]);
  });

  it('verifies signed ones', () => {
    jest.useFakeTimers({ now: 1_700_000_000_000 });
    try {
      const response = new HttpResponse();
      response.setSignedCookie('user', 'émile', { salt: 'pepper' });
      const cookie = Buffer.from(`user=${response.cookies.get('user')?.codedValue}`, 'utf8').toString(
        'latin1',
      );
      const signed = withHeaders({ cookie });
      expect(signed.getSignedCookie('user', { salt: 'pepper', maxAge: 60 })).toBe('émile');
      expect(() => signed.getSignedCookie('user')).toThrow(expect.objectContaining({ name: 'BadSignature' }));
      expect(signed.getSignedCookie('user', { default: null })).toBeNull();
      expect(() => signed.getSignedCookie('other')).toThrow(new KeyError('other'));
      expect(signed.getSignedCookie('other', { default: 'x' })).toBe('x');
      jest.setSystemTime(1_700_000_061_000);
      expect(() => signed.getSignedCookie('user', { salt: 'pepper', maxAge: 60 })).toThrow(
        expect.objectContaining({ name: 'SignatureExpired' }),
      );
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('content negotiation', () => {
  const accepting = (accept: string): HttpRequest => withHeaders({ accept });

  it.each([
    ['text/html, application/json;q=0.5', 'application/json', true],
    ['text/*', 'text/plain', true],
    ['text/html;q=0', 'text/html', false],
    ['*/*', 'anything/at-all', true],
    ['', 'text/html', false],
    ['text/html;level=1', 'text/html;level=1', true],
    ['text/html;level=1', 'text/html', false],
    ['text/html', 'text/html;level=1', true],
    ['text/html; q=nonsense', 'text/html', true],
  ])('with Accept %s, %s', (accept, type, accepted) => {
    expect(accepting(accept).accepts(type)).toBe(accepted);
  });

  it('takes anything where nothing is said', () => {
    expect(request().accepts('application/x')).toBe(true);
  });

  it.each([
    ['text/html;q=0.8, application/json', ['text/html', 'application/json'], 'application/json'],
    ['text/*, application/json;q=0.9', ['application/json', 'text/plain'], 'text/plain'],
    ['*/*;q=0.1, text/html', ['application/json'], 'application/json'],
    ['text/html', ['application/json'], null],
    [
      'text/plain;q=0.5, text/plain;version=2',
      ['text/plain;version=2', 'text/plain'],
      'text/plain;version=2',
    ],
    ['text/html', [], null],
  ])('prefers, of Accept %s, %j', (accept, types, preferred) => {
    expect(accepting(accept).getPreferredType(types)).toBe(preferred);
  });

  it('writes media types', () => {
    expect(String(new MediaType('Text/HTML ; Level=1;q=0.3'))).toBe('text/html; level=1; q=0.3');
  });
});

describe('bodies', () => {
  const posted = (
    body: string | AsyncIterable<Uint8Array>,
    type = 'application/x-www-form-urlencoded',
    method = 'POST',
  ) =>
    request({
      method,
      headers: { host: 'example.com', 'content-type': type },
      body: typeof body === 'string' ? Buffer.from(body) : body,
    });
  async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
    for (const text of texts) yield Buffer.from(text);
  }

  it('cannot be looked at before they are there', async () => {
    const streamed = posted(pieces('a=', '1'));
    expect(streamed.isLoaded).toBe(false);
    for (const look of [() => streamed.POST, () => streamed.body, () => streamed.FILES]) {
      expect(look).toThrow(SynchronousOnlyOperation);
      expect(look).toThrow('call `await request.load()` first');
    }
    await streamed.load();
    expect(streamed.isLoaded).toBe(true);
    expect([streamed.POST['a'], String(streamed.body)]).toEqual(['1', 'a=1']);
  });

  it('are forms only for POST', async () => {
    for (const method of ['PUT', 'PATCH', 'DELETE', 'GET']) {
      const other = posted('a=1', undefined, method);
      expect([other.POST.count(), String(other.body)]).toEqual([0, 'a=1']);
    }
  });

  it('are not JSON by themselves', () => {
    const json = posted('{"a": 1}', 'application/json');
    expect([json.POST.count(), String(json.body)]).toEqual([0, '{"a": 1}']);
  });

  it('are gone when they were read as a stream', async () => {
    const streamed = posted(pieces('abc', 'def'));
    expect(String(await streamed.read(2))).toBe('ab');
    expect(() => streamed.body).toThrow(RawPostDataException);
    expect(() => streamed.body).toThrow("You cannot access body after reading from request's data stream");
    expect(streamed.POST.count()).toBe(0);
    expect([
      String(await streamed.read(3)),
      String(await streamed.read()),
      String(await streamed.read()),
    ]).toEqual(['cde', 'f', '']);
  });

  it('can be read after they were loaded', async () => {
    const loaded = posted('abcdef');
    expect(String(loaded.body)).toBe('abcdef');
    expect([String(await loaded.read(4)), String(await loaded.read())]).toEqual(['abcd', 'ef']);
  });

  it('are UTF-8 where they are urlencoded', () => {
    expect(() => posted('a=1', 'application/x-www-form-urlencoded; charset=latin-1').POST).toThrow(
      "HTTP requests with the 'application/x-www-form-urlencoded' content type must be UTF-8 encoded.",
    );
    expect(posted('a=%C3%A9', 'application/x-www-form-urlencoded; charset=UTF-8').POST['a']).toBe('é');
    expect(posted('a=1', 'application/x-www-form-urlencoded; charset=nonsense').POST['a']).toBe('1');
  });

  it('tells of a connection that broke', async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('a=');
      throw new Error('ECONNRESET');
    }
    await expect(posted(broken()).load()).rejects.toMatchObject({ name: 'RequestAborted' });
  });
});

describe('encoding', () => {
  it('decodes GET anew when it is set', () => {
    const latin = request({ target: '/?q=%E9' });
    expect(latin.GET['q']).toBe('\ufffd');
    latin.encoding = 'iso-8859-1';
    expect(latin.GET['q']).toBe('é');
  });

  it('is that of the content type', () => {
    expect(withHeaders({ 'content-type': 'text/plain; charset=koi8-r' }).encoding).toBe('koi8-r');
    expect(withHeaders({ 'content-type': 'text/plain; charset=nonsense' }).encoding).toBeNull();
    expect(withHeaders({ 'content-type': 'text/plain; charset=x; b="c;d"' }).contentParams).toEqual({
      charset: 'x',
      b: 'c;d',
    });
  });
});

it('reads test data by brackets', () => {
  const made = factory.get('/', { a: ['1', '2'], b: 'x y' });
  expect([made.GET['a'], made.GET.getlist('a'), made.META['QUERY_STRING']]).toEqual([
    '2',
    ['1', '2'],
    'a=1&a=2&b=x+y',
  ]);
  expect(() => made.GET['missing']).toThrow(
    expect.objectContaining({ name: 'MultiValueDictKeyError', message: "'missing'" }),
  );
  expect(() => 'a' in made.GET).toThrow("'in' cannot look inside this object: call .has('a').");
});
