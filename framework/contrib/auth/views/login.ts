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
import type { ViewFunction, ViewParams } from '../../../views/generic/base';
import { AuthenticationForm } from '../forms/authentication';
import { login, logout } from '../login';
import { userOf } from '../middleware';
import { redirectToLogin } from '../redirect';
import { FormPage, NEXT_DEFAULTS, openPage, safeNext, TitledView } from './form_page';

/** A class of forms to log in by. */
type LoginFormClass = new (request: HttpRequest | null, options?: FormOptions) => AuthenticationForm;

/**
 * The page to log in: `registration/login.html`, which shows `form` and sends on `next`. Whoever logs in comes to where `next`
 * says, if that is on this site, or to LOGIN_REDIRECT_URL.
 *
 * https://docs.djangoproject.com/en/5.2/topics/auth/default/#django.contrib.auth.views.LoginView
 */
export class LoginView extends FormPage<AuthenticationForm> {
  override templateName: string | null = 'registration/login.html';
  authenticationForm: LoginFormClass = AuthenticationForm;
  /** Whether whoever is logged in already is sent on. */
  redirectAuthenticatedUser = false;
  nextPage = NEXT_DEFAULTS.nextPage;
  redirectFieldName = NEXT_DEFAULTS.redirectFieldName;
  successUrlAllowedHosts = NEXT_DEFAULTS.successUrlAllowedHosts;

  static override asView(initkwargs: Readonly<Record<string, unknown>> = {}): ViewFunction {
    return openPage(super.asView(initkwargs));
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

  getForm(): AuthenticationForm {
    return new this.authenticationForm(this.request, this.getFormKwargs());
  }

  override getSuccessUrl(): string {
    return this.getRedirectUrl() || this.getDefaultRedirectUrl();
  }

  /** Where the request says to go; empty for another site. */
  getRedirectUrl(): string {
    return safeNext(this.request, this.redirectFieldName, this.successUrlAllowedHosts);
  }

  getDefaultRedirectUrl(): string {
    return resolveUrl(this.nextPage || settings.LOGIN_REDIRECT_URL);
  }

  override async formValid(form: AuthenticationForm): Promise<HttpResponseBase> {
    await login(this.request, form.getUser());
    return new HttpResponseRedirect(this.getSuccessUrl());
  }

  override getContextData(values: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const host = this.request.getHost();
    return super.getContextData({
      [this.redirectFieldName]: this.getRedirectUrl(),
      site: { name: host, domain: host },
      site_name: host,
      ...values,
    });
  }
}

/**
 * Logs out, by POST; then leads to where `next` says, to LOGOUT_REDIRECT_URL, or shows `registration/logged_out.html`.
 *
 * https://docs.djangoproject.com/en/5.2/topics/auth/default/#django.contrib.auth.views.LogoutView
 */
export class LogoutView extends TitledView {
  static override httpMethodNames: readonly string[] = ['post', 'options'];
  override templateName: string | null = 'registration/logged_out.html';
  override title = gettext('Logged out');
  nextPage = NEXT_DEFAULTS.nextPage;
  redirectFieldName = NEXT_DEFAULTS.redirectFieldName;
  successUrlAllowedHosts = NEXT_DEFAULTS.successUrlAllowedHosts;

  static override asView(initkwargs: Readonly<Record<string, unknown>> = {}): ViewFunction {
    return openPage(super.asView(initkwargs));
  }

  async post(request: HttpRequest, params: ViewParams): Promise<HttpResponseBase> {
    await logout(request);
    const url = this.getSuccessUrl();
    return url === request.getFullPath() ? this.get(request, params) : new HttpResponseRedirect(url);
  }

  getSuccessUrl(): string {
    return (
      safeNext(this.request, this.redirectFieldName, this.successUrlAllowedHosts) ||
      this.getDefaultRedirectUrl()
    );
  }

  getDefaultRedirectUrl(): string {
    const page = this.nextPage || settings.LOGOUT_REDIRECT_URL;
    return page ? resolveUrl(page) : this.request.path;
  }

  override getContextData(values: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
    const host = this.request.getHost();
    return super.getContextData({ site: { name: host, domain: host }, site_name: host, ...values });
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
