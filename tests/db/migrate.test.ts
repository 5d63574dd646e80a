import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings, type Settings } from 'tsango/conf';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { SQLITE_ENGINE } from '../support/sqlite';
import { describeVectors, vectors } from '../support/vectors';

const SHOP = 'tests.db.fixtures.shop';
let restore: () => Promise<void>;

function site(installed: string[], values: Partial<Settings> = {}): void {
  apps.reset();
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    DEFAULT_AUTO_FIELD: 'django.db.models.BigAutoField',
    INSTALLED_APPS: installed,
    ...values,
  });
  apps.populate();
}

afterEach(async () => {
  await restore();
  apps.reset();
});

async function run(name: string, ...args: unknown[]): Promise<string> {
  let output = '';
  const stdout = { write: (text: string) => (output += text) };
  const options = typeof args[args.length - 1] === 'object' ? (args.pop() as object) : {};
  try {
    await callCommand(name, args as string[], { ...options, stdout, stderr: stdout });
  } catch (error) {
    output += `${(error as Error).name}: ${(error as Error).message}`;
  }
  return output;
}

function tables(): Promise<string[]> {
  return connections.get().introspection.tableNames();
}

describeVectors('interop_rows', 'the tables of a first migrate', () => {
  it('are Django’s to the letter', async () => {
    site(['tsango.contrib.sessions'], { DEFAULT_AUTO_FIELD: 'tsango.db.models.AutoField' });
    await run('migrate', { verbosity: 0 });
    const { rows } = await connections.get().execute('SELECT type, name, sql FROM sqlite_master');
    for (const fact of vectors<{ schema?: string; kind: string; sql: string }>('interop_rows')) {
      if (fact.schema === undefined) continue;
      expect(rows).toContainEqual({ type: fact.kind, name: fact.schema, sql: fact.sql });
    }
    const applied = connections.get().prepare('SELECT * FROM django_migrations').get();
    expect(applied).toMatchObject({ app: 'sessions', name: '0001_initial' });
    const record = (await connections.get().prepare('SELECT applied FROM django_migrations').get()) ?? {};
    expect(record['applied']).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{6})?$/);
  });
});

