/** Runs a site's tests with databases of their own. Django: `django.test.runner`. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { connections } from '../../db/connections';
import { getSiteRoot } from '../../utils/module_loading';
import { setupDatabases, TEMPLATES_VARIABLE, teardownDatabases, testDatabaseNames } from '../databases';
import { jest, nodeTest, vitest } from './invocations';
import { pathOfLabel } from './labels';
import type { Invocation, RunnerOptions } from './options';

export type { Invocation, RunnerOptions };

/**
 * Makes a test database for each alias, runs the tests in processes that work on copies of them, and drops everything. What
 * TEST_RUNNER names is this class, or one that extends it.
 *
 * The tests are those of the runner that the site's package.json names: jest, vitest, or else `node:test`.
 */
export class DiscoverRunner {
  constructor(protected readonly options: RunnerOptions) {}

  /** How the tests are run. */
  protected invocation(places: readonly string[]): Invocation {
    const installed = dependencies();
    if (installed.has('jest')) return jest(places, this.options);
    return installed.has('vitest') ? vitest(places, this.options) : nodeTest(places, this.options);
  }

  /**
   * Runs the tests of these labels, or all.
   *
   * @returns the status of the process that ran them: 0 where all have passed.
   * @throws CommandError for a label that means nothing.
   */
  async runTests(labels: readonly string[]): Promise<number> {
    const { args, env } = this.invocation(labels.map(pathOfLabel));
    const folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-test-databases-'));
    try {
      await setupDatabases({ keepdb: this.options.keepdb, templates: folder });
      const names = testDatabaseNames();
      // A database that somebody is connected to cannot be copied.
      await connections.closeAll();
      return await run(args, {
        ...env,
        [TEMPLATES_VARIABLE]: JSON.stringify(names),
        TSANGO_TEST_DEBUG: this.options.debugMode ? '1' : '0',
      });
    } finally {
      await teardownDatabases();
      rmSync(folder, { recursive: true, force: true });
    }
  }
}

function dependencies(): ReadonlySet<string> {
  try {
    const text = readFileSync(path.join(getSiteRoot(), 'package.json'), 'utf8');
    const manifest = JSON.parse(text) as Partial<Record<'dependencies' | 'devDependencies', object>>;
    return new Set(Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }));
  } catch {
    return new Set();
  }
}

/** Runs node in the site's folder. A signal reaches both processes: the databases are dropped when the tests have ended. */
function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(process.execPath, args, {
    cwd: getSiteRoot(),
    stdio: 'inherit',
    env: { ...process.env, NODE_ENV: process.env['NODE_ENV'] ?? 'test', ...env },
  });
  const wait = (): void => undefined;
  const end = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', wait);
  process.on('SIGTERM', end);
  return new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (status, signal) => resolve(status ?? (signal === 'SIGINT' ? 130 : 1)));
  }).finally(() => {
    process.off('SIGINT', wait);
    process.off('SIGTERM', end);
  });
}
