/** Forms that set a password. */
import { ValidationError } from '../../../core/exceptions';
import type { Form } from '../../../forms';
import * as forms from '../../../forms';
import { LazyText, type Text } from '../../../utils/functional';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { gettextLazy as _ } from '../../../utils/translation';
import type { AbstractBaseUser } from '../base_user';
import { passwordValidatorsHelpTextHtml, validatePassword } from '../password_validation';

/** How a form is saved. */
export interface SaveOptions {
  /** False: the user is changed and not saved. Default: true. */
  readonly commit?: boolean;
}

/** What the forms say. */
export const PASSWORD_MESSAGES = {
  passwordMismatch: _('The two password fields didn’t match.'),
  passwordIncorrect: _('Your old password was entered incorrectly. Please enter it again.'),
};

const PASSWORD_INPUT = { autocomplete: 'new-password' };

/** A field for a new password, with what is asked of one. */
export function newPasswordField(label: Text): forms.CharField<{ label: Text; strip: false }> {
  return new forms.CharField({
    label,
    strip: false,
    widget: new forms.PasswordInput({ attrs: PASSWORD_INPUT }),
    helpText: new LazyText(() => passwordValidatorsHelpTextHtml().value),
  });
}

/** The field for the same once more. */
export function confirmationField(label: Text): forms.CharField<{ label: Text; strip: false }> {
  return new forms.CharField({
    label,
    strip: false,
    widget: new forms.PasswordInput({ attrs: PASSWORD_INPUT }),
    helpText: _('Enter the same password as before, for verification.'),
  });
}

const USABLE_HELP =
  'Whether the user will be able to authenticate using a password or not. If disabled, they may still be able to ' +
  'authenticate using other backends, such as Single Sign-On or LDAP.';

/** Whether a user has a password at all. */
export function usablePasswordField(more = ''): forms.ChoiceField {
  return new forms.ChoiceField({
    label: _('Password-based authentication'),
    required: false,
    initial: 'true',
    choices: [
      ['true', _('Enabled')],
      ['false', _('Disabled')],
    ],
    widget: new forms.RadioSelect({ attrs: { class: 'radiolist inline' } }),
    helpText: new LazyText(() => String(_(USABLE_HELP)) + more),
  }) as unknown as forms.ChoiceField;
}

type AnyForm = Pick<Form, 'errors' | 'fields'> & {
  cleanedData: object;
  addError(field: string | null, error: ValidationError): void;
};

const typedIn = (form: AnyForm, name: string): string | undefined =>
  (form.cleanedData as Readonly<Record<string, string | undefined>>)[name];

/** Adds an error where the two are not the same. */
export function validatePasswords(form: AnyForm, first: string, second: string): void {
  const [one, other] = [typedIn(form, first), typedIn(form, second)];
  if (!one || !other || one === other) return;
  form.addError(
    second,
    new ValidationError(PASSWORD_MESSAGES.passwordMismatch, { code: 'password_mismatch' }),
  );
}

/** Adds the errors of AUTH_PASSWORD_VALIDATORS. */
export async function validatePasswordForUser(
  form: AnyForm,
  user: AbstractBaseUser,
  name: string,
): Promise<void> {
  const password = typedIn(form, name);
  if (!password) return;
  try {
    await validatePassword(password, user);
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error;
    form.addError(name, error);
  }
}

/** Notes whether there is to be a password, and asks for one then. @returns whether. */
export function decideOnPassword(form: AnyForm, first: string, second: string): boolean {
  const data = form.cleanedData as Record<string, unknown>;
  const isUsable = data['usablePassword'] !== 'false';
  delete data['usablePassword'];
  data['setUsablePassword'] = isUsable;
  if (!isUsable) return false;
  const fields = form.fields as Readonly<Record<string, forms.Field>>;
  for (const name of [first, second]) {
    if (typedIn(form, name) || form.errors.has(name)) continue;
    const required = fields[name]?.errorMessages['required'] ?? '';
    form.addError(name, new ValidationError(required, { code: 'required' }));
  }
  validatePasswords(form, first, second);
  return true;
}

