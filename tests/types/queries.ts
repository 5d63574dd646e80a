/** What the compiler knows of queries, and what it refuses. Compiled, never run. */
import * as models from 'tsango/db/models';

const { Avg, Count, Exists, F, Max, OuterRef, Q, Subquery, Sum } = models;

class Publisher extends models.Model {
  declare static readonly objects: models.Manager<Publisher>;
  declare id: number;
  @models.CharField({ maxLength: 100 }) declare name: string;
  declare readonly authors: models.RelatedManager<Author>;
}
class Author extends models.Model {
  declare static readonly objects: models.Manager<Author>;
  declare id: number;
  @models.CharField({ maxLength: 100 }) declare name: string;
  @models.ForeignKey(() => Publisher, { onDelete: models.CASCADE, null: true, relatedName: 'authors' })
  declare publisher: models.RelatedOrNull<Publisher>;
  declare readonly articles: models.RelatedManager<Article>;
  greet(): string {
    return `hi ${this.name}`;
  }
}
class Article extends models.Model {
  declare static readonly objects: models.Manager<Article>;
  declare id: number;
  @models.CharField({ maxLength: 200 }) declare headline: string;
  @models.DateTimeField() declare pubDate: Date;
  @models.IntegerField() declare visits: number;
  @models.DecimalField({ maxDigits: 5, decimalPlaces: 2, null: true }) declare price: string | null;
  @models.JSONField() declare data: unknown;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE, relatedName: 'articles' })
  declare author: models.Related<Author>;
  declare authorId: number;
  declare readonly comments: models.RelatedManager<Comment>;
}
class Comment extends models.Model {
  declare static readonly objects: models.Manager<Comment>;
  declare id: number;
  @models.CharField({ maxLength: 200 }) declare text: string;
  @models.ForeignKey(() => Article, { onDelete: models.CASCADE, relatedName: 'comments' })
  declare article: models.Related<Article>;
}
class PersonQuerySet extends models.QuerySet<Person> {
  adults(): this {
    return this.filter({ age__gte: 18 });
  }
  named(name: string): this {
    return this.filter({ name });
  }
}
class PersonManager extends models.Manager.fromQueryset(PersonQuerySet) {}
class Person extends models.Model {
  static override readonly objects = new PersonManager();
  declare id: number;
  @models.CharField({ maxLength: 100 }) declare name: string;
  @models.IntegerField() declare age: number;
}
class StickerQuerySet extends models.QuerySet<Sticker> {
  big(): this {
    return this.filter({ size__gt: 3 });
  }
}

class Sticker extends models.Model {
  static override readonly objects = StickerQuerySet.asManager();
  declare id: number;
  @models.IntegerField() declare size: number;
}
export const chained: PersonQuerySet = Person.objects
  .filter({ name__startswith: 'A' })
  .adults()
  .orderBy('-age')
  .named('x');
export const big: Promise<number> = Sticker.objects.big().filter({ size: 2 }).big().count();

type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
function same<A, B>(_: Equal<A, B>): void {}

export function filters(): void {
  const { objects } = Article;
  objects.filter({
    author__name__startswith: 'A',
    pubDate__year__gte: 2024,
    visits__in: [1, 2],
    headline: 'x',
  });
  objects.filter({
    author: new Author(),
    author__publisher__name: 'P',
    comments__text__icontains: 'x',
    price__isnull: true,
  });
  objects.filter({ author: 5, author__in: [1, 2], data__a__b: 3, pk: 1, pk__in: [1], visits__gt: F('id') });
  objects.filter({ author__in: Author.objects.filter({ name: 'x' }) });
  objects.filter(new Q({ headline: 'x' }).or(new Q({ visits: 1 })), { visits: 2 });
  objects.filter({ headline: 'x' } as Record<string, unknown>);
  // @ts-expect-error no such field
  objects.filter({ autor__name: 'A' });
  // @ts-expect-error no such field behind the relation
  objects.filter({ author__nam__startswith: 'A' });
  // @ts-expect-error a number
  objects.filter({ visits__gt: 'many' });
  // @ts-expect-error no such lookup
  objects.filter({ author__name__startwith: 'A' });
  // @ts-expect-error a key or an instance of Author, not of Article
  objects.filter({ author: new Article() });
  // @ts-expect-error the same behind a condition
  objects.filter(new Q({ visits: 1 }), { autor__name: 'A' });
  // @ts-expect-error the same in exclude
  objects.exclude({ visits: 'many' });
  // @ts-expect-error the same in get
  void objects.get({ headlin: 'x' });
  // @ts-expect-error no such path
  objects.orderBy('-author__nam');
  // @ts-expect-error no such relation
  objects.selectRelated('autor');
}

