/**
 * A lock between processes for one file, where Node has no `flock`: a file beside it that is created exclusively.
 * A process that died leaves its lock behind; after ten seconds it is taken over.
 */
import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import type { MaybePromise } from '../../utils/maybe_promise';
import { CacheUpdateConflict } from './exceptions';

const STALE_SECONDS = 10;
const RETRY_MILLISECONDS = 5;
const GIVE_UP_SECONDS = 30;

/**
 * Runs a synchronous `body` while no other process runs one with the same lock: at once where the lock is free.
 *
 * @throws CacheUpdateConflict if it is not free within thirty seconds.
 */
export function withFileLock<T>(lock: string, body: () => T): MaybePromise<T> {
  return take(lock) ? release(lock, body) : waitFor(lock, body);
}

function take(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if (isStale(lock)) rmSync(lock, { force: true });
    return false;
  }
}

function isStale(lock: string): boolean {
  const found = statSync(lock, { throwIfNoEntry: false });
  return found !== undefined && Date.now() - found.mtimeMs > STALE_SECONDS * 1000;
}

function release<T>(lock: string, body: () => T): T {
  try {
    return body();
  } finally {
    rmSync(lock, { force: true });
  }
}

async function waitFor<T>(lock: string, body: () => T): Promise<T> {
  for (let tries = (GIVE_UP_SECONDS * 1000) / RETRY_MILLISECONDS; tries > 0; tries--) {
    await new Promise((resolve) => setTimeout(resolve, RETRY_MILLISECONDS));
    if (take(lock)) return release(lock, body);
  }
  throw new CacheUpdateConflict(`The lock file ${lock} has been held for ${GIVE_UP_SECONDS} seconds.`);
}
