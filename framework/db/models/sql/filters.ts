/** Conditions. Django: `Query.add_q`, `build_filter`, `split_exclude`. */
import { FieldError } from '../../../core/exceptions';
import type { Expression, Scope } from '../expressions/base';
import { Col, Ref } from '../expressions/col';
import { ExistsExpression } from '../expressions/subquery';
import { FExpression, OuterRef, OuterRefExpression, ResolvedOuterRef } from '../expressions/value';
import { Relation } from '../fields/reverse_related';
import { Lookup } from '../lookups/base';
import { Exact, IsNull } from '../lookups/builtin';
import { type Child, isExpression, Q } from '../q';
import { AND, INNER, LOOKUP_SEP, LOUTER, OR } from './constants';
import { checkFilterable, checkRelated, resolveValue } from './filter_values';
import { bumpPrefix, setupJoins, trimJoins } from './joins';
import { buildLookup } from './lookup_building';
import { isRelational, MultiJoin, type NameWithPath, namesToPath } from './names';
import { JoinPromoter } from './promoter';
import { Query } from './query';
import { trimStart } from './trim_start';
import { WhereNode } from './where';

/** How conditions are built; see Django's `build_filter`. */
interface Building {
  reuse: Set<string> | null;
  branchNegated: boolean;
  currentNegated: boolean;
  allowJoins: boolean;
  splitSubquery: boolean;
  checkFilterable: boolean;
  summarize: boolean;
  updateJoinTypes: boolean;
}

type Built = readonly [clause: WhereNode, neededInner: Iterable<string>];

const BUILDING: Building = {
  reuse: null,
  branchNegated: false,
  currentNegated: false,
  allowJoins: true,
  splitSubquery: true,
  checkFilterable: true,
  summarize: false,
  updateJoinTypes: true,
};

/** Adds a condition to the query. */
export function addQ(query: Query, q: Q, reuseAll: boolean): void {
  const existingInner: string[] = [];
  for (const [alias, table] of query.aliasMap) if (table.joinType === INNER) existingInner.push(alias);
  const reuse = reuseAll ? new Set(query.aliasMap.keys()) : query.usedAliases;
  const [clause] = build(query, q, { ...BUILDING, reuse });
  if (!clause.isEmpty) query.where.add(clause, AND);
  if (existingInner.length > 0) query.demoteJoins(existingInner);
}

/** A condition as a value: for `When`, `filter` of aggregates, annotations. Django: `Q.resolve_expression`. */
export function buildCondition(query: Query, q: Q, scope: Scope): WhereNode {
  const { allowJoins = true, reuse = null, summarize = false } = scope;
  const [clause, needed] = build(query, q, {
    ...BUILDING,
    reuse,
    allowJoins,
    summarize,
    splitSubquery: false,
    checkFilterable: false,
  });
  // A value leaves no row out.
  query.promoteJoins(needed);
  return clause;
}

/** What else holds of joined rows. The joins of its names stay what they are. */
export function buildJoinCondition(query: Query, q: Q, reuse: Set<string> | null): WhereNode {
  return build(query, q, { ...BUILDING, reuse, splitSubquery: false, updateJoinTypes: false })[0];
}

function build(query: Query, q: Q, building: Building): Built {
  const currentNegated = building.currentNegated !== q.negated;
  const within = { ...building, currentNegated, branchNegated: building.branchNegated || q.negated };
  const clause = new WhereNode([], q.connector, q.negated);
  const promoter = new JoinPromoter(q.connector, q.children.length, currentNegated);
  for (const child of q.children) {
    const [part, needed] = buildFilter(query, child, within);
    promoter.addVotes(needed);
    if (!part.isEmpty) clause.add(part, q.connector);
  }
  return [clause, building.updateJoinTypes ? promoter.updateJoinTypes(query) : []];
}

function buildFilter(query: Query, child: Child, building: Building): Built {
  if (child instanceof Q) return build(query, child, building);
  const { reuse, allowJoins, summarize } = building;
  if (isExpression(child)) {
    if (!child.conditional) throw new TypeError('Cannot filter against a non-conditional expression.');
    let condition = child.resolveExpression(query, { allowJoins, reuse, summarize });
    if (
      !(condition instanceof Lookup) &&
      !(condition instanceof ExistsExpression) &&
      !(condition instanceof WhereNode)
    ) {
      condition = buildLookup(['exact'], condition, true);
    }
    return [new WhereNode([condition]), []];
  }
  return buildPath(query, child as readonly [string, unknown], building);
}

