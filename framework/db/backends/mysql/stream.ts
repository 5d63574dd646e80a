/** Rows of MySQL as they come. */
import type { Socket } from 'node:net';
import type { PoolConnection } from 'mysql2';
import type { Chunk, Row, RowShape, RowValues } from '../base/base';
import type { MysqlWrapper } from './base';

/** What the driver's types do not show of a statement that is under way. */
interface Streaming {
  stream(options: { highWaterMark: number }): AsyncIterable<Row & RowValues>;
}

/** Sends a statement on a connection of its own. One that is not read to its end is closed with it. */
export async function* streamRows(
  connection: MysqlWrapper,
  sql: string,
  params: readonly unknown[],
  { size, shape }: { size: number; shape: RowShape | undefined },
): AsyncGenerator<Chunk, void, undefined> {
  const transaction = await connection.begin(null);
  const client = transaction.session.client as PoolConnection;
  let done = false;
  try {
    const sent = client.execute({ sql, rowsAsArray: shape !== undefined }, [
      ...params,
    ] as never[]) as unknown as Streaming;
    let chunk: (Row & RowValues)[] = [];
    for await (const row of sent.stream({ highWaterMark: size })) {
      if (chunk.push(row) < size) continue;
      yield shape === undefined ? { rows: chunk } : { rows: [], lists: chunk };
      chunk = [];
    }
    done = true;
    if (chunk.length > 0) yield shape === undefined ? { rows: chunk } : { rows: [], lists: chunk };
  } catch (error) {
    throw connection.wrapError(error);
  } finally {
    if (done) await connection.finish(transaction);
    else {
      // The driver's own way would wait until the server has sent everything.
      (client as unknown as { stream: Socket }).stream.destroy();
      client.destroy();
      await connection.rollback(transaction);
    }
  }
}
