/**
 * Sessions in the database, read from the cache of SESSION_CACHE_ALIAS. The database is right where the two differ;
 * a cache that is down, slow or flushed loses nothing. Django: `django.contrib.sessions.backends.cached_db`.
 */
import { settings } from '../../../conf';
import { type BaseCache, caches } from '../../../core/cache';
import { isPlainObject } from '../../../python/dict';
import { attempt, type MaybePromise, then } from '../../../utils/maybe_promise';
import { cacheFailed, cacheIsResting, cacheWorked, forgetLater } from '../store/cache_breaker';
import { isPossibleKey } from '../store/keys';
import { type SessionDict, STATE, type StoredSession } from './base';
import { connectionOf, SessionStore as DBStore, readRow, stored, tableOf } from './db';

/** What precedes the session key in the cache's key. */
export const KEY_PREFIX = 'django.contrib.sessions.cached_db';

/**
 * Seconds that an entry lives whose session may yet turn out to be another: one that was not compared with the row
 * since it was written, and the mark that stands for a session whose row is about to change. A process that ends in
 * between leaves nothing behind for longer.
 */
const PROVISIONAL = 60;

/** Session store on a database behind a cache. */
export class SessionStore extends DBStore {
  /** What precedes the session key in the cache's key. A subclass may have its own. */
  declare cacheKeyPrefix: string;

  static override readsAtOnce(): boolean {
    return !caches.get(settings.SESSION_CACHE_ALIAS).shared && super.readsAtOnce();
  }

  override doLoad(): MaybePromise<StoredSession | null> {
    const { key } = this[STATE];
    if (!isPossibleKey(key)) return null;
    return then(
      cached<unknown>((cache) => cache.get<unknown>(cacheKey(this, key)), undefined),
      (value) => {
        if (isPlainObject(value)) return { data: value };
        return then(readRow(this, true), (row) => {
          const found = stored(this, row);
          if (found === null || row === undefined) return null;
          const connection = connectionOf(this);
          // What the transaction around this sees need not come true.
          if (connection.awaitsCommit) return found;
          return then(fill(this, key, found, connection.ops.toDatetime(row['expire_date'])), () => found);
        });
      },
    );
  }

  override doExists(sessionKey: string): MaybePromise<boolean> {
    if (!isPossibleKey(sessionKey)) return false;
    return then(
      cached<unknown>((cache) => cache.get(cacheKey(this, sessionKey)), undefined),
      (found) => isPlainObject(found) || super.doExists(sessionKey),
    );
  }

  override doSave(mustCreate: boolean): MaybePromise<void> {
    const state = this[STATE];
    if (state.key === null) return this.doCreate();
    return then(super.doSave(mustCreate), () => {
      const { key, data } = state;
      if (key === null || data === undefined) return;
      if (connectionOf(this).awaitsCommit) return buryUntilCommit(this, key);
      const age = this.getExpiryAge();
      // Of a new session nobody else knows the key.
      if (!mustCreate) return setVerified(this, key, data, age, state.revision);
      const set = cached((cache) => then(cache.set(cacheKey(this, key), data, age), () => true), false);
      return then(set, (done) => (done ? undefined : forget(this, key)));
    });
  }

  protected override removeRow(sessionKey: string): MaybePromise<void> {
    // Before, for a process that ends once the row is gone; after, for who read the row until then.
    return then(bury(this, sessionKey), () =>
      then(super.removeRow(sessionKey), () =>
        connectionOf(this).awaitsCommit ? buryUntilCommit(this, sessionKey) : bury(this, sessionKey),
      ),
    );
  }
}

// Of the class, as in Django: a field would be assigned for every session.
SessionStore.prototype.cacheKeyPrefix = KEY_PREFIX;

/** What the cache says; `fallback` if it is out of order. */
function cached<T>(ask: (cache: BaseCache) => MaybePromise<T>, fallback: T): MaybePromise<T> {
  const alias = settings.SESSION_CACHE_ALIAS;
  if (cacheIsResting(alias)) return fallback;
  return attempt(
    () =>
      then(ask(caches.get(alias)), (value) => {
        cacheWorked(alias);
        return value;
      }),
    (error) => {
      cacheFailed(alias, error);
      return fallback;
    },
  );
}

function cacheKey(session: SessionStore, sessionKey: string): string {
  return session.cacheKeyPrefix + sessionKey;
}

/** Puts what the database has into the cache, for as long as the row lives, unless it was deleted meanwhile. */
function fill(
  session: SessionStore,
  key: string,
  { data, revision }: StoredSession,
  expires: Date,
): MaybePromise<void> {
  const age = Math.floor((expires.getTime() - Date.now()) / 1000);
  if (age <= 0) return;
  return then(
    cached((cache) => cache.add(cacheKey(session, key), data, Math.min(age, PROVISIONAL)), false),
    (added) => (added ? verify(session, key, age, revision) : undefined),
  );
}

/** Puts what was just stored into the cache. */
function setVerified(
  session: SessionStore,
  key: string,
  data: SessionDict,
  age: number,
  revision: unknown,
): MaybePromise<void> {
  const set = cached(
    (cache) => then(cache.set(cacheKey(session, key), data, Math.min(age, PROVISIONAL)), () => true),
    false,
  );
  return then(set, (done) => (done ? verify(session, key, age, revision) : forget(session, key)));
}

/**
 * Between writing the row and writing the entry somebody else may have written, or deleted, the session: then the
 * entry is older than the row, and goes; otherwise it may live as long as the row. Without that a session that was
 * logged out could come back from the cache.
 */
function verify(session: SessionStore, key: string, age: number, revision: unknown): MaybePromise<void> {
  return then(tableOf(session).current.get([key]), (row) => {
    const same = row !== undefined && (revision === undefined || row['session_data'] === revision);
    if (!same) return forget(session, key);
    if (age <= PROVISIONAL) return;
    const kept = cached((cache) => then(cache.touch(cacheKey(session, key), age), () => true), false);
    return then(kept, () => undefined);
  });
}

/** Puts a mark in the entry's place, so that nobody who read the row before can put it into the cache any more. */
function bury(session: SessionStore, sessionKey: string): MaybePromise<void> {
  const key = cacheKey(session, sessionKey);
  const buried = cached((cache) => then(cache.set(key, null, PROVISIONAL), () => true), false);
  return then(buried, (done) => {
    if (!done) forgetLater(settings.SESSION_CACHE_ALIAS, key);
  });
}

/** Until the transaction commits others see the row as it was; if it does not, that is what they should see. */
function buryUntilCommit(session: SessionStore, sessionKey: string): MaybePromise<void> {
  return then(bury(session, sessionKey), () =>
    connectionOf(session).onCommit(() => forget(session, sessionKey), { inTests: true }),
  );
}

/** Removes the entry; where the cache is out of order, as soon as it answers again. */
function forget(session: SessionStore, sessionKey: string): MaybePromise<void> {
  const key = cacheKey(session, sessionKey);
  const alias = settings.SESSION_CACHE_ALIAS;
  const deleted = cached((cache) => then(cache.delete(key), () => true), false);
  return then(deleted, (done) => {
    if (!done) forgetLater(alias, key);
  });
}
