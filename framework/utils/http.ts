/** Django: `django.utils.http`. */
import { ValueError } from '../core/exceptions';
import { type SplitResult, urlsplit } from '../python/urllib_parse';
import { MultiValueDict } from './datastructures';
import { quote, quotePlus, unquote } from './encoding';

export { contentDispositionHeader, parseHeaderParameters } from './http_headers';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = '(?<mon>\\w{3})';
const TIME = '(?<hour>\\d{2}):(?<min>\\d{2}):(?<sec>\\d{2})';
const HTTP_DATES = [
  new RegExp(`^\\w{3}, (?<day>\\d{2}) ${MONTH} (?<year>\\d{4}) ${TIME} GMT$`),
  new RegExp(`^\\w{6,9}, (?<day>\\d{2})-${MONTH}-(?<year>\\d{2}) ${TIME} GMT$`),
  new RegExp(`^\\w{3} ${MONTH} (?<day>[ \\d]\\d) ${TIME} (?<year>\\d{4})$`),
];
const ETAG = /^(?:W\/)?"[^"]*"$/;

/** Longest URL that is looked at; Django: `MAX_URL_LENGTH`. */
export const MAX_URL_LENGTH = 2048;

/** What a query string is made from. */
export type QueryData =
  | MultiValueDict<unknown>
  | Readonly<Record<string, unknown>>
  | ReadonlyMap<string, unknown>
  | Iterable<readonly [string, unknown]>;

function refuseNone(key: string): never {
  throw new TypeError(
    `Cannot encode None for key '${key}' in a query string. Did you mean to pass an empty string or omit the value?`,
  );
}

