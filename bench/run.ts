/**
 * Requests a second, and what each costs of processor time, beside the peers and the physical limit: `npm run bench [-- --quick] [--json FILE]
 * [--store sqlite,…] [--server raw,…] [--rounds N] [--seconds N] [--sessions N]`.
 *
 * Figures of one run compare; figures of two runs, or two machines, do not.
 */
import { parseArgs } from 'node:util';
import { checkAnswers, makeSessions } from './checks';
import { load, type Measurement } from './load';
import {
  inFolder,
  listed,
  numberOption,
  prepare,
  runMain,
  usableServers,
  usableStores,
  writeReport,
} from './prepare';
import { ENDPOINTS, type Endpoint, requireWrk, type Server, start, takesPart } from './servers';
import { STORES, type Store } from './stores';
import { printTables, Results } from './tables';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    store: { type: 'string' },
    server: { type: 'string' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    sessions: { type: 'string' },
  },
});

const QUICK_SERVERS = ['raw', 'tsango', 'fastify', 'koa'];

async function measure(
  server: Server,
  store: Store,
  endpoints: readonly Endpoint[],
  how: { sessions: number; warmUp: number; seconds: number },
  folder: string,
): Promise<[Endpoint, Measurement][]> {
  const running = await start(server, store, folder);
  try {
    const { url } = running;
    const reads = endpoints.some((endpoint) => endpoint === 'get' || endpoint === 'page');
    const cookies = reads ? await makeSessions(url, how.sessions) : [];
    await checkAnswers(url, endpoints, cookies);
    const measured: [Endpoint, Measurement][] = [];
    for (const endpoint of endpoints) {
      if (how.warmUp > 0) await load(running, endpoint, cookies, how.warmUp, folder);
      measured.push([endpoint, await load(running, endpoint, cookies, how.seconds, folder)]);
    }
    await checkAnswers(url, endpoints, cookies);
    return measured;
  } finally {
    await running.stop();
  }
}

async function main(): Promise<void> {
  const quick = options.quick;
  const rounds = numberOption(options.rounds, quick ? 1 : 3);
  const how = {
    sessions: numberOption(options.sessions, quick ? 100 : 1000),
    warmUp: 1,
    seconds: numberOption(options.seconds, quick ? 1 : 4),
  };
  requireWrk();
  prepare();
  const stores = await usableStores((listed(options.store) as Store[] | undefined) ?? STORES);
  const servers = usableServers(listed(options.server) ?? (quick ? QUICK_SERVERS : undefined), stores);
  const results = new Results();
  const failures: string[] = [];
  await inFolder(stores, async (folder) => {
    for (let round = 1; round <= rounds; round++) {
      const plainDone = new Set<string>();
      for (const store of stores) {
        for (const server of servers) {
          // `plain` asks no store, so once a round is enough for each server.
          const endpoints = ENDPOINTS.filter(
            (endpoint) =>
              takesPart(server, store, endpoint) && !(endpoint === 'plain' && plainDone.has(server.name)),
          );
          if (endpoints.length === 0) continue;
          plainDone.add(server.name);
          process.stderr.write(`round ${round}/${rounds}: ${store}, ${server.name}\n`);
          try {
            for (const [endpoint, measurement] of await measure(server, store, endpoints, how, folder)) {
              results.add(store, server.name, endpoint, measurement);
            }
          } catch (error) {
            // The others' figures of a long run are still good; the exit status tells.
            failures.push(
              `${server.name} with ${store}: ${error instanceof Error ? error.message : String(error)}`,
            );
          }
        }
      }
    }
  });
  printTables(results, servers, stores);
  await writeReport(options.json, stores, { rounds, ...how, failures, results: results.toJSON() });
  for (const failure of failures) process.stderr.write(`FAILED: ${failure}\n`);
  if (failures.length > 0) process.exitCode = 1;
}

runMain(main);
