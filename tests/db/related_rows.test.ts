/** The row that a foreign key or a one-to-one field refers to, from both sides. */
import './settings';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { onEveryDatabase, statementsOf } from '../support/model_tables';

const Meta = { appLabel: 'related_rows' };

class Country extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Country>;
  declare id: number;
  @models.CharField({ maxLength: 9, unique: true }) declare name: string;
}

class Author extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Author>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare name: string;
  @models.ForeignKey(() => Country, { onDelete: models.CASCADE, toField: 'name', null: true })
  declare country: models.RelatedOrNull<Country>;
  declare countryId: string | null;
  declare profile: models.Related<Profile>;
}

class Profile extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Profile>;
  declare id: number;
  @models.OneToOneField(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
  declare authorId: number;
  @models.CharField({ maxLength: 9, default: '' }) declare text: string;
}

class Book extends models.Model {
  static override readonly Meta = Meta;
  declare static readonly objects: models.Manager<Book>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare title: string;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
  declare authorId: number;
}

const Fails = (message: string, name = 'ValueError'): object =>
  expect.objectContaining({ name, message }) as object;
const failure = (work: () => unknown): Promise<unknown> =>
  (async () => work())().then(
    () => 'nothing failed',
    (error: unknown) => error,
  );

onEveryDatabase(
  () => [Country, Author, Profile, Book],
  ({ isSqlite }) => {
    let ada: Author;
    beforeEach(async () => {
      const spain = await Country.objects.create({ name: 'Spain' });
      ada = await Author.objects.create({ name: 'Ada', country: spain });
      await Author.objects.create({ name: 'Bob' });
      await Book.objects.create({ title: 'One', author: ada });
    });

    describe('a foreign key', () => {
      it('gives a promise that asks nothing until somebody waits, then the row itself', async () => {
        const book = await Book.objects.get({ title: 'One' });
        const sent = await statementsOf(async () => {
          const promised = book.author;
          expect(promised).not.toBeInstanceOf(Author);
          expect(typeof (promised as Promise<Author>).then).toBe('function');
          await new Promise((done) => setImmediate(done));
        });
        expect(sent).toEqual([]);
        const asked = await statementsOf(async () => {
          expect((await book.author).name).toBe('Ada');
          expect(await book.author).toBe(await book.author);
        });
        expect(asked).toHaveLength(1);
        expect(book.author).toBeInstanceOf(Author);
      });

      it('is asked for once by all who wait at the same time', async () => {
        const book = await Book.objects.get({ title: 'One' });
        const asked = await statementsOf(async () => {
          const [one, two] = await Promise.all([book.author, book.author]);
          expect(one).toBe(two);
        });
        expect(asked).toHaveLength(1);
      });

      it('that is null is null at once; that must not be, is an error', async () => {
        const bob = await Author.objects.get({ name: 'Bob' });
        expect(bob.country).toBeNull();
        const book = new Book({ title: 'Two' });
        const error = await failure(() => book.author);
        expect(error).toEqual(Fails('Book has no author.', 'RelatedObjectDoesNotExist'));
        expect(error).toBeInstanceOf(Author.DoesNotExist);
      });

      it('refers to the field that it says', async () => {
        const found = await Author.objects.get({ name: 'Ada' });
        expect(found.countryId).toBe('Spain');
        expect((await found.country)?.id).toEqual(expect.any(Number));
      });

      it('takes an instance, and its key with it', () => {
        const book = new Book({ title: 'Two' });
        book.author = ada;
        expect([book.authorId, book.author]).toEqual([ada.id, ada]);
        const author = new Author({ name: 'Cid' });
        author.country = null;
        expect([author.countryId, author.country]).toEqual([null, null]);
      });

      it('is another row once the key is another', async () => {
        const bob = await Author.objects.get({ name: 'Bob' });
        const book = new Book({ title: 'Two', author: ada });
        book.authorId = bob.id;
        expect((await book.author).name).toBe('Bob');
        book.authorId = bob.id;
        expect(book.author).toBeInstanceOf(Author);
      });

      it('whose row is gone is an error', async () => {
        const book = new Book({ title: 'Two', authorId: 0 });
        const error = await failure(() => book.author);
        expect(error).toEqual(Fails('Author matching query does not exist.', 'DoesNotExist'));
        expect(error).toBeInstanceOf(Author.DoesNotExist);
      });

      it('takes no row of another model, nor a promise', async () => {
        const book = await Book.objects.get({ title: 'One' });
        const assign = (value: unknown) => () => {
          (book as { author: unknown }).author = value;
        };
        expect(assign(book)).toThrow(
          `Cannot assign "<Book: Book object (${book.id})>": "Book.author" must be a "Author" instance.`,
        );
        expect(assign('x')).toThrow(`Cannot assign "'x'": "Book.author" must be a "Author" instance.`);
        expect(assign(book.author)).toThrow(
          'Cannot assign "a promise: await it first": "Book.author" must be a "Author" instance.',
        );
      });

      it('is neither an own property of rows, nor in JSON', async () => {
        const book = await Book.objects.get({ title: 'One' });
        await book.author;
        expect(Object.keys(book)).toEqual(['id', 'title', 'authorId']);
        expect(JSON.parse(JSON.stringify(book))).toEqual({ id: book.id, title: 'One', authorId: ada.id });
      });

      it('comes with selectRelated, and null where there is none', async () => {
        const asked = await statementsOf(async () => {
          const [one] = await Book.objects.selectRelated('author__country');
          expect(one?.author.country?.name).toBe('Spain');
          const bob = await Author.objects.selectRelated('country').get({ name: 'Bob' });
          expect(bob.country).toBeNull();
        });
        expect(asked).toHaveLength(2);
      });
    });

    describe('a save', () => {
      it('is prevented where the related row is not saved, and takes its key over once it is', async () => {
        const cid = new Author({ name: 'Cid' });
        const book = new Book({ title: 'Two', author: cid });
        expect(await failure(() => book.save())).toEqual(
          Fails("save() prohibited to prevent data loss due to unsaved related object 'author'."),
        );
        await cid.save();
        expect(book.author).toBe(cid);
        await book.save();
        expect(book.authorId).toBe(cid.id);
        expect(book.author).toBe(cid);
      });

      it('says where the row is', async () => {
        const author = new Author({ name: 'Cid' });
        expect([author._state.adding, author._state.db]).toEqual([true, undefined]);
        await author.save();
        expect([author._state.adding, author._state.db]).toEqual([false, 'default']);
        const found = await Author.objects.get({ name: 'Cid' });
        expect([found._state.adding, found._state.db]).toEqual([false, 'default']);
      });

      it('changes the state of one instance alone', async () => {
        const [one, two] = await Author.objects.orderBy('id');
        (one as Author)._state.db = 'other';
        expect((two as Author)._state.db).toBe('default');
        expect(new Author({ name: 'x' })._state.adding).toBe(true);
      });
    });

    describe('a one-to-one field', () => {
      it('leads back, and both sides know each other', async () => {
        await Profile.objects.create({ author: ada, text: 'hi' });
        const author = await Author.objects.get({ name: 'Ada' });
        const asked = await statementsOf(async () => {
          const profile = await author.profile;
          expect(profile.text).toBe('hi');
          expect(profile.author).toBe(author);
          expect(author.profile).toBe(profile);
        });
        expect(asked).toHaveLength(1);
        const other = await Profile.objects.get({ author: ada });
        expect((await other.author).profile).toBe(other);
      });

      it('has nothing where nothing refers to the row', async () => {
        const bob = await Author.objects.get({ name: 'Bob' });
        const error = await failure(() => bob.profile);
        expect(error).toEqual(Fails('Author has no profile.', 'RelatedObjectDoesNotExist'));
        expect(error).toBeInstanceOf(Profile.DoesNotExist);
        expect(await statementsOf(() => failure(() => bob.profile))).toEqual([]);
        expect(await failure(() => new Author({ name: 'x' }).profile)).toEqual(
          Fails('Author has no profile.', 'RelatedObjectDoesNotExist'),
        );
      });

      it('is set from either side', async () => {
        const profile = new Profile({ text: 'hi' });
        profile.author = ada;
        expect(ada.profile).toBe(profile);
        const other = new Profile({ text: 'other' });
        ada.profile = other;
        expect([other.authorId, other.author]).toEqual([ada.id, ada]);
        expect(() => {
          (ada as { profile: unknown }).profile = ada;
        }).toThrow(
          `Cannot assign "<Author: Author object (${ada.id})>": "Author.profile" must be a "Profile" instance.`,
        );
        (ada as { profile: unknown }).profile = null;
        expect(other.authorId).toBeNull();
      });

      it('comes with selectRelated from either side', async () => {
        await Profile.objects.create({ author: ada, text: 'hi' });
        const asked = await statementsOf(async () => {
          const [author, bob] = await Author.objects.selectRelated('profile').orderBy('id');
          expect(author?.profile.text).toBe('hi');
          expect(author?.profile.author).toBe(author);
          expect(await failure(() => bob?.profile)).toEqual(
            Fails('Author has no profile.', 'RelatedObjectDoesNotExist'),
          );
          const [profile] = await Profile.objects.selectRelated('author');
          expect(profile?.author.profile).toBe(profile);
        });
        expect(asked).toHaveLength(2);
      });

      it('is found on a row of a model that is declared later', async () => {
        class Late extends models.Model {
          static override readonly Meta = Meta;
          declare static readonly objects: models.Manager<Late>;
          @models.OneToOneField(() => Country, { onDelete: models.CASCADE }) declare country: Country;
        }
        const country = new Country({ name: 'x' }) as Country & { late: Late };
        const late = new Late({ country });
        expect(country.late).toBe(late);
      });
    });

    describe('peers', () => {
      beforeEach(async () => {
        const bob = await Author.objects.get({ name: 'Bob' });
        await Book.objects.create({ title: 'Two', author: bob });
        await Book.objects.create({ title: 'Three', author: bob });
        await Profile.objects.create({ author: bob });
      });
      const names = async (books: readonly Book[]): Promise<string[]> => {
        const found: string[] = [];
        for (const book of books) found.push((await book.author).name);
        return found;
      };

      it('get their related rows in one statement, whoever waits first', async () => {
        const asked = await statementsOf(async () => {
          expect(await names(await Book.objects.orderBy('id'))).toEqual(['Ada', 'Bob', 'Bob']);
        });
        expect(asked).toHaveLength(2);
        const together = await statementsOf(async () => {
          const books = await Book.objects.orderBy('id');
          const authors = await Promise.all(books.map(({ author }) => author));
          expect(authors.map(({ name }) => name)).toEqual(['Ada', 'Bob', 'Bob']);
          expect(authors[1]).toBe(authors[2]);
        });
        expect(together).toHaveLength(2);
      });

      it('are followed from relation to relation, after selectRelated, too', async () => {
        const countries = async (books: readonly Book[]): Promise<unknown[]> => {
          const found: unknown[] = [];
          for (const book of books) found.push((await (await book.author).country)?.name ?? null);
          return found;
        };
        const asked = await statementsOf(async () => {
          expect(await countries(await Book.objects.orderBy('id'))).toEqual(['Spain', null, null]);
        });
        expect(asked).toHaveLength(3);
        await Author.objects
          .filter({ name: 'Bob' })
          .update({ country: await Country.objects.get({ name: 'Spain' }) } as never);
        const joined = await statementsOf(async () => {
          const books = await Book.objects.selectRelated('author').orderBy('id');
          expect(await countries(books)).toEqual(['Spain', 'Spain', 'Spain']);
        });
        expect(joined).toHaveLength(2);
      });

      it('know in one statement what refers to them', async () => {
        const asked = await statementsOf(async () => {
          const found = await Promise.all(
            (await Author.objects.orderBy('id')).map((author) =>
              author.profile instanceof Profile
                ? author.profile
                : author.profile.then(
                    () => true,
                    () => false,
                  ),
            ),
          );
          expect(found).toEqual([false, true]);
        });
        expect(asked).toHaveLength(2);
      });

      it('let the event loop have a turn where they are many, so that what nobody holds can go', async () => {
        await Author.objects.bulkCreate(Array.from({ length: 1001 }, () => new Author({ name: 'Many' })));
        let turns = 0;
        let next = setImmediate(function count(): void {
          turns += 1;
          next = setImmediate(count);
        });
        for (let times = 0; times < 3; times++) await Author.objects.filter({ name: 'Many' });
        clearImmediate(next);
        expect(turns).toBeGreaterThanOrEqual(3);
      });

      it('are left alone by FETCH_ONE, and by FETCH_RAISE with an error', async () => {
        const asked = await statementsOf(async () => {
          expect(await names(await Book.objects.fetchMode(models.FETCH_ONE).orderBy('id'))).toEqual([
            'Ada',
            'Bob',
            'Bob',
          ]);
        });
        expect(asked).toHaveLength(4);
        const [book] = await Book.objects.fetchMode(models.FETCH_RAISE);
        expect(await failure(() => book?.author)).toEqual(
          Fails('Fetching of Book.author blocked.', 'FieldFetchBlocked'),
        );
      });

      it('hand their mode on to what is loaded for them', async () => {
        const [book] = await Book.objects.fetchMode(models.FETCH_ONE).filter({ title: 'One' });
        expect((await book?.author)?._state.fetchMode).toBe(models.FETCH_ONE);
        const [joined] = await Book.objects.fetchMode(models.FETCH_RAISE).selectRelated('author');
        expect(joined?.author._state.fetchMode).toBe(models.FETCH_RAISE);
      });

      it('whose key has changed meanwhile are asked for by their own', async () => {
        const books = await Book.objects.orderBy('id');
        const [one, two] = books as [Book, Book];
        const waiting = one.author;
        two.authorId = ada.id;
        await waiting;
        expect((await two.author).name).toBe('Ada');
        expect(books).toHaveLength(3);
      });

      if (isSqlite) {
        it('may be more than one statement can name', async () => {
          const connection = connections.get();
          const numbers =
            'WITH RECURSIVE n(i) AS (SELECT 100000 UNION ALL SELECT i + 1 FROM n WHERE i < 120100)';
          await connection.execute(
            `INSERT INTO related_rows_author (id, name) ${numbers} SELECT i, 'n' || i FROM n`,
          );
          await connection.execute(
            `INSERT INTO related_rows_book (id, title, author_id) ${numbers} SELECT i, 'x', i FROM n`,
          );
          const asked = await statementsOf(async () => {
            const books = await Book.objects.filter({ id__gte: 100000 }).orderBy('id');
            expect((await names(books)).slice(-1)).toEqual(['n120100']);
          });
          expect(asked).toHaveLength(4);
        });
      }
    });
  },
);
