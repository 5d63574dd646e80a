/** Fields made of fields. Django: `MultiValueField`, `ComboField`, `SplitDateTimeField` of `django.forms.fields`. */
import { ValidationError } from '../../core/exceptions';
import { PlainDate, PlainDateTime, PlainTime } from '../../python/datetime';
import { isTruthy } from '../../python/ops';
import type { Text } from '../../utils/functional';
import { attempt, forEach, isPromise, type MaybePromise, then } from '../../utils/maybe_promise';
import { gettextLazy as _ } from '../../utils/translation';
import { fromCurrentTimezone } from '../utils';
import {
  type MultiWidget,
  SplitDateTimeWidget,
  SplitHiddenDateTimeWidget,
  type WidgetClass,
} from '../widgets';
import { Field, type FieldOptions, isEmpty, type Opt } from './base';
import { DateField, TimeField } from './temporal';

/** What a field made of fields takes. */
export interface MultiValueFieldOptions extends FieldOptions {
  /** Whether every one of the fields has to be there. Default: true; otherwise each says so itself. */
  readonly requireAllFields?: boolean;
}

/** One value of several fields; a subclass says how `compress()` puts it together. Its widget is a MultiWidget. */
export abstract class MultiValueField<out V = unknown> extends Field<V> {
  static override defaultErrorMessages = {
    invalid: _('Enter a list of values.'),
    incomplete: _('Enter a complete value.'),
  };
  requireAllFields: boolean;
  fields: readonly Field[];

  constructor(
    fields: readonly Field[],
    { requireAllFields = true, ...options }: MultiValueFieldOptions = {},
  ) {
    super(options);
    this.requireAllFields = requireAllFields;
    for (const field of fields) {
      field.errorMessages['incomplete'] ??= this.errorMessages['incomplete'] as Text;
      if (this.disabled) field.disabled = true;
      if (requireAllFields) field.required = false;
    }
    this.fields = fields;
  }

  /** The value of the cleaned values; of none for an empty list. */
  abstract compress(dataList: readonly unknown[]): MaybePromise<V>;

  override copy(): this {
    const made = super.copy();
    made.fields = this.fields.map((field) => field.copy());
    return made;
  }

  override validate(_value: unknown): MaybePromise<void> {
    // The fields have validated what they are responsible for.
  }

  override clean(given: unknown): MaybePromise<V> {
    const value: unknown =
      this.disabled && !Array.isArray(given) ? (this.widget as MultiWidget).decompress(given) : given;
    if (isTruthy(value) && !Array.isArray(value)) throw this.error('invalid');
    const values: readonly unknown[] = Array.isArray(value) ? value : [];
    if (values.every(isEmpty)) {
      if (this.required) throw this.error('required');
      return this.compress([]);
    }
    const cleaned: unknown[] = [];
    const errors: (ValidationError | Text)[] = [];
    const add = (error: ValidationError | Text): void => {
      if (!errors.some((known) => isSameError(known, error))) errors.push(error);
    };
    const done = forEach(
      this.fields.map((field, i) => [field, values[i] ?? null] as const),
      ([field, own]) => {
        if (isEmpty(own)) {
          if (this.requireAllFields) {
            if (this.required) throw this.error('required');
          } else if (field.required) {
            add(field.errorMessages['incomplete'] as Text);
            return;
          }
        }
        return attempt<void>(
          () =>
            then(field.clean(own), (clean) => {
              cleaned.push(clean);
            }),
          (error) => {
            if (!(error instanceof ValidationError)) throw error;
            error.errorList.forEach(add);
          },
        );
      },
    );
    return then(done, () => {
      if (errors.length > 0) throw new ValidationError(errors);
      return then(this.compress(cleaned), (out) =>
        then(this.validate(out), () => then(this.runValidators(out), () => out)),
      );
    });
  }

  override hasChanged(initial: unknown, data: unknown): boolean {
    if (this.disabled) return false;
    const sent: readonly unknown[] = typeof data === 'string' ? [...data] : Array.isArray(data) ? data : [];
    let before: readonly unknown[];
    if (initial === null || initial === undefined) before = sent.map(() => '');
    else if (Array.isArray(initial)) before = initial;
    else before = (this.widget as MultiWidget).decompress(initial);
    return this.fields.some((field, i) => {
      if (i >= before.length || i >= sent.length) return false;
      try {
        const own = field.toPython(before[i]);
        return isPromise(own) || field.hasChanged(own, sent[i]);
      } catch (error) {
        if (error instanceof ValidationError) return true;
        throw error;
      }
    });
  }
}

function isSameError(a: ValidationError | Text, b: ValidationError | Text): boolean {
  return a instanceof ValidationError ? a.equals(b) : a === b;
}

/** A value that has to please several fields, one behind the other. */
export class ComboField extends Field<unknown> {
  fields: readonly Field[];

  constructor({ fields, ...options }: FieldOptions & { readonly fields: readonly Field[] }) {
    super(options);
    for (const field of fields) field.required = false;
    this.fields = fields;
  }

  override clean(value: unknown): MaybePromise<unknown> {
    let cleaned: unknown = value;
    return then(super.clean(value), () =>
      then(
        forEach(this.fields, (field) =>
          then(field.clean(cleaned), (own) => {
            cleaned = own;
          }),
        ),
        () => cleaned,
      ),
    );
  }
}

/** What a date and a time in two elements take. */
export interface SplitDateTimeFieldOptions extends MultiValueFieldOptions {
  readonly inputDateFormats?: readonly string[] | null;
  readonly inputTimeFormats?: readonly string[] | null;
}

/** A date and a time in two elements, as one value. */
export class SplitDateTimeField<
  const O extends SplitDateTimeFieldOptions = SplitDateTimeFieldOptions,
> extends MultiValueField<Opt<PlainDateTime, O>> {
  static override widget: WidgetClass = SplitDateTimeWidget;
  static override defaultErrorMessages = {
    ...MultiValueField.defaultErrorMessages,
    invalid_date: _('Enter a valid date.'),
    invalid_time: _('Enter a valid time.'),
  };

  constructor(options?: O) {
    const { inputDateFormats, inputTimeFormats, ...rest }: SplitDateTimeFieldOptions = options ?? {};
    const texts: Readonly<Record<string, Text>> = {
      ...SplitDateTimeField.defaultErrorMessages,
      ...rest.errorMessages,
    };
    const localize = rest.localize ?? false;
    super(
      [
        new DateField({
          inputFormats: inputDateFormats ?? null,
          errorMessages: { invalid: texts['invalid_date'] as Text },
          localize,
        }),
        new TimeField({
          inputFormats: inputTimeFormats ?? null,
          errorMessages: { invalid: texts['invalid_time'] as Text },
          localize,
        }),
      ],
      rest,
    );
  }

  override compress(dataList: readonly unknown[]): Opt<PlainDateTime, O> {
    if (dataList.length === 0) return null as Opt<PlainDateTime, O>;
    const [date, time] = dataList;
    if (!(date instanceof PlainDate)) throw this.error('invalid_date');
    if (!(time instanceof PlainTime)) throw this.error('invalid_time');
    const { hour, minute, second, microsecond } = time;
    return fromCurrentTimezone(
      new PlainDateTime(date.year, date.month, date.day, hour, minute, second, microsecond),
    ) as Opt<PlainDateTime, O>;
  }
}
SplitDateTimeField.prototype.hiddenWidget = SplitHiddenDateTimeWidget;
