/** Aggregates and groups, on every database. */
import '../settings';
import * as models from 'tsango/db/models';
import { onEachDatabase } from '../../support/each_database';
import { FILMS, Film, fillFilms, Review, Studio } from './films';

const { AnyValue, Avg, BitAnd, BitOr, BitXor, Case, Count, Exists, ExpressionWrapper, F, Max, Min } = models;
const { IntegerField, OuterRef, Q, StringAgg, Subquery, Sum, Value, Variance, When } = models;

onEachDatabase(FILMS, {}, ({ vendor }) => {
  beforeAll(fillFilms);

  it('counts only some rows', async () => {
    const rows = await Studio.objects
      .annotate({
        old: Count('film', { filter: new Q({ film__year__lt: 2003 }) }),
        sum: Sum('film__year', { filter: new Q({ film__rating__gt: 100 }) }),
      })
      .orderBy('name');
    expect(rows.map(({ old, sum }) => [old, sum])).toEqual([
      [2, null],
      [1, null],
      [0, null],
    ]);
    expect(
      await Film.objects.aggregate({ n: Count('id', { filter: new Q({ rating__isnull: true }) }) }),
    ).toEqual({ n: 1 });
    const none = new Q({ id__in: [] });
    expect(await Film.objects.aggregate({ n: Count('id', { filter: none.not() }) })).toEqual({ n: 6 });
  });

  it('counts values once', async () => {
    const all = await Film.objects.aggregate({
      n: Count('year', { distinct: true }),
      sum: Sum('rating', { distinct: true }),
    });
    expect([all.n, Number(all.sum)]).toEqual([5, 25]);
    expect(() => Max('year', { distinct: true })).toThrow('Max does not allow distinct.');
    expect(() => Variance('year', { distinct: true })).toThrow('Variance does not allow distinct.');
  });

  it('has a value for no rows', async () => {
    const none = Film.objects.filter({ year: 1 });
    expect(await none.aggregate({ n: Sum('year'), m: Sum('year', { default: 7 }), c: Count('id') })).toEqual({
      n: null,
      m: 7,
      c: 0,
    });
    const empty = Film.objects.none();
    expect(await empty.aggregate({ m: Max('year', { default: 7 }), c: Count('id'), a: Avg('year') })).toEqual(
      {
        m: 7,
        c: 0,
        a: null,
      },
    );
    const computed = new ExpressionWrapper(new Value(1).add(1), new IntegerField());
    expect(await empty.aggregate({ m: Max('year', { default: computed }) })).toEqual({ m: 2 });
    expect(
      await Film.objects.filter({ id__in: [] }).aggregate({ m: Max('title', { default: 'no' }) }),
    ).toEqual({ m: 'no' });
    expect(() => Count('id', { default: 1 })).toThrow('Count does not allow default.');
  });

  it('joins texts', async () => {
    const rows = await Studio.objects
      .annotate({ titles: StringAgg('film__title', new Value("', "), { orderBy: '-film__title' }) })
      .orderBy('name');
    expect(rows.map(({ titles }) => titles)).toEqual(["Cats', Bees', Ants", "Emus', Dogs", null]);
    const distinct = Film.objects.aggregate({
      all: StringAgg(F('studio__name'), new Value(','), {
        distinct: true,
        ...(vendor !== 'sqlite' && { orderBy: 'studio__name' }),
      }),
    });
    expect((await distinct).all?.split(',').sort()).toEqual(['Acme', 'Bold']);
    const old = new Q({ year__lt: 2003 });
    expect(
      await Film.objects.aggregate({
        all: StringAgg('title', new Value('"é'), { filter: old, orderBy: 'title' }),
      }),
    ).toEqual({
      all: 'Ants"éBees"éDogs',
    });
  });

  it('binds the delimiter of texts', async () => {
    const hostile = "' || (SELECT name FROM films_studio) --";
    const joined = Film.objects.filter({ id__lt: 3 }).aggregate({
      all: StringAgg('title', new Value(hostile), { orderBy: 'title' }),
    });
    expect((await joined).all).toBe(`Ants${hostile}Bees`);
  });

  it('has what a database has', async () => {
    const bits = () =>
      Film.objects
        .filter({ year__lte: 2002 })
        .aggregate({ a: BitAnd('rating'), o: BitOr('rating'), x: BitXor('rating') });
    if (vendor === 'sqlite') await expect(bits()).rejects.toThrow('BitAnd is not supported on sqlite.');
    else expect(Object.values(await bits()).map(Number)).toEqual([1, 15, 9]);
    if (vendor === 'postgresql') return;
    await expect(Film.objects.aggregate({ any: AnyValue('year') })).rejects.toThrow(
      'ANY_VALUE is not supported on this database backend.',
    );
  });

  it('aggregates over annotations, slices, distinct and combined rows', async () => {
    const counted = Studio.objects.annotate({ n: Count('film') });
    expect(await counted.aggregate({ most: Max('n'), all: Sum('n') })).toEqual({ most: 3, all: 5 });
    expect(
      await Film.objects
        .orderBy('-year')
        .slice(0, 2)
        .aggregate({ least: Min('year') }),
    ).toEqual({ least: 2004 });
    expect(
      await Film.objects
        .values('year')
        .distinct()
        .aggregate({ sum: Sum('year') }),
    ).toEqual({ sum: 10015 });
    const both = Film.objects.filter({ year: 2001 }).union(Film.objects.filter({ year: 2005 }));
    expect(await both.count()).toBe(3);
    expect(await Film.objects.aggregate({ a: Sum('year'), b: Max('year') })).toEqual({ a: 12016, b: 2005 });
    expect(() => Studio.objects.annotate({ n: Count('film') }).annotate({ m: Sum('n') })).toThrow(
      "Cannot compute Sum('n'): 'n' is an aggregate",
    );
    await expect(Film.objects.aggregate({ n: Count('id'), m: Sum('n') } as never)).rejects.toThrow(
      "Cannot compute Sum('n'): 'n' is an aggregate",
    );
    await expect(Film.objects.aggregate({ n: F('id') } as never)).rejects.toThrow(
      'n is not an aggregate expression',
    );
  });

  it('groups by expressions with parameters', async () => {
    const era = Case(When({ year__lt: 2003 }, new Value('old')), { default: new Value('new') });
    const groups = await Film.objects
      .annotate({ era })
      .values('era')
      .annotate({ n: Count('id') })
      .orderBy('era');
    expect(groups).toEqual([
      { era: 'new', n: 3 },
      { era: 'old', n: 3 },
    ]);
    expect(() => Film.objects.alias({ y: F('year').mod(2) }).values('y')).toThrow(
      "Cannot select the 'y' alias.",
    );
  });

  it('groups by the annotation, where a column has its name', async () => {
    const groups = await Film.objects
      .values('studio__name')
      .annotate({ city: F('studio__name').slice(0, 1) as models.OrderBy })
      .annotate({ n: Count('id') })
      .filter({ n__gt: 1 })
      .orderBy('studio__name');
    expect(groups.map(({ n, city }) => [city, n])).toEqual([
      ['A', 3],
      ['B', 2],
    ]);
  });

  it('filters groups, and rows before them', async () => {
    const rows = Studio.objects
      .annotate({ n: Count('film'), best: Max('film__rating') })
      .filter(new Q({ n__gt: 2 }).or(new Q({ city__isnull: true })))
      .orderBy('name');
    expect(await rows.flat('name')).toEqual(['Acme', 'Bold']);
    expect(
      await Review.objects
        .values('film')
        .annotate({ n: Count('id') })
        .filter({ n__lt: F('film__rating') })
        .values('film__title', 'n')
        .orderBy('film__title'),
    ).toEqual([
      { film__title: 'Ants', n: 2 },
      { film__title: 'Dogs', n: 2 },
    ]);
  });

  it('takes subqueries within aggregates, and aggregates within subqueries', async () => {
    const reviews = Review.objects.filter({ film: OuterRef('pk') });
    const stars = reviews
      .values('film')
      .annotate({ sum: Sum('stars') })
      .values('sum');
    const rows = await Film.objects.annotate({ stars: Subquery<number | null>(stars) }).orderBy('id');
    expect(rows.map(({ stars: n }) => (n === null ? null : Number(n)))).toEqual([8, null, 4, 3, null, null]);
    const reviewed = await Film.objects
      .annotate({ seen: Exists(reviews) })
      .values('seen')
      .annotate({ n: Count('id') })
      .orderBy('seen');
    expect(reviewed.map(({ seen, n }) => [Boolean(seen), n])).toEqual([
      [false, 3],
      [true, 3],
    ]);
    expect(
      (await Film.objects.annotate({ stars: Subquery<number>(stars) }).aggregate({ all: Sum('stars') })).all,
    ).toBe(15);
  });

  it('reaches through two queries', async () => {
    const inner = Review.objects.filter({
      film__studio: OuterRef(OuterRef('pk')),
      film: OuterRef('pk'),
      stars__gt: 4,
    });
    const outer = Film.objects.filter(Exists(inner));
    expect(await Studio.objects.filter(Exists(outer)).flat('name')).toEqual(['Acme']);
  });

  it('refuses a star with a filter', () => {
    expect(() => Count('*', { filter: new Q({ id: 1 }) })).toThrow(
      'Star cannot be used with filter. Please specify a field.',
    );
    expect(() => Max('id', { orderBy: 'id' })).toThrow('Max does not allow order_by.');
  });
});
