/** From models to migrations and tables, and on, as a person types it. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { configure, overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { type Outcome, Site } from '../../support/temporary_site';

const SETTINGS = `import path from 'node:path';
import { defineSettings } from 'tsango/conf';

export default defineSettings({
  SECRET_KEY: 'a key for tests alone',
  INSTALLED_APPS: ['library'],
  DEFAULT_AUTO_FIELD: 'tsango.db.models.AutoField',
  DATABASES: { default: { ENGINE: '${SQLITE_ENGINE}', NAME: path.join(__dirname, 'db.sqlite3') } },
});
`;

const first = `import * as models from 'tsango/db/models';

export function anything(): string {
  return 'unknown';
}

export class Author extends models.Model {
  declare id: number;
  @models.CharField({ maxLength: 100, default: anything }) declare name: string;
}

export class Book extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    ordering: ['title'],
    indexes: [new models.Index({ fields: ['-pages'], name: 'book_pages' })],
    constraints: [new models.UniqueConstraint({ fields: ['author', 'title'], name: 'one_of_each' })],
  };

  declare id: number;
  @models.CharField({ maxLength: 200, helpText: "The book's title" }) declare title: string;
  @models.IntegerField({ null: true }) declare pages: number | null;
  @models.JSONField({ default: () => [] }) declare labels: string[];
  @models.DecimalField({ maxDigits: 6, decimalPlaces: 2, default: '1.50' }) declare price: string;
  @models.ForeignKey(() => Author, { onDelete: models.CASCADE, relatedName: 'books' }) declare author: unknown;
}
`;

configure({ SECRET_KEY: 'not a secret' });

let site: Site;
beforeEach(() => {
  site = new Site({ 'settings.ts': SETTINGS, 'library/models.ts': first, 'library/migrations/.keep': '' });
});
afterEach(() => site.remove());

const files = (): string[] =>
  readdirSync(path.join(site.root, 'library/migrations')).filter((name) => name.endsWith('.ts'));
const read = (name: string): string => readFileSync(path.join(site.root, 'library/migrations', name), 'utf8');
const shown = ({ status, stdout, stderr }: Outcome): [number | null, string, string] => [
  status,
  stdout,
  stderr,
];

/** Asks the site's database. */
async function ask(sql: string): Promise<readonly unknown[]> {
  const DATABASES = { default: { ENGINE: SQLITE_ENGINE, NAME: path.join(site.root, 'db.sqlite3') } };
  const restore = overrideSettings({ DATABASES });
  try {
    return (await connections.get().execute(sql)).rows.map((row) => ({ ...row }));
  } finally {
    await connections.closeAll();
    await restore();
  }
}

it('writes what a person would, and nothing where nothing changed', async () => {
  const made = await site.run('makemigrations', '--no-header');
  expect(shown(made)).toEqual([
    0,
    "Migrations for 'library':\n" +
      `  ${path.relative(process.cwd(), path.join(site.root, 'library/migrations/0001_initial.ts'))}\n` +
      '    + Create model Author\n    + Create model Book\n',
    '',
  ]);
  expect(read('0001_initial.ts')).toBe(`import * as migrations from 'tsango/db/migrations';
import * as models from 'tsango/db/models';
import { anything } from '../models';

export class Migration extends migrations.Migration {
  override initial = true;
  override operations = [
    new migrations.CreateModel({
      name: 'Author',
      fields: [
        [
          'id',
          new models.AutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        ['name', new models.CharField({ default: anything, maxLength: 100 })],
      ],
    }),
    new migrations.CreateModel({
      name: 'Book',
      fields: [
        [
          'id',
          new models.AutoField({
            autoCreated: true,
            primaryKey: true,
            serialize: false,
            verboseName: 'ID',
          }),
        ],
        ['title', new models.CharField({ helpText: "The book's title", maxLength: 200 })],
        ['pages', new models.IntegerField({ null: true })],
        ['labels', new models.JSONField({ default: () => [] })],
        ['price', new models.DecimalField({ decimalPlaces: 2, default: '1.50', maxDigits: 6 })],
        [
          'author',
          new models.ForeignKey({
            onDelete: models.CASCADE,
            relatedName: 'books',
            to: 'library.author',
          }),
        ],
      ],
      options: {
        ordering: ['title'],
        indexes: [new models.Index({ fields: ['-pages'], name: 'book_pages' })],
        constraints: [
          new models.UniqueConstraint({ fields: ['author', 'title'], name: 'one_of_each' }),
        ],
      },
    }),
  ];
}
`);
  expect((await site.run('makemigrations', '--check')).stdout).toBe('No changes detected\n');
  expect((await site.run('migrate', '-v', '0')).status).toBe(0);
  expect(shown(await site.run('makemigrations', 'library'))).toEqual([
    0,
    "No changes detected in app 'library'\n",
    '',
  ]);
}, 120_000);

