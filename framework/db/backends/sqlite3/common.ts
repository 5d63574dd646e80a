/** What both SQLite drivers share: settings, types, and transactions on the one handle. */
import { statSync } from 'node:fs';
import { ImproperlyConfigured } from '../../../core/exceptions';
import { isPromise, type MaybePromise, run, type Steps, then, wait } from '../../../utils/maybe_promise';
import { OperationalError } from '../../errors';
import { type AtomicOptions, DatabaseWrapper, type QueryResult, type RowShape } from '../base/base';
import { brokenReference } from '../base/constraint_checks';
import { Transaction, type TransactionSession } from '../base/transaction';
import { Gate, settle } from '../gate';
import { numberOption } from '../utils';
import { wrapSqliteError } from './errors';
import { SqliteIntrospection } from './introspection';
import { SqliteOperations } from './operations';

/** How the file is opened. */
export interface SqliteConnectionSettings {
  file: string;
  /** Milliseconds to wait for another process's lock. */
  timeout: number;
  readonly: boolean;
  pragmas: string[];
  initCommands: string[];
}

const TRANSACTION_MODES = new Set(['DEFERRED', 'IMMEDIATE', 'EXCLUSIVE']);

/** Whether nobody has made the file yet: one that Django made keeps the journal that it has. */
function isNewFile(name: string): boolean {
  return (statSync(name, { throwIfNoEntry: false })?.size ?? 0) === 0;
}

/** Whether a statement answers with rows and changes nothing, by its first words. */
export function onlyReads(sql: string): boolean {
  if (/^\s*(?:SELECT|VALUES|EXPLAIN)\b/i.test(sql)) return true;
  return /^\s*WITH\b/i.test(sql) && !/\b(?:INSERT|UPDATE|DELETE|REPLACE)\b/i.test(sql);
}

/** Whether a statement answers with rows, by its text. */
export function returnsRows(sql: string): boolean {
  return /^\s*(?:SELECT|PRAGMA|EXPLAIN|WITH|VALUES)\b/i.test(sql) || /\bRETURNING\b/i.test(sql);
}

/** A connection to an SQLite file. */
export abstract class SqliteWrapper extends DatabaseWrapper {
  readonly vendor = 'sqlite';
  readonly displayName = 'SQLite';
  readonly ops: SqliteOperations = new SqliteOperations(this);
  readonly introspection: SqliteIntrospection = new SqliteIntrospection(this);
  readonly gate = new Gate(this.timeout);

  override readonly dataTypes = {
    AutoField: 'integer',
    BigAutoField: 'integer',
    BinaryField: 'BLOB',
    BooleanField: 'bool',
    CharField: 'varchar(%(max_length)s)',
    DateField: 'date',
    DateTimeField: 'datetime',
    DecimalField: 'decimal',
    DurationField: 'bigint',
    FileField: 'varchar(%(max_length)s)',
    FilePathField: 'varchar(%(max_length)s)',
    FloatField: 'real',
    IntegerField: 'integer',
    BigIntegerField: 'bigint',
    IPAddressField: 'char(15)',
    GenericIPAddressField: 'char(39)',
    JSONField: 'text',
    OneToOneField: 'integer',
    PositiveBigIntegerField: 'bigint unsigned',
    PositiveIntegerField: 'integer unsigned',
    PositiveSmallIntegerField: 'smallint unsigned',
    SlugField: 'varchar(%(max_length)s)',
    SmallAutoField: 'integer',
    SmallIntegerField: 'smallint',
    TextField: 'text',
    TimeField: 'time',
    UUIDField: 'char(32)',
  };
  override readonly dataTypesSuffix = {
    AutoField: 'AUTOINCREMENT',
    BigAutoField: 'AUTOINCREMENT',
    SmallAutoField: 'AUTOINCREMENT',
  };
  override readonly dataTypeCheckConstraints = {
    PositiveBigIntegerField: '"%(column)s" >= 0',
    JSONField: '(JSON_VALID("%(column)s") OR "%(column)s" IS NULL)',
    PositiveIntegerField: '"%(column)s" >= 0',
    PositiveSmallIntegerField: '"%(column)s" >= 0',
  };

  private readonly session: TransactionSession = {
    gate: this.gate,
    run: (sql, params, _mode, shape) => this.runNow(sql, params, shape),
    release: () => undefined,
  };

  wrapError(error: unknown): unknown {
    return wrapSqliteError(error);
  }

  protected get ClientClass() {
    return (require('./client') as typeof import('./client')).SqliteClient;
  }

  protected get CreationClass() {
    return (require('./creation') as typeof import('./creation')).SqliteCreation;
  }

  protected get SchemaEditorClass() {
    return (require('./schema') as typeof import('./schema')).SqliteSchemaEditor;
  }

