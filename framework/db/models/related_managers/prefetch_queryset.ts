/** The rows of several instances in one query. Django: `_filter_prefetch_queryset`. */
import type { Model } from '../base';
import { F } from '../expressions/value';
import { Window } from '../expressions/window';
import type { Field } from '../fields/base';
import { FieldGroup } from '../fields/group';
import { RowNumber } from '../functions/window';
import { GreaterThan, LessThanOrEqual } from '../lookups/builtin';
import { Q } from '../q';
import type { QuerySet } from '../query';
import { orderParts } from '../sql/compiler/order';
import { SelectCompiler } from '../sql/compiler/select';
import { fieldValue } from './instances';

/**
 * Narrows a query to the rows that are related to instances. A sliced one has so many rows an instance: they are
 * numbered within each.
 *
 * @param back the way to the instances, and the field of theirs that it leads to.
 */
export function narrowToInstances(
  queryset: QuerySet<Model>,
  { name, key }: { readonly name: string; readonly key: Field },
  instances: readonly Model[],
): QuerySet<Model> {
  const { aliasMap, isSliced } = queryset._shape;
  if (key.primaryKey && !(key instanceof FieldGroup) && aliasMap.size <= 1 && !isSliced) {
    // The same by values, which it will come to again.
    const keys = instances.map((instance) => fieldValue(instance, key));
    if (!keys.includes(null)) return queryset._filterOrExclude(false, [{ [`${name}__in`]: keys }]);
  }
  const { query } = queryset;
  let condition = new Q({ [`${name}__in`]: instances });
  if (query.isSliced) {
    const { lowMark, highMark } = query;
    const orderBy = orderParts(new SelectCompiler(query.clone(), queryset.connection())).map(
      ({ expression }) => expression,
    );
    const number = new Window(new RowNumber(), { partitionBy: F(name), orderBy });
    condition = condition.and(new GreaterThan(number, lowMark));
    if (highMark !== undefined) condition = condition.and(new LessThanOrEqual(number, highMark));
    query.clearLimits();
  }
  // On the joins that are there: another one of a relation of many rows would find other rows.
  query.addQ(condition, true);
  return queryset;
}
