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
  type Row,
} from './base';
import { currentTransaction, Transaction } from './transaction';

/** A statement that is kept at each server connection that has run it. */
class PooledStatement implements PreparedStatement {
  constructor(
    private readonly connection: PooledWrapper,
    readonly sql: string,
  ) {}

  async all(params: readonly unknown[] = []): Promise<Row[]> {
    return (await this.connection.dispatch(this.sql, params, 'prepared')).rows;
  }

  async get(params: readonly unknown[] = []): Promise<Row | undefined> {
    return (await this.connection.dispatch(this.sql, params, 'prepared')).rows[0];
  }

  run(params: readonly unknown[] = []): Promise<QueryResult> {
    return this.connection.dispatch(this.sql, params, 'prepared');
  }

  /** The server groups the commits of its clients itself. */
  runGrouped(params?: readonly unknown[]): Promise<QueryResult> {
    return this.run(params);
  }
}

/** How long a statement waits for another block on the same connection: only un-awaited work ever does. */
const GATE_TIMEOUT = 30_000;
const CACHE_SIZE = 1000;

/** A database with a pool of connections. */
export abstract class PooledWrapper<Client = unknown> extends DatabaseWrapper {
  private readonly statements = new Map<string, PooledStatement>();

  execute(sql: string, params: readonly unknown[] = []): Promise<QueryResult> {
    return this.dispatch(sql, params, 'once');
  }

  prepare(sql: string): PreparedStatement {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = new PooledStatement(this, sql);
      this.statements.set(sql, statement);
      if (this.statements.size > CACHE_SIZE) {
        this.statements.delete(this.statements.keys().next().value as string);
      }
    }
    return statement;
  }

  /** Runs a statement where the caller stands: on its block's connection, or on a free one. */
  async dispatch(sql: string, params: readonly unknown[], mode: 'once' | 'prepared'): Promise<QueryResult> {
    const transaction = currentTransaction(this);
    if (transaction === null) return this.runOnPool(sql, params, mode);
    transaction.validate();
    const { session, root } = transaction;
    return session.gate.enter(transaction, () =>
      root.isOpen ? session.run(sql, params, mode) : this.runOnPool(sql, params, mode),
    );
  }

  private async runOnPool(
    sql: string,
    params: readonly unknown[],
    mode: 'once' | 'prepared',
  ): Promise<QueryResult> {
    try {
      return await this.runPooled(sql, params, mode);
    } catch (error) {
      const wrapped = this.wrapError(error);
      // A connection that died while it lay idle is only noticed now. Reading again harms nobody; writing might
      // have been done already.
      if (!/^\s*SELECT\b/i.test(sql) || !this.isConnectionLost(wrapped)) throw wrapped;
      try {
        return await this.runPooled(sql, params, mode);
      } catch (again) {
        throw this.wrapError(again);
      }
    }
  }

  protected async beginOutermost(options: AtomicOptions): Promise<Transaction> {
    let client = await this.connectClient();
    try {
      await this.startOn(client);
    } catch (error) {
      this.releaseClient(client, true);
      // Again: it may have died while it lay idle, and nothing has happened in the transaction yet.
      if (!this.isConnectionLost(this.wrapError(error))) throw this.wrapError(error);
      client = await this.connectClient();
      try {
        await this.startOn(client);
      } catch (second) {
        this.releaseClient(client, true);
        throw this.wrapError(second);
      }
    }
    const gate = new Gate(GATE_TIMEOUT);
    const held = client;
    const transaction = new Transaction(
      this,
      null,
      {
        gate,
        client: held,
        run: async (sql, params, mode) => {
          try {
            return await this.runOn(held, sql, params, mode);
          } catch (error) {
            throw this.wrapError(error);
          }
        },
        release: (broken) => this.releaseClient(held, broken),
      },
      options.durable ?? false,
    );
    gate.top = transaction;
    return transaction;
  }

  private async connectClient(): Promise<Client> {
    try {
      return await this.acquireClient();
    } catch (error) {
      throw this.wrapError(error);
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

  /** Runs a statement on a free connection. */
  protected abstract runPooled(
    sql: string,
    params: readonly unknown[],
    mode: 'once' | 'prepared',
  ): Promise<QueryResult>;
  /** Runs a statement on this connection. */
  protected abstract runOn(
    client: Client,
    sql: string,
    params: readonly unknown[],
    mode: 'once' | 'prepared',
  ): Promise<QueryResult>;
  protected abstract startOn(client: Client): Promise<unknown>;
  protected abstract acquireClient(): Promise<Client>;
  protected abstract releaseClient(client: Client, broken: boolean): void;
  protected abstract override closeDriver(): Promise<void>;
}
