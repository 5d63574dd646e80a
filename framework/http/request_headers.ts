/** The headers of a request. Django: `HttpHeaders` of `django.http.request`. */
import { BadRequest, KeyError, ValueError } from '../core/exceptions';
import { GET_ITEM, HAS_ITEM, protectMethods, SET_ITEM, Subscriptable } from '../utils/subscriptable';
import type { SourceHeaders } from './request_source';

/** Headers that have no HTTP_ in META. */
const UNPREFIXED: ReadonlySet<string> = new Set(['CONTENT_TYPE', 'CONTENT_LENGTH']);

function title(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase());
}

/** The META key of a header. Django: `HttpHeaders.to_wsgi_name`. */
export function metaName(header: string): string {
  const name = header.replaceAll('-', '_').toUpperCase();
  return UNPREFIXED.has(name) ? name : `HTTP_${name}`;
}

/** The header that a META key holds; `undefined` for a key that holds none. */
export function headerName(key: string): string | undefined {
  if (UNPREFIXED.has(key)) return key.toLowerCase().replaceAll('_', '-');
  return key.startsWith('HTTP_') ? key.slice(5).toLowerCase().replaceAll('_', '-') : undefined;
}

/**
 * The value of a header as Django has it: several lines of one name are joined with commas.
 * A name with an underscore is no header here: it could pass for the one with a dash (CVE-2015-0219).
 */
export function sourceHeader(headers: SourceHeaders, name: string): string | undefined {
  if (name.includes('_')) return undefined;
  const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
  return typeof value === 'string' || value === undefined ? value : value.join(',');
}

/** Reads a header whose mistakes are the client's: 400. @throws BadRequest. */
export function clientsFault<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ValueError) throw new BadRequest(error.message, { cause: error });
    throw error;
  }
}

/**
 * Headers by name without regard to case; `headers['User-Agent']`, and for templates `headers.user_agent`.
 * A missing one is `undefined`.
 */
export class HttpHeaders extends Subscriptable {
  readonly #values: ReadonlyMap<string, string>;

  /** @param meta as in `request.META`. */
  constructor(meta: Readonly<Record<string, unknown>>) {
    super();
    const values = new Map<string, string>();
    for (const key of Object.keys(meta)) {
      const name = headerName(key);
      if (name !== undefined) values.set(name, String(meta[key]));
    }
    this.#values = values;
  }

  [GET_ITEM](name: string): string | undefined {
    return this.get(name);
  }

  [SET_ITEM](name: string): never {
    throw new TypeError(`The headers of a request cannot be set ('${name}'); set request.META instead.`);
  }

  [HAS_ITEM](name: string): boolean {
    return this.has(name);
  }

  get(name: string): string | undefined;
  get<D>(name: string, defaultValue: D): string | D;
  get<D>(name: string, defaultValue?: D): string | D | undefined {
    return this.#values.get(name.toLowerCase().replaceAll('_', '-')) ?? defaultValue;
  }

  /** A header's value. @throws KeyError if it is missing. */
  getOrThrow(name: string): string {
    const value = this.get(name);
    if (value === undefined) throw new KeyError(name);
    return value;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  *keys(): IterableIterator<string> {
    for (const name of this.#values.keys()) yield title(name);
  }

  values(): IterableIterator<string> {
    return this.#values.values();
  }

  *items(): IterableIterator<[string, string]> {
    for (const [name, value] of this.#values) yield [title(name), value];
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.items();
  }

  /** The number of headers. Python: `len(headers)`. */
  count(): number {
    return this.#values.size;
  }

  toJSON(): Record<string, string> {
    return Object.fromEntries(this.items());
  }

  override toString(): string {
    return JSON.stringify(this.toJSON());
  }

  [Symbol.for('nodejs.util.inspect.custom')](): Record<string, string> {
    return this.toJSON();
  }
}

protectMethods(HttpHeaders);
