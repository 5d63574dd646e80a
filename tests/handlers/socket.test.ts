import http from 'node:http';
import net from 'node:net';
import { configure, resetSettings } from 'tsango/conf';
import { socketDriver } from './drivers';
import * as site from './site';

const driver = socketDriver();

beforeAll(async () => {
  configure({
    SECRET_KEY: 'test',
    ROOT_URLCONF: site,
    ALLOWED_HOSTS: ['testserver', 'other.example'],
    MIDDLEWARE: ['tsango.middleware.common.CommonMiddleware'],
    LOGGING_CONFIG: null,
  } as never);
  const { getLogger } = require('tsango/utils/log') as typeof import('tsango/utils/log');
  getLogger('tsango').handlers = [{ level: 0, handle: () => undefined } as never];
  await driver.start();
});
afterAll(async () => {
  await driver.stop();
  resetSettings();
});

/** Sends bytes and collects what comes back until the server closes the connection (or `until` is there). */
function raw(bytes: string | Buffer, options: { until?: RegExp; end?: boolean } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(driver.port, '127.0.0.1');
    let received = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      received += text;
      if (options.until?.test(received)) {
        socket.destroy();
        resolve(received);
      }
    });
    socket.on('close', () => resolve(received));
    socket.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ECONNRESET' ? resolve(received) : reject(error),
    );
    socket.write(bytes);
    if (options.end) socket.end();
  });
}

const statuses = (text: string): string[] => text.match(/HTTP\/1\.1 \d+/g) ?? [];

it('keeps the connection, and answers pipelined requests in order', async () => {
  const text = await raw(
    'GET /async/ HTTP/1.1\r\nHost: testserver\r\n\r\n' +
      'GET /plain/ HTTP/1.1\r\nHost: testserver\r\n\r\n' +
      'GET / HTTP/1.1\r\nHost: testserver\r\nConnection: close\r\n\r\n',
  );
  expect(statuses(text)).toHaveLength(3);
  expect(text.indexOf('later')).toBeLessThan(text.indexOf('hello'));
  expect(text.endsWith('root')).toBe(true);
});

it('writes each header once, and the date', async () => {
  const text = await raw('GET /plain/ HTTP/1.1\r\nHost: testserver\r\nConnection: close\r\n\r\n');
  expect(text.match(/^Content-Length: 5\r$/gim)).toHaveLength(1);
  expect(text.match(/^Date: /gim)).toHaveLength(1);
  expect(text).not.toMatch(/^X-Powered-By|^Server/im);
});

it('takes the host of an absolute target', async () => {
  const send = (target: string, host: string): Promise<string> =>
    raw(`GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  expect(await send('http://other.example/meta/?x=1', 'testserver')).toContain('"host": "other.example"');
  expect(statuses(await send('http://evil.example/meta/', 'testserver'))).toEqual(['HTTP/1.1 400']);
});

it.each([
  ['a host that is not allowed', 'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'],
  ['a host that is none', 'GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n'],
  ['two hosts', 'GET / HTTP/1.1\r\nHost: testserver\r\nhost: other.example\r\nConnection: close\r\n\r\n'],
  ['no host', 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['no HTTP', 'NONSENSE\r\n\r\n'],
  [
    'length and chunks at once',
    'POST /body/ HTTP/1.1\r\nHost: testserver\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
])('answers %s with 400', async (_title, bytes) => {
  expect(statuses(await raw(bytes))).toEqual(['HTTP/1.1 400']);
});

it('answers 100 kB of headers with 431', async () => {
  const bytes = `GET / HTTP/1.1\r\nHost: testserver\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`;
  expect(statuses(await raw(bytes))).toEqual(['HTTP/1.1 431']);
});

it('shows dashes and underscores in header names as what they are', async () => {
  const text = await raw(
    'GET /meta/ HTTP/1.1\r\nHost: testserver\r\nX_Custom: forged\r\nConnection: close\r\n\r\n',
  );
  expect(text).toContain('"custom": null');
});

it('goes on after a body that ends too early', async () => {
  const head =
    'POST /form/ HTTP/1.1\r\nHost: testserver\r\nContent-Type: application/x-www-form-urlencoded\r\n';
  await raw(`${head}Content-Length: 100\r\n\r\na=1`, { end: true });
  expect((await driver.send({ path: '/plain/' })).text).toBe('hello');
});

it('reads chunked bodies', async () => {
  const text = await raw(
    'POST /body/ HTTP/1.1\r\nHost: testserver\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n' +
      '3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
  );
  expect(text.endsWith('abcde')).toBe(true);
});

it('asks for a body only when somebody wants it', async () => {
  const head = (path: string, length: number): string =>
    `POST ${path} HTTP/1.1\r\nHost: testserver\r\nExpect: 100-continue\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
  expect(await raw(head('/body/', 3), { until: /100 Continue/ })).toMatch(/^HTTP\/1.1 100 Continue/);
  // Not found, or too large: nobody reads it.
  expect(statuses(await raw(head('/nowhere/', 3)))).toEqual(['HTTP/1.1 404']);
  expect(statuses(await raw(head('/body/', 3_000_000)))).toEqual(['HTTP/1.1 400']);
});

it('closes a connection whose body was not read to its end', async () => {
  const text = await raw('POST /nowhere/ HTTP/1.1\r\nHost: testserver\r\nContent-Length: 1000000\r\n\r\nx');
  expect(text).toMatch(/^Connection: close\r$/m);
});

it('ends a stream when the client is gone, and reads no further ahead than the client', async () => {
  site.events.length = 0;
  await new Promise<void>((resolve) => {
    const request = http.get(
      { port: driver.port, path: '/stream/endless/', headers: { host: 'testserver' } },
      (response) => {
        // Nothing is read: the buffers fill, and the view has to wait.
        response.pause();
        setTimeout(() => {
          request.destroy();
          resolve();
        }, 200);
      },
    );
    request.on('error', () => undefined);
  });
  const ended = await waitFor(() => site.events.includes('ended'));
  expect(ended).toBe(true);
  const pieces = site.events.filter((event) => event.startsWith('piece')).length;
  expect(pieces).toBeLessThan(200);
});

async function waitFor(condition: () => boolean): Promise<boolean> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
  return condition();
}

it('cuts the connection when a stream fails in the middle', async () => {
  const text = await raw('GET /stream/failing/ HTTP/1.1\r\nHost: testserver\r\n\r\n');
  expect(text).toContain('first');
  // The last, empty chunk says that all is there: it must not be sent.
  expect(text).not.toMatch(/\r\n0\r\n\r\n$/);
  expect((await driver.send({ path: '/plain/' })).text).toBe('hello');
});

it('uses the reason phrase of the response', async () => {
  const text = await raw('GET /reason/ HTTP/1.1\r\nHost: testserver\r\nConnection: close\r\n\r\n');
  expect(text.split('\r\n', 1)).toEqual(['HTTP/1.1 418 I am a pot']);
});

it('tells clients to close their connections when the server is to end', async () => {
  driver.handler.closing = true;
  const text = await raw('GET /plain/ HTTP/1.1\r\nHost: testserver\r\n\r\n');
  driver.handler.closing = false;
  expect(text).toMatch(/^Connection: close\r$/m);
});

it('does not mix up two connections', async () => {
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      raw(`GET /query/?q=${i} HTTP/1.1\r\nHost: testserver\r\nConnection: close\r\n\r\n`),
    ),
  );
  answers.forEach((text, i) => {
    expect(text).toContain(`"q": "${i}"`);
  });
});
