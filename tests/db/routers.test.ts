/** Which database rows are read from and written to. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections, type DatabaseRouter, type RouterHints, router } from 'tsango/db';
import { CreateModel, RunCode, RunSQL } from 'tsango/db/migrations';
import { ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { SQLITE_ENGINE } from '../support/sqlite';

class Person extends models.Model {
  static override readonly Meta = { appLabel: 'routed' };
  declare static readonly objects: models.Manager<Person>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare name: string;
  declare readonly bookSet: models.RelatedManager<Book>;
}

class Book extends models.Model {
  static override readonly Meta = { appLabel: 'routed' };
  declare static readonly objects: models.Manager<Book>;
  declare id: number;
  @models.CharField({ maxLength: 20 }) declare title: string;
  @models.ForeignKey(() => Person, { onDelete: models.CASCADE, null: true })
  declare author: models.RelatedOrNull<Person>;
  declare authorId: number | null;
  @models.ManyToManyField(() => Person, { relatedName: 'edited' })
  declare readonly editors: models.ManyToManyManager<Person>;
}

const memory = { ENGINE: SQLITE_ENGINE, NAME: ':memory:' };
let restore: () => Promise<void>;

async function site(routers: readonly object[] = []): Promise<void> {
  apps.reset();
  restore = overrideSettings({
    DATABASES: { default: memory, other: memory, third: memory },
    DATABASE_ROUTERS: routers,
    INSTALLED_APPS: [],
  });
  apps.populate();
  for (const alias of ['default', 'other', 'third']) {
    await connections
      .get(alias)
      .schemaEditor()
      .run(async (editor) => {
        for (const { _meta: meta } of [Person, Book]) await editor.createModel(meta);
      });
  }
}
afterEach(async () => {
  await restore();
  apps.reset();
});

const names = async (alias: string): Promise<string> =>
  (await Person.objects.using(alias).orderBy('id')).map(({ name }) => name).join(' ');

async function failure(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'it did not fail';
}

describe('without routers', () => {
  it('a row stays in the database that it came from', async () => {
    await site();
    await Person.objects.using('other').create({ name: 'Ann' });
    const ann = await Person.objects.using('other').get();
    expect(ann._state.db).toBe('other');
    ann.name = 'Anna';
    await ann.save();
    expect([await names('default'), await names('other')]).toEqual(['', 'Anna']);
    await ann.refreshFromDb();
    await ann.save({ using: 'third' });
    expect([ann._state.db, await names('third')]).toEqual(['third', 'Anna']);
    await ann.delete({ using: 'other' });
    expect([await names('other'), await names('third')]).toEqual(['', 'Anna']);
  });

  it('what is related to it is looked for and made there', async () => {
    await site();
    const ann = await Person.objects.using('other').create({ name: 'Ann' });
    const book = new Book({ title: 'a', author: ann });
    expect(book._state.db).toBe('other');
    await book.save();
    await ann.bookSet.create({ title: 'b' });
    await book.editors.add(ann);
    expect([await Book.objects.count(), await Book.objects.using('other').count()]).toEqual([0, 2]);
    expect(await ann.bookSet.count()).toBe(2);
    expect((await book.editors.all()).map(({ name }) => name)).toEqual(['Ann']);
    const found = await Book.objects.using('other').get({ title: 'b' });
    expect((await found.author)?.name).toBe('Ann');
    await ann.delete();
    expect(await Book.objects.using('other').count()).toBe(0);
  });

  it('rows of two databases are not related', async () => {
    await site();
    const ann = await Person.objects.using('other').create({ name: 'Ann' });
    const book = await Book.objects.create({ title: 'a' });
    expect(
      await failure(() => {
        book.author = ann;
      }),
    ).toBe(
      'ValueError: Cannot assign "<Person: Person object (1)>": the current database router prevents this relation.',
    );
    expect(await failure(() => book.editors.add(ann))).toBe(
      'ValueError: Cannot add "<Person: Person object (1)>": instance is on database "default", value is on database ' +
        '"other"',
    );
  });
});

/** Writes to `default`, reads from `other`; what the hints say is kept. */
class Replicas implements DatabaseRouter {
  readonly asked: string[] = [];

  dbForRead(model: models.ModelClass, hints: RouterHints): string {
    this.asked.push(`read ${model.name}${hints['instance'] ? ' of an instance' : ''}`);
    return 'other';
  }

  dbForWrite(model: models.ModelClass, hints: RouterHints): string {
    this.asked.push(`write ${model.name}${hints['instance'] ? ' of an instance' : ''}`);
    return 'default';
  }

  allowRelation(): boolean {
    return true;
  }
}

