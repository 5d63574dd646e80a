/**
 * Whole pages from the cache. `UpdateCacheMiddleware` comes first in MIDDLEWARE, `FetchFromCacheMiddleware` last.
 *
 * Django: `django.middleware.cache`; https://docs.djangoproject.com/en/5.2/topics/cache/#the-per-site-cache
 *
 * What is never kept here: streams, statuses but 200, `private`, `no-store` and `no-cache` in any case of letters,
 * `Vary: *`, a response that sets a cookie and varies on Cookie, or gives the client a cookie that it did not have, or
 * has a Set-Cookie among its headers, a page with a CSP nonce, and one that `cachePage` would keep before the middleware
 * around it gives it its visitor's token or session. The last four, `no-store` and `no-cache` are stricter than Django.
 */
import { settings } from '../conf';
import type { BaseCache } from '../core/cache';
import type { HttpRequest } from '../http/request';
import { HttpResponse } from '../http/response';
import type { HttpResponseBase } from '../http/response_base';
import {
  cacheDirectives,
  getCacheKey,
  getMaxAge,
  hasVaryHeader,
  learnCacheKey,
  patchResponseHeaders,
  patchVaryHeaders,
} from '../utils/cache';
import { type GetResponse, MiddlewareMixin } from '../utils/deprecation';
import { parseHttpDateSafe } from '../utils/http';
import { type MaybePromise, then } from '../utils/maybe_promise';
import type {} from './csp';
import type {} from './csrf';

declare module '../http/request' {
  interface HttpRequest {
    /** Whether the response to this request is to be kept: set by FetchFromCacheMiddleware. */
    cacheUpdateCache?: boolean;
  }
}

/** Where, under which prefix and how long pages are kept. */
export interface CacheMiddlewareOptions {
  /** Seconds; CACHE_MIDDLEWARE_SECONDS if absent. The response's `max-age` goes before it. */
  cacheTimeout?: number | null | undefined;
  /** Seconds, before everything else. */
  pageTimeout?: number | null | undefined;
  keyPrefix?: string | null | undefined;
  cacheAlias?: string | null | undefined;
}

/** A response as it is kept: no class, so that any backend stores it and no other framework mistakes it for its own. */
interface KeptResponse {
  kind: 'tsango.response';
  status: number;
  reason: string | null;
  headers: [string, string][];
  cookies: [string, string, [string, string | number | boolean][]][];
  content: Uint8Array;
}

function keep(response: HttpResponse): KeptResponse {
  return {
    kind: 'tsango.response',
    status: response.statusCode,
    reason: response.hasOwnReason ? response.reasonPhrase : null,
    headers: [...response.headers.items()],
    cookies: response.hasCookies
      ? [...response.cookies.values()].map((morsel) => [
          morsel.key,
          morsel.value,
          Object.entries(morsel.attributes) as [string, string | number | boolean][],
        ])
      : [],
    content: new Uint8Array(response.content),
  };
}

/** What was kept, as a response; `undefined` if it is something else. */
function revive(kept: unknown): HttpResponse | undefined {
  if (kept === null || typeof kept !== 'object' || (kept as KeptResponse).kind !== 'tsango.response') {
    return undefined;
  }
  const { status, reason, headers, cookies, content } = kept as KeptResponse;
  const response = new HttpResponse(content, { status, reason });
  response.headers.delete('Content-Type');
  for (const [name, value] of headers) response.headers.set(name, value);
  for (const [name, value, attributes] of cookies) {
    const morsel = response.cookies.setValue(name, value);
    for (const [attribute, setting] of attributes) morsel.set(attribute as 'path', setting);
  }
  return response;
}

/** Whether a response sets a cookie that the client does not have already. */
function setsNewCookie(request: HttpRequest, response: HttpResponseBase): boolean {
  if (!response.hasCookies) return false;
  for (const { key, value } of response.cookies.values()) {
    if (request.COOKIES[key] !== value) return true;
  }
  return false;
}

/**
 * Whether a page may answer a request with a credential: RFC 9111, 3.5. A page that was made without one is not
 * what its owner should see.
 */
function isForRequest(request: HttpRequest, page: HttpResponseBase): boolean {
  if (request.header('authorization') === undefined) return true;
  return hasVaryHeader(page, 'Authorization') || cacheDirectives(page).has('public');
}

/** A session as far as pages are concerned; nothing here may depend on contrib. */
interface PageSession {
  accessed?: boolean;
  modified?: boolean;
}

const sessionOf = (request: HttpRequest): PageSession | undefined =>
  (request as { session?: PageSession }).session;

/**
 * Whether the page gets a visitor's own cookie when it leaves. `cachePage` sees it before: the middleware that sets the
 * cookie is further out.
 */
function isPersonal(request: HttpRequest): boolean {
  return request.csrfState?.needsUpdate === true || sessionOf(request)?.modified === true;
}

/** Behind Django's key, so that a Django site on the same cache never meets an entry that it cannot read. */
const OWN = '.tsango';

abstract class PageCache extends MiddlewareMixin {
  protected readonly options: CacheMiddlewareOptions;

  constructor(getResponse: GetResponse, options: CacheMiddlewareOptions = {}) {
    super(getResponse);
    this.options = options;
  }

  protected get cache(): BaseCache {
    const { caches } = require('../core/cache') as typeof import('../core/cache');
    return caches.get(this.options.cacheAlias ?? settings.CACHE_MIDDLEWARE_ALIAS);
  }

