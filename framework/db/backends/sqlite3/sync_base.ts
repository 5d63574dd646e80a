/**
 * SQLite through a synchronous driver, `better-sqlite3` or Node's own. Django: `django.db.backends.sqlite3.base`.
 *
 * One handle writes. While a transaction is open on it, whoever is outside of that transaction reads through a second,
 * read-only handle: what is committed, without waiting. In Django each thread has its own connection for that.
 *
 * WAL lets other processes read while one writes; `synchronous` stays at the NORMAL that the driver is built with: a
 * killed process loses nothing, a power cut can lose the last commits (never the file). `init_command: 'PRAGMA
 * synchronous = FULL'` in OPTIONS buys those too, at a disk flush each commit.
 */
import type { MaybePromise } from '../../../utils/maybe_promise';
import type {
  Chunk,
  PreparedStatement,
  QueryResult,
  Row,
  RowShape,
  RowValues,
  WriteResult,
} from '../base/base';
import { StatementCache } from '../base/statements';
import { currentTransaction } from '../base/transaction';
import { onlyReads, SqliteWrapper } from './common';
import { sqliteCode } from './errors';
import { sqliteFeatures } from './features';
import { registerFunctions } from './functions';
import { GroupCommit } from './group_commit';

/** A compiled statement, as far as it is needed here. */
export interface SyncStatement {
  readonly database: SyncDatabase;
  /** Whether it answers with rows. */
  readonly reader: boolean;
  all(params: readonly unknown[]): unknown[];
  get(params: readonly unknown[]): unknown;
  run(params: readonly unknown[]): { changes: number; lastInsertRowid: number | bigint };
  /** Every row as a list, where the driver has that. */
  readonly lists?: ((params: readonly unknown[]) => RowValues[]) | undefined;
  /** So many rows at a time, as lists where that is wanted, within a transaction that sees nothing change. */
  chunks(params: readonly unknown[], size: number, lists: boolean): Iterable<unknown[]>;
}

/** An open file, as far as it is needed here. */
export interface SyncDatabase {
  readonly open: boolean;
  readonly inTransaction: boolean;
  prepare(sql: string): SyncStatement;
  exec(sql: string): unknown;
  close(): unknown;
  /** Makes a function of SQL; it takes as many arguments as the function has parameters. */
  function(name: string, options: FunctionOptions, call: (...given: never[]) => unknown): unknown;
  /** Makes an aggregate of SQL. */
  aggregate(name: string, aggregate: object): unknown;
}

/** What is said of a function of SQL. */
export interface FunctionOptions {
  /** It always gives the same for the same. */
  deterministic: boolean;
  /** Integers come as bigints. */
  safeIntegers?: boolean;
}

/** How a driver opens a file. */
export interface OpenOptions {
  /** Milliseconds to wait for another process's lock. */
  timeout: number;
  readonly: boolean;
}

/** A statement and, once it has been used on the open handle, its compiled form. */
class Statement implements PreparedStatement {
  native: SyncStatement | undefined;
  /** The same on the handle for reading. */
  nativeReader: SyncStatement | undefined;

  constructor(
    private readonly connection: SyncSqliteWrapper,
    readonly sql: string,
  ) {}

  all(params: readonly unknown[] = []): MaybePromise<Row[]> {
    const { gate } = this.connection;
    if (gate.top === null) return this.allNow(params);
    if (this.readsAside())
      return this.aside((native) => native.all(this.connection.bind(params)) as Row[], params);
    return this.connection.enter(() => this.allNow(params));
  }

  get(params: readonly unknown[] = []): MaybePromise<Row | undefined> {
    const { gate } = this.connection;
    if (gate.top === null) return this.getNow(params);
    if (this.readsAside()) {
      return this.aside((native) => native.get(this.connection.bind(params)) as Row | undefined, params);
    }
    return this.connection.enter(() => this.getNow(params));
  }

  run(params: readonly unknown[] = []): MaybePromise<WriteResult> {
    const { gate } = this.connection;
    if (gate.top !== null) return this.connection.enter(() => this.executeNow(params));
    return this.executeNow(params);
  }

  runGrouped(params: readonly unknown[] = []): MaybePromise<WriteResult> {
    if (this.connection.inAtomicBlock) return this.run(params);
    return this.connection.groupCommit.run(this.sql, params);
  }

