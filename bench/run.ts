/**
 * Requests a second, beside the peers and the physical limit: `npm run bench [-- --quick] [--json FILE]
 * [--store sqlite,…] [--server raw,…] [--rounds N] [--seconds N]`.
 *
 * Figures of one run compare; figures of two runs, or two machines, do not.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { checkAnswers, ENDPOINTS, type Endpoint, load, type Measurement } from './load';
import { onPath, SERVERS, type Server, type Store, start } from './servers';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    store: { type: 'string' },
    server: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
  },
});

const QUICK_SERVERS = ['raw', 'tsango', 'fastify', 'koa'];
const rounds = Number(options.rounds ?? (options.quick ? 1 : 3));
const seconds = Number(options.seconds ?? (options.quick ? 1 : 5));
const stores = (options.store?.split(',') ?? [
  'sqlite',
  'postgresql',
  'redis',
  'cookie',
  'memory',
]) as Store[];
const names =
  options.server?.split(',') ?? (options.quick ? QUICK_SERVERS : SERVERS.map((server) => server.name));
const servers = SERVERS.filter(
  (server) => names.includes(server.name) && (!server.needs || onPath(server.needs)),
);

type Key = `${Store}/${string}/${Endpoint}`;
const results = new Map<Key, Measurement[]>();

function median(numbers: number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function measure(server: Server, store: Store, folder: string): Promise<void> {
  const port = 8100 + Math.floor(Math.random() * 800);
  const running = await start(server, store, port, folder);
  try {
    const url = `http://127.0.0.1:${port}`;
    const cookie = await checkAnswers(url);
    for (const endpoint of ENDPOINTS) {
      if (!options.quick) await load(url, endpoint, cookie, 1);
      const key: Key = `${store}/${server.name}/${endpoint}`;
      const measurement = await load(url, endpoint, cookie, seconds);
      results.set(key, [...(results.get(key) ?? []), measurement]);
    }
  } finally {
    await running.stop();
  }
}

function summary(store: Store, server: string, endpoint: Endpoint): Measurement | undefined {
  const list = results.get(`${store}/${server}/${endpoint}`);
  return list && { rps: median(list.map((m) => m.rps)), p99: median(list.map((m) => m.p99)) };
}

function printStore(store: Store): void {
  process.stdout.write(`\n${store}: requests a second (share of raw), 99th percentile\n`);
  process.stdout.write(`${''.padEnd(24)}${ENDPOINTS.map((endpoint) => endpoint.padStart(26)).join('')}\n`);
  for (const server of servers.filter((candidate) => candidate.stores.includes(store))) {
    const cells = ENDPOINTS.map((endpoint) => {
      const own = summary(store, server.name, endpoint);
      const raw = summary(store, 'raw', endpoint);
      if (!own) return '–'.padStart(26);
      const share = raw ? ` (${(own.rps / raw.rps).toFixed(2)})` : '';
      return `${Math.round(own.rps)}${share} ${own.p99.toFixed(1)} ms`.padStart(26);
    });
    process.stdout.write(`${server.name.padEnd(24)}${cells.join('')}\n`);
  }
}

function versions(): Record<string, string> {
  const lock = JSON.parse(
    execFileSync('npm', ['ls', '--json', '--depth=0'], {
      cwd: path.join(__dirname, 'peers'),
      encoding: 'utf8',
    }),
  ) as { dependencies: Record<string, { version: string }> };
  return {
    node: process.version,
    ...Object.fromEntries(Object.entries(lock.dependencies).map(([name, { version }]) => [name, version])),
  };
}

async function main(): Promise<void> {
  if (!onPath('wrk')) throw new Error('The load generator wrk is missing: apt-get install wrk');
  const root = path.join(__dirname, '..');
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  if (!existsSync(path.join(__dirname, 'peers', 'node_modules'))) {
    execFileSync('npm', ['install', '--no-audit', '--no-fund'], {
      cwd: path.join(__dirname, 'peers'),
      stdio: 'inherit',
    });
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-bench-'));
  try {
    for (let round = 1; round <= rounds; round++) {
      for (const store of stores) {
        for (const server of servers.filter((candidate) => candidate.stores.includes(store))) {
          process.stderr.write(`round ${round}/${rounds}: ${store}, ${server.name}\n`);
          await measure(server, store, folder);
        }
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  for (const store of stores) printStore(store);
  if (options.json) {
    const report = {
      versions: versions(),
      rounds,
      seconds,
      cpus: os.cpus().length,
      results: Object.fromEntries(results),
    };
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
