/** Relations of many to many. */
import '../settings';
import * as models from 'tsango/db/models';
import { Author, Book, statementsOf, Tag, useLibrary } from './library';

class Person extends models.Model {
  static override readonly Meta = { appLabel: 'library', ordering: ['id'] };
  declare static readonly objects: models.Manager<Person>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.ManyToManyField('self') declare readonly friends: models.ManyToManyManager<Person>;
  @models.ManyToManyField('self', { symmetrical: false, relatedName: 'fans' })
  declare readonly idols: models.ManyToManyManager<Person>;
  declare readonly fans: models.ManyToManyManager<Person>;
  declare readonly clubSet: models.ManyToManyManager<Club>;
  declare readonly memberships: models.RelatedManager<Membership>;
}

class Club extends models.Model {
  static override readonly Meta = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Club>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.ManyToManyField(() => Person, {
    through: () => Membership,
    throughFields: ['club', 'person'],
  })
  declare readonly members: models.ManyToManyManager<Person, Membership>;
}

class Membership extends models.Model {
  static override readonly Meta = { appLabel: 'library' };
  declare static readonly objects: models.Manager<Membership>;
  declare id: number;
  @models.ForeignKey(() => Person, { onDelete: models.CASCADE, relatedName: 'memberships' })
  declare person: models.Related<Person>;
  @models.ForeignKey(() => Club, { onDelete: models.CASCADE }) declare club: models.Related<Club>;
  @models.ForeignKey(() => Person, { onDelete: models.CASCADE, null: true, relatedName: '+' })
  declare inviter: models.RelatedOrNull<Person>;
  @models.CharField({ maxLength: 20 }) declare role: string;
  declare personId: number;
}

useLibrary([Author, Tag, Book, Person, Club, Membership]);

const words = async (book: Book): Promise<string[]> => (await book.tags.all()).map(({ word }) => word);
const writes = (sent: readonly string[]): string[] =>
  sent.map((sql) => sql.replace(/ .*/s, '')).filter((verb) => !/BEGIN|COMMIT|SAVEPOINT|RELEASE/.test(verb));

let book: Book;
let old: Tag;
let fresh: Tag;
beforeEach(async () => {
  book = await Book.objects.create({ title: 'One' });
  old = await Tag.objects.create({ word: 'old' });
  fresh = await Tag.objects.create({ word: 'fresh' });
});

describe('adding', () => {
  it('adds rows and keys, each once, in one statement', async () => {
    expect(writes(await statementsOf(() => book.tags.add(old, fresh.id, old)))).toEqual(['INSERT']);
    expect(await words(book)).toEqual(['fresh', 'old']);
    await book.tags.add(old);
    expect(await book.tags.count()).toBe(2);
    expect(await old.bookSet.flat('title')).toEqual(['One']);
  });

  it('takes no rows of another model, and no rows without a key', async () => {
    await expect(book.tags.add(book as never)).rejects.toThrow("'Tag' instance expected, got <Book: One>");
    await expect(book.tags.add(new Tag({ word: 'x' }))).rejects.toThrow(
      'Cannot add "<Tag: x>": the value for field "tag" is None',
    );
    await expect(book.tags.add('x')).rejects.toThrow("Field 'id' expected a number but got 'x'.");
  });

  it('makes rows and adds them', async () => {
    await book.tags.create({ word: 'new' });
    const [, isNew] = await book.tags.getOrCreate({ word: 'newer' });
    const [there, isMade] = await book.tags.getOrCreate({ word: 'newer' });
    const [changed] = await book.tags.updateOrCreate({ word: 'newer' }, { word: 'newest' });
    expect([isNew, isMade, changed.pk === there.pk]).toEqual([true, false, true]);
    expect(await words(book)).toEqual(['new', 'newest']);
  });

  it('adds from either side', async () => {
    await old.bookSet.add(book);
    expect(await words(book)).toEqual(['old']);
  });

  it('wants a saved instance', async () => {
    const unsaved = new Book({ title: 'None' });
    const text =
      '"<Book: None>" needs to have a value for field "id" before this many-to-many relationship can be used.';
    expect(() => unsaved.tags.all()).toThrow(text);
    await expect(unsaved.tags.add(old)).rejects.toThrow(text);
    await expect(unsaved.tags.set([])).rejects.toThrow(text);
  });
});

describe('removing', () => {
  beforeEach(() => book.tags.add(old, fresh));

  it('removes rows and keys', async () => {
    expect(writes(await statementsOf(() => book.tags.remove(old)))).toEqual(['DELETE']);
    expect(await words(book)).toEqual(['fresh']);
    await book.tags.remove(fresh.id, old);
    expect(await book.tags.exists()).toBe(false);
  });

  it('removes all', async () => {
    const other = await Book.objects.create({ title: 'Two' });
    await other.tags.add(old);
    expect(writes(await statementsOf(() => book.tags.clear()))).toEqual(['DELETE']);
    expect(await words(book)).toEqual([]);
    expect(await words(other)).toEqual(['old']);
  });

  it('sets the rows', async () => {
    const third = await Tag.objects.create({ word: 'third' });
    expect(writes(await statementsOf(() => book.tags.set([old, third])))).toEqual([
      'SELECT',
      'DELETE',
      'INSERT',
    ]);
    expect(await words(book)).toEqual(['old', 'third']);
    expect(writes(await statementsOf(() => book.tags.set([old.id, third.id])))).toEqual(['SELECT']);
    await book.tags.set(Tag.objects.filter({ word: 'fresh' }), { clear: true });
    expect(await words(book)).toEqual(['fresh']);
  });

  it('cannot be assigned to', () => {
    expect(() => Object.assign(book, { tags: [] })).toThrow(
      'Direct assignment to the forward side of a many-to-many set is prohibited. Use tags.set() instead.',
    );
    expect(() => Object.assign(old, { bookSet: [] })).toThrow(
      'Direct assignment to the reverse side of a many-to-many set is prohibited. Use bookSet.set() instead.',
    );
  });
});

