/**
 * Sessions in the cache of SESSION_CACHE_ALIAS. They live as long as the cache keeps them.
 * Django: `django.contrib.sessions.backends.cache`.
 */
import { settings } from '../../../conf';
import { type BaseCache, caches } from '../../../core/cache';
import { isPlainObject } from '../../../python/dict';
import { getLogger } from '../../../utils/log';
import { attempt, type MaybePromise, then } from '../../../utils/maybe_promise';
import { ensureItems } from '../store/items';
import { isPossibleKey, requirePossibleKey } from '../store/keys';
import { mergeChanges, performSave, type Saved, type Saving } from '../store/saving';
import { CreateError, SessionBase, type SessionDict, STATE, type StoredSession, UpdateError } from './base';

/** What precedes the session key in the cache's key. */
export const KEY_PREFIX = 'django.contrib.sessions.cache';

/** Session store on a cache. */
export class SessionStore extends SessionBase {
  /** What precedes the session key in the cache's key. A subclass may have its own. */
  declare cacheKeyPrefix: string;

  static override readsAtOnce(): boolean {
    return !caches.get(settings.SESSION_CACHE_ALIAS).shared;
  }

  override doLoad(): MaybePromise<StoredSession | null> {
    const { key } = this[STATE];
    if (!isPossibleKey(key)) return null;
    return attempt(
      () => then(cacheOf().get<unknown>(cacheKey(this, key)), asStored),
      (error) => {
        // A cache that is down, or that does not take such a key. As in Django the visitor is a new one, then.
        getLogger('tsango.contrib.sessions').exception('Error reading the session from the cache.', error);
        return null;
      },
    );
  }

  override doSave(mustCreate: boolean): MaybePromise<void> {
    const state = this[STATE];
    if (state.key === null) return this.doCreate();
    requirePossibleKey(state.key);
    return then(ensureItems(this, mustCreate), (data) =>
      performSave(
        this,
        data,
        (saving) => {
          if (state.key === null) throw gone();
          const key = cacheKey(this, state.key);
          return mustCreate ? addEntry(this, key, saving) : updateEntry(this, key, saving);
        },
        cacheOf().transactions,
      ),
    );
  }

  override doExists(sessionKey: string): MaybePromise<boolean> {
    return isPossibleKey(sessionKey) && cacheOf().hasKey(cacheKey(this, sessionKey));
  }

  override doDelete(sessionKey: string): MaybePromise<void> {
    if (!isPossibleKey(sessionKey)) return;
    return then(cacheOf().delete(cacheKey(this, sessionKey)), () => undefined);
  }

  /** The cache does it. */
  static override clearExpired(): Promise<number> {
    return Promise.resolve(0);
  }
}

// Of the class, as in Django: a field would be assigned for every session.
SessionStore.prototype.cacheKeyPrefix = KEY_PREFIX;

function cacheOf(): BaseCache {
  return caches.get(settings.SESSION_CACHE_ALIAS);
}

function cacheKey(session: SessionStore, sessionKey: string): string {
  return session.cacheKeyPrefix + sessionKey;
}

function addEntry(session: SessionStore, key: string, { data }: Saving): MaybePromise<Saved> {
  return then(cacheOf().add(key, data, session.getExpiryAge()), (added) => {
    if (!added) throw new CreateError('A session of that key exists already.');
    return { stored: data };
  });
}

function updateEntry(session: SessionStore, key: string, saving: Saving): MaybePromise<Saved> {
  const timeout = session.getExpiryAge();
  if (!settings.SESSION_MERGE_CONCURRENT_WRITES || saving.cleared) {
    return then(cacheOf().replace(key, saving.data, timeout), (replaced) => {
      if (!replaced) throw gone();
      return { stored: saving.data };
    });
  }
  const change = (current: unknown): unknown =>
    current === undefined ? undefined : mergeChanges(saving, isPlainObject(current) ? current : {});
  return then(cacheOf().update<unknown>(key, change, { timeout }), (merged) => {
    if (merged === undefined) throw gone();
    return { stored: merged as SessionDict };
  });
}

function asStored(value: unknown): StoredSession | null {
  if (value === undefined || value === null) return null;
  if (isPlainObject(value)) return { data: value };
  getLogger('tsango.security.SuspiciousSession').warning('Session data corrupted');
  return { data: {} };
}

function gone(): UpdateError {
  return new UpdateError('The session was deleted.');
}
