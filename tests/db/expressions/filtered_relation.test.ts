/** Joins of some of the related rows, on every database. The rows are Django's answers for the same tables. */
import '../settings';
import * as models from 'tsango/db/models';
import { onEachDatabase } from '../../support/each_database';
import { FILMS, Film, fillFilms, Studio } from './films';

const { Count, F, FilteredRelation, Q, Sum } = models;
const titles = async (rows: PromiseLike<readonly { title: string }[]>): Promise<string[]> =>
  (await rows).map(({ title }) => title);

onEachDatabase(FILMS, {}, () => {
  beforeAll(fillFilms);
  const liked = () =>
    Studio.objects.annotate({
      liked: new FilteredRelation('film', { condition: new Q({ film__rating__gte: 7 }) }),
    });

  it('joins some of the related rows, and keeps the others', async () => {
    const rows = await liked()
      .annotate({ n: Count('liked'), cost: Sum('liked__cost') })
      .orderBy('name');
    expect(rows.map(({ name, n, cost }) => [name, n, cost === null ? null : Number(cost)])).toEqual([
      ['Acme', 2, 30.5],
      ['Bold', 1, 40],
      ['Calm', 0, null],
    ]);
  });

  it('stands in conditions, values and orders', async () => {
    const q = liked().filter({ liked__year: 2002 });
    expect(await q.flat('name')).toEqual(['Acme']);
    expect(await liked().filter({ liked__isnull: true }).flat('name')).toEqual(['Calm']);
    expect(await liked().exclude({ liked__year: 2001 }).flat('name')).toEqual(['Calm']);
    expect(
      await liked()
        .orderBy(F('liked__title').desc({ nullsLast: true }))
        .valuesList('name', 'liked__title'),
    ).toEqual([
      ['Bold', 'Dogs'],
      ['Acme', 'Bees'],
      ['Acme', 'Ants'],
      ['Calm', null],
    ]);
  });

  it('joins twice, each with its own condition', async () => {
    const rows = await liked()
      .annotate({ late: new FilteredRelation('film', { condition: new Q({ film__year__gt: 2002 }) }) })
      .values('name', 'liked__title', 'late__title')
      .orderBy('name', 'liked__title');
    expect(rows).toEqual([
      { name: 'Acme', liked__title: 'Ants', late__title: 'Cats' },
      { name: 'Acme', liked__title: 'Bees', late__title: 'Cats' },
      { name: 'Bold', liked__title: 'Dogs', late__title: 'Emus' },
      { name: 'Calm', liked__title: null, late__title: null },
    ]);
  });

  it('follows a path, and compares with fields of the rows', async () => {
    const condition = new Q({ studio__film__year: F('studio__film__rating').add(1993) });
    const rows = Film.objects.annotate({
      mates: new FilteredRelation('studio__film', { condition }),
    });
    expect(await titles(rows.filter({ mates__title: 'Bees' }).orderBy('id'))).toEqual([
      'Ants',
      'Bees',
      'Cats',
    ]);
  });

  it('is loaded with the row', async () => {
    const rows = await Film.objects
      .annotate({ home: new FilteredRelation('studio', { condition: new Q({ studio__city: 'Lyon' }) }) })
      .selectRelated('home' as never)
      .orderBy('id');
    expect(rows.map(({ home }) => (home as Studio | null)?.name ?? null)).toEqual([
      'Acme',
      'Acme',
      'Acme',
      null,
      null,
      null,
    ]);
  });

  it('quotes the name that it was given', async () => {
    const rows = Studio.objects.annotate({ 'Where-1': new FilteredRelation('film') } as never);
    expect(await rows.filter({ 'Where-1__title': 'Bees' } as never).flat('name')).toEqual(['Acme']);
  });
});

it('refuses what it cannot be', () => {
  expect(() => new FilteredRelation('')).toThrow('relation_name cannot be empty.');
  expect(() => new FilteredRelation('film', { condition: {} as never })).toThrow(
    'condition argument must be a Q() instance.',
  );
  const add =
    (relation: models.FilteredRelation, alias = 'x') =>
    () =>
      Studio.objects.annotate({ [alias]: relation });
  expect(add(new FilteredRelation('film__title__iexact'))).toThrow(
    "FilteredRelation's relation_name cannot contain lookups (got 'film__title__iexact').",
  );
  expect(
    add(new FilteredRelation('film', { condition: new Q({ name: 'x', film__review__stars: 1 }) })),
  ).toThrow(
    "FilteredRelation's condition doesn't support nested relations deeper than the relation_name (got 'film__review__stars' for 'film').",
  );
  expect(
    add(new FilteredRelation('film', { condition: new Q({ film__id__in: Film.objects.all() }) })),
  ).toThrow('Passing a QuerySet within a FilteredRelation is not supported.');
  expect(add(new FilteredRelation('film'), 'a.b')).toThrow(
    "FilteredRelation doesn't support aliases with periods (got 'a.b').",
  );
});