it('asks about what only a person knows, and the rows stay', async () => {
  await site.run('makemigrations');
  await site.run('migrate', '-v', '0');
  await ask("INSERT INTO library_author (id, name) VALUES (1, 'Ada')");
  await ask(
    "INSERT INTO library_book (title, pages, labels, price, author_id) VALUES ('Notes', 66, '[]', 2.5, 1)",
  );
  site.write(
    'library/models.ts',
    first
      .replaceAll('Author', 'Writer')
      .replace('declare pages: number | null', 'declare length: number | null')
      .replace("fields: ['-pages']", "fields: ['-length']")
      .replace(
        '@models.IntegerField({ null: true })',
        '@models.IntegerField({ null: true, dbColumn: undefined })',
      )
      .replace(
        'declare price: string;',
        'declare price: string;\n  @models.TextField() declare blurb: string;',
      ),
  );
  const { status, stdout, stderr } = await site.answer("y\ny\n1\n'None yet.'\n", 'makemigrations');
  expect(stderr).toBe('');
  expect(stdout).toContain('Was the model library.Author renamed to Writer? [y/N] ');
  expect(stdout).toContain('Was book.pages renamed to book.length (a IntegerField)? [y/N] ');
  expect(stdout).toContain(
    "It is impossible to add a non-nullable field 'blurb' to book without specifying a default.",
  );
  expect(status).toBe(0);
  expect(files()).toHaveLength(2);
  expect((await site.run('migrate', '-v', '0')).stderr).toBe('');
  expect(
    await ask(
      'SELECT title, length, blurb, name FROM library_book JOIN library_writer w ON w.id = author_id',
    ),
  ).toEqual([{ title: 'Notes', length: 66, blurb: 'None yet.', name: 'Ada' }]);
  expect((await site.run('makemigrations', '--check')).stdout).toBe('No changes detected\n');
  expect((await site.run('migrate', 'library', 'zero', '-v', '0')).status).toBe(0);
}, 120_000);

it('writes nothing where nobody can be asked, where it is only to look, or where whoever is asked leaves', async () => {
  await site.run('makemigrations');
  site.write(
    'library/models.ts',
    first.replace(
      'declare price: string;',
      'declare price: string;\n  @models.TextField() declare blurb: string;',
    ),
  );
  expect(shown(await site.run('makemigrations', '--no-input'))).toEqual([
    3,
    "Field 'blurb' on model 'book' not migrated: it is impossible to add a non-nullable field without specifying a default.\n",
    expect.anything(),
  ]);
  expect((await site.answer('2\n', 'makemigrations')).status).toBe(3);
  expect((await site.run('makemigrations', '--check')).status).toBe(1);
  expect((await site.run('makemigrations', '--dry-run')).stdout).toContain('    + Add field blurb to book\n');
  expect(files()).toEqual(['0001_initial.ts']);
}, 120_000);

it('makes an empty migration for whoever writes its operations, under the name that is asked for', async () => {
  await site.run('makemigrations');
  expect((await site.run('makemigrations', '--empty')).stderr).toContain(
    'You must supply at least one app label',
  );
  const { stdout } = await site.run('makemigrations', 'library', '--empty', '-n', 'by_hand', '--scriptable');
  expect(stdout.trim().endsWith('library/migrations/0002_by_hand.ts')).toBe(true);
  expect(read('0002_by_hand.ts')).toContain(
    "override dependencies = [['library', '0001_initial']];\n  override operations = [];",
  );
  const refused = await site.run('makemigrations', '-n', 'not/a/name');
  expect(shown(refused)).toEqual([
    1,
    '',
    expect.stringContaining('The migration name must be a valid identifier.'),
  ]);
}, 120_000);

