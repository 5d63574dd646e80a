/** The tables of a query: aliases, reuse, promotion, trimming. Django: `Query.join` and its kin. */

import { FieldError } from '../../../core/exceptions';
import { RecursionError } from '../../../python/errors';
import type { ChangeMap } from '../expressions/base';
import type { Field } from '../fields/base';
import type { PathInfo } from '../fields/reverse_related';
import type { Options } from '../options';
import { INNER, LOUTER } from './constants';
import { BaseTable, Join } from './datastructures';
import { type Named, namesToPath, type ResolvedPath } from './names';
import type { Query } from './query';

/** What `setupJoins` came to. Django: `JoinInfo`. */
export interface JoinInfo {
  finalField: Named;
  target: Field;
  opts: Options;
  joins: string[];
  path: readonly PathInfo[];
  /** The names behind the field. */
  transforms: readonly string[];
  /** What is wrong with them, if they are no transforms. */
  failure: unknown;
}

function count(query: Query, alias: string, by: number): void {
  query.aliasRefcount.set(alias, (query.aliasRefcount.get(alias) ?? 0) + by);
}

export function refAlias(query: Query, alias: string): void {
  count(query, alias, 1);
}

export function unrefAlias(query: Query, alias: string): void {
  count(query, alias, -1);
}

function newAlias(query: Query, table: string, first: string = table): string {
  const known = query.tableMap.get(table);
  if (known === undefined) {
    query.tableMap.set(table, [first]);
    query.aliasRefcount.set(first, 1);
    return first;
  }
  const alias = `${query.aliasPrefix}${query.aliasMap.size + 1}`;
  query.tableMap.set(table, [...known, alias]);
  query.aliasRefcount.set(alias, 1);
  return alias;
}

export function getInitialAlias(query: Query): string {
  const known = query.baseTable;
  if (known !== undefined) {
    refAlias(query, known);
    return known;
  }
  const alias = newAlias(query, query.model.dbTable);
  query.aliasMap.set(alias, new BaseTable(query.model.dbTable, alias));
  return alias;
}

/** The alias of a join: one that is there already where that may be used again. */
export function join(query: Query, path: PathInfo, parentAlias: string, reuse: Set<string> | null): string {
  let found: string | undefined;
  for (const [alias, table] of query.aliasMap) {
    if (reuse !== null && !reuse.has(alias)) continue;
    // The most recent one: a relation of many rows may be joined several times.
    if (table instanceof Join && table.isSameAs(path, parentAlias)) found = alias;
  }
  if (found !== undefined) {
    refAlias(query, found);
    return found;
  }
  const { filtered } = path;
  const nullable = path.direct ? path.field.null : true;
  const alias = newAlias(query, path.toOpts.dbTable, filtered?.alias);
  const outer = nullable || query.aliasMap.get(parentAlias)?.joinType === LOUTER;
  query.aliasMap.set(
    alias,
    new Join(path.toOpts.dbTable, parentAlias, alias, outer ? LOUTER : INNER, path, nullable),
  );
  const { restriction } = path;
  if (restriction !== undefined) {
    const added = query.aliasMap.get(alias) as Join;
    query.aliasMap.set(alias, added.where(restriction(alias, parentAlias)));
  }
  if (filtered !== undefined) {
    const { size } = query.aliasMap;
    const condition = query.joinCondition(
      filtered.condition,
      reuse === null ? null : new Set([...reuse, alias]),
    );
    const added = query.aliasMap.get(alias) as Join;
    // The condition may need joins of its own: they stand before this one.
    if (query.aliasMap.size > size) query.aliasMap.delete(alias);
    query.aliasMap.set(alias, added.where(condition));
  }
  return alias;
}

/** Joins the tables along a path of names. @throws FieldError; MultiJoin. */
export function setupJoins(
  query: Query,
  names: readonly string[],
  opts: Options,
  start: string,
  options: { reuse?: Set<string> | null; allowMany?: boolean } = {},
): JoinInfo {
  const { reuse = null, allowMany = true } = options;
  let resolved: ResolvedPath | undefined;
  let failure: unknown;
  let transforms: readonly string[] = [];
  for (let pivot = names.length; pivot > 0 && resolved === undefined; pivot--) {
    try {
      resolved = namesToPath(names.slice(0, pivot), opts, query.annotationSelect, {
        allowMany,
        failOnMissing: true,
        filtered: query.filteredRelations,
      });
      transforms = names.slice(pivot);
    } catch (error) {
      if (!(error instanceof FieldError) || pivot === 1) throw failure ?? error;
      failure ??= error;
    }
  }
  const { path, finalField, target } = resolved as ResolvedPath;
  const joined = [start];
  let alias = start;
  let last = opts;
  for (const step of path) {
    alias = join(query, step, alias, step.m2m ? reuse : null);
    joined.push(alias);
    if (step.filtered !== undefined) reuse?.add(alias);
    last = step.toOpts;
  }
  return { finalField, target, opts: last, joins: joined, path, transforms, failure };
}

/** The columns of a model, each with the table that has it; what a parent has is joined. */
export function modelColumns(
  query: Query,
  model: Options,
  start: string,
  options: { fields?: readonly Field[]; fromParent?: Options } = {},
): (readonly [field: Field, alias: string])[] {
  const { fields = model.concreteFields, fromParent } = options;
  const own = model.concreteModel;
  if (own.parents.size === 0) return fields.map((field) => [field, start] as const);
  const seen = new Map<Options, string>();
  const found: (readonly [field: Field, alias: string])[] = [];
  for (const field of fields) {
    const owner = field.model.concreteModel;
    if (owner === own) found.push([field, start]);
    // What the row that led here has already is not read again.
    else if (fromParent === undefined || !fromParent.isKindOf(owner)) {
      found.push([field, joinParent(query, model, owner, start, seen)]);
    }
  }
  return found;
}

