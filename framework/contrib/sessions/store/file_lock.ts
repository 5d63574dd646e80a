/**
 * One writer of a session file at a time: in this process by a queue, among processes by a lock file. Readers need
 * none. A Django beside us does not look at the lock; its writes are as atomic as they always were.
 */
import { open, stat, unlink } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { KeyedQueue } from '../../../core/cache/keyed_queue';

/** A lock as old as that was left by a process that died: writing takes milliseconds. */
const STALE_AFTER = 10_000;
const RETRY_EVERY = 5;

const queue = new KeyedQueue();

function code(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

/** Whether the lock was taken. Where no lock file can be made, writing will fail, too, and say why. */
async function take(lock: string): Promise<boolean> {
  try {
    await (await open(lock, 'wx', 0o600)).close();
    return true;
  } catch (error) {
    if (code(error) !== 'EEXIST') return false;
  }
  const found = await stat(lock).catch(() => undefined);
  // A clock that was set back makes a fresh lock look as if it came from the future: that is not stale.
  if (found && Date.now() - found.mtimeMs > STALE_AFTER) await unlink(lock).catch(() => undefined);
  await delay(RETRY_EVERY);
  return take(lock);
}

/** Runs `body` while nobody else writes that file. */
export function withLock<T>(file: string, body: () => Promise<T>): Promise<T> {
  const lock = `${file}_lock`;
  return Promise.resolve(
    queue.run(file, async () => {
      const taken = await take(lock);
      try {
        return await body();
      } finally {
        if (taken) await unlink(lock).catch(() => undefined);
      }
    }),
  );
}
