/** What filters by a value, or by having none, have in common. */
import type { Model, ModelClass } from '../../../db/models/base';
import { classIn } from '../../../db/models/classes';
import type { Field } from '../../../db/models/fields/base';
import type { RelatedField } from '../../../db/models/fields/related';
import { Relation } from '../../../db/models/fields/reverse_related';
import { Q } from '../../../db/models/q';
import { gettextLazy as _ } from '../../../utils/translation';
import type { ChangeList } from '../views/main';
import { FieldListFilter, type FilterChoice } from './base';

/** The model that a relation leads to. */
export function relatedModelOf(field: Field | Relation): ModelClass {
  if (field instanceof Relation) return classIn(field.relatedModel, field.relatedModel);
  return classIn(field.model, (field as RelatedField).remoteModel);
}

/** Whether a row may have no value of a field. */
export const isNullable = (field: Field | Relation): boolean => field instanceof Relation || field.null;

/** A filter of a field with two parameters: one says the value, the other that there is none. */
export abstract class NullableFieldListFilter extends FieldListFilter {
  /** The parameter that says a value. */
  get lookupKwarg(): string {
    return `${this.fieldPath}__exact`;
  }

  /** The parameter that says that there is no value. */
  get lookupKwargIsnull(): string {
    return `${this.fieldPath}__isnull`;
  }

  expectedParameters(): readonly string[] {
    return [this.lookupKwarg, this.lookupKwargIsnull];
  }

  /** The values that were chosen, as the address has them. */
  protected get chosen(): readonly string[] {
    return (this.usedParameters[this.lookupKwarg] ?? []).map(String);
  }

  /** Whether rows without a value were chosen. */
  protected get isNullChosen(): boolean {
    return this.usedParameters[this.lookupKwargIsnull] !== undefined;
  }

  /** The condition of the rows with a value; null: of those without. */
  protected conditionOf(value: unknown): Q {
    return value === null ? new Q({ [this.lookupKwargIsnull]: true }) : new Q({ [this.lookupKwarg]: value });
  }

  /** The choice that leaves all rows. */
  protected allChoice(changelist: ChangeList<Model>): FilterChoice {
    return {
      selected: this.chosen.length === 0 && !this.isNullChosen,
      query_string: changelist.getQueryString({}, this.expectedParameters()),
      display: _('All'),
    };
  }

  /** The choice of a value. */
  protected valueChoice(changelist: ChangeList<Model>, value: unknown, display: unknown): FilterChoice {
    return {
      selected: this.chosen.includes(String(value)),
      query_string: changelist.getQueryString({ [this.lookupKwarg]: value }, [this.lookupKwargIsnull]),
      display,
    };
  }

  /** The choice of the rows without a value. */
  protected nullChoice(changelist: ChangeList<Model>, display: unknown): FilterChoice {
    return {
      selected: this.isNullChosen,
      query_string: changelist.getQueryString({ [this.lookupKwargIsnull]: 'True' }, [this.lookupKwarg]),
      display,
    };
  }
}
