/** What a transaction has not committed is neither in a cache nor taken for saved. */
import { configure, overrideSettings, resetSettings, type Settings } from 'tsango/conf';
import type { SessionBase } from 'tsango/contrib/sessions';
import { SessionStore as CacheStore } from 'tsango/contrib/sessions/backends/cache';
import { SessionStore as CachedDBStore } from 'tsango/contrib/sessions/backends/cached_db';
import { SessionStore as DBStore } from 'tsango/contrib/sessions/backends/db';
import { caches } from 'tsango/core/cache';
import { LocMemCache } from 'tsango/core/cache/backends/locmem';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { HttpResponse } from 'tsango/http/response';
import { Client } from 'tsango/test';
import { path } from 'tsango/urls';
import type { MaybePromise } from 'tsango/utils/maybe_promise';
import { describeWith } from '../../support/services';
import { createSessionTable, DATABASES, dropSessionTable } from '../../support/session_table';
import { SQLITE_ENGINE } from '../../support/sqlite';

const PREFIX = 'django.contrib.sessions.cached_db';

beforeAll(() => {
  resetSettings();
  configure({
    SECRET_KEY: 'a secret of the tests',
    ALLOWED_HOSTS: ['*'],
    LOGGING_CONFIG: null,
    TIME_ZONE: 'UTC',
  });
});
afterAll(async () => {
  await connections.closeAll();
  resetSettings();
});

function within(settings: Partial<Settings>, body: () => Promise<void>): Promise<void> {
  return overrideSettings(settings, body) as Promise<void>;
}

async function fresh(items: Record<string, unknown>): Promise<string> {
  const session = new CachedDBStore();
  session.update(items);
  await session.save();
  return session.sessionKey as string;
}

const stored = async (key: string): Promise<unknown> => new DBStore(key).load();
const seen = async (key: string): Promise<unknown> => new CachedDBStore(key).load();

/** So many turns of the event loop. */
async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}

class RolledBack extends Error {}

async function rollBack(body: () => Promise<unknown>): Promise<void> {
  const outcome = connections.get().atomic(async () => {
    await body();
    throw new RolledBack();
  });
  await expect(outcome).rejects.toThrow(RolledBack);
}

