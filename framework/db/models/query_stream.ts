/** Rows that are not kept. Django: `QuerySet.iterator`. */
import { setImmediate } from 'node:timers/promises';
import type { Model } from './base';
import { EmptyResultSet } from './expressions/base';
import { readRows } from './iterables';
import type { Rows } from './query_base';
import { SelectCompiler } from './sql/compiler/select';

/** The rows of a query, so many at a time in memory. */
export async function* streamRows<R>(
  rows: Rows<Model, R, unknown>,
  size: number,
): AsyncGenerator<R, void, undefined> {
  if (rows.query.isEmpty) return;
  const connection = rows.connection();
  const compiler = new SelectCompiler(rows.query, connection, true);
  let sql: readonly [string, readonly unknown[]];
  try {
    sql = compiler.asSql();
  } catch (error) {
    if (error instanceof EmptyResultSet) return;
    throw error;
  }
  const reader = rows._rowReader();
  for await (const chunk of connection.chunks(sql[0], sql[1], size, 'lists')) {
    const all = readRows(chunk, compiler, reader);
    await rows._prefetch(all);
    yield* all;
    // An embedded database never waits: without this nobody else would have a turn until the last row, and what JavaScript
    // keeps until the end of a turn (targets of weak references) would be every row.
    await setImmediate();
  }
}
