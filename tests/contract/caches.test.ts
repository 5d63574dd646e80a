/** One suite over every cache backend and store. */

import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configure, type DatabaseSettings, overrideSettings } from 'tsango/conf';
import { type BaseCache, caches } from 'tsango/core/cache';
import { DatabaseCache } from 'tsango/core/cache/backends/db';
import { FileBasedCache } from 'tsango/core/cache/backends/filebased';
import { LocMemCache } from 'tsango/core/cache/backends/locmem';
import { PyLibMCCache, PyMemcacheCache } from 'tsango/core/cache/backends/memcached';
import { RedisCache } from 'tsango/core/cache/backends/redis';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { cacheContract } from 'tsango/test/contracts/cache';
import { getLogger } from 'tsango/utils/log';
import { type OwnServer, startMemcached, startRedis, startRedisCluster } from '../support/servers';
import { describeWith, type Need, SERVICES } from '../support/services';
import { SQLITE_ENGINES } from '../support/sqlite';

configure({ SECRET_KEY: 'not a secret', TIME_ZONE: 'UTC' });

beforeAll(() => {
  getLogger('tsango.core.cache').disabled = true;
});

/** The clock of this process stands still and is set forward; timers and I/O run on. */
function withFakeClock(): { advance: (seconds: number) => void } {
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
  return { advance: (seconds) => jest.setSystemTime(Date.now() + seconds * 1000) };
}

const wait = (seconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, seconds * 1000));

describe('locmem', () => {
  cacheContract({
    name: 'locmem',
    create: (params) => new LocMemCache('contract', params),
    ...withFakeClock(),
  });
});

describe('filebased', () => {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'cache-')), 'cache');
  afterAll(() => {
    expect(readdirSync(folder)).toEqual([]);
    rmSync(path.dirname(folder), { recursive: true, force: true });
  });
  cacheContract({
    name: 'filebased',
    create: (params) => new FileBasedCache(folder, params),
    corrupt: (key) => {
      const file = path.join(folder, `${createHash('md5').update(key).digest('hex')}.djcache`);
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.subarray(0, bytes.length - 6));
    },
    ...withFakeClock(),
  });
});

const TABLE = `cache_contract_${process.pid}`;

function databaseContract(title: string, needs: readonly Need[], database: () => DatabaseSettings): void {
  describeWith(needs, `db on ${title}`, () => {
    let restore: () => Promise<void>;
    beforeAll(async () => {
      restore = overrideSettings({ DATABASES: { default: database() } });
      await callCommand('createcachetable', TABLE, { verbosity: 0 });
    });
    afterAll(async () => {
      await connections.get().execute(`DROP TABLE ${connections.get().ops.quoteName(TABLE)}`);
      await connections.closeAll();
      await restore();
    });
    cacheContract({
      name: `db on ${title}`,
      create: (params) => new DatabaseCache(TABLE, params),
      corrupt: async (key) => {
        await connections.get().execute(`UPDATE ${TABLE} SET value = 'gASV' WHERE cache_key = ?`, [key]);
      },
      capabilities: { resolution: 1 },
      ...withFakeClock(),
    });
  });
}

for (const engine of SQLITE_ENGINES)
  databaseContract(engine, [engine], () => ({ ENGINE: engine, NAME: ':memory:' }));
databaseContract('postgresql', ['postgresql'], () => ({
  ENGINE: 'postgresql',
  NAME: SERVICES.postgresql.database,
  USER: SERVICES.postgresql.user,
  HOST: SERVICES.postgresql.host,
  PORT: SERVICES.postgresql.port,
}));
databaseContract('mysql', ['mysql'], () => ({
  ENGINE: 'mysql',
  NAME: SERVICES.mysql.database,
  USER: SERVICES.mysql.user,
  PASSWORD: SERVICES.mysql.password,
  HOST: SERVICES.mysql.host,
  PORT: SERVICES.mysql.port,
}));

/** Sends a line to a server, past every cache. */
function tell(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text, 'latin1'));
    socket.once('error', reject);
    socket.once('data', (data) => {
      socket.destroy();
      resolve(data.toString());
    });
  });
}

describeWith('redis-server', 'redis', () => {
  let server: OwnServer;
  let replica: OwnServer;
  beforeAll(async () => {
    server = await startRedis();
    replica = await startRedis('--replicaof', `127.0.0.1 ${server.port}`);
  });
  afterAll(async () => {
    await server.stop();
    await replica.stop();
  });

  cacheContract({
    name: 'redis',
    create: (params) => new RedisCache(`redis://127.0.0.1:${server.port}/1`, params),
    advance: wait,
    corrupt: async (key) => {
      await tell(
        server.port,
        `*2\r\n$6\r\nSELECT\r\n$1\r\n1\r\n*3\r\n$3\r\nSET\r\n$${key.length}\r\n${key}\r\n$3\r\n\x80\x05}\r\n`,
      );
    },
    capabilities: { resolution: 0.25, culls: false, signedCounters: true },
  });

  it('writes to the first server and reads from the others', async () => {
    const both = new RedisCache([`redis://127.0.0.1:${server.port}`, `redis://127.0.0.1:${replica.port}`]);
    const second = new RedisCache(`redis://127.0.0.1:${replica.port}`);
    await both.set('key', 'value');
    for (let tries = 0; tries < 100 && (await second.get('key')) !== 'value'; tries++) await wait(0.05);
    expect(await both.get('key')).toBe('value');
    await server.stop();
    try {
      expect(await both.get('key')).toBe('value');
      await expect(both.set('key', 'other')).rejects.toThrow(/cannot be reached/);
    } finally {
      await server.start();
      both.close();
      second.close();
    }
  });
});

describeWith('redis-server', 'redis cluster', () => {
  let cluster: Awaited<ReturnType<typeof startRedisCluster>>;
  beforeAll(async () => {
    cluster = await startRedisCluster();
    // The nodes tell each other of their slots for a moment.
    for (let tries = 0; tries < 200; tries++) {
      const state = await Promise.all(cluster.ports.map((port) => tell(port, 'CLUSTER INFO\r\n')));
      if (state.every((text) => text.includes('cluster_state:ok'))) break;
      await wait(0.05);
    }
  }, 30_000);
  afterAll(() => cluster.stop());

  cacheContract({
    name: 'redis cluster',
    create: (params = {}) =>
      new RedisCache(
        cluster.ports.map((port) => `redis://127.0.0.1:${port}`),
        { ...params, OPTIONS: { ...params.OPTIONS, cluster: true } },
      ),
    advance: wait,
    capabilities: { resolution: 0.25, culls: false },
  });
});

describeWith('memcached', 'memcached', () => {
  const servers: OwnServer[] = [];
  beforeAll(async () => {
    servers.push(await startMemcached(), await startMemcached());
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });
  const kinds: [string, typeof PyMemcacheCache | typeof PyLibMCCache][] = [
    ['PyMemcacheCache', PyMemcacheCache],
    ['PyLibMCCache', PyLibMCCache],
  ];
  for (const [name, Class] of kinds) {
    cacheContract({
      name: `memcached (${name}, two servers)`,
      create: (params): BaseCache =>
        new Class(
          servers.map(({ port }) => `127.0.0.1:${port}`),
          params,
        ),
      advance: wait,
      corrupt: async (key) => {
        for (const { port } of servers) await tell(port, `replace ${key} 1 0 3\r\n\x80\x05}\r\n`);
      },
      capabilities: {
        // memcached counts whole seconds.
        resolution: 0.5,
        anyKey: false,
        signedCounters: false,
        anyText: false,
        culls: false,
      },
    });
  }
});

afterAll(() => caches.closeAll());