/** Python's `str()` of what stands in query data. */
function text(value: unknown): string | Uint8Array {
  if (value instanceof Uint8Array || typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (Array.isArray(value)) {
    return `[${value.map((item) => (typeof item === 'string' ? `'${item}'` : String(text(item)))).join(', ')}]`;
  }
  return String(value);
}

/**
 * A query string.
 *
 * @param doseq each item of a list is a parameter of its own. A MultiValueDict needs it, as in Django.
 * @throws TypeError for `null` and `undefined` values.
 */
export function urlencode(query: QueryData, doseq = false): string {
  const pairs: Iterable<readonly [string, unknown]> =
    query instanceof MultiValueDict
      ? query.lists()
      : Symbol.iterator in query
        ? (query as Iterable<readonly [string, unknown]>)
        : Object.entries(query);
  const parts: string[] = [];
  for (const [key, value] of pairs) {
    if (value === null || value === undefined) refuseNone(key);
    const name = quotePlus(String(key));
    const isSequence =
      doseq &&
      typeof value === 'object' &&
      !(value instanceof Uint8Array) &&
      Symbol.iterator in (value as object);
    if (isSequence) {
      for (const item of value as Iterable<unknown>) {
        if (item === null || item === undefined) refuseNone(key);
        parts.push(`${name}=${quotePlus(text(item))}`);
      }
    } else {
      parts.push(`${name}=${quotePlus(text(value))}`);
    }
  }
  return parts.join('&');
}

let dateSecond = Number.NaN;
let dateText = '';

/**
 * A date as HTTP writes it: `Sun, 06 Dec 2026 17:34:26 GMT`. RFC 9110, 5.6.7.
 *
 * @param epochSeconds seconds since 1970, fractions are dropped; now if absent.
 */
export function httpDate(epochSeconds?: number | null): string {
  const second = Math.floor(epochSeconds ?? Date.now() / 1000);
  if (second !== dateSecond) {
    const date = new Date(second * 1000);
    if (Number.isNaN(date.getTime()))
      throw new ValueError(`${epochSeconds} is no time that a date can tell.`);
    dateText = date.toUTCString();
    dateSecond = second;
  }
  return dateText;
}

/**
 * Seconds since 1970 of any of HTTP's three date formats.
 *
 * @throws ValueError for anything else.
 */
export function parseHttpDate(date: string): number {
  let groups: Record<string, string> | undefined;
  for (const format of HTTP_DATES) {
    groups = format.exec(date)?.groups;
    if (groups !== undefined) break;
  }
  if (groups === undefined) {
    throw new ValueError(`${repr(date)} is not in a valid HTTP date format`);
  }
  const number = (name: string): number => Number(groups[name]);
  let year = number('year');
  if (year < 100) {
    const current = new Date().getUTCFullYear();
    const century = current - (current % 100);
    // A year that appears to be more than 50 years in the future is in the past. RFC 9110, 5.6.7.
    year += year - (current % 100) > 50 ? century - 100 : century;
  }
  const month = MONTHS.indexOf((groups['mon'] as string).toLowerCase());
  const [day, hour, min, sec] = [number('day'), number('hour'), number('min'), number('sec')];
  const result = new Date(0);
  result.setUTCFullYear(year, month, day);
  result.setUTCHours(hour, min, sec);
  const valid =
    month >= 0 &&
    year >= 1 &&
    result.getUTCMonth() === month &&
    result.getUTCDate() === day &&
    hour < 24 &&
    min < 60 &&
    sec < 60;
  if (!valid) {
    throw new ValueError(`${repr(date)} is not a valid date`);
  }
  return result.getTime() / 1000;
}

/** Like `parseHttpDate`, and `null` for what is no date. */
export function parseHttpDateSafe(date: string): number | null {
  try {
    return parseHttpDate(date);
  } catch {
    return null;
  }
}

/** Python's `repr` of a text, as far as its messages here need it. */
function repr(value: string): string {
  const quotes = value.includes("'") && !value.includes('"') ? '"' : "'";
  return quotes + value.replaceAll('\\', '\\\\').replaceAll(quotes, `\\${quotes}`) + quotes;
}

/**
 * The number that a base 36 text stands for; a bigint where a number cannot hold it.
 *
 * @throws ValueError for what is no base 36 number of at most 13 digits.
 */
export function base36ToInt(value: string): number | bigint {
  // 13 digits are enough for any 64-bit integer.
  if (value.length > 13) {
    throw new ValueError('Base36 input too large');
  }
  const match = /^\s*([+-]?)([0-9a-z]+(?:_[0-9a-z]+)*)\s*$/i.exec(value);
  if (match === null) {
    throw new ValueError(`invalid literal for int() with base 36: ${repr(value)}`);
  }
  let result = 0n;
  for (const digit of (match[2] as string).replaceAll('_', '')) {
    result = result * 36n + BigInt(Number.parseInt(digit, 36));
  }
  if (match[1] === '-') result = -result;
  const number = Number(result);
  return Number.isSafeInteger(number) ? number : result;
}

/**
 * An integer in base 36.
 *
 * @throws ValueError for a negative number, TypeError for one that is no integer.
 */
export function intToBase36(value: number | bigint): string {
  if (typeof value === 'number' && !Number.isInteger(value)) {
    throw new TypeError(`An integer is needed, not ${value}.`);
  }
  if (value < 0) {
    throw new ValueError('Negative base36 conversion input.');
  }
  return value.toString(36);
}

/** Base64 for URLs, without the equal signs at its end. */
export function urlsafeBase64Encode(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');
}

/**
 * The bytes of base64 for URLs; equal signs at its end may be missing, other characters are skipped as in Python.
 *
 * @throws ValueError for a length that base64 cannot have, or text that is not ASCII.
 */
export function urlsafeBase64Decode(value: string): Buffer {
  let data = '';
  let pads = 0;
  for (const char of value) {
    if (char > '\x7f') throw new ValueError('string argument should contain only ASCII characters');
    if (char === '=') {
      // Padding where it belongs is the end; anywhere else it is no character of base64.
      if (data.length % 4 >= 2 && (data.length % 4) + ++pads >= 4) return Buffer.from(data, 'base64url');
    } else if (/[A-Za-z0-9\-_+/]/.test(char)) {
      data += char;
      pads = 0;
    }
  }
  if (data.length % 4 === 1) {
    throw new ValueError(
      `Invalid base64-encoded string: number of data characters (${data.length}) cannot be 1 more than a multiple of 4`,
    );
  }
  // Django pads by the length of the whole text, which is too little for some that are not base64 at all.
  const padding = value.length % 4;
  if (data.length % 4 !== 0 && (data.length % 4) + pads + padding < 4)
    throw new ValueError('Incorrect padding');
  return Buffer.from(data, 'base64url');
}

/** The ETags of an If-None-Match or If-Match header, quoted; `['*']` for any. RFC 9110, 13.1. */
export function parseEtags(header: string): string[] {
  if (header.trim() === '*') return ['*'];
  const tags: string[] = [];
  for (const part of header.split(',')) {
    const tag = part.trim();
    if (ETAG.test(tag)) tags.push(tag);
  }
  return tags;
}

/** An ETag in quotes; one that has them already stays, weak ones too. */
export function quoteEtag(etag: string): string {
  return ETAG.test(etag) ? etag : `"${etag}"`;
}

/** Whether a host is the pattern, or for `.example.com`, that domain or a subdomain of it. */
export function isSameDomain(host: string, pattern: string): boolean {
  if (!pattern) return false;
  const lower = pattern.toLowerCase();
  return lower[0] === '.' ? host.endsWith(lower) || host === lower.slice(1) : lower === host;
}

/**
 * Whether a URL uses an allowed host and a safe scheme, so that a redirect to it stays where it should.
 * `false` for an empty one. `true` does not mean that it needs no quoting: use `iriToUri()`, too.
 */
export function urlHasAllowedHostAndScheme(
  url: string | null | undefined,
  allowedHosts: Iterable<string> | string | null | undefined,
  requireHttps = false,
): boolean {
  const trimmed = url?.trim();
  if (!trimmed) return false;
  const hosts = new Set(typeof allowedHosts === 'string' ? [allowedHosts] : (allowedHosts ?? []));
  // Chrome treats \ as / in paths, but it could be part of credentials: both readings must be safe.
  return (
    hasAllowedHostAndScheme(trimmed, hosts, requireHttps) &&
    hasAllowedHostAndScheme(trimmed.replaceAll('\\', '/'), hosts, requireHttps)
  );
}

function hasAllowedHostAndScheme(url: string, hosts: ReadonlySet<string>, requireHttps: boolean): boolean {
  // Browsers take any number of slashes above two as the beginning of a host.
  if (url.startsWith('///') || url.length > MAX_URL_LENGTH) return false;
  let parts: SplitResult;
  try {
    parts = urlsplit(url);
  } catch {
    return false;
  }
  const { scheme, netloc } = parts;
  // http:///example.com has no host for us, and has one for browsers.
  if (!netloc && scheme) return false;
  // Browsers ignore control characters at the beginning of a URL.
  if (/^\p{C}/u.test(url)) return false;
  const effective = scheme || (netloc ? 'http' : '');
  return (
    (!netloc || hosts.has(netloc)) &&
    (!effective || effective === 'https' || (effective === 'http' && !requireHttps))
  );
}

/** Keeps a path that begins with two slashes from being taken for a host. */
export function escapeLeadingSlashes(url: string): string {
  return url.startsWith('//') ? `/%2F${url.slice(2)}` : url;
}

export { quote, quotePlus, unquote };
