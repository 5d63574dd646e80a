/**
 * The development server: node:http, Django's request log, and an orderly end.
 *
 * Django: `django.core.servers.basehttp`. Not for production.
 */
import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getLogger } from '../../utils/log';
import { flush } from '../handlers/node_outbox';

/** A response that knows how much of a body it has sent. */
export class CountedResponse extends ServerResponse<IncomingMessage> {
  bodyBytes = 0;

  private count(chunk: unknown, encoding: unknown): void {
    if (typeof chunk === 'string') {
      this.bodyBytes += Buffer.byteLength(
        chunk,
        typeof encoding === 'string' ? (encoding as 'utf8') : 'utf8',
      );
    } else if (chunk instanceof Uint8Array) {
      this.bodyBytes += chunk.byteLength;
    }
  }

  // The overloads of node's signatures differ in optional arguments only, which are handed on as they are.
  override write(chunk: unknown, ...rest: unknown[]): boolean {
    this.count(chunk, rest[0]);
    return (super.write as (...args: unknown[]) => boolean).call(this, chunk, ...rest);
  }

  override end(...args: unknown[]): this {
    const [chunk] = args;
    if (typeof chunk !== 'function') this.count(chunk, args[1]);
    return (super.end as (...all: unknown[]) => this).apply(this, args);
  }
}

/** Bytes of the body that went out: none for HEAD and for statuses without a body, whatever was written. */
export function sentBytes(request: IncomingMessage, response: CountedResponse): number {
  const { statusCode, bodyBytes } = response;
  const hasBody = request.method !== 'HEAD' && statusCode !== 204 && statusCode !== 304 && statusCode >= 200;
  return hasBody ? bodyBytes : 0;
}

/**
 * Logs a request as Django's server does: `"GET /set_session/ HTTP/1.1" 200 16`; one whose client left before it was
 * answered as a broken pipe, not as a success.
 */
function logRequest(request: IncomingMessage, response: CountedResponse): void {
  if (!response.headersSent) {
    const { remoteAddress, remotePort } = request.socket;
    getLogger('tsango.server').info(`- Broken pipe from ('${remoteAddress ?? ''}', ${remotePort ?? 0})`);
    return;
  }
  const { statusCode } = response;
  const line = `${request.method} ${request.url} HTTP/${request.httpVersion}`;
  const size = sentBytes(request, response);
  const level = statusCode >= 500 ? 'error' : statusCode >= 400 ? 'warning' : 'info';
  getLogger('tsango.server')[level](`"${line}" ${statusCode} ${size}`, { statusCode });
}

/** Django's message for a browser that speaks TLS to it: a handshake starts with 0x16 0x03. */
function logHttps(packet: Buffer | undefined): boolean {
  if (packet?.[0] !== 0x16 || packet[1] !== 0x03) return false;
  getLogger('tsango.server').error(
    "You're accessing the development server over HTTPS, but it only supports HTTP.",
    { statusCode: 500 },
  );
  return true;
}

/** The request that a connection had last: what follows a broken one may be the rest of its body. */
const latest = new WeakMap<Socket, IncomingMessage>();

/** Every server that answers with `refuse` tells of its requests. */
export function notice(message: IncomingMessage): void {
  latest.set(message.socket, message);
}

/**
 * Closes a connection that cannot be read any further without writing into it: an answer is under way, which a
 * "400 Bad Request" in its middle would end as if it were complete, or the broken bytes belong to a request that has
 * its answer. @returns whether that was so; if not, the client is still to be told.
 */
function closeQuietly(socket: Socket): boolean {
  const message = latest.get(socket);
  const inBody = message?.complete === false;
  // Node keeps the response that a connection is busy with under this name.
  const { _httpMessage: response } = socket as Socket & { _httpMessage?: ServerResponse | null };
  if (!response) {
    if (inBody) socket.destroySoon();
    return inBody;
  }
  if (inBody && response.req === message && !response.writableEnded) {
    // Whoever answers it may wait for the rest of the body, which cannot come any more.
    if (!response.headersSent) return false;
    socket.destroy();
    return true;
  }
  const close = (): void => socket.destroySoon();
  if (response.writableFinished) close();
  else response.once('finish', close);
  return true;
}

/**
 * Closes connections whose clients do not read what they asked for: after `seconds` in which nothing could be sent.
 * Streams that have nothing to say, and connections that wait, are left to their own limits.
 */
export function limitSending(
  server: { setTimeout(milliseconds: number, gone: (socket: Socket) => void): unknown },
  seconds: number,
): void {
  if (seconds <= 0) return;
  server.setTimeout(seconds * 1000, (socket: Socket) => {
    const { _httpMessage: response } = socket as Socket & { _httpMessage?: ServerResponse | null };
    if (!response || socket.writableLength > 0) socket.destroy();
  });
}

/** What is answered to a request that cannot be read, and never reaches the site. */
export function refuse(error: NodeJS.ErrnoException & { rawPacket?: Buffer }, socket: Socket): void {
  flush(); // Who has an answer is to get it.
  if (logHttps(error.rawPacket)) {
    socket.destroy();
    return;
  }
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  if (closeQuietly(socket)) return;
  const [status, reason] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request'];
  const line = error.rawPacket?.subarray(0, 200).toString('latin1').split(/\r?\n/, 1)[0] ?? '';
  getLogger('tsango.server').warning(`"${line}" ${status} 0`, { statusCode: status });
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Seconds after which a client that reads nothing is given up. */
export const SEND_TIMEOUT = 60;

/** A function that answers requests. */
export type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** A server that runs. */
export interface RunningServer {
  readonly port: number;
  /** Takes no more requests and waits for those that are being answered, at most `patience` milliseconds. */
  close(patience?: number): Promise<void>;
}

/**
 * Starts the server.
 *
 * @throws the system's error where the address cannot be used.
 */
export async function run(
  addr: string,
  port: number,
  listener: Listener,
  { ipv6 = false }: { ipv6?: boolean } = {},
): Promise<RunningServer> {
  const answer = (request: IncomingMessage, response: CountedResponse): void => {
    notice(request);
    response.once('close', () => logRequest(request, response));
    listener(request, response);
  };
  const server = createServer({ ServerResponse: CountedResponse }, answer);
  // The site says when it wants the body of a client that waits for leave to send it.
  server.on('checkContinue', answer);
  server.on('clientError', refuse);
  limitSending(server, SEND_TIMEOUT);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: addr, ipv6Only: ipv6 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: (patience = 1000) => closeServer(server, patience),
  };
}

async function closeServer(
  server: Server<typeof IncomingMessage, typeof CountedResponse>,
  patience: number,
): Promise<void> {
  const deadline = setTimeout(() => server.closeAllConnections(), patience);
  // A connection that is kept alive becomes idle when its answer is complete.
  const idle = setInterval(() => server.closeIdleConnections(), 20);
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
  clearTimeout(deadline);
  clearInterval(idle);
}
