/** Forms of the admin's own pages. Django: `django.contrib.admin.forms`. */
import { ValidationError } from '../../core/exceptions';
import { gettextLazy as _ } from '../../utils/translation';
import { AuthenticationForm } from '../auth/forms/authentication';
import { PasswordChangeForm } from '../auth/forms/passwords';
import type { AuthUser } from '../auth/user_model';

/** Logs in those who belong to the staff, and nobody else. */
export class AdminAuthenticationForm extends AuthenticationForm {
  override errorMessages = {
    invalidLogin: _(
      'Please enter the correct %(username)s and password for a staff account. Note that both fields may be ' +
        'case-sensitive.',
    ),
    inactive: _('This account is inactive.'),
  };
  override requiredCssClass = 'required';

  override async confirmLoginAllowed(user: AuthUser): Promise<void> {
    await super.confirmLoginAllowed(user);
    if (!(user as { isStaff?: boolean }).isStaff) {
      throw new ValidationError(this.errorMessages.invalidLogin, {
        code: 'invalid_login',
        params: { username: String(this.usernameField.verboseName) },
      });
    }
  }
}

/** The form to change one's password. */
export class AdminPasswordChangeForm extends PasswordChangeForm {
  override requiredCssClass = 'required';
}
