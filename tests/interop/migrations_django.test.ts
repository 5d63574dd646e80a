/**
 * An app with every field and option of Meta, in a real Django and here: each writes the same migrations, takes a database
 * that the other has migrated for its own, and undoes what the other did. Django's models are in `migrations_django/`, ours in
 * `everything/` and `modern/`. DJANGO_PATHS: folders with a Django each, 4.2 or later.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { type Engine, scratchDatabase } from '../support/databases';
import { type Catalog, catalogOf } from '../support/random_models/catalog';
import { describeWith, type Need, SERVICES } from '../support/services';
import '../db/settings';

const FOLDERS = (process.env['DJANGO_PATHS'] ?? '').split(path.delimiter);
const DRIVERS = { postgresql: 'psycopg2', mysql: 'MySQLdb' } as const;

/** Runs a program of Python; undefined where it fails. */
function asked(folder: string, program: string): string | undefined {
  try {
    const env = { ...process.env, ...(folder !== '' && { PYTHONPATH: folder }) };
    return execFileSync(SERVICES.python, ['-c', program], { encoding: 'utf8', env, stdio: 'pipe' }).trim();
  } catch {
    return undefined;
  }
}

/** Its version as a number: 502 is 5.2. */
const versionOf = (folder: string): number =>
  Number(asked(folder, 'import django; print(django.VERSION[0] * 100 + django.VERSION[1])') ?? 0);

/** A Django project of its own copy, which writes its migrations. */
class Project {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'tsango-django-'));

  constructor(
    private readonly folder: string,
    readonly appNames: readonly string[],
  ) {
    cpSync(path.join(__dirname, 'migrations_django'), this.root, { recursive: true });
    for (const app of appNames) {
      mkdirSync(path.join(this.root, app, 'migrations'));
      writeFileSync(path.join(this.root, app, 'migrations', '__init__.py'), '');
    }
  }

  run(database: DatabaseSettings, stage: 1 | 2, ...args: string[]): string {
    const { ENGINE, ...rest } = database;
    const engine = ENGINE.endsWith('sqlite3') || ENGINE === 'node:sqlite' ? 'sqlite3' : ENGINE;
    return execFileSync(SERVICES.python, ['manage.py', ...args], {
      cwd: this.root,
      encoding: 'utf8',
      stdio: 'pipe',
      env: {
        ...process.env,
        PYTHONDONTWRITEBYTECODE: '1',
        PYTHONWARNINGS: 'ignore',
        STAGE: String(stage),
        DATABASE: JSON.stringify({ ...rest, ENGINE: `django.db.backends.${engine}` }),
        ...(this.folder !== '' && { PYTHONPATH: this.folder }),
      },
    });
  }

  migrations(): string[] {
    return this.appNames.flatMap((app) => namesIn(path.join(this.root, app, 'migrations')));
  }
}

const namesIn = (folder: string): string[] =>
  readdirSync(folder)
    .map((name) => path.parse(name).name)
    .filter((name) => /^\d/.test(name))
    .sort();

async function ours(database: DatabaseSettings, ...args: string[]): Promise<string> {
  let output = '';
  const stdout = { write: (text: string) => (output += text) };
  const [name = '', ...rest] = args;
  await overrideSettings({ DATABASES: { default: database } }, () =>
    callCommand(name, rest, { stdout, stderr: { write: () => undefined } }),
  );
  return output;
}

const within = <T>(database: DatabaseSettings, body: () => Promise<T>): Promise<T> =>
  overrideSettings({ DATABASES: { default: database } }, body);

const rowsOf = (database: DatabaseSettings, table: string, one: string, other: string): Promise<string[]> =>
  within(database, async () => {
    const { rows } = await connections.get().execute(`SELECT ${one}, ${other} FROM ${table}`);
    return rows.map((row) => `${String(row[one])}.${String(row[other])}`).sort();
  });

