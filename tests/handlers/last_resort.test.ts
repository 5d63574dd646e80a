/** Whatever a view returns or throws: the client gets an answer, and the process lives. */
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import fc from 'fast-check';
import { configure, resetSettings } from 'tsango/conf';
import { createFetchHandler, type FetchHandler } from 'tsango/core/handlers/fetch';
import { createServerListener } from 'tsango/core/handlers/node';
import { type HttpRequest, HttpResponse, StreamingHttpResponse } from 'tsango/http';
import { path } from 'tsango/urls';

let view: (request: HttpRequest) => unknown = () => undefined;
let server: http.Server;
let handle: FetchHandler;
let failLogging = false;

beforeAll(async () => {
  configure({
    SECRET_KEY: 'x',
    ALLOWED_HOSTS: ['*'],
    LOGGING_CONFIG: null,
    ROOT_URLCONF: { urlpatterns: [path('', (request) => view(request) as HttpResponse)] },
  });
  const { getLogger } = require('tsango/utils/log') as typeof import('tsango/utils/log');
  const logger = getLogger('tsango');
  logger.handlers = [];
  logger.filters = [
    {
      filter: () => {
        if (failLogging) throw new Error('the logger is broken');
        return false;
      },
    },
  ];
  const request = getLogger('tsango.request');
  request.filters = logger.filters;
  server = http.createServer(createServerListener());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  handle = createFetchHandler();
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  resetSettings();
});

/** The bytes of an answer, until the server closes the connection. */
function ask(method = 'GET', connection = 'close'): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
    let received = '';
    socket.setEncoding('latin1');
    socket.setTimeout(5000, () => {
      socket.destroy();
      reject(new Error(`no end of the answer: ${received}`));
    });
    socket.on('data', (text) => {
      received += String(text);
    });
    socket.on('error', () => resolve(received));
    socket.on('close', () => resolve(received));
    socket.write(`${method} / HTTP/1.1\r\nHost: localhost\r\nConnection: ${connection}\r\n\r\n`);
  });
}

const text = fc.string({ unit: 'binary', maxLength: 8 });
const anything = fc.oneof(text, fc.double(), fc.anything(), fc.constant(null), fc.constant(undefined));

/** What somebody may do to a response, whether or not the types allow it. */
const change = fc.oneof(
  fc.record({ kind: fc.constant('status' as const), value: anything }),
  fc.record({ kind: fc.constant('reason' as const), value: text }),
  fc.record({ kind: fc.constant('header' as const), name: text, value: anything }),
  fc.record({ kind: fc.constant('cookie' as const), name: text, value: text }),
  fc.record({ kind: fc.constant('attribute' as const), value: anything }),
  fc.record({ kind: fc.constant('content' as const), value: anything }),
);

function applied(
  response: HttpResponse,
  each: typeof change extends fc.Arbitrary<infer T> ? T : never,
): void {
  switch (each.kind) {
    case 'status':
      response.statusCode = each.value as number;
      break;
    case 'reason':
      response.reasonPhrase = each.value;
      break;
    case 'header':
      response.headers.set(each.name, each.value as string);
      break;
    case 'cookie':
      response.setCookie(each.name, each.value);
      break;
    case 'attribute':
      response.setCookie('a', 'b');
      for (const morsel of response.cookies.values()) morsel.attributes.path = each.value as string;
      break;
    case 'content':
      response.content = each.value as string;
      break;
  }
}

const views = fc.oneof(
  // A response to which things were done; where that is refused, the view fails as any other.
  fc.array(change, { maxLength: 4 }).map((changes) => () => {
    const response = new HttpResponse('content');
    for (const each of changes) applied(response, each);
    return response;
  }),
  // The same, with every refusal passed over: what got through counts.
  fc.array(change, { maxLength: 4 }).map((changes) => () => {
    const response = new HttpResponse('content');
    for (const each of changes) {
      try {
        applied(response, each);
      } catch {
        // The view goes on.
      }
    }
    return response;
  }),
  anything.map((value) => () => value),
  anything.map((value) => () => {
    throw value;
  }),
  anything.map((value) => () => Promise.reject(value)),
  fc.array(anything, { maxLength: 3 }).map((chunks) => () => new StreamingHttpResponse(chunks as string[])),
  anything.map((value) => () => {
    async function* content(): AsyncGenerator<string> {
      yield 'one';
      throw value;
    }
    return new StreamingHttpResponse(content());
  }),
);

