/** INSERT, UPDATE, DELETE. Django: `SQLInsertCompiler`, `SQLUpdateCompiler`, `SQLDeleteCompiler`. */
import { FieldError } from '../../../../core/exceptions';
import { repr } from '../../../../python';
import { isPromise, type MaybePromise, then } from '../../../../utils/maybe_promise';
import type { DatabaseWrapper, QueryResult } from '../../../backends/base/base';
import { EmptyResultSet, type Expression, FullResultSet } from '../../expressions/base';
import type { Field } from '../../fields/base';
import { In } from '../../lookups/builtin';
import type { Options } from '../../options';
import { isExpression } from '../../q';
import type { Query } from '../query';
import { WhereNode } from '../where';
import { BaseCompiler } from './base';
import { SelectCompiler } from './select';

/** A value on its way into a column. @throws TypeError for a function. */
export function storedValue(field: Field, value: unknown, connection: DatabaseWrapper): unknown {
  if (typeof value === 'function') {
    throw new TypeError(`Field '${field.name}' expected a value but got a function, ${repr(value)}.`);
  }
  return field.toDb(value, connection);
}

/** What an INSERT does about rows that are there already. */
export interface OnConflict {
  ignore?: boolean;
  update?: readonly Field[];
  unique?: readonly Field[];
}

const heads = new WeakMap<readonly Field[], Map<string, string>>();

/** The statement up to its values; kept for a list of fields. */
function insertHead(model: Options, fields: readonly Field[], connection: DatabaseWrapper): string {
  const known = heads.get(fields) ?? new Map<string, string>();
  heads.set(fields, known);
  let head = known.get(connection.vendor);
  if (head === undefined) {
    const { ops } = connection;
    const columns = fields.map((field) => ops.quoteName(field.column)).join(', ');
    head = `INTO ${ops.quoteName(model.dbTable)} (${columns}) VALUES `;
    known.set(connection.vendor, head);
  }
  return head;
}

/** Inserts rows; the result has their keys where the database tells them. */
export function insertRows(
  model: Options,
  fields: readonly Field[],
  rows: readonly (readonly unknown[])[],
  connection: DatabaseWrapper,
  options: OnConflict & { returning?: boolean } = {},
): MaybePromise<QueryResult> {
  const { ops, vendor, features } = connection;
  const ignore = options.ignore && vendor === 'mysql' ? 'IGNORE ' : '';
  const params: unknown[] = [];
  const compiler = new BaseCompiler(insertQuery(model), connection);
  const texts = rows.map((row) => {
    const parts = row.map((value, at) => {
      if (isExpression(value)) {
        const [sql, given] = compiler.compile(
          value.resolveExpression(compiler.query, { allowJoins: false, forSave: true }),
        );
        params.push(...given);
        return sql;
      }
      params.push(storedValue(fields[at] as Field, value, connection));
      return '?';
    });
    return `(${parts.join(', ')})`;
  });
  const empty = fields.length === 0;
  let sql: string;
  if (!empty) sql = `INSERT ${ignore}${insertHead(model, fields, connection)}${texts.join(', ')}`;
  else if (vendor === 'mysql') sql = `INSERT INTO ${ops.quoteName(model.dbTable)} () VALUES ()`;
  else sql = `INSERT INTO ${ops.quoteName(model.dbTable)} DEFAULT VALUES`;
  sql += conflictSql(options, connection);
  const wanted = options.returning ?? false;
  if (wanted && features.canReturnColumnsFromInsert && (vendor === 'postgresql' || rows.length > 1)) {
    sql += ` RETURNING ${ops.quoteName(model.pk.column)}`;
  }
  return connection.execute(sql, params);
}

