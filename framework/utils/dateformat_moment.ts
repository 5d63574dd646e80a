/** A value that is being formatted, with what the format characters ask of it. */
import { AttributeError } from '../core/exceptions';
import {
  daysFromCivil,
  isLeap,
  PlainDate,
  PlainDateTime,
  PlainTime,
  ZonedDateTime,
} from '../python/datetime';
import { typeName } from '../python/str';
import { getZone } from '../python/zoneinfo';
import { getDefaultTimezone, isAmbiguousOrImaginary } from './timezone';

/** What is formatted. The getters say what Python says where a value has no such field. */
export class Moment {
  private zone: string | null | undefined;

  constructor(readonly value: PlainDate | PlainTime | PlainDateTime) {}

  private fault(field: string): AttributeError {
    return new AttributeError(`'${typeName(this.value)}' object has no attribute '${field}'`);
  }

  get date(): PlainDate | PlainDateTime {
    if (this.value instanceof PlainDate || this.value instanceof PlainDateTime) return this.value;
    throw this.fault('day');
  }

  get time(): PlainTime | PlainDateTime {
    if (this.value instanceof PlainTime || this.value instanceof PlainDateTime) return this.value;
    throw this.fault('hour');
  }

  /** The zone of a datetime, TIME_ZONE for one without; null for other values, and while the clocks change. */
  get timeZone(): string | null {
    if (this.zone === undefined) {
      const { value } = this;
      if (value instanceof PlainDateTime) {
        const zone = value instanceof ZonedDateTime ? value.timeZone : getDefaultTimezone();
        this.zone = isAmbiguousOrImaginary(value, zone) ? null : zone;
      } else {
        this.zone = null;
      }
    }
    return this.zone;
  }

  /** Seconds east of UTC, of a datetime whose zone is known. */
  get offset(): number {
    const value = this.value as PlainDateTime;
    if (value instanceof ZonedDateTime) return value.offset;
    return getZone(this.timeZone as string).offsetsOf(value).first;
  }

  get epochSeconds(): number {
    return (this.value as PlainDateTime).seconds - this.offset;
  }

  /** 0 is Monday. */
  get weekday(): number {
    const { year, month, day } = this.date;
    return (((daysFromCivil(year, month, day) + 3) % 7) + 7) % 7;
  }

  get dayOfYear(): number {
    const { year, month, day } = this.date;
    return daysFromCivil(year, month, day) - daysFromCivil(year, 1, 1) + 1;
  }

  /** The year and week of ISO 8601. */
  isoWeek(): [year: number, week: number] {
    const { year } = this.date;
    const week = Math.floor((this.dayOfYear - 1 - this.weekday + 10) / 7);
    if (week === 0) return [year - 1, weeksIn(year - 1)];
    return week > weeksIn(year) ? [year + 1, 1] : [year, week];
  }
}

function weeksIn(year: number): number {
  const january1 = (((daysFromCivil(year, 1, 1) + 3) % 7) + 7) % 7;
  return january1 === 3 || (january1 === 2 && isLeap(year)) ? 53 : 52;
}