describe('a router', () => {
  it('says where rows are read and written', async () => {
    const replicas = new Replicas();
    await site([replicas]);
    await Person.objects.create({ name: 'Ann' });
    expect([await names('default'), await names('other')]).toEqual(['Ann', '']);
    expect(await Person.objects.count()).toBe(0);
    await Person.objects.using('other').create({ name: 'Copy' });
    const copy = await Person.objects.get();
    expect([copy.name, copy._state.db]).toEqual(['Copy', 'other']);
    expect(await Person.objects.update({ name: 'New' })).toBe(1);
    expect([await names('default'), await names('other')]).toEqual(['New', 'Copy']);
    expect((await Person.objects.getOrCreate({ name: 'New' }))[1]).toBe(false);
    expect((await Person.objects.updateOrCreate({ name: 'New' }, { name: 'Newer' }))[1]).toBe(false);
    await Person.objects.bulkCreate([new Person({ name: 'Many' })]);
    expect(await names('default')).toBe('Newer Many');
    expect(await Person.objects.all().delete()).toEqual([2, { 'routed.Person': 2 }]);
    expect(Person.objects.db).toBe('other');
    replicas.asked.length = 0;
    await copy.save();
    expect(await names('default')).toBe('Copy');
    await Book.objects.using('default').filter({ author: copy }).count();
    await copy.bookSet.count();
    expect(replicas.asked).toEqual(['write Person of an instance', 'read Book of an instance']);
  });

  it('is asked after another one that has no opinion; what is named comes first', async () => {
    class Nobody implements DatabaseRouter {
      dbForRead(): undefined {}
    }
    class Third implements DatabaseRouter {
      dbForRead(): string {
        return 'third';
      }
    }
    await site([Nobody, new Third()]);
    expect(router.routers.map((each) => each.constructor.name)).toEqual(['Nobody', 'Third']);
    expect(router.dbForRead(Person)).toBe('third');
    expect(router.dbForWrite(Person)).toBe('default');
    const ann = await Person.objects.using('other').create({ name: 'Ann' });
    expect(router.dbForWrite(Person, { instance: ann })).toBe('other');
    expect(Person.objects.using('default').db).toBe('default');
  });

  it('allows relations, and refuses them', async () => {
    class Friends implements DatabaseRouter {
      allowRelation(first: models.Model, second: models.Model): boolean {
        return [first, second].every((row) => (row as Person).name !== 'Eve');
      }
    }
    await site([new Friends()]);
    const ann = await Person.objects.using('other').create({ name: 'Ann' });
    const eve = await Person.objects.create({ name: 'Eve' });
    const book = await Book.objects.create({ title: 'a', author: ann });
    expect(book.author).toBe(ann);
    expect(
      await failure(() => {
        book.author = eve;
      }),
    ).toMatch(/the current database router prevents this relation\.$/);
  });

  it('says which tables and migrations a database has', async () => {
    const asked: unknown[] = [];
    class Apart implements DatabaseRouter {
      allowMigrate(db: string, appLabel: string, hints: RouterHints): boolean | undefined {
        asked.push([db, appLabel, hints['modelName'] ?? hints['why']]);
        return db === 'other' ? false : undefined;
      }
    }
    await site([new Apart()]);
    expect(router.allowMigrateModel('default', Person._meta)).toBe(true);
    const state = new ProjectState();
    const create = new CreateModel({
      name: 'Thing',
      fields: [['id', new models.AutoField({ primaryKey: true })]],
    });
    create.stateForwards('made', state);
    const ran: string[] = [];
    for (const alias of ['default', 'other']) {
      const connection = connections.get(alias);
      await connection.schemaEditor().run(async (editor) => {
        await create.databaseForwards('made', editor, new ProjectState(), state);
        const hints = { why: 'data' };
        await new RunCode(() => ran.push(`code ${alias}`), undefined, { hints }).databaseForwards(
          'made',
          editor,
          state,
        );
        await new RunSQL('CREATE TABLE made_raw (id integer)', undefined, { hints }).databaseForwards(
          'made',
          editor,
        );
      });
      const tables = await connection.introspection.tableNames();
      expect(tables.filter((name) => name.startsWith('made_')).sort()).toEqual(
        alias === 'default' ? ['made_raw', 'made_thing'] : [],
      );
    }
    expect(ran).toEqual(['code default']);
    expect(asked).toEqual([
      ['default', 'routed', 'person'],
      ['default', 'made', 'thing'],
      ['default', 'made', 'data'],
      ['default', 'made', 'data'],
      ['other', 'made', 'thing'],
      ['other', 'made', 'data'],
      ['other', 'made', 'data'],
    ]);
  });
});