  /**
   * Whether the statement can be answered beside the transaction that is open: its caller is outside of that, and it
   * only reads.
   */
  readsAside(): boolean {
    if (this.connection.inAtomicBlock || !onlyReads(this.sql)) return false;
    return this.connection.reader() !== undefined;
  }

  /** Asks the handle for reading, which sees what is committed. */
  aside<T>(ask: (native: SyncStatement) => T, params: readonly unknown[]): T {
    const { queryLog } = this.connection;
    const started = queryLog?.start() ?? 0;
    try {
      const reader = this.connection.reader() as SyncDatabase;
      if (this.nativeReader?.database !== reader) this.nativeReader = reader.prepare(this.sql);
      return ask(this.nativeReader as SyncStatement);
    } catch (error) {
      throw this.connection.wrapError(error);
    } finally {
      queryLog?.add(this.sql, params, started);
    }
  }

  private getNow(params: readonly unknown[]): Row | undefined {
    const { queryLog } = this.connection;
    const started = queryLog?.start() ?? 0;
    try {
      const native = this.native ?? this.compile();
      if (native.reader) return native.get(this.connection.bind(params)) as Row | undefined;
      native.run(this.connection.bind(params));
      return undefined;
    } catch (error) {
      if (this.outlived()) return this.getNow(params);
      throw this.connection.wrapError(error);
    } finally {
      queryLog?.add(this.sql, params, started);
    }
  }

  private allNow(params: readonly unknown[]): Row[] {
    const { queryLog } = this.connection;
    const started = queryLog?.start() ?? 0;
    try {
      const native = this.native ?? this.compile();
      if (native.reader) return native.all(this.connection.bind(params)) as Row[];
      native.run(this.connection.bind(params));
      return [];
    } catch (error) {
      if (this.outlived()) return this.allNow(params);
      throw this.connection.wrapError(error);
    } finally {
      queryLog?.add(this.sql, params, started);
    }
  }

  executeNow(params: readonly unknown[], shape?: RowShape): QueryResult {
    const { queryLog } = this.connection;
    const started = queryLog?.start() ?? 0;
    try {
      const native = this.native ?? this.compile();
      if (native.reader) return readAll(native, this.connection.bind(params), shape);
      const { changes, lastInsertRowid } = native.run(this.connection.bind(params));
      return { rows: [], rowCount: changes, insertId: lastInsertRowid };
    } catch (error) {
      if (this.outlived()) return this.executeNow(params, shape);
      throw this.connection.wrapError(error);
    } finally {
      queryLog?.add(this.sql, params, started);
    }
  }

  /** Whether the failure is that the connection was closed, and opened anew, since the statement was compiled. */
  private outlived(): boolean {
    if (this.native === undefined || this.native.database.open) return false;
    this.native = undefined;
    return true;
  }

  private compile(): SyncStatement {
    this.native = this.connection.handle().prepare(this.sql);
    return this.native;
  }
}

function readAll(
  native: SyncStatement,
  params: readonly unknown[],
  shape: RowShape | undefined,
): QueryResult {
  if (shape !== undefined && native.lists !== undefined) {
    const lists = native.lists(params);
    return { rows: [], lists, rowCount: lists.length };
  }
  const rows = native.all(params) as Row[];
  return { rows, rowCount: rows.length };
}

/** How many texts keep their compiled statements. A statement that is still held goes on working beyond. */
const CACHE_SIZE = 500;

/** A connection through a driver that answers at once. */
export abstract class SyncSqliteWrapper extends SqliteWrapper {
  readonly features = sqliteFeatures(true);
  readonly groupCommit = new GroupCommit(this);
  private opened: SyncDatabase | undefined;
  private openedReader: SyncDatabase | undefined;
  private readonly statements = new StatementCache(CACHE_SIZE, (sql) => new Statement(this, sql));

  execute(sql: string, params: readonly unknown[] = [], shape?: RowShape): MaybePromise<QueryResult> {
    if (this.gate.top === null) return this.runNow(sql, params, shape);
    const statement = this.statements.get(sql);
    if (statement.readsAside())
      return statement.aside((native) => readAll(native, this.bind(params), shape), params);
    return this.enter(() => this.runNow(sql, params, shape));
  }

  prepare(sql: string): PreparedStatement {
    return this.statements.get(sql);
  }

