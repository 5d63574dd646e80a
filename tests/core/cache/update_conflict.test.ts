/** `update()` while others write the same entry: a cache in a database, and a second one on the same table. */
import { configure } from 'tsango/conf';
import { type BaseCache, CacheUpdateConflict, caches } from 'tsango/core/cache';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { SQLITE_ENGINE } from '../../support/sqlite';

const backend = { BACKEND: 'django.core.cache.backends.db.DatabaseCache', LOCATION: 'entries' };
configure({
  SECRET_KEY: 'not a secret',
  DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
  CACHES: { default: backend, other: backend },
});

let cache: BaseCache;
let others: BaseCache;
beforeAll(async () => {
  await callCommand('createcachetable', [], { verbosity: 0 });
  [cache, others] = [caches.get('default'), caches.get('other')];
});
afterAll(() => connections.closeAll());

/** A change of the entry during which somebody else is faster, so many times. */
function overtaken(times: number): {
  change: (n: number | undefined) => number;
  seen: (number | undefined)[];
} {
  const seen: (number | undefined)[] = [];
  return {
    seen,
    change: (n) => {
      seen.push(n);
      if (seen.length <= times) void others.set('n', seen.length * 1000);
      return (n ?? 0) + 1;
    },
  };
}

it('tries again on what the other one has written', async () => {
  await cache.set('n', 1);
  const { change, seen } = overtaken(2);
  expect(await cache.update('n', change)).toBe(2001);
  expect(seen).toEqual([1, 1000, 2000]);
  expect(await others.get('n')).toBe(2001);
});

it('gives up when others were faster a hundred times, and writes nothing', async () => {
  await cache.set('n', 1);
  const { change, seen } = overtaken(Number.POSITIVE_INFINITY);
  const failed = (async () => cache.update('n', change))();
  await expect(failed).rejects.toThrow(CacheUpdateConflict);
  await expect(failed).rejects.toThrow("Other writers changed ':1:n' 100 times while it was to be updated.");
  expect(seen).toHaveLength(100);
  expect(await cache.get('n')).toBe(100_000);
});

it('leaves the entry alone where there is nothing to change', async () => {
  await cache.set('n', 5);
  expect(await cache.update('n', () => undefined)).toBeUndefined();
  expect(await cache.get('n')).toBe(5);
});
