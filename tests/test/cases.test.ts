/** Test cases on every database: what a test does is gone after it. */
import { randomBytes } from 'node:crypto';
import { setup } from 'tsango';
import { apps } from 'tsango/apps';
import { configure, resetSettings, type Settings, settings } from 'tsango/conf';
import { Permission } from 'tsango/contrib/auth/models';
import { ContentType } from 'tsango/contrib/contenttypes/models';
import { caches } from 'tsango/core/cache';
import { connections, IntegrityError, transaction } from 'tsango/db';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import {
  assertNumQueries,
  assertRaisesMessage,
  CaptureQueriesContext,
  Client,
  captureOnCommitCallbacks,
  modifySettings,
  SimpleTestCase,
  setupDatabases,
  setupTestEnvironment,
  TestCase,
  TransactionTestCase,
  teardownDatabases,
  teardownTestEnvironment,
} from 'tsango/test';
import { path } from 'tsango/urls';
import { type Engine, scratchDatabase } from '../support/databases';
import { describeWith } from '../support/services';
import { SQLITE_ENGINES } from '../support/sqlite';

const make = (model: string): Promise<ContentType> => ContentType.objects.create({ appLabel: 'shop', model });
const modelsOf = async (): Promise<string[]> =>
  (await ContentType.objects.filter({ appLabel: 'shop' }).orderBy('model')).map(({ model }) => model);

const urlpatterns = [
  path('make/<str:model>/', async (_request: HttpRequest, { model }: { model: string }) => {
    await transaction.atomic(() => make(model), { durable: true });
    return new HttpResponse((await modelsOf()).join(' '));
  }),
  path('visits/', async (request: HttpRequest) => {
    request.session['visits'] = Number(request.session.get('visits', 0)) + 1;
    await caches.get('default').set('visits', request.session['visits']);
    return new HttpResponse(String(request.session['visits']));
  }),
];

function withSite(engine: Engine, more: Partial<Settings> = {}): void {
  const database = { ...scratchDatabase(engine), TEST: { MIGRATE: false } };
  beforeAll(async () => {
    configure({
      SECRET_KEY: 'x',
      USE_TZ: true,
      DATABASES: { default: database },
      INSTALLED_APPS: ['tsango.contrib.contenttypes', 'tsango.contrib.auth', 'tsango.contrib.sessions'],
      MIDDLEWARE: ['tsango.contrib.sessions.middleware.SessionMiddleware'],
      ROOT_URLCONF: { urlpatterns },
      ...more,
    });
    apps.reset();
    setup();
    await setupTestEnvironment();
    await setupDatabases({ suffix: randomBytes(4).toString('hex') });
  }, 60_000);
  afterAll(async () => {
    await teardownDatabases();
    await teardownTestEnvironment();
    await connections.reset();
    resetSettings();
  });
}

