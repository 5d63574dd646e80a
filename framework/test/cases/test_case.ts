/** Tests within transactions that are rolled back. Django: `TestCase`. */
import type { DatabaseWrapper } from '../../db/backends/base/base';
import type { MaybePromise } from '../../utils/maybe_promise';
import { copyOf } from './copies';
import { outside } from './simple';
import { TransactionTestCase, type TransactionTestCaseOptions } from './transaction';

/** What a `TestCase` can be given. */
export interface TestCaseOptions<Data> extends TransactionTestCaseOptions {
  /** Makes rows once, for all of its tests. What it returns is in `data`, a copy of its own for each test. */
  setUpTestData?: () => MaybePromise<Data>;
}

/**
 * Tests in a transaction each, which is rolled back after it: none sees another's rows, and no table has to be emptied.
 * Whatever runs meanwhile, the views that the client calls among it, is inside of that transaction; `onCommit` callbacks
 * are not called, unless `captureOnCommitCallbacks` does it.
 *
 * @example
 * ```ts
 * describe('authors', () => {
 *   const test = new TestCase({
 *     setUpTestData: async () => ({ ada: await Author.objects.create({ name: 'Ada' }) }),
 *   });
 *
 *   it('are listed', async () => {
 *     assertContains(await test.client.get('/authors/'), test.data.ada.name);
 *   });
 * });
 * ```
 * https://docs.djangoproject.com/en/5.2/topics/testing/tools/#testcase
 */
export class TestCase<Data = undefined> extends TransactionTestCase {
  private readonly entered: DatabaseWrapper[] = [];
  private readonly enteredByTest: DatabaseWrapper[] = [];
  private made: { readonly data: Data } | undefined;
  private copy: { readonly data: Data } | undefined;
  private readonly setUpTestData: (() => MaybePromise<Data>) | undefined;

  constructor(options: TestCaseOptions<Data> = {}) {
    const { setUpTestData, ...rest } = options;
    super(rest);
    this.setUpTestData = setUpTestData;
  }

  /**
   * What `setUpTestData` returned, copied for the test that runs: instances of models, lists, plain objects, Maps, Sets
   * and Dates; anything else is shared. @throws Error outside of a test.
   */
  get data(): Data {
    if (this.made === undefined) throw outside('data');
    this.copy ??= { data: copyOf(this.made.data) };
    return this.copy.data;
  }

  protected override async setUpCase(): Promise<void> {
    await super.setUpCase();
    await enter(this.connections, this.entered);
    await this.loadFixtures();
    this.made = { data: (await this.setUpTestData?.()) as Data };
  }

  protected override async setUpFixtures(): Promise<void> {
    await enter(this.connections, this.enteredByTest);
  }

  protected override async tearDownFixtures(): Promise<void> {
    this.copy = undefined;
    await leave(this.enteredByTest, { check: true });
  }

  protected override async tearDownCase(): Promise<void> {
    this.made = undefined;
    await leave(this.entered);
    await super.tearDownCase();
  }
}

async function enter(connections: readonly DatabaseWrapper[], entered: DatabaseWrapper[]): Promise<void> {
  for (const connection of connections) {
    await connection.enterTest();
    entered.push(connection);
  }
}

async function leave(entered: DatabaseWrapper[], options: { check?: boolean } = {}): Promise<void> {
  let failure: { readonly error: unknown } | undefined;
  for (const connection of entered.splice(0).reverse()) {
    try {
      await connection.leaveTest(options);
    } catch (error) {
      failure ??= { error };
    }
  }
  if (failure !== undefined) throw failure.error;
}
