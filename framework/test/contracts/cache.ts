/**
 * What every cache backend must do: a suite for jest (or another runner with `describe`, `it` and `expect`), run here
 * over every backend and store, and by whoever writes a backend over theirs.
 *
 * @example
 * ```ts
 * cacheContract({
 *   name: 'mycache',
 *   create: (params) => new MyCache('somewhere', params),
 *   advance: (seconds) => sleep(seconds * 1000),
 * });
 * ```
 */
import type { BaseCache, CacheParams } from '../../core/cache';
import type { MaybePromise } from '../../utils/maybe_promise';
import { concurrencyOf } from './cache/concurrency';
import { entriesOf } from './cache/entries';
import { type CacheCapabilities, type CacheHarness, FULL } from './cache/harness';
import { keysOf } from './cache/keys';
import { timeoutsOf } from './cache/timeouts';
import { givenFor } from './capabilities';

export type { CacheCapabilities, CacheHarness };

/** Declares the suite of one backend. */
export function cacheContract(options: {
  /** What the tests are called. */
  name: string;
  /**
   * Makes a cache. All of one test are over the same store, and the store is empty when `create` is first called in
   * a test, unless the suite can empty it with `clear()` — then nothing needs to be done.
   */
  create: (params?: CacheParams) => MaybePromise<BaseCache>;
  /** Lets time pass for the store: sets a fake clock forward, or waits. */
  advance: (seconds: number) => MaybePromise<void>;
  /** What the backend cannot do, each with the reason. */
  capabilities?: Partial<CacheCapabilities>;
  /** Overwrites the bytes of an entry with rubbish, by its stored key. Without it that test is left out. */
  corrupt?: (storedKey: string) => MaybePromise<void>;
}): void {
  describe(`cache contract: ${options.name}`, () => {
    const harness: CacheHarness = {
      ...options,
      capabilities: { ...FULL, ...options.capabilities },
      given: givenFor('cache', options.name),
    };
    const made: BaseCache[] = [];
    const tracked: CacheHarness = {
      ...harness,
      create: async (params) => {
        const cache = await harness.create(params);
        if (made.length === 0) await cache.clear();
        made.push(cache);
        return cache;
      },
    };
    afterEach(async () => {
      await made[0]?.clear();
      for (const cache of made.splice(0)) await cache.close();
    });
    entriesOf(tracked);
    keysOf(tracked);
    timeoutsOf(tracked);
    concurrencyOf(tracked);
  });
}
