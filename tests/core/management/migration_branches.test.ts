/** Migrations that go two ways, and those that become others: as a person types it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { type Outcome, Site } from '../../support/temporary_site';

const SETTINGS = `import path from 'node:path';
import { defineSettings } from 'tsango/conf';

export default defineSettings({
  SECRET_KEY: 'a key for tests alone',
  DEFAULT_AUTO_FIELD: 'tsango.db.models.AutoField',
  INSTALLED_APPS: ['shop', 'stock'],
  DATABASES: { default: { ENGINE: '${SQLITE_ENGINE}', NAME: path.join(__dirname, 'db.sqlite3') } },
});
`;

const model = (...fields: string[]): string => `import * as models from 'tsango/db/models';

export class Item extends models.Model {
  declare id: number;
${fields.map((name) => `  @models.IntegerField({ default: 0 }) declare ${name}: number;\n`).join('')}}
`;

const STOCK = `import * as models from 'tsango/db/models';

export class Place extends models.Model {
  declare id: number;
}
`;

const migration = (
  dependencies: string,
  operations: string,
): string => `import * as migrations from 'tsango/db/migrations';
import * as models from 'tsango/db/models';

// Somebody's own words.
export class Migration extends migrations.Migration {
  override dependencies = ${dependencies};
  override operations = [${operations}];
}
`;

const addField = (name: string): string =>
  `new migrations.AddField({ modelName: 'item', name: '${name}', field: new models.IntegerField({ default: 0 }) })`;

let site: Site;
afterEach(() => site.remove());

const names = (app = 'shop'): string[] =>
  readdirSync(path.join(site.root, app, 'migrations'))
    .filter((name) => name.endsWith('.ts'))
    .sort();
const read = (name: string, app = 'shop'): string =>
  readFileSync(path.join(site.root, app, 'migrations', name), 'utf8');
const shown = ({ status, stdout, stderr }: Outcome): [number | null, string, string] => [
  status,
  stdout,
  stderr,
];

/** A site whose app has been changed in two branches. */
async function conflicting(): Promise<void> {
  site = new Site({
    'settings.ts': SETTINGS,
    'shop/models.ts': model('a'),
    'shop/migrations/.keep': '',
    'stock/models.ts': STOCK,
    'stock/migrations/.keep': '',
  });
  await site.run('makemigrations');
  const first = "[['shop', '0001_initial']]";
  site.write('shop/migrations/0002_item_b.ts', migration(first, addField('b')));
  site.write('shop/migrations/0002_item_c.ts', migration(first, addField('c')));
  site.write('shop/migrations/0003_item_d.ts', migration('[["shop" , "0002_item_c"]]', addField('d')));
  site.write(
    'stock/migrations/0002_after.ts',
    migration("[['stock', '0001_initial'], ['shop', '0003_item_d']]", ''),
  );
  site.write('shop/models.ts', model('a', 'b', 'c', 'd'));
}

it('says what goes two ways, and merges it once somebody agrees', async () => {
  await conflicting();
  const words =
    'Conflicting migrations detected; multiple leaf nodes in the migration graph: (0002_item_b, 0003_item_d in shop).\n' +
    "To fix them run 'manage.ts makemigrations --merge', or '--rebase' while one of them is applied nowhere.";
  expect((await site.run('migrate')).stderr).toContain(words);
  expect((await site.run('makemigrations')).stderr).toContain(words);
  const declined = await site.answer('\n', 'makemigrations', '--merge');
  expect(declined.stdout).toBe(
    'Merging shop\n  Branch 0002_item_b\n    + Add field b to item\n  Branch 0003_item_d\n' +
      '    + Add field c to item\n    + Add field d to item\n' +
      '\nMerging will only work if the operations printed above do not conflict\n' +
      'with each other (working on different fields or models)\n' +
      'Should these migration branches be merged? [y/N] ',
  );
  expect(names()).toHaveLength(4);
  const merged = await site.run('makemigrations', '--merge', '--no-input', '--no-header', '--scriptable');
  expect(shown(merged)).toEqual([
    0,
    `${path.join(site.root, 'shop/migrations/0004_merge_0002_item_b_0003_item_d.ts')}\n`,
    expect.stringContaining('Created new merge migration'),
  ]);
  expect(read('0004_merge_0002_item_b_0003_item_d.ts')).toBe(
    `import * as migrations from 'tsango/db/migrations';

export class Migration extends migrations.Migration {
  override dependencies = [['shop', '0002_item_b'], ['shop', '0003_item_d']];
  override operations = [];
}
`,
  );
  expect(shown(await site.run('makemigrations', '--merge'))).toEqual([
    0,
    'No conflicts detected to merge.\n',
    '',
  ]);
  expect((await site.run('migrate', '-v', '0')).stderr).toBe('');
  expect((await site.run('makemigrations', '--check')).stdout).toBe('No changes detected\n');
}, 120_000);

