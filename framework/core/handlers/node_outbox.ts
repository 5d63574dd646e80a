/**
 * Responses on their way out. Those of one turn of the event loop are written together, at its end: a client or proxy of
 * the same machine is woken once for all of them, not for each, which is a third of what a short request costs.
 */
import type { ServerResponse } from 'node:http';

/** What is done about a response that cannot be written. */
type Failed = (error: unknown, reply: ServerResponse) => void;

interface Ready {
  readonly reply: ServerResponse;
  readonly payload: string | Uint8Array | undefined;
  readonly failed: Failed;
}

/** For so many milliseconds a response may wait while others are made; then it goes before the next is begun. */
const PATIENCE = 0.5;

let ready: Ready[] = [];
let since = 0;

/** Writes the content of a response whose head is written, with those of the same turn, and ends it. */
export function post(reply: ServerResponse, payload: string | Uint8Array | undefined, failed: Failed): void {
  if (ready.push({ reply, payload, failed }) > 1) return;
  since = performance.now();
  setImmediate(flush);
}

/** To be called ahead of a request: what would wait too long for it goes now. */
export function flushOverdue(): void {
  if (ready.length > 0 && performance.now() - since > PATIENCE) flush();
}

/** Writes what is there. */
export function flush(): void {
  const all = ready;
  ready = [];
  for (const { reply, payload, failed } of all) {
    try {
      reply.end(payload);
    } catch (error) {
      failed(error, reply);
    }
  }
}