function buildPath(query: Query, filter: readonly [string, unknown], building: Building): Built {
  const { reuse, allowJoins, summarize, branchNegated, currentNegated, splitSubquery } = building;
  const [path, given] = filter;
  if (path === '') throw new FieldError(`Cannot parse keyword query '${path}'`);
  const names = path.split(LOOKUP_SEP);
  const { filteredRelations: filtered } = query;
  const annotation = annotationOf(query, names);
  if (annotation === undefined) {
    const { rest } = namesToPath(names, query.model, query.annotationSelect, { filtered });
    if (!allowJoins && names.length - rest.length > 1) {
      throw new FieldError('Joined field references are not permitted in this query');
    }
  }
  const before =
    isExpression(given) || given instanceof Q || Array.isArray(given)
      ? new Map(query.aliasRefcount)
      : undefined;
  const value = resolveValue(query, given, { reuse, allowJoins, summarize });
  const used = new Set<string>();
  if (before !== undefined) {
    for (const [alias, count] of query.aliasRefcount) if (count > (before.get(alias) ?? 0)) used.add(alias);
  }
  if (building.checkFilterable) checkFilterable(value);
  if (annotation !== undefined) {
    const [expression, lookups] = annotation;
    if (building.checkFilterable) checkFilterable(expression);
    const referred = summarize ? refTo(query, names, expression) : expression;
    return [new WhereNode([buildLookup(lookups, referred, value)]), []];
  }
  const { rest } = namesToPath(names, query.model, query.annotationSelect, { filtered });
  const parts = rest.length > 0 ? names.slice(0, names.length - rest.length) : names;
  let info: ReturnType<typeof setupJoins>;
  try {
    info = setupJoins(query, parts, query.model, query.getInitialAlias(), {
      reuse,
      allowMany: !branchNegated || !splitSubquery,
    });
  } catch (error) {
    if (!(error instanceof MultiJoin)) throw error;
    return splitExclude(query, filter, reuse ?? new Set(), error.namesWithPath);
  }
  query.lookupJoins = info.joins;
  const relational = isRelational(info.finalField);
  const checked = relational ? checkRelated(value, info) : value;
  for (const alias of info.joins) used.add(alias);
  const { target, alias, joins } = trimJoins(query, info);
  if (reuse !== null) for (const each of joins) reuse.add(each);
  const column = query.column(target, alias, relational ? info.target : undefined);
  const kind = info.finalField instanceof Relation ? info.finalField.kind : undefined;
  const condition = buildLookup(rest, column, checked, kind);
  const clause = new WhereNode([condition]);
  const isNull = condition.lookupName === 'isnull';
  let needsOuter = isNull && condition.rhs === true && !currentNegated;
  if (currentNegated && (!isNull || condition.rhs === false) && condition.rhs !== null) {
    needsOuter = true;
    // NOT (column = value AND column IS NOT NULL): a row without a value is not one for which it holds.
    if (!isNull) {
      const last = query.aliasMap.get(joins[joins.length - 1] as string);
      if (target.null || last?.joinType === LOUTER) clause.add(new IsNull(column, false), AND);
      if (value instanceof Col && value.target.null) clause.add(new IsNull(value, false), AND);
    }
  }
  return [clause, needsOuter ? [] : used];
}

/** The annotation that a path begins with, and the names behind it. */
function annotationOf(
  query: Query,
  names: readonly string[],
): readonly [Expression, readonly string[]] | undefined {
  if (query.annotations.size === 0) return undefined;
  for (let length = names.length; length > 0; length--) {
    const found = query.annotations.get(names.slice(0, length).join(LOOKUP_SEP));
    if (found !== undefined) return [found, names.slice(length)];
  }
  return undefined;
}

function refTo(query: Query, names: readonly string[], expression: Expression): Expression {
  for (const [name, each] of query.annotations) {
    if (each === expression && names.join(LOOKUP_SEP).startsWith(name)) {
      return new Ref(name, each);
    }
  }
  return expression;
}

/** A negated condition along a relation of many rows: NOT EXISTS a row for which it holds. */
function splitExclude(
  query: Query,
  [path, given]: readonly [string, unknown],
  reuse: ReadonlySet<string>,
  namesWithPath: readonly NameWithPath[],
): Built {
  const inner = new Query(query.model);
  inner.filteredRelations = query.filteredRelations;
  let value = given;
  if (given instanceof OuterRefExpression) value = OuterRef(given);
  else if (given instanceof FExpression) value = OuterRef(given.name);
  inner.addQ(Q.create([[path, value]]));
  inner.clearOrdering({ force: true });
  const [prefixes, containsOuter] = trimStart(inner, namesWithPath);
  const column = inner.select[0] as Col;
  const alias = column.alias as string;
  if (reuse.has(alias)) {
    const { pk } = column.target.model;
    bumpPrefix(inner, query);
    const own = (inner.select[0] as Col).alias as string;
    inner.where.add(new Exact(inner.column(pk, own), inner.column(pk, alias)), AND);
    inner.externalAliases.set(alias, true);
  } else {
    inner.select.forEach((each, at) => {
      inner.where.add(new Exact(each, new ResolvedOuterRef(prefixes[at] as string)), AND);
    });
  }
  const [clause, needed] = buildFilter(query, new ExistsExpression(inner), BUILDING);
  if (containsOuter) {
    const [orNull] = buildFilter(query, [`${prefixes[0]}${LOOKUP_SEP}isnull`, true], {
      ...BUILDING,
      reuse: new Set(reuse),
      currentNegated: true,
      branchNegated: true,
    });
    clause.add(orNull, OR);
  }
  return [clause, needed];
}
