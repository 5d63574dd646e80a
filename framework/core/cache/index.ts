export {
  BaseCache,
  type CacheParams,
  type GetOrSetOptions,
  type KeyFunction,
  type KeyOptions,
  type Timeout,
  type UpdateOptions,
} from './backends/base';
export {
  CacheConnectionError,
  CacheKeyWarning,
  CacheUpdateConflict,
  InvalidCacheBackendError,
  InvalidCacheKey,
} from './exceptions';
export { CacheHandler, cache, caches, DEFAULT_CACHE_ALIAS } from './handler';
