/** Django: `django.contrib.auth.middleware`. */
import { settings } from '../../conf';
import { ImproperlyConfigured } from '../../core/exceptions';
import { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import type { AnyView } from '../../urls';
import { MiddlewareMixin } from '../../utils/deprecation';
import { LazyPromise } from '../../utils/lazy_promise';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { AnonymousUser } from './anonymous';
import { authenticate } from './authenticate';
import type { RemoteUserBackend } from './backends';
import type { AbstractBaseUser } from './base_user';
import { LoginRefused } from './exceptions';
import { backendPath, getBackendsByPath } from './load';
import { BACKEND_SESSION_KEY, getUser, login, logout, REDIRECT_FIELD_NAME } from './login';
import { askToLogIn } from './redirect';
import type { AuthUser } from './user_model';

/** Who is there, or a promise that asks when somebody waits. */
type User = AuthUser | AnonymousUser;

/** Where a request keeps who it is of: once somebody asked, the user. */
const USER: unique symbol = Symbol('user');

declare module '../../http/request' {
  interface HttpRequest {
    /**
     * Who is there: `const user = await request.user`. Nobody is asked before somebody waits; once somebody has
     * (`loginRequired` does), it is the user itself. Needs the AuthenticationMiddleware.
     */
    user: User | Promise<User>;
    [USER]?: User | LazyPromise<User>;
  }
}

Object.defineProperty(HttpRequest.prototype, 'user', {
  configurable: true,
  get(this: HttpRequest): User | Promise<User> | undefined {
    return this[USER];
  },
  set(this: HttpRequest, user: User) {
    this[USER] = user;
  },
});

/** Who a request is of, now or promised; kept. */
export function userOf(request: HttpRequest): MaybePromise<User> {
  const user = request[USER];
  return user instanceof LazyPromise ? user.now() : (user as User);
}

/** Gives each request its user. https://docs.djangoproject.com/en/5.2/ref/middleware/#authentication-middleware */
export class AuthenticationMiddleware extends MiddlewareMixin {
  /** @throws ImproperlyConfigured without SessionMiddleware before it. */
  processRequest(request: HttpRequest): undefined {
    if ((request as { session?: unknown }).session === undefined) {
      throw new ImproperlyConfigured(
        'The Django authentication middleware requires session middleware to be installed. Edit your MIDDLEWARE setting ' +
          "to insert 'django.contrib.sessions.middleware.SessionMiddleware' before " +
          "'django.contrib.auth.middleware.AuthenticationMiddleware'.",
      );
    }
    request[USER] = new LazyPromise(() =>
      then(getUser(request), (user) => {
        request[USER] = user;
        return user;
      }),
    );
  }

  /** Answers a log-in that `authenticate` has not even looked at: 429, or 503. */
  processException(request: HttpRequest, error: unknown): MaybePromise<HttpResponseBase | undefined> {
    if (!(error instanceof LoginRefused)) return undefined;
    const { loginRefused } = require('./refusal') as typeof import('./refusal');
    return loginRefused(request, error);
  }
}

/** What decorators note on a view. */
interface MarkedView {
  loginRequired?: boolean;
  loginUrl?: string | null;
  redirectFieldName?: string | null;
}

/**
 * Sends whoever is not logged in to the log-in page, but from views with `loginNotRequired`. Behind
 * AuthenticationMiddleware.
 */
export class LoginRequiredMiddleware extends MiddlewareMixin {
  redirectFieldName: string | null = REDIRECT_FIELD_NAME;

  processView(request: HttpRequest, view: AnyView): MaybePromise<HttpResponseBase | undefined> {
    if ((view as MarkedView).loginRequired === false) return undefined;
    return then(userOf(request), (user) =>
      user.isAuthenticated ? undefined : this.handleNoPermission(request, view),
    );
  }

  /** Where to log in. @throws ImproperlyConfigured where neither LOGIN_URL nor the view says it. */
  getLoginUrl(view: AnyView): string {
    const url = (view as MarkedView).loginUrl || settings.LOGIN_URL;
    if (url) return url;
    throw new ImproperlyConfigured(
      "No login URL to redirect to. Define settings.LOGIN_URL or provide a login_url via the 'django.contrib.auth." +
        "decorators.login_required' decorator.",
    );
  }

  /** The name of what says where to go afterwards. */
  getRedirectFieldName(view: AnyView): string | null {
    const { redirectFieldName } = view as MarkedView;
    return redirectFieldName === undefined ? this.redirectFieldName : redirectFieldName;
  }

  handleNoPermission(request: HttpRequest, view: AnyView): HttpResponseBase {
    return askToLogIn(request, this.getLoginUrl(view), this.getRedirectFieldName(view));
  }
}

/**
 * Logs in whom a server in front names in a header. That server has to remove the header from what visitors send: whoever
 * can send it is whom it names. Behind AuthenticationMiddleware, with RemoteUserBackend in AUTHENTICATION_BACKENDS.
 *
 * https://docs.djangoproject.com/en/5.2/howto/auth-remote-user/
 */
export class RemoteUserMiddleware extends MiddlewareMixin {
  /** The entry of META with the name. Default: that of the header `Remote-User`, as Django has it under ASGI. */
  header = 'HTTP_REMOTE_USER';
  /** Whether a request without the header is logged out. */
  forceLogoutIfNoHeader = true;

  /** @throws ImproperlyConfigured without AuthenticationMiddleware before it. */
  async processRequest(request: HttpRequest): Promise<undefined> {
    if (request[USER] === undefined) {
      throw new ImproperlyConfigured(
        'The Django remote user auth middleware requires the authentication middleware to be installed. Edit your ' +
          "MIDDLEWARE setting to insert 'django.contrib.auth.middleware.AuthenticationMiddleware' before the " +
          `${this.constructor.name} class.`,
      );
    }
    const username = request.META[this.header];
    const user = await userOf(request);
    if (username === undefined) {
      if (this.forceLogoutIfNoHeader && user.isAuthenticated) await this.removeInvalidUser(request);
      return;
    }
    if (user.isAuthenticated) {
      if (user.getUsername() === this.cleanUsername(username, request)) return;
      await this.removeInvalidUser(request);
    }
    const known = await authenticate(request, { remoteUser: username });
    if (known !== null) await login(request, known as AbstractBaseUser);
  }

  /** The name that the user has here, by the backend of the session. */
  cleanUsername(username: string, request: HttpRequest): string {
    const backend = backendOf(request);
    return backend !== undefined && 'cleanUsername' in backend
      ? (backend as RemoteUserBackend).cleanUsername(username)
      : username;
  }

  /** Logs out whom the header does not name any more; whoever logged in by other means stays. */
  private async removeInvalidUser(request: HttpRequest): Promise<void> {
    const { RemoteUserBackend: Remote } = require('./backends') as typeof import('./backends');
    const backend = backendOf(request);
    if (backend === undefined || backend instanceof Remote) await logout(request);
  }
}

/** The backend that let the user of a session in; undefined where it is none of the settings any more. */
function backendOf(request: HttpRequest): object | undefined {
  const path = request.session.get(BACKEND_SESSION_KEY);
  return typeof path === 'string' ? getBackendsByPath().get(backendPath(path)) : undefined;
}

/** The same where the server in front names users only on the log-in page: the session is enough elsewhere. */
export class PersistentRemoteUserMiddleware extends RemoteUserMiddleware {
  override forceLogoutIfNoHeader = false;
}
