/** Pages to log in and out. */
import { settings } from '../../../conf';
import { ValueError } from '../../../core/exceptions';
import type { FormOptions } from '../../../forms';
import type { HttpRequest } from '../../../http/request';
import { HttpResponseRedirect } from '../../../http/response';
import type { HttpResponseBase } from '../../../http/response_base';
import { resolveUrl } from '../../../shortcuts';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import { gettext } from '../../../utils/translation';
import { TemplateView, type ViewFunction, type ViewParams } from '../../../views/generic/base';
import { FormView } from '../../../views/generic/edit';
import type { Context, ViewFormClass } from '../../../views/generic/types';
import { loginNotRequired } from '../decorators';
import { AuthenticationForm } from '../forms/authentication';
import { login, logout } from '../login';
import { userOf } from '../middleware';
import { redirectToLogin } from '../redirect';
import { PasswordContextMixin, passwordPage, RedirectURLMixin, siteContext, uncachedPage } from './mixins';

/** A class of forms to log in by. */
type LoginFormClass = new (request: HttpRequest | null, options?: FormOptions) => AuthenticationForm;

/**
 * The page to log in: `registration/login.html`, which shows `form` and sends on `next`. Whoever logs in comes to where `next`
 * says, if that is on this site, or to LOGIN_REDIRECT_URL.
 *
 * @example
 * ```ts
 * path('login/', LoginView.asView({ templateName: 'members/login.html', redirectAuthenticatedUser: true }))
 * ```
 * @see https://docs.djangoproject.com/en/5.2/topics/auth/default/#django.contrib.auth.views.LoginView
 */
export class LoginView extends RedirectURLMixin(FormView<AuthenticationForm>) {
  override templateName: string | null = 'registration/login.html';
  override formClass: ViewFormClass<AuthenticationForm> | null = AuthenticationForm;
  /** The form, before `formClass`. */
  authenticationForm: LoginFormClass | null = null;
  /** Whether whoever is logged in already is sent on. */
  redirectAuthenticatedUser = false;

  static override asView(initkwargs: Readonly<Record<string, unknown>> = {}): ViewFunction {
    return loginNotRequired(passwordPage(uncachedPage(super.asView(initkwargs))));
  }

  /** @throws ValueError where whoever is logged in would be sent to this page for ever. */
  override dispatch(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
    if (!this.redirectAuthenticatedUser) return super.dispatch(request, params);
    return then(userOf(request), (user) => {
      if (!user.isAuthenticated) return super.dispatch(request, params);
      const url = this.getSuccessUrl();
      if (url === request.path) {
        throw new ValueError(
          "Redirection loop for authenticated user detected. Check that your LOGIN_REDIRECT_URL doesn't point to a " +
            'login page.',
        );
      }
      return new HttpResponseRedirect(url);
    });
  }

  override getFormClass(): ViewFormClass<AuthenticationForm> {
    return this.authenticationForm ?? super.getFormClass();
  }

  override getForm(formClass: ViewFormClass<AuthenticationForm> | null = null): AuthenticationForm {
    return new ((formClass ?? this.getFormClass()) as LoginFormClass)(this.request, this.getFormKwargs());
  }

  override getDefaultRedirectUrl(): string {
    return this.nextPage ? super.getDefaultRedirectUrl() : resolveUrl(settings.LOGIN_REDIRECT_URL);
  }

  override async formValid(form: AuthenticationForm): Promise<HttpResponseBase> {
    await login(this.request, form.getUser());
    return new HttpResponseRedirect(this.getSuccessUrl());
  }

  override async getContextData(values: Readonly<Context> = {}): Promise<Context> {
    const next = { [this.redirectFieldName]: this.getRedirectUrl() };
    return super.getContextData({ ...next, ...(await siteContext(this)), ...values });
  }
}

/**
 * Logs out, by POST; then leads to where `next` says, to LOGOUT_REDIRECT_URL, or shows `registration/logged_out.html`.
 *
 * @see https://docs.djangoproject.com/en/5.2/topics/auth/default/#django.contrib.auth.views.LogoutView
 */
export class LogoutView extends RedirectURLMixin(PasswordContextMixin(TemplateView)) {
  static override httpMethodNames: readonly string[] = ['post', 'options'];
  override templateName: string | null = 'registration/logged_out.html';
  override title = gettext('Logged out');
  private site: Context = {};

  static override asView(initkwargs: Readonly<Record<string, unknown>> = {}): ViewFunction {
    return uncachedPage(super.asView(initkwargs));
  }

  async post(request: HttpRequest, params: ViewParams): Promise<HttpResponseBase> {
    await logout(request);
    const url = this.getSuccessUrl();
    if (url !== request.getFullPath()) return new HttpResponseRedirect(url);
    this.site = await siteContext(this);
    return this.get(request, params);
  }

  override getDefaultRedirectUrl(): string {
    if (this.nextPage) return super.getDefaultRedirectUrl();
    return settings.LOGOUT_REDIRECT_URL ? resolveUrl(settings.LOGOUT_REDIRECT_URL) : this.request.path;
  }

  override getContextData(values: Readonly<Context> = {}): Context {
    return super.getContextData({ ...this.site, ...values });
  }
}

/** Logs out, and leads to the log-in page. To be called with a POST. */
export async function logoutThenLogin(
  request: HttpRequest,
  loginUrl: string | null = null,
): Promise<HttpResponseBase> {
  const nextPage = resolveUrl(loginUrl || settings.LOGIN_URL);
  return LogoutView.asView({ nextPage })(request, {});
}

export { redirectToLogin };
