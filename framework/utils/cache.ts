/**
 * The headers that steer caches, conditional requests, and the keys of cached pages.
 *
 * Django: `django.utils.cache`; https://docs.djangoproject.com/en/5.2/ref/utils/#module-django.utils.cache, RFC 9111.
 */
import { createHash, randomUUID } from 'node:crypto';
import { settings } from '../conf';
import { scriptName } from '../conf/script_prefix';
import type { BaseCache } from '../core/cache';
import type { HttpRequest } from '../http/request';
import type { HttpResponseBase } from '../http/response_base';
import { iriToUri } from './encoding';
import { httpDate, quoteEtag } from './http';
import { type MaybePromise, then } from './maybe_promise';

export { getConditionalResponse } from './conditional';

/** The items of a comma-separated header, without the spaces around them. */
export function splitHeader(value: string | undefined): string[] {
  if (value === undefined || value === '') return [];
  return value
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

/**
 * Directives of Cache-Control: camelCase names become the header's (`maxAge` is `max-age`), `true` is a directive
 * without a value, `false` and `undefined` leave it out.
 */
export interface CacheControl {
  public?: boolean;
  private?: boolean | string;
  noCache?: boolean | string;
  noStore?: boolean;
  noTransform?: boolean;
  mustRevalidate?: boolean;
  proxyRevalidate?: boolean;
  mustUnderstand?: boolean;
  immutable?: boolean;
  /** Seconds. */
  maxAge?: number;
  /** Seconds, for shared caches. */
  sMaxage?: number;
  staleWhileRevalidate?: number;
  staleIfError?: number;
  [directive: string]: boolean | string | number | undefined;
}

type Directives = Map<string, string | true | Set<string | true>>;

function parseDirectives(header: string | undefined): Directives {
  const directives: Directives = new Map();
  for (const field of splitHeader(header)) {
    const equals = field.indexOf('=');
    const name = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    addDirective(directives, name, equals < 0 ? true : field.slice(equals + 1));
  }
  return directives;
}

/** `no-cache` may name several fields; every other directive has one value. */
function addDirective(directives: Directives, name: string, value: string | true): void {
  if (name !== 'no-cache') {
    directives.set(name, value);
    return;
  }
  const values = directives.get(name);
  if (values instanceof Set) values.add(value);
  else directives.set(name, new Set([value]));
}

/** The directives of a response's Cache-Control, in lower case whatever the header's case. */
export function cacheDirectives(response: HttpResponseBase): ReadonlyMap<string, unknown> {
  return parseDirectives(response.headers.get('Cache-Control'));
}

/**
 * Adds directives to Cache-Control. Of two `max-age` the smaller stays; `public` and `private` replace each other.
 */
export function patchCacheControl(response: HttpResponseBase, control: CacheControl): void {
  const directives = parseDirectives(response.headers.get('Cache-Control'));
  const wanted = new Map<string, string | number | true>();
  for (const [key, value] of Object.entries(control)) {
    if (value === undefined || value === false) continue;
    const name = key.replace(/_/g, '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    wanted.set(name, value);
  }
  const age = directives.get('max-age');
  const maxAge = wanted.get('max-age');
  if (typeof age === 'string' && maxAge !== undefined) {
    const known = Number.parseInt(age, 10);
    if (!Number.isNaN(known)) wanted.set('max-age', Math.min(known, Number(maxAge)));
  }
  if (wanted.has('public')) directives.delete('private');
  else if (wanted.has('private')) directives.delete('public');
  for (const [name, value] of wanted) addDirective(directives, name, value === true ? true : String(value));
  response.headers.set('Cache-Control', formatDirectives(directives));
}

function formatDirectives(directives: Directives): string {
  const parts: string[] = [];
  for (const [name, value] of directives) {
    const values = value instanceof Set ? (value.has(true) ? [true as const] : [...value]) : [value];
    for (const one of values) parts.push(one === true ? name : `${name}=${one}`);
  }
  return parts.join(', ');
}

/** The `max-age` of a response, in seconds; `undefined` if it has none. */
export function getMaxAge(response: HttpResponseBase): number | undefined {
  const header = response.headers.get('Cache-Control');
  if (header === undefined) return undefined;
  const value = parseDirectives(header).get('max-age');
  return typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : undefined;
}

/** Sets Expires and `max-age`. `timeout` in seconds; CACHE_MIDDLEWARE_SECONDS if absent. */
export function patchResponseHeaders(response: HttpResponseBase, timeout?: number | null): void {
  const seconds = Math.max(0, timeout ?? settings.CACHE_MIDDLEWARE_SECONDS);
  response.headers.setdefault('Expires', httpDate(Date.now() / 1000 + seconds));
  patchCacheControl(response, { maxAge: seconds });
}

/** Says that nobody may keep the response. */
export function addNeverCacheHeaders(response: HttpResponseBase): void {
  patchResponseHeaders(response, -1);
  patchCacheControl(response, { noCache: true, noStore: true, mustRevalidate: true, private: true });
}

/** Adds header names to Vary, unless they are there; `*` stands for all. */
export function patchVaryHeaders(response: HttpResponseBase, newHeaders: readonly string[]): void {
  const { headers } = response;
  const existing = headers.get('Vary');
  if (existing === undefined || existing === '') {
    headers.set('Vary', newHeaders.includes('*') ? '*' : newHeaders.join(', '));
    return;
  }
  const names = splitHeader(existing);
  const known = new Set(names.map((name) => name.toLowerCase()));
  const added = newHeaders.filter((name) => !known.has(name.toLowerCase()));
  if (added.length === 0 && !known.has('*')) return;
  const all = [...names, ...added];
  headers.set('Vary', all.includes('*') ? '*' : all.join(', '));
}

/** Whether a response varies on a header. */
export function hasVaryHeader(response: HttpResponseBase, name: string): boolean {
  const wanted = name.toLowerCase();
  return splitHeader(response.headers.get('Vary')).some((header) => header.toLowerCase() === wanted);
}

/** Gives a response an ETag of its content; streams and empty responses get none. */
export function setResponseEtag(response: HttpResponseBase): HttpResponseBase {
  if (response.streaming) return response;
  const { content } = response as HttpResponseBase & { content: Buffer };
  if (content.length > 0) {
    response.headers.set('ETag', quoteEtag(createHash('md5').update(content).digest('hex')));
  }
  return response;
}

const nameless = new WeakMap<object, string>();

/** The name of a request's own URLconf; one that is an object has a name in this process only. */
function urlconfName(urlconf: unknown): string {
  if (typeof urlconf !== 'object' || urlconf === null) return String(urlconf);
  let name = nameless.get(urlconf);
  if (name === undefined) {
    name = randomUUID();
    nameless.set(urlconf, name);
  }
  return name;
}

/** What a middleware routes a request by, beside its URL: a URLconf of its own, another path. */
function rerouted(request: HttpRequest): string {
  const { urlconf, pathInfo } = request;
  const script = scriptName(settings.FORCE_SCRIPT_NAME);
  const path = script + pathInfo === request.path ? '' : ` ${iriToUri(pathInfo)}`;
  return urlconf === undefined || urlconf === null ? path : `${path} by ${urlconfName(urlconf)}`;
}

/**
 * The page that was routed to: scheme, host and the path as it came. `buildAbsoluteUri` would resolve `..` in it,
 * which the URLconf does not, and keep `/tags/x/../../home/` where `/home/` is looked for.
 */
function urlDigest(request: HttpRequest): string {
  const url = `${request.scheme}://${request.getHost()}${request.getFullPath()}`;
  return createHash('md5')
    .update(iriToUri(url) + rerouted(request))
    .digest('hex');
}

/** The language and the time zone belong to the key where the site uses them. */
function localised(request: HttpRequest, key: string): string {
  let result = key;
  if (settings.USE_I18N) {
    const { getLanguage } = require('./translation') as typeof import('./translation');
    const own = (request as { LANGUAGE_CODE?: string }).LANGUAGE_CODE;
    result += `.${own ?? getLanguage() ?? settings.LANGUAGE_CODE}`;
  }
  if (settings.USE_TZ) {
    const { getCurrentTimezoneName } = require('./timezone') as typeof import('./timezone');
    result += `.${getCurrentTimezoneName()}`;
  }
  return result;
}

function pageKey(request: HttpRequest, method: string, headers: readonly string[], prefix: string): string {
  const digest = createHash('md5');
  for (const header of headers) {
    // Netstrings, as in Django's newest releases: no two requests share the text that is digested, and an absent
    // header is not an empty one.
    const value = request.META[header];
    digest.update(value === undefined ? '-,' : `${Buffer.byteLength(value)}:${value},`);
  }
  const key = `views.decorators.cache.cache_page.${prefix}.${method}.${urlDigest(request)}.${digest.digest('hex')}`;
  return localised(request, key);
}

function headersKey(request: HttpRequest, prefix: string): string {
  return localised(request, `views.decorators.cache.cache_header.${prefix}.${urlDigest(request)}`);
}

/** Where and how a page is kept. */
export interface PageCacheOptions {
  keyPrefix?: string | null | undefined;
  cache?: BaseCache | undefined;
}

function defaultCache(): BaseCache {
  const { caches } = require('../core/cache') as typeof import('../core/cache');
  return caches.get(settings.CACHE_MIDDLEWARE_ALIAS);
}

/** The names of META's entries that a response varies on, as `learnCacheKey` keeps them. */
function varyKeys(response: HttpResponseBase): string[] {
  return splitHeader(response.headers.get('Vary'))
    .map((header) => `HTTP_${header.toUpperCase().replace(/-/g, '_')}`)
    .sort();
}

/** The key of the page for this request; `undefined` if no page of its URL was ever kept. */
export function getCacheKey(
  request: HttpRequest,
  options: PageCacheOptions & { method?: string } = {},
): MaybePromise<string | undefined> {
  const prefix = options.keyPrefix ?? settings.CACHE_MIDDLEWARE_KEY_PREFIX;
  const cache = options.cache ?? defaultCache();
  return then(cache.get(headersKey(request, prefix)) as MaybePromise<unknown>, (headers) =>
    Array.isArray(headers)
      ? pageKey(request, options.method ?? 'GET', headers.map(String), prefix)
      : undefined,
  );
}

/**
 * Remembers which headers pages of this URL vary on, and gives the key for this response.
 *
 * Accept-Language counts even with USE_I18N, where Django leaves it out: no middleware turns it into the active
 * language here, so a view that varies on it does so itself.
 *
 * @param options.timeout seconds that it is remembered; CACHE_MIDDLEWARE_SECONDS if absent.
 */
export function learnCacheKey(
  request: HttpRequest,
  response: HttpResponseBase,
  options: PageCacheOptions & { timeout?: number | null } = {},
): MaybePromise<string> {
  const prefix = options.keyPrefix ?? settings.CACHE_MIDDLEWARE_KEY_PREFIX;
  const timeout = options.timeout ?? settings.CACHE_MIDDLEWARE_SECONDS;
  const cache = options.cache ?? defaultCache();
  const headers = varyKeys(response);
  return then(cache.set(headersKey(request, prefix), headers, timeout) as MaybePromise<unknown>, () =>
    pageKey(request, request.method, headers, prefix),
  );
}
