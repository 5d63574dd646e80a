/**
 * One database, used by a real Django and by us: rows that one writes are read by the other, and the same queries have the
 * same answers. DJANGO_PATHS: folders with a Django each, where that of the machine's Python is not to be the only one.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { deserialize, serialize } from 'tsango/core/serializers';
import { connections } from 'tsango/db';
import type * as models from 'tsango/db/models';
import { type Engine, scratchDatabase } from '../support/databases';
import { describeWith, type Need, SERVICES } from '../support/services';
import { Author, Book, column, Everything, fromColumn, MODELS, Tag, wire } from './orm_models';
import { QUERIES } from './orm_queries';
import { ROWS, type Rows } from './orm_rows';
import '../db/settings';

const PATHS = (process.env['DJANGO_PATHS'] ?? '').split(path.delimiter);

/** Asks a Django. */
function django<T>(folder: string, database: DatabaseSettings | null, act: string, rows?: object): T {
  const { ENGINE = '', ...rest } = database ?? {};
  const engine = ENGINE.endsWith('sqlite3') ? 'sqlite3' : ENGINE;
  const request = {
    database: database && {
      ...rest,
      ENGINE: `django.db.backends.${engine}`,
      ...(engine === 'mysql' && { OPTIONS: { charset: 'utf8mb4' } }),
    },
    do: act,
    rows,
  };
  const answer = execFileSync(SERVICES.python, ['run.py'], {
    cwd: path.join(__dirname, 'django_orm'),
    input: JSON.stringify(request),
    encoding: 'utf8',
    env: {
      ...process.env,
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONWARNINGS: 'ignore',
      ...(folder !== '' && { PYTHONPATH: folder }),
    },
  });
  return JSON.parse(answer) as T;
}

async function create(): Promise<void> {
  await connections
    .get()
    .schemaEditor()
    .run(async (editor) => {
      for (const model of Object.values(MODELS)) await editor.createModel(model._meta);
    });
}

async function write(rows: Rows): Promise<void> {
  for (const [name, all] of Object.entries(rows)) {
    const model = MODELS[name as keyof typeof MODELS];
    for (const { tags = [], ...row } of all) {
      const fields = model._meta.localFields;
      const values = fields
        .filter(({ attname }) => attname in row)
        .map((field) => [field.property, fromColumn(field, row[field.attname])]);
      const instance = new model(Object.fromEntries(values));
      await instance.save({ forceInsert: true });
      for (const tag of tags as string[]) {
        const { ops } = connections.get();
        const table = ops.quoteName('library_book_tags');
        await connections
          .get()
          .execute(`INSERT INTO ${table} (book_id, tag_id) VALUES (?, ?)`, [Number(row['id']), Number(tag)]);
      }
    }
  }
}

async function read(): Promise<Rows> {
  const answer: Record<string, Record<string, unknown>[]> = {};
  for (const [name, model] of Object.entries(MODELS)) {
    const all = (await model.objects.orderBy('pk')) as unknown as Record<string, unknown>[];
    answer[name] = all.map((row) =>
      Object.fromEntries(
        model._meta.localFields.map((field) => [field.attname, column(field, row[field.property])]),
      ),
    );
  }
  for (const row of answer['Book'] ?? []) {
    const ids = await Tag.objects
      .filter({ books: Number(row['id']) })
      .orderBy('pk')
      .flat('id');
    row['tags'] = ids.map(String);
  }
  return answer;
}

async function* allRows(): AsyncGenerator<models.Model, void, undefined> {
  for (const model of Object.values(MODELS)) yield* await model.objects.orderBy('pk');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: XML has no form of these.
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f]/;

async function dump(format: string): Promise<string> {
  const rows: models.Model[] = [];
  for await (const row of allRows()) {
    if (format !== 'xml' || !CONTROL.test(String((row as Partial<Everything>).text))) rows.push(row);
  }
  return serialize(format, rows);
}

async function empty(): Promise<void> {
  for (const model of [Book, Author, Tag, Everything]) await model.objects.all().delete();
}

async function ask(): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  for (const [name, query] of Object.entries(QUERIES)) {
    try {
      answers[name] = wire(await query());
    } catch (error) {
      answers[name] = String(error);
    }
  }
  return answers;
}