/** Joins the table of a parent; says its alias. */
function joinParent(
  query: Query,
  model: Options,
  parent: Options,
  start: string,
  seen: Map<Options, string>,
): string {
  let alias = seen.get(parent);
  if (alias !== undefined) return alias;
  alias = start;
  let at = model;
  for (const next of model.getBaseChain(parent)) {
    const known = seen.get(next);
    const link = at.parents.get(next);
    if (known !== undefined) alias = known;
    else if (link !== undefined) {
      const { joins } = setupJoins(query, [link.name], at, alias);
      alias = joins[joins.length - 1] as string;
      seen.set(next, alias);
    }
    at = next;
  }
  return alias;
}

/** Leaves out the last joins, where the table before has the value already. */
export function trimJoins(query: Query, info: JoinInfo): { target: Field; alias: string; joins: string[] } {
  const joined = [...info.joins];
  let { target } = info;
  for (let at = info.path.length - 1; at >= 0; at--) {
    const step = info.path[at] as PathInfo;
    const isBound = step.filtered !== undefined || step.restriction !== undefined;
    if (joined.length === 1 || !step.direct || isBound) break;
    const own = step.field.ownFor(target);
    if (own === undefined) break;
    target = own;
    unrefAlias(query, joined.pop() as string);
  }
  return { target, alias: joined[joined.length - 1] as string, joins: joined };
}

/** Makes joins, and those behind them, keep rows without a partner, where there can be none. */
export function promoteJoins(query: Query, aliases: Iterable<string>): void {
  const waiting = [...aliases];
  for (let alias = waiting.shift(); alias !== undefined; alias = waiting.shift()) {
    const table = query.aliasMap.get(alias);
    if (!(table instanceof Join)) continue;
    const parentOuter = query.aliasMap.get(table.parentAlias)?.joinType === LOUTER;
    if ((!table.nullable && !parentOuter) || table.joinType === LOUTER) continue;
    query.aliasMap.set(alias, table.promote());
    for (const [other, { parentAlias }] of query.aliasMap) {
      if (parentAlias === alias && !waiting.includes(other)) waiting.push(other);
    }
  }
}

/** Makes joins, and those before them, inner joins. */
export function demoteJoins(query: Query, aliases: Iterable<string>): void {
  const waiting = [...aliases];
  for (let alias = waiting.shift(); alias !== undefined; alias = waiting.shift()) {
    const table = query.aliasMap.get(alias);
    if (!(table instanceof Join) || table.joinType !== LOUTER) continue;
    query.aliasMap.set(alias, table.demote());
    if (query.aliasMap.get(table.parentAlias)?.joinType === INNER) waiting.push(table.parentAlias);
  }
}

/** Gives aliases other names, everywhere. */
export function changeAliases(query: Query, changes: ChangeMap): void {
  if (changes.size === 0) return;
  query.where.relabelAliases(changes);
  if (Array.isArray(query.groupBy)) query.groupBy = query.groupBy.map((each) => each.relabeledClone(changes));
  query.select = query.select.map((each) => each.relabeledClone(changes));
  query.annotations = new Map(
    [...query.annotations].map(([name, each]) => [name, each.relabeledClone(changes)]),
  );
  const tables = new Map<string, Join | BaseTable>();
  const counts = new Map<string, number>();
  for (const [alias, table] of query.aliasMap) {
    const name = changes.get(alias) ?? alias;
    tables.set(name, table.relabeledClone(changes));
    counts.set(name, query.aliasRefcount.get(alias) ?? 0);
  }
  query.aliasMap = tables;
  query.aliasRefcount = counts;
  query.tableMap = new Map(
    [...query.tableMap].map(([table, all]) => [table, all.map((alias) => changes.get(alias) ?? alias)]),
  );
  query.externalAliases = new Map(
    [...query.externalAliases].map(([alias, aliased]) => [
      changes.get(alias) ?? alias,
      aliased || changes.has(alias),
    ]),
  );
  for (const combined of query.combinedQueries) {
    changeAliases(combined, new Map([...changes].filter(([alias]) => combined.externalAliases.has(alias))));
  }
}

/** So deep are queries within queries at most: a sixteenth of the depth that Python's functions have. */
const MOST_SUBQUERIES = 62;

/** Gives a subquery aliases that the query around it does not have. */
export function bumpPrefix(query: Query, outer: Query, keep?: string): void {
  if (query.aliasPrefix !== outer.aliasPrefix) return;
  let tried = 0;
  for (const prefix of prefixesAfter(query.aliasPrefix)) {
    tried += 1;
    if (tried > MOST_SUBQUERIES) {
      throw new RecursionError('Maximum recursion depth exceeded: too many subqueries.');
    }
    if (query.subqAliases.has(prefix)) continue;
    query.aliasPrefix = prefix;
    break;
  }
  query.subqAliases = new Set([...query.subqAliases, query.aliasPrefix]);
  outer.subqAliases = new Set([...outer.subqAliases, ...query.subqAliases]);
  changeAliases(
    query,
    new Map(
      [...query.aliasMap.keys()].flatMap((alias, at): [string, string][] =>
        alias === keep ? [] : [[alias, `${query.aliasPrefix}${at}`]],
      ),
    ),
  );
}

/** `U` to `Z`, then `AA`, `AB`, … */
function* prefixesAfter(prefix: string): Generator<string> {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  yield* letters.slice(letters.indexOf(prefix[0] as string) + 1);
  for (const first of letters) for (const second of letters) yield first + second;
}
