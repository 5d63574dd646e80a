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
  /** Keeps processes that run at the same time apart; default: the number of the runner's worker. */
  suffix?: string | undefined;
  /** A folder: what is made is for others to copy, and what would be in memory is in a file there. @internal */
  templates?: string;
}

/** The names of the databases to copy, by alias, as JSON: what `manage.ts test` has made. */
export const TEMPLATES_VARIABLE = 'TSANGO_TEST_TEMPLATES';

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
  const { keepdb = false, suffix = workerNumber(), templates } = options;
  const given = process.env[TEMPLATES_VARIABLE];
  const copied = (given === undefined || given === '' ? {} : JSON.parse(given)) as Record<string, string>;
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
      const template = copied[alias];
      const entry =
        known ??
        (template === undefined
          ? await creation.createTestDb({
              keepdb,
              ...(suffix !== undefined && { suffix }),
              ...(templates !== undefined && { folder: templates }),
            })
          : await creation.cloneTestDb(template, suffix ?? String(process.pid)));
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
    for (const alias of fresh) {
      const template = copied[alias];
      if (template === undefined) await makeTables(alias);
      else await connections.get(alias).creation.fillClone(template);
    }
    const { setup } = require('../index') as typeof import('../index');
    setup();
  } catch (error) {
    await teardownDatabases();
    throw error;
  }
}

/** What keeps this process apart from others of its run. `node:test` has a process for each file, and no numbers. */
function workerNumber(): string | undefined {
  const { JEST_WORKER_ID, VITEST_POOL_ID, NODE_TEST_CONTEXT } = process.env;
  return (
    JEST_WORKER_ID ?? VITEST_POOL_ID ?? (NODE_TEST_CONTEXT === undefined ? undefined : String(process.pid))
  );
}

/** The names of the databases that were made, by alias; with them others can make copies. */
export function testDatabaseNames(): Record<string, string> {
  return Object.fromEntries(
    connections.aliases().map((alias) => [alias, connections.get(alias).settingsDict.NAME]),
  );
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
