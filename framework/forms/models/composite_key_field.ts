/** The hidden key of a row that several values tell from others. */
import { ValidationError } from '../../core/exceptions';
import type { CompositePrimaryKey } from '../../db/models/fields/composite';
import type { MaybePromise } from '../../utils/maybe_promise';
import { isRow, ModelChoiceField, type ModelChoiceFieldOptions } from './choice_field';

/** A row by its key, which is sent as the JSON of a list of texts: what `CompositePrimaryKey` reads and writes. */
export class CompositeKeyField extends ModelChoiceField<ModelChoiceFieldOptions> {
  constructor(
    private readonly keyField: CompositePrimaryKey,
    options: ModelChoiceFieldOptions,
  ) {
    super(options);
  }

  override prepareValue(value: unknown): unknown {
    return isRow(value) ? this.keyField.valueToString(value) : super.prepareValue(value);
  }

  override toPython(value: unknown): MaybePromise<never> {
    if (typeof value !== 'string' || value === '') return super.toPython(value) as never;
    try {
      return super.toPython(this.keyField.toPython(value)) as never;
    } catch (error) {
      if (error instanceof ValidationError) throw this.error('invalid_choice', { value });
      throw error;
    }
  }
}
