/** Garbage over a raw socket: each gets its clean answer and a line in the log, and the server goes on. */
import net from 'node:net';
import Database from 'better-sqlite3';
import { type RunningSite, startSite } from '../support/site';

interface Answer {
  status: number;
  head: string;
  body: string;
}

/** Sends bytes, and waits until the server has closed the connection. */
function send(port: number, bytes: string | Buffer, { end = false } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const socket = net.connect(port, '127.0.0.1', () => {
      if (end) socket.end(bytes);
      else socket.write(bytes);
    });
    socket.setTimeout(10_000, () => socket.destroy(new Error('No answer within 10 seconds.')));
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      // The server may close before it has read all of what it refuses.
      if ((error.code !== 'EPIPE' && error.code !== 'ECONNRESET') || chunks.length === 0) reject(error);
    });
    socket.on('close', () => {
      const text = Buffer.concat(chunks).toString('latin1');
      const [head = '', ...body] = text.split('\r\n\r\n');
      resolve({
        status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0),
        head,
        body: body.join('\r\n\r\n'),
      });
    });
  });
}

const get = (target: string, ...headers: string[]): string =>
  [`GET ${target} HTTP/1.1`, 'Host: 127.0.0.1', 'Connection: close', ...headers, '', ''].join('\r\n');

const post = (target: string, body: string, ...headers: string[]): string =>
  [
    `POST ${target} HTTP/1.1`,
    'Host: 127.0.0.1',
    'Connection: close',
    'Content-Type: application/x-www-form-urlencoded',
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
    '',
    body,
  ].join('\r\n');

