/** A filter by a truth value. */
import { Count } from '../../../db/models/aggregates';
import type { Model } from '../../../db/models/base';
import type { Field } from '../../../db/models/fields/base';
import { Q } from '../../../db/models/q';
import { gettextLazy as _ } from '../../../utils/translation';
import type { ChangeList } from '../views/main';
import type { FilterChoice } from './base';
import { NullableFieldListFilter } from './nullable';

/** How addresses may also write what the choices write as `1` and `0`. */
const NUMBERS: ReadonlyMap<string, string> = new Map([
  ['True', '1'],
  ['False', '0'],
]);

/** Yes, no, and unknown where there is that. */
export class BooleanFieldListFilter extends NullableFieldListFilter {
  protected override get chosen(): readonly string[] {
    if (this.isNullChosen) return [];
    return super.chosen.slice(0, 1).map((value) => NUMBERS.get(value) ?? value);
  }

  override getFacetCounts(pkAttname: string): Readonly<Record<string, unknown>> {
    const { fieldPath } = this;
    return {
      true__c: Count(pkAttname, { filter: new Q({ [fieldPath]: true }) }),
      false__c: Count(pkAttname, { filter: new Q({ [fieldPath]: false }) }),
      null__c: Count(pkAttname, { filter: this.conditionOf(null) }),
    };
  }

  *choices(changelist: ChangeList<Model>): Generator<FilterChoice> {
    const field = this.field as Field;
    const labels = new Map(field.flatchoices.map(([key, label]) => [key, label] as const));
    yield this.allChoice(changelist);
    yield this.valueChoice(changelist, '1', this.counted(labels.get(true) ?? _('Yes'), 'true__c'));
    yield this.valueChoice(changelist, '0', this.counted(labels.get(false) ?? _('No'), 'false__c'));
    if (field.null) {
      yield this.nullChoice(changelist, this.counted(labels.get(null) ?? _('Unknown'), 'null__c'));
    }
  }
}
