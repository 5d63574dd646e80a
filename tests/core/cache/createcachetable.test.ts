import { configure, overrideSettings } from 'tsango/conf';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';

configure({ SECRET_KEY: 'not a secret' });

let restore: () => Promise<void>;
beforeEach(() => {
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: 'better-sqlite3', NAME: ':memory:' } },
    CACHES: {
      default: { BACKEND: 'tsango.core.cache.backends.db.DatabaseCache', LOCATION: 'my_cache' },
      other: { BACKEND: 'tsango.core.cache.backends.db.DatabaseCache', LOCATION: 'other_cache' },
      elsewhere: {
        BACKEND: 'tsango.core.cache.backends.db.DatabaseCache',
        LOCATION: 'elsewhere',
        OPTIONS: { DATABASE: 'second' },
      },
      memory: { BACKEND: 'tsango.core.cache.backends.locmem.LocMemCache' },
    },
  });
});
afterEach(async () => {
  await connections.closeAll();
  await restore();
});

async function output(...args: (string | object)[]): Promise<string> {
  let text = '';
  const stdout = {
    write: (part: string) => {
      text += part;
      return true;
    },
  };
  await callCommand('createcachetable', ...(args.slice(0, -1) as string[]), {
    stdout,
    noColor: true,
    ...(args.at(-1) as object),
  });
  return text;
}

describe('createcachetable', () => {
  it('makes the tables of CACHES in that database, and says what Django says', async () => {
    expect(await output({ verbosity: 2 })).toBe(
      "Cache table 'my_cache' created.\nCache table 'other_cache' created.\n",
    );
    expect(await output({})).toBe(
      "Cache table 'my_cache' already exists.\nCache table 'other_cache' already exists.\n",
    );
    expect(await output({ verbosity: 0 })).toBe('');
    expect(await connections.get().introspection.tableNames()).toEqual(['my_cache', 'other_cache']);
  });

  it('makes none where a router says that they are not there', async () => {
    const asked: unknown[] = [];
    const allowMigrate = (db: string, appLabel: string, { modelName }: { modelName?: string }): boolean => {
      asked.push([db, appLabel, modelName]);
      return false;
    };
    await overrideSettings({ DATABASE_ROUTERS: [{ allowMigrate }] }, async () => {
      expect(await output({ verbosity: 2 })).toBe('');
    });
    expect(asked[0]).toEqual(['default', 'django_cache', 'cacheentry']);
    expect(await connections.get().introspection.tableNames()).toEqual([]);
  });

  it('makes the tables that are named, quietly', async () => {
    expect(await output('named', {})).toBe('');
    expect(await connections.get().introspection.tableNames()).toEqual(['named']);
  });

  it("prints Django's SQL with --dry-run", async () => {
    expect(await output('named', { dryRun: true })).toBe(
      `CREATE TABLE "named" (
    "cache_key" varchar(255) NOT NULL PRIMARY KEY,
    "value" text NOT NULL,
    "expires" datetime NOT NULL
);
CREATE INDEX "named_expires" ON "named" ("expires");
`,
    );
    expect(await connections.get().introspection.tableNames()).toEqual([]);
  });
});
