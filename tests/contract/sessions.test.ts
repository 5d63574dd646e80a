/** One suite over every session engine and every store it can have. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type CacheSettings,
  configure,
  type DatabaseSettings,
  overrideSettings,
  type Settings,
} from 'tsango/conf';
import { type SessionStoreClass, sessionStore } from 'tsango/contrib/sessions';
import { caches } from 'tsango/core/cache';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { type SessionEngineCapabilities, sessionEngineContract } from 'tsango/test/contracts/session_engine';
import { getLogger } from 'tsango/utils/log';
import { type OwnServer, startMemcached, startRedis } from '../support/servers';
import { describeWith, type Need } from '../support/services';
import { createSessionTable, DATABASES, dropSessionTable } from '../support/session_table';
import { SQLITE_ENGINE } from '../support/sqlite';

configure({ SECRET_KEY: 'not a secret', TIME_ZONE: 'UTC' });

const PREFIX = 'tsango.contrib.sessions.backends.';

beforeAll(() => {
  for (const name of ['tsango.security.SuspiciousSession', 'tsango.contrib.sessions', 'tsango.core.cache']) {
    getLogger(name).disabled = true;
  }
});

/** The clock of this process stands still and is set forward; timers and I/O run on. */
function withFakeClock(): (seconds: number) => void {
  beforeEach(() => {
    jest.useFakeTimers({
      now: new Date('2026-03-04T05:06:07.890Z'),
      doNotFake: [
        'hrtime',
        'nextTick',
        'performance',
        'queueMicrotask',
        'setImmediate',
        'clearImmediate',
        'setInterval',
        'clearInterval',
        'setTimeout',
        'clearTimeout',
      ],
    });
  });
  afterEach(() => {
    jest.useRealTimers();
  });
  return (seconds) => jest.setSystemTime(Date.now() + seconds * 1000);
}

const wait = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** Who keeps something made from a setting has heard that it changed. */
const announced = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The settings of one combination, in place while its tests run. */
function withSettings(
  values: () => Partial<Settings>,
  prepare?: () => Promise<void>,
  tidy?: () => Promise<void>,
): void {
  let restore: () => Promise<void>;
  beforeAll(async () => {
    restore = overrideSettings(values());
    await announced();
    await prepare?.();
  });
  afterAll(async () => {
    await tidy?.();
    await caches.closeAll();
    await restore();
  });
}

const cacheCapabilities: Partial<SessionEngineCapabilities> = {
  lists: 'a cache cannot list its entries, and removes the expired ones itself',
};

function engine(name: string): { name: string; SessionStore: () => SessionStoreClass } {
  return { name, SessionStore: () => sessionStore() };
}

describe('signed_cookies', () => {
  withSettings(() => ({ SESSION_ENGINE: `${PREFIX}signed_cookies` }));
  sessionEngineContract({
    ...engine('signed_cookies'),
    advance: withFakeClock(),
    capabilities: {
      server: 'the cookie is the session: the server keeps nothing',
      merges: 'each response brings a cookie of its own, and the last one stays',
      lists: 'the server does not know which cookies are out there',
    },
  });
});

describe('file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'sessions-'));
  withSettings(() => ({ SESSION_ENGINE: `${PREFIX}file`, SESSION_FILE_PATH: folder }));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  sessionEngineContract({
    ...engine('file'),
    // The files' own times count here.
    advance: wait,
    corrupt: (key) => writeFileSync(path.join(folder, `sessionid${key}`), 'rubbish:rubbish:rubbish'),
  });
});

function databaseContracts(title: string, needs: readonly Need[], database: DatabaseSettings): void {
  describeWith(needs, `db on ${title}`, () => {
    withSettings(
      () => ({ SESSION_ENGINE: `${PREFIX}db`, DATABASES: { default: database } }),
      createSessionTable,
      dropSessionTable,
    );
    sessionEngineContract({
      ...engine(`db on ${title}`),
      advance: withFakeClock(),
      corrupt: async (key) => {
        await connections
          .get()
          .execute("UPDATE django_session SET session_data = 'x:y:z' WHERE session_key = ?", [key]);
      },
    });
  });
}

for (const [title, { needs, settings }] of Object.entries(DATABASES))
  databaseContracts(title, needs, settings);

/** The stores that the engines `cache` and `cached_db` are run over. */
function cacheContracts(
  title: string,
  needs: readonly Need[],
  start: () => Promise<{ cache: CacheSettings; stop: () => unknown }>,
  options: { advance: () => (seconds: number) => void | Promise<void>; prepare?: () => Promise<void> },
): void {
  for (const name of ['cache', 'cached_db']) {
    describeWith(needs, `${name} on ${title}`, () => {
      let stop: () => unknown;
      let restore: () => Promise<void>;
      beforeAll(async () => {
        const started = await start();
        stop = started.stop;
        restore = overrideSettings({
          SESSION_ENGINE: PREFIX + name,
          CACHES: { default: started.cache },
          DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
        });
        await announced();
        await createSessionTable();
        await options.prepare?.();
      });
      afterAll(async () => {
        await caches.closeAll();
        await connections.closeAll();
        await restore();
        await stop();
      });
      const prefix = `django.contrib.sessions.${name}`;
      sessionEngineContract({
        ...engine(`${name} on ${title}`),
        advance: options.advance(),
        capabilities: name === 'cache' ? cacheCapabilities : {},
        corrupt: async (key) => {
          await caches.get('default').set(prefix + key, 'rubbish');
          if (name === 'cached_db') {
            await connections
              .get()
              .execute('UPDATE django_session SET session_data = ? WHERE session_key = ?', ['x', key]);
          }
        },
      });
    });
  }
}

const nothing = (): void => undefined;
const LOCATION = `contract-${process.pid}`;

cacheContracts(
  'locmem',
  [],
  async () => ({
    cache: {
      BACKEND: 'tsango.core.cache.backends.locmem.LocMemCache',
      LOCATION,
      OPTIONS: { MAX_ENTRIES: 10_000 },
    },
    stop: nothing,
  }),
  { advance: withFakeClock },
);
cacheContracts(
  'filebased',
  [],
  async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'session-cache-'));
    return {
      cache: {
        BACKEND: 'tsango.core.cache.backends.filebased.FileBasedCache',
        LOCATION: folder,
        OPTIONS: { MAX_ENTRIES: 10_000 },
      },
      stop: () => rmSync(folder, { recursive: true, force: true }),
    };
  },
  { advance: withFakeClock },
);
cacheContracts(
  'a database cache',
  [],
  async () => ({
    cache: {
      BACKEND: 'tsango.core.cache.backends.db.DatabaseCache',
      LOCATION: 'session_cache',
      OPTIONS: { MAX_ENTRIES: 10_000 },
    },
    stop: nothing,
  }),
  {
    advance: withFakeClock,
    prepare: async () => {
      await callCommand('createcachetable', { verbosity: 0 });
    },
  },
);

async function serverCache(start: Promise<OwnServer>, backend: string, scheme: string) {
  const server = await start;
  return {
    cache: {
      BACKEND: `tsango.core.cache.backends.${backend}`,
      LOCATION: `${scheme}127.0.0.1:${server.port}`,
    },
    stop: () => server.stop(),
  };
}
cacheContracts('redis', ['redis-server'], () => serverCache(startRedis(), 'redis.RedisCache', 'redis://'), {
  advance: () => wait,
});
cacheContracts(
  'memcached',
  ['memcached'],
  () => serverCache(startMemcached(), 'memcached.PyMemcacheCache', ''),
  {
    advance: () => wait,
  },
);
