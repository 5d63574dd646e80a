import { ValidationError } from '../../../core/validation_error';
import { isDigit } from '../../../python/text';
import { gettext } from '../../../utils/translation';

/** Refuses passwords that are digits alone. */
export class NumericPasswordValidator {
  validate(password: string): void {
    if (!isDigit(password)) return;
    throw new ValidationError(this.getErrorMessage(), { code: 'password_entirely_numeric' });
  }

  getErrorMessage(): string {
    return gettext('This password is entirely numeric.');
  }

  getHelpText(): string {
    return gettext('Your password can’t be entirely numeric.');
  }
}
