/** MySQL and MariaDB through `mysql2`. Django: `django.db.backends.mysql.base`. */
import type { Socket } from 'node:net';
import type * as Mysql from 'mysql2';
import type { PoolOptions as MysqlPoolOptions, Pool, PoolConnection } from 'mysql2';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { OperationalError } from '../../errors';
import type { Chunk, QueryResult, Row, RowShape, RowValues, StatementMode } from '../base/base';
import { checkForeignKeys } from '../base/constraint_checks';
import type { DatabaseFeatures } from '../base/features';
import { PooledWrapper } from '../base/pooled';
import { instantOf } from '../datetimes';
import { poolOptions, requireDriver } from '../utils';
import { wrapMysqlError } from './errors';
import { MysqlIntrospection } from './introspection';
import { MysqlOperations } from './operations';
import type { MysqlValidation } from './validation';

const BASE_TYPES = {
  AutoField: 'integer AUTO_INCREMENT',
  BigAutoField: 'bigint AUTO_INCREMENT',
  BinaryField: 'longblob',
  BooleanField: 'bool',
  CharField: 'varchar(%(max_length)s)',
  DateField: 'date',
  DateTimeField: 'datetime(6)',
  DecimalField: 'numeric(%(max_digits)s, %(decimal_places)s)',
  DurationField: 'bigint',
  FileField: 'varchar(%(max_length)s)',
  FilePathField: 'varchar(%(max_length)s)',
  FloatField: 'double precision',
  IntegerField: 'integer',
  BigIntegerField: 'bigint',
  IPAddressField: 'char(15)',
  GenericIPAddressField: 'char(39)',
  OneToOneField: 'integer',
  JSONField: 'json',
  PositiveBigIntegerField: 'bigint UNSIGNED',
  PositiveIntegerField: 'integer UNSIGNED',
  PositiveSmallIntegerField: 'smallint UNSIGNED',
  SlugField: 'varchar(%(max_length)s)',
  SmallAutoField: 'smallint AUTO_INCREMENT',
  SmallIntegerField: 'smallint',
  TextField: 'longtext',
  TimeField: 'time(6)',
  UUIDField: 'char(32)',
};
const CHECKS = {
  PositiveBigIntegerField: '`%(column)s` >= 0',
  PositiveIntegerField: '`%(column)s` >= 0',
  PositiveSmallIntegerField: '`%(column)s` >= 0',
};
const ISOLATION_LEVELS = new Set(['read uncommitted', 'read committed', 'repeatable read', 'serializable']);

/** ENGINE `mysql`. */
export class MysqlWrapper extends PooledWrapper<Pool, PoolConnection> {
  readonly vendor = 'mysql';
  readonly features: DatabaseFeatures = {
    synchronous: false,
    canRollbackDdl: false,
    hasSelectForUpdate: true,
    hasSelectForUpdateSkipLocked: true,
    supportsOnConflict: false,
    canDeferConstraintChecks: false,
    maxQueryParams: 65535,
    canReturnColumnsFromInsert: false,
    remakesTables: false,
    supportsPartialIndexes: false,
    supportsCoveringIndexes: false,
    supportsOperatorClasses: false,
    ignoresTableNameCase: false,
    supportsExpressionIndexes: false,
    supportsDeferrableUniqueConstraints: false,
    supportsNullsDistinctUniqueConstraints: false,
    supportsComments: true,
    supportsExpressionDefaults: true,
    supportsUnlimitedCharfield: false,
    supportsStoredGeneratedColumns: true,
    supportsVirtualGeneratedColumns: true,
    supportsMicroseconds: true,
  };
  readonly ops: MysqlOperations = new MysqlOperations(this);
  readonly introspection: MysqlIntrospection = new MysqlIntrospection(this);
  /** The server's version; known once it has been asked. */
  mysqlVersion: readonly number[] = [];
  mysqlIsMariadb = false;

  protected override readonly startTransactionSql = 'START TRANSACTION';

  override get dataTypes(): Readonly<Record<string, string>> {
    const nativeUuid = this.mysqlIsMariadb && this.isAtLeast(10, 7);
    return nativeUuid ? { ...BASE_TYPES, UUIDField: 'uuid' } : BASE_TYPES;
  }

  override readonly dataTypeCheckConstraints: Readonly<Record<string, string>> = CHECKS;

  /** MariaDB's once the server was asked. */
  get displayName(): string {
    return this.mysqlIsMariadb ? 'MariaDB' : 'MySQL';
  }

  override async constraintChecksDisabled<T>(work: () => Promise<T>): Promise<T> {
    await this.execute('SET foreign_key_checks = 0');
    try {
      return await work();
    } finally {
      await this.execute('SET foreign_key_checks = 1');
    }
  }

