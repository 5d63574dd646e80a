/** Migrations that become one, shorter, or other ones. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { Site } from '../../support/temporary_site';

const SETTINGS = `import path from 'node:path';
import { defineSettings } from 'tsango/conf';

export default defineSettings({
  SECRET_KEY: 'a key for tests alone',
  DEFAULT_AUTO_FIELD: 'tsango.db.models.AutoField',
  INSTALLED_APPS: ['shop'],
  DATABASES: { default: { ENGINE: '${SQLITE_ENGINE}', NAME: path.join(__dirname, 'db.sqlite3') } },
});
`;

const model = (...fields: string[]): string => `import * as models from 'tsango/db/models';

export class Item extends models.Model {
  declare id: number;
${fields.map((name) => `  @models.IntegerField({ default: 0 }) declare ${name}: number;\n`).join('')}}
`;

const FILL = `import * as migrations from 'tsango/db/migrations';

export function exported(apps: unknown): void {
  void apps;
}

export class Migration extends migrations.Migration {
  override dependencies = [['shop', '0002_item_b']];
  override operations = [
    new migrations.RunPython(async (apps) => {
      await apps.getModel('shop', 'Item').objects.create({ a: 1 });
    }, migrations.RunCode.noop),
    new migrations.RunCode(exported, migrations.RunCode.noop, { elidable: true }),
  ];
}
`;

let site: Site;
afterEach(() => site.remove());
const folder = (): string => path.join(site.root, 'shop/migrations');
const names = (): string[] =>
  readdirSync(folder())
    .filter((name) => name.endsWith('.ts'))
    .sort();
const read = (name: string): string => readFileSync(path.join(folder(), name), 'utf8');

async function twoMigrations(): Promise<void> {
  site = new Site({ 'settings.ts': SETTINGS, 'shop/models.ts': model('a'), 'shop/migrations/.keep': '' });
  await site.run('makemigrations');
  site.write('shop/models.ts', model('a', 'b'));
  await site.run('makemigrations');
}

it('squashes migrations into one, which new databases use and old ones have applied', async () => {
  await twoMigrations();
  await site.run('migrate', '-v', '0');
  const { stdout, stderr } = await site.answer('y\n', 'squashmigrations', 'shop', '0002', '--no-header');
  expect(stderr).toBe('');
  expect(stdout).toBe(
    'Will squash the following migrations:\n - 0001_initial\n - 0002_item_b\nDo you wish to proceed? [y/N] ' +
      'Optimizing...\n  Optimized from 2 operations to 1 operations.\n' +
      `Created new squashed migration ${path.join(folder(), '0001_squashed_0002_item_b.ts')}\n` +
      '  You should commit this migration but leave the old ones in place;\n' +
      '  the new migration will be used for new installs. Once you are sure\n' +
      '  all instances of the codebase have applied the migrations you squashed,\n' +
      '  you can delete them.\n',
  );
  expect(read('0001_squashed_0002_item_b.ts')).toContain(
    "  override replaces = [\n    ['shop', '0001_initial'],\n    ['shop', '0002_item_b'],\n  ];\n  override initial = true;\n",
  );
  expect((await site.run('showmigrations')).stdout).toBe(
    'shop\n [X] 0001_squashed_0002_item_b (2 squashed migrations)\n',
  );
  expect((await site.run('makemigrations', '--check')).stdout).toBe('No changes detected\n');
  const again = await site.run('squashmigrations', 'shop', '0002', '--no-input');
  expect(again.stderr).toContain("The migration 'shop.0002_item_b' is squashed already");
}, 120_000);

it('squashes from a migration on, under a name of its own, as they are; a no leaves everything', async () => {
  await twoMigrations();
  expect((await site.answer('n\n', 'squashmigrations', 'shop', '0002')).status).toBe(0);
  const args = [
    'squashmigrations',
    'shop',
    '0002',
    '0002',
    '--squashed-name',
    'both',
    '--no-optimize',
    '--no-input',
  ];
  expect((await site.run(...args)).stdout).toContain(
    '(Skipping optimization.)\nCreated new squashed migration',
  );
  expect(names()).toEqual(['0001_initial.ts', '0002_both.ts', '0002_item_b.ts']);
  const missing = await site.run('squashmigrations', 'shop', '0002_item_b', '0001');
  expect(missing.stderr).toContain(
    "The migration 'shop.0002_item_b' cannot be found. Maybe it comes after the migration 'shop.0001_initial'?",
  );
  expect((await site.run('squashmigrations', 'shop')).stderr).toContain(
    "missing required argument 'migration_name'",
  );
  expect((await site.run('squashmigrations', 'other', '1')).stderr).toContain(
    "No installed app with label 'other'.",
  );
}, 120_000);

it('copies the functions of migrations, or imports what they export, and says what is left to do', async () => {
  await twoMigrations();
  site.write('shop/migrations/0003_fill.ts', FILL.replace(', { elidable: true }', ''));
  const { stdout } = await site.run('squashmigrations', 'shop', '0003', '--no-input', '--no-header');
  expect(stdout).toContain('Manual porting required\n  Your migrations contained functions');
  const text = read('0001_squashed_0003_fill.ts');
  expect(text).toContain("import { exported } from './0003_fill';\n");
  expect(text).toContain(
    '// RunCode operations to refer to the local versions:\n// shop.migrations.0003_fill\n',
  );
  expect(text).toContain('// Functions of the following migrations are copied below as they run.');
  expect(text).toContain("await apps.getModel('shop', 'Item').objects.create({");
  // It runs as it is.
  expect((await site.run('migrate', '-v', '0')).stderr).toBe('');
  expect((await site.run('showmigrations')).stdout).toContain(
    '[X] 0001_squashed_0003_fill (3 squashed migrations)',
  );
}, 120_000);

it('changes the last migration while nobody has applied it', async () => {
  await twoMigrations();
  site.write('shop/models.ts', model('a', 'b', 'c'));
  const { stdout, stderr } = await site.run('makemigrations', '--update', '--no-header');
  expect(stderr).toBe('');
  expect(stdout).toContain('    + Add field b to item\n    + Add field c to item\nDeleted ');
  expect(names()).toEqual(['0001_initial.ts', '0002_item_b_item_c.ts']);
  await site.run('migrate', '-v', '0');
  site.write('shop/models.ts', model('a', 'b', 'c', 'd'));
  const applied = await site.run('makemigrations', '--update');
  expect(applied.stderr).toContain("Cannot update applied migration 'shop.0002_item_b_item_c'.");
  expect(names()).toEqual(['0001_initial.ts', '0002_item_b_item_c.ts']);
}, 120_000);

it('makes a migration shorter, or says whether it can be', async () => {
  await twoMigrations();
  site.write(
    'shop/migrations/0003_more.ts',
    FILL.replace(
      'new migrations.RunPython',
      "new migrations.AddField({ modelName: 'item', name: 'x', field: new models.IntegerField({ default: 1 }) }),\n    new migrations.RemoveField({ modelName: 'item', name: 'x' }),\n    new migrations.RunPython",
    ).replace('export function', "import * as models from 'tsango/db/models';\nexport function"),
  );
  const check = await site.run('optimizemigration', 'shop', '0003', '--check');
  expect([check.status, check.stdout]).toEqual([1, 'Optimizing from 4 operations to 1 operations.\n']);
  const { stdout } = await site.run('optimizemigration', 'shop', '0003');
  expect(stdout).toContain('Manual porting required');
  expect(names()).toContain('0003_more_optimized.ts');
  expect(read('0003_more_optimized.ts')).toContain("override replaces = [['shop', '0003_more']];");
  const none = await site.run('optimizemigration', 'shop', '0002');
  expect([none.status, none.stdout]).toEqual([0, 'No optimizations possible.\n']);
}, 120_000);
