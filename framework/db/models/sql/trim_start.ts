/** The subquery of a negated condition along a relation of many rows. Django: `Query.trim_start`. */
import type { Expression } from '../expressions/base';
import { AND, LOOKUP_SEP, LOUTER } from './constants';
import { BaseTable, Join } from './datastructures';
import { unrefAlias } from './joins';
import type { NameWithPath } from './names';
import type { Query } from './query';

/**
 * Leaves out the joins of a subquery before the relation of many rows, and selects what it is compared by; returns what
 * that is called in the query around it.
 */
export function trimStart(
  query: Query,
  namesWithPath: readonly NameWithPath[],
): [prefixes: readonly string[], outer: boolean] {
  const all = namesWithPath.flatMap(([, paths]) => paths);
  const tables = [...query.aliasMap.keys()].filter(
    (alias) => query.lookupJoins.includes(alias) || alias === query.baseTable,
  );
  let outer = false;
  let at = 0;
  for (; at < all.length && !all[at]?.m2m; at++) {
    if (query.aliasMap.get(tables[at + 1] as string)?.joinType === LOUTER) outer = true;
    unrefAlias(query, tables[at] as string);
  }
  const step = all[at] as (typeof all)[number];
  let left = at;
  const prefix: string[] = [];
  for (const [name, paths] of namesWithPath) {
    if (left - paths.length < 0) break;
    prefix.push(name);
    left -= paths.length;
  }
  const next = tables[at + 1] as string;
  const first = query.aliasMap.get(next);
  const trimmed = first?.joinType !== LOUTER && !(first instanceof Join && first.path.filtered !== undefined);
  if (trimmed) unrefAlias(query, tables[at] as string);
  const pairs = step.field.relatedPairs;
  const selected = pairs.map(([own, other]) =>
    trimmed ? query.column(own, next) : query.column(other, tables[at] as string),
  );
  for (const [alias, table] of query.aliasMap) {
    if ((query.aliasRefcount.get(alias) ?? 0) > 0) {
      if (!(table instanceof Join)) break;
      // What was said of the joined rows is said of the first table's.
      if (table.path.restriction !== undefined) query.where.add(table.condition as Expression, AND);
      query.aliasMap.set(alias, new BaseTable(table.tableName, alias));
      break;
    }
  }
  query.select = selected;
  query.defaultCols = false;
  return [pairs.map(([, other]) => [...prefix, other.name].join(LOOKUP_SEP)), outer];
}