  /** Runs a statement past the gate. */
  runNow(sql: string, params: readonly unknown[], shape?: RowShape): QueryResult {
    return this.statements.get(sql).executeNow(params, shape);
  }

  /** Whether a transaction is open on the handle, whoever opened it. */
  get inTransaction(): boolean {
    return this.opened?.inTransaction === true;
  }

  /**
   * Opens the file with the driver.
   *
   * @throws ImproperlyConfigured if the driver is not there.
   */
  protected abstract openFile(file: string, options: OpenOptions): SyncDatabase;

  /** The open handle: opened when it is first asked for. */
  handle(): SyncDatabase {
    if (this.opened === undefined) {
      const { file, timeout, readonly, pragmas, initCommands } = this.connectionSettings();
      let handle: SyncDatabase;
      try {
        handle = this.openFile(file, { timeout, readonly });
        registerFunctions(handle);
        for (const pragma of pragmas) this.pragma(handle, pragma);
        for (const command of initCommands) handle.exec(command);
      } catch (error) {
        throw this.wrapError(error);
      }
      this.opened = handle;
    }
    return this.opened;
  }

  /** The handle for reading beside an open transaction: opened when it is first needed; undefined without a file. */
  reader(): SyncDatabase | undefined {
    if (this.hasReader) this.openedReader ??= this.openReader();
    return this.openedReader;
  }

  private openReader(): SyncDatabase {
    const { file, timeout } = this.connectionSettings();
    try {
      const handle = this.openFile(file, { timeout, readonly: true });
      registerFunctions(handle);
      return handle;
    } catch (error) {
      throw this.wrapError(error);
    }
  }

  /**
   * A file is read by a handle of its own: on the shared one nothing else could be asked meanwhile. Within `atomic`, and
   * in memory, all is read at once.
   */
  override async *chunks(
    sql: string,
    params: readonly unknown[],
    size: number,
    shape?: RowShape,
  ): AsyncGenerator<Chunk, void, undefined> {
    if (this.inAtomicBlock || !this.hasReader) {
      yield* super.chunks(sql, params, size, shape);
      return;
    }
    this.handle(); // A file that was never opened is not there to be read.
    const handle = this.openReader();
    try {
      handle.exec('BEGIN');
      const native = handle.prepare(sql);
      this.queryLog?.add(sql, params, this.queryLog.start());
      const asLists = shape !== undefined && native.lists !== undefined;
      for (const chunk of native.chunks(this.bind(params), size, asLists)) {
        yield asLists ? { rows: [], lists: chunk as RowValues[] } : { rows: chunk as Row[] };
      }
    } catch (error) {
      throw this.wrapError(error);
    } finally {
      handle.close();
    }
  }

  /** Waits for the caller's turn among the open transactions. */
  enter<T>(run: () => MaybePromise<T>): MaybePromise<T> {
    const transaction = currentTransaction(this);
    transaction?.validate();
    return this.gate.enter(transaction, run);
  }

  /**
   * Parameters as SQLite takes them. The drivers would bind every number as a REAL (a text column would then keep
   * `25.0` where Django's keeps `25`) and take neither booleans nor dates.
   */
  bind(params: readonly unknown[]): readonly unknown[] {
    for (let i = 0; i < params.length; i++) {
      if (typeof params[i] !== 'string') return params.map((value) => this.bindOne(value));
    }
    return params;
  }

  private bindOne(value: unknown): unknown {
    if (typeof value === 'string' || value === null) return value;
    if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
    if (typeof value === 'boolean') return value ? 1n : 0n;
    return this.adapt(value);
  }

  protected override closeDriver(): Promise<void> {
    this.groupCommit.flush();
    for (const statement of this.statements.values()) {
      statement.native = undefined;
      statement.nativeReader = undefined;
    }
    this.openedReader?.close();
    this.openedReader = undefined;
    this.statements.clear();
    this.opened?.close();
    this.opened = undefined;
    this.abandonWaiting();
    return Promise.resolve();
  }

  private pragma(handle: SyncDatabase, pragma: string): void {
    try {
      handle.exec(`PRAGMA ${pragma}`);
    } catch (error) {
      // WAL cannot be turned on in a read-only file, or while another process holds a lock: it works without.
      if (
        !pragma.startsWith('journal_mode') ||
        !/^SQLITE_(BUSY|READONLY|CANTOPEN)/.test(sqliteCode(error) ?? '')
      )
        throw error;
    }
  }
}
