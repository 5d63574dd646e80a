/** Fields that were not loaded with their rows. */
import './settings';
import * as models from 'tsango/db/models';
import { onEveryDatabase, statementsOf } from '../support/model_tables';

const Meta = { appLabel: 'deferred' };

class Author extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Author>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare firstName: string;
  @models.CharField({ maxLength: 9, default: '' }) declare bio: string;
  declare profile: models.Related<Profile>;
}

class Profile extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Profile>;
  declare id: number;
  @models.OneToOneField(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
  @models.CharField({ maxLength: 9, default: '' }) declare text: string;
}

class Book extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Book>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare title: string;
  @models.CharField({ maxLength: 9 }) declare body: string;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
  declare authorId: number;
}

class Child extends Author {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Child> & models.Manager<Author>;
  @models.CharField({ maxLength: 9, default: '' }) declare toy: string;
  declare authorPtrId: number;
  declare authorPtr: models.Related<Author>;
}

/** A model that loads all that is deferred when one value is asked for. */
class Eager extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Eager>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare one: string;
  @models.CharField({ maxLength: 9 }) declare two: string;

  override async refreshFromDb(options: models.RefreshOptions = {}): Promise<void> {
    const deferred = this.getDeferredFields();
    const fields = [...(options.fields ?? [])];
    await super.refreshFromDb(fields.some((name) => deferred.has(name)) ? { fields: deferred } : options);
  }
}

const failure = (work: () => unknown): Promise<unknown> =>
  (async () => work())().then(
    () => 'nothing failed',
    (error: unknown) => String(error),
  );

