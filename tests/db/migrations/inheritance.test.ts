/** Migrations of models that extend others. */
import '../settings';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as migrations from 'tsango/db/migrations';
import { InvalidBasesError } from 'tsango/db/migrations/exceptions';
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

const PLACE = new migrations.CreateModel({
  name: 'Place',
  fields: [id, ['name', new models.CharField({ maxLength: 9 })]],
});
const RESTAURANT = new migrations.CreateModel({
  name: 'Restaurant',
  fields: [
    [
      'place_ptr',
      new models.OneToOneField('shop.Place', {
        autoCreated: true,
        onDelete: models.CASCADE,
        parentLink: true,
        primaryKey: true,
        serialize: false,
      }),
    ],
    ['stars', new models.IntegerField({ default: 0 })],
  ],
  bases: ['shop.place'],
});
const QUIET = new migrations.CreateModel({
  name: 'QuietPlace',
  fields: [],
  options: { proxy: true },
  bases: ['shop.place'],
});

/** Carries out operations; the state that they lead to. */
async function run(
  operations: readonly migrations.Operation[],
  from = new ProjectState(),
): Promise<ProjectState> {
  let at = from;
  await connections
    .get()
    .schemaEditor()
    .run(async (editor) => {
      for (const operation of operations) {
        const after = at.clone();
        operation.stateForwards('shop', after);
        await operation.databaseForwards('shop', editor, at, after);
        at = after;
      }
    });
  return at;
}

const tables = async (): Promise<string[]> =>
  (await connections.get().introspection.tableNames()).filter((name) => name.startsWith('shop_')).sort();
const columns = async (table: string): Promise<string[]> =>
  (await connections.get().execute(`PRAGMA table_info(${table})`)).rows.map(({ name }) => String(name));

it('make a child’s table with its link alone, and none for a proxy', async () => {
  const { apps } = await run([PLACE, RESTAURANT, QUIET]);
  expect(await tables()).toEqual(['shop_place', 'shop_restaurant']);
  expect(await columns('shop_restaurant')).toEqual(['place_ptr_id', 'stars']);
  const of = (name: string): models.ModelClass => apps.getModel('shop', name) as unknown as models.ModelClass;
  const [Place, Restaurant, Quiet] = [of('Place'), of('Restaurant'), of('QuietPlace')];
  const ugo = new Restaurant({ name: 'Da Ugo', stars: 2 } as never);
  await ugo.save();
  expect(ugo).toBeInstanceOf(Place);
  expect(await Place._defaultManager.filter({ restaurant__stars: 2 } as never).count()).toBe(1);
  expect(await Restaurant._defaultManager.get({ name: 'Da Ugo' } as never)).toMatchObject({ stars: 2 });
  expect(await Quiet._defaultManager.count()).toBe(1);
  expect(QUIET.describe()).toBe('Create proxy model QuietPlace');
});

it('undo them', async () => {
  const state = await run([PLACE, QUIET]);
  const before = new ProjectState();
  PLACE.stateForwards('shop', before);
  await connections
    .get()
    .schemaEditor()
    .run((editor) => QUIET.databaseBackwards('shop', editor, state, before));
  expect(await tables()).toEqual(['shop_place']);
});

it('refuse a base that is not there, and one that is there twice', () => {
  const state = new ProjectState();
  RESTAURANT.stateForwards('shop', state);
  expect(() => state.apps.getModel('shop', 'Restaurant')).toThrow(
    new InvalidBasesError("Cannot resolve one or more bases from ('shop.place',)"),
  );
  expect(
    () => new migrations.CreateModel({ name: 'Twice', fields: [], bases: ['shop.place', 'shop.Place'] }),
  ).toThrow('Found duplicate value shop.place in CreateModel bases argument.');
});

it('refer to the models that theirs extend', () => {
  expect(RESTAURANT.referencesModel('Place', 'shop')).toBe(true);
  expect(QUIET.referencesModel('Place', 'shop')).toBe(true);
  expect(QUIET.referencesModel('Restaurant', 'shop')).toBe(false);
});

it('give rows an order with respect to a foreign key, and take it from them', async () => {
  const answer = new migrations.CreateModel({
    name: 'Answer',
    fields: [id, ['place', new models.ForeignKey('shop.Place', { onDelete: models.CASCADE })]],
  });
  const state = await run([PLACE, answer]);
  const ordered = new migrations.AlterOrderWithRespectTo({ name: 'Answer', orderWithRespectTo: 'place' });
  const after = await run([ordered], state);
  expect(await columns('shop_answer')).toEqual(['id', 'place_id', '_order']);
  expect(after.apps.getOptions('shop', 'answer').ordering).toEqual(['_order']);
  await run([new migrations.AlterOrderWithRespectTo({ name: 'Answer', orderWithRespectTo: null })], after);
  expect(await columns('shop_answer')).toEqual(['id', 'place_id']);
  expect(ordered.describe()).toBe('Set order_with_respect_to on Answer to place');
});

it('leave a table alone in a database that cannot have it', async () => {
  await run([
    new migrations.CreateModel({
      name: 'Geo',
      fields: [id],
      options: { requiredDbFeatures: ['gisEnabled'] },
    }),
    new migrations.CreateModel({ name: 'Pg', fields: [id], options: { requiredDbVendor: 'postgresql' } }),
    new migrations.CreateModel({ name: 'Lite', fields: [id], options: { requiredDbVendor: 'sqlite' } }),
  ]);
  expect(await tables()).toEqual(['shop_lite']);
});

it('hand managers to their code', async () => {
  class Named extends models.Manager<models.Model> {
    called(name: string) {
      return this.filter({ name } as never);
    }
  }
  const state = await run([
    PLACE,
    new migrations.AlterModelManagers({ name: 'Place', managers: [['named', new Named()]] }),
  ]);
  const Place = state.apps.getModel('shop', 'Place') as unknown as models.ModelClass & { named: Named };
  await new Place({ name: 'Park' } as never).save();
  expect(await Place.named.called('Park').count()).toBe(1);
});
