/** The queries of django_orm/library/queries.py, under the same names. */
import * as models from 'tsango/db/models';
import { Duration } from 'tsango/python/timedelta';
import { Author, Book, Everything, Tag } from './orm_models';

const { Avg, Case, Count, Exists, ExpressionWrapper, F, Max, Min, OuterRef, Q, Subquery, Sum, Value, When } =
  models;

const titles = async (rows: PromiseLike<readonly { title: string }[]>): Promise<string[]> =>
  (await rows).map(({ title }) => title);
const names = async (rows: PromiseLike<readonly { name: string }[]>): Promise<string[]> =>
  (await rows).map(({ name }) => name);

const books = Book.objects;
const authors = Author.objects;
const everything = Everything.objects;
const tags = Tag.objects;
const newYear = new Date('2020-01-01T00:00:00Z');

/** Each query by its name. */
export const QUERIES: Readonly<Record<string, () => unknown>> = {
  all: () => titles(books.all()),
  exact: () => titles(books.filter({ title: 'Ulysses' })),
  iexact: () => titles(books.filter({ title__iexact: 'uLYSSES' })),
  contains: () => titles(books.filter({ title__contains: 'the' })),
  icontains: () => titles(books.filter({ title__icontains: 'THE' })),
  'startswith with a wildcard': () => titles(books.filter({ title__startswith: '100%' })),
  'endswith with an underscore': () => titles(books.filter({ title__endswith: '_x' })),
  'a backslash': () => titles(books.filter({ title__contains: '\\' })),
  in: () => titles(books.filter({ pages__in: [100, 200, 300] })),
  'in nothing': () => titles(books.filter({ pages__in: [] })),
  range: () => titles(books.filter({ pages__range: [100, 250] })),
  'gt and lte': () => titles(books.filter({ pages__gt: 100, pages__lte: 300 })),
  isnull: () => titles(books.filter({ author__isnull: true })),
  exclude: () => titles(books.exclude({ pages: 200 })),
  'exclude null': () => titles(books.exclude({ rating__gt: 4 })),
  'a boolean': () => titles(books.filter({ inPrint: false })),
  'a decimal': () => titles(books.filter({ price__gte: '19.99' })),
  'a moment': () => titles(books.filter({ published__gte: newYear })),
  or: () => titles(books.filter(new Q({ pages: 100 }).or(new Q({ rating__gte: 4.5 })))),
  'and not': () => titles(books.filter(new Q({ inPrint: true }).and(new Q({ pages: 200 }).not()))),
  xor: () => titles(books.filter(new Q({ inPrint: true }).xor(new Q({ pages__gt: 200 })))),
  order: () => titles(books.orderBy('-pages', 'title')),
  'order by a relation': () => titles(books.filter({ author__isnull: false }).orderBy('author__name', '-id')),
  'nulls last': () => titles(books.orderBy(F('pages').asc({ nullsLast: true }), 'id')),
  'nulls first': () => titles(books.orderBy(F('rating').desc({ nullsFirst: true }), 'id')),
  'a slice': () => titles(books.orderBy('id').slice(2, 5)),
  reverse: () => titles(books.orderBy('id').reverse().slice(0, 3)),
  count: () => books.filter({ pages__gt: 100 }).count(),
  exists: async () => [await books.filter({ title: 'x' }).exists(), await books.exists()],
  'first and last': async () => [
    (await books.orderBy('pages', 'id').first())?.title,
    (await books.orderBy('id').last())?.title,
  ],
  'a relation': () => titles(books.filter({ author__name: 'Ada' })),
  'two relations': () => titles(books.filter({ author__teacher__name: 'Ada' })),
  'a reverse relation': () => names(authors.filter({ books__pages__gt: 200 }).distinct().orderBy('id')),
  'many to many': () => titles(books.filter({ tags__name: 'new' })),
  'one filter on many': () => titles(books.filter({ tags__name: 'new', tags__id__gt: 1 })),
  'two filters on many': () => titles(books.filter({ tags__name: 'new' }).filter({ tags__name: 'old' })),
  'exclude many': () => titles(books.exclude({ tags__name: 'new' })),
  'exclude a reverse relation': () => names(authors.exclude({ books__inPrint: false }).orderBy('id')),
  'select related': async () =>
    (await books.selectRelated('author').orderBy('id')).map(({ author }) => author?.name ?? null),
  values: () => books.orderBy('id').values('title', 'author__name', 'price'),
  'values list': () => books.orderBy('id').valuesList('pages', 'rating'),
  flat: () => authors.orderBy('id').flat('born'),
  'distinct values': () => books.orderBy('inPrint').flat('inPrint').distinct(),
  aggregates: () =>
    books.aggregate({
      n: Count('id'),
      pages: Sum('pages'),
      mean: Avg('rating'),
      least: Min('price'),
      last: Max('published'),
    }),
  'aggregates of nothing': () =>
    books.filter({ pages: -1 }).aggregate({ n: Count('id'), pages: Sum('pages'), most: Max('price') }),
  annotate: async () =>
    (await authors.annotate({ n: Count('books') }).orderBy('id')).map(({ name, n }) => [name, n]),
  having: () =>
    names(
      authors
        .annotate({ n: Count('books') })
        .filter({ n__gte: 2 })
        .orderBy('id'),
    ),
  'group by': () =>
    books
      .orderBy('authorId')
      .values('authorId')
      .annotate({ n: Count('id'), pages: Sum('pages') })
      .valuesList('n', 'pages'),
  'count distinct': () => books.aggregate({ n: Count('author', { distinct: true }) }),
  'an aggregate with a filter': () =>
    books.aggregate({ n: Count('id', { filter: new Q({ pages__gt: 150 }) }) }),
  F: () => titles(books.filter({ pages__gt: F('rating').mul(50) })),
  arithmetic: () =>
    books
      .orderBy('id')
      .annotate({ x: F('pages').mul(2).add(1) })
      .flat('x'),
  case: () =>
    books
      .orderBy('id')
      .annotate({
        size: Case(
          When(new Q({ pages__lt: 150 }), new Value('small')),
          When(new Q({ pages__lt: 250 }), new Value('middling')),
          { default: new Value('large') },
        ),
      })
      .flat('size'),
  'exists subquery': () =>
    names(authors.filter(Exists(books.filter({ author: OuterRef('pk'), pages__gte: 300 }))).orderBy('id')),
  subquery: () =>
    authors
      .orderBy('id')
      .annotate({
        last: Subquery(
          books
            .filter({ author: OuterRef('pk') })
            .orderBy('-id')
            .values('title')
            .slice(0, 1),
        ),
      })
      .flat('last'),
  'in a subquery': () => titles(books.filter({ author__in: authors.filter({ born__isnull: false }) })),
  union: async () =>
    (
      await books
        .filter({ pages: 100 })
        .orderBy()
        .values('title')
        .union(books.filter({ pages: 200 }).orderBy().values('title'))
        .orderBy('title')
    ).map(({ title }) => title),
  'a wrapper': () =>
    books
      .orderBy('id')
      .annotate({ x: new ExpressionWrapper(F('pages').mul(1.5), new models.FloatField()) })
      .flat('x'),
  'a duration': () => everything.filter({ length__gt: new Duration({ hours: 1 }) }).count(),
  'a uuid': () => everything.filter({ key: '12345678-1234-5678-1234-567812345678' }).count(),
  'an address': () => everything.filter({ address: '::1' }).count(),
  'a day': () => everything.filter({ day__lte: '1970-01-01' }).count(),
  'a big number': () => everything.filter({ big__gte: Number.MAX_SAFE_INTEGER }).count(),
  'by year': () => titles(books.filter({ published__year: 2020 })),
  'by month': () => titles(books.filter({ published__month: 12 })),
  tags: () => tags.orderBy('name').flat('name'),
};