function testCases(): void {
  describe('TestCase', () => {
    const test = new TestCase({
      setUpTestData: async () => {
        const author = await make('author');
        return { author, list: [author], permission: null as Permission | null, tags: new Set(['a']) };
      },
    });

    it('changes what it likes', async () => {
      const { author, list } = test.data;
      expect(list[0]).toBe(author);
      author.model = 'changed';
      test.data.tags.add('b');
      await author.save();
      await make('book');
      expect(await modelsOf()).toEqual(['book', 'changed']);
    });

    it('and the next test sees nothing of it', async () => {
      expect(test.data.author.model).toBe('author');
      expect(test.data.author._state.adding).toBe(false);
      expect([...test.data.tags]).toEqual(['a']);
      expect(await modelsOf()).toEqual(['author']);
    });

    it('what views write is in the transaction, their blocks are savepoints, and may be durable', async () => {
      const response = await test.client.get('/make/view/');
      expect(response.text).toBe('author view');
      await expect(
        transaction.atomic(async () => {
          await make('lost');
          throw new Error('no');
        }),
      ).rejects.toThrow('no');
      expect(await modelsOf()).toEqual(['author', 'view']);
    });

    it('blocks at the same time wait for each other', async () => {
      await Promise.all(
        ['x', 'y', 'z'].map((model) =>
          transaction.atomic(async () => {
            await make(model);
            await modelsOf();
          }),
        ),
      );
      expect(await modelsOf()).toEqual(['author', 'x', 'y', 'z']);
    });

    it('sessions and caches take what they are given, though nothing commits', async () => {
      await test.client.get('/visits/');
      const response = await test.client.get('/visits/');
      expect(response.text).toBe('2');
      expect(await caches.get('default').get('visits')).toBe(2);
      expect((await test.client.session)['visits']).toBe(2);
    });

    it('callbacks of commits are captured, and called if that is wanted', async () => {
      const called: string[] = [];
      const work = async (): Promise<void> => {
        await transaction.onCommit(() => called.push('at once'));
        await transaction.atomic(async () => {
          await transaction.onCommit(async () => {
            called.push('inside');
            await transaction.onCommit(() => called.push('nested'));
          });
        });
        await transaction
          .atomic(async () => {
            await transaction.onCommit(() => called.push('never'));
            throw new Error('back');
          })
          .catch(() => undefined);
      };
      await work();
      expect(called).toEqual([]);
      expect(await captureOnCommitCallbacks(work)).toHaveLength(2);
      expect(called).toEqual([]);
      expect(await captureOnCommitCallbacks(work, { execute: true })).toHaveLength(3);
      expect(called).toEqual(['at once', 'inside', 'nested']);
      await captureOnCommitCallbacks(
        () =>
          transaction.onCommit(
            () => {
              throw new Error('robust');
            },
            { robust: true },
          ),
        { execute: true },
      );
    });

    it('a block that the test leaves open does not keep the transaction', async () => {
      void transaction.atomic(() => new Promise(() => undefined));
      await new Promise((resolve) => setImmediate(resolve));
    });

    it('so the next test begins as the first', async () => {
      expect(await modelsOf()).toEqual(['author']);
    });

    describe('within another', () => {
      const inner = new TestCase({ setUpTestData: () => make('inner') });

      it('has the rows of both', async () => {
        expect(await modelsOf()).toEqual(['author', 'inner']);
        expect(inner.data.model).toBe('inner');
      });
    });
  });

  it('TestCase leaves nothing', async () => {
    expect(await modelsOf()).toEqual([]);
    expect(connections.get().inAtomicBlock).toBe(false);
  });

  describe('TransactionTestCase', () => {
    const test = new TransactionTestCase();

    it('commits, and calls what waits for it', async () => {
      const called: string[] = [];
      await transaction.atomic(async () => {
        await make('committed');
        await transaction.onCommit(() => called.push('committed'));
      });
      expect(called).toEqual(['committed']);
      expect(connections.get().inAtomicBlock).toBe(false);
      expect((await test.client.get('/make/view/')).text).toBe('committed view');
    });

    it('and its tables are emptied', async () => {
      expect(await modelsOf()).toEqual([]);
    });
  });

  describe('with what was there before', () => {
    describe('a TransactionTestCase', () => {
      new TransactionTestCase({ serializedRollback: true });
      it.each([1, 2])('has it, and what it adds is gone: %i', async (at) => {
        // Rows that apps made when the tables were made, with their keys.
        const users = await ContentType.objects.get({ appLabel: 'auth', model: 'user' });
        if (at === 1) usersKey = users.pk;
        expect(users.pk).toBe(usersKey);
        expect(await modelsOf()).toEqual([]);
        await make('added');
        await Permission.objects.all().delete();
      });
    });
    let usersKey: unknown;
  });

  describe('queries', () => {
    new TestCase();

    it('are counted, those of requests too', async () => {
      const client = new Client();
      const made = await assertNumQueries(1, () => make('one'));
      expect(made.model).toBe('one');
      await assertNumQueries(0, () => undefined);
      await assertNumQueries(2, () => transaction.atomic(() => undefined));
      const context = new CaptureQueriesContext();
      await context.run(() => client.get('/make/two/'));
      const [first, , last] = [...context].map(({ sql }) => sql.replaceAll('`', '"'));
      expect(first).toMatch(/^SAVEPOINT/);
      expect(context).toHaveLength(4);
      expect(last).toMatch(/^RELEASE/);
      await modelsOf();
      expect(context).toHaveLength(4);
    });

    it('are shown, with their parameters, where there are others', async () => {
      await expect(assertNumQueries(0, () => ContentType.objects.get({ model: "it's" }))).rejects.toThrow();
      const error = await assertNumQueries(1, async () => {
        await ContentType.objects.filter({ model: "it's" }).exists();
        await make('b?');
      }).then(
        () => 'passed',
        (failure: Error) => failure.message.replaceAll('`', '"'),
      );
      const [head, captured, one, two, ...rest] = error.split('\n');
      expect([head, captured, rest]).toEqual([
        '2 queries executed, 1 expected',
        'Captured queries were:',
        [],
      ]);
      expect(one).toMatch(/^1\. SELECT .*"model" = 'it(?:''|\\')s'/);
      expect(two).toMatch(/^2\. INSERT INTO "django_content_type" .*'shop', 'b\?'/);
    });
  });
}

