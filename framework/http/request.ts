/**
 * Requests. Everything is worked out when it is first read, and kept.
 *
 * Django: `django.http.request`; https://docs.djangoproject.com/en/5.2/ref/request-response/
 */
import { settings } from '../conf';
import { scriptName } from '../conf/script_prefix';
import { BadRequest, DisallowedHost, ImproperlyConfigured, KeyError } from '../core/exceptions';
import type { UploadedFile } from '../core/files/uploadedfile';
import type { UploadHandler } from '../core/files/uploadhandler';
import { urljoin, urlsplit } from '../python/urllib_parse';
import type { ResolverMatch } from '../urls/resolvers';
import { MultiValueDict } from '../utils/datastructures';
import { iriToUri, isKnownEncoding, isUtf8, latin1ToUtf8 } from '../utils/encoding';
import { parseHeaderParameters } from '../utils/http';
import type { MaybePromise } from '../utils/maybe_promise';
import { parseCookie } from './cookie';
import { DEBUG_HOSTS, isAllowedHost, splitDomainPort } from './host';
import { acceptedBy, type MediaType, parseAccept } from './media_type';
import { QueryDict } from './querydict';
import { notRead, RequestBody } from './request_body';
import { clientsFault, HttpHeaders, headerName, metaName, sourceHeader } from './request_headers';
import { buildMeta, fullPath, isBelow } from './request_meta';
import { NO_SOURCE, type RequestSource } from './request_source';
import { parseTarget, type RequestTarget } from './request_target';

export { RawPostDataException, UnreadablePostError } from './exceptions';
export { MediaType } from './media_type';
export { QueryDict } from './querydict';
export { HttpHeaders } from './request_headers';
export type { RequestSource, SourceHeaders } from './request_source';

/** A QueryDict read with brackets. A missing key throws MultiValueDictKeyError, whatever the type says. */
export type QueryData = QueryDict & { readonly [key: string]: string };
/** The uploaded files by field name. */
export type FileData = MultiValueDict<UploadedFile> & { readonly [key: string]: UploadedFile };

const EMPTY_BODY = Buffer.alloc(0);

export class HttpRequest {
  method: string;
  /** What the URL resolved to; `null` before that. */
  resolverMatch: ResolverMatch | null = null;
  /** The URLconf for this request instead of ROOT_URLCONF: a dotted name or a module. A middleware sets it. */
  urlconf: unknown = undefined;
  /** The CSRF check is left out; the test client sets it. Django: `_dont_enforce_csrf_checks`. */
  dontEnforceCsrfChecks = false;

  private readonly source: RequestSource;
  private target: RequestTarget | null = null;
  private ownPath: string | null = null;
  private ownPathInfo: string | null = null;
  private ownMeta: Record<string, string> | null = null;
  private ownHeaders: HttpHeaders | null = null;
  private ownCookies: Record<string, string> | null = null;
  private ownGet: QueryDict | null = null;
  private ownPost: QueryDict | null = null;
  private ownFiles: MultiValueDict<UploadedFile> | null = null;
  private ownEncoding: string | null | undefined = undefined;
  private ownType: [string, Record<string, string>] | null = null;
  private bodyReader: RequestBody | null = null;
  private multipart: MaybePromise<void> | null = null;
  private multipartError: unknown = undefined;
  private handlers: UploadHandler[] | null = null;
  private accepted: MediaType[] | null = null;

  /** @param source what an adapter knows; none: an empty request whose fields can be set. */
  constructor(source: RequestSource = NO_SOURCE) {
    this.source = source;
    this.method = source.method;
  }

  private get parts(): RequestTarget {
    this.target ??= parseTarget(this.source.target);
    return this.target;
  }

  /** The path without the host; with FORCE_SCRIPT_NAME. */
  get path(): string {
    if (this.ownPath === null) {
      const { path } = this.parts;
      const script = scriptName(settings.FORCE_SCRIPT_NAME);
      this.ownPath = !script || isBelow(path, script) || this.source === NO_SOURCE ? path : script + path;
    }
    return this.ownPath;
  }

  set path(value: string) {
    this.ownPath = value;
  }

  /** The path that the URLconf sees: without FORCE_SCRIPT_NAME, whether or not the server in front strips it. */
  get pathInfo(): string {
    if (this.ownPathInfo === null) {
      const { path } = this.parts;
      const script = scriptName(settings.FORCE_SCRIPT_NAME);
      this.ownPathInfo = script && isBelow(path, script) ? path.slice(script.length) || '/' : path;
    }
    return this.ownPathInfo;
  }

  set pathInfo(value: string) {
    this.ownPathInfo = value;
  }

  /** The query string as it came. `META['QUERY_STRING']`. */
  get queryString(): string {
    return this.ownMeta === null ? this.parts.query : (this.ownMeta['QUERY_STRING'] ?? '');
  }

