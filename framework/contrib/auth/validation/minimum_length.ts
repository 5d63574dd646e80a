import { ValidationError } from '../../../core/validation_error';
import { percentFormat } from '../../../python/format';
import { textLength } from '../../../python/text';
import { ngettext } from '../../../utils/translation';

/** Refuses passwords that are too short. */
export class MinimumLengthValidator {
  readonly minLength: number;

  /** @param options.minLength characters. Default: 8. */
  constructor({ minLength = 8 }: { minLength?: number } = {}) {
    this.minLength = minLength;
  }

  validate(password: string): void {
    if (textLength(password) >= this.minLength) return;
    throw new ValidationError(this.getErrorMessage(), {
      code: 'password_too_short',
      params: { min_length: this.minLength },
    });
  }

  getErrorMessage(): string {
    const { minLength } = this;
    return percentFormat(
      ngettext(
        'This password is too short. It must contain at least %d character.',
        'This password is too short. It must contain at least %d characters.',
        minLength,
      ),
      minLength,
    );
  }

  getHelpText(): string {
    const { minLength } = this;
    return percentFormat(
      ngettext(
        'Your password must contain at least %(min_length)d character.',
        'Your password must contain at least %(min_length)d characters.',
        minLength,
      ),
      { min_length: minLength },
    );
  }
}
