import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import {
  FileResponse,
  HttpResponse,
  HttpResponseBadRequest,
  HttpResponseForbidden,
  HttpResponseGone,
  HttpResponseNotAllowed,
  HttpResponseNotFound,
  HttpResponseNotModified,
  HttpResponsePermanentRedirect,
  HttpResponseRedirect,
  HttpResponseServerError,
  JsonResponse,
  StreamingHttpResponse,
} from 'tsango/http';

/** A name that is no ordinary key of JavaScript's own objects. */
const PROTO: string = '__proto__';

beforeAll(() => configure({ SECRET_KEY: 'test' }));
afterAll(() => resetSettings());

describe('HttpResponse', () => {
  it('has a content type with the charset', async () => {
    expect(new HttpResponse().headers.get('Content-Type')).toBe('text/html; charset=utf-8');
    expect(new HttpResponse('', { charset: 'latin-1' }).headers['content-type']).toBe(
      'text/html; charset=latin-1',
    );
    expect(new HttpResponse('', { contentType: 'text/plain; Charset="koi8-r"' }).charset).toBe('koi8-r');
    await overrideSettings({ DEFAULT_CHARSET: 'iso-8859-1' }, () => {
      expect([...new HttpResponse('é').content]).toEqual([0xe9]);
    });
    expect(() => new HttpResponse('', { contentType: 'a/b', headers: { 'content-TYPE': 'c/d' } })).toThrow(
      "'headers' must not contain 'Content-Type' when the 'contentType' parameter is provided.",
    );
  });

  it.each([
    ['text', 'text'],
    [Buffer.from('bytes'), 'bytes'],
    [['a', Buffer.from('b'), 'c'], 'abc'],
    [12, '12'],
    [true, 'True'],
    [{ toString: () => 'mine' }, 'mine'],
  ])('takes %p', (content, text) => {
    expect(new HttpResponse(content).text).toBe(text);
    expect(new HttpResponse(content).content.toString()).toBe(text);
  });

  it('can be written to', () => {
    const response = new HttpResponse('a');
    response.write('é');
    response.write(Buffer.from([33]));
    response.writelines(['x', 'y']);
    expect([response.text, response.tell(), response.contentLength, response.writable()]).toEqual([
      'aé!xy',
      6,
      6,
      true,
    ]);
  });

  it('waits for promised content', async () => {
    const response = new HttpResponse(Promise.resolve('later'));
    expect(() => response.content).toThrow(
      'The content of this response is still being made: await response.ready() first.',
    );
    await response.ready();
    expect(response.text).toBe('later');
    expect(new HttpResponse('now').ready()).toBeUndefined();
  });

  it('keeps what was assigned while a promise was waited for', async () => {
    const response = new HttpResponse(Promise.resolve('later'));
    response.content = 'now';
    await new Promise((resolve) => setImmediate(resolve));
    expect(response.text).toBe('now');
  });

  it('has a status and a reason', () => {
    const response = new HttpResponse('', { status: 404 });
    expect([response.statusCode, response.reasonPhrase]).toEqual([404, 'Not Found']);
    response.reasonPhrase = 'Gone fishing';
    expect(response.reasonPhrase).toBe('Gone fishing');
    expect(new HttpResponse('', { status: 599 }).reasonPhrase).toBe('Unknown Status Code');
    for (const status of [99, 600]) {
      expect(() => new HttpResponse('', { status })).toThrow(
        'HTTP status code must be an integer from 100 to 599.',
      );
    }
    expect(() => new HttpResponse('', { status: 1.5 })).toThrow('HTTP status code must be an integer.');
  });

  it('closes what it holds, whatever fails', () => {
    const response = new HttpResponse();
    const closed: string[] = [];
    response.closers.push(
      () => closed.push('a'),
      () => {
        throw new Error('no');
      },
      () => closed.push('b'),
    );
    response.close();
    response.close();
    expect([closed, response.closed]).toEqual([['a', 'b'], true]);
  });

  it('shows itself', () => {
    expect(String(new HttpResponse())).toBe('<HttpResponse status_code=200, "text/html; charset=utf-8">');
    expect(String(new HttpResponseRedirect('/x'))).toBe(
      '<HttpResponseRedirect status_code=302, "text/html; charset=utf-8", url="/x">',
    );
    expect(String(new HttpResponseNotAllowed(['GET', 'PUT']))).toBe(
      '<HttpResponseNotAllowed [GET, PUT] status_code=405, "text/html; charset=utf-8">',
    );
  });
});

