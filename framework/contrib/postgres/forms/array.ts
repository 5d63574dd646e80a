/** A list in one element. Django: `SimpleArrayField` of `django.contrib.postgres.forms.array`. */
import { ValidationError } from '../../../core/exceptions';
import { type Field, isEmpty } from '../../../forms/fields/base';
import { type CharFieldOptions, TextField } from '../../../forms/fields/char';
import { isTruthy } from '../../../python/ops';
import { toStr } from '../../../python/str';
import { forEach, isPromise, type MaybePromise, then } from '../../../utils/maybe_promise';
import { gettextLazy as _ } from '../../../utils/translation';
import { ArrayMaxLengthValidator, ArrayMinLengthValidator } from '../validators';
import { eachItem } from './items';

/** What a SimpleArrayField takes. */
export interface SimpleArrayFieldOptions<V = unknown> extends Omit<CharFieldOptions, 'emptyValue'> {
  /** Reads, checks and shows each item. */
  readonly baseField: Field<V>;
  /** What stands between items; it can't be part of one. Default: `,`. */
  readonly delimiter?: string;
  /** How many items there may be at most, and have to be at least. */
  readonly maxLength?: number | null;
  readonly minLength?: number | null;
}

/**
 * A list whose items stand in one text, with a delimiter between them.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/forms/#simplearrayfield
 * @example
 * ```ts
 * class NumberListForm extends forms.form({
 *   numbers: new SimpleArrayField({ baseField: new forms.IntegerField(), delimiter: '|' }),
 * }) {}
 * ```
 */
export class SimpleArrayField<V = unknown> extends TextField<V[]> {
  static override defaultErrorMessages = {
    item_invalid: _('Item %(nth)s in the array did not validate:'),
  };
  baseField: Field<V>;
  delimiter: string;

  constructor({ baseField, delimiter = ',', maxLength, minLength, ...options }: SimpleArrayFieldOptions<V>) {
    super(options);
    this.baseField = baseField;
    this.delimiter = delimiter;
    if (minLength !== null && minLength !== undefined) {
      this.minLength = minLength;
      this.validators.push(new ArrayMinLengthValidator(minLength));
    }
    if (maxLength !== null && maxLength !== undefined) {
      this.maxLength = maxLength;
      this.validators.push(new ArrayMaxLengthValidator(maxLength));
    }
  }

  override copy(): this {
    const made = super.copy();
    made.baseField = this.baseField.copy();
    return made;
  }

  override prepareValue(value: unknown): unknown {
    if (!Array.isArray(value)) return value;
    return value.map((item) => toStr(this.baseField.prepareValue(item))).join(this.delimiter);
  }

  private items(value: unknown): readonly unknown[] {
    if (Array.isArray(value)) return value;
    return isTruthy(value) ? toStr(value).split(this.delimiter) : [];
  }

  private each<T>(
    items: readonly unknown[],
    call: (item: unknown) => MaybePromise<T>,
  ): MaybePromise<(T | undefined)[]> {
    return then(eachItem(items, this.errorMessages['item_invalid'], call), ({ values, errors }) => {
      const found = errors.filter((error) => error !== null);
      if (found.length > 0) throw new ValidationError(found);
      return values;
    });
  }

  override toPython(value: unknown): MaybePromise<V[]> {
    return this.each(this.items(value), (item) => this.baseField.toPython(item)) as MaybePromise<V[]>;
  }

  override validate(value: unknown): MaybePromise<void> {
    return then(super.validate(value), () =>
      then(
        this.each(value as unknown[], (item) => this.baseField.validate(item)),
        () => undefined,
      ),
    );
  }

  override runValidators(value: unknown): MaybePromise<void> {
    return then(super.runValidators(value), () =>
      then(
        this.each(value as unknown[], (item) => this.baseField.runValidators(item)),
        () => undefined,
      ),
    );
  }

  override clean(value: unknown): MaybePromise<V[]> {
    return then(super.clean(value), (items) => {
      const cleaned: V[] = [];
      const done = forEach(items, (item) =>
        then(this.baseField.clean(item), (own) => {
          cleaned.push(own);
        }),
      );
      return then(done, () => cleaned);
    });
  }

  override hasChanged(initial: unknown, data: unknown): boolean {
    if (!this.disabled && isEmpty(initial) && this.isNothing(data)) return false;
    return super.hasChanged(initial, data);
  }

  private isNothing(data: unknown): boolean {
    try {
      const value = this.toPython(data);
      return !isPromise(value) && isEmpty(value);
    } catch (error) {
      if (error instanceof ValidationError) return false;
      throw error;
    }
  }
}
