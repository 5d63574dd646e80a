/** How many figures a decimal number has. */
import { Decimal } from '../../python/types';
import type { Text } from '../../utils/functional';
import { gettextLazy as _, ngettextLazy } from '../../utils/translation';
import { BaseCallable } from './base';

const MESSAGES: Readonly<Record<'invalid' | 'max_digits' | 'max_decimal_places' | 'max_whole_digits', Text>> =
  {
    invalid: _('Enter a number.'),
    max_digits: ngettextLazy(
      'Ensure that there are no more than %(max)s digit in total.',
      'Ensure that there are no more than %(max)s digits in total.',
      'max',
    ),
    max_decimal_places: ngettextLazy(
      'Ensure that there are no more than %(max)s decimal place.',
      'Ensure that there are no more than %(max)s decimal places.',
      'max',
    ),
    max_whole_digits: ngettextLazy(
      'Ensure that there are no more than %(max)s digit before the decimal point.',
      'Ensure that there are no more than %(max)s digits before the decimal point.',
      'max',
    ),
  };

/**
 * At most so many figures, and so many behind the point. The value is a `Decimal`, or a number or text that is one.
 *
 * @example
 * ```ts
 * new DecimalValidator(5, 2)('123.45');
 * ```
 */
export class DecimalValidator extends BaseCallable {
  readonly messages: typeof MESSAGES = MESSAGES;

  constructor(
    readonly maxDigits: number | null,
    readonly decimalPlaces: number | null,
  ) {
    super();
  }

  override validate(value: unknown): void {
    const number = value instanceof Decimal ? value : Decimal.from(value as string);
    const { exponent } = number;
    if (typeof exponent !== 'number') throw this.error(value, this.messages.invalid, 'invalid');
    // Behind the point there can be zeros before the first figure; before it, zeros after the last.
    const decimals = Math.max(-exponent, 0);
    const digits = Math.max(number.digits, decimals) + (number.isZero ? 0 : Math.max(exponent, 0));
    const { maxDigits, decimalPlaces } = this;
    if (maxDigits !== null && digits > maxDigits) this.refuse(value, 'max_digits', maxDigits);
    if (decimalPlaces !== null && decimals > decimalPlaces) {
      this.refuse(value, 'max_decimal_places', decimalPlaces);
    }
    if (maxDigits !== null && decimalPlaces !== null && digits - decimals > maxDigits - decimalPlaces) {
      this.refuse(value, 'max_whole_digits', maxDigits - decimalPlaces);
    }
  }

  private refuse(value: unknown, code: keyof typeof MESSAGES, max: number): never {
    throw this.error(value, this.messages[code], code, { max });
  }

  protected override identity(): readonly unknown[] {
    return [this.maxDigits, this.decimalPlaces];
  }
}