  /** The environment of the request, by CGI's names: `REMOTE_ADDR`, `HTTP_USER_AGENT`, … It can be changed. */
  get META(): Record<string, string> {
    this.ownMeta ??= buildMeta(this, this.source, this.parts);
    return this.ownMeta;
  }

  set META(value: Record<string, string>) {
    this.ownMeta = value;
  }

  get headers(): HttpHeaders & { readonly [name: string]: string } {
    this.ownHeaders ??= new HttpHeaders(this.META);
    return this.ownHeaders as HttpHeaders & { readonly [name: string]: string };
  }

  /** One header, by its name in lower case. Cheaper than `headers` and `META`, which it does not make. */
  header(name: string): string | undefined {
    if (this.ownMeta !== null) return this.ownMeta[metaName(name)];
    if (name === 'host') return this.parts.authority ?? sourceHeader(this.source.headers, name);
    return sourceHeader(this.source.headers, name);
  }

  /** One entry of META, without making META where it is a header. */
  private meta(key: string): string | undefined {
    const name = this.ownMeta === null ? headerName(key) : undefined;
    return name === undefined ? this.META[key] : this.header(name);
  }

  /** The cookies by name; an object without prototype. */
  get COOKIES(): Record<string, string> {
    if (this.ownCookies === null) {
      const header = this.header('cookie');
      this.ownCookies = parseCookie(header === undefined ? '' : latin1ToUtf8(header));
    }
    return this.ownCookies;
  }

  set COOKIES(value: Record<string, string>) {
    this.ownCookies = value;
  }

  get GET(): QueryData {
    if (this.ownGet === null) {
      const query = this.queryString;
      // Bytes, not characters, are what the encoding is applied to.
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is what ASCII is.
      const raw = /^[\x00-\x7f]*$/.test(query) ? query : Buffer.from(query, 'latin1');
      this.ownGet = new QueryDict(raw, { encoding: this.encoding });
    }
    return this.ownGet as QueryData;
  }

  set GET(value: QueryDict) {
    this.ownGet = value;
  }

  private get typeAndParams(): [string, Record<string, string>] {
    if (this.ownType !== null) return this.ownType;
    // Whoever reports an error in it does not run into it again.
    this.ownType = ['', {}];
    const header = this.header('content-type') ?? '';
    this.ownType = clientsFault(() => parseHeaderParameters(header));
    return this.ownType;
  }

  /** The media type of the body, in lower case, without parameters. */
  get contentType(): string {
    return this.typeAndParams[0];
  }

  /** The parameters of the Content-Type. */
  get contentParams(): Record<string, string> {
    return this.typeAndParams[1];
  }

  /** The charset of GET and POST: the Content-Type's; `null` for DEFAULT_CHARSET. Setting it decodes them anew. */
  get encoding(): string | null {
    if (this.ownEncoding === undefined) {
      const charset = this.header('content-type') === undefined ? undefined : this.contentParams['charset'];
      this.ownEncoding = charset !== undefined && isKnownEncoding(charset) ? charset : null;
    }
    return this.ownEncoding;
  }

  set encoding(value: string | null) {
    this.ownEncoding = value;
    this.ownGet = null;
    if (this.multipart === null) this.ownPost = null;
  }

  /** 'http' or 'https', by SECURE_PROXY_SSL_HEADER where that is set. */
  get scheme(): string {
    const setting = settings.SECURE_PROXY_SSL_HEADER;
    if (setting) {
      if (setting.length !== 2) {
        throw new ImproperlyConfigured('The SECURE_PROXY_SSL_HEADER setting must be a list of two values.');
      }
      const value = this.meta(setting[0]);
      if (value !== undefined) return value.split(',', 1)[0]?.trim() === setting[1] ? 'https' : 'http';
    }
    return this.ownMeta?.['wsgi.url_scheme'] ?? this.source.scheme;
  }

  isSecure(): boolean {
    return this.scheme === 'https';
  }

  private rawHost(): string {
    const forwarded = settings.USE_X_FORWARDED_HOST ? this.header('x-forwarded-host') : undefined;
    const host = forwarded ?? this.header('host');
    if (host !== undefined) return host;
    const port = this.getPort();
    const name = this.META['SERVER_NAME'] ?? '';
    return port === (this.isSecure() ? '443' : '80') ? name : `${name}:${port}`;
  }

  /**
   * The host that the client asked for.
   *
   * @throws DisallowedHost if ALLOWED_HOSTS does not have it, or it is none.
   */
  getHost(): string {
    const host = this.rawHost();
    const allowed = settings.ALLOWED_HOSTS;
    if (isAllowedHost(host, settings.DEBUG && allowed.length === 0 ? DEBUG_HOSTS : allowed)) return host;
    const [domain] = splitDomainPort(host);
    if (domain !== '' && domain === this.source.trustedHost) return host;
    throw new DisallowedHost(
      `Invalid HTTP_HOST header: '${host}'.${
        domain
          ? ` You may need to add '${domain}' to ALLOWED_HOSTS.`
          : ' The domain name provided is not valid according to RFC 1034/1035.'
      }`,
    );
  }

