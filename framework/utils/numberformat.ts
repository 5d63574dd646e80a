/** Writing numbers with separators. Django: `django.utils.numberformat`. */
import { settings } from '../conf';
import { Decimal } from '../python/decimal';
import { toStr } from '../python/str';

/** How digits are grouped: so many each, or sizes from the right, the last one repeating unless it is 0. */
export type Grouping = number | readonly number[];

/** How to write a number. */
export interface NumberFormatOptions {
  decimalSep: string;
  /** Digits behind the decimal separator: cut off or filled up, not rounded. All there are if null. */
  decimalPos?: number | null;
  grouping?: Grouping;
  thousandSep?: string;
  /** Groups also where USE_THOUSAND_SEPARATOR is off. */
  forceGrouping?: boolean;
  /** False: USE_THOUSAND_SEPARATOR does not count. */
  useL10n?: boolean | null;
}

/** Numbers of more digits are written with an exponent. */
const MAX_DIGITS = 200;

function group(digits: string, grouping: Grouping, separator: string): string {
  const sizes = typeof grouping === 'number' ? [grouping, 0] : [...grouping];
  let size = sizes.shift() ?? 0;
  const groups: string[] = [];
  let end = digits.length;
  while (size > 0 && end > size) {
    groups.push(digits.slice(end - size, end));
    end -= size;
    size = (sizes.length > 0 ? sizes.shift() : size) || size;
  }
  groups.push(digits.slice(0, end));
  return groups.reverse().join(separator);
}

function decimalText(value: Decimal, options: NumberFormatOptions): string {
  const { decimalPos = null } = options;
  let number = value;
  if (decimalPos !== null) {
    // Too small to show in any of the decimal places: zero, without a sign.
    const cutoff = Decimal.from(`0.${'1'.padStart(decimalPos, '0')}`);
    if (number.abs().compare(cutoff) < 0) number = Decimal.from(0);
  }
  if (typeof number.exponent === 'number' && Math.abs(number.exponent) + number.digits > MAX_DIGITS) {
    const [coefficient = '', exponent = ''] = number.toScientific().split('e');
    return `${format(coefficient, options)}e${exponent}`;
  }
  return plain(number.toFixed(), options);
}

function plain(text: string, options: NumberFormatOptions): string {
  const { decimalPos = null, grouping = 0, thousandSep = '' } = options;
  const negative = text.startsWith('-');
  const point = text.indexOf('.');
  const digits = text.slice(negative ? 1 : 0, point === -1 ? text.length : point);
  const fraction = point === -1 ? '' : text.slice(point + 1);
  let decimals = decimalPos === null ? fraction : fraction.slice(0, decimalPos).padEnd(decimalPos, '0');
  if (decimals !== '') decimals = options.decimalSep + decimals;
  const grouped =
    options.forceGrouping === true || ((options.useL10n ?? true) && settings.USE_THOUSAND_SEPARATOR);
  const whole = grouped && grouping !== 0 ? group(digits, grouping, thousandSep) : digits;
  return (negative ? '-' : '') + whole + decimals;
}

/** A number, or the text of one, with the separators that are asked for. */
export function format(value: unknown, options: NumberFormatOptions): string {
  if (value === null || value === undefined || value === '') return value === '' ? '' : 'None';
  if (value instanceof Decimal) return value.isFinite ? decimalText(value, options) : value.toString();
  const text = toStr(value);
  if (typeof value !== 'string' && text.includes('e')) return decimalText(Decimal.from(text), options);
  return plain(text, options);
}
