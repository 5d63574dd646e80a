/** When entries expire. Those that have to wait share one wait. */
import { inTime } from '../in_time';
import { type CacheHarness, failure } from './harness';

export function timeoutsOf({ create, advance, capabilities }: CacheHarness): void {
  const unit = capabilities.resolution;

  it('takes 0 and less for "at once"', async () => {
    const cache = await create();
    await cache.set('zero', 1);
    await cache.set('zero', 2, 0);
    expect(await cache.get('zero')).toBeUndefined();
    await cache.set('negative', 1, -100);
    expect(await cache.get('negative')).toBeUndefined();
    expect(await cache.hasKey('negative')).toBe(false);
    await cache.setMany({ many: 1 }, 0);
    expect(await cache.getMany(['many'])).toEqual({});
    await cache.set('touched', 1);
    await cache.touch('touched', 0);
    expect(await cache.get('touched')).toBeUndefined();
    const never = await create({ TIMEOUT: 0 });
    await never.set('default', 1);
    expect(await never.get('default')).toBeUndefined();
  });

  it('lets entries expire when their time is over, and not before', () =>
    inTime(unit * 3, async () => {
      const cache = await create();
      const short = await create({ TIMEOUT: unit * 4, KEY_PREFIX: 'short' });
      const forever = await create({ TIMEOUT: null, KEY_PREFIX: 'forever' });
      await cache.set('set', 1, unit * 4);
      await cache.add('add', 1, unit * 4);
      await cache.setMany({ many: 1 }, unit * 4);
      await cache.set('replace', 1);
      await cache.replace('replace', 2, unit * 4);
      await cache.set('update', 1);
      await cache.update<number>('update', (n = 0) => n + 1, { timeout: unit * 4 });
      await cache.set('touch', 1);
      await cache.touch('touch', unit * 4);
      await cache.set('counter', 1, unit * 4);
      await cache.incr('counter');
      await cache.getOrSet('getOrSet', 1, unit * 4);
      await short.set('default', 1);

      await cache.set('rescued', 1, unit * 4);
      await cache.touch('rescued', 1000);
      await cache.set('persisted', 1, unit * 4);
      await cache.touch('persisted', null);
      await cache.set('never', 1, null);
      await cache.set('far', 1, 60 * 60 * 24 * 31);
      await cache.set('long', 1, 1000);
      await forever.set('default', 1);

      const expiring = ['set', 'add', 'many', 'replace', 'update', 'touch', 'counter', 'getOrSet'];
      expect(Object.keys(await cache.getMany(expiring)).sort()).toEqual([...expiring].sort());

      await advance(unit * 8);

      expect(await cache.getMany(expiring)).toEqual({});
      for (const key of expiring) expect([key, await cache.hasKey(key)]).toEqual([key, false]);
      expect(await cache.get('set', 'default')).toBe('default');
      expect(await short.get('default')).toBeUndefined();
      expect(Object.keys(await cache.getMany(['rescued', 'persisted', 'never', 'far', 'long'])).length).toBe(
        5,
      );
      expect(await forever.get('default')).toBe(1);
      expect(await cache.touch('never', null)).toBe(true);
    }));

  it('takes what has expired for missing, whatever is asked', async () => {
    const cache = await create();
    for (const key of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) await cache.set(key, 'old', unit * 2);
    await cache.set('n', 1, unit * 2);
    await advance(unit * 6);
    expect(await cache.add('a', 'new')).toBe(true);
    expect(await cache.get('a')).toBe('new');
    expect(await cache.replace('b', 'new')).toBe(false);
    expect(await cache.touch('c', 100)).toBe(false);
    const seen: unknown[] = [];
    const made = await cache.update<string>('d', (value) => {
      seen.push(value);
      return 'made';
    });
    expect([seen, made, await cache.get('d')]).toEqual([[undefined], 'made', 'made']);
    expect(await cache.update('e', () => undefined)).toBeUndefined();
    expect(await cache.getOrSet('f', 'fresh')).toBe('fresh');
    expect(await failure(() => cache.incr('n'))).toMatch(/^ValueError: Key '.*n' not found\.?$/);
    expect(await failure(() => cache.incrVersion('g'))).toBe("ValueError: Key 'g' not found");
    for (const key of ['b', 'c', 'e', 'g', 'n']) expect(await cache.get(key, 'gone')).toBe('gone');
  });
}
