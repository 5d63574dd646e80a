/**
 * What models cost beside other ORMs: one schema, one process a peer, interleaved rounds, medians of processor time an
 * operation. Answers are compared before anything is timed.
 *
 * npx ts-node bench/orm/run.ts [--rounds N] [--books N] [--peers driver,tsango] [--ops get,list] [--wall]
 *   [--postgresql postgresql://postgres@127.0.0.1:5432]   on a database of its own there, what reads and what saves a row
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { median } from '../statistics';
import { makeDatabase, makePostgresDatabase } from './database';

const PEERS = [
  'driver',
  'tsango',
  'drizzle_prepared',
  'kysely',
  'drizzle',
  'typeorm',
  'objection',
  'mikroorm',
  'lucid',
  'prisma',
  'sequelize',
  'django',
];
const PYTHON = process.env['PYTHON'] ?? '/usr/bin/python3';

/** How often an operation runs in a round. */
const COUNTS: Readonly<Record<string, number>> = {
  get: 2000,
  list: 400,
  related: 60,
  prefetch: 20,
  having: 20,
  insert: 400,
  bulk: 10,
  update: 200,
  save: 400,
  sql: 400,
};
/** What can be asked of one database by all: nobody changes what another one reads. */
const ON_POSTGRESQL = ['get', 'list', 'related', 'save'];

interface Answer {
  readonly cpu: number;
  readonly wall: number;
  readonly answer?: unknown;
  /** The peer has no such operation. */
  readonly missing?: boolean;
  readonly error?: string;
}

/** A peer in its process. */
class Peer {
  private readonly child: ChildProcess;
  private readonly lines: AsyncIterableIterator<string>;
  private readonly reader: Interface;

  constructor(
    readonly name: string,
    file: string,
    books: number,
  ) {
    const [command, args] =
      name === 'django'
        ? [PYTHON, [path.join(__dirname, 'peers', 'django_peer.py'), file, String(books)]]
        : [process.execPath, [path.join(__dirname, 'worker.js'), name, file, String(books)]];
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.reader = createInterface({ input: this.child.stdout as NodeJS.ReadableStream });
    this.lines = this.reader[Symbol.asyncIterator]() as AsyncIterableIterator<string>;
  }

  /** The next line of it. @throws Error if it ended, or failed. */
  async next<T extends object>(): Promise<T> {
    const { value, done } = await this.lines.next();
    if (done) throw new Error(`${this.name} ended.`);
    const answer = JSON.parse(value) as T & { error?: string };
    if (answer.error !== undefined) throw new Error(`${this.name}: ${answer.error}`);
    return answer;
  }

  async run(op: string, count: number, from: number, answer = false): Promise<Answer> {
    this.child.stdin?.write(`${JSON.stringify({ op, count, from, answer })}\n`);
    return this.next<Answer>();
  }

  end(): void {
    this.reader.close();
    this.child.stdin?.end();
    // A pool of connections would keep it.
    this.child.kill();
  }
}

/** Builds the package, and installs the peers where they are missing. */
function prepare(): void {
  execFileSync('npm', ['run', '--silent', 'build'], {
    cwd: path.join(__dirname, '..', '..'),
    stdio: 'inherit',
  });
  if (!existsSync(path.join(__dirname, 'node_modules', '.package-lock.json'))) {
    process.stderr.write('installing the peers in bench/orm\n');
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: __dirname,
      stdio: 'inherit',
    });
  }
  generatePrisma();
}

