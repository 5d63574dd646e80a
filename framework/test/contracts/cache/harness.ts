/** What the parts of the cache contract share. */
import type { BaseCache, CacheParams } from '../../../core/cache';
import type { MaybePromise } from '../../../utils/maybe_promise';
import type { Given } from '../capabilities';

/** What a backend can do; `false` or a number says what it cannot, and the suite names what it leaves out. */
export interface CacheCapabilities {
  /** The shortest time that the store can tell apart, in seconds. */
  readonly resolution: number;
  /** Keys may have any character and length (memcached's may not). */
  readonly anyKey: boolean;
  /** Numbers can go below zero and have fractions when they are counted. */
  readonly signedCounters: boolean;
  /** A text may have lone surrogates. */
  readonly anyText: boolean;
  /** MAX_ENTRIES and CULL_FREQUENCY are honoured. */
  readonly culls: boolean;
}

export const FULL: CacheCapabilities = {
  resolution: 0.05,
  anyKey: true,
  signedCounters: true,
  anyText: true,
  culls: true,
};

/** A backend under test. */
export interface CacheHarness {
  readonly create: (params?: CacheParams) => MaybePromise<BaseCache>;
  readonly advance: (seconds: number) => MaybePromise<void>;
  readonly corrupt?: (storedKey: string) => MaybePromise<void>;
  readonly capabilities: CacheCapabilities;
  readonly given: Given;
}

/** The error that `body` ends in, as `Class: message`. */
export async function failure(body: () => unknown): Promise<string> {
  try {
    await body();
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
  return 'no error';
}
