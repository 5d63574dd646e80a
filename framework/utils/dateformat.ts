/**
 * Dates in the formats of PHP's `date()` that Django extended. Django: `django.utils.dateformat`;
 * https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#date
 *
 * A format is compiled once to a list of functions and texts.
 */
import { AttributeError } from '../core/exceptions';
import {
  daysInMonth,
  isLeap,
  PlainDate,
  PlainDateTime,
  PlainTime,
  pad,
  toDatetime,
  ZonedDateTime,
} from '../python/datetime';
import { typeName } from '../python/str';
import { title } from '../python/text';
import { getZone } from '../python/zoneinfo';
import { Moment } from './dateformat_moment';
import { dateNames } from './dates';
import { getDefaultTimezone, makeAware } from './timezone';
import { gettext } from './translation';

function hour12(moment: Moment): number {
  return moment.time.hour % 12 || 12;
}

function shortTime(moment: Moment): string {
  const { minute } = moment.time;
  return minute === 0 ? String(hour12(moment)) : `${hour12(moment)}:${pad(minute)}`;
}

function amPm(moment: Moment): string {
  return gettext(moment.time.hour > 11 ? 'p.m.' : 'a.m.');
}

function compactOffset(seconds: number): string {
  const size = Math.abs(seconds);
  return `${seconds < 0 ? '-' : '+'}${pad(Math.floor(size / 3600))}${pad(Math.floor(size / 60) % 60)}`;
}

function ordinalSuffix(day: number): string {
  if (day >= 11 && day <= 13) return 'th';
  return ['th', 'st', 'nd', 'rd'][day % 10] ?? 'th';
}

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** The midnight that a date starts with. */
function midnight(date: PlainDate | PlainDateTime): PlainDateTime {
  return date instanceof PlainDateTime ? date : new PlainDateTime(date.year, date.month, date.day);
}

/** The date of an e-mail: RFC 5322. Never translated. */
function rfc5322(moment: Moment): string {
  const start = midnight(moment.date);
  const zone = moment.timeZone ?? getDefaultTimezone();
  const value = start instanceof ZonedDateTime ? start : makeAware(start, zone);
  const seconds = Math.abs(value.offset) % 60;
  const zoned = compactOffset(value.offset) + (seconds === 0 ? '' : pad(seconds));
  const day = `${DAYS[moment.weekday]}, ${pad(value.day)} ${MONTHS[value.month - 1]} ${pad(value.year, 4)}`;
  return `${day} ${pad(value.hour)}:${pad(value.minute)}:${pad(value.second)} ${zoned}`;
}

function unixTime(moment: Moment): number {
  const start = midnight(moment.date);
  const value = start instanceof ZonedDateTime ? start : makeAware(start, getDefaultTimezone());
  // Towards zero, as Python's int() rounds a timestamp.
  return value.epochSeconds < 0 && value.microsecond > 0 ? value.epochSeconds + 1 : value.epochSeconds;
}

type Piece = (moment: Moment) => string | number;

/** The characters that a time alone has. */
const TIME_PIECES: Readonly<Record<string, Piece>> = {
  a: amPm,
  A: (moment) => gettext(moment.time.hour > 11 ? 'PM' : 'AM'),
  e: (moment) =>
    moment.timeZone !== null && moment.value instanceof ZonedDateTime
      ? getZone(moment.timeZone).abbreviationAt(moment.epochSeconds)
      : '',
  f: shortTime,
  g: hour12,
  G: (moment) => moment.time.hour,
  h: (moment) => pad(hour12(moment)),
  H: (moment) => pad(moment.time.hour),
  i: (moment) => pad(moment.time.minute),
  O: (moment) => (moment.timeZone === null ? '' : compactOffset(moment.offset)),
  P: (moment) => {
    const { hour, minute } = moment.time;
    if (minute === 0 && hour === 0) return gettext('midnight');
    if (minute === 0 && hour === 12) return gettext('noon');
    return `${shortTime(moment)} ${amPm(moment)}`;
  },
  s: (moment) => pad(moment.time.second),
  T: (moment) =>
    moment.timeZone === null ? '' : getZone(moment.timeZone).abbreviationAt(moment.epochSeconds),
  u: (moment) => pad(moment.time.microsecond, 6),
  Z: (moment) => (moment.timeZone === null ? '' : moment.offset),
};

