/** Responses of one turn leave together, and none waits long for the others. */
import http, { type ServerResponse } from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { configure, resetSettings } from 'tsango/conf';
import { createServerListener } from 'tsango/core/handlers/node';
import { HttpResponse } from 'tsango/http';
import { path } from 'tsango/urls';
import { captureLogs } from '../support/logs';

/** What a view saw of the responses before its own: whether each had left. */
let seen: boolean[][] = [];
let replies: ServerResponse[] = [];
let server: http.Server;
/** Nobody listens to these in a site: each would end its process. */
const errors: unknown[] = [];

function look(): void {
  seen.push(replies.slice(0, -1).map((reply) => reply.writableEnded));
}

/** A response whose content is none that node can write. */
class Odd extends HttpResponse {
  override get payload(): string {
    return 5 as unknown as string;
  }
}

const urlpatterns = [
  path('quick/', () => {
    look();
    return new HttpResponse('quick');
  }),
  path('slow/', () => {
    look();
    const until = performance.now() + 3;
    while (performance.now() < until);
    return new HttpResponse('slow');
  }),
  path('odd/', () => new Odd('odd')),
  path('leaving/', (request) => {
    look();
    for (const reply of replies.slice(0, -1)) reply.socket?.destroy();
    return new HttpResponse(`gone ${request.path}`);
  }),
];

beforeAll(async () => {
  configure({
    SECRET_KEY: 'test',
    ROOT_URLCONF: { urlpatterns },
    ALLOWED_HOSTS: ['testserver'],
    MIDDLEWARE: [],
  } as never);
  const listener = createServerListener();
  server = http.createServer((message, reply) => {
    replies.push(reply);
    reply.on('error', (error) => errors.push(error));
    listener(message, reply);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  resetSettings();
});
beforeEach(() => {
  seen = [];
  replies = [];
});

/** Sends requests in one piece, so that one turn has them all. @returns what came back, when the connection is closed. */
function send(...paths: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
    });
    socket.on('close', () => resolve(received));
    socket.on('error', reject);
    const last = paths.length - 1;
    socket.write(
      paths
        .map(
          (each, at) =>
            `GET ${each} HTTP/1.1\r\nHost: testserver\r\nConnection: ${at === last ? 'close' : 'keep-alive'}\r\n\r\n`,
        )
        .join(''),
    );
  });
}

/** Code that runs for the first times, or beside others, may take longer than a response waits. */
async function inOneTurn(...paths: string[]): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt++) {
    seen = [];
    replies = [];
    const text = await send(...paths);
    if (!seen.flat().includes(true)) return text;
  }
  throw new Error('Each response left before the next request of its turn was handled.');
}

it('writes the responses of one turn at its end, in their order', async () => {
  const text = await inOneTurn('/quick/', '/quick/', '/slow/');
  expect(seen).toEqual([[], [false], [false, false]]);
  expect(text.match(/quick|slow/g)).toEqual(['quick', 'quick', 'slow']);
});

it('lets none wait for more than the request that follows it', async () => {
  const text = await send('/quick/', '/slow/', '/quick/', '/slow/');
  expect(seen[2]).toEqual([true, true]);
  expect(text.match(/quick|slow/g)).toEqual(['quick', 'slow', 'quick', 'slow']);
});

it('goes on when a client leaves before its response does', async () => {
  await inOneTurn('/quick/', '/leaving/');
  expect(await send('/quick/')).toContain('quick');
  expect(errors).toEqual([]);
});

it('logs a response that cannot be written, closes its connection, and writes the others', async () => {
  const logged = await captureLogs('tsango.request', () => send('/odd/'));
  expect(logged).toEqual(['ERROR:tsango.request:A request could not be answered.']);
  expect(await send('/quick/')).toContain('quick');
});
