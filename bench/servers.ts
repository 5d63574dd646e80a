/** The servers that the benchmark compares: how each starts, which stores it has, and whose those are. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { launch, onPath, type Running } from './processes';
import { emptyStore, type Store, storeEnvironment } from './stores';

/** What is measured. `set` is the last, since it fills the store. */
export const ENDPOINTS = ['plain', 'get', 'page', 'set'] as const;
export type Endpoint = (typeof ENDPOINTS)[number];

/** One contestant. */
export interface Server {
  name: string;
  command: readonly string[];
  cwd: string;
  stores: readonly Store[];
  /** Stores that the peer has only through an adapter in bench/peers, and not from a package. */
  adapted?: readonly Store[];
  /** What has to be known to read its figures. */
  note?: string;
  /** All, unless named. */
  endpoints?: readonly Endpoint[];
  env?: Readonly<Record<string, string>>;
  /** Neither the limit, nor ours, nor a real Django. */
  peer?: boolean;
  /** Why it cannot run here, if it cannot. */
  missing?: () => string | undefined;
  /** Why it has not one of the stores here. */
  missingStore?: (store: Store) => string | undefined;
}

export const PEERS = path.join(__dirname, 'peers');
export const PYTHON = process.env['PYTHON'] ?? '/usr/bin/python3';
const TSANGO = path.join(__dirname, 'tsango');
const ALL: readonly Store[] = ['sqlite', 'postgresql', 'redis', 'cookie', 'memory'];

function pythonHas(module: string): boolean {
  try {
    execFileSync(PYTHON, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const node = (file: string): Pick<Server, 'command' | 'cwd'> => ({ command: ['node', file], cwd: PEERS });
const ours = { command: ['node', 'server.js'], cwd: TSANGO } as const;

export const SERVERS: readonly Server[] = [
  { name: 'raw', ...node('raw.js'), stores: ALL },
  // Sends the headers of our default middleware.
  {
    name: 'raw-headers',
    ...node('raw.js'),
    stores: ['sqlite'],
    endpoints: ['plain'],
    env: { BENCH_HEADERS: '1' },
  },
  { name: 'tsango', ...ours, stores: ALL },
  // SessionMiddleware alone, as the peers have it.
  { name: 'tsango-session', ...ours, stores: ALL, env: { BENCH_MIDDLEWARE: 'session' } },
  { name: 'fastify', ...node('fastify.js'), stores: ALL, adapted: ['sqlite'], peer: true },
  // Without any session: what its routing takes alone.
  {
    name: 'fastify-bare',
    ...node('fastify.js'),
    stores: ['sqlite'],
    endpoints: ['plain'],
    env: { BENCH_SESSION: 'off' },
    peer: true,
  },
  {
    name: 'koa',
    ...node('koa.js'),
    stores: ALL,
    adapted: ['sqlite', 'postgresql', 'redis', 'memory'],
    peer: true,
  },
  { name: 'hono', ...node('hono.js'), stores: ['cookie'], peer: true },
  {
    name: 'adonis',
    ...node('adonis/server.js'),
    stores: ALL,
    peer: true,
    note: 'renews the session and its cookie at every request, so each read is a write too; that cannot be turned off',
  },
  { name: 'express', ...node('express.js'), stores: ALL, adapted: ['sqlite'], peer: true },
  {
    name: 'django',
    // The sync worker: gthread answers fewer requests, although it keeps connections open.
    command: [
      PYTHON,
      '-m',
      'gunicorn',
      '-w',
      '1',
      '--log-level',
      'error',
      '-b',
      '127.0.0.1:{port}',
      'django_site:application',
    ],
    cwd: PEERS,
    stores: ALL,
    missing: () =>
      ['django', 'gunicorn'].every(pythonHas)
        ? undefined
        : `${PYTHON} has no django or no gunicorn: apt-get install python3-django gunicorn`,
    missingStore: (store) => {
      if (store === 'redis' && !pythonHas('django_redis'))
        return 'Django 3.2 has no Redis of its own: apt-get install python3-django-redis';
      if (store === 'postgresql' && !pythonHas('psycopg2'))
        return 'no driver: apt-get install python3-psycopg2';
      return undefined;
    },
  },
];

/** A server with that name. @throws Error that names them all. */
export function serverNamed(name: string): Server {
  const server = SERVERS.find((candidate) => candidate.name === name);
  if (!server) {
    const names = SERVERS.map((candidate) => candidate.name).join(', ');
    throw new Error(`There is no server "${name}". There are: ${names}`);
  }
  return server;
}

/** Why a contestant cannot run with a store here; undefined if it can. */
export function reasonAgainst(server: Server, store: Store): string | undefined {
  return server.missing?.() ?? server.missingStore?.(store);
}

/** Whether a contestant answers that endpoint with that store. */
export function takesPart(server: Server, store: Store, endpoint: Endpoint): boolean {
  return server.stores.includes(store) && (server.endpoints ?? ENDPOINTS).includes(endpoint);
}

/** Empties the store and starts a server with it. */
export async function start(
  server: Server,
  store: Store,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Running> {
  await emptyStore(store, folder);
  return launch({
    name: `${server.name} with ${store}`,
    command: server.command,
    cwd: server.cwd,
    env: { ...server.env, ...storeEnvironment(store, folder), ...env },
  });
}

/** Whether the load generator is there. @throws Error that says how to get it. */
export function requireWrk(): void {
  if (!onPath('wrk')) throw new Error('The load generator wrk is missing: apt-get install wrk');
}
