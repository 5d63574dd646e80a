/** What is said of operations that lose data, or keep a large table from being used. */
import { configure } from 'tsango/conf';
import * as migrations from 'tsango/db/migrations';
import { HazardWatch, type Vendor } from 'tsango/db/migrations/hazards';
import { ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';

configure({ SECRET_KEY: 'not a secret' });

const char = (maxLength: number, options: object = {}): models.Field =>
  new models.CharField({ maxLength, ...options });
const decimal = (maxDigits: number, decimalPlaces: number): models.Field =>
  new models.DecimalField({ maxDigits, decimalPlaces });

function itemWith(field: models.Field): ProjectState {
  const state = new ProjectState();
  const id = new models.AutoField({ primaryKey: true });
  new migrations.CreateModel({
    name: 'Item',
    fields: [
      ['id', id],
      ['f', field],
      ['g', new models.IntegerField({ default: 0 })],
    ],
  }).stateForwards('shop', state);
  return state;
}

function hazards(
  operation: migrations.Operation,
  vendor: Vendor,
  field = char(10),
  backwards = false,
): string[] {
  const before = itemWith(field);
  const after = before.clone();
  operation.stateForwards('shop', after);
  const watch = new HazardWatch([vendor]);
  return backwards
    ? watch.of(operation, 'shop', after, before, true)
    : watch.of(operation, 'shop', before, after);
}

const alter = (field: models.Field): migrations.Operation =>
  new migrations.AlterField({ modelName: 'item', name: 'f', field });

it.each<[string, migrations.Operation, string[]]>([
  ['a model that goes', new migrations.DeleteModel({ name: 'Item' }), ['Loses data: the rows of the table.']],
  [
    'a field that goes',
    new migrations.RemoveField({ modelName: 'item', name: 'f' }),
    ['Loses data: what is in the column.'],
  ],
  [
    'a shorter text',
    alter(char(5)),
    ['Fails, or loses data: texts of more than 5 characters.', 'Writes the table anew (PostgreSQL).'],
  ],
  ['a longer text', alter(char(20)), []],
  ['a text without an end', alter(new models.TextField()), []],
  [
    'another type',
    alter(new models.IntegerField()),
    [
      'Fails, or loses data: values of CharField that are none of IntegerField.',
      'Writes the table anew (PostgreSQL).',
    ],
  ],
  [
    'an index',
    new migrations.AddIndex({ modelName: 'item', index: new models.Index({ fields: ['f'], name: 'f_idx' }) }),
    ['Locks the table against writes while an index is built: AddIndexConcurrently does not (PostgreSQL).'],
  ],
  [
    'an index of a field',
    alter(char(10, { dbIndex: true })),
    ['Locks the table against writes while an index is built (PostgreSQL).'],
  ],
  [
    'a field with an index',
    new migrations.AddField({ modelName: 'item', name: 'h', field: char(3, { unique: true, null: true }) }),
    ['Locks the table against writes while an index is built (PostgreSQL).'],
  ],
  [
    'a field with a default',
    new migrations.AddField({ modelName: 'item', name: 'h', field: char(3, { default: '' }) }),
    [],
  ],
  [
    'a constraint',
    new migrations.AddConstraint({
      modelName: 'item',
      constraint: new models.CheckConstraint({ condition: new models.Q({ g__gte: 0 }), name: 'g_ok' }),
    }),
    ['Locks the table while each row is looked at (PostgreSQL).'],
  ],
  ['words for people', alter(char(10, { helpText: 'Ten letters' })), []],
])('marks %s on PostgreSQL', (_, operation, expected) => {
  expect(hazards(operation, 'postgresql')).toEqual(expected);
});

it('marks a column that takes no NULL any more', () => {
  const nullable = char(10, { null: true });
  expect(hazards(alter(char(10)), 'postgresql', nullable)).toEqual([
    'Fails while a row has NULL in the column.',
    'Locks the table while each row is looked at (PostgreSQL).',
  ]);
  expect(hazards(alter(char(10, { default: '' })), 'mysql', nullable)).toEqual([
    'Writes the table anew (MySQL).',
  ]);
});

it.each([
  [
    new models.BigIntegerField(),
    new models.IntegerField(),
    ['Fails, or loses data: numbers that 4 bytes do not hold.'],
  ],
  [new models.IntegerField(), new models.BigIntegerField(), []],
  [
    new models.IntegerField(),
    new models.PositiveIntegerField(),
    ['Fails, or loses data: numbers that are negative.'],
  ],
  [decimal(8, 2), decimal(6, 2), ['Fails, or loses data: numbers of more than 4 digits before the point.']],
  [decimal(8, 2), decimal(7, 1), ['Fails, or loses data: digits after the 1 behind the point.']],
  [decimal(8, 2), decimal(9, 2), []],
  [new models.DateField(), new models.DateTimeField(), []],
])('knows which values do not fit', (before, after, expected) => {
  const said = hazards(alter(after), 'sqlite', before);
  expect(said).toEqual([...expected, 'Writes the table anew (SQLite).']);
});

it('knows what undoing loses', () => {
  const state = itemWith(char(10));
  const create = new migrations.CreateModel({ name: 'Item', fields: [] });
  expect(new HazardWatch(['sqlite']).of(create, 'shop', state, new ProjectState(), true)).toEqual([
    'Loses data: the rows of the table.',
  ]);
  const add = new migrations.AddField({ modelName: 'item', name: 'h', field: char(3, { default: '' }) });
  expect(hazards(add, 'mysql', undefined, true)).toEqual(['Loses data: what is in the column.']);
  expect(hazards(alter(char(20)), 'mysql', undefined, true)).toEqual([
    'Fails, or loses data: texts of more than 10 characters.',
    'Writes the table anew (MySQL).',
  ]);
});

it('says nothing of a table that the same plan makes', () => {
  const watch = new HazardWatch(['postgresql', 'sqlite']);
  const [none, state] = [new ProjectState(), itemWith(char(10))];
  const create = new migrations.CreateModel({ name: 'Item', fields: [] });
  expect(watch.of(create, 'shop', none, state)).toEqual([]);
  const after = state.clone();
  alter(char(5)).stateForwards('shop', after);
  expect(watch.of(alter(char(5)), 'shop', state, after)).toEqual([]);
  expect(new HazardWatch(['postgresql', 'sqlite']).of(alter(char(5)), 'shop', state, after)).toEqual([
    'Fails, or loses data: texts of more than 5 characters.',
    'Writes the table anew (PostgreSQL, SQLite).',
  ]);
});

it('looks into what is done to the database alone', () => {
  const remove = new migrations.RemoveField({ modelName: 'item', name: 'f' });
  const both = new migrations.SeparateDatabaseAndState({ databaseOperations: [remove] });
  expect(hazards(both, 'postgresql')).toEqual(['Loses data: what is in the column.']);
  expect(
    hazards(new migrations.SeparateDatabaseAndState({ stateOperations: [remove] }), 'postgresql'),
  ).toEqual([]);
});

it('knows relations of a state, whose fields are of no model', () => {
  const to = (options: object): models.Field =>
    new models.ForeignKey('shop.Item', { onDelete: models.CASCADE, ...options });
  const before = to({ null: true });
  expect(hazards(alter(to({ null: true, helpText: 'Which' })), 'sqlite', before)).toEqual([]);
  expect(hazards(alter(to({})), 'sqlite', before)).toEqual([
    'Fails while a row has NULL in the column.',
    'Writes the table anew (SQLite).',
  ]);
});
