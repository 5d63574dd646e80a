/**
 * One writer of a session file at a time: in this process by a queue, among processes by a lock file. Readers need
 * none. A Django beside us does not look at the lock; its writes are as atomic as they always were.
 */
import { KeyedQueue } from '../../../core/cache/keyed_queue';
import { LockFile, LockTimeout } from '../../../utils/lock_file';

const queue = new KeyedQueue();

/** The lock; null where no lock file can be made: then writing will fail, too, and say why. */
async function take(path: string): Promise<LockFile | null> {
  try {
    return await LockFile.wait(path);
  } catch (error) {
    if (error instanceof LockTimeout) throw error;
    return null;
  }
}

/**
 * Runs `body` while nobody else writes that file.
 *
 * @throws LockTimeout if somebody else does for thirty seconds.
 */
export function withLock<T>(file: string, body: () => Promise<T>): Promise<T> {
  return Promise.resolve(
    queue.run(file, async () => {
      const lock = await take(`${file}_lock`);
      try {
        return await body();
      } finally {
        lock?.release();
      }
    }),
  );
}