/** Prisma's clients are code that its command writes of a schema, one for each database. */
function generatePrisma(): void {
  const target = path.join(__dirname, 'node_modules', '.prisma-bench');
  if (existsSync(target)) return;
  const schema = readFileSync(path.join(__dirname, 'peers', 'prisma', 'schema.prisma'), 'utf8');
  const ofPostgresql = schema
    .replaceAll('sqlite', 'postgresql')
    .replace('published String', 'published DateTime @db.Date');
  for (const [name, text] of Object.entries({ sqlite: schema, postgresql: ofPostgresql })) {
    const file = path.join(__dirname, 'node_modules', `prisma-${name}.prisma`);
    writeFileSync(file, text.replace('../../node_modules/', './'));
    // It would fetch a program that only its own migrations need, unless it is told that it is there.
    const env = { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' };
    execFileSync('npx', ['prisma', 'generate', '--schema', file], { cwd: __dirname, env, stdio: 'ignore' });
  }
}

/** Leaves out a peer that cannot be here, and says so. */
async function started(name: string, file: string, books: number): Promise<Peer | undefined> {
  const peer = new Peer(name, file, books);
  try {
    await peer.next();
    return peer;
  } catch (error) {
    peer.end();
    process.stderr.write(`without ${name}: ${(error as Error).message.split('\n')[0]}\n`);
    return undefined;
  }
}

/** @throws Error where a peer answers otherwise than the first. */
async function compare(peers: readonly Peer[], ops: readonly string[]): Promise<void> {
  for (const op of ops) {
    let first: readonly [name: string, answer: unknown] | undefined;
    for (const peer of peers) {
      const { answer, missing } = await peer.run(op, 1, 17, true);
      if (missing) continue;
      first ??= [peer.name, answer];
      if (!isDeepStrictEqual(answer, first[1])) {
        throw new Error(
          `${op}: ${peer.name} answers ${JSON.stringify(answer).slice(0, 300)}, ` +
            `${first[0]} ${JSON.stringify(first[1]).slice(0, 300)}`,
        );
      }
    }
  }
}

async function measure(
  peers: readonly Peer[],
  ops: readonly string[],
  rounds: number,
): Promise<Map<string, Answer[]>> {
  const all = new Map<string, Answer[]>();
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const op of ops) {
      const count = COUNTS[op] as number;
      for (let at = 0; at < peers.length; at++) {
        // Nobody is always the first.
        const peer = peers[(at + round) % peers.length] as Peer;
        const answer = await peer.run(op, count, 1000 + round * count);
        if (round === 0 || answer.missing) continue;
        all.set(`${peer.name} ${op}`, [...(all.get(`${peer.name} ${op}`) ?? []), answer]);
      }
    }
    process.stderr.write(`round ${round} of ${rounds}\n`);
  }
  return all;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '5' },
      books: { type: 'string', default: '10000' },
      peers: { type: 'string', default: PEERS.join(',') },
      ops: { type: 'string' },
      postgresql: { type: 'string' },
      wall: { type: 'boolean', default: false },
    },
  });
  const books = Number(values.books);
  const { postgresql: server } = values;
  const ops = values.ops?.split(',') ?? (server === undefined ? Object.keys(COUNTS) : ON_POSTGRESQL);
  prepare();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-bench-orm-'));
  const peers: Peer[] = [];
  let shared: Awaited<ReturnType<typeof makePostgresDatabase>> | undefined;
  try {
    const original = path.join(folder, 'original.sqlite3');
    makeDatabase(original, books);
    shared = server === undefined ? undefined : await makePostgresDatabase(server, original);
    for (const name of values.peers.split(',')) {
      let target = path.join(folder, `${name}.sqlite3`);
      if (shared === undefined) copyFileSync(original, target);
      else target = shared.target;
      const peer = await started(name, target, books);
      if (peer !== undefined) peers.push(peer);
    }
    await compare(peers, ops);
    const all = await measure(peers, ops, Number(values.rounds));
    const kind = values.wall ? 'wall' : 'cpu';
    const figure = (peer: string, op: string): string => {
      const measured = all.get(`${peer} ${op}`);
      if (measured === undefined) return '–';
      const found = median(measured.map((each) => each[kind]));
      return found < 100 ? found.toPrecision(3).replace(/\.0+$/, '') : Math.round(found).toLocaleString('en');
    };
    const rows = peers.map(({ name }) => `| ${[name, ...ops.map((op) => figure(name, op))].join(' | ')} |`);
    process.stdout.write(
      `Microseconds of ${values.wall ? 'time' : 'processor time'} an operation (bulk: a row), medians of ` +
        `${values.rounds} rounds, ${books} books\n\n| ${['', ...ops].join(' | ')} |\n` +
        `| ${['', ...ops].map(() => '---').join(' | ')} |\n${rows.join('\n')}\n`,
    );
  } finally {
    for (const peer of peers) peer.end();
    await shared?.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
