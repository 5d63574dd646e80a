/** What `check` says of models; the messages and ids are Django's. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { type CheckMessage, runChecks, Warning } from 'tsango/core/checks';
import { ModelState, ProjectState } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { checkLazyReferences, checkModels } from 'tsango/db/models/checks';
import { scratchDatabase } from '../support/databases';
import { describeWith } from '../support/services';
import { SQLITE_ENGINE } from '../support/sqlite';

const appLabel = 'checked';
const Meta: models.MetaOptions = { appLabel };

/** Longer than PostgreSQL's names, and MySQL's. */
const LONG = 'l'.repeat(65);

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

it('finds a property that has the name of a relation’s key, in the class or in a base', () => {
  class Base extends models.Model {
    static override readonly Meta: models.MetaOptions = { ...Meta, abstract: true };
    get editorId(): number {
      return 1;
    }
  }
  class Book extends Base {
    static override readonly Meta: models.MetaOptions = { ...Meta, dbTable: 'properties' };
    @models.ForeignKey({ to: () => Author, onDelete: models.CASCADE, relatedName: '+' })
    declare author: Author;
    @models.ForeignKey({ to: () => Author, onDelete: models.CASCADE, relatedName: '+' })
    declare editor: Author;
    @models.ForeignKey({ to: () => Author, onDelete: models.CASCADE, relatedName: '+' })
    declare reader: Author;
    get authorId(): number {
      return 1;
    }
  }
  expect(Book.check().map(({ id, msg, obj }) => [id, msg, String(obj)])).toEqual([
    ['models.E025', "The property 'authorId' clashes with a related field accessor.", 'checked.Book'],
    ['models.E025', "The property 'editorId' clashes with a related field accessor.", 'checked.Book'],
  ]);
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

it('finds a path of an ordering missing part by part, and names of relations that Python cannot have', () => {
  class Shelf extends models.Model {
    static override readonly Meta: models.MetaOptions = { ...Meta, ordering: ['gone__there'] };
    @models.ForeignKey(() => Author, { onDelete: models.CASCADE, relatedName: 'class' })
    declare author: models.Related<Author>;
  }
  expect(ids(Shelf.check())).toEqual(['fields.E306', 'models.E015', 'models.E015']);
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

describe('of databases', () => {
  class Wide extends models.Model {
    static override readonly Meta: models.MetaOptions = {
      ...Meta,
      dbTableComment: 'wide',
      indexes: [new models.Index({ fields: ['name'], include: ['total'], name: 'covering' })],
      constraints: [
        new models.UniqueConstraint({
          fields: ['name'],
          name: 'late',
          deferrable: models.Deferrable.DEFERRED,
        }),
        new models.CheckConstraint({ condition: new models.Q({ author__books__gt: 1 }), name: 'joined' }),
        new models.UniqueConstraint({ fields: ['nothing'], name: 'nowhere' }),
      ],
    };
    @models.CharField({ maxLength: 9, dbComment: 'short' }) declare name: string;
    @models.IntegerField({ dbDefault: models.F('id') }) declare total: number;
    @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: Author;
    @models.IntegerField() declare [LONG]: number;
  }

  it('says nothing of what no database is asked about', () => {
    expect(Wide.check()).toEqual([]);
  });

  it('says what the database of a site cannot do, and what a constraint cannot be', () => {
    expect(Wide.check({ databases: ['default'] }).map(({ id, msg }) => [id, msg])).toEqual([
      ['fields.W163', 'SQLite does not support comments on columns (dbComment).'],
      ['fields.E012', 'F(id) cannot be used in dbDefault.'],
      ['models.W040', 'SQLite does not support indexes with non-key columns.'],
      ['models.W038', 'SQLite does not support deferrable unique constraints.'],
      ['models.E041', "'constraints' refers to the joined field 'author__books__gt'."],
      ['models.E012', "'constraints' refers to the nonexistent field 'nothing'."],
      ['models.W046', 'SQLite does not support comments on tables (dbTableComment).'],
    ]);
  });

  it('knows each kind of database, and the shortest name that one takes', () =>
    overrideSettings(
      { DATABASES: { default: { ENGINE: 'postgresql', NAME: 'x' }, other: { ENGINE: 'mysql', NAME: 'x' } } },
      () => {
        expect(ids(Wide.check({ databases: ['default'] }))).toEqual([
          'fields.E012',
          'models.E018',
          'models.E041',
          'models.E012',
        ]);
        const found = Wide.check({ databases: ['other', 'default'] });
        expect(found.find(({ id }) => id === 'models.E018')?.msg).toBe(
          `Autogenerated column name too long for field "${LONG}". Maximum length is "63" for database "default".`,
        );
        expect(found.find(({ id }) => id === 'models.W040')?.msg).toBe(
          'MySQL does not support indexes with non-key columns.',
        );
      },
    ));

  it('leaves out databases that have no table of the model', () =>
    overrideSettings(
      {
        DATABASE_ROUTERS: [
          class {
            allowMigrate = () => false;
          },
        ],
      },
      () => {
        expect(Wide.check({ databases: ['default'] })).toEqual([]);
      },
    ));

  it('takes the word of a model that is for databases that can', () => {
    class Covered extends models.Model {
      static override readonly Meta: models.MetaOptions = {
        ...Meta,
        requiredDbFeatures: ['supports_covering_indexes'],
        indexes: [new models.Index({ fields: ['name'], include: ['id'], name: 'covering' })],
      };
      @models.CharField({ maxLength: 9 }) declare name: string;
    }
    expect(Covered.check({ databases: ['default'] })).toEqual([]);
  });
});

it('looks at keys of several columns', () => {
  class Pair extends models.Model {
    static override readonly Meta = Meta;
    @models.CompositePrimaryKey('a', 'b', 'missing') declare pk: [number, number];
    @models.IntegerField() declare a: number;
    @models.IntegerField({ null: true }) declare b: number | null;
  }
  class Refers extends models.Model {
    static override readonly Meta = Meta;
    @models.ForeignKey(() => Pair, { onDelete: models.CASCADE }) declare pair: Pair;
  }
  expect(Pair.check().map(({ id, hint }) => [id, hint])).toEqual([
    ['models.E042', "'b' field may not set 'null=True'."],
    ['models.E042', "'missing' is not a valid field."],
  ]);
  expect(ids(Refers.check())).toEqual(['fields.E347']);
});

it('looks at the type of a calculated column', () => {
  class Made extends models.Model {
    static override readonly Meta = Meta;
    @models.IntegerField() declare n: number;
    @models.GeneratedField({
      expression: models.F('n').add(1),
      outputField: new models.DecimalField({ maxDigits: 1, decimalPlaces: 2 }),
      dbPersist: true,
    })
    declare readonly more: string;
  }
  expect(Made.check().map(({ id, msg }) => [id, msg])).toEqual([
    [
      'fields.E223',
      "GeneratedField.output_field has errors:\n    'maxDigits' must be greater or equal to 'decimalPlaces'. (fields.E134)",
    ],
  ]);
});

it('looks for models that are named and not there', () => {
  class Lost extends models.Model {
    static override readonly Meta = Meta;
    @models.ForeignKey('nowhere.Nobody', { onDelete: models.CASCADE }) declare lost: models.Model;
    @models.ManyToManyField('checked.Missing') declare many: models.Model[];
  }
  const heard = (): undefined => undefined;
  models.postSave.connect(heard, { sender: 'nowhere.Thing' });
  const found = checkLazyReferences([Lost._meta]).map(({ id, msg }) => [id, msg]);
  models.postSave.disconnect(heard, { sender: 'nowhere.Thing' });
  const lost =
    "was declared with a lazy reference to 'checked.missing', but app 'checked' doesn't provide model 'missing'.";
  expect(found).toEqual(
    [
      ['fields.E307', `The field checked.Lost.many ${lost}`],
      ['fields.E307', `The field checked.Lost_many.missing ${lost}`],
      [
        'fields.E307',
        "The field checked.Lost.lost was declared with a lazy reference to 'nowhere.nobody', but app 'nowhere' isn't installed.",
      ],
      [
        'signals.E001',
        "The function 'heard' was connected to the 'postSave' signal with a lazy reference to the sender 'nowhere.thing', but " +
          "app 'nowhere' isn't installed.",
      ],
    ].sort(([, a = ''], [, b = '']) => (a < b ? -1 : 1)),
  );
});

it('gives names of indexes and constraints of an abstract model to each that extends it', () => {
  abstract class Base extends models.Model {
    static override readonly Meta: models.MetaOptions = {
      ...Meta,
      abstract: true,
      indexes: [
        new models.Index({ fields: ['n'], name: '%(app_label)s_%(class)s_n' }),
        new models.Index({ fields: ['n'] }),
      ],
      constraints: [
        new models.CheckConstraint({ condition: new models.Q({ n__gt: 0 }), name: '%(class)s_positive' }),
      ],
    };
    @models.IntegerField() declare n: number;
  }
  class First extends Base {
    static override readonly Meta: models.MetaOptions = { ...Base.Meta, abstract: false };
  }
  class Second extends Base {
    static override readonly Meta: models.MetaOptions = { ...Base.Meta, abstract: false };
  }
  expect(First._meta.indexes.map(({ name }) => name)).toEqual([
    'checked_first_n',
    'checked_fir_n_c258c1_idx',
  ]);
  expect(First._meta.constraints.map(({ name }) => name)).toEqual(['first_positive']);
  expect([...checkModels([First, Second] as never)]).toEqual([]);
});

describeWith('mysql', 'on MariaDB', () => {
  it('knows the server by name, and that it takes values that do not fit', async () => {
    const restored = overrideSettings({
      DATABASES: { default: { ...scratch, OPTIONS: { init_command: "SET sql_mode = ''" } } },
    });
    const found = await runChecks({ tags: ['database'], databases: ['default'] });
    await restored();
    expect(found.map(({ id, msg }) => [id, msg])).toEqual([
      ['mysql.W002', "MariaDB Strict Mode is not set for database connection 'default'"],
    ]);
  });
  const scratch = scratchDatabase('mysql');
});

it('says names of models as Django says them', () => {
  const names = ['Model2M2M', 'LocalM2M', 'HTTPServer', 'ABTest', 'XMLThing2B'];
  const state = new ProjectState();
  for (const name of names) state.addModel(new ModelState('checked', name, new Map(), {}));
  expect(names.map((name) => state.apps.getOptions('checked', name).verboseName)).toEqual([
    'model2 m2m',
    'local m2m',
    'http server',
    'ab test',
    'xml thing2b',
  ]);
});