  /** The port that the client connected to, or that the proxy says it did. */
  getPort(): string {
    const forwarded = settings.USE_X_FORWARDED_PORT ? this.header('x-forwarded-port') : undefined;
    return forwarded ?? String(this.META['SERVER_PORT'] ?? '');
  }

  /** The path with the query string, safe to put into a link. */
  getFullPath(forceAppendSlash = false): string {
    return fullPath(this.path, this.queryString, forceAppendSlash);
  }

  /** Like `getFullPath`, of `pathInfo`. */
  getFullPathInfo(forceAppendSlash = false): string {
    return fullPath(this.pathInfo, this.queryString, forceAppendSlash);
  }

  /**
   * The absolute URI of a location: of this request if there is none, joined with this request's if it is relative.
   *
   * @throws DisallowedHost where the host is needed and not allowed.
   */
  buildAbsoluteUri(location?: string | { toString(): string } | null): string {
    // Two slashes keep a path that begins with two from being taken for a host.
    let target = location === undefined || location === null ? `//${this.getFullPath()}` : String(location);
    const bits = urlsplit(target);
    if (!(bits.scheme && bits.netloc)) {
      const here = `${this.scheme}://${this.getHost()}`;
      const isPlain =
        bits.path.startsWith('/') && !bits.scheme && !bits.netloc && !/\/\.\.?\//.test(bits.path);
      if (isPlain) {
        target = here + (target.startsWith('//') ? target.slice(2) : target);
      } else {
        target = urljoin(here + this.path, target);
      }
    }
    return iriToUri(target);
  }

  /**
   * The value of a cookie that `setSignedCookie()` set.
   *
   * @param options.maxAge seconds after which it counts as expired.
   * @throws KeyError if it is missing, BadSignature or SignatureExpired if it is not good; neither with a `default`.
   */
  getSignedCookie<D = never>(
    key: string,
    options: { default?: D; salt?: string; maxAge?: number | null } = {},
  ): string | D {
    const { salt = '', maxAge } = options;
    const { BadSignature, unsignCookie } = require('../core/signing') as typeof import('../core/signing');
    try {
      const value = this.COOKIES[key];
      if (value === undefined) throw new KeyError(key);
      return unsignCookie(key, value, salt, maxAge === undefined ? {} : { maxAge });
    } catch (error) {
      if ('default' in options && (error instanceof KeyError || error instanceof BadSignature)) {
        return options.default as D;
      }
      throw error;
    }
  }

  /** What Accept takes, best first. */
  get acceptedTypes(): readonly MediaType[] {
    if (this.accepted !== null) return this.accepted;
    this.accepted = [];
    const header = this.header('accept') ?? '*/*';
    this.accepted = clientsFault(() => parseAccept(header));
    return this.accepted;
  }

  /** Whether the client takes a media type. */
  accepts(mediaType: string): boolean {
    return acceptedBy(this.acceptedTypes, mediaType) !== undefined;
  }

  /** Of some media types, the one that the client likes best; `null` if it takes none. */
  getPreferredType(mediaTypes: readonly string[]): string | null {
    let best: string | null = null;
    let bestIndex = Number.POSITIVE_INFINITY;
    for (const mediaType of mediaTypes) {
      const range = acceptedBy(this.acceptedTypes, mediaType);
      const index = range === undefined ? bestIndex : this.acceptedTypes.indexOf(range);
      if (index < bestIndex) {
        best = mediaType;
        bestIndex = index;
      }
    }
    return best;
  }

  private get reader(): RequestBody | null {
    if (this.bodyReader === null) {
      const { body } = this.source;
      if (body === null) return null;
      const length = Number(this.header('content-length'));
      this.bodyReader = new RequestBody(body, Number.isFinite(length) ? length : undefined);
    }
    return this.bodyReader;
  }

  /**
   * Reads the body, so that `POST`, `FILES` and `body` can be read without waiting. The handler does it before the
   * view; a middleware that wants them earlier calls it itself, and so does a view that is marked with `streamBody`.
   * What is wrong with a body is thrown when it is looked at, not here.
   *
   * @throws RequestAborted if the client is gone before the end.
   */
  load(): MaybePromise<void> {
    if (this.multipart !== null) return this.multipart;
    const reader = this.reader;
    if (reader === null || this.isLoaded) return;
    if (this.method !== 'POST' || this.contentType !== 'multipart/form-data') return reader.load();
    this.multipart = this.loadMultipart(reader);
    return this.multipart;
  }

