/** What queries make of expressions in odd places. The rows are Django's answers for the same tables. */
import '../settings';
import * as models from 'tsango/db/models';
import { PlainDate } from 'tsango/python/datetime';
import { onEachDatabase } from '../../support/each_database';
import { FILMS, Film, fillFilms, Studio } from './films';

const { Case, Count, F, Max, OuterRef, Subquery, Value, When, Window } = models;

class Prize extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'films', ordering: [F('name').desc()] };
  declare static readonly objects: models.Manager<Prize>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare name: string;
}

class Winner extends models.Model {
  static override readonly Meta: models.MetaOptions = { appLabel: 'films' };
  declare static readonly objects: models.Manager<Winner>;
  declare id: number;
  @models.ForeignKey(() => Prize, { onDelete: models.CASCADE }) declare prize: Prize;
  @models.BooleanField({ default: true }) declare known: boolean;
}

onEachDatabase([...FILMS, Prize, Winner], {}, () => {
  beforeAll(async () => {
    await fillFilms();
    for (const name of ['b', 'c', 'a']) {
      await Winner.objects.create({ prize: await Prize.objects.create({ name }), known: name !== 'c' });
    }
  });

  it('aggregates nothing', async () => {
    expect(await Film.objects.aggregate({})).toEqual({});
  });

  it('sorts by the expressions that related rows are sorted by', async () => {
    expect(await Winner.objects.orderBy('prize').flat('prize__name')).toEqual(['c', 'b', 'a']);
  });

  it('negates', async () => {
    expect(await Winner.objects.filter(F('known').not()).flat('prize__name')).toEqual(['c']);
    const unknown = await Winner.objects.annotate({ unknown: F('known').not() }).orderBy('prize__name');
    expect(unknown.map((each) => Boolean(each.unknown))).toEqual([false, false, true]);
  });

  it('groups by the parts of a choice between a column and an aggregate', async () => {
    const best = Case(When({ city__isnull: true }, new Value(0)), { default: Max('film__rating') });
    expect(await Studio.objects.annotate({ best }).orderBy('name').valuesList('name', 'best')).toEqual([
      ['Acme', 9],
      ['Bold', 0],
      ['Calm', null],
    ]);
  });

  it('writes what is needed twice twice', async () => {
    const odd = Film.objects.annotate({ odd: F('year').bitxor(1) }).filter({ title: 'Ants' });
    expect((await odd.flat('odd')).map(Number)).toEqual([2000]);
  });

  it('keeps what only sorts the rows of a subquery out of it', async () => {
    const doubled = Film.objects
      .annotate({ twice: F('id').mul(2) })
      .orderBy('id')
      .distinct()
      .values('twice')
      .slice(0, 2);
    const [sql] = Film.objects.filter({ id__in: doubled }).toSql();
    expect(sql).toMatch(/IN \(SELECT ["`]twice["`] FROM \(SELECT DISTINCT .* LIMIT 2\) subquery\)/);
  });

  it('sorts combined rows by a column, and by nothing else', async () => {
    const old = Film.objects.filter({ year: 2001 }).values('title', 'year');
    const all = old.union(Film.objects.filter({ year__gt: 2004 }).values('title', 'year'));
    const titles = async (rows: typeof all): Promise<unknown[]> => (await rows).map(({ title }) => title);
    expect(await titles(all.orderBy('-year', 'title'))).toEqual(['Fish', 'Ants', 'Dogs']);
    expect(await titles(all.orderBy(F('title').desc()))).toEqual(['Fish', 'Dogs', 'Ants']);
    await expect(titles(all.orderBy(F('rating') as never))).rejects.toMatchObject({
      name: 'DatabaseError',
      message: 'ORDER BY term does not match any column in the result set.',
    });
  });

  it('sorts combined rows by what each of them calculates', async () => {
    const old = Film.objects.filter({ year: 2001 });
    const all = old.union(Film.objects.filter({ year__gt: 2004 }));
    const titles = async (rows: typeof all): Promise<string[]> => (await rows).map(({ title }) => title);
    expect(await titles(all.orderBy(F('year').mul(-1), 'title'))).toEqual(['Fish', 'Ants', 'Dogs']);
    expect(await titles(all.orderBy('title').slice(0, 2))).toEqual(['Ants', 'Dogs']);
    const one = old
      .orderBy('title')
      .slice(0, 2)
      .union(Film.objects.filter({ id__in: [] }));
    expect(await titles(one.slice(0, 1) as typeof all)).toHaveLength(1);
  });

  it('refuses to sort by an aggregate of nothing', () => {
    expect(() => Studio.objects.orderBy(Max('film__rating'))).toThrow(
      'Using an aggregate in order_by() without also including it in annotate() is not allowed: Max(F(film__rating))',
    );
  });

  it('says which name a related model has not', () => {
    expect(() => Film.objects.orderBy('studio__nothing' as never)).toThrow(
      "Cannot resolve keyword 'nothing' into field. Choices are: ",
    );
  });

  it('refuses the window of a query around', () => {
    const ranked = Film.objects.annotate({ most: new Window(Max('rating')) });
    const inner = Film.objects
      .filter({ rating: OuterRef('most') })
      .values('title')
      .slice(0, 1);
    expect(() => ranked.annotate({ other: Subquery(inner) })).toThrow(
      'Referencing outer query window expression is not supported: most.',
    );
  });

  it('knows the type of a value', async () => {
    const day = await Film.objects.annotate({ day: new Value(new PlainDate(2027, 1, 4)) }).first();
    expect(String(day?.day)).toBe('2027-01-04');
    expect(
      await Studio.objects
        .annotate({ n: Count('film') })
        .filter({ n: new Value(3) })
        .count(),
    ).toBe(1);
  });
});
