/**
 * Sessions in the cookie itself, signed. The server keeps nothing: what is written cannot be taken back before it
 * expires, unless SESSION_REVOCATION_CACHE_ALIAS names a cache. Django: `…sessions.backends.signed_cookies`.
 */
import { settings } from '../../../conf';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import { SessionTooLarge } from '../exceptions';
import { type DecodedSession, decodeSession } from '../store/codec';
import { EXPIRY_KEY, expiryMoment } from '../store/expiry';
import { ensureItems } from '../store/items';
import { isRevoked, revokeSessions } from '../store/revocation';
import { performSave } from '../store/saving';
import { type EndUserSessionsOptions, SessionBase, STATE, type StoredSession } from './base';

/** What a browser keeps of a cookie: name, value and attributes together. RFC 6265, section 6.1. */
export const MAX_COOKIE_SIZE = 4096;

/** Session store in a cookie. */
export class SessionStore extends SessionBase {
  static override readsAtOnce(): boolean {
    return settings.SESSION_REVOCATION_CACHE_ALIAS === null;
  }

  override get keySalt(): string {
    return 'django.contrib.sessions.backends.signed_cookies';
  }

  override doLoad(): MaybePromise<StoredSession | null> {
    const decoded = decodeSession(this[STATE].key ?? '', this.keySalt, this.serializer);
    if (decoded === null || isOver(this, decoded)) return null;
    const stored = { data: decoded.data, writtenAt: decoded.timestamp };
    if (settings.SESSION_REVOCATION_CACHE_ALIAS === null) return stored;
    return then(isRevoked(decoded.data, decoded.timestamp), (revoked) => (revoked ? null : stored));
  }

  /** As in Django, a cookie that cannot be read is replaced by that of an empty session. */
  override loadFailed(): void {
    this[STATE].modified = true;
  }

  override doCreate(): MaybePromise<void> {
    this[STATE].modified = true;
  }

  override doSave(_mustCreate: boolean): MaybePromise<void> {
    const state = this[STATE];
    return then(ensureItems(this, false), (data) =>
      performSave(this, data, () => {
        const value = this.encode(data);
        checkSize(value);
        state.key = value;
        state.modified = true;
        return { stored: data };
      }),
    );
  }

  /** There is no store that could have one. */
  override doExists(_sessionKey: string): boolean {
    return false;
  }

  override doDelete(_sessionKey: string): void {}

  /** Empties the session, so that the middleware removes the cookie. */
  override delete(sessionKey: string | null = null): Promise<void> {
    const state = this[STATE];
    if (sessionKey === null || sessionKey === state.key) {
      this.clear();
      state.key = null;
    }
    return Promise.resolve();
  }

  /** The same items in a cookie signed anew. The old cookie stays valid until it expires. */
  override cycleKey(): Promise<void> {
    return this.save();
  }

  /** Nothing is stored, so nothing is left over. */
  static override clearExpired(): Promise<number> {
    return Promise.resolve(0);
  }

  /**
   * Refuses the cookies that the user has been given so far. How many there are is known to nobody: returns 0.
   *
   * @throws NotImplementedError without SESSION_REVOCATION_CACHE_ALIAS.
   */
  static override async endUserSessions(userId: unknown, _options?: EndUserSessionsOptions): Promise<number> {
    await revokeSessions({ userId });
    return 0;
  }
}

/** Whether the session has ended. Its own expiry counts, which Django passes over (ticket 19201). */
function isOver(session: SessionStore, { data, timestamp }: DecodedSession): boolean {
  const expiry = Object.hasOwn(data, EXPIRY_KEY) ? data[EXPIRY_KEY] : null;
  const now = Date.now();
  const moment = expiryMoment(expiry);
  if (moment) return now >= moment.getTime();
  const age = typeof expiry === 'number' && expiry !== 0 ? expiry : session.getSessionCookieAge();
  return now / 1000 - timestamp > age;
}

/** @throws SessionTooLarge for a cookie that browsers would drop. */
function checkSize(value: string): void {
  const size = cookieSize(value);
  if (size <= MAX_COOKIE_SIZE) return;
  throw new SessionTooLarge(
    `The session takes a cookie of ${size} bytes, and browsers drop cookies of more than ${MAX_COOKIE_SIZE}. Keep ` +
      "less in request.session, or keep sessions on the server: SESSION_ENGINE = 'tsango.contrib.sessions.backends.db'.",
  );
}

/** The bytes of the Set-Cookie header's value. */
function cookieSize(value: string): number {
  const { SESSION_COOKIE_DOMAIN: domain, SESSION_COOKIE_SAMESITE: sameSite } = settings;
  return (
    settings.SESSION_COOKIE_NAME.length +
    1 +
    value.length +
    '; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age='.length +
    String(settings.SESSION_COOKIE_AGE).length +
    '; Path='.length +
    settings.SESSION_COOKIE_PATH.length +
    (domain ? '; Domain='.length + domain.length : 0) +
    (sameSite ? '; SameSite='.length + sameSite.length : 0) +
    (settings.SESSION_COOKIE_SECURE ? '; Secure'.length : 0) +
    (settings.SESSION_COOKIE_HTTPONLY ? '; HttpOnly'.length : 0)
  );
}

export { revokeSessions };
