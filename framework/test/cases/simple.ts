/** What every kind of test case has. Django: `SimpleTestCase`. */
import type { Settings } from '../../conf';
import { settings as siteSettings } from '../../conf';
import { Client } from '../client';
import { HOOK_TIMEOUT, testHooks } from '../hooks';
import { type ListChanges, modifySettings, overrideSettings } from '../override_settings';
import { began, endsNow } from './active';
import { aliasesOf, allowOnly, type Databases } from './allowed';

/** What a test case can be given. */
export interface SimpleTestCaseOptions {
  /** The databases that its tests may use: aliases, or `'__all__'`. */
  databases?: Databases;
  /** Settings that are others while its tests run. Django: `override_settings`. */
  settings?: Partial<Settings>;
  /** Lists of settings that have items more, or fewer, while its tests run. Django: `modify_settings`. */
  modifySettings?: ListChanges;
  /** Makes the client of each test; default: `new Client()`. Django: `client_class`. */
  client?: () => Client;
}

/**
 * Tests that use no database. Made in a `describe`, or at the top of a file, it is for the tests that are there: each
 * has a `client` of its own, and using a database is an error.
 *
 * @example
 * ```ts
 * describe('the pages that are only text', () => {
 *   const test = new SimpleTestCase({ settings: { LANGUAGE_CODE: 'de' } });
 *
 *   it('has imprint', async () => assertContains(await test.client.get('/imprint/'), 'Impressum'));
 * });
 * ```
 * https://docs.djangoproject.com/en/5.2/topics/testing/tools/#simpletestcase
 */
export class SimpleTestCase {
  /** The databases of its tests. */
  protected aliases: readonly string[] = [];
  private readonly undo: (() => unknown)[] = [];
  private current: Client | undefined;

  constructor(private readonly simple: SimpleTestCaseOptions = {}) {
    const { beforeAll, beforeEach, afterEach, afterAll } = testHooks();
    beforeAll(async () => {
      began(this);
      await this.setUpCase();
    }, HOOK_TIMEOUT);
    beforeEach(() => this.setUpEach(), HOOK_TIMEOUT);
    afterEach(() => this.tearDownEach(), HOOK_TIMEOUT);
    afterAll(() => this.end(), HOOK_TIMEOUT);
  }

  /** Takes the case down; once, whoever asks first. @internal */
  async end(): Promise<void> {
    if (endsNow(this)) await this.tearDownCase();
  }

  /** The client of the test that runs. @throws Error outside of a test. */
  get client(): Client {
    if (this.current === undefined) throw outside('client');
    return this.current;
  }

  /** What it may use unless it is told. */
  protected get defaultDatabases(): Databases {
    return [];
  }

  protected async setUpCase(): Promise<void> {
    const { settings, modifySettings: changes } = this.simple;
    if (settings !== undefined) this.undo.push(overrideSettings(settings));
    if (changes !== undefined) this.undo.push(modifySettings(changes));
    const kind = this.constructor.name;
    const { databases = this.defaultDatabases } = this.simple;
    if (Object.keys(siteSettings.DATABASES).length === 0) return;
    this.aliases = aliasesOf(databases, kind);
    this.undo.push(allowOnly(this.aliases, (alias) => this.refusal(alias, kind)));
  }

  protected async setUpEach(): Promise<void> {
    this.current = this.simple.client?.() ?? new Client();
  }

  protected async tearDownEach(): Promise<void> {
    this.current = undefined;
  }

  protected async tearDownCase(): Promise<void> {
    for (const undo of this.undo.splice(0).reverse()) await undo();
  }

  /** Why a database cannot be used. */
  protected refusal(alias: string, kind: string): string {
    return (
      `Database queries to '${alias}' are not allowed in SimpleTestCase. Either use TestCase or TransactionTestCase to ` +
      `ensure proper test isolation, or add '${alias}' to the databases of the ${kind} to silence this failure.`
    );
  }
}

/** What is there while a test runs only. */
export function outside(name: string): Error {
  return new Error(
    `'${name}' of a test case is there while one of its tests runs: not while the file loads.`,
  );
}
