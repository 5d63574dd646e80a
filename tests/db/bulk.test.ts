/** Many rows in few statements, and what a query writes without reading. Statements are counted as Django sends them. */
import './settings';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { onEveryDatabase, statementsOf } from '../support/model_tables';

const meta = (extra: models.MetaOptions = {}): models.MetaOptions => ({ appLabel: 'bulk', ...extra });

class Country extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Country>;
  declare id: number;
  @models.CharField({ maxLength: 20, unique: true }) declare code: string;
  @models.CharField({ maxLength: 20, default: '' }) declare name: string;
  @models.IntegerField({ default: 0 }) declare rank: number;
  @models.DateTimeField({ autoNow: true }) declare changed: Date;
}

class City extends models.Model {
  static override readonly Meta = meta({ ordering: ['name'] });
  declare static readonly objects: models.Manager<City>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.ForeignKey(() => Country, { onDelete: models.CASCADE, null: true })
  declare country: models.RelatedOrNull<Country>;
  declare countryId: number | null;
  @models.JSONField({ null: true }) declare facts: unknown;
  @models.DecimalField({ maxDigits: 8, decimalPlaces: 2, null: true }) declare area: string | null;
  @models.BinaryField({ null: true }) declare seal: Uint8Array | null;
  @models.DateField({ null: true }) declare founded: string | null;
}

class Nation extends Country {
  static override readonly Meta = meta({ proxy: true });
  declare static readonly objects: models.Manager<Nation>;
}

class Keyed extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Keyed>;
  @models.CharField({ maxLength: 20, primaryKey: true }) declare key: string;
  @models.IntegerField({ default: 1 }) declare n: number;
}

class Lone extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Lone>;
  declare id: number;
}

class Place extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Place>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
}

class Inn extends Place {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Inn>;
  @models.IntegerField({ default: 1 }) declare beds: number;
}

const { Count, F, OuterRef, Subquery } = models;
const verbs = async (work: () => unknown): Promise<string> =>
  (await statementsOf(work))
    .filter((sql) => sql !== 'SELECT VERSION() AS version')
    .map((sql) => sql.split(' ')[0])
    .join(' ');

async function failure(work: () => PromiseLike<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'it did not fail';
}

