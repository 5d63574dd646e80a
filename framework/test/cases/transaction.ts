/** Tests with databases that are emptied after each of them. Django: `TransactionTestCase`. */
import { connections, DEFAULT_DB_ALIAS } from '../../db/connections';
import type { Databases } from './allowed';
import { keepRows, restoreRows, wantSerialized } from './serialized';
import { SimpleTestCase, type SimpleTestCaseOptions } from './simple';

/** What a test case with databases can be given. */
export interface TransactionTestCaseOptions extends SimpleTestCaseOptions {
  /** The databases that its tests may use: aliases, or `'__all__'`. Default: `['default']`. */
  databases?: Databases;
  /** The names of fixtures to load: as `loaddata` takes them. */
  fixtures?: readonly string[];
  /**
   * Whether each test begins with the rows that migrations made. It costs a reading of all tables once, and their
   * writing before each test. Default: no. Django: `serialized_rollback`.
   */
  serializedRollback?: boolean;
}

/**
 * Tests whose code commits: what they leave is deleted after each of them, so that they cost more than those of a
 * `TestCase`. What migrations put into tables is gone after the first one, unless `serializedRollback` brings it back, or
 * `fixtures` do.
 *
 * @example
 * ```ts
 * describe('the outbox', () => {
 *   const test = new TransactionTestCase({ fixtures: ['authors'] });
 *
 *   it('sends after the commit', async () => { … });
 * });
 * ```
 * https://docs.djangoproject.com/en/5.2/topics/testing/tools/#transactiontestcase
 */
export class TransactionTestCase extends SimpleTestCase {
  protected readonly fixtures: readonly string[];
  private readonly serializedRollback: boolean;

  constructor(options: TransactionTestCaseOptions = {}) {
    super(options);
    this.fixtures = options.fixtures ?? [];
    this.serializedRollback = options.serializedRollback ?? false;
    if (this.serializedRollback) wantSerialized();
  }

  protected override get defaultDatabases(): Databases {
    return [DEFAULT_DB_ALIAS];
  }

  protected override async setUpCase(): Promise<void> {
    await super.setUpCase();
    await keepRows(this.aliases);
  }

  protected override async setUpEach(): Promise<void> {
    await super.setUpEach();
    await this.setUpFixtures();
  }

  protected async setUpFixtures(): Promise<void> {
    if (this.serializedRollback) await restoreRows(this.aliases);
    await this.loadFixtures();
  }

  protected override async tearDownEach(): Promise<void> {
    await super.tearDownEach();
    await this.tearDownFixtures();
  }

  /** Deletes what the test left. */
  protected async tearDownFixtures(): Promise<void> {
    const { callCommand } = require('../../core/management') as typeof import('../../core/management');
    for (const database of this.aliases) {
      // Rows that come back need no others in their places.
      const inhibitPostMigrate = this.serializedRollback;
      await callCommand('flush', { database, verbosity: 0, interactive: false, inhibitPostMigrate });
    }
  }

  protected async loadFixtures(): Promise<void> {
    if (this.fixtures.length === 0) return;
    const { callCommand } = require('../../core/management') as typeof import('../../core/management');
    for (const database of this.aliases) {
      await callCommand('loaddata', ...this.fixtures, { database, verbosity: 0 });
    }
  }

  /** The connections of its databases. */
  protected get connections() {
    return this.aliases.map((alias) => connections.get(alias));
  }

  protected override refusal(alias: string, kind: string): string {
    return (
      `Database queries to '${alias}' are not allowed in this test. Add '${alias}' to the databases of the ${kind} to ` +
      'ensure proper test isolation and silence this failure.'
    );
  }
}
