/** Hashes are computed beside the event loop, and a few at once. */
import { availableParallelism } from 'node:os';

/**
 * How many are computed at once: one a core, and one thread of Node's pool always stays free. Without that, hashes that wait would
 * stand before every file and every look-up of a name, which have the same threads.
 */
const threads = Math.max(
  1,
  Math.min(availableParallelism(), Number(process.env['UV_THREADPOOL_SIZE'] ?? 4) - 1),
);

const waiting: (() => void)[] = [];
let busy = 0;

/** Milliseconds that one takes, of late; until the first is done, what Django's default takes. */
let usual = 250;
/** How much of it is the last one. */
const WEIGHT = 0.2;

/** Runs what takes a thread, in turn. */
export async function inThread<T>(work: () => Promise<T>): Promise<T> {
  if (busy >= threads) await new Promise<void>((resolve) => waiting.push(resolve));
  else busy += 1;
  const begin = performance.now();
  try {
    return await work();
  } finally {
    usual += (performance.now() - begin - usual) * WEIGHT;
    const next = waiting.shift();
    // The place is handed on.
    if (next === undefined) busy -= 1;
    else next();
  }
}

/** About how many seconds one more would wait for its turn. */
export function expectedWait(): number {
  return (waiting.length * usual) / threads / 1000;
}
