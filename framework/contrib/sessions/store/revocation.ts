/**
 * Taking back sessions that live in cookies: the moment before which a user's cookies, or everybody's, are refused
 * is kept in the cache that SESSION_REVOCATION_CACHE_ALIAS names. Not in Django.
 */
import { settings } from '../../../conf';
import { type BaseCache, caches } from '../../../core/cache';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import { NotImplementedError } from '../exceptions';
import type { SessionDict } from './state';

const EVERYBODY = 'tsango.contrib.sessions.revoked';

function userEntry(userId: unknown): string {
  return `${EVERYBODY}:${encodeURIComponent(String(userId))}`;
}

/** Whose cookies are refused. */
export interface Revocation {
  /** One user's; left out: everybody's. */
  userId?: unknown;
  /** Cookies signed up to that moment. Default: now. */
  before?: Date;
}

function revocationCache(): BaseCache {
  const alias = settings.SESSION_REVOCATION_CACHE_ALIAS;
  if (alias === null) {
    throw new NotImplementedError(
      'Sessions in signed cookies cannot be ended from the server. Set SESSION_REVOCATION_CACHE_ALIAS to the alias ' +
        'of a cache that all processes share.',
    );
  }
  return caches.get(alias);
}

/**
 * Refuses session cookies that were signed up to a moment (in whole seconds: a cookie of the same second is
 * refused, too).
 *
 * @throws NotImplementedError without SESSION_REVOCATION_CACHE_ALIAS.
 */
export async function revokeSessions(revocation: Revocation = {}): Promise<void> {
  const { userId, before = new Date() } = revocation;
  const name = userId === undefined ? EVERYBODY : userEntry(userId);
  // Kept for good: a session may carry an expiry later than any setting.
  await revocationCache().set(name, Math.floor(before.getTime() / 1000), null);
}

/**
 * Whether a session that was signed then has been taken back. A cache that does not answer is an error, not a no:
 * who logged out everywhere must not be let in because of an outage.
 */
export function isRevoked(data: SessionDict, timestamp: number): MaybePromise<boolean> {
  const userId = Object.hasOwn(data, '_auth_user_id') ? data['_auth_user_id'] : undefined;
  const names = userId === undefined ? [EVERYBODY] : [EVERYBODY, userEntry(userId)];
  return then(revocationCache().getMany<unknown>(names), (found) =>
    Object.values(found).some((moment) => typeof moment === 'number' && timestamp <= moment),
  );
}
