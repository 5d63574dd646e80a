/** SQL of one's own, parts of texts, and orders, on every database. */
import '../settings';
import * as models from 'tsango/db/models';
import { onEachDatabase } from '../../support/each_database';
import { FILMS, Film, fillFilms, Review, Studio } from './films';

const { CharField, Exists, F, IntegerField, OrderBy, OuterRef, RawSQL, sql } = models;

const titles = async (rows: PromiseLike<readonly { title: string }[]>): Promise<string[]> =>
  (await rows).map(({ title }) => title);

onEachDatabase(FILMS, {}, () => {
  beforeAll(fillFilms);

  it('takes SQL with its values beside', async () => {
    const long = new RawSQL<number>('year - ?', [2000], { outputField: new IntegerField() });
    const rows = await Film.objects.annotate({ since: long }).filter({ since__gt: 3 });
    expect(rows.map(({ title, since }) => [title, Number(since)])).toEqual([
      ['Emus', 4],
      ['Fish', 5],
    ]);
    expect(await titles(Film.objects.orderBy(new RawSQL('year % ?', [2]).desc(), 'id'))).toEqual([
      'Ants',
      'Cats',
      'Dogs',
      'Fish',
      'Bees',
      'Emus',
    ]);
  });

  it('binds what stands in a template, and writes expressions', async () => {
    const hostile = "x') OR 1=1 --";
    const first = sql`substr(${F('title')}, 1, ${1})`.as<string>(new CharField());
    expect(await titles(Film.objects.annotate({ first }).filter({ first: 'B' }))).toEqual(['Bees']);
    const same = Film.objects.annotate({ name: sql`coalesce(${F('studio__name')}, ${hostile})` });
    const rows = await same.filter({ studio__isnull: true });
    expect(rows.map(({ name }) => name)).toEqual([hostile]);
    expect(same.toSql()[0]).not.toContain('OR 1=1');
  });

  it('refuses a template that is none, and placeholders within one', () => {
    expect(() => sql(['a'] as never)).toThrow('sql is a tag of templates');
    expect(() => sql('a' as never)).toThrow('sql is a tag of templates');
    expect(() => sql`a = ?`).toThrow('A template of sql`…` has no ? of its own');
  });

  it('takes parts of texts', async () => {
    const rows = await Film.objects.filter({ id__lt: 3 }).annotate({
      first: F('title').slice(0, 1),
      rest: F('title').slice(1),
      letter: F('studio__name').slice(2, 3),
    });
    expect(rows.map(({ first, rest, letter }) => [first, rest, letter])).toEqual([
      ['A', 'nts', 'm'],
      ['B', 'ees', 'm'],
    ]);
    const initial = Studio.objects.filter({ name__startswith: OuterRef('title').slice(0, 1) });
    expect(await titles(Film.objects.filter(Exists(initial)))).toEqual(['Ants', 'Bees', 'Cats']);
    expect(() => F('title').slice(-1)).toThrow('Negative indexing is not supported.');
    expect(() => F('title').slice(3, 1)).toThrow('Slice stop must be greater than slice start.');
    expect(() => F('title').slice('1; DROP' as never)).toThrow(
      'Argument to slice must be either int or slice instance.',
    );
    await expect(Promise.resolve(Film.objects.annotate({ part: F('year').slice(0, 1) }))).rejects.toThrow(
      'This field does not support slicing.',
    );
  });

  it('sorts rows without a value first or last', async () => {
    const by = (order: models.OrderBy | ReturnType<ReturnType<typeof F>['asc']>) =>
      titles(Film.objects.orderBy(order, 'id'));
    expect(await by(F('rating').asc({ nullsLast: true }))).toEqual([
      'Emus',
      'Fish',
      'Ants',
      'Dogs',
      'Bees',
      'Cats',
    ]);
    expect(await by(F('rating').asc({ nullsFirst: true }))).toEqual([
      'Cats',
      'Emus',
      'Fish',
      'Ants',
      'Dogs',
      'Bees',
    ]);
    expect(await by(new OrderBy(F('rating'), { descending: true, nullsLast: true }))).toEqual([
      'Bees',
      'Ants',
      'Dogs',
      'Fish',
      'Emus',
      'Cats',
    ]);
    expect(await by(F('rating').desc({ nullsFirst: true }))).toEqual([
      'Cats',
      'Bees',
      'Ants',
      'Dogs',
      'Fish',
      'Emus',
    ]);
    const reversed = Film.objects.orderBy(F('rating').asc({ nullsLast: true }), 'id').reverse();
    expect(await titles(reversed)).toEqual(['Cats', 'Bees', 'Dogs', 'Ants', 'Fish', 'Emus']);
  });

  it('refuses orders that contradict themselves', () => {
    expect(() => F('rating').asc({ nullsFirst: true, nullsLast: true })).toThrow(
      'nulls_first and nulls_last are mutually exclusive',
    );
    expect(() => F('rating').asc({ nullsFirst: false })).toThrow(
      'nulls_first and nulls_last values must be True or None.',
    );
    expect(() => new OrderBy('rating' as never)).toThrow('expression must be an expression type');
  });

  it('counts what a text of its own groups by', async () => {
    const groups = Review.objects
      .annotate({ half: new RawSQL('stars / ?', [2], { outputField: new IntegerField() }) })
      .values('author')
      .annotate({ n: models.Count('id') })
      .orderBy('author');
    expect(await groups).toEqual([
      { author: 'ann', n: 2 },
      { author: 'bob', n: 2 },
      { author: 'cid', n: 1 },
    ]);
  });
});
