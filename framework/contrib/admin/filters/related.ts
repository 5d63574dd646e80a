/** Filters by rows of a relation. */
import { Count } from '../../../db/models/aggregates';
import type { Model } from '../../../db/models/base';
import { Field } from '../../../db/models/fields/base';
import { ForeignKey, ManyToManyField } from '../../../db/models/fields/related';
import type { HttpRequest } from '../../../http/request';
import type { ModelAdmin } from '../options/model_admin';
import type { ChangeList } from '../views/main';
import type { FilterChoice } from './base';
import { isNullable, NullableFieldListFilter, relatedModelOf } from './nullable';

/** The rows of a relation. */
export class RelatedFieldListFilter extends NullableFieldListFilter {
  lookupChoices: (readonly [key: unknown, title: string])[] = [];

  override get lookupKwarg(): string {
    const target =
      this.field instanceof ForeignKey
        ? this.field.targetField.name
        : relatedModelOf(this.field)._meta.pk.name;
    return `${this.fieldPath}__${target}__exact`;
  }

  /** Whether there is a choice for rows without. */
  get includeEmptyChoice(): boolean {
    return this.field instanceof ManyToManyField || isNullable(this.field);
  }

  override async prepare(): Promise<void> {
    const model = relatedModelOf(this.field);
    const { field } = this;
    this.title = field instanceof Field ? field.verboseName : model._meta.verboseName;
    const rows = await this.fieldChoices(this.request, this.admin);
    const key = field instanceof ForeignKey ? field.targetField.property : 'pk';
    this.lookupChoices = rows.map(
      (row) => [(row as unknown as Record<string, unknown>)[key], String(row)] as const,
    );
  }

  /** The order of the rows: that of their admin. */
  fieldAdminOrdering(request: HttpRequest, admin: ModelAdmin): readonly unknown[] {
    return admin.adminSite.find(relatedModelOf(this.field))?.getOrdering(request) ?? [];
  }

  /** The rows to choose from. */
  async fieldChoices(request: HttpRequest, admin: ModelAdmin): Promise<readonly Model[]> {
    const ordering = this.fieldAdminOrdering(request, admin);
    const limit =
      this.field instanceof Field
        ? (this.field.options as { limitChoicesTo?: unknown }).limitChoicesTo
        : undefined;
    const condition = typeof limit === 'function' ? (limit as () => unknown)() : limit;
    let rows = relatedModelOf(this.field)._defaultManager.getQueryset();
    if (condition) rows = rows.complexFilter(condition as never);
    return ordering.length > 0 ? rows.orderBy(...(ordering as never[])) : rows;
  }

  override hasOutput(): boolean {
    return this.lookupChoices.length + (this.includeEmptyChoice ? 1 : 0) > 1;
  }

  override getFacetCounts(pkAttname: string): Readonly<Record<string, unknown>> {
    const counts: Record<string, unknown> = {};
    for (const [key] of this.lookupChoices) {
      counts[`${String(key)}__c`] = Count(pkAttname, { filter: this.conditionOf(key), distinct: false });
    }
    if (this.includeEmptyChoice) counts['__c'] = Count(pkAttname, { filter: this.conditionOf(null) });
    return counts;
  }

  *choices(changelist: ChangeList<Model>): Generator<FilterChoice> {
    yield this.allChoice(changelist);
    for (const [key, title] of this.lookupChoices) {
      yield this.valueChoice(changelist, key, this.counted(title, `${String(key)}__c`));
    }
    if (this.includeEmptyChoice) {
      yield this.nullChoice(changelist, this.counted(this.admin.getEmptyValueDisplay(), '__c'));
    }
  }
}

/** The rows of a relation that some row of the list has. */
export class RelatedOnlyFieldListFilter extends RelatedFieldListFilter {
  override async fieldChoices(request: HttpRequest, admin: ModelAdmin): Promise<readonly Model[]> {
    const keys = admin
      .getQueryset(request)
      .distinct()
      .valuesList(`${this.fieldPath}__pk` as never, { flat: true } as never);
    const ordering = this.fieldAdminOrdering(request, admin);
    const rows = relatedModelOf(this.field)._defaultManager.filter({ pk__in: keys } as never);
    return ordering.length > 0 ? rows.orderBy(...(ordering as never[])) : rows;
  }
}
