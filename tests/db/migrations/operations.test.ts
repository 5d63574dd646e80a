import '../settings';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as migrations from 'tsango/db/migrations';
import { ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { SQLITE_ENGINE } from '../../support/sqlite';

let restore: () => Promise<void>;
beforeEach(() => {
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    DEFAULT_AUTO_FIELD: 'django.db.models.AutoField',
  });
});
afterEach(() => restore());

const id = ['id', new models.AutoField({ primaryKey: true })] as const;
const price = new models.Index({ fields: ['-price'], name: 'price_idx' });
const unique = new models.UniqueConstraint({ fields: ['name', 'price'], name: 'name_price' });

/** A shop with a table of things, and of what belongs to them. */
function shop(managed = true, extra: models.MetaOptions = {}): ProjectState {
  const state = new ProjectState();
  const options = { managed, ...extra };
  new migrations.CreateModel({
    name: 'Thing',
    fields: [
      id,
      ['name', new models.CharField({ maxLength: 9 })],
      ['price', new models.IntegerField({ null: true })],
    ],
    options,
  }).stateForwards('shop', state);
  new migrations.CreateModel({
    name: 'Part',
    fields: [id, ['thing', new models.ForeignKey('shop.Thing', { onDelete: models.CASCADE })]],
    options,
  }).stateForwards('shop', state);
  return state;
}

/** What an operation does to a state, as SQL: forwards, then backwards. */
async function statements(
  operation: migrations.Operation,
  before: ProjectState,
): Promise<[string[], string[]]> {
  const after = before.clone();
  operation.stateForwards('shop', after);
  return [
    await collect((editor) => operation.databaseForwards('shop', editor, before, after)),
    await collect((editor) => operation.databaseBackwards('shop', editor, after, before)),
  ];
}

type Editor = ReturnType<ReturnType<typeof connections.get>['schemaEditor']>;

async function collect(body: (editor: Editor) => Promise<void>): Promise<string[]> {
  const editor = connections.get().schemaEditor({ collectSql: true });
  await editor.run(body);
  return editor.collectedSql;
}

const CREATE_NOTE =
  'CREATE TABLE "shop_note" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "text" text NOT NULL);';
const CREATE_THING =
  'CREATE TABLE "shop_thing" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(9) NOT NULL, "price" integer NULL);';
const remade = (columns: string, into: string, from: string): string[] => [
  `CREATE TABLE "new__shop_thing" (${columns});`,
  `INSERT INTO "new__shop_thing" (${into}) SELECT ${from} FROM "shop_thing";`,
  'DROP TABLE "shop_thing";',
  'ALTER TABLE "new__shop_thing" RENAME TO "shop_thing";',
];
const COLUMNS =
  '"id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(9) NOT NULL, "price" integer NULL';
const NAMES = '"id", "name", "price"';

