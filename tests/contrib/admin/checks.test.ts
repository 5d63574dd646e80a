/** What is wrong with admins: the ids and texts are those that Django 5.2 gives for the same options, named as they are here. */
import { apps } from 'tsango/apps';
import { configure, overrideSettings } from 'tsango/conf';
import * as admin from 'tsango/contrib/admin';
import type { ModelAdminClass } from 'tsango/contrib/admin/options';
import { GenericForeignKey } from 'tsango/contrib/contenttypes/fields';
import { ContentType } from 'tsango/contrib/contenttypes/models';
import { type CheckMessage, runChecks, Warning } from 'tsango/core/checks';
import { callCommand } from 'tsango/core/management';
import * as models from 'tsango/db/models';
import { F } from 'tsango/db/models';
import { Lower } from 'tsango/db/models/functions';
import { SQLITE_ENGINE } from '../../support/sqlite';

configure({
  SECRET_KEY: 'not a secret',
  INSTALLED_APPS: ['contenttypes', 'auth', 'messages', 'sessions', 'admin'].map(
    (name) => `django.contrib.${name}`,
  ),
  MIDDLEWARE: [
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
    'django.contrib.messages.middleware.MessageMiddleware',
  ],
  DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
});
apps.populate();

const { GenericTabularInline } =
  require('tsango/contrib/contenttypes/admin') as typeof import('tsango/contrib/contenttypes/admin');
const { TabularInline } = admin;
const Meta: models.MetaOptions = { appLabel: 'library' };

class Author extends models.Model {
  static override readonly Meta = Meta;
  @models.CharField({ maxLength: 60 }) declare name: string;
  @models.DateField({ null: true }) declare born: string | null;
}
class Tag extends models.Model {
  static override readonly Meta = Meta;
  @models.CharField({ maxLength: 20 }) declare word: string;
}
class Book extends models.Model {
  static override readonly Meta = Meta;
  @models.CharField({ maxLength: 100 }) declare title: string;
  @models.SlugField() declare slug: string;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
  @models.ManyToManyField(() => Tag) declare readonly tags: models.ManyToManyManager<Tag>;
  @models.ManyToManyField(() => Author, { through: () => Credit, relatedName: 'edited' })
  declare readonly editors: models.ManyToManyManager<Author>;
  @models.DateTimeField({ null: true }) declare published: Date | null;
  @models.BooleanField({ default: false }) declare isPublic: boolean;
  @models.CharField({ maxLength: 13, editable: false }) declare isbn: string;
  @models.CharField({ maxLength: 1, choices: [['n', 'Novel']] }) declare kind: string;
  shout(): string {
    return `${this.title}!`;
  }
}
class Credit extends models.Model {
  static override readonly Meta = Meta;
  @models.ForeignKey(() => Book, { onDelete: models.CASCADE }) declare book: models.Related<Book>;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE }) declare author: models.Related<Author>;
}
class Review extends models.Model {
  static override readonly Meta = Meta;
  @models.ForeignKey(() => Book, { onDelete: models.CASCADE }) declare book: models.Related<Book>;
  @models.TextField() declare text: string;
}
class Match extends models.Model {
  static override readonly Meta = Meta;
  @models.ForeignKey(() => Book, { onDelete: models.CASCADE, relatedName: '+' })
  declare home: models.Related<Book>;
  @models.ForeignKey(() => Book, { onDelete: models.CASCADE, relatedName: '+' })
  declare away: models.Related<Book>;
}
class Note extends models.Model {
  static override readonly Meta = Meta;
  @models.ForeignKey(() => ContentType, { onDelete: models.CASCADE })
  declare contentType: models.Related<ContentType>;
  @models.PositiveIntegerField() declare objectId: number;
  @models.TextField() declare text: string;
  @models.ForeignKey(() => ContentType, { onDelete: models.CASCADE, relatedName: '+' })
  declare otherType: models.Related<ContentType>;
  @GenericForeignKey() declare of: models.RelatedOrNull<models.Model>;
}

class OwnFilter extends admin.SimpleListFilter {
  override title = 'own';
  static override readonly parameterName = 'own';
  override lookups(): [] {
    return [];
  }
  override queryset(): undefined {}
}