onEveryDatabase(
  () => [Country, City, Keyed, Lone, Place, Inn],
  ({ engine }) => {
    const countries = (...codes: string[]): Country[] => codes.map((code) => new Country({ code }));
    const codes = async (): Promise<string> =>
      (await Country.objects.orderBy('code')).map(({ code }) => code).join(' ');

    describe('bulkCreate', () => {
      it('is one statement; the instances get their keys and are no longer new', async () => {
        const all = countries('a', 'b', 'c');
        let made: Country[] = [];
        expect(
          await verbs(async () => {
            made = await Country.objects.bulkCreate(all);
          }),
        ).toBe('INSERT');
        expect(made).toEqual(all);
        expect(made.map(({ _state: { adding, db } }) => [adding, db])).toEqual(
          Array(3).fill([false, 'default']),
        );
        for (const { id, code } of all) expect((await Country.objects.get({ id })).code).toBe(code);
        expect(all[0]?.changed).toBeInstanceOf(Date);
        expect(await verbs(() => Country.objects.bulkCreate([]))).toBe('');
      });

      it('writes those with keys and those without apart, and takes batches', async () => {
        const all = [...countries('a', 'b'), new Country({ id: 90, code: 'z' })];
        expect(await verbs(() => Country.objects.bulkCreate(all))).toBe('INSERT INSERT');
        expect(all.map(({ id }) => typeof id)).toEqual(['number', 'number', 'number']);
        expect(
          await verbs(() => Country.objects.bulkCreate(countries('c', 'd', 'e'), { batchSize: 2 })),
        ).toBe('INSERT INSERT');
        expect(await codes()).toBe('a b c d e z');
        expect(await failure(() => Country.objects.bulkCreate(countries('f'), { batchSize: 0 }))).toBe(
          'ValueError: Batch size must be a positive integer.',
        );
      });

      it('makes rows of a proxy', async () => {
        await Nation.objects.bulkCreate([new Nation({ code: 'p', name: 'Pe' })]);
        expect((await Country.objects.get()).name).toBe('Pe');
        expect(await Nation.objects.bulkUpdate(await Nation.objects.all(), ['name'])).toBe(1);
      });

      it('makes rows with keys of their own, and rows of a key alone', async () => {
        await Keyed.objects.bulkCreate([new Keyed({ key: 'x' }), new Keyed({ key: 'y', n: 2 })]);
        expect(await Keyed.objects.orderBy('key').values('key', 'n')).toEqual([
          { key: 'x', n: 1 },
          { key: 'y', n: 2 },
        ]);
        const lone = [new Lone(), new Lone()];
        await Lone.objects.bulkCreate(lone);
        expect(await Lone.objects.count()).toBe(2);
        expect(lone.every(({ id }) => typeof id === 'number')).toBe(true);
      });

      it('makes more rows than a statement has parameters', async () => {
        const all = Array.from({ length: 1000 }, (_, n) => new Country({ code: `c${n}`, rank: n }));
        await Country.objects.bulkCreate(all);
        expect(await Country.objects.count()).toBe(1000);
        expect((await Country.objects.get({ id: all[777]?.id as number })).rank).toBe(777);
      });

      it('writes nothing of it when one row cannot be', async () => {
        expect(
          await failure(() => Country.objects.bulkCreate(countries('a', 'b', 'c', 'a'), { batchSize: 2 })),
        ).toMatch(/^IntegrityError/);
        expect(await codes()).toBe('');
      });

      it('leaves rows out that are there, or updates them', async () => {
        await Country.objects.bulkCreate(countries('a', 'b'));
        await Country.objects.bulkCreate(countries('b', 'c'), { ignoreConflicts: true });
        expect(await codes()).toBe('a b c');
        const changed = [
          new Country({ code: 'b', name: 'Bee', rank: 9 }),
          new Country({ code: 'd', name: 'Dee', rank: 9 }),
        ];
        const options = { updateConflicts: true, updateFields: ['name'] };
        await Country.objects.bulkCreate(
          changed,
          engine === 'mysql' ? options : { ...options, uniqueFields: ['code'] },
        );
        expect(await Country.objects.orderBy('code').values('code', 'name', 'rank')).toEqual([
          { code: 'a', name: '', rank: 0 },
          { code: 'b', name: 'Bee', rank: 0 },
          { code: 'c', name: '', rank: 0 },
          { code: 'd', name: 'Dee', rank: 9 },
        ]);
      });

      it('refuses what cannot be', async () => {
        const all = (options: object): Promise<string> =>
          failure(() => Country.objects.bulkCreate(countries('a'), options));
        const target = engine === 'mysql' ? {} : { uniqueFields: ['code'] };
        expect(await all({ ignoreConflicts: true, updateConflicts: true })).toBe(
          'ValueError: ignoreConflicts and updateConflicts are mutually exclusive.',
        );
        expect(await all({ updateConflicts: true, ...target })).toBe(
          'ValueError: Fields that will be updated when a row insertion fails on conflicts must be provided.',
        );
        expect(await all({ updateConflicts: true, updateFields: ['id'], ...target })).toBe(
          'ValueError: bulkCreate() cannot be used with primary keys in updateFields.',
        );
        expect(await all({ updateConflicts: true, updateFields: ['nosuch'], ...target })).toBe(
          "FieldDoesNotExist: Country has no field named 'nosuch'",
        );
        expect(
          await all({
            updateConflicts: true,
            updateFields: ['name'],
            ...(engine === 'mysql' && { uniqueFields: ['code'] }),
          }),
        ).toBe(
          engine === 'mysql'
            ? 'NotSupportedError: This database backend does not support updating conflicts with specifying unique ' +
                'fields that can trigger the upsert.'
            : 'ValueError: Unique fields that can trigger the upsert must be provided.',
        );
        expect(await all({ updateConflicts: true, updateFields: ['city'], ...target })).toBe(
          'ValueError: bulkCreate() can only be used with concrete fields in updateFields.',
        );
        expect(await failure(() => Inn.objects.bulkCreate([new Inn({ name: 'x' })]))).toBe(
          "ValueError: Can't bulk create a multi-table inherited model",
        );
        const city = new City({ name: 'x', country: new Country({ code: 'n' }) });
        expect(await failure(() => City.objects.bulkCreate([city]))).toBe(
          "ValueError: bulkCreate() prohibited to prevent data loss due to unsaved related object 'country'.",
        );
      });
    });

    describe('bulkUpdate', () => {
      it('writes the fields of each instance in one statement: values of every kind, and expressions', async () => {
        const [a] = await Country.objects.bulkCreate(countries('a'));
        const cities = ['x', 'y', 'z'].map((name) => new City({ name }));
        await City.objects.bulkCreate(cities);
        const [x, y, z] = cities as [City, City, City];
        Object.assign(x, { name: 'X', facts: { n: [1, null] }, area: '1.50', seal: Buffer.from([0, 255]) });
        Object.assign(y, { name: 'Y', country: a, founded: '1999-12-31' });
        let count = 0;
        const sent = await verbs(async () => {
          count = await City.objects.bulkUpdate(cities, [
            'name',
            'country',
            'facts',
            'area',
            'seal',
            'founded',
          ]);
        });
        expect([count, sent]).toEqual([3, 'UPDATE']);
        const rows = await City.objects.orderBy('id');
        expect(
          rows.map(({ name, countryId, facts, area, founded }) => [name, countryId, facts, area, founded]),
        ).toEqual([
          ['X', null, { n: [1, null] }, '1.50', null],
          ['Y', a?.id, null, null, '1999-12-31'],
          ['z', null, null, null, null],
        ]);
        expect(Buffer.from(rows[0]?.seal ?? []).toString('hex')).toBe('00ff');
        z.countryId = a?.id as number;
        expect(await City.objects.filter({ name: 'x' }).bulkUpdate([z], ['country'])).toBe(0);
        if (a) a.rank = F('rank').add(5) as never;
        expect(await Country.objects.bulkUpdate([a as Country], ['rank'])).toBe(1);
        expect((await Country.objects.get()).rank).toBe(5);
      });

      it('writes in batches, all or none', async () => {
        const all = await Country.objects.bulkCreate(countries('a', 'b', 'c'));
        for (const each of all) each.name = each.code.toUpperCase();
        expect(await verbs(() => Country.objects.bulkUpdate(all, ['name'], { batchSize: 2 }))).toBe(
          'UPDATE UPDATE',
        );
        expect((await Country.objects.orderBy('code')).map(({ name }) => name)).toEqual(['A', 'B', 'C']);
        for (const each of all) each.code = 'same';
        expect(await failure(() => Country.objects.bulkUpdate(all, ['code'], { batchSize: 1 }))).toMatch(
          /^IntegrityError/,
        );
        expect(await codes()).toBe('a b c');
      });

      it('updates a child’s and its parent’s table', async () => {
        const inn = await Inn.objects.create({ name: 'a' });
        Object.assign(inn, { name: 'b', beds: 7 });
        expect(await Inn.objects.bulkUpdate([inn], ['name', 'beds'])).toBe(1);
        expect(await Inn.objects.get()).toMatchObject({ name: 'b', beds: 7 });
      });

      it('refuses what cannot be', async () => {
        const [a] = (await Country.objects.bulkCreate(countries('a'))) as [Country];
        expect(await failure(() => Country.objects.bulkUpdate([a], []))).toBe(
          'ValueError: Field names must be given to bulkUpdate().',
        );
        expect(await failure(() => Country.objects.bulkUpdate(countries('n'), ['name']))).toBe(
          'ValueError: All bulkUpdate() objects must have a primary key set.',
        );
        expect(await failure(() => Country.objects.bulkUpdate([a], ['id']))).toBe(
          'ValueError: bulkUpdate() cannot be used with primary key fields.',
        );
        expect(await failure(() => Country.objects.bulkUpdate([a], ['name'], { batchSize: -1 }))).toBe(
          'ValueError: Batch size must be a positive integer.',
        );
        expect(await Country.objects.bulkUpdate([], ['name'])).toBe(0);
      });
    });

    describe('update', () => {
      beforeEach(async () => {
        const [a, b] = (await Country.objects.bulkCreate(countries('a', 'b'))) as [Country, Country];
        await City.objects.bulkCreate([
          new City({ name: 'x', country: a }),
          new City({ name: 'y', country: a }),
          new City({ name: 'z', country: b }),
        ]);
      });

      it('takes expressions, annotations and subqueries', async () => {
        await Country.objects.update({ rank: F('rank').add(2) });
        await Country.objects.annotate({ twice: F('rank').mul(2) }).update({ rank: F('twice') } as never);
        expect((await Country.objects.all()).map(({ rank }) => rank)).toEqual([4, 4]);
        const cities = City.objects.filter({ country: OuterRef('pk') }).orderBy('-name');
        await Country.objects.update({ name: Subquery(cities.values('name').slice(0, 1)) as never });
        expect((await Country.objects.orderBy('code')).map(({ name }) => name)).toEqual(['y', 'z']);
        expect(
          await failure(() =>
            Country.objects.annotate({ n: Count('city') }).update({ rank: F('n') } as never),
          ),
        ).toMatch(/^FieldError/);
        expect(await failure(() => City.objects.update({ name: F('country__code') } as never))).toBe(
          'FieldError: Joined field references are not permitted in this query',
        );
      });

      it('finds rows by joins, and by aggregates', async () => {
        expect(await City.objects.filter({ country__code: 'a' }).update({ name: 'q' })).toBe(2);
        const full = Country.objects.annotate({ n: Count('city') }).filter({ n__gt: 1 });
        expect(await full.update({ rank: 9 })).toBe(1);
        expect((await Country.objects.orderBy('code')).map(({ rank }) => rank)).toEqual([9, 0]);
        const sent = await statementsOf(() =>
          City.objects.filter({ country__code: 'a' }).update({ name: 'q' }),
        );
        expect(sent).toHaveLength(engine === 'mysql' ? 2 : 1);
        expect(await verbs(() => City.objects.filter({ country__code: 'a' }).delete())).toBe('DELETE');
        expect(await City.objects.count()).toBe(1);
      });

      it('keeps the order where the database has one', async () => {
        await Country.objects.update({ rank: F('id') });
        const [first] = await statementsOf(() => Country.objects.orderBy('-code').update({ name: 'n' }));
        expect(first?.includes('ORDER BY')).toBe(engine === 'mysql');
      });

      it('does not sort by an aggregate', async () => {
        const rows = Country.objects.annotate({ n: Count('city') }).orderBy('-n');
        expect(await failure(() => rows.update({ rank: 1 }))).toMatch(
          /^FieldError: Cannot update when ordering by an aggregate: /,
        );
      });

      it('refuses slices, combined rows, and what is no column', async () => {
        const all = Country.objects.all();
        expect(await failure(() => all.slice(0, 1).update({ rank: 1 }))).toBe(
          'TypeError: Cannot update a query once a slice has been taken.',
        );
        expect(await failure(() => all.distinct('code').update({ rank: 1 }))).toBe(
          'TypeError: Cannot call update() after .distinct(*fields).',
        );
        expect(await failure(() => all.union(all as never).update({ rank: 1 }))).toBe(
          'NotSupportedError: Calling QuerySet.update() after union() is not supported.',
        );
        expect(await failure(() => all.update({ nosuch: 1 } as never))).toBe(
          "FieldDoesNotExist: Country has no field named 'nosuch'",
        );
        expect(await failure(() => all.update({ city: 1 } as never))).toMatch(
          /^FieldError: Cannot update model field/,
        );
      });
    });

    describe('getOrCreate and updateOrCreate', () => {
      it('make a row of plain conditions and defaults; functions are called when it is made', async () => {
        const rank = jest.fn(() => 3);
        const conditions = { code: 'a', name__in: ['x', 'y'] } as never;
        const [row, created] = await Country.objects.getOrCreate(conditions, { name: 'x', rank } as never);
        expect([row.code, row.name, row.rank, created]).toEqual(['a', 'x', 3, true]);
        expect((await Country.objects.getOrCreate(conditions, { rank } as never))[1]).toBe(false);
        expect(rank).toHaveBeenCalledTimes(1);
        expect(
          await failure(() => Country.objects.getOrCreate({ code: 'q' }, { nosuch: 1, b: 2 } as never)),
        ).toBe("FieldError: Invalid field name(s) for model Country: 'b', 'nosuch'.");
      });

      it('update what they name and what sets itself, and make a row of other values', async () => {
        const update = (): Promise<[Country, boolean]> =>
          Country.objects.updateOrCreate(
            { code: 'a' },
            { rank: 5 },
            { createDefaults: { rank: 1, name: 'new' } },
          );
        expect((await update())[1]).toBe(true);
        expect(await Country.objects.get()).toMatchObject({ rank: 1, name: 'new' });
        const before = (await Country.objects.get()).changed;
        await new Promise((resolve) => setTimeout(resolve, 5));
        const sent = await statementsOf(update);
        expect(sent[1]).toMatch(/^UPDATE .bulk_country. SET .rank. = \?, .changed. = \? WHERE/);
        const after = await Country.objects.get();
        expect([after.rank, after.name, after.changed > before]).toEqual([5, 'new', true]);
        expect(sent[0]?.includes('FOR UPDATE')).toBe(engine !== 'better-sqlite3' && engine !== 'node:sqlite');
      });

      it('fifty callers at the same time make one row', async () => {
        const all = await Promise.all(
          Array.from({ length: 50 }, () => Country.objects.getOrCreate({ code: 'once' }, { name: 'x' })),
        );
        expect(all.filter(([, created]) => created)).toHaveLength(1);
        expect(new Set(all.map(([{ id }]) => id)).size).toBe(1);
        const changed = await Promise.all(
          Array.from({ length: 50 }, () =>
            Country.objects.updateOrCreate(
              { code: 'twice' },
              { rank: F('rank').add(1) as never },
              {
                createDefaults: { rank: 1 },
              },
            ),
          ),
        );
        expect(changed.filter(([, created]) => created)).toHaveLength(1);
        expect((await Country.objects.get({ code: 'twice' })).rank).toBe(50);
        expect(await connections.get().isUsable()).toBe(true);
      });
    });
  },
);
