/** Every session engine over every store that this machine has, for tests that run the same on all. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type CacheSettings, overrideSettings, type Settings } from 'tsango/conf';
import { caches } from 'tsango/core/cache';
import { connections } from 'tsango/db';
import { type OwnServer, startMemcached, startRedis } from './servers';
import { describeWith, type Need } from './services';
import { createSessionTable, DATABASES, dropSessionTable } from './session_table';
import { SQLITE_ENGINE } from './sqlite';

/** The dotted name of an engine. */
export function engineName(engine: string): string {
  return `tsango.contrib.sessions.backends.${engine}`;
}

interface Started {
  settings: Partial<Settings>;
  stop?: () => unknown;
}

interface Store {
  title: string;
  engine: string;
  needs: readonly Need[];
  start: () => Promise<Started>;
}

const SQLITE = { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } };

async function cacheServer(starting: Promise<OwnServer>, scheme: string, backend: string): Promise<Started> {
  const server = await starting;
  const cache: CacheSettings = {
    BACKEND: `tsango.core.cache.backends.${backend}`,
    LOCATION: `${scheme}127.0.0.1:${server.port}`,
  };
  return { settings: { CACHES: { default: cache }, DATABASES: SQLITE }, stop: () => server.stop() };
}

const redis = (): Promise<Started> => cacheServer(startRedis(), 'redis://', 'redis.RedisCache');
const memcached = (): Promise<Started> => cacheServer(startMemcached(), '', 'memcached.PyMemcacheCache');
const locmem = async (): Promise<Started> => ({
  settings: {
    CACHES: {
      default: {
        BACKEND: 'tsango.core.cache.backends.locmem.LocMemCache',
        LOCATION: `stores-${process.pid}`,
        OPTIONS: { MAX_ENTRIES: 100_000 },
      },
    },
    DATABASES: SQLITE,
  },
});

/** Engines whose store is on the server. */
export const SERVER_STORES: readonly Store[] = [
  ...Object.entries(DATABASES).map(([title, { needs, settings }]) => ({
    title: `db on ${title}`,
    engine: 'db',
    needs,
    start: async () => ({ settings: { DATABASES: { default: settings } } }),
  })),
  {
    title: 'file',
    engine: 'file',
    needs: [],
    start: async () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'sessions-'));
      return {
        settings: { SESSION_FILE_PATH: folder },
        stop: () => rmSync(folder, { recursive: true, force: true }),
      };
    },
  },
  { title: 'cache on locmem', engine: 'cache', needs: [], start: locmem },
  { title: 'cache on redis', engine: 'cache', needs: ['redis-server'], start: redis },
  { title: 'cache on memcached', engine: 'cache', needs: ['memcached'], start: memcached },
  { title: 'cached_db on locmem', engine: 'cached_db', needs: [], start: locmem },
  { title: 'cached_db on redis', engine: 'cached_db', needs: ['redis-server'], start: redis },
];

/** Who keeps something made from a setting has heard that it changed. */
const announced = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

/** Declares `body` for one store: its server runs, its settings are in place, its table is there. */
export function describeStore(store: Store, body: () => void): void {
  describeWith(store.needs, store.title, () => {
    let restore: () => Promise<void>;
    let stop: (() => unknown) | undefined;
    const hasTable = store.engine.endsWith('db');
    beforeAll(async () => {
      const started = await store.start();
      stop = started.stop;
      restore = overrideSettings({ SESSION_ENGINE: engineName(store.engine), ...started.settings });
      await announced();
      if (hasTable) await createSessionTable();
    });
    afterAll(async () => {
      if (hasTable) await dropSessionTable();
      await connections.closeAll();
      await caches.closeAll();
      await restore();
      await stop?.();
    });
    body();
  });
}