describe.each(Object.entries(DATABASES))('cached_db on %s', (_title, { needs, settings }) => {
  describeWith(needs, 'its database', () => {
    const site = {
      DATABASES: { default: settings },
      CACHES: { default: { BACKEND: 'tsango.core.cache.backends.locmem.LocMemCache', LOCATION: 'tx' } },
    };
    const test = (name: string, body: () => Promise<void>): void =>
      it(name, () =>
        within(site, async () => {
          await createSessionTable();
          await caches.get('default').clear();
          try {
            await body();
          } finally {
            await dropSessionTable();
          }
        }),
      );

    test('a session that was logged out does not come back from the cache', async () => {
      const key = await fresh({ _auth_user_id: '1' });
      let commit = (): void => undefined;
      let flushed = (): void => undefined;
      const committing = new Promise<void>((resolve) => (commit = resolve));
      const isFlushed = new Promise<void>((resolve) => (flushed = resolve));
      // The first request logs out, and goes on for a while in its transaction; the second one reads meanwhile.
      const first = connections.get().atomic(async () => {
        const session = new CachedDBStore(key);
        await session.load();
        await session.flush();
        flushed();
        await committing;
      });
      await isFlushed;
      // Where the database lets nobody read beside a transaction, the second one waits for the first.
      const second = seen(key);
      await Promise.race([second, turns(20)]);
      commit();
      await Promise.all([first, second]);
      expect([await stored(key), await seen(key)]).toEqual([{}, {}]);
    });

    test('what is rolled back was never in the cache', async () => {
      let created = '';
      await rollBack(async () => {
        created = await fresh({ _auth_user_id: '1' });
      });
      expect([await stored(created), await seen(created)]).toEqual([{}, {}]);

      const key = await fresh({ role: 'user' });
      await rollBack(async () => {
        const session = new CachedDBStore(key);
        await session.load();
        session['role'] = 'admin';
        await session.save();
        // Read by the transaction itself, too.
        expect(await seen(key)).toEqual({ role: 'admin' });
      });
      expect([await stored(key), await seen(key)]).toEqual([{ role: 'user' }, { role: 'user' }]);

      await rollBack(async () => {
        const session = new CachedDBStore(key);
        await session.load();
        await session.flush();
      });
      expect([await stored(key), await seen(key)]).toEqual([{ role: 'user' }, { role: 'user' }]);
    });

    test('a savepoint that is rolled back counts for as little', async () => {
      const key = await fresh({ role: 'user' });
      await connections.get().atomic(async () => {
        await rollBack(async () => {
          const session = new CachedDBStore(key);
          await session.load();
          session['role'] = 'admin';
          await session.save();
        });
        expect(await seen(key)).toEqual({ role: 'user' });
      });
      expect([await stored(key), await seen(key)]).toEqual([{ role: 'user' }, { role: 'user' }]);
    });

    test('what is committed is seen', async () => {
      const key = await fresh({ role: 'user' });
      await connections.get().atomic(async () => {
        const session = new CachedDBStore(key);
        await session.load();
        session['role'] = 'admin';
        await session.save();
      });
      expect(await seen(key)).toEqual({ role: 'admin' });
      expect(await caches.get('default').get(PREFIX + key)).toEqual({ role: 'admin' });
    });

    test('another spelling of the key is no session', async () => {
      const key = await fresh({ _auth_user_id: '1' });
      const other = new CachedDBStore(key.toUpperCase());
      expect([await other.load(), other.sessionKey]).toEqual([{}, null]);
      expect(await new DBStore().exists(key.toUpperCase())).toBe(false);
      await new CachedDBStore().delete(key.toUpperCase());
      expect(await seen(key)).toEqual({ _auth_user_id: '1' });
      const unread = new DBStore(key.toUpperCase());
      unread.clear();
      await expect(unread.save()).rejects.toThrow('Invalid characters in session key');
      expect(await stored(key)).toEqual({ _auth_user_id: '1' });
    });

    test('all sessions of a user end, also one whose key only another program makes', async () => {
      const key = await fresh({ _auth_user_id: '1' });
      await connections.get().execute('UPDATE django_session SET session_key = ?', ['Made-By Another']);
      expect(await CachedDBStore.endUserSessions('1')).toBe(1);
      expect((await connections.get().execute('SELECT * FROM django_session')).rows).toEqual([]);
      expect(await seen(key)).toEqual({ _auth_user_id: '1' }); // As in any cache: the row was renamed behind it.
    });
  });
});

/** A cache whose process ends at one of its calls: what it does is done, and nobody hears of it. */
class Fatal extends LocMemCache {
  static ends: { method: string; calls: number; reached: () => void } | undefined;

  /** The process ends at that call. Resolves when it has. */
  static async at(method: string, calls = 1): Promise<void> {
    await new Promise<void>((reached) => {
      Fatal.ends = { method, calls, reached };
    });
  }

  private lastly<T extends MaybePromise<unknown>>(method: string, done: T): T {
    const { ends } = Fatal;
    if (ends?.method !== method || --ends.calls > 0) return done;
    Fatal.ends = undefined;
    ends.reached();
    return new Promise(() => undefined) as T;
  }

  override add(...args: Parameters<LocMemCache['add']>): boolean {
    return this.lastly('add', super.add(...args) as boolean);
  }

  override set = (...args: Parameters<LocMemCache['set']>): MaybePromise<void> =>
    this.lastly('set', LocMemCache.prototype.set.apply(this, args));
}

