/** A chain of calls that comes again with other values asks what it would have asked if it had never come before. */
import './settings';
import fc from 'fast-check';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import type { Compiler, Sql } from 'tsango/db/models/expressions/base';
import { EmptyResultSet } from 'tsango/db/models/expressions/base';
import { FExpression } from 'tsango/db/models/expressions/value';
import { Exact } from 'tsango/db/models/lookups/builtin';
import { SelectCompiler } from 'tsango/db/models/sql/compiler/select';
import { Query } from 'tsango/db/models/sql/query';
import * as timezone from 'tsango/utils/timezone';
import { onEveryDatabase, statementsOf } from '../support/model_tables';

class Maker extends models.Model {
  static override readonly Meta = { appLabel: 'filter_plans', ordering: ['made__year'] };
  declare static readonly objects: models.Manager<Maker>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.DateTimeField({ null: true }) declare made: Date | null;
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

type Things = models.QuerySet<Thing>;
type Call = (rows: Things, filter: Filter) => Things;

/** Calls that ask nothing. What none of them can be after is refused by both. */
const calls: Readonly<Record<string, Call>> = {
  all: (rows) => rows.all(),
  filter: (rows, filter) => rows.filter(filter as never),
  exclude: (rows) => rows.exclude({ likedBy__name: 'x' }),
  narrow: (rows) => rows.filter({ likedBy__likes__count: 3 } as never),
  q: (rows) => rows.filter(new models.Q({ count: 1 }).or(new models.Q({ name: 'x' }))),
  order: (rows) => rows.orderBy('-maker__name', 'id'),
  byMaker: (rows) => rows.orderBy('maker', 'id'),
  byYear: (rows) => rows.orderBy('made__year', 'id'),
  reverse: (rows) => rows.reverse(),
  distinct: (rows) => rows.distinct(),
  few: (rows) => rows.slice(1, 5),
  none: (rows) => rows.slice(2, 2),
  rest: (rows) => rows.slice(3),
  related: (rows) => rows.selectRelated('maker') as unknown as Things,
  defer: (rows) => rows.defer('name') as unknown as Things,
  only: (rows) => rows.only('name', 'count') as unknown as Things,
  values: (rows) => rows.values('name', 'maker__name', 'made__year' as never) as unknown as Things,
  list: (rows) => rows.valuesList('id', 'count') as unknown as Things,
  flat: (rows) => rows.flat('likedBy__name') as unknown as Things,
  annotate: (rows) => rows.annotate({ n: models.Count('likedBy') }) as unknown as Things,
  distinctly: (rows) =>
    rows.annotate({ n: models.Count('likedBy', { distinct: true }) }) as unknown as Things,
  alias: (rows) => rows.alias({ n: models.Sum('count') }) as unknown as Things,
  next: (rows) =>
    rows.annotate({ n: models.F('count').add(models.F('maker__id')) } as never) as unknown as Things,
  perMaker: (rows) => rows.values('maker__name').annotate({ n: models.Max('count') }) as unknown as Things,
  shifted: (rows, filter) =>
    rows.annotate({
      n: models.F('count').add((filter as { count?: number }).count ?? 1),
    }) as unknown as Things,
  byN: (rows) => rows.orderBy('-n' as never, 'id'),
  manyN: (rows, filter) => rows.filter({ n__gt: (filter as { count?: number }).count ?? 0 } as never),
  someN: (rows) => rows.filter({ n__in: [1, 2, 3] } as never),
};
const questions: Readonly<Record<string, (rows: Things) => PromiseLike<unknown>>> = {
  rows: (rows) => rows,
  get: (rows) => rows.get(),
  first: (rows) => rows.first(),
  last: (rows) => rows.last(),
  count: (rows) => rows.count(),
  exists: (rows) => rows.exists(),
  text: async (rows) => rows.toSql(),
  greatest: (rows) => rows.aggregate({ greatest: models.Max('count'), all: models.Count('*') }),
  sumOfN: (rows) => rows.aggregate({ sum: models.Sum('n' as never) }),
};
/** New values of rows. */
const changes = fc.record(
  {
    name: fc.oneof(
      text,
      fc.constant(() => models.F('maker__name')),
    ),
    count: fc.oneof(
      fc.integer({ min: -1000, max: 1000 }),
      fc.constant(null),
      fc.integer({ min: -9, max: 9 }).map((by) => () => models.F('count').add(by)),
      fc.integer({ min: 1, max: 9 }).map((by) => () => models.F('id').mul(by).sub(models.F('count')).add(1)),
      fc.constant(() => new models.Value(3)),
      fc.constant(() => models.F('n')),
    ),
    sold: fc.boolean(),
    made: fc.oneof(instant, fc.constant(null)),
    maker: fc.constant(null),
  },
  { requiredKeys: [] },
);
const chains = fc.tuple(
  fc.array(fc.constantFrom(...Object.keys(calls)), { maxLength: 6 }),
  fc.constantFrom(...Object.keys(questions)),
  filters,
);

/** Rows by what was loaded of them. */
function shown(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(shown);
  return result instanceof models.Model ? { ...result } : result;
}

/** What a chain sends and comes to, or how it is refused. */
async function outcome(begin: () => Things, [names, question]: [string[], string], filter: Filter) {
  let result: unknown;
  const statement = await sent(async () => {
    try {
      const rows = names.reduce((all, name) => (calls[name] as Call)(all, filter), begin());
      result = shown(await questions[question]?.(rows));
    } catch (error) {
      result = String(error);
    }
  });
  return { statement, result };
}

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