  /** Whether the body is read already (or there is none). A form whose bytes somebody looked at is yet to be parsed. */
  get isLoaded(): boolean {
    const { reader } = this;
    if (reader === null || this.multipart !== null) return true;
    if (reader.state !== 'loaded') return reader.state !== 'pending';
    return this.method !== 'POST' || this.contentType !== 'multipart/form-data';
  }

  private loadMultipart(reader: RequestBody): Promise<void> {
    const { parseUpload } = require('./multipartparser') as typeof import('./multipartparser');
    return parseUpload(this, reader, this.uploadHandlers).then(
      ({ post, files }) => {
        this.ownPost = post;
        this.ownFiles = files;
      },
      (error: unknown) => {
        if ((error as Error).name === 'RequestAborted') throw error;
        this.multipartError = error;
      },
    );
  }

  /** The body's bytes. @throws RequestDataTooBig, RawPostDataException, SynchronousOnlyOperation. */
  get body(): Buffer {
    return this.reader?.bytes() ?? EMPTY_BODY;
  }

  private loadPostAndFiles(): void {
    if (this.multipartError !== undefined) {
      const error = this.multipartError;
      this.markPostParseError();
      throw error;
    }
    const reader = this.reader;
    let post: QueryDict | undefined;
    if (this.method === 'POST' && reader !== null) {
      if (this.contentType === 'multipart/form-data') {
        // Upload handlers may be asynchronous: only load() has it parsed, even where the bytes are there.
        if (this.multipart === null && !reader.isStreamed) throw notRead();
      } else if (this.contentType === 'application/x-www-form-urlencoded' && !reader.isStreamed) {
        // RFC 1866, 8.2.1: there is no other charset for these.
        if (this.encoding !== null && !isUtf8(this.encoding)) {
          throw new BadRequest(
            "HTTP requests with the 'application/x-www-form-urlencoded' content type must be UTF-8 encoded.",
          );
        }
        post = new QueryDict(reader.bytes(), { encoding: 'utf-8' });
      } else if (reader.state === 'pending') {
        // Not a form: empty, whether or not it was read.
      }
    }
    this.ownPost = post ?? new QueryDict('', { encoding: this.encoding });
    this.ownFiles ??= new MultiValueDict<UploadedFile>();
  }

  /** The fields of a submitted form; empty for a body that is no form. Files are in `FILES`. */
  get POST(): QueryData {
    if (this.ownPost === null) this.loadPostAndFiles();
    return this.ownPost as QueryData;
  }

  set POST(value: QueryDict) {
    this.ownPost = value;
  }

  get FILES(): FileData {
    if (this.ownFiles === null) this.loadPostAndFiles();
    return this.ownFiles as FileData;
  }

  set FILES(value: MultiValueDict<UploadedFile>) {
    this.ownFiles = value;
  }

  /** Makes POST and FILES empty, so that whoever reports an error in them does not run into it again. */
  markPostParseError(): void {
    this.ownPost = new QueryDict('');
    this.ownFiles = new MultiValueDict<UploadedFile>();
    this.multipartError = undefined;
  }

  /** What takes uploads: FILE_UPLOAD_HANDLERS. A middleware may change the list before the body is read. */
  get uploadHandlers(): UploadHandler[] {
    if (this.handlers === null) {
      const { loadHandlers } =
        require('../core/files/uploadhandler') as typeof import('../core/files/uploadhandler');
      this.handlers = loadHandlers(this);
    }
    return this.handlers;
  }

  set uploadHandlers(value: UploadHandler[]) {
    if (this.multipart !== null) {
      throw new Error('You cannot set the upload handlers after the upload has been processed.');
    }
    this.handlers = value;
  }

  /** Bytes of the body, for views marked with `streamBody`: up to `size`, or all; empty at the end. */
  read(size?: number): MaybePromise<Buffer> {
    return this.reader?.read(size) ?? EMPTY_BODY;
  }

  /** The pieces of the body as they come. */
  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    if (this.reader !== null) yield* this.reader.stream();
  }

  /** Fires when the client is gone; `undefined` where the adapter cannot know. */
  get aborted(): AbortSignal | undefined {
    return this.source.aborted;
  }

  /** Whether there is anything to close: uploads. */
  get needsClosing(): boolean {
    return this.multipart !== null;
  }

  /** Releases the uploads; temporary files are deleted. The handler's response does it. */
  async close(): Promise<void> {
    if (this.multipart === null) return;
    await Promise.resolve(this.multipart).catch(() => undefined);
    for (const [, files] of this.ownFiles?.lists() ?? []) {
      for (const file of files) await file.close();
    }
  }

  toString(): string {
    return this.method ? `<HttpRequest: ${this.method} '${this.getFullPath()}'>` : '<HttpRequest>';
  }
}