const loud = Object.assign(function loud() {}, { allowedPermissions: ['shout'] });
const again = (): void => {};
const same = Object.defineProperty(() => {}, 'name', { value: 'again' });

type Expected = readonly (readonly [id: string, msg: string, hint?: string])[];

/** An admin of books with options that have no types, as JavaScript would give them. */
function bookAdmin(options: object): ModelAdminClass<Book> {
  class BookAdmin extends admin.ModelAdmin<Book> {
    constructor(...args: ConstructorParameters<ModelAdminClass<Book>>) {
      super(...args);
      Object.assign(this, options);
    }
  }
  return BookAdmin;
}

function found(options: object, site = new admin.AdminSite()): CheckMessage[] {
  return new (bookAdmin(options))(Book, site).check();
}

const texts = (messages: readonly CheckMessage[]): Expected =>
  messages.map(({ id = '', msg, hint }) => (hint === undefined ? [id, msg] : [id, msg, hint]));

const OPTIONS: readonly (readonly [options: object, expected: Expected])[] = [
  [{ rawIdFields: 1 }, [['admin.E001', "The value of 'rawIdFields' must be a list or tuple."]]],
  [
    { rawIdFields: ['nothing', 'authorId', 'title', 'author', 'tags'] },
    [
      [
        'admin.E002',
        "The value of 'rawIdFields[0]' refers to 'nothing', which is not a field of 'library.Book'.",
      ],
      [
        'admin.E002',
        "The value of 'rawIdFields[1]' refers to 'authorId', which is not a field of 'library.Book'.",
      ],
      ['admin.E003', "The value of 'rawIdFields[2]' must be a foreign key or a many-to-many field."],
    ],
  ],
  [{ fields: 1 }, [['admin.E004', "The value of 'fields' must be a list or tuple."]]],
  [
    { fields: ['title'], fieldsets: [[null, { fields: ['title'] }]] },
    [['admin.E005', "Both 'fieldsets' and 'fields' are specified."]],
  ],
  [
    { fields: ['title', ['slug', 'title']] },
    [['admin.E006', "The value of 'fields' contains duplicate field(s)."]],
  ],
  [{ fieldsets: 1 }, [['admin.E007', "The value of 'fieldsets' must be a list or tuple."]]],
  [
    { fieldsets: [1, [null], [null, 1], [null, {}], [null, { fields: 1 }]] },
    [
      ['admin.E008', "The value of 'fieldsets[0]' must be a list or tuple."],
      ['admin.E009', "The value of 'fieldsets[1]' must be of length 2."],
      ['admin.E010', "The value of 'fieldsets[2][1]' must be a dictionary."],
      ['admin.E011', "The value of 'fieldsets[3][1]' must contain the key 'fields'."],
      ['admin.E008', "The value of 'fieldsets[4][1]['fields']' must be a list or tuple."],
    ],
  ],
  [
    {
      fieldsets: [
        [null, { fields: ['title'] }],
        [null, { fields: ['title'] }],
      ],
    },
    [['admin.E012', "There are duplicate field(s) in 'fieldsets[1][1]'."]],
  ],
  [
    { fields: ['title', ['editors', 'tags']] },
    [
      [
        'admin.E013',
        "The value of 'fields[0]' cannot include the ManyToManyField 'editors', because that field manually specifies a relationship model.",
      ],
    ],
  ],
  [
    { fieldsets: [[null, { fields: ['editors'] }]] },
    [
      [
        'admin.E013',
        "The value of 'fieldsets[0][1][\"fields\"]' cannot include the ManyToManyField 'editors', because that field manually specifies a relationship model.",
      ],
    ],
  ],
  [{ fields: ['editors', 'ofTheForm'], readonlyFields: ['editors'] }, []],
  [{ exclude: 1 }, [['admin.E014', "The value of 'exclude' must be a list or tuple."]]],
  [{ exclude: ['title', 'title'] }, [['admin.E015', "The value of 'exclude' contains duplicate field(s)."]]],
  [{ form: Tag }, [['admin.E016', "The value of 'form' must inherit from 'BaseModelForm'."]]],
  [
    { filterVertical: 1, filterHorizontal: 1 },
    [
      ['admin.E017', "The value of 'filterVertical' must be a list or tuple."],
      ['admin.E018', "The value of 'filterHorizontal' must be a list or tuple."],
    ],
  ],
  [
    { filterVertical: ['nothing', 'title', 'editors', 'tags'] },
    [
      [
        'admin.E019',
        "The value of 'filterVertical[0]' refers to 'nothing', which is not a field of 'library.Book'.",
      ],
      ['admin.E020', "The value of 'filterVertical[1]' must be a many-to-many field."],
      [
        'admin.E013',
        "The value of 'filterVertical[2]' cannot include the ManyToManyField 'editors', because that field manually specifies a relationship model.",
      ],
    ],
  ],
  [
    { filterHorizontal: ['nothing', 'title', 'editors', 'tags'] },
    [
      [
        'admin.E019',
        "The value of 'filterHorizontal[0]' refers to 'nothing', which is not a field of 'library.Book'.",
      ],
      ['admin.E020', "The value of 'filterHorizontal[1]' must be a many-to-many field."],
      [
        'admin.E013',
        "The value of 'filterHorizontal[2]' cannot include the ManyToManyField 'editors', because that field manually specifies a relationship model.",
      ],
    ],
  ],
  [{ radioFields: [] }, [['admin.E021', "The value of 'radioFields' must be a dictionary."]]],
  [
    { radioFields: { nothing: admin.VERTICAL, title: admin.VERTICAL, kind: 3, author: admin.HORIZONTAL } },
    [
      [
        'admin.E022',
        "The value of 'radioFields' refers to 'nothing', which is not a field of 'library.Book'.",
      ],
      [
        'admin.E023',
        "The value of 'radioFields' refers to 'title', which is not an instance of ForeignKey, and does not have a 'choices' definition.",
      ],
      [
        'admin.E024',
        'The value of \'radioFields["kind"]\' must be either admin.HORIZONTAL or admin.VERTICAL.',
      ],
    ],
  ],
  [
    { viewOnSite: 'yes' },
    [['admin.E025', "The value of 'viewOnSite' must be a callable or a boolean value."]],
  ],
  [{ prepopulatedFields: [] }, [['admin.E026', "The value of 'prepopulatedFields' must be a dictionary."]]],
  [
    { prepopulatedFields: { nothing: ['title'], published: ['title'], author: ['title'], tags: ['title'] } },
    [
      [
        'admin.E027',
        "The value of 'prepopulatedFields' refers to 'nothing', which is not a field of 'library.Book'.",
      ],
      [
        'admin.E028',
        "The value of 'prepopulatedFields' refers to 'published', which must not be a DateTimeField, a ForeignKey, a OneToOneField, or a ManyToManyField.",
      ],
      [
        'admin.E028',
        "The value of 'prepopulatedFields' refers to 'author', which must not be a DateTimeField, a ForeignKey, a OneToOneField, or a ManyToManyField.",
      ],
      [
        'admin.E028',
        "The value of 'prepopulatedFields' refers to 'tags', which must not be a DateTimeField, a ForeignKey, a OneToOneField, or a ManyToManyField.",
      ],
    ],
  ],
  [
    { prepopulatedFields: { slug: 'title', title: ['slug', 'nothing'] } },
    [
      ['admin.E029', 'The value of \'prepopulatedFields["slug"]\' must be a list or tuple.'],
      [
        'admin.E030',
        "The value of 'prepopulatedFields[\"title\"][1]' refers to 'nothing', which is not a field of 'library.Book'.",
      ],
    ],
  ],
  [{ ordering: 'title' }, [['admin.E031', "The value of 'ordering' must be a list or tuple."]]],
  [
    { ordering: ['?', 'title'] },
    [
      [
        'admin.E032',
        "The value of 'ordering' has the random ordering marker '?', but contains other fields as well.",
        'Either remove the "?", or remove the other fields.',
      ],
    ],
  ],
  [
    { ordering: ['title', '-nothing', 'author__nothing', 'pk', '-pk'] },
    [
      [
        'admin.E033',
        "The value of 'ordering[1]' refers to 'nothing', which is not a field of 'library.Book'.",
      ],
    ],
  ],
  [
    { ordering: [F('nothing'), F('nothing').desc(), Lower('nothing'), F('title')] },
    [
      [
        'admin.E033',
        "The value of 'ordering[0]' refers to 'nothing', which is not a field of 'library.Book'.",
      ],
      [
        'admin.E033',
        "The value of 'ordering[1]' refers to 'nothing', which is not a field of 'library.Book'.",
      ],
    ],
  ],
  [{ readonlyFields: 1 }, [['admin.E034', "The value of 'readonlyFields' must be a list or tuple."]]],
  [
    { readonlyFields: [() => 1, 'nothing', 'shout', 'title', 'isPublic', '__str__'] },
    [
      [
        'admin.E035',
        "The value of 'readonlyFields[1]' refers to 'nothing', which is not a callable, an attribute of 'BookAdmin', or an attribute of 'library.Book'.",
      ],
    ],
  ],
  [{ autocompleteFields: 1 }, [['admin.E036', "The value of 'autocompleteFields' must be a list or tuple."]]],
  [
    { autocompleteFields: ['nothing', 'title', 'author'] },
    [
      [
        'admin.E037',
        "The value of 'autocompleteFields[0]' refers to 'nothing', which is not a field of 'library.Book'.",
      ],
      ['admin.E038', "The value of 'autocompleteFields[1]' must be a foreign key or a many-to-many field."],
      [
        'admin.E039',
        'An admin for model "Author" has to be registered to be referenced by BookAdmin.autocompleteFields.',
      ],
    ],
  ],
  [
    { saveAs: 1, saveOnTop: 1 },
    [
      ['admin.E101', "The value of 'saveAs' must be a boolean."],
      ['admin.E102', "The value of 'saveOnTop' must be a boolean."],
    ],
  ],
  [{ inlines: 1 }, [['admin.E103', "The value of 'inlines' must be a list or tuple."]]],
  [
    { inlines: [Tag, 'Tag'] },
    [
      ['admin.E104', "'Tag' must inherit from 'InlineModelAdmin'."],
      ['admin.E104', "'library.BookAdmin' must inherit from 'InlineModelAdmin'."],
    ],
  ],
  [{ listDisplay: 1 }, [['admin.E107', "The value of 'listDisplay' must be a list or tuple."]]],
  [
    {
      listDisplay: [
        'nothing',
        'tags',
        'review_set',
        'author__name',
        'author__nothing',
        'shout',
        () => 1,
        '__str__',
        'isPublic',
      ],
    },
    [
      [
        'admin.E108',
        "The value of 'listDisplay[0]' refers to 'nothing', which is not a callable or attribute of 'BookAdmin', or an attribute, method, or field on 'library.Book'.",
      ],
      [
        'admin.E109',
        "The value of 'listDisplay[1]' must not be a many-to-many field or a reverse foreign key.",
      ],
      [
        'admin.E109',
        "The value of 'listDisplay[2]' must not be a many-to-many field or a reverse foreign key.",
      ],
      [
        'admin.E108',
        "The value of 'listDisplay[4]' refers to 'author__nothing', which is not a callable or attribute of 'BookAdmin', or an attribute, method, or field on 'library.Book'.",
      ],
    ],
  ],
  [
    { listDisplayLinks: 1 },
    [['admin.E110', "The value of 'listDisplayLinks' must be a list, a tuple, or None."]],
  ],
  [
    { listDisplay: ['title', 'isPublic'], listDisplayLinks: ['title', 'slug', 'isPublic'] },
    [
      [
        'admin.E111',
        "The value of 'listDisplayLinks[1]' refers to 'slug', which is not defined in 'listDisplay'.",
      ],
    ],
  ],
  [{ listDisplayLinks: null }, []],
  [{ listFilter: 1 }, [['admin.E112', "The value of 'listFilter' must be a list or tuple."]]],
  [
    { listFilter: [Tag, admin.BooleanFieldListFilter, OwnFilter] },
    [
      ['admin.E113', "The value of 'listFilter[0]' must inherit from 'ListFilter'."],
      ['admin.E114', "The value of 'listFilter[1]' must not inherit from 'FieldListFilter'."],
    ],
  ],
  [
    {
      listFilter: [
        ['isPublic', Tag],
        ['isPublic', admin.BooleanFieldListFilter],
      ],
    },
    [['admin.E115', "The value of 'listFilter[0][1]' must inherit from 'FieldListFilter'."]],
  ],
  [
    { listFilter: ['nothing', 'title__nothing', 'author__born', 'tags'] },
    [
      ['admin.E116', "The value of 'listFilter[0]' refers to 'nothing', which does not refer to a Field."],
      [
        'admin.E116',
        "The value of 'listFilter[1]' refers to 'title__nothing', which does not refer to a Field.",
      ],
    ],
  ],
  [
    { listSelectRelated: 1 },
    [['admin.E117', "The value of 'listSelectRelated' must be a boolean, tuple or list."]],
  ],
  [
    { listPerPage: 'all', listMaxShowAll: 'all' },
    [
      ['admin.E118', "The value of 'listPerPage' must be an integer."],
      ['admin.E119', "The value of 'listMaxShowAll' must be an integer."],
    ],
  ],
  [{ listEditable: 1 }, [['admin.E120', "The value of 'listEditable' must be a list or tuple."]]],
  [
    {
      listDisplay: ['title', 'kind', 'isbn'],
      listEditable: ['nothing', 'isPublic', 'title', 'isbn', 'kind'],
    },
    [
      [
        'admin.E121',
        "The value of 'listEditable[0]' refers to 'nothing', which is not a field of 'library.Book'.",
      ],
      [
        'admin.E122',
        "The value of 'listEditable[1]' refers to 'isPublic', which is not contained in 'listDisplay'.",
      ],
      [
        'admin.E124',
        "The value of 'listEditable[2]' refers to the first field in 'listDisplay' ('title'), which cannot be used unless 'listDisplayLinks' is set.",
      ],
      [
        'admin.E125',
        "The value of 'listEditable[3]' refers to 'isbn', which is not editable through the admin.",
      ],
    ],
  ],
  [
    { listDisplay: ['title', 'kind'], listDisplayLinks: ['kind'], listEditable: ['kind', 'title'] },
    [['admin.E123', "The value of 'kind' cannot be in both 'listEditable' and 'listDisplayLinks'."]],
  ],
  [{ searchFields: 'title' }, [['admin.E126', "The value of 'searchFields' must be a list or tuple."]]],
  [
    { dateHierarchy: 'nothing' },
    [['admin.E127', "The value of 'dateHierarchy' refers to 'nothing', which does not refer to a Field."]],
  ],
  [
    { dateHierarchy: 'title' },
    [['admin.E128', "The value of 'dateHierarchy' must be a DateField or DateTimeField."]],
  ],
  [{ dateHierarchy: 'author__born' }, []],
  [
    { actions: [loud] },
    [['admin.E129', 'BookAdmin must define a hasShoutPermission() method for the loud action.']],
  ],
  [
    { actions: [again, same] },
    [
      [
        'admin.E130',
        "__name__ attributes of actions defined in BookAdmin must be unique. Name 'again' is not unique.",
      ],
    ],
  ],
  [{ actions: null }, []],
];

