/** Views for some users only. Django: `django.contrib.auth.decorators`. */
import { PermissionDenied } from '../../core/exceptions';
import { type DecoratedView, type ViewDecorator, wrapView } from '../../utils/decorators';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { AnonymousUser } from './anonymous';
import { REDIRECT_FIELD_NAME } from './login';
import { userOf } from './middleware';
import { askToLogIn } from './redirect';
import type { AuthUser } from './user_model';

/** Where whoever is refused is sent to. */
export interface LoginOptions {
  /** The log-in page: a path, or the name of a URL pattern. Default: LOGIN_URL. */
  loginUrl?: string | null;
  /** The name of what says there where to go afterwards; null: nothing does. Default: `next`. */
  redirectFieldName?: string | null;
}

/**
 * A view for users who pass a test; others are sent to the log-in page.
 *
 * @example
 * ```ts
 * const staffOnly = userPassesTest((user) => user.isStaff);
 * path('report/', staffOnly(report));
 * ```
 */
export function userPassesTest(
  test: (user: AuthUser | AnonymousUser) => MaybePromise<boolean>,
  { loginUrl = null, redirectFieldName = REDIRECT_FIELD_NAME }: LoginOptions = {},
): ViewDecorator {
  return <V extends DecoratedView>(view: V): V => {
    const guarded = wrapView(view, (request, call) =>
      then(userOf(request), (user) =>
        then(test(user), (passes) =>
          passes ? call(request) : askToLogIn(request, loginUrl, redirectFieldName),
        ),
      ),
    );
    // LoginRequiredMiddleware reads these.
    return Object.assign(guarded, { loginUrl, redirectFieldName });
  };
}

/**
 * A view for users who are logged in. Within it `request.user` is the user, not a promise.
 *
 * @example
 * ```ts
 * path('profile/', loginRequired(profile));
 * path('profile/', loginRequired({ loginUrl: 'sign-in' })(profile));
 * ```
 */
export function loginRequired<V extends DecoratedView>(view: V): V;
export function loginRequired(options?: LoginOptions): ViewDecorator;
export function loginRequired(given: DecoratedView | LoginOptions = {}): unknown {
  if (typeof given === 'function') return loginRequired()(given);
  return userPassesTest((user) => user.isAuthenticated, given);
}

/** Leaves a view out of LoginRequiredMiddleware. */
export function loginNotRequired<V extends DecoratedView>(view: V): V {
  return Object.assign(
    wrapView(view, (request, call) => call(request)),
    { loginRequired: false },
  );
}

/**
 * A view for users who have a permission, or each of several.
 *
 * @param options.raiseException whoever has not gets a 403, instead of the log-in page.
 */
export function permissionRequired(
  permission: string | readonly string[],
  { raiseException = false, loginUrl = null }: { raiseException?: boolean; loginUrl?: string | null } = {},
): ViewDecorator {
  const permissions = typeof permission === 'string' ? [permission] : permission;
  return userPassesTest(
    (user) =>
      then(user.hasPerms(permissions), (has) => {
        if (!has && raiseException) throw new PermissionDenied();
        return has;
      }),
    { loginUrl },
  );
}
