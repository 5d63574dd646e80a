import { LocMemCache, resetLocMem } from 'tsango/core/cache/backends/locmem';
import { lockName } from 'tsango/core/cache/get_or_set';

/** Entries that other processes see, with a clock and timers that the test moves. */
class SharedCache extends LocMemCache {
  override readonly shared = true as never;
}

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
  resetLocMem();
});

describe('getOrSet() across processes', () => {
  const cache = (): SharedCache => new SharedCache('shared');

  it('waits for the process that computes, and takes its value', async () => {
    const other = cache();
    other.add(lockName('key'), 1, 10);
    let computed = 0;
    const value = cache().getOrSet('key', () => ++computed);
    await jest.advanceTimersByTimeAsync(200);
    other.set('key', 'theirs');
    await jest.advanceTimersByTimeAsync(50);
    expect(await value).toBe('theirs');
    expect(computed).toBe(0);
  });

  it('computes itself when the lock is over, or its holder failed', async () => {
    const other = cache();
    other.add(lockName('key'), 1, 3600);
    const patient = cache().getOrSet('key', () => 'after 10 seconds');
    await jest.advanceTimersByTimeAsync(9_900);
    expect(other.get('key')).toBeUndefined();
    await jest.advanceTimersByTimeAsync(200);
    expect(await patient).toBe('after 10 seconds');

    other.add(lockName('second'), 1, 3600);
    const soon = cache().getOrSet('second', () => 'after the lock');
    await jest.advanceTimersByTimeAsync(500);
    other.delete(lockName('second'));
    await jest.advanceTimersByTimeAsync(50);
    expect(await soon).toBe('after the lock');
    expect(other.hasKey(lockName('second'))).toBe(false);
  });

  it('gives the lock back when computing fails', async () => {
    const mine = cache();
    await expect(
      mine.getOrSet('key', () => {
        throw new RangeError('no');
      }),
    ).rejects.toThrow(new RangeError('no'));
    expect(mine.hasKey(lockName('key'))).toBe(false);
    expect(await mine.getOrSet('key', () => 1)).toBe(1);
  });

  it('takes no lock for a value that is there already, for a plain value, or with lock 0', () => {
    const mine = cache();
    expect(mine.getOrSet('plain', 1)).toBe(1);
    expect(mine.getOrSet('plain', () => 2)).toBe(1);
    expect(mine.getOrSet('quick', () => 3, undefined, { lock: 0 })).toBe(3);
  });
});
