/**
 * Values that are there at once when they can be, and promised when they cannot.
 *
 * The request path is synchronous wherever the work is (an in-process database, a signature, a template),
 * and an `await` of a value that is already there costs a turn of the microtask queue for each layer. So the
 * layers hand on `MaybePromise` and chain with `then()`; users simply `await`.
 */

/** A value, or a promise of it. `await` takes both. */
export type MaybePromise<T> = T | Promise<T>;

/** The method of what is promised and may be there at once, for who can use that: a template that renders. */
export const LOAD_NOW: unique symbol = Symbol('load now');
/** Marks rows that can be awaited: a name behind them is one of theirs, and not of what awaiting them gives. */
export const ROWS: unique symbol = Symbol('rows');

/** A promised value, now where it can say it now. */
export function loadNow(value: unknown): unknown {
  const load = (value as { [LOAD_NOW]?: () => unknown })[LOAD_NOW];
  return load === undefined ? value : load.call(value);
}

/** Whether a value has to be waited for (a promise of any library counts). */
export function isPromise<T>(value: MaybePromise<T> | PromiseLike<T>): value is Promise<T> {
  return (
    value !== null &&
    (typeof value === 'object' || typeof value === 'function') &&
    typeof (value as { then?: unknown }).then === 'function'
  );
}

/** Calls `next` with the value: now where it is there, later where it is promised. */
export function then<T, U>(value: MaybePromise<T>, next: (value: T) => MaybePromise<U>): MaybePromise<U> {
  return isPromise(value) ? value.then(next) : next(value);
}

/**
 * Runs `body`; a failure, thrown or rejected, goes to `rescue`.
 *
 * @returns what `body` returns, or what `rescue` makes of the failure.
 */
export function attempt<T>(
  body: () => MaybePromise<T>,
  rescue: (error: unknown) => MaybePromise<T>,
): MaybePromise<T> {
  let value: MaybePromise<T>;
  try {
    value = body();
  } catch (error) {
    return rescue(error);
  }
  return isPromise(value) ? value.catch(rescue) : value;
}

/** Calls `next` for each item in order, waiting only where a call returns a promise. */
export function forEach<T>(
  items: readonly T[],
  next: (item: T) => MaybePromise<unknown>,
): MaybePromise<void> {
  for (let i = 0; i < items.length; i++) {
    const result = next(items[i] as T);
    if (isPromise(result)) {
      return result.then(() => forEach(items.slice(i + 1), next));
    }
  }
}

/** What a function that waits in several places does: `yield*` `wait(value)` gives the value. */
export type Steps<T> = Generator<MaybePromise<unknown>, T, unknown>;

/** Waits for a value within `Steps`; not at all where it is there already. */
export function* wait<T>(value: MaybePromise<T>): Steps<T> {
  return (isPromise(value) ? yield value : value) as T;
}

/** Runs steps to their end, now as far as nothing is promised. A failure that is waited for is thrown where it is. */
export function run<T>(steps: Steps<T>): MaybePromise<T> {
  return resume(steps, steps.next());
}

function resume<T>(
  steps: Steps<T>,
  { done, value }: IteratorResult<MaybePromise<unknown>, T>,
): MaybePromise<T> {
  if (done) return value as T;
  return (value as Promise<unknown>).then(
    (known) => resume(steps, steps.next(known)),
    (error: unknown) => resume(steps, steps.throw(error)),
  );
}

/** A promise of what a function does now; what it throws is what the promise is rejected with. */
export function promised<V>(body: () => MaybePromise<V>): Promise<V> {
  try {
    return Promise.resolve(body());
  } catch (error) {
    return Promise.reject(error as Error);
  }
}