function conflictSql({ ignore, update, unique = [] }: OnConflict, connection: DatabaseWrapper): string {
  const { ops, vendor } = connection;
  if (ignore) return vendor === 'mysql' ? '' : ' ON CONFLICT DO NOTHING';
  if (update === undefined || update.length === 0) return '';
  const names = update.map((field) => ops.quoteName(field.column));
  if (vendor === 'mysql') {
    return ` ON DUPLICATE KEY UPDATE ${names.map((name) => `${name} = VALUES(${name})`).join(', ')}`;
  }
  const target = unique.map((field) => ops.quoteName(field.column)).join(', ');
  return ` ON CONFLICT(${target}) DO UPDATE SET ${names.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`;
}

const insertQueries = new WeakMap<Options, Query>();

function insertQuery(model: Options): Query {
  let query = insertQueries.get(model);
  if (query === undefined) {
    const { Query: Class } = require('../query') as typeof import('../query');
    query = new Class(model, false);
    insertQueries.set(model, query);
  }
  return query;
}

/** Updates the rows of a query; says how many matched. */
export function updateRows(
  query: Query,
  values: readonly (readonly [Field, unknown])[],
  connection: DatabaseWrapper,
): MaybePromise<number> {
  if (values.length === 0 || query.isEmpty) return 0;
  return then(ownRows(query, connection), (where) => {
    if (where === undefined) return 0;
    const plain = where;
    const { ops } = connection;
    const compiler = new BaseCompiler(plain, connection);
    const params: unknown[] = [];
    const set = values.map(([field, value]) => {
      const column = ops.quoteName(field.column);
      if (!isExpression(value)) {
        params.push(storedValue(field, value, connection));
        return `${column} = ?`;
      }
      const resolved = value.resolveExpression(plain, { allowJoins: false, forSave: true });
      if (resolved instanceof Object && 'containsAggregate' in resolved && resolved.containsAggregate) {
        throw new FieldError(
          `Aggregate functions are not allowed in this query (${field.name}=${resolved.constructor.name}).`,
        );
      }
      if ('containsOverClause' in resolved && resolved.containsOverClause) {
        throw new FieldError(
          `Window expressions are not allowed in this query (${field.name}=${resolved.constructor.name}).`,
        );
      }
      const [sql, given] = compiler.compile(resolved);
      params.push(...given);
      return `${column} = ${sql}`;
    });
    const text = `UPDATE ${ops.quoteName(plain.model.dbTable)} SET ${set.join(', ')}`;
    return run(text, plain, compiler, params, connection);
  });
}

/** Deletes the rows of a query, and nothing else. */
export function deleteRowsOf(query: Query, connection: DatabaseWrapper): MaybePromise<number> {
  if (query.isEmpty) return 0;
  return then(ownRows(query, connection), (where) => {
    if (where === undefined) return 0;
    const compiler = new BaseCompiler(where, connection);
    const text = `DELETE FROM ${connection.ops.quoteName(where.model.dbTable)}`;
    return run(text, where, compiler, [], connection);
  });
}

function run(
  text: string,
  query: Query,
  compiler: BaseCompiler,
  params: unknown[],
  connection: DatabaseWrapper,
): MaybePromise<number> {
  let sql = text;
  try {
    const [where, given] = compiler.compile(query.where);
    sql += ` WHERE ${where}`;
    params.push(...given);
  } catch (error) {
    if (error instanceof EmptyResultSet) return 0;
    if (!(error instanceof FullResultSet)) throw error;
  }
  const done = connection.execute(sql, params);
  return isPromise(done) ? done.then(({ rowCount }) => rowCount) : done.rowCount;
}

/**
 * A query whose conditions need no other table: where the rows are found by joins or a slice, they are named by key.
 * MySQL takes no subquery on the table that it changes: there the keys are read first.
 */
function ownRows(query: Query, connection: DatabaseWrapper): MaybePromise<Query | undefined> {
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
  return then(connection.execute(sql[0], sql[1]), ({ rows }) => {
    const column = compiler.selected[0]?.key ?? '';
    const keys = rows.map((row) => query.model.pk.fromDb(row[column], connection));
    return keys.length === 0 ? undefined : by(keys);
  });
}
