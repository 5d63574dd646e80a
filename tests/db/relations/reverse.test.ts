/** The rows that refer to an instance by a foreign key. */
import '../settings';
import { AttributeError } from 'tsango/core/exceptions';
import { Author, Book, Letter, statementsOf, useLibrary } from './library';

useLibrary();

let ada: Author;
let bob: Author;
beforeEach(async () => {
  ada = await Author.objects.create({ name: 'Ada' });
  bob = await Author.objects.create({ name: 'Bob' });
  await ada.books.create({ title: 'One' });
  await ada.books.create({ title: 'Two', pages: 300 });
  await bob.books.create({ title: 'Three' });
});

const titles = async (rows: PromiseLike<readonly Book[]>): Promise<string[]> =>
  (await rows).map(({ title }) => title);

describe('reading', () => {
  it('is a manager of the rows that refer to the instance', async () => {
    expect(await titles(ada.books.all())).toEqual(['One', 'Two']);
    expect(await titles(ada.books.filter({ pages__gt: 200 }))).toEqual(['Two']);
    expect(await ada.books.count()).toBe(2);
    expect(await bob.books.exists()).toBe(true);
    expect((await ada.books.get({ title: 'Two' })).pages).toBe(300);
  });

  it('has the methods of the default manager of the model, and of another one that is named', async () => {
    const books = ada.books as typeof ada.books & typeof Book.objects;
    expect((await books.longest())?.title).toBe('Two');
    expect(ada.books.withManager('others')).not.toHaveProperty('longest');
    expect(await titles(ada.books.withManager('others').all())).toEqual(['One', 'Two']);
    expect(() => ada.books.withManager('save')).toThrow("Book has no manager named 'save'");
  });

  it('gives the rows the instance that they were asked for by', async () => {
    const sent = await statementsOf(async () => {
      for (const book of await ada.books.all()) expect(book.author).toBe(ada);
    });
    expect(sent).toHaveLength(1);
  });

  it('gives the rows of two managers the instance that each was asked for by', async () => {
    const sent = await statementsOf(async () => {
      const rows = await ada.books.all().or(bob.books.filter({ pages__gt: 50 }));
      expect(rows.map(({ author }) => author)).toEqual([ada, ada, bob]);
    });
    expect(sent).toHaveLength(1);
  });

  it('has a name of its own without relatedName', async () => {
    await Letter.objects.create({ author: bob });
    expect(await bob.letterSet.count()).toBe(1);
    expect(await ada.letterSet.count()).toBe(0);
    expect(await Author.objects.filter({ letter__id__gt: 0 }).flat('name')).toEqual(['Bob']);
  });

  it('is not there for an instance without a key', async () => {
    const nobody = new Author({ name: 'Nobody' });
    expect(() => nobody.books.all()).toThrow(
      "'Author' instance needs to have a primary key value before this relationship can be used.",
    );
    await expect(nobody.books.create({ title: 'None' })).rejects.toThrow(
      '"<Author: Nobody>" needs to have a value for field "id" before this relationship can be used.',
    );
  });

  it('cannot be assigned to', () => {
    expect(() => Object.assign(ada, { books: [] })).toThrow(
      'Direct assignment to the reverse side of a related set is prohibited. Use books.set() instead.',
    );
  });
});