describe('reading', () => {
  beforeEach(() => book.tags.add(old, fresh));

  it('counts rows without the table of the other model', async () => {
    const [counting = ''] = await statementsOf(() => book.tags.count());
    const [asking = ''] = await statementsOf(() => book.tags.exists());
    expect(counting).not.toContain('"library_tag"');
    expect(asking).not.toContain('"library_tag"');
    expect(await book.tags.count()).toBe(2);
    expect(await book.tags.filter({ word: 'old' }).count()).toBe(1);
  });

  it('narrows the same rows in between with the next filter', async () => {
    const two = await Book.objects.create({ title: 'Two' });
    await two.tags.add(old);
    expect(await book.tags.filter({ book__title: 'Two' }).count()).toBe(0);
    expect(await book.tags.filter({ book__title: 'One' }).count()).toBe(2);
    expect(await Book.objects.filter({ tags__word: 'old' }).flat('title')).toEqual(['One', 'Two']);
  });
});

describe('a relation of a model to itself', () => {
  let ada: Person;
  let bob: Person;
  let cid: Person;
  beforeEach(async () => {
    ada = await Person.objects.create({ name: 'Ada' });
    bob = await Person.objects.create({ name: 'Bob' });
    cid = await Person.objects.create({ name: 'Cid' });
  });
  const names = async (rows: PromiseLike<readonly Person[]>): Promise<string[]> =>
    (await rows).map(({ name }) => name);

  it('holds in both directions', async () => {
    expect(writes(await statementsOf(() => ada.friends.add(bob, cid)))).toEqual(['INSERT', 'INSERT']);
    expect(await names(bob.friends.all())).toEqual(['Ada']);
    await bob.friends.remove(ada);
    expect(await names(ada.friends.all())).toEqual(['Cid']);
    await ada.friends.clear();
    expect(await cid.friends.count()).toBe(0);
    expect('personSet' in ada).toBe(false);
  });

  it('holds in one direction where it is said', async () => {
    await ada.idols.add(bob);
    await cid.idols.add(bob);
    expect(await names(bob.idols.all())).toEqual([]);
    expect(await names(bob.fans.all())).toEqual(['Ada', 'Cid']);
    await bob.fans.remove(ada);
    expect(await names(ada.idols.all())).toEqual([]);
  });

  it('has a model of one’s own in between, with values', async () => {
    const club = await Club.objects.create({ name: 'Chess' });
    await club.members.add(ada, { throughDefaults: { role: 'player', inviter: bob } });
    await club.members.add(ada, bob, { throughDefaults: { role: () => 'guest' } });
    expect(await Membership.objects.orderBy('id').values('person_id' as never, 'role', 'inviter')).toEqual([
      { person_id: ada.id, role: 'player', inviter: bob.id },
      { person_id: bob.id, role: 'guest', inviter: null },
    ]);
    expect(club.members.through).toBe(Membership);
    expect(await names(club.members.filter({ memberships__role: 'guest' }))).toEqual(['Bob']);
    const eve = await club.members.create({ name: 'Eve' }, { throughDefaults: { role: 'host' } });
    expect(await eve.clubSet.flat('name')).toEqual(['Chess']);
    await club.members.set([eve], { throughDefaults: { role: 'none' } });
    expect(await Membership.objects.flat('role')).toEqual(['host']);
  });
});

describe('m2mChanged', () => {
  const heard: unknown[] = [];
  const listen = ({
    action,
    reverse,
    pkSet,
    model,
    instance,
    sender,
    using,
  }: models.ManyToManyArguments & { instance: models.Model } & { sender: unknown }): void => {
    heard.push([action, reverse, pkSet && [...pkSet], model.name, String(instance), using]);
    expect(sender).toBe(book.tags.through);
  };
  beforeEach(() => {
    heard.length = 0;
    models.m2mChanged.connect(listen, { sender: book.tags.through });
  });
  afterEach(() => {
    models.m2mChanged.disconnect(listen, { sender: book.tags.through });
  });

  it('tells what is added, with what is new', async () => {
    await book.tags.add(old);
    await book.tags.add(old, fresh);
    expect(heard).toEqual([
      ['pre_add', false, [old.id], 'Tag', 'One', 'default'],
      ['post_add', false, [old.id], 'Tag', 'One', 'default'],
      ['pre_add', false, [fresh.id], 'Tag', 'One', 'default'],
      ['post_add', false, [fresh.id], 'Tag', 'One', 'default'],
    ]);
  });

  it('tells what is removed, from the other side too', async () => {
    await book.tags.add(old);
    heard.length = 0;
    await old.bookSet.remove(book);
    await book.tags.clear();
    expect(heard).toEqual([
      ['pre_remove', true, [book.id], 'Book', 'old', 'default'],
      ['post_remove', true, [book.id], 'Book', 'old', 'default'],
      ['pre_clear', false, null, 'Tag', 'One', 'default'],
      ['post_clear', false, null, 'Tag', 'One', 'default'],
    ]);
  });
});
