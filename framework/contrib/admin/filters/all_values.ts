/** A filter by the values that rows have. */
import { Count } from '../../../db/models/aggregates';
import type { Model } from '../../../db/models/base';
import type { QuerySet } from '../../../db/models/query';
import type { ChangeList } from '../views/main';
import type { FilterChoice } from './base';
import { NullableFieldListFilter } from './nullable';

/** All values that a field has. */
export class AllValuesFieldListFilter extends NullableFieldListFilter {
  private values: readonly unknown[] = [];

  override get lookupKwarg(): string {
    return this.fieldPath;
  }

  override async prepare(): Promise<void> {
    const own = this.admin.model._meta;
    const { fieldPath } = this;
    const rows =
      fieldPath.includes('__') || own !== this.admin.opts
        ? this.admin.model._defaultManager.all()
        : this.admin.getQueryset(this.request);
    this.values = await (rows as unknown as QuerySet<Model>)
      .distinct()
      .orderBy(fieldPath as never)
      .valuesList(fieldPath as never, { flat: true } as never);
  }

  override getFacetCounts(pkAttname: string): Readonly<Record<string, unknown>> {
    return Object.fromEntries(
      this.values.map((value, i) => [`${i}__c`, Count(pkAttname, { filter: this.conditionOf(value) })]),
    );
  }

  *choices(changelist: ChangeList<Model>): Generator<FilterChoice> {
    yield this.allChoice(changelist);
    let none: FilterChoice | undefined;
    for (const [i, value] of this.values.entries()) {
      if (value === null || value === undefined) {
        none = this.nullChoice(changelist, this.counted(this.admin.getEmptyValueDisplay(), `${i}__c`));
        continue;
      }
      const text = String(value);
      yield this.valueChoice(changelist, text, this.counted(text, `${i}__c`));
    }
    if (none !== undefined) yield none;
  }
}
