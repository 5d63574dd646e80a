/** What `check` says of models; the messages and ids are Django's. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { type CheckMessage, Warning } from 'tsango/core/checks';
import * as models from 'tsango/db/models';
import { checkModels } from 'tsango/db/models/checks';
import { SQLITE_ENGINE } from '../support/sqlite';

const appLabel = 'checked';
const Meta: models.MetaOptions = { appLabel };

let restore: () => Promise<void>;
beforeEach(() => {
  apps.reset();
  restore = overrideSettings({
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    INSTALLED_APPS: [],
  });
  apps.populate();
});
afterEach(async () => {
  await restore();
  apps.reset();
});

const ids = (found: Iterable<CheckMessage>): (string | undefined)[] => [...found].map(({ id }) => id);

class Author extends models.Model {
  static override readonly Meta = Meta;
  @models.CharField({ maxLength: 9 }) declare name: string;
  @models.IntegerField() declare books: number;
}

it('finds nothing wrong with a model that is right', () => {
  expect(Author.check()).toEqual([]);
});

it('looks at each field, and says which it is', () => {
  class Wrong extends models.Model {
    static override readonly Meta: models.MetaOptions = { ...Meta, dbTable: 'wrong' };
    @models.CharField({ maxLength: 0 }) declare short: string;
    @models.CharField({ maxLength: 1, choices: [['ab', 'A']] }) declare chosen: string;
    @models.DecimalField({ maxDigits: 2, decimalPlaces: 3 }) declare price: string;
    @models.DateTimeField({ autoNow: true, autoNowAdd: true }) declare at: Date;
    @models.JSONField({ default: {} }) declare data: object;
    @models.FileField({ uploadTo: '/tmp' }) declare file: models.FieldFile;
    @models.IntegerField({ maxLength: 3 }) declare count: number;
  }
  const found = Wrong.check();
  expect(found.map(({ id, obj }) => [id, String(obj)])).toEqual([
    ['fields.E121', 'checked.Wrong.short'],
    ['fields.E009', 'checked.Wrong.chosen'],
    ['fields.E134', 'checked.Wrong.price'],
    ['fields.E160', 'checked.Wrong.at'],
    ['fields.E010', 'checked.Wrong.data'],
    ['fields.E202', 'checked.Wrong.file'],
    ['fields.W122', 'checked.Wrong.count'],
  ]);
  expect(String(found[1])).toBe(
    "checked.Wrong.chosen: (fields.E009) 'maxLength' is too small to fit the longest value in 'choices' (2 characters).",
  );
});

it('looks at relations: the model, its names, and what becomes of rows', () => {
  class Book extends models.Model {
    static override readonly Meta = Meta;
    @models.ForeignKey('nowhere.Nobody', { onDelete: models.CASCADE }) declare lost: models.Model;
    @models.ForeignKey(() => Author, { onDelete: models.SET_NULL, relatedName: 'books' }) declare a: Author;
    @models.ForeignKey(() => Author, { onDelete: models.CASCADE, relatedName: 'x y' }) declare b: Author;
    @models.ForeignKey(() => Author, { onDelete: models.CASCADE, toField: 'name', relatedName: '+' })
    declare c: Author;
    @models.ManyToManyField(() => Author, { null: true, relatedName: '+' }) declare d: Author[];
  }
  const found = Book.check();
  expect(found.map(({ id, obj }) => [id, String(obj)])).toEqual([
    ['fields.E300', 'checked.Book.lost'],
    ['fields.E302', 'checked.Book.a'],
    ['fields.E303', 'checked.Book.a'],
    ['fields.E320', 'checked.Book.a'],
    ['fields.E306', 'checked.Book.b'],
    ['fields.E311', 'checked.Book.c'],
    ['fields.W340', 'checked.Book.d'],
  ]);
  expect(found[1]).toMatchObject({
    msg: "Reverse accessor 'Author.books' for 'checked.Book.a' clashes with field name 'checked.Author.books'.",
    hint: "Rename field 'checked.Author.books', or add/change a relatedName argument to the definition for field 'checked.Book.a'.",
  });
});

it('looks at Meta: ordering, groups of fields, indexes', () => {
  class Sorted extends models.Model {
    static override readonly Meta: models.MetaOptions = {
      ...Meta,
      ordering: ['name', '-nothing', 'author__name', 'author__nobody', '?', 'pk'],
      uniqueTogether: [['name', 'nothing']],
      indexes: [new models.Index({ fields: ['-name'], name: '_idx' })],
    };
    @models.CharField({ maxLength: 9 }) declare name: string;
    @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: Author;
  }
  expect(Sorted.check().map(({ id, msg }) => [id, msg])).toEqual([
    ['models.E012', "'uniqueTogether' refers to the nonexistent field 'nothing'."],
    ['models.E033', "The index name '_idx' cannot start with an underscore or a number."],
    ['models.E015', "'ordering' refers to the nonexistent field, related field, or lookup 'author__nobody'."],
    ['models.E015', "'ordering' refers to the nonexistent field, related field, or lookup 'nothing'."],
  ]);
});

it('looks at names: of keys, columns and parents', () => {
  class Twice extends models.Model {
    static override readonly Meta = Meta;
    @models.CharField({ maxLength: 9 }) declare one: string;
    @models.CharField({ maxLength: 9, dbColumn: 'one' }) declare two: string;
  }
  class Keyless extends models.Model {
    static override readonly Meta = Meta;
    @models.IntegerField() declare id: number;
  }
  class Place extends models.Model {
    static override readonly Meta = Meta;
    @models.CharField({ maxLength: 9 }) declare name: string;
  }
  class Bar extends Place {
    static override readonly Meta = Meta;
    @models.IntegerField() declare bar: number;
  }
  expect(Twice.check()).toEqual([
    expect.objectContaining({
      id: 'models.E007',
      msg: "Field 'two' has column name 'one' that is used by another field.",
    }),
  ]);
  expect(ids(Keyless.check())).toContain('models.E004');
  expect(Bar.check()).toEqual([
    expect.objectContaining({
      id: 'models.E006',
      msg: "The field 'bar' clashes with the field 'bar' from model 'checked.place'.",
    }),
  ]);
});

it('looks at all models together', () => {
  const index = new models.Index({ fields: ['name'], name: 'one_idx' });
  class One extends models.Model {
    static override readonly Meta: models.MetaOptions = { ...Meta, dbTable: 'same', indexes: [index] };
    @models.CharField({ maxLength: 9 }) declare name: string;
  }
  class Two extends models.Model {
    static override readonly Meta: models.MetaOptions = { ...Meta, dbTable: 'same', indexes: [index] };
    @models.CharField({ maxLength: 9 }) declare name: string;
  }
  expect([...checkModels([One, Two] as never)].map(({ id, msg }) => [id, msg])).toEqual([
    ['models.E028', "db_table 'same' is used by multiple models: checked.One, checked.Two."],
    ['models.E030', "index name 'one_idx' is not unique among models: checked.One, checked.Two."],
  ]);
});

it('asks what a model and a field of a site say themselves', () => {
  const Even = models.fieldDecorator(
    class Even extends models.IntegerField {
      override check() {
        return [...super.check(), new Warning('Nobody knows.', { obj: this, id: 'site.W001' })];
      }
    },
  );
  class Own extends models.Model {
    static override readonly Meta = Meta;
    static override check() {
      return [...super.check(), new Warning('Too short.', { id: 'site.W002' })];
    }
    @Even({ default: 2 }) declare even: number;
  }
  expect(ids(Own.check())).toEqual(['site.W001', 'site.W002']);
});
