/** Filters of numbers. */
import { ValueError } from '../../core/exceptions';
import { PlainDate, PlainDateTime, toDatetime, ZonedDateTime } from '../../python/datetime';
import { Decimal, InvalidOperation } from '../../python/decimal';
import {
  IndexError,
  isFloat,
  isNumber,
  shrink,
  toFloat,
  toInt,
  ZeroDivisionError,
} from '../../python/numbers';
import { len } from '../../python/ops';
import { toStr } from '../../python/str';
import { pyFloat, Tuple, tuple } from '../../python/types';
import { Duration } from '../../utils/duration';
import { numberFormat } from '../../utils/formats';
import { avoidWrapping } from '../../utils/html';
import { SafeString } from '../../utils/safestring';
import { gettext, ngettext } from '../../utils/translation';
import type { Library } from '../library';
import { textArgument } from './support';

/** Numbers of more digits come back as they are. */
const MAX_DIGITS = 200;

/** More decimal places than that are an error of Python's decimal numbers: twice their exponent and precision. */
const MAX_PLACES = 2 * (999_999 + 28);

function decimalOf(value: unknown, text: string): Decimal | null {
  try {
    return Decimal.from(text);
  } catch (error) {
    if (!(error instanceof InvalidOperation)) throw error;
  }
  try {
    return Decimal.from(toStr(pyFloat(toFloat(value))));
  } catch (error) {
    if (error instanceof ValueError || error instanceof TypeError) return null;
    throw error;
  }
}

/** The argument without its letters: `g` groups the digits, `u` writes them as Python does. */
function readArgument(argument: unknown): { places: unknown; forceGrouping: boolean; useL10n: boolean } {
  if (typeof argument !== 'string' && !(argument instanceof SafeString)) {
    return { places: argument, forceGrouping: false, useL10n: true };
  }
  const text = String(argument);
  if (text === '') throw new IndexError('string index out of range');
  const [, places = '', letters = ''] = /^([\s\S]*?)(gu|ug|g|u|)$/.exec(text) ?? [];
  return {
    places: letters === '' ? text : places || -1,
    forceGrouping: letters.includes('g'),
    useL10n: !letters.includes('u'),
  };
}

/** As many digits as a double holds exactly. */
const EXACT_DIGITS = 15;

/**
 * What `Decimal.quantize` would give, for a float of few digits: the digits as an integer, rounded in integers.
 * `null` for all other numbers.
 */
function roundedText(text: string, places: number): string | null {
  const negative = text.startsWith('-');
  const digits = negative ? text.slice(1) : text;
  if (!Number.isFinite(Number(text))) return null;
  const point = digits.indexOf('.');
  if (digits.length > EXACT_DIGITS || digits.includes('e')) return null;
  if (point === -1) return `${text}.${'0'.repeat(places)}`;
  const dropped = digits.length - point - 1 - places;
  if (dropped <= 0) return text + '0'.repeat(-dropped);
  const divisor = 10 ** dropped;
  const whole = Number(digits.slice(0, point) + digits.slice(point + 1));
  const rounded = Math.floor((whole + divisor / 2) / divisor);
  const result = String(rounded).padStart(places + 1, '0');
  const at = result.length - places;
  return `${negative && rounded !== 0 ? '-' : ''}${result.slice(0, at)}.${result.slice(at)}`;
}

/**
 * A number with so many decimal places, rounded half up; a negative count leaves them out where they are all zero.
 * Without an argument: one place, if there is something to show in it.
 */
export function floatformat(value: unknown, argument: unknown = -1): string | SafeString {
  const { places, forceGrouping, useL10n } = readArgument(argument);
  const text = toStr(value);
  const fits = typeof places === 'number' && Number.isInteger(places) && places !== 0;
  // With a negative count an integer has no places at all.
  if (typeof value === 'number' && fits && (places > 0 || !Number.isInteger(value))) {
    const size = Math.abs(places);
    const rounded = size <= EXACT_DIGITS ? roundedText(text, size) : null;
    if (rounded !== null) return new SafeString(numberFormat(rounded, size, useL10n, forceGrouping));
  }
  const number = decimalOf(value, text);
  if (number === null) return '';
  let count: number;
  try {
    count = Number(toInt(places));
  } catch (error) {
    if (error instanceof ValueError) return text;
    throw error;
  }
  if (typeof number.exponent !== 'number') return text;
  if (number.digits + Math.abs(number.exponent) > MAX_DIGITS) return text;
  if (number.isIntegral && count <= 0) {
    return new SafeString(numberFormat(String(number.toBigInt()), 0, useL10n, forceGrouping));
  }
  const size = Math.abs(count);
  if (size > MAX_PLACES) throw new InvalidOperation("[<class 'decimal.InvalidOperation'>]");
  const digits = number.toPlaces(size, 'half_up').replace(/^-(?=[0.]*$)/, '');
  return new SafeString(numberFormat(digits, size, useL10n, forceGrouping));
}

