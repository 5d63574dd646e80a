/**
 * What goes wrong in a cache. Django defines the first three beside `BaseCache`; they are exported there too.
 */
import { ImproperlyConfigured, ValueError } from '../exceptions';

/** CACHES names a backend that does not exist, or an alias that it does not have. */
export class InvalidCacheBackendError extends ImproperlyConfigured {}

/** The key cannot be stored by this backend. */
export class InvalidCacheKey extends ValueError {}

/** What the process warns of when memcached would refuse a key: the warning's name is this class's. */
export class CacheKeyWarning extends Error {
  override readonly name = 'CacheKeyWarning';
}

/**
 * The cache's server cannot be reached, or did not answer in time. Whether a write arrived is unknown then.
 * Redis' and memcached's clients each have errors of their own; this one class lets a caller tell "down" from a bug.
 */
export class CacheConnectionError extends Error {
  override readonly name = 'CacheConnectionError';
}

/** Other writers kept changing the entry while `update()` tried to; nothing was written. */
export class CacheUpdateConflict extends Error {
  override readonly name = 'CacheUpdateConflict';
}
