import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { endUserSessions, NotImplementedError, SessionTooLarge } from 'tsango/contrib/sessions';
import { STATE } from 'tsango/contrib/sessions/backends/base';
import { SessionStore as CacheStore } from 'tsango/contrib/sessions/backends/cache';
import { SessionStore as CachedDBStore } from 'tsango/contrib/sessions/backends/cached_db';
import { SessionStore as DBStore } from 'tsango/contrib/sessions/backends/db';
import { SessionStore as FileStore } from 'tsango/contrib/sessions/backends/file';
import { SessionStore as CookieStore, revokeSessions } from 'tsango/contrib/sessions/backends/signed_cookies';
import { AbstractBaseSession } from 'tsango/contrib/sessions/base_session';
import { Session } from 'tsango/contrib/sessions/models';
import { caches } from 'tsango/core/cache';
import { BaseCache } from 'tsango/core/cache/backends/base';
import { ImproperlyConfigured } from 'tsango/core/exceptions';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { captureLogs } from '../../support/logs';
import { createSessionTable, dropSessionTable } from '../../support/session_table';
import { SQLITE_ENGINE } from '../../support/sqlite';

const announced = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A cache server that is away. */
class DownCache extends BaseCache {
  static asked = 0;
  private fail(): Promise<never> {
    DownCache.asked += 1;
    return Promise.reject(new Error('connect ECONNREFUSED'));
  }
  override add = (): Promise<never> => this.fail();
  override get = (): Promise<never> => this.fail();
  override set = (): Promise<never> => this.fail();
  override touch = (): Promise<never> => this.fail();
  override delete = (): Promise<never> => this.fail();
  override clear = (): Promise<never> => this.fail();
}

beforeAll(async () => {
  resetSettings();
  configure({
    SECRET_KEY: 'a secret of the tests',
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
    CACHES: {
      default: { BACKEND: 'tsango.core.cache.backends.locmem.LocMemCache', LOCATION: 'engines' },
      down: { BACKEND: DownCache },
    },
    LOGGING_CONFIG: null,
  });
  await createSessionTable();
});
afterAll(async () => {
  await dropSessionTable();
  resetSettings();
});
afterEach(() => {
  jest.useRealTimers();
});

async function rows(): Promise<Record<string, unknown>[]> {
  return (await connections.get().execute('SELECT * FROM django_session')).rows;
}

