/** Fields that look at values, and instances that look at themselves, on each database. */
import './settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { NON_FIELD_ERRORS, ValidationError } from 'tsango/core/exceptions';
import { MaxValueValidator, RegexValidator } from 'tsango/core/validators';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { Decimal } from 'tsango/python/types';
import { Duration } from 'tsango/utils/duration';
import { type Engine, scratchDatabase } from '../support/databases';
import { describeWith } from '../support/services';
import { SQLITE_ENGINE } from '../support/sqlite';

const Status = models.TextChoices({ DRAFT: ['d', 'A draft'], IN_PRINT: 'p' }, { empty: 'Unknown' });
type Status = models.Choice<typeof Status>;
const Rank = models.IntegerChoices({ LOW: 1, HIGH: [2, 'Very high'] });

class Publisher extends models.Model {
  static override readonly Meta = { appLabel: 'cleaning' };
  declare static readonly objects: models.Manager<Publisher>;
  declare id: number;
  @models.CharField({ maxLength: 20, unique: true, errorMessages: { unique: 'Taken.' } })
  declare name: string;
}

class Issue extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    appLabel: 'cleaning',
    uniqueTogether: [['title', 'rank']],
    constraints: [
      new models.UniqueConstraint({ fields: ['slug'], name: 'one_slug' }),
      new models.CheckConstraint({ condition: 'pages > sheets', name: 'more_pages' }),
    ],
  };
  declare static readonly objects: models.Manager<Issue>;
  declare id: number;
  @models.CharField({
    maxLength: 8,
    validators: [new RegexValidator(/^[A-Z]/, { code: 'capital' })],
    uniqueForMonth: 'pubDate',
  })
  declare title: string;
  @models.CharField({ maxLength: 1, choices: Status, default: Status.DRAFT }) declare status: Status;
  @models.SmallIntegerField({ choices: Rank, default: Rank.LOW }) declare rank: number;
  @models.SlugField({ blank: true, null: true }) declare slug: string | null;
  @models.IntegerField({ default: 2, validators: [new MaxValueValidator(100)] }) declare pages: number;
  @models.PositiveSmallIntegerField({ default: 1 }) declare sheets: number;
  @models.DateField({ verboseName: 'day of issue' }) declare pubDate: string;
  @models.DecimalField({ maxDigits: 5, decimalPlaces: 2, null: true, blank: true }) declare price:
    | string
    | null;
  @models.DurationField({ null: true, blank: true }) declare length: Duration | null;
  @models.GenericIPAddressField({ null: true, blank: true, unpackIpv4: true }) declare origin: string | null;
  @models.FilePathField({ path: '/tmp', blank: true }) declare template: string;
  @models.ForeignKey(() => Publisher, { onDelete: models.CASCADE, null: true, blank: true })
  declare publisher: Publisher;
  declare publisherId: number | null;
  declare getStatusDisplay: () => string;
  declare getRankDisplay: () => string;

  override clean(): void {
    if (this.title === 'Wrong') throw new ValidationError('That title is wrong.', { code: 'wrong' });
  }
}

async function errors(body: () => Promise<void>): Promise<Record<string, [string, string | null][]>> {
  try {
    await body();
    return {};
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    return Object.fromEntries(
      [...(error.errorDict ?? [])].map(([key, list]) => [
        key,
        list.map(({ message, code }): [string, string | null] => [message, code]),
      ]),
    );
  }
}

const issue = (values: Readonly<Record<string, unknown>> = {}): Issue =>
  new Issue({ title: 'One', pubDate: '2027-01-04', ...values });