it('puts a branch behind the one that is applied; only names change in its files', async () => {
  await conflicting();
  // Before the other branch comes along, this one is applied.
  const mine = ['0002_item_c.ts', '0003_item_d.ts'].map((name) => [name, read(name)] as const);
  for (const [name] of mine) site.delete(`shop/migrations/${name}`);
  const after = read('0002_after.ts', 'stock');
  site.delete('stock/migrations/0002_after.ts');
  expect((await site.run('migrate', '-v', '0')).stderr).toBe('');
  for (const [name, text] of mine) site.write(`shop/migrations/${name}`, text);
  site.write('stock/migrations/0002_after.ts', after);

  const rebased = await site.run('makemigrations', '--rebase', '--no-input');
  expect(shown(rebased)).toEqual([
    0,
    'Rebasing shop on 0002_item_b\n  0002_item_c is now 0003_item_c\n  0003_item_d is now 0004_item_d\n',
    '',
  ]);
  expect(names()).toEqual(['0001_initial.ts', '0002_item_b.ts', '0003_item_c.ts', '0004_item_d.ts']);
  expect(read('0003_item_c.ts')).toBe(migration("[['shop', '0002_item_b']]", addField('c')));
  expect(read('0004_item_d.ts')).toBe(migration('[["shop" , "0003_item_c"]]', addField('d')));
  expect(read('0002_after.ts', 'stock')).toContain("['shop', '0004_item_d']");
  expect((await site.run('migrate', '-v', '0')).stderr).toBe('');
  expect((await site.run('makemigrations', '--check')).stdout).toBe('No changes detected\n');
  expect((await site.run('makemigrations', '--rebase')).stdout).toBe('No conflicts detected to rebase.\n');
}, 120_000);

it('asks which branch comes first where neither is applied; where nobody can say, nothing changes', async () => {
  await conflicting();
  const refused = await site.run('makemigrations', '--rebase', '--no-input');
  expect(refused.status).toBe(1);
  expect(refused.stderr).toContain(
    "Cannot rebase 'shop' with --no-input: none of the branches 0002_item_b, 0003_item_d is applied, and only you know " +
      'which one is to come first.',
  );
  site.write(
    'shop/migrations/0002_item_b.ts',
    migration('before()', addField('b')).replace(
      '// Some',
      "const before = () => [['shop', '0001_' + 'initial']];\n// Some",
    ),
  );
  const unclear = await site.answer('2\n', 'makemigrations', '--rebase');
  expect(unclear.stderr).toContain("depends on ['shop', '0001_initial'] without saying so in these words.");
  expect(names()).toContain('0002_item_b.ts');
  site.write('shop/migrations/0002_item_b.ts', migration("[['shop', '0001_initial']]", addField('b')));
  const { stdout } = await site.answer('2\n', 'makemigrations', '--rebase');
  expect(stdout).toBe(
    "Which branch of 'shop' comes first?\n 1) 0002_item_b\n 2) 0003_item_d\nSelect an option: " +
      'Rebasing shop on 0003_item_d\n  0002_item_b is now 0004_item_b\n',
  );
  expect(read('0004_item_b.ts')).toContain("[['shop', '0003_item_d']]");
  expect((await site.run('migrate', '-v', '0')).stderr).toBe('');
}, 120_000);
