/** The form of the log-in page. */
import { ValidationError } from '../../../core/exceptions';
import * as forms from '../../../forms';
import type { HttpRequest } from '../../../http/request';
import { capfirst } from '../../../utils/text';
import { gettextLazy as _ } from '../../../utils/translation';
import { authenticate } from '../authenticate';
import { type AuthUser, getUserModel } from '../user_model';
import { UsernameField } from './fields';

/**
 * Asks for a name and a password. A form of a site's own extends it, to ask for more or to say who may log in.
 *
 * @example
 * ```ts
 * const form = new AuthenticationForm(request, { data: request.POST });
 * if (await form.isValid()) await login(request, form.getUser());
 * ```
 */
export class AuthenticationForm extends forms.form({
  username: new UsernameField({ widget: new forms.TextInput({ attrs: { autofocus: true } }) }),
  password: new forms.CharField({
    label: _('Password'),
    strip: false,
    widget: new forms.PasswordInput({ attrs: { autocomplete: 'current-password' } }),
  }),
}) {
  errorMessages = {
    invalidLogin: _(
      'Please enter a correct %(username)s and password. Note that both fields may be case-sensitive.',
    ),
    inactive: _('This account is inactive.'),
  };

  private userCache: AuthUser | null = null;

  constructor(
    readonly request: HttpRequest | null = null,
    options: forms.FormOptions = {},
  ) {
    super(options);
    const { username } = this.fields;
    username.maxLength = this.usernameField.maxLength || 254;
    username.widget.attrs['maxlength'] = username.maxLength;
    username.label ??= capfirst(String(this.usernameField.verboseName));
  }

  /** The field of the model that users log in by. */
  protected get usernameField() {
    const { USERNAME_FIELD, _meta: meta } = getUserModel();
    return meta.fieldsByProperty.get(USERNAME_FIELD) ?? meta.getField(USERNAME_FIELD);
  }

  /** @throws ValidationError where no backend takes them. */
  override async clean(): Promise<void> {
    const { username, password } = this.cleanedData as Partial<Record<'username' | 'password', string>>;
    if (username === undefined || !password) return;
    this.userCache = await authenticate(this.request, { username, password });
    if (this.userCache === null) throw this.getInvalidLoginError();
    await this.confirmLoginAllowed(this.userCache);
  }

  /** Whether a user whom a backend knows may log in. @throws ValidationError where not. */
  confirmLoginAllowed(user: AuthUser): void | Promise<void> {
    if (!user.isActive) throw new ValidationError(this.errorMessages.inactive, { code: 'inactive' });
  }

  /** Who it is, once the form was found valid. @throws Error before that. */
  getUser(): AuthUser {
    if (this.userCache === null) throw new Error('getUser() is for after isValid() said yes.');
    return this.userCache;
  }

  getInvalidLoginError(): ValidationError {
    return new ValidationError(this.errorMessages.invalidLogin, {
      code: 'invalid_login',
      params: { username: String(this.usernameField.verboseName) },
    });
  }
}