function cleaning(engine: Engine): void {
  const settings = scratchDatabase(engine);
  let restore: () => Promise<void>;
  beforeAll(async () => {
    apps.reset();
    restore = overrideSettings({ DATABASES: { default: settings }, INSTALLED_APPS: [] });
    apps.populate();
    await connections
      .get()
      .schemaEditor()
      .run(async (editor) => {
        for (const cls of [Publisher, Issue]) await editor.createModel(cls._meta);
      });
  });
  beforeEach(async () => {
    for (const { dbTable } of [Issue._meta, Publisher._meta]) {
      await connections.get().execute(`DELETE FROM ${connections.get().ops.quoteName(dbTable)}`);
    }
  });
  afterAll(async () => {
    await connections.closeAll();
    await restore();
    apps.reset();
  });

  it('a row that will do becomes what its fields say', async () => {
    const made = issue({
      pages: '10',
      rank: '2',
      price: 9.5,
      length: '1 02:03:04.000005',
      origin: '::ffff:10.0.0.1',
    });
    await made.fullClean();
    expect([made.pages, made.rank, made.price, made.origin]).toEqual([10, 2, '9.5', '10.0.0.1']);
    await made.save();
    const read = await Issue.objects.get({ id: made.id });
    expect(String(read.length)).toBe('1 day, 2:03:04.000005');
    expect([read.origin, read.price, read.template]).toEqual(['10.0.0.1', '9.50', '']);
    expect(read.length).toEqual(new Duration({ days: 1, hours: 2, minutes: 3, seconds: 4, microseconds: 5 }));
  });

  it.each([
    new Duration({ days: -1, microseconds: 1 }),
    new Duration({ days: -400, seconds: 5 }),
    new Duration({ days: 99_999, seconds: 86_399, microseconds: 999_999 }),
    new Duration(),
  ])('a duration comes back: %s', async (length) => {
    const { id } = await Issue.objects.create({ title: 'One', pubDate: '2027-01-04', length });
    expect((await Issue.objects.get({ id })).length).toEqual(length);
  });

  it('says what is wrong with each field', async () => {
    const made = issue({
      title: 'lower case',
      status: 'x',
      pages: 101,
      sheets: -1,
      pubDate: null,
      origin: '1.2.3',
      slug: 'no slug',
    });
    expect(await errors(() => made.fullClean())).toEqual({
      title: [
        ['Enter a valid value.', 'capital'],
        ['Ensure this value has at most 8 characters (it has 10).', 'max_length'],
      ],
      status: [["Value 'x' is not a valid choice.", 'invalid_choice']],
      slug: [['Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.', 'invalid']],
      pages: [['Ensure this value is less than or equal to 100.', 'max_value']],
      sheets: [['Ensure this value is greater than or equal to 0.', 'min_value']],
      pubDate: [['This field cannot be null.', 'null']],
      origin: [['Enter a valid IPv4 or IPv6 address.', 'invalid']],
    });
    expect(
      Object.keys(await errors(() => made.fullClean({ exclude: ['title', 'pubDate', 'origin'] }))),
    ).toEqual(['status', 'slug', 'pages', 'sheets']);
  });

  it('says what the model says, and what is there already', async () => {
    expect(await errors(() => issue({ title: 'Wrong' }).fullClean())).toEqual({
      [NON_FIELD_ERRORS]: [['That title is wrong.', 'wrong']],
    });
    await Publisher.objects.create({ name: 'Ada' });
    expect(await errors(() => new Publisher({ name: 'Ada' }).fullClean())).toEqual({
      name: [['Taken.', 'unique']],
    });
    await issue({ slug: 'a' }).save();
    expect(await errors(() => issue({ slug: 'a' }).fullClean())).toEqual({
      title: [['Title must be unique for Day of issue month.', 'unique_for_date']],
      slug: [['Issue with this Slug already exists.', 'unique']],
      [NON_FIELD_ERRORS]: [['Issue with this Title and Rank already exists.', 'unique_together']],
    });
    expect(await errors(() => issue({ rank: 2, pubDate: '2028-01-30' }).fullClean())).toEqual({
      title: [['Title must be unique for Day of issue month.', 'unique_for_date']],
    });
    expect(await errors(() => issue({ rank: 2, pubDate: '2027-02-04' }).fullClean())).toEqual({});
    const [own] = await Issue.objects.all();
    await own?.fullClean();
  });

  it('asks the database whether a check holds', async () => {
    expect(await errors(() => issue({ pages: 1, sheets: 1 }).fullClean())).toEqual({
      [NON_FIELD_ERRORS]: [['Constraint “more_pages” is violated.', null]],
    });
    expect(
      await errors(() => issue({ pages: 1, sheets: 1 }).fullClean({ validateConstraints: false })),
    ).toEqual({});
    expect(await errors(() => issue({ pages: 1, sheets: 1 }).fullClean({ exclude: ['sheets'] }))).toEqual({});
  });

  it('a foreign key refers to a row', async () => {
    expect(await errors(() => issue({ publisherId: 77 }).fullClean())).toEqual({
      publisher: [['publisher instance with id 77 is not a valid choice.', 'invalid']],
    });
    const publisher = await Publisher.objects.create({ name: 'Ada' });
    expect(await errors(() => issue({ publisher }).fullClean())).toEqual({});
  });
}

