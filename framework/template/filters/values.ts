/** Filters of dates, of truth, and for debugging. */
import { AttributeError, ValueError } from '../../core/exceptions';
import { isTruthy } from '../../python/ops';
import { pformat } from '../../python/pprint';
import { dateFormat, timeFormat } from '../../utils/formats';
import { SafeString } from '../../utils/safestring';
import { timesince as since, timeuntil as until } from '../../utils/timesince';
import { gettext } from '../../utils/translation';
import type { Library } from '../library';
import { textArgument } from './support';

function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (value instanceof SafeString && value.value === '')
  );
}

/** A date in a format, or in one of the settings' (`"SHORT_DATE_FORMAT"`); DATE_FORMAT without one. */
export function date(value: unknown, format?: unknown): string {
  if (isEmpty(value)) return '';
  try {
    return dateFormat(value, format);
  } catch (error) {
    if (error instanceof AttributeError) return '';
    throw error;
  }
}

/** A time of day in a format; TIME_FORMAT without one. */
export function time(value: unknown, format?: unknown): string {
  if (isEmpty(value)) return '';
  try {
    return timeFormat(value, format);
  } catch (error) {
    if (error instanceof AttributeError || error instanceof TypeError) return '';
    throw error;
  }
}

function difference(tell: (value: unknown, now?: unknown) => string, value: unknown, now: unknown): string {
  if (!isTruthy(value)) return '';
  try {
    return isTruthy(now) ? tell(value, now) : tell(value);
  } catch (error) {
    if (error instanceof ValueError || error instanceof TypeError) return '';
    throw error;
  }
}

/** The time since a date, up to now or to the argument. */
export function timesince(value: unknown, now?: unknown): string {
  return difference(since, value, now);
}

export function timeuntil(value: unknown, now?: unknown): string {
  return difference(until, value, now);
}

export function defaultFilter(value: unknown, argument: unknown): unknown {
  return isTruthy(value) ? value : argument;
}

export function defaultIfNone(value: unknown, argument: unknown): unknown {
  return value === null || value === undefined ? argument : value;
}

/** One of two or three words, for true, false and `None`. */
export function yesno(value: unknown, argument?: unknown): unknown {
  const words =
    argument === undefined || argument === null ? gettext('yes,no,maybe') : textArgument(argument);
  const bits = words.split(',');
  const [yes, no] = bits;
  if (no === undefined) return value;
  if (value === null || value === undefined) return bits.length === 3 ? bits[2] : no;
  return isTruthy(value) ? yes : no;
}

/** A value as Python's `pprint` shows it. */
export function pprint(value: unknown): string {
  try {
    return pformat(value);
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    return `Error in formatting: ${name}: ${message}`;
  }
}

export function register(library: Library): void {
  library.filter('date', date, { expectsLocaltime: true, argument: 'optional' });
  library.filter('time', time, { expectsLocaltime: true, argument: 'optional' });
  library.filter('timesince', timesince, { argument: 'optional' });
  library.filter('timeuntil', timeuntil, { argument: 'optional' });
  library.filter('default', defaultFilter);
  library.filter('default_if_none', defaultIfNone);
  library.filter('yesno', yesno, { argument: 'optional' });
  library.filter('pprint', pprint, { isSafe: true });
}
