/**
 * What every database has in common. Django: `django.db.backends.base.base`.
 */
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { DatabaseSettings } from '../../../conf';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import { InterfaceError, TransactionManagementError } from '../../errors';
import { settle } from '../gate';
import type { LoggedQuery, QueryLog } from '../query_log';
import type { DatabaseClient } from './client';
import type { DatabaseCreation } from './creation';
import type { DatabaseFeatures } from './features';
import type { DatabaseIntrospection } from './introspection';
import type { DatabaseOperations } from './operations';
import type { DatabaseSchemaEditor, SchemaEditorOptions } from './schema';
import type { PreparedStatement, QueryResult, Row, RowShape } from './statements';
import {
  currentTransaction,
  runCallbacks,
  runInside,
  Transaction,
  type TransactionSession,
} from './transaction';
import type { DatabaseValidation } from './validation';

export type {
  PreparedStatement,
  QueryResult,
  Row,
  RowShape,
  RowValues,
  StatementMode,
  WriteResult,
} from './statements';

/** How an `atomic` block behaves. https://docs.djangoproject.com/en/5.2/topics/db/transactions/#django.db.transaction.atomic */
export interface AtomicOptions {
  /** False: an inner block makes no savepoint, and its failure dooms the outer one. */
  savepoint?: boolean;
  /** True: this block must be the outermost one. */
  durable?: boolean;
  /** SQLite: foreign keys are not enforced inside; tables can be remade. Outermost block only. */
  disableConstraints?: boolean;
}

/** Some of the rows of a result. */
export type Chunk = Pick<QueryResult, 'rows' | 'lists'>;

/** A database of DATABASES. Made by `connections.get(alias)`; connects when it is first used. */
export abstract class DatabaseWrapper {
  abstract readonly vendor: 'sqlite' | 'postgresql' | 'mysql';
  /** The database's name as people write it: `SQLite`. */
  abstract readonly displayName: string;
  abstract readonly features: DatabaseFeatures;
  abstract readonly ops: DatabaseOperations;
  abstract readonly introspection: DatabaseIntrospection;
  /** Column types by field class; `%(max_length)s` and the like are filled in by the field. */
  abstract readonly dataTypes: Readonly<Record<string, string>>;
  /** CHECK conditions by field class. */
  abstract readonly dataTypeCheckConstraints: Readonly<Record<string, string>>;
  /** What follows a column's null constraint, by field class: AUTOINCREMENT and its like. */
  readonly dataTypesSuffix: Readonly<Record<string, string>> = {};

  private source: Promise<DataSource> | undefined;
  private sourceVersion = 0;

  /** Where statements are noted while somebody wants to know. @internal */
  queryLog: QueryLog | undefined;
  private keptLog: QueryLog | undefined;
  private isForced = false;
  private isDebugging = false;

  constructor(
    readonly settingsDict: DatabaseSettings,
    readonly alias: string,
  ) {}

  /**
   * Runs work in whose course rows may refer to rows that are not there yet. On SQLite `atomic` with `disableConstraints`
   * does that, and what is deferred is looked at when the transaction ends.
   */
  constraintChecksDisabled<T>(work: () => Promise<T>): Promise<T> {
    return work();
  }

  /** Looks for rows of these tables, or of all, that refer to rows which are not there. @throws IntegrityError. */
  abstract checkConstraints(tables?: readonly string[]): MaybePromise<void>;

  /** The package that the connection is made with. @throws ImproperlyConfigured if it is missing, with what to run. */
  abstract loadDriver(): unknown;

  // Statements ----------------------------------------------------------------------------------------------

  /** Runs a statement once. Placeholders are `?` on every database. @throws DatabaseError and its kin. */
  abstract execute(sql: string, params?: readonly unknown[], shape?: RowShape): MaybePromise<QueryResult>;

  /** A statement to keep: parsed once where the database can; the same object for the same text. */
  abstract prepare(sql: string): PreparedStatement;