function bothWays(folder: string, version: number, engine: Engine, needs: Need[]): void {
  describeWith(['django', ...needs], `on ${engine}`, () => {
    const theirs = scratchDatabase(engine);
    const mine = scratchDatabase(engine);
    const APPS = version >= 502 ? ['everything', 'modern'] : ['everything'];
    /** Django has MariaDB's own type of UUIDs since 5.0. */
    const known = ([name, facts]: readonly [string, readonly string[]]): [string, string[]] => [
      name,
      facts.map((fact) => (version < 500 ? fact.replace(/ uuid /, ' char(32) ') : fact)).sort(),
    ];
    const catalog = async (database: DatabaseSettings): Promise<Catalog> => {
      const found = await within(database, () => catalogOf(connections.get(), { exact: true }));
      return Object.fromEntries(Object.entries(found).map(known));
    };
    let project: Project;
    let restore: () => Promise<void>;

    beforeAll(() => {
      apps.reset();
      const own = APPS.map((app) => `tests.interop.${app}`);
      apps.populate(['tsango.contrib.contenttypes', 'tsango.contrib.sessions', ...own]);
      restore = overrideSettings({
        DEFAULT_AUTO_FIELD: 'django.db.models.BigAutoField',
        SILENCED_SYSTEM_CHECKS: ['mysql.W002'],
      });
      project = new Project(folder, APPS);
      project.run(theirs, 1, 'makemigrations');
      project.run(theirs, 2, 'makemigrations');
    }, 120_000);
    afterAll(async () => {
      rmSync(project.root, { recursive: true });
      await restore();
      apps.reset();
    });

    it('gives migrations the names that Django gives them', () => {
      expect(APPS.flatMap((app) => namesIn(path.join(__dirname, app, 'migrations')))).toEqual(
        project.migrations(),
      );
    });

    it('makes the same tables, and finds in Django’s nothing to do, as Django does in ours', async () => {
      project.run(theirs, 2, 'migrate');
      await ours(mine, 'migrate');
      expect(await catalog(mine)).toEqual(await catalog(theirs));
      expect(await rowsOf(mine, 'django_migrations', 'app', 'name')).toEqual(
        await rowsOf(theirs, 'django_migrations', 'app', 'name'),
      );
      expect(await rowsOf(mine, 'django_content_type', 'app_label', 'model')).toEqual(
        await rowsOf(theirs, 'django_content_type', 'app_label', 'model'),
      );
      expect(await ours(theirs, 'makemigrations', '--check', '--dry-run')).toBe('No changes detected\n');
      expect(await ours(theirs, 'migrate')).toContain('  No migrations to apply.');
      expect(project.run(mine, 2, 'makemigrations', '--check', '--dry-run')).toBe('No changes detected\n');
      expect(project.run(mine, 2, 'migrate')).toContain('No migrations to apply.');
      expect(await catalog(mine)).toEqual(await catalog(theirs));
    }, 120_000);

    it('undoes what Django did, and Django what we did', async () => {
      await ours(theirs, 'migrate', 'everything', '0001');
      project.run(mine, 2, 'migrate', 'everything', '0001');
      expect(await catalog(mine)).toEqual(await catalog(theirs));
      for (const app of APPS) {
        await ours(theirs, 'migrate', app, 'zero');
        project.run(mine, 2, 'migrate', app, 'zero');
      }
      const left = ['django_content_type', 'django_migrations', 'django_session'];
      expect(Object.keys(await catalog(theirs))).toEqual(left);
      expect(await catalog(mine)).toEqual(await catalog(theirs));
    }, 120_000);
  });
}

describe.each(FOLDERS)('migrations both ways with the Django of "%s"', (folder) => {
  const version = versionOf(folder);
  if (version < 402) {
    describe.skip('(skipped: it is no Django 4.2 or later)', () => {
      it('takes ours', () => undefined);
    });
    return;
  }
  bothWays(folder, version, 'better-sqlite3', []);
  for (const engine of ['postgresql', 'mysql'] as const) {
    if (asked('', `import ${DRIVERS[engine]}`) !== undefined) bothWays(folder, version, engine, [engine]);
  }
});
