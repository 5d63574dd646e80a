/** Class-based views for some users only. Django: `django.contrib.auth.mixins`. */
import { settings } from '../../conf';
import { ImproperlyConfigured, NotImplementedError, PermissionDenied } from '../../core/exceptions';
import type { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { View, ViewParams } from '../../views/generic/base';
import { REDIRECT_FIELD_NAME } from './login';
import { userOf } from './middleware';
import { askToLogIn } from './redirect';

// biome-ignore lint/suspicious/noExplicitAny: TypeScript wants exactly this of a mixin's base.
type Constructor<T> = new (...args: any[]) => T;
type ViewClass = Constructor<View>;

/** What the views of all these mixins have. */
export interface AccessView extends View {
  /** The log-in page. Default: LOGIN_URL. */
  loginUrl: string | null;
  permissionDeniedMessage: string;
  /** Whether whoever is refused gets a 403, instead of the log-in page. */
  raiseException: boolean;
  redirectFieldName: string | null;
  /** @throws ImproperlyConfigured where neither the class nor LOGIN_URL says it. */
  getLoginUrl(): string;
  getPermissionDeniedMessage(): string;
  getRedirectFieldName(): string | null;
  /** @throws PermissionDenied for whoever is logged in, and with `raiseException`. */
  handleNoPermission(): MaybePromise<HttpResponseBase>;
}

/** A view for users who have permissions. */
export interface PermissionRequiredView extends AccessView {
  /** A permission, or several. */
  permissionRequired: string | readonly string[] | null;
  /** @throws ImproperlyConfigured where the class names none. */
  getPermissionRequired(): readonly string[];
  hasPermission(): MaybePromise<boolean>;
}

/** A view for users who pass a test. */
export interface UserPassesTestView extends AccessView {
  /** Whether the user of `this.request` passes. */
  testFunc(): MaybePromise<boolean>;
  getTestFunc(): () => MaybePromise<boolean>;
}

/** What the others have in common: what becomes of those who are refused. */
export function AccessMixin<Base extends ViewClass>(base: Base): Base & Constructor<AccessView> {
  return class extends base {
    loginUrl: string | null = null;
    permissionDeniedMessage = '';
    raiseException = false;
    redirectFieldName: string | null = REDIRECT_FIELD_NAME;

    getLoginUrl(): string {
      const url = this.loginUrl || settings.LOGIN_URL;
      if (url) return url;
      const { name } = this.constructor;
      throw new ImproperlyConfigured(
        `${name} is missing the login_url attribute. Define ${name}.login_url, settings.LOGIN_URL, or override ` +
          `${name}.get_login_url().`,
      );
    }

    getPermissionDeniedMessage(): string {
      return this.permissionDeniedMessage;
    }

    getRedirectFieldName(): string | null {
      return this.redirectFieldName;
    }

    handleNoPermission(): MaybePromise<HttpResponseBase> {
      return then(userOf(this.request), (user) => {
        if (this.raiseException || user.isAuthenticated) {
          throw new PermissionDenied(this.getPermissionDeniedMessage());
        }
        return askToLogIn(this.request, this.getLoginUrl(), this.getRedirectFieldName());
      });
    }
  };
}

/**
 * A view for users who are logged in.
 *
 * @example
 * ```ts
 * class Profile extends LoginRequiredMixin(TemplateView) { override templateName = 'profile.html'; }
 * ```
 */
export function LoginRequiredMixin<Base extends ViewClass>(base: Base): Base & Constructor<AccessView> {
  return class extends AccessMixin(base) {
    override dispatch(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
      return then(userOf(request), (user) =>
        user.isAuthenticated ? super.dispatch(request, params) : this.handleNoPermission(),
      );
    }
  };
}

/** A view for users who have a permission, or each of several: `permissionRequired`. */
export function PermissionRequiredMixin<Base extends ViewClass>(
  base: Base,
): Base & Constructor<PermissionRequiredView> {
  return class extends AccessMixin(base) {
    permissionRequired: string | readonly string[] | null = null;

    getPermissionRequired(): readonly string[] {
      if (this.permissionRequired === null) {
        const { name } = this.constructor;
        throw new ImproperlyConfigured(
          `${name} is missing the permission_required attribute. Define ${name}.permission_required, or override ` +
            `${name}.get_permission_required().`,
        );
      }
      return typeof this.permissionRequired === 'string'
        ? [this.permissionRequired]
        : this.permissionRequired;
    }

    hasPermission(): MaybePromise<boolean> {
      const permissions = this.getPermissionRequired();
      return then(userOf(this.request), (user) => user.hasPerms(permissions));
    }

    override dispatch(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
      return then(this.hasPermission(), (has) =>
        has ? super.dispatch(request, params) : this.handleNoPermission(),
      );
    }
  };
}

/** A view for users who pass a test: `testFunc`. */
export function UserPassesTestMixin<Base extends ViewClass>(
  base: Base,
): Base & Constructor<UserPassesTestView> {
  return class extends AccessMixin(base) {
    testFunc(): MaybePromise<boolean> {
      throw new NotImplementedError(
        `${this.constructor.name} is missing the implementation of the test_func() method.`,
      );
    }

    getTestFunc(): () => MaybePromise<boolean> {
      return () => this.testFunc();
    }

    override dispatch(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
      return then(this.getTestFunc()(), (passes) =>
        passes ? super.dispatch(request, params) : this.handleNoPermission(),
      );
    }
  };
}
