/**
 * `{% load humanize %}`. Django: `django.contrib.humanize`;
 * https://docs.djangoproject.com/en/5.2/ref/contrib/humanize/
 */
import { ValueError } from '../../../core/exceptions';
import { isDatetime, PlainDate, toDatetime, ZonedDateTime } from '../../../python/datetime';
import { Decimal } from '../../../python/decimal';
import { isFloat, toInt } from '../../../python/numbers';
import { isTruthy } from '../../../python/ops';
import { toStr } from '../../../python/str';
import { date as dateFilter, floatformat } from '../../../template/defaultfilters';
import { Library } from '../../../template/library';
import { numberFormat } from '../../../utils/formats';
import { SafeString } from '../../../utils/safestring';
import { getDefaultTimezone, localdate } from '../../../utils/timezone';
import { gettext, ngettext, pgettext } from '../../../utils/translation';
import { naturaltimeOf } from '../naturaltime';

export const register = new Library();

/** An integer; `null` for what Python's `int()` refuses. */
function integer(value: unknown): number | bigint | null {
  try {
    return toInt(value);
  } catch (error) {
    if (error instanceof ValueError || error instanceof TypeError) return null;
    throw error;
  }
}

const SUFFIXES = ['th', 'st', 'nd', 'rd', 'th', 'th', 'th', 'th', 'th', 'th'];

/** `1st`, `2nd`, `11th`. */
export function ordinal(value: unknown): unknown {
  const number = integer(value);
  if (number === null) return value;
  if (number < 0) return String(number);
  const hundred = Number(BigInt(number) % 100n);
  const last = hundred % 10;
  const pattern =
    hundred >= 11 && hundred <= 13
      ? pgettext('ordinal 11, 12, 13', '{}th')
      : pgettext(`ordinal ${last}`, `{}${SUFFIXES[last]}`);
  return new SafeString(pattern.replace('{}', String(number)));
}

/** Commas in the digits that text starts with. */
function commas(text: string): string {
  const [all = '', sign = '', digits = ''] = /^(-?)(\p{Nd}+)/u.exec(text) ?? [];
  if (digits === '') return text;
  // A search for places with threes of digits behind them would take the square of the length (CVE-2024-24680).
  const characters = [...digits];
  const groups: string[] = [];
  for (let start = 0, end = characters.length % 3 || 3; start < characters.length; start = end, end += 3) {
    groups.push(characters.slice(start, end).join(''));
  }
  return sign + groups.join(',') + text.slice(all.length);
}

/** The digits of a number in groups: by the active language's separator, or by commas with `false`. */
export function intcomma(value: unknown, useL10n: unknown = true): string {
  if (!isTruthy(useL10n)) return commas(toStr(value));
  if (isFloat(value) || value instanceof Decimal) return numberFormat(value, null, true, true);
  const number = integer(value);
  return number === null ? commas(toStr(value)) : numberFormat(number, null, true, true);
}

const LARGE: readonly (readonly [exponent: number, name: string])[] = [
  [6, 'million'],
  [9, 'billion'],
  [12, 'trillion'],
  [15, 'quadrillion'],
  [18, 'quintillion'],
  [21, 'sextillion'],
  [24, 'septillion'],
  [27, 'octillion'],
  [30, 'nonillion'],
  [33, 'decillion'],
  [100, 'googol'],
];

/** The whole number that decides the plural: 1.1 is many already, 0.9 is one. */
function roundAwayFromOne(value: number): number {
  const rest = value - 1;
  return Math.sign(rest) * Math.ceil(Math.abs(rest)) + 1;
}

/** A large number in words: `1.2 million`. Smaller ones as they are. */
export function intword(value: unknown): unknown {
  const number = integer(value);
  if (number === null) return value;
  const exact = BigInt(number);
  const size = exact < 0n ? -exact : exact;
  if (size < 1_000_000n) return number;
  for (const [exponent, name] of LARGE) {
    if (size >= 10n ** BigInt(exponent + 3)) continue;
    // The text of the quotient is read as the nearest double, which dividing two doubles would not always give.
    const quotient = Number(`${exact}e-${exponent}`);
    const pattern = ngettext(`%(value)s ${name}`, `%(value)s ${name}`, Math.abs(roundAwayFromOne(quotient)));
    return pattern.replace('%(value)s', String(floatformat(quotient, 1)));
  }
  return number;
}

const WORDS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** 1 to 9 in words, as the Associated Press writes them. */
export function apnumber(value: unknown): unknown {
  const number = integer(value);
  if (number === null) return value;
  const word = WORDS[Number(number) - 1];
  return word === undefined ? number : gettext(word);
}

/** `today`, `tomorrow`, `yesterday`; other dates in a format. */
export function naturalday(input: unknown, format?: unknown): unknown {
  let date: PlainDate;
  let timeZone = getDefaultTimezone();
  if (isDatetime(input)) {
    const value = toDatetime(input);
    if (value instanceof ZonedDateTime) timeZone = value.timeZone;
    date = value.date();
  } else if (input instanceof PlainDate) {
    date = input;
  } else {
    return input;
  }
  switch (date.days - localdate(new Date(), timeZone).days) {
    case 0:
      return gettext('today');
    case 1:
      return gettext('tomorrow');
    case -1:
      return gettext('yesterday');
    default:
      return dateFilter(date, format);
  }
}

/** How long ago, or how far ahead. */
export function naturaltime(value: unknown): unknown {
  return naturaltimeOf(value);
}

register.filter('ordinal', ordinal, { isSafe: true });
register.filter('intcomma', intcomma, { isSafe: true, argument: 'optional' });
register.filter('intword', intword);
register.filter('apnumber', apnumber, { isSafe: true });
register.filter('naturalday', naturalday, { expectsLocaltime: true, argument: 'optional' });
register.filter('naturaltime', naturaltime);