describe('migrate', () => {
  beforeEach(() => site(['tsango.contrib.sessions', SHOP]));

  it('prints what Django prints, and does it once', async () => {
    expect(await run('migrate')).toBe(`Operations to perform:
  Apply all migrations: sessions, shop
Running migrations:
  Applying sessions.0001_initial... OK
  Applying shop.0001_initial... OK
  Applying shop.0002_changes... OK
  Applying shop.0003_more_changes... OK
  Applying shop.0004_rows... OK
`);
    expect(await run('migrate')).toBe(`Operations to perform:
  Apply all migrations: sessions, shop
Running migrations:
  No migrations to apply.
  Your models in app(s): 'shop' have changes that are not yet reflected in a migration, and so won't be applied.
  Run 'manage.ts makemigrations' to make new migrations, and then re-run 'manage.ts migrate' to apply them.
`);
  });

  it('goes to a migration, by the beginning of its name, and back to zero', async () => {
    expect(await run('migrate', 'shop', '0002')).toBe(`Operations to perform:
  Target specific migration: 0002_changes, from shop
Running migrations:
  Applying shop.0001_initial... OK
  Applying shop.0002_changes... OK
`);
    expect(await run('migrate', 'shop', 'zero')).toBe(`Operations to perform:
  Unapply all migrations: shop
Running migrations:
  Rendering model states... DONE
  Unapplying shop.0002_changes... OK
  Unapplying shop.0001_initial... OK
`);
    expect(await tables()).toEqual(['django_migrations']);
  });

  it('says times at a higher verbosity, and nothing at none', async () => {
    expect(await run('migrate', 'sessions', { verbosity: 2 })).toMatch(
      /Applying sessions\.0001_initial\.\.\. OK \(\d+\.\d{3}s\)\nRunning post-migrate handlers for application sessions\n$/,
    );
    expect(await run('migrate', { verbosity: 0 })).toBe('');
  });

  it('shows the plan and does nothing', async () => {
    await run('migrate', 'shop', '0002', { verbosity: 0 });
    expect(await run('migrate', 'shop', '--plan')).toBe(`Planned operations:
shop.0003_more_changes
    Alter field note on product
        # Writes the table anew (SQLite).
    Alter field slug on category
        # Writes the table anew (SQLite).
    Alter field rank on product
        # Writes the table anew (SQLite).
    Alter unique_together for product (1 constraint(s))
    Remove index shop_price_idx from product
    Rename model Tag to Label
    Alter field name on label
        # Writes the table anew (SQLite).
shop.0004_rows
    Raw SQL operation -> INSERT INTO shop_label (name) VALUE…
`);
    expect(await run('migrate', 'shop', '0001', '--plan')).toContain(
      'shop.0002_changes\n    Undo Add field note to product\n',
    );
    expect(await run('migrate', 'sessions', '--plan')).toContain('Create model Session');
    await run('migrate', { verbosity: 0 });
    expect(await run('migrate', '--plan')).toBe('Planned operations:\n  No planned migration operations.\n');
  });

  it('checks: fails while something is to be applied', async () => {
    expect(await run('migrate', '--check')).toBe('CommandError: ');
    expect(await tables()).toEqual([]);
    await run('migrate', { verbosity: 0 });
    expect(await run('migrate', '--check')).toBe('');
  });

  it('fakes', async () => {
    expect(await run('migrate', 'shop', '0001', '--fake')).toContain('Applying shop.0001_initial... FAKED\n');
    expect(await tables()).toEqual(['django_migrations']);
    expect(await run('migrate', 'shop', 'zero', '--fake')).toContain(
      'Unapplying shop.0001_initial... FAKED\n',
    );
    await run('migrate', 'sessions', { verbosity: 0 });
    await connections.get().execute('DELETE FROM django_migrations');
    expect(await run('migrate', 'sessions', '--fake-initial')).toContain(
      'Applying sessions.0001_initial... FAKED\n',
    );
    expect(await run('migrate', 'shop', '0001', '--fake-initial')).toContain(
      'Applying shop.0001_initial... OK\n',
    );
  });

  it('recognises what Django has migrated', async () => {
    await connections
      .get()
      .execute(
        'CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, ' +
          '"name" varchar(255) NOT NULL, "applied" datetime NOT NULL)',
      );
    await connections
      .get()
      .execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('sessions', '0001_initial', " +
          "'2026-11-22 17:38:49.113686')",
      );
    expect(await run('migrate', 'sessions')).toContain('  No migrations to apply.\n');
    expect(await run('showmigrations', 'sessions', { verbosity: 2 })).toBe(
      'sessions\n [X] 0001_initial (applied at 2026-11-22 17:38:49)\n',
    );
  });

  it.each([
    [['nosuch'], "No installed app with label 'nosuch'."],
    [['shop', '0009'], "Cannot find a migration matching '0009' from app 'shop'."],
    [['shop', '000'], "More than one migration matches '000' in app 'shop'. Please be more specific."],
    [['--prune'], 'Migrations can be pruned only when an app is specified.'],
    [['shop', '--run-syncdb'], "Can't use run_syncdb with app 'shop' as it has migrations."],
  ])('refuses %j', async (args, message) => {
    expect(await run('migrate', ...args)).toBe(`CommandError: ${message}`);
  });

  it('forgets migrations that are gone', async () => {
    await run('migrate', 'sessions', { verbosity: 0 });
    await connections
      .get()
      .execute(
        "INSERT INTO django_migrations (app, name, applied) VALUES ('sessions', '0002_gone', '2026-01-01 00:00:00')",
      );
    expect(await run('migrate', 'sessions', '--prune')).toContain(
      'Pruning migrations:\n  Pruning sessions.0002_gone OK\n',
    );
    expect(await run('migrate', 'sessions', '--prune')).toContain('  No migrations to prune.\n');
  });

  it('notices a history that cannot be', async () => {
    await run('migrate', 'shop', '0002', { verbosity: 0 });
    await connections.get().execute("DELETE FROM django_migrations WHERE name = '0001_initial'");
    expect(await run('migrate')).toBe(
      'InconsistentMigrationHistory: Migration shop.0002_changes is applied before its dependency shop.0001_initial on ' +
        "database 'default'.",
    );
  });
});