  override async checkConstraints(tables?: readonly string[]): Promise<void> {
    await checkForeignKeys(this, tables ?? (await this.introspection.tableNames()));
  }

  /** Whether the server's version is that or later. */
  isAtLeast(major: number, minor = 0, patch = 0): boolean {
    const wanted = [major, minor, patch];
    for (const [i, part] of wanted.entries()) {
      const has = this.mysqlVersion[i] ?? 0;
      if (has !== part) return has > part;
    }
    return true;
  }

  /** MariaDB tells what an INSERT made; that it is one is known once the server was asked. */
  override get canReturnFromInsert(): boolean {
    return this.mysqlVersion.length > 0 && this.mysqlIsMariadb && this.isAtLeast(10, 5);
  }

  override learnFeatures(): MaybePromise<void> {
    return this.mysqlVersion.length > 0 ? undefined : this.loadServerInfo();
  }

  /** Asks the server what it is, once. */
  override async loadServerInfo(): Promise<void> {
    if (this.mysqlVersion.length > 0) return;
    const { rows } = await this.execute('SELECT VERSION() AS version');
    const version = String(rows[0]?.['version'] ?? '');
    this.mysqlIsMariadb = /mariadb/i.test(version);
    this.mysqlVersion = (/(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  }

  wrapError(error: unknown): unknown {
    return wrapMysqlError(error);
  }

  protected get ClientClass() {
    return (require('./client') as typeof import('./client')).MysqlClient;
  }

  protected get CreationClass() {
    return (require('./creation') as typeof import('./creation')).MysqlCreation;
  }

  protected get SchemaEditorClass() {
    return (require('./schema') as typeof import('./schema')).MysqlSchemaEditor;
  }

  override get validation(): MysqlValidation {
    const { MysqlValidation: Validation } = require('./validation') as typeof import('./validation');
    return new Validation(this);
  }

  override loadDriver(): typeof Mysql {
    return requireDriver(this, 'mysql2');
  }

  protected openPool(): Pool {
    const mysql = this.loadDriver();
    const pool = mysql.createPool(this.poolConfig());
    // Statements of a connection run in order: these come before whatever it is taken for.
    pool.on('connection', (connection) => {
      const client = connection as unknown as PoolConnection;
      for (const sql of this.sessionSql()) client.query(sql, () => undefined);
      connection.on('error', () => undefined);
    });
    // A connection that nobody uses keeps no script and no test run from ending.
    pool.on('acquire', (client) => socketOf(client)?.ref?.());
    pool.on('release', (client) => socketOf(client)?.unref?.());
    return pool;
  }

  protected closePool(pool: Pool): Promise<void> {
    return new Promise((resolve) => pool.end(() => resolve()));
  }

  private sessionSql(): string[] {
    const { isolation_level: isolation = 'read committed', init_command: init } =
      this.settingsDict.OPTIONS ?? {};
    const level = String(isolation).toLowerCase();
    const statements = ISOLATION_LEVELS.has(level)
      ? [`SET SESSION TRANSACTION ISOLATION LEVEL ${level.toUpperCase()}`]
      : [];
    if (typeof init === 'string' && init) statements.push(init);
    return statements;
  }

  private poolConfig(): MysqlPoolOptions {
    const { NAME, USER, PASSWORD, HOST, PORT, OPTIONS = {} } = this.settingsDict;
    const { connect_timeout: _timeout, pool: _pool, isolation_level: _level, ...rest } = OPTIONS;
    const { init_command: _init, charset, unix_socket: socket, ...own } = rest as Record<string, unknown>;
    const pool = poolOptions(this.settingsDict);
    const path = socket ?? (HOST?.startsWith('/') ? HOST : undefined);
    return {
      database: NAME,
      ...(USER && { user: USER }),
      ...(PASSWORD && { password: PASSWORD }),
      ...(path ? { socketPath: String(path) } : { host: HOST || '127.0.0.1', port: Number(PORT || 3306) }),
      charset: String(charset ?? 'utf8mb4'),
      timezone: 'Z',
      // As text: a function that is asked for each value costs 30 times as much as reading the row.
      dateStrings: ['DATE', 'DATETIME', 'TIMESTAMP'],
      // What JSON is a text of cannot be told from a text that is JSON: the field parses it.
      jsonStrings: true,
      supportBigNumbers: true,
      connectionLimit: pool.max,
      maxIdle: pool.max,
      idleTimeout: pool.idleTimeout || 2 ** 31 - 1,
      connectTimeout: pool.connectTimeout,
      enableKeepAlive: true,
      ...own,
    };
  }

  protected acquireClient(): Promise<PoolConnection> {
    const { connectTimeout } = poolOptions(this.settingsDict);
    return new Promise((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        reject(new OperationalError('Timed out waiting for a connection of the pool.'));
      }, connectTimeout);
      this.pool().getConnection((error, client) => {
        clearTimeout(timer);
        if (late) client?.release();
        else if (error) reject(error);
        else resolve(client);
      });
    });
  }

