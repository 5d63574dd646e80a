/** UPDATE and DELETE. Django: `SQLUpdateCompiler`, `SQLDeleteCompiler`. */
import { FieldError } from '../../../../core/exceptions';
import { isPromise, type MaybePromise, then } from '../../../../utils/maybe_promise';
import type { DatabaseWrapper, QueryResult, Row } from '../../../backends/base/base';
import { EmptyResultSet, FullResultSet, type Sql } from '../../expressions/base';
import { Col } from '../../expressions/col';
import type { Field } from '../../fields/base';
import { isExpression } from '../../q';
import type { Query } from '../query';
import { BaseCompiler } from './base';
import { orderBySql, orderParts } from './order';
import { ownRows } from './own_rows';
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
  const resolved = resolvedValues(values, query);
  return then(ownRows(query, connection, true), (plain) => {
    if (plain === undefined) return 0;
    const { ops, features } = connection;
    return unlessEmpty(() => {
      let [sql, params] = updateSql(new BaseCompiler(plain, connection), resolved);
      const tells = returning !== undefined && features.canReturnColumnsFromInsert;
      if (tells)
        sql += ` RETURNING ${returning.fields.map((field) => ops.quoteName(field.column)).join(', ')}`;
      return counted(connection.execute(sql, params), ({ rows, rowCount }) => {
        if (returning !== undefined && rowCount > 0) returning.read(tells ? rows[0] : undefined);
      });
    });
  });
}

/** New values with the names in them looked up. */
export function resolvedValues(values: Values, query: Query): Values {
  return values.map(([field, value]) => [
    field,
    isExpression(value) ? resolvedValue(field, value, query) : value,
  ]);
}

/** UPDATE, of a query whose conditions need no other table. @throws EmptyResultSet where no row can meet them. */
export function updateSql(compiler: BaseCompiler, values: Values): Sql {
  const { query, connection } = compiler;
  const { ops, vendor } = connection;
  const params: unknown[] = [];
  const set = values.map(([field, value]) => {
    const [sql, given] = valueSql(compiler, field, value, connection);
    params.push(...given);
    return `${ops.quoteName(field.column)} = ${sql}`;
  });
  let sql = whereSql(`UPDATE ${ops.quoteName(query.model.dbTable)} SET ${set.join(', ')}`, compiler, params);
  if (vendor === 'mysql' && query.orderBy.length > 0) sql += updateOrder(query, connection, params);
  return [sql, params];
}

/** Deletes the rows of a query, and nothing else. */
export function deleteRowsOf(query: Query, connection: DatabaseWrapper): MaybePromise<number> {
  if (query.isEmpty) return 0;
  return then(ownRows(query, connection, false), (plain) => {
    if (plain === undefined) return 0;
    const params: unknown[] = [];
    const text = `DELETE FROM ${connection.ops.quoteName(plain.model.dbTable)}`;
    return unlessEmpty(() => {
      const sql = whereSql(text, new BaseCompiler(plain, connection), params);
      return counted(connection.execute(sql, params));
    });
  });
}

/** No rows where none can meet the conditions. */
function unlessEmpty(run: () => MaybePromise<number>): MaybePromise<number> {
  try {
    return run();
  } catch (error) {
    if (error instanceof EmptyResultSet) return 0;
    throw error;
  }
}

/** A statement with the condition of its query. @throws EmptyResultSet. */
function whereSql(text: string, compiler: BaseCompiler, params: unknown[]): string {
  try {
    const [where, given] = compiler.compile(compiler.query.where);
    params.push(...given);
    return `${text} WHERE ${where}`;
  } catch (error) {
    if (error instanceof FullResultSet) return text;
    throw error;
  }
}

/** How many rows a statement changed. */
export function counted(
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
