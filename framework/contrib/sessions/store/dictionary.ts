/** The dictionary that a session is: its items, by the methods of one. */
import { type InspectOptions, inspect } from 'node:util';
import { KeyError } from '../../../core/exceptions';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { GET_ITEM, HAS_ITEM } from '../../../utils/subscriptable';
import { assign, deleteItem, getItem, handOut, type ItemSource, itemsOf, setItem } from './items';
import { type SessionDict, type SessionState, STATE, type StoredSession } from './state';
import { liveView } from './views';

/**
 * The types of a site's own keys, declared by augmentation:
 *
 * ```ts
 * declare module 'tsango/contrib/sessions' { interface SessionData { name: string } }
 * ```
 */
// biome-ignore lint/suspicious/noEmptyInterface: sites fill it.
export interface SessionData {}

/** What `update` takes. */
export type SessionUpdate = Readonly<Record<string, unknown>> | Iterable<readonly [string, unknown]>;

/** The items of a session; brackets (`session['name']`) are the work of its proxy. */
export abstract class SessionDictionary implements ItemSource {
  [key: string]: unknown;
  declare [STATE]: SessionState;

  /** What the store has of the session of this key; null if it has none, or an expired one. Changes nothing. */
  abstract doLoad(): MaybePromise<StoredSession | null>;

  /** Called when the session of the key is not there. */
  abstract loadFailed(): void;

  /** The value of a key, or `defaultValue` (null) if there is none. */
  get<K extends keyof SessionData>(key: K): SessionData[K] | null;
  get<K extends keyof SessionData, D>(key: K, defaultValue: D): Exclude<SessionData[K], undefined> | D;
  get(key: string, defaultValue?: unknown): unknown;
  get(key: string, defaultValue: unknown = null): unknown {
    const data = itemsOf(this);
    return Object.hasOwn(data, key) ? handOut(this[STATE], key, data[key]) : defaultValue;
  }

  /**
   * Takes a key out of the session and returns its value.
   *
   * @throws KeyError if there is none and no default is given.
   */
  pop(key: string, ...defaultValue: [value?: unknown]): unknown {
    const data = itemsOf(this);
    if (!Object.hasOwn(data, key)) {
      if (defaultValue.length === 0) throw new KeyError(key);
      return defaultValue[0];
    }
    const value = data[key];
    deleteItem(this, key);
    return value;
  }

  /** The value of a key; if there is none, sets it to `value`. */
  setdefault<K extends keyof SessionData>(key: K, value: SessionData[K]): SessionData[K];
  setdefault<T>(key: string, value: T): T;
  setdefault(key: string, value: unknown): unknown {
    if (Object.hasOwn(itemsOf(this), key)) return getItem(this, key);
    setItem(this, key, value);
    return value;
  }

  /** Sets several keys. */
  update(items: SessionUpdate): void {
    itemsOf(this);
    const pairs =
      Symbol.iterator in items ? (items as Iterable<readonly [string, unknown]>) : Object.entries(items);
    for (const [key, value] of pairs) setItem(this, key, value);
    this[STATE].modified = true;
  }

  /** For templates, where a key comes before a method of the same name. @internal */
  [HAS_ITEM](key: string): boolean {
    return this.has(key);
  }

  /** @internal */
  [GET_ITEM](key: string): unknown {
    return this.get(key);
  }

  /** Whether the session has a key: `key in session`. */
  has(key: string): boolean {
    return Object.hasOwn(itemsOf(this), key);
  }

  /** `has`. Django: `has_key`. */
  hasKey(key: string): boolean {
    return this.has(key);
  }

  /** The keys. As in Python the list follows the session: what is set later is in it. */
  keys(): string[] {
    return liveView(this[STATE], itemsOf(this), (data) => Object.keys(data));
  }

  /** The values. The list follows the session. */
  values(): unknown[] {
    const state = this[STATE];
    return liveView(state, itemsOf(this), (data) =>
      Object.keys(data).map((key) => handOut(state, key, data[key])),
    );
  }

  /** Pairs of key and value. The list follows the session. */
  items(): [string, unknown][] {
    const state = this[STATE];
    return liveView(state, itemsOf(this), (data) =>
      Object.keys(data).map((key): [string, unknown] => [key, handOut(state, key, data[key])]),
    );
  }

  /** Removes every key. */
  clear(): void {
    const state = this[STATE];
    // Nothing is loaded for it: whatever the store has, it will be gone.
    state.data = {};
    state.ahead = undefined;
    state.cleared = true;
    state.unsaved();
    state.changed = null;
    state.handedOut = null;
    state.views = null;
    state.accessed = true;
    state.modified = true;
  }

  /** Whether there is neither a key of the session nor an item in it. */
  isEmpty(): boolean {
    const { key, data } = this[STATE];
    return key === null && (data === undefined || Object.keys(data).length === 0);
  }

  /** The keys, as in Python. */
  [Symbol.iterator](): Iterator<string> {
    return Object.keys(itemsOf(this)).values();
  }

  /** The items as a plain object. */
  toJSON(): SessionDict {
    const copy: SessionDict = {};
    for (const [key, value] of this.items()) assign(copy, key, value);
    return copy;
  }

  [Symbol.toPrimitive](): string {
    return `<${this[STATE].cls.name}>`;
  }

  get [Symbol.toStringTag](): string {
    return 'Session';
  }

  /** Shows what is in memory; loads nothing. */
  [inspect.custom](_depth: number, options: InspectOptions): string {
    const { cls, data = {} } = this[STATE];
    return `${cls.name} ${inspect({ ...data }, options)}`;
  }
}
