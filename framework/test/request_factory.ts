/** Requests for tests, without a server. https://docs.djangoproject.com/en/5.2/topics/testing/advanced/#the-request-factory */

import { SimpleUploadedFile, type UploadedFile } from '../core/files/uploadedfile';
import { SimpleCookie } from '../http/cookie';
import { QueryDict } from '../http/querydict';
import { HttpRequest } from '../http/request';
import type { RequestSource, SourceHeaders } from '../http/request_source';
import { urlsplit } from '../python/urllib_parse';
import { MultiValueDict } from '../utils/datastructures';
import { iriToUri } from '../utils/encoding';
import { type QueryData, urlencode } from '../utils/http';
import { encodeBody, formParts, MULTIPART_CONTENT, type TestData, uploadType } from './encoding';

/** What a test request can be given besides path and data. */
export interface RequestOptions {
  headers?: Readonly<Record<string, string>>;
  /** The query string, whatever the path has. */
  queryParams?: QueryData;
  /** Over https. */
  secure?: boolean;
  /** Entries of META: `REMOTE_ADDR`, `SERVER_NAME`, `HTTP_X_…`. Django: `**extra`. */
  extra?: Readonly<Record<string, string>>;
}

/** What a request with a body can be given. */
export interface BodyOptions extends RequestOptions {
  contentType?: string;
}

/** A request that never was on a wire. */
class TestSource implements RequestSource {
  readonly httpVersion = '1.1';
  readonly remotePort = 0;
  /** The test server's own name is allowed, whatever ALLOWED_HOSTS says. */
  readonly trustedHost = 'testserver';

  constructor(
    readonly method: string,
    readonly target: string,
    readonly headers: SourceHeaders,
    readonly scheme: 'http' | 'https',
    readonly remoteAddr: string,
    readonly serverName: string,
    readonly serverPort: number,
    readonly body: Uint8Array | null,
  ) {}
}

/** How every test request is made. */
export interface FactoryOptions {
  /** Sent with each request. */
  headers?: Readonly<Record<string, string>>;
  /** Entries of META of each request. */
  defaults?: Readonly<Record<string, string>>;
}

/** The methods of HTTP, for what they give: a request, or the promise of a response. */
export abstract class RequestMethods<Result, Options extends RequestOptions = RequestOptions> {
  /** The cookies that each request carries. */
  cookies = new SimpleCookie();

  constructor(protected readonly factoryOptions: FactoryOptions = {}) {}

  /** A request of any method. */
  abstract generic(method: string, path: string, data?: TestData, options?: Options & BodyOptions): Result;

  get(path: string, data?: QueryData | null, options?: Options): Result {
    return this.generic('GET', path, '', withQuery(options, data));
  }

  post(path: string, data?: TestData, options?: Options & BodyOptions): Result {
    return this.generic('POST', path, data ?? {}, { contentType: MULTIPART_CONTENT, ...options } as Options &
      BodyOptions);
  }

  head(path: string, data?: QueryData | null, options?: Options): Result {
    return this.generic('HEAD', path, '', withQuery(options, data));
  }

  options(path: string, data: TestData = '', options?: Options & BodyOptions): Result {
    return this.generic('OPTIONS', path, data, options);
  }

  put(path: string, data: TestData = '', options?: Options & BodyOptions): Result {
    return this.generic('PUT', path, data, options);
  }

  patch(path: string, data: TestData = '', options?: Options & BodyOptions): Result {
    return this.generic('PATCH', path, data, options);
  }

  delete(path: string, data: TestData = '', options?: Options & BodyOptions): Result {
    return this.generic('DELETE', path, data, options);
  }

  trace(path: string, options?: Options): Result {
    return this.generic('TRACE', path, '', options);
  }

  protected makeRequest(
    method: string,
    path: string,
    data: TestData,
    options: BodyOptions = {},
  ): HttpRequest {
    const { contentType = 'application/octet-stream' } = options;
    return this.build(method, path, encodeBody(data, contentType), { ...options, contentType });
  }

