/** Ranges in two elements. Django: `django.contrib.postgres.forms.ranges`. */
import {
  DateField,
  DateTimeField,
  DecimalField,
  type Field,
  IntegerField,
  MultiValueField,
  type MultiValueFieldOptions,
} from '../../../forms/fields';
import {
  HiddenInput,
  MultiWidget,
  type Widget,
  type WidgetClass,
  type WidgetOptions,
} from '../../../forms/widgets';
import type { PlainDate, PlainDateTime } from '../../../python/datetime';
import type { Decimal } from '../../../python/decimal';
import { pyCompare } from '../../../python/ops';
import { gettextLazy as _ } from '../../../utils/translation';
import { Range, type RangeBounds } from '../range';

/** What a RangeWidget is made with. */
export interface RangeWidgetOptions extends WidgetOptions {
  /** What each end is typed into. */
  readonly baseWidget: Widget | WidgetClass;
}

/** An element for each end of a range. */
export class RangeWidget extends MultiWidget {
  constructor({ baseWidget, ...options }: RangeWidgetOptions) {
    const widget = (): Widget => (typeof baseWidget === 'function' ? new baseWidget() : baseWidget.copy());
    super([widget(), widget()], options);
  }

  override decompress(value: unknown): readonly unknown[] {
    return value instanceof Range ? [value.lower, value.upper] : [null, null];
  }
}

/** As RangeWidget, hidden. */
export class HiddenRangeWidget extends RangeWidget {
  constructor(options: WidgetOptions = {}) {
    super({ ...options, baseWidget: HiddenInput });
  }
}

/** What fields of ranges take. */
export interface BaseRangeFieldOptions extends MultiValueFieldOptions {
  /** What reads and checks the ends. Default: two of the class's `baseField`, neither required. */
  readonly fields?: readonly Field[];
  /** Which ends a range has of those that were typed. Default: `[)`. */
  readonly defaultBounds?: RangeBounds;
}

/** A class of fields for an end. */
// biome-ignore lint/suspicious/noExplicitAny: each class has options of its own.
type EndField = (new (options: any) => Field) & { readonly widget: WidgetClass };

/**
 * The base of fields of ranges; a subclass says what its ends are.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/forms/#range-fields
 * @example
 * ```ts
 * class FloatRangeField extends BaseRangeField<number> {
 *   static override readonly baseField = forms.FloatField;
 * }
 * ```
 */
export abstract class BaseRangeField<V = unknown> extends MultiValueField<Range<V> | null> {
  static override defaultErrorMessages = {
    ...MultiValueField.defaultErrorMessages,
    invalid: _('Enter two valid values.'),
    bound_ordering: _('The start of the range must not exceed the end of the range.'),
  };
  /** What each end is. */
  static readonly baseField: EndField;
  private readonly bounds: RangeBounds | undefined;

  constructor({ fields, defaultBounds, widget, ...options }: BaseRangeFieldOptions = {}) {
    const { baseField: End } = new.target as unknown as { baseField: EndField };
    super(fields ?? [new End({ required: false }), new End({ required: false })], {
      required: false,
      requireAllFields: false,
      ...options,
      widget: widget ?? new RangeWidget({ baseWidget: End.widget }),
    });
    this.bounds = defaultBounds;
  }

  override prepareValue(value: unknown): unknown {
    const ends = value instanceof Range ? [value.lower, value.upper] : [null, null];
    if (!(value instanceof Range) && value !== null && value !== undefined) return value;
    return this.fields.map((field, at) => field.prepareValue(ends[at] ?? null));
  }

  override compress(values: readonly unknown[]): Range<V> | null {
    if (values.length === 0) return null;
    const [lower = null, upper = null] = values as (V | null)[];
    if (lower !== null && upper !== null && pyCompare(lower, upper) > 0) throw this.error('bound_ordering');
    return new Range<V>(lower, upper, this.bounds);
  }
}
BaseRangeField.prototype.hiddenWidget = HiddenRangeWidget;

/** A range of integers. */
export class IntegerRangeField extends BaseRangeField<number | bigint> {
  static override defaultErrorMessages = {
    ...BaseRangeField.defaultErrorMessages,
    invalid: _('Enter two whole numbers.'),
  };
  static override readonly baseField = IntegerField;
}

/** A range of decimals. */
export class DecimalRangeField extends BaseRangeField<Decimal> {
  static override defaultErrorMessages = {
    ...BaseRangeField.defaultErrorMessages,
    invalid: _('Enter two numbers.'),
  };
  static override readonly baseField = DecimalField;
}

/** A range of instants. */
export class DateTimeRangeField extends BaseRangeField<PlainDateTime> {
  static override defaultErrorMessages = {
    ...BaseRangeField.defaultErrorMessages,
    invalid: _('Enter two valid date/times.'),
  };
  static override readonly baseField = DateTimeField;
}

/** A range of days. */
export class DateRangeField extends BaseRangeField<PlainDate> {
  static override defaultErrorMessages = {
    ...BaseRangeField.defaultErrorMessages,
    invalid: _('Enter two valid dates.'),
  };
  static override readonly baseField = DateField;
}
