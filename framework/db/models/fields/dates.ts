/** Fields of dates and times. */
import { ValidationError, ValueError } from '../../../core/exceptions';
import { repr } from '../../../python';
import { PlainDate, PlainDateTime, PlainTime, ZonedDateTime } from '../../../python/datetime';
import { parseDate, parseDatetime, parseTime } from '../../../utils/dateparse';
import type { DatabaseWrapper } from '../../backends/base/base';
import { formatIsoDatetime } from '../../backends/datetimes';
import { Field, type FieldOptions } from './base';

/** Python's error for what is neither a date nor a text. */
function textExpected(field: Field, value: unknown): TypeError {
  return new TypeError(`Field '${field.name}' expected a date or a string but got ${repr(value)}.`);
}

/** What the fields of dates and times take. */
export interface DateFieldOptions extends FieldOptions {
  /** Set to now at each save. */
  autoNow?: boolean;
  /** Set to now when the row is made. */
  autoNowAdd?: boolean;
}

abstract class DateTimeBase extends Field {
  override readonly emptyStringsAllowed = false;
  declare readonly options: Readonly<DateFieldOptions>;

  constructor(verboseName?: string | DateFieldOptions, options?: DateFieldOptions) {
    super(verboseName, options);
  }

  override effectiveDefault(): unknown {
    if (this.hasDefault) return super.effectiveDefault();
    return this.options.autoNow || this.options.autoNowAdd ? this.now() : null;
  }

  override preSave(value: unknown, adding: boolean): unknown {
    return this.options.autoNow || (this.options.autoNowAdd && adding) ? this.now() : value;
  }

  override schemaOptions(): Record<string, unknown> {
    const { autoNow: _now, autoNowAdd: _add, ...rest } = super.schemaOptions();
    return rest;
  }

  protected abstract now(): unknown;
}

/** An instant: a `Date`. */
export class DateTimeField extends DateTimeBase {
  readonly internalType = 'DateTimeField';

  protected now(): Date {
    return new Date();
  }

  /** An instant, or a text that is one. @throws ValidationError, TypeError. */
  override getPrepValue(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    if (value instanceof Date) {
      if (Number.isNaN(value.getTime())) throw this.invalid('an invalid Date');
      return value;
    }
    if (value instanceof PlainDateTime || value instanceof PlainDate) return String(value);
    if (typeof value !== 'string') throw textExpected(this, value);
    let parsed: PlainDateTime | null;
    try {
      parsed = parseDatetime(value);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      throw this.noDate(value);
    }
    if (parsed === null) throw this.invalid(value);
    return parsed instanceof ZonedDateTime ? value : String(parsed);
  }

  /** Django: `invalid_date`, `invalid_datetime`. */
  private noDate(value: string): ValidationError {
    const [format, what, code] = /[T :]/.test(value)
      ? ['YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ]', 'date/time', 'invalid_datetime']
      : ['YYYY-MM-DD', 'date', 'invalid_date'];
    return new ValidationError(
      `“%(value)s” value has the correct format (${format}) but it is an invalid ${what}.`,
      { code, params: { value } },
    );
  }

  private invalid(value: string): ValidationError {
    return new ValidationError(
      '“%(value)s” value has an invalid format. It must be in YYYY-MM-DD HH:MM[:ss[.uuuuuu]][TZ] format.',
      { code: 'invalid', params: { value } },
    );
  }

  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    const known = this.getPrepValue(value);
    return known === null ? null : connection.ops.adaptDatetime(connection.ops.toDatetime(known));
  }

  override fromDb(value: unknown, connection: DatabaseWrapper): unknown {
    return value === null || value === undefined ? null : connection.ops.toDatetime(value);
  }
}

/** A day without a time: text, `'2027-01-31'`; a `Date` counts as its day in UTC. */
export class DateField extends DateTimeBase {
  readonly internalType = 'DateField';

  protected now(): string {
    return formatIsoDatetime(new Date()).slice(0, 10);
  }

  /** A day as text. @throws ValidationError, TypeError. */
  override getPrepValue(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    if (value instanceof Date) return formatIsoDatetime(value).slice(0, 10);
    if (value instanceof PlainDate || value instanceof PlainDateTime) return String(value).slice(0, 10);
    if (typeof value !== 'string') throw textExpected(this, value);
    const params = { value };
    let day: PlainDate | null;
    try {
      day = parseDate(value);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      throw new ValidationError(
        '“%(value)s” value has the correct format (YYYY-MM-DD) but it is an invalid date.',
        { code: 'invalid_date', params },
      );
    }
    if (day === null) {
      throw new ValidationError(
        '“%(value)s” value has an invalid date format. It must be in YYYY-MM-DD format.',
        { code: 'invalid', params },
      );
    }
    return String(day);
  }

  override fromDb(value: unknown): unknown {
    return value instanceof Date ? formatIsoDatetime(value).slice(0, 10) : value;
  }
}

/** A time of day: text, `'14:30:00'`. */
export class TimeField extends DateTimeBase {
  readonly internalType = 'TimeField';

  protected now(): string {
    return formatIsoDatetime(new Date()).slice(11);
  }

  /** A time of day as text. @throws ValidationError, TypeError. */
  override getPrepValue(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    if (value instanceof Date) return formatIsoDatetime(value).slice(11);
    if (value instanceof PlainTime) return String(value);
    if (typeof value !== 'string') throw textExpected(this, value);
    const params = { value };
    let time: PlainTime | null;
    try {
      time = parseTime(value);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      throw new ValidationError(
        '“%(value)s” value has the correct format (HH:MM[:ss[.uuuuuu]]) but it is an invalid time.',
        { code: 'invalid_time', params },
      );
    }
    if (time === null) {
      throw new ValidationError(
        '“%(value)s” value has an invalid format. It must be in HH:MM[:ss[.uuuuuu]] format.',
        { code: 'invalid', params },
      );
    }
    return String(time);
  }
}
