/** The hooks of the test runner: jest's and vitest's globals, those of `node:test`, or what the caller gives. */

/** What runs before and after tests. The names are jest's and vitest's. */
export interface TestHooks {
  beforeAll(body: () => Promise<void>, timeout?: number): unknown;
  beforeEach(body: () => Promise<void>, timeout?: number): unknown;
  afterEach(body: () => Promise<void>, timeout?: number): unknown;
  afterAll(body: () => Promise<void>, timeout?: number): unknown;
}

/** Making databases and running migrations may take its time. */
export const HOOK_TIMEOUT = 120_000;

const none = (): void => undefined;
const NONE: TestHooks = { beforeAll: none, beforeEach: none, afterEach: none, afterAll: none };

let given: TestHooks | undefined;

/** Takes these hooks instead of looking for some: what a runner without globals has. */
export function useHooks(hooks: TestHooks): void {
  given = hooks;
}

/**
 * The hooks of the runner.
 *
 * @throws Error where there are none: in vitest without `globals`.
 */
export function testHooks(): TestHooks {
  if (given !== undefined) return given;
  const { beforeAll, beforeEach, afterEach, afterAll } = globalThis as unknown as Partial<TestHooks>;
  if (beforeAll && beforeEach && afterEach && afterAll) return { beforeAll, beforeEach, afterEach, afterAll };
  if (process.env['JEST_WORKER_ID'] !== undefined || process.env['VITEST'] !== undefined) {
    throw new Error(
      'There are no beforeAll, beforeEach, afterEach and afterAll here. In jest, call useTestEnvironment() in a file of ' +
        "setupFilesAfterEnv; in vitest, set `globals: true`, or give them: `import * as hooks from 'vitest'` and " +
        'useTestEnvironment({ hooks }).',
    );
  }
  return nodeHooks();
}

function nodeHooks(): TestHooks {
  // The process that only starts others for the files loads what is required, too.
  if (process.execArgv.includes('--test') && process.env['NODE_TEST_CONTEXT'] === undefined) return NONE;
  const { before, beforeEach, afterEach, after } = require('node:test') as typeof import('node:test');
  return {
    beforeAll: (body, timeout) => before(body, { ...(timeout !== undefined && { timeout }) }),
    beforeEach: (body, timeout) => beforeEach(body, { ...(timeout !== undefined && { timeout }) }),
    afterEach: (body, timeout) => afterEach(body, { ...(timeout !== undefined && { timeout }) }),
    afterAll: (body, timeout) => after(body, { ...(timeout !== undefined && { timeout }) }),
  };
}
