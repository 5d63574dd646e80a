/** Forms that make and change users. */

import type { QuerySet } from '../../../db/models';
import { uniqueErrorMessage } from '../../../db/models/unique';
import * as forms from '../../../forms';
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import { gettextLazy as _ } from '../../../utils/translation';
import { type Permission, User } from '../models';
import { ReadOnlyPasswordHashField, UsernameField } from './fields';
import {
  confirmationField,
  decideOnPassword,
  newPasswordField,
  type SaveOptions,
  setPasswordAndSave,
  usablePasswordField,
  validatePasswordForUser,
  validatePasswords,
} from './passwords';

/** Makes a user without privileges: a name, and a password twice. The base of a site's own. */
export class BaseUserCreationForm extends forms.modelForm(
  User,
  { fields: ['username'], fieldClasses: { username: UsernameField } },
  {
    password1: newPasswordField(_('Password')),
    password2: confirmationField(_('Password confirmation')),
  },
) {
  constructor(options: forms.ModelFormInit<User> = {}) {
    super(options);
    const { username } = this.fields as Partial<Record<string, forms.Field>>;
    if (username !== undefined) username.widget.attrs['autofocus'] = true;
  }

  override clean() {
    this.validatePasswords();
    return super.clean();
  }

  protected override postClean(): MaybePromise<void> {
    return then(super.postClean(), () => this.validatePasswordForUser());
  }

  /** Adds an error where the two passwords differ; a form with a field `usablePassword` need have none. */
  validatePasswords(): void {
    if ('usablePassword' in this.fields) decideOnPassword(this, 'password1', 'password2');
    else validatePasswords(this, 'password1', 'password2');
  }

  /** Adds what AUTH_PASSWORD_VALIDATORS say; the instance has the other values by then. */
  validatePasswordForUser(): MaybePromise<void> {
    if (this.getNewPassword() !== null) return validatePasswordForUser(this, this.instance, 'password2');
  }

  /** The new password; null for none. */
  getNewPassword(): string | null {
    const { password1, setUsablePassword } = this.cleanedData as {
      password1: string;
      setUsablePassword?: boolean;
    };
    return setUsablePassword === false ? null : password1;
  }

  /** @returns the user, saved unless `commit` is false. */
  override async save({ commit = true }: SaveOptions = {}): Promise<User> {
    const user = await super.save({ commit: false });
    await setPasswordAndSave(user, this.getNewPassword(), { commit });
    if (commit) await this.saveM2M();
    return user;
  }
}

/** The same, and names that differ only in case are taken. */
export class UserCreationForm extends BaseUserCreationForm {
  /** Adds an error for a name that is taken. */
  async cleanUsername(username: string): Promise<string | null> {
    const model = this.instance.constructor as typeof User;
    const isTaken = username !== '' && (await model.objects.filter({ username__iexact: username }).exists());
    if (!isTaken) return username;
    this.addError('username', uniqueErrorMessage(this.instance, ['username']));
    return null;
  }
}

/** The same, of a user who may have no password: for somebody else. */
export class AdminUserCreationForm extends forms.modelForm(
  UserCreationForm,
  {},
  {
    usablePassword: usablePasswordField(),
  },
) {
  constructor(options: forms.ModelFormInit<User> = {}) {
    super(options);
    const { password1, password2 } = this.fields as Record<string, forms.Field>;
    if (password1 !== undefined) password1.required = false;
    if (password2 !== undefined) password2.required = false;
  }
}

/** Changes a user; the password is shown as far as it may be. */
export class UserChangeForm extends forms.modelForm(
  User,
  { fields: '__all__', fieldClasses: { username: UsernameField } },
  {
    password: new ReadOnlyPasswordHashField({
      label: _('Password'),
      helpText: _('Raw passwords are not stored, so there is no way to see the user’s password.'),
    }),
  },
) {
  constructor(options: forms.ModelFormInit<User> = {}) {
    super(options);
    const { password, userPermissions } = this.fields as Partial<Record<string, forms.Field>>;
    if (password !== undefined && !this.instance.hasUsablePassword()) {
      password.helpText = _('Enable password-based authentication for this user by setting a password.');
    }
    if (userPermissions instanceof forms.ModelMultipleChoiceField) {
      const rows = userPermissions.queryset as QuerySet<Permission> | null;
      userPermissions.queryset = rows?.selectRelated('contentType') ?? null;
    }
  }
}