describe('on SQLite', () => cleaning(SQLITE_ENGINE));
describeWith('postgresql', 'on PostgreSQL', () => cleaning('postgresql'));
describeWith('mysql', 'on MariaDB', () => cleaning('mysql'));

describe('choices', () => {
  it('are their values, and know their labels', () => {
    const draft: 'd' = Status.DRAFT;
    expect([draft, Status.IN_PRINT, Rank.HIGH]).toEqual(['d', 'p', 2]);
    expect(Status.choices).toEqual([
      [null, 'Unknown'],
      ['d', 'A draft'],
      ['p', 'In Print'],
    ]);
    expect([Rank.values, Rank.labels, Rank.names]).toEqual([
      [1, 2],
      ['Low', 'Very high'],
      ['LOW', 'HIGH'],
    ]);
    expect([Status.labelOf('p'), Status.labelOf('x'), Rank.has(2), Rank.has('2')]).toEqual([
      'In Print',
      undefined,
      true,
      false,
    ]);
    // @ts-expect-error: no member
    expect(Status.GONE).toBeUndefined();
    // @ts-expect-error: no value
    const status: Status = 'x';
    expect(Status.has(status)).toBe(false);
  });

  it('do not share a value', () => {
    expect(() => models.TextChoices({ A: 'a', B: 'a' })).toThrow(
      "The choice 'B' has the value of another, a.",
    );
    expect(() => models.TextChoices({ labels: 'a' })).toThrow("Choices cannot have a member 'labels'");
    expect(() => models.IntegerChoices({ A: 'a' as never })).toThrow("The choice 'A' has to be a number.");
  });

  it('are shown by their labels', () => {
    expect([issue().getStatusDisplay(), issue({ status: 'x' }).getStatusDisplay()]).toEqual(['A draft', 'x']);
    expect(issue({ rank: 2 }).getRankDisplay()).toBe('Very high');
  });

  it('stand in groups, in an object, in a function', () => {
    const said = (choices: models.ChoicesOption): unknown => new models.CharField({ choices }).flatchoices;
    const flat = [
      ['a', 'A'],
      ['b', 'B'],
    ];
    expect(
      said([
        [
          'Letters',
          [
            ['a', 'A'],
            ['b', 'B'],
          ],
        ],
      ]),
    ).toEqual(flat);
    expect(said({ Letters: { a: 'A' }, b: 'B' })).toEqual(flat);
    expect(said(() => ({ a: 'A', b: 'B' }))).toEqual(flat);
  });
});

it('a decimal has as many figures as its field', () => {
  const price = new models.DecimalField({ maxDigits: 4, decimalPlaces: 2 });
  expect([
    price.toPython(2.1875),
    price.toPython(3),
    price.toPython(0.1),
    price.toPython(Decimal.from('1.50')),
  ]).toEqual(['2.188', '3', '0.1000', '1.50']);
});
