/**
 * SQLite through `sqlite3`, whose statements run on a thread of their own: the event loop is not held up, and each
 * costs more. One handle, statements strictly in order; while a transaction is open on it, whoever is outside of that
 * reads through a second, read-only handle.
 */
import type sqlite3 from 'sqlite3';
import type { MaybePromise } from '../../../utils/maybe_promise';
import type { AtomicOptions, PreparedStatement, QueryResult, Row } from '../base/base';
import { currentTransaction } from '../base/transaction';
import { requireDriver } from '../utils';
import { onlyReads, returnsRows, SqliteWrapper } from './common';
import { sqliteFeatures } from './features';

const CACHE_SIZE = 200;

class AsyncStatement implements PreparedStatement {
  constructor(
    private readonly connection: AsyncSqliteWrapper,
    readonly sql: string,
  ) {}

  async all(params: readonly unknown[] = []): Promise<Row[]> {
    return (await this.connection.execute(this.sql, params)).rows;
  }

  async get(params: readonly unknown[] = []): Promise<Row | undefined> {
    return (await this.connection.execute(this.sql, params)).rows[0];
  }

  async run(params: readonly unknown[] = []): Promise<QueryResult> {
    return await this.connection.execute(this.sql, params);
  }

  /** The driver has a queue of its own, on another thread: there is no turn to wait for. */
  runGrouped(params?: readonly unknown[]): Promise<QueryResult> {
    return this.run(params);
  }
}

/** ENGINE `sqlite3`. */
export class AsyncSqliteWrapper extends SqliteWrapper {
  readonly features = sqliteFeatures(false);
  private opened: Promise<sqlite3.Database> | undefined;
  private openedReader: Promise<sqlite3.Database> | undefined;
  private readonly prepared = new Map<string, AsyncStatement>();

  async execute(sql: string, params: readonly unknown[] = []): Promise<QueryResult> {
    if (this.gate.top === null) return this.runNow(sql, params);
    const transaction = currentTransaction(this);
    if (transaction === null && this.hasReader && onlyReads(sql)) {
      return this.runOn(await this.reader(), sql, params);
    }
    transaction?.validate();
    return this.gate.enter(transaction, () => this.runNow(sql, params));
  }

  prepare(sql: string): PreparedStatement {
    let statement = this.prepared.get(sql);
    if (statement === undefined) {
      statement = new AsyncStatement(this, sql);
      if (this.prepared.size >= CACHE_SIZE) this.prepared.clear();
      this.prepared.set(sql, statement);
    }
    return statement;
  }

  /** Runs a statement past the gate. */
  async runNow(sql: string, params: readonly unknown[]): Promise<QueryResult> {
    return this.runOn(await this.handle(), sql, params);
  }

  private async runOn(
    handle: sqlite3.Database,
    sql: string,
    params: readonly unknown[],
  ): Promise<QueryResult> {
    const values = params.map((value) => this.bindOne(value));
    try {
      return await new Promise<QueryResult>((resolve, reject) => {
        if (!returnsRows(sql)) {
          handle.run(sql, values, function (this: sqlite3.RunResult, error: Error | null) {
            if (error) reject(error);
            else resolve({ rows: [], rowCount: this.changes, insertId: this.lastID });
          });
          return;
        }
        const done = (error: Error | null, rows: Row[] = []): void => {
          if (error) reject(error);
          else resolve({ rows, rowCount: rows.length });
        };
        handle.all(sql, values, done as never);
      });
    } catch (error) {
      // Here, and not in the driver's callback: only an error that is made here knows who waits for the answer.
      throw this.wrapError(error);
    }
  }

  /** The open handle: opened when it is first asked for. */
  handle(): Promise<sqlite3.Database> {
    if (this.opened === undefined) {
      const opening = this.open();
      this.opened = opening;
      opening.catch(() => {
        if (this.opened === opening) this.opened = undefined;
      });
    }
    return this.opened;
  }

  /** The handle for reading beside an open transaction: opened when it is first needed. */
  private reader(): Promise<sqlite3.Database> {
    if (this.openedReader === undefined) {
      const driver = requireDriver<typeof sqlite3>(this, 'sqlite3');
      const { file, timeout } = this.connectionSettings();
      const opening = new Promise<sqlite3.Database>((resolve, reject) => {
        const handle = new driver.Database(file, driver.OPEN_READONLY, (error) => {
          if (error) {
            reject(this.wrapError(error));
            return;
          }
          handle.configure('busyTimeout', timeout);
          resolve(handle);
        });
      });
      this.openedReader = opening;
      opening.catch(() => {
        if (this.openedReader === opening) this.openedReader = undefined;
      });
    }
    return this.openedReader;
  }

  private open(): Promise<sqlite3.Database> {
    const driver = requireDriver<typeof sqlite3>(this, 'sqlite3');
    const { file, timeout, readonly, pragmas, initCommands } = this.connectionSettings();
    const flags = readonly ? driver.OPEN_READONLY : driver.OPEN_READWRITE | driver.OPEN_CREATE;
    return new Promise((resolve, reject) => {
      const handle = new driver.Database(file, flags, (opening) => {
        if (opening) {
          reject(this.wrapError(opening));
          return;
        }
        handle.configure('busyTimeout', timeout);
        handle.serialize();
        for (const pragma of pragmas) handle.run(`PRAGMA ${pragma}`, () => undefined);
        for (const command of initCommands) handle.run(command, () => undefined);
        handle.get('SELECT 1', (error) => {
          if (error) reject(this.wrapError(error));
          else resolve(handle);
        });
      });
    });
  }

  private bindOne(value: unknown): unknown {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    if (typeof value === 'boolean') return value ? 1 : 0;
    return this.adapt(value);
  }

  protected startTransaction(options: AtomicOptions): MaybePromise<void> {
    if (options.disableConstraints) this.background('PRAGMA foreign_keys = OFF');
    return this.runNow(`BEGIN ${this.transactionMode}`, []).then(() => undefined);
  }

  protected endTransaction(options: AtomicOptions): void {
    if (options.disableConstraints) this.background('PRAGMA foreign_keys = ON');
  }

  /** A statement that nobody waits for; the handle keeps the order. */
  private background(sql: string): void {
    void this.runNow(sql, []).catch(() => undefined);
  }

  protected override async closeDriver(): Promise<void> {
    const handles = [this.openedReader, this.opened];
    this.opened = undefined;
    this.openedReader = undefined;
    this.abandonWaiting();
    for (const opened of handles) {
      const handle = await opened?.catch(() => undefined);
      if (handle) await new Promise<void>((resolve) => handle.close(() => resolve()));
    }
  }
}

/** What `connections` makes for the ENGINE. */
export { AsyncSqliteWrapper as DatabaseWrapper };
