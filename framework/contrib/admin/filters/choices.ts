/** A filter by the choices of a field. */
import { Count } from '../../../db/models/aggregates';
import type { Model } from '../../../db/models/base';
import type { Field } from '../../../db/models/fields/base';
import type { ChangeList } from '../views/main';
import type { FilterChoice } from './base';
import { NullableFieldListFilter } from './nullable';

/** The choices of a field. */
export class ChoicesFieldListFilter extends NullableFieldListFilter {
  private get flat(): readonly (readonly [unknown, unknown])[] {
    return (this.field as Field).flatchoices as readonly (readonly [unknown, unknown])[];
  }

  override getFacetCounts(pkAttname: string): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      this.flat.map(([value], i) => [`${i}__c`, Count(pkAttname, { filter: this.conditionOf(value) })]),
    );
  }

  *choices(changelist: ChangeList<Model>): Generator<FilterChoice> {
    yield this.allChoice(changelist);
    let none: FilterChoice | undefined;
    for (const [i, [value, title]] of this.flat.entries()) {
      const display = this.counted(title, `${i}__c`);
      if (value === null) none = this.nullChoice(changelist, display);
      else yield this.valueChoice(changelist, value, display);
    }
    if (none !== undefined) yield none;
  }
}
