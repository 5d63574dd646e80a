/**
 * What a response says of its own length. On a connection that is kept, content that goes beyond it would be read as
 * the next response, and content that stays behind would take the beginning of the next one.
 */
import { ValueError } from '../../core/exceptions';
import type { HttpResponseBase } from '../../http/response_base';

/** The Content-Length that a response sets itself. @throws ValueError for one that is no number of bytes. */
export function declaredLength({ headers }: HttpResponseBase): number | undefined {
  const text = headers.get('Content-Length');
  if (text === undefined) return undefined;
  const length = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(length)) {
    throw new ValueError(`A Content-Length is a number of bytes, not ${JSON.stringify(text)}.`);
  }
  return length;
}

/** @throws ValueError for content of another length than the response says. */
export function checkLength(declared: number, actual: number): void {
  if (declared === actual) return;
  throw new ValueError(
    `The response has a Content-Length of ${declared}, but ${actual} bytes of content. ` +
      'Leave the header out: it is set when the response is sent.',
  );
}
