/** Fields of several words in Meta and in relations: by what TypeScript calls them, or by what Django does. */
import './settings';
import { Error as CheckError } from 'tsango/core/checks';
import type { ValidationError } from 'tsango/core/exceptions';
import { serialize } from 'tsango/core/serializers';
import { IntegrityError } from 'tsango/db';
import { modelStateOf } from 'tsango/db/migrations/model_states';
import * as models from 'tsango/db/models';
import { onEachDatabase } from '../support/each_database';

const { F, Q } = models;

function shift(appLabel: string, meta: (spelled: (name: string) => string) => models.MetaOptions) {
  const spelled = (name: string): string =>
    appLabel === 'properties' ? name : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  class Shift extends models.Model {
    static override readonly Meta: models.MetaOptions = {
      appLabel,
      dbTable: 'works_shift',
      ...meta(spelled),
    };
    declare static readonly objects: models.Manager<Shift>;
    declare id: number;
    @models.CharField({ maxLength: 20 }) declare workerName: string;
    @models.IntegerField() declare firstHour: number;
    @models.IntegerField({ default: 0 }) declare lastHour: number;
    @models.BooleanField({ default: true }) declare isPaid: boolean;
    @models.GeneratedField({
      expression: F(spelled('lastHour')).sub(F(spelled('firstHour'))),
      outputField: new models.IntegerField(),
      dbPersist: true,
    })
    declare readonly hourCount: number;
  }
  return Shift;
}

const meta = (spelled: (name: string) => string): models.MetaOptions => ({
  ordering: [`-${spelled('firstHour')}`],
  getLatestBy: spelled('firstHour'),
  uniqueTogether: [[spelled('workerName'), spelled('firstHour')]],
  indexes: [
    new models.Index({ fields: [spelled('isPaid'), `-${spelled('lastHour')}`] }),
    new models.Index({ fields: [spelled('isPaid')], include: [spelled('workerName')], name: 'paid_first' }),
  ],
  constraints: [
    new models.UniqueConstraint({ fields: [spelled('workerName'), spelled('lastHour')], name: 'one_end' }),
    new models.UniqueConstraint({
      fields: [spelled('firstHour')],
      condition: new Q({ [spelled('isPaid')]: false }),
      name: 'one_unpaid',
    }),
    new models.CheckConstraint({
      condition: new Q({ [`${spelled('firstHour')}__gte`]: 0 }),
      name: 'hours',
    }),
  ],
});

const ByProperty = shift('properties', meta);
const ByField = shift('names', meta);

onEachDatabase([ByProperty], {}, () => {
  it('make the same table, which keeps what they say', async () => {
    const { objects } = ByProperty;
    await objects.create({ workerName: 'Ada', firstHour: 8, lastHour: 12 });
    const refused: [string, object][] = [
      ['together', { workerName: 'Ada', firstHour: 8, lastHour: 13 }],
      ['a constraint', { workerName: 'Ada', firstHour: 9, lastHour: 12 }],
      ['a check', { workerName: 'Bob', firstHour: -1 }],
    ];
    for (const [why, values] of refused) {
      const outcome = await objects.create(values as never).catch((error: unknown) => error);
      expect([why, outcome]).toEqual([why, expect.any(IntegrityError)]);
    }
    const shift = new ByProperty({ workerName: 'Ada', firstHour: 8, lastHour: 12 });
    const error = await shift.fullClean().catch((reason: unknown) => reason);
    expect((error as ValidationError).messages.sort()).toEqual([
      'Shift with this Worker name and First hour already exists.',
      'Shift with this Worker name and Last hour already exists.',
    ]);
    expect(await objects.latest().then((row) => [row.workerName, row.hourCount])).toEqual(['Ada', 4]);
  });
});

it('are fields in migrations, and give indexes the same names', () => {
  const written = (model: typeof ByProperty) => {
    const { options } = modelStateOf(model._meta);
    return {
      together: options.uniqueTogether,
      indexes: options.indexes?.map(({ name, fields, include }) => [name, fields, include]),
      unique: options.constraints?.map((each) => ('fields' in each ? each.fields : [])),
    };
  };
  expect(written(ByProperty)).toEqual(written(ByField));
  expect(written(ByProperty)).toMatchObject({
    together: [['worker_name', 'first_hour']],
    indexes: [
      [expect.stringMatching(/^works_shift_is_paid_\w{6}_idx$/), ['is_paid', '-last_hour'], []],
      ['paid_first', ['is_paid'], ['worker_name']],
    ],
    unique: [['worker_name', 'last_hour'], ['first_hour'], []],
  });
});

