/**
 * Where sessions are kept, and how a store is emptied: each server finds it empty, so that none pays for the rows of
 * another. A SQLite file, a PostgreSQL database and a numbered Redis database of the benchmark's own; nothing else is
 * touched.
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { createClient } from 'redis';

/** Where sessions are kept. The last is what a large site has: Redis in front of PostgreSQL. */
export type Store = 'sqlite' | 'postgresql' | 'redis' | 'cookie' | 'memory' | 'redis+postgresql';

/** The stores that contestants are compared on. */
export const STORES: readonly Store[] = ['sqlite', 'postgresql', 'redis', 'cookie', 'memory'];

const DATABASE = 'tsango_bench';
const REDIS_URL = process.env['BENCH_REDIS'] ?? 'redis://127.0.0.1:6379/9';
const SERVER = {
  host: process.env['PGHOST'] ?? '127.0.0.1',
  port: Number(process.env['PGPORT'] ?? 5432),
  user: process.env['PGUSER'] ?? 'postgres',
};

const needs = (store: Store, service: 'redis' | 'postgresql'): boolean => store.split('+').includes(service);

/** The folder of a store's SQLite files. */
function sqliteFolder(folder: string): string {
  return path.join(folder, 'sqlite');
}

/** What tells a server which store to use, and where it is. */
export function storeEnvironment(store: Store, folder: string): Record<string, string> {
  return {
    BENCH_STORE: store,
    BENCH_SQLITE: path.join(sqliteFolder(folder), 'bench.sqlite3'),
    BENCH_REDIS: REDIS_URL,
    PGHOST: SERVER.host,
    PGPORT: String(SERVER.port),
    PGUSER: SERVER.user,
    PGDATABASE: DATABASE,
  };
}

async function withPostgres<T>(database: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ ...SERVER, database, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function withRedis<T>(work: (client: ReturnType<typeof createClient>) => Promise<T>): Promise<T> {
  const client = createClient({ url: REDIS_URL, socket: { connectTimeout: 3000, reconnectStrategy: false } });
  client.on('error', () => undefined); // connect() rejects with it
  await client.connect();
  try {
    return await work(client as ReturnType<typeof createClient>);
  } finally {
    client.destroy();
  }
}

/** Why a store cannot be used here; undefined if it can. */
export async function reasonAgainstStore(store: Store): Promise<string | undefined> {
  try {
    if (needs(store, 'postgresql')) await withPostgres('postgres', async () => undefined);
    if (needs(store, 'redis')) await withRedis(async () => undefined);
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message || error.name : String(error);
    return `${store} cannot be reached (PGHOST, PGPORT, PGUSER; BENCH_REDIS): ${message}`;
  }
}

/** Makes the store new. */
export async function emptyStore(store: Store, folder: string): Promise<void> {
  rmSync(sqliteFolder(folder), { recursive: true, force: true });
  mkdirSync(sqliteFolder(folder), { recursive: true });
  if (needs(store, 'postgresql')) {
    await withPostgres('postgres', async (client) => {
      await client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`);
      await client.query(`CREATE DATABASE ${DATABASE}`);
    });
  }
  if (needs(store, 'redis')) await withRedis((client) => client.flushDb());
}

/** Takes away what the benchmark has made. */
export async function removeStores(stores: readonly Store[]): Promise<void> {
  if (stores.some((store) => needs(store, 'postgresql'))) {
    await withPostgres('postgres', (client) =>
      client.query(`DROP DATABASE IF EXISTS ${DATABASE} WITH (FORCE)`),
    );
  }
  if (stores.some((store) => needs(store, 'redis'))) await withRedis((client) => client.flushDb());
}

/** Bytes that tsango's sessions take in a store outside of the process; 0 where there is none. */
export async function storeBytes(store: Store, folder: string): Promise<number> {
  if (store === 'sqlite') {
    const { default: Database } = await import('better-sqlite3');
    const file = path.join(sqliteFolder(folder), 'bench.sqlite3.tsango');
    const database = new Database(file);
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    return statSync(file).size;
  }
  if (store === 'postgresql') {
    return withPostgres(DATABASE, async (client) => {
      const { rows } = await client.query<{ size: string }>(
        "SELECT pg_total_relation_size('django_session') AS size",
      );
      return Number(rows[0]?.size);
    });
  }
  if (store !== 'redis') return 0;
  return withRedis(async (client) => {
    let total = 0;
    for await (const keys of client.scanIterator({ COUNT: 1000 })) {
      const sizes = await Promise.all(keys.map((key) => client.memoryUsage(key)));
      total += sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    }
    return total;
  });
}

/** The versions of the servers behind the stores. */
export async function storeVersions(stores: readonly Store[]): Promise<Record<string, string>> {
  const versions: Record<string, string> = {};
  const { default: Database } = await import('better-sqlite3');
  const memory = new Database(':memory:');
  versions['sqlite'] = (memory.prepare('SELECT sqlite_version() AS v').get() as { v: string }).v;
  memory.close();
  if (stores.some((store) => needs(store, 'postgresql'))) {
    versions['postgresql'] = await withPostgres('postgres', async (client) => {
      const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
      return rows[0]?.server_version ?? '';
    });
  }
  if (stores.some((store) => needs(store, 'redis'))) {
    const info = await withRedis((client) => client.info('server'));
    versions['redis-server'] = /redis_version:(\S+)/.exec(info)?.[1] ?? '';
  }
  return versions;
}
