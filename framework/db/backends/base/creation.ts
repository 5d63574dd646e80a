/** Databases for tests: made, filled and dropped. Django: `django.db.backends.base.creation`. */
import type { DatabaseSettings } from '../../../conf';
import type { MaybePromise } from '../../../utils/maybe_promise';
import type { DatabaseWrapper } from './base';

/** The prefix of a test database's name. Django: `TEST_DATABASE_PREFIX`. */
export const TEST_DATABASE_PREFIX = 'test_';

/** The entry TEST of a database. https://docs.djangoproject.com/en/5.2/ref/settings/#test */
export interface TestDatabaseSettings {
  /** The name instead of `test_` and that of the database; for SQLite a file instead of memory. */
  NAME?: string | null;
  /** Another alias, whose test database is used for this one, too. */
  MIRROR?: string | null;
  /** The aliases whose databases are made before this one. Default: `default`. */
  DEPENDENCIES?: readonly string[];
  /** False: tables are made from the models as they are, without migrations. */
  MIGRATE?: boolean;
  CHARSET?: string | null;
  COLLATION?: string | null;
  /** PostgreSQL: the database that the new one is a copy of. */
  TEMPLATE?: string | null;
}

/** Makes and drops the test database of one connection. */
export abstract class DatabaseCreation {
  constructor(protected readonly connection: DatabaseWrapper) {}

  protected get test(): TestDatabaseSettings {
    return (this.connection.settingsDict.TEST ?? {}) as TestDatabaseSettings;
  }

  /**
   * The name of the test database. `suffix` keeps processes that run at the same time apart.
   */
  testDbName(suffix?: string): string {
    const name = this.test.NAME || `${TEST_DATABASE_PREFIX}${this.connection.settingsDict.NAME}`;
    return suffix === undefined ? name : `${name}_${suffix}`;
  }

  /** What tells two databases apart: aliases that agree in it are one database. */
  testDbSignature(): string {
    const { ENGINE, HOST = '', PORT = '' } = this.connection.settingsDict;
    return JSON.stringify([ENGINE, HOST, PORT, this.testDbName()]);
  }

  /**
   * Makes an empty database and gives the entry of DATABASES for it. One that an earlier run left is dropped first,
   * unless `keepdb`.
   */
  async createTestDb({
    suffix,
    keepdb = false,
    folder,
  }: {
    suffix?: string;
    keepdb?: boolean;
    /** Where a database in memory is kept that others will be copies of. */
    folder?: string;
  } = {}): Promise<DatabaseSettings> {
    const NAME = this.templateName(folder) ?? this.testDbName(suffix);
    await this.createDatabase(NAME, keepdb);
    return { ...this.connection.settingsDict, NAME };
  }

  /** Makes a test database that is a copy of another one, tables and rows. Gives the entry of DATABASES for it. */
  async cloneTestDb(template: string, suffix: string): Promise<DatabaseSettings> {
    const NAME = this.testDbName(suffix);
    await this.cloneDatabase(NAME, template);
    return { ...this.connection.settingsDict, NAME };
  }

  /** Fills a clone that is there as long as its connection. */
  fillClone(_template: string): MaybePromise<void> {}

  /** Drops what `createTestDb` or `cloneTestDb` made. */
  destroyTestDb({ NAME }: DatabaseSettings): Promise<void> {
    return this.dropDatabase(NAME);
  }

  /** The file of a database that is in memory otherwise. */
  protected templateName(_folder: string | undefined): string | undefined {
    return undefined;
  }

  protected abstract cloneDatabase(name: string, template: string): Promise<void>;
  protected abstract createDatabase(name: string, keepdb: boolean): Promise<void>;
  protected abstract dropDatabase(name: string): Promise<void>;

  /** Works on a connection to another database of the server: none can be dropped from inside. */
  protected async besides(database: string, work: (server: DatabaseWrapper) => Promise<void>): Promise<void> {
    const { settingsDict, alias, constructor: Wrapper } = this.connection;
    const server = new (Wrapper as new (settings: DatabaseSettings, alias: string) => DatabaseWrapper)(
      { ...settingsDict, NAME: database },
      alias,
    );
    try {
      await work(server);
    } finally {
      await server.close();
    }
  }
}