/** An answer, with decimals, which are text here, as Django's are written. */
function like(expected: unknown, actual: unknown): unknown {
  if (typeof expected !== 'object' || expected === null) return actual;
  if (Array.isArray(expected)) {
    return Array.isArray(actual) ? actual.map((each, at) => like(expected[at], each)) : actual;
  }
  if ('decimal' in expected) return Number(expected.decimal) === Number(actual) ? expected : actual;
  if (typeof actual !== 'object' || actual === null) return actual;
  const theirs = expected as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(actual).map(([name, each]) => [name, like(theirs[name], each)]));
}

/** What a row lacks is null; numbers of another spelling are the same. */
function whole(rows: Rows): Rows {
  const full = (model: (typeof MODELS)[keyof typeof MODELS], row: Readonly<Record<string, unknown>>) => ({
    ...Object.fromEntries(model._meta.localFields.map(({ attname }) => [attname, null])),
    ...row,
  });
  return Object.fromEntries(
    Object.entries(rows).map(([name, all]) => [
      name,
      all.map((row) => ({
        ...full(MODELS[name as keyof typeof MODELS], row),
        ...(name === 'Book' && { tags: row['tags'] ?? [] }),
      })),
    ]),
  );
}

function beside(folder: string, version: string, engine: Engine, needs: Need[]): void {
  describeWith(['django', ...needs], `Django ${version} beside ours on ${engine}`, () => {
    const theirs = scratchDatabase(engine);
    const ours = scratchDatabase(engine);
    const using = async <T>(database: DatabaseSettings, body: () => Promise<T>): Promise<T> => {
      const settings = { DATABASES: { default: database }, USE_TZ: true, TIME_ZONE: 'Europe/Paris' };
      return overrideSettings({ ...settings, INSTALLED_APPS: [] }, body);
    };

    beforeAll(() => {
      apps.reset();
      apps.populate([]);
    });
    afterAll(() => apps.reset());

    it('reads what the other wrote', async () => {
      django(folder, theirs, 'create');
      django(folder, theirs, 'write', ROWS);
      expect(await using(theirs, read)).toEqual(whole(ROWS));
      await using(ours, create);
      await using(ours, () => write(ROWS));
      expect(django(folder, ours, 'read')).toEqual(whole(ROWS));
    }, 60_000);

    it('finds its own rows as the other does', async () => {
      const expected = django<Record<string, unknown>>(folder, theirs, 'ask');
      const asked = Object.keys(QUERIES).filter((name) => name !== 'xor' || name in expected);
      expect(asked.sort()).toEqual(Object.keys(expected).sort());
      const { xor, ...answers } = await using(theirs, ask);
      expect(like(expected, 'xor' in expected ? { ...answers, xor } : answers)).toEqual(expected);
      expect(django(folder, ours, 'ask')).toEqual(expected);
    }, 60_000);

    it('dumps what the other dumps, to the byte, and loads it', async () => {
      const formats = { json: '', jsonl: '', xml: '', yaml: '' };
      const texts = django<Record<string, string>>(folder, theirs, 'dump', formats);
      for (const [format, text] of Object.entries(texts)) {
        expect(await using(theirs, () => dump(format))).toBe(text);
        await using(ours, async () => {
          await empty();
          for await (const each of deserialize(format, Buffer.from(text))) await each.save();
        });
        const loaded = await using(ours, () => dump(format));
        await using(ours, empty);
        django(folder, ours, 'load', { [format]: text });
        // What a format does not keep, the other loses, too: XML the ends of lines, JSON microseconds.
        expect(loaded).toBe(await using(ours, () => dump(format)));
        if (format === 'yaml') expect(loaded).toBe(text);
      }
    }, 120_000);

    it('keeps the microseconds that the other wrote', async () => {
      const pk = 1;
      const before = django<Rows>(folder, theirs, 'read_exactly');
      await using(theirs, async () => {
        const row = await Everything.objects.get({ pk });
        row.text = 'changed';
        await row.save();
        const book = await Book.objects.get({ pk });
        book.title += '';
        await book.save();
        expect(await Author.objects.count()).toBeGreaterThan(0);
      });
      expect(django(folder, theirs, 'read_exactly')).toEqual(before);
    }, 60_000);
  });
}

function versionOf(folder: string): string | undefined {
  try {
    return django<string>(folder, null, 'version');
  } catch {
    return undefined;
  }
}

for (const folder of PATHS) {
  const version = versionOf(folder);
  beside(folder, version ?? '(none)', 'better-sqlite3', ['better-sqlite3']);
  beside(folder, version ?? '(none)', 'postgresql', ['postgresql']);
  beside(folder, version ?? '(none)', 'mysql', ['mysql']);
}