  private build(
    method: string,
    path: string,
    body: Buffer,
    options: BodyOptions & { contentType: string },
  ): HttpRequest {
    const meta: Record<string, string> = {
      REMOTE_ADDR: '127.0.0.1',
      SERVER_NAME: 'testserver',
      SERVER_PORT: options.secure ? '443' : '80',
      ...this.factoryOptions.defaults,
      ...options.extra,
    };
    const headers: Record<string, string> = Object.create(null) as Record<string, string>;
    const cookie = this.cookieHeader();
    if (cookie) headers['cookie'] = cookie;
    if (body.length > 0) {
      headers['content-length'] = String(body.length);
      headers['content-type'] = options.contentType;
    }
    const rest: Record<string, string> = {};
    for (const [key, value] of Object.entries(meta)) {
      if (key.startsWith('HTTP_') || key === 'CONTENT_TYPE' || key === 'CONTENT_LENGTH') {
        headers[
          key
            .replace(/^HTTP_/, '')
            .toLowerCase()
            .replaceAll('_', '-')
        ] = String(value);
      } else {
        rest[key] = String(value);
      }
    }
    for (const given of [this.factoryOptions.headers, options.headers]) {
      for (const [name, value] of Object.entries(given ?? {})) headers[name.toLowerCase()] = String(value);
    }
    const {
      REMOTE_ADDR = '',
      SERVER_NAME = '',
      SERVER_PORT = '80',
      'wsgi.url_scheme': scheme,
      ...others
    } = rest;
    const secure = options.secure ?? scheme === 'https';
    const request = new HttpRequest(
      new TestSource(
        method,
        targetOf(path, options, others['QUERY_STRING']),
        headers,
        secure ? 'https' : 'http',
        REMOTE_ADDR,
        SERVER_NAME,
        Number(SERVER_PORT),
        body.length > 0 ? body : null,
      ),
    );
    for (const [key, value] of Object.entries(others)) request.META[key] = value;
    return request;
  }

  /** The Cookie header: what browsers would send of the jar. */
  private cookieHeader(): string {
    return [...this.cookies.values()]
      .filter((morsel) => morsel.get('max-age') !== 0)
      .map((morsel) => `${morsel.key}=${morsel.codedValue}`)
      .sort()
      .map((pair) => Buffer.from(pair, 'utf8').toString('latin1'))
      .join('; ');
  }
}

/**
 * Makes requests to call views with.
 *
 * @example
 * ```ts
 * const response = await view(new RequestFactory().get('/articles/', { page: 2 }), {});
 * ```
 */
export class RequestFactory extends RequestMethods<HttpRequest> {
  generic(method: string, path: string, data: TestData = '', options: BodyOptions = {}): HttpRequest {
    const request = this.makeRequest(method, path, data, options);
    // No handler reads the body before the view, and a multipart one is not parsed while somebody waits.
    const isForm = method === 'POST' && options.contentType === MULTIPART_CONTENT;
    if (isForm && data !== null && typeof data === 'object' && !(data instanceof Uint8Array)) {
      fillForm(request, data);
    }
    return request;
  }
}

/** Gives a request the form that it was made with. */
function fillForm(request: HttpRequest, data: object): void {
  const post = new QueryDict('', { mutable: true });
  const files = new MultiValueDict<UploadedFile>();
  for (const [key, value] of formParts(data)) {
    if ('content' in value) {
      files.appendlist(key, new SimpleUploadedFile(value.name, value.content, uploadType(value)));
    } else post.appendlist(key, value.toString());
  }
  post.mutable = false;
  request.POST = post;
  request.FILES = files;
}

function withQuery<Options extends RequestOptions>(
  options: Options | undefined,
  data: QueryData | null | undefined,
): Options {
  const isEmpty = data === undefined || data === null || urlencode(data, true) === '';
  return (isEmpty ? (options ?? {}) : { queryParams: data, ...options }) as Options;
}

function targetOf(path: string, options: RequestOptions, queryString: string | undefined): string {
  const parts = urlsplit(path);
  const query =
    options.queryParams !== undefined ? urlencode(options.queryParams, true) : (queryString ?? parts.query);
  const target = iriToUri(parts.path) || '/';
  return query ? `${target}?${iriToUri(query)}` : target;
}