describe('headers', () => {
  it('are found without regard to case, and keep theirs and their order', () => {
    const { headers } = new HttpResponse('', { headers: { 'X-One': 1, 'x-two': 'zwei' } });
    headers['X-THREE'] = '3';
    headers.setdefault('x-one', 'no');
    headers.setdefault('X-Four', '4');
    headers['x-TWO'] = '2';
    expect(headers.delete('content-type')).toBe(true);
    expect(headers.delete('content-type')).toBe(false);
    expect([...headers.items()]).toEqual([
      ['X-One', '1'],
      ['x-TWO', '2'],
      ['X-THREE', '3'],
      ['X-Four', '4'],
    ]);
    expect([headers.has('x-four'), headers['missing'], headers.pop('x-one'), headers.count()]).toEqual([
      true,
      undefined,
      '1',
      3,
    ]);
  });

  it.each(['a\nb', 'a\r\nSet-Cookie: x', 'a\0', '\r'])('refuse %j', (value) => {
    const { headers } = new HttpResponse();
    const refusal = {
      name: 'BadHeaderError',
      message: `Header values can't contain newlines (got ${JSON.stringify(value)})`,
    };
    expect(() => headers.set('X', value)).toThrow(expect.objectContaining(refusal));
    expect(() => headers.set(value, 'x')).toThrow(expect.objectContaining({ name: 'BadHeaderError' }));
  });

  it('encode what Latin-1 cannot hold', () => {
    const { headers } = new HttpResponse('', { headers: { a: 'é', b: '清' } });
    expect([headers.get('a'), headers.get('b')]).toEqual(['é', '=?utf-8?b?5riF?=']);
  });

  it('have no names of JavaScript objects', () => {
    const { headers } = new HttpResponse();
    expect([headers[PROTO], headers['hasOwnProperty'], headers['toJSON2']]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    headers[PROTO] = 'x';
    expect(headers.get('__proto__')).toBe('x');
  });
});

describe('setCookie()', () => {
  beforeAll(() => {
    jest.useFakeTimers({ now: Date.UTC(2026, 11, 6, 17, 34, 26) });
  });
  afterAll(() => {
    jest.useRealTimers();
  });
  const header = (...args: Parameters<HttpResponse['setCookie']>): string => {
    const response = new HttpResponse();
    response.setCookie(...args);
    return String([...response.cookies.values()][0]);
  };

  it.each<[Parameters<HttpResponse['setCookie']>, string]>([
    [['a', 'b'], 'a=b; Path=/'],
    [['a'], 'a=""; Path=/'],
    [['a', 1], 'a=1; Path=/'],
    [['a', 'x;y, "z" \\ \n é'], 'a="x\\073y\\054 \\"z\\" \\\\ \\012 \\351"; Path=/'],
    [['a', 'b', { maxAge: 10 }], 'a=b; expires=Sun, 06 Dec 2026 17:34:36 GMT; Max-Age=10; Path=/'],
    [['a', 'b', { maxAge: 1.9 }], 'a=b; expires=Sun, 06 Dec 2026 17:34:27 GMT; Max-Age=1; Path=/'],
    [
      ['a', 'b', { expires: 'Thu, 01 Jan 1970 00:00:00 GMT', maxAge: 0 }],
      'a=b; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/',
    ],
    [
      ['a', 'b', { expires: new Date(Date.UTC(2026, 11, 6, 17, 34, 36)) }],
      'a=b; expires=Sun, 06 Dec 2026 17:34:37 GMT; Max-Age=11; Path=/',
    ],
    [['a', 'b', { expires: new Date(0) }], 'a=b; expires=Sun, 06 Dec 2026 17:34:26 GMT; Max-Age=0; Path=/'],
    [
      [
        'a',
        'b',
        { path: '/x', domain: '.e.com', secure: true, httponly: true, samesite: 'None', partitioned: true },
      ],
      'a=b; Domain=.e.com; HttpOnly; Partitioned; Path=/x; SameSite=None; Secure',
    ],
    [['a', 'b', { path: null, samesite: false, secure: null, httponly: false }], 'a=b'],
  ])('%j', (args, expected) => {
    expect(header(...args)).toBe(expected);
  });

  it('keeps the attributes of the same cookie, as Django does', () => {
    const response = new HttpResponse();
    response.setCookie('a', '1', { httponly: true, maxAge: 5 });
    response.setCookie('b', '2');
    response.setCookie('a', '3');
    expect([...response.cookies.values()].map(String)).toEqual([
      'a=3; HttpOnly; Max-Age=5; Path=/',
      'b=2; Path=/',
    ]);
  });

  it('refuses what is no cookie', () => {
    expect(() => header('a', 'b', { samesite: 'never' })).toThrow(
      'samesite must be "lax", "none", or "strict".',
    );
    expect(() => header('a', 'b', { expires: new Date(), maxAge: 1 })).toThrow(
      "'expires' and 'maxAge' can't be used together.",
    );
    // What is no time would be a cookie until `Invalid Date`.
    expect(() => header('a', 'b', { maxAge: 'soon' as never })).toThrow(
      "invalid literal for int() with base 10: 'soon'",
    );
    expect(() => header('a', 'b', { maxAge: Number.NaN })).toThrow('cannot convert float NaN to integer');
    expect(() => header('a', 'b', { expires: new Date('soon') })).toThrow(
      'cannot convert float NaN to integer',
    );
    expect(() => header('a', 'b', { maxAge: 1e20 })).toThrow('is no time that a date can tell.');
    expect(() => header('a b')).toThrow(
      expect.objectContaining({ name: 'CookieError', message: "Illegal key 'a b'" }),
    );
    expect(() => header('Path')).toThrow("Attempt to set a reserved key 'Path'");
    expect(() => header('a', 'b', { path: '/; Domain=evil' })).toThrow(
      "';' are not allowed in the cookie attribute 'path'",
    );
    expect(() => header('a', 'b', { domain: 'x\r\nSet-Cookie: y' })).toThrow(
      expect.objectContaining({ name: 'CookieError' }),
    );
  });

  it('deletes cookies so that browsers believe it', () => {
    const response = new HttpResponse();
    response.deleteCookie('a', { path: '/x', domain: 'e.com', samesite: 'Lax' });
    response.deleteCookie('__Host-b');
    response.deleteCookie('c', { samesite: 'none' });
    const past = 'expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0';
    expect([...response.cookies.values()].map(String)).toEqual([
      `a=""; Domain=e.com; ${past}; Path=/x; SameSite=Lax`,
      `__Host-b=""; ${past}; Path=/; Secure`,
      `c=""; ${past}; Path=/; SameSite=none; Secure`,
    ]);
  });
});

describe('the family', () => {
  it.each([
    [HttpResponseBadRequest, 400],
    [HttpResponseForbidden, 403],
    [HttpResponseNotFound, 404],
    [HttpResponseGone, 410],
    [HttpResponseServerError, 500],
  ])('%p', (Response, status) => {
    expect(new Response('x').statusCode).toBe(status);
  });

  it('405 says what is allowed', () => {
    const response = new HttpResponseNotAllowed(['GET', 'POST'], 'no');
    expect([response.statusCode, response.headers['allow'], response.text]).toEqual([405, 'GET, POST', 'no']);
  });

  it('304 has no content', () => {
    const response = new HttpResponseNotModified();
    expect([response.statusCode, response.headers.has('Content-Type')]).toEqual([304, false]);
    expect(() => {
      response.content = 'x';
    }).toThrow('You cannot set content to a 304 (Not Modified) response');
  });

  it('redirects, permanently or with the method', () => {
    const statuses = [
      new HttpResponseRedirect('/a'),
      new HttpResponsePermanentRedirect('/a'),
      new HttpResponseRedirect('/a', { preserveRequest: true }),
      new HttpResponsePermanentRedirect('/a', { preserveRequest: true }),
    ].map(({ statusCode }) => statusCode);
    expect(statuses).toEqual([302, 301, 307, 308]);
    expect(new HttpResponseRedirect('/é?a=清#x').url).toBe('/%C3%A9?a=%E6%B8%85#x');
  });

  it.each([
    ['javascript:alert(1)', "Unsafe redirect to URL with protocol 'javascript'"],
    ['JavaScript:x', "Unsafe redirect to URL with protocol 'javascript'"],
    [' java\nscript:x', "Unsafe redirect to URL with protocol 'javascript'"],
    ['data:text/html,x', "Unsafe redirect to URL with protocol 'data'"],
    [`/${'x'.repeat(2048)}`, 'Unsafe redirect exceeding 2048 characters'],
    ['http://[x', 'Unsafe redirect to a malformed URL: Invalid IPv6 URL'],
  ])('does not redirect to %s', (url, message) => {
    expect(() => new HttpResponseRedirect(url)).toThrow(
      expect.objectContaining({ name: 'DisallowedRedirect', message }),
    );
  });

  it('JSON is as Python writes it', () => {
    const data = {
      a: [1, { b: null }],
      é: 'x\ny, "z"',
      d: new Date(Date.UTC(2026, 0, 2, 3, 4, 5)),
      e: [],
      f: {},
      n: 12345678901234567890n,
    };
    expect(new JsonResponse(data).text).toBe(
      '{"a": [1, {"b": null}], "\\u00e9": "x\\ny, \\"z\\"", "d": "2026-01-02T03:04:05Z", "e": [], "f": {}, "n": 12345678901234567890}',
    );
    expect(new JsonResponse({ a: 1 }).headers['content-type']).toBe('application/json');
    expect(new JsonResponse([1], { safe: false, indent: 2 }).text).toBe('[\n  1\n]');
    expect(() => new JsonResponse([1])).toThrow(
      'In order to allow non-dict objects to be serialized set the safe parameter to False.',
    );
  });
});

describe('StreamingHttpResponse', () => {
  it('gives its pieces as bytes, once', async () => {
    const response = new StreamingHttpResponse(['é', Buffer.from('b')]);
    expect([...response].map(String)).toEqual(['é', 'b']);
    async function* later(): AsyncGenerator<string> {
      yield 'a';
    }
    const asynchronous = new StreamingHttpResponse(later());
    expect(asynchronous.isAsync).toBe(true);
    expect(() => [...asynchronous]).toThrow("This StreamingHttpResponse is asynchronous: use 'for await'.");
    expect(String(await asynchronous.getvalue())).toBe('a');
    expect(() => response.content).toThrow(
      'This StreamingHttpResponse instance has no `content` attribute. Use `streamingContent` instead.',
    );
  });

  it('can be wrapped, and ends what it reads from even if it never began', async () => {
    let ended = 0;
    const source = {
      [Symbol.iterator]: () => ({
        next: () => ({ done: false as const, value: 'x' }),
        return: () => {
          ended++;
          return { done: true as const, value: undefined };
        },
      }),
    };
    const response = new StreamingHttpResponse(source);
    const inner = response.streamingContent;
    response.streamingContent = {
      [Symbol.iterator]: () => ({
        next: () => (inner as Iterator<Buffer>).next(),
        return: () => (inner as Required<Iterator<Buffer>>).return(),
      }),
    };
    await response.streamingContent.return?.();
    expect(ended).toBe(1);
  });
});

describe('FileResponse', () => {
  it('knows type and name', () => {
    const of = (name: string, asAttachment = false) =>
      new FileResponse(Buffer.from('x'), { filename: name, asAttachment }).headers;
    expect(of('a.pdf')['content-type']).toBe('application/pdf');
    expect(of('a.tar.gz')['content-type']).toBe('application/gzip');
    expect(of('a.unknown')['content-type']).toBe('application/octet-stream');
    expect(of('a "b".txt', true)['content-disposition']).toBe('attachment; filename="a \\"b\\".txt"');
    expect(of('a\r\nb.txt')['content-disposition']).toBe("inline; filename*=utf-8''a%0D%0Ab.txt");
    expect(new FileResponse(Buffer.from('x'), { contentType: 'a/b' }).headers['content-type']).toBe('a/b');
    expect(new FileResponse(Buffer.from('xyz')).headers['content-length']).toBe('3');
    expect(new FileResponse(Buffer.from('xyz')).headers.has('content-disposition')).toBe(false);
    expect(() => new FileResponse('/nowhere/at/all')).toThrow('ENOENT');
  });

  it.each([
    ['bytes=0-0', 206, 'a', 'bytes 0-0/6'],
    ['bytes=2-', 206, 'cdef', 'bytes 2-5/6'],
    ['bytes=4-99', 206, 'ef', 'bytes 4-5/6'],
    ['bytes=-2', 206, 'ef', 'bytes 4-5/6'],
    ['bytes=-99', 206, 'abcdef', 'bytes 0-5/6'],
    ['bytes=6-', 416, '', 'bytes */6'],
    ['bytes=-0', 416, '', 'bytes */6'],
    ['bytes=3-2', 200, 'abcdef', undefined],
    ['bytes=0-1,3-4', 200, 'abcdef', undefined],
    ['lines=0-1', 200, 'abcdef', undefined],
    ['bytes=-', 200, 'abcdef', undefined],
    [`bytes=${'9'.repeat(40)}-`, 200, 'abcdef', undefined],
  ])('answers the range %s', async (range, status, text, contentRange) => {
    const response = new FileResponse(Buffer.from('abcdef'));
    response.applyRequest({ method: 'GET', header: (name) => (name === 'range' ? range : undefined) });
    expect([
      response.statusCode,
      String(await response.getvalue()),
      response.headers['content-range'],
    ]).toEqual([status, text, contentRange]);
  });

  it('gives a part only of what the client has', () => {
    const ask = (ifRange: string): number => {
      const response = new FileResponse(Buffer.from('abcdef'), { headers: { ETag: '"1"' } });
      response.applyRequest({
        method: 'GET',
        header: (name) => ({ range: 'bytes=0-1', 'if-range': ifRange })[name],
      });
      return response.statusCode;
    };
    expect([ask('"1"'), ask('"2"'), ask('W/"1"'), ask('yesterday')]).toEqual([206, 200, 200, 200]);
  });

  it('leaves what a middleware made of it', () => {
    const response = new FileResponse(Buffer.from('abcdef'));
    response.streamingContent = ['compressed'];
    response.applyRequest({ method: 'GET', header: () => 'bytes=0-1' });
    expect(response.statusCode).toBe(200);
  });
});