const DATE_PIECES: Readonly<Record<string, Piece>> = {
  b: (moment) => dateNames().monthsShort[moment.date.month - 1] as string,
  c: (moment) => moment.value.isoformat(),
  d: (moment) => pad(moment.date.day),
  D: (moment) => dateNames().weekdaysShort[moment.weekday] as string,
  E: (moment) => dateNames().monthsAlt[moment.date.month - 1] as string,
  F: (moment) => dateNames().months[moment.date.month - 1] as string,
  I: (moment) =>
    moment.timeZone === null ? '' : getZone(moment.timeZone).isDst(moment.epochSeconds) ? '1' : '0',
  j: (moment) => moment.date.day,
  l: (moment) => dateNames().weekdays[moment.weekday] as string,
  L: (moment) => (isLeap(moment.date.year) ? 'True' : 'False'),
  m: (moment) => pad(moment.date.month),
  M: (moment) => title(dateNames().monthsShort[moment.date.month - 1] as string),
  n: (moment) => moment.date.month,
  N: (moment) => dateNames().monthsAp[moment.date.month - 1] as string,
  o: (moment) => moment.isoWeek()[0],
  r: rfc5322,
  S: (moment) => ordinalSuffix(moment.date.day),
  t: (moment) => daysInMonth(moment.date.year, moment.date.month),
  U: unixTime,
  w: (moment) => (moment.weekday + 1) % 7,
  W: (moment) => moment.isoWeek()[1],
  y: (moment) => pad(moment.date.year % 100),
  Y: (moment) => pad(moment.date.year, 4),
  z: (moment) => moment.dayOfYear,
};

const ALL_PIECES: Readonly<Record<string, Piece>> = { ...TIME_PIECES, ...DATE_PIECES };

interface Compiled {
  readonly pieces: readonly (string | Piece)[];
  /** The first character that a date without a time has not. */
  readonly timeCharacter: string | null;
  /** The first character that a time without a date has not. */
  readonly dateCharacter: string | null;
}

const MAX_COMPILED = 1000;
const compiled = new Map<string, Compiled>();

function compile(format: string): Compiled {
  const pieces: (string | Piece)[] = [];
  let literal = '';
  let timeCharacter: string | null = null;
  let dateCharacter: string | null = null;
  for (let i = 0; i < format.length; i++) {
    const character = format[i] as string;
    const escaped = i > 0 && format[i - 1] === '\\';
    const piece = escaped
      ? undefined
      : Object.hasOwn(ALL_PIECES, character)
        ? ALL_PIECES[character]
        : undefined;
    if (piece === undefined) {
      literal += character;
      continue;
    }
    if (literal !== '') pieces.push(literal.replace(/\\(.)/g, '$1'));
    literal = '';
    pieces.push(piece);
    if (Object.hasOwn(TIME_PIECES, character)) timeCharacter ??= character;
    else dateCharacter ??= character;
  }
  if (literal !== '') pieces.push(literal.replace(/\\(.)/g, '$1'));
  return { pieces, timeCharacter, dateCharacter };
}

function compiledFormat(format: string): Compiled {
  let found = compiled.get(format);
  if (found === undefined) {
    found = compile(format);
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(format, found);
  }
  return found;
}

function run(value: PlainDate | PlainTime | PlainDateTime, { pieces }: Compiled): string {
  const moment = new Moment(value);
  let text = '';
  for (const piece of pieces) text += typeof piece === 'string' ? piece : piece(moment);
  return text;
}

function readable(value: unknown, field: string): PlainDate | PlainTime | PlainDateTime {
  if (value instanceof Date) return toDatetime(value);
  if (value instanceof PlainDateTime || value instanceof PlainDate || value instanceof PlainTime)
    return value;
  throw new AttributeError(`'${typeName(value)}' object has no attribute '${field}'`);
}

/**
 * A date or datetime in a format. A `Date` is taken in UTC, as it is; templates give it in the current zone.
 *
 * @throws TypeError where the format asks for the time of day of a date.
 * @throws AttributeError where the value has no such field, or is no date.
 */
export function format(value: unknown, formatString: string): string {
  const pattern = compiledFormat(formatString);
  if (pattern.timeCharacter === null && pattern.dateCharacter === null) {
    return pattern.pieces.join('');
  }
  const moment = readable(value, 'year');
  if (moment instanceof PlainDate && pattern.timeCharacter !== null) {
    throw new TypeError(
      'The format for date objects may not contain time-related format specifiers ' +
        `(found '${pattern.timeCharacter}').`,
    );
  }
  return run(moment, pattern);
}

/**
 * A time of day in a format.
 *
 * @throws AttributeError where the format has a character of dates, or the value no time.
 */
export function timeFormat(value: unknown, formatString: string): string {
  const pattern = compiledFormat(formatString);
  if (pattern.dateCharacter !== null) {
    throw new AttributeError(`'TimeFormat' object has no attribute '${pattern.dateCharacter}'`);
  }
  if (pattern.timeCharacter === null) return pattern.pieces.join('');
  const moment = readable(value, 'hour');
  if (moment instanceof PlainDate) {
    throw new TypeError(
      'The format for date objects may not contain time-related format specifiers ' +
        `(found '${pattern.timeCharacter}').`,
    );
  }
  return run(moment, pattern);
}
