/** The headers of a response. Django: `ResponseHeaders` of `django.http.response`. */
import { KeyError, ValueError } from '../core/exceptions';
import { GET_ITEM, HAS_ITEM, protectMethods, SET_ITEM, Subscriptable } from '../utils/subscriptable';

/** A header that would break the response apart. Django: `django.http.BadHeaderError`. */
export class BadHeaderError extends ValueError {}

// RFC 9110, 5.6.2: a token.
const TOKEN = /^[\w!#$%&'*+\-.^`|~]+$/;
// What no field value can hold: RFC 9110, 5.5.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it refuses
const FORBIDDEN = /[\x00-\x08\x0a-\x1f\x7f]/;
const PLAIN = /^[\t\x20-\x7e]*$/;

/**
 * What is between two ends of one connection, and so the server's to say (RFC 9110, 7.6.1): beside the length that it
 * sends, a Transfer-Encoding would let a proxy and a client read two different responses.
 */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'trailers',
  'transfer-encoding',
  'upgrade',
]);

/** Header names are constants of programs; their lower case and validity is worked out once. */
const names = new Map<string, string>();

function lower(name: string): string {
  const known = names.get(name);
  if (known !== undefined) return known;
  const key = name.toLowerCase();
  if (TOKEN.test(name) && names.size < 1000) names.set(name, key);
  return key;
}

function validName(name: string): string {
  if (!names.has(name) && !TOKEN.test(name)) {
    if (FORBIDDEN.test(name)) {
      throw new BadHeaderError(`Header values can't contain newlines (got ${JSON.stringify(name)})`);
    }
    throw new BadHeaderError(`Invalid header name: ${JSON.stringify(name)}`);
  }
  const key = lower(name);
  if (HOP_BY_HOP.has(key)) {
    throw new BadHeaderError(
      `Hop-by-hop header '${name}' is not allowed: the server says how a connection is used.`,
    );
  }
  return key;
}

/** RFC 2047's form of a text that Latin-1 cannot hold; Django does the same. */
function mimeEncode(value: string): string {
  return `=?utf-8?b?${Buffer.from(value, 'utf8').toString('base64')}?=`;
}

function validValue(value: string): string {
  if (FORBIDDEN.test(value)) {
    const what = /[\r\n\0]/.test(value) ? 'newlines' : 'control characters';
    throw new BadHeaderError(`Header values can't contain ${what} (got ${JSON.stringify(value)})`);
  }
  for (let i = 0; i < value.length; i++) {
    if (value.charCodeAt(i) > 255) return mimeEncode(value);
  }
  return value;
}

/**
 * Headers by name without regard to case, in the order in which they were set. `headers['Vary']` reads and
 * `headers['Vary'] = 'Cookie'` sets; `delete()` removes.
 *
 * The names and values stand in one flat list, which is what node:http writes: nothing is copied for it.
 */
export class ResponseHeaders extends Subscriptable {
  /** Names in lower case, at half the index of `#raw`. */
  readonly #keys: string[] = [];
  readonly #raw: string[] = [];
  #special = false;

  constructor(data?: HeadersInput) {
    super();
    if (data !== undefined) {
      for (const [name, value] of headerPairs(data)) this.set(name, value);
    }
  }

  [GET_ITEM](name: string): string | undefined {
    return this.get(name);
  }

  [SET_ITEM](name: string, value: unknown): void {
    this.set(name, value as string);
  }

  [HAS_ITEM](name: string): boolean {
    return this.has(name);
  }

  get(name: string): string | undefined;
  get<D>(name: string, defaultValue: D): string | D;
  get<D>(name: string, defaultValue?: D): string | D | undefined {
    const index = this.#keys.indexOf(lower(name));
    return index < 0 ? defaultValue : this.#raw[index * 2 + 1];
  }

  /** @throws BadHeaderError for a name that is no token or is hop-by-hop, or a control character in the value. */
  set(name: string, value: string | number): void {
    const key = validName(name);
    let text = typeof value === 'string' ? value : String(value);
    if (!PLAIN.test(text)) {
      text = validValue(text);
      this.#special = true;
    }
    const index = this.#keys.indexOf(key);
    if (index < 0) {
      this.#keys.push(key);
      this.#raw.push(name, text);
    } else {
      this.#raw[index * 2] = name;
      this.#raw[index * 2 + 1] = text;
    }
  }

  has(name: string): boolean {
    return this.#keys.includes(lower(name));
  }

  /** Removes a header; says whether there was one. */
  delete(name: string): boolean {
    const index = this.#keys.indexOf(lower(name));
    if (index < 0) return false;
    this.#keys.splice(index, 1);
    this.#raw.splice(index * 2, 2);
    return true;
  }

  /** Removes a header and gives its value. @throws KeyError for a missing one without a default. */
  pop(name: string, ...rest: [] | [string | undefined]): string | undefined {
    const value = this.get(name);
    if (value === undefined) {
      if (rest.length === 0) throw new KeyError(name);
      return rest[0];
    }
    this.delete(name);
    return value;
  }

  /** Sets a header unless it is there. */
  setdefault(name: string, value: string | number): void {
    if (!this.has(name)) this.set(name, value);
  }

  update(data: HeadersInput): void {
    for (const [name, value] of headerPairs(data)) this.set(name, value);
  }

  *keys(): IterableIterator<string> {
    for (let i = 0; i < this.#raw.length; i += 2) yield this.#raw[i] as string;
  }

  *values(): IterableIterator<string> {
    for (let i = 0; i < this.#raw.length; i += 2) yield this.#raw[i + 1] as string;
  }

  *items(): IterableIterator<[string, string]> {
    for (let i = 0; i < this.#raw.length; i += 2) {
      yield [this.#raw[i] as string, this.#raw[i + 1] as string];
    }
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.items();
  }

  /** The number of headers. Python: `len(headers)`. */
  count(): number {
    return this.#keys.length;
  }

  /** Whether a value may have characters outside ASCII. */
  get isSpecial(): boolean {
    return this.#special;
  }

  /** Name, value, name, value, …: the list itself, for adapters; not to be changed. */
  flat(): readonly string[] {
    return this.#raw;
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(this.items());
  }

  override toString(): string {
    return [...this.items()].map(([name, value]) => `${name}: ${value}`).join('\r\n');
  }

  [Symbol.for('nodejs.util.inspect.custom')](): Record<string, string> {
    return this.toJSON();
  }
}

protectMethods(ResponseHeaders);

/** What headers can be given as. */
export type HeadersInput =
  | Readonly<Record<string, string | number>>
  | Iterable<readonly [string, string | number]>;

function headerPairs(data: HeadersInput): Iterable<readonly [string, string | number]> {
  return Symbol.iterator in data
    ? (data as Iterable<readonly [string, string | number]>)
    : Object.entries(data);
}
