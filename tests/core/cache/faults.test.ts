/** Servers that die, hang and come back. */
import { connect } from 'node:net';
import { configure } from 'tsango/conf';
import { CacheConnectionError } from 'tsango/core/cache';
import { type BaseMemcachedCache, PyMemcacheCache } from 'tsango/core/cache/backends/memcached';
import { RedisCache } from 'tsango/core/cache/backends/redis';
import { captureLogs } from '../../support/logs';
import { freePort, type OwnServer, startMemcached, startRedis } from '../../support/servers';
import { describeWith, type Need } from '../../support/services';

configure({ SECRET_KEY: 'not a secret' });

type NetworkCache = RedisCache | BaseMemcachedCache;

async function outcome(body: () => Promise<unknown>): Promise<string> {
  try {
    await body();
    return 'ok';
  } catch (error) {
    expect(error).toBeInstanceOf(CacheConnectionError);
    return (error as Error).message;
  }
}

async function timed(body: () => Promise<unknown>): Promise<[string, number]> {
  const start = performance.now();
  return [await outcome(body), performance.now() - start];
}

/** After a failure connecting is tried again a moment later, not at once. */
async function recovers(cache: NetworkCache): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    if ((await outcome(() => cache.set('key', 'after'))) === 'ok') return;
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
  throw new Error('The cache did not recover.');
}

function faults(
  need: Need,
  start: () => Promise<OwnServer>,
  create: (port: number, timeouts: { connect: number; command: number }) => NetworkCache,
): void {
  describeWith(need, `a ${need} that fails`, () => {
    let server: OwnServer;
    let cache: NetworkCache;
    beforeEach(async () => {
      server = await start();
      cache = create(server.port, { connect: 1, command: 0.5 });
    });
    afterEach(async () => {
      cache.close();
      await server.stop();
    });

    it('is killed in the middle, fails at once, and is found again without a restart', async () => {
      let log: string[] = [];
      log = await captureLogs('tsango.core.cache', async () => {
        await cache.set('key', 'before');
        // Commands under way when it dies, and commands while it is dead.
        const underWay = Array.from({ length: 50 }, (_, i) =>
          outcome(() => cache.set(`k${i}`, 'x'.repeat(10_000))),
        );
        await server.stop();
        for (const result of await Promise.all(underWay))
          expect(result).toMatch(/^(ok$|.*cannot be reached)/);
        for (let i = 0; i < 20; i++) {
          const [result, milliseconds] = await timed(() => cache.get('key'));
          expect(result).toMatch(/ at .*127\.0\.0\.1:\d+ cannot be reached: /);
          expect(milliseconds).toBeLessThan(900);
        }
        await server.start();
        await recovers(cache);
        expect(await cache.get('key')).toBe('after');
      });
      expect(log.filter((line) => line.startsWith('ERROR:tsango.core.cache:'))).toHaveLength(1);
      expect(log.at(-1)).toMatch(/^INFO:tsango\.core\.cache:Connected to .* again\.$/);
    });

    it('hangs, and is given up after its timeout', async () => {
      await captureLogs('tsango.core.cache', async () => {
        await cache.set('key', 'before');
        await server.pause();
        const results = await Promise.all(Array.from({ length: 10 }, () => timed(() => cache.get('key'))));
        for (const [result, milliseconds] of results) {
          expect(result).toMatch(/did not answer within 0\.5 seconds|cannot be reached/);
          expect(milliseconds).toBeLessThan(2500);
        }
        server.signal('SIGCONT');
        await recovers(cache);
        expect(await cache.get('key')).toBe('after');
      });
    });

    it('is not there from the start', async () => {
      const nowhere = create(await freePort(), { connect: 1, command: 0.5 });
      await captureLogs('tsango.core.cache', async () => {
        const [result, milliseconds] = await timed(() => nowhere.get('key'));
        expect(result).toMatch(/cannot be reached: .*ECONNREFUSED/);
        expect(milliseconds).toBeLessThan(900);
        expect(await outcome(() => nowhere.clear())).toMatch(/cannot be reached/);
      });
      nowhere.close();
    });

    it('sends what is asked in one turn together', async () => {
      const values = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`k${i}`, i]));
      await cache.setMany(values);
      const found = await Promise.all(Object.keys(values).map((key) => cache.get(key)));
      expect(found).toEqual(Object.values(values));
    });
  });
}

