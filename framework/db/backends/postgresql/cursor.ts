/** Rows of PostgreSQL by a cursor of the server. */
import type { Chunk, DatabaseWrapper, QueryResult, RowShape } from '../base/base';
import { currentTransaction } from '../base/transaction';

let cursors = 0;

/** Reads a statement within the transaction that the caller is in, else within one of its own. */
export async function* cursorRows(
  connection: DatabaseWrapper,
  sql: string,
  params: readonly unknown[],
  { size, shape }: { size: number; shape: RowShape | undefined },
): AsyncGenerator<Chunk, void, undefined> {
  const outer = currentTransaction(connection);
  const transaction = outer ?? (await connection.begin(null));
  const { session } = transaction;
  cursors += 1;
  const name = connection.ops.quoteName(`_tsango_cursor_${cursors}`);
  const ask = async (text: string, values: readonly unknown[] = [], as?: RowShape): Promise<QueryResult> =>
    session.gate.enter(transaction, () => session.run(text, values, 'once', as));
  let failed = true;
  try {
    await ask(`DECLARE ${name} NO SCROLL CURSOR FOR ${sql}`, params);
    for (;;) {
      const chunk = await ask(`FETCH FORWARD ${Math.floor(size)} FROM ${name}`, [], shape);
      const { length } = chunk.lists ?? chunk.rows;
      if (length > 0) yield chunk;
      if (length < size) break;
    }
    failed = false;
  } finally {
    if (outer === null) await (failed ? connection.rollback(transaction) : connection.finish(transaction));
    // A statement that failed has closed everything with the transaction, or its savepoint.
    else await ask(`CLOSE ${name}`).catch(() => undefined);
  }
}
