/** Conditional requests: RFC 9110, section 13. Django: `get_conditional_response` of `django.utils.cache`. */
import type { HttpRequest } from '../http/request';
import type { HttpResponseBase } from '../http/response_base';
import { parseEtags, parseHttpDateSafe } from './http';
import { logResponse } from './log';

/** RFC 9110, 15.4.5, and Last-Modified, which caches want even beside an ETag. */
const KEPT_HEADERS = [
  'Cache-Control',
  'Content-Location',
  'Date',
  'ETag',
  'Expires',
  'Last-Modified',
  'Vary',
] as const;

function http(): typeof import('../http/response') {
  return require('../http/response') as typeof import('../http/response');
}

function preconditionFailed(request: HttpRequest): HttpResponseBase {
  const { HttpResponse } = http();
  const response = new HttpResponse('', { status: 412 });
  logResponse('Precondition Failed: %s', [request.path], { response, request });
  return response;
}

function notModified(response: HttpResponseBase | undefined): HttpResponseBase {
  const { HttpResponseNotModified } = http();
  const answer = new HttpResponseNotModified();
  if (response !== undefined) {
    for (const name of KEPT_HEADERS) {
      const value = response.headers.get(name);
      if (value !== undefined) answer.headers.set(name, value);
    }
    // A 304 changes the cookies as the full response would.
    if (response.hasCookies) answer.cookies = response.cookies;
    answer.closers.push(() => response.close());
  }
  return answer;
}

function isAny(etags: readonly string[]): boolean {
  return etags.length === 1 && etags[0] === '*';
}

/** Strong comparison: a weak tag never matches. */
function ifMatchPasses(etag: string | undefined, etags: readonly string[]): boolean {
  if (!etag) return false;
  return isAny(etags) || (!etag.startsWith('W/') && etags.includes(etag));
}

function withoutWeak(etag: string): string {
  return etag.startsWith('W/') ? etag.slice(2) : etag;
}

/** Weak comparison: the same content, if not the same bytes. */
function ifNoneMatchPasses(etag: string | undefined, etags: readonly string[]): boolean {
  if (!etag) return true;
  if (isAny(etags)) return false;
  const wanted = withoutWeak(etag);
  return !etags.some((other) => withoutWeak(other) === wanted);
}

/** What the validators of a response are. */
export interface Validators {
  /** Quoted, as in the header. */
  etag?: string | undefined;
  /** Seconds since 1970. */
  lastModified?: number | null | undefined;
}

function dateHeader(request: HttpRequest, name: string): number | undefined {
  const value = request.header(name);
  return value === undefined ? undefined : (parseHttpDateSafe(value) ?? undefined);
}

/**
 * The answer to a conditional request: 304, 412, or the response itself (`undefined` if there is none yet).
 */
export function getConditionalResponse(
  request: HttpRequest,
  validators: Validators,
  response?: HttpResponseBase,
): HttpResponseBase | undefined {
  if (response !== undefined && (response.statusCode < 200 || response.statusCode >= 300)) return response;
  const { etag } = validators;
  const lastModified = validators.lastModified ?? undefined;
  const ifMatch = parseEtags(request.header('if-match') ?? '');
  const ifNoneMatch = parseEtags(request.header('if-none-match') ?? '');
  const isRead = request.method === 'GET' || request.method === 'HEAD';

  if (ifMatch.length > 0) {
    if (!ifMatchPasses(etag, ifMatch)) return preconditionFailed(request);
  } else {
    const unmodifiedSince = dateHeader(request, 'if-unmodified-since');
    if (unmodifiedSince && !(lastModified && lastModified <= unmodifiedSince))
      return preconditionFailed(request);
  }
  if (ifNoneMatch.length > 0) {
    if (!ifNoneMatchPasses(etag, ifNoneMatch)) {
      return isRead ? notModified(response) : preconditionFailed(request);
    }
  } else if (isRead) {
    const modifiedSince = dateHeader(request, 'if-modified-since');
    if (modifiedSince && lastModified && lastModified <= modifiedSince) return notModified(response);
  }
  return response;
}
