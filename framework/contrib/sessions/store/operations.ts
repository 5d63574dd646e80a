/**
 * Input and output that a view may leave un-awaited: it runs in order, and the middleware waits for it.
 */
import { isPromise, type MaybePromise } from '../../../utils/maybe_promise';
import type { Operation, SessionState } from './state';

/** A promise that knows whether anybody waits for it, so that a failure is reported once, and not lost. */
class SessionPromise<T> extends Promise<T> {
  operation: Operation | undefined;

  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  // biome-ignore lint/suspicious/noThenProperty: overriding `then` is how a promise learns that it is awaited.
  override then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    if (this.operation) this.operation.observed = true;
    return super.then(fulfilled, rejected);
  }
}

function ignore(): void {}

/** Runs `body` when the operations before it are done: at once if there are none. */
export function inOrder<T>(state: SessionState, body: () => MaybePromise<T>): MaybePromise<T> {
  if (state.tail === null) return body();
  return state.tail.then(body, body);
}

/**
 * Starts an operation for a caller who may or may not wait for it. One operation must not start and await
 * another: they run one after the other.
 */
export function operate<T>(state: SessionState, body: () => MaybePromise<T>): Promise<T> {
  let result: MaybePromise<T>;
  try {
    result = inOrder(state, body);
  } catch (error) {
    return remember(state, new SessionPromise<T>((_resolve, reject) => reject(error)));
  }
  if (!isPromise(result)) return Promise.resolve(result);
  const running = result;
  const tail = running.then(ignore, ignore).then(() => {
    if (state.tail === tail) state.tail = null;
  });
  state.tail = tail;
  return remember(state, new SessionPromise<T>((resolve, reject) => running.then(resolve, reject)));
}

function remember<T>(state: SessionState, promise: SessionPromise<T>): Promise<T> {
  if (state.attended) {
    // The middleware will ask for the outcome: until then a failure is not an unhandled one.
    Promise.prototype.then.call(promise, undefined, ignore);
    const operation: Operation = { promise, observed: false };
    promise.operation = operation;
    state.unsettled ??= [];
    state.unsettled.push(operation);
  }
  return promise;
}

/** Waits for what was left un-awaited, and throws the first failure of it. */
export function settleOperations(state: SessionState): MaybePromise<void> {
  const { unsettled } = state;
  if (unsettled === null) return;
  return (async () => {
    for (let operation = unsettled.shift(); operation; operation = unsettled.shift()) {
      if (operation.observed) await operation.promise.catch(ignore);
      else await operation.promise;
    }
  })();
}
