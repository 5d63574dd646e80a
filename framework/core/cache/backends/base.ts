/**
 * What every cache can do, and the parts that do not depend on where the entries are.
 *
 * Django: `django.core.cache.backends.base`; https://docs.djangoproject.com/en/5.2/topics/cache/
 *
 * Methods return `MaybePromise`: an in-process cache answers at once, a server later; `await` takes both.
 * Not in Django: `replace`, `update`, and a `getOrSet` that computes a missing value only once.
 */
import type { CacheSettings } from '../../../conf/global_settings';
import { forEach, type MaybePromise, then } from '../../../utils/maybe_promise';
import { importSetting } from '../../../utils/module_loading';
import { ValueError } from '../../exceptions';
import { getOrSetOnce } from '../get_or_set';
import { KeyedQueue } from '../keyed_queue';
import { MEMCACHE_MAX_KEY_LENGTH, memcacheKeyWarnings, warnOfKey } from '../keys';

export {
  CacheConnectionError,
  CacheKeyWarning,
  CacheUpdateConflict,
  InvalidCacheBackendError,
  InvalidCacheKey,
} from '../exceptions';
export { MEMCACHE_MAX_KEY_LENGTH, memcacheKeyWarnings };

/** Seconds until an entry expires. `null`: never; 0 or less: at once; left out: the cache's TIMEOUT. */
export type Timeout = number | null | undefined;

/** The last argument of every method. */
export interface KeyOptions {
  /** Another version of the key than the cache's VERSION. */
  readonly version?: number | undefined;
}

/** How `getOrSet` keeps several processes from computing the same value. */
export interface GetOrSetOptions extends KeyOptions {
  /**
   * Seconds that other processes wait at most for the one that computes; 0 lets each compute its own. Default 10,
   * and 0 where entries are in this process only.
   */
  readonly lock?: number | undefined;
}

/** Another timeout for the entry that `update` writes. */
export interface UpdateOptions extends KeyOptions {
  readonly timeout?: Timeout;
}

/** Makes the stored key of a key. Django: `KEY_FUNCTION`. */
export type KeyFunction = (key: string, keyPrefix: string, version: number) => string;

/** One entry of CACHES without what chose the class. */
export type CacheParams = Omit<CacheSettings, 'BACKEND' | 'LOCATION'>;

/** Tells a missing entry from one whose value is the caller's default. */
export const MISSING: unique symbol = Symbol('missing');

/** `prefix:version:key`. */
export function defaultKeyFunc(key: string, keyPrefix: string, version: number): string {
  return `${keyPrefix}:${version}:${key}`;
}

function integer(value: unknown, otherwise: number): number {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.trunc(number) : otherwise;
}

/** A database as far as its transactions go. */
export interface CacheTransactions {
  /** Whether what is written now still waits for a commit. */
  readonly awaitsCommit: boolean;
  /** @param options.inTests the transaction of a test, which never commits, counts as none. */
  onCommit(callback: () => void, options: { inTests: boolean }): MaybePromise<void>;
}

/** Base of the cache backends. A backend of one's own implements `add`, `get`, `set`, `touch`, `delete` and `clear`. */
export abstract class BaseCache {
  readonly defaultTimeout: number | null;
  readonly keyPrefix: string;
  readonly version: number;
  readonly keyFunc: KeyFunction;
  protected readonly maxEntries: number;
  protected readonly cullFrequency: number;
  /** Whether other processes see the entries; decides whether `getOrSet` needs its lock. */
  readonly shared: boolean = true;
  /** The database in whose transactions the writes take part; null for a store of its own. */
  get transactions(): CacheTransactions | null {
    return null;
  }

  private readonly computing = new Map<string, Promise<unknown>>();
  private readonly updates = new KeyedQueue();

