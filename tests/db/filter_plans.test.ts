/** A filter that comes again with other values asks what it would have asked if it had never come before. */
import './settings';
import fc from 'fast-check';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import type { Compiler, Sql } from 'tsango/db/models/expressions/base';
import { EmptyResultSet } from 'tsango/db/models/expressions/base';
import { Exact } from 'tsango/db/models/lookups/builtin';
import { SelectCompiler } from 'tsango/db/models/sql/compiler/select';
import { Query } from 'tsango/db/models/sql/query';
import { onEveryDatabase, statementsOf } from '../support/model_tables';

class Maker extends models.Model {
  static override readonly Meta = { appLabel: 'filter_plans' };
  declare static readonly objects: models.Manager<Maker>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.Reverse(() => Thing, 'maker') declare readonly things: models.RelatedManager<Thing>;
}

class Thing extends models.Model {
  static override readonly Meta = { appLabel: 'filter_plans', ordering: ['-count', 'id'] };
  declare static readonly objects: models.Manager<Thing>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.IntegerField({ null: true }) declare count: number | null;
  @models.BooleanField({ default: true }) declare sold: boolean;
  @models.DateTimeField({ null: true }) declare made: Date | null;
  @models.ForeignKey(() => Maker, { onDelete: models.CASCADE, null: true, relatedName: 'things' })
  declare maker: models.RelatedOrNull<Maker>;
  declare makerId: number | null;
  @models.ManyToManyField(() => Maker, { relatedName: 'likes' })
  declare readonly likedBy: models.ManyToManyManager<Maker>;
}

type Filter = Readonly<Record<string, unknown>>;

/** What a new query for these rows would ask, with nothing remembered. */
function asked(
  filter: Filter,
  question: 'rows' | 'get' | 'exists',
): readonly [string, readonly unknown[]] | undefined {
  let query = new Query(Thing._meta);
  query.addQ(new models.Q(filter));
  if (question === 'get') {
    query.clearOrdering();
    query.setLimits(0, 21);
  }
  if (question === 'exists') query = query.exists();
  try {
    return new SelectCompiler(query, connections.get(), true).asSql();
  } catch (error) {
    if (error instanceof EmptyResultSet) return undefined;
    throw error;
  }
}

/** What somebody sends. */
async function sent(
  work: () => PromiseLike<unknown>,
): Promise<readonly [string, readonly unknown[]] | undefined> {
  const spy = jest.spyOn(connections.get(), 'execute');
  try {
    await Promise.resolve(work()).catch((error: unknown) => {
      if (!(error instanceof Thing.DoesNotExist || error instanceof Thing.MultipleObjectsReturned))
        throw error;
    });
    const [call] = spy.mock.calls;
    return call && [call[0], call[1] ?? []];
  } finally {
    spy.mockRestore();
  }
}

const number = fc.oneof(fc.integer(), fc.constant(2 ** 70), fc.bigInt({ min: 0n, max: 2n ** 80n }));
const text = fc.string({ maxLength: 5 });
const instant = fc.date({ min: new Date(0), max: new Date(2e12), noInvalidDate: true });
const values: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  id: number,
  pk: number,
  pk__in: fc.array(fc.integer(), { maxLength: 4 }),
  count: fc.oneof(number, fc.constant(null)),
  count__gt: number,
  count__lte: number,
  count__isnull: fc.boolean(),
  count__range: fc.tuple(fc.integer(), fc.integer()),
  name: text,
  name__startswith: text,
  name__iexact: text,
  sold: fc.boolean(),
  made__lt: instant,
  made__year: fc.integer({ min: 1, max: 9999 }),
  maker: fc.integer(),
  maker__isnull: fc.boolean(),
  makerId__in: fc.array(fc.integer(), { maxLength: 3 }),
  maker__name: text,
  maker__name__isnull: fc.boolean(),
  likedBy__isnull: fc.boolean(),
  maker__name__contains: text,
  likedBy__name: text,
  likedBy__likes__count: number,
};
const filters = fc
  .uniqueArray(fc.constantFrom(...Object.keys(values)), { minLength: 1, maxLength: 4 })
  .chain((names) =>
    fc.array(
      fc.record(Object.fromEntries(names.map((name) => [name, values[name] as fc.Arbitrary<unknown>]))),
      {
        minLength: 2,
        maxLength: 3,
      },
    ),
  );