describe('writing', () => {
  it('adds rows in one statement', async () => {
    const three = await Book.objects.get({ title: 'Three' });
    const lost = await Book.objects.create({ title: 'Lost' });
    const sent = await statementsOf(() => ada.books.add(three, lost));
    expect(sent).toHaveLength(1);
    expect([three.authorId, lost.authorId]).toEqual([ada.id, ada.id]);
    expect(await titles(ada.books.all())).toEqual(['One', 'Two', 'Three', 'Lost']);
  });

  it('adds rows that are not saved one by one', async () => {
    const fresh = new Book({ title: 'Fresh' });
    await expect(ada.books.add(fresh)).rejects.toThrow(
      "<Book: Fresh> instance isn't saved. Use bulk=False or save the object first.",
    );
    await ada.books.add(fresh, { bulk: false });
    expect(await titles(ada.books.all())).toEqual(['One', 'Two', 'Fresh']);
  });

  it('adds nothing but rows of the model', async () => {
    await expect(ada.books.add(bob as never)).rejects.toThrow("'Book' instance expected, got <Author: Bob>");
    await expect(ada.books.add('One' as never)).rejects.toThrow("'Book' instance expected, got 'One'");
  });

  it('makes rows, or finds them', async () => {
    expect((await ada.books.create({ title: 'New' })).authorId).toBe(ada.id);
    const [found, isNew] = await ada.books.getOrCreate({ title: 'One' }, { pages: 7 });
    expect([found.pages, isNew]).toEqual([100, false]);
    const [made, isMade] = await ada.books.getOrCreate({ title: 'Three' }, { pages: 7 });
    expect([made.pages, made.authorId, isMade]).toEqual([7, ada.id, true]);
    const [changed] = await ada.books.updateOrCreate({ title: 'One' }, { pages: 9 });
    expect(changed.pages).toBe(9);
    expect(await Book.objects.filter({ title: 'Three' }).count()).toBe(2);
  });

  it('removes rows that refer to it, and no others', async () => {
    const [one, two] = await ada.books.all();
    const three = await Book.objects.get({ title: 'Three' });
    await expect(ada.books.remove(three)).rejects.toThrow('<Book: Three> is not related to <Author: Ada>.');
    await expect(ada.books.remove(three)).rejects.toThrow(Author.DoesNotExist);
    await ada.books.remove(one as Book);
    expect(await titles(ada.books.all())).toEqual(['Two']);
    await ada.books.remove(two as Book, { bulk: false });
    expect(await ada.books.exists()).toBe(false);
    expect(await Book.objects.filter({ author: null }).count()).toBe(2);
  });

  it('removes all', async () => {
    expect(await statementsOf(() => ada.books.clear())).toHaveLength(1);
    expect(await ada.books.count()).toBe(0);
    await bob.books.clear({ bulk: false });
    expect(await Book.objects.filter({ author__isnull: true }).count()).toBe(3);
  });

  it('sets the rows: removes some, adds some, leaves some alone', async () => {
    const [, two] = await ada.books.all();
    const three = await Book.objects.get({ title: 'Three' });
    const sent = await statementsOf(() => ada.books.set([two as Book, three]));
    expect(sent.filter((sql) => /^(SELECT|UPDATE)/.test(sql))).toHaveLength(3);
    expect(await titles(ada.books.all())).toEqual(['Two', 'Three']);
    await ada.books.set(Book.objects.filter({ title: 'One' }), { clear: true });
    expect(await titles(ada.books.all())).toEqual(['One']);
    await ada.books.set([]);
    expect(await ada.books.count()).toBe(0);
  });

  it('removes nothing where a row has to refer to something', async () => {
    const letter = await Letter.objects.create({ author: bob });
    await expect(bob.letterSet.remove(letter)).rejects.toThrow(
      "'RelatedManager' object has no attribute 'remove': Letter.author takes no null.",
    );
    await expect(bob.letterSet.clear()).rejects.toThrow(AttributeError);
    await ada.letterSet.set([letter]);
    expect(await ada.letterSet.count()).toBe(1);
  });
});

it('is checked by the compiler', async () => {
  // @ts-expect-error the rows are books
  await expect(ada.books.add(ada)).rejects.toThrow();
  // @ts-expect-error no such field of books
  expect(() => ada.books.filter({ titel: 'One' })).toThrow();
  expect(await Author.objects.filter({ books__title: 'One' }).count()).toBe(1);
  // @ts-expect-error no such field behind the relation
  expect(() => Author.objects.filter({ books__titel: 'One' })).toThrow();
  // @ts-expect-error no such field behind the relation without a name of its own
  expect(() => Author.objects.filter({ letter__titel: 'One' })).toThrow();
});
