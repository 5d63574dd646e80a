/** What instances have besides their fields. */
import './settings';
import { overrideSettings } from 'tsango/conf';
import * as models from 'tsango/db/models';
import { onEveryDatabase, statementsOf } from '../support/model_tables';

const Meta: models.MetaOptions = { appLabel: 'instances' };

class Article extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Article>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare title: string;
  @models.DateTimeField() declare pubDate: Date;
  @models.DateField({ null: true }) declare day: string | null;
  declare getNextByPubDate: (conditions?: object) => Promise<Article>;
  declare getPreviousByPubDate: (conditions?: object) => Promise<Article>;
}

class Comment extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Comment>;
  declare id: number;
  @models.ForeignKey(() => Article, { onDelete: models.CASCADE, null: true })
  declare article: models.RelatedOrNull<Article>;
  declare articleId: number | null;
}

/** What its rows had when they were read. */
class Kept extends Article {
  static override readonly Meta: models.MetaOptions = { appLabel: 'instances', proxy: true };
  declare static readonly objects: models.Manager<Kept>;
  declare loaded: Record<string, unknown>;

  static override fromDb(
    db: string | undefined,
    names: readonly string[],
    values: readonly unknown[],
  ): models.Model {
    const row = super.fromDb(db, names, values) as Kept;
    row.loaded = Object.fromEntries(names.map((name, at) => [name, values[at]]));
    return row;
  }
}

class Other extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Other>;
  declare id: number;
}

class Seen extends Article {
  static override readonly Meta: models.MetaOptions = { appLabel: 'instances', proxy: true };
}

const failure = (work: () => unknown): Promise<unknown> =>
  (async () => work())().then(
    () => 'nothing failed',
    (error: unknown) => String(error),
  );

onEveryDatabase(
  () => [Article, Comment, Other],
  () => {
    it('are the same where they are one row', async () => {
      const at = new Date();
      const article = await Article.objects.create({ title: 'One', pubDate: at });
      const same = await Article.objects.get({ title: 'One' });
      expect([article.isSame(same), same.isSame(article), article.isSame(article)]).toEqual([
        true,
        true,
        true,
      ]);
      const other = await Article.objects.create({ title: 'Two', pubDate: at });
      expect([article.isSame(other), article.isSame(null), article.isSame({ pk: article.pk })]).toEqual([
        false,
        false,
        false,
      ]);
      expect(article.isSame(new Other({ id: article.id }))).toBe(false);
      expect(article.isSame(new Seen({ id: article.id }))).toBe(true);
      const [one, two] = [new Article(), new Article()];
      expect([one.isSame(one), one.isSame(two)]).toEqual([true, false]);
    });

    it('have a next and a previous one by each date that is not null', async () => {
      const make = (title: string, hour: number): Promise<Article> =>
        Article.objects.create({ title, pubDate: new Date(Date.UTC(2027, 0, 1, hour)) });
      const [a, b, c] = [await make('a', 1), await make('b', 2), await make('c', 2)];
      expect((await a.getNextByPubDate()).title).toBe('b');
      expect((await b.getNextByPubDate()).title).toBe('c');
      expect((await c.getPreviousByPubDate()).title).toBe('b');
      expect((await a.getNextByPubDate({ title: 'c' })).title).toBe('c');
      expect(await failure(() => c.getNextByPubDate())).toBe(
        'DoesNotExist: Article matching query does not exist.',
      );
      expect(await failure(() => new Article().getNextByPubDate())).toBe(
        'ValueError: get_next/get_previous cannot be used on unsaved objects.',
      );
      expect('getNextByDay' in a).toBe(false);
    });

    it('give the value of a field by its name', async () => {
      const article = await Article.objects.create({ title: 'One', pubDate: new Date(0) });
      const comment = new Comment({ article });
      expect(comment.serializableValue('article')).toBe(article.id);
      expect(comment.serializableValue('article_id')).toBe(article.id);
      expect(article.serializableValue('pub_date')).toEqual(new Date(0));
      expect(article.serializableValue('pubDate')).toEqual(new Date(0));
      expect(article.serializableValue('pk')).toBe(article.id);
    });

    it('that are not saved cannot stand in a query', async () => {
      const article = new Article({ title: 'One' });
      const text =
        'ValueError: Unsaved model instance <Article: Article object (None)> cannot be used in an ORM query.';
      expect(await failure(() => Comment.objects.update({ article }))).toBe(text);
      expect(() => article.prepareDatabaseSave(Comment._meta.getField('article') as never)).toThrow(
        text.slice(12),
      );
      expect(await failure(() => Comment.objects.filter({ article }))).toBe(
        'ValueError: Model instances passed to related filters must be saved.',
      );
      expect(await failure(() => Comment.objects.filter({ article__in: [article] }))).toBe(
        'ValueError: Model instances passed to related filters must be saved.',
      );
    });

    it('have a key that can be set under the name pk', () => {
      const article = new Article({ pk: 3 });
      expect([article.id, article.pk]).toEqual([3, 3]);
      article.pk = 4;
      expect(article.id).toBe(4);
    });

    it('are made of values that a row has', async () => {
      const row = Article.fromDb('default', ['id', 'pub_date'], [3, new Date(0)]) as Article;
      expect([row instanceof Article, row.pk, row.pubDate]).toEqual([true, 3, new Date(0)]);
      expect([row._state.adding, row._state.db]).toEqual([false, 'default']);
      expect([...row.getDeferredFields()]).toEqual(['title', 'day']);
      const { id } = await Article.objects.create({ title: 'One', pubDate: new Date(0) });
      const part = Article.fromDb('default', ['id'], [id]) as Article;
      expect(await part.title).toBe('One');
      expect(() => Article.fromDb('default', ['id', 'titel'], [1, 'One'])).toThrow(
        "Article has no field named 'titel'",
      );
      expect(() => Article.fromDb('default', ['id', 'title'], [1])).toThrow(
        'Article.fromDb() takes a value for each field: 2 names, 1 values.',
      );
    });

    it('are made by the class where it says how', async () => {
      const pubDate = new Date(0);
      await Article.objects.bulkCreate([
        new Article({ title: 'One', pubDate, day: '2024-02-03' }),
        new Article({ title: 'Two', pubDate }),
      ]);
      const rows = await Kept.objects.orderBy('title');
      expect(rows.map(({ loaded }) => loaded)).toEqual([
        { id: rows[0]?.id, title: 'One', pubDate, day: '2024-02-03' },
        { id: rows[1]?.id, title: 'Two', pubDate, day: null },
      ]);
      const [one, two] = await Kept.objects.only('title').orderBy('title');
      expect(one?.loaded).toEqual({ id: rows[0]?.id, title: 'One' });
      // They know each other all the same: one statement loads what both lack.
      const sent = await statementsOf(async () => {
        expect([await one?.day, await two?.day]).toEqual(['2024-02-03', null]);
      });
      expect(sent).toHaveLength(1);
    });

    it('have an address where the settings say so', async () => {
      const restore = overrideSettings({
        ABSOLUTE_URL_OVERRIDES: { 'instances.late': (row: { pk: number }) => `/late/${row.pk}/` },
      });
      try {
        class Late extends models.Model {
          static override readonly Meta = Meta;
          declare getAbsoluteUrl: () => string;
        }
        expect(new Late({ pk: 3 }).getAbsoluteUrl()).toBe('/late/3/');
        expect('getAbsoluteUrl' in new Other()).toBe(false);
      } finally {
        await restore();
      }
    });
  },
);
