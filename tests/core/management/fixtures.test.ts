/** `dumpdata` and `loaddata`, on every database, with files as people have them. */
import '../../db/settings';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { AppConfig, apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { CommandError, callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { onEveryDatabase, useTables } from '../../support/model_tables';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';

class WriterManager extends models.Manager<Writer> {
  getByNaturalKey(name: string): Promise<Writer> {
    return this.get({ name });
  }
}

class Writer extends models.Model {
  static override readonly Meta = { appLabel: 'press' };
  static override readonly objects = new WriterManager();
  declare id: number;
  @models.CharField({ maxLength: 40, unique: true }) declare name: string;
  naturalKey(): [string] {
    return [this.name];
  }
}

class Paper extends models.Model {
  static override readonly Meta = { appLabel: 'press' };
  declare static readonly objects: models.Manager<Paper>;
  declare id: number;
  @models.CharField({ maxLength: 40 }) declare title: string;
  @models.ForeignKey(() => Writer, { onDelete: models.CASCADE }) declare writer: models.Related<Writer>;
  declare writerId: number;
  @models.ManyToManyField(() => Writer, { relatedName: 'read' })
  declare readonly readers: models.ManyToManyManager<Writer>;
}

class PressConfig extends AppConfig {
  static readonly appName = 'press';
  override hasModule(name: string): boolean {
    return name === 'models';
  }
  override importModule(): Record<string, unknown> {
    return { Writer, Paper };
  }
}

const MODELS = () => [Writer, Paper];

let root: string;
let said: string;
const stdout = { write: (text: string) => (said += text) };

/** Runs a command. @returns what it printed. */
async function run(
  command: string,
  ...args: Parameters<typeof callCommand> extends [unknown, ...infer A] ? A : never
): Promise<string> {
  said = '';
  const last = args.at(-1);
  const options = typeof last === 'object' && !Array.isArray(last) ? (args.pop() as object) : {};
  await callCommand(command, ...args, { stdout, stderr: stdout, ...options });
  return said;
}

/** Declares that the tests have a site with the app `press` in a folder of their own. */
function useSite(): void {
  let restore: () => Promise<void>;
  beforeAll(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'tsango-press-'));
    execFileSync('mkdir', ['-p', path.join(root, 'press', 'fixtures'), path.join(root, 'more')]);
    setSiteRoot(root);
    apps.reset();
    restore = overrideSettings({ INSTALLED_APPS: [PressConfig], FIXTURE_DIRS: [path.join(root, 'more')] });
    apps.populate();
  });
  afterAll(async () => {
    await restore();
    setSiteRoot(undefined);
    rmSync(root, { recursive: true });
  });
}

const fixture = (...names: string[]): string => path.join(root, 'press', 'fixtures', ...names);
const write = (name: string, content: string | Uint8Array): void => writeFileSync(fixture(name), content);

async function makeRows(): Promise<void> {
  const ada = await Writer.objects.create({ id: 10, name: 'Ada' });
  const bob = await Writer.objects.create({ id: 20, name: 'Bob' });
  const paper = await Paper.objects.create({ id: 5, title: 'Notes', writer: ada });
  await paper.readers.set([bob, ada]);
}

async function empty(): Promise<void> {
  await Paper.objects.all().delete();
  await Writer.objects.all().delete();
}

const PLAIN =
  '[{"model": "press.writer", "pk": 10, "fields": {"name": "Ada"}}, ' +
  '{"model": "press.writer", "pk": 20, "fields": {"name": "Bob"}}, ' +
  '{"model": "press.paper", "pk": 5, "fields": {"title": "Notes", "writer": 10, "readers": [10, 20]}}]';

