/** The rows of a list. Django: `get_queryset` of `ChangeList`. */
import {
  ImproperlyConfigured,
  SuspiciousOperation,
  ValidationError,
  ValueError,
} from '../../../core/exceptions';
import type { Model } from '../../../db/models/base';
import type { QuerySet } from '../../../db/models/query';
import { IncorrectLookupParameters } from '../exceptions';
import { qOfLookupParameters } from '../utils/lookup_values';
import type { ChangeList } from './main';
import { joinsOf } from './related';

/** The rows that lookups leave. @throws IncorrectLookupParameters */
export function filteredRows(
  rows: QuerySet<Model>,
  params: ReadonlyMap<string, readonly unknown[]>,
): QuerySet<Model> {
  if (params.size === 0) return rows;
  try {
    return rows.filter(qOfLookupParameters(params) as never) as unknown as QuerySet<Model>;
  } catch (error) {
    if (error instanceof SuspiciousOperation || error instanceof ImproperlyConfigured) throw error;
    // What was sent is no field, no lookup, or no value of it.
    throw new IncorrectLookupParameters(String(error), { cause: error });
  }
}

/** Reads what lookups ask for: a value that is none of its field is known when it is first sent. @throws IncorrectLookupParameters */
export async function readFiltered<T>(list: ChangeList, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const isValue = error instanceof ValidationError || error instanceof ValueError;
    if (!isValue || list.getFiltersParams().size === 0) throw error;
    throw new IncorrectLookupParameters(String(error), { cause: error });
  }
}

/** The rows with those that the columns show of other models. */
export function withRelated(
  { modelAdmin, request, listDisplay, opts }: ChangeList,
  rows: QuerySet<Model>,
): QuerySet<Model> {
  const wanted = modelAdmin.getListSelectRelated(request);
  if (wanted === true) return prefetched(modelAdmin, rows.selectRelated());
  const names = wanted === false ? joinsOf(opts, listDisplay) : wanted;
  return prefetched(modelAdmin, names.length === 0 ? rows : rows.selectRelated(...(names as never[])));
}

/** The rows with the lists of rows that an admin says its columns read. */
export function prefetched(
  { listPrefetchRelated: names }: { readonly listPrefetchRelated: readonly string[] },
  rows: unknown,
): QuerySet<Model> {
  const query = rows as QuerySet<Model>;
  return names.length === 0
    ? query
    : (query.prefetchRelated(...(names as never[])) as unknown as QuerySet<Model>);
}
