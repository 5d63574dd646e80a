/**
 * Python's dates and times where JavaScript has none: `PlainDate` (`datetime.date`), `PlainTime`
 * (`datetime.time`), `PlainDateTime` (a naive `datetime.datetime`), `ZonedDateTime` (an aware one).
 *
 * A JavaScript `Date` is an aware datetime in UTC to the millisecond, and everything here takes one where an
 * aware datetime will do. `ZonedDateTime` is for what a `Date` cannot say: a zone, and microseconds.
 */
import { ValueError } from './errors';

export const MICROSECONDS_PER_SECOND = 1_000_000;
const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** Whether a year of the proleptic Gregorian calendar has 366 days. */
export function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** How many days a month (1-12) has. */
export function daysInMonth(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (MONTH_DAYS[month - 1] as number);
}

/** Days from 1970-01-01 to a date. Integers only: `Date.UTC` reads the years 0-99 as 1900-1999. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/** `n` as text of at least `width` digits. */
export function pad(n: number, width = 2): string {
  return String(n).padStart(width, '0');
}

function check(name: string, value: number, low: number, high: number): void {
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new ValueError(
      name === 'day' ? 'day is out of range for month' : `${name} must be in ${low}..${high}`,
    );
  }
}

function checkDate(year: number, month: number, day: number): void {
  if (!Number.isInteger(year) || year < 1 || year > 9999)
    throw new ValueError(`year ${year} is out of range`);
  check('month', month, 1, 12);
  check('day', day, 1, daysInMonth(year, month));
}

function checkTime(hour: number, minute: number, second: number, microsecond: number): void {
  check('hour', hour, 0, 23);
  check('minute', minute, 0, 59);
  check('second', second, 0, 59);
  check('microsecond', microsecond, 0, 999_999);
}

function isoTime(hour: number, minute: number, second: number, microsecond: number): string {
  const text = `${pad(hour)}:${pad(minute)}:${pad(second)}`;
  return microsecond === 0 ? text : `${text}.${pad(microsecond, 6)}`;
}

function reprTime(hour: number, minute: number, second: number, microsecond: number): string {
  if (microsecond !== 0) return `${hour}, ${minute}, ${second}, ${microsecond}`;
  return second !== 0 ? `${hour}, ${minute}, ${second}` : `${hour}, ${minute}`;
}

/** A date with no time of day: Python's `datetime.date`. */
export class PlainDate {
  constructor(
    readonly year: number,
    readonly month: number,
    readonly day: number,
  ) {
    checkDate(year, month, day);
  }

  /** The date of a number of days after 1970-01-01. */
  static fromDays(days: number): PlainDate {
    const at = new Date(days * 86_400_000);
    return new PlainDate(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate());
  }

  /** Days since 1970-01-01. */
  get days(): number {
    return daysFromCivil(this.year, this.month, this.day);
  }

  isoformat(): string {
    return `${pad(this.year, 4)}-${pad(this.month)}-${pad(this.day)}`;
  }

  toString(): string {
    return this.isoformat();
  }

  toJSON(): string {
    return this.isoformat();
  }

  /** As Python's `repr` prints it. */
  repr(): string {
    return `datetime.date(${this.year}, ${this.month}, ${this.day})`;
  }
}

/** A time of day without a zone: Python's `datetime.time`. */
export class PlainTime {
  constructor(
    readonly hour = 0,
    readonly minute = 0,
    readonly second = 0,
    readonly microsecond = 0,
  ) {
    checkTime(hour, minute, second, microsecond);
  }

  isoformat(): string {
    return isoTime(this.hour, this.minute, this.second, this.microsecond);
  }

  toString(): string {
    return this.isoformat();
  }

  toJSON(): string {
    const text = this.isoformat();
    return this.microsecond === 0 ? text : text.slice(0, 12);
  }

  repr(): string {
    return `datetime.time(${reprTime(this.hour, this.minute, this.second, this.microsecond)})`;
  }
}

/** A date and time without a zone: a naive Python `datetime.datetime`. */
export class PlainDateTime {
  constructor(
    readonly year: number,
    readonly month: number,
    readonly day: number,
    readonly hour = 0,
    readonly minute = 0,
    readonly second = 0,
    readonly microsecond = 0,
  ) {
    checkDate(year, month, day);
    checkTime(hour, minute, second, microsecond);
  }

  /** The fields of a moment read as UTC. `seconds` may be fractional only through `microsecond`. */
  static fromEpoch(seconds: number, microsecond = 0): PlainDateTime {
    const at = new Date(seconds * 1000);
    return new PlainDateTime(
      at.getUTCFullYear(),
      at.getUTCMonth() + 1,
      at.getUTCDate(),
      at.getUTCHours(),
      at.getUTCMinutes(),
      at.getUTCSeconds(),
      microsecond,
    );
  }

