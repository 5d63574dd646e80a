/** Streams to node:http, no faster than the client reads. */
import type { ServerResponse } from 'node:http';
import type { StreamingHttpResponse } from '../../http/response_streaming';
import { getLogger } from '../../utils/log';
import { isPromise } from '../../utils/maybe_promise';
import { checkLength } from './length';

/** Waits until the client has read what was written, or is gone. */
function drained(reply: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      reply.off('drain', done);
      reply.off('close', done);
      resolve();
    };
    reply.on('drain', done);
    reply.on('close', done);
  });
}

/** Sends what was written and closes the connection, without the end that says that this is all. */
async function cut(reply: ServerResponse): Promise<void> {
  // What was written in this turn goes to the socket at its end.
  await new Promise((resolve) => setImmediate(resolve));
  if (reply.socket) reply.socket.destroySoon();
  else reply.destroy();
}

/**
 * Writes the content of a response whose head is written. If the client goes, the content is ended (its `return()`
 * is called); if the content fails, or has another length than it said, the connection is cut, so that the client sees
 * that something is missing.
 */
export async function writeStream(
  response: StreamingHttpResponse,
  reply: ServerResponse,
  withoutBody: boolean,
  declared?: number,
): Promise<void> {
  const stream = response.streamingContent;
  const end = async (): Promise<void> => {
    await stream.return?.();
  };
  if (withoutBody) {
    reply.end();
    await end();
    return;
  }
  // Content that waits for something must not wait on when nobody is there to read it.
  let gone = false;
  const leave = (): void => {
    gone = true;
    void end().catch(() => undefined);
  };
  reply.once('close', leave);
  let sent = 0;
  try {
    for (;;) {
      const step = stream.next();
      const result = isPromise(step) ? await step : step;
      if (gone) break;
      if (result.done) {
        if (declared !== undefined) checkLength(declared, sent);
        break;
      }
      sent += result.value.length;
      if (declared !== undefined && sent > declared) checkLength(declared, sent);
      if (result.value.length > 0 && !reply.write(result.value)) await drained(reply);
      if (gone || reply.destroyed) break;
    }
  } catch (error) {
    getLogger('tsango.request').error('The content of a streaming response failed.', {
      statusCode: 500,
      error,
    });
    reply.off('close', leave);
    await cut(reply);
    await end().catch(() => undefined);
    return;
  }
  reply.off('close', leave);
  if (gone || reply.destroyed) await end();
  else reply.end();
}