it.each(OPTIONS)('%# %j', (options, expected) => {
  expect(texts(found(options))).toEqual(expected);
});

const INLINES: readonly (readonly [base: unknown, model: unknown, options: object, expected: Expected])[] = [
  [
    TabularInline,
    Review,
    { exclude: ['book'] },
    [
      [
        'admin.E201',
        "Cannot exclude the field 'book', because it is the foreign key to the parent model 'library.Book'.",
      ],
    ],
  ],
  [
    TabularInline,
    Review,
    { exclude: ['text', 'text'] },
    [['admin.E015', "The value of 'exclude' contains duplicate field(s)."]],
  ],
  [TabularInline, Tag, {}, [['admin.E202', "'library.Tag' has no ForeignKey to 'library.Book'."]]],
  [
    TabularInline,
    Match,
    {},
    [
      [
        'admin.E202',
        "'library.Match' has more than one ForeignKey to 'library.Book'. You must specify a 'fk_name' attribute.",
      ],
    ],
  ],
  [TabularInline, Match, { fkName: 'away' }, []],
  [
    TabularInline,
    Match,
    { fkName: 'nothing' },
    [['admin.E202', "'library.Match' has no field named 'nothing'."]],
  ],
  [
    TabularInline,
    Review,
    { extra: 'two', maxNum: 'two', minNum: 'two' },
    [
      ['admin.E203', "The value of 'extra' must be an integer."],
      ['admin.E204', "The value of 'maxNum' must be an integer."],
      ['admin.E205', "The value of 'minNum' must be an integer."],
    ],
  ],
  [
    TabularInline,
    Review,
    { formset: Tag },
    [['admin.E206', "The value of 'formset' must inherit from 'BaseModelFormSet'."]],
  ],
  [
    TabularInline,
    Review,
    { rawIdFields: ['nothing'] },
    [
      [
        'admin.E002',
        "The value of 'rawIdFields[0]' refers to 'nothing', which is not a field of 'library.Review'.",
      ],
    ],
  ],
  [GenericTabularInline, Note, {}, []],
  [GenericTabularInline, Note, { exclude: ['contentType'] }, []],
  [GenericTabularInline, Tag, {}, [['admin.E301', "'library.Tag' has no GenericForeignKey."]]],
  [
    GenericTabularInline,
    Note,
    { ctField: 'nothing' },
    [['admin.E302', "'ctField' references 'nothing', which is not a field on 'library.Note'."]],
  ],
  [
    GenericTabularInline,
    Note,
    { ctFkField: 'nothing' },
    [['admin.E303', "'ctFkField' references 'nothing', which is not a field on 'library.Note'."]],
  ],
  [
    GenericTabularInline,
    Note,
    { ctField: 'otherType' },
    [
      [
        'admin.E304',
        "'library.Note' has no GenericForeignKey using content type field 'otherType' and object ID field 'objectId'.",
      ],
    ],
  ],
];

