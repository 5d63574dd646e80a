/** Everything that tests need around them, in one call. */
import { connections } from '../db/connections';
import { setupDatabases, type TestDatabasesOptions, teardownDatabases } from './databases';
import { emptyOutbox, setupTestEnvironment, teardownTestEnvironment } from './utils';

type Hook = (body: () => Promise<void>, timeout?: number) => void;

/** Making databases and running migrations may take its time. */
const TIMEOUT = 120_000;

/**
 * Gives the tests of a file a world of their own: test databases with their tables, caches and files (see
 * `setupTestEnvironment` and `setupDatabases`), and takes it all away after the last test. Until the databases are
 * made, the site's own cannot be used.
 *
 * Call it where the runner's hooks are: in a file of jest's `setupFilesAfterEnv` or vitest's `setupFiles`.
 *
 * @example
 * ```ts
 * // tests/setup.ts
 * import { useTestEnvironment } from 'tsango/test';
 *
 * process.env['TSANGO_SETTINGS_MODULE'] ??= 'mysite.settings';
 * useTestEnvironment();
 * ```
 */
export function useTestEnvironment(options: TestDatabasesOptions = {}): void {
  const { beforeAll, beforeEach, afterAll } = globalThis as unknown as Readonly<
    Record<'beforeAll' | 'beforeEach' | 'afterAll', Hook | undefined>
  >;
  if (beforeAll === undefined || afterAll === undefined) {
    throw new Error(
      'useTestEnvironment() needs beforeAll and afterAll: call it in a file of setupFilesAfterEnv (jest), or of ' +
        'setupFiles with globals (vitest); elsewhere call setupTestEnvironment() and setupDatabases() yourself.',
    );
  }
  connections.forbid(
    'The tests would use the site’s own database: it can be used when setupDatabases() has put a test database into ' +
      'its place. Use databases in tests and hooks, not while a test file loads.',
  );
  beforeAll(async () => {
    connections.forbid(null);
    await setupTestEnvironment();
    await setupDatabases(options);
  }, TIMEOUT);
  beforeEach?.(async () => emptyOutbox());
  afterAll(async () => {
    await teardownDatabases();
    await teardownTestEnvironment();
  }, TIMEOUT);
}
