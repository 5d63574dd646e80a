/** UPDATE and DELETE. Django: `SQLUpdateCompiler`, `SQLDeleteCompiler`. */
import { FieldError } from '../../../../core/exceptions';
import { isPromise, type MaybePromise, then } from '../../../../utils/maybe_promise';
import type { DatabaseWrapper, QueryResult, Row } from '../../../backends/base/base';
import { EmptyResultSet, type Expression, FullResultSet } from '../../expressions/base';
import { Col } from '../../expressions/col';
import { RawSQL } from '../../expressions/raw';
import type { Field } from '../../fields/base';
import { In } from '../../lookups/builtin';
import type { Options } from '../../options';
import { isExpression } from '../../q';
import type { Query } from '../query';
import { WhereNode } from '../where';
import { BaseCompiler } from './base';
import { orderBySql, orderParts } from './order';
import { SelectCompiler } from './select';
import { resolvedValue, valueSql } from './values';

type Values = readonly (readonly [Field, unknown])[];

/** What is to be told of the rows that an UPDATE changed. */
export interface Returning {
  readonly fields: readonly Field[];
  /** Called with a row; without one where the database does not tell. */
  read(row: Row | undefined): void;
}

/** Updates the rows of a query; says how many matched. */
export function updateRows(
  query: Query,
  values: Values,
  connection: DatabaseWrapper,
  returning?: Returning,
): MaybePromise<number> {
  if (values.length === 0 || query.isEmpty) return 0;
  // Names are looked up where the annotations are, before the rows are named by key.
  const resolved = values.map(
    ([field, value]) => [field, isExpression(value) ? resolvedValue(field, value, query) : value] as const,
  );
  return then(ownRows(query, connection, true), (plain) => {
    if (plain === undefined) return 0;
    const { ops, vendor, features } = connection;
    const compiler = new BaseCompiler(plain, connection);
    const params: unknown[] = [];
    const set = resolved.map(([field, value]) => {
      const [sql, given] = valueSql(compiler, field, value, connection);
      params.push(...given);
      return `${ops.quoteName(field.column)} = ${sql}`;
    });
    let sql = whereSql(
      `UPDATE ${ops.quoteName(plain.model.dbTable)} SET ${set.join(', ')}`,
      compiler,
      params,
    );
    if (sql === undefined) return 0;
    if (vendor === 'mysql' && plain.orderBy.length > 0) sql += updateOrder(plain, connection, params);
    const tells = returning !== undefined && features.canReturnColumnsFromInsert;
    if (tells) sql += ` RETURNING ${returning.fields.map((field) => ops.quoteName(field.column)).join(', ')}`;
    return counted(connection.execute(sql, params), ({ rows, rowCount }) => {
      if (returning !== undefined && rowCount > 0) returning.read(tells ? rows[0] : undefined);
    });
  });
}

/** Deletes the rows of a query, and nothing else. */
export function deleteRowsOf(query: Query, connection: DatabaseWrapper): MaybePromise<number> {
  if (query.isEmpty) return 0;
  return then(ownRows(query, connection, false), (plain) => {
    if (plain === undefined) return 0;
    const params: unknown[] = [];
    const text = `DELETE FROM ${connection.ops.quoteName(plain.model.dbTable)}`;
    const sql = whereSql(text, new BaseCompiler(plain, connection), params);
    return sql === undefined ? 0 : counted(connection.execute(sql, params));
  });
}

/** A statement with the condition of its query; undefined where no row can meet it. */
function whereSql(text: string, compiler: BaseCompiler, params: unknown[]): string | undefined {
  try {
    const [where, given] = compiler.compile(compiler.query.where);
    params.push(...given);
    return `${text} WHERE ${where}`;
  } catch (error) {
    if (error instanceof EmptyResultSet) return undefined;
    if (error instanceof FullResultSet) return text;
    throw error;
  }
}

function counted(
  done: MaybePromise<QueryResult>,
  look: (result: QueryResult) => void = () => undefined,
): MaybePromise<number> {
  const count = (result: QueryResult): number => {
    look(result);
    return result.rowCount;
  };
  return isPromise(done) ? done.then(count) : count(done);
}

/** MySQL updates rows in an order, which matters to unique columns. What other tables have cannot be sorted by. */
function updateOrder(query: Query, connection: DatabaseWrapper, params: unknown[]): string {
  const { dbTable } = query.model;
  let parts: ReturnType<typeof orderParts>;
  try {
    parts = orderParts(new SelectCompiler(query.clone(), connection));
  } catch (error) {
    if (error instanceof FieldError) return '';
    throw error;
  }
  const isForeign = parts.some(({ expression }) =>
    expression.getSourceExpressions().some((each) => each instanceof Col && each.alias !== dbTable),
  );
  return isForeign ? '' : orderBySql(parts, params);
}

/**
 * A query whose conditions need no other table: where the rows are found by joins or a slice, they are named by key.
 * MySQL takes no subquery on the table that it changes: for an update the keys are read first, for a deletion the
 * subquery is one of another.
 */
function ownRows(
  query: Query,
  connection: DatabaseWrapper,
  isUpdate: boolean,
): MaybePromise<Query | undefined> {
  const plain = query.clone();
  plain.getInitialAlias();
  const tables = [...plain.aliasMap.keys()].filter((alias) => (plain.aliasRefcount.get(alias) ?? 0) > 0);
  const simple = tables.length <= 1 && !plain.isSliced && !plain.distinct && !plain.where.containsAggregate;
  if (simple && plain.combinator === undefined && !plain.groupBy) return plain;
  const inner = query.clone();
  inner.clearOrdering({ force: false });
  inner.clearSelectClause();
  inner.addFields(['pk']);
  const outer = new (query.constructor as new (model: Options) => Query)(query.model);
  const alias = outer.getInitialAlias();
  const key = outer.column(query.model.pk, alias);
  const by = (keys: unknown): Query => {
    outer.where = new WhereNode([new In(key as Expression, keys)]);
    return outer;
  };
  if (connection.vendor !== 'mysql') return by(inner.resolveExpression(outer));
  const compiler = new SelectCompiler(inner, connection, true);
  let sql: readonly [string, readonly unknown[]];
  try {
    sql = compiler.asSql();
  } catch (error) {
    if (error instanceof EmptyResultSet) return undefined;
    throw error;
  }
  if (!isUpdate) {
    const { ops } = connection;
    const column = `${ops.quoteName(query.model.dbTable)}.${ops.quoteName(query.model.pk.column)}`;
    outer.where = new WhereNode([new RawSQL(`${column} IN (SELECT * FROM (${sql[0]}) subquery)`, sql[1])]);
    return outer;
  }
  return then(connection.execute(sql[0], sql[1]), ({ rows }) => {
    const column = compiler.selected[0]?.key ?? '';
    const keys = rows.map((row) => query.model.pk.fromDb(row[column], connection));
    return keys.length === 0 ? undefined : by(keys);
  });
}
