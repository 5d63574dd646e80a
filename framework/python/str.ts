/** Python's `str()` and `repr()` of JavaScript values. */

import { isDatetime, toDatetime } from './datetime';
import { isPlainObject } from './dict';
import { numberRepr } from './float';
import { SafeString } from './safestring';
import { Tuple } from './types';

/** An object that says how it prints in a list, as Python's `__repr__` does. */
interface HasRepr {
  repr(): string;
}

function hasRepr(value: object): value is HasRepr {
  return typeof (value as Partial<HasRepr>).repr === 'function';
}

/** The name of a value's Python type, for messages. */
export function typeName(value: unknown): string {
  switch (typeof value) {
    case 'undefined':
      return 'NoneType';
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'number':
      return Number.isInteger(value) ? 'int' : 'float';
    case 'bigint':
      return 'int';
    case 'function':
      return 'function';
    case 'object':
      break;
    default:
      return typeof value;
  }
  if (value === null) return 'NoneType';
  if (Array.isArray(value)) return value instanceof Tuple ? 'tuple' : 'list';
  if (value instanceof Map || isPlainObject(value)) return 'dict';
  if (value instanceof Set) return 'set';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Number) return 'float';
  if (value instanceof Date) return 'datetime.datetime';
  const name = value.constructor.name;
  return PYTHON_NAMES[name] ?? name;
}

const PYTHON_NAMES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  PlainDate: 'datetime.date',
  PlainTime: 'datetime.time',
  PlainDateTime: 'datetime.datetime',
  ZonedDateTime: 'datetime.datetime',
  Duration: 'datetime.timedelta',
  Decimal: 'decimal.Decimal',
});

/** What Python's `str()` gives: how a value prints in a template. */
export function toStr(value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : numberRepr(value);
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value !== 'object') return typeof value === 'function' ? functionText(value) : String(value);
  if (value instanceof SafeString) return value.value;
  return objectText(value, undefined);
}

/** What Python's `repr()` gives: how a value prints inside a list. */
export function repr(value: unknown): string {
  return reprWithin(value, undefined);
}

function reprWithin(value: unknown, within: Set<object> | undefined): string {
  if (typeof value === 'string') return stringRepr(value);
  if (typeof value !== 'object' || value === null) return toStr(value);
  if (value instanceof SafeString) return stringRepr(value.value);
  if (hasRepr(value)) return value.repr();
  if (value instanceof Date) return (toDatetime(value) as unknown as HasRepr).repr();
  if (value instanceof Error)
    return `${value.name}(${value.message === '' ? '' : stringRepr(value.message)})`;
  return objectText(value, within);
}

function functionText(value: unknown): string {
  const { name } = value as { name: string };
  return /^class\b/.test(Function.prototype.toString.call(value))
    ? `<class '${name}'>`
    : `<function ${name}>`;
}

function objectText(value: object, within: Set<object> | undefined): string {
  // A kind of list with a form of its own says so: the views of a dictionary, a named tuple.
  if (Array.isArray(value)) return hasRepr(value) ? value.repr() : arrayText(value, within);
  if (value instanceof Map) return dictText(value, value.entries(), within);
  if (value instanceof Set) return setText(value, within);
  if (isPlainObject(value)) return dictText(value, Object.entries(value), within);
  if (value instanceof Uint8Array) return bytesRepr(value);
  if (isDatetime(value)) return toDatetime(value).toString();
  if (value instanceof Error) return value.message;
  // `toString` of the object's own class; the one that every object inherits says nothing.
  if (typeof value.toString === 'function') {
    const text = String(value.toString());
    if (!text.startsWith('[object ')) return text;
  }
  return `<${value.constructor?.name ?? 'object'} object>`;
}

/** Runs `body` with `value` marked as being printed; `cycle` where it already is. */
function guarded(
  value: object,
  within: Set<object> | undefined,
  cycle: string,
  body: (seen: Set<object>) => string,
): string {
  const seen = within ?? new Set<object>();
  if (seen.has(value)) return cycle;
  seen.add(value);
  try {
    return body(seen);
  } finally {
    seen.delete(value);
  }
}

function arrayText(value: readonly unknown[], within: Set<object> | undefined): string {
  const tuple = value instanceof Tuple;
  return guarded(value, within, tuple ? '(...)' : '[...]', (seen) => {
    let text = '';
    for (let i = 0; i < value.length; i++) text += (i === 0 ? '' : ', ') + reprWithin(value[i], seen);
    if (!tuple) return `[${text}]`;
    return value.length === 1 ? `(${text},)` : `(${text})`;
  });
}

function dictText(
  value: object,
  entries: Iterable<readonly [unknown, unknown]>,
  within: Set<object> | undefined,
): string {
  return guarded(value, within, '{...}', (seen) => {
    let text = '';
    for (const [key, item] of entries) {
      text += `${text === '' ? '' : ', '}${reprWithin(key, seen)}: ${reprWithin(item, seen)}`;
    }
    return `{${text}}`;
  });
}

function setText(value: ReadonlySet<unknown>, within: Set<object> | undefined): string {
  if (value.size === 0) return 'set()';
  return guarded(
    value,
    within,
    '{...}',
    (seen) => `{${[...value].map((item) => reprWithin(item, seen)).join(', ')}}`,
  );
}

const PLAIN_TEXT = /^[\x20-\x26\x28-\x5b\x5d-\x7e]*$/;
const UNPRINTABLE = /[\\\p{C}\p{Zl}\p{Zp}]|[^\P{Zs} ]/gu;
const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escapeCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) as number;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** `repr()` of text: in single quotes, unless it has some and no double ones. */
export function stringRepr(text: string): string {
  if (PLAIN_TEXT.test(text)) return `'${text}'`;
  const escaped = text.replace(UNPRINTABLE, escapeCharacter);
  if (!escaped.includes("'")) return `'${escaped}'`;
  return escaped.includes('"') ? `'${escaped.replace(/'/g, "\\'")}'` : `"${escaped}"`;
}

/** `repr()` of bytes: `b'\x00abc'`. */
export function bytesRepr(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    const character = String.fromCharCode(byte);
    text +=
      SHORT[character] ??
      (byte >= 0x20 && byte < 0x7f ? character : `\\x${byte.toString(16).padStart(2, '0')}`);
  }
  if (!text.includes("'")) return `b'${text}'`;
  return text.includes('"') ? `b'${text.replace(/'/g, "\\'")}'` : `b"${text}"`;
}
