import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { CreateModel } from 'tsango/db/migrations';
import { ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { Options } from 'tsango/db/models/options';
import { SQLITE_ENGINE } from '../support/sqlite';

class Maker extends models.Model {
  static override readonly Meta = { appLabel: 'related' };
  declare static readonly objects: models.Manager<Maker>;
  declare id: number;
  @models.CharField({ maxLength: 9, unique: true }) declare code: string;
}

class Thing extends models.Model {
  static override readonly Meta = { appLabel: 'related' };
  declare static readonly objects: models.Manager<Thing>;
  declare id: number;
  declare firstMakerId: number;
  @models.ForeignKey(() => Maker, { onDelete: models.CASCADE }) declare firstMaker: Maker;
  @models.ForeignKey(() => Maker, { onDelete: models.CASCADE, toField: 'code', null: true })
  declare byCode: Maker;
  @models.ManyToManyField(() => Maker) declare makers: Maker[];
}

const referring = (meta: Options): string[] => meta.relatedObjects.map((field) => field.toString()).sort();
const BEFORE = ['related.Thing.by_code', 'related.Thing.first_maker', 'related.Thing_makers.maker'];

let restore: () => Promise<void>;
beforeEach(() => {
  apps.reset();
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    INSTALLED_APPS: [],
  });
  apps.populate();
});
afterEach(async () => {
  await restore();
  apps.reset();
});

async function create(...all: { _meta: Options }[]): Promise<void> {
  await connections
    .get()
    .schemaEditor()
    .run(async (editor) => {
      for (const { _meta: meta } of all) await editor.createModel(meta);
    });
}

describe('what refers to a model', () => {
  it('are the foreign keys of all models, and of the tables in between', () => {
    expect(referring(Maker._meta)).toEqual(BEFORE);
    expect(referring(Thing._meta)).toEqual(['related.Thing_makers.thing']);
  });

  it('is asked for by the field that is referred to', () => {
    const names = (field: string): string[] =>
      Maker._meta.relatedObjectsOf(Maker._meta.getField(field)).map(({ name }) => name);
    expect(names('id').sort()).toEqual(['first_maker', 'maker']);
    expect(names('code')).toEqual(['by_code']);
  });

  it('is found once', () => {
    expect(Maker._meta.relatedObjects).toBe(Maker._meta.relatedObjects);
  });

  it('goes with a model’s rows, also of a model that is declared later', async () => {
    await create(Maker, Thing);
    const make = async (): Promise<Maker> => Maker.objects.create({ code: 'a' });
    const first = await make();
    await Thing.objects.create({ firstMaker: first });
    expect(await first.delete()).toEqual([2, { 'related.Maker': 1, 'related.Thing': 1 }]);

    class Later extends models.Model {
      static override readonly Meta = { appLabel: 'related' };
      declare static readonly objects: models.Manager<Later>;
      @models.ForeignKey(() => Maker, { onDelete: models.CASCADE }) declare maker: Maker;
    }
    expect(referring(Maker._meta)).toEqual(['related.Later.maker', ...BEFORE]);
    await create(Later);
    const second = await make();
    await Later.objects.create({ maker: second });
    expect(await second.delete()).toEqual([2, { 'related.Maker': 1, 'related.Later': 1 }]);
    expect(await Later.objects.count()).toBe(0);
  });

  it('is that of the state in a state of migrations', () => {
    const state = new ProjectState();
    const id = ['id', new models.AutoField({ primaryKey: true })] as const;
    new CreateModel({ name: 'Maker', fields: [id] }).stateForwards('related', state);
    const alone = state.apps;
    new CreateModel({
      name: 'Old',
      fields: [id, ['maker', new models.ForeignKey('related.maker', { onDelete: models.CASCADE })]],
    }).stateForwards('related', state);
    expect(referring(alone.getOptions('related', 'maker'))).toEqual([]);
    expect(referring(state.apps.getOptions('related', 'maker'))).toEqual(['related.Old.maker']);
  });
});

describe('a field', () => {
  it('knows the property of its value, and a copy of it its own', () => {
    const field = Thing._meta.getField('first_maker');
    expect(field.property).toBe('firstMakerId');
    const copy = field.clone();
    copy.contributeTo(Thing._meta, 'other_one');
    expect([copy.property, field.property]).toEqual(['otherOneId', 'firstMakerId']);
  });

  it('refers to what its model’s registry has, and a copy to what its own has', () => {
    const modelWith = (name: string, ...fields: [string, models.Field][]): Options =>
      new Options({
        appLabel: 'related',
        objectName: name,
        fields,
        options: {},
        registry: { find: () => target },
      });
    let target = modelWith('Maker', ['id', new models.AutoField({ primaryKey: true })]);
    const thing = modelWith('Thing', ['maker', new models.ForeignKey('Maker', { onDelete: models.CASCADE })]);
    const field = thing.getField('maker') as InstanceType<typeof models.ForeignKey>;
    expect(field.targetField.name).toBe('id');
    target = modelWith('Maker', ['key', new models.CharField({ maxLength: 5, primaryKey: true })]);
    const copy = modelWith('Thing', ['maker', field]).getField('maker') as typeof field;
    expect(copy.targetField.name).toBe('key');
    expect(field.targetField.name).toBe('id');
  });
});
