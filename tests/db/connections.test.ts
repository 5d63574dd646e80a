import path from 'node:path';
import './settings';
import { type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { connection, connections } from 'tsango/db';
import { scratchDatabase } from '../support/databases';
import { SQLITE_ENGINE } from '../support/sqlite';

function withDatabases<T>(databases: Record<string, Partial<DatabaseSettings>>, body: () => T): Promise<T> {
  return overrideSettings({ DATABASES: databases as Record<string, DatabaseSettings> }, body) as Promise<T>;
}

const sqlite = { ENGINE: SQLITE_ENGINE, NAME: ':memory:' };

describe('connections', () => {
  it('says what is wrong with DATABASES', async () => {
    await withDatabases({}, () =>
      expect(() => connections.get()).toThrow(
        'settings.DATABASES is improperly configured. Please supply the ENGINE value. Check settings documentation for ' +
          'more details.',
      ),
    );
    await withDatabases({ default: { ENGINE: SQLITE_ENGINE } }, () =>
      expect(() => connections.get()).toThrow(
        'settings.DATABASES is improperly configured. Please supply the NAME value.',
      ),
    );
    await withDatabases({ default: { ENGINE: 'oracle', NAME: 'x' } }, () =>
      expect(() => connections.get()).toThrow(
        "'oracle' isn't an available database backend or couldn't be imported. Try using one of: 'better-sqlite3', " +
          "'node:sqlite', 'sqlite3', 'postgresql', 'postgres', 'mysql', 'mariadb', or Django's dotted names " +
          "('django.db.backends.sqlite3', 'django.db.backends.postgresql', 'django.db.backends.mysql').",
      ),
    );
    await withDatabases({ default: sqlite }, () =>
      expect(() => connections.get('other')).toThrow("The connection 'other' doesn't exist."),
    );
  });

  it('takes our names and Django’s', async () => {
    const engines = {
      'better-sqlite3': 'sqlite',
      'node:sqlite': 'sqlite',
      sqlite3: 'sqlite',
      postgresql: 'postgresql',
      mysql: 'mysql',
      'django.db.backends.sqlite3': 'sqlite',
      'django.db.backends.postgresql': 'postgresql',
      'django.db.backends.mysql': 'mysql',
      'tsango.db.backends.mysql': 'mysql',
    };
    const databases = Object.fromEntries(
      Object.keys(engines).map((ENGINE) => [ENGINE, { ENGINE, NAME: 'x' }]),
    );
    await withDatabases(databases, () => {
      const vendors = Object.keys(engines).map((alias) => [alias, connections.get(alias).vendor]);
      expect(Object.fromEntries(vendors)).toEqual(engines);
      expect(connections.all()).toHaveLength(9);
    });
  });

  it('makes one wrapper an alias, and the default is `connection`', async () => {
    await withDatabases({ default: sqlite }, () => {
      expect(connections.get()).toBe(connections.get('default'));
      expect(connection.vendor).toBe('sqlite');
      expect(connection.execute('SELECT 1 AS n')).toMatchObject({ rows: [{ n: 1 }] });
    });
  });

  it('has Django’s error where the file cannot be opened', async () => {
    const NAME = path.join('/nonexistent', 'db.sqlite3');
    await withDatabases({ default: { ENGINE: SQLITE_ENGINE, NAME } }, () =>
      expect(() => connections.get().execute('SELECT 1')).toThrow('unable to open database file'),
    );
    await withDatabases({ default: { ENGINE: 'sqlite3', NAME } }, () =>
      expect(connections.get().execute('SELECT 1')).rejects.toThrow('unable to open database file'),
    );
  });

  it('refuses options that cannot be', async () => {
    const options = (OPTIONS: Record<string, unknown>) => ({ default: { ...sqlite, OPTIONS } });
    await withDatabases(options({ timeout: 'long' }), () =>
      expect(() => connections.get()).toThrow(
        "DATABASES: OPTIONS['timeout'] must be a number of at least 0, not long.",
      ),
    );
    await withDatabases(options({ transaction_mode: 'LAZY' }), () =>
      expect(() => connections.get().atomic(() => 1)).toThrow(
        "settings.DATABASES['default']['OPTIONS']['transaction_mode'] is improperly configured to 'LAZY'. Use one of " +
          "'DEFERRED', 'EXCLUSIVE', 'IMMEDIATE', or None.",
      ),
    );
  });

  it('runs init_command', async () => {
    const OPTIONS = { init_command: 'PRAGMA synchronous = FULL; PRAGMA cache_size = -7000' };
    await withDatabases({ default: { ...sqlite, OPTIONS } }, () => {
      expect(connections.get().prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
      expect(connections.get().prepare('PRAGMA cache_size').get()).toEqual({ cache_size: -7000 });
    });
  });
});

describe('a block that others wait for', () => {
  const settings = scratchDatabase(SQLITE_ENGINE);

  it('makes them fail after the timeout, as another process would', async () => {
    const OPTIONS = { timeout: 0.05 };
    await withDatabases({ default: { ...settings, OPTIONS } }, async () => {
      const database = connections.get();
      const outside = new Promise<string>((resolve) => {
        setImmediate(async () => {
          const write = database.execute('CREATE TABLE t (a integer)');
          resolve(await Promise.resolve(write).then(String, (error) => `${error}`));
        });
      });
      // Waiting inside for what waits outside could never end by itself.
      await database.atomic(async () => {
        expect(await outside).toBe('OperationalError: database is locked');
      });
      expect(database.execute('SELECT 1 AS n')).toMatchObject({ rowCount: 1 });
    });
  });
});
