/**
 * Requests and responses of node:http (and https). Django: `django.core.handlers.wsgi`.
 *
 * This runs for every request, so it does next to nothing: the source of a request is a handful of getters, a
 * response that is there is written at the end of the same turn, its headers as the flat list that they are.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { HttpRequest } from '../../http/request';
import type { RequestSource, SourceHeaders } from '../../http/request_source';
import type { HttpResponse } from '../../http/response';
import type { HttpResponseBase } from '../../http/response_base';
import type { StreamingHttpResponse } from '../../http/response_streaming';
import { getLogger } from '../../utils/log';
import { isPromise, type MaybePromise } from '../../utils/maybe_promise';
import { announceStart, BaseHandler, finishResponse } from './base';
import { checkLength, declaredLength } from './length';
import { flushOverdue, post } from './node_outbox';
import { writeStream } from './node_stream';

/** What answers requests of node:http. */
export type ServerListener = (message: IncomingMessage, reply: ServerResponse) => void;

/** A message of node:http as the source of a request. */
class NodeSource implements RequestSource, AsyncIterable<Uint8Array> {
  private controller: AbortController | undefined;

  constructor(
    private readonly message: IncomingMessage,
    private readonly reply: ServerResponse,
  ) {}

  get method(): string {
    return this.message.method ?? 'GET';
  }
  get target(): string {
    return this.message.url ?? '/';
  }
  get headers(): SourceHeaders {
    return this.message.headers;
  }
  get httpVersion(): string {
    return this.message.httpVersion;
  }
  get scheme(): 'http' | 'https' {
    return (this.message.socket as TLSSocket).encrypted === true ? 'https' : 'http';
  }
  get remoteAddr(): string {
    return this.message.socket.remoteAddress ?? '';
  }
  get remotePort(): number {
    return this.message.socket.remotePort ?? 0;
  }
  get serverName(): string {
    return this.message.socket.localAddress ?? '';
  }
  get serverPort(): number {
    return this.message.socket.localPort ?? 0;
  }

  get body(): AsyncIterable<Uint8Array> | null {
    const { headers } = this.message;
    const length = headers['content-length'];
    if (headers['transfer-encoding'] === undefined && (length === undefined || length === '0')) return null;
    return this;
  }

  /** The pieces of the body. Leaving off early leaves the connection as it is, so that it can be answered. */
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    const { message, reply } = this;
    // A client that asked sends its body only now, when somebody reads it.
    if (/^100-continue$/i.test(message.headers.expect ?? '') && !reply.headersSent) reply.writeContinue();
    return message.iterator({ destroyOnReturn: false }) as AsyncIterator<Uint8Array>;
  }

  get aborted(): AbortSignal {
    if (this.controller === undefined) {
      const controller = new AbortController();
      this.controller = controller;
      this.reply.once('close', () => {
        if (!this.reply.writableFinished) controller.abort();
      });
    }
    return this.controller.signal;
  }
}

/** RFC 9112, 3.2: more than one Host is an attack on somebody's routing. */
function hasSeveralHosts(rawHeaders: readonly string[]): boolean {
  let found = false;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') {
      if (found) return true;
      found = true;
    }
  }
  return false;
}

/** How many headers node keeps, unless the server's `maxHeadersCount` says otherwise. (Its docs count each twice.) */
const NODE_HEADERS_LIMIT = 1000;

/**
 * Whether headers may be missing: node drops those beyond its limit without a word, and with them what a proxy
 * appends and trusts (X-Forwarded-Proto, the name of a user).
 */
function areHeadersMissing({ rawHeaders, socket }: IncomingMessage): boolean {
  const { server } = socket as unknown as { server?: Server };
  const limit = server?.maxHeadersCount ?? NODE_HEADERS_LIMIT;
  return limit > 0 && rawHeaders.length >= limit * 2;
}

/**
 * Whether the request-target is a path, `http://host/path`, or the `*` of OPTIONS. Anything else (`m://x`) has no path
 * that begins with a slash, and a redirect to `https://host` and that path would lead to another host. RFC 9112, 3.2.
 */
function isTarget({ url = '/', method }: IncomingMessage): boolean {
  return (
    url.charCodeAt(0) === 47 /* / */ || /^https?:\/\//i.test(url) || (url === '*' && method === 'OPTIONS')
  );
}

/** Answers the requests of a server. */
export class NodeHandler extends BaseHandler {
  /** Responses tell the client to close its connection: set when the server is to end. */
  closing = false;