const FIELDS = `import { RegexValidator } from 'tsango/core/validators';
import * as models from 'tsango/db/models';
import { Lower } from 'tsango/db/models/functions';

export const Status = models.TextChoices({ DRAFT: ['d', "It's a draft"], DONE: 'x' });

export class Tag extends models.Model {
  static override readonly Meta: models.MetaOptions = { verboseName: 'label', uniqueTogether: [['word', 'rank']] };
  @models.SlugField({ primaryKey: true }) declare word: string;
  @models.SmallIntegerField({ default: -1 }) declare rank: number;
}

export class Thing extends models.Model {
  static override readonly Meta: models.MetaOptions = {
    dbTable: 'things',
    getLatestBy: 'day',
    permissions: [['can_look', 'Can look']],
    indexes: [
      new models.Index({ fields: ['day'], name: 'some_days', condition: new models.Q({ ok: true }).or(new models.Q({ day__isnull: true })) }),
      new models.Index(new Lower(models.F('text')), { name: 'small_text' }),
    ],
    constraints: [
      new models.CheckConstraint({ condition: new models.Q({ big__gte: 0, ok: true }).not(), name: 'big_or_not' }),
      new models.UniqueConstraint({ fields: ['ok', 'day'], name: 'one_a_day', condition: new models.Q({ ok: true }) }),
    ],
  };
  @models.CharField({ maxLength: 1, choices: Status, default: Status.DRAFT, validators: [new RegexValidator(/^[dx]$/)] }) declare status: string;
  @models.BigIntegerField({ default: 10n ** 15n }) declare big: unknown;
  @models.BinaryField({ default: Buffer.from([1, 2]) }) declare bytes: Buffer;
  @models.BooleanField({ default: false }) declare ok: boolean;
  @models.DateField({ null: true, blank: true, uniqueForYear: 'day' }) declare day: string | null;
  @models.DateTimeField({ autoNowAdd: true }) declare at: Date;
  @models.DecimalField({ maxDigits: 9, decimalPlaces: 3, default: '0.001' }) declare price: string;
  @models.DurationField({ null: true }) declare span: unknown;
  @models.EmailField({ blank: true }) declare mail: string;
  @models.FileField({ uploadTo: 'files/%Y' }) declare file: unknown;
  @models.FloatField({ default: 1.5 }) declare ratio: number;
  @models.GenericIPAddressField({ protocol: 'IPv4', null: true }) declare ip: string | null;
  @models.JSONField({ default: () => ({}) }) declare data: unknown;
  @models.PositiveSmallIntegerField({ dbIndex: true, dbColumn: 'Amount' }) declare amount: number;
  @models.TextField({ helpText: "Say 'it'", verboseName: 'all of it' }) declare text: string;
  @models.TimeField({ default: '12:30:00' }) declare time: string;
  @models.URLField({ editable: false, default: '' }) declare url: string;
  @models.UUIDField({ unique: true, null: true }) declare uuid: string | null;
  @models.ForeignKey('self', { onDelete: models.SET_NULL, null: true, relatedName: '+' }) declare parent: unknown;
  @models.ForeignKey(() => Tag, { onDelete: models.SET('none'), toField: 'word', default: 'none' }) declare tag: unknown;
  @models.ManyToManyField(() => Tag, { relatedName: 'things', blank: true }) declare tags: unknown;
}

export class Special extends Thing {
  static override readonly Meta: models.MetaOptions = { ordering: ['-note'] };
  @models.OneToOneField('library.Tag', { onDelete: models.PROTECT }) declare note: unknown;
}

export class Shown extends Tag {
  static override readonly Meta: models.MetaOptions = { proxy: true };
}
`;

it('reads back what it writes: every field, options, indexes and constraints, models that extend others', async () => {
  site.write('library/models.ts', FIELDS);
  const made = await site.run('makemigrations');
  expect(made.stderr).toBe('');
  expect(shown(await site.run('makemigrations', '--check'))).toEqual([0, 'No changes detected\n', '']);
  expect(shown(await site.run('migrate', '-v', '0'))).toEqual([0, '', '']);
  expect(
    (await ask("SELECT name FROM sqlite_master WHERE name IN ('things', 'small_text', 'some_days')")).length,
  ).toBe(3);
}, 120_000);

it('marks what loses data or writes a table anew, in the file and in the plan', async () => {
  await site.run('makemigrations');
  await site.run('migrate', '-v', '0');
  site.write(
    'library/models.ts',
    first
      .replace('maxLength: 200', 'maxLength: 50')
      .replace('  @models.JSONField({ default: () => [] }) declare labels: string[];\n', ''),
  );
  expect((await site.run('makemigrations', '--no-header')).status).toBe(0);
  expect(read(files().at(-1) as string)).toContain(
    `    // Loses data: what is in the column.
    new migrations.RemoveField({ modelName: 'book', name: 'labels' }),
    // Fails, or loses data: texts of more than 50 characters.
    // Writes the table anew (SQLite).
    new migrations.AlterField({`,
  );
  expect((await site.run('migrate', '--plan')).stdout).toContain(
    '    Remove field labels from book\n        # Loses data: what is in the column.\n' +
      '    Alter field title on book\n        # Fails, or loses data: texts of more than 50 characters.\n' +
      '        # Writes the table anew (SQLite).\n',
  );
  expect((await site.run('migrate', 'library', 'zero', '--plan')).stdout).toContain(
    '    Undo Create model Author\n        # Loses data: the rows of the table.\n',
  );
}, 120_000);

it('says which operation holds what cannot be written, and what to do', async () => {
  site.write('library/models.ts', first.replace('export function anything', 'function anything'));
  const { status, stderr } = await site.run('makemigrations');
  expect(status).toBe(1);
  expect(stderr).toContain(
    'Create model Author: Cannot serialize the function anything: a migration refers to functions',
  );
  expect(files()).toEqual([]);
}, 60_000);
