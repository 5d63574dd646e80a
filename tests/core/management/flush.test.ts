/** `flush`, `sqlflush` and `sqlsequencereset` on each database: the rows go, keys begin anew, and follow what is there. */
import { apps } from 'tsango/apps';
import { configure, type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { Group, Permission, User } from 'tsango/contrib/auth/models';
import { ContentType } from 'tsango/contrib/contenttypes/models';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { postMigrate } from 'tsango/db/models';
import { Author, Note, Tag } from '../../../sampleapp/models';
import { scratchDatabase } from '../../support/databases';
import { createTables } from '../../support/model_tables';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';

configure({ SECRET_KEY: 'not a secret' });

async function said(name: string, ...args: (string | object)[]): Promise<string> {
  let output = '';
  const stdout = { write: (text: string) => (output += text) };
  const options = typeof args.at(-1) === 'object' ? (args.pop() as object) : {};
  await callCommand(name, args as string[], { ...options, stdout, stderr: stdout });
  return output;
}

const SQL = {
  sqlite:
    /^BEGIN;\n(?:DELETE FROM "\w+";\n)+UPDATE "sqlite_sequence" SET "seq" = 0 WHERE "name" IN \('.*'\);\nCOMMIT;\n$/,
  postgresql: /^BEGIN;\nTRUNCATE (?:"\w+"(?:, )?)+ RESTART IDENTITY;\nCOMMIT;\n$/,
  mysql:
    /^BEGIN;\nSET FOREIGN_KEY_CHECKS = 0;\n(?:TRUNCATE `\w+`;\n)+SET FOREIGN_KEY_CHECKS = 1;\nCOMMIT;\n$/,
};

function flushes(vendor: keyof typeof SQL, database: DatabaseSettings): void {
  let restore: () => Promise<void>;
  beforeAll(async () => {
    apps.reset();
    const INSTALLED_APPS = ['tsango.contrib.contenttypes', 'tsango.contrib.auth', 'sampleapp'];
    restore = overrideSettings({ DATABASES: { default: database }, INSTALLED_APPS });
    apps.populate();
    await createTables([ContentType, Permission, Group, User, Author, Tag, Note]);
  });
  afterAll(async () => {
    await connections.closeAll();
    await restore();
    apps.reset();
  });

  it('empties the tables, and keys begin from 1 again', async () => {
    const author = await Author.objects.create({ name: 'Ada' });
    const note = await Note.objects.create({ author, text: 'hello', created: new Date() });
    await note.tags.add(await Tag.objects.create({ name: 'first' }));
    expect(await said('sqlflush')).toMatch(SQL[vendor]);
    const heard: string[] = [];
    const hear = (args: { using: string }): void => void heard.push(args.using);
    postMigrate.connect(hear as never);
    await said('flush', { interactive: false });
    postMigrate.disconnect(hear as never);
    expect(heard).toContain('default');
    expect([await Author.objects.count(), await Note.objects.count(), await Tag.objects.count()]).toEqual([
      0, 0, 0,
    ]);
    expect((await Author.objects.create({ name: 'Bob' })).id).toBe(1);
  });

  it('says after which SQL keys follow those that are there', async () => {
    await Author.objects.bulkCreate([new Author({ id: 70, name: 'Cyd' })]);
    const sql = await said('sqlsequencereset', 'sampleapp');
    if (vendor !== 'postgresql') {
      expect(sql).toContain('No sequences found.');
      return;
    }
    expect(sql).toMatch(/^BEGIN;\n(?:SELECT setval\(pg_get_serial_sequence\(.*\n)+COMMIT;\n$/);
    for (const line of sql.split('\n').filter((each) => each.startsWith('SELECT'))) {
      await connections.get().execute(line.replace(/;$/, ''));
    }
    expect((await Author.objects.create({ name: 'Dan' })).id).toBe(71);
  });
}

describe('SQLite', () => flushes('sqlite', { ENGINE: SQLITE_ENGINE, NAME: ':memory:' }));
describeWith('postgresql', 'PostgreSQL', () => flushes('postgresql', scratchDatabase('postgresql')));
describeWith('mysql', 'MariaDB', () => flushes('mysql', scratchDatabase('mysql')));
