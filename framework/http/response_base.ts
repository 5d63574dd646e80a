/** What all responses have in common. Django: `HttpResponseBase` of `django.http.response`. */
import { STATUS_CODES } from 'node:http';
import { settings } from '../conf';
import { ValueError } from '../core/exceptions';
import { toInt } from '../python/numbers';
import { httpDate } from '../utils/http';
import type { MaybePromise } from '../utils/maybe_promise';
import { SimpleCookie } from './cookie';
import { BadHeaderError, type HeadersInput, ResponseHeaders } from './response_headers';

/** What every response can be given. */
export interface ResponseOptions {
  /** The Content-Type; `text/html` in the response's charset if absent. */
  contentType?: string | null | undefined;
  /** 100 to 599; the class's own if absent. */
  status?: number | null | undefined;
  /** The reason phrase; that of the status if absent. Letters of Latin-1, no control characters. */
  reason?: string | null | undefined;
  /** The charset that text is encoded in; that of `contentType`, else DEFAULT_CHARSET. */
  charset?: string | null | undefined;
  headers?: HeadersInput | null | undefined;
}

/** The attributes of a cookie. https://docs.djangoproject.com/en/5.2/ref/request-response/#django.http.HttpResponse.set_cookie */
export interface CookieOptions {
  /** Seconds; none: until the browser closes. */
  maxAge?: number | null | undefined;
  /** A date, or the text of one as HTTP writes it. Not together with `maxAge` if it is a date. */
  expires?: Date | string | null | undefined;
  path?: string | null | undefined;
  domain?: string | null | undefined;
  secure?: boolean | null | undefined;
  httponly?: boolean | null | undefined;
  samesite?: string | false | null | undefined;
  /** Keeps the cookie apart for each top-level site (CHIPS). Browsers want `secure` with it. */
  partitioned?: boolean | null | undefined;
}

/** Something that a response closes when it is done. */
export interface Closable {
  close(): unknown;
}

const CHARSET = /;\s*charset=([^\s;]+)/i;

/** The class of HttpResponse, StreamingHttpResponse and FileResponse; not to be used directly. */
export abstract class HttpResponseBase {
  static readonly defaultStatus: number = 200;

  abstract readonly streaming: boolean;
  statusCode: number;
  readonly headers: ResponseHeaders & Record<string, string>;
  closed = false;
  private ownReason: string | null;
  private ownCharset: string | null;
  private ownCookies: SimpleCookie | undefined;
  private ownClosers: (() => unknown)[] | undefined;

  /**
   * @throws ValueError for a status that is no integer from 100 to 599, or a content type given twice; BadHeaderError
   * for a header or a reason phrase that the wire cannot hold.
   */
  constructor(options?: ResponseOptions) {
    const headers = new ResponseHeaders(options?.headers ?? undefined);
    this.headers = headers as ResponseHeaders & Record<string, string>;
    this.ownCookies = undefined;
    this.ownClosers = undefined;
    const status = options?.status;
    if (status === undefined || status === null) {
      this.statusCode = (this.constructor as typeof HttpResponseBase).defaultStatus;
    } else {
      if (!Number.isInteger(status)) {
        throw new TypeError('HTTP status code must be an integer.');
      }
      if (status < 100 || status > 599) {
        throw new ValueError('HTTP status code must be an integer from 100 to 599.');
      }
      this.statusCode = status;
    }
    const reason = options?.reason;
    this.ownReason = reason === undefined || reason === null ? null : validReason(reason);
    this.ownCharset = options?.charset ?? null;
    const contentType = options?.contentType;
    if (contentType !== undefined && contentType !== null) {
      if (headers.has('Content-Type')) {
        throw new ValueError(
          "'headers' must not contain 'Content-Type' when the 'contentType' parameter is provided.",
        );
      }
      headers.set('Content-Type', contentType);
    } else if (!headers.has('Content-Type')) {
      headers.set('Content-Type', defaultContentType(this.charset));
    }
  }

  get reasonPhrase(): string {
    return this.ownReason ?? STATUS_CODES[this.statusCode] ?? 'Unknown Status Code';
  }

  /** @throws BadHeaderError for what a status line cannot hold. */
  set reasonPhrase(value: string) {
    this.ownReason = validReason(value);
  }

  /** Whether the reason phrase is not that of the status. */
  get hasOwnReason(): boolean {
    return this.ownReason !== null;
  }

  get charset(): string {
    if (this.ownCharset !== null) return this.ownCharset;
    const contentType = this.headers.get('Content-Type');
    if (contentType !== undefined) {
      if (contentType === HTML_UTF8) return 'utf-8';
      const match = CHARSET.exec(contentType);
      if (match !== null) return (match[1] as string).replaceAll('"', '');
    }
    return settings.DEFAULT_CHARSET;
  }

  set charset(value: string) {
    this.ownCharset = value;
  }

  /** The cookies to set, in order. */
  get cookies(): SimpleCookie {
    this.ownCookies ??= new SimpleCookie();
    return this.ownCookies;
  }

  set cookies(value: SimpleCookie) {
    this.ownCookies = value;
  }

  /** What the handler closes with the response: request files, streams. Django: `_resource_closers`. */
  get closers(): (() => unknown)[] {
    this.ownClosers ??= [];
    return this.ownClosers;
  }

