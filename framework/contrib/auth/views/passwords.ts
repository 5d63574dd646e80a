/** Pages to change a password, and to get a new one by mail. */
import { settings } from '../../../conf';
import { ImproperlyConfigured, ValueError } from '../../../core/exceptions';
import { ValidationError } from '../../../core/validation_error';
import type { FormOptions } from '../../../forms';
import type { HttpRequest } from '../../../http/request';
import { HttpResponseRedirect } from '../../../http/response';
import type { HttpResponseBase } from '../../../http/response_base';
import { resolveUrl } from '../../../shortcuts';
import { reverseLazy } from '../../../urls';
import { urlsafeBase64Decode } from '../../../utils/http';
import { gettext } from '../../../utils/translation';
import { TemplateView, type ViewFunction, type ViewParams } from '../../../views/generic/base';
import { FormView } from '../../../views/generic/edit';
import type { Context, ViewFormClass } from '../../../views/generic/types';
import { forgetLoginFailures } from '../authenticate';
import type { AbstractBaseUser } from '../base_user';
import { loginNotRequired, loginRequired } from '../decorators';
import { PasswordChangeForm, SetPasswordForm } from '../forms/passwords';
import { PasswordResetForm } from '../forms/reset';
import { login, updateSessionAuthHash } from '../login';
import { defaultTokenGenerator, type PasswordResetTokenGenerator } from '../tokens';
import { getUserModel } from '../user_model';
import { PasswordContextMixin, passwordPage, protectedPage, uncachedPage } from './mixins';

type SuccessUrl = string | { toString(): string } | null;
type UserFormClass<F> = new (user: AbstractBaseUser, options?: FormOptions) => F;

/** The page to change one's password: `registration/password_change_form.html`. Other sessions of the user end. */
export class PasswordChangeView extends PasswordContextMixin(FormView<PasswordChangeForm>) {
  override templateName: string | null = 'registration/password_change_form.html';
  override successUrl: SuccessUrl = reverseLazy('password_change_done');
  override title = gettext('Password change');
  override formClass: ViewFormClass<PasswordChangeForm> | null = PasswordChangeForm;

  static override asView(initkwargs: Readonly<Record<string, unknown>> = {}): ViewFunction {
    return passwordPage(protectedPage(loginRequired(super.asView(initkwargs))));
  }

  /** The form of whoever is logged in, which loginRequired has found out. */
  override getForm(formClass: ViewFormClass<PasswordChangeForm> | null = null): PasswordChangeForm {
    const FormClass = (formClass ?? this.getFormClass()) as UserFormClass<PasswordChangeForm>;
    return new FormClass(this.request.user as unknown as AbstractBaseUser, this.getFormKwargs());
  }

  override async formValid(form: PasswordChangeForm): Promise<HttpResponseBase> {
    const user = await form.save();
    await updateSessionAuthHash(this.request, user);
    return super.formValid(form);
  }
}

/** Says that it was changed: `registration/password_change_done.html`. */
export class PasswordChangeDoneView extends PasswordContextMixin(TemplateView) {
  override templateName: string | null = 'registration/password_change_done.html';
  override title = gettext('Password change successful');

  static override asView(initkwargs: Readonly<Record<string, unknown>> = {}): ViewFunction {
    return loginRequired(super.asView(initkwargs));
  }
}

/**
 * The page to ask for a link to a new password: `registration/password_reset_form.html`. The mail is made of
 * `registration/password_reset_subject.txt` and `registration/password_reset_email.html`.
 */
export class PasswordResetView extends PasswordContextMixin(FormView<PasswordResetForm>) {
  override templateName: string | null = 'registration/password_reset_form.html';
  override successUrl: SuccessUrl = reverseLazy('password_reset_done');
  override title = gettext('Password reset');
  override formClass: ViewFormClass<PasswordResetForm> | null = PasswordResetForm;
  emailTemplateName = 'registration/password_reset_email.html';
  subjectTemplateName = 'registration/password_reset_subject.txt';
  htmlEmailTemplateName: string | null = null;
  extraEmailContext: Readonly<Record<string, unknown>> | null = null;
  fromEmail: string | null = null;
  tokenGenerator: PasswordResetTokenGenerator = defaultTokenGenerator;

  static override asView(initkwargs: Readonly<Record<string, unknown>> = {}): ViewFunction {
    return loginNotRequired(protectedPage(super.asView(initkwargs)));
  }

  override async formValid(form: PasswordResetForm): Promise<HttpResponseBase> {
    const { request } = this;
    await form.save({
      useHttps: request.isSecure(),
      tokenGenerator: this.tokenGenerator,
      fromEmail: this.fromEmail,
      emailTemplateName: this.emailTemplateName,
      subjectTemplateName: this.subjectTemplateName,
      htmlEmailTemplateName: this.htmlEmailTemplateName,
      extraEmailContext: this.extraEmailContext,
      request,
    });
    return super.formValid(form);
  }
}