    it('asks the same after any calls', async () => {
      const maker = await Maker.objects.create({ name: 'Ada', made: new Date(0) });
      for (const count of [1, 2, 3, 4, 5, 6, 7]) {
        const thing = await Thing.objects.create({
          name: `n${count % 3}`,
          count,
          maker,
          made: new Date(count * 4e10),
        });
        await thing.likedBy.add(maker);
      }
      // A query that was given has no plan.
      const unplanned = (): Things => new models.QuerySet(Thing, new Query(Thing._meta));
      const zones = ['UTC', 'Asia/Tokyo', 'America/New_York'];
      await fc.assert(
        fc.asyncProperty(chains, async ([names, question, all]) => {
          // As often as it takes until each call has come before.
          for (let times = 0; times < 8; times++) {
            await timezone.override(zones[times % 3] as string, async () => {
              const filter = all[times % all.length] as Filter;
              expect(await outcome(() => Thing.objects.all(), [names, question], filter)).toEqual(
                await outcome(unplanned, [names, question], filter),
              );
            });
          }
        }),
        { numRuns: isSqlite ? 150 : 30 },
      );
    });

    it('gives conditions on groups their own values, where those of rows were the same at first', async () => {
      const ask = async (least: number, id: number): Promise<unknown> =>
        sent(() =>
          Thing.objects
            .annotate({ n: models.Count('likedBy') })
            .filter({ n__gte: least })
            .filter({ id__gte: id }),
        );
      for (let times = 0; times < 5; times++) await ask(2, 2);
      expect(await ask(0, 5)).toEqual([expect.stringMatching(/WHERE .* HAVING /), [5, 0]]);
    });

    it('changes the same after any calls', async () => {
      const maker = await Maker.objects.create({ name: 'Ada', made: new Date(0) });
      for (const count of [1, 2, 3, 4, 5]) {
        const thing = await Thing.objects.create({ name: `n${count % 3}`, count, maker });
        await thing.likedBy.add(maker);
      }
      const unplanned = (): Things => new models.QuerySet(Thing, new Query(Thing._meta));
      /** What an update sends and comes to; it is undone. */
      const changed = async (begin: () => Things, names: string[], filter: Filter, values: Filter) => {
        let seen: unknown;
        const undo = new Error('undo');
        const work = connections.get().atomic(async () => {
          const given = Object.fromEntries(
            Object.entries(values).map(([name, value]) => [
              name,
              typeof value === 'function' ? value() : value,
            ]),
          );
          let result: unknown;
          const statement = await sent(async () => {
            try {
              result = await names
                .reduce((all, name) => (calls[name] as Call)(all, filter), begin())
                .update(given as never);
            } catch (error) {
              result = String(error);
            }
          });
          const rows = typeof result === 'number' ? await Thing.objects.orderBy('id').values() : [];
          seen = { statement, result, rows };
          throw undo;
        });
        await work.catch((error: unknown) => {
          if (error !== undo) throw error;
        });
        return seen;
      };
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.constantFrom(...Object.keys(calls)), { maxLength: 3 }),
          filters,
          fc.array(changes, { minLength: 2, maxLength: 2 }),
          async (names, all, values) => {
            for (let times = 0; times < 6; times++) {
              const given = [names, all[times % all.length], values[times % 2]] as [string[], Filter, Filter];
              expect(await changed(() => Thing.objects.all(), ...given)).toEqual(
                await changed(unplanned, ...given),
              );
            }
          },
        ),
        { numRuns: isSqlite ? 150 : 25 },
      );
    });

    it('asks in the time zone of each time', async () => {
      const asked = (zone: string): Promise<readonly unknown[]> =>
        timezone.override(zone, () =>
          sent(() => Thing.objects.filter({ made__year: 2000 }).orderBy('made__hour', 'id')),
        ) as Promise<readonly unknown[]>;
      for (let times = 0; times < 4; times++) await asked('UTC');
      const there = await asked('Asia/Tokyo');
      expect(JSON.stringify(there)).toContain('Asia/Tokyo');
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

  it('writes the statement of a chain once', async () => {
    const page = (count: number): PromiseLike<unknown> =>
      Thing.objects.filter({ count__gt: count }).exclude({ name: 'x' }).orderBy('name').slice(0, 5);
    const planned = async (count: number): Promise<void> => {
      const rows = Thing.objects.filter({ count__gt: count }).selectRelated('maker').orderBy('-name', 'id');
      await rows.slice(0, 5);
      await rows.first();
      await rows.values('name').count();
    };
    // A call at a time comes to have been there before.
    for (let times = 0; times < 5; times++) await planned(times);
    const write = jest.spyOn(SelectCompiler.prototype, 'asSql');
    await planned(7);
    expect(write).not.toHaveBeenCalled();
    await page(7);
    expect(write).toHaveBeenCalledTimes(1);
    write.mockRestore();
  });

  it('writes the statement of an update, of groups and of an aggregate once', async () => {
    const ask = async (count: number): Promise<unknown> => [
      await Thing.objects
        .filter({ count })
        .update({ count: models.F('count').add(count), name: `n${count}` }),
      await Thing.objects
        .annotate({ n: models.Count('likedBy') })
        .filter({ n__gt: count })
        .orderBy('-n', 'id'),
      await Thing.objects.filter({ count__gt: count }).aggregate({ most: models.Max('count') }),
    ];
    for (let times = 0; times < 5; times++) await ask(times);
    const write = jest.spyOn(SelectCompiler.prototype, 'asSql');
    const resolve = jest.spyOn(FExpression.prototype, 'resolveExpression');
    await ask(7);
    expect(write).not.toHaveBeenCalled();
    expect(resolve).not.toHaveBeenCalled();
    write.mockRestore();
    resolve.mockRestore();
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
