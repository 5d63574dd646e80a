/** Requests that never reach the site, and answers that nobody reads: over real sockets. */

import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { configure, resetSettings } from 'tsango/conf';
import { createServerListener } from 'tsango/core/handlers/node';
import { limitSending, type RunningServer, run } from 'tsango/core/servers/basehttp';
import { HttpResponse, StreamingHttpResponse } from 'tsango/http';
import { path } from 'tsango/urls';

let server: RunningServer;
let release: () => void = () => undefined;

beforeAll(async () => {
  configure({
    SECRET_KEY: 'x',
    ALLOWED_HOSTS: ['*'],
    LOGGING_CONFIG: null,
    SECURE_SSL_REDIRECT: true,
    SECURE_REDIRECT_EXEMPT: ['^half/', '^slow/', '^none'],
    SECURE_PROXY_SSL_HEADER: ['HTTP_X_FORWARDED_PROTO', 'https'],
    MIDDLEWARE: ['tsango.middleware.security.SecurityMiddleware'],
    ROOT_URLCONF: {
      urlpatterns: [
        path('', () => new HttpResponse('home')),
        path('half/', () => {
          async function* content(): AsyncGenerator<string> {
            yield 'A'.repeat(50);
            await new Promise<void>((resolve) => {
              release = resolve;
            });
            yield 'B'.repeat(50);
          }
          return new StreamingHttpResponse(content(), { headers: { 'Content-Length': '100' } });
        }),
        path('slow/', async () => {
          await new Promise<void>((resolve) => {
            release = resolve;
          });
          return new HttpResponse('the slow one');
        }),
      ],
    },
  });
  const { getLogger } = require('tsango/utils/log') as typeof import('tsango/utils/log');
  for (const name of ['tsango', 'tsango.server']) {
    getLogger(name).handlers = [{ level: 0, handle: () => undefined } as never];
  }
  server = await run('127.0.0.1', 0, createServerListener());
});
afterAll(async () => {
  await server.close();
  resetSettings();
});

interface Conversation {
  socket: net.Socket;
  received(): string;
  until(pattern: RegExp): Promise<string>;
  end: Promise<string>;
}

function talk(bytes: string, port = server.port): Conversation {
  const socket = net.connect(port, '127.0.0.1');
  let received = '';
  let look: () => void = () => undefined;
  socket.setEncoding('latin1');
  socket.on('data', (text) => {
    received += String(text);
    look();
  });
  socket.on('error', () => undefined);
  const end = new Promise<string>((resolve) => socket.on('close', () => resolve(received)));
  socket.write(bytes);
  return {
    socket,
    received: () => received,
    until: (pattern) =>
      new Promise((resolve) => {
        look = () => {
          if (pattern.test(received)) resolve(received);
        };
        look();
      }),
    end,
  };
}

const get = (target: string, headers = ''): string =>
  `GET ${target} HTTP/1.1\r\nHost: site.co\r\n${headers}\r\n`;

it('a broken request does not put a 400 into the middle of another answer', async () => {
  const conversation = talk(get('/half/'));
  await conversation.until(/A{50}/);
  conversation.socket.write('BROKEN\r\n\r\n');
  // The server has read it when it answers another connection afterwards.
  await talk(get('/', 'X-Forwarded-Proto: https\r\nConnection: close\r\n')).end;
  release();
  const text = await conversation.end;
  expect(text).not.toContain('400');
  expect(text.endsWith(`${'A'.repeat(50)}${'B'.repeat(50)}`)).toBe(true);
});

it('a broken request does not take the place of the answer to the one before it', async () => {
  const conversation = talk(`${get('/slow/')}BROKEN\r\n\r\n`);
  await talk(get('/', 'X-Forwarded-Proto: https\r\nConnection: close\r\n')).end;
  release();
  const text = await conversation.end;
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
  expect(text).toContain('the slow one');
});

it('a request has one answer, however its body goes on', async () => {
  const text = await talk(
    'POST /none/ HTTP/1.1\r\nHost: site.co\r\nTransfer-Encoding: chunked\r\n\r\nnot a length\r\n',
  ).end;
  expect(text.match(/HTTP\/1\.1 \d+/g)).toHaveLength(1);
});

it.each(['m://x', 'site.co', 'javascript:alert(1)', '*', '?x', '#'])(
  'the target %j is a 400',
  async (target) => {
    const text = await talk(get(target, 'Connection: close\r\n')).end;
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(text).not.toContain('Location');
  },
);

it('OPTIONS * is redirected to a path of this host', async () => {
  const text = await talk('OPTIONS * HTTP/1.1\r\nHost: site.co\r\nConnection: close\r\n\r\n').end;
  expect(text).toContain('Location: https://site.co/*\r\n');
});

it('headers that node would drop are a 431: the last of them may be the proxy’s', async () => {
  const many = (count: number): string =>
    get('/', `${'a:b\r\n'.repeat(count)}X-Forwarded-Proto: https\r\nConnection: close\r\n`);
  expect(await talk(many(900)).end).toMatch(/^HTTP\/1\.1 200 /);
  expect(await talk(many(1100)).end).toMatch(/^HTTP\/1\.1 431 /);
});

it('a server’s own limit of headers is seen', async () => {
  const own = http.createServer(createServerListener());
  own.maxHeadersCount = 20;
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  const { port } = own.address() as AddressInfo;
  const headers = `${'a:b\r\n'.repeat(30)}X-Forwarded-Proto: https\r\nConnection: close\r\n`;
  expect(await talk(get('/', headers), port).end).toMatch(/^HTTP\/1\.1 431 /);
  await new Promise((resolve) => own.close(resolve));
});

it('a client that does not read what it asked for is given up, one that reads slowly or waits is not', async () => {
  const big = Buffer.alloc(20 * 2 ** 20, 'x');
  const own = http.createServer((message, reply) => {
    if (message.url === '/big') reply.end(big);
    else setTimeout(() => reply.end('late'), 600);
  });
  limitSending(own, 0.2);
  await new Promise<void>((resolve) => own.listen(0, '127.0.0.1', resolve));
  const { port } = own.address() as AddressInfo;
  const waiting = talk(get('/late', 'Connection: close\r\n'), port);
  const idle = net.connect(port, '127.0.0.1');
  const closed = new Promise((resolve) => own.once('connection', (socket) => socket.once('close', resolve)));
  idle.on('error', () => undefined);
  idle.pause();
  idle.write(get('/big'));
  await closed;
  expect(await waiting.end).toContain('late');
  idle.destroy();
  await new Promise((resolve) => own.close(resolve));
});
