/**
 * Five commands on a site of 500 migrations, 20 apps and 100 models, on SQLite, beside Django:
 * `ts-node bench/migrations/run.ts [--rounds N] [--json FILE]`. Processor time, medians of rounds that take turns.
 * PYTHON names the interpreter, PYTHONPATH where its Django is.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { numberOption, row, runMain } from '../prepare';
import { processorSeconds } from '../processes';
import { PYTHON } from '../servers';
import { median } from '../statistics';
import { generate } from './generate';

const { values: options } = parseArgs({ options: { rounds: { type: 'string' }, json: { type: 'string' } } });

/** What is asked of a database that is empty, or that has everything. */
const COMMANDS: readonly { name: string; args: readonly string[]; database: 'empty' | 'migrated' }[] = [
  { name: 'check', args: ['check'], database: 'migrated' },
  { name: 'migrate --plan', args: ['migrate', '--plan'], database: 'empty' },
  { name: 'makemigrations --check', args: ['makemigrations', '--check'], database: 'migrated' },
  { name: 'migrate, nothing to do', args: ['migrate'], database: 'migrated' },
  { name: 'migrate, everything', args: ['migrate'], database: 'empty' },
];

/** Copies a database with what is not written into its file yet. */
function copyDatabase(from: string, to: string): void {
  for (const suffix of ['', '-wal', '-shm'])
    if (existsSync(from + suffix)) copyFileSync(from + suffix, to + suffix);
}

async function main(): Promise<void> {
  const rounds = numberOption(options.rounds, 5);
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: path.join(__dirname, '../..'), stdio: 'inherit' });
  const sites = generate(path.join(__dirname, '../results/migrations'));
  const databases = mkdtempSync(path.join(tmpdir(), 'tsango-bench-'));
  const programs = {
    django: { cwd: sites.django, command: [PYTHON, 'manage.py'] },
    tsango: { cwd: sites.tsango, command: [process.execPath, 'manage.js'] },
  };
  const run = (name: keyof typeof programs, args: readonly string[], database: string): number => {
    const { cwd, command } = programs[name];
    const [file = '', ...rest] = command;
    const before = processorSeconds(process.pid);
    const { status, stdout, stderr } = spawnSync(file, [...rest, ...args], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
      env: { ...process.env, BENCH_DB: database },
    });
    if (status !== 0) throw new Error(`${name} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
    return (processorSeconds(process.pid) - before) * 1000;
  };
  const times = new Map<string, number[]>();
  try {
    for (const name of ['django', 'tsango'] as const) {
      run(name, ['migrate'], path.join(databases, `${name}.migrated`));
    }
    for (let round = 0; round < rounds; round++) {
      for (const { name, args, database } of COMMANDS) {
        for (const program of ['django', 'tsango'] as const) {
          const file = path.join(databases, `${program}.used`);
          for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
          if (database === 'migrated') copyDatabase(path.join(databases, `${program}.migrated`), file);
          const key = `${name}|${program}`;
          times.set(key, [...(times.get(key) ?? []), run(program, args, file)]);
        }
      }
    }
  } finally {
    rmSync(databases, { recursive: true, force: true });
  }
  const figure = (name: string, program: string): number =>
    median(times.get(`${name}|${program}`) as number[]);
  const report = COMMANDS.map(({ name }) => {
    const [django, tsango] = [figure(name, 'django'), figure(name, 'tsango')];
    return { name, django, tsango, ratio: tsango / django };
  });
  process.stdout.write(`${row('milliseconds of processor time', ['Django', 'tsango', 'ratio'], 10)}\n`);
  for (const { name, django, tsango, ratio } of report) {
    process.stdout.write(`${row(name, [django.toFixed(0), tsango.toFixed(0), ratio.toFixed(2)], 10)}\n`);
  }
  if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
}

runMain(main);
