/** Rows as choices. Django: `ModelChoiceIterator`, `ModelChoiceIteratorValue` of `django.forms.models`. */
import type { Model } from '../../db/models/base';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { Choice } from '../choices';
import type { ModelChoiceField } from './choice_field';

/** The value of a choice, and the row that it stands for. */
export class ModelChoiceIteratorValue {
  constructor(
    readonly value: unknown,
    readonly instance: Model,
  ) {}

  /** Compared by their values. */
  isSame(other: unknown): boolean {
    return this.value === (other instanceof ModelChoiceIteratorValue ? other.value : other);
  }

  toString(): string {
    return String(this.value);
  }
}

/**
 * The rows of a field as choices, read when somebody goes through them. A field's `iterator` names another class: one that
 * overrides `choice()`, say.
 */
export class ModelChoiceIterator implements Iterable<Choice> {
  constructor(readonly field: ModelChoiceField) {}

  *[Symbol.iterator](): Generator<Choice, void, undefined> {
    const { emptyLabel } = this.field;
    if (emptyLabel !== null) yield ['', emptyLabel];
    for (const row of this.field.rows()) yield this.choice(row);
  }

  /** How many choices there are: the database counts. */
  count(): MaybePromise<number> {
    const empty = this.field.emptyLabel === null ? 0 : 1;
    return then(this.field.queryset?.count() ?? 0, (rows) => rows + empty);
  }

  /** One row as a choice. */
  choice(row: Model): Choice {
    return [
      new ModelChoiceIteratorValue(this.field.prepareValue(row), row),
      this.field.labelFromInstance(row),
    ];
  }
}
