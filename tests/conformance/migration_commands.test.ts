/** What the commands about migrations print, write and do, beside Django's. */

import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { configure } from 'tsango/conf';
import { callCommand } from 'tsango/core/management';
import { CommandError } from 'tsango/core/management/errors';
import { type Migration, RunCode } from 'tsango/db/migrations';
import {
  CommandWorld,
  DOTTED_APP,
  migrationOf,
  type RecordedMigration,
  type RecordedWorld,
} from '../support/command_world';
import { comparable } from '../support/comparable_operations';
import { Explained, lineName } from '../support/explained';
import { NotYet } from '../support/vector_operations';
import { describeVectors, reportArea, vectors } from '../support/vectors';
import { COMMAND_EXCEPTIONS } from './exceptions/commands';

configure({ SECRET_KEY: 'not a secret', TIME_ZONE: 'UTC', DEFAULT_AUTO_FIELD: 'django.db.models.AutoField' });

interface Line extends RecordedWorld {
  test: string | null;
  command: string;
  vendor: string;
  args: string[];
  options: Record<string, unknown> & { database?: string };
  stdout: string;
  stderr: string;
  error?: string;
  message?: string;
  written?: RecordedMigration[];
  applied_after?: [string, string][];
  tables_after?: string[];
}

/** The commands that are replayed here. */
const COMMANDS = new Set([
  'migrate',
  'makemigrations',
  'showmigrations',
  'squashmigrations',
  'optimizemigration',
]);

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Django's words, where what is Python there is not here. */
function inOurWords(text: string): string {
  return text
    .replaceAll(
      "'python manage.py makemigrations --merge'",
      "'manage.ts makemigrations --merge', or '--rebase' while one of them is applied nowhere.",
    )
    .replaceAll("'manage.py ", "'manage.ts ")
    .replaceAll('python manage.py', 'manage.ts')
    .replaceAll('Raw Python operation', 'Raw code operation')
    .replaceAll('auto_now_add=True', 'autoNowAdd: true')
    .replaceAll('RunPython', 'RunCode')
    .replaceAll('models.py', 'models.ts')
    .replaceAll('valid Python identifier', 'valid identifier')
    .replaceAll('valid Python.', 'valid JavaScript.')
    .replace(/^The datetime and django.utils.timezone modules are available.*\n/gm, '')
    .replaceAll('timezone.now', '() => new Date()');
}