onEveryDatabase(MODELS, () => {
  useSite();

  it('what is dumped is loaded again, and new keys follow', async () => {
    await makeRows();
    expect(await run('dumpdata', 'press')).toBe(PLAIN);
    write('plain.json', PLAIN);
    await empty();
    expect(await run('loaddata', 'plain')).toBe('Installed 3 object(s) from 1 fixture(s)\n');
    expect(await run('dumpdata', 'press')).toBe(PLAIN);
    expect((await Writer.objects.create({ name: 'Cy' })).id).toBeGreaterThan(20);
  });

  it('rows stand in any order, and natural keys name those that come later', async () => {
    write(
      'later.json',
      '[{"model": "press.paper", "pk": 1, "fields": {"title": "A", "writer": 3, "readers": [["Ada"], ["Bob"]]}},' +
        ' {"model": "press.writer", "pk": 3, "fields": {"name": "Ada"}},' +
        ' {"model": "press.writer", "fields": {"name": "Bob"}}]',
    );
    await run('loaddata', 'later');
    const paper = await Paper.objects.get({ pk: 1 });
    expect((await paper.writer).name).toBe('Ada');
    expect(await paper.readers.orderBy('name').flat('name')).toEqual(['Ada', 'Bob']);
    const natural = { useNaturalForeignKeys: true, useNaturalPrimaryKeys: true };
    expect(await run('dumpdata', 'press', natural)).toBe(
      '[{"model": "press.writer", "fields": {"name": "Ada"}}, {"model": "press.writer", "fields": {"name": "Bob"}}, ' +
        '{"model": "press.paper", "pk": 1, "fields": {"title": "A", "writer": ["Ada"], "readers": [["Ada"], ["Bob"]]}}]',
    );
  });

  it('nothing is loaded where a reference leads nowhere', async () => {
    write(
      'broken.json',
      '[{"model": "press.paper", "pk": 7, "fields": {"title": "A", "writer": 404, "readers": []}}]',
    );
    await expect(run('loaddata', 'broken')).rejects.toThrow(/^Problem installing fixtures: /);
    expect(await Paper.objects.count()).toBe(0);
  });
});