  /** @throws ImproperlyConfigured for an OPTIONS entry that cannot be. */
  protected connectionSettings(): SqliteConnectionSettings {
    const { NAME, OPTIONS = {} } = this.settingsDict;
    const journal = OPTIONS['journal_mode'] ?? (isNewFile(NAME) ? 'WAL' : null);
    const init = OPTIONS['init_command'] ?? '';
    if (
      (journal !== null && (typeof journal !== 'string' || !/^[a-z]+$/i.test(journal))) ||
      typeof init !== 'string'
    ) {
      throw new ImproperlyConfigured(
        "DATABASES: OPTIONS['journal_mode'] and OPTIONS['init_command'] must be strings, like 'WAL' and " +
          "'PRAGMA synchronous = FULL'.",
      );
    }
    return {
      file: NAME,
      timeout: this.timeout,
      readonly: OPTIONS['readonly'] === true,
      pragmas: [
        'foreign_keys = ON',
        'legacy_alter_table = OFF',
        ...(journal === null ? [] : [`journal_mode = ${journal}`]),
      ],
      initCommands: init
        .split(';')
        .map((command) => command.trim())
        .filter((command) => command !== ''),
    };
  }

  /**
   * Whether a second, read-only handle can see what is committed. A database in memory is its one handle's alone.
   */
  get hasReader(): boolean {
    const { NAME, OPTIONS = {} } = this.settingsDict;
    return NAME !== '' && !/:memory:|mode=memory/.test(NAME) && OPTIONS['readonly'] !== true;
  }

  /** Milliseconds; OPTIONS has seconds, as Python's driver. */
  private get timeout(): number {
    return Math.round(numberOption(this.settingsDict, 'timeout', 5) * 1000);
  }

  /**
   * IMMEDIATE unless OPTIONS says otherwise (Django: DEFERRED): a deferred transaction that reads first and then
   * writes fails at once when another process wrote in between, whatever the timeout.
   */
  protected get transactionMode(): string {
    const mode = String(this.settingsDict.OPTIONS?.['transaction_mode'] ?? 'IMMEDIATE').toUpperCase();
    if (!TRANSACTION_MODES.has(mode)) {
      throw new ImproperlyConfigured(
        `settings.DATABASES['${this.alias}']['OPTIONS']['transaction_mode'] is improperly configured to '${mode}'. ` +
          "Use one of 'DEFERRED', 'EXCLUSIVE', 'IMMEDIATE', or None.",
      );
    }
    return mode;
  }

  protected beginOutermost(options: AtomicOptions): MaybePromise<Transaction> {
    return this.gate.enter(null, () => {
      const session = options.disableConstraints
        ? { ...this.session, release: () => this.enableConstraints() }
        : this.session;
      const transaction = new Transaction(this, null, session, options.durable ?? false);
      this.gate.top = transaction;
      return settle(
        () => this.startTransaction(options),
        () => transaction,
        (error) => {
          this.gate.leave(transaction);
          throw error;
        },
      );
    });
  }

  private startTransaction({ disableConstraints = false }: AtomicOptions): MaybePromise<unknown> {
    const begin = (): MaybePromise<unknown> => this.runNow(`BEGIN ${this.transactionMode}`, []);
    return disableConstraints ? then(this.runNow('PRAGMA foreign_keys = OFF', []), begin) : begin();
  }

  /** Foreign keys are enforced again; nobody waits for that: the handle keeps the order. */
  private enableConstraints(): void {
    const done = this.runNow('PRAGMA foreign_keys = ON', []);
    if (isPromise(done)) done.catch(() => undefined);
  }

  /** A closed connection answers nobody who still waits for it. */
  protected abandonWaiting(): void {
    this.gate.abandon(new OperationalError('The connection was closed.'));
  }

  /** @throws IntegrityError. */
  override checkConstraints(tables?: readonly string[]): MaybePromise<void> {
    return run(this.checkingConstraints(tables));
  }

  private *checkingConstraints(tables: readonly string[] | undefined): Steps<void> {
    const of = (table: string): string => `(${this.ops.quoteName(table)})`;
    for (const which of tables?.map(of) ?? ['']) {
      const { rows } = yield* wait(this.runNow(`PRAGMA foreign_key_check${which}`, []));
      const [broken] = rows;
      if (broken !== undefined) throw yield* this.describeBroken(broken);
    }
  }

  /** What a row of `foreign_key_check` is about. */
  private *describeBroken(broken: Readonly<Record<string, unknown>>): Steps<Error> {
    const table = String(broken['table']);
    const { rows: keys } = yield* wait(
      this.runNow(`PRAGMA foreign_key_list(${this.ops.quoteName(table)})`, []),
    );
    const { rows: columns } = yield* wait(this.runNow(`PRAGMA table_info(${this.ops.quoteName(table)})`, []));
    const key = keys.find(({ id }) => id === broken['fkid']);
    const column = String(key?.['from'] ?? '');
    const primaryKey = String(columns.find(({ pk }) => Number(pk) > 0)?.['name'] ?? 'rowid');
    const quote = (name: string): string => this.ops.quoteName(name);
    const { rows } = yield* wait(
      this.runNow(
        `SELECT ${quote(primaryKey)} AS pk, ${quote(column)} AS value FROM ${quote(table)} WHERE rowid = ?`,
        [broken['rowid']],
      ),
    );
    return brokenReference({
      table,
      primaryKey: rows[0]?.['pk'],
      column,
      value: rows[0]?.['value'],
      otherTable: String(broken['parent']),
      otherColumn: String(key?.['to'] ?? ''),
    });
  }

  /** Runs a statement past the gate. */
  abstract runNow(sql: string, params: readonly unknown[], shape?: RowShape): MaybePromise<QueryResult>;
}
