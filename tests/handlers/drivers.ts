/** The ways to a site: each sends the same request and gives what came back, so that one suite tests them all. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFetchHandler } from 'tsango/core/handlers/fetch';
import { createServerListener, NodeHandler } from 'tsango/core/handlers/node';
import { Client } from 'tsango/test';

/** A request to send. */
export interface Wanted {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** What came back. */
export interface Answer {
  status: number;
  headers: Record<string, string>;
  setCookies: string[];
  body: Buffer;
  text: string;
}

/** One way to the site. */
export interface Driver {
  name: string;
  start(): Promise<void>;
  send(wanted: Wanted): Promise<Answer>;
  stop(): Promise<void>;
}

function answer(status: number, pairs: Iterable<readonly [string, string]>, body: Buffer): Answer {
  const headers: Record<string, string> = {};
  const setCookies: string[] = [];
  for (const [name, value] of pairs) {
    if (name.toLowerCase() === 'set-cookie') setCookies.push(value);
    else headers[name.toLowerCase()] = value;
  }
  return { status, headers, setCookies, body, text: body.toString('utf8') };
}

function clientDriver(): Driver {
  let client: Client;
  return {
    name: 'the test client',
    start: async () => {
      client = new Client({ raiseRequestException: false });
    },
    send: async ({ method = 'GET', path, headers = {}, body = '' }) => {
      client.cookies.clear();
      const { 'content-type': contentType = 'application/octet-stream', ...rest } = headers;
      const response = await client.generic(method, path, body, {
        contentType,
        headers: { host: 'testserver', ...rest },
      });
      const cookies = [...response.cookies.values()].map(
        (morsel) => ['set-cookie', morsel.outputString()] as const,
      );
      return answer(response.statusCode, [...response.headers.items(), ...cookies], response.content);
    },
    stop: async () => undefined,
  };
}

function fetchDriver(): Driver {
  let handle: (request: Request) => Promise<Response>;
  return {
    name: 'the fetch handler',
    start: async () => {
      handle = createFetchHandler();
    },
    send: async ({ method = 'GET', path, headers = {}, body }) => {
      const request = new Request(`http://testserver${path}`, {
        method,
        headers,
        ...(body === undefined ? {} : { body, duplex: 'half' }),
      } as RequestInit);
      const response = await handle(request);
      const pairs = [...response.headers].filter(([name]) => name !== 'set-cookie');
      const cookies = response.headers.getSetCookie().map((value) => ['set-cookie', value] as const);
      return answer(response.status, [...pairs, ...cookies], Buffer.from(await response.arrayBuffer()));
    },
    stop: async () => undefined,
  };
}

/** A server on a free port. */
export interface SocketDriver extends Driver {
  readonly port: number;
  readonly server: http.Server;
  readonly handler: NodeHandler;
}

export function socketDriver(): SocketDriver {
  let server: http.Server;
  let handler: NodeHandler;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  return {
    name: 'node:http over a socket',
    get port() {
      return (server.address() as AddressInfo).port;
    },
    get server() {
      return server;
    },
    get handler() {
      return handler;
    },
    start: async () => {
      handler = new NodeHandler();
      const listener = createServerListener(handler);
      server = http.createServer(listener);
      server.on('checkContinue', listener);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    },
    send({ method = 'GET', path, headers = {}, body }) {
      return new Promise((resolve, reject) => {
        const request = http.request(
          { agent, port: this.port, method, path, headers: { host: 'testserver', ...headers } },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('error', reject);
            response.on('end', () => {
              const pairs: [string, string][] = [];
              for (let i = 0; i < response.rawHeaders.length; i += 2) {
                pairs.push([response.rawHeaders[i] as string, response.rawHeaders[i + 1] as string]);
              }
              resolve(answer(response.statusCode ?? 0, pairs, Buffer.concat(chunks)));
            });
          },
        );
        request.on('error', reject);
        if (body !== undefined && !('content-length' in headers) && !('transfer-encoding' in headers)) {
          request.setHeader('content-length', Buffer.byteLength(body));
        }
        request.end(body);
      });
    },
    stop: async () => {
      agent.destroy();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Every way. */
export const DRIVERS: readonly [string, () => Driver][] = [
  ['the test client', clientDriver],
  ['the fetch handler', fetchDriver],
  ['node:http over a socket', socketDriver],
];
