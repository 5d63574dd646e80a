/**
 * SQLite through `sqlite3`, whose statements run on a thread of their own: the event loop is not held up, and each
 * costs more. One handle, statements strictly in order; while a transaction is open on it, whoever is outside of that
 * reads through a second, read-only handle.
 */
import type sqlite3 from 'sqlite3';
import { NotSupportedError } from '../../errors';
import type { PreparedStatement, QueryResult, Row } from '../base/base';
import { PromisedStatement, StatementCache } from '../base/statements';
import { currentTransaction } from '../base/transaction';
import { requireDriver } from '../utils';
import { onlyReads, returnsRows, SqliteWrapper } from './common';
import { sqliteFeatures } from './features';

const CACHE_SIZE = 200;

/** ENGINE `sqlite3`. */
export class AsyncSqliteWrapper extends SqliteWrapper {
  readonly features = sqliteFeatures(false);
  private opened: Promise<sqlite3.Database> | undefined;
  private openedReader: Promise<sqlite3.Database> | undefined;
  private readonly statements = new StatementCache<PreparedStatement>(
    CACHE_SIZE,
    (text) => new PromisedStatement(text, (sql, params) => this.execute(sql, params)),
  );

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
    return this.statements.get(sql);
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
    const { queryLog } = this;
    const started = queryLog?.start() ?? 0;
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
      throw this.wrapError(withoutFunction(error) ?? error);
    } finally {
      queryLog?.add(sql, params, started);
    }
  }

  /** The open handle: opened when it is first asked for. */
  handle(): Promise<sqlite3.Database> {
    this.opened ??= this.forgetting(this.open(), 'opened');
    return this.opened;
  }

  /** The handle for reading beside an open transaction: opened when it is first needed. */
  private reader(): Promise<sqlite3.Database> {
    this.openedReader ??= this.forgetting(this.openFile({ readonly: true }), 'openedReader');
    return this.openedReader;
  }

  /** A handle that could not be opened is not kept: the next one who asks tries again. */
  private forgetting(
    opening: Promise<sqlite3.Database>,
    name: 'opened' | 'openedReader',
  ): Promise<sqlite3.Database> {
    opening.catch(() => {
      if (this[name] === opening) this[name] = undefined;
    });
    return opening;
  }

  override loadDriver(): typeof sqlite3 {
    return requireDriver(this, 'sqlite3');
  }

  private openFile({ readonly }: { readonly: boolean }): Promise<sqlite3.Database> {
    const driver = this.loadDriver();
    const { file, timeout } = this.connectionSettings();
    const flags = readonly ? driver.OPEN_READONLY : driver.OPEN_READWRITE | driver.OPEN_CREATE;
    return new Promise((resolve, reject) => {
      const handle = new driver.Database(file, flags, (error) => {
        if (error) {
          reject(this.wrapError(error));
          return;
        }
        handle.configure('busyTimeout', timeout);
        resolve(handle);
      });
    });
  }

  private async open(): Promise<sqlite3.Database> {
    const { readonly, pragmas, initCommands } = this.connectionSettings();
    const handle = await this.openFile({ readonly });
    handle.serialize();
    for (const pragma of pragmas) handle.run(`PRAGMA ${pragma}`, () => undefined);
    for (const command of initCommands) handle.run(command, () => undefined);
    return new Promise((resolve, reject) => {
      handle.get('SELECT 1', (error) => {
        if (error) reject(this.wrapError(error));
        else resolve(handle);
      });
    });
  }

  private bindOne(value: unknown): unknown {
    if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    if (typeof value === 'boolean') return value ? 1 : 0;
    return this.adapt(value);
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

/** The driver cannot be given functions, and several of Django's SQL are functions of its own on SQLite. */
function withoutFunction(error: unknown): NotSupportedError | undefined {
  const [, name] = /no such function: (\w+)/.exec(String((error as Error).message)) ?? [];
  if (name === undefined) return undefined;
  const { isOurs } = require('./functions') as typeof import('./functions');
  if (!isOurs(name)) return undefined;
  return new NotSupportedError(
    `SQLite has no function ${name}, and the driver of ENGINE 'sqlite3' cannot be given one. Use ENGINE ` +
      "'better-sqlite3' or 'node:sqlite'.",
    { cause: error },
  );
}

/** What `connections` makes for the ENGINE. */
export { AsyncSqliteWrapper as DatabaseWrapper };