  protected releaseClient(client: PoolConnection, broken: boolean): void {
    if (broken) client.destroy();
    else client.release();
  }

  /** The pool's own way waits for a free connection for ever. */
  protected async send(
    target: Pool | PoolConnection,
    sql: string,
    params: readonly unknown[],
    mode: StatementMode,
    shape?: RowShape,
  ): Promise<QueryResult> {
    if (target !== this.pool()) return this.sendOn(target as PoolConnection, sql, params, mode, shape);
    const client = await this.acquireClient();
    try {
      return await this.sendOn(client, sql, params, mode, shape);
    } finally {
      client.release();
    }
  }

  /** With parameters a statement is prepared at the server: nothing is written into its text here. */
  private sendOn(
    target: PoolConnection,
    sql: string,
    params: readonly unknown[],
    mode: StatementMode,
    shape: RowShape | undefined,
  ): Promise<QueryResult> {
    const values = params.map((value) => this.bindOne(value));
    return new Promise((resolve, reject) => {
      const done = (error: Error | null, result: unknown, columns?: unknown): void => {
        if (error) {
          reject(error);
          return;
        }
        if (Array.isArray(result)) this.readDates(result, columns);
        resolve(shape !== undefined && Array.isArray(result) ? listsOfResult(result) : resultOf(result));
      };
      const asked = { sql, rowsAsArray: shape !== undefined };
      if (mode === 'prepared' || values.length > 0) target.execute(asked, values as never[], done);
      else target.query(asked, done);
    });
  }

  /** Instants of rows as they come: the driver's texts in their columns become Dates with microseconds. */
  readDates(rows: readonly unknown[], columns: unknown): void {
    if (!Array.isArray(columns)) return;
    const zone = this.ops.storedTimeZone;
    (columns as readonly (Column | undefined)[]).forEach((column, at) => {
      if (column === undefined || !INSTANTS.has(column.columnType)) return;
      for (const row of rows as readonly Record<string | number, unknown>[]) {
        const key = Array.isArray(row) ? at : column.name;
        row[key] = dateOf(row[key], zone);
      }
    });
  }

  /** A statement that reads keeps a connection for itself; within `atomic`, where the loop may ask more, all is read. */
  override chunks(
    sql: string,
    params: readonly unknown[],
    size: number,
    shape?: RowShape,
  ): AsyncGenerator<Chunk, void, undefined> {
    if (this.inAtomicBlock) return super.chunks(sql, params, size, shape);
    const { streamRows } = require('./stream') as typeof import('./stream');
    return streamRows(
      this,
      sql,
      params.map((value) => this.bindOne(value)),
      { size, shape },
    );
  }

  /** Numbers as text: the driver would send every number as a DOUBLE, which LIMIT refuses. */
  private bindOne(value: unknown): unknown {
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (typeof value === 'boolean') return value ? '1' : '0';
    return this.adapt(value);
  }
}

/** The socket of a connection, which the driver's types do not show. */
function socketOf(client: unknown): Partial<Pick<Socket, 'ref' | 'unref'>> | undefined {
  return (client as { stream?: Socket }).stream;
}

/** What the driver says of a column. */
interface Column {
  readonly name: string;
  readonly columnType: number;
}

/** The protocol's numbers of TIMESTAMP and DATETIME. */
const INSTANTS: ReadonlySet<number> = new Set([7, 12]);

/** An instant with its microseconds, which the driver's own dates drop. A zero date is none. */
function dateOf(text: unknown, zone: string): unknown {
  if (typeof text !== 'string') return text;
  if (text.startsWith('0000-00-00')) return null;
  return instantOf(text, zone);
}

function listsOfResult(lists: RowValues[]): QueryResult {
  return { rows: [], lists, rowCount: lists.length };
}

function resultOf(result: unknown): QueryResult {
  if (Array.isArray(result)) return { rows: result as Row[], rowCount: result.length };
  const { affectedRows = 0, insertId } = (result ?? {}) as { affectedRows?: number; insertId?: number };
  return { rows: [], rowCount: affectedRows, ...(insertId ? { insertId } : {}) };
}

/** What `connections` makes for the ENGINE. */
export { MysqlWrapper as DatabaseWrapper };
