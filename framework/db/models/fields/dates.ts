/** Fields of dates and times. */

import { settings } from '../../../conf';
import { type ValidationError, ValueError } from '../../../core/exceptions';
import { repr } from '../../../python';
import { PlainDate, PlainDateTime, PlainTime, ZonedDateTime } from '../../../python/datetime';
import { parseDate, parseDatetime, parseTime } from '../../../utils/dateparse';
import { getCurrentTimezone } from '../../../utils/timezone';
import type { DatabaseWrapper } from '../../backends/base/base';
import { formatIsoDatetime, instantOf } from '../../backends/datetimes';
import { Field, type FieldOptions } from './base';
import type { Deconstructed } from './deconstruct';
import { DATE, DATETIME, type ErrorMessages, TIME } from './messages';

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

  /** What is set at each save is nobody's to edit. */
  override get editable(): boolean {
    return this.options.autoNow || this.options.autoNowAdd ? false : super.editable;
  }

  override get blank(): boolean {
    return this.options.autoNow || this.options.autoNowAdd ? true : super.blank;
  }

  override effectiveDefault(): unknown {
    if (this.hasDefault) return super.effectiveDefault();
    return this.options.autoNow || this.options.autoNowAdd ? this.now() : null;
  }

  override preSave(value: unknown, adding: boolean): unknown {
    return this.options.autoNow || (this.options.autoNowAdd && adding) ? this.now() : value;
  }

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, autoNow: false, autoNowAdd: false };
  }

  /** What the field sets itself is neither edited nor blank: that is not said again. */
  override deconstruct(): Deconstructed {
    const [name, path, args, kwargs] = super.deconstruct();
    if (!this.options.autoNow && !this.options.autoNowAdd) return [name, path, args, kwargs];
    const { editable: _editable, blank: _blank, ...rest } = kwargs;
    return [name, path, args, rest];
  }

  protected abstract now(): unknown;
}

/** An instant to the microsecond, as Python's `isoformat()` has the datetime that Django holds. */
function isoDatetime(date: Date): string {
  const text = formatIsoDatetime(date, settings.USE_TZ ? 'UTC' : settings.TIME_ZONE).replace(' ', 'T');
  return settings.USE_TZ ? `${text}+00:00` : text;
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

  protected override get defaultErrorMessages(): ErrorMessages {
    return { ...super.defaultErrorMessages, ...DATETIME };
  }

  /** An instant; a text without an offset is in the current time zone. @throws ValidationError. */
  override toPython(value: unknown): unknown {
    if (value instanceof ZonedDateTime) return value.toDate();
    const known = this.getPrepValue(value);
    if (typeof known !== 'string') return known;
    return instantOf(known, settings.USE_TZ ? getCurrentTimezone() : settings.TIME_ZONE);
  }

  /** As ISO writes it: with the offset of UTC where USE_TZ is on, else in TIME_ZONE. */
  override valueToString(instance: object): string {
    const value = this.valueFromObject(instance);
    if (value === null || value === undefined) return '';
    return value instanceof PlainDateTime ? value.isoformat() : isoDatetime(this.toPython(value) as Date);
  }

  /** Django: `invalid_date`, `invalid_datetime`. */
  private noDate(value: string): ValidationError {
    return this.fault(/[T :]/.test(value) ? 'invalid_datetime' : 'invalid_date', { value });
  }

  private invalid(value: string): ValidationError {
    return this.fault('invalid', { value });
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
    return formatIsoDatetime(new Date(), settings.TIME_ZONE).slice(0, 10);
  }

  override valueToString(instance: object): string {
    return (this.getPrepValue(this.valueFromObject(instance)) as string | null) ?? '';
  }

  protected override get defaultErrorMessages(): ErrorMessages {
    return { ...super.defaultErrorMessages, ...DATE };
  }

  /** A day as text; of an instant, the day in the current time zone. @throws ValidationError. */
  override toPython(value: unknown): unknown {
    if (value instanceof Date && settings.USE_TZ) {
      return formatIsoDatetime(value, getCurrentTimezone()).slice(0, 10);
    }
    return this.getPrepValue(value);
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
      throw this.fault('invalid_date', params);
    }
    if (day === null) {
      throw this.fault('invalid', params);
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
    return formatIsoDatetime(new Date(), settings.TIME_ZONE).slice(11);
  }

  override valueToString(instance: object): string {
    return (this.getPrepValue(this.valueFromObject(instance)) as string | null) ?? '';
  }

  protected override get defaultErrorMessages(): ErrorMessages {
    return { ...super.defaultErrorMessages, ...TIME };
  }

  /** As Python writes it: six figures behind the second, or none; each database has it in another way. */
  override fromDb(value: unknown): unknown {
    const [clock, fraction = ''] = typeof value === 'string' ? value.split('.') : [];
    if (clock === undefined) return value ?? null;
    return /^0*$/.test(fraction) ? clock : `${clock}.${fraction.padEnd(6, '0')}`;
  }

  override toPython(value: unknown): unknown {
    return this.getPrepValue(value);
  }

  /** A time of day as text. @throws ValidationError, TypeError. */
  override getPrepValue(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    if (value instanceof Date) return formatIsoDatetime(value).slice(11);
    if (value instanceof PlainDateTime) return String(value).slice(11);
    if (value instanceof PlainTime) return String(value);
    if (typeof value !== 'string') throw textExpected(this, value);
    const params = { value };
    let time: PlainTime | null;
    try {
      time = parseTime(value);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      throw this.fault('invalid_time', params);
    }
    if (time === null) {
      throw this.fault('invalid', params);
    }
    return String(time);
  }
}
