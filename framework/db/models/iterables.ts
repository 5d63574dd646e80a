/** From a query to what a reader makes of its rows. Django: `BaseIterable`. */
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { Chunk, DatabaseWrapper, RowValues } from '../backends/base/base';
import { listsOf } from '../backends/base/statements';
import { EmptyResultSet } from './expressions/base';
import { SelectCompiler } from './sql/compiler/select';
import type { Question } from './sql/plan_statements';
import type { Chain, Planned } from './sql/plans';
import type { Query } from './sql/query';

/** Makes something of a row. */
export type RowReader<T> = (row: RowValues) => T;
/** Makes that of a compiled query; `rows` is where its results will be. */
export type Reader<T> = (compiler: SelectCompiler, rows: readonly unknown[]) => RowReader<T>;

/** Runs a query; each row becomes what the reader makes of it. */
export function fetchRows<T>(
  query: Query,
  connection: DatabaseWrapper,
  reader: Reader<T>,
): MaybePromise<T[]> {
  const compiler = new SelectCompiler(query, connection, true);
  let sql: readonly [string, readonly unknown[]];
  try {
    sql = compiler.asSql();
  } catch (error) {
    if (error instanceof EmptyResultSet) return [];
    throw error;
  }
  return then(connection.execute(sql[0], sql[1], 'lists'), (result) => readRows(result, compiler, reader));
}

/** The same of a chain that came before; undefined where it has no plan for that. */
export function fetchPlanned<T>(
  chain: Chain,
  question: Question,
  connection: DatabaseWrapper,
  reader: Reader<T>,
): MaybePromise<T[]> | undefined {
  let planned: Planned | undefined;
  try {
    planned = chain.statement(question, connection);
  } catch (error) {
    if (error instanceof EmptyResultSet) return [];
    throw error;
  }
  if (planned === undefined) return undefined;
  const { sql, params, compiler, returns } = planned;
  return then(connection.execute(sql, params, returns ? 'kept lists' : 'lists'), (result) =>
    readRows(result, compiler, reader),
  );
}

/** Makes of each row of a compiled query what the reader makes of it. */
export function readRows<T>(found: Chunk, compiler: SelectCompiler, reader: Reader<T>): T[] {
  const rows = listsOf(found, () => compiler.selected.map(({ key }) => key));
  const { length } = rows;
  const all = new Array<T>(length);
  const read = reader(compiler, all);
  for (let at = 0; at < length; at++) all[at] = read(rows[at] as RowValues);
  return all;
}
