import { LocMemCache, resetLocMem } from 'tsango/core/cache/backends/locmem';
import { isPromise } from 'tsango/utils/maybe_promise';

afterEach(() => resetLocMem());

describe('LocMemCache', () => {
  it('is synchronous in everything that it does', () => {
    const cache = new LocMemCache('sync');
    const results = [
      cache.set('a', { n: 1 }),
      cache.get('a'),
      cache.add('b', 1),
      cache.replace('b', 2),
      cache.update<number>('b', (n = 0) => n + 1),
      cache.incr('b'),
      cache.decr('b'),
      cache.touch('b'),
      cache.has('b'),
      cache.getMany(['a', 'b']),
      cache.setMany({ c: 1 }),
      cache.deleteMany(['c']),
      cache.getOrSet('d', () => 1),
      cache.incrVersion('d'),
      cache.delete('a'),
      cache.clear(),
    ];
    expect(results.filter((result) => isPromise(result))).toEqual([]);
    expect(results[1]).toEqual({ n: 1 });
    expect(results[9]).toEqual({ a: { n: 1 }, b: 3 });
  });

  it('shares entries by LOCATION, and keeps others apart', () => {
    new LocMemCache('one').set('key', 1);
    expect(new LocMemCache('one').get('key')).toBe(1);
    expect(new LocMemCache('two').get('key')).toBeUndefined();
  });

  it('drops the least recently used first', () => {
    const cache = new LocMemCache('lru', { OPTIONS: { MAX_ENTRIES: 9, CULL_FREQUENCY: 3 } });
    for (let key = 0; key < 9; key++) cache.set(String(key), key);
    cache.get('0');
    cache.incr('1');
    cache.set('2', 'set');
    cache.hasKey('3');
    cache.touch('4');
    cache.set('9', 9);
    // Room is made before a write, also of a key that is there; neither hasKey() nor touch() is a use. As in Django.
    const all = Array.from({ length: 10 }, (_, key) => String(key));
    expect(Object.keys(cache.getMany(all))).toEqual(['0', '1', '2', '5', '6', '7', '8', '9']);
  });

  it('empties itself with CULL_FREQUENCY 0', async () => {
    const cache = new LocMemCache('zero', { OPTIONS: { MAX_ENTRIES: 2, CULL_FREQUENCY: 0 } });
    await cache.setMany({ a: 1, b: 2, c: 3 });
    expect(cache.getMany(['a', 'b', 'c'])).toEqual({ c: 3 });
  });
});