  /**
   * The rows of a statement, so many at a time.
   *
   * @throws DatabaseError and its kin.
   */
  async *stream(
    sql: string,
    params: readonly unknown[],
    size: number,
  ): AsyncGenerator<Row[], void, undefined> {
    for await (const { rows } of this.chunks(sql, params, size)) yield rows;
  }

  /** What `stream` does. Where the database cannot stream they are all read at once, as here. */
  async *chunks(
    sql: string,
    params: readonly unknown[],
    size: number,
    shape?: RowShape,
  ): AsyncGenerator<Chunk, void, undefined> {
    const { rows, lists } = await this.execute(sql, params, shape);
    const { length } = lists ?? rows;
    for (let at = 0; at < length; at += size) {
      yield {
        rows: rows.slice(at, at + size),
        ...(lists !== undefined && { lists: lists.slice(at, at + size) }),
      };
    }
  }

  /** Asks the server what it is, where that matters. */
  loadServerInfo(): MaybePromise<void> {}

  /** The driver's error in Django's family; any other error as it is. */
  abstract wrapError(error: unknown): unknown;

  /** Whether INSERT has RETURNING. */
  get canReturnFromInsert(): boolean {
    return this.features.canReturnColumnsFromInsert;
  }

  /** Asks the server what it can, where that has to be known and is not. */
  learnFeatures(): MaybePromise<void> {
    return undefined;
  }

  // What was asked ------------------------------------------------------------------------------------------

  /**
   * The statements that were run while DEBUG is on or `forceDebugCursor` is set; the last 9000. With DEBUG on, each request
   * begins anew. Django: `connection.queries`.
   */
  get queries(): readonly LoggedQuery[] {
    return this.keptLog?.queries ?? [];
  }

  /** Whether statements are noted whatever DEBUG says. Django: `force_debug_cursor`. */
  get forceDebugCursor(): boolean {
    return this.isForced;
  }
  set forceDebugCursor(forced: boolean) {
    this.isForced = forced;
    this.choosePlainOrLogged();
  }

  /** Notes statements as DEBUG says. @internal */
  set debugging(debugging: boolean) {
    this.isDebugging = debugging;
    this.choosePlainOrLogged();
  }

  private choosePlainOrLogged(): void {
    this.queryLog = this.isForced || this.isDebugging ? this.openLog() : undefined;
  }

  /** What notes the statements. @internal */
  openLog(): QueryLog {
    if (this.keptLog === undefined) {
      const { QueryLog: Log } = require('../query_log') as typeof import('../query_log');
      this.keptLog = new Log(this);
    }
    return this.keptLog;
  }

  // Connecting ----------------------------------------------------------------------------------------------

