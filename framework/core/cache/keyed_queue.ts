/** One thing at a time for each key. */
import { isPromise, type MaybePromise } from '../../utils/maybe_promise';

/**
 * Runs functions of the same key one after the other; those of different keys do not wait for each other.
 * A function that finishes at once leaves nothing behind, so synchronous stores pay one map lookup.
 */
export class KeyedQueue {
  private readonly tails = new Map<string, Promise<unknown>>();

  run<T>(key: string, body: () => MaybePromise<T>): MaybePromise<T> {
    const previous = this.tails.get(key);
    const result = previous === undefined ? body() : previous.then(body, body);
    if (!isPromise(result)) return result;
    const tail = result.then(ignore, ignore).then(() => {
      if (this.tails.get(key) === tail) this.tails.delete(key);
    });
    this.tails.set(key, tail);
    return result;
  }
}

function ignore(): void {}
