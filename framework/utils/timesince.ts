/** How long ago something was. Django: `django.utils.timesince`. */
import { AttributeError, ValueError } from '../core/exceptions';
import { isDatetime, PlainDate, PlainDateTime, toDatetime, ZonedDateTime } from '../python/datetime';
import { typeName } from '../python/str';
import { getZone } from '../python/zoneinfo';
import { Duration } from './duration';
import { avoidWrapping } from './html';
import { getDefaultTimezone, isAware, localtime, makeNaive } from './timezone';
import { gettext, ngettext } from './translation';

/** A unit of time, the longest first. */
export type TimeUnit = 'year' | 'month' | 'week' | 'day' | 'hour' | 'minute';

/** The texts of the units, by how many there are. */
export type TimeStrings = Readonly<Record<TimeUnit, (count: number) => string>>;

const UNITS: readonly TimeUnit[] = ['year', 'month', 'week', 'day', 'hour', 'minute'];

/** The texts of all units, each by the plural that `translate` finds. */
export function timeStrings(
  translate: (singular: string, plural: string, count: number) => string,
): TimeStrings {
  const counted = (unit: TimeUnit) => (count: number) =>
    translate(`%(num)d ${unit}`, `%(num)d ${unit}s`, count).replace('%(num)d', String(count));
  return Object.fromEntries(UNITS.map((unit) => [unit, counted(unit)])) as TimeStrings;
}

/** `3 years`, `1 month`, … */
export const TIME_STRINGS: TimeStrings = timeStrings(ngettext);

/** Seconds. */
const CHUNKS = [60 * 60 * 24 * 7, 60 * 60 * 24, 60 * 60, 60];
/** Without leap days, as Django counts here. */
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** How to say it. */
export interface TimesinceOptions {
  /** Other texts for the units. */
  timeStrings?: TimeStrings;
  /** How many units of different size, at most. */
  depth?: number;
}

function asDatetime(value: unknown): PlainDateTime {
  if (isDatetime(value)) return toDatetime(value);
  if (value instanceof PlainDate) return new PlainDateTime(value.year, value.month, value.day);
  throw new AttributeError(`'${typeName(value)}' object has no attribute 'year'`);
}

/** The current time in the zone of another one: naive in TIME_ZONE for a naive one. */
function nowLike(value: PlainDateTime): PlainDateTime {
  if (value instanceof ZonedDateTime) return localtime(new Date(), value.timeZone);
  return makeNaive(new Date(), getDefaultTimezone());
}

/** The length of time between two datetimes, as Python subtracts them. */
function difference(from: PlainDateTime, to: PlainDateTime): Duration {
  if (isAware(from) !== isAware(to)) {
    throw new TypeError("can't subtract offset-naive and offset-aware datetimes");
  }
  // In one zone Python compares the clocks, also where they have changed between.
  if (from instanceof ZonedDateTime && to instanceof ZonedDateTime && from.timeZone !== to.timeZone) {
    return new Duration({
      seconds: to.epochSeconds - from.epochSeconds,
      microseconds: to.microsecond - from.microsecond,
    });
  }
  return Duration.between(from, to);
}

function timeOfDay(value: PlainDateTime): number {
  return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond;
}

/** A datetime some months later, at the end of a month that is too short. */
function addMonths(value: PlainDateTime, months: number): PlainDateTime {
  const index = value.year * 12 + value.month - 1 + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  const day = Math.min(MONTH_DAYS[month - 1] as number, value.day);
  const plain = new PlainDateTime(year, month, day, value.hour, value.minute, value.second);
  if (!(value instanceof ZonedDateTime)) return plain;
  return new ZonedDateTime(plain, value.timeZone, getZone(value.timeZone).offsetsOf(plain).first);
}

function parts(from: PlainDateTime, to: PlainDateTime): number[] {
  let months = (to.year - from.year) * 12 + (to.month - from.month);
  if (from.day > to.day || (from.day === to.day && timeOfDay(from) > timeOfDay(to))) months -= 1;
  const counts = [Math.floor(months / 12), ((months % 12) + 12) % 12];
  const pivot = months === 0 ? from : addMonths(from, months);
  let remaining = difference(pivot, to).totalSeconds();
  for (const chunk of CHUNKS) {
    const count = Math.floor(remaining / chunk);
    counts.push(count);
    remaining -= chunk * count;
  }
  return counts;
}

function between(
  from: PlainDateTime,
  to: PlainDateTime,
  { timeStrings = TIME_STRINGS, depth = 2 }: TimesinceOptions,
): string {
  if (depth <= 0) throw new ValueError('depth must be greater than 0.');
  const delta = difference(from, to);
  const nothing = () => avoidWrapping(timeStrings.minute(0));
  if (delta.days * 86_400 + delta.seconds <= 0) return nothing();
  const counts = parts(from, to);
  const first = counts.findIndex((count) => count !== 0);
  if (first === -1) return nothing();
  const texts: string[] = [];
  for (let i = first; i < UNITS.length && texts.length < depth; i++) {
    const count = counts[i] as number;
    if (count === 0) break;
    texts.push(avoidWrapping(timeStrings[UNITS[i] as TimeUnit](count)));
  }
  return texts.join(gettext(', '));
}

function pair(value: unknown, now: unknown): [PlainDateTime, PlainDateTime] {
  const then = asDatetime(value);
  if (now === undefined || now === null || now === '') return [then, nowLike(then)];
  const reference = asDatetime(now);
  if (reference instanceof ZonedDateTime && then instanceof ZonedDateTime) {
    return [then, localtime(reference, then.timeZone)];
  }
  return [then, reference];
}

/**
 * The time from a date to now (or to another date), in the two largest units that it has: `1 year, 3 months`.
 * `0 minutes` for a date that is still to come.
 *
 * @throws TypeError for values that are no dates, and for one with a zone against one without.
 */
export function timesince(value: unknown, now?: unknown, options: TimesinceOptions = {}): string {
  const [from, to] = pair(value, now);
  return between(from, to, options);
}

/** The time from now (or another date) to a date. */
export function timeuntil(value: unknown, now?: unknown, options: TimesinceOptions = {}): string {
  const [from, to] = pair(value, now);
  return between(to, from, options);
}
