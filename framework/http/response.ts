/**
 * Responses. Django: `django.http.response`;
 * https://docs.djangoproject.com/en/5.2/ref/request-response/#httpresponse-objects
 */
import { AttributeError, DisallowedRedirect, ValueError } from '../core/exceptions';
import { outlive } from '../python/streams';
import { urlsplit } from '../python/urllib_parse';
import { asBuffer, encodeText, iriToUri, isUtf8 } from '../utils/encoding';
import { isPromise, type MaybePromise } from '../utils/maybe_promise';
import { HttpResponseBase, type ResponseOptions } from './response_base';

export { Http404 } from '../core/exceptions';
export { type Closable, type CookieOptions, HttpResponseBase, type ResponseOptions } from './response_base';
export { FileResponse, type FileResponseOptions } from './response_file';
export { BadHeaderError, type HeadersInput, ResponseHeaders } from './response_headers';
export { type StreamingContent, StreamingHttpResponse } from './response_streaming';

/** What a response's content can be given as; whatever is no text, bytes or list of them becomes text. */
export type Content =
  | string
  | number
  | boolean
  | Uint8Array
  | Iterable<string | Uint8Array>
  | { toString(): string };

/** Longest URL of a redirect, in characters. Django: `max_length` of its redirects. */
const MAX_REDIRECT_LENGTH = 2048;

/** A response whose content is there as a whole. */
export class HttpResponse extends HttpResponseBase {
  readonly streaming: boolean = false;
  /** Text stays text until somebody wants bytes: node:http sends it with the head in one piece. */
  private body: string | Buffer;
  private pending: Promise<unknown> | null;

  /** @param content may be a promise (of what an asynchronous template gives); `ready()` waits for it. */
  constructor(content: Content | Promise<Content> = '', options?: ResponseOptions) {
    super(options);
    this.pending = null;
    this.body = '';
    if (typeof content === 'string') this.body = content;
    else this.assign(content);
  }

  private assign(content: Content | Promise<Content> | null | undefined): void {
    if (isPromise(content)) {
      const pending: Promise<unknown> = content.then((value) => {
        if (this.pending === pending) {
          this.pending = null;
          this.assign(value);
        }
      });
      // Nobody may ask for it any more; whoever does has the failure through ready().
      pending.catch(() => undefined);
      this.pending = pending;
      return;
    }
    this.pending = null;
    this.body = this.toBody(content);
  }

  private toBody(content: Content | null | undefined): string | Buffer {
    if (typeof content === 'string') return content;
    if (content instanceof Uint8Array) return asBuffer(content);
    if (
      content !== null &&
      typeof content === 'object' &&
      Symbol.iterator in content &&
      !(content instanceof String)
    ) {
      const source = content as Iterable<string | Uint8Array> & { close?: () => unknown };
      const chunks = [...source].map((chunk) => this.makeBytes(chunk));
      const closed = source.close?.();
      if (isPromise(closed)) closed.catch(() => undefined);
      return Buffer.concat(chunks);
    }
    if (content !== null && typeof content === 'object' && Symbol.asyncIterator in content) {
      outlive(content);
      throw new TypeError('Content that comes piece by piece is for StreamingHttpResponse.');
    }
    return content === null
      ? 'None'
      : content === true
        ? 'True'
        : content === false
          ? 'False'
          : String(content);
  }

  /** A value in the response's charset. */
  makeBytes(value: unknown): Buffer {
    if (value instanceof Uint8Array) return asBuffer(value);
    return encodeText(String(value), this.charset);
  }

  /**
   * The content as bytes.
   *
   * @throws ValueError if it is still promised: await `ready()` first.
   */
  get content(): Buffer {
    this.refuseUnready();
    const { body } = this;
    return typeof body === 'string' ? encodeText(body, this.charset) : body;
  }

  set content(value: Content | Promise<Content>) {
    this.assign(value);
  }

  private refuseUnready(): void {
    if (this.pending !== null) {
      throw new ValueError('The content of this response is still being made: await response.ready() first.');
    }
  }

  override ready(): MaybePromise<void> {
    return this.pending === null ? undefined : this.pending.then(() => undefined);
  }

  /** The content as text, of bytes in the response's charset. Python: `response.text`. */
  get text(): string {
    this.refuseUnready();
    if (typeof this.body === 'string') return this.body;
    const { decodeBytes } = require('../utils/encoding') as typeof import('../utils/encoding');
    return decodeBytes(this.body, this.charset);
  }

  /** The number of bytes, for Content-Length; the bytes are not made for it. */
  get contentLength(): number {
    this.refuseUnready();
    const { body } = this;
    if (typeof body !== 'string') return body.length;
    return isUtf8(this.charset) ? Buffer.byteLength(body) : this.content.length;
  }

  /** The content as it can be sent soonest: UTF-8 text as it is, else bytes. For adapters. */
  get payload(): string | Buffer {
    this.refuseUnready();
    const { body } = this;
    return typeof body === 'string' && !isUtf8(this.charset) ? this.content : body;
  }

  /** Appends to the content. */
  write(content: string | Uint8Array): void {
    this.refuseUnready();
    if (typeof this.body === 'string' && typeof content === 'string') {
      this.body += content;
    } else {
      this.body = Buffer.concat([this.content, this.makeBytes(content)]);
    }
  }