it.each(INLINES)('%# %p of %p: %j', (base, model, options, expected) => {
  class TheInline extends (base as new (...args: unknown[]) => object) {
    constructor(...args: unknown[]) {
      super(...args);
      Object.assign(this, { model }, options);
    }
  }
  const messages = found({ inlines: [TheInline] });
  expect(texts(messages)).toEqual(expected);
  expect(messages.every(({ obj }) => obj === TheInline)).toBe(true);
});

it('an inline without a model, or with what is none', () => {
  class Modelless extends TabularInline<Review> {
    override readonly model = undefined as never;
  }
  class Modelled extends TabularInline<Review> {
    override readonly model = Date as never;
  }
  expect(texts(found({ inlines: [Modelless, Modelled] }))).toEqual([
    ['admin.E105', "'Modelless' must have a 'model' attribute."],
    ['admin.E106', "The value of 'Modelled.model' must be a Model."],
  ]);
});

it('a relation that is completed while one types leads to an admin that can be searched', () => {
  const site = new admin.AdminSite();
  site.register(Author, { listDisplay: ['name'] });
  site.register(Tag, { searchFields: ['word'] });
  expect(texts(found({ autocompleteFields: ['author', 'tags'] }, site))).toEqual([
    [
      'admin.E040',
      'AuthorAdmin must define "searchFields", because it\'s referenced by BookAdmin.autocompleteFields.',
    ],
  ]);
});

