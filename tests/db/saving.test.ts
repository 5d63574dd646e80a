/** How instances are written. What is sent to the database, and when, is Django's. */
import './settings';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { onEveryDatabase, statementsOf } from '../support/model_tables';

const meta = (extra: models.MetaOptions = {}): models.MetaOptions => ({ appLabel: 'saving', ...extra });

class Author extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Author>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.IntegerField({ default: 0 }) declare visits: number;
  @models.DateTimeField({ autoNow: true }) declare changed: Date;
}

class Code extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Code>;
  @models.CharField({ maxLength: 20, primaryKey: true, default: () => `code ${++made}` })
  declare code: string;
  @models.CharField({ maxLength: 20, default: '' }) declare text: string;
}
let made = 0;

class Plain extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Plain>;
  declare id: number;
}

class Careful extends models.Model {
  static override readonly Meta = meta({ selectOnSave: true });
  declare static readonly objects: models.Manager<Careful>;
  declare id: number;
  @models.IntegerField({ default: 0 }) declare n: number;
}

class Place extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Place>;
  declare id: number;
  @models.CharField({ maxLength: 20, unique: true }) declare name: string;
}

class Restaurant extends Place {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Restaurant>;
  @models.IntegerField({ default: 1 }) declare stars: number;
}

class Question extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Question>;
  declare id: number;
  @models.CharField({ maxLength: 20, default: '' }) declare text: string;
}

class Answer extends models.Model {
  static override readonly Meta = meta({ orderWithRespectTo: 'question' });
  declare static readonly objects: models.Manager<Answer>;
  declare id: number;
  declare _order: number;
  @models.ForeignKey(() => Question, { onDelete: models.CASCADE }) declare question: models.Related<Question>;
}

/** A model that does something of its own when it is saved. */
class Loud extends models.Model {
  static override readonly Meta = meta();
  declare static readonly objects: models.Manager<Loud>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare text: string;

  override async save(options?: models.SaveOptions): Promise<void> {
    this.text = this.text.toUpperCase();
    await super.save(options);
  }
}

const { F, Value } = models;
/** An expression where the type wants the value. */
const as = (expression: object): never => expression as never;
interface Saved {
  instance: Author;
  created: boolean;
  using: string;
  raw: boolean;
}

const verbs = async (work: () => unknown): Promise<string> =>
  (await statementsOf(work)).map((sql) => sql.split(' ')[0]).join(' ');

async function failure(work: () => PromiseLike<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'it did not fail';
}

