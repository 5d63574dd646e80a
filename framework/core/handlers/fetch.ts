/**
 * Requests and responses of the WHATWG fetch standard: for servers that speak it, and for edge runtimes' adapters.
 * Django: `django.core.handlers.asgi`, in its place.
 */
import { HttpRequest } from '../../http/request';
import type { RequestSource, SourceHeaders } from '../../http/request_source';
import type { HttpResponse } from '../../http/response';
import type { HttpResponseBase } from '../../http/response_base';
import type { StreamingHttpResponse } from '../../http/response_streaming';
import { Dict } from '../../python/dict';
import { getLogger } from '../../utils/log';
import { announceStart, BaseHandler, finishResponse } from './base';
import { checkLength, declaredLength } from './length';

/** Answers one request. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** What the platform knows of a connection, and a fetch `Request` does not say. */
export interface ConnectionInfo {
  remoteAddr?: string;
  remotePort?: number;
}

class FetchSource implements RequestSource {
  readonly httpVersion = '1.1';
  private readonly url: URL;
  private ownHeaders: SourceHeaders | undefined;

  constructor(
    private readonly request: Request,
    private readonly connection: ConnectionInfo,
  ) {
    this.url = new URL(request.url);
  }

  get method(): string {
    return this.request.method;
  }
  get target(): string {
    return this.url.pathname + this.url.search;
  }
  get headers(): SourceHeaders {
    if (this.ownHeaders === undefined) {
      const headers = new Dict<string>();
      for (const [name, value] of this.request.headers) headers[name] = value;
      // The URL is what was asked for; fetch keeps the header from programs.
      headers['host'] ??= this.url.host;
      this.ownHeaders = headers;
    }
    return this.ownHeaders;
  }
  get scheme(): 'http' | 'https' {
    return this.url.protocol === 'https:' ? 'https' : 'http';
  }
  get remoteAddr(): string {
    return this.connection.remoteAddr ?? '';
  }
  get remotePort(): number {
    return this.connection.remotePort ?? 0;
  }
  get serverName(): string {
    return this.url.hostname;
  }
  get serverPort(): number {
    return Number(this.url.port) || (this.scheme === 'https' ? 443 : 80);
  }
  get body(): AsyncIterable<Uint8Array> | null {
    return this.request.body as AsyncIterable<Uint8Array> | null;
  }
  get aborted(): AbortSignal {
    return this.request.signal;
  }
}

function withoutBody(request: HttpRequest, status: number): boolean {
  return request.method === 'HEAD' || status === 204 || status === 205 || status === 304 || status < 200;
}

/** A stream that asks for the next piece when the last one was read, and ends the content when nobody reads on. */
function toStream(response: StreamingHttpResponse, done: () => void): ReadableStream<Uint8Array> {
  const stream = response.streamingContent;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const result = await stream.next();
        if (result.done) {
          controller.close();
          done();
        } else if (result.value.length > 0) {
          controller.enqueue(result.value);
        } else {
          await this.pull?.(controller);
        }
      } catch (error) {
        getLogger('tsango.request').error('The content of a streaming response failed.', {
          statusCode: 500,
          error,
        });
        done();
        controller.error(error);
      }
    },
    async cancel() {
      try {
        await stream.return?.();
      } finally {
        done();
      }
    },
  });
}

function toResponse(request: HttpRequest, response: HttpResponseBase): Response {
  const { statusCode } = response;
  const headers = new Headers([...response.headers.items()]);
  for (const morsel of response.cookies.values()) {
    headers.append('Set-Cookie', Buffer.from(morsel.outputString(), 'utf8').toString('latin1'));
  }
  const init = {
    status: statusCode,
    statusText: response.hasOwnReason ? response.reasonPhrase : '',
    headers,
  };
  const done = (): void => finishResponse(request, response);
  const declared = withoutBody(request, statusCode) ? undefined : declaredLength(response);
  if (withoutBody(request, statusCode)) {
    if (response.streaming) {
      void Promise.resolve((response as StreamingHttpResponse).streamingContent.return?.()).catch(
        () => undefined,
      );
    }
    done();
    return new Response(null, init);
  }
  if (response.streaming) return new Response(toStream(response as StreamingHttpResponse, done), init);
  const { payload } = response as HttpResponse;
  const length = (response as HttpResponse).contentLength;
  if (declared === undefined) headers.set('Content-Length', String(length));
  else checkLength(declared, length);
  const result = new Response(payload, init);
  done();
  return result;
}

/** Logs a response that cannot be sent, and releases what it holds. It cannot fail itself. */
function abandon(
  request: HttpRequest | undefined,
  response: HttpResponseBase | undefined,
  error: unknown,
): void {
  try {
    getLogger('tsango.request').error('A request could not be answered.', { statusCode: 500, error });
  } catch {
    // A logger that cannot log must not keep the client waiting.
  }
  try {
    if (request !== undefined && response !== undefined) finishResponse(request, response);
  } catch {
    // Whatever it was, the client gets its answer.
  }
}

/**
 * A function from fetch's `Request` to its `Response`.
 *
 * @param connection tells what is known of a request's connection, for REMOTE_ADDR.
 * @throws ImproperlyConfigured if a middleware cannot be loaded.
 */
export function createFetchHandler(
  handler: BaseHandler = new BaseHandler(),
  connection: (request: Request) => ConnectionInfo = () => ({}),
): FetchHandler {
  handler.loadMiddleware();
  return async (incoming) => {
    let request: HttpRequest | undefined;
    let response: HttpResponseBase | undefined;
    try {
      request = new HttpRequest(new FetchSource(incoming, connection(incoming)));
      await announceStart(request);
      response = await handler.getResponse(request);
      return toResponse(request, response);
    } catch (error) {
      abandon(request, response, error);
      return new Response('A server error occurred.  Please contact the administrator.', {
        status: 500,
        headers: { 'Content-Type': 'text/plain' },
      });
    }
  };
}
