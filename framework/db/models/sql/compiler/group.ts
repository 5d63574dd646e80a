/** GROUP BY. Django: `SQLCompiler.get_group_by`. */
import { EmptyResultSet, type Expression, FullResultSet, type Sql } from '../../expressions/base';
import { Col, NO_PARAMS, Ref } from '../../expressions/col';
import { OrderBy } from '../../expressions/order_by';
import type { WhereNode } from '../where';
import type { OrderPart } from './order';
import type { SelectCompiler } from './select';

/** The expressions that rows are grouped by. */
export function groupBySql(
  compiler: SelectCompiler,
  order: readonly OrderPart[],
  having: WhereNode | undefined,
): Sql[] {
  const { query } = compiler;
  if (query.groupBy === undefined) return [];
  const expressions: Expression[] = [];
  const grouped = new Set<string>();
  if (query.groupBy !== true) {
    for (const each of query.groupBy) {
      if (each instanceof Ref && grouped.has(each.refs)) continue;
      if (each instanceof Ref) grouped.add(each.refs);
      // As a part of another query, annotations have got other aliases than when they were named here.
      expressions.push(each instanceof Ref ? (query.annotations.get(each.refs) ?? each.source) : each);
    }
  }
  // What has a name in SELECT is named by its position: a parameter written twice is two values to PostgreSQL.
  const positions = new Map<string, number>();
  compiler.selected.forEach(({ expression, alias }, at) => {
    const text = alias === undefined ? undefined : keyOf(compiler, expression);
    if (text !== undefined) positions.set(text, at + 1);
    if (alias === undefined || !grouped.has(alias)) expressions.push(...expression.getGroupByCols());
  });
  for (const { expression, isRef } of order) {
    if (isRef) continue;
    const plain = expression instanceof OrderBy ? expression.expression : expression;
    expressions.push(...plain.getGroupByCols());
  }
  const inHaving = having?.getGroupByCols() ?? [];
  const seen = new Set<string>();
  const groups: Sql[] = [];
  for (const each of collapse(compiler, [...expressions, ...inHaving], inHaving)) {
    const key = keyOf(compiler, each);
    if (key === undefined || seen.has(key)) continue;
    seen.add(key);
    const position = positions.get(key);
    groups.push(position === undefined ? compiler.compile(each) : [String(position), NO_PARAMS]);
  }
  return groups;
}

/** What an expression is to the database; undefined: it is nothing there. */
function keyOf(compiler: SelectCompiler, expression: Expression): string | undefined {
  try {
    const [sql, params] = compiler.compile(expression);
    return JSON.stringify([sql, params.map(String)]);
  } catch (error) {
    if (error instanceof EmptyResultSet || error instanceof FullResultSet) return undefined;
    throw error;
  }
}

/** Where the database allows it, a table's key stands for all its columns. */
function collapse(
  compiler: SelectCompiler,
  expressions: readonly Expression[],
  inHaving: readonly Expression[],
): readonly Expression[] {
  if (compiler.connection.vendor !== 'postgresql') return expressions;
  const keyed = new Set<string>();
  for (const each of expressions) {
    if (
      each instanceof Col &&
      each.target.primaryKey &&
      each.target.model.managed &&
      each.alias !== undefined
    ) {
      keyed.add(each.alias);
    }
  }
  return expressions.filter(
    (each) =>
      !(each instanceof Col) ||
      each.alias === undefined ||
      each.target.primaryKey ||
      !keyed.has(each.alias) ||
      inHaving.includes(each),
  );
}