  /** Whole seconds since 1970-01-01 00:00 on the same clock. */
  get seconds(): number {
    return (
      daysFromCivil(this.year, this.month, this.day) * 86_400 +
      this.hour * 3600 +
      this.minute * 60 +
      this.second
    );
  }

  date(): PlainDate {
    return new PlainDate(this.year, this.month, this.day);
  }

  time(): PlainTime {
    return new PlainTime(this.hour, this.minute, this.second, this.microsecond);
  }

  isoformat(separator = 'T'): string {
    const day = `${pad(this.year, 4)}-${pad(this.month)}-${pad(this.day)}`;
    return `${day}${separator}${isoTime(this.hour, this.minute, this.second, this.microsecond)}`;
  }

  toString(): string {
    return this.isoformat(' ');
  }

  toJSON(): string {
    const text = this.isoformat();
    return this.microsecond === 0 ? text : text.slice(0, 23);
  }

  repr(): string {
    const time = reprTime(this.hour, this.minute, this.second, this.microsecond);
    return `datetime.datetime(${this.year}, ${this.month}, ${this.day}, ${time})`;
  }
}

/** `+02:00`, `-03:30`, or `+05:53:28` where an offset has seconds. */
export function formatOffset(seconds: number): string {
  const size = Math.abs(seconds);
  const text = `${seconds < 0 ? '-' : '+'}${pad(Math.floor(size / 3600))}:${pad(Math.floor(size / 60) % 60)}`;
  return size % 60 === 0 ? text : `${text}:${pad(size % 60)}`;
}

/**
 * A date and time in a zone: an aware Python `datetime.datetime`.
 *
 * `timeZone` is an IANA name (`'Europe/Paris'`), `'UTC'`, or a fixed offset (`'+02:00'`); `offset` the seconds
 * east of UTC at that moment. Make one with `localtime()` or `makeAware()` of utils/timezone.
 */
export class ZonedDateTime extends PlainDateTime {
  /** Set to false, templates show it as it is, and not in the current zone. */
  convertToLocalTime?: boolean;

  constructor(
    plain: PlainDateTime,
    readonly timeZone: string,
    readonly offset: number,
  ) {
    super(plain.year, plain.month, plain.day, plain.hour, plain.minute, plain.second, plain.microsecond);
  }

  /** Whole seconds since the Unix epoch. */
  get epochSeconds(): number {
    return this.seconds - this.offset;
  }

  /** The same moment as a `Date`, to the millisecond. */
  toDate(): Date {
    return new Date(this.epochSeconds * 1000 + Math.floor(this.microsecond / 1000));
  }

  override isoformat(separator = 'T'): string {
    return super.isoformat(separator) + formatOffset(this.offset);
  }

  override toJSON(): string {
    const text = new PlainDateTime(
      this.year,
      this.month,
      this.day,
      this.hour,
      this.minute,
      this.second,
      this.microsecond,
    ).toJSON();
    return this.offset === 0 ? `${text}Z` : text + formatOffset(this.offset);
  }

  override repr(): string {
    return `${super.repr().slice(0, -1)}, tzinfo=${this.reprZone()})`;
  }

  private reprZone(): string {
    if (this.timeZone === 'UTC') return 'datetime.timezone.utc';
    if (!/^[+-]/.test(this.timeZone)) return `zoneinfo.ZoneInfo(key='${this.timeZone}')`;
    const day = this.offset < 0 ? 'days=-1, ' : '';
    return `datetime.timezone(datetime.timedelta(${day}seconds=${this.offset + (this.offset < 0 ? 86_400 : 0)}))`;
  }
}

/** Whether a value is a `Date` or one of the datetimes here (a date or a time alone is not). */
export function isDatetime(value: unknown): value is Date | PlainDateTime {
  return value instanceof PlainDateTime || value instanceof Date;
}

/** A `Date` as the datetime in UTC that it is; a datetime unchanged. */
export function toDatetime(value: Date | PlainDateTime): PlainDateTime {
  if (!(value instanceof Date)) return value;
  const time = value.getTime();
  if (Number.isNaN(time)) throw new ValueError('Invalid Date');
  const seconds = Math.floor(time / 1000);
  return new ZonedDateTime(PlainDateTime.fromEpoch(seconds, (time - seconds * 1000) * 1000), 'UTC', 0);
}

/**
 * Seconds since 1970 of a date or a datetime, to compare them by: a date is its first moment, and what has no zone is taken
 * to be in UTC.
 */
export function secondsOf(value: Date | PlainDate | PlainDateTime): number {
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof PlainDate) return value.days * 86_400;
  const seconds = value instanceof ZonedDateTime ? value.epochSeconds : value.seconds;
  return seconds + value.microsecond / MICROSECONDS_PER_SECOND;
}
