/**
 * What a session costs in each cache: a session-sized value read and replaced, one after the other and 64 at once.
 *
 *   npx ts-node bench/cache/run.ts
 *
 * Redis and memcached are started on free ports if they are installed; the database is SQLite in memory.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configure } from 'tsango/conf';
import { type BaseCache, caches } from 'tsango/core/cache';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { dumps, loads } from 'tsango/python/pickle';
import { type OwnServer, startMemcached, startRedis } from '../../tests/support/servers';

const SESSION = {
  _auth_user_id: '42',
  _auth_user_backend: 'django.contrib.auth.backends.ModelBackend',
  _auth_user_hash: 'ab'.repeat(32),
  name: 'amrit panta',
  cart: { items: Array.from({ length: 8 }, (_, id) => ({ id, n: 1, title: `Article ${id}` })) },
  visits: 17,
};
const MILLISECONDS = 1500;
const CONCURRENT = 64;

/** Operations a second of `body`, after a warm-up. */
async function rate(body: (i: number) => unknown, concurrent: number): Promise<number> {
  for (let i = 0; i < 200; i++) await body(i);
  const end = performance.now() + MILLISECONDS;
  let done = 0;
  const client = async (offset: number): Promise<void> => {
    for (let i = offset; performance.now() < end; i += concurrent) {
      await body(i);
      done++;
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: concurrent }, (_, offset) => client(offset)));
  return (done / (performance.now() - start)) * 1000;
}

function line(name: string, ...rates: number[]): void {
  const columns = rates.map((r) => Math.round(r).toLocaleString('en').padStart(12));
  process.stdout.write(`${name.padEnd(16)}${columns.join('')}\n`);
}

async function measure(name: string, cache: BaseCache): Promise<void> {
  const keys = Array.from(
    { length: 100 },
    (_, i) => `django.contrib.sessions.cache${String(i).padStart(32, '0')}`,
  );
  for (const key of keys) await cache.set(key, SESSION);
  const key = (i: number): string => keys[i % keys.length] as string;
  const rates: number[] = [];
  for (const concurrent of [1, CONCURRENT]) {
    rates.push(await rate((i) => cache.get(key(i)), concurrent));
    rates.push(await rate((i) => cache.replace(key(i), SESSION, 1209600), concurrent));
  }
  line(name, ...rates);
}

async function optional(start: () => Promise<OwnServer>): Promise<OwnServer | undefined> {
  try {
    return await start();
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-cache-'));
  const redis = await optional(startRedis);
  const memcached = await optional(startMemcached);
  const backends = 'tsango.core.cache.backends';
  configure({
    SECRET_KEY: 'not a secret',
    DATABASES: { default: { ENGINE: 'better-sqlite3', NAME: ':memory:' } },
    CACHES: {
      default: { BACKEND: `${backends}.locmem.LocMemCache` },
      filebased: { BACKEND: `${backends}.filebased.FileBasedCache`, LOCATION: folder },
      db: { BACKEND: `${backends}.db.DatabaseCache`, LOCATION: 'cache' },
      ...(redis && {
        redis: { BACKEND: `${backends}.redis.RedisCache`, LOCATION: `redis://127.0.0.1:${redis.port}` },
      }),
      ...(memcached && {
        memcached: {
          BACKEND: `${backends}.memcached.PyMemcacheCache`,
          LOCATION: `127.0.0.1:${memcached.port}`,
        },
      }),
    },
  });
  await callCommand('createcachetable', { verbosity: 0 });
  const pickle = dumps(SESSION);
  process.stdout.write(`A session of ${pickle.length} bytes; operations a second, in one Node process.\n`);
  line('pickle', await rate(() => loads(pickle), 1), await rate(() => dumps(SESSION), 1));
  process.stdout.write(
    `${' '.repeat(16)}${['get', 'replace', 'get ×64', 'replace ×64'].map((t) => t.padStart(12)).join('')}\n`,
  );
  for (const alias of caches.keys()) await measure(alias === 'default' ? 'locmem' : alias, caches.get(alias));
  await caches.closeAll();
  await connections.closeAll();
  await redis?.stop();
  await memcached?.stop();
  rmSync(folder, { recursive: true, force: true });
}

void main();
