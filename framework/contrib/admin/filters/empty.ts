/** A filter by whether there is anything. */
import { ImproperlyConfigured } from '../../../core/exceptions';
import { Count } from '../../../db/models/aggregates';
import type { Model } from '../../../db/models/base';
import { Field } from '../../../db/models/fields/base';
import { Q } from '../../../db/models/q';
import type { QuerySet } from '../../../db/models/query';
import type { HttpRequest } from '../../../http/request';
import { gettext } from '../../../utils/translation';
import { IncorrectLookupParameters } from '../exceptions';
import type { ChangeList } from '../views/main';
import { FieldListFilter, type FilterChoice } from './base';
import { isNullable } from './nullable';

/** Empty or not. */
export class EmptyFieldListFilter extends FieldListFilter {
  private get name(): string {
    return `${this.fieldPath}__isempty`;
  }

  /** @throws ImproperlyConfigured for a field that is never empty. */
  expectedParameters(): readonly string[] {
    const { field } = this;
    if (field instanceof Field && !field.emptyStringsAllowed && !field.null) {
      throw new ImproperlyConfigured(
        `The list filter '${this.constructor.name}' cannot be used with field '${field.name}' which doesn't allow empty ` +
          'strings and nulls.',
      );
    }
    return [this.name];
  }

  private condition(): Q {
    const { field, fieldPath } = this;
    let any = new Q();
    if (field instanceof Field && field.emptyStringsAllowed) any = any.or(new Q({ [fieldPath]: '' }));
    if (isNullable(field)) any = any.or(new Q({ [`${fieldPath}__isnull`]: true }));
    return any;
  }

  override queryset(_request: HttpRequest, rows: QuerySet<Model>): QuerySet<Model> {
    const chosen = this.usedParameters[this.name]?.[0];
    if (chosen === undefined) return rows;
    if (chosen !== '0' && chosen !== '1') throw new IncorrectLookupParameters(String(chosen));
    const condition = this.condition();
    return (chosen === '1'
      ? rows.filter(condition as never)
      : rows.exclude(condition as never)) as unknown as QuerySet<Model>;
  }

  override getFacetCounts(pkAttname: string): Readonly<Record<string, unknown>> {
    const condition = this.condition();
    return {
      empty__c: Count(pkAttname, { filter: condition }),
      not_empty__c: Count(pkAttname, { filter: condition.not() }),
    };
  }

  *choices(changelist: ChangeList<Model>): Generator<FilterChoice> {
    const chosen = this.usedParameters[this.name]?.[0] as string | undefined;
    for (const [lookup, title, facet] of [
      [undefined, gettext('All'), ''],
      ['1', gettext('Empty'), 'empty__c'],
      ['0', gettext('Not empty'), 'not_empty__c'],
    ] as const) {
      yield {
        selected: chosen === lookup,
        query_string: changelist.getQueryString({ [this.name]: lookup ?? null }),
        display: facet === '' ? title : this.counted(title, facet),
      };
    }
  }
}
