/**
 * Dates, times and lengths of time from text. Django: `django.utils.dateparse`.
 *
 * `null` for text in no known form; ValueError for text in the right form that is no date, as `2026-02-30`.
 */
import { ValueError } from '../core/exceptions';
import { PlainDate, PlainDateTime, PlainTime, ZonedDateTime } from '../python/datetime';
import { Duration, type DurationParts } from './duration';

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const COMPACT_DATE = /^(\d{4})(\d\d)(\d\d)$/;
const CLOCK = '(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2})(?:[.,](\\d{1,6})\\d{0,6})?)?';
const TIME = new RegExp(`^T?${CLOCK}(?:Z|[+-]\\d{2}(?::?\\d{2})?)?$`);
const DATETIME = new RegExp(
  `^(\\d{4})-(\\d{1,2})-(\\d{1,2})[T ]${CLOCK}\\s{0,99}(Z|[+-]\\d{2}(?::?\\d{2}(?::?\\d{2})?)?)?$`,
);

/** `2026-11-22` or `20261122`. @throws ValueError */
export function parseDate(value: string): PlainDate | null {
  const match = DATE.exec(value);
  if (match !== null) return new PlainDate(Number(match[1]), Number(match[2]), Number(match[3]));
  const compact = COMPACT_DATE.exec(value);
  if (compact === null) return null;
  try {
    return new PlainDate(Number(compact[1]), Number(compact[2]), Number(compact[3]));
  } catch (error) {
    // Eight digits may as well be no date at all.
    if (error instanceof ValueError) return null;
    throw error;
  }
}

function clockFields(match: RegExpExecArray, first: number): [number, number, number, number] {
  const field = (index: number) => Number(match[first + index] ?? 0);
  return [field(0), field(1), field(2), Number((match[first + 3] ?? '').padEnd(6, '0'))];
}

/** `11:34`, `11:34:28`, `11:34:28.045276`. An offset is read over: a time of day alone has no zone. @throws ValueError */
export function parseTime(value: string): PlainTime | null {
  const match = TIME.exec(value);
  return match === null ? null : new PlainTime(...clockFields(match, 1));
}

function offsetSeconds(text: string): number {
  const digits = text.slice(1).replaceAll(':', '');
  const size =
    Number(digits.slice(0, 2)) * 3600 + Number(digits.slice(2, 4)) * 60 + Number(digits.slice(4, 6));
  return text.startsWith('-') ? -size : size;
}

/** ISO 8601, with a space for the `T` too. With an offset, a datetime at that offset. @throws ValueError */
export function parseDatetime(value: string): PlainDateTime | null {
  const match = DATETIME.exec(value);
  if (match === null) {
    const date = parseDate(value);
    return date === null ? null : new PlainDateTime(date.year, date.month, date.day);
  }
  const plain = new PlainDateTime(
    Number(match[1]),
    Number(match[2]),
    Number(match[3]),
    ...clockFields(match, 4),
  );
  const zone = match[8];
  if (zone === undefined) return plain;
  const offset = zone === 'Z' ? 0 : offsetSeconds(zone);
  if (Math.abs(offset) >= 86_400) {
    throw new ValueError(`The offset of a zone is less than a day, not ${zone}.`);
  }
  if (offset === 0) return new ZonedDateTime(plain, 'UTC', 0);
  return new ZonedDateTime(
    plain,
    `${zone.slice(0, 3)}:${zone.replaceAll(':', '').slice(3, 5) || '00'}`,
    offset,
  );
}

const STANDARD =
  /^(?:(-?\d+) (?:days?, )?)?(-?)(?:(\d+):(?=\d+:\d+))?(?:(\d+):)?(\d+)(?:[.,](\d{1,6})\d{0,6})?$/;
const AMOUNT = '(\\d+(?:[.,]\\d+)?)';
const ISO = new RegExp(`^([-+]?)P(?:${AMOUNT}D)?(?:T(?:${AMOUNT}H)?(?:${AMOUNT}M)?(?:${AMOUNT}S)?)?$`);
const POSTGRESQL = /^(?:(-?\d+) days? ?)?(?:([-+])?(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?$/;

function amount(text: string | undefined): number {
  return text === undefined ? 0 : Number(text.replace(',', '.'));
}

function signed(parts: DurationParts, sign: number): DurationParts {
  return {
    hours: (parts.hours ?? 0) * sign,
    minutes: (parts.minutes ?? 0) * sign,
    seconds: (parts.seconds ?? 0) * sign,
    microseconds: (parts.microseconds ?? 0) * sign,
  };
}

/** `4 15:30:01.5` (Django's own), ISO 8601 (`P4DT15H`), or PostgreSQL's `3 days 04:05:06`. */
export function parseDuration(value: string): Duration | null {
  const plain = STANDARD.exec(value) ?? POSTGRESQL.exec(value);
  if (plain !== null) {
    const sign = plain[2] === '-' ? -1 : 1;
    const parts = {
      hours: amount(plain[3]),
      minutes: amount(plain[4]),
      seconds: amount(plain[5]),
      microseconds: amount(plain[6]?.padEnd(6, '0')),
    };
    return new Duration({ days: amount(plain[1]), ...signed(parts, sign) });
  }
  const iso = ISO.exec(value);
  if (iso === null) return null;
  const sign = iso[1] === '-' ? -1 : 1;
  const parts = { hours: amount(iso[3]), minutes: amount(iso[4]), seconds: amount(iso[5]) };
  return new Duration({ days: amount(iso[2]) * sign, ...signed(parts, sign) });
}