/** Says that a mail was sent, whether or not there is such a user: `registration/password_reset_done.html`. */
export class PasswordResetDoneView extends PasswordContextMixin(TemplateView) {
  override templateName: string | null = 'registration/password_reset_done.html';
  override title = gettext('Password reset sent');

  static override asView(initkwargs: Readonly<Record<string, unknown>> = {}): ViewFunction {
    return loginNotRequired(super.asView(initkwargs));
  }
}

/** The key of the session that has the token of a link. */
const TOKEN_KEY = '_password_reset_token';

/**
 * Where the link of the mail leads: `registration/password_reset_confirm.html`, which looks at `validlink`. The token goes
 * from the address into the session at once, so that the page tells it to nobody by its Referer.
 */
export class PasswordResetConfirmView extends PasswordContextMixin(FormView<SetPasswordForm>) {
  override templateName: string | null = 'registration/password_reset_confirm.html';
  override successUrl: SuccessUrl = reverseLazy('password_reset_complete');
  override title = gettext('Enter new password');
  override formClass: ViewFormClass<SetPasswordForm> | null = SetPasswordForm;
  /** Whether the user is logged in at once. */
  postResetLogin = false;
  /** The backend that is noted then; needed where there are several. */
  postResetLoginBackend: string | undefined = undefined;
  /** What stands in the address instead of the token. */
  resetUrlToken = 'set-password';
  tokenGenerator: PasswordResetTokenGenerator = defaultTokenGenerator;
  validlink = false;
  user: AbstractBaseUser | null = null;

  static override asView(initkwargs: Readonly<Record<string, unknown>> = {}): ViewFunction {
    return loginNotRequired(passwordPage(uncachedPage(super.asView(initkwargs))));
  }

  /** @throws ImproperlyConfigured for a URL pattern without `uidb64` and `token`. */
  override async dispatch(request: HttpRequest, params: ViewParams): Promise<HttpResponseBase> {
    const { uidb64, token } = params;
    if (typeof uidb64 !== 'string' || typeof token !== 'string') {
      throw new ImproperlyConfigured("The URL path must contain 'uidb64' and 'token' parameters.");
    }
    this.user = await this.getUser(uidb64);
    const { session } = request;
    if (token === this.resetUrlToken) {
      const stored = session.get(TOKEN_KEY);
      if (this.isGood(stored)) {
        this.validlink = true;
        return super.dispatch(request, params);
      }
    } else if (this.isGood(token)) {
      session[TOKEN_KEY] = token;
      return new HttpResponseRedirect(request.path.replaceAll(token, () => this.resetUrlToken));
    }
    return this.renderToResponse(await this.getContextData());
  }

  private isGood(token: unknown): boolean {
    return typeof token === 'string' && this.tokenGenerator.checkToken(this.user, token);
  }

  /** The user that a link is for; null where there is none. */
  async getUser(uidb64: string): Promise<AbstractBaseUser | null> {
    const model = getUserModel();
    let pk: unknown;
    try {
      pk = model._meta.pk.toPython(urlsafeBase64Decode(uidb64).toString('utf8'));
    } catch (error) {
      if (error instanceof ValidationError || error instanceof ValueError) return null;
      throw error;
    }
    const [user] = await model._defaultManager.filter({ pk } as never);
    return (user as unknown as AbstractBaseUser | undefined) ?? null;
  }

  override getForm(formClass: ViewFormClass<SetPasswordForm> | null = null): SetPasswordForm {
    const FormClass = (formClass ?? this.getFormClass()) as UserFormClass<SetPasswordForm>;
    return new FormClass(this.user as AbstractBaseUser, this.getFormKwargs());
  }

  override async formValid(form: SetPasswordForm): Promise<HttpResponseBase> {
    const user = await form.save();
    delete this.request.session[TOKEN_KEY];
    await forgetLoginFailures({ username: user.getUsername() });
    if (this.postResetLogin) await login(this.request, user, this.postResetLoginBackend);
    return super.formValid(form);
  }

  override getContextData(values: Readonly<Context> = {}): Promise<Context> {
    const { validlink } = this;
    const invalid = { form: null, title: gettext('Password reset unsuccessful') };
    return super.getContextData({ ...values, validlink, ...(!validlink && invalid) });
  }
}

/** Says that there is a new password: `registration/password_reset_complete.html`. */
export class PasswordResetCompleteView extends PasswordContextMixin(TemplateView) {
  override templateName: string | null = 'registration/password_reset_complete.html';
  override title = gettext('Password reset complete');

  static override asView(initkwargs: Readonly<Record<string, unknown>> = {}): ViewFunction {
    return loginNotRequired(super.asView(initkwargs));
  }

  override getContextData(values: Readonly<Context> = {}): Context {
    return super.getContextData({ login_url: resolveUrl(settings.LOGIN_URL), ...values });
  }
}
