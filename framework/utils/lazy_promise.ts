/** Promises whose work begins when somebody waits. */
import { isPromise, LOAD_NOW, type MaybePromise } from './maybe_promise';

/**
 * A promise that does nothing until it is awaited: one that is only looked at costs nothing, and one that nobody waits
 * for never fails. Waiting twice works once.
 */
export class LazyPromise<T> implements Promise<T> {
  readonly [Symbol.toStringTag] = 'LazyPromise';
  readonly #work: () => MaybePromise<T>;
  #promise: Promise<T> | undefined;

  /** @param work gives the value, now or promised. It has to bear being called again. */
  constructor(work: () => MaybePromise<T>) {
    this.#work = work;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise.
  then<R = T, E = never>(
    done?: ((value: T) => R | PromiseLike<R>) | null,
    failed?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    this.#promise ??= begun(this.#work);
    return this.#promise.then(done, failed);
  }

  catch<E = never>(failed?: ((error: unknown) => E | PromiseLike<E>) | null): Promise<T | E> {
    return this.then(undefined, failed);
  }

  finally(done?: (() => void) | null): Promise<T> {
    return this.then().finally(done);
  }

  /** The value at once where the work needs no waiting; a promise of it where it does. @throws what the work throws. */
  now(): MaybePromise<T> {
    if (this.#promise !== undefined) return this.#promise;
    const value = this.#work();
    if (isPromise(value)) this.#promise = value;
    return value;
  }

  /** The same, for templates. */
  [LOAD_NOW](): MaybePromise<T> {
    return this.now();
  }
}

/** In an asynchronous function of its own: from there the engine finds who waits, and an error names that line. */
async function begun<T>(work: () => MaybePromise<T>): Promise<T> {
  await undefined;
  return await work();
}