  /** Whether the database answers. */
  async isUsable(): Promise<boolean> {
    try {
      await this.execute('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }

  /** Closes what is open; the next statement connects again. @throws TransactionManagementError inside a transaction. */
  async close(): Promise<void> {
    if (currentTransaction(this)) {
      throw new TransactionManagementError("This is forbidden when an 'atomic' block is active.");
    }
    const source = this.source;
    this.source = undefined;
    await source?.then(
      (opened) => (opened.isInitialized ? opened.destroy() : undefined),
      () => undefined,
    );
    await this.closeDriver();
  }

  // TypeORM -------------------------------------------------------------------------------------------------

  /** TypeORM's DataSource over the models of the installed apps, on this very connection. Loads TypeORM. */
  dataSource(): Promise<DataSource> {
    const { modelsVersion, openDataSource } = require('../typeorm') as typeof import('../typeorm');
    // Models that were defined since are unknown to it; another one on the same connection costs no connecting.
    if (this.source === undefined || this.sourceVersion !== modelsVersion()) {
      this.sourceVersion = modelsVersion();
      const source = openDataSource(this);
      this.source = source;
      source.catch(() => {
        if (this.source === source) this.source = undefined;
      });
    }
    return this.source;
  }

  /**
   * A TypeORM query runner that takes part in the `atomic` block the caller is inside of. Release it.
   */
  async queryRunner(): Promise<QueryRunner> {
    return (await this.dataSource()).createQueryRunner();
  }

  /** TypeORM's EntityManager; inside of an `atomic` block its statements take part in it. */
  async manager(): Promise<EntityManager> {
    return (await this.dataSource()).manager;
  }

  /** Makes and drops test databases. Django: `connection.creation`. */
  get creation(): DatabaseCreation {
    return new this.CreationClass(this as never);
  }

  /** The database's own client: what `dbshell` starts. */
  get client(): DatabaseClient {
    return new this.ClientClass(this);
  }

  /** What the database has to say of fields and of itself. Django: `connection.validation`. */
  get validation(): DatabaseValidation {
    const { DatabaseValidation: Validation } = require('./validation') as typeof import('./validation');
    return new Validation(this);
  }

  /** Makes the editor that creates and alters tables. */
  schemaEditor(options: SchemaEditorOptions = {}): DatabaseSchemaEditor {
    return new this.SchemaEditorClass(this as never, options);
  }

  // Transactions --------------------------------------------------------------------------------------------

  /** Whether the caller is inside of an `atomic` block of this database. */
  get inAtomicBlock(): boolean {
    return currentTransaction(this) !== null;
  }

  /** Whether a block of the site's, not just a test's own transaction, decides about what the caller writes. */
  get awaitsCommit(): boolean {
    const transaction = currentTransaction(this);
    return transaction !== null && !transaction.ofTest;
  }

  /** The transaction of the test that runs: whoever is in no other one of this database is in it. @internal */
  testTransaction: Transaction | null = null;

  /**
   * Makes everything that follows, wherever it is called from, part of a transaction that is rolled back. Begun twice, the
   * inner one is a savepoint. For `TestCase`. @internal
   */
  async enterTest(): Promise<void> {
    const transaction = await this.begin(this.testTransaction);
    transaction.ofTest = true;
    this.testTransaction = transaction;
  }

  /**
   * Rolls back what `enterTest` began, and whatever is still open inside of it; before that, says whether references lead
   * to nothing, which else is only looked at by a commit. @internal
   */
  async leaveTest({ check = false } = {}): Promise<void> {
    const transaction = this.testTransaction;
    if (transaction === null) return;
    const { gate } = transaction.session;
    while (gate.top !== null && gate.top !== transaction && gate.top.root === transaction.root) {
      await this.rollback(gate.top);
    }
    try {
      const { canDeferConstraintChecks } = this.features;
      if (check && canDeferConstraintChecks && !transaction.needsRollback) await this.checkConstraints();
    } finally {
      this.testTransaction = transaction.parent;
      await this.rollback(transaction);
    }
  }

  /**
   * Runs `body` in a transaction: committed when it returns, rolled back when it throws. Inside of another block it
   * is a savepoint. Synchronous where the database and `body` are.
   */
  atomic<T>(body: () => MaybePromise<T>, options: AtomicOptions = {}): MaybePromise<T> {
    const outer = currentTransaction(this);
    if (outer && !outer.ofTest && options.durable) {
      throw new TransactionManagementError(
        'A durable atomic block cannot be nested within another atomic block.',
      );
    }
    if (outer && (options.savepoint === false || outer.needsRollback)) {
      return settle(
        body,
        (value) => value,
        (error) => {
          outer.needsRollback = true;
          throw error;
        },
      );
    }
    return then(this.begin(outer, options), (transaction) =>
      settle(
        () => runInside(transaction, body),
        (value) => then(this.finish(transaction), () => value),
        (error) =>
          then(this.rollback(transaction), () => {
            throw error;
          }),
      ),
    );
  }

  /** Opens a transaction, or a savepoint inside of `outer`. End it with `finish` or `rollback`. */
  begin(outer: Transaction | null, options: AtomicOptions = {}): MaybePromise<Transaction> {
    if (outer === null) return this.beginOutermost(options);
    return outer.session.gate.enter(outer, () => {
      outer.validate();
      const inner = new Transaction(this, outer, outer.session, false);
      outer.session.gate.top = inner;
      return settle(
        () => outer.session.run(`SAVEPOINT ${this.ops.quoteName(inner.savepoint ?? '')}`, [], 'once'),
        () => inner,
        (error) => {
          outer.session.gate.leave(inner);
          throw error;
        },
      );
    });
  }

  /** Commits; a transaction that is doomed, or cannot be committed, is rolled back. */
  finish(transaction: Transaction): MaybePromise<void> {
    if (transaction.needsRollback) return this.rollback(transaction);
    const { session, parent } = transaction;
    // Savepoints that the body left open without waiting for them come first.
    return session.gate.enter(transaction, () =>
      settle(
        () =>
          transaction.savepoint
            ? session.run(`RELEASE SAVEPOINT ${this.ops.quoteName(transaction.savepoint)}`, [], 'once')
            : session.run('COMMIT', [], 'once'),
        () => {
          const { callbacks } = transaction;
          this.leave(transaction, false);
          if (parent === null) return runCallbacks(callbacks);
          parent.callbacks.push(...(parent.ofTest ? callbacks.filter(({ inTests }) => !inTests) : callbacks));
          return parent.ofTest ? runCallbacks(callbacks.filter(({ inTests }) => inTests)) : undefined;
        },
        (error) =>
          then(this.rollback(transaction), () => {
            throw error;
          }),
      ),
    );
  }

  /** Rolls back. A connection that cannot even do that is given up. */
  rollback(transaction: Transaction): MaybePromise<void> {
    const { session, savepoint, parent } = transaction;
    if (!transaction.isOpen) return undefined;
    const quoted = savepoint === undefined ? '' : this.ops.quoteName(savepoint);
    return session.gate.enter(transaction, () =>
      settle(
        () =>
          savepoint === undefined
            ? session.run('ROLLBACK', [], 'once')
            : then(session.run(`ROLLBACK TO SAVEPOINT ${quoted}`, [], 'once'), () =>
                session.run(`RELEASE SAVEPOINT ${quoted}`, [], 'once'),
              ),
        () => this.leave(transaction, false),
        () => {
          // The reason is on its way to the caller already. What is around this block is lost with it.
          if (parent) parent.needsRollback = true;
          this.leave(transaction, true);
        },
      ),
    );
  }

  /**
   * Calls `callback` after the outermost block has committed; at once outside of any.
   *
   * @param options.inTests the transaction of a `TestCase`, which never commits, counts as none.
   */
  onCommit(
    callback: () => MaybePromise<unknown>,
    options: { robust?: boolean; inTests?: boolean } = {},
  ): MaybePromise<void> {
    const transaction = currentTransaction(this);
    const { robust = false, inTests = false } = options;
    const entry = { run: callback, robust, inTests };
    if (transaction === null || (inTests && transaction.ofTest)) return runCallbacks([entry]);
    transaction.callbacks.push(entry);
    return undefined;
  }

  private leave(transaction: Transaction, broken: boolean): void {
    transaction.isOpen = false;
    if (transaction.parent === null) transaction.session.release(broken);
    transaction.session.gate.leave(transaction);
  }

  /** @throws InterfaceError for a value that no column can hold. */
  protected adapt(value: unknown): unknown {
    if (value === undefined) return null;
    if (value instanceof Date) return this.ops.adaptDatetime(value);
    if (value !== null && typeof value === 'object' && !(value instanceof Uint8Array)) {
      throw new InterfaceError(
        `A parameter of type '${value.constructor?.name ?? 'object'}' is not supported; give a string, a number, ` +
          'a bigint, a boolean, a Date, bytes or null.',
      );
    }
    return value;
  }

  // Subclasses implement ------------------------------------------------------------------------------------

  /** What `creation` is; loaded when it is first needed. */
  protected abstract get ClientClass(): new (
    connection: DatabaseWrapper,
  ) => DatabaseClient;

  protected abstract get CreationClass(): new (
    connection: never,
  ) => DatabaseCreation;
  /** What `schemaEditor` makes; loaded when it is first needed. */
  protected abstract get SchemaEditorClass(): new (
    connection: never,
    options: SchemaEditorOptions,
  ) => DatabaseSchemaEditor;
  protected abstract beginOutermost(options: AtomicOptions): MaybePromise<Transaction>;
  protected abstract closeDriver(): Promise<void>;
}

export type { TransactionSession };
export { Transaction };