describe('db', () => {
  beforeEach(async () => {
    await connections.get().execute('DELETE FROM django_session');
  });

  it("stores Django's row", async () => {
    jest.useFakeTimers({ now: new Date('2026-12-19T03:04:05.678Z') });
    const session = new DBStore();
    session['name'] = 'amrit panta';
    await session.save();
    expect(await rows()).toEqual([
      {
        session_key: session.sessionKey,
        session_data: expect.stringMatching(/^eyJuYW1lIjoiYW1yaXQgcGFudGEifQ:1[0-9A-Za-z]{5}:[\w-]{43}$/),
        expire_date: '2027-01-02 03:04:05.678000',
      },
    ]);
  });

  it('signs under the name of the class, as Django does', async () => {
    class Other extends DBStore {}
    const session = new Other();
    expect(session.keySalt).toBe('django.contrib.sessions.Other');
    expect(new DBStore().keySalt).toBe('django.contrib.sessions.SessionStore');
    (session as unknown as Record<string, unknown>)['constructor'] = 'changed';
    expect(session.keySalt).toBe('django.contrib.sessions.Other');
  });

  it('reads a session beside a transaction that somebody else has open', async () => {
    const stored = new DBStore();
    stored['a'] = 1;
    await stored.save();
    let end = (): void => undefined;
    const transaction = connections.get().atomic(() => new Promise<void>((resolve) => (end = resolve)));
    const session = new DBStore(stored.sessionKey);
    expect(session['a']).toBe(1);
    end();
    await transaction;
  });

  it('logs a row that was tampered with, once, under the name that Django gives it', async () => {
    const session = new DBStore();
    session['a'] = 1;
    await session.save();
    await connections.get().execute("UPDATE django_session SET session_data = session_data || 'x'");
    const logged = await captureLogs('tsango.security', () => {
      expect(new DBStore(session.sessionKey).keys()).toEqual([]);
    });
    expect(logged).toEqual(['WARNING:tsango.security.SuspiciousSession:Session data corrupted']);
  });

  it('reads what was signed with an older secret, and rewrites it with the newest', async () => {
    const session = new DBStore();
    session['a'] = 1;
    await session.save();
    await overrideSettings(
      { SECRET_KEY: 'the next one', SECRET_KEY_FALLBACKS: ['a secret of the tests'] },
      async () => {
        const later = new DBStore(session.sessionKey);
        expect(later['a']).toBe(1);
        later['b'] = 2;
        await later.save();
      },
    );
    await overrideSettings({ SECRET_KEY: 'the next one', SECRET_KEY_FALLBACKS: [] }, () => {
      expect({ ...new DBStore(session.sessionKey) }).toEqual({ a: 1, b: 2 });
    });
  });

  it('takes the serializer of the settings', async () => {
    class Reversed {
      dumps(value: unknown): Uint8Array {
        return Buffer.from(JSON.stringify(value)).reverse();
      }
      loads(data: Buffer): unknown {
        return JSON.parse(Buffer.from(data).reverse().toString());
      }
    }
    await overrideSettings({ SESSION_SERIALIZER: Reversed }, async () => {
      const session = new DBStore();
      session['name'] = 'é'.repeat(300);
      await session.save();
      expect(new DBStore(session.sessionKey)['name']).toBe('é'.repeat(300));
    });
  });

  it.each([
    ['at', new Date(0), 'Date'],
    ['cart', { lines: [{ at: new Date(0) }] }, 'Date'],
    ['names', new Map(), 'Map'],
  ])('says which value cannot be stored: %s', async (key, value, type) => {
    const session = new DBStore();
    session['before'] = 'can be stored';
    session[key] = value;
    await expect(session.save()).rejects.toMatchObject({
      name: 'TypeError',
      message:
        `request.session['${key}'] cannot be stored: Object of type ${type} is not JSON serializable. ` +
        'Store a form of it that is JSON: of a date, its toISOString().',
    });
  });

  it('has rows that are a model', async () => {
    const session = new DBStore();
    session['_auth_user_id'] = '7';
    await session.save();
    const row = await Session.objects.get({ sessionKey: session.sessionKey });
    expect(row.getDecoded()).toEqual({ _auth_user_id: '7' });
    expect(String(row)).toBe(session.sessionKey);
    expect(row.expireDate).toBeInstanceOf(Date);
    expect(Session.getSessionStoreClass()).toBe(DBStore);
    row.sessionData = 'tampered';
    await captureLogs('tsango.security', () => {
      expect(row.getDecoded()).toEqual({});
    });
  });

  it('ends the sessions of a user', async () => {
    for (const user of ['1', '1', '2']) {
      const session = new DBStore();
      session['_auth_user_id'] = user;
      await session.save();
    }
    expect(await endUserSessions(1)).toBe(2);
    expect(await rows()).toHaveLength(1);
  });
});

/** The engine of Django's documentation: a column that tells whose session it is. */
class CustomSession extends AbstractBaseSession {
  static override readonly Meta = { appLabel: 'mysite', dbTable: 'mysite_session' };
  declare static readonly objects: models.Manager<CustomSession>;

  @models.IntegerField({ null: true, dbIndex: true })
  declare accountId: number | null;

  static override getSessionStoreClass(): typeof DBStore {
    return CustomStore;
  }
}

class CustomStore extends DBStore {
  static override getModelClass(): typeof CustomSession {
    return CustomSession;
  }

  override createModelInstance(data: Record<string, unknown>): CustomSession {
    const row = super.createModelInstance(data) as CustomSession;
    const id = Number(data['_auth_user_id'] ?? Number.NaN);
    row.accountId = Number.isInteger(id) ? id : null;
    return row;
  }
}

class CustomCachedStore extends CachedDBStore {
  override cacheKeyPrefix = 'mysite.sessions.';
  static override getModelClass(): typeof CustomSession {
    return CustomSession;
  }
}

describe("a site's own engine", () => {
  beforeAll(async () => {
    await connections
      .get()
      .execute(
        'CREATE TABLE mysite_session (session_key varchar(40) NOT NULL PRIMARY KEY, session_data text NOT NULL, ' +
          'expire_date datetime NOT NULL, account_id integer NULL)',
      );
  });

  it('keeps columns of its own', async () => {
    const session = new CustomStore();
    session['name'] = 'amrit';
    await session.save();
    const read = async () => (await connections.get().execute('SELECT * FROM mysite_session')).rows[0];
    expect(await read()).toMatchObject({ session_key: session.sessionKey, account_id: null });
    const [one, two] = [new CustomStore(session.sessionKey), new CustomStore(session.sessionKey)];
    one['_auth_user_id'] = '7';
    two['other'] = true;
    await two.save();
    await one.save();
    expect(await read()).toMatchObject({ account_id: 7 });
    const row = await CustomSession.objects.get({ accountId: 7 });
    expect(row.getDecoded()).toEqual({ name: 'amrit', other: true, _auth_user_id: '7' });
    expect(await CustomStore.endUserSessions(7)).toBe(1);
  });

  it('may name its cache entries', async () => {
    const session = new CustomCachedStore();
    session['a'] = 1;
    await session.save();
    expect(await caches.get('default').get(`mysite.sessions.${session.sessionKey}`)).toEqual({ a: 1 });
    expect(session.keys()).toEqual(['a']);
  });
});

