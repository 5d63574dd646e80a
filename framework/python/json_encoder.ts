/** `json.dumps()` with Django's encoder: the text that Python writes, with its spaces and escapes. */

import { PlainDateTime, toDatetime } from './datetime';
import { ValueError } from './errors';
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

/** How JSON is written: `json.dumps`' options of these names. */
export interface JsonStyle {
  /** Everything outside ASCII is escaped. Default: true. */
  readonly ensureAscii?: boolean;
  /** Spaces of each level, on lines of their own; everything on one line if absent. */
  readonly indent?: number | undefined;
  /** What stands between values. Default: `', '`, or `','` at the end of a line. */
  readonly itemSeparator?: string;
}

const DEFAULT_STYLE: JsonStyle = {};

/** Text as a JSON string, of ASCII characters only unless told otherwise. */
export function jsonString(text: string, { ensureAscii = true }: JsonStyle = DEFAULT_STYLE): string {
  if (!ensureAscii) return JSON.stringify(text);
  return PLAIN.test(text) ? `"${text}"` : `"${text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, quoteUnit)}"`;
}

function jsonNumber(value: number): string {
  if (Number.isFinite(value)) return numberRepr(value);
  return Number.isNaN(value) ? 'NaN' : value < 0 ? '-Infinity' : 'Infinity';
}

function jsonKey(key: unknown, style: JsonStyle): string {
  if (typeof key === 'string') return jsonString(key, style);
  if (key instanceof SafeString) return jsonString(key.value, style);
  if (key === null || typeof key === 'number' || typeof key === 'boolean' || typeof key === 'bigint') {
    return `"${jsonDumps(key)}"`;
  }
  throw new TypeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`);
}

/** What stands in brackets, on lines of their own where there is an indentation. */
function bracketed(
  open: string,
  items: readonly string[],
  close: string,
  style: JsonStyle,
  level: number,
): string {
  const { indent } = style;
  if (indent === undefined || items.length === 0) {
    return `${open}${items.join(style.itemSeparator ?? ', ')}${close}`;
  }
  const line = `\n${' '.repeat(indent * (level + 1))}`;
  return `${open}${line}${items.join((style.itemSeparator ?? ',') + line)}\n${' '.repeat(indent * level)}${close}`;
}

function jsonObject(entries: Iterable<readonly [unknown, unknown]>, style: JsonStyle, level: number): string {
  const items = Array.from(
    entries,
    ([key, value]) => `${jsonKey(key, style)}: ${jsonDumps(value, style, level + 1)}`,
  );
  return bracketed('{', items, '}', style, level);
}

/** An aware datetime as JSON writes it: to the millisecond, `Z` for UTC. */
function isoDatetime(value: Date | PlainDateTime): string {
  return toDatetime(value).toJSON();
}

/** Deeper than Python's recursion goes: an object that contains itself. */
const MAX_LEVEL = 500;

/**
 * A value as Python's `json.dumps(value, cls=DjangoJSONEncoder)` writes it.
 *
 * @throws TypeError for a value that JSON has no form of; ValueError for one that contains itself.
 */
export function jsonDumps(value: unknown, style: JsonStyle = DEFAULT_STYLE, level = 0): string {
  switch (typeof value) {
    case 'string':
      return jsonString(value, style);
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
  if (level > MAX_LEVEL) throw new ValueError('Circular reference detected');
  if (Array.isArray(value)) {
    const items = value.map((item) => jsonDumps(item, style, level + 1));
    return bracketed('[', items, ']', style, level);
  }
  if (value instanceof Number) {
    const number = value.valueOf();
    return Number.isFinite(number) ? floatRepr(number) : jsonNumber(number);
  }
  if (value instanceof Map) return jsonObject(value, style, level);
  if (value instanceof Date || value instanceof PlainDateTime) return jsonString(isoDatetime(value), style);
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return jsonDumps(toJSON.call(value), style, level + 1);
  if (value instanceof Set || value instanceof Uint8Array) {
    throw new TypeError(`Object of type ${typeName(value)} is not JSON serializable`);
  }
  return jsonObject(Object.entries(value), style, level);
}