onEveryDatabase(
  () => [Maker, Thing],
  ({ engine, isSqlite }) => {
    it('asks the same as the first time, whatever the values are', async () => {
      await fc.assert(
        fc.asyncProperty(filters, async (all) => {
          for (const filter of all) {
            const rows = (): models.QuerySet<Thing> => Thing.objects.filter(filter as never);
            expect(await sent(rows)).toEqual(asked(filter, 'rows'));
            expect(await sent(() => Thing.objects.get(filter as never))).toEqual(asked(filter, 'get'));
            expect(await sent(() => rows().exists())).toEqual(asked(filter, 'exists'));
            // Whoever goes on from there has the query itself.
            expect(await sent(() => rows().filter({ count: 1 }).exclude({ name: 'x' }).count())).toEqual(
              await sent(() =>
                Thing.objects
                  .all()
                  .filter(filter as never)
                  .filter({ count: 1 })
                  .exclude({ name: 'x' })
                  .count(),
              ),
            );
          }
        }),
        { numRuns: isSqlite ? 150 : 15 },
      );
    });

    if (isSqlite) once();

    if (engine === 'postgresql') {
      it('survives a change of its table, where the server keeps the statement', async () => {
        const { id } = await Thing.objects.create({ name: 'x' });
        for (const type of ['text', 'varchar(20)']) {
          for (let times = 0; times < 3; times++) {
            expect((await Thing.objects.get({ id })).name).toBe('x');
          }
          await connections.get().execute(`ALTER TABLE filter_plans_thing ALTER COLUMN name TYPE ${type}`);
        }
        for (let times = 0; times < 2; times++) expect((await Thing.objects.get({ id })).name).toBe('x');
        const { rows } = await connections
          .get()
          .execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'tsango%'");
        expect(rows.length).toBeGreaterThan(0);
      });
    }

    it('finds the rows of the values', async () => {
      const maker = await Maker.objects.create({ name: 'Ada' });
      for (const count of [1, 2, 3]) await Thing.objects.create({ name: `n${count}`, count, maker });
      for (const count of [1, 2, 3]) {
        expect((await Thing.objects.get({ count })).name).toBe(`n${count}`);
        expect(await Thing.objects.filter({ count, maker__name: 'Ada' }).exists()).toBe(true);
        expect(await Thing.objects.filter({ count, maker__name: 'Bob' }).exists()).toBe(false);
        expect(await Thing.objects.filter({ count }).update({ count: count * 10 })).toBe(1);
      }
      await expect(Thing.objects.get({ count: 1 })).rejects.toThrow(Thing.DoesNotExist);
      expect(await maker.things.filter({ count: 20 })).toHaveLength(1);
      expect(await maker.things.filter({ count: 30 })).toHaveLength(1);
    });
  },
);

/** What is the same on each database. */
function once(): void {
  const made = (filter: Filter): readonly [string, readonly unknown[]] =>
    Thing.objects.filter(filter as never).toSql();

  it('knows lookups that are registered since, and no longer those that were taken back', () => {
    class Twice extends Exact {
      override asSql(compiler: Compiler, connection: ReturnType<typeof connections.get>): Sql {
        const [sql, params] = super.asSql(compiler, connection);
        return [`${sql} * 2`, params];
      }
    }
    const plain = made({ count: 1 });
    const takeBack = models.IntegerField.registerLookup(Twice as never);
    expect(made({ count: 1 })[0]).toBe(`${plain[0].replace(/= \?/, '= ? * 2')}`);
    takeBack();
    expect(made({ count: 1 })).toEqual(plain);
  });

  it('builds its condition once', async () => {
    const build = jest.spyOn(Query.prototype, 'addQ');
    const ask = async (count: number): Promise<unknown> => [
      await Thing.objects.filter({ count, sold: true, maker__name__endswith: 'x' }),
      await Thing.objects.filter({ count, sold: true, maker__name__endswith: 'y' }).orderBy('name'),
    ];
    await ask(1);
    expect(build).toHaveBeenCalledTimes(1);
    await ask(2);
    expect(build).toHaveBeenCalledTimes(1);
    build.mockRestore();
  });

  it('refuses what it refused, where it did', () => {
    made({ count: 1, name: 'x' });
    expect(() => Thing.objects.filter({ count__isnull: 3 } as never)).toThrow(
      'The QuerySet value for an isnull lookup must be True or False.',
    );
    expect(() => made({ '5ncount': 1 })).toThrow("Cannot resolve keyword '5ncount' into field.");
    expect(() => made({ count: 'many' })).toThrow("Field 'count' expected a number but got 'many'.");
    expect(() => made({ count: 'many' })).toThrow("Field 'count' expected a number but got 'many'.");
  });

  it('is no filter of rows, of expressions, or of nothing', async () => {
    for (const value of [models.F('id'), null, undefined]) {
      const first = made({ count: value });
      expect(made({ count: value })).toEqual(first);
    }
    expect(made({ count: null })[0]).toContain('IS NULL');
    expect(made({ count: 4 })[0]).toContain('= ?');
    expect(await statementsOf(() => Thing.objects.filter({ count: 2 ** 70 }))).toEqual([]);
  });
}
