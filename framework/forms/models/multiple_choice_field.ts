/** Several of the rows of a query. Django: `ModelMultipleChoiceField` of `django.forms.models`. */
import type { Model } from '../../db/models/base';
import { ValueError } from '../../python/errors';
import { isTruthy } from '../../python/ops';
import { toStr } from '../../python/str';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { gettextLazy as _ } from '../../utils/translation';
import { MultipleHiddenInput, SelectMultiple, type WidgetClass } from '../widgets';
import { BaseModelChoiceField, isRow, type ModelChoiceFieldOptions, type RowOf } from './choice_field';
import { isRows, now } from './rows';

/** What a field for several rows takes. */
export type ModelMultipleChoiceFieldOptions = Omit<ModelChoiceFieldOptions, 'emptyLabel' | 'blank'>;

/**
 * Several of the rows of a query: a list of those that were chosen.
 * https://docs.djangoproject.com/en/5.2/ref/forms/fields/#modelmultiplechoicefield
 */
export class ModelMultipleChoiceField<
  const O extends ModelMultipleChoiceFieldOptions = ModelMultipleChoiceFieldOptions,
> extends BaseModelChoiceField<RowOf<O>[]> {
  static override widget: WidgetClass = SelectMultiple;
  static override defaultErrorMessages = {
    invalid_list: _('Enter a list of values.'),
    invalid_choice: _('Select a valid choice. %(value)s is not one of the available choices.'),
    invalid_pk_value: _('“%(pk)s” is not a valid value.'),
  };

  constructor(options: O) {
    super({ ...options, emptyLabel: null });
  }

  override prepareValue(value: unknown): unknown {
    const isList = value !== null && typeof value === 'object' && !isRow(value);
    if (!isList) return super.prepareValue(value);
    const rows = isRows(value)
      ? now(value._fetchAll(), () => 'What was chosen before')
      : [...(value as Iterable<unknown>)];
    return rows.map((each) => super.prepareValue(each));
  }

  /** @internal Reads the rows that the form began with, so that they can be compared. */
  readInitial(initial: unknown): MaybePromise<void> {
    if (isRows(initial)) return then(initial._fetchAll(), () => undefined);
  }

  override ready(initial: unknown): MaybePromise<void> {
    return then(this.readInitial(initial), () => super.ready(initial));
  }

  override clean(value: unknown): MaybePromise<RowOf<O>[]> {
    const given = Array.isArray(value) || isRows(value) ? this.prepareValue(value) : value;
    if (!isTruthy(given)) {
      if (this.required) throw this.error('required');
      return [];
    }
    if (!Array.isArray(given)) throw this.error('invalid_list');
    return then(this.chosen(given), (rows) => then(this.runValidators(given), () => rows as RowOf<O>[]));
  }

  /** The rows with these keys. @throws ValidationError for a key that is none, or of no row that can be chosen. */
  private chosen(values: readonly unknown[]): MaybePromise<Model[]> {
    if (values.some((value) => value !== null && typeof value === 'object')) throw this.error('invalid_list');
    const { key, source } = this;
    const keys = [...new Set(values)];
    for (const pk of keys) this.checkKey(pk);
    return then(source.filter({ [`${key}__in`]: keys } as never).fetch(), (rows) => {
      const known = new Set(rows.map((row) => toStr(this.prepareValue(row))));
      const missing = keys.find((each) => !known.has(toStr(each)));
      if (missing !== undefined) throw this.error('invalid_choice', { value: missing });
      return rows;
    });
  }

  private checkKey(pk: unknown): void {
    this.noNullCharacters(pk);
    const { _meta: meta } = this.model;
    const field = this.toFieldName === null ? meta.pk : meta.fieldsByProperty.get(this.toFieldName);
    try {
      field?.getPrepValue(pk);
    } catch (error) {
      if (error instanceof ValueError || error instanceof TypeError)
        throw this.error('invalid_pk_value', { pk });
      throw error;
    }
  }

  override toPython(value: unknown): MaybePromise<RowOf<O>[]> {
    return isTruthy(value) ? (this.chosen(value as readonly unknown[]) as MaybePromise<RowOf<O>[]>) : [];
  }

  override hasChanged(initial: unknown, data: unknown): boolean {
    if (this.disabled) return false;
    const before = textsOf(this.prepareValue(initial ?? []));
    const after = textsOf(data ?? []);
    if (before.length !== after.length) return true;
    const texts = new Set(before);
    const others = new Set(after);
    return texts.size !== others.size || [...others].some((each) => !texts.has(each));
  }
}
ModelMultipleChoiceField.prototype.hiddenWidget = MultipleHiddenInput;

function textsOf(values: unknown): string[] {
  return Symbol.iterator in Object(values) ? [...(values as Iterable<unknown>)].map(toStr) : [toStr(values)];
}
