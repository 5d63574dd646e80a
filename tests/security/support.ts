/** What the tests of advisories share. */

import { stopwatch } from '../support/processor';

/** Milliseconds of the processor that something takes; the best of three, since others use the machine, too. */
export function milliseconds(body: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3; i++) {
    const spent = stopwatch();
    body();
    best = Math.min(best, spent() * 1000);
    if (best < 50) break;
  }
  return best;
}

/**
 * Fails for work that takes more than linear time: ten times the input must not take a hundred times as long.
 * What takes less than 80 ms at the larger size passes whatever it does: others use the machine, too.
 */
export function expectLinear(work: (size: number) => unknown, size = 50_000): void {
  const ratios = Array.from({ length: 3 }, () => {
    const large = milliseconds(() => work(size));
    return large < 50
      ? 1
      : large /
          Math.max(
            milliseconds(() => work(size / 10)),
            2,
          );
  });
  // What grows faster does so each time; a collection of garbage comes once.
  expect(Math.min(...ratios)).toBeLessThan(40);
}
