/** Query strings and form data. https://docs.djangoproject.com/en/5.2/ref/request-response/#querydict-objects */

import { settings } from '../conf';
import { AttributeError, TooManyFieldsSent } from '../core/exceptions';
import { MultiValueDict } from '../utils/datastructures';
import { asBuffer, decodeBytes, encodeText, isUtf8, quote, quotePlus, unquote } from '../utils/encoding';
import { protectMethods } from '../utils/subscriptable';

const TOO_MANY = 'The number of GET/POST parameters exceeded settings.DATA_UPLOAD_MAX_NUMBER_FIELDS.';

/** Bytes of a value become text in the dictionary's encoding, as in Django. */
function toText(value: unknown, encoding: string): string {
  return value instanceof Uint8Array ? decodeBytes(value, encoding) : (value as string);
}

function decodeQuery(bytes: Uint8Array, encoding: string): string {
  const text = decodeBytes(bytes, encoding);
  // What is not of the encoding is read one character a byte; nothing is lost.
  return text.includes('\ufffd') && isUtf8(encoding) ? asBuffer(bytes).toString('latin1') : text;
}

/**
 * A dictionary of lists made from a query string; immutable unless it is a copy, or made with `mutable`.
 *
 * `request.GET['q']` throws MultiValueDictKeyError if there is no such key; `request.GET.get('q')` does not.
 */
export class QueryDict extends MultiValueDict<string> {
  #mutable = true;
  #encoding: string;

  /**
   * @param options.encoding the charset of the percent-encoded bytes; DEFAULT_CHARSET if absent.
   * @throws TooManyFieldsSent for more fields than DATA_UPLOAD_MAX_NUMBER_FIELDS.
   */
  constructor(
    queryString: string | Uint8Array | null = '',
    options: { mutable?: boolean; encoding?: string | null } = {},
  ) {
    super();
    this.#encoding = options.encoding ?? settings.DEFAULT_CHARSET;
    if (queryString !== null && queryString.length > 0) {
      this.#parse(typeof queryString === 'string' ? queryString : decodeQuery(queryString, this.#encoding));
    }
    this.#mutable = options.mutable ?? false;
  }

  /** An immutable dictionary with the same value for each key. */
  static fromkeys(
    keys: Iterable<string>,
    value = '',
    options: { mutable?: boolean; encoding?: string | null } = {},
  ): QueryDict {
    const result = new QueryDict('', { ...options, mutable: true });
    for (const key of keys) result.appendlist(key, value);
    result.#mutable = options.mutable ?? false;
    return result;
  }

  #parse(text: string): void {
    const limit = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS;
    if (limit !== null) {
      let fields = 1;
      for (let i = text.indexOf('&'); i >= 0; i = text.indexOf('&', i + 1)) {
        if (++fields > limit) throw new TooManyFieldsSent(TOO_MANY);
      }
      if (fields > limit) throw new TooManyFieldsSent(TOO_MANY);
    }
    const decode = (part: string): string =>
      unquote(part.includes('+') ? part.replaceAll('+', ' ') : part, this.#encoding);
    let start = 0;
    while (start <= text.length) {
      let end = text.indexOf('&', start);
      if (end < 0) end = text.length;
      if (end > start) {
        const equals = text.indexOf('=', start);
        if (equals >= 0 && equals < end) {
          super.appendlist(decode(text.slice(start, equals)), decode(text.slice(equals + 1, end)));
        } else {
          super.appendlist(decode(text.slice(start, end)), '');
        }
      }
      start = end + 1;
    }
  }

  get encoding(): string {
    return this.#encoding;
  }

  set encoding(value: string) {
    this.#assertMutable();
    this.#encoding = value;
  }

  get mutable(): boolean {
    return this.#mutable;
  }

  /** Django's `_mutable`; a form parser sets it when it is done. */
  set mutable(value: boolean) {
    if (typeof value !== 'boolean') {
      throw new AttributeError(
        "'mutable' is a property: it is true or false. Use set() for a field of that name.",
      );
    }
    this.#mutable = value;
  }

  #assertMutable(): void {
    if (!this.#mutable) {
      throw new AttributeError('This QueryDict instance is immutable');
    }
  }

  override set(key: string, value: string): void {
    this.#assertMutable();
    super.set(toText(key, this.#encoding), toText(value, this.#encoding));
  }

  override setlist(key: string, list: readonly string[]): void {
    this.#assertMutable();
    super.setlist(
      toText(key, this.#encoding),
      list.map((value) => toText(value, this.#encoding)),
    );
  }

  override setlistdefault(key: string, defaultList: readonly string[] = []): string[] {
    this.#assertMutable();
    return super.setlistdefault(key, defaultList);
  }

  override appendlist(key: string, value: string): void {
    this.#assertMutable();
    super.appendlist(toText(key, this.#encoding), toText(value, this.#encoding));
  }

  override delete(key: string): void {
    this.#assertMutable();
    super.delete(key);
  }

  override pop(key: string): string[];
  override pop<D>(key: string, defaultValue: D): string[] | D;
  override pop<D>(key: string, ...rest: [] | [D]): string[] | D {
    this.#assertMutable();
    return rest.length === 0 ? super.pop(key) : super.pop(key, rest[0] as D);
  }

  override popitem(): [string, string[]] {
    this.#assertMutable();
    return super.popitem();
  }

  override clear(): void {
    this.#assertMutable();
    super.clear();
  }

  override setdefault(key: string, defaultValue: string): string {
    this.#assertMutable();
    return super.setdefault(key, toText(defaultValue, this.#encoding));
  }

  /** A mutable copy. */
  override copy(): QueryDict {
    const result = new QueryDict('', { mutable: true, encoding: this.#encoding });
    for (const [key, list] of this.lists()) result.setlist(key, list);
    return result;
  }

  /**
   * The query string.
   *
   * @param safe characters that are not encoded: `q.urlencode('/')` keeps slashes. A space is then `%20`.
   */
  urlencode(safe?: string): string {
    const parts: string[] = [];
    const encode = (text: string): string => {
      const source = isUtf8(this.#encoding) ? text : encodeText(text, this.#encoding);
      return safe ? quote(source, safe) : quotePlus(source);
    };
    for (const [key, list] of this.lists()) {
      const name = encode(key);
      for (const value of list) parts.push(`${name}=${encode(String(value))}`);
    }
    return parts.join('&');
  }
}

protectMethods(QueryDict);
