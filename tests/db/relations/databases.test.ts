/** Relations on each database: what SQL differs in, and content types that have to be waited for. */
import '../settings';
import { ContentType, GenericForeignKey, GenericRelation } from 'tsango/contrib/contenttypes';
import * as models from 'tsango/db/models';
import { type Engine, scratchDatabase } from '../../support/databases';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { Author, Book, Tag, useLibrary } from './library';

class Remark extends models.Model {
  static override readonly Meta = { appLabel: 'library', ordering: ['id'] };
  declare static readonly objects: models.Manager<Remark>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare text: string;
  @models.ForeignKey(() => ContentType, { onDelete: models.CASCADE })
  declare contentType: models.Related<ContentType>;
  @models.PositiveIntegerField() declare objectId: number;
  @GenericForeignKey('contentType', 'objectId') declare contentObject: models.RelatedOrNull<models.Model>;
}

class Shelf extends models.Model {
  static override readonly Meta = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Shelf>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @GenericRelation(() => Remark) declare readonly remarks: models.RelatedManager<Remark>;
}

function relations(engine: Engine): void {
  useLibrary([Author, Tag, Book, ContentType, Remark, Shelf], scratchDatabase(engine));
  beforeEach(() => ContentType.objects.clearCache());

  it('many rows refer to many', async () => {
    const [one, two] = [
      await Book.objects.create({ title: 'One' }),
      await Book.objects.create({ title: 'Two' }),
    ];
    const [old, fresh] = [
      await Tag.objects.create({ word: 'old' }),
      await Tag.objects.create({ word: 'fresh' }),
    ];
    await one.tags.add(old, fresh, old.id);
    await one.tags.add(old);
    await two.tags.set([fresh]);
    expect(await one.tags.flat('word')).toEqual(['fresh', 'old']);
    expect([await one.tags.count(), await two.tags.count()]).toEqual([2, 1]);
    const tags = await Tag.objects.prefetchRelated('bookSet');
    expect(
      await Promise.all(tags.map(async ({ bookSet }) => (await bookSet.all()).map(({ title }) => title))),
    ).toEqual([['One', 'Two'], ['One']]);
    await one.tags.remove(old);
    await two.tags.clear();
    expect(await Book.objects.filter({ tags__word: 'fresh' }).flat('title')).toEqual(['One']);
  });

  it('rows refer to one, and so many of them are read ahead', async () => {
    const ada = await Author.objects.create({ name: 'Ada' });
    const bob = await Author.objects.create({ name: 'Bob' });
    for (const [author, title, pages] of [
      [ada, 'A', 1],
      [ada, 'B', 2],
      [bob, 'C', 3],
    ] as const) {
      await author.books.create({ title, pages });
    }
    const authors = await Author.objects.prefetchRelated(
      new models.Prefetch('books', {
        queryset: Book.objects.orderBy('-pages').slice(0, 1),
        toAttr: 'longest',
      }),
    );
    expect(authors.map(({ longest }) => longest.map(({ title }) => title))).toEqual([['B'], ['C']]);
    await bob.books.set(await ada.books.all());
    expect(await bob.books.flat('title')).toEqual(['A', 'B']);
    await bob.books.clear();
    expect(await Book.objects.filter({ author: null }).count()).toBe(3);
  });

  it('rows refer to rows of any model, whose content type is not known yet', async () => {
    const shelf = await Shelf.objects.create({ name: 'Low' });
    const remark = await Remark.objects.create({ text: 'dusty', contentObject: shelf });
    expect(remark.contentObject).toBe(shelf);
    ContentType.objects.clearCache();
    expect(await Shelf.objects.filter({ remarks__text: 'dusty' }).count()).toBe(1);
    ContentType.objects.clearCache();
    expect(await Shelf.objects.exclude({ remarks__text: 'dusty' }).count()).toBe(0);
    ContentType.objects.clearCache();
    expect(await shelf.remarks.flat('text')).toEqual(['dusty']);
    ContentType.objects.clearCache();
    await shelf.remarks.add(await Remark.objects.create({ text: 'new', contentObject: shelf }));
    ContentType.objects.clearCache();
    const read = await Remark.objects.get({ text: 'new' });
    expect(((await read.contentObject) as Shelf).name).toBe('Low');
    ContentType.objects.clearCache();
    const [low] = await Shelf.objects.prefetchRelated('remarks');
    expect((await low?.remarks.all())?.map(({ text }) => text)).toEqual(['dusty', 'new']);
    ContentType.objects.clearCache();
    await shelf.delete();
    expect(await Remark.objects.count()).toBe(0);
  });
}

describe('on SQLite', () => relations(SQLITE_ENGINE));
describeWith('postgresql', 'on PostgreSQL', () => relations('postgresql'));
describeWith('mysql', 'on MySQL', () => relations('mysql'));
