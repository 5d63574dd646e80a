/** Rows of MySQL as they come. */
import type { Socket } from 'node:net';
import type { PoolConnection } from 'mysql2';
import type { Chunk, Row, RowShape, RowValues } from '../base/base';
import type { MysqlWrapper } from './base';

/** What the driver's types do not show of a statement that is under way. */
interface UnderWay {
  on(event: 'result', listener: (row: AnyRow) => void): this;
  on(event: 'fields', listener: (columns: unknown) => void): this;
  on(event: 'error', listener: (error: unknown) => void): this;
  on(event: 'end', listener: () => void): this;
}
type AnyRow = Row & RowValues;

/**
 * The rows of a statement that is under way, so many at a time: the connection is not read while nobody takes them. The
 * driver's own stream makes a promise and several turns for each row.
 */
async function* rowsOf(
  sent: UnderWay,
  client: PoolConnection,
  size: number,
): AsyncGenerator<AnyRow[], void, undefined> {
  let chunk: AnyRow[] = [];
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: () => void = () => undefined;
  const fail = (error: unknown): void => {
    failure ??= { error };
    wake();
  };
  sent.on('result', (row) => {
    if (chunk.push(row) < size) return;
    client.pause();
    wake();
  });
  sent.on('error', fail);
  sent.on('end', () => {
    ended = true;
    wake();
  });
  // The driver tells nobody whose statement has no callback.
  const lost = (): void =>
    fail(
      Object.assign(new Error('Connection lost while rows were read.'), { code: 'PROTOCOL_CONNECTION_LOST' }),
    );
  const socket = socketOf(client);
  socket.once('close', lost);
  try {
    for (;;) {
      if (chunk.length < size && !ended && failure === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      if (failure !== undefined) throw failure.error;
      const found = chunk;
      chunk = [];
      if (found.length > 0) yield found;
      if (ended) return;
      client.resume();
    }
  } finally {
    socket.off('close', lost);
  }
}

function socketOf(client: PoolConnection): Socket {
  return (client as unknown as { stream: Socket }).stream;
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
    connection.queryLog?.add(sql, params, connection.queryLog.start());
    const sent = client.execute({ sql, rowsAsArray: shape !== undefined }, [
      ...params,
    ] as never[]) as unknown as UnderWay;
    let columns: unknown;
    sent.on('fields', (found) => {
      columns = found;
    });
    for await (const chunk of rowsOf(sent, client, size)) {
      connection.readDates(chunk, columns);
      yield shape === undefined ? { rows: chunk } : { rows: [], lists: chunk };
    }
    done = true;
  } catch (error) {
    throw connection.wrapError(error);
  } finally {
    if (done) await connection.finish(transaction);
    else {
      // The driver's own way would wait until the server has sent everything.
      socketOf(client).destroy();
      client.destroy();
      await connection.rollback(transaction);
    }
  }
}
