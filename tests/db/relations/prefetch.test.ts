/** Related rows that are read ahead. */
import '../settings';
import * as models from 'tsango/db/models';
import { Author, Book, Letter, statementsOf, Tag, useLibrary } from './library';

class Desk extends models.Model {
  static override readonly Meta = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Desk>;
  declare id: number;
  @models.OneToOneField(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
  @models.CharField({ maxLength: 20 }) declare place: string;
}

useLibrary([Author, Tag, Book, Letter, Desk]);

const { Prefetch, prefetchRelatedObjects } = models;

let ada: Author;
let bob: Author;
let old: Tag;
let fresh: Tag;
beforeEach(async () => {
  ada = await Author.objects.create({ name: 'Ada' });
  bob = await Author.objects.create({ name: 'Bob' });
  await Author.objects.create({ name: 'Cid' });
  old = await Tag.objects.create({ word: 'old' });
  fresh = await Tag.objects.create({ word: 'fresh' });
  const one = await ada.books.create({ title: 'One', pages: 10 });
  const two = await ada.books.create({ title: 'Two', pages: 20 });
  const three = await bob.books.create({ title: 'Three', pages: 30 });
  await one.tags.add(old, fresh);
  await two.tags.add(old);
  await three.tags.add(fresh);
  await Desk.objects.create({ author: ada, place: 'window' });
});

const titles = (rows: readonly Book[]): string[] => rows.map(({ title }) => title);
/** What is read, and that nothing else is read afterwards. */
async function readAhead<T>(
  query: PromiseLike<T>,
  statements: number,
  look: (rows: T) => Promise<unknown>,
): Promise<void> {
  let rows: T | undefined;
  expect(
    await statementsOf(async () => {
      rows = await query;
    }),
  ).toHaveLength(statements);
  expect(await statementsOf(() => look(rows as T))).toEqual([]);
}

describe('reads ahead', () => {
  it('what refers to rows by a foreign key, and tells them', async () => {
    await readAhead(Author.objects.prefetchRelated('books'), 2, async (authors) => {
      const all = await Promise.all(authors.map((author) => author.books.all()));
      expect(all.map(titles)).toEqual([['One', 'Two'], ['Three'], []]);
      expect(all[0]?.[0]?.author).toBe(authors[0]);
      expect(await authors[0]?.books.count()).toBe(2);
      expect(await authors[2]?.books.exists()).toBe(false);
    });
  });

  it('both sides of many to many', async () => {
    await readAhead(Book.objects.prefetchRelated('tags'), 2, async (books) => {
      const words = await Promise.all(
        books.map(async ({ tags }) => (await tags.all()).map(({ word }) => word)),
      );
      expect(words).toEqual([['fresh', 'old'], ['old'], ['fresh']]);
    });
    await readAhead(Tag.objects.prefetchRelated('bookSet'), 2, async ([first]) => {
      expect(titles(await (first as Tag).bookSet.all())).toEqual(['One', 'Three']);
    });
  });

  it('the row that a key refers to, and the one row that refers back', async () => {
    await Book.objects.create({ title: 'Lost' });
    await readAhead(Book.objects.prefetchRelated('author'), 2, async (books) => {
      expect(books.map(({ author }) => (author as Author | null)?.name ?? null)).toEqual([
        'Ada',
        'Ada',
        'Bob',
        null,
      ]);
      expect(books[0]?.author).toBe(books[1]?.author);
    });
    await readAhead(Author.objects.prefetchRelated('desk' as never), 2, async (authors) => {
      const desk = (at: number): Desk => (authors[at] as unknown as { desk: Desk }).desk;
      expect(desk(0).place).toBe('window');
      expect(desk(0).author).toBe(authors[0]);
      expect(() => desk(1)).toThrow('Author has no desk.');
    });
    await readAhead(Desk.objects.prefetchRelated('author__books'), 3, async ([desk]) => {
      expect(titles(await (desk as { author: Author }).author.books.all())).toEqual(['One', 'Two']);
    });
  });

  it('along a path, a statement a step, each step once', async () => {
    await readAhead(
      Author.objects.prefetchRelated('books__tags', 'books', 'letterSet'),
      4,
      async ([first]) => {
        const [one] = await (first as Author).books.all();
        expect((await (one as Book).tags.all()).map(({ word }) => word)).toEqual(['fresh', 'old']);
      },
    );
  });

  it('behind a relation that was joined', async () => {
    await readAhead(
      Book.objects.selectRelated('author').prefetchRelated('author__letterSet'),
      2,
      async (books) => {
        expect(await (books[0] as { author: Author }).author.letterSet.count()).toBe(0);
      },
    );
  });

  it('what the default query of a manager reads ahead', async () => {
    const books = Book.objects.prefetchRelated('tags');
    await readAhead(
      Author.objects.prefetchRelated(new Prefetch('books', { queryset: books })),
      3,
      async ([first]) => {
        const [one] = await (first as Author).books.all();
        expect(await (one as Book).tags.count()).toBe(2);
      },
    );
  });

  it('for instances that are there, what is not there yet', async () => {
    const authors = await Author.objects.all();
    expect(await statementsOf(() => prefetchRelatedObjects(authors, 'books'))).toHaveLength(1);
    expect(await statementsOf(() => prefetchRelatedObjects(authors, 'books__tags'))).toHaveLength(1);
    expect(await statementsOf(() => prefetchRelatedObjects([], 'nothing'))).toEqual([]);
  });

  it('nothing any more with null, and once for several awaits', async () => {
    expect(
      await statementsOf(() =>
        Promise.resolve(Author.objects.prefetchRelated('books').prefetchRelated(null)),
      ),
    ).toHaveLength(1);
    const query = Author.objects.prefetchRelated('books');
    await query;
    expect(await statementsOf(async () => await query)).toEqual([]);
  });
});

describe('Prefetch', () => {
  it('narrows and sorts the rows', async () => {
    const long = Book.objects.filter({ pages__gt: 15 }).orderBy('-pages');
    await readAhead(
      Author.objects.prefetchRelated(new Prefetch('books', { queryset: long })),
      2,
      async (authors) => {
        expect(titles(await (authors[0] as Author).books.all())).toEqual(['Two']);
      },
    );
    const tagged = Tag.objects.filter({ word: 'old' });
    await readAhead(
      Book.objects.prefetchRelated(new Prefetch('tags', { queryset: tagged })),
      2,
      async (books) => {
        expect(await Promise.all(books.map(({ tags }) => tags.count()))).toEqual([1, 1, 0]);
      },
    );
  });

  it('puts the rows into a list of that name', async () => {
    const [first] = await Author.objects.prefetchRelated(
      new Prefetch('books', { queryset: Book.objects.filter({ pages__gt: 15 }), toAttr: 'longBooks' }),
    );
    const list: readonly Book[] = first?.longBooks ?? [];
    expect(titles(list)).toEqual(['Two']);
    expect(await statementsOf(async () => await first?.books.all())).toHaveLength(1);
    const [behind] = await Author.objects
      .prefetchRelated(new Prefetch('books', { toAttr: 'every' }))
      .prefetchRelated('every__tags');
    expect(await behind?.every[0]?.tags.count()).toBe(2);
    const [book] = await Book.objects.prefetchRelated(new Prefetch('author', { toAttr: 'writer' }));
    const writer: Author | null = book?.writer ?? null;
    expect(writer?.name).toBe('Ada');
  });

  it('has so many rows an instance of a sliced query', async () => {
    const longest = Book.objects.orderBy('-pages').slice(0, 1);
    await readAhead(
      Author.objects.prefetchRelated(new Prefetch('books', { queryset: longest })),
      2,
      async (authors) => {
        const all = await Promise.all(authors.map(({ books }) => books.all()));
        expect(all.map(titles)).toEqual([['Two'], ['Three'], []]);
      },
    );
    const second = Book.objects.orderBy('title').slice(1, 2);
    await readAhead(
      Tag.objects.prefetchRelated(new Prefetch('bookSet', { queryset: second, toAttr: 'two' })),
      2,
      async (tags) => {
        expect(tags.map(({ two }) => titles(two))).toEqual([['Three'], ['Two']]);
      },
    );
  });

  it('is refused where it cannot be', async () => {
    expect(() => new Prefetch('books', { queryset: Book.objects.values('title') as never })).toThrow(
      'Prefetch querysets cannot use raw(), values(), and values_list().',
    );
    await expect(
      Author.objects.prefetchRelated('books', new Prefetch('books', { queryset: Book.objects.all() })),
    ).rejects.toThrow(
      "'books' lookup was already seen with a different queryset. You may need to adjust the ordering of your lookups.",
    );
    await expect(Author.objects.prefetchRelated(new Prefetch('books', { toAttr: 'name' }))).rejects.toThrow(
      'to_attr=name conflicts with a field on the Author model.',
    );
    await expect(Author.objects.prefetchRelated(new Prefetch('books', { toAttr: 'save' }))).rejects.toThrow(
      'to_attr=save conflicts with a field on the Author model.',
    );
  });
});

describe('what was read ahead', () => {
  it('is forgotten when it is changed', async () => {
    const [first] = await Author.objects.prefetchRelated('books');
    const author = first as Author;
    await author.books.create({ title: 'New' });
    expect(await author.books.count()).toBe(3);
    const [book] = await Book.objects.prefetchRelated('tags');
    for (const change of [
      () => book?.tags.add(old),
      () => book?.tags.remove(old),
      () => book?.tags.set([fresh]),
      () => book?.tags.clear(),
    ]) {
      await prefetchRelatedObjects([book as Book], 'tags');
      await change();
      expect(await statementsOf(async () => await book?.tags.all())).toHaveLength(1);
    }
  });

  it('is asked anew by whatever narrows it', async () => {
    const [first] = await Author.objects.prefetchRelated('books');
    expect(titles((await first?.books.filter({ title: 'Two' })) ?? [])).toEqual(['Two']);
  });
});

describe('names', () => {
  it('have to be relations', async () => {
    await expect(Author.objects.prefetchRelated('letters' as never)).rejects.toThrow(
      "Cannot find 'letters' on Author object, 'letters' is an invalid parameter to prefetch_related()",
    );
    await expect(Author.objects.prefetchRelated('name')).rejects.toThrow(
      "'name' does not resolve to an item that supports prefetching - this is an invalid parameter to prefetch_related().",
    );
    await expect(Author.objects.prefetchRelated('books__letters' as never)).rejects.toThrow(
      "Cannot find 'letters' on Book object, 'books__letters' is an invalid parameter to prefetch_related()",
    );
  });

  it('may be Django’s', async () => {
    await readAhead(Author.objects.prefetchRelated('letter_set' as never), 2, async ([first]) => {
      expect(await first?.letterSet.count()).toBe(0);
    });
  });

  it('are checked by the compiler', () => {
    // @ts-expect-error no such property
    void Author.objects.prefetchRelated('boks');
    // @ts-expect-error no such property behind the relation
    void Author.objects.prefetchRelated('books__tagz');
  });
});