it('are named by checks as they were given where there is no such field', async () => {
  const Wrong = shift('wrong', () => ({
    uniqueTogether: [['workerNames', 'firstHour']],
    indexes: [new models.Index({ fields: ['isUnpaid'], name: 'wrong' })],
  }));
  const found = await Promise.resolve(Wrong.check());
  expect(found.filter((each) => each instanceof CheckError).map(({ msg }) => msg)).toEqual([
    "'uniqueTogether' refers to the nonexistent field 'workerNames'.",
    "'indexes' refers to the nonexistent field 'isUnpaid'.",
  ]);
});

it('one set of fields stands for a list of it', async () => {
  const Flat = shift('flat', () => ({ uniqueTogether: ['workerName', 'firstHour'] as never }));
  expect(await Flat.check()).toEqual([]);
  expect(modelStateOf(Flat._meta).options.uniqueTogether).toEqual([['worker_name', 'first_hour']]);
  const Mixed = shift('mixed', () => ({ uniqueTogether: [['workerName'], 42] as never }));
  expect((await Mixed.check()).map(({ id }) => id)).toEqual(['models.E011']);
});

class Guild extends models.Model {
  static override readonly Meta = { appLabel: 'guilds' };
  declare static readonly objects: models.Manager<Guild>;
  declare id: number;
  @models.CharField({ maxLength: 5, unique: true }) declare shortCode: string;
}

class Master extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'guilds', orderWithRespectTo: 'homeGuild' };
  declare static readonly objects: models.Manager<Master>;
  declare id: number;
  @models.ForeignKey(() => Guild, {
    onDelete: models.CASCADE,
    toField: 'shortCode',
    relatedName: 'allMasters',
  })
  declare homeGuild: models.Related<Guild>;
  declare homeGuildId: string;
  @models.ManyToManyField(() => Guild, {
    through: 'guilds.Visit',
    throughFields: ['visitingMaster', 'visitedGuild'],
    relatedName: 'allGuests',
  })
  declare allVisits: models.RelatedManager<Guild>;
}

class Visit extends models.Model {
  static override readonly Meta = { appLabel: 'guilds' };
  declare static readonly objects: models.Manager<Visit>;
  declare id: number;
  @models.ForeignKey(() => Guild, { onDelete: models.CASCADE, relatedName: '+' })
  declare askingGuild: models.Related<Guild>;
  @models.ForeignKey(() => Guild, { onDelete: models.CASCADE, relatedName: '+' })
  declare visitedGuild: models.Related<Guild>;
  @models.ForeignKey(() => Master, { onDelete: models.CASCADE, relatedName: '+' })
  declare visitingMaster: models.Related<Master>;
}

describe('relations', () => {
  onEachDatabase([Guild, Master, Visit], {}, () => {
    it('go by properties', async () => {
      const [here, there] = [
        await Guild.objects.create({ shortCode: 'HERE' }),
        await Guild.objects.create({ shortCode: 'THERE' }),
      ];
      const master = await Master.objects.create({ homeGuild: here });
      await Visit.objects.create({ askingGuild: here, visitedGuild: there, visitingMaster: master });
      expect(master.homeGuildId).toBe('HERE');
      expect((await master.allVisits.all()).map(({ shortCode }) => shortCode)).toEqual(['THERE']);
      expect(await Master.objects.filter({ allVisits__shortCode: 'HERE' }).count()).toBe(0);
      expect(
        JSON.parse(String(await serialize('json', Master.objects.all(), { fields: ['homeGuild'] }))),
      ).toEqual([{ model: 'guilds.master', pk: master.pk, fields: { home_guild: 'HERE' } }]);
    });
  });

  it('are checked, and name fields in migrations', async () => {
    expect(await Master.check()).toEqual([]);
    const { fields, options } = modelStateOf(Master._meta);
    expect(options.orderWithRespectTo).toBe('home_guild');
    expect(fields.get('home_guild')?.options).toMatchObject({ toField: 'short_code' });
    expect(fields.get('all_visits')?.options).toMatchObject({
      throughFields: ['visiting_master', 'visited_guild'],
    });
  });
});
