/** Who somebody is, by credentials. Django: `authenticate` of `django.contrib.auth`. */
import { PermissionDenied } from '../../core/exceptions';
import type { HttpRequest } from '../../http/request';
import { authenticatedBy, type Credentials, getBackendsByPath } from './load';
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

/**
 * The user whose credentials these are: each backend of AUTHENTICATION_BACKENDS is asked, until one knows. This logs nobody
 * in; `login` does.
 *
 * @param request what the credentials came with, if anything; backends may look at it.
 * @returns null where no backend takes them; `userLoginFailed` is then sent.
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
  await userLoginFailed.send(authenticate, { request, credentials: cleaned(credentials) });
  return null;
}
