/**
 * Who may use a connection now: transactions on one connection are a stack, and only the innermost open one may
 * run statements. Whoever stands outside waits, so that nothing joins (and is rolled back with) a transaction that
 * is not its own. Python gets this from one connection per thread; a Node process has one thread.
 */
import { isPromise, type MaybePromise } from '../../utils/maybe_promise';
import { OperationalError } from '../errors';
import type { Transaction } from './base/transaction';

interface Waiter {
  owner: Transaction | null;
  run: () => void;
  fail: (error: unknown) => void;
  timer: NodeJS.Timeout;
}

/** The nearest transaction that is still open: work left over from a finished one belongs to what encloses it. */
function stillOpen(owner: Transaction | null): Transaction | null {
  let transaction = owner;
  while (transaction !== null && !transaction.isOpen) transaction = transaction.parent;
  return transaction;
}

/** The order of one connection. */
export class Gate {
  /** The innermost open transaction; null: none, everybody may pass. */
  top: Transaction | null = null;
  private waiting: Waiter[] = [];

  /** @param timeout milliseconds that a statement waits for another's transaction: SQLite's busy timeout. */
  constructor(private readonly timeout: number) {}

  /**
   * Runs at once if `owner` is the innermost transaction, otherwise when it is.
   *
   * @throws OperationalError `database is locked` after the timeout, as SQLite says to another process.
   */
  enter<T>(owner: Transaction | null, run: () => MaybePromise<T>): MaybePromise<T> {
    if (this.top === stillOpen(owner)) return run();
    return new Promise<T>((resolve, reject) => {
      const waiter: Waiter = {
        owner,
        fail: reject,
        run: () => {
          try {
            resolve(run());
          } catch (error) {
            reject(error);
          }
        },
        timer: setTimeout(() => {
          this.waiting = this.waiting.filter((other) => other !== waiter);
          reject(
            new OperationalError('database is locked', {
              cause: new Error(
                `Another atomic block of this process kept the connection for ${this.timeout / 1000} seconds.`,
              ),
            }),
          );
        }, this.timeout),
      };
      this.waiting.push(waiter);
    });
  }

  /** Ends a transaction: the one around it is the innermost again, and whoever waited for that goes on. */
  leave(transaction: Transaction): void {
    transaction.isOpen = false;
    this.top = stillOpen(transaction);
    for (let i = 0; i < this.waiting.length; ) {
      const waiter = this.waiting[i] as Waiter;
      if (stillOpen(waiter.owner) === this.top) {
        this.waiting.splice(i, 1);
        clearTimeout(waiter.timer);
        waiter.run();
        i = 0;
      } else {
        i += 1;
      }
    }
  }

  /** Refuses everybody who waits: the connection is gone. */
  abandon(error: unknown): void {
    const waiting = this.waiting;
    this.waiting = [];
    this.top = null;
    for (const waiter of waiting) {
      clearTimeout(waiter.timer);
      waiter.fail(error);
    }
  }
}

/** Runs `body`, then exactly one of the two: what follows success or what follows failure. */
export function settle<T, U>(
  body: () => MaybePromise<T>,
  done: (value: T) => MaybePromise<U>,
  failed: (error: unknown) => MaybePromise<U>,
): MaybePromise<U> {
  let value: MaybePromise<T>;
  try {
    value = body();
  } catch (error) {
    return failed(error);
  }
  return isPromise(value) ? value.then(done, failed) : done(value);
}