const runs = { numRuns: 300 };

it('node:http: every request has an answer or a closed connection', async () => {
  await fc.assert(
    fc.asyncProperty(views, fc.boolean(), async (chosen, loggingFails) => {
      view = chosen;
      failLogging = loggingFails;
      const answer = await ask();
      expect(answer === '' || answer.startsWith('HTTP/1.1 ')).toBe(true);
    }),
    runs,
  );
  failLogging = false;
  view = () => new HttpResponse('alive');
  expect(await ask()).toContain('alive');
});

it('fetch: every request has a response', async () => {
  await fc.assert(
    fc.asyncProperty(views, fc.boolean(), async (chosen, loggingFails) => {
      view = chosen;
      failLogging = loggingFails;
      const response = await handle(new Request('http://localhost/'));
      expect(response).toBeInstanceOf(Response);
      await response.text().catch(() => undefined);
    }),
    runs,
  );
  failLogging = false;
});

it('a reason phrase that node refuses is refused where it is set', async () => {
  view = (request) =>
    new HttpResponse('no', { status: 400, reason: `Unknown name ${request.GET.get('name', '✓')}` });
  expect(await ask()).toMatch(/^HTTP\/1\.1 500 Internal Server Error/);
  expect(() => new HttpResponse('', { reason: 'a\r\nb' })).toThrow(
    'A reason phrase can have letters of Latin-1 only',
  );
  expect(new HttpResponse('', { reason: 'Schön' }).reasonPhrase).toBe('Schön');
});

it.each(['Transfer-Encoding', 'connection', 'Keep-Alive', 'upgrade', 'TE'])(
  '%s is for the server to say',
  (name) => {
    expect(() => new HttpResponse('', { headers: { [name]: 'chunked' } })).toThrow(
      `Hop-by-hop header '${name}' is not allowed: the server says how a connection is used.`,
    );
  },
);

it.each(['a\x01b', 'a\x7fb', 'a\x1bb'])(
  '%j is no value of a header, nor of an attribute of a cookie',
  (value) => {
    const response = new HttpResponse();
    expect(() => response.headers.set('X-Value', value)).toThrow(
      "Header values can't contain control characters",
    );
    expect(() => response.setCookie('name', 'value', { path: value })).toThrow(
      "Control characters and ';' are not allowed in the cookie attribute 'path'.",
    );
    response.setCookie('name', 'value');
    const [morsel] = response.cookies.values();
    if (morsel !== undefined) morsel.attributes.domain = value;
    expect(() => morsel?.outputString()).toThrow("Control characters and ';'");
  },
);

describe('a Content-Length that a view sets', () => {
  it.each(['3', '30', 'six', '-6', '6, 6', ''])(
    'is refused where it is %j, and not that of the content',
    async (value) => {
      view = () => new HttpResponse('abcdef', { headers: { 'Content-Length': value } });
      expect(await ask()).toMatch(/^HTTP\/1\.1 500 [\s\S]*A server error occurred/);
      expect((await handle(new Request('http://localhost/'))).status).toBe(500);
    },
  );

  it('is kept where it is right, and where it tells of what HEAD leaves out', async () => {
    view = () => new HttpResponse('abcdef', { headers: { 'Content-Length': '6' } });
    expect(await ask()).toMatch(/^HTTP\/1\.1 200 [\s\S]*Content-Length: 6\r\n[\s\S]*\r\n\r\nabcdef$/);
    view = () => new HttpResponse('', { headers: { 'Content-Length': '4711' } });
    expect(await ask('HEAD')).toMatch(/^HTTP\/1\.1 200 [\s\S]*Content-Length: 4711\r\n/);
  });

  it.each([
    ['is longer', ['abc', 'def'], '3', 'abc'],
    ['is shorter', ['abc'], '6', 'abc'],
  ])('ends a stream that %s', async (_how, chunks, length, body) => {
    view = () => new StreamingHttpResponse(chunks, { headers: { 'Content-Length': length } });
    const answer = await ask('GET', 'keep-alive');
    expect(answer.slice(answer.indexOf('\r\n\r\n') + 4)).toBe(body);
  });
});