  writelines(lines: Iterable<string | Uint8Array>): void {
    for (const line of lines) this.write(line);
  }

  writable(): boolean {
    return true;
  }

  /** The number of bytes written. */
  tell(): number {
    return this.contentLength;
  }

  flush(): void {}

  getvalue(): Buffer {
    return this.content;
  }

  *[Symbol.iterator](): IterableIterator<Buffer> {
    yield this.content;
  }

  /** The head and the content as one HTTP message. */
  serialize(): Buffer {
    return Buffer.concat([Buffer.from(`${this.headers.toString()}\r\n\r\n`, 'latin1'), this.content]);
  }
}

/** The base of redirects. */
export abstract class HttpResponseRedirectBase extends HttpResponse {
  static readonly allowedSchemes: readonly string[] = ['http', 'https', 'ftp'];

  /**
   * @param options.preserveRequest 307 or 308, after which the browser repeats method and body.
   * @throws DisallowedRedirect for a scheme other than http, https and ftp, or a URL of over 2,048 characters.
   */
  constructor(
    redirectTo: string | { toString(): string },
    options?: ResponseOptions & { preserveRequest?: boolean },
  ) {
    super('', options);
    const target = String(redirectTo);
    this.headers.set('Location', iriToUri(target));
    if (target.length > MAX_REDIRECT_LENGTH) {
      throw new DisallowedRedirect(`Unsafe redirect exceeding ${MAX_REDIRECT_LENGTH} characters`);
    }
    let scheme: string;
    try {
      ({ scheme } = urlsplit(target));
    } catch (error) {
      throw new DisallowedRedirect(`Unsafe redirect to a malformed URL: ${(error as Error).message}`, {
        cause: error,
      });
    }
    const { allowedSchemes } = this.constructor as typeof HttpResponseRedirectBase;
    if (scheme && !allowedSchemes.includes(scheme)) {
      throw new DisallowedRedirect(`Unsafe redirect to URL with protocol '${scheme}'`);
    }
    if (options?.preserveRequest && (options.status === undefined || options.status === null)) {
      this.statusCode = (this.constructor as typeof HttpResponseRedirectBase).preservingStatus;
    }
  }

  protected static readonly preservingStatus: number = 307;

  get url(): string {
    return this.headers.get('Location', '');
  }

  override toString(): string {
    return `${super.toString().slice(0, -1)}, url="${this.url}">`;
  }
}

export class HttpResponseRedirect extends HttpResponseRedirectBase {
  static override readonly defaultStatus: number = 302;
}

export class HttpResponsePermanentRedirect extends HttpResponseRedirectBase {
  static override readonly defaultStatus: number = 301;
  protected static override readonly preservingStatus: number = 308;
}

/** 304, which has neither content nor a Content-Type. */
export class HttpResponseNotModified extends HttpResponse {
  static override readonly defaultStatus: number = 304;

  constructor(options?: ResponseOptions) {
    super('', options);
    this.headers.delete('Content-Type');
  }

  override get content(): Buffer {
    return super.content;
  }

  override set content(value: Content | Promise<Content>) {
    if (value) {
      throw new AttributeError('You cannot set content to a 304 (Not Modified) response');
    }
  }
}

export class HttpResponseBadRequest extends HttpResponse {
  static override readonly defaultStatus: number = 400;
}

export class HttpResponseForbidden extends HttpResponse {
  static override readonly defaultStatus: number = 403;
}

export class HttpResponseNotFound extends HttpResponse {
  static override readonly defaultStatus: number = 404;
}

/** 405 with the methods that are allowed. */
export class HttpResponseNotAllowed extends HttpResponse {
  static override readonly defaultStatus: number = 405;

  constructor(permittedMethods: readonly string[], content?: Content, options?: ResponseOptions) {
    super(content, options);
    this.headers.set('Allow', permittedMethods.join(', '));
  }

  override toString(): string {
    return `<HttpResponseNotAllowed [${this.headers.get('Allow', '')}] status_code=${this.statusCode}, "${this.headers.get('Content-Type', '')}">`;
  }
}

export class HttpResponseGone extends HttpResponse {
  static override readonly defaultStatus: number = 410;
}

export class HttpResponseServerError extends HttpResponse {
  static override readonly defaultStatus: number = 500;
}

/** JSON as Django's encoder writes it (see `tsango/core/serializers/json`). */
export class JsonResponse extends HttpResponse {
  /**
   * @param options.safe only objects are allowed, unless it is `false`.
   * @param options.indent spaces of each level of indentation.
   * @param options.encoder turns data into JSON text; `DjangoJSONEncoder` if absent.
   * @throws TypeError if the data is no object and `safe` is not `false`.
   */
  constructor(
    data: unknown,
    options: ResponseOptions & {
      safe?: boolean;
      indent?: number;
      encoder?: (data: unknown, indent?: number) => string;
    } = {},
  ) {
    const { safe = true, encoder, indent, ...rest } = options;
    if (safe && (data === null || typeof data !== 'object' || Array.isArray(data))) {
      throw new TypeError(
        'In order to allow non-dict objects to be serialized set the safe parameter to False.',
      );
    }
    const encode =
      encoder ??
      (require('../core/serializers/encode_json') as typeof import('../core/serializers/encode_json'))
        .encodeJson;
    super(encode(data, indent), { contentType: 'application/json', ...rest });
  }
}