  protected get keyPrefix(): string {
    return this.options.keyPrefix ?? settings.CACHE_MIDDLEWARE_KEY_PREFIX;
  }

  protected lookUp(
    request: HttpRequest,
    method: string,
  ): MaybePromise<{ key?: string; found?: HttpResponse }> {
    const { cache, keyPrefix } = this;
    return then(getCacheKey(request, { cache, keyPrefix, method }), (key) => {
      if (key === undefined) return {};
      return then(cache.get(key + OWN) as MaybePromise<unknown>, (kept) => {
        const found = revive(kept);
        return found === undefined || !isForRequest(request, found) ? { key } : { key, found };
      });
    });
  }

  /** A page from the cache, or `undefined` and a note to keep the response. */
  protected fetchPage(request: HttpRequest): MaybePromise<HttpResponseBase | undefined> {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      request.cacheUpdateCache = false;
      return undefined;
    }
    return then(this.lookUp(request, 'GET'), ({ key, found }) => {
      const second =
        found === undefined && key !== undefined && request.method === 'HEAD'
          ? this.lookUp(request, 'HEAD')
          : { found };
      return then(second as MaybePromise<{ found?: HttpResponse }>, ({ found: page }) => {
        request.cacheUpdateCache = page === undefined;
        if (page !== undefined) setAge(page);
        return page;
      });
    });
  }

  private isCacheable(request: HttpRequest, response: HttpResponseBase): boolean {
    if (request.cacheUpdateCache !== true || response.streaming) return false;
    if (response.statusCode !== 200 && response.statusCode !== 304) return false;
    if (hasVaryHeader(response, '*')) return false;
    // A cookie can come as a header, too: what is in it is not looked at.
    if (response.headers.has('Set-Cookie')) return false;
    if (response.hasCookies && (hasVaryHeader(response, 'Cookie') || setsNewCookie(request, response)))
      return false;
    // A nonce is good for one response: whoever read it once could use it in every page from the cache.
    if (request.cspNonce?.isGenerated || isPersonal(request)) return false;
    if (!response.headers.has('Cache-Control')) return true;
    const directives = cacheDirectives(response);
    return !directives.has('private') && !directives.has('no-store') && !directives.has('no-cache');
  }

  private timeoutFor(response: HttpResponseBase): number {
    const { pageTimeout, cacheTimeout } = this.options;
    return pageTimeout ?? getMaxAge(response) ?? cacheTimeout ?? settings.CACHE_MIDDLEWARE_SECONDS;
  }

  /** Keeps a response that may be kept. */
  protected updatePage(request: HttpRequest, response: HttpResponseBase): MaybePromise<HttpResponseBase> {
    if (!this.isCacheable(request, response)) return response;
    const timeout = this.timeoutFor(response);
    // `max-age=0` says not to keep it; a timeout of 0 that the site gives itself still sets the headers.
    if (timeout === 0 && (this.options.pageTimeout ?? undefined) === undefined && getMaxAge(response) === 0) {
      return response;
    }
    // What a credential unlocked is for that credential alone (CVE-2026-35193).
    if (request.header('authorization') !== undefined && !cacheDirectives(response).has('public')) {
      patchVaryHeaders(response, ['Authorization']);
    }
    // As the session's middleware will say.
    if (sessionOf(request)?.accessed === true) patchVaryHeaders(response, ['Cookie']);
    patchResponseHeaders(response, timeout);
    if (timeout <= 0 || response.statusCode !== 200) return response;
    const { cache, keyPrefix } = this;
    return then(learnCacheKey(request, response, { timeout, keyPrefix, cache }), (key) => {
      const kept = keep(response as HttpResponse);
      const { whenCommitted } =
        require('../core/cache/transactions') as typeof import('../core/cache/transactions');
      return then(
        whenCommitted(() => cache.set(key + OWN, kept, timeout)),
        () => response,
      );
    });
  }
}

/** RFC 9111, 5.1: how long ago the page was made, from its Expires and `max-age`. */
function setAge(page: HttpResponse): void {
  const maxAge = getMaxAge(page);
  const expires = parseHttpDateSafe(page.headers.get('Expires', ''));
  if (maxAge === undefined || expires === null) return;
  const remaining = expires - Math.floor(Date.now() / 1000);
  page.headers.set('Age', Math.max(0, maxAge - remaining));
}

/** The response half of the per-site cache: comes first in MIDDLEWARE. */
export class UpdateCacheMiddleware extends PageCache {
  processResponse(request: HttpRequest, response: HttpResponseBase): MaybePromise<HttpResponseBase> {
    return this.updatePage(request, response);
  }
}

/** The request half of the per-site cache: comes last in MIDDLEWARE. */
export class FetchFromCacheMiddleware extends PageCache {
  processRequest(request: HttpRequest): MaybePromise<HttpResponseBase | undefined> {
    return this.fetchPage(request);
  }
}

/** Both halves in one, for simple sites and for `cachePage`. */
export class CacheMiddleware extends PageCache {
  processRequest(request: HttpRequest): MaybePromise<HttpResponseBase | undefined> {
    return this.fetchPage(request);
  }
  processResponse(request: HttpRequest, response: HttpResponseBase): MaybePromise<HttpResponseBase> {
    return this.updatePage(request, response);
  }
}
