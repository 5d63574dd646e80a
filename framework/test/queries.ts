/** What a piece of code asks of a database, and what it leaves to be done after the commit. */
import { AssertionError } from 'node:assert';
import { requestStarted } from '../core/signals';
import type { DatabaseWrapper } from '../db/backends/base/base';
import { currentTransaction } from '../db/backends/base/transaction';
import type { LoggedQuery } from '../db/backends/query_log';
import { connections, resetQueries } from '../db/connections';
import type { MaybePromise } from '../utils/maybe_promise';

/** The option that names a database. */
interface Using {
  /** The alias in DATABASES; default: `default`. */
  using?: string | undefined;
}

/**
 * Keeps the statements that are run while it is entered.
 *
 * @example
 * ```ts
 * const context = new CaptureQueriesContext();
 * await context.run(() => client.get('/'));
 * console.log(context.length, context.capturedQueries[0]?.sql);
 * ```
 * https://docs.djangoproject.com/en/5.2/topics/testing/tools/#django.test.TransactionTestCase.assertNumQueries
 */
export class CaptureQueriesContext {
  private first = 0;
  private last: number | undefined;
  private wasForced = false;
  private wasResetting = false;

  /** @param connection default: that of `default`. */
  constructor(readonly connection: DatabaseWrapper = connections.get()) {}

  /** Begins to keep statements; requests do not forget them meanwhile. */
  enter(): this {
    const { connection } = this;
    this.wasForced = connection.forceDebugCursor;
    connection.forceDebugCursor = true;
    this.wasResetting = requestStarted.disconnect(resetQueries);
    const log = connection.openLog();
    this.first = log.forgotten + log.queries.length;
    this.last = undefined;
    return this;
  }

  /** Ends it; the statements stay. */
  exit(): void {
    const log = this.connection.openLog();
    this.last = log.forgotten + log.queries.length;
    this.connection.forceDebugCursor = this.wasForced;
    if (this.wasResetting) requestStarted.connect(resetQueries);
  }

  /** Runs `body` and keeps what it asks. */
  async run<T>(body: () => MaybePromise<T>): Promise<T> {
    this.enter();
    try {
      return await body();
    } finally {
      this.exit();
    }
  }

  /** The statements, with their parameters; those of transactions are among them. */
  get capturedQueries(): readonly LoggedQuery[] {
    const { forgotten, queries } = this.connection.openLog();
    const end = this.last === undefined ? undefined : Math.max(0, this.last - forgotten);
    return queries.slice(Math.max(0, this.first - forgotten), end);
  }

  get length(): number {
    return this.capturedQueries.length;
  }

  [Symbol.iterator](): Iterator<LoggedQuery> {
    return this.capturedQueries[Symbol.iterator]();
  }
}

/**
 * Runs `body`, which has to make so many queries. Savepoints of `atomic` count, as they do in Django.
 *
 * @returns what `body` returns.
 * @throws AssertionError with the statements that were run.
 *
 * @example
 * ```ts
 * const response = await assertNumQueries(2, () => client.get('/authors/'));
 * ```
 */
export async function assertNumQueries<T>(
  num: number,
  body: () => MaybePromise<T>,
  { using }: Using = {},
): Promise<T> {
  const context = new CaptureQueriesContext(connections.get(using));
  const result = await context.run(body);
  const { capturedQueries } = context;
  const executed = capturedQueries.length;
  if (executed !== num) {
    const lines = capturedQueries.map(({ sql }, at) => `${at + 1}. ${sql}`);
    throw new AssertionError({
      message: `${executed} queries executed, ${num} expected\nCaptured queries were:\n${lines.join('\n')}`,
      actual: executed,
      expected: num,
      operator: 'assertNumQueries',
    });
  }
  return result;
}

/**
 * Runs `body` and gives the callbacks that it registered with `onCommit`: in a `TestCase` nothing commits, so nobody
 * calls them. With `execute` they are called, and those that they register in turn.
 *
 * @example
 * ```ts
 * const callbacks = await captureOnCommitCallbacks(() => client.post('/orders/', data), { execute: true });
 * ```
 * https://docs.djangoproject.com/en/5.2/topics/testing/tools/#django.test.TestCase.captureOnCommitCallbacks
 */
export async function captureOnCommitCallbacks(
  body: () => MaybePromise<unknown>,
  { using, execute = false }: Using & { execute?: boolean } = {},
): Promise<(() => MaybePromise<unknown>)[]> {
  const transaction = currentTransaction(connections.get(using));
  if (transaction === null) {
    throw new Error('captureOnCommitCallbacks() is for a TestCase: here callbacks are called by the commit.');
  }
  let from = transaction.callbacks.length;
  await body();
  const captured: (() => MaybePromise<unknown>)[] = [];
  for (;;) {
    const found = transaction.callbacks.slice(from);
    from += found.length;
    captured.push(...found.map(({ run }) => run));
    if (!execute || found.length === 0) return captured;
    for (const { run, robust } of found) {
      if (robust) await Promise.resolve().then(run).catch(report);
      else await run();
    }
  }
}

function report(error: unknown): void {
  const { getLogger } = require('../utils/log') as typeof import('../utils/log');
  const reason = error instanceof Error ? error.message : String(error);
  getLogger('tsango.test').error(`Error calling a function registered with onCommit() (${reason}).`, {
    error,
  });
}
