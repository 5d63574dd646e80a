/**
 * Parts of dates and times for SQLite, which has texts of them and no time zones. Under Django's names, so that an
 * index or a generated column of either works with the other. Django: `django.db.backends.sqlite3._functions`.
 */
import { ValueError } from '../../../../core/exceptions';
import { repr } from '../../../../python';
import { PlainDate } from '../../../../python/datetime';
import { formatIsoDatetime, instantOf } from '../../datetimes';

/** What a statement gives a function. */
export type Given = string | number | bigint | Uint8Array | null;

/** `YYYY-MM-DD HH:MM:SS[.ffffff]` as clocks in the zone show it; null: it is no date. */
function local(value: Given, zone: Given = null, stored: Given = null): string | null {
  if (typeof value !== 'string') return null;
  try {
    const from = stored === null ? 'UTC' : String(stored);
    return formatIsoDatetime(instantOf(value, from), zone === null ? from : String(zone));
  } catch (error) {
    if (error instanceof ValueError) return null;
    throw error;
  }
}

/** The time of day of a text that is one, or that has one behind its day. */
function clockOf(value: Given, zone: Given = null, stored: Given = null): string | null {
  const moment = local(value, zone, stored);
  if (moment !== null) return moment.slice(11);
  const match = typeof value === 'string' ? /^(\d\d:\d\d)(:\d\d(?:\.\d+)?)?$/.exec(value) : null;
  return match === null ? null : `${match[1]}${match[2] ?? ':00'}`;
}

function dateOf(text: string): PlainDate {
  return new PlainDate(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10)));
}

/** 0 is Monday. */
function weekday(date: PlainDate): number {
  return (((date.days + 3) % 7) + 7) % 7;
}

/** The ISO week: the year that its Thursday is in, and its number there. */
function isoWeek(date: PlainDate): readonly [year: number, week: number] {
  const thursday = PlainDate.fromDays(date.days - weekday(date) + 3);
  return [thursday.year, Math.floor((thursday.days - new PlainDate(thursday.year, 1, 1).days) / 7) + 1];
}

function unsupported(kind: Given): ValueError {
  return new ValueError(`Unsupported lookup type: ${repr(kind)}`);
}

/** The positions of numbers in a moment. */
const PARTS: Readonly<Record<string, readonly [from: number, to: number]>> = {
  year: [0, 4],
  month: [5, 7],
  day: [8, 10],
  hour: [11, 13],
  minute: [14, 16],
  second: [17, 19],
};

/** A whole number: the drivers would make a REAL of a number. */
export function datetimeExtract(
  part: Given,
  value: Given,
  zone: Given = null,
  stored: Given = null,
): bigint | null {
  const moment = local(value, zone, stored);
  if (moment === null) return null;
  const at = PARTS[String(part)];
  if (at !== undefined) return BigInt(moment.slice(at[0], at[1]));
  const date = dateOf(moment);
  switch (part) {
    case 'week_day':
      return BigInt(((weekday(date) + 1) % 7) + 1);
    case 'iso_week_day':
      return BigInt(weekday(date) + 1);
    case 'week':
      return BigInt(isoWeek(date)[1]);
    case 'iso_year':
      return BigInt(isoWeek(date)[0]);
    case 'quarter':
      return BigInt(Math.ceil(date.month / 3));
    default:
      throw unsupported(part);
  }
}

export function timeExtract(part: Given, value: Given): bigint | null {
  const clock = clockOf(value);
  if (clock === null) return null;
  const at = ['hour', 'minute', 'second'].indexOf(String(part));
  if (at < 0) throw unsupported(part);
  return BigInt(clock.slice(at * 3, at * 3 + 2));
}

/** The day at which something began; undefined: that is no kind of a day. */
function dayOf(kind: Given, moment: string): string | undefined {
  switch (kind) {
    case 'year':
      return `${moment.slice(0, 4)}-01-01`;
    case 'quarter': {
      const month = Number(moment.slice(5, 7));
      return `${moment.slice(0, 4)}-${String(month - ((month - 1) % 3)).padStart(2, '0')}-01`;
    }
    case 'month':
      return `${moment.slice(0, 7)}-01`;
    case 'week': {
      const date = dateOf(moment);
      return String(PlainDate.fromDays(date.days - weekday(date)));
    }
    case 'day':
      return moment.slice(0, 10);
    default:
      return undefined;
  }
}

/** The time of day at which something began; undefined: that is no kind of a time. */
function timeOf(kind: Given, clock: string): string | undefined {
  if (kind === 'hour') return `${clock.slice(0, 2)}:00:00`;
  if (kind === 'minute') return `${clock.slice(0, 5)}:00`;
  return kind === 'second' ? clock.slice(0, 8) : undefined;
}

export function dateTrunc(kind: Given, value: Given, zone: Given, stored: Given): string | null {
  const moment = local(value, zone, stored);
  if (moment === null) return null;
  const day = dayOf(kind, moment);
  if (day === undefined) throw unsupported(kind);
  return day;
}

export function datetimeTrunc(kind: Given, value: Given, zone: Given, stored: Given): string | null {
  const moment = local(value, zone, stored);
  if (moment === null) return null;
  const day = dayOf(kind, moment);
  if (day !== undefined) return `${day} 00:00:00`;
  const time = timeOf(kind, moment.slice(11));
  if (time === undefined) throw unsupported(kind);
  return `${moment.slice(0, 10)} ${time}`;
}

export function timeTrunc(kind: Given, value: Given, zone: Given, stored: Given): string | null {
  const clock = clockOf(value, zone, stored);
  if (clock === null) return null;
  const time = timeOf(kind, clock);
  if (time === undefined) throw unsupported(kind);
  return time;
}

export function datetimeCastDate(value: Given, zone: Given, stored: Given): string | null {
  return local(value, zone, stored)?.slice(0, 10) ?? null;
}

export function datetimeCastTime(value: Given, zone: Given, stored: Given): string | null {
  return local(value, zone, stored)?.slice(11) ?? null;
}
