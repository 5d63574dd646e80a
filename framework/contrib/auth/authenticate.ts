/** Who somebody is, by credentials. Django: `authenticate` of `django.contrib.auth`. */
import { settings } from '../../conf';
import { PermissionDenied } from '../../core/exceptions';
import type { HttpRequest } from '../../http/request';
import { gettext } from '../../utils/translation';
import { TooManyLogins } from './exceptions';
import { expectedWait } from './hashers/threads';
import { authenticatedBy, type Credentials, getBackendsByPath } from './load';
import type { CountedLogin } from './login_failures';
import { userLoginFailed } from './signals';
import type { AuthUser } from './user_model';

const SENSITIVE = /api|token|key|secret|password|signature/i;
const MASK = '*'.repeat(20);

/** Credentials without what is secret of them. */
function cleaned(credentials: Credentials): Credentials {
  return Object.fromEntries(
    Object.entries(credentials).map(([name, value]) => [name, SENSITIVE.test(name) ? MASK : value]),
  );
}

/** @throws TooManyLogins where so many passwords wait to be checked that one more would wait longer than LOGIN_MAX_WAIT. */
function refuseIfBusy(): void {
  const { LOGIN_MAX_WAIT: most } = settings;
  const wait = expectedWait();
  if (most === null || wait <= most) return;
  const message = gettext('The server is too busy to check passwords. Try again later.');
  throw new TooManyLogins(message, Math.ceil(wait));
}

function loginFailures(): typeof import('./login_failures') {
  return require('./login_failures') as typeof import('./login_failures');
}

/** The log-in as it is counted, if LOGIN_FAILURE_LIMITS says so. @throws TooManyLoginFailures. */
async function counted(
  request: HttpRequest | null,
  credentials: Credentials,
): Promise<CountedLogin | undefined> {
  if (settings.LOGIN_FAILURE_LIMITS === null) return undefined;
  const login = loginFailures().countedLogin(request, credentials);
  await login?.begin();
  return login;
}

/** Whom the first backend that knows these names. */
async function askBackends(request: HttpRequest | null, credentials: Credentials): Promise<AuthUser | null> {
  for (const [path, backend] of getBackendsByPath()) {
    try {
      const user = await backend.authenticate?.(request, credentials);
      if (user === null || user === undefined) continue;
      authenticatedBy.set(user, path);
      return user as AuthUser;
    } catch (error) {
      // This one says that nobody else is to be asked.
      if (error instanceof PermissionDenied) break;
      throw error;
    }
  }
  return null;
}

/**
 * The user whose credentials these are: each backend of AUTHENTICATION_BACKENDS is asked, until one knows. This logs nobody
 * in; `login` does.
 *
 * @param request what the credentials came with, if anything; backends may look at it, and its address counts for
 *   LOGIN_FAILURE_LIMITS.
 * @returns null where no backend takes them; `userLoginFailed` is then sent.
 * @throws TooManyLoginFailures where LOGIN_FAILURE_LIMITS allows no more; TooManyLogins where it would wait longer
 *   than LOGIN_MAX_WAIT. AuthenticationMiddleware answers both.
 *
 * @example
 * ```ts
 * const user = await authenticate(request, { username: 'ada', password: 'correct horse' });
 * if (user !== null) await login(request, user);
 * ```
 */
export async function authenticate(
  request: HttpRequest | null,
  credentials: Credentials,
): Promise<AuthUser | null> {
  refuseIfBusy();
  const login = await counted(request, credentials);
  let user: AuthUser | null;
  try {
    user = await askBackends(request, credentials);
  } catch (error) {
    await login?.takeBack();
    throw error;
  }
  if (user !== null) {
    await login?.succeed();
    return user;
  }
  await userLoginFailed.send(authenticate, { request, credentials: cleaned(credentials) });
  await login?.fail();
  return null;
}

/**
 * Forgets the failed log-ins of a name, or from an address, so that LOGIN_FAILURE_LIMITS allows some again. A new password by
 * a mailed link does that for its user's name.
 *
 * @example
 * ```ts
 * await forgetLoginFailures({ username: 'ada' });
 * ```
 */
export async function forgetLoginFailures(of: { username?: string; address?: string }): Promise<void> {
  if (settings.LOGIN_FAILURE_LIMITS !== null) await loginFailures().forget(of);
}
