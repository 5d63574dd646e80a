/** Hashes that are computed at once. */
import { readFile } from 'node:fs/promises';
import { configure, resetSettings } from 'tsango/conf';
import { PBKDF2PasswordHasher } from 'tsango/contrib/auth/hashers';
import { inThread } from 'tsango/contrib/auth/hashers/threads';

beforeAll(() => configure({ SECRET_KEY: 'x', PASSWORD_PBKDF2_ITERATIONS: 100_000 }));
afterAll(() => resetSettings());

it('are at most one less than Node has threads, and each has its turn, after one that fails, too', async () => {
  let busy = 0;
  let most = 0;
  const order: number[] = [];
  const work = (i: number) => async (): Promise<number> => {
    busy += 1;
    most = Math.max(most, busy);
    await new Promise((resolve) => setImmediate(resolve));
    busy -= 1;
    order.push(i);
    if (i % 3 === 0) throw new Error(`no ${i}`);
    return i;
  };
  const results = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => inThread(work(i))));
  expect(results.map(({ status }) => status === 'fulfilled')).toEqual(results.map((_, i) => i % 3 !== 0));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(most).toBeLessThanOrEqual(3);
  expect(busy).toBe(0);
});

it('leave a thread for files: one is read while many hashes wait', async () => {
  const hasher = new PBKDF2PasswordHasher();
  let done = 0;
  const hashes = Array.from({ length: 16 }, async () => {
    await hasher.encode('secret', 'salt');
    done += 1;
  });
  await readFile(__filename);
  expect(done).toBeLessThan(8);
  await Promise.all(hashes);
  expect(done).toBe(16);
});
