/** `dumpdata` and `loaddata` as they were recorded. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { apps } from 'tsango/apps';
import { configure, overrideSettings } from 'tsango/conf';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import type { Model, ModelClass } from 'tsango/db/models/base';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { appOf } from '../support/declared_apps';
import { type DeclaredModel, declaredClasses, declareModels } from '../support/declared_models';
import { createTables } from '../support/model_tables';
import { camelCased, forgetRows, isSame, type Recorded, store } from '../support/recorded_rows';
import { SQLITE_ENGINE } from '../support/sqlite';
import { describeVectors, reportArea, vectors } from '../support/vectors';

type Json = Readonly<Record<string, unknown>>;

interface Fact {
  readonly command: string;
  readonly args: readonly string[];
  readonly options: Json;
  readonly models: readonly DeclaredModel[];
  readonly rows: Readonly<Record<string, readonly Recorded[]>>;
  readonly fixtures?: readonly { readonly format: string; readonly text: string }[];
  readonly stdout: string;
  readonly error?: string;
  readonly message?: string;
  readonly test: string;
}

/** What cannot be the same here, and why. */
const OTHERWISE: readonly (readonly [test: RegExp, reason: string])[] = [
  [
    /test_unimportable_serializer$/,
    'a module of Python that is not there: ours names the module of JavaScript',
  ],
];

configure({
  SECRET_KEY: 'not a secret',
  DEFAULT_AUTO_FIELD: 'django.db.models.AutoField',
  DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
  USE_TZ: false,
});
afterAll(() => connections.closeAll());

const PACKED: Readonly<Record<string, (file: string, text: string) => void>> = {
  gz: (file, text) => writeFileSync(file, gzipSync(text)),
  bz2: (file, text) => writeFileSync(file, execFileSync('bzip2', ['-c'], { input: text })),
  xz: (file, text) => writeFileSync(file, execFileSync('xz', ['-c'], { input: text })),
  lzma: (file, text) => writeFileSync(file, execFileSync('xz', ['-c', '--format=lzma'], { input: text })),
  zip: (file, text) => {
    execFileSync(
      'python3',
      ['-c', 'import sys, zipfile; zipfile.ZipFile(sys.argv[1], "w").writestr("a", sys.stdin.read())', file],
      { input: text },
    );
  },
};

function writeFixture(folder: string, label: string, format: string, text: string): void {
  const ending = path.extname(label).slice(1);
  const pack = PACKED[ending];
  const file = path.join(folder, pack !== undefined || ending === format ? label : `${label}.${format}`);
  mkdirSync(path.dirname(file), { recursive: true });
  if (pack === undefined) writeFileSync(file, text);
  else pack(file, text);
}

/** The files of a fact. What the message complains of is there, too. */
function writeFixtures({ args, fixtures = [], message = '' }: Fact, folder: string): void {
  for (const [at, { format, text }] of fixtures.entries())
    writeFixture(folder, args[at] as string, format, text);
  if (!message.startsWith('Multiple fixtures')) return;
  for (const format of ['json', 'xml']) writeFixture(folder, args[0] as string, format, '');
}

function dirsOf({ message = '' }: Fact, folder: string, app: string): readonly string[] {
  if (/contains duplicates/.test(message)) return [folder, folder];
  return /is a default fixture directory/.test(message)
    ? [path.join(app, 'fixtures_regress', 'fixtures')]
    : [folder];
}

/** Why the rows are not those that were recorded; others may have been there before. */
async function otherRows(rows: Fact['rows'], classes: readonly ModelClass[]): Promise<string | undefined> {
  let count = 0;
  for (const cls of classes) {
    const { key, concreteModel, proxy } = cls._meta;
    if (proxy) continue;
    for (const row of (await cls._baseManager.all()) as unknown as Model[]) {
      count++;
      const known = rows[concreteModel.key]?.find(({ pk }) => String(decodedKey(pk)) === String(row.pk));
      if (known === undefined) return `${key} ${String(row.pk)} was not recorded`;
      const wrong = Object.entries(known.fields).find(([name, value]) => !isSame(value, row, name));
      if (wrong !== undefined)
        return `${key} ${String(row.pk)}: ${wrong[0]} is not ${JSON.stringify(wrong[1])}`;
      for (const [name, keys] of Object.entries(camelCased(known.m2m ?? {}))) {
        const related =
          (await (row as never as Record<string, { all(): PromiseLike<Model[]> }>)[name]?.all()) ?? [];
        const ours = related.map(({ pk }) => String(pk)).sort();
        const theirs = (keys as unknown[]).map((each) => String(decodedKey(each))).sort();
        if (String(ours) !== String(theirs))
          return `${key} ${String(row.pk)}: ${name} is ${ours}, not ${theirs}`;
      }
    }
  }
  return count === 0 && Object.keys(rows).length > 0 ? 'nothing was loaded' : undefined;
}

