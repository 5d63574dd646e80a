/**
 * `getOrSet` without a stampede: when a popular entry expires, one caller computes it and the others wait.
 *
 * In this process callers share one promise. Across processes the first to add a lock entry computes; the others
 * look every 50 ms whether the value is there, and compute it themselves when the lock's time is over, so a process
 * that died while it computed delays them once and blocks nobody.
 */
import { createHash } from 'node:crypto';
import { isPromise, type MaybePromise, then } from '../../utils/maybe_promise';
import type { BaseCache, GetOrSetOptions, Timeout } from './backends/base';

const ABSENT: unique symbol = Symbol('absent');
const DEFAULT_LOCK_SECONDS = 10;
const POLL_MILLISECONDS = 50;

/** The key of the lock entry: as short for a long key. Django's `clear()` removes it like any entry. */
export function lockName(key: string): string {
  return `lock.${createHash('md5').update(key).digest('hex')}`;
}

/** See `BaseCache.getOrSet`. `computing` are the values that this process is computing, by stored key. */
export function getOrSetOnce<T>(
  cache: BaseCache,
  computing: Map<string, Promise<unknown>>,
  key: string,
  defaultValue: T | (() => MaybePromise<T>),
  timeout: Timeout,
  options: GetOrSetOptions = {},
): MaybePromise<T> {
  return then(cache.get<T, typeof ABSENT>(key, ABSENT, options), (found) => {
    if (found !== ABSENT) return found;
    if (typeof defaultValue !== 'function') return store(cache, key, defaultValue, timeout, options);
    const stored = cache.makeKey(key, options.version);
    const underWay = computing.get(stored);
    if (underWay !== undefined) return underWay as Promise<T>;
    const value = compute(cache, key, defaultValue as () => MaybePromise<T>, timeout, options);
    if (!isPromise(value)) return value;
    const shared = value.finally(() => computing.delete(stored));
    computing.set(stored, shared);
    return shared;
  });
}

function compute<T>(
  cache: BaseCache,
  key: string,
  make: () => MaybePromise<T>,
  timeout: Timeout,
  options: GetOrSetOptions,
): MaybePromise<T> {
  const seconds = options.lock ?? (cache.shared ? DEFAULT_LOCK_SECONDS : 0);
  if (seconds <= 0) return then(make(), (value) => store(cache, key, value, timeout, options));
  return computeLocked(cache, key, make, timeout, options, seconds);
}

async function computeLocked<T>(
  cache: BaseCache,
  key: string,
  make: () => MaybePromise<T>,
  timeout: Timeout,
  options: GetOrSetOptions,
  seconds: number,
): Promise<T> {
  const lock = lockName(key);
  const giveUp = Date.now() + seconds * 1000;
  let mine = await cache.add(lock, 1, Math.ceil(seconds), options);
  while (!mine && Date.now() < giveUp) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    const found = await cache.get<T, typeof ABSENT>(key, ABSENT, options);
    if (found !== ABSENT) return found;
    mine = await cache.add(lock, 1, Math.ceil(seconds), options);
  }
  try {
    return await store(cache, key, await make(), timeout, options);
  } finally {
    if (mine) await cache.delete(lock, options);
  }
}

/** Adds, and reads again as Django does: another process may have added first, and then its value counts. */
function store<T>(
  cache: BaseCache,
  key: string,
  value: T,
  timeout: Timeout,
  options: GetOrSetOptions,
): MaybePromise<T> {
  return then(cache.add(key, value, timeout, options), () => cache.get<T, T>(key, value, options));
}
