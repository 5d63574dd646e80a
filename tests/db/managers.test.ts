/** Managers: where queries begin. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { getListOr404, getObjectOr404 } from 'tsango/shortcuts';
import { SQLITE_ENGINE } from '../support/sqlite';

class PersonQuerySet extends models.QuerySet<Person> {
  adults(): this {
    return this.filter({ age__gte: 18 });
  }
  named(name: string): this {
    return this.filter({ name });
  }
  _secret(): string {
    return 'own';
  }
}
class PersonManager extends models.Manager.fromQueryset(PersonQuerySet) {
  oldest(): Promise<Person | null> {
    return this.orderBy('-age').first();
  }
}
class Person extends models.Model {
  static override readonly Meta = { appLabel: 'managers' };
  static override readonly objects = new PersonManager();
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare name: string;
  @models.IntegerField() declare age: number;
}

class PublishedManager extends models.Manager<Paper> {
  override getQueryset(): models.QuerySet<Paper> {
    return super.getQueryset().filter({ published: true });
  }
}
abstract class Paper extends models.Model {
  static override readonly Meta: models.MetaOptions = { abstract: true };
  static readonly published = new PublishedManager();
  static readonly everything = new models.Manager<Paper>();
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare title: string;
  @models.BooleanField() declare published: boolean;
}
class Essay extends Paper {
  static override readonly Meta = { appLabel: 'managers', defaultManagerName: 'everything' };
}
class Letter extends Paper {
  static override readonly Meta = { appLabel: 'managers', baseManagerName: 'published' };
  @models.CharField({ maxLength: 9, default: '' }) declare to: string;
}
class Plain extends models.Model {
  static override readonly Meta = { appLabel: 'managers' };
  declare static readonly objects: models.Manager<Plain>;
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare name: string;
}
class StickerQuerySet extends models.QuerySet<Sticker> {
  red(): this {
    return this.filter({ name: 'red' });
  }
}
class Sticker extends models.Model {
  static override readonly Meta = { appLabel: 'managers' };
  static readonly stickers = StickerQuerySet.asManager();
  declare id: number;
  @models.CharField({ maxLength: 9 }) declare name: string;
}

let restore: () => Promise<void>;
beforeEach(async () => {
  apps.reset();
  const memory = { ENGINE: SQLITE_ENGINE, NAME: ':memory:' };
  restore = overrideSettings({ DATABASES: { default: memory, other: memory }, INSTALLED_APPS: [] });
  apps.populate();
  for (const alias of ['default', 'other']) {
    await connections
      .get(alias)
      .schemaEditor()
      .run(async (editor) => {
        for (const cls of [Person, Essay, Letter, Plain, Sticker]) await editor.createModel(cls._meta);
      });
  }
});
afterEach(async () => {
  await restore();
  apps.reset();
});

it('is no query: it is not awaited, and every call begins anew', async () => {
  const { objects } = Plain;
  expect(objects).toBeInstanceOf(models.Manager);
  expect(objects).not.toBeInstanceOf(models.QuerySet);
  expect(await objects).toBe(objects);
  for (const name of ['then', 'fetch', 'delete', '_secret', 'resolveExpression'])
    expect(name in objects).toBe(false);
  await objects.create({ name: 'a' });
  expect(await objects.count()).toBe(1);
  expect(objects.all()).toBeInstanceOf(models.QuerySet);
  expect(objects.model).toBe(Plain);
  expect(String(objects)).toBe('managers.Plain.objects');
});

it('has the methods of its own class and of its queryset, which stay through a chain', async () => {
  await Person.objects.create({ name: 'Ada', age: 36 });
  await Person.objects.create({ name: 'Bob', age: 7 });
  await Person.objects.create({ name: 'Cid', age: 90 });
  const chained: PersonQuerySet = Person.objects.filter({ age__gt: 0 }).adults().orderBy('-age').named('Ada');
  expect((await chained).map(({ name }) => name)).toEqual(['Ada']);
  expect(await Person.objects.adults().count()).toBe(2);
  expect((await Person.objects.oldest())?.name).toBe('Cid');
  expect('_secret' in Person.objects).toBe(false);
  expect(Person.objects.all()._secret()).toBe('own');
  expect(PersonManager.name).toBe('PersonManager');
  expect(models.Manager.fromQueryset(PersonQuerySet).name).toBe('ManagerFromPersonQuerySet');
});

it('is inherited, each class with its own, and getQueryset is where all begins', async () => {
  const titles = async (rows: PromiseLike<Paper[]>): Promise<string[]> =>
    (await rows).map(({ title }) => title);
  const all = Essay.everything as models.Manager<Essay>;
  await all.create({ title: 'out', published: true });
  await all.create({ title: 'draft', published: false });
  expect(await titles(Essay.published.all())).toEqual(['out']);
  expect(await titles(Essay.everything.all())).toEqual(['out', 'draft']);
  expect(await Letter.everything.count()).toBe(0);
  expect(Letter.published.model).toBe(Letter);
  expect(Essay.published.model).toBe(Essay);
  expect(Essay.published).toBe(Essay.published);
  expect(() => Paper.published.count()).toThrow("Manager isn't available; Paper is abstract");
});

it('knows which manager the framework asks', async () => {
  expect(Essay._defaultManager.name).toBe('everything');
  expect(Letter._defaultManager.name).toBe('published');
  expect(Letter._baseManager.name).toBe('published');
  expect(Essay._baseManager).toMatchObject({ autoCreated: true });
  expect(Plain._defaultManager).toBe(Plain.objects);
  expect(() => Essay.objects).toThrow("type object 'Essay' has no attribute 'objects'");
  await (Essay.everything as models.Manager<Essay>).create({ title: 'draft', published: false });
  expect((await getObjectOr404(Essay, { title: 'draft' })).title).toBe('draft');
  await Person.objects.create({ name: 'Ada', age: 36 });
  expect((await getObjectOr404(Person.objects, { name: 'Ada' })).age).toBe(36);
  expect(await getListOr404(Person.objects.adults())).toHaveLength(1);
  await expect(getListOr404(Essay.published)).rejects.toThrow('No Essay matches the given query.');
  class Wrong extends models.Model {
    static override readonly Meta = { appLabel: 'managers', defaultManagerName: 'nosuch' };
    @models.CharField({ maxLength: 9 }) declare name: string;
  }
  expect(() => Wrong._defaultManager).toThrow("Wrong has no manager named 'nosuch'");
});

it('is made of a queryset, and asks another database', async () => {
  await Sticker.stickers.create({ name: 'red' });
  await Sticker.stickers.create({ name: 'blue' });
  expect(await Sticker.stickers.red().count()).toBe(1);
  const other = Sticker.stickers.dbManager('other');
  expect(await other.red().count()).toBe(0);
  await other.create({ name: 'red' });
  expect([await other.count(), await Sticker.stickers.count()]).toEqual([1, 2]);
  expect([other.db, Sticker.stickers.db]).toEqual(['other', 'default']);
});

it('says that it belongs to no model', () => {
  expect(() => new models.Manager<Plain>().count()).toThrow(
    'This Manager belongs to no model. Declare it as',
  );
});

it('is found where classes define their static properties, and where nothing else is declared', async () => {
  class Base extends models.Model {
    static override readonly Meta: models.MetaOptions = { appLabel: 'managers', dbTable: 'managers_plain' };
    @models.CharField({ maxLength: 9 }) declare name: string;
  }
  Object.defineProperty(Base, 'objects', { value: new PersonManager(), writable: true, configurable: true });
  const objects = Base.objects as unknown as models.Manager<Plain>;
  expect(Base._meta.dbTable).toBe('managers_plain');
  await Plain.objects.create({ name: 'a' });
  expect(await objects.count()).toBe(1);
});

it('is checked by the compiler', () => {
  // @ts-expect-error no such field
  expect(() => Person.objects.filter({ nam: 'x' })).toThrow("Cannot resolve keyword 'nam' into field");
  // @ts-expect-error a manager of another model
  const other: models.Manager<Person> = Sticker.stickers;
  // @ts-expect-error a manager is not awaited
  expect(Plain.objects.then).toBeUndefined();
  expect(other).toBe(Sticker.stickers);
});
