/** Functions over windows, on every database. */
import '../settings';
import * as models from 'tsango/db/models';
import { onEachDatabase } from '../../support/each_database';
import { FILMS, Film, fillFilms, Studio } from './films';

const { Avg, Count, Exists, F, Max, OuterRef, Q, RowRange, Sum, ValueRange, Window, WindowFrameExclusion } =
  models;

const titles = async (rows: PromiseLike<readonly { title: string }[]>): Promise<string[]> =>
  (await rows).map(({ title }) => title);

onEachDatabase(FILMS, {}, ({ vendor }) => {
  beforeAll(fillFilms);

  it('keeps the rows apart', async () => {
    const all = await Film.objects.annotate({ most: new Window(Max('rating'), { partitionBy: 'studio' }) });
    expect(all.map(({ title, most }) => [title, most])).toEqual([
      ['Ants', 9],
      ['Bees', 9],
      ['Cats', 9],
      ['Dogs', 7],
      ['Emus', 7],
      ['Fish', 5],
    ]);
  });

  it('sorts within the window, and counts up to the row', async () => {
    const rows = await Film.objects
      .annotate({ sum: new Window(Sum('year'), { partitionBy: ['studio'], orderBy: '-year' }) })
      .filter({ studio__name: 'Acme' })
      .valuesList('title', 'sum');
    expect(rows).toEqual([
      ['Ants', 6006],
      ['Bees', 4005],
      ['Cats', 2003],
    ]);
  });

  it('gives decimals as decimals', async () => {
    const rows = Film.objects.annotate({ sum: new Window(Sum('cost'), { orderBy: F('id').asc() }) });
    expect((await rows).map(({ sum }) => Number(sum))).toEqual([10.5, 30.5, 35.75, 75.75, 83.75, 84.75]);
  });

  it('takes frames of rows', async () => {
    const frame = new RowRange({ start: -1, end: 1 });
    const rows = Film.objects.annotate({ n: new Window(Sum('year'), { orderBy: 'id', frame }) });
    expect((await rows).map(({ n }) => Number(n))).toEqual([4003, 6006, 6006, 6008, 6010, 4009]);
    expect(rows.toSql()[0]).toContain('ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING');
  });

  it('takes frames of values', async () => {
    const frame = new ValueRange({ end: 0 });
    const rows = Film.objects.annotate({ n: new Window(Count('id'), { orderBy: 'year', frame }) });
    expect((await rows).map(({ n }) => n)).toEqual([2, 3, 4, 2, 5, 6]);
  });

  it('leaves rows of the frame out, where the database can', async () => {
    const frame = new RowRange({ exclusion: WindowFrameExclusion.CURRENT_ROW });
    const rows = Film.objects.annotate({ n: new Window(Count('id'), { orderBy: 'id', frame }) });
    const counted = async (): Promise<number[]> => (await rows).map(({ n }) => n);
    if (vendor === 'mysql') {
      await expect(counted()).rejects.toThrow('This backend does not support window frame exclusions.');
    } else expect(await counted()).toEqual([5, 5, 5, 5, 5, 5]);
  });

  it('filters by what is calculated, after it is', async () => {
    const best = Film.objects.annotate({ most: new Window(Max('rating'), { partitionBy: 'studio' }) });
    expect(await titles(best.filter({ most: F('rating') }))).toEqual(['Bees', 'Dogs', 'Fish']);
    expect(await titles(best.filter({ most: F('rating'), year__gt: 2001 }))).toEqual([
      'Bees',
      'Emus',
      'Fish',
    ]);
    expect(await titles(best.filter({ most__gt: 8 }).orderBy('-year'))).toEqual(['Cats', 'Bees', 'Ants']);
    expect(await titles(best.exclude({ most__gt: 8 }))).toEqual(['Dogs', 'Emus', 'Fish']);
  });

  it('filters by a window OR a column', async () => {
    const best = Film.objects.annotate({ most: new Window(Max('rating'), { partitionBy: 'studio' }) });
    expect(await titles(best.filter(new Q({ most: 5 }).or(new Q({ title: 'Ants' }))))).toEqual([
      'Ants',
      'Fish',
    ]);
  });

  it('limits the rows that are left', async () => {
    const best = Film.objects
      .annotate({ most: new Window(Max('rating'), { partitionBy: 'studio' }) })
      .filter({ most: F('rating') })
      .orderBy('-title');
    expect(await titles(best.slice(0, 2))).toEqual(['Fish', 'Dogs']);
    expect(await titles(best.slice(1, 3))).toEqual(['Dogs', 'Bees']);
    expect((await best.first())?.title).toBe('Fish');
  });

  it('does not show what only the condition needs', async () => {
    const hidden = Film.objects
      .alias({ most: new Window(Max('rating'), { partitionBy: 'studio' }) })
      .filter({ most: 9 });
    const [row] = await hidden;
    expect(row?.title).toBe('Ants');
    expect(row && 'most' in row).toBe(false);
    expect(await hidden.values('title')).toEqual([{ title: 'Ants' }, { title: 'Bees' }, { title: 'Cats' }]);
    expect(await hidden.orderBy('-rating', 'studio__name').flat('year')).toHaveLength(3);
  });

  it('reads related rows beside', async () => {
    const rows = await Film.objects
      .selectRelated('studio')
      .annotate({ most: new Window(Max('rating'), { partitionBy: 'studio' }) })
      .filter({ most: 7 });
    expect(rows.map(({ title, studio, most }) => [title, studio?.name, most])).toEqual([
      ['Dogs', 'Bold', 7],
      ['Emus', 'Bold', 7],
    ]);
  });

  it('counts, asks, aggregates and nests what is filtered so', async () => {
    const best = Film.objects
      .annotate({ most: new Window(Max('rating'), { partitionBy: 'studio' }) })
      .filter({ most: F('rating') });
    expect(await best.count()).toBe(3);
    expect(await best.exists()).toBe(true);
    expect(await best.filter({ most: 100 }).exists()).toBe(false);
    expect(await best.aggregate({ years: Sum('year'), most: Max('most') })).toEqual({ years: 6008, most: 9 });
    expect(await Studio.objects.filter({ id__in: best.values('studio') }).flat('name')).toEqual([
      'Acme',
      'Bold',
    ]);
    // MariaDB's derived tables see no row around them.
    if (vendor === 'mysql') return;
    expect(
      await Studio.objects
        .filter(Exists(best.filter({ studio: OuterRef('pk'), title: 'Bees' })))
        .flat('name'),
    ).toEqual(['Acme']);
  });

  it('counts the rows of groups, as their aggregate does not', async () => {
    const groups = Film.objects.values('year').annotate({ n: Count('id') });
    expect(() => groups.annotate({ all: new Window(Sum('n')) })).toThrow(
      "Cannot compute Sum('n'): 'n' is an aggregate",
    );
    const ranked = groups.annotate({ groups: new Window(Count('*')) }).orderBy('year');
    expect((await ranked).map((each) => [each.year, each.n, each.groups])).toEqual([
      [2001, 2, 5],
      [2002, 1, 5],
      [2003, 1, 5],
      [2004, 1, 5],
      [2005, 1, 5],
    ]);
  });

  it('aggregates over a window', async () => {
    const seen = Film.objects.annotate({ mean: new Window(Avg('rating'), { partitionBy: 'studio' }) });
    expect(await seen.aggregate({ most: Max('mean') })).toEqual({ most: 8 });
  });
});