describe('garbage in', () => {
  let site: RunningSite;
  beforeAll(async () => {
    site = await startSite((port) => ['runserver', String(port), '--noreload']);
  }, 60_000);
  afterAll(() => site?.stop());
  afterEach(async () => {
    // The server goes on.
    expect((await fetch(`${site.url}/set_session/`)).status).toBe(200);
  });

  /** Waits for a line in the server's output; it is written after the answer. */
  async function logged(line: RegExp): Promise<void> {
    const deadline = Date.now() + 5000;
    while (!line.test(site.output())) {
      if (Date.now() > deadline) throw new Error(`No ${line} in:\n${site.output().slice(-2000)}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it.each([
    ['nonsense', 'sessionid'],
    ['an empty name', '=value; sessionid=; ;;;=;='],
    ['quotes and controls', 'sessionid="\\303\\244\\"; x="; a=b\x01'],
    ['a prototype', '__proto__=1; constructor=2; toString=3'],
    ['a path', 'sessionid=../../etc/passwd'],
    ['UTF-8', 'sessionid=\u00c3\u00a4\u00c3\u00b6'],
    ['a long key', `sessionid=${'a'.repeat(5000)}`],
  ])('a cookie header with %s is an empty session or a 400', async (_what, cookie) => {
    const answer = await send(site.port, Buffer.from(get('/delete_session/', `Cookie: ${cookie}`), 'latin1'));
    if (answer.status === 400) return;
    expect([answer.status, answer.body]).toEqual([200, 'session doesnot exist']);
  });

  it('a tampered row is an empty session', async () => {
    const response = await fetch(`${site.url}/set_session/`);
    const cookie = /sessionid=(\w+)/.exec(response.headers.get('set-cookie') ?? '') as RegExpExecArray;
    const db = new Database(site.env['DATABASE'] as string);
    const where = 'WHERE session_key = ?';
    const { data } = db
      .prepare(`SELECT session_data AS data FROM django_session ${where}`)
      .get(cookie[1]) as {
      data: string;
    };
    for (const tampered of [`x${data}`, data.slice(0, -1), '', 'a:b:c', '\u0000', `${data}:${data}`]) {
      db.prepare(`UPDATE django_session SET session_data = ? ${where}`).run(tampered, cookie[1]);
      const { status, body } = await send(site.port, get('/delete_session/', `Cookie: ${cookie[0]}`));
      expect([tampered, status, body]).toEqual([tampered, 200, 'session doesnot exist']);
    }
    db.close();
    await logged(/Session data corrupted/);
  });

  it('100 kB of headers are a 431', async () => {
    const { status } = await send(site.port, get('/', `X-Big: ${'x'.repeat(100_000)}`));
    expect(status).toBe(431);
    await logged(/" 431 0/);
  });

  it('a body that ends early reaches no view', async () => {
    const request = post('/notes/', 'author=a&text=b').replace(/Content-Length: \d+/, 'Content-Length: 5000');
    const { status } = await send(site.port, request, { end: true });
    expect([0, 400]).toContain(status);
    const multipart = post('/notes/', '--X\r\nContent-Disposition: form-data; name="author"\r\n\r\na')
      .replace('application/x-www-form-urlencoded', 'multipart/form-data; boundary=X')
      .replace(/Content-Length: \d+/, 'Content-Length: 5000');
    expect([0, 400]).toContain((await send(site.port, multipart, { end: true })).status);
    await logged(/- Broken pipe from \('127\.0\.0\.1', \d+\)/);
    expect(site.output()).not.toMatch(/"POST \/notes\/ HTTP\/1\.1" 200/);
  });

  it.each(['evil.example', '127.0.0.1@evil.example', 'a b', '127.0.0.1:x', '[::1', '..', 'ev\u00e4l'])(
    'the Host %j is a 400',
    async (host) => {
      const request = get('/').replace('Host: 127.0.0.1', `Host: ${host}`);
      const { status, body } = await send(site.port, Buffer.from(request, 'latin1'));
      expect(status).toBe(400);
      if (body) {
        expect(body).toContain('DisallowedHost');
        await logged(/Invalid HTTP_HOST header: /);
      }
    },
  );

  it('no Host, and two of them, are a 400', async () => {
    expect((await send(site.port, 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n')).status).toBe(400);
    expect((await send(site.port, get('/', 'Host: 127.0.0.1'))).status).toBe(400);
  });

  it.each([
    '/%00',
    '/%ff%fe/',
    '/%',
    '/%zz',
    '/a/../../etc/passwd',
    '/\u00ff',
    '//evil.example/',
    '/%2e%2e/%2e%2e/x',
  ])('the path %j is a 404 or a 400', async (target) => {
    const { status } = await send(site.port, Buffer.from(get(target), 'latin1'));
    expect([400, 404]).toContain(status);
  });

  it.each([
    '?a=%00',
    '?%ff=%fe',
    '?__proto__=1&constructor=2',
    '?a[b]=c',
    '?&&&===',
    `?${'a=b&'.repeat(500)}`,
  ])('the query %.30j is answered', async (query) => {
    expect((await send(site.port, get(`/delete_session/${query}`))).status).toBe(200);
  });

  it('a form with __proto__ is an ordinary form', async () => {
    const refused = await send(site.port, post('/notes/', '__proto__=1'));
    expect(refused.status).toBe(403);
    await logged(/Forbidden \(CSRF cookie not set\.\): \/notes\//);
    const page = await fetch(`${site.url}/`);
    const cookies = page.headers.getSetCookie().map((cookie) => cookie.split(';')[0]);
    const token = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(await page.text())?.[1] ?? '';
    const hostile = '__proto__=1&__proto__[x]=2&constructor=3&toString=4&hasOwnProperty=5';
    for (const [type, body] of [
      ['application/x-www-form-urlencoded', `csrfmiddlewaretoken=${token}&${hostile}&author=garbage&text=in`],
      [
        'multipart/form-data; boundary=X',
        `csrfmiddlewaretoken=${token}&${hostile}&author=garbage&text=in`
          .split('&')
          .map((pair) => pair.split('='))
          .map(([name, value]) => `--X\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
          .join('')
          .concat('--X--\r\n'),
      ],
    ] as const) {
      const request = post('/notes/', body, `Cookie: ${cookies.join('; ')}`);
      const { status } = await send(site.port, request.replace('application/x-www-form-urlencoded', type));
      expect(status).toBe(302);
    }
  });

  it('what is no HTTP is a 400', async () => {
    expect((await send(site.port, 'nonsense\r\n\r\n')).status).toBe(400);
    await logged(/"nonsense" 400 0/);
  });

  it('TLS is told that there is none', async () => {
    const { status } = await send(site.port, Buffer.from('16030100c8010000c40303', 'hex'));
    expect(status).toBe(0);
    await logged(/You're accessing the development server over HTTPS, but it only supports HTTP\./);
  });
});
