/**
 * Databases behind a network, used through a pool: a statement outside of any `atomic` block takes whichever
 * connection is free; a block keeps one to itself.
 */
import { OperationalError } from '../../errors';
import { Gate } from '../gate';
import {
  type AtomicOptions,
  DatabaseWrapper,
  type PreparedStatement,
  type QueryResult,
  type RowShape,
  type StatementMode,
} from './base';
import { PromisedStatement, StatementCache } from './statements';
import { currentTransaction, Transaction } from './transaction';

/** How long a statement waits for another block on the same connection: only un-awaited work ever does. */
const GATE_TIMEOUT = 30_000;
const CACHE_SIZE = 1000;

/** A database with a pool of connections. */
export abstract class PooledWrapper<Pool = unknown, Client = unknown> extends DatabaseWrapper {
  private opened: Pool | undefined;
  private readonly statements = new StatementCache<PreparedStatement>(
    CACHE_SIZE,
    (text) => new PromisedStatement(text, (sql, params) => this.dispatch(sql, params, 'prepared')),
  );

  execute(sql: string, params: readonly unknown[] = [], shape?: RowShape): Promise<QueryResult> {
    return this.dispatch(sql, params, shape === 'kept lists' ? 'prepared' : 'once', shape);
  }

  prepare(sql: string): PreparedStatement {
    return this.statements.get(sql);
  }

  /** The driver's pool, which connects when it is first used. */
  pool(): Pool {
    this.opened ??= this.openPool();
    return this.opened;
  }

  /** Runs a statement where the caller stands: on its block's connection, or on a free one. */
  async dispatch(
    sql: string,
    params: readonly unknown[],
    mode: StatementMode,
    shape?: RowShape,
  ): Promise<QueryResult> {
    const transaction = currentTransaction(this);
    if (transaction === null) return this.runOnPool(sql, params, mode, shape);
    transaction.validate();
    const { session, root } = transaction;
    return session.gate.enter(transaction, () =>
      root.isOpen ? session.run(sql, params, mode, shape) : this.runOnPool(sql, params, mode, shape),
    );
  }

  private runOnPool(
    sql: string,
    params: readonly unknown[],
    mode: StatementMode,
    shape: RowShape | undefined,
  ): Promise<QueryResult> {
    // Reading again harms nobody; writing might have been done already.
    const harmless = /^\s*SELECT\b/i.test(sql);
    return this.wrapped(() => this.sendLogged(this.pool(), sql, params, mode, shape), harmless);
  }

  private sendLogged(
    target: Pool | Client,
    sql: string,
    params: readonly unknown[],
    mode: StatementMode,
    shape?: RowShape,
  ): Promise<QueryResult> {
    const { queryLog } = this;
    const sent = this.send(target, sql, params, mode, shape);
    if (queryLog === undefined) return sent;
    const started = queryLog.start();
    return sent.finally(() => queryLog.add(sql, params, started));
  }

  /** Runs something; again, where that does no harm and a connection has died while it lay idle: only now one notices. */
  private async wrapped<T>(run: () => Promise<T>, again: boolean): Promise<T> {
    try {
      return await run();
    } catch (error) {
      const wrapped = this.wrapError(error);
      if (again && this.isConnectionLost(wrapped)) return this.wrapped(run, false);
      throw wrapped;
    }
  }

  protected async beginOutermost(options: AtomicOptions): Promise<Transaction> {
    // Nothing has happened in the transaction yet.
    const client = await this.wrapped(() => this.startedClient(), true);
    const gate = new Gate(GATE_TIMEOUT);
    const transaction = new Transaction(
      this,
      null,
      {
        gate,
        client,
        run: (sql, params, mode, shape) =>
          this.wrapped(() => this.sendLogged(client, sql, params, mode, shape), false),
        release: (broken) => this.releaseClient(client, broken),
      },
      options.durable ?? false,
    );
    gate.top = transaction;
    return transaction;
  }

  private async startedClient(): Promise<Client> {
    const client = await this.acquireClient();
    try {
      await this.sendLogged(client, this.startTransactionSql, [], 'once');
      return client;
    } catch (error) {
      this.releaseClient(client, true);
      throw error;
    }
  }

  /** Whether an error means that the connection is gone, rather than that the statement is wrong. */
  protected isConnectionLost(error: unknown): boolean {
    return (
      error instanceof OperationalError &&
      (/^(57P0[123]|08\w{3}|E(CONNRESET|PIPE)|PROTOCOL_CONNECTION_LOST|ER_SERVER_SHUTDOWN)$/.test(
        error.code ?? '',
      ) ||
        /connection (terminated|is closed|lost)|closed state|not queryable/i.test(error.message))
    );
  }

  // Subclasses implement ------------------------------------------------------------------------------------

  protected readonly startTransactionSql: string = 'BEGIN';
  protected abstract openPool(): Pool;
  protected abstract closePool(pool: Pool): Promise<void>;
  /** Runs a statement on a connection, or on a free one of the pool. */
  protected abstract send(
    target: Pool | Client,
    sql: string,
    params: readonly unknown[],
    mode: StatementMode,
    shape?: RowShape,
  ): Promise<QueryResult>;
  protected abstract acquireClient(): Promise<Client>;
  protected abstract releaseClient(client: Client, broken: boolean): void;

  protected override async closeDriver(): Promise<void> {
    const pool = this.opened;
    this.opened = undefined;
    if (pool !== undefined) await this.closePool(pool);
  }
}
