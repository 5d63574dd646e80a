/** Test databases for every alias of DATABASES. Django: `setup_databases`, `teardown_databases` of `django.test.utils`. */
import { type DatabaseSettings, overrideSettings, settings } from '../conf';
import { ImproperlyConfigured } from '../core/exceptions';
import type { DatabaseCreation, TestDatabaseSettings } from '../db/backends/base/creation';
import { connections, DEFAULT_DB_ALIAS } from '../db/connections';

/** How test databases are made. */
export interface TestDatabasesOptions {
  /** The aliases to make; default: all. Others cannot be used meanwhile. */
  aliases?: readonly string[];
  /** Keeps databases between runs. */
  keepdb?: boolean;
  /** Keeps processes that run at the same time apart; default: the worker's number of jest or vitest. */
  suffix?: string | undefined;
}

interface Made {
  creation: DatabaseCreation;
  entry: DatabaseSettings;
}

let restore: (() => Promise<void>) | undefined;
let made: Made[] = [];
let kept = false;

function testOf(alias: string): TestDatabaseSettings {
  return ((settings.DATABASES[alias] as DatabaseSettings).TEST ?? {}) as TestDatabaseSettings;
}

/** The aliases, each behind those that it depends on. @throws ImproperlyConfigured for a circle. */
function ordered(aliases: readonly string[]): string[] {
  const done: string[] = [];
  const visit = (alias: string, path: readonly string[]): void => {
    if (done.includes(alias) || !aliases.includes(alias)) return;
    if (path.includes(alias)) throw new ImproperlyConfigured("Circular dependency in TEST['DEPENDENCIES']");
    const { DEPENDENCIES = alias === DEFAULT_DB_ALIAS ? [] : [DEFAULT_DB_ALIAS] } = testOf(alias);
    for (const other of DEPENDENCIES) visit(other, [...path, alias]);
    done.push(alias);
  };
  for (const alias of aliases) visit(alias, []);
  return done;
}

/**
 * Makes a test database for each alias, with its tables, and puts them into the place of the site's: `test_<name>` on
 * PostgreSQL and MySQL, memory on SQLite, or what TEST says. Whatever the site's own databases hold is never touched.
 *
 * @throws ImproperlyConfigured for a circle of DEPENDENCIES; Error if it is called twice.
 */
export async function setupDatabases(options: TestDatabasesOptions = {}): Promise<void> {
  if (restore !== undefined)
    throw new Error('setupDatabases() was already called; call teardownDatabases() first.');
  const { keepdb = false, suffix = process.env['JEST_WORKER_ID'] ?? process.env['VITEST_POOL_ID'] } = options;
  const aliases = ordered(options.aliases ?? Object.keys(settings.DATABASES));
  const entries: Record<string, DatabaseSettings> = {};
  const bySignature = new Map<string, DatabaseSettings>();
  const fresh: string[] = [];
  kept = keepdb;
  try {
    for (const alias of aliases.filter((each) => !testOf(each).MIRROR)) {
      const { creation } = connections.get(alias);
      const signature = creation.testDbSignature();
      const known = bySignature.get(signature);
      const entry =
        known ?? (await creation.createTestDb({ keepdb, ...(suffix === undefined ? {} : { suffix }) }));
      if (known === undefined) {
        made.push({ creation, entry });
        bySignature.set(signature, entry);
        fresh.push(alias);
      }
      entries[alias] = { ...entry };
    }
    for (const alias of aliases) {
      const { MIRROR } = testOf(alias);
      if (!MIRROR) continue;
      const mirrored = entries[MIRROR];
      if (mirrored === undefined) {
        throw new ImproperlyConfigured(
          `DATABASES['${alias}']['TEST']['MIRROR'] names '${MIRROR}', which is no test database.`,
        );
      }
      entries[alias] = mirrored;
    }
    const change = overrideSettings({ DATABASES: entries });
    restore = change;
    await connections.reset();
    for (const alias of fresh) await makeTables(alias);
  } catch (error) {
    await teardownDatabases();
    throw error;
  }
}

async function makeTables(alias: string): Promise<void> {
  const { callCommand } = require('../core/management') as typeof import('../core/management');
  const { setup } = require('../index') as typeof import('../index');
  setup();
  const modules = settings.MIGRATION_MODULES;
  const { MIGRATE = true } = testOf(alias);
  const migrate = (): Promise<unknown> =>
    callCommand('migrate', { database: alias, verbosity: 0, interactive: false, runSyncdb: true });
  if (MIGRATE) {
    await migrate();
  } else {
    const { apps } = require('../apps/registry') as typeof import('../apps/registry');
    const none = Object.fromEntries(apps.getAppConfigs().map(({ label }) => [label, null]));
    await overrideSettings({ MIGRATION_MODULES: { ...modules, ...none } }, migrate);
  }
  await callCommand('createcachetable', { database: alias, verbosity: 0 });
}

/** Closes the test databases, drops them unless they are kept, and puts the site's back. */
export async function teardownDatabases(): Promise<void> {
  const databases = made;
  made = [];
  await connections.closeAll();
  await restore?.();
  restore = undefined;
  if (!kept) for (const { creation, entry } of databases) await creation.destroyTestDb(entry);
  await connections.closeAll();
}

/** Whether the databases in use are the tests' own. */
export function usesTestDatabases(): boolean {
  return restore !== undefined;
}
