/** Rows of PostgreSQL by a cursor of the server. */
import type { DatabaseWrapper, QueryResult, Row } from '../base/base';
import { currentTransaction } from '../base/transaction';

let cursors = 0;

/** Reads a statement within the transaction that the caller is in, else within one of its own. */
export async function* cursorRows(
  connection: DatabaseWrapper,
  sql: string,
  params: readonly unknown[],
  size: number,
): AsyncGenerator<Row[], void, undefined> {
  const outer = currentTransaction(connection);
  const transaction = outer ?? (await connection.begin(null));
  const { session } = transaction;
  cursors += 1;
  const name = connection.ops.quoteName(`_tsango_cursor_${cursors}`);
  const ask = async (text: string, values: readonly unknown[] = []): Promise<QueryResult> =>
    session.gate.enter(transaction, () => session.run(text, values, 'once'));
  let failed = true;
  try {
    await ask(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`, params);
    for (;;) {
      const { rows } = await ask(`FETCH FORWARD ${Math.floor(size)} FROM ${name}`);
      if (rows.length > 0) yield rows;
      if (rows.length < size) break;
    }
    failed = false;
  } finally {
    if (outer === null) await (failed ? connection.rollback(transaction) : connection.finish(transaction));
    // A statement that failed has closed everything with the transaction, or its savepoint.
    else await ask(`CLOSE ${name}`).catch(() => undefined);
  }
}