/** `value + argument` for what is not a pair of integers: text, lists, floats that have no integer, dates. */
function addOther(value: unknown, argument: unknown): unknown {
  if (isText(value) && isText(argument)) {
    const text = String(value) + String(argument);
    return value instanceof SafeString && argument instanceof SafeString ? new SafeString(text) : text;
  }
  if (Array.isArray(value) && Array.isArray(argument)) {
    if (value instanceof Tuple !== argument instanceof Tuple) return '';
    const items = [...value, ...argument];
    return value instanceof Tuple ? tuple(items) : items;
  }
  if (value instanceof Decimal || argument instanceof Decimal) {
    // A NaN: Python adds decimals to integers and decimals only.
    return isFloat(value) || isFloat(argument) || !isNumber(value) || !isNumber(argument)
      ? ''
      : Decimal.from('NaN');
  }
  if (isNumber(value) && isNumber(argument)) return pyFloat(toFloat(value) + toFloat(argument));
  if (argument instanceof Duration) return addDuration(value, argument);
  return value instanceof Duration && !(argument instanceof Duration) ? addDuration(argument, value) : '';
}

function isText(value: unknown): value is string | SafeString {
  return typeof value === 'string' || value instanceof SafeString;
}

function addDuration(value: unknown, duration: Duration): unknown {
  if (value instanceof Duration) {
    return new Duration({
      days: value.days + duration.days,
      seconds: value.seconds + duration.seconds,
      microseconds: value.microseconds + duration.microseconds,
    });
  }
  if (value instanceof PlainDate) return PlainDate.fromDays(value.days + duration.days);
  if (!(value instanceof PlainDateTime || value instanceof Date)) return '';
  const start = toDatetime(value);
  const microseconds = start.microsecond + duration.microseconds;
  const carry = Math.floor(microseconds / 1_000_000);
  const plain = PlainDateTime.fromEpoch(
    start.seconds + duration.days * 86_400 + duration.seconds + carry,
    microseconds - carry * 1_000_000,
  );
  return start instanceof ZonedDateTime ? new ZonedDateTime(plain, start.timeZone, start.offset) : plain;
}

/** The sum of two integers, or of whatever else can be added; empty text where nothing can. */
export function add(value: unknown, argument: unknown): unknown {
  try {
    const a = toInt(value);
    const b = toInt(argument);
    if (typeof a === 'number' && typeof b === 'number' && Number.isSafeInteger(a + b)) return a + b;
    return shrink(BigInt(a) + BigInt(b));
  } catch (error) {
    if (error instanceof ValueError || error instanceof TypeError) return addOther(value, argument);
    throw error;
  }
}

/** The nth digit from the right. The value itself for anything but a number and a position. */
export function getDigit(value: unknown, argument: unknown): unknown {
  let position: number;
  let number: number | bigint;
  try {
    position = Number(toInt(argument));
    number = toInt(value);
  } catch (error) {
    if (error instanceof ValueError) return value;
    throw error;
  }
  if (position < 1) return number;
  const digits = String(number);
  return position > digits.length ? 0 : toInt(digits[digits.length - position]);
}

/** @throws ZeroDivisionError */
export function divisibleby(value: unknown, argument: unknown): boolean {
  const dividend = BigInt(toInt(value));
  const divisor = BigInt(toInt(argument));
  if (divisor === 0n) throw new ZeroDivisionError('integer modulo by zero');
  return dividend % divisor === 0n;
}

const UNITS = ['KB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Rounded to one decimal as Python does: a double that lies exactly between two goes to the even one. */
function roundToTenth(value: number): number {
  const tie = (value * 4) % 2 === 1 && Math.floor(value * 10) % 2 === 0;
  return tie ? Math.floor(value * 10) / 10 : Number(value.toFixed(1));
}

/** A number of bytes as people read it: `13 KB`. */
export function filesizeformat(value: unknown): string {
  let bytes: number;
  try {
    bytes = Number(toInt(value));
  } catch (error) {
    if (!(error instanceof ValueError || error instanceof TypeError)) throw error;
    return avoidWrapping(ngettext('%(size)d byte', '%(size)d bytes', 0).replace('%(size)d', '0'));
  }
  const size = Math.abs(bytes);
  let text: string;
  if (size < 1024) {
    text = ngettext('%(size)d byte', '%(size)d bytes', size).replace('%(size)d', String(size));
  } else {
    let power = 1;
    while (power < UNITS.length && size >= 1024 ** (power + 1)) power += 1;
    const number = numberFormat(pyFloat(roundToTenth(size / 1024 ** power)), 1);
    text = gettext(`%s ${UNITS[power - 1]}`).replace('%s', number);
  }
  return avoidWrapping(bytes < 0 ? `-${text}` : text);
}

/** The ending of a plural, `s` or the argument; with a comma, the endings of singular and plural. */
export function pluralize(value: unknown, argument: unknown = 's'): string {
  const text = textArgument(argument);
  const endings = text.includes(',') ? text.split(',') : ['', text];
  if (endings.length > 2) return '';
  const [singular = '', plural = ''] = endings;
  try {
    return toFloat(value) === 1 ? singular : plural;
  } catch (error) {
    if (error instanceof ValueError) return '';
    if (!(error instanceof TypeError)) throw error;
  }
  try {
    return len(value) === 1 ? singular : plural;
  } catch (error) {
    if (error instanceof TypeError) return '';
    throw error;
  }
}

export function register(library: Library): void {
  library.filter('floatformat', floatformat, { isSafe: true, argument: 'optional' });
  library.filter('add', add);
  library.filter('get_digit', getDigit);
  library.filter('divisibleby', divisibleby);
  library.filter('filesizeformat', filesizeformat, { isSafe: true });
  library.filter('pluralize', pluralize, { argument: 'optional' });
}