  constructor(params: CacheParams = {}) {
    const options = params.OPTIONS ?? {};
    this.defaultTimeout = params.TIMEOUT === null ? null : integer(params.TIMEOUT, 300);
    this.maxEntries = integer(options['MAX_ENTRIES'], 300);
    this.cullFrequency = integer(options['CULL_FREQUENCY'], 3);
    this.keyPrefix = params.KEY_PREFIX ?? '';
    this.version = params.VERSION ?? 1;
    this.keyFunc =
      params.KEY_FUNCTION === undefined
        ? defaultKeyFunc
        : importSetting<KeyFunction>(params.KEY_FUNCTION as KeyFunction | string);
  }

  // What a backend must implement.

  /** Stores a value unless the key has one; says whether it stored. */
  abstract add(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): MaybePromise<boolean>;

  /** The value of a key, or `defaultValue` if there is none. A stored `null` is a value. */
  abstract get<T = unknown>(key: string): MaybePromise<T | undefined>;
  abstract get<T = unknown, D = T>(key: string, defaultValue: D, options?: KeyOptions): MaybePromise<T | D>;

  /** Stores a value. */
  abstract set(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): MaybePromise<void>;

  /** Gives an entry a new timeout; says whether it is there. */
  abstract touch(key: string, timeout?: Timeout, options?: KeyOptions): MaybePromise<boolean>;

  /** Removes an entry; says whether it was there. */
  abstract delete(key: string, options?: KeyOptions): MaybePromise<boolean>;

  /** Removes everything in the store, other prefixes and versions too. */
  abstract clear(): MaybePromise<void>;

  // What a backend should implement where it can do it in one step.

  /**
   * Stores a value only if the key has one; says whether it stored. Not in Django.
   * The built-in backends do it atomically; this fallback is as safe as two steps can be.
   */
  replace(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): MaybePromise<boolean> {
    return then(this.hasKey(key, options), (found) =>
      found ? then(this.set(key, value, timeout, options), () => true) : false,
    );
  }

  /**
   * Reads an entry, has `change` make the new value of it and stores that, such that no other writer's change in
   * between is lost. Not in Django.
   *
   * @param change is given the stored value (a copy: it may change it), or `undefined` if there is none, and returns
   *   the value to store, or `undefined` to leave everything as it is. It must be synchronous, and without effects:
   *   it is called again with the newer value when another writer was faster.
   * @returns what was stored, or `undefined` if nothing was.
   * @throws CacheUpdateConflict if other processes were faster a hundred times in a row.
   *
   * The built-in backends are safe against other processes; this fallback against this one only.
   */
  update<T = unknown>(
    key: string,
    change: (current: T | undefined) => T | undefined,
    options: UpdateOptions = {},
  ): MaybePromise<T | undefined> {
    return this.serially(this.makeKey(key, options.version), () =>
      then(this.get<T, undefined>(key, undefined, options), (current) => {
        const value = change(current);
        return value === undefined
          ? undefined
          : then(this.set(key, value, options.timeout, options), () => value);
      }),
    );
  }

  /** The values of those keys that have one, by key. */
  getMany<T = unknown>(keys: Iterable<string>, options?: KeyOptions): MaybePromise<Record<string, T>> {
    const found: Record<string, T> = Object.create(null);
    return then(
      forEach([...keys], (key) =>
        then(this.get<T, typeof MISSING>(key, MISSING, options), (value) => {
          if (value !== MISSING) found[key] = value;
        }),
      ),
      () => found,
    );
  }

  /** Stores several values; returns the keys that could not be stored. */
  setMany(
    data: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
    timeout?: Timeout,
    options?: KeyOptions,
  ): MaybePromise<string[]> {
    return then(
      forEach(entriesOf(data), ([key, value]) => this.set(key, value, timeout, options)),
      () => [],
    );
  }

  /** Removes several entries. */
  deleteMany(keys: Iterable<string>, options?: KeyOptions): MaybePromise<void> {
    return forEach([...keys], (key) => this.delete(key, options));
  }

  /** Whether the key has a value. */
  hasKey(key: string, options?: KeyOptions): MaybePromise<boolean> {
    return then(this.get<unknown>(key, MISSING, options), (value) => value !== MISSING);
  }