onEveryDatabase(
  () => [Author, Code, Plain, Careful, Place, Restaurant, Question, Answer, Loud],
  ({ engine }) => {
    const tells = engine !== 'mysql';

    describe('INSERT or UPDATE', () => {
      it('is one INSERT without a key, one UPDATE with one, both where there is no such row', async () => {
        const author = new Author({ name: 'Ann' });
        expect(author._state.adding).toBe(true);
        expect(await verbs(() => author.save())).toBe('INSERT');
        expect([author._state.adding, author._state.db]).toEqual([false, 'default']);
        expect(await verbs(() => author.save())).toBe('UPDATE');
        expect(await verbs(() => new Author({ id: 77, name: 'Bob' }).save())).toBe('UPDATE INSERT');
        expect(await verbs(() => new Author({ id: 77, name: 'Cid' }).save())).toBe('UPDATE');
        expect((await Author.objects.get({ id: 77 })).name).toBe('Cid');
      });

      it('is an INSERT for a new row whose key has a default, an UPDATE once it is there', async () => {
        const code = new Code({ text: 'a' });
        expect(await verbs(() => code.save())).toBe('INSERT');
        expect(await verbs(() => code.save())).toBe('UPDATE');
        expect(await verbs(() => new Code({ code: code.code }).save({ forceUpdate: true }))).toBe('UPDATE');
        expect(await failure(() => new Code({ code: code.code }).save())).toMatch(/^IntegrityError: /);
        expect((await Code.objects.get()).text).toBe('');
      });

      it('asks first where Meta.selectOnSave says so', async () => {
        const careful = await Careful.objects.create({});
        expect(await verbs(() => careful.save())).toBe('SELECT UPDATE');
        expect(await verbs(() => careful.save({ forceUpdate: true }))).toBe('UPDATE');
        expect(await verbs(() => new Careful({ id: 9 }).save())).toBe('SELECT INSERT');
      });

      it('writes a row of a key alone, and looks whether it is there', async () => {
        const plain = await Plain.objects.create({});
        expect(plain.id).toEqual(expect.any(Number));
        expect(await verbs(() => plain.save())).toBe('SELECT');
        expect(await verbs(() => new Plain({ id: 50 }).save())).toBe('SELECT INSERT');
      });

      it('is forced', async () => {
        const author = await Author.objects.create({ name: 'Ann' });
        expect(
          await failure(() => new Author({ id: author.id, name: 'x' }).save({ forceInsert: true })),
        ).toMatch(/^IntegrityError/);
        expect(await failure(() => new Author({ id: 99, name: 'x' }).save({ forceUpdate: true }))).toBe(
          'DatabaseError: Forced update did not affect any rows.',
        );
        expect(await failure(() => new Author({ name: 'x' }).save({ forceUpdate: true }))).toBe(
          'ValueError: Cannot force an update in save() with no primary key.',
        );
        for (const more of [{ forceUpdate: true }, { updateFields: ['name'] }]) {
          expect(await failure(() => author.save({ forceInsert: true, ...more }))).toBe(
            'ValueError: Cannot force both insert and updating in model saving.',
          );
        }
      });
    });

    describe('updateFields', () => {
      it('writes these columns alone, by either name; none of them writes nothing', async () => {
        const author = await Author.objects.create({ name: 'Ann' });
        author.name = 'Bob';
        author.visits = 5;
        const [sql] = await statementsOf(() => author.save({ updateFields: ['visits'] }));
        expect(sql).toMatch(/SET .visits. = \? WHERE/);
        expect(await Author.objects.get()).toMatchObject({ name: 'Ann', visits: 5 });
        expect(await verbs(() => author.save({ updateFields: [] }))).toBe('');
        const answer = await Answer.objects.create({ question: await Question.objects.create({}) });
        for (const name of ['question', 'question_id', 'questionId']) {
          expect(await verbs(() => answer.save({ updateFields: [name] }))).toBe('UPDATE');
        }
      });

      it('refuses what is no such column, and a row that is not there', async () => {
        const author = new Author({ id: 5, name: 'x' });
        expect(await failure(() => author.save({ updateFields: ['name', 'id', 'nosuch'] }))).toBe(
          'ValueError: The following fields do not exist in this model, are m2m fields, primary keys, or are ' +
            'non-concrete fields: id, nosuch',
        );
        expect(await failure(() => author.save({ updateFields: ['name'] }))).toBe(
          'DatabaseError: Save with updateFields did not affect any rows.',
        );
      });
    });

    describe('expressions as values', () => {
      it('are calculated by the database; the instance has the result', async () => {
        const author = await Author.objects.create({ name: 'Ann', visits: 3 });
        await Author.objects.filter({ pk: author.pk }).update({ visits: 10 });
        author.visits = as(F('visits').add(1));
        expect(await verbs(() => author.save())).toBe('UPDATE');
        if (!tells) await author.refreshFromDb();
        expect(await author.visits).toBe(11);
        await author.save();
        expect((await Author.objects.get()).visits).toBe(11);
      });

      it('stand in new rows, too, unless they name a column', async () => {
        const author = new Author({ name: 'Ann', visits: as(new Value(2)) });
        await author.save();
        if (!tells) await author.refreshFromDb();
        expect(author.visits).toBe(2);
        expect(author.id).toEqual(expect.any(Number));
        expect(await failure(() => new Author({ name: 'x', visits: as(F('visits')) }).save())).toMatch(
          /^ValueError: Failed to insert expression "Col\(saving_author, saving\.Author\.visits\)" on saving\.Author\.visits\. F/,
        );
      });
    });

    describe('rows of several tables', () => {
      it('are written all or none', async () => {
        expect(await verbs(() => Restaurant.objects.create({ name: 'a' }))).toBe('INSERT INSERT');
        const restaurant = await Restaurant.objects.get();
        restaurant.stars = 2;
        expect(await verbs(() => restaurant.save())).toBe('UPDATE UPDATE');
        expect(await verbs(() => restaurant.save({ updateFields: ['stars'] }))).toBe('UPDATE');
        const broken = new Restaurant({ name: 'b', stars: null as never });
        expect(await failure(() => broken.save())).toMatch(/^(Integrity|Operational)Error/);
        expect(await Place.objects.count()).toBe(1);
      });

      it('are forced into being, the child’s row and those of the parents that are named', async () => {
        const place = await Place.objects.create({ name: 'a' });
        const child = new Restaurant({ placePtrId: place.id, id: place.id, name: 'a' } as never);
        expect(await verbs(() => child.save({ forceInsert: true }))).toBe('UPDATE INSERT');
        expect(await verbs(() => new Restaurant({ id: 70, name: 'c' }).save({ forceInsert: [Place] }))).toBe(
          'INSERT INSERT',
        );
        expect(await failure(() => child.save({ forceInsert: [Author] }))).toBe(
          'TypeError: Invalid forceInsert member. Author must be a base of Restaurant.',
        );
        expect(await failure(() => child.save({ forceInsert: ['Place' as never] }))).toBe(
          "TypeError: Invalid forceInsert member. 'Place' must be a model subclass.",
        );
        expect(await failure(() => child.save({ forceInsert: 'all' as never }))).toBe(
          'TypeError: forceInsert must be a bool or tuple.',
        );
      });
    });

    it('gives a new row of orderWithRespectTo the next place', async () => {
      const [one, two] = [await Question.objects.create({}), await Question.objects.create({})];
      const places = [];
      for (const question of [one, one, two, one]) {
        places.push((await Answer.objects.create({ question }))._order);
      }
      expect(places).toEqual([0, 1, 0, 2]);
    });

    it('create() saves as the model itself does', async () => {
      expect((await Loud.objects.create({ text: 'a' })).text).toBe('A');
      expect((await Loud.objects.getOrCreate({ text: 'b' }))[0].text).toBe('B');
    });

    it('dooms the block around it when it fails', async () => {
      await Place.objects.create({ name: 'a' });
      const work = connections.get().atomic(async () => {
        expect(await failure(() => new Place({ name: 'a' }).save())).toMatch(/^IntegrityError/);
        expect(await failure(() => Place.objects.count())).toMatch(/^TransactionManagementError/);
      });
      await work;
      expect(await Place.objects.count()).toBe(1);
    });

    describe('signals', () => {
      it('are sent before and after, and waited for in turn', async () => {
        const heard: unknown[] = [];
        const pre = async (args: {
          instance: Author;
          updateFields: ReadonlySet<string> | null;
        }): Promise<void> => {
          await new Promise(setImmediate);
          args.instance.name = args.instance.name.trim();
          heard.push(['pre', args.updateFields && [...args.updateFields]]);
        };
        const post = ({ instance, created, using, raw }: Saved): void => {
          heard.push(['post', instance.name, created, using, raw]);
        };
        models.preSave.connect(pre, { sender: Author });
        models.postSave.connect(post, { sender: 'saving.author' });
        try {
          const author = await Author.objects.create({ name: ' Ann ' });
          await author.save({ updateFields: ['name'] });
          await author.save({ updateFields: [] });
          await author.saveBase({ raw: true });
          await Code.objects.create({});
        } finally {
          models.preSave.disconnect(pre, { sender: Author });
          models.postSave.disconnect(post, { sender: 'saving.author' });
        }
        expect(heard).toEqual([
          ['pre', null],
          ['post', 'Ann', true, 'default', false],
          ['pre', ['name']],
          ['post', 'Ann', false, 'default', false],
          ['pre', null],
          ['post', 'Ann', false, 'default', true],
        ]);
        expect((await Author.objects.get()).name).toBe('Ann');
      });

      it('say when instances are made, also from rows', async () => {
        await Author.objects.create({ name: 'Ann' });
        const heard: unknown[] = [];
        const pre = ({ values }: { values: Readonly<Record<string, unknown>> }): unknown =>
          heard.push(['pre', values['name']]);
        const post = ({ instance }: { instance: Author }): unknown => heard.push(['post', instance.name]);
        models.preInit.connect(pre, { sender: Author });
        models.postInit.connect(post, { sender: Author });
        try {
          new Author({ name: 'Bob' });
          new Code();
          await Author.objects.get();
        } finally {
          models.preInit.disconnect(pre, { sender: Author });
          models.postInit.disconnect(post, { sender: Author });
        }
        expect(heard).toEqual([
          ['pre', 'Bob'],
          ['post', 'Bob'],
          ['post', 'Ann'],
        ]);
      });
    });
  },
);

it('says when a class is described', () => {
  const heard: string[] = [];
  const note = ({ sender }: { sender: { name: string } }): unknown => heard.push(sender.name);
  models.classPrepared.connect(note, { sender: 'saving.Late' });
  try {
    class Late extends models.Model {
      static override readonly Meta = meta();
      @models.IntegerField() declare n: number;
    }
    expect(heard).toEqual([]);
    expect(Late._meta.label).toBe('saving.Late');
  } finally {
    models.classPrepared.disconnect(note, { sender: 'saving.Late' });
  }
  expect(heard).toEqual(['Late']);
});
