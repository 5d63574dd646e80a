/** One writer of a cache's file at a time, among processes. */
import { LockFile, LockTimeout } from '../../utils/lock_file';
import type { MaybePromise } from '../../utils/maybe_promise';
import { CacheUpdateConflict } from './exceptions';

/**
 * Runs a synchronous `body` while no other process runs one with the same lock: at once where the lock is free.
 *
 * @throws CacheUpdateConflict if it is not free within thirty seconds.
 */
export function withFileLock<T>(path: string, body: () => T): MaybePromise<T> {
  const lock = LockFile.take(path);
  return lock === null ? waitFor(path, body) : holding(lock, body);
}

function holding<T>(lock: LockFile, body: () => T): T {
  try {
    return body();
  } finally {
    lock.release();
  }
}

async function waitFor<T>(path: string, body: () => T): Promise<T> {
  let lock: LockFile;
  try {
    lock = await LockFile.wait(path);
  } catch (error) {
    throw error instanceof LockTimeout ? new CacheUpdateConflict(error.message) : error;
  }
  return holding(lock, body);
}
