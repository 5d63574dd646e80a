/**
 * Sessions in the database, read from the cache of SESSION_CACHE_ALIAS. The database is right where the two differ;
 * a cache that is down, slow or flushed loses nothing. Django: `django.contrib.sessions.backends.cached_db`.
 */
import { settings } from '../../../conf';
import { type BaseCache, caches } from '../../../core/cache';
import { isPlainObject } from '../../../python/str';
import { attempt, type MaybePromise, then } from '../../../utils/maybe_promise';
import { cacheFailed, cacheIsResting, cacheWorked, forgetLater } from '../store/cache_breaker';
import { isPossibleKey, STATE, type StoredSession } from './base';
import { connectionOf, SessionStore as DBStore, readRow, stored, tableOf } from './db';

/** What precedes the session key in the cache's key. */
export const KEY_PREFIX = 'django.contrib.sessions.cached_db';

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
          const expires = connectionOf(this).ops.toDatetime(row['expire_date']);
          return then(fill(this, key, found, expires), () => found);
        });
      },
    );
  }

  override doExists(sessionKey: string): MaybePromise<boolean> {
    if (!isPossibleKey(sessionKey)) return false;
    return then(
      cached((cache) => cache.hasKey(cacheKey(this, sessionKey)), false),
      (found) => found || super.doExists(sessionKey),
    );
  }

  override doSave(mustCreate: boolean): MaybePromise<void> {
    const state = this[STATE];
    if (state.key === null) return this.doCreate();
    return then(super.doSave(mustCreate), () => {
      const { key, data } = state;
      if (key === null || data === undefined) return;
      const set = cached(
        (cache) => then(cache.set(cacheKey(this, key), data, this.getExpiryAge()), () => true),
        false,
      );
      return then(set, (done) => {
        if (!done) return forget(this, key);
        return mustCreate ? undefined : verify(this, key, state.revision);
      });
    });
  }

  override doDelete(sessionKey: string): MaybePromise<void> {
    if (!isPossibleKey(sessionKey)) return;
    return then(super.doDelete(sessionKey), () => forget(this, sessionKey));
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
    cached((cache) => cache.add(cacheKey(session, key), data, age), false),
    (added) => (added ? verify(session, key, revision) : undefined),
  );
}

/**
 * Between writing the row and writing the entry somebody else may have written, or deleted, the session: then the
 * entry is older than the row, and goes. Without that a session that was logged out could come back from the
 * cache.
 */
function verify(session: SessionStore, key: string, revision: unknown): MaybePromise<void> {
  return then(tableOf(session).current.get([key]), (row) => {
    if (row !== undefined && (revision === undefined || row['session_data'] === revision)) return;
    return forget(session, key);
  });
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