  /** `hasKey`; Python's `key in cache`. */
  has(key: string, options?: KeyOptions): MaybePromise<boolean> {
    return this.hasKey(key, options);
  }

  /**
   * Adds to a stored number and returns the sum.
   *
   * @throws ValueError if the key has no value.
   */
  incr(key: string, delta = 1, options?: KeyOptions): MaybePromise<number> {
    return then(this.get<unknown>(key, MISSING, options), (value) => {
      if (value === MISSING) throw new ValueError(`Key '${key}' not found`);
      const sum = addNumbers(key, value, delta);
      return then(this.set(key, sum, undefined, options), () => sum);
    });
  }

  /** Subtracts from a stored number: `incr` with the delta's sign changed. */
  decr(key: string, delta = 1, options?: KeyOptions): MaybePromise<number> {
    return this.incr(key, -delta, options);
  }

  /**
   * The value of a key; if there is none, stores `defaultValue` (or what that function returns) and returns it.
   * However many callers ask at once, a missing value is computed once in this process, and across processes
   * once as well unless it takes longer than `options.lock`.
   */
  getOrSet<T>(
    key: string,
    defaultValue: T | (() => MaybePromise<T>),
    timeout?: Timeout,
    options?: GetOrSetOptions,
  ): MaybePromise<T> {
    return getOrSetOnce(this, this.computing, key, defaultValue, timeout, options);
  }

  /**
   * Moves an entry to another version and returns that version.
   *
   * @throws ValueError if the key has no value.
   */
  incrVersion(key: string, delta = 1, options?: KeyOptions): MaybePromise<number> {
    const version = options?.version ?? this.version;
    return then(this.get<unknown>(key, MISSING, { version }), (value) => {
      if (value === MISSING) throw new ValueError(`Key '${key}' not found`);
      return then(this.set(key, value, undefined, { version: version + delta }), () =>
        then(this.delete(key, { version }), () => version + delta),
      );
    });
  }

  /** `incrVersion` downwards. */
  decrVersion(key: string, delta = 1, options?: KeyOptions): MaybePromise<number> {
    return this.incrVersion(key, -delta, options);
  }

  /** Closes connections; the next call opens them again. */
  close(): MaybePromise<void> {}

  // What backends use.

  /** The moment that an entry expires, in seconds since 1970; `null`: never. */
  getBackendTimeout(timeout?: Timeout): number | null {
    const seconds = timeout === undefined ? this.defaultTimeout : timeout;
    if (seconds === null) return null;
    return Date.now() / 1000 + (seconds === 0 ? -1 : seconds);
  }

  /** The stored key of a key. */
  makeKey(key: string, version?: number): string {
    return this.keyFunc(key, this.keyPrefix, version ?? this.version);
  }

  /** Warns of a stored key that memcached would refuse, so that a site can change its cache. */
  validateKey(key: string): void {
    for (const warning of memcacheKeyWarnings(key)) warnOfKey(warning);
  }

  /** `makeKey`, then `validateKey`. */
  makeAndValidateKey(key: string, options?: KeyOptions): string {
    const made = this.makeKey(key, options?.version);
    this.validateKey(made);
    return made;
  }

  /** Runs updates of one stored key one after the other, at once where none is under way. */
  protected serially<T>(storedKey: string, body: () => MaybePromise<T>): MaybePromise<T> {
    return this.updates.run(storedKey, body);
  }
}

/** The entries of what `setMany` takes. */
export function entriesOf(
  data: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
): [string, unknown][] {
  return data instanceof Map ? [...data] : Object.entries(data);
}

/**
 * The sum that `incr` stores.
 *
 * @throws ValueError if the value is not a number.
 */
export function addNumbers(key: string, value: unknown, delta: number): number {
  if (typeof value !== 'number') {
    throw new ValueError(`The value of key '${key}' is not a number, so incr() and decr() cannot change it.`);
  }
  return value + delta;
}
