/**
 * The same migrations by a real Django and by us, each on a database of its own: the tables must be the same, and
 * each must take the other's for its own. Django's are in `django_shop/`, ours in `tests/db/fixtures/shop/`.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { configure, type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { type Engine, scratchDatabase } from '../support/databases';
import { describeWith, type Need, SERVICES } from '../support/services';

configure({
  SECRET_KEY: 'not a secret',
  TIME_ZONE: 'UTC',
  DEFAULT_AUTO_FIELD: 'django.db.models.BigAutoField',
});

const PROJECT = path.join(__dirname, 'django_shop');
const MODULES = { postgresql: 'psycopg2', mysql: 'MySQLdb' } as const;

function driverMissing(engine: Engine): boolean {
  if (!(engine in MODULES)) return false;
  try {
    execFileSync(SERVICES.python, ['-c', `import ${MODULES[engine as keyof typeof MODULES]}`], {
      stdio: 'ignore',
    });
    return false;
  } catch {
    return true;
  }
}

function django(database: DatabaseSettings, ...args: string[]): string {
  const { ENGINE, ...rest } = database;
  const engine = ENGINE.endsWith('sqlite3') ? 'sqlite3' : ENGINE;
  return execFileSync(SERVICES.python, ['manage.py', ...args], {
    cwd: PROJECT,
    encoding: 'utf8',
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      DATABASE: JSON.stringify({ ...rest, ENGINE: `django.db.backends.${engine}` }),
    },
  });
}

async function ours(database: DatabaseSettings, ...args: string[]): Promise<string> {
  let output = '';
  const stdout = { write: (text: string) => (output += text) };
  const [name = '', ...rest] = args;
  await overrideSettings({ DATABASES: { default: database } }, () => callCommand(name, rest, { stdout }));
  return output;
}

interface Column {
  type: string;
  nullable: boolean;
  primaryKey: boolean;
}

/** Everything about the tables that a Django could depend on. Names of unnamed checks are the database's own. */
async function catalogue(database: DatabaseSettings): Promise<object> {
  return overrideSettings({ DATABASES: { default: database } }, async () => {
    const { introspection, vendor } = connections.get();
    const tables: Record<string, object> = {};
    for (const table of await introspection.tableNames()) {
      const columns: Record<string, Column> = {};
      for (const { name, type, nullable, primaryKey } of await introspection.getTableDescription(table)) {
        // Django 5 uses MariaDB's own type for UUIDs, Django 3.2 does not yet.
        const shown = vendor === 'mysql' && /^(uuid|char\(32\))$/.test(type) ? 'uuid' : type;
        columns[name] = { type: shown, nullable, primaryKey };
      }
      const constraints = [...(await introspection.getConstraints(table))]
        .filter(([name, { check }]) => !check || vendor === 'postgresql' || name.startsWith('shop_'))
        .map(([name, constraint]) => ({ name: name.startsWith('fk_') ? 'fk' : name, ...constraint }))
        .map((constraint) => JSON.stringify(constraint))
        .sort();
      tables[table] = { columns, constraints };
    }
    return tables;
  });
}

function comparison(engine: Engine, needs: Need[]): void {
  describeWith(['django', ...needs], `migrations beside Django on ${engine}`, () => {
    const theirs = scratchDatabase(engine);
    const mine = scratchDatabase(engine);

    beforeAll(() => {
      apps.reset();
      apps.populate(['tsango.contrib.sessions', 'tests.db.fixtures.shop']);
    });
    afterAll(() => apps.reset());

    it.each(['0001', '0002', '0003', '0004'])('makes the same tables up to %s', async (name) => {
      django(theirs, 'migrate', 'shop', name);
      await ours(mine, 'migrate', 'shop', name);
      expect(await catalogue(mine)).toEqual(await catalogue(theirs));
    });

    it('finds Django’s migrations applied, and Django finds ours', async () => {
      django(theirs, 'migrate');
      await ours(mine, 'migrate');
      expect(await ours(theirs, 'migrate')).toContain('  No migrations to apply.');
      expect(django(mine, 'migrate')).toContain('No migrations to apply.');
      expect(await catalogue(mine)).toEqual(await catalogue(theirs));
    });

    it('undoes Django’s migrations, and Django undoes ours', async () => {
      await ours(theirs, 'migrate', 'shop', '0001');
      django(mine, 'migrate', 'shop', '0001');
      expect(await catalogue(mine)).toEqual(await catalogue(theirs));
      await ours(theirs, 'migrate', 'shop', 'zero');
      django(mine, 'migrate', 'shop', 'zero');
      expect(Object.keys(await catalogue(theirs))).toEqual(['django_migrations', 'django_session']);
      expect(Object.keys(await catalogue(mine))).toEqual(['django_migrations', 'django_session']);
    });
  });
}

comparison('better-sqlite3', []);
if (!driverMissing('postgresql')) comparison('postgresql', ['postgresql']);
if (!driverMissing('mysql')) comparison('mysql', ['mysql']);
