/** A migration that fails half-way where nothing can be rolled back says exactly what was done. */
import { apps } from 'tsango/apps';
import { configure, type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { scratchDatabase } from '../../support/databases';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';

configure({ SECRET_KEY: 'not a secret' });

function fails(database: DatabaseSettings): void {
  let restore: () => Promise<void>;
  beforeAll(() => {
    apps.reset();
    restore = overrideSettings({
      DATABASES: { default: database },
      INSTALLED_APPS: ['tests.db.fixtures.halfway'],
    });
    apps.populate();
  });
  afterAll(async () => {
    await restore();
    apps.reset();
  });

  it('names what was done, and what failed after which statements', async () => {
    const failure = await callCommand('migrate', { verbosity: 0 }).catch((error: Error) => error);
    const { message } = failure as Error;
    expect(message).toMatch(/^Migration halfway\.0001_initial failed: OperationalError: /);
    expect(message.slice(message.indexOf('\nIt ran'))).toBe(`
It ran without a transaction: what came before the failure has stayed:
  - Create model Thing: done
  - Raw SQL operation: failed after
      CREATE TABLE halfway_extra (id integer NOT NULL);
Undo that by hand, or do the rest by hand and say so with migrate --fake.`);
    const tables = await connections.get().introspection.tableNames();
    expect(tables).toEqual(expect.arrayContaining(['halfway_extra', 'halfway_thing']));
    const columns = await connections.get().introspection.getTableDescription('halfway_thing');
    expect(columns.map(({ name }) => name)).toEqual(['id']);
  });
}

describe('SQLite, without a transaction', () => fails({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }));
describeWith('mysql', 'MariaDB', () => fails(scratchDatabase('mysql')));
