import type { CacheSettings } from 'tsango/conf';
import { configure, overrideSettings } from 'tsango/conf';
import { type BaseCache, cache, caches, InvalidCacheBackendError } from 'tsango/core/cache';
import { DatabaseCache } from 'tsango/core/cache/backends/db';
import { FileBasedCache } from 'tsango/core/cache/backends/filebased';
import { LocMemCache } from 'tsango/core/cache/backends/locmem';
import { PyMemcacheCache } from 'tsango/core/cache/backends/memcached';
import { RedisCache } from 'tsango/core/cache/backends/redis';
import { ImproperlyConfigured } from 'tsango/core/exceptions';

configure({ SECRET_KEY: 'not a secret' });

class Closable extends LocMemCache {
  closed = 0;
  override close(): void {
    this.closed++;
  }
}

function problem(body: () => unknown): unknown {
  try {
    return body();
  } catch (error) {
    return error;
  }
}

const LOCMEM: CacheSettings = {
  BACKEND: 'django.core.cache.backends.locmem.LocMemCache',
  LOCATION: 'handler',
};

describe('caches', () => {
  it('are made when first asked for, once, by get() or brackets', async () => {
    await overrideSettings({ CACHES: { default: LOCMEM, other: { ...LOCMEM, KEY_PREFIX: 'o' } } }, () => {
      expect(caches.all(true)).toEqual([]);
      const made = caches.get('default');
      expect(made).toBeInstanceOf(LocMemCache);
      expect(caches['default']).toBe(made);
      expect(caches['other']?.keyPrefix).toBe('o');
      expect(caches.all(true)).toHaveLength(2);
      expect(caches.keys()).toEqual(['default', 'other']);
      expect('other' in caches).toBe(true);
      expect('missing' in caches).toBe(false);
    });
  });

  it('say what is wrong with CACHES', async () => {
    await overrideSettings(
      { CACHES: { default: { BACKEND: 'tsango.core.cache.backends.locmem.NoCache' } } },
      () => {
        const wrong = problem(() => caches.get('default'));
        expect(wrong).toBeInstanceOf(InvalidCacheBackendError);
        expect(String(wrong)).toBe(
          "InvalidCacheBackendError: Could not find backend 'tsango.core.cache.backends.locmem.NoCache': " +
            "Module 'tsango.core.cache.backends.locmem' does not export 'NoCache'",
        );
        expect(String(problem(() => caches.get('missing')))).toBe(
          "InvalidCacheBackendError: The connection 'missing' doesn't exist.",
        );
        expect(String(problem(() => caches.get('__proto__')))).toBe(
          "InvalidCacheBackendError: The connection '__proto__' doesn't exist.",
        );
      },
    );
  });

  it('are closed and made anew when CACHES changes, and by closeAll()', async () => {
    let first: Closable | undefined;
    await overrideSettings({ CACHES: { default: { BACKEND: Closable } } }, async () => {
      first = caches.get('default') as Closable;
      await caches.closeAll();
      expect(first.closed).toBe(1);
      const second = caches.get('default') as Closable;
      expect(second).not.toBe(first);
      first = second;
    });
    expect(first?.closed).toBe(1);
  });

  it('has the default as `cache`, whatever CACHES says at the moment', async () => {
    for (const prefix of ['one', 'two']) {
      await overrideSettings({ CACHES: { default: { ...LOCMEM, KEY_PREFIX: prefix } } }, async () => {
        expect(cache.keyPrefix).toBe(prefix);
        expect(cache.makeKey('k')).toBe(`${prefix}:1:k`);
        await cache.set('key', prefix);
        expect(await cache.get('key')).toBe(prefix);
        expect(cache instanceof LocMemCache).toBe(true);
        expect(await (async () => cache)()).toBe(cache);
      });
    }
  });

  it.each<[string, () => BaseCache, string]>([
    [
      'filebased',
      () => new FileBasedCache(''),
      'A filebased cache needs a folder: set LOCATION in its entry of CACHES.',
    ],
    [
      'db',
      () => new DatabaseCache(''),
      'A database cache needs a table: set LOCATION in its entry of CACHES.',
    ],
    [
      'redis',
      () => new RedisCache(''),
      'A Redis cache needs a server: set LOCATION in its entry of CACHES, like redis://127.0.0.1:6379.',
    ],
    [
      'memcached',
      () => new PyMemcacheCache(''),
      'A memcached cache needs a server: set LOCATION in its entry of CACHES, like 127.0.0.1:11211.',
    ],
    [
      'redis option',
      () => new RedisCache('redis://h', { OPTIONS: { sockettimeout: 1 } }),
      "A Redis cache in CACHES has the unknown option 'sockettimeout'. OPTIONS takes db, username, password, client_name, socket_timeout, socket_connect_timeout, pool, cluster, clear_prefix_only, client; what is the npm package's goes into 'client'.",
    ],
    [
      'redis option type',
      () => new RedisCache('redis://h', { OPTIONS: { db: '1' } }),
      "The option 'db' of a Redis cache in CACHES must be a number.",
    ],
    [
      'memcached option',
      () => new PyMemcacheCache('h', { OPTIONS: { username: 'u' } }),
      "A memcached cache in CACHES has the option 'username', which is not supported. OPTIONS takes connect_timeout and timeout, in seconds.",
    ],
    [
      'memcached timeout',
      () => new PyMemcacheCache('h', { OPTIONS: { timeout: 0 } }),
      "The option 'timeout' of a memcached cache in CACHES must be a number of seconds.",
    ],
    [
      'memcached behavior',
      () => new PyMemcacheCache('h', { OPTIONS: { behaviors: { ketama: true } } }),
      "The behavior 'ketama' of a memcached cache in CACHES is not supported: keys would be looked for on other servers than Django puts them on. Leave it out on both sides.",
    ],
    [
      'memcached port',
      () => new PyMemcacheCache('h:http'),
      "A memcached cache in CACHES has the server 'h:http', whose port is no port.",
    ],
  ])('refuse a wrong configuration: %s', (_, make, message) => {
    const wrong = problem(make);
    expect(wrong).toBeInstanceOf(ImproperlyConfigured);
    expect((wrong as Error).message).toBe(message);
  });
});

describe('TIMEOUT, MAX_ENTRIES and their like', () => {
  it('have defaults, and take what Django takes', () => {
    expect(new LocMemCache('x').defaultTimeout).toBe(300);
    expect(new LocMemCache('x', { TIMEOUT: null }).defaultTimeout).toBeNull();
    expect(new LocMemCache('x', { TIMEOUT: 12.7 }).defaultTimeout).toBe(12);
    expect(new LocMemCache('x', { TIMEOUT: '60' as unknown as number }).defaultTimeout).toBe(60);
    expect(new LocMemCache('x', { TIMEOUT: 'soon' as unknown as number }).defaultTimeout).toBe(300);
  });
});
