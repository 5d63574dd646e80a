/** Django's advisories about requests, responses, forms and cookies. The table is docs/security.md. */
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import {
  BadRequest,
  DisallowedHost,
  DisallowedRedirect,
  RequestDataTooBig,
  TooManyFieldsSent,
  TooManyFilesSent,
} from 'tsango/core/exceptions';
import type { UploadedFile } from 'tsango/core/files/uploadedfile';
import { TemporaryUploadedFile } from 'tsango/core/files/uploadedfile';
import { UploadHandler } from 'tsango/core/files/uploadhandler';
import { BadSignature } from 'tsango/core/signing';
import {
  BadHeaderError,
  FileResponse,
  HttpRequest,
  HttpResponse,
  HttpResponseRedirect,
  parseCookie,
  QueryDict,
  type RequestSource,
} from 'tsango/http';
import { parseHeaderParameters, urlHasAllowedHostAndScheme } from 'tsango/utils/http';
import { stopwatch } from '../support/processor';
import { expectLinear } from './support';

beforeAll(() => configure({ SECRET_KEY: 'test' }));
afterAll(() => resetSettings());

function request(values: Partial<RequestSource> = {}): HttpRequest {
  return new HttpRequest({
    method: 'GET',
    target: '/',
    headers: { host: 'testserver' },
    httpVersion: '1.1',
    scheme: 'http',
    remoteAddr: '10.0.0.1',
    remotePort: 1,
    serverName: 'testserver',
    serverPort: 80,
    body: null,
    ...values,
  });
}

async function* pieces(bytes: Buffer, size = 1000): AsyncGenerator<Buffer> {
  for (let i = 0; i < bytes.length; i += size) yield bytes.subarray(i, i + size);
}

function form(body: AsyncIterable<Uint8Array> | string, length?: number): HttpRequest {
  const bytes = typeof body === 'string' ? Buffer.from(body, 'latin1') : undefined;
  const declared = length ?? bytes?.length;
  return request({
    method: 'POST',
    headers: {
      'content-type': 'multipart/form-data; boundary=X',
      ...(declared === undefined ? {} : { 'content-length': String(declared) }),
    },
    body: bytes === undefined ? (body as AsyncIterable<Uint8Array>) : pieces(bytes),
  });
}

const filePart = (content: string, more = '', name = 'a.txt'): string =>
  `--X\r\nContent-Disposition: form-data; name="f"; filename="${name}"\r\n${more}\r\n${content}\r\n`;
const fieldPart = (name: string, content: string): string =>
  `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`;

describe('headers', () => {
  it.each(['CVE-2015-0219', 'CVE-2026-3902'])('%s: a header with an underscore is none', () => {
    const { META, headers } = request({ headers: { x_auth_user: 'admin', 'x_auth-user': 'admin' } });
    expect([META['HTTP_X_AUTH_USER'], headers['X-Auth-User']]).toEqual([undefined, undefined]);
  });

  it('CVE-2025-14550: repeated headers are joined in linear time', () => {
    expectLinear((size) => {
      const { META } = request({ headers: { 'x-many': Array<string>(size).fill('a') } });
      expect(META['HTTP_X_MANY']?.length).toBe(2 * size - 1);
    });
  });

  it('CVE-2026-84429: parameters are read in linear time', () => {
    expectLinear((size) => parseHeaderParameters(`a/b; x="${';'.repeat(size)}"`, null));
    expectLinear((size) => parseHeaderParameters(`a/b; x="${'\\";'.repeat(size)}`, null));
    expectLinear((size) => parseHeaderParameters('a;'.repeat(size), null));
    expectLinear((size) => {
      const range = `a/b;x="${';'.repeat(5000)}"`;
      const accept = `${range},`.repeat(size / 5000);
      return request({ headers: { accept } }).accepts('text/html');
    });
  });

  it('CVE-2026-84429: one that is too long is the client’s fault, not an error of the server', () => {
    const long = `text/html; a="${'b'.repeat(12_000)}"`;
    expect(() => request({ headers: { 'content-type': long } }).contentType).toThrow(BadRequest);
    expect(() => request({ headers: { accept: long } }).accepts('text/html')).toThrow(BadRequest);
  });

  it('CVE-2019-12781: a proxy that says http is believed', async () => {
    await overrideSettings({ SECURE_PROXY_SSL_HEADER: ['HTTP_X_FORWARDED_PROTO', 'https'] }, () => {
      const forwarded = { 'x-forwarded-proto': 'http' };
      expect(request({ scheme: 'https', headers: forwarded }).isSecure()).toBe(false);
      expect(request({ headers: { 'x-forwarded-proto': 'https' } }).isSecure()).toBe(true);
      expect(request({ scheme: 'https' }).isSecure()).toBe(true);
    });
  });

  it('CVE-2016-9014: the host is checked with DEBUG, too', async () => {
    await overrideSettings({ DEBUG: true, ALLOWED_HOSTS: [] }, () => {
      expect(request({ headers: { host: 'localhost:8000' } }).getHost()).toBe('localhost:8000');
      expect(() => request({ headers: { host: 'evil.example' } }).getHost()).toThrow(DisallowedHost);
    });
  });

  it.each(['CVE-2021-32052', 'CVE-2026-53878'])('%s: no line ends get into the headers of a response', () => {
    const response = new HttpResponse();
    for (const end of ['\n', '\r', '\r\n']) {
      expect(() => response.headers.set('X-Host', `example.com${end}X: 1`)).toThrow(BadHeaderError);
      expect(() => response.setCookie('a', 'b', { domain: `example.com${end}X: 1` })).toThrow();
    }
    expect(new HttpResponseRedirect('/a\r\nX: 1').headers.get('Location')).toBe('/a%0D%0AX:%201');
  });
});

