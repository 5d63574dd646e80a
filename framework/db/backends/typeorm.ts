/**
 * TypeORM on a connection of ours: the same handle or pool, and transactions that both sides see. Its query runners
 * ask our transactions for their turn, so that a repository used inside of `atomic` takes part in it.
 */
import type { DataSource, DataSourceOptions, Driver, QueryRunner } from 'typeorm';
import type { DatabaseWrapper } from './base/base';
import { currentTransaction, runInside, type Transaction } from './base/transaction';
import type { MysqlWrapper } from './mysql/base';
import type { PostgresWrapper } from './postgresql/base';

type TypeOrm = typeof import('typeorm');
type Callback = (error: Error | null, ...results: unknown[]) => void;

/** Entities as DataSource takes them. */
export type Entities = NonNullable<DataSourceOptions['entities']>;

/** Opens a DataSource over these entities; over the models of the installed apps without any. */
export async function openDataSource(connection: DatabaseWrapper, entities?: Entities): Promise<DataSource> {
  const typeorm = require('typeorm') as TypeOrm;
  const { adoptRelations, installedEntities, namingStrategy } =
    require('../models/entities') as typeof import('../models/entities');
  const source = new typeorm.DataSource({
    ...driverOptions(connection),
    entities: entities ?? installedEntities(connection),
    namingStrategy: namingStrategy(),
    synchronize: false,
    logging: false,
  } as DataSourceOptions);
  adoptDriver(source.driver, connection);
  try {
    await source.initialize();
    adoptRelations(source);
    return source;
  } catch (error) {
    throw connection.wrapError(error);
  }
}

/** Grows as models are defined. */
export function modelsVersion(): number {
  const { declarationCount } =
    require('../models/fields/decorators') as typeof import('../models/fields/decorators');
  return declarationCount();
}

/** A driver module that hands out what is open already. */
function driverOptions(connection: DatabaseWrapper): Record<string, unknown> {
  const database = connection.settingsDict.NAME;
  switch (connection.vendor) {
    case 'sqlite':
      return connection.features.synchronous
        ? { type: 'better-sqlite3', database: ':memory:', driver: SilentHandle }
        : {
            type: 'sqlite',
            database: ':memory:',
            driver: { verbose: () => ({ Database: SilentAsyncHandle }) },
          };
    case 'postgresql':
      return {
        type: 'postgres',
        database,
        installExtensions: false,
        driver: { Pool: pgPool(connection as PostgresWrapper) },
      };
    case 'mysql':
      return {
        type: 'mysql',
        database,
        connectorPackage: 'mysql2',
        driver: { createPool: () => mysqlPool(connection as MysqlWrapper) },
      };
  }
}

/** SQLite's runners do not touch the handle that TypeORM thinks it has opened: see `adoptSqlite`. */
class SilentHandle {
  pragma(): unknown[] {
    return [];
  }
  close(): void {}
}

class SilentAsyncHandle {
  constructor(_file: string, opened: Callback) {
    setImmediate(opened, null);
  }
  run(_sql: string, done: Callback): void {
    setImmediate(done, null);
  }
  close(done: Callback): void {
    setImmediate(done, null);
  }
}

function pgPool(connection: PostgresWrapper): new () => object {
  return class {
    connect(done: (...args: never[]) => void): void {
      connection.pool().connect(done as never);
    }
    on(): this {
      return this;
    }
    end(done: Callback): void {
      done(null);
    }
  };
}

function mysqlPool(connection: MysqlWrapper): object {
  return {
    getConnection: (done: (...args: never[]) => void) => connection.pool().getConnection(done as never),
    end: (done: Callback) => done(null),
  };
}

function adoptDriver(driver: Driver, connection: DatabaseWrapper): void {
  const make = driver.createQueryRunner.bind(driver);
  driver.createQueryRunner = (mode) => {
    // TypeORM keeps one runner for SQLite and shares its transaction among all who ask; ours keep apart.
    Reflect.set(driver, 'queryRunner', undefined);
    const runner = make(mode);
    Reflect.set(driver, 'queryRunner', undefined);
    adoptRunner(runner, connection);
    return runner;
  };
}

