/** The filters of a list, made of its address. Django: `ChangeList.get_filters`. */
import { settings } from '../../../conf';
import { FieldDoesNotExist, ValidationError } from '../../../core/exceptions';
import { htmlName } from '../../../forms/names';
import type { HttpRequest } from '../../../http/request';
import { PlainDateTime } from '../../../python/datetime';
import * as timezone from '../../../utils/timezone';
import { DisallowedModelAdminLookup, IncorrectLookupParameters } from '../exceptions';
import { filterClassFor, type ListFilter, type ListFilterClass, type ListFilterItem } from '../filters';
import { prepareLookupValue } from '../utils/lookup_values';
import { fieldsFromPath, lookupSpawnsDuplicates } from '../utils/paths';
import type { ChangeList } from './main';

/** The filters, and what is left. */
export interface FoundFilters {
  readonly specs: readonly ListFilter[];
  /** The parameters that no filter took: lookups. */
  readonly remaining: ReadonlyMap<string, readonly unknown[]>;
  readonly mayHaveDuplicates: boolean;
  readonly hasActiveFilters: boolean;
}

/** @throws DisallowedModelAdminLookup, IncorrectLookupParameters */
export async function findFilters(list: ChangeList, request: HttpRequest): Promise<FoundFilters> {
  const { modelAdmin, opts } = list;
  const params = list.getFiltersParams();
  for (const [name, values] of params) {
    for (const value of values) {
      if (!modelAdmin.lookupAllowed(name, value, request)) {
        throw new DisallowedModelAdminLookup(`Filtering by ${name} not allowed`);
      }
    }
  }
  let mayHaveDuplicates = false;
  let hasActiveFilters = false;
  const specs: ListFilter[] = [];
  for (const item of modelAdmin.getListFilter(request)) {
    const before = params.size;
    const [spec, path] = makeFilter(list, item, request, params);
    await spec.prepare();
    const isUsed = params.size < before;
    if (isUsed && path !== null) mayHaveDuplicates ||= lookupSpawnsDuplicates(opts, path);
    if (!spec.hasOutput()) continue;
    specs.push(spec);
    hasActiveFilters ||= isUsed;
  }
  boundDates(list.dateHierarchy, params);
  const remaining = new Map<string, unknown[]>();
  try {
    for (const [name, values] of params) {
      remaining.set(name, prepareLookupValue(name, values));
      mayHaveDuplicates ||= lookupSpawnsDuplicates(opts, name);
    }
  } catch (error) {
    if (!(error instanceof FieldDoesNotExist || error instanceof ValidationError)) throw error;
    throw new IncorrectLookupParameters(String(error), { cause: error });
  }
  return { specs, remaining, mayHaveDuplicates, hasActiveFilters };
}

/** A filter of an item of `listFilter`; its path, where it is of a field. */
export function makeFilter(
  { modelAdmin, opts, model }: ChangeList,
  item: ListFilterItem,
  request: HttpRequest,
  params: Map<string, unknown[]>,
): [ListFilter, string | null] {
  if (typeof item === 'function')
    return [new (item as ListFilterClass)(request, params, model, modelAdmin), null];
  const [named, given] = typeof item === 'string' ? [item, undefined] : item;
  const steps = fieldsFromPath(opts, named);
  const field = steps.at(-1) as (typeof steps)[number];
  const path = named.split('__').map(htmlName).join('__');
  const Filter = given ?? filterClassFor(field);
  return [new Filter(field, request, params, model, modelAdmin, path), path];
}

/** Year, month and day of the date hierarchy as two bounds: which an index can use, and a function of every row cannot. */
function boundDates(hierarchy: string | null, params: Map<string, unknown[]>): void {
  if (hierarchy === null) return;
  const name = hierarchy.split('__').map(htmlName).join('__');
  const take = (part: string): unknown => {
    const values = params.get(`${name}__${part}`);
    params.delete(`${name}__${part}`);
    return values?.at(-1);
  };
  const year = take('year');
  if (year === undefined) return;
  const [month, day] = [take('month'), take('day')];
  const number = (value: unknown, standard: number): number => {
    if (value === undefined) return standard;
    if (!/^\s*\d+\s*$/.test(String(value)))
      throw new IncorrectLookupParameters(`invalid date: ${String(value)}`);
    return Number(value);
  };
  const [y, m, d] = [number(year, 1), number(month, 1), number(day, 1)];
  const bounds = boundsOfPeriod(y, month === undefined ? undefined : m, day === undefined ? undefined : d);
  if (bounds === undefined) throw new IncorrectLookupParameters(`invalid date: ${y}-${m}-${d}`);
  params.set(`${name}__gte`, [bounds[0]]);
  params.set(`${name}__lt`, [bounds[1]]);
}

/** Where a year, a month or a day begins and where the next one does; undefined for what is none. */
export function boundsOfPeriod(
  year: number,
  month: number | undefined,
  day: number | undefined,
): readonly [start: unknown, end: unknown] | undefined {
  const [m, d] = [month ?? 1, day ?? 1];
  const first = new Date(Date.UTC(2000, m - 1, d));
  first.setUTCFullYear(year);
  const isDate = year >= 1 && year <= 9999 && m >= 1 && m <= 12;
  if (!isDate || first.getUTCMonth() !== m - 1 || first.getUTCDate() !== d) return undefined;
  const next = new Date(first);
  if (day !== undefined) next.setUTCDate(d + 1);
  else if (month !== undefined) next.setUTCMonth(m);
  else next.setUTCFullYear(year + 1);
  return [moment(first), moment(next)];
}

function moment(at: Date): unknown {
  const naive = new PlainDateTime(at.getUTCFullYear(), at.getUTCMonth() + 1, at.getUTCDate());
  return settings.USE_TZ ? timezone.makeAware(naive) : naive;
}