/** What both print alike: without paths, times, and the words that a function of Python is described by. */
function comparableText(text: string): string {
  return (
    text
      .replace(/\S*<tmp>\S*/g, '<file>')
      .replace(/\(applied at [^)]*\)/g, '(applied at …)')
      .replace(/\(\d+\.\d+s\)/g, '(0.000s)')
      .replace(/(Raw code operation) -> (?!IRREVERSIBLE)[^\n]*/g, '$1')
      .replace(/^ {8}# .*\n/gm, '')
      // The file itself is in another language; its operations are compared where it is written.
      .replace(/^(Full (?:merge )?migrations file ').*[\s\S]*/m, '$1')
  );
}

interface Outcome {
  stdout: string;
  stderr: string;
  error: string | null;
  applied?: unknown;
  tables?: unknown;
  written?: unknown;
}

/** What somebody may have typed: the recording does not say. */
const TYPED = ['n\n', 'y\n', '2\n', '3\n', '1\n', '1\n\n', '1\nexit\n', "1\n'x'\n", '1\n5\n', '1\nfalse\n'];

async function found(line: Line, typed = ''): Promise<Outcome> {
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin') as PropertyDescriptor;
  Object.defineProperty(process, 'stdin', { configurable: true, value: Readable.from([typed]) });
  const world = new CommandWorld(line);
  const [output, errors]: [string[], string[]] = [[], []];
  let error: string | null = null;
  try {
    await world.migrate();
    const before = world.files();
    try {
      const options = Object.entries(line.options).map(([name, value]) => [camelCase(name), value]);
      await callCommand(line.command, ...line.args, {
        ...Object.fromEntries(options),
        stdout: { write: (text: string) => output.push(text) },
        stderr: { write: (text: string) => errors.push(text) },
      });
    } catch (thrown) {
      const { message } = thrown as Error;
      error = thrown instanceof CommandError && message === '' ? String(thrown.returncode) : message;
      // What a migration fails with, without its name and what has become of it.
      error = error.replace(/^Migration \S+ failed: \w+: ([^\n]*)\n[\s\S]*/, '$1');
    }
    const clean = (text: string): string =>
      comparableText(
        text.replaceAll(world.root, '<tmp>').replaceAll(path.relative(process.cwd(), world.root), '<tmp>'),
      );
    const outcome: Outcome = { stdout: clean(output.join('')), stderr: clean(errors.join('')), error };
    if (line.applied_after) outcome.applied = await world.applied();
    if (line.tables_after) outcome.tables = await world.tables();
    const written = [...world.files()].flatMap(([file, text]) => (before.get(file) === text ? [] : [file]));
    if (line.written) outcome.written = written.map((file) => shown(load(path.join(world.root, file))));
    return outcome;
  } finally {
    Object.defineProperty(process, 'stdin', stdin);
    await world.remove();
  }
}

/** A migration of a file that may have been loaded before it was written anew. */
function load(file: string): Migration {
  const copy = file.replace(/\.ts$/, '_as_written.ts');
  copyFileSync(file, copy);
  const { Migration: Written } = require(copy) as { Migration: new (name: string, app: string) => Migration };
  return new Written(path.parse(file).name, path.basename(path.dirname(path.dirname(file))));
}

function shown({ name, appLabel, dependencies, operations, replaces, initial }: Migration): unknown {
  return {
    // The minute at which it was written.
    name: name.replace(/\d{8}_\d{4}/, '<time>'),
    appLabel,
    dependencies: dependencies.map((each) => each.join('.')).sort(),
    replaces: replaces.map((each) => each.join('.')),
    initial: initial === true,
    operations: operations.map((operation) =>
      JSON.stringify(
        operation instanceof RunCode ? ['RunCode', operation.reversible] : comparable(operation),
      ),
    ),
  };
}

function expected(line: Line): Outcome {
  const outcome: Outcome = {
    stdout: comparableText(inOurWords(line.stdout)),
    stderr: comparableText(inOurWords(line.stderr)),
    error: line.error === undefined ? null : inOurWords(line.message ?? ''),
  };
  if (line.applied_after) outcome.applied = line.applied_after.map((pair) => pair.join('.')).sort();
  if (line.tables_after) outcome.tables = [...line.tables_after].sort();
  // What is only shown, or not written after all, was recorded, too.
  if (line.written)
    outcome.written = (line.options['dry_run'] || line.error ? [] : line.written).map((each) =>
      shown(migrationOf(each)),
    );
  return outcome;
}

/** Which parts are not alike, and how they are. */
function differing(here: Outcome, django: Outcome): string {
  const parts = (Object.keys(django) as (keyof Outcome)[]).filter(
    (part) => JSON.stringify(here[part]) !== JSON.stringify(django[part]),
  );
  return parts
    .map(
      (part) =>
        `  ${part}\n    here   ${JSON.stringify(here[part])}\n    Django ${JSON.stringify(django[part])}`,
    )
    .join('\n');
}

/** The migrations whose order the recording of the graph says, by test: of commands that only show them it was left out. */
function runBefores(): ReadonlyMap<string, Pick<RecordedMigration, 'run_before'>> {
  const disks = vectors<{ test: string; disk?: (RecordedMigration & { key?: [string, string] })[] }>(
    'migrations/graph',
  );
  return new Map(
    disks.flatMap(({ test, disk = [] }) =>
      disk.map(({ key, dependencies, run_before = [] }) => [
        JSON.stringify([test, ...(key ?? []), dependencies]),
        { run_before },
      ]),
    ),
  );
}

describeVectors(['migrations/commands', 'migrations/graph'], 'the commands about migrations', () => {
  it('do and print what Django’s do', async () => {
    const lines = vectors<Line>('migrations/commands')
      .filter(({ command }) => COMMANDS.has(command))
      .map((line) => JSON.parse(JSON.stringify(line).replaceAll('django.contrib.auth', DOTTED_APP)) as Line);
    const orders = runBefores();
    for (const { test, disk = [] } of lines) {
      for (const each of disk) {
        Object.assign(each, orders.get(JSON.stringify([test, each.app, each.name, each.dependencies])));
      }
    }
    const explained = new Explained('migrations commands', COMMAND_EXCEPTIONS);
    for (const line of lines) {
      const what = lineName([line.command, ...line.args], line);
      try {
        const django = expected(line);
        const asks = /Select an option|\[y\/N\]/.test(line.stdout + line.stderr);
        const differences: string[] = [];
        for (const typed of asks ? TYPED : ['']) {
          const difference = differing(await found(line, typed), django);
          if (difference === '') {
            differences.length = 0;
            break;
          }
          differences.push(difference);
        }
        differences.sort((one, other) => one.length - other.length);
        explained.replayed(what, differences[0]);
      } catch (error) {
        explained.replayed(what, error instanceof NotYet ? error.message : String((error as Error).stack));
      }
    }
    explained.report(reportArea);
    explained.expectAgreement(0.99, 141);
  }, 300_000);
});
