/**
 * The caches of the site, by their alias in CACHES. Django: `CacheHandler`.
 */
import { settings } from '../../conf';
import type { CacheSettings } from '../../conf/global_settings';
import { importSetting } from '../../utils/module_loading';
import { ImproperlyConfigured } from '../exceptions';
import { settingChanged } from '../signals';
import type { BaseCache, CacheParams } from './backends/base';
import { InvalidCacheBackendError } from './exceptions';

/** The alias that `cache` is. */
export const DEFAULT_CACHE_ALIAS = 'default';

type CacheClass = new (location: string | readonly string[], params: CacheParams) => BaseCache;

/** Makes each cache when it is first asked for, and keeps it. */
export class CacheHandler {
  private readonly made = new Map<string, BaseCache>();

  /**
   * The cache of that alias.
   *
   * @throws InvalidCacheBackendError if CACHES has no such alias, or its BACKEND cannot be loaded.
   */
  get(alias: string): BaseCache {
    return this.made.get(alias) ?? this.make(alias);
  }

  /** Whether CACHES has that alias. */
  has(alias: string): boolean {
    return Object.hasOwn(settings.CACHES, alias);
  }

  /** The aliases of CACHES. */
  keys(): string[] {
    return Object.keys(settings.CACHES);
  }

  /** Every cache; with `initializedOnly` those that were used. */
  all(initializedOnly = false): BaseCache[] {
    return initializedOnly ? [...this.made.values()] : this.keys().map((alias) => this.get(alias));
  }

  /** Closes the connections of all caches and forgets the caches. For shutting down. */
  async closeAll(): Promise<void> {
    const caches = this.all(true);
    this.made.clear();
    await Promise.all(caches.map((cache) => cache.close()));
  }

  private make(alias: string): BaseCache {
    const entry = this.has(alias) ? settings.CACHES[alias] : undefined;
    if (entry === undefined) {
      throw new InvalidCacheBackendError(`The connection '${alias}' doesn't exist.`);
    }
    const { BACKEND, LOCATION = '', ...params } = entry;
    const cache = new (backendClass(BACKEND))(LOCATION, params);
    this.made.set(alias, cache);
    return cache;
  }
}

function backendClass(backend: CacheSettings['BACKEND']): CacheClass {
  try {
    return importSetting<CacheClass>(backend as CacheClass | string);
  } catch (error) {
    if (error instanceof ImproperlyConfigured) {
      throw new InvalidCacheBackendError(`Could not find backend '${backend}': ${error.message}`, {
        cause: error,
      });
    }
    throw error;
  }
}

const handler = new CacheHandler();

/** All caches: `caches.get('default')` or `caches['default']`. */
export const caches: CacheHandler & Readonly<Record<string, BaseCache>> = new Proxy(handler, {
  get(target, name) {
    if (typeof name === 'symbol' || name in target || name === 'then' || name === 'toJSON') {
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    }
    return target.get(name);
  },
  has: (target, name) => typeof name === 'string' && target.has(name),
}) as CacheHandler & Readonly<Record<string, BaseCache>>;

/** The cache of the alias `default`, whatever CACHES says at the moment. */
export const cache: BaseCache = new Proxy({} as BaseCache, {
  get(_target, name) {
    if (name === 'then' || name === 'toJSON') return undefined;
    const target = handler.get(DEFAULT_CACHE_ALIAS);
    const value: unknown = Reflect.get(target, name, target);
    return typeof value === 'function' ? value.bind(target) : value;
  },
  has: (_target, name) => name in handler.get(DEFAULT_CACHE_ALIAS),
  getPrototypeOf: () => Object.getPrototypeOf(handler.get(DEFAULT_CACHE_ALIAS)) as object,
});

settingChanged.connect(({ setting }) => (setting === 'CACHES' ? handler.closeAll() : undefined), {
  dispatchUid: 'tsango.core.cache',
});