/** Parts of TypeORM's runners that its types keep to themselves. */
interface RunnerInternals {
  isTransactionActive: boolean;
  transactionDepth: number;
  broadcaster: { broadcast(event: string): Promise<unknown> };
}

function adoptRunner(runner: QueryRunner, connection: DatabaseWrapper): void {
  const internals = runner as unknown as RunnerInternals;
  const opened: Transaction[] = [];
  const own = (): Transaction | undefined => opened[opened.length - 1];
  const current = (): Transaction | null => own() ?? currentTransaction(connection);
  const track = (): void => {
    internals.isTransactionActive = opened.length > 0;
    internals.transactionDepth = opened.length;
  };

  runner.startTransaction = async (isolationLevel) => {
    await internals.broadcaster.broadcast('BeforeTransactionStart');
    const outer = current();
    opened.push(await connection.begin(outer));
    track();
    if (isolationLevel && outer === null && connection.vendor === 'postgresql') {
      await runner.query(`SET TRANSACTION ISOLATION LEVEL ${isolationLevel}`);
    }
    await internals.broadcaster.broadcast('AfterTransactionStart');
  };
  const end = (name: 'Commit' | 'Rollback', how: (transaction: Transaction) => unknown) => async () => {
    const transaction = own();
    if (transaction === undefined) {
      const { TransactionNotStartedError } = require('typeorm') as TypeOrm;
      throw new TransactionNotStartedError();
    }
    await internals.broadcaster.broadcast(`BeforeTransaction${name}`);
    opened.pop();
    track();
    await how(transaction);
    await internals.broadcaster.broadcast(`AfterTransaction${name}`);
  };
  runner.commitTransaction = end('Commit', (transaction) => connection.finish(transaction));
  runner.rollbackTransaction = end('Rollback', (transaction) => connection.rollback(transaction));

  if (connection.vendor === 'sqlite') adoptSqlite(runner, connection, own);
  else adoptPooled(runner, connection, current);
}

/** SQLite: statements go through the wrapper, which knows whose turn it is. */
function adoptSqlite(
  runner: QueryRunner,
  connection: DatabaseWrapper,
  own: () => Transaction | undefined,
): void {
  const query = async (sql: string, params: unknown[] = [], structured = false): Promise<unknown> => {
    const { QueryResult } = require('typeorm') as TypeOrm;
    const run = () => connection.execute(sql, params);
    const transaction = own();
    const { rows, rowCount, insertId } = await (transaction ? runInside(transaction, run) : run());
    const result = new QueryResult();
    result.records = rows;
    result.affected = rowCount;
    result.raw = insertId === undefined ? rows : insertId;
    return structured ? result : result.raw;
  };
  runner.query = query as QueryRunner['query'];
  runner.release = async () => undefined;
}

/** Databases with a pool: a statement inside of a transaction takes that one's connection. */
function adoptPooled(
  runner: QueryRunner,
  connection: DatabaseWrapper,
  current: () => Transaction | null,
): void {
  const connect = runner.connect.bind(runner);
  const query = runner.query.bind(runner) as (...args: unknown[]) => Promise<unknown>;
  runner.connect = async () => {
    const transaction = current();
    return transaction ? transaction.session.client : connect();
  };
  const wrapped = async (...args: unknown[]): Promise<unknown> => {
    const transaction = current();
    try {
      if (transaction === null) return await query(...args);
      transaction.validate();
      return await transaction.session.gate.enter(transaction, () => query(...args));
    } catch (error) {
      const { driverError } = error as { driverError?: unknown };
      throw connection.wrapError(driverError ?? error);
    }
  };
  runner.query = wrapped as QueryRunner['query'];
}
