/** How the backends change an entry that others may change at the same time. */
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { CacheUpdateConflict } from './exceptions';

const MAX_TRIES = 100;

/**
 * Compares and swaps until no other writer came in between.
 *
 * @param once one try: undefined where another writer was faster, otherwise what `update()` returns.
 * @throws CacheUpdateConflict if others were faster a hundred times in a row.
 */
export function swapUntilDone<T>(
  stored: string,
  once: () => MaybePromise<{ value: T | undefined } | undefined>,
  tries = MAX_TRIES,
): MaybePromise<T | undefined> {
  return then(once(), (done) => {
    if (done !== undefined) return done.value;
    if (tries > 1) return swapUntilDone(stored, once, tries - 1);
    throw new CacheUpdateConflict(
      `Other writers changed '${stored}' ${MAX_TRIES} times while it was to be updated.`,
    );
  });
}