describe('URLs', () => {
  it('CVE-2021-23336: a semicolon separates no parameters', () => {
    expect(new QueryDict('a=1;b=2').getlist('a')).toEqual(['1;b=2']);
  });

  it.each(['CVE-2025-64458', 'CVE-2025-27556'])('%s: URLs that are too long are not taken apart', () => {
    expect(() => new HttpResponseRedirect(`/${'\u2100'.repeat(3000)}`)).toThrow(DisallowedRedirect);
    expect(urlHasAllowedHostAndScheme(`/${'\u2100'.repeat(3000)}`, null)).toBe(false);
  });

  it.each([
    ['CVE-2017-7233', 'http:999999999'],
    ['CVE-2017-7233', 'ftp:9999999999'],
    ['CVE-2015-2317', '\u0008javascript:alert(1)'],
    ['CVE-2015-2317', '\u001b//evil.example'],
    ['CVE-2015-2317', '\u200b//evil.example'],
    ['CVE-2015-2317', '\u007f//evil.example'],
    ['CVE-2015-2317', '\u0085javascript:alert(1)'],
    ['CVE-2015-0220', '\njavascript:alert(1)'],
    ['CVE-2015-0220', '\u2003//evil.example'],
    ['CVE-2014-3730', '\\\\evil.example'],
    ['CVE-2014-3730', '/\\evil.example'],
    ['CVE-2014-3730', 'http:\\\\\\evil.example'],
    ['CVE-2014-3730', 'http:/\\//evil.example'],
  ])('%s: %j is no safe target', (_id, url) => {
    expect(urlHasAllowedHostAndScheme(url, 'testserver')).toBe(false);
  });
});

describe('cookies', () => {
  it('CVE-2016-7401: what other sites’ scripts write does not hide the token', () => {
    expect(parseCookie('__utmz=1.2]csrftoken=evil; csrftoken=good')['csrftoken']).toBe('good');
    expect(parseCookie('a="; csrftoken=good; b="')['csrftoken']).toBe('good');
  });

  it('CVE-2026-6873: name and salt cannot be shifted against each other', () => {
    const response = new HttpResponse();
    response.setSignedCookie('user', 'admin', { salt: 'name' });
    const signed = response.cookies.get('user')?.value ?? '';
    const forged = request();
    forged.COOKIES = { username: signed, user: signed };
    expect(forged.getSignedCookie('user', { salt: 'name' })).toBe('admin');
    expect(() => forged.getSignedCookie('username')).toThrow(BadSignature);
    // The same characters in the same order, parted elsewhere.
    response.setSignedCookie('bc', 'admin', { salt: 'a' });
    forged.COOKIES = { c: response.cookies.get('bc')?.value ?? '' };
    expect(() => forged.getSignedCookie('c', { salt: 'ab' })).toThrow(BadSignature);
  });

  it('are read in linear time', () => {
    expectLinear((size) => parseCookie('a;'.repeat(size)));
    expectLinear((size) => parseCookie(`a=\x1cb${' '.repeat(size)}c`));
    expectLinear((size) => parseCookie(`a=b${' '.repeat(size)}\x1f; ${' '.repeat(size)}c=d`));
    expectLinear((size) => parseCookie(`a="${'\\"'.repeat(size)}"`));
  });
});

