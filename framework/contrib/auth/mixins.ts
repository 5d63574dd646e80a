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
type ViewClass = new (...args: any[]) => View;

/** What the others have in common: what becomes of those who are refused. */
export function AccessMixin<Base extends ViewClass>(base: Base) {
  return class extends base {
    /** The log-in page. Default: LOGIN_URL. */
    loginUrl: string | null = null;
    permissionDeniedMessage = '';
    /** Whether whoever is refused gets a 403, instead of the log-in page. */
    raiseException = false;
    redirectFieldName: string | null = REDIRECT_FIELD_NAME;

    /** @throws ImproperlyConfigured where neither the class nor LOGIN_URL says it. */
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

    /** @throws PermissionDenied for whoever is logged in, and with `raiseException`. */
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
export function LoginRequiredMixin<Base extends ViewClass>(base: Base) {
  return class extends AccessMixin(base) {
    override dispatch(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
      return then(userOf(request), (user) =>
        user.isAuthenticated ? super.dispatch(request, params) : this.handleNoPermission(),
      );
    }
  };
}

/** A view for users who have a permission, or each of several: `permissionRequired`. */
export function PermissionRequiredMixin<Base extends ViewClass>(base: Base) {
  return class extends AccessMixin(base) {
    permissionRequired: string | readonly string[] | null = null;

    /** @throws ImproperlyConfigured where the class names none. */
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
export function UserPassesTestMixin<Base extends ViewClass>(base: Base) {
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
