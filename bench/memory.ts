/**
 * What sessions take: `npm run bench:memory [-- --quick] [--json FILE] [--sessions N] [--store sqlite,…]`. Memory of
 * each contestant after its start; for tsango, what more live sessions add to the process and to the store.
 */
import http from 'node:http';
import { parseArgs } from 'node:util';
import { ask, makeSessions } from './checks';
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
import { residentBytes } from './processes';
import { type Server, serverNamed, start } from './servers';
import { STORES, type Store, storeBytes } from './stores';

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    sessions: { type: 'string' },
    store: { type: 'string' },
  },
});

const NAMES = ['raw', 'tsango', 'fastify', 'koa', 'hono', 'adonis', 'express', 'django'];
const MEGABYTE = 1_048_576;
const megabytes = (bytes: number): string => (bytes / MEGABYTE).toFixed(2);

interface Growth {
  store: Store;
  sessions: number;
  /** Bytes that were added. */
  resident: number;
  heap: number;
  inStore: number;
}

/** Bytes in use after a garbage collection. */
async function used(url: string, pid: number): Promise<{ heap: number; resident: number }> {
  const agent = new http.Agent();
  const { body } = await ask(agent, `${url}/-/stats?gc`);
  agent.destroy();
  const { heapUsed, external } = JSON.parse(body) as { heapUsed: number; external: number };
  return { heap: heapUsed + external, resident: residentBytes(pid) };
}

async function growth(store: Store, sessions: number, folder: string): Promise<Growth> {
  const running = await start(serverNamed('tsango'), store, folder, { BENCH_STATS: '1' });
  try {
    const { url, pid } = running;
    // As many before: compiled code, pools and bounded caches have their size by then.
    await makeSessions(url, sessions);
    const before = { ...(await used(url, pid)), inStore: await storeBytes(store, folder) };
    const cookies = await makeSessions(url, sessions);
    const after = { ...(await used(url, pid)), inStore: await storeBytes(store, folder) };
    const sent = cookies.reduce((sum, cookie) => sum + cookie.length, 0);
    return {
      store,
      sessions,
      resident: after.resident - before.resident,
      heap: after.heap - before.heap,
      inStore: store === 'cookie' ? sent : after.inStore - before.inStore,
    };
  } finally {
    await running.stop();
  }
}

async function afterStart(server: Server, store: Store, folder: string): Promise<number> {
  const running = await start(server, store, folder);
  try {
    return residentBytes(running.pid);
  } finally {
    await running.stop();
  }
}

async function main(): Promise<void> {
  const sessions = numberOption(options.sessions, options.quick ? 1000 : 10_000);
  prepare();
  const stores = await usableStores((listed(options.store) as Store[] | undefined) ?? STORES);
  const started: { server: string; store: Store; resident: number }[] = [];
  const growths: Growth[] = [];
  await inFolder(stores, async (folder) => {
    for (const server of usableServers(options.quick ? ['raw', 'tsango'] : NAMES, stores)) {
      for (const store of server.stores) {
        const resident = await afterStart(server, store, folder);
        started.push({ server: server.name, store, resident });
      }
    }
    for (const store of stores) growths.push(await growth(store, sessions, folder));
  });
  process.stdout.write(`MB of memory (RSS) after the first answer\n${row('', stores, 12)}`);
  for (const name of new Set(started.map(({ server }) => server))) {
    const cells = stores.map((store) => {
      const one = started.find((candidate) => candidate.server === name && candidate.store === store);
      return one ? (one.resident / MEGABYTE).toFixed(0) : '–';
    });
    process.stdout.write(row(name, cells, 12));
  }
  process.stdout.write(`\ntsango: MB that ${sessions} more live sessions add\n`);
  process.stdout.write(row('', ['RSS', 'heap', 'in the store'], 14));
  for (const { store, resident, heap, inStore } of growths) {
    const outside = store === 'memory' ? '–' : megabytes(inStore);
    const note = store === 'cookie' ? '  (with the clients)\n' : '\n';
    const cells = [megabytes(resident), megabytes(heap), outside];
    process.stdout.write(row(store, cells, 14).replace('\n', note));
  }
  await writeReport(options.json, stores, { sessions, started, growths });
}

runMain(main);
