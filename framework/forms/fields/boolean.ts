/** Yes and no. Django: `BooleanField`, `NullBooleanField` of `django.forms.fields`. */
import { isTruthy, pyEquals } from '../../python/ops';
import type { MaybePromise } from '../../utils/maybe_promise';
import { SafeString } from '../../utils/safestring';
import { CheckboxInput, NullBooleanSelect, type WidgetClass } from '../widgets';
import { Field } from './base';

/** @internal What both fields have in common. */
export class BaseBooleanField<out V> extends Field<V> {
  static override widget: WidgetClass = CheckboxInput;

  override toPython(value: unknown): V {
    const word =
      typeof value === 'string' || value instanceof SafeString ? String(value).toLowerCase() : null;
    return (word === null ? isTruthy(value) : word !== '' && word !== 'false' && word !== '0') as V;
  }

  override validate(value: unknown): MaybePromise<void> {
    if (this.required && !isTruthy(value)) throw this.error('required');
  }

  override hasChanged(initial: unknown, data: unknown): boolean {
    return !this.disabled && this.toPython(initial) !== this.toPython(data);
  }
}

/** A box that is checked or not. A required one has to be checked. */
export class BooleanField extends BaseBooleanField<boolean> {}

/** Yes, no, or unknown. */
export class NullBooleanField extends BaseBooleanField<boolean | null> {
  static override widget: WidgetClass = NullBooleanSelect;

  override toPython(value: unknown): boolean | null {
    const among = (values: readonly unknown[]): boolean => values.some((each) => pyEquals(value, each));
    if (among([true, 'True', 'true', '1'])) return true;
    return among([false, 'False', 'false', '0']) ? false : null;
  }

  override validate(): void {
    // Whatever is sent is one of the three.
  }
}
