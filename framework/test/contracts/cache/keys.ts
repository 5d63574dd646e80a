/** Keys: prefixes, versions, functions; and keys that mean harm. */
import { type CacheHarness, failure } from './harness';

export function keysOf({ create, capabilities, given }: CacheHarness): void {
  it('keeps prefixes apart', async () => {
    const cache = await create();
    const prefixed = await create({ KEY_PREFIX: 'prefix' });
    await cache.set('key', 'plain');
    expect(await prefixed.get('key')).toBeUndefined();
    await prefixed.set('key', 'prefixed');
    expect(await cache.get('key')).toBe('plain');
  });

  it('keeps versions apart', async () => {
    const cache = await create();
    const second = await create({ VERSION: 2 });
    await cache.set('key', 1);
    expect(await second.get('key')).toBeUndefined();
    expect(await second.get('key', undefined, { version: 1 })).toBe(1);
    expect(await cache.add('key', 2, undefined, { version: 2 })).toBe(true);
    expect(await second.get('key')).toBe(2);
    expect(await second.hasKey('key', { version: 1 })).toBe(true);
    expect(await cache.incr('key', 5, { version: 2 })).toBe(7);
    expect(await cache.getMany(['key'], { version: 2 })).toEqual({ key: 7 });
    await cache.setMany({ key: 9 }, undefined, { version: 2 });
    expect(await cache.replace('key', 10, undefined, { version: 2 })).toBe(true);
    expect(await cache.update('key', () => 11, { version: 2 })).toBe(11);
    expect(await cache.touch('key', 100, { version: 3 })).toBe(false);
    expect(await cache.delete('key', { version: 2 })).toBe(true);
    expect(await cache.get('key')).toBe(1);
  });

  it('moves an entry to another version', async () => {
    const cache = await create();
    await cache.set('key', 'moved');
    expect(await cache.incrVersion('key')).toBe(2);
    expect(await cache.get('key')).toBeUndefined();
    expect(await cache.get('key', undefined, { version: 2 })).toBe('moved');
    expect(await cache.decrVersion('key', 1, { version: 2 })).toBe(1);
    expect(await cache.get('key')).toBe('moved');
    expect(await failure(() => cache.incrVersion('missing'))).toBe("ValueError: Key 'missing' not found");
    expect(await failure(() => cache.decrVersion('missing'))).toBe("ValueError: Key 'missing' not found");
  });

  it('makes keys with KEY_FUNCTION', async () => {
    const cache = await create({
      KEY_FUNCTION: (key: string, prefix: string, version: number) => `CUSTOM-${prefix}-${version}-${key}`,
    });
    const plain = await create();
    await cache.set('key', 1);
    expect(cache.makeKey('key', 3)).toBe('CUSTOM--3-key');
    expect(await cache.get('key')).toBe(1);
    expect(await plain.get('key')).toBeUndefined();
  });

  it('takes keys as they are', async () => {
    const cache = await create();
    const keys = [
      '__proto__',
      'constructor',
      '../../escape',
      '/etc/passwd',
      'a:b',
      '%00',
      '*',
      'ключ',
      "it's",
      '"',
    ];
    for (const key of keys) await cache.set(key, key);
    for (const key of keys) expect(await cache.get(key)).toBe(key);
    expect(Object.keys(await cache.getMany(keys)).sort()).toEqual([...keys].sort());
  });

  given(
    capabilities.anyKey || 'the store refuses them, see below',
    'only warns of keys that are not portable',
    async () => {
      const cache = await create();
      const warnings: string[] = [];
      const { emitWarning } = process;
      process.emitWarning = (message: string | Error, name?: unknown) => {
        warnings.push(`${String(name)}: ${String(message)}`);
      };
      try {
        const spaced = `with spaces ${Math.random()}`;
        await cache.set(spaced, 1);
        await cache.set(spaced, 1);
        expect(await cache.get(spaced)).toBe(1);
        const long = `${Math.random()}`.padEnd(246, 'x');
        await cache.set(long, 1);
        expect(await cache.get(long)).toBe(1);
        expect(warnings).toEqual([
          'CacheKeyWarning: Cache key contains characters that will cause errors if used with memcached: ' +
            `':1:${spaced}'`,
        ]);
      } finally {
        process.emitWarning = emitWarning;
      }
    },
  );

  given(
    !capabilities.anyKey || 'the store takes any key',
    'refuses keys that the store cannot have',
    async () => {
      const cache = await create();
      const message =
        "InvalidCacheKey: Cache key contains characters that will cause errors if used with memcached: ':1:key with spaces'";
      for (const call of [
        () => cache.get('key with spaces'),
        () => cache.set('key with spaces', 1),
        () => cache.add('key with spaces', 1),
        () => cache.touch('key with spaces'),
        () => cache.incr('key with spaces'),
        () => cache.delete('key with spaces'),
        () => cache.getMany(['key with spaces']),
        () => cache.deleteMany(['key with spaces']),
        () => cache.setMany({ 'key with spaces': 1 }),
        () => cache.replace('key with spaces', 1),
        () => cache.update('key with spaces', () => 1),
      ]) {
        expect(await failure(call)).toBe(message);
      }
      expect(await failure(() => cache.get('x'.repeat(251)))).toBe(
        `InvalidCacheKey: Cache key will cause errors if used with memcached: ':1:${'x'.repeat(251)}' (longer than 250)`,
      );
      expect(await failure(() => cache.get('é'.repeat(130)))).toBe(
        `InvalidCacheKey: The cache key ':1:${'é'.repeat(130)}' is longer than 250 bytes, which memcached refuses.`,
      );
      expect(await failure(() => cache.set('a\r\nset b 0 0 1\r\nx', 1))).toMatch(/^InvalidCacheKey: /);
    },
  );
}
