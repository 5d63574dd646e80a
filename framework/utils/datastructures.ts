/** Django: `django.utils.datastructures`. */
import { AttributeError, KeyError } from '../core/exceptions';
import { Dict } from '../python/dict';
import { GET_ITEM, HAS_ITEM, isProbe, protectMethods, SET_ITEM, Subscriptable } from './subscriptable';

/** A MultiValueDict has no such key. */
export class MultiValueDictKeyError extends KeyError {}

/**
 * A dictionary of lists that behaves like a dictionary of their last values; form data is one.
 *
 * `dict['key']` is the last value, and throws MultiValueDictKeyError if there is no such key; `get()` does not
 * throw. A key that is a method's name (`get`, `items`, …) is read with `get()`.
 *
 * Django: `MultiValueDict`; https://docs.djangoproject.com/en/5.2/ref/request-response/#querydict-objects
 */
export class MultiValueDict<T = unknown> extends Subscriptable {
  readonly #lists = new Map<string, T[]>();

  /** @param lists an object or pairs of keys and their lists of values. */
  constructor(lists?: Readonly<Record<string, readonly T[]>> | Iterable<readonly [string, readonly T[]]>) {
    super();
    if (lists !== undefined) {
      const pairs = Symbol.iterator in lists ? lists : Object.entries(lists);
      for (const [key, list] of pairs as Iterable<readonly [string, readonly T[]]>) {
        this.#lists.set(key, [...list]);
      }
    }
  }

  [GET_ITEM](key: string): T | readonly T[] | undefined {
    const list = this.#lists.get(key);
    if (list === undefined) {
      if (isProbe(key)) return undefined;
      throw new MultiValueDictKeyError(key);
    }
    // Django, too, gives the list itself when it is empty.
    return list.length > 0 ? list[list.length - 1] : [];
  }

  [SET_ITEM](key: string, value: unknown): void {
    this.set(key, value as T);
  }

  [HAS_ITEM](key: string): boolean {
    return this.has(key);
  }

  /** The last value of a key, or the default: for a missing key and for an empty list. */
  get(key: string): T | undefined;
  get<D>(key: string, defaultValue: D): T | D;
  get<D>(key: string, defaultValue?: D): T | D | undefined {
    const list = this.#lists.get(key);
    return list !== undefined && list.length > 0 ? list[list.length - 1] : defaultValue;
  }

  /** Every value of a key; a new list. */
  getlist(key: string): T[];
  getlist<D>(key: string, defaultValue: D): T[] | D;
  getlist<D>(key: string, defaultValue?: D): T[] | D {
    const list = this.#lists.get(key);
    return list !== undefined ? [...list] : defaultValue !== undefined ? defaultValue : [];
  }

  /** Whether there is such a key. Python: `key in dict`. */
  has(key: string): boolean {
    return this.#lists.has(key);
  }

  /** Makes a value the only one of a key. Python: `dict[key] = value`. */
  set(key: string, value: T): void {
    this.#lists.set(key, [value]);
  }

  setlist(key: string, list: readonly T[]): void {
    this.#lists.set(key, [...list]);
  }

  appendlist(key: string, value: T): void {
    const list = this.#lists.get(key);
    if (list === undefined) this.#lists.set(key, [value]);
    else list.push(value);
  }

  /** The last value of a key; a missing key gets the default first. */
  setdefault(key: string, defaultValue: T): T {
    if (!this.has(key)) this.set(key, defaultValue);
    return this.get(key) as T;
  }

  /** The list of a key, itself; a missing key gets the default list first. */
  setlistdefault(key: string, defaultList: readonly T[] = []): T[] {
    if (!this.has(key)) this.setlist(key, defaultList);
    return this.#lists.get(key) as T[];
  }