describeWith([], 'fixtures in files', () => {
  useTables({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }, MODELS);
  useSite();
  beforeEach(empty);

  it('a reference that leads nowhere is named', async () => {
    write(
      'broken.json',
      '[{"model": "press.paper", "pk": 7, "fields": {"title": "A", "writer": 404, "readers": []}}]',
    );
    await expect(run('loaddata', 'broken')).rejects.toThrow(
      new Error(
        "Problem installing fixtures: The row in table 'press_paper' with primary key '7' has an invalid foreign key: " +
          "press_paper.writer_id contains a value '404' that does not have a corresponding value in press_writer.id.",
      ),
    );
  });

  it.each(['json', 'jsonl', 'xml', 'yaml'])('%s, to a file and back', async (format) => {
    await makeRows();
    const file = fixture(`written.${format}`);
    expect(await run('dumpdata', 'press', { format, output: file, indent: 2 })).toBe('');
    const text = readFileSync(file, 'utf8');
    await empty();
    await run('loaddata', file);
    expect(await run('dumpdata', 'press', { format, indent: 2 })).toBe(text);
    expect(await Paper.objects.count()).toBe(1);
  });

  it.each(['gz', 'bz2', 'xz', 'lzma'])('packed as %s, and back', async (ending) => {
    await makeRows();
    const file = fixture(`packed.json.${ending}`);
    await run('dumpdata', 'press', { output: file });
    expect(readFileSync(file).toString()).not.toContain('press');
    if (ending === 'gz') expect(gunzipSync(readFileSync(file)).toString()).toBe(PLAIN);
    await empty();
    await run('loaddata', `packed.json.${ending}`);
    expect(await run('dumpdata', 'press')).toBe(PLAIN);
  });

  it('a zip has one file, whole', async () => {
    const pack = (names: string[], method = 'ZIP_DEFLATED'): Buffer =>
      execFileSync('python3', [
        '-c',
        'import sys, zipfile\n' +
          `with zipfile.ZipFile(sys.argv[1], "w", zipfile.${method}) as z:\n` +
          '  for name in sys.argv[3:]: z.writestr(name, sys.argv[2])',
        fixture('zipped.json.zip'),
        PLAIN,
        ...names,
      ]);
    for (const method of ['ZIP_DEFLATED', 'ZIP_STORED']) {
      pack(['a.json'], method);
      await empty();
      expect(await run('loaddata', 'zipped')).toBe('Installed 3 object(s) from 1 fixture(s)\n');
    }
    pack(['a.json', 'b.json']);
    await expect(run('loaddata', 'zipped')).rejects.toThrow(
      /: Zip-compressed fixtures must contain one file\.$/,
    );
    write('zipped.json.zip', 'PK, but not really');
    await expect(run('loaddata', 'zipped')).rejects.toThrow(/this is no zip archive/);
    rmSync(fixture('zipped.json.zip'));
  });

  it('a packed file that is damaged says which', async () => {
    write('cut.json.gz', gzipSync(PLAIN).subarray(0, 40));
    await expect(run('loaddata', 'cut')).rejects.toThrow(
      /^Problem installing fixture '.*cut\.json\.gz': unexpected end of file$/,
    );
    write('cut.json.xz', 'not xz');
    rmSync(fixture('cut.json.gz'));
    await expect(run('loaddata', 'cut')).rejects.toThrow(
      /xz could not do its work: .*File format not recognized/,
    );
    rmSync(fixture('cut.json.xz'));
    expect(await Writer.objects.count()).toBe(0);
  });

  it('the standard input, with its format', async () => {
    const stdin = (async function* () {
      yield Buffer.from(PLAIN.slice(0, 100));
      yield Buffer.from(PLAIN.slice(100));
    })();
    expect(await run('loaddata', '-', { format: 'json', stdin, verbosity: 2 })).toContain(
      "Installing json fixture '-' from absolute path.",
    );
    expect(await Writer.objects.count()).toBe(2);
    await expect(run('loaddata', '-')).rejects.toThrow(
      new CommandError('--format must be specified when reading from stdin.'),
    );
  });

  it('excludes, keys, one model, the base manager', async () => {
    await makeRows();
    write('plain.json', PLAIN);
    expect(await run('dumpdata', 'press.Writer', { primaryKeys: '20' })).toBe(
      '[{"model": "press.writer", "pk": 20, "fields": {"name": "Bob"}}]',
    );
    expect(await run('dumpdata', { exclude: ['press.Writer', 'press.Paper'] })).toBe('[]');
    expect(await run('dumpdata', { exclude: ['press'] })).toBe('[]');
    await empty();
    expect(await run('loaddata', 'plain', { exclude: ['press.Paper'] })).toBe(
      'Installed 2 object(s) (of 3) from 1 fixture(s)\n',
    );
    expect(await Paper.objects.count()).toBe(0);
  });

  it('what is gone is left out if that is asked for', async () => {
    for (const [name, text] of [
      [
        'gone.json',
        '[{"model": "press.writer", "pk": 1, "fields": {"name": "Ada", "age": 36}}, {"model": "press.gone", "fields": {}}]',
      ],
      [
        'gone.xml',
        '<django-objects version="1.0"><object model="press.writer" pk="1"><field name="name">Ada</field><field name="age">36</field></object><object model="press.gone"/></django-objects>',
      ],
    ] as const) {
      write(name, text);
      await expect(run('loaddata', name)).rejects.toThrow(/Writer has no field named 'age'/);
      expect(await run('loaddata', name, { ignore: true })).toBe('Installed 1 object(s) from 1 fixture(s)\n');
    }
  });

  it('what is looked for where, and what is not there', async () => {
    await expect(run('loaddata', 'nowhere')).rejects.toThrow(
      new CommandError("No fixture named 'nowhere' found."),
    );
    await expect(run('loaddata', 'nowhere.txt')).rejects.toThrow(
      new CommandError("Problem installing fixture 'nowhere': txt is not a known serialization format."),
    );
    writeFileSync(path.join(root, 'more', 'found.default.json'), PLAIN);
    const text = await run('loaddata', 'found', { verbosity: 3 });
    expect(text).toContain(`No fixture 'found' in '${fixture().replace(/\/$/, '')}'.\n`);
    expect(text).toContain('\rProcessed 3 object(s).\n');
    await expect(run('dumpdata', 'nowhere')).rejects.toThrow("No installed app with label 'nowhere'.");
    await expect(run('dumpdata', 'press.Nothing')).rejects.toThrow('Unknown model: press.Nothing');
    await expect(run('dumpdata', 'press', { format: 'csv' })).rejects.toThrow(
      new CommandError('Unknown serialization format: csv'),
    );
  });

  it('an empty fixture is warned of, and is no failure', async () => {
    write('nothing.json', '[]');
    expect(await run('loaddata', 'nothing')).toBe(
      "RuntimeWarning: No fixture data found for 'nothing'. (File format may be invalid.)\n" +
        'Installed 0 object(s) from 1 fixture(s)\n',
    );
  });

  it('a row that the database refuses is named', async () => {
    write(
      'twice.json',
      '[{"model": "press.writer", "pk": 1, "fields": {"name": "A"}}, {"model": "press.writer", "pk": 2, "fields": {"name": "A"}}]',
    );
    await expect(run('loaddata', 'twice')).rejects.toThrow(
      /^Problem installing fixture '.*twice\.json': Could not load press\.Writer\(pk=2\): UNIQUE constraint failed/,
    );
    expect(await Writer.objects.count()).toBe(0);
  });

  it('the rows of many-to-many fields are read with their rows, not one by one', async () => {
    for (let pk = 1; pk <= 30; pk++) {
      const writer = await Writer.objects.create({ name: `W${pk}` });
      const paper = await Paper.objects.create({ title: 'T', writer });
      await paper.readers.add(writer);
    }
    const connection = connections.get();
    const spy = jest.spyOn(connection, 'execute');
    await run('dumpdata', 'press', { useNaturalForeignKeys: true });
    expect(spy.mock.calls.length).toBeLessThan(12);
    spy.mockRestore();
  });
});
