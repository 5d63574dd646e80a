/** Everything that tests need around them, in one call. */
import { connections } from '../db/connections';
import { endCases } from './cases/active';
import { setupDatabases, type TestDatabasesOptions, teardownDatabases } from './databases';
import { HOOK_TIMEOUT, type TestHooks, testHooks, useHooks } from './hooks';
import { emptyOutbox, setupTestEnvironment, teardownTestEnvironment } from './utils';

/** What `useTestEnvironment` can be told. */
export interface TestEnvironmentOptions extends TestDatabasesOptions {
  /** The runner's hooks, where it has no globals: `import * as hooks from 'vitest'`. */
  hooks?: TestHooks;
  /** Whether DEBUG is on; default: off, or what `manage.ts test --debug-mode` says. */
  debug?: boolean;
}

/**
 * Gives the tests of a file a world of their own: test databases with their tables, caches and files (see
 * `setupTestEnvironment` and `setupDatabases`), and takes it all away after the last test. Until the databases are
 * made, the site's own cannot be used.
 *
 * Call it where the runner's hooks are: in a file of jest's `setupFilesAfterEnv` or vitest's `setupFiles`; with
 * `node:test` in a module that the tests import first.
 *
 * @example
 * ```ts
 * // tests/setup.ts
 * import { useTestEnvironment } from 'tsango/test';
 *
 * process.env['TSANGO_SETTINGS_MODULE'] ??= 'mysite.settings';
 * useTestEnvironment();
 * ```
 * @throws Error where the runner has no hooks.
 */
export function useTestEnvironment(options: TestEnvironmentOptions = {}): void {
  const { hooks, debug = process.env['TSANGO_TEST_DEBUG'] === '1', ...databases } = options;
  if (hooks !== undefined) useHooks(hooks);
  const { beforeAll, beforeEach, afterAll } = testHooks();
  connections.forbid(
    'The tests would use the site’s own database: it can be used when setupDatabases() has put a test database into ' +
      'its place. Use databases in tests and hooks, not while a test file loads.',
  );
  beforeAll(async () => {
    connections.forbid(null);
    await setupTestEnvironment({ debug });
    await setupDatabases(databases);
  }, HOOK_TIMEOUT);
  beforeEach(async () => emptyOutbox());
  afterAll(async () => {
    await endCases();
    await teardownDatabases();
    await teardownTestEnvironment();
  }, HOOK_TIMEOUT);
}