for (const engine of SQLITE_ENGINES) {
  describeWith(engine, engine, () => {
    withSite(engine);
    testCases();
  });
}
for (const engine of ['postgresql', 'mysql'] as const) {
  describeWith(engine, engine, () => {
    withSite(engine);
    testCases();
  });
}

describeWith('better-sqlite3', 'what cannot be', () => {
  withSite('better-sqlite3');

  describe('databases', () => {
    const test = new SimpleTestCase({
      settings: { LANGUAGE_CODE: 'de' },
      modifySettings: { MIDDLEWARE: { append: 'tsango.middleware.common.CommonMiddleware' } },
    });

    it('a SimpleTestCase has none', async () => {
      await assertRaisesMessage(
        Error,
        "Database queries to 'default' are not allowed in SimpleTestCase. Either use TestCase or TransactionTestCase",
        () => modelsOf(),
      );
      await expect(test.client.get('/make/x/')).rejects.toThrow("Database queries to 'default'");
      expect(settings.LANGUAGE_CODE).toBe('de');
      expect(settings.MIDDLEWARE).toHaveLength(2);
    });
  });

  it('are there again after it, and its settings are gone', async () => {
    expect(await modelsOf()).toEqual([]);
    expect(settings.LANGUAGE_CODE).toBe('en-us');
    expect(settings.MIDDLEWARE).toHaveLength(1);
  });

  it('the data and the client of a case are there for its tests only', () => {
    let made: TestCase<string> | undefined;
    const { beforeAll, beforeEach, afterEach, afterAll } = globalThis;
    const none = (): void => undefined;
    Object.assign(globalThis, { beforeAll: none, beforeEach: none, afterEach: none, afterAll: none });
    try {
      made = new TestCase({ setUpTestData: () => 'x' });
    } finally {
      Object.assign(globalThis, { beforeAll, beforeEach, afterEach, afterAll });
    }
    expect(() => made?.data).toThrow("'data' of a test case is there while one of its tests runs");
    expect(() => made?.client).toThrow("'client' of a test case is there while one of its tests runs");
  });

  it('a reference to nothing is found when the transaction would end', async () => {
    const connection = connections.get();
    await connection.enterTest();
    await connection.execute('PRAGMA defer_foreign_keys = ON');
    await Permission.objects.create({ contentTypeId: 999, codename: 'x', name: 'x' });
    await expect(connection.leaveTest({ check: true })).rejects.toThrow(IntegrityError);
    expect(connection.inAtomicBlock).toBe(false);
    expect(await Permission.objects.filter({ codename: 'x' }).exists()).toBe(false);
  });

  it('captureOnCommitCallbacks is for a TestCase', async () => {
    await expect(captureOnCommitCallbacks(() => undefined)).rejects.toThrow('is for a TestCase');
  });

  it('modifySettings changes lists', async () => {
    const change = { INSTALLED_APPS: { prepend: 'a', append: ['b', 'tsango.contrib.auth'], remove: 'c' } };
    await modifySettings({ LANGUAGES_BIDI: { append: 'xx', remove: ['he'] } }, () => {
      expect(settings.LANGUAGES_BIDI).toContain('xx');
      expect(settings.LANGUAGES_BIDI).not.toContain('he');
    });
    expect(settings.LANGUAGES_BIDI).not.toContain('xx');
    expect(change.INSTALLED_APPS.append).toHaveLength(2);
    expect(() => modifySettings({ LANGUAGE_CODE: { append: 'x' } } as never)).toThrow(
      'modifySettings() changes settings that are lists, and LANGUAGE_CODE is none.',
    );
  });
});