/** Each operation, what it says of itself, its SQL, and the state that it starts from where that is another one. */
const CASES: [migrations.Operation, string, string[], string[], models.MetaOptions?][] = [
  [
    new migrations.CreateModel({ name: 'Note', fields: [id, ['text', new models.TextField()]] }),
    'Create model Note',
    [CREATE_NOTE],
    ['DROP TABLE "shop_note";'],
  ],
  [
    new migrations.DeleteModel({ name: 'Thing' }),
    'Delete model Thing',
    ['DROP TABLE "shop_thing";'],
    [CREATE_THING],
  ],
  [
    new migrations.AlterModelTable({ name: 'THING', table: 'things' }),
    'Rename table for THING to things',
    ['ALTER TABLE "shop_thing" RENAME TO "things";'],
    ['ALTER TABLE "things" RENAME TO "shop_thing";'],
  ],
  [
    new migrations.AlterModelTable({ name: 'thing', table: null }),
    'Rename table for thing to (default)',
    ['ALTER TABLE "old" RENAME TO "shop_thing";'],
    ['ALTER TABLE "shop_thing" RENAME TO "old";'],
    { dbTable: 'old' },
  ],
  [
    new migrations.AlterModelOptions({ name: 'thing', options: { verboseName: 'good' } }),
    'Change Meta options on thing',
    [],
    [],
  ],
  [
    new migrations.AlterUniqueTogether({ name: 'thing', uniqueTogether: [['name', 'price']] }),
    'Alter unique_together for thing (1 constraint(s))',
    ['CREATE UNIQUE INDEX "shop_thing_name_price_f03fa21f_uniq" ON "shop_thing" ("name", "price");'],
    ['DROP INDEX "shop_thing_name_price_f03fa21f_uniq";'],
  ],
  [
    new migrations.AddField({
      modelName: 'Thing',
      name: 'note',
      field: new models.TextField({ null: true }),
    }),
    'Add field note to Thing',
    ['ALTER TABLE "shop_thing" ADD COLUMN "note" text NULL;'],
    ['ALTER TABLE "shop_thing" DROP COLUMN "note";'],
  ],
  [
    new migrations.AddField({
      modelName: 'thing',
      name: 'size',
      field: new models.IntegerField({ default: 3 }),
      preserveDefault: false,
    }),
    'Add field size to thing',
    remade(`${COLUMNS}, "size" integer NOT NULL`, `${NAMES}, "size"`, `${NAMES}, 3`),
    ['ALTER TABLE "shop_thing" DROP COLUMN "size";'],
  ],
  [
    new migrations.RemoveField({ modelName: 'thing', name: 'price' }),
    'Remove field price from thing',
    ['ALTER TABLE "shop_thing" DROP COLUMN "price";'],
    ['ALTER TABLE "shop_thing" ADD COLUMN "price" integer NULL;'],
  ],
  [
    new migrations.AlterField({
      modelName: 'thing',
      name: 'price',
      field: new models.IntegerField({ default: 7 }),
      preserveDefault: false,
    }),
    'Alter field price on thing',
    remade(COLUMNS.replace('integer NULL', 'integer NOT NULL'), NAMES, '"id", "name", coalesce("price", 7)'),
    remade(COLUMNS, NAMES, NAMES),
  ],
  [
    new migrations.RenameField({ modelName: 'Thing', oldName: 'price', newName: 'cost' }),
    'Rename field price on Thing to cost',
    ['ALTER TABLE "shop_thing" RENAME COLUMN "price" TO "cost";'],
    ['ALTER TABLE "shop_thing" RENAME COLUMN "cost" TO "price";'],
  ],
  [
    new migrations.AddIndex({ modelName: 'Thing', index: price }),
    'Create index price_idx on field(s) -price of model Thing',
    ['CREATE INDEX "price_idx" ON "shop_thing" ("price" DESC);'],
    ['DROP INDEX "price_idx";'],
  ],
  [
    new migrations.RemoveIndex({ modelName: 'Thing', name: 'price_idx' }),
    'Remove index price_idx from Thing',
    ['DROP INDEX "price_idx";'],
    ['CREATE INDEX "price_idx" ON "shop_thing" ("price" DESC);'],
    { indexes: [price] },
  ],
  [
    new migrations.RenameIndex({ modelName: 'Thing', oldName: 'price_idx', newName: 'cost_idx' }),
    'Rename index price_idx on Thing to cost_idx',
    ['DROP INDEX "price_idx";', 'CREATE INDEX "cost_idx" ON "shop_thing" ("price" DESC);'],
    ['DROP INDEX "cost_idx";', 'CREATE INDEX "price_idx" ON "shop_thing" ("price" DESC);'],
    { indexes: [price] },
  ],
  [
    new migrations.AlterConstraint({ modelName: 'Thing', name: 'name_price', constraint: unique }),
    'Alter constraint name_price on Thing',
    [],
    [],
    { constraints: [unique] },
  ],
  [
    new migrations.AddConstraint({ modelName: 'Thing', constraint: unique }),
    'Create constraint name_price on model Thing',
    remade(`${COLUMNS}, CONSTRAINT "name_price" UNIQUE ("name", "price")`, NAMES, NAMES),
    remade(COLUMNS, NAMES, NAMES),
  ],
  [
    new migrations.RemoveConstraint({ modelName: 'Thing', name: 'name_price' }),
    'Remove constraint name_price from model Thing',
    remade(COLUMNS, NAMES, NAMES),
    remade(`${COLUMNS}, CONSTRAINT "name_price" UNIQUE ("name", "price")`, NAMES, NAMES),
    { constraints: [unique] },
  ],
];

describe.each(CASES)('%s', (operation, description, forwards, backwards, meta) => {
  it(`${description}, and what undoes it`, async () => {
    expect(operation.describe()).toBe(description);
    expect(await statements(operation, shop(true, meta))).toEqual([forwards, backwards]);
  });

  it('leaves a table alone that is not for migrations to change', async () => {
    if (operation instanceof migrations.CreateModel) return;
    expect(await statements(operation, shop(false, meta))).toEqual([[], []]);
  });
});

