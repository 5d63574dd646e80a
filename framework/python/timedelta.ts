/** Python's `datetime.timedelta`. */
import { daysFromCivil, MICROSECONDS_PER_SECOND, type PlainDateTime, pad } from './datetime';

const DAY = 86_400;

/** The units that a `Duration` can be given in. */
export interface DurationParts {
  weeks?: number;
  days?: number;
  hours?: number;
  minutes?: number;
  seconds?: number;
  milliseconds?: number;
  microseconds?: number;
}

/** A length of time, to the microsecond. As in Python only `days` is ever negative. */
export class Duration {
  readonly days: number;
  /** 0 to 86399. */
  readonly seconds: number;
  /** 0 to 999999. */
  readonly microseconds: number;

  constructor(parts: DurationParts = {}) {
    const days = (parts.days ?? 0) + (parts.weeks ?? 0) * 7;
    const wholeDays = Math.trunc(days);
    const seconds =
      (days - wholeDays) * DAY + (parts.hours ?? 0) * 3600 + (parts.minutes ?? 0) * 60 + (parts.seconds ?? 0);
    const wholeSeconds = Math.trunc(seconds);
    const micros = Math.round(
      (seconds - wholeSeconds) * MICROSECONDS_PER_SECOND +
        (parts.milliseconds ?? 0) * 1000 +
        (parts.microseconds ?? 0),
    );
    const carry = Math.floor(micros / MICROSECONDS_PER_SECOND);
    const total = wholeSeconds + carry;
    this.microseconds = micros - carry * MICROSECONDS_PER_SECOND;
    this.days = wholeDays + Math.floor(total / DAY);
    this.seconds = total - Math.floor(total / DAY) * DAY;
  }

  /** The time from one moment to another on the same clock (or both in UTC). */
  static between(from: PlainDateTime, to: PlainDateTime): Duration {
    return new Duration({
      days: daysFromCivil(to.year, to.month, to.day) - daysFromCivil(from.year, from.month, from.day),
      seconds: (to.hour - from.hour) * 3600 + (to.minute - from.minute) * 60 + to.second - from.second,
      microseconds: to.microsecond - from.microsecond,
    });
  }

  totalSeconds(): number {
    return this.days * DAY + this.seconds + this.microseconds / MICROSECONDS_PER_SECOND;
  }

  /** In milliseconds. */
  valueOf(): number {
    return this.totalSeconds() * 1000;
  }

  negated(): Duration {
    return new Duration({ days: -this.days, seconds: -this.seconds, microseconds: -this.microseconds });
  }

  /** As Python's `str`: `1 day, 2:03:04`. */
  toString(): string {
    const hours = Math.floor(this.seconds / 3600);
    let text = `${hours}:${pad(Math.floor(this.seconds / 60) % 60)}:${pad(this.seconds % 60)}`;
    if (this.microseconds !== 0) text += `.${pad(this.microseconds, 6)}`;
    if (this.days === 0) return text;
    return `${this.days} day${Math.abs(this.days) === 1 ? '' : 's'}, ${text}`;
  }

  toJSON(): string {
    return isoDuration(this);
  }

  repr(): string {
    const parts = (['days', 'seconds', 'microseconds'] as const)
      .filter((unit) => this[unit] !== 0)
      .map((unit) => `${unit}=${this[unit]}`);
    return `datetime.timedelta(${parts.length === 0 ? '0' : parts.join(', ')})`;
  }
}

/** Hours, minutes and seconds of the day. */
export function clock(duration: Duration): [hours: number, minutes: number, seconds: number] {
  return [Math.floor(duration.seconds / 3600), Math.floor(duration.seconds / 60) % 60, duration.seconds % 60];
}

/** ISO 8601: `P1DT02H03M04.000005S`. */
export function isoDuration(duration: Duration): string {
  const negative = duration.days < 0;
  const size = negative ? duration.negated() : duration;
  const [hours, minutes, seconds] = clock(size);
  const fraction = size.microseconds === 0 ? '' : `.${pad(size.microseconds, 6)}`;
  return `${negative ? '-' : ''}P${size.days}DT${pad(hours)}H${pad(minutes)}M${pad(seconds)}${fraction}S`;
}