describe('cached_db, when a process ends', () => {
  const site = {
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    CACHES: { default: { BACKEND: Fatal } },
  };
  const MINUTE = 61_000;

  beforeEach(() => {
    jest.useFakeTimers({ now: Date.now(), doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  const test = (name: string, body: () => Promise<void>): void =>
    it(name, () =>
      within(site as Partial<Settings>, async () => {
        await createSessionTable();
        try {
          await body();
        } finally {
          await dropSessionTable();
        }
      }),
    );

  test('between reading the row and comparing the entry with it', async () => {
    const key = await fresh({ _auth_user_id: '1' });
    await caches.get('default').clear();
    const end = Fatal.at('add');
    void new CachedDBStore(key).load();
    await end;
    // The row goes by another way than this cache.
    await new DBStore().delete(key);
    jest.setSystemTime(Date.now() + MINUTE);
    expect(await seen(key)).toEqual({});
  });

  test('between writing the row and comparing the entry with it', async () => {
    const key = await fresh({ role: 'admin' });
    const session = new CachedDBStore(key);
    await session.load();
    session['role'] = 'user';
    const end = Fatal.at('set');
    void session.save();
    await end;
    await new DBStore().delete(key);
    jest.setSystemTime(Date.now() + MINUTE);
    expect(await seen(key)).toEqual({});
  });

  test('in the middle of a logout', async () => {
    const key = await fresh({ _auth_user_id: '1' });
    await caches.get('default').set(PREFIX + key, { _auth_user_id: '1' }, 1000);
    const end = Fatal.at('set', 2);
    void new CachedDBStore(key).delete();
    await end;
    expect([await stored(key), await seen(key)]).toEqual([{}, {}]);
  });

  test('an entry that was compared with its row lives as long as it', async () => {
    const key = await fresh({ role: 'user' });
    for (const read of [true, false]) {
      const session = new CachedDBStore(key);
      if (read) await caches.get('default').clear();
      await session.load();
      if (!read) await session.save();
      jest.setSystemTime(Date.now() + 10 * MINUTE);
      expect(await caches.get('default').get(PREFIX + key)).toEqual({ role: 'user' });
    }
  });
});

describe('a session that was saved in a transaction', () => {
  const site = {
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    CACHES: {
      default: { BACKEND: 'tsango.core.cache.backends.db.DatabaseCache', LOCATION: 'cache_table' },
    },
    INSTALLED_APPS: ['tsango.contrib.sessions'],
    MIDDLEWARE: ['tsango.contrib.sessions.middleware.SessionMiddleware'],
  };

  const STORES = {
    db: DBStore,
    cached_db: CachedDBStore,
    cache: CacheStore,
  } as unknown as Record<string, new (key: string) => SessionBase>;

  it.each(['db', 'cached_db', 'cache'])(
    '%s: is saved again after a rollback, and only then',
    async (engine) => {
      const rolledBack = async (session: SessionBase): Promise<void> => {
        await rollBack(async () => {
          session['name'] = 'amrit';
          await session.save();
        });
      };
      const committed = async (session: SessionBase): Promise<void> => {
        await connections.get().atomic(async () => {
          session['name'] = 'binod';
          await session.save();
        });
      };
      const unchanged: boolean[] = [];
      const urls = {
        urlpatterns: [
          path('new/', (request) => {
            request.session['n'] = 1;
            return new HttpResponse('');
          }),
          path('back/', async (request) => {
            await rolledBack(request.session);
            return new HttpResponse('');
          }),
          path('kept/', async (request) => {
            await committed(request.session);
            const { rows } = await connections.get().execute('SELECT total_changes() AS n');
            unchanged.push(true);
            return new HttpResponse(String(rows[0]?.['n']));
          }),
        ],
      };
      await within(
        {
          ...site,
          ROOT_URLCONF: urls,
          SESSION_ENGINE: `tsango.contrib.sessions.backends.${engine}`,
        } as unknown as Partial<Settings>,
        async () => {
          await createSessionTable();
          await callCommand('createcachetable');
          const client = new Client();
          await client.get('/new/');
          const key = client.cookies.get('sessionid')?.value as string;
          const Store = STORES[engine] as new (key: string) => SessionBase;
          expect(await new Store(key).load()).toEqual({ n: 1 });
          await client.get('/back/');
          expect(await new Store(key).load()).toEqual({ n: 1, name: 'amrit' });
          const { text } = await client.get('/kept/');
          expect(await new Store(key).load()).toEqual({ n: 1, name: 'binod' });
          const { rows } = await connections.get().execute('SELECT total_changes() AS n');
          expect(unchanged).toEqual([true]);
          // Nothing was written after the view: what was committed is saved.
          if (engine === 'db') expect(String(rows[0]?.['n'])).toBe(text);
          await connections.closeAll();
        },
      );
    },
  );
});