const decodedKey = (json: unknown): unknown =>
  typeof json === 'object' && json !== null ? Object.values(json)[0] : json;

/** The apps that a fact is about. */
function appsOf({ models, args, message = '', command }: Fact): ReadonlySet<string> {
  const named = command === 'dumpdata' ? args.map((label) => label.split('.')[0] as string) : [];
  const [, complained] = /for the '(\w+)' app/.exec(message) ?? [];
  return new Set([
    ...models.map(({ app }) => app),
    ...named,
    ...(complained === undefined ? [] : [complained]),
  ]);
}

/** Models that a command line names and that had no rows. */
function unrecorded({ command, args, options, error }: Fact): DeclaredModel[] {
  if (command !== 'dumpdata' || error !== undefined) return [];
  const named = [...args, ...((options['exclude'] ?? []) as string[])].filter((label) => label.includes('.'));
  return named.map((label) => {
    const [app = '', name = ''] = label.split('.');
    return { app, name, fields: [], meta: {} };
  });
}

async function outcome(
  fact: Fact,
  folder: string,
  classes: readonly ModelClass[],
): Promise<string | undefined> {
  const { command, args, options, rows, error } = fact;
  let stdout = '';
  if (command === 'dumpdata') await store(Object.values(rows).flat());
  else {
    writeFixtures(fact, folder);
    const texts = (fact.fixtures ?? []).map(({ text }) => text).join('\n');
    // What no fixture speaks of was there before.
    await store(Object.entries(rows).flatMap(([label, own]) => (texts.includes(label) ? [] : own)));
  }
  const labels = [...new Set(classes.map(({ _meta: meta }) => meta.appLabel))];
  const app = path.join(folder, 'apps');
  for (const label of labels) mkdirSync(path.join(app, label), { recursive: true });
  const modelsOf = (label: string): ModelClass[] =>
    classes.filter(({ _meta: meta }) => meta.appLabel === label);
  setSiteRoot(app);
  const restore = overrideSettings({
    INSTALLED_APPS: labels.map((label) => appOf(label, modelsOf(label), app)),
    FIXTURE_DIRS: dirsOf(fact, folder, app),
  });
  apps.reset();
  try {
    await callCommand(command, ...args, {
      ...camelCased(options),
      stdout: {
        write: (text: string) => {
          stdout += text;
        },
      },
      stderr: { write: () => undefined },
    });
    if (error !== undefined) return `no ${error}: ${fact.message}`;
    if (stdout !== fact.stdout) return `${stdout}\n--- not\n${fact.stdout}`;
    return command === 'dumpdata' ? undefined : await otherRows(rows, classes);
  } catch (caught) {
    const { name, message } = caught as Error;
    const shown = message.replace(/'\/[^']*'/, "'<tmp>'");
    if (error === name && shown === fact.message) return undefined;
    return error === undefined
      ? String((caught as Error).stack)
      : `${name}: ${shown}, not ${error}: ${fact.message}`;
  } finally {
    await restore();
    setSiteRoot(undefined);
    apps.reset();
  }
}

describeVectors('migrations/commands', 'fixtures', () => {
  it('are dumped and loaded as Django does', async () => {
    const facts = vectors<Fact>('migrations/commands').filter(({ command }) =>
      /^(?:dump|load)data$/.test(command),
    );
    const all = facts.flatMap(({ models }) => models);
    declareModels([...all, ...facts.flatMap(unrecorded)]);
    const classes = declaredClasses();
    await createTables(classes.filter(({ _meta: meta }) => !meta.proxy));
    const connection = connections.get();
    const tables = [...(await connection.introspection.tableNames()), 'sqlite_sequence'];
    let agreed = 0;
    const differ: string[] = [];
    for (const fact of facts) {
      await connection.execute('PRAGMA foreign_keys = OFF');
      for (const table of tables) await connection.execute(`DELETE FROM ${connection.ops.quoteName(table)}`);
      forgetRows();
      const folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-fixtures-'));
      const labels = appsOf(fact);
      const own = classes.filter(({ _meta: meta }) => labels.has(meta.appLabel));
      const why = await outcome(fact, folder, own);
      rmSync(folder, { recursive: true });
      const isOther = OTHERWISE.some(([test]) => test.test(fact.test));
      if (why === undefined) agreed++;
      else if (!isOther) differ.push(`${fact.command} ${fact.args} ${fact.test}\n${why}`);
    }
    reportArea('migrations fixtures', agreed, facts.length);
    if (process.env['REASONS']) process.stdout.write(`${differ.join('\n\n')}\n`);
    expect(differ).toEqual([]);
  });
});