describe('a failing migration', () => {
  it('is rolled back and named', async () => {
    site(['tests.db.fixtures.broken']);
    expect(await run('migrate')).toBe(`Operations to perform:
  Apply all migrations: broken
Running migrations:
  Applying broken.0001_initial... OK
  Applying broken.0002_fails... FAILED
CommandError: Migration broken.0002_fails failed: RangeError: out of luck
It was rolled back.`);
    const columns = await connections.get().introspection.getTableDescription('broken_thing');
    expect(columns.map((column) => column.name)).toEqual(['id', 'name']);
    expect(await run('showmigrations')).toBe('broken\n [X] 0001_initial\n [ ] 0002_fails\n');
    // Foreign keys are enforced again.
    expect(connections.get().prepare('PRAGMA foreign_keys').get()).toEqual({ foreign_keys: 1 });
  });

  it('cannot be unapplied where it says no way back', async () => {
    site(['tests.db.fixtures.broken']);
    await run('migrate', 'broken', '0001', { verbosity: 0 });
    await run('migrate', '--fake', { verbosity: 0 });
    expect(await run('migrate', 'broken', '0001', '--plan')).toContain(
      '    Raw code operation -> IRREVERSIBLE\n',
    );
    expect(await run('migrate', 'broken', '0001')).toContain(
      'IrreversibleError: Operation <RunCode> in broken.0002_fails is not reversible',
    );
  });
});

describe('migrations that part', () => {
  it('are refused with their names', async () => {
    site(['tests.db.fixtures.clash']);
    expect(await run('migrate')).toBe(
      'CommandError: Conflicting migrations detected; multiple leaf nodes in the migration graph: (0002_left, 0002_right ' +
        "in clash).\nTo fix them run 'manage.ts makemigrations --merge', or '--rebase' while one of them is applied nowhere.",
    );
  });
});

describe('showmigrations and sqlmigrate', () => {
  beforeEach(() => site(['tsango.contrib.sessions', SHOP]));

  it('lists', async () => {
    await run('migrate', 'shop', '0001', { verbosity: 0 });
    expect(await run('showmigrations')).toBe(
      'sessions\n [ ] 0001_initial\nshop\n [X] 0001_initial\n [ ] 0002_changes\n [ ] 0003_more_changes\n [ ] 0004_rows\n',
    );
    expect(await run('showmigrations', '--plan', { verbosity: 2 })).toBe(
      '[ ]  sessions.0001_initial\n[X]  shop.0001_initial\n[ ]  shop.0002_changes ... (shop.0001_initial)\n' +
        '[ ]  shop.0003_more_changes ... (shop.0002_changes)\n[ ]  shop.0004_rows ... (shop.0003_more_changes)\n',
    );
    expect(await run('showmigrations', 'nosuch')).toBe(
      "No installed app with label 'nosuch'.\nCommandError: ",
    );
  });

  it('prints SQL, both ways', async () => {
    expect(await run('sqlmigrate', 'sessions', '0001')).toBe(`BEGIN;
--
-- Create model Session
--
CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL);
CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date");
COMMIT;
`);
    expect(await run('sqlmigrate', 'sessions', '0001', '--backwards')).toBe(`BEGIN;
--
-- Create model Session
--
DROP TABLE "django_session";
COMMIT;
`);
    expect(await run('sqlmigrate', 'sessions', '9')).toBe(
      "CommandError: Cannot find a migration matching '9' from app 'sessions'. Is it in INSTALLED_APPS?",
    );
    expect(await tables()).toEqual([]);
  });
});
