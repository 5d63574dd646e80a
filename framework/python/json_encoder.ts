/** `json.dumps()` with Django's encoder: the text that Python writes, with its spaces and escapes. */

import { PlainDateTime, toDatetime } from './datetime';
import { floatRepr, numberRepr } from './float';
import { SafeString } from './safestring';
import { typeName } from './str';

const PLAIN = /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/;

function quoteUnit(unit: string): string {
  switch (unit) {
    case '"':
      return '\\"';
    case '\\':
      return '\\\\';
    case '\n':
      return '\\n';
    case '\r':
      return '\\r';
    case '\t':
      return '\\t';
    case '\f':
      return '\\f';
    case '\b':
      return '\\b';
    default:
      return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  }
}

/** Text as a JSON string of ASCII characters only. */
export function jsonString(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : `"${text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, quoteUnit)}"`;
}

function jsonNumber(value: number): string {
  if (Number.isFinite(value)) return numberRepr(value);
  return Number.isNaN(value) ? 'NaN' : value < 0 ? '-Infinity' : 'Infinity';
}

function jsonKey(key: unknown): string {
  if (typeof key === 'string') return jsonString(key);
  if (key instanceof SafeString) return jsonString(key.value);
  if (key === null || typeof key === 'number' || typeof key === 'boolean' || typeof key === 'bigint') {
    return `"${jsonDumps(key)}"`;
  }
  throw new TypeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

function jsonObject(entries: Iterable<readonly [unknown, unknown]>): string {
  let text = '';
  for (const [key, value] of entries)
    text += `${text === '' ? '' : ', '}${jsonKey(key)}: ${jsonDumps(value)}`;
  return `{${text}}`;
}

/** An aware datetime as JSON writes it: to the millisecond, `Z` for UTC. */
function isoDatetime(value: Date | PlainDateTime): string {
  return toDatetime(value).toJSON();
}

/**
 * A value as Python's `json.dumps(value, cls=DjangoJSONEncoder)` writes it.
 *
 * @throws TypeError for a value that JSON has no form of.
 */
export function jsonDumps(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return jsonString(value);
    case 'number':
      return jsonNumber(value);
    case 'boolean':
    case 'bigint':
      return String(value);
    case 'undefined':
      return 'null';
    case 'object':
      break;
    default:
      throw new TypeError(`Object of type ${typeName(value)} is not JSON serializable`);
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(jsonDumps).join(', ')}]`;
  if (value instanceof Number) {
    const number = value.valueOf();
    return Number.isFinite(number) ? floatRepr(number) : jsonNumber(number);
  }
  if (value instanceof Map) return jsonObject(value);
  if (value instanceof Date || value instanceof PlainDateTime) return jsonString(isoDatetime(value));
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return jsonDumps(toJSON.call(value));
  if (value instanceof Set || value instanceof Uint8Array) {
    throw new TypeError(`Object of type ${typeName(value)} is not JSON serializable`);
  }
  return jsonObject(Object.entries(value));
}
