/**
 * What a user waits while a server is not at its limit: `npm run bench:latency [-- --quick] [--json FILE]
 * [--rate N] [--store sqlite,…] [--server raw,…] [--endpoint get,…] [--rounds N] [--seconds N]`.
 */
import { parseArgs } from 'node:util';
import { checkAnswers, makeSessions } from './checks';
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
import { processorSeconds } from './processes';
import { atRate, type RateJob, type RateResult } from './rate';
import { type Endpoint, type Server, start, takesPart } from './servers';
import { median } from './statistics';
import type { Store } from './stores';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    rate: { type: 'string' },
    store: { type: 'string' },
    server: { type: 'string' },
    endpoint: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
  },
});

const CONNECTIONS = 64;
/** Below what the slowest peer of Node answers. */
const RATE = 1000;
/** A server that answers less of the rate than this does not sustain it; its latencies are those of a queue. */
const SUSTAINED = 0.98;
const SESSIONS = 200;
const NAMES = ['raw', 'tsango', 'fastify', 'koa', 'hono', 'adonis', 'express', 'django'];

interface Measured extends RateResult {
  /** Microseconds of processor time a request that the server used, user and system, with its children. */
  cpu: number;
}

async function measured(pid: number, job: RateJob): Promise<Measured> {
  const before = processorSeconds(pid);
  const result = await atRate(job);
  return { ...result, cpu: ((processorSeconds(pid) - before) * 1e6) / (result.answered + result.failed) };
}

interface Result {
  store: Store;
  server: string;
  endpoint: Endpoint;
  sustained: boolean;
  median: Measured;
  rounds: Measured[];
}

function summary(store: Store, server: string, endpoint: Endpoint, rate: number, rounds: Measured[]): Result {
  const middle = (name: keyof Measured): number => median(rounds.map((round) => round[name]));
  const result: Measured = {
    answered: middle('answered'),
    failed: rounds.reduce((sum, round) => sum + round.failed, 0),
    rate: middle('rate'),
    p50: middle('p50'),
    p99: middle('p99'),
    p999: middle('p999'),
    max: middle('max'),
    cpu: middle('cpu'),
  };
  const sustained = result.failed === 0 && result.rate >= rate * SUSTAINED;
  return { store, server, endpoint, sustained, median: result, rounds };
}

async function main(): Promise<void> {
  const { quick } = options;
  const rate = numberOption(options.rate, RATE);
  const rounds = numberOption(options.rounds, quick ? 1 : 3);
  const seconds = numberOption(options.seconds, quick ? 1 : 10);
  const endpoints = (listed(options.endpoint) ?? ['get']) as Endpoint[];
  prepare();
  const stores = await usableStores(
    (listed(options.store) as Store[] | undefined) ?? ['sqlite', 'redis', 'cookie'],
  );
  const servers = usableServers(
    listed(options.server) ?? (quick ? ['raw', 'tsango', 'fastify', 'koa'] : NAMES),
    stores,
  );
  const found = new Map<string, Measured[]>();
  const measure = async (server: Server, store: Store, folder: string): Promise<void> => {
    const running = await start(server, store, folder);
    try {
      const cookies = await makeSessions(running.url, SESSIONS);
      await checkAnswers(running.url, endpoints, cookies);
      for (const endpoint of endpoints) {
        if (!takesPart(server, store, endpoint)) continue;
        const job = { url: running.url, path: `/${endpoint}`, rate, connections: CONNECTIONS };
        const sent = endpoint === 'get' || endpoint === 'page' ? cookies : [];
        if (!quick) await atRate({ ...job, cookies: sent, seconds: 2 });
        const key = `${store}/${server.name}/${endpoint}`;
        found.set(key, [
          ...(found.get(key) ?? []),
          await measured(running.pid, { ...job, cookies: sent, seconds }),
        ]);
      }
    } finally {
      await running.stop();
    }
  };
  await inFolder(stores, async (folder) => {
    for (let round = 1; round <= rounds; round++) {
      for (const store of stores) {
        for (const server of servers.filter((candidate) => candidate.stores.includes(store))) {
          process.stderr.write(`round ${round}/${rounds}: ${store}, ${server.name}\n`);
          await measure(server, store, folder);
        }
      }
    }
  });
  const results = [...found].map(([key, list]) => {
    const [store, server, endpoint] = key.split('/') as [Store, string, Endpoint];
    return summary(store, server, endpoint, rate, list);
  });
  process.stdout.write(
    `milliseconds from when a request was due, and the server's processor time a request, ` +
      `at ${rate} requests a second\n`,
  );
  for (const store of stores) {
    for (const endpoint of endpoints) {
      const own = results.filter((result) => result.store === store && result.endpoint === endpoint);
      process.stdout.write(
        `\n${row(`${store}, ${endpoint}`, ['p50', 'p99', 'p99.9', 'longest', 'CPU µs'], 10)}`,
      );
      for (const { server, sustained, median: middle } of own) {
        const times = [middle.p50, middle.p99, middle.p999, middle.max].map((value) => value.toFixed(2));
        const cells = [...times, middle.cpu.toFixed(0)];
        const note = sustained
          ? ''
          : `  not sustained: ${Math.round(middle.rate)} a second, ${middle.failed} failed`;
        process.stdout.write(row(server, cells, 10).replace('\n', `${note}\n`));
      }
    }
  }
  await writeReport(options.json, stores, { rate, rounds, seconds, connections: CONNECTIONS, results });
}

runMain(main);
