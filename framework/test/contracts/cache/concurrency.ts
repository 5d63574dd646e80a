/** Several callers at once: nothing is lost, computed twice, or brought back to life. */
import type { CacheHarness } from './harness';
import { failure } from './harness';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export function concurrencyOf({ create }: CacheHarness): void {
  it('updates: reads, changes, writes', async () => {
    const cache = await create();
    const append = (item: string) => (list: string[] | undefined) => [...(list ?? []), item];
    expect(await cache.update('list', append('a'))).toEqual(['a']);
    expect(await cache.update('list', append('b'))).toEqual(['a', 'b']);
    expect(await cache.get('list')).toEqual(['a', 'b']);
    expect(await cache.update('list', () => undefined)).toBeUndefined();
    expect(await cache.get('list')).toEqual(['a', 'b']);
    expect(await cache.update('missing', () => undefined)).toBeUndefined();
    expect(await cache.hasKey('missing')).toBe(false);
    await cache.set('null', null);
    expect(await cache.update('null', (value) => (value === null ? 'was null' : 'was missing'))).toBe(
      'was null',
    );
    const stop = (): never => {
      throw new RangeError('no');
    };
    expect(await failure(() => cache.update('list', stop))).toBe('RangeError: no');
    expect(await cache.get('list')).toEqual(['a', 'b']);
  });

  it('loses no update of two caches over one store', async () => {
    const caches = [await create(), await create()];
    const numbers = Array.from({ length: 40 }, (_, i) => i);
    await Promise.all(
      numbers.map(async (n) =>
        caches[n % 2]?.update<number[]>('numbers', (list = []) => [...list, n], { timeout: 1000 }),
      ),
    );
    const stored = await caches[0]?.get<number[]>('numbers');
    expect([...(stored ?? [])].sort((a, b) => a - b)).toEqual(numbers);
  });

  it('loses no count', async () => {
    const caches = [await create(), await create()];
    await caches[0]?.set('n', 0);
    await Promise.all(Array.from({ length: 40 }, async (_, i) => caches[i % 2]?.incr('n')));
    expect(await caches[0]?.get('n')).toBe(40);
  });

  it('adds once', async () => {
    const caches = [await create(), await create()];
    const added = await Promise.all(
      Array.from({ length: 20 }, async (_, i) => caches[i % 2]?.add('once', { i })),
    );
    expect(added.filter((yes) => yes === true)).toHaveLength(1);
  });

  it('does not bring back what is deleted while it is replaced', async () => {
    const caches = [await create(), await create()];
    for (let round = 0; round < 10; round++) {
      await caches[0]?.set('session', 'original');
      const [, deleted] = await Promise.all([
        caches[0]?.replace('session', 'replaced'),
        caches[1]?.delete('session'),
        caches[0]?.update('session', (value) => (value === undefined ? undefined : 'updated')),
      ]);
      expect(deleted).toBe(true);
      expect(await caches[0]?.get('session', 'gone')).toBe('gone');
    }
  });

  it('computes a missing value once, however many ask', async () => {
    const cache = await create();
    let computed = 0;
    const compute = async (): Promise<{ n: number }> => {
      computed++;
      await turn();
      return { n: computed };
    };
    const values = await Promise.all(
      Array.from({ length: 30 }, async () => cache.getOrSet('costly', compute)),
    );
    expect(values).toEqual(Array.from({ length: 30 }, () => ({ n: 1 })));
    expect(computed).toBe(1);
    expect(await cache.getOrSet('costly', compute)).toEqual({ n: 1 });
    expect(computed).toBe(1);
  });

  it('computes again what failed, and tells everybody who waited', async () => {
    const cache = await create();
    const fail = async (): Promise<never> => {
      await turn();
      throw new RangeError('cannot');
    };
    const failures = await Promise.all([1, 2, 3].map(() => failure(() => cache.getOrSet('costly', fail))));
    expect(failures).toEqual(Array.from({ length: 3 }, () => 'RangeError: cannot'));
    expect(await cache.getOrSet('costly', () => 'well')).toBe('well');
  });

  it('takes a falsy value for a value', async () => {
    const cache = await create();
    let computed = 0;
    const compute = (): null => {
      computed++;
      return null;
    };
    expect(await cache.getOrSet('null', compute)).toBeNull();
    expect(await cache.getOrSet('null', compute)).toBeNull();
    expect(computed).toBe(1);
  });

  it('computes a value once for two caches over one store', async () => {
    const caches = [await create(), await create()];
    let computed = 0;
    const compute = async (): Promise<string> => {
      computed++;
      await new Promise((resolve) => setTimeout(resolve, 20));
      return 'value';
    };
    const values = await Promise.all(caches.map(async (cache) => cache.getOrSet('costly', compute)));
    expect(values).toEqual(['value', 'value']);
    // Caches that no other process shares do without the lock.
    expect(computed).toBe(caches.some((cache) => !cache.shared) ? 2 : 1);
  });
}
