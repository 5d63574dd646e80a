/** Tables of a test's models, on every database where SQL differs. */
import { apps } from 'tsango/apps';
import { type DatabaseSettings, overrideSettings, type Settings } from 'tsango/conf';
import { connections } from 'tsango/db';
import type { Options } from 'tsango/db/models/options';
import { type Engine, scratchDatabase } from './databases';
import { describeWith } from './services';
import { SQLITE_ENGINE } from './sqlite';

interface Described {
  readonly _meta: Options;
}

/** What a test is told about its database. */
export interface Database {
  readonly engine: Engine;
  /** Whether it is the SQLite of a file that answers at once. */
  readonly isSqlite: boolean;
}

/** What tests have besides their tables. */
export interface TablesOptions {
  readonly settings?: Partial<Settings>;
  /** Makes the rows, once. */
  readonly rows?: () => Promise<void>;
}

/** Declares that the tests of the surrounding `describe` have a database with tables of these models. */
export function useTables(
  database: DatabaseSettings,
  models: () => readonly Described[],
  { settings = {}, rows }: TablesOptions = {},
): void {
  let restore: () => Promise<void>;
  beforeAll(async () => {
    apps.reset();
    restore = overrideSettings({ DATABASES: { default: database }, INSTALLED_APPS: [], ...settings });
    apps.populate();
    await createTables(models());
    await rows?.();
  });
  afterAll(async () => {
    await connections.closeAll();
    await restore();
    apps.reset();
  });
}

function suite(engine: Engine, models: () => readonly Described[], body: (database: Database) => void): void {
  const isSqlite = engine === SQLITE_ENGINE;
  const settings = isSqlite ? { ENGINE: engine, NAME: ':memory:' } : scratchDatabase(engine);
  useTables(settings, models);
  beforeEach(async () => {
    const connection = connections.get();
    const tables = models().flatMap(({ _meta: meta }) => [
      ...meta.localManyToMany.filter((field) => field.hasOwnTable).map((field) => field.through.dbTable),
      meta.dbTable,
    ]);
    await connection.atomic(async () => {
      for (const sql of connection.ops.sqlFlush(tables)) await connection.execute(sql);
    });
  });
  body({ engine, isSqlite });
}

/** Makes the tables of models in the default database. */
export async function createTables(models: readonly Described[]): Promise<void> {
  await connections
    .get()
    .schemaEditor()
    .run(async (editor) => {
      for (const { _meta: meta } of models) await editor.createModel(meta);
    });
}

/** Declares the same tests on SQLite in memory, PostgreSQL and MariaDB. Each test begins with empty tables. */
export function onEveryDatabase(
  models: () => readonly Described[],
  body: (database: Database) => void,
): void {
  describeWith([], SQLITE_ENGINE, () => suite(SQLITE_ENGINE, models, body));
  for (const engine of ['postgresql', 'mysql'] as const) {
    describeWith(engine, engine, () => suite(engine, models, body));
  }
}

/** The statements that some work sends to the default database, without those of transactions. */
export async function statementsOf(work: () => unknown): Promise<string[]> {
  const connection = connections.get();
  const sent: string[] = [];
  const spy = jest.spyOn(connection, 'execute').mockImplementation(function execute(
    this: typeof connection,
    sql: string,
    params?: readonly unknown[],
  ) {
    sent.push(sql);
    return Object.getPrototypeOf(connection).execute.call(connection, sql, params);
  });
  try {
    await work();
  } finally {
    spy.mockRestore();
  }
  return sent;
}
