/**
 * Values in a context that have to be waited for.
 *
 * A template renders synchronously. Where it meets a promise it stops (`Suspend`), and when the value is there it
 * is rendered anew, with that value in the promise's place. From the second rendering on it goes on past a promise
 * that is only printed, and to the next round of a loop, to find every promise it can before it waits again: so the
 * number of renderings is how deep promises depend on one another, not how many there are. What a callable returned
 * in one rendering it returns in the next, without being called again.
 */

import { isPromise } from '../../utils/maybe_promise';
import { getOrMake } from '../get_or_make';

/** Thrown out of a rendering that has to wait. */
export class Suspend {
  constructor(readonly waiting: Waiting) {}
}

/** How deep promises may depend on one another. */
const MAX_ATTEMPTS = 100;

type Settled = { value: unknown } | { error: unknown };

/** What a rendering with promises in it remembers. */
class Records {
  readonly settled = new Map<unknown, Settled>();
  readonly pending = new Map<unknown, Promise<void>>();
  readonly calls = new Map<unknown, Map<unknown, unknown[]>>();
  readonly promised = new Map<unknown, { runs: unknown[]; attempt: number; count: number }>();
  readonly work: PromiseLike<unknown>[] = [];
  readonly properties = new Map<unknown, Map<string, unknown>>();
  counts = new Map<unknown[], number>();
}

/** What one rendering has called and waits for; kept from one attempt to the next. */
export class Waiting {
  /** How many attempts were suspended. 0: the first is under way and still synchronous. */
  attempts = 0;
  /** This attempt left something out, besides printed values: what follows may differ next time. */
  skipped = false;
  private ownRecords: Records | null = null;
  /** Calls of the first attempt: subject, object, result, … Sorted into `calls` only if there is a second. */
  private log: unknown[] | null = [];

  /** Made when the first promise turns up: most renderings meet none. */
  private get records(): Records {
    this.ownRecords ??= new Records();
    return this.ownRecords;
  }

  /** Whether anything is waited for. */
  get incomplete(): boolean {
    return this.ownRecords !== null && this.ownRecords.pending.size > 0;
  }

  /**
   * The value of a promise, if it is there.
   *
   * @throws Suspend if it is not; what the promise was rejected with, if it was.
   */
  take(promise: PromiseLike<unknown>): unknown {
    const settled = this.records.settled.get(promise);
    if (settled === undefined) {
      this.want(promise);
      throw new Suspend(this);
    }
    if ('error' in settled) throw settled.error;
    return settled.value;
  }

  /** As `take()`, for a value that is only printed: `undefined` for now where it is not there yet. */
  print(promise: PromiseLike<unknown>): unknown {
    if (this.attempts > 0 && !this.records.settled.has(promise)) {
      this.want(promise);
      return undefined;
    }
    return this.take(promise);
  }

  private want(promise: PromiseLike<unknown>): void {
    if (this.records.pending.has(promise)) return;
    const done = Promise.resolve(promise).then(
      (value) => void this.records.settled.set(promise, { value }),
      (error: unknown) => void this.records.settled.set(promise, { error }),
    );
    this.records.pending.set(promise, done);
  }

  /** Waits for everything that this attempt has met, and makes ready for the next. */
  async next(): Promise<void> {
    if (++this.attempts > MAX_ATTEMPTS) {
      throw new Error(
        `The template still met new promises after ${MAX_ATTEMPTS} renderings. Is there a value in its context that is another promise each time it is read?`,
      );
    }
    this.skipped = false;
    if (this.log !== null) {
      const log = this.log;
      this.log = null;
      for (let i = 0; i < log.length; i += 3) this.record(log[i], log[i + 1]).push(log[i + 2]);
    }
    this.records.counts = new Map();
    const promises = [...this.records.pending.values()];
    this.records.pending.clear();
    await Promise.all(promises);
  }

  private record(subject: unknown, object: unknown): unknown[] {
    const objects = getOrMake(this.records.calls, subject, () => new Map<unknown, unknown[]>());
    return getOrMake(objects, object, () => [] as unknown[]);
  }

  /** Calls, or gives what the same call returned in an earlier attempt. */
  call<T>(subject: unknown, object: unknown, body: () => T): T {
    if (this.log !== null) {
      const result = body();
      this.log.push(subject, object, result);
      return result;
    }
    const results = this.record(subject, object);
    const count = this.records.counts.get(results) ?? 0;
    this.records.counts.set(results, count + 1);
    if (count < results.length) return results[count] as T;
    const result = body();
    results.push(result);
    return result;
  }

  /**
   * Runs what may give a promise. In later attempts the same run gives the same promise; what gave none runs again.
   *
   * @param isAsync it is known to give a promise.
   * @throws Suspend where something was left out before, so that it cannot be told which run this is.
   */
  again<T>(subject: unknown, body: () => T, isAsync = false): T {
    if (this.skipped) {
      const result = isAsync ? undefined : body();
      if (isAsync || isPromise(result as unknown)) throw new Suspend(this);
      return result as T;
    }
    const promises = getOrMake(this.records.promised, subject, () => ({
      runs: [] as unknown[],
      attempt: this.attempts,
      count: 0,
    }));
    if (promises.attempt !== this.attempts) {
      promises.attempt = this.attempts;
      promises.count = 0;
    }
    const run = promises.count++;
    if (promises.runs[run] !== undefined) return promises.runs[run] as T;
    const result = body();
    if (isPromise(result as unknown)) promises.runs[run] = result;
    return result;
  }

  /** Work that the rendering does not need, but that has to be done when it ends. */
  background(work: PromiseLike<unknown>): void {
    this.records.work.push(work);
  }

  /** What `background()` was given, all done. */
  async finish(): Promise<void> {
    if (this.ownRecords !== null) await Promise.all(this.ownRecords.work);
  }

  /** A getter may make a new promise each time it is read; the first one counts. */
  property(object: unknown, name: string, promise: unknown): unknown {
    const names = getOrMake(this.records.properties, object, () => new Map<string, unknown>());
    const first = names.get(name);
    if (first !== undefined) return first;
    names.set(name, promise);
    return promise;
  }
}