export async function rows(): Promise<void> {
  const values = await Article.objects.values('id', 'author__name', 'author__publisher__name', 'author');
  same<
    (typeof values)[number],
    { id: number; author__name: string; author__publisher__name: string | null; author: number }
  >(true);
  // @ts-expect-error no such path
  Article.objects.values('id', 'author__nam');
  const flat: string[] = await Article.objects.flat('author__name');
  const listed: string[] = await Article.objects.valuesList('author__name', { flat: true });
  const lists = await Article.objects.valuesList('id', 'author__name');
  same<(typeof lists)[number], [number, string]>(true);
  const [named] = await Article.objects.valuesList('id', 'headline', { named: true });
  const headline: string | undefined = named?.headline ?? named?.[1];
  // @ts-expect-error no such path
  Article.objects.valuesList('id', 'author__nam');
  // @ts-expect-error no such path
  Article.objects.valuesList('id', 'author__nam', { named: true });
  const counted = await Article.objects.valuesList('headline', Count('comments'));
  same<(typeof counted)[number], [string, number]>(true);
  const inBulk = await Article.objects.inBulk([1]);
  const article: Article | undefined = inBulk.get(1);
  const latest: Article = await Article.objects.latest('pubDate');
  for await (const each of Article.objects.iterator()) void each.headline.length;
  for await (const each of Article.objects.values('visits').iterator())
    same<typeof each, { visits: number }>(true);
  const raw: Article[] = await Article.objects.raw('SELECT * FROM article WHERE id = ?', [1]);
  void [flat, listed, headline, article, latest, raw];
}

export async function annotations(): Promise<void> {
  const counted = Article.objects
    .annotate({ n: Count('comments'), last: Max('comments__id'), avg: Avg('visits') })
    .filter({ n__gt: 2, author__name: 'x' })
    .orderBy('-n', 'author__name', '?');
  const [first] = await counted;
  if (first) {
    const n: number = first.n;
    const last: number | null = first.last;
    const headline: string = first.headline;
    void [n, last, headline];
    await first.save();
  }
  const grouped = await Article.objects.annotate({ n: Count('comments') }).values('author__name', 'n');
  same<(typeof grouped)[number], { author__name: string; n: number }>(true);
  const inline = await Article.objects.values('author__name', { n: Count('comments') });
  const counts: number[] = inline.map(({ n }) => n);
  // @ts-expect-error no such annotation
  Article.objects.annotate({ n: Count('comments') }).filter({ m__gt: 2 });
  const total = await Article.objects.aggregate({ total: Sum('visits') });
  same<number | null, (typeof total)['total']>(true);
  const latest = Article.objects
    .filter({ author: OuterRef('pk') })
    .orderBy('-id')
    .values('headline')
    .slice(0, 1);
  const written = await Author.objects.annotate({ last: Subquery<string | null>(latest) });
  const last: string | null | undefined = written[0]?.last;
  Author.objects
    .annotate({ has: Exists(Article.objects.filter({ author: OuterRef('pk') })) })
    .filter({ has: true });
  void [last, counts];
}

export async function relations(): Promise<void> {
  for await (const each of Article.objects.selectRelated('author__publisher')) {
    const name: string = each.author.name;
    const publisher: string | undefined = each.author.publisher?.name;
    void [name, publisher];
  }
  for await (const each of Article.objects.all()) {
    // @ts-expect-error not loaded: may be a promise
    each.author.name;
    const name: string = (await each.author).name;
    void name;
  }
  const author = await Author.objects.get({ id: 1 });
  const mine = await author.articles.filter({ comments__text: 'x' }).count();
  void [mine, author.greet()];
}

export async function writes(): Promise<void> {
  await Article.objects.update({ visits: F('visits'), price: null });
  // @ts-expect-error cannot be null
  await Article.objects.update({ visits: null });
  // @ts-expect-error no such field
  await Article.objects.update({ visit: 1 });
  const made: Article = await Article.objects.create({ headline: 'x', author: new Author(), visits: 1 });
  // @ts-expect-error a number
  await Article.objects.create({ headline: 5 });
  // @ts-expect-error no such field
  await Article.objects.create({ titel: 'x' });
  const [found, isNew]: [Article, boolean] = await Article.objects.getOrCreate(
    { headline: 'x' },
    { visits: 1 },
  );
  void [made, found, isNew];
}

function takes(articles: models.QuerySet<Article>): void {
  void articles;
}
export function passed(): void {
  takes(Article.objects.selectRelated('author'));
  takes(Article.objects.filter({ id: 1 }));
  takes(Article.objects.annotate({ n: Count('comments') }));
  // @ts-expect-error a manager is no query
  takes(Article.objects);
  // @ts-expect-error rows of another model
  takes(Author.objects.all());
  // @ts-expect-error plain rows are no articles
  takes(Article.objects.values('id'));
}
