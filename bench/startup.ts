/**
 * How long a start takes: `npm run bench:start [-- --quick] [--json FILE] [--rounds N] [--server raw,…]`. Servers from
 * the start of the process to the first answer, with signed cookies and with a new SQLite database; commands from start to end, beside
 * Django's manage.py. Medians of rounds that take turns.
 */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import {
  inFolder,
  listed,
  numberOption,
  prepare,
  row,
  runMain,
  usableServers,
  usableStores,
  writeReport,
} from './prepare';
import { pinned, processorSeconds, SERVER_CPU } from './processes';
import { PEERS, PYTHON, reasonAgainst, serverNamed, start } from './servers';
import { median } from './statistics';
import { storeEnvironment } from './stores';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    rounds: { type: 'string' },
    server: { type: 'string' },
  },
});

const ROOT = path.join(__dirname, '..');
const NAMES = ['raw', 'tsango', 'fastify', 'koa', 'hono', 'adonis', 'express', 'django'];

interface Command {
  name: string;
  command: readonly string[];
  cwd: string;
}

const COMMANDS: readonly Command[] = [
  { name: 'node manage.js', command: [process.execPath, 'manage.js'], cwd: path.join(__dirname, 'tsango') },
  {
    name: 'ts-node manage.ts',
    command: [process.execPath, require.resolve('ts-node/dist/bin.js'), 'manage.ts'],
    cwd: ROOT,
  },
  { name: 'django manage.py', command: [PYTHON, 'django_manage.py'], cwd: PEERS },
];

/** Milliseconds: by the clock, and of processor time. */
interface Taken {
  wall: number;
  cpu: number;
}

/** How long a command takes. @throws Error with what it printed, if it fails. */
function run({ name, command, cwd }: Command, args: readonly string[], env: Record<string, string>): Taken {
  const [file, all] = pinned(SERVER_CPU, [...command, ...args]);
  // A child that has ended counts for the process that started it.
  const before = processorSeconds(process.pid);
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(file, all, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  const wall = performance.now() - begin;
  const cpu = (processorSeconds(process.pid) - before) * 1000;
  if (status !== 0) throw new Error(`${name} ${args.join(' ')} ended with ${status}:\n${stdout}${stderr}`);
  return { wall, cpu };
}

/** Times by what was measured; rounds take turns. */
class Times extends Map<string, Taken[]> {
  note(what: string, taken: Taken): void {
    this.set(what, [...(this.get(what) ?? []), taken]);
  }
}

async function main(): Promise<void> {
  const rounds = numberOption(options.rounds, options.quick ? 1 : 7);
  prepare();
  const stores = await usableStores(['sqlite', 'cookie']);
  const servers = usableServers(listed(options.server) ?? NAMES, stores);
  const djangoMissing = reasonAgainst(serverNamed('django'), 'sqlite');
  const commands = djangoMissing === undefined ? COMMANDS : COMMANDS.slice(0, 2);
  const served = new Times();
  const commanded = new Times();
  await inFolder(stores, async (folder) => {
    const env = {
      ...storeEnvironment('sqlite', folder),
      BENCH_SQLITE: path.join(folder, 'commands'),
      DATABASE: path.join(folder, 'sampleapp.sqlite3'),
    };
    const fresh = (): void => {
      for (const file of ['commands.tsango', 'commands.django', 'sampleapp.sqlite3']) {
        for (const suffix of ['', '-wal', '-shm']) {
          rmSync(path.join(folder, file + suffix), { force: true });
        }
      }
    };
    // Once unmeasured: ts-node's cache, Python's, and the system's of files.
    for (const command of commands) run(command, ['check'], env);
    for (let round = 0; round < rounds; round++) {
      for (const server of servers) {
        for (const store of server.stores) {
          const running = await start(server, store, folder);
          served.note(`${server.name} (${store})`, {
            wall: running.startMilliseconds,
            cpu: running.startProcessorMilliseconds,
          });
          await running.stop();
        }
      }
      fresh();
      for (const command of commands) {
        commanded.note(`${command.name} migrate, the first`, run(command, ['migrate'], env));
        commanded.note(`${command.name} migrate, nothing to do`, run(command, ['migrate'], env));
        commanded.note(`${command.name} check`, run(command, ['check'], env));
      }
    }
  });
  for (const [title, times] of [
    ['server, to the first answer', served],
    ['command', commanded],
  ] as const) {
    process.stdout.write(`\n${row(title.padEnd(44), ['milliseconds', 'of processor'], 14)}`);
    for (const [what, list] of [...times].toSorted(([a], [b]) => (title === 'command' ? order(a, b) : 0))) {
      process.stdout.write(
        row(
          what.padEnd(44),
          [median(list.map(({ wall }) => wall)), median(list.map(({ cpu }) => cpu))].map((n) => n.toFixed(0)),
          14,
        ),
      );
    }
  }
  await writeReport(options.json, stores, {
    rounds,
    servers: Object.fromEntries(served),
    commands: Object.fromEntries(commanded),
  });
}

/** The same command of all the sites side by side. */
function order(a: string, b: string): number {
  const command = (text: string): string => text.replace(/^\S+ manage\.\S+ /, '');
  return command(a).localeCompare(command(b));
}

runMain(main);