  /** Whether there are cookies to set; does not make the dictionary. */
  get hasCookies(): boolean {
    return this.ownCookies !== undefined && this.ownCookies.size > 0;
  }

  hasHeader(name: string): boolean {
    return this.headers.has(name);
  }

  /** A header's value. Python: `response.get(header)`. */
  get(name: string): string | undefined;
  get<D>(name: string, alternate: D): string | D;
  get<D>(name: string, alternate?: D): string | D | undefined {
    return this.headers.get(name, alternate);
  }

  items(): IterableIterator<[string, string]> {
    return this.headers.items();
  }

  /** Sets a header unless it is there. */
  setdefault(name: string, value: string): void {
    this.headers.setdefault(name, value);
  }

  /**
   * Sets a cookie. https://docs.djangoproject.com/en/5.2/ref/request-response/#django.http.HttpResponse.set_cookie
   *
   * @throws ValueError if `expires` is a date and `maxAge` is given, for what is no time, or an unknown `samesite`.
   * @throws CookieError for a name that a cookie cannot have.
   */
  setCookie(key: string, value: string | number = '', options: CookieOptions = {}): void {
    const { domain, samesite, path = '/' } = options;
    let { maxAge, expires } = options;
    if (samesite && !/^(?:lax|none|strict)$/i.test(samesite)) {
      throw new ValueError('samesite must be "lax", "none", or "strict".');
    }
    const morsel = this.cookies.setValue(key, String(value));
    if (expires instanceof Date) {
      if (maxAge !== undefined && maxAge !== null) {
        throw new ValueError("'expires' and 'maxAge' can't be used together.");
      }
      // A second is added so that the date matches: fractions get lost twice.
      maxAge = Math.max(0, Math.floor((expires.getTime() - Date.now()) / 1000 + 1));
      expires = undefined;
    } else {
      morsel.set('expires', expires ?? '');
    }
    if (maxAge !== undefined && maxAge !== null) {
      morsel.set('max-age', Number(toInt(maxAge)));
      // Old browsers know `expires` alone.
      if (!expires) morsel.set('expires', httpDate(Date.now() / 1000 + Number(maxAge)));
    }
    if (path !== undefined && path !== null) morsel.set('path', path);
    if (domain !== undefined && domain !== null) morsel.set('domain', domain);
    if (options.secure) morsel.set('secure', true);
    if (options.httponly) morsel.set('httponly', true);
    if (samesite) morsel.set('samesite', samesite);
    if (options.partitioned) morsel.set('partitioned', true);
  }

  /** Sets a cookie that `request.getSignedCookie()` verifies; the salt must be the same there. */
  setSignedCookie(key: string, value: string, options: CookieOptions & { salt?: string } = {}): void {
    const { salt = '', ...rest } = options;
    const { signCookie } = require('../core/signing') as typeof import('../core/signing');
    this.setCookie(key, signCookie(key, value, salt), rest);
  }

  /** Tells the browser to forget a cookie. `path`, `domain` and `samesite` must be those it was set with. */
  deleteCookie(
    key: string,
    options: { path?: string | null; domain?: string | null; samesite?: string | false | null } = {},
  ): void {
    const { path = '/', domain, samesite } = options;
    // Browsers ignore the header if these are not secure: RFC 6265bis, 4.1.3, and SameSite=None likewise.
    const secure =
      key.startsWith('__Secure-') ||
      key.startsWith('__Host-') ||
      (typeof samesite === 'string' && samesite.toLowerCase() === 'none');
    this.setCookie(key, '', {
      maxAge: 0,
      path,
      domain,
      secure,
      expires: 'Thu, 01 Jan 1970 00:00:00 GMT',
      samesite,
    });
  }

  /** What has to be waited for before the response can be sent or looked at. */
  ready(): MaybePromise<void> {}

  /** Releases what the response holds; the adapter calls it when everything is sent, or the client is gone. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    const closers = this.ownClosers;
    if (closers === undefined) return;
    for (let i = 0; i < closers.length; i++) {
      try {
        const result = (closers[i] as () => unknown)();
        if (result instanceof Promise) result.catch(() => undefined);
      } catch {
        // Closing goes on: the next resource must be released as well.
      }
    }
  }

  toString(): string {
    const contentType = this.headers.get('Content-Type');
    const shown = contentType === undefined ? '' : `, "${contentType}"`;
    return `<${this.constructor.name} status_code=${this.statusCode}${shown}>`;
  }
}

const HTML_UTF8 = 'text/html; charset=utf-8';

// RFC 9112, 4: what a status line can hold; the bytes above ASCII are Latin-1's.
const REASON = /^[\t\x20-\x7e\x80-\xff]*$/;

/** A reason phrase is examined where it is set: in the adapter it would be too late for an answer. */
function validReason(reason: unknown): string {
  const text = String(reason);
  if (!REASON.test(text)) {
    throw new BadHeaderError(
      `A reason phrase can have letters of Latin-1 only, and no control characters (got ${JSON.stringify(text)})`,
    );
  }
  return text;
}

function defaultContentType(charset: string): string {
  return charset === 'utf-8' ? HTML_UTF8 : `text/html; charset=${charset}`;
}