faults('redis-server', startRedis, (port, { connect, command }) => {
  return new RedisCache(`redis://127.0.0.1:${port}`, {
    OPTIONS: { socket_connect_timeout: connect, socket_timeout: command },
  });
});

faults('memcached', startMemcached, (port, timeouts) => {
  return new PyMemcacheCache(`127.0.0.1:${port}`, {
    OPTIONS: { connect_timeout: timeouts.connect, timeout: timeouts.command },
  });
});

describeWith('memcached', 'memcached', () => {
  let server: OwnServer;
  beforeAll(async () => {
    server = await startMemcached();
  });
  afterAll(() => server.stop());

  it('says so when a value is too large, and does not keep the old one', async () => {
    const cache = new PyMemcacheCache(`127.0.0.1:${server.port}`);
    await cache.set('key', 'small');
    const large = 'x'.repeat(2 * 1024 * 1024);
    await expect(cache.set('key', large)).rejects.toThrow(
      "memcached refused 2097152 bytes for the key ':1:key': SERVER_ERROR object too large for cache. Its option -I " +
        'sets how large an item may be.',
    );
    expect(await cache.get('key')).toBeUndefined();
    expect(await cache.setMany({ large, small: 1 })).toEqual(['large']);
    expect(await cache.get('small')).toBe(1);
    cache.close();
  });

  it('reads values that arrive in many pieces', async () => {
    const cache = new PyMemcacheCache(`127.0.0.1:${server.port}`);
    const value = Uint8Array.from({ length: 900_000 }, (_, i) => (i * 7) % 256);
    await cache.set('pieces', value);
    const [first, second] = await Promise.all([cache.get('pieces'), cache.get('pieces')]);
    for (const found of [first, second]) expect(Buffer.from(value).equals(found as Uint8Array)).toBe(true);
    cache.close();
  });
});

describeWith('redis-server', 'Redis', () => {
  it('takes a password from the URL, and never prints it', async () => {
    const server = await startRedis('--requirepass', 'geheim');
    const good = new RedisCache(`redis://:geheim@127.0.0.1:${server.port}`);
    const bad = new RedisCache(`redis://:falsch@127.0.0.1:${server.port}`);
    await good.set('key', 1);
    expect(await good.get('key')).toBe(1);
    const lines = await captureLogs('tsango.core.cache', async () => {
      const message = await outcome(() => bad.get('key'));
      expect(message).toMatch(/^Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be reached: WRONGPASS/);
      expect(message).not.toContain('falsch');
    });
    expect(lines.join()).not.toContain('falsch');
    good.close();
    bad.close();
    await server.stop();
  });

  it('uses a socket, a database, and several connections', async () => {
    const socket = `/tmp/tsango-redis-${process.pid}.sock`;
    const server = await startRedis('--unixsocket', socket);
    const cache = new RedisCache(`unix://${socket}?db=3`);
    const pooled = new RedisCache(`redis://127.0.0.1:${server.port}`, { OPTIONS: { db: 3, pool: 3 } });
    await cache.set('key', 'socket');
    expect(await Promise.all([1, 2, 3].map(() => pooled.get('key')))).toEqual(['socket', 'socket', 'socket']);
    const clients = await new Promise<string>((resolve) => {
      const probe = connect(server.port, '127.0.0.1', () => probe.write('CLIENT LIST\r\n'));
      probe.once('data', (data) => {
        probe.destroy();
        resolve(data.toString());
      });
    });
    expect(clients.match(/db=3/g)).toHaveLength(4);
    cache.close();
    pooled.close();
    await server.stop();
  });
});