it('the columns that a method says are not those that links are compared with', () => {
  class BookAdmin extends admin.ModelAdmin<Book> {
    override listDisplayLinks = ['slug'];
    override getListDisplay(): readonly string[] {
      return ['slug'];
    }
  }
  expect(new BookAdmin(Book, new admin.AdminSite()).check()).toEqual([]);
});

it('an action whose permission the admin knows is right', () => {
  class BookAdmin extends admin.ModelAdmin<Book> {
    override actions = [loud as never];
    hasShoutPermission(): boolean {
      return true;
    }
  }
  expect(new BookAdmin(Book, new admin.AdminSite()).check()).toEqual([]);
});

it('an admin with options of its own has checks of its own', () => {
  const base = new admin.ModelAdmin(Book, new admin.AdminSite()).checksClass;
  class Shelves extends base {
    override *check(given: Parameters<InstanceType<typeof base>['check']>[0]): Generator<CheckMessage> {
      yield* super.check(given);
      yield new Warning('No shelf.', { id: 'library.W001' });
    }
  }
  class BookAdmin extends admin.ModelAdmin<Book> {
    override get checksClass(): typeof Shelves {
      return Shelves;
    }
  }
  expect(new BookAdmin(Book, new admin.AdminSite()).check().map(({ id }) => id)).toEqual(['library.W001']);
});

