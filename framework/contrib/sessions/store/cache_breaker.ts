/**
 * A cache that is down must not cost every request its timeout: after a failure it is left alone for a while. What
 * could not be removed from it meanwhile is removed before it is believed again.
 */
import { caches } from '../../../core/cache';
import { settingChanged } from '../../../core/signals';
import { getLogger } from '../../../utils/log';
import { isPromise } from '../../../utils/maybe_promise';

/** Milliseconds that a cache is left alone after a failure. */
const REST = 2000;

/** Entries remembered for removal. Beyond that the whole cache is cleared. */
const REMEMBERED = 100_000;

interface Fault {
  until: number;
  stale: Set<string>;
  repairing: boolean;
}

const faults = new Map<string, Fault>();

/** Whether to do without the cache now. */
export function cacheIsResting(alias: string): boolean {
  const fault = faults.get(alias);
  if (fault === undefined) return false;
  if (fault.repairing || Date.now() < fault.until) return true;
  if (fault.stale.size === 0) return false;
  repair(alias, fault);
  return true;
}

/** Notes that the cache answered. */
export function cacheWorked(alias: string): void {
  if (faults.size === 0) return;
  const fault = faults.get(alias);
  if (fault !== undefined && fault.stale.size === 0 && !fault.repairing) faults.delete(alias);
}

/** Notes that the cache did not answer. */
export function cacheFailed(alias: string, error: unknown): void {
  getLogger('tsango.contrib.sessions').exception(`Error using the cache '${alias}' for sessions.`, error);
  const fault = faults.get(alias);
  if (fault) fault.until = Date.now() + REST;
  else faults.set(alias, { until: Date.now() + REST, stale: new Set(), repairing: false });
}

/** Notes an entry that has to go before the cache is used again. */
export function forgetLater(alias: string, key: string): void {
  const fault = faults.get(alias);
  if (fault) fault.stale.add(key);
  else faults.set(alias, { until: Date.now() + REST, stale: new Set([key]), repairing: false });
}

function repair(alias: string, fault: Fault): void {
  fault.repairing = true;
  const stale = [...fault.stale];
  const done = (): void => {
    fault.repairing = false;
    for (const key of stale) fault.stale.delete(key);
    if (fault.stale.size === 0) faults.delete(alias);
  };
  const failed = (error: unknown): void => {
    fault.repairing = false;
    cacheFailed(alias, error);
  };
  try {
    const cache = caches.get(alias);
    const work = stale.length > REMEMBERED ? cache.clear() : cache.deleteMany(stale);
    if (isPromise(work)) work.then(done, failed);
    else done();
  } catch (error) {
    failed(error);
  }
}

settingChanged.connect(({ setting }) => (setting === 'CACHES' ? faults.clear() : undefined), {
  dispatchUid: 'tsango.contrib.sessions.cache_breaker',
});