describe('RenameModel', () => {
  it('renames the table, and remakes what refers to it', async () => {
    const operation = new migrations.RenameModel({ oldName: 'Thing', newName: 'Good' });
    expect(operation.describe()).toBe('Rename model Thing to Good');
    const [forwards, backwards] = await statements(operation, shop());
    expect(forwards[0]).toBe('ALTER TABLE "shop_thing" RENAME TO "shop_good";');
    expect(backwards[0]).toBe('ALTER TABLE "shop_good" RENAME TO "shop_thing";');
    expect(await statements(operation, shop(false))).toEqual([[], []]);
  });
});

describe('an operation of one’s own', () => {
  /** Leaves the tables of one database alone, as a router would. */
  class Elsewhere extends migrations.AddField {
    override allowMigrateModel(
      alias: string,
      model: Parameters<migrations.Operation['allowMigrateModel']>[1],
    ) {
      return alias !== 'default' && super.allowMigrateModel(alias, model);
    }
  }

  it('may say whose tables it changes', async () => {
    const operation = new Elsewhere({ modelName: 'thing', name: 'a', field: new models.TextField() });
    expect(await statements(operation, shop())).toEqual([[], []]);
  });

  it('stands on the classes that Django has', () => {
    const [create, , table, , options, together, add, , remove, alter, rename, ...others] = CASES.map(
      ([each]) => each,
    );
    for (const each of [create, table, options, together])
      expect(each).toBeInstanceOf(migrations.ModelOperation);
    for (const each of [table, options, together])
      expect(each).toBeInstanceOf(migrations.ModelOptionOperation);
    for (const each of [add, remove, alter, rename]) expect(each).toBeInstanceOf(migrations.FieldOperation);
    for (const each of others) expect(each).toBeInstanceOf(migrations.IndexOperation);
  });
});

describe('what an operation may have to do with', () => {
  const refers = new migrations.AddField({
    modelName: 'Part',
    name: 'maker',
    field: new models.ForeignKey('Maker', { onDelete: models.CASCADE, toField: 'code' }),
  });

  it.each([
    ['part', true],
    ['MAKER', true],
    ['thing', false],
  ])('the model %s: %s', (name, expected) => {
    expect(refers.referencesModel(name, 'shop')).toBe(expected);
  });

  it.each([
    ['part', 'maker', true],
    ['part', 'thing', false],
    ['maker', 'code', true],
    ['maker', 'name', false],
  ])('the field %s.%s: %s', (model, name, expected) => {
    expect(refers.referencesField(model, name, 'shop')).toBe(expected);
  });

  it('another app’s model of that name is none of its business', () => {
    expect(refers.referencesModel('maker', 'elsewhere')).toBe(true);
    const named = new migrations.AddField({
      modelName: 'part',
      name: 'maker',
      field: new models.ForeignKey('shop.Maker', { onDelete: models.CASCADE }),
    });
    expect(named.referencesModel('maker', 'elsewhere')).toBe(false);
  });

  it('in doubt it has', () => {
    const sql = new migrations.RunSQL('SELECT 1');
    expect([sql.referencesModel('x', 'shop'), sql.referencesField('x', 'y', 'shop')]).toEqual([true, true]);
    expect(new migrations.DeleteModel({ name: 'a' }).referencesModel('b', 'shop')).toBe(true);
  });

  it('a model that is made, renamed, or made unique', () => {
    const create = new migrations.CreateModel({
      name: 'Part',
      fields: [id, ['tags', new models.ManyToManyField('shop.Tag', { through: 'PartTag' })]],
    });
    const named = ['PART', 'tag', 'parttag', 'other'].map((name) => create.referencesModel(name, 'shop'));
    expect(named).toEqual([true, true, true, false]);
    const rename = new migrations.RenameModel({ oldName: 'Old', newName: 'New' });
    expect(['old', 'NEW', 'other'].map((name) => rename.referencesModel(name, 'shop'))).toEqual([
      true,
      true,
      false,
    ]);
    const together = new migrations.AlterUniqueTogether({
      name: 'thing',
      uniqueTogether: [['name', 'price']],
    });
    expect(['name', 'size'].map((name) => together.referencesField('Thing', name, 'shop'))).toEqual([
      true,
      false,
    ]);
    const column = new migrations.RenameField({ modelName: 'thing', oldName: 'a', newName: 'b' });
    expect(['A', 'b', 'c'].map((name) => column.referencesField('thing', name, 'shop'))).toEqual([
      true,
      true,
      false,
    ]);
  });
});
