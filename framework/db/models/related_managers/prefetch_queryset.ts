/** The rows of several instances in one query. Django: `_filter_prefetch_queryset`. */
import type { Model } from '../base';
import { F } from '../expressions/value';
import { Window } from '../expressions/window';
import { RowNumber } from '../functions/window';
import { GreaterThan, LessThanOrEqual } from '../lookups/builtin';
import { Q } from '../q';
import type { QuerySet } from '../query';
import { orderParts } from '../sql/compiler/order';
import { SelectCompiler } from '../sql/compiler/select';

/**
 * Narrows a query to the rows that are related to instances. A sliced one has so many rows an instance: they are
 * numbered within each.
 *
 * @param name the way back to the instances.
 */
export function narrowToInstances(
  queryset: QuerySet<Model>,
  name: string,
  instances: readonly Model[],
): QuerySet<Model> {
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
