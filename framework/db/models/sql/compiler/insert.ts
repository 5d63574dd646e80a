/** INSERT. Django: `SQLInsertCompiler`. */
import { type MaybePromise, then } from '../../../../utils/maybe_promise';
import { once } from '../../../../utils/module_loading';
import type { DatabaseWrapper, QueryResult } from '../../../backends/base/base';
import type { Field } from '../../fields/base';
import type { Options } from '../../options';
import { isExpression } from '../../q';
import type { Query } from '../query';
import { BaseCompiler } from './base';
import { insertedValue, storedValue, valueSql } from './values';

const queryModule = once(() => require('../query') as typeof import('../query'));

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

/**
 * Inserts rows; the result has what the database made of the fields of `returning`: as rows where it can tell, as
 * `insertId` where it is a single key.
 */
export function insertRows(
  model: Options,
  fields: readonly Field[],
  rows: readonly (readonly unknown[])[],
  connection: DatabaseWrapper,
  options: OnConflict & { returning?: readonly Field[] } = {},
): MaybePromise<QueryResult> {
  const { ops, vendor } = connection;
  const { returning = [] } = options;
  const verb = options.ignore && vendor === 'mysql' ? 'INSERT IGNORE' : 'INSERT';
  const params: unknown[] = [];
  // A row of a key alone has nothing to say but that.
  const columns = fields.length === 0 ? [model.pk] : fields;
  const texts =
    fields.length === 0
      ? rows.map(() => `(${ops.pkDefaultValue})`)
      : rows.map((row) => rowSql(model, fields, row, params, connection));
  const head = insertHead(model, columns, connection);
  let sql = `${verb} ${head}${texts.join(', ')}${conflictSql(options, connection)}`;
  if (returning.length > 0 && connection.canReturnFromInsert && !isTold(model, rows, returning, connection)) {
    sql += ` RETURNING ${returning.map((field) => ops.quoteName(field.column)).join(', ')}`;
  }
  // A row of values has the text of the last one.
  if (rows.length !== 1 || rows[0]?.some(isExpression)) return connection.execute(sql, params);
  return then(connection.execute(sql, params, 'kept lists'), (result) => named(result, returning));
}

/** A result whose rows have the names of the columns. */
function named(result: QueryResult, fields: readonly Field[]): QueryResult {
  if (!result.lists?.length) return result;
  const rows = result.lists.map((list) =>
    Object.fromEntries(fields.map(({ column }, at) => [column, list[at]] as const)),
  );
  return { rows, rowCount: result.rowCount };
}

/** Whether the driver tells the key unasked. */
function isTold(
  model: Options,
  rows: readonly unknown[],
  returning: readonly Field[],
  { vendor }: DatabaseWrapper,
): boolean {
  return vendor !== 'postgresql' && rows.length === 1 && returning.length === 1 && returning[0] === model.pk;
}

function rowSql(
  model: Options,
  fields: readonly Field[],
  row: readonly unknown[],
  params: unknown[],
  connection: DatabaseWrapper,
): string {
  let sql = '(';
  for (let at = 0; at < row.length; at++) {
    const value = row[at];
    const field = fields[at] as Field;
    if (at > 0) sql += ', ';
    if (!isExpression(value)) {
      params.push(storedValue(field, value, connection));
      sql += '?';
      continue;
    }
    const query = insertQuery(model);
    const compiler = new BaseCompiler(query, connection);
    const [text, given] = valueSql(compiler, field, insertedValue(field, value, query), connection);
    params.push(...given);
    sql += text;
  }
  return `${sql})`;
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
    query = new (queryModule().Query)(model, false);
    insertQueries.set(model, query);
  }
  return query;
}
