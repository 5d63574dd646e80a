/** UNION, INTERSECT, EXCEPT. Django: `SQLCompiler.get_combinator_sql`. */
import { EMPTY_RESULT_SET, EmptyResultSet, type Sql } from '../../expressions/base';
import { type OrderPart, orderBySql } from './order';
import type { SelectCompiler } from './select';

const WORDS = { union: 'UNION', intersection: 'INTERSECT', difference: 'EXCEPT' } as const;

/** Several queries as one. */
export function combinedSql(compiler: SelectCompiler, order: readonly OrderPart[], withLimits: boolean): Sql {
  const { query, connection } = compiler;
  const { combinator, combinatorAll } = query;
  const parts: Sql[] = [];
  const sqlite = connection.vendor === 'sqlite';
  let empty: SelectCompiler | undefined;
  const add = (own: SelectCompiler, nested: boolean): void => {
    const [sql, params] = own.asSql();
    if (sqlite && nested) parts.push([`SELECT * FROM (${sql})`, params]);
    else parts.push([sqlite ? sql : `(${sql})`, params]);
  };
  query.combinedQueries.forEach((each, at) => {
    const inner = each.clone();
    if (!inner.isSliced || sqlite) inner.clearOrdering({ force: !inner.isSliced });
    // The first one's columns are those of all.
    if (!inner.hasSelectFields && query.hasSelectFields)
      inner.setValues([...(query.selected ?? query.valuesSelect)]);
    for (const [alias, expression] of compiler.addedToCombined) inner.addAnnotation(expression, alias);
    const own = new (compiler.constructor as new (...args: unknown[]) => SelectCompiler)(inner, connection);
    try {
      add(own, inner.combinator !== undefined || inner.isSliced);
    } catch (error) {
      if (!(error instanceof EmptyResultSet)) throw error;
      empty = own;
      if (combinator === 'intersection' || (combinator === 'difference' && at === 0)) throw EMPTY_RESULT_SET;
    }
  });
  if (parts.length === 0) throw EMPTY_RESULT_SET;
  // One part with a limit of its own would have two: a part without rows makes it a union.
  if (parts.length === 1 && empty !== undefined && combinator === 'union' && query.isSliced) {
    empty.elidesEmpty = false;
    add(empty, false);
  }
  const word = `${WORDS[combinator as keyof typeof WORDS]}${combinatorAll && combinator === 'union' ? ' ALL' : ''}`;
  const params = parts.flatMap(([, given]) => [...given]);
  let sql = parts.map(([text]) => text).join(` ${word} `);
  sql += orderBySql(order, params);
  if (withLimits && query.isSliced) sql += connection.ops.limitOffsetSql(query.lowMark, query.highMark);
  return [sql, params];
}