describe('forms', () => {
  it.each([
    '',
    '--X',
    '--X\r\n',
    '--X\r\n\r\n',
    '--X--',
    '--X\r\nContent-Disposition: form-data; name="f"; filename="a"',
    filePart('abc').slice(0, -6),
    filePart('YWJ', 'Content-Transfer-Encoding: base64\r\n'),
    `--Y\r\n${filePart('a')}`,
  ])('CVE-2022-23833: %j comes to an end', async (body) => {
    const upload = form(body);
    await upload.load();
    try {
      expect(upload.FILES.count()).toBeLessThan(2);
    } catch (error) {
      expect((error as Error).name).toBe('MultiPartParserError');
    }
  });

  it('CVE-2023-24580: the number of parts has a limit', async () => {
    const files = form(`${filePart('x').repeat(101)}--X--`);
    await files.load();
    expect(() => files.FILES).toThrow(TooManyFilesSent);
    const fields = form(`${fieldPart('a', 'b').repeat(1001)}--X--`);
    await fields.load();
    expect(() => fields.POST).toThrow(TooManyFieldsSent);
    const nameless = form(`${'--X\r\n\r\nabc\r\n'.repeat(1001)}--X--`);
    await nameless.load();
    expect(() => nameless.POST).toThrow(TooManyFieldsSent);
  });

  it.each(['CVE-2021-28658', 'CVE-2021-31542'])('%s: a file’s name holds no folder', async () => {
    for (const name of [
      '/tmp/a.txt',
      '..\\..\\a.txt',
      '../../a.txt',
      'C:\\a.txt',
      '&#x2F;tmp&sol;a.txt',
      'x/\0a.txt',
    ]) {
      const upload = form(`${filePart('x', '', name)}--X--`);
      await upload.load();
      expect(upload.FILES['f']?.name).toBe('a.txt');
    }
    for (const name of ['..', '/..', 'a/', '\\', '.', '&sol;', '..&#47;']) {
      const upload = form(`${filePart('x', '', name)}--X--`);
      await upload.load();
      // What names no file is none: Django leaves the part out.
      expect(upload.FILES.count()).toBe(0);
    }
  });

  it('CVE-2026-33033: white space in base64 costs what other bytes cost', async () => {
    const seconds = async (size: number): Promise<number> => {
      const content = `${' '.repeat(size)}YW J${'\r\n \t'.repeat(size / 4)}jZGVm`;
      const body = Buffer.from(`${filePart(content, 'Content-Transfer-Encoding: base64\r\n')}--X--`);
      const spent = stopwatch();
      const upload = form(pieces(body, 64));
      await upload.load();
      expect(await (upload.FILES['f'] as UploadedFile).read()).toEqual(Buffer.from('abcdef'));
      await upload.close();
      return spent();
    };
    const small = await seconds(200_000);
    expect((await seconds(2_000_000)) / small).toBeLessThan(40);
  });

  it('CVE-2026-108147: base64 reaches the handlers as it comes', async () => {
    let received = 0;
    const largest: number[] = [];
    class Counting extends UploadHandler {
      receiveDataChunk(data: Buffer): null {
        received += data.length;
        return null;
      }
      fileComplete(): null {
        return null;
      }
    }
    let sent = 0;
    async function* body(): AsyncGenerator<Buffer> {
      yield Buffer.from(filePart('', 'Content-Transfer-Encoding: base64\r\n').slice(0, -2));
      for (let i = 0; i < 200; i++) {
        sent += 48 * 1024;
        yield Buffer.alloc(64 * 1024, 'YWJj');
        largest.push(sent - received);
      }
      yield Buffer.from('\r\n--X--');
    }
    const upload = form(body());
    upload.uploadHandlers = [new Counting(upload)];
    await upload.load();
    expect(received).toBe(200 * 48 * 1024);
    expect(Math.max(...largest)).toBeLessThan(1024 * 1024);
  });

  it('CVE-2026-33034: the bytes that come are counted, not those that are declared', async () => {
    await overrideSettings({ DATA_UPLOAD_MAX_MEMORY_SIZE: 1000 }, async () => {
      for (const declared of [undefined, '5']) {
        const headers = declared === undefined ? {} : { 'content-length': declared };
        const large = request({ method: 'POST', headers, body: pieces(Buffer.alloc(1001)) });
        await large.load();
        expect(() => large.body).toThrow(RequestDataTooBig);
      }
    });
  });

  it.each([
    ['none', undefined],
    ['too small a one', 100],
    ['a negative one', -1],
  ])('CVE-2026-5766: with %s as length, a large upload is not kept in memory', async (_what, length) => {
    await overrideSettings({ FILE_UPLOAD_MAX_MEMORY_SIZE: 1000 }, async () => {
      const upload = form(pieces(Buffer.from(`${filePart('x'.repeat(5000))}--X--`)), length);
      await upload.load();
      try {
        expect(upload.FILES['f']).toBeInstanceOf(TemporaryUploadedFile);
      } catch (error) {
        expect(error).toBeInstanceOf(BadRequest);
      } finally {
        await upload.close();
      }
    });
  });
});

describe('files', () => {
  it('CVE-2022-36359: a name cannot end the file name of the header', () => {
    const disposition = (filename: string): string | undefined =>
      new FileResponse(Buffer.from('x'), { asAttachment: true, filename }).headers.get('Content-Disposition');
    expect(disposition('a".txt";dummy=".sh')).toBe('attachment; filename="a\\".txt\\";dummy=\\".sh"');
    expect(disposition('a\\".sh')).toBe('attachment; filename="a\\\\\\".sh"');
    expect(disposition('a\r\nX: 1')).toBe("attachment; filename*=utf-8''a%0D%0AX%3A%201");
  });
});
