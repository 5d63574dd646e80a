/** Fields of dates and times. */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import { formatIsoDatetime } from '../../backends/datetimes';
import { Field, type FieldOptions } from './base';

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

  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    if (value === null || value === undefined) return null;
    return connection.ops.adaptDatetime(connection.ops.toDatetime(value));
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

  override toDb(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    const text = value instanceof Date ? formatIsoDatetime(value).slice(0, 10) : String(value);
    if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) {
      throw new ValueError(`“${text}” value has an invalid date format. It must be in YYYY-MM-DD format.`);
    }
    return text;
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

  override toDb(value: unknown): unknown {
    return value === null || value === undefined ? null : String(value);
  }
}
