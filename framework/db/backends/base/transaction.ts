/** One transaction or savepoint, and the context that says which one the running code is inside of. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { forEach, isPromise, type MaybePromise } from '../../../utils/maybe_promise';
import { TransactionManagementError } from '../../errors';
import type { Gate } from '../gate';
import type { DatabaseWrapper, QueryResult, RowShape, StatementMode } from './base';

/** A connection that a transaction holds: the one handle of SQLite, a client of a pool elsewhere. */
export interface TransactionSession {
  readonly gate: Gate;
  /** Runs a statement on it, past the gate. */
  run(
    sql: string,
    params: readonly unknown[],
    mode: StatementMode,
    shape?: RowShape,
  ): MaybePromise<QueryResult>;
  /** The end of the outermost transaction; `broken` when it could not even be rolled back. */
  release(broken: boolean): void;
  /** The driver's own client, where there is one for each transaction. */
  readonly client?: unknown;
}

/** What `onCommit` registered. */
export interface CommitCallback {
  run: () => MaybePromise<unknown>;
  robust: boolean;
  /** Whether it is called although the transaction around is that of a test, which never commits. */
  inTests: boolean;
}

/** An open `atomic` block. */
export class Transaction {
  /** False once it is committed or rolled back. */
  isOpen = true;
  /** Set when a block without a savepoint failed inside: this one can only be rolled back. */
  needsRollback = false;
  /** What to call after the outermost commit. */
  callbacks: CommitCallback[] = [];
  /** The name of the savepoint; undefined for the outermost. */
  readonly savepoint: string | undefined;
  /** A test's own, which is always rolled back: blocks inside of it count as outermost ones. */
  ofTest = false;
  private savepoints = 0;
  readonly root: Transaction;

  constructor(
    readonly connection: DatabaseWrapper,
    readonly parent: Transaction | null,
    readonly session: TransactionSession,
    readonly durable: boolean,
  ) {
    this.root = parent?.root ?? this;
    this.savepoint = parent ? this.nextSavepoint() : undefined;
  }

  /** A new name for a savepoint within this transaction. */
  nextSavepoint(): string {
    this.root.savepoints += 1;
    return `s${this.root.savepoints}`;
  }

  /** @throws TransactionManagementError where only a rollback can follow. */
  validate(): void {
    if (this.needsRollback) {
      throw new TransactionManagementError(
        "An error occurred in the current transaction. You can't execute queries until the end of the " +
          "'atomic' block.",
      );
    }
  }
}

/** Calls what `onCommit` registered, in order. A robust one that fails is logged and stops nobody. */
export function runCallbacks(callbacks: readonly CommitCallback[]): MaybePromise<void> {
  const report = (error: unknown): void => {
    const { getLogger } = require('../../../utils/log') as typeof import('../../../utils/log');
    const reason = error instanceof Error ? error.message : String(error);
    getLogger('tsango.db.backends.base').error(
      `Error calling a function registered with onCommit() (${reason}).`,
    );
  };
  return forEach(callbacks, ({ run, robust }) => {
    if (!robust) return run();
    try {
      const result = run();
      return isPromise(result) ? result.then(undefined, report) : undefined;
    } catch (error) {
      report(error);
      return undefined;
    }
  });
}

interface AtomicContext {
  transaction: Transaction;
  outer: AtomicContext | undefined;
}

/** Which transactions the running code is inside of, innermost first; one of each connection counts. */
const context = new AsyncLocalStorage<AtomicContext>();

/** The innermost open transaction of a connection that the running code is inside of. */
export function currentTransaction(connection: DatabaseWrapper): Transaction | null {
  for (let at = context.getStore(); at !== undefined; at = at.outer) {
    if (at.transaction.connection === connection) {
      for (let tx: Transaction | null = at.transaction; tx !== null; tx = tx.parent) {
        if (tx.isOpen) return tx;
      }
    }
  }
  return connection.testTransaction;
}

/** How many bodies run inside of transactions now. */
let running = 0;

/**
 * Runs `body`, and whatever it starts, inside of a transaction.
 *
 * Following what a body starts costs every asynchronous step of the process a little, so it ends with the last
 * transaction: what outlives that is in none, and has nothing to be told.
 */
export function runInside<T>(transaction: Transaction, body: () => T): T {
  running++;
  let result: T;
  try {
    result = context.run({ transaction, outer: context.getStore() }, body);
  } catch (error) {
    leave();
    throw error;
  }
  if (isPromise(result)) return result.finally(leave) as T;
  leave();
  return result;
}

function leave(): void {
  running--;
  if (running === 0) context.disable();
}