onEveryDatabase(
  () => [Author, Profile, Book, Child, Eager],
  () => {
    let ada: Author;
    beforeEach(async () => {
      ada = await Author.objects.create({ firstName: 'Ada', bio: 'long' });
      const bob = await Author.objects.create({ firstName: 'Bob', bio: 'short' });
      await Book.objects.create({ title: 'One', body: 'a', author: ada });
      await Book.objects.create({ title: 'Two', body: 'b', author: bob });
    });

    describe('a deferred field', () => {
      it('is a promise that asks when somebody waits, and then the value', async () => {
        const book = await Book.objects.defer('body').get({ title: 'One' });
        expect([...book.getDeferredFields()]).toEqual(['body']);
        expect(book).toBeInstanceOf(Book);
        expect(book.constructor).toBe(Book);
        expect(Object.keys(book)).toEqual(['id', 'title', 'authorId']);
        const asked = await statementsOf(async () => {
          expect(book.body).not.toBe('a');
          expect(await book.body).toBe('a');
          expect(book.body).toBe('a');
        });
        expect(asked).toHaveLength(1);
        expect([...book.getDeferredFields()]).toEqual([]);
      });

      it('is loaded for all rows of the query at once, or as the fetch mode says', async () => {
        const bodies = async (books: readonly { body: string | Promise<string> }[]): Promise<string[]> => {
          const found: string[] = [];
          for (const book of books) found.push(await book.body);
          return found;
        };
        const asked = await statementsOf(async () => {
          expect(await bodies(await Book.objects.defer('body').orderBy('id'))).toEqual(['a', 'b']);
        });
        expect(asked).toHaveLength(2);
        const oneByOne = await statementsOf(async () => {
          const books = await Book.objects.fetchMode(models.FETCH_ONE).only('title').orderBy('id');
          expect(await bodies(books)).toEqual(['a', 'b']);
        });
        expect(oneByOne).toHaveLength(3);
        const [book] = await Book.objects.fetchMode(models.FETCH_RAISE).defer('body');
        expect(await failure(() => book?.body)).toBe('FieldFetchBlocked: Fetching of Book.body blocked.');
      });

      it('may be set before it is loaded', async () => {
        const book = await Book.objects.defer('body').get({ title: 'One' });
        (book as { body: string }).body = 'new';
        expect(book.body).toBe('new');
        expect(Object.keys(book)).toContain('body');
        await book.save();
        expect((await Book.objects.get({ title: 'One' })).body).toBe('new');
      });

      it('may be the key of a related row', async () => {
        const books = await Book.objects.only('title').orderBy('id');
        const asked = await statementsOf(async () => {
          const names: string[] = [];
          for (const book of books) names.push((await book.author).firstName);
          expect(names).toEqual(['Ada', 'Bob']);
        });
        expect(asked).toHaveLength(2);
      });

      it('is known where it is the key of a parent', async () => {
        await Child.objects.create({ firstName: 'Cid', bio: 'x', toy: 'car' });
        const [child] = await Child.objects.only('toy');
        expect([...(child?.getDeferredFields() ?? [])].sort()).toEqual(['bio', 'firstName', 'id']);
        expect(await statementsOf(() => expect(child?.id).toBe(child?.authorPtrId))).toEqual([]);
        const [whole] = await Child.objects.all();
        const asked = await statementsOf(async () => {
          const author = await whole?.authorPtr;
          expect([author?.constructor, author?.firstName, author?._state.adding]).toEqual([
            Author,
            'Cid',
            false,
          ]);
        });
        expect(asked).toEqual([]);
        expect((await child?.authorPtr)?.firstName).toBe('Cid');
      });

      it('of a row that is gone is an error', async () => {
        const book = await Book.objects.defer('body').get({ title: 'One' });
        await Book.objects.filter({ title: 'One' }).delete();
        expect(await failure(() => book.body)).toBe('DoesNotExist: Book matching query does not exist.');
        (book as { pk: unknown }).pk = null;
        expect(await failure(() => book.body)).toBe(
          "AttributeError: Cannot retrieve deferred field 'body' from an unsaved model.",
        );
      });

      it('is loaded by the method of its model, if that has one', async () => {
        await Eager.objects.create({ one: '1', two: '2' });
        const [row] = await Eager.objects.only('id');
        const asked = await statementsOf(async () => {
          expect(await row?.one).toBe('1');
          expect(await row?.two).toBe('2');
        });
        expect(asked).toHaveLength(1);
      });
    });

    describe('defer and only', () => {
      const columns = (query: { toSql(): readonly [string, unknown] }): string[] =>
        [
          ...query
            .toSql()[0]
            .replace(/ FROM.*/, '')
            .matchAll(/[`"](\w+)[`"](?=,|$)/g),
        ].map(([, name]) => name ?? '');

      it('add up, and undo each other as in Django', () => {
        const { objects } = Book;
        expect(columns(objects.defer('body'))).toEqual(['id', 'title', 'author_id']);
        expect(columns(objects.defer('body').defer('authorId'))).toEqual(['id', 'title']);
        expect(columns(objects.only('title'))).toEqual(['id', 'title']);
        expect(columns(objects.only('title').only('body'))).toEqual(['id', 'body']);
        expect(columns(objects.only('title', 'body').defer('body'))).toEqual(['id', 'title']);
        expect(columns(objects.defer('body').only('title', 'body'))).toEqual(['id', 'title']);
        expect(columns(objects.only('title').defer('title'))).toEqual(['id', 'title', 'body', 'author_id']);
        expect(columns(objects.only('title').defer('title', 'body'))).toEqual(['id', 'title', 'author_id']);
        expect(columns(objects.only('pk'))).toEqual(['id']);
        expect(columns(objects.defer('body').defer(null))).toEqual(['id', 'title', 'body', 'author_id']);
        expect(columns(Author.objects.only('firstName'))).toEqual(['id', 'first_name']);
      });

      it('reach the rows of selectRelated', async () => {
        const asked = await statementsOf(async () => {
          const [book] = await Book.objects.selectRelated('author').defer('author__bio').orderBy('id');
          expect([...(book?.author.getDeferredFields() ?? [])]).toEqual(['bio']);
          expect(book?.author.firstName).toBe('Ada');
          const [only] = await Book.objects
            .selectRelated('author')
            .only('title', 'author__bio')
            .orderBy('id');
          expect([...(only?.author.getDeferredFields() ?? [])]).toEqual(['firstName']);
          expect([...(only?.getDeferredFields() ?? [])]).toEqual(['body']);
          const [whole] = await Book.objects.selectRelated('author').only('author');
          expect([...(whole?.author.getDeferredFields() ?? [])]).toEqual([]);
        });
        expect(asked).toHaveLength(3);
      });

      it('cannot leave out what is to be joined', async () => {
        const text =
          'FieldError: Field Book.author cannot be both deferred and traversed using select_related at the same time.';
        expect(await failure(() => Book.objects.selectRelated('author').only('title'))).toBe(text);
        expect(await failure(() => Book.objects.selectRelated('author').defer('author'))).toBe(text);
      });

      it('name fields that there are, of rows that are instances', async () => {
        const { objects } = Book;
        expect(await failure(() => objects.defer('nothing' as 'title'))).toBe(
          "FieldDoesNotExist: Book has no field named 'nothing'",
        );
        expect(await failure(() => objects.only('title__x' as 'title'))).toBe('FieldError: x');
        expect(await failure(() => objects.only(null as never))).toBe(
          'TypeError: Cannot pass None as an argument to only().',
        );
        expect(await failure(() => objects.values('title').defer('title'))).toBe(
          'TypeError: Cannot call defer() after .values() or .values_list()',
        );
      });
    });

    describe('a save of a row without some of its fields', () => {
      it('writes those that it has', async () => {
        const book = await Book.objects.only('title').get({ title: 'One' });
        await Book.objects.filter({ title: 'One' }).update({ body: 'changed' });
        book.title = 'New';
        const asked = await statementsOf(() => book.save());
        expect(asked).toHaveLength(1);
        expect(asked[0]).not.toContain('body');
        const found = await Book.objects.get({ title: 'New' });
        expect([found.body, found.authorId]).toEqual(['changed', ada.id]);
      });

      it('loads a field first that it is told to write', async () => {
        const book = await Book.objects.only('title').get({ title: 'One' });
        const asked = await statementsOf(() => book.save({ updateFields: ['body'] }));
        expect(asked.map((sql) => sql.split(' ', 1)[0])).toEqual(['SELECT', 'UPDATE']);
        expect((await Book.objects.get({ title: 'One' })).body).toBe('a');
      });

      it('loads the others where the row is written whole', async () => {
        const book = await Book.objects.only('title').get({ title: 'One' });
        await Book.objects.filter({ title: 'One' }).delete();
        expect(await failure(() => book.save({ forceInsert: true }))).toBe(
          'DoesNotExist: Book matching query does not exist.',
        );
      });
    });

    describe('refreshFromDb', () => {
      it('reads all that is loaded, and forgets related rows', async () => {
        const book = await Book.objects.get({ title: 'One' });
        const author = await book.author;
        await Book.objects.filter({ title: 'One' }).update({ body: 'changed' });
        book.title = 'unsaved';
        await book.refreshFromDb();
        expect([book.title, book.body]).toEqual(['One', 'changed']);
        expect(await book.author).not.toBe(author);
        const deferred = await Book.objects.defer('body').get({ title: 'One' });
        await deferred.refreshFromDb();
        expect([...deferred.getDeferredFields()]).toEqual(['body']);
      });

      it('reads the fields that are named', async () => {
        const book = await Book.objects.get({ title: 'One' });
        await Book.objects.filter({ title: 'One' }).update({ body: 'changed' });
        book.title = 'unsaved';
        await book.refreshFromDb({ fields: ['body'] });
        expect([book.title, book.body]).toEqual(['unsaved', 'changed']);
        expect(await statementsOf(() => book.refreshFromDb({ fields: [] }))).toEqual([]);
        expect(await failure(() => book.refreshFromDb({ fields: ['author__name'] }))).toBe(
          'ValueError: Found "__" in fields argument. Relations and transforms are not allowed in fields.',
        );
      });

      it('forgets what refers to the row, by name or with all', async () => {
        await Profile.objects.create({ author: ada, text: 'old' });
        const before = await ada.profile;
        await Profile.objects.update({ text: 'new' });
        await ada.refreshFromDb({ fields: ['firstName'] });
        expect(await ada.profile).toBe(before);
        await ada.refreshFromDb({ fields: ['profile'] });
        expect((await ada.profile).text).toBe('new');
      });

      it('forgets what was prefetched', async () => {
        type Row = Author & { readonly bookSet: models.RelatedManager<Book> };
        const [author] = (await Author.objects
          .prefetchRelated('bookSet' as never)
          .orderBy('id')) as unknown as Row[];
        const count = async (): Promise<number> => (await author?.bookSet.all())?.length ?? 0;
        await Book.objects.create({ title: 'Three', body: 'c', author: author as Row });
        expect(await count()).toBe(1);
        await author?.refreshFromDb({ fields: ['firstName'] });
        expect(await count()).toBe(1);
        expect(await statementsOf(() => author?.refreshFromDb({ fields: ['bookSet'] }))).toEqual([]);
        expect(await count()).toBe(2);
      });

      it('takes related rows over from the query that it is given', async () => {
        const book = await Book.objects.get({ title: 'One' });
        const asked = await statementsOf(async () => {
          await book.refreshFromDb({ fromQueryset: Book.objects.selectRelated('author') });
          expect(book.author).toBeInstanceOf(Author);
        });
        expect(asked).toHaveLength(1);
        expect(
          await failure(() => book.refreshFromDb({ fromQueryset: Book.objects.filter({ title: 'x' }) })),
        ).toBe('DoesNotExist: Book matching query does not exist.');
      });
    });
  },
);
