/** Streams as Python has them: one that fails tells whoever uses it, and nobody else. */

const outlived = new WeakSet<object>();

/**
 * A stream that may fail without ending the process: of a pipe that nobody reads any more, a full disk or a file that
 * is gone node tells by an event, which is fatal where nobody listens. Who reads or writes is told besides.
 */
export function outlive<T extends object>(stream: T): T {
  if (!outlived.has(stream) && 'on' in stream && typeof stream.on === 'function') {
    outlived.add(stream);
    stream.on('error', () => undefined);
  }
  return stream;
}
