/** Dates and times. Django: `DateField`, `TimeField`, `DateTimeField`, `DurationField` of `django.forms.fields`. */
import { ValidationError } from '../../core/exceptions';
import { isDatetime, PlainDate, PlainDateTime, PlainTime, toDatetime } from '../../python/datetime';
import { OverflowError, ValueError } from '../../python/errors';
import { toStr } from '../../python/str';
import { strptimeFirst } from '../../python/strptime';
import { strip } from '../../python/text';
import { parseDatetime, parseDuration } from '../../utils/dateparse';
import { Duration, durationString } from '../../utils/duration';
import { getInputFormats } from '../../utils/formats';
import type { MaybePromise } from '../../utils/maybe_promise';
import { gettextLazy as _ } from '../../utils/translation';
import { fromCurrentTimezone, toCurrentTimezone } from '../utils';
import { DateInput, DateTimeInput, TimeInput } from '../widgets';
import { Field, type FieldOptions, isEmpty, type Opt } from './base';

/** What fields for dates and times take. */
export interface TemporalFieldOptions extends FieldOptions {
  /** How it may be typed, by formats of C's strptime. Default: the language's. */
  readonly inputFormats?: readonly string[] | null;
}

/** The base of fields that are read by formats. */
export abstract class BaseTemporalField<out V> extends Field<V> {
  private readonly ownFormats: readonly string[] | null;

  constructor(options: TemporalFieldOptions = {}) {
    super(options);
    this.ownFormats = options.inputFormats ?? null;
  }

  get inputFormats(): readonly string[] {
    return this.ownFormats ?? this.defaultFormats();
  }

  protected abstract defaultFormats(): readonly string[];

  /** The value by the first format that fits. @throws ValidationError */
  protected read(value: unknown): PlainDateTime {
    if (typeof value === 'string') {
      const found = strptimeFirst(strip(value), this.inputFormats);
      if (found !== null) return found;
    }
    throw this.error('invalid');
  }
}

const dateOf = ({ year, month, day }: PlainDateTime): PlainDate => new PlainDate(year, month, day);

/** A date. */
export class DateField<const O extends TemporalFieldOptions = TemporalFieldOptions> extends BaseTemporalField<
  Opt<PlainDate, O>
> {
  static override widget = DateInput;
  static override defaultErrorMessages = { invalid: _('Enter a valid date.') };

  constructor(options?: O) {
    super(options);
  }

  protected override defaultFormats(): readonly string[] {
    return getInputFormats('DATE_INPUT_FORMATS');
  }

  override toPython(value: unknown): MaybePromise<Opt<PlainDate, O>> {
    let date: PlainDate | null;
    if (isEmpty(value)) date = null;
    else if (value instanceof PlainDate) date = value;
    else date = dateOf(isDatetime(value) ? toDatetime(value) : this.read(value));
    return date as Opt<PlainDate, O>;
  }
}

/** A time of day. */
export class TimeField<const O extends TemporalFieldOptions = TemporalFieldOptions> extends BaseTemporalField<
  Opt<PlainTime, O>
> {
  static override widget = TimeInput;
  static override defaultErrorMessages = { invalid: _('Enter a valid time.') };

  constructor(options?: O) {
    super(options);
  }

  protected override defaultFormats(): readonly string[] {
    return getInputFormats('TIME_INPUT_FORMATS');
  }

  override toPython(value: unknown): MaybePromise<Opt<PlainTime, O>> {
    if (isEmpty(value)) return null as Opt<PlainTime, O>;
    if (value instanceof PlainTime) return value as Opt<PlainTime, O>;
    const { hour, minute, second, microsecond } = this.read(value);
    return new PlainTime(hour, minute, second, microsecond) as Opt<PlainTime, O>;
  }
}

/** A date and time; with USE_TZ the moment that it is in the current zone. */
export class DateTimeField<
  const O extends TemporalFieldOptions = TemporalFieldOptions,
> extends BaseTemporalField<Opt<PlainDateTime, O>> {
  static override widget = DateTimeInput;
  static override defaultErrorMessages = { invalid: _('Enter a valid date/time.') };

  constructor(options?: O) {
    super(options);
  }

  protected override defaultFormats(): readonly string[] {
    return [...getInputFormats('DATETIME_INPUT_FORMATS'), ...getInputFormats('DATE_INPUT_FORMATS')];
  }

  override prepareValue(value: unknown): unknown {
    return isDatetime(value) ? toCurrentTimezone(value) : value;
  }

  override toPython(value: unknown): MaybePromise<Opt<PlainDateTime, O>> {
    if (isEmpty(value)) return null as Opt<PlainDateTime, O>;
    return fromCurrentTimezone(this.datetime(value)) as Opt<PlainDateTime, O>;
  }

  private datetime(value: unknown): PlainDateTime {
    if (isDatetime(value)) return toDatetime(value);
    if (value instanceof PlainDate) return new PlainDateTime(value.year, value.month, value.day);
    if (typeof value !== 'string') throw this.error('invalid');
    try {
      const parsed = parseDatetime(strip(value));
      if (parsed !== null) return parsed;
    } catch (error) {
      if (error instanceof ValueError) throw this.error('invalid');
      throw error;
    }
    return this.read(value);
  }
}

/** As many days as Python's timedelta can have. */
const MAX_DAYS = 999_999_999;

/** A length of time: `4 15:30:01`, `P4DT15H`. */
export class DurationField<const O extends FieldOptions = FieldOptions> extends Field<Opt<Duration, O>> {
  static override defaultErrorMessages = {
    invalid: _('Enter a valid duration.'),
    overflow: _('The number of days must be between {min_days} and {max_days}.'),
  };

  constructor(options?: O) {
    super(options);
  }

  override prepareValue(value: unknown): unknown {
    return value instanceof Duration ? durationString(value) : value;
  }

  override toPython(value: unknown): MaybePromise<Opt<Duration, O>> {
    if (isEmpty(value)) return null as Opt<Duration, O>;
    if (value instanceof Duration) return value as Opt<Duration, O>;
    const duration = this.parse(toStr(value));
    if (duration === null) throw this.error('invalid');
    return duration as Opt<Duration, O>;
  }

  private parse(text: string): Duration | null {
    let duration: Duration | null;
    try {
      duration = parseDuration(text);
    } catch (error) {
      if (error instanceof OverflowError) throw this.overflow();
      throw error;
    }
    // Infinitely many days are not even NaN's equal.
    if (duration !== null && !(Math.abs(duration.days) <= MAX_DAYS)) throw this.overflow();
    return duration;
  }

  private overflow(): Error {
    const limits: Readonly<Record<string, number>> = { min_days: -MAX_DAYS, max_days: MAX_DAYS };
    const text = String(this.errorMessages['overflow']);
    return new ValidationError(
      text.replace(/\{(\w+)\}/g, (found, name: string) => String(limits[name] ?? found)),
      { code: 'overflow' },
    );
  }
}