/** Gives a user the password of a form; null: none. */
export async function setPasswordAndSave<U extends AbstractBaseUser>(
  user: U,
  password: string | null,
  { commit = true }: SaveOptions = {},
): Promise<U> {
  await (password === null ? user.setUnusablePassword() : user.setPassword(password));
  if (commit) await user.save();
  return user;
}

/** Another password, of a user who need not say the old one: behind a link by mail. */
export class SetPasswordForm extends forms.form({
  newPassword1: newPasswordField(_('New password')),
  newPassword2: confirmationField(_('New password confirmation')),
}) {
  constructor(
    readonly user: AbstractBaseUser,
    options: forms.FormOptions = {},
  ) {
    super(options);
  }

  override clean(): MaybePromise<void> {
    validatePasswords(this, 'newPassword1', 'newPassword2');
    return validatePasswordForUser(this, this.user, 'newPassword2');
  }

  /** @returns the user, with the new password. */
  save(options: SaveOptions = {}): Promise<AbstractBaseUser> {
    return setPasswordAndSave(this.user, this.cleanedData.newPassword1, options);
  }
}

/** Another password, of a user who knows the old one. */
export class PasswordChangeForm extends forms.form({
  oldPassword: new forms.CharField({
    label: _('Old password'),
    strip: false,
    widget: new forms.PasswordInput({ attrs: { autocomplete: 'current-password', autofocus: true } }),
  }),
  newPassword1: newPasswordField(_('New password')),
  newPassword2: confirmationField(_('New password confirmation')),
}) {
  constructor(
    readonly user: AbstractBaseUser,
    options: forms.FormOptions = {},
  ) {
    super(options);
  }

  /** @throws ValidationError where it is not the old one. */
  async cleanOldPassword(value: string): Promise<string> {
    if (await this.user.checkPassword(value)) return value;
    throw new ValidationError(PASSWORD_MESSAGES.passwordIncorrect, { code: 'password_incorrect' });
  }

  override clean(): MaybePromise<void> {
    validatePasswords(this, 'newPassword1', 'newPassword2');
    return validatePasswordForUser(this, this.user, 'newPassword2');
  }

  /** @returns the user, with the new password. */
  save(options: SaveOptions = {}): Promise<AbstractBaseUser> {
    return setPasswordAndSave(this.user, this.cleanedData.newPassword1, options);
  }
}

const WARNING =
  '<ul id="id_unusable_warning" class="messagelist"><li class="warning">If disabled, the current password for this user ' +
  'will be lost.</li></ul>';

/** Another password, or none, of a user whom somebody else looks after. */
export class AdminPasswordChangeForm extends forms.form({
  password1: newPasswordField(_('Password')),
  password2: confirmationField(_('Password confirmation')),
}) {
  override requiredCssClass = 'required';

  constructor(
    readonly user: AbstractBaseUser,
    options: forms.FormOptions = {},
  ) {
    super(options);
    const { password1, password2 } = this.fields;
    password1.widget.attrs['autofocus'] = true;
    if (!user.hasUsablePassword()) return;
    password1.required = false;
    password2.required = false;
    (this.fields as Record<string, forms.Field>)['usablePassword'] = usablePasswordField(WARNING);
  }

  override clean(): MaybePromise<void> {
    if (decideOnPassword(this, 'password1', 'password2')) {
      return validatePasswordForUser(this, this.user, 'password2');
    }
  }

  /** @returns the user, with the new password, or without one. */
  save(options: SaveOptions = {}): Promise<AbstractBaseUser> {
    const { password1, setUsablePassword } = this.cleanedData as {
      password1: string;
      setUsablePassword?: boolean;
    };
    return setPasswordAndSave(this.user, setUsablePassword === false ? null : password1, options);
  }

  /** `password`, where there is a new one, or none any more. */
  override get changedData(): string[] {
    const names = super.changedData;
    const isChanged =
      names.includes('setUsablePassword') || (names.includes('password1') && names.includes('password2'));
    return isChanged ? ['password'] : [];
  }
}
