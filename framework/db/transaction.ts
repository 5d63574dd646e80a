/**
 * Transactions. Django: `django.db.transaction`; https://docs.djangoproject.com/en/5.2/topics/db/transactions/
 */
import type { MaybePromise } from '../utils/maybe_promise';
import { then } from '../utils/maybe_promise';
import type { AtomicOptions, DatabaseWrapper } from './backends/base/base';
import { currentTransaction, type Transaction } from './backends/base/transaction';
import { connections, DEFAULT_DB_ALIAS } from './connections';
import { TransactionManagementError } from './errors';

export { TransactionManagementError } from './errors';

/** The options that name a database. */
export interface Using {
  /** The alias in DATABASES. */
  using?: string | undefined;
}

function connectionOf(options: Using): DatabaseWrapper {
  return connections.get(options.using);
}

/**
 * Runs `body` in a transaction: its statements take effect together when it returns, or not at all when it throws.
 * Nested blocks are savepoints.
 *
 * @example
 * ```ts
 * await atomic(async () => {
 *   await Account.objects.filter({ id: 1 }).update({ balance: 0 });
 *   await Account.objects.create({ balance: 100 });
 * });
 * ```
 */
export function atomic<T>(body: () => MaybePromise<T>, options: AtomicOptions & Using = {}): MaybePromise<T> {
  return connectionOf(options).atomic(body, options);
}

/**
 * Marks a view that runs in no transaction although its database has ATOMIC_REQUESTS.
 *
 * Django: `non_atomic_requests`.
 */
export function nonAtomicRequests<View extends (...args: never[]) => unknown>(
  view: View,
  { using = DEFAULT_DB_ALIAS }: Using = {},
): View {
  const marked = view as View & { nonAtomicRequests?: Set<string> };
  marked.nonAtomicRequests = new Set(marked.nonAtomicRequests).add(using);
  return marked;
}

/**
 * Calls `callback` once the outermost block has committed; at once if there is none.
 *
 * @param options.robust a failure is logged, and the callbacks after it are still called.
 */
export function onCommit(
  callback: () => MaybePromise<unknown>,
  options: Using & { robust?: boolean } = {},
): MaybePromise<void> {
  return connectionOf(options).onCommit(callback, options);
}

function required(options: Using, what: string): Transaction {
  const transaction = currentTransaction(connectionOf(options));
  if (transaction === null) {
    throw new TransactionManagementError(`${what} doesn't work outside of an 'atomic' block.`);
  }
  return transaction;
}

/** Whether the innermost block will be rolled back at its end. */
export function getRollback(options: Using = {}): boolean {
  return required(options, 'The rollback flag').needsRollback;
}

/** Makes the innermost block roll back at its end without throwing, or takes that back. */
export function setRollback(rollback: boolean, options: Using = {}): void {
  required(options, 'The rollback flag').needsRollback = rollback;
}

/** Makes a savepoint and returns its name. `atomic` blocks do it for you. */
export function savepoint(options: Using = {}): MaybePromise<string> {
  const transaction = required(options, 'A savepoint');
  const name = transaction.nextSavepoint();
  return then(run(transaction, `SAVEPOINT ${quoted(transaction, name)}`), () => name);
}

/** Undoes what happened since the savepoint. */
export function savepointRollback(name: string, options: Using = {}): MaybePromise<void> {
  const transaction = required(options, 'A savepoint');
  return run(transaction, `ROLLBACK TO SAVEPOINT ${quoted(transaction, name)}`);
}

/** Forgets a savepoint; what happened since stays. */
export function savepointCommit(name: string, options: Using = {}): MaybePromise<void> {
  const transaction = required(options, 'A savepoint');
  return run(transaction, `RELEASE SAVEPOINT ${quoted(transaction, name)}`);
}

function quoted(transaction: Transaction, name: string): string {
  return transaction.connection.ops.quoteName(name);
}

function run(transaction: Transaction, sql: string): MaybePromise<void> {
  return then(transaction.connection.execute(sql), () => undefined);
}
