/**
 * Cookies: reading the Cookie header, and the quoting and attributes of Set-Cookie.
 *
 * Django: `django.http.cookie`, which stands on Python's `http.cookies`; RFC 6265.
 */
import { ValueError } from '../core/exceptions';
import { Dict } from '../python/dict';
import { isSpace } from '../python/text';

/** A cookie that cannot be sent. Python: `http.cookies.CookieError`. */
export class CookieError extends ValueError {}

/** Python's `str.strip()`; nearly always there is nothing to strip. */
function strip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start += 1;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end -= 1;
  return end - start === text.length ? text : text.slice(start, end);
}

/**
 * The cookies of a Cookie header, as Django and browsers read it: the last of a name wins, a pair without `=`
 * is a value without a name, and values in double quotes are unquoted.
 *
 * @returns an object without prototype.
 */
export function parseCookie(header: string): Record<string, string> {
  const cookies = new Dict<string>();
  let start = 0;
  let equals = -1;
  while (start <= header.length) {
    let end = header.indexOf(';', start);
    if (end < 0) end = header.length;
    // Where there is none it is not looked for again.
    if (equals < start && equals < header.length) {
      equals = header.indexOf('=', start);
      if (equals < 0) equals = header.length;
    }
    let name = '';
    let value: string;
    if (equals < end) {
      name = strip(header.slice(start, equals));
      value = strip(header.slice(equals + 1, end));
    } else {
      value = strip(header.slice(start, end));
    }
    if (name !== '' || value !== '') cookies[name] = unquoteCookie(value);
    start = end + 1;
  }
  return cookies;
}

/** Undoes the quoting of Python's `http.cookies`: `"a\054b"` is `a,b`. */
export function unquoteCookie(value: string): string {
  const last = value.length - 1;
  if (last < 1 || value.charCodeAt(0) !== 34 || value.charCodeAt(last) !== 34) return value;
  const inner = value.slice(1, last);
  if (!inner.includes('\\')) return inner;
  return inner.replace(/\\(?:([0-3][0-7][0-7])|(.))/g, (_, octal: string | undefined, char: string) =>
    octal === undefined ? char : String.fromCharCode(Number.parseInt(octal, 8)),
  );
}

const LEGAL = /^[\w!#$%&'*+\-.^`|~:]+$/;
const ESCAPED = /[^\w!#$%&'*+\-.^`|~: ()/<=>?@[\]{}\u0100-\uffff]/g;

/** Quotes a value as Python's `http.cookies` does: plain where it can be, else in double quotes with octal escapes. */
export function quoteCookie(value: string): string {
  if (LEGAL.test(value)) return value;
  return `"${value.replace(ESCAPED, (char) =>
    char === '"' || char === '\\' ? `\\${char}` : `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )}"`;
}

/** The attributes, in the order in which Python writes them. */
const ATTRIBUTES = [
  ['comment', 'Comment'],
  ['domain', 'Domain'],
  ['expires', 'expires'],
  ['httponly', 'HttpOnly'],
  ['max-age', 'Max-Age'],
  ['partitioned', 'Partitioned'],
  ['path', 'Path'],
  ['samesite', 'SameSite'],
  ['secure', 'Secure'],
  ['version', 'Version'],
] as const;

/** The name of a cookie attribute. */
export type CookieAttribute = (typeof ATTRIBUTES)[number][0];

const RESERVED: ReadonlySet<string> = new Set(ATTRIBUTES.map(([name]) => name));
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const CONTROLS = /[\x00-\x1f\x7f;]/;

function checkAttribute(attribute: string, value: unknown): void {
  if (typeof value === 'string' && CONTROLS.test(value)) {
    throw new CookieError(
      `Control characters and ';' are not allowed in the cookie attribute '${attribute}'.`,
    );
  }
}

/** One cookie of a response: its value and attributes. Python: `http.cookies.Morsel`. */
export class Morsel {
  value = '';
  readonly attributes: Partial<Record<CookieAttribute, string | number | boolean>> = {};

  /** @throws CookieError if the name has characters that a cookie's name must not have. */
  constructor(readonly key: string) {
    if (RESERVED.has(key.toLowerCase())) {
      throw new CookieError(`Attempt to set a reserved key '${key}'`);
    }
    if (!LEGAL.test(key)) {
      throw new CookieError(`Illegal key '${key}'`);
    }
  }

  /** An attribute; the empty text where it is not set. */
  get(attribute: CookieAttribute): string | number | boolean {
    return this.attributes[attribute] ?? '';
  }

  /** @throws CookieError if the text would begin another attribute or header. */
  set(attribute: CookieAttribute, value: string | number | boolean): void {
    checkAttribute(attribute, value);
    this.attributes[attribute] = value;
  }

  get codedValue(): string {
    return quoteCookie(this.value);
  }

  /** The value of the Set-Cookie header. @throws CookieError for an attribute that would begin another one. */
  outputString(): string {
    let output = `${this.key}=${quoteCookie(this.value)}`;
    const { attributes } = this;
    for (let i = 0; i < ATTRIBUTES.length; i++) {
      const [name, title] = ATTRIBUTES[i] as (typeof ATTRIBUTES)[number];
      const value = attributes[name];
      if (value === undefined || value === '' || value === false) continue;
      // Once more: the attributes are an open object, and this is the last door before the wire.
      if (typeof value === 'string') checkAttribute(name, value);
      output += value === true ? `; ${title}` : `; ${title}=${value}`;
    }
    return output;
  }

  toString(): string {
    return this.outputString();
  }
}

/** The cookies of a response, in the order in which they were first set. Python: `http.cookies.SimpleCookie`. */
export class SimpleCookie extends Map<string, Morsel> {
  /** Gives a cookie a value; attributes that it has already stay, as in Python. */
  setValue(key: string, value: string): Morsel {
    let morsel = this.get(key);
    if (morsel === undefined) {
      morsel = new Morsel(key);
      this.set(key, morsel);
    }
    morsel.value = value;
    return morsel;
  }

  /** Takes the cookies of a Cookie header. Python: `SimpleCookie.load`. */
  load(header: string): void {
    const cookies = parseCookie(header);
    for (const key of Object.keys(cookies)) this.setValue(key, cookies[key] as string);
  }
}
