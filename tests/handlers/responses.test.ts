import { readFileSync, statSync } from 'node:fs';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { DRIVERS } from './drivers';
import * as site from './site';

const records: string[] = [];

beforeAll(() => {
  configure({
    SECRET_KEY: 'test',
    ROOT_URLCONF: site,
    ALLOWED_HOSTS: ['testserver'],
    LOGGING_CONFIG: null,
  } as never);
  const { getLogger } = require('tsango/utils/log') as typeof import('tsango/utils/log');
  for (const name of ['tsango.request', 'tsango.security']) {
    getLogger(name).handlers = [
      {
        level: 0,
        handle: (record: { name: string; levelName: string; message: string }) => {
          records.push(`${record.levelName} ${record.name}: ${record.message}`);
        },
      } as never,
    ];
    getLogger(name).propagate = false;
  }
});
afterAll(() => resetSettings());
beforeEach(() => {
  records.length = 0;
});

const MULTIPART = { 'content-type': 'multipart/form-data; boundary=X' };
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

function multipart(...parts: string[]): string {
  return `${parts.map((part) => `--X\r\nContent-Disposition: form-data; ${part}\r\n`).join('')}--X--\r\n`;
}

describe.each(DRIVERS)('through %s', (name, makeDriver) => {
  const driver = makeDriver();
  beforeAll(() => driver.start());
  afterAll(() => driver.stop());

  it('answers with status, type, length and content', async () => {
    const answer = await driver.send({ path: '/plain/' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(answer.text).toBe('hello');
    if (name !== 'the test client') expect(answer.headers['content-length']).toBe('5');
  });

  it.each([
    ['/async/', 'later'],
    ['/promised/', 'promised'],
    ['/unicode/', 'héllo 清風'],
    ['/stream/', 'one two !'],
    ['/stream/async/', 'later and later'],
    ['/', 'root'],
  ])('answers %s', async (path, text) => {
    expect((await driver.send({ path })).text).toBe(text);
  });

  it('writes text in the charset of the response', async () => {
    const answer = await driver.send({ path: '/latin/' });
    expect(answer.headers['content-type']).toBe('text/html; charset=iso-8859-1');
    expect(answer.body.toString('hex')).toBe(Buffer.from('héllo', 'latin1').toString('hex'));
  });

  it('sends no content for HEAD, 204 and 304', async () => {
    const head = await driver.send({ method: 'HEAD', path: '/plain/' });
    expect([head.status, head.text]).toEqual([200, '']);
    const empty = await driver.send({ path: '/empty/' });
    expect([empty.status, empty.text]).toEqual([204, '']);
    const notModified = await driver.send({ path: '/not-modified/' });
    expect([notModified.status, notModified.text]).toEqual([304, '']);
    expect(notModified.headers).not.toHaveProperty('content-type');
    expect((await driver.send({ method: 'HEAD', path: '/stream/' })).text).toBe('');
  });

  it('reads the query string', async () => {
    const answer = await driver.send({ path: '/query/?q=a+b&q=%C3%A9&__proto__=x&constructor=y&bad=%FF%zz' });
    const { GET, q } = JSON.parse(answer.text) as { GET: Record<string, string[]>; q: string };
    expect(q).toBe('é');
    expect(Object.entries(GET)).toEqual([
      ['q', ['a b', 'é']],
      ['__proto__', ['x']],
      ['constructor', ['y']],
      ['bad', ['\ufffd%zz']],
    ]);
  });

  it('reads and sets cookies', async () => {
    const cookie = Buffer.from('x=1; y="a\\054b"; z=清', 'utf8').toString('latin1');
    const answer = await driver.send({ path: '/cookies/', headers: { cookie } });
    expect(JSON.parse(answer.text)).toEqual({ x: '1', y: 'a,b', z: '清' });
    const shown = answer.setCookies.map((value) =>
      name === 'the test client' ? value : Buffer.from(value, 'latin1').toString('utf8'),
    );
    expect(shown).toEqual(['a=1; Path=/', 'b="x y"; HttpOnly; Path=/', 'c="清風"; Path=/']);
  });

  it('tells the view what was asked', async () => {
    const answer = await driver.send({
      method: 'PUT',
      path: '/meta/?a=1',
      headers: { 'user-agent': 'test', 'x-custom': 'yes', 'content-type': 'Text/Plain; charset=x' },
      body: 'body',
    });
    expect(JSON.parse(answer.text)).toEqual({
      method: 'PUT',
      path: '/meta/',
      pathInfo: '/meta/',
      fullPath: '/meta/?a=1',
      host: 'testserver',
      agent: 'test',
      custom: 'yes',
      type: 'text/plain',
      length: name === 'the fetch handler' ? null : '4',
    });
  });

  it('decodes paths, and leaves broken UTF-8 percent-encoded', async () => {
    const rest = async (path: string): Promise<unknown> =>
      (JSON.parse((await driver.send({ path: `/any/${path}` })).text) as { rest: string }).rest;
    expect(await rest('a%20b%C3%A9')).toBe('a bé');
    expect(await rest('%FFx%C3')).toBe('%FFx%C3');
    expect(await rest('%00')).toBe('\0');
    expect(await rest('%2Fetc')).toBe('/etc');
  });

  it('reads urlencoded forms', async () => {
    const answer = await driver.send({
      method: 'POST',
      path: '/form/',
      headers: FORM,
      body: 'a=1&a=2&__proto__=x&n=%E6%B8%85',
    });
    expect(answer.text).toContain('"POST": {"a": ["1", "2"], "__proto__": ["x"], "n": ["\\u6e05"]}');
  });

  it('reads multipart forms with files', async () => {
    const answer = await driver.send({
      method: 'POST',
      path: '/form/',
      headers: MULTIPART,
      body: multipart(
        'name="a"\r\n\r\neins',
        'name="f"; filename="../../etc/päss.txt"\r\nContent-Type: text/plain\r\n\r\ninhalt',
        'name="a"\r\n\r\nzwei',
        'name="empty"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n',
      ),
    });
    expect(JSON.parse(answer.text)).toEqual({
      POST: { a: ['eins', 'zwei'], empty: [''] },
      files: [{ field: 'f', name: 'päss.txt', size: 6, type: 'text/plain', content: 'inhalt' }],
      length: true,
    });
  });

  it('gives the body of other types as bytes', async () => {
    const body = Buffer.from([0, 255, 10, 13]);
    const answer = await driver.send({
      method: 'POST',
      path: '/body/',
      headers: { 'content-type': 'application/octet-stream' },
      body,
    });
    expect(answer.body).toEqual(body);
  });

  it('hands the body to a streaming view in pieces, however large it is', async () => {
    await overrideSettings({ DATA_UPLOAD_MAX_MEMORY_SIZE: 10 }, async () => {
      const answer = await driver.send({ method: 'POST', path: '/pieces/', body: 'x'.repeat(200_000) });
      expect(answer.text).toBe('200000 bytes');
    });
  });

  it('refuses bodies over DATA_UPLOAD_MAX_MEMORY_SIZE where they are looked at', async () => {
    await overrideSettings({ DATA_UPLOAD_MAX_MEMORY_SIZE: 10 }, async () => {
      const body = 'a=12345678901';
      const refused = await driver.send({ method: 'POST', path: '/form/', headers: FORM, body });
      expect(refused.status).toBe(400);
      expect(records).toContain(
        'ERROR tsango.security.RequestDataTooBig: Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.',
      );
      const ignored = await driver.send({ method: 'POST', path: '/ignore/', headers: FORM, body });
      expect([ignored.status, ignored.text]).toEqual([200, 'not looked at']);
      const exact = await driver.send({ method: 'POST', path: '/body/', headers: FORM, body: 'a=12345678' });
      expect(exact.text).toBe('a=12345678');
    });
  });

  it('refuses forms with more fields than DATA_UPLOAD_MAX_NUMBER_FIELDS', async () => {
    await overrideSettings({ DATA_UPLOAD_MAX_NUMBER_FIELDS: 2 }, async () => {
      const post = (body: string, headers: Record<string, string>) =>
        driver.send({ method: 'POST', path: '/form/', headers, body });
      expect((await post('a=1&b=2', FORM)).status).toBe(200);
      expect((await post('a=1&b=2&c=3', FORM)).status).toBe(400);
      const fields = ['name="a"\r\n\r\n1', 'name="b"\r\n\r\n2', 'name="c"\r\n\r\n3'];
      expect((await post(multipart(...fields.slice(1)), MULTIPART)).status).toBe(200);
      expect((await post(multipart(...fields), MULTIPART)).status).toBe(400);
    });
  });

  it('answers a body that is no multipart with 400', async () => {
    const answer = await driver.send({
      method: 'POST',
      path: '/form/',
      headers: { 'content-type': 'multipart/form-data' },
      body: 'x',
    });
    expect(answer.status).toBe(400);
    expect(records).toEqual(['WARNING tsango.request: Bad request (Unable to parse request body): /form/']);
  });

  it.each([
    ['/nowhere/', 404, 'Not Found', 'WARNING tsango.request: Not Found: /nowhere/'],
    ['/missing/', 404, 'Not Found', 'WARNING tsango.request: Not Found: /missing/'],
    ['/denied/', 403, '403 Forbidden', 'WARNING tsango.request: Forbidden (Permission denied): /denied/'],
    ['/broken/', 500, 'Server Error (500)', 'ERROR tsango.request: Internal Server Error: /broken/'],
    [
      '/broken/async/',
      500,
      'Server Error (500)',
      'ERROR tsango.request: Internal Server Error: /broken/async/',
    ],
    [
      '/promised/broken/',
      500,
      'Server Error (500)',
      'ERROR tsango.request: Internal Server Error: /promised/broken/',
    ],
    ['/nothing/', 500, 'Server Error (500)', 'ERROR tsango.request: Internal Server Error: /nothing/'],
    ['/text/', 500, 'Server Error (500)', 'ERROR tsango.request: Internal Server Error: /text/'],
  ])('answers %s with %i and says nothing of what is inside', async (path, status, title, record) => {
    const answer = await driver.send({ path });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(`<h1>${title}</h1>`);
    expect(answer.text).not.toMatch(/secret|no such thing|not you|tried/);
    expect(records).toEqual([record]);
  });

  it('answers what is suspicious with 400 and tells the security log', async () => {
    const answer = await driver.send({ path: '/suspicious/' });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('<h1>Bad Request (400)</h1>');
    expect(records).toEqual([
      'ERROR tsango.security.SuspiciousOperation: hm',
      'WARNING tsango.request: Bad Request: /suspicious/',
    ]);
  });

  it('redirects to what is safe in a header', async () => {
    const answer = await driver.send({ path: '/redirect/' });
    expect([answer.status, answer.headers['location']]).toEqual([302, '/plain/?a=%C3%A9']);
  });

  it('sends a file with its type, length and date, and parts of it', async () => {
    const content = readFileSync(require.resolve('./site'));
    const whole = await driver.send({ path: '/file/' });
    expect(whole.body).toEqual(content);
    expect(whole.headers).toMatchObject({
      'content-length': String(content.length),
      'content-disposition': 'inline; filename="site.ts"',
      'accept-ranges': 'bytes',
      'last-modified': new Date(
        Math.floor(statSync(require.resolve('./site')).mtimeMs / 1000) * 1000,
      ).toUTCString(),
    });
    const part = await driver.send({ path: '/file/', headers: { range: 'bytes=4-9' } });
    expect([part.status, part.headers['content-range'], part.headers['content-length']]).toEqual([
      206,
      `bytes 4-9/${content.length}`,
      '6',
    ]);
    expect(part.body).toEqual(content.subarray(4, 10));
    const since = await driver.send({
      path: '/file/',
      headers: { 'if-modified-since': whole.headers['last-modified'] as string },
    });
    expect([since.status, since.text]).toEqual([304, '']);
  });

  it('offers downloads by a name in UTF-8', async () => {
    const answer = await driver.send({ path: '/download/', headers: { range: 'bytes=-3' } });
    expect([answer.status, answer.text]).toEqual([206, '789']);
    expect(answer.headers['content-disposition']).toBe(
      "attachment; filename*=utf-8''ziffern%20%E2%80%9C1%E2%80%9D.txt",
    );
    expect((await driver.send({ path: '/download/', headers: { range: 'bytes=10-' } })).status).toBe(416);
  });

  it('is not confused by what came before on the connection', async () => {
    await driver.send({ method: 'POST', path: '/ignore/', headers: FORM, body: 'a=1' });
    expect((await driver.send({ path: '/body/' })).text).toBe('');
    expect((await driver.send({ path: '/query/?q=2' })).text).toContain('"q": "2"');
  });
});