  /** Removes a key. Python: `del dict[key]`. @throws MultiValueDictKeyError if there is no such key. */
  delete(key: string): void {
    if (!this.#lists.delete(key)) throw new MultiValueDictKeyError(key);
  }

  /** Removes a key and gives its list. @throws MultiValueDictKeyError for a missing key without a default. */
  pop(key: string): T[];
  pop<D>(key: string, defaultValue: D): T[] | D;
  pop<D>(key: string, ...rest: [] | [D]): T[] | D {
    const list = this.#lists.get(key);
    if (list === undefined) {
      if (rest.length === 0) throw new MultiValueDictKeyError(key);
      return rest[0] as D;
    }
    this.#lists.delete(key);
    return list;
  }

  /** Removes the last key and gives it with its list. @throws KeyError if the dictionary is empty. */
  popitem(): [string, T[]] {
    const key = [...this.#lists.keys()].at(-1);
    if (key === undefined) throw new KeyError('popitem(): dictionary is empty');
    return [key, this.pop(key)];
  }

  clear(): void {
    this.#lists.clear();
  }

  /** Appends to the lists, rather than replacing them. */
  update(
    other: MultiValueDict<T> | Readonly<Record<string, T | readonly T[]>> | Iterable<readonly [string, T]>,
  ): void {
    if (other instanceof MultiValueDict) {
      for (const [key, list] of other.lists()) {
        for (const value of list) this.appendlist(key, value as T);
      }
      return;
    }
    const pairs = Symbol.iterator in other ? other : Object.entries(other);
    for (const [key, value] of pairs as Iterable<readonly [string, T]>) this.appendlist(key, value);
  }

  keys(): IterableIterator<string> {
    return this.#lists.keys();
  }

  /** The last value of each key. */
  *values(): IterableIterator<T> {
    for (const key of this.#lists.keys()) yield this[GET_ITEM](key) as T;
  }

  /** Each key with its last value. */
  *items(): IterableIterator<[string, T]> {
    for (const key of this.#lists.keys()) yield [key, this[GET_ITEM](key) as T];
  }

  /** Each key with its list. */
  *lists(): IterableIterator<[string, T[]]> {
    for (const [key, list] of this.#lists) yield [key, [...list]];
  }

  /** A plain object, without a prototype, of the last values. */
  dict(): Record<string, T> {
    const result = new Dict<T>();
    for (const [key, value] of this.items()) result[key] = value;
    return result;
  }

  /** The number of keys. Python: `len(dict)`. */
  count(): number {
    return this.#lists.size;
  }

  copy(): MultiValueDict<T> {
    return new MultiValueDict<T>(this.lists());
  }

  /** The keys, as iterating over a Python dictionary gives them. */
  [Symbol.iterator](): IterableIterator<string> {
    return this.keys();
  }

  override toString(): string {
    const pairs = [...this.lists()].map(([key, list]) => `${JSON.stringify(key)}: ${JSON.stringify(list)}`);
    return `<${this.constructor.name}: {${pairs.join(', ')}}>`;
  }

  toJSON(): Record<string, T[]> {
    const result = new Dict<T[]>();
    for (const [key, list] of this.lists()) result[key] = list;
    return result;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}

protectMethods(MultiValueDict);

/** A list that refuses changes, with a message that says why. */
export class ImmutableList<T> extends Array<T> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  /** An immutable copy of a list; every method that would change it throws AttributeError(`warning`). */
  static create<U>(items: Iterable<U>, warning = 'ImmutableList object is immutable.'): ImmutableList<U> {
    const list = new ImmutableList<U>();
    for (const item of items) Array.prototype.push.call(list, item);
    const complain = (): never => {
      throw new AttributeError(warning);
    };
    for (const name of [
      'push',
      'pop',
      'shift',
      'unshift',
      'splice',
      'sort',
      'reverse',
      'fill',
      'copyWithin',
    ]) {
      Object.defineProperty(list, name, { value: complain });
    }
    return Object.freeze(list) as ImmutableList<U>;
  }
}

/** A view of pairs in which names differ only if they differ without regard to case. */
export class CaseInsensitiveMapping<T = string> {
  readonly #store = new Map<string, readonly [string, T]>();

  constructor(data: Readonly<Record<string, T>> | Iterable<readonly [string, T]>) {
    const pairs = Symbol.iterator in data ? data : Object.entries(data);
    for (const [name, value] of pairs as Iterable<readonly [string, T]>) {
      this.#store.set(name.toLowerCase(), [name, value]);
    }
  }

  get(name: string): T | undefined;
  get<D>(name: string, defaultValue: D): T | D;
  get<D>(name: string, defaultValue?: D): T | D | undefined {
    const found = this.#store.get(name.toLowerCase());
    return found === undefined ? defaultValue : found[1];
  }

  has(name: string): boolean {
    return this.#store.has(name.toLowerCase());
  }

  get size(): number {
    return this.#store.size;
  }

  *items(): IterableIterator<readonly [string, T]> {
    yield* this.#store.values();
  }

  *keys(): IterableIterator<string> {
    for (const [name] of this.#store.values()) yield name;
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.keys();
  }
}
