/** GROUP BY. Django: `SQLCompiler.get_group_by`. */
import { EmptyResultSet, type Expression, type Sql } from '../../expressions/base';
import { Col, Ref } from '../../expressions/col';
import { OrderBy } from '../../expressions/order_by';
import type { WhereNode } from '../where';
import type { OrderPart } from './order';
import type { SelectCompiler } from './select';

/** The expressions that rows are grouped by. */
export function groupBySql(
  compiler: SelectCompiler,
  order: readonly OrderPart[],
  having: WhereNode | undefined,
  _extra: readonly Sql[],
): Sql[] {
  const { query } = compiler;
  if (query.groupBy === undefined) return [];
  const expressions: Expression[] = [];
  const positions = new Set<string>();
  if (query.groupBy !== true) {
    for (const each of query.groupBy) {
      if (each instanceof Ref) positions.add(each.refs);
      expressions.push(each);
    }
  }
  for (const { expression, alias } of compiler.selected) {
    if (alias !== undefined && positions.has(alias)) continue;
    expressions.push(...expression.getGroupByCols());
  }
  for (const { expression, isRef } of order) {
    if (isRef) continue;
    const plain = expression instanceof OrderBy ? expression.expression : expression;
    expressions.push(...plain.getGroupByCols());
  }
  if (having !== undefined) expressions.push(...having.getGroupByCols());
  const seen = new Set<string>();
  const groups: Sql[] = [];
  for (const each of collapse(compiler, expressions)) {
    let sql: Sql;
    try {
      sql = compiler.compile(each);
    } catch (error) {
      if (error instanceof EmptyResultSet) continue;
      throw error;
    }
    const key = JSON.stringify([sql[0], sql[1].map(String)]);
    if (seen.has(key)) continue;
    seen.add(key);
    groups.push(sql);
  }
  return groups;
}

/** Where the database allows it, a table's key stands for all its columns. */
function collapse(compiler: SelectCompiler, expressions: readonly Expression[]): readonly Expression[] {
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
      !(each instanceof Col) || each.alias === undefined || each.target.primaryKey || !keyed.has(each.alias),
  );
}