describe('file', () => {
  let folder: string;
  let restore: () => Promise<void>;
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'sessions-'));
    restore = overrideSettings({ SESSION_FILE_PATH: folder });
    await announced();
  });
  afterEach(async () => {
    await restore();
    rmSync(folder, { recursive: true, force: true });
  });

  it("writes Django's file, for the server's eyes only", async () => {
    const session = new FileStore();
    session['name'] = 'amrit panta';
    await session.save();
    expect(readdirSync(folder)).toEqual([`sessionid${session.sessionKey}`]);
    const file = path.join(folder, `sessionid${session.sessionKey}`);
    expect(readFileSync(file, 'utf8')).toMatch(/^eyJuYW1lIjoiYW1yaXQgcGFudGEifQ:/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    session['name'] = 'other';
    await session.save();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('expires by the time of the file', async () => {
    const session = new FileStore();
    session['a'] = 1;
    await session.save();
    const file = path.join(folder, `sessionid${session.sessionKey}`);
    const age = (seconds: number): void => {
      utimesSync(file, Date.now() / 1000 - seconds, Date.now() / 1000 - seconds);
    };
    age(1_209_500);
    expect(new FileStore(session.sessionKey).get('a')).toBe(1);
    age(1_209_700);
    expect(new FileStore(session.sessionKey).get('a')).toBeNull();
  });

  it('takes the empty file that Django makes first for an empty session', async () => {
    writeFileSync(path.join(folder, `sessionid${'a'.repeat(32)}`), '');
    const session = new FileStore('a'.repeat(32));
    expect(session.keys()).toEqual([]);
    expect(session.sessionKey).toBe('a'.repeat(32));
  });

  it('names the setting where the folder is not there', async () => {
    await overrideSettings({ SESSION_FILE_PATH: path.join(folder, 'missing') }, () => {
      expect(() => FileStore.storagePath()).toThrow(
        new ImproperlyConfigured(
          `The session storage path '${folder}/missing' doesn't exist. Please set your SESSION_FILE_PATH setting to ` +
            'an existing directory in which tsango can store session data.',
        ),
      );
    });
  });

  it('names the setting where the folder cannot be written to', async () => {
    const other = path.join(folder, 'readonly');
    mkdirSync(other);
    await overrideSettings({ SESSION_FILE_PATH: other }, async () => {
      FileStore.storagePath();
      if (process.getuid?.() === 0) rmSync(other, { recursive: true });
      else chmodSync(other, 0o500);
      const session = new FileStore();
      session['a'] = 1;
      await expect(session.save()).rejects.toThrow(
        /^Sessions cannot be stored in '.*'.* Set SESSION_FILE_PATH to a/,
      );
      await expect(session.save()).rejects.toBeInstanceOf(ImproperlyConfigured);
    });
  });

  it('takes a lock that a dead process left for none', async () => {
    const session = new FileStore();
    session['a'] = 1;
    await session.save();
    const lock = path.join(folder, `sessionid${session.sessionKey}_lock`);
    writeFileSync(lock, '');
    utimesSync(lock, Date.now() / 1000 - 60, Date.now() / 1000 - 60);
    session['a'] = 2;
    await session.save();
    expect(new FileStore(session.sessionKey)['a']).toBe(2);
    expect(readdirSync(folder)).toHaveLength(1);
  });

  it('uses the temporary directory unless told otherwise', async () => {
    await overrideSettings({ SESSION_FILE_PATH: null }, () => {
      expect(FileStore.storagePath()).toBe(tmpdir());
    });
  });
});

describe('signed_cookies', () => {
  it('refuses a session that browsers would drop', async () => {
    const session = new CookieStore();
    for (let i = 0; i < 500; i++) session[`key${i}`] = Math.random().toString(36);
    const error = await session.save().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(SessionTooLarge);
    expect(String(error)).toMatch(
      /^SessionTooLarge: The session takes a cookie of \d{4,5} bytes, and browsers drop cookies of more than 4096\. Keep less in request\.session, or keep sessions on the server: SESSION_ENGINE = 'tsango\.contrib\.sessions\.backends\.db'\.$/,
    );
  });

  it('replaces a cookie that cannot be read by that of an empty session, as Django does', async () => {
    const session = new CookieStore('tampered:with:cookie');
    await captureLogs('tsango.security', () => {
      expect(session.get('a')).toBeNull();
    });
    expect(session.modified).toBe(true);
    await session.save();
    expect(session.sessionKey).toMatch(/^e30:/);
  });

  it('refuses cookies that were taken back', async () => {
    jest.useFakeTimers({
      now: new Date('2026-11-22T17:01:00Z'),
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout'],
    });
    const make = async (items: Record<string, unknown>): Promise<string | null> => {
      const session = new CookieStore();
      session.update(items);
      await session.save();
      return session.sessionKey;
    };
    const [mine, other] = [await make({ _auth_user_id: '7' }), await make({ _auth_user_id: '8' })];
    await expect(revokeSessions({ userId: 7 })).rejects.toThrow(NotImplementedError);
    await overrideSettings({ SESSION_REVOCATION_CACHE_ALIAS: 'default' }, async () => {
      expect(CookieStore.readsAtOnce()).toBe(false);
      const read = async (key: string | null): Promise<unknown> => {
        const session = new CookieStore(key);
        await session.load();
        return session.get('_auth_user_id');
      };
      expect([await read(mine), await read(other)]).toEqual(['7', '8']);
      await CookieStore.endUserSessions(7);
      expect([await read(mine), await read(other)]).toEqual([null, '8']);
      jest.setSystemTime(Date.now() + 1000);
      const later = await make({ _auth_user_id: '7' });
      expect(await read(later)).toBe('7');
      await revokeSessions();
      expect([await read(later), await read(other)]).toEqual([null, null]);
    });
    await overrideSettings({ SESSION_REVOCATION_CACHE_ALIAS: 'down' }, async () => {
      await expect(new CookieStore(mine).load()).rejects.toThrow('connect ECONNREFUSED');
    });
  });
});

describe('cache', () => {
  it("has Django's entries", async () => {
    const session = new CacheStore();
    session['name'] = 'amrit';
    await session.save();
    expect(await caches.get('default').get(`django.contrib.sessions.cache${session.sessionKey}`)).toEqual({
      name: 'amrit',
    });
  });

  it('takes a visitor for a new one while the cache is away, and says so', async () => {
    await overrideSettings({ SESSION_CACHE_ALIAS: 'down' }, async () => {
      const session = new CacheStore('abcdefghijklmnopqrstuvwxyz012345');
      const logged = await captureLogs('tsango.contrib.sessions', () => session.load());
      expect(logged).toEqual(['ERROR:tsango.contrib.sessions:Error reading the session from the cache.']);
      expect(session.keys()).toEqual([]);
      session['a'] = 1;
      await expect(session.save()).rejects.toThrow('connect ECONNREFUSED');
    });
  });

  it('cannot list its sessions', async () => {
    await expect(CacheStore.endUserSessions(1)).rejects.toThrow(NotImplementedError);
    expect(await CacheStore.clearExpired()).toBe(0);
  });
});

describe('cached_db', () => {
  it('goes on with the database while the cache is away, and leaves the cache alone for a while', async () => {
    await overrideSettings({ SESSION_CACHE_ALIAS: 'down' }, async () => {
      DownCache.asked = 0;
      const logged = await captureLogs('tsango.contrib.sessions', async () => {
        const session = new CachedDBStore();
        session['a'] = 1;
        await session.save();
        for (let n = 2; n < 10; n++) {
          const next = new CachedDBStore(session.sessionKey);
          await next.load();
          expect(next['a']).toBe(n - 1);
          next['a'] = n;
          await next.save();
        }
        await session.delete();
        const gone = new CachedDBStore(session.sessionKey);
        await gone.load();
        expect(gone.get('a')).toBeNull();
      });
      expect(DownCache.asked).toBe(1);
      expect(logged).toEqual(["ERROR:tsango.contrib.sessions:Error using the cache 'down' for sessions."]);
    });
  });

  it('survives a cache that was flushed', async () => {
    const session = new CachedDBStore();
    session['a'] = 1;
    await session.save();
    await caches.get('default').clear();
    const again = new CachedDBStore(session.sessionKey);
    await again.load();
    expect(again['a']).toBe(1);
    expect(await caches.get('default').get(`django.contrib.sessions.cached_db${session.sessionKey}`)).toEqual(
      { a: 1 },
    );
  });

  it('puts no entry back for a session that was deleted while it was saved', async () => {
    const session = new CachedDBStore();
    session['a'] = 1;
    await session.save();
    const entry = `django.contrib.sessions.cached_db${session.sessionKey}`;
    const cache = caches.get('default');
    const set = jest.spyOn(cache, 'set').mockImplementationOnce(async (...args) => {
      // Another request deletes the session between the row and the entry of this one.
      await new CachedDBStore().delete(session.sessionKey);
      await cache.set(...args);
    });
    session['a'] = 2;
    await session.save();
    set.mockRestore();
    expect(await cache.get(entry)).toBeUndefined();
    const later = new CachedDBStore(session.sessionKey);
    await later.load();
    expect([later.get('a'), later[STATE].key]).toEqual([null, null]);
  });
});
