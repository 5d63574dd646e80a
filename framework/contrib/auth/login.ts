/** Who a session is of. Django: `login`, `logout`, `get_user` and `update_session_auth_hash` of `django.contrib.auth`. */
import { ValidationError } from '../../core/validation_error';
import type { HttpRequest } from '../../http/request';
import { rotateToken } from '../../middleware/csrf';
import { constantTimeCompare } from '../../utils/crypto';
import { isPromise, type MaybePromise, then } from '../../utils/maybe_promise';
import '../sessions/middleware';
import type { SessionBase } from '../sessions/backends/base';
import { AnonymousUser } from './anonymous';
import type { AbstractBaseUser } from './base_user';
import { backendPath, backendPathOf, getBackendsByPath } from './load';
import { userLoggedIn, userLoggedOut } from './signals';
import { type AuthUser, getUserModel } from './user_model';

/** What a session has of its user: the key, the backend that said who it is, and an HMAC of the password. */
export const SESSION_KEY = '_auth_user_id';
export const BACKEND_SESSION_KEY = '_auth_user_backend';
export const HASH_SESSION_KEY = '_auth_user_hash';
/** The name of what says where to go after logging in. */
export const REDIRECT_FIELD_NAME = 'next';

/** The key of a user as text, as a session has it. */
function keyText(user: AbstractBaseUser): string {
  return String(user.pk);
}

function sameHash(stored: unknown, hash: string): boolean {
  return typeof stored === 'string' && constantTimeCompare(stored, hash);
}

/** Sets who a request is of, where AuthenticationMiddleware has not left that out. */
function setUser(request: HttpRequest, user: AuthUser | AnonymousUser): void {
  request.user = user as AuthUser;
}

/**
 * Logs a user in: the session is the user's from here on. It gets another key, so that one known before is worthless, and
 * what an anonymous visitor had in it stays; one of another user is emptied. Call it with whom `authenticate` gave.
 *
 * @param backend the name of the backend that says who this is; needed where there are several and `authenticate` was not
 *   asked.
 * @throws ValueError where it is needed.
 */
export async function login(request: HttpRequest, user: AbstractBaseUser, backend?: string): Promise<void> {
  const { session } = request;
  const path = backendPathOf(user, backend);
  const hash = user.getSessionAuthHash();
  if (session.has(SESSION_KEY)) {
    const isSameUser = String(session.get(SESSION_KEY)) === keyText(user);
    if (!isSameUser || !sameHash(session.get(HASH_SESSION_KEY), hash)) await session.flush();
  } else {
    await session.cycleKey();
  }
  session[SESSION_KEY] = keyText(user);
  session[BACKEND_SESSION_KEY] = path;
  session[HASH_SESSION_KEY] = hash;
  setUser(request, user as AuthUser);
  rotateToken(request);
  await userLoggedIn.send(user.constructor, { request, user });
}

/** Logs out whoever is logged in, and ends the session: nothing of it stays for the next visitor. */
export async function logout(request: HttpRequest): Promise<void> {
  const found: unknown = await request.user;
  const user = found instanceof AnonymousUser ? null : ((found as AbstractBaseUser | undefined) ?? null);
  await userLoggedOut.send(user?.constructor, { request, user });
  await request.session.flush();
  setUser(request, new AnonymousUser());
}

/**
 * Who a request is of, by its session; now where session and database can say it now.
 *
 * A session whose user is gone or may not log in, whose backend is none of AUTHENTICATION_BACKENDS, or whose password was
 * changed is nobody's; the last is ended. One that was made under a secret of SECRET_KEY_FALLBACKS goes on under the new
 * one.
 */
export function getUser(request: HttpRequest): MaybePromise<AuthUser | AnonymousUser> {
  const { session } = request;
  const id = session.get(SESSION_KEY);
  const path = session.get(BACKEND_SESSION_KEY);
  if (id === null || typeof path !== 'string') return new AnonymousUser();
  const backend = getBackendsByPath().get(backendPath(path));
  if (backend?.getUser === undefined) return new AnonymousUser();
  const key = keyOf(id);
  if (key === undefined) return new AnonymousUser();
  const user = backend.getUser(key);
  return isPromise(user) ? user.then((found) => verified(session, found)) : verified(session, user);
}

/** The key that a session has as text, as the model has it; undefined for one of another model of users. */
function keyOf(id: unknown): unknown {
  try {
    return getUserModel()._meta.pk.toPython(id);
  } catch (error) {
    if (error instanceof ValidationError) return undefined;
    throw error;
  }
}

/** The user, unless the session is older than the user's password. */
function verified(
  session: SessionBase,
  user: AbstractBaseUser | null | undefined,
): MaybePromise<AuthUser | AnonymousUser> {
  if (user === null || user === undefined) return new AnonymousUser();
  const hash = user.getSessionAuthHash();
  const stored = session.get(HASH_SESSION_KEY);
  if (sameHash(stored, hash)) return user as AuthUser;
  if (!user.getSessionAuthFallbackHash().some((older) => sameHash(stored, older))) {
    return then(session.flush(), () => new AnonymousUser());
  }
  return then(session.cycleKey(), () => {
    session[HASH_SESSION_KEY] = hash;
    return user as AuthUser;
  });
}

/**
 * Keeps the session of a request when its user's password was changed; all other sessions of the user end. The session
 * gets another key.
 *
 * @param user with the new password.
 */
export async function updateSessionAuthHash(request: HttpRequest, user: AbstractBaseUser): Promise<void> {
  await request.session.cycleKey();
  const current: unknown = await request.user;
  if (current !== undefined && user.isSame(current)) {
    request.session[HASH_SESSION_KEY] = user.getSessionAuthHash();
  }
}
