/** JSON as texts: Python's, so that a column looks the same whoever wrote it. */
import { ValueError } from '../../../core/exceptions';
import { toStr } from '../../../python';

/** A value as Python's `json.dumps` writes it, also null. @throws TypeError, ValueError for what JSON has no form of. */
export function jsonText(value: unknown): string {
  // Line ends stand between values alone: in a text they are escaped.
  return JSON.stringify(value, jsonValue, 1)
    .replace(/,\n */g, ', ')
    .replace(/\n */g, '')
    .replace(/[\x7f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** What a stored text means; what is no JSON is itself, as in Django. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** What JSON.stringify would leave out or turn into null without a word. @throws TypeError, ValueError. */
function jsonValue(_key: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new ValueError(`Out of range float values are not JSON compliant: ${toStr(value)}`);
  }
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    throw new TypeError(`Object of type ${typeof value} is not JSON serializable`);
  }
  return value;
}