  /** Answers one request. Whatever goes wrong, it does not throw. */
  handle(message: IncomingMessage, reply: ServerResponse): void {
    flushOverdue();
    try {
      const { rawHeaders } = message;
      if (hasSeveralHosts(rawHeaders) || !isTarget(message)) {
        refuse(reply, 400, 'Bad Request');
        return;
      }
      if (areHeadersMissing(message)) {
        refuse(reply, 431, 'Request Header Fields Too Large');
        return;
      }
      const request = new HttpRequest(new NodeSource(message, reply));
      const started = announceStart(request);
      const response = isPromise(started)
        ? started.then(() => this.getResponse(request))
        : this.getResponse(request);
      if (isPromise(response)) {
        response
          .then((value) => this.send(request, value, message, reply))
          .catch((error: unknown) => fail(error, reply));
      } else {
        const sent = this.send(request, response, message, reply);
        if (isPromise(sent)) sent.catch((error: unknown) => fail(error, reply));
      }
    } catch (error) {
      fail(error, reply);
    }
  }

  /** Writes a response and closes it. */
  private send(
    request: HttpRequest,
    response: HttpResponseBase,
    message: IncomingMessage,
    reply: ServerResponse,
  ): MaybePromise<void> {
    if (reply.destroyed || reply.headersSent) {
      finishResponse(request, response);
      return;
    }
    try {
      const { statusCode } = response;
      const bodiless = statusCode === 204 || statusCode === 304 || statusCode < 200;
      // A copy: a view may return one response many times.
      const head = response.headers.flat().slice();
      if (this.closing || isUnread(message)) head.push('Connection', 'close');
      const declared = bodiless ? undefined : declaredLength(response);
      if (response.streaming) {
        writeCookies(response, head);
        writeHead(reply, response, head);
        return writeStream(
          response as StreamingHttpResponse,
          reply,
          bodiless || request.method === 'HEAD',
          declared,
        ).finally(() => finishResponse(request, response));
      }
      let { payload } = response as HttpResponse;
      if (declared !== undefined) {
        // That of HEAD tells of what GET would have.
        if (request.method !== 'HEAD') checkLength(declared, (response as HttpResponse).contentLength);
      } else if (!bodiless) {
        head.push('Content-Length', String((response as HttpResponse).contentLength));
      }
      // Node writes text and head as one string; bytes of Latin-1 in the head would become UTF-8 with it.
      if (writeCookies(response, head) && typeof payload === 'string') payload = Buffer.from(payload, 'utf8');
      writeHead(reply, response, head);
      post(reply, bodiless ? undefined : payload, fail);
    } catch (error) {
      finishResponse(request, response);
      throw error;
    }
    finishResponse(request, response);
  }
}

/** Bytes of the body are still to come that nobody will read: the connection cannot be used again. */
function isUnread(message: IncomingMessage): boolean {
  if (message.complete) return false;
  const { headers } = message;
  const length = headers['content-length'];
  return (length !== undefined && length !== '0') || headers['transfer-encoding'] !== undefined;
}

/** Appends the Set-Cookie headers; says whether anything in the head is outside ASCII. */
function writeCookies(response: HttpResponseBase, head: string[]): boolean {
  let special = response.headers.isSpecial;
  if (response.hasCookies) {
    for (const morsel of response.cookies.values()) {
      const text = morsel.outputString();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is what ASCII is.
      const ascii = /^[\x00-\x7f]*$/.test(text);
      if (!ascii) special = true;
      head.push('Set-Cookie', ascii ? text : Buffer.from(text, 'utf8').toString('latin1'));
    }
  }
  return special;
}

function writeHead(reply: ServerResponse, response: HttpResponseBase, head: string[]): void {
  // The types know only of an object or pairs; a flat list is documented, and is what is fastest.
  const list = head as unknown as Record<string, string>;
  if (response.hasOwnReason) reply.writeHead(response.statusCode, response.reasonPhrase, list);
  else reply.writeHead(response.statusCode, list);
}

/** The answer where there can be none of the site's. Where not even that can be sent, the connection is closed. */
function refuse(reply: ServerResponse, status: number, text: string): void {
  try {
    // A reason phrase that node refused is kept by it all the same: this one takes its place.
    reply.writeHead(status, STATUS_CODES[status] ?? 'Error', {
      'Content-Type': 'text/plain',
      Connection: 'close',
      'Content-Length': text.length,
    });
    reply.end(text);
  } catch {
    reply.destroy();
  }
}

/** The last resort, which cannot fail: the error is logged, the client learns nothing of it. */
function fail(error: unknown, reply: ServerResponse): void {
  try {
    getLogger('tsango.request').error('A request could not be answered.', { statusCode: 500, error });
  } catch {
    // A logger that cannot log must not keep the client waiting.
  }
  if (reply.headersSent || reply.destroyed) reply.destroy();
  else refuse(reply, 500, 'A server error occurred.  Please contact the administrator.');
}

/**
 * A function for `http.createServer()`.
 *
 * @example
 * ```ts
 * const server = http.createServer(createServerListener());
 * server.on('checkContinue', server.listeners('request')[0]);
 * ```
 * @throws ImproperlyConfigured if a middleware cannot be loaded.
 */
export function createServerListener(handler: NodeHandler = new NodeHandler()): ServerListener {
  handler.loadMiddleware();
  return (message, reply) => handler.handle(message, reply);
}
