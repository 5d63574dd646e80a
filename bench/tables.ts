/** The results of `npm run bench`, and how they are shown: beside the limit, the best peer and Django. */
import type { Measurement } from './load';
import { row } from './prepare';
import { type Endpoint, type Server, takesPart } from './servers';
import { median } from './statistics';
import type { Store } from './stores';

const WIDTH = 34;

type Key = `${Store | 'any store'}/${string}/${Endpoint}`;

/** All rounds of all measurements. */
export class Results {
  private readonly all = new Map<Key, Measurement[]>();

  private key(store: Store, server: string, endpoint: Endpoint): Key {
    return `${endpoint === 'plain' ? 'any store' : store}/${server}/${endpoint}`;
  }

  add(store: Store, server: string, endpoint: Endpoint, measurement: Measurement): void {
    const key = this.key(store, server, endpoint);
    this.all.set(key, [...(this.all.get(key) ?? []), measurement]);
  }

  /** The median of the rounds; undefined where nothing was measured. */
  median(store: Store, server: string, endpoint: Endpoint): Measurement | undefined {
    const rounds = this.all.get(this.key(store, server, endpoint));
    if (!rounds) return undefined;
    const of = (name: keyof Measurement): number => median(rounds.map((round) => round[name]));
    return { rps: of('rps'), p50: of('p50'), p99: of('p99'), requests: of('requests'), cpu: of('cpu') };
  }

  toJSON(): Record<string, { median: Measurement; rounds: Measurement[] }> {
    return Object.fromEntries(
      [...this.all].map(([key, rounds]) => {
        const [store, server, endpoint] = key.split('/') as [Store, string, Endpoint];
        return [key, { median: this.median(store, server, endpoint) as Measurement, rounds }];
      }),
    );
  }
}

function cell(results: Results, store: Store, server: Server, endpoint: Endpoint): string {
  const own = results.median(store, server.name, endpoint);
  if (!own) return '–';
  const raw = results.median(store, 'raw', endpoint);
  const share = raw ? ` (${(own.rps / raw.rps).toFixed(2)})` : '';
  const cost = raw ? ` (${(own.cpu / raw.cpu).toFixed(2)})` : '';
  return `${Math.round(own.rps)}${share} ${own.p99.toFixed(1)} ms ${own.cpu.toFixed(0)} µs${cost}`;
}

function table(
  title: string,
  results: Results,
  servers: readonly Server[],
  store: Store,
  endpoints: readonly Endpoint[],
): string {
  let text = `\n${row(title, endpoints, WIDTH)}`;
  for (const server of servers) {
    const cells = endpoints.map((endpoint) => cell(results, store, server, endpoint));
    if (cells.every((value) => value === '–')) continue;
    const name =
      server.adapted?.includes(store) && !endpoints.includes('plain') ? `${server.name} *` : server.name;
    text += row(name, cells, WIDTH);
  }
  return text;
}

/** tsango as a multiple of others. */
function comparison(
  results: Results,
  servers: readonly Server[],
  store: Store,
  endpoint: Endpoint,
): string | undefined {
  const own = results.median(store, 'tsango', endpoint);
  if (!own) return undefined;
  const peers = servers.flatMap((server) => {
    const theirs = results.median(store, server.name, endpoint);
    return server.peer && theirs ? [{ name: server.name, ...theirs }] : [];
  });
  const fastest = peers.toSorted((a, b) => b.rps - a.rps)[0];
  const cheapest = peers.toSorted((a, b) => a.cpu - b.cpu)[0];
  const steadiest = peers.toSorted((a, b) => a.p99 - b.p99)[0];
  const raw = results.median(store, 'raw', endpoint);
  const django = results.median(store, 'django', endpoint);
  const parts = [
    `${own.cpu.toFixed(0)} µs`,
    raw && `${(own.cpu / raw.cpu).toFixed(2)} x raw's`,
    cheapest && `${(own.cpu / cheapest.cpu).toFixed(2)} x the cheapest peer's (${cheapest.name})`,
    django && `${(own.cpu / django.cpu).toFixed(2)} x Django's`,
  ];
  const byTheClock = [
    raw && `${(own.rps / raw.rps).toFixed(2)} of raw`,
    fastest && `${(own.rps / fastest.rps).toFixed(2)} x the best peer (${fastest.name})`,
    django && `${(own.rps / django.rps).toFixed(1)} x Django`,
    steadiest &&
      `p99 ${own.p99.toFixed(1)} ms, the best peer's ${steadiest.p99.toFixed(1)} (${steadiest.name})`,
  ];
  return `${parts.filter(Boolean).join(', ')}; by the clock ${byTheClock.filter(Boolean).join(', ')}`;
}

/** Prints a table for `plain`, one for each store, and tsango beside the limit and the peers. */
export function printTables(results: Results, servers: readonly Server[], stores: readonly Store[]): void {
  const [first] = stores;
  if (first === undefined) return;
  const write = (text: string): void => void process.stdout.write(text);
  write(
    'requests a second (share of raw), 99th percentile of the latency under full load,\n' +
      'microseconds of processor time a request (times raw)\n',
  );
  write(table('no store asked', results, servers, first, ['plain']));
  for (const store of stores) write(table(store, results, servers, store, ['get', 'page', 'set']));
  write('\n');
  for (const { name, note } of servers) if (note) write(`${name}: ${note}\n`);
  write('* the store is an adapter in bench/peers; there is no maintained package for this peer\n\n');
  write('tsango, with the default middleware: processor time a request\n');
  for (const store of stores) {
    for (const endpoint of ['plain', 'get', 'page', 'set'] as const) {
      if (endpoint === 'plain' && store !== first) continue;
      if (!servers.some((server) => takesPart(server, store, endpoint))) continue;
      const text = comparison(results, servers, store, endpoint);
      if (text !== undefined)
        write(`${(endpoint === 'plain' ? 'plain' : `${store} ${endpoint}`).padEnd(18)}${text}\n`);
    }
  }
}