it('refuses what cannot be', () => {
  expect(() => new Window(F('year'))).toThrow("Expression 'FExpression' isn't compatible with OVER clauses.");
  expect(() => new Window(Sum('year'), { orderBy: 3 as never })).toThrow(
    'Window.order_by must be either a string reference to a field, an expression, or a list or tuple of them not 3.',
  );
  expect(() => new RowRange({ exclusion: 'X; DROP' as never })).toThrow(
    'RowRange.exclusion must be a WindowFrameExclusion instance.',
  );
});

onEachDatabase(FILMS, {}, ({ vendor }) => {
  const asked = (frame: models.RowRange | models.ValueRange) => async () =>
    Film.objects.annotate({ n: new Window(Count('id'), { orderBy: 'id', frame }) });

  it('refuses bounds that are none', async () => {
    await expect(asked(new RowRange({ start: 2, end: 1 }))()).rejects.toThrow(
      'start cannot be greater than end.',
    );
    await expect(asked(new RowRange({ start: '1; DROP' as never }))()).rejects.toThrow(
      "start argument must be an integer, zero, or None, but got '1; DROP'.",
    );
    await expect(asked(new ValueRange({ start: 1 }))()).rejects.toThrow(
      "start argument must be a negative integer, zero, or None, but got '1'.",
    );
    await expect(asked(new ValueRange({ end: -1 }))()).rejects.toThrow(
      "end argument must be a positive integer, zero, or None, but got '-1'.",
    );
    if (vendor !== 'postgresql') return;
    await expect(asked(new ValueRange({ start: -1 }))()).rejects.toThrow(
      'PostgreSQL only supports UNBOUNDED together with PRECEDING and FOLLOWING.',
    );
  });

  it('is refused where rows are changed', async () => {
    const mean = new Window(Max('year')) as never;
    await expect(Film.objects.update({ year: mean })).rejects.toThrow(
      'Window expressions are not allowed in this query',
    );
  });
});