describe('the site', () => {
  const run = async (settings: Parameters<typeof overrideSettings>[0]): Promise<Expected> => {
    const restore = overrideSettings(settings);
    try {
      return texts(await runChecks({ tags: ['admin'] }));
    } finally {
      await restore();
    }
  };
  const processors = [
    'django.template.context_processors.request',
    'django.contrib.auth.context_processors.auth',
    'django.contrib.messages.context_processors.messages',
  ];
  const templates = (names: readonly string[]) => [
    { BACKEND: 'django.template.backends.django.DjangoTemplates', OPTIONS: { context_processors: names } },
  ];

  it('says nothing of a site that has what the admin needs', async () => {
    expect(await run({ TEMPLATES: templates(processors) })).toEqual([]);
    expect(
      await run({ TEMPLATES: templates(processors.map((name) => name.replace('django', 'tsango'))) }),
    ).toEqual([]);
  });

  it('needs an engine, and context processors', async () => {
    expect(await run({ TEMPLATES: [] })).toEqual([
      [
        'admin.E403',
        "A 'django.template.backends.django.DjangoTemplates' instance must be configured in TEMPLATES in order to use " +
          'the admin application.',
      ],
    ]);
    // There has to be a site whose side bar is shown.
    const site = new admin.AdminSite('with a side bar');
    expect(await run({ TEMPLATES: templates([]) })).toEqual([
      [
        'admin.E402',
        "'django.contrib.auth.context_processors.auth' must be enabled in DjangoTemplates (TEMPLATES) if using the " +
          'default auth backend in order to use the admin application.',
      ],
      [
        'admin.E404',
        "'django.contrib.messages.context_processors.messages' must be enabled in DjangoTemplates (TEMPLATES) in order " +
          'to use the admin application.',
      ],
      [
        'admin.W411',
        "'django.template.context_processors.request' must be enabled in DjangoTemplates (TEMPLATES) in order to use the " +
          'admin navigation sidebar.',
      ],
    ]);
    expect(site.enableNavSidebar).toBe(true);
    const others = { AUTHENTICATION_BACKENDS: ['django.contrib.auth.backends.RemoteUserBackend'] };
    // That backend extends the default one.
    expect((await run({ TEMPLATES: templates(processors.slice(2)), ...others })).map(([id]) => id)).toContain(
      'admin.E402',
    );
  });

  it('needs middleware', async () => {
    expect(await run({ TEMPLATES: templates(processors), MIDDLEWARE: [] })).toEqual([
      [
        'admin.E408',
        "'django.contrib.auth.middleware.AuthenticationMiddleware' must be in MIDDLEWARE in order to use the admin " +
          'application.',
      ],
      [
        'admin.E409',
        "'django.contrib.messages.middleware.MessageMiddleware' must be in MIDDLEWARE in order to use the admin " +
          'application.',
      ],
      [
        'admin.E410',
        "'django.contrib.sessions.middleware.SessionMiddleware' must be in MIDDLEWARE in order to use the admin " +
          'application.',
        "Insert 'django.contrib.sessions.middleware.SessionMiddleware' before " +
          "'django.contrib.auth.middleware.AuthenticationMiddleware'.",
      ],
    ]);
  });

  it('needs apps', async () => {
    const restore = overrideSettings({
      INSTALLED_APPS: ['django.contrib.admin'],
      TEMPLATES: templates(processors),
    });
    apps.reset();
    try {
      apps.populate();
      expect(texts(await runChecks({ tags: ['admin'] })).map(([id]) => id)).toEqual([
        'admin.E401',
        'admin.E405',
        'admin.E406',
      ]);
    } finally {
      await restore();
      apps.reset();
      apps.populate();
    }
  });

  it('is looked at by `check`, which fails', async () => {
    const restore = overrideSettings({ TEMPLATES: templates(processors) });
    const site = new admin.AdminSite('wrong');
    site.register(Book, { listDisplay: ['nothing'] as never });
    try {
      await expect(callCommand('check', { verbosity: 0 })).rejects.toThrow(
        "BookAdmin: (admin.E108) The value of 'listDisplay[0]' refers to 'nothing'",
      );
    } finally {
      site.unregister(Book);
      await restore();
    }
  });
});
