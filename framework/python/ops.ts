/** Python's truth, equality, order and length of JavaScript values. */

import { isDatetime, PlainDate, type PlainDateTime, PlainTime, toDatetime, ZonedDateTime } from './datetime';
import { Decimal } from './decimal';
import { isPlainObject } from './dict';
import { SafeString } from './safestring';
import { typeName } from './str';
import { textLength } from './text';
import { Duration } from './timedelta';
import { Tuple, UUID } from './types';

/** The method of an object that says whether it is true. Python: `__bool__`. */
export const BOOL: unique symbol = Symbol('bool');

/** Python's `bool()`: empty text and collections, zeros and `None` are false; every other object is true. */
export function isTruthy(value: unknown): boolean {
  if (typeof value !== 'object') return Number.isNaN(value) || Boolean(value);
  if (value === null) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof SafeString) return value.value !== '';
  if (value instanceof Map || value instanceof Set) return value.size > 0;
  if (isPlainObject(value)) {
    for (const _ in value) return true;
    return false;
  }
  if (value instanceof Number) return value.valueOf() !== 0;
  if (value instanceof Decimal) return !value.isZero;
  if (value instanceof Duration) return value.days !== 0 || value.seconds !== 0 || value.microseconds !== 0;
  const { [BOOL]: own } = value as { [BOOL]?(): boolean };
  return own === undefined ? sizeOf(value) !== 0 : own.call(value);
}

/** The length of an object that can be iterated and knows how long it is. */
function sizeOf(value: object): number | undefined {
  if (typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] !== 'function') return undefined;
  if ('length' in value && typeof value.length === 'number') return value.length;
  if ('size' in value && typeof value.size === 'number') return value.size;
  return undefined;
}

/**
 * Python's `len()`, counting text in characters.
 *
 * @throws TypeError for what has no length.
 */
export function len(value: unknown): number {
  if (typeof value === 'string') return textLength(value);
  if (value !== null && typeof value === 'object') {
    if (Array.isArray(value)) return value.length;
    if (value instanceof SafeString) return textLength(value.value);
    if (isPlainObject(value)) return Object.keys(value).length;
    const size = sizeOf(value);
    if (size !== undefined) return size;
  }
  throw new TypeError(`object of type '${typeName(value)}' has no len()`);
}

type Numeric = number | bigint | Decimal;

/** A number that stands for the value in comparisons; booleans are 0 and 1, as in Python. */
function numeric(value: unknown): Numeric | undefined {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return value;
    case 'boolean':
      return Number(value);
    default:
      if (value instanceof Decimal) return value;
      return value instanceof Number ? value.valueOf() : undefined;
  }
}

function compareNumbers(a: Numeric, b: Numeric): number {
  if (a instanceof Decimal || b instanceof Decimal) {
    return asDecimal(a).compare(asDecimal(b));
  }
  if (a < b) return -1;
  if (a > b) return 1;
  // biome-ignore lint/suspicious/noDoubleEquals: a bigint equals a number only so
  return a == b ? 0 : Number.NaN;
}

function asDecimal(value: Numeric): Decimal {
  if (value instanceof Decimal) return value;
  return Decimal.from(Number.isFinite(value) || typeof value === 'bigint' ? value : String(value));
}

/** Text in the order of its code points; JavaScript's own order differs past U+FFFF. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    let x = a.charCodeAt(i);
    let y = b.charCodeAt(i);
    if (x === y) continue;
    // A surrogate stands for a character above every unit that is not one.
    if (x >= 0xd800 && y >= 0xd800) {
      x = x >= 0xe000 ? x - 0x800 : x + 0x2000;
      y = y >= 0xe000 ? y - 0x800 : y + 0x2000;
    }
    return x - y;
  }
  return a.length - b.length;
}

function isText(value: unknown): value is string | SafeString {
  return typeof value === 'string' || value instanceof SafeString;
}

function compareDatetimes(a: PlainDateTime, b: PlainDateTime): number {
  const x = a instanceof ZonedDateTime ? a.epochSeconds : a.seconds;
  const y = b instanceof ZonedDateTime ? b.epochSeconds : b.seconds;
  return x - y || a.microsecond - b.microsecond;
}

function timeKey(value: PlainTime): number {
  return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond;
}

/** The order of two values of one kind; `undefined` where Python has none. */
function order(a: unknown, b: unknown): number | undefined {
  const x = numeric(a);
  const y = numeric(b);
  if (x !== undefined && y !== undefined) return compareNumbers(x, y);
  if (isText(a) && isText(b)) return compareText(String(a), String(b));
  if (isDatetime(a) && isDatetime(b)) {
    const from = toDatetime(a);
    const to = toDatetime(b);
    if (from instanceof ZonedDateTime !== to instanceof ZonedDateTime) return undefined;
    return compareDatetimes(from, to);
  }
  if (a instanceof PlainDate && b instanceof PlainDate) return a.days - b.days;
  if (a instanceof PlainTime && b instanceof PlainTime) return timeKey(a) - timeKey(b);
  if (a instanceof Duration && b instanceof Duration) {
    return a.days - b.days || a.seconds - b.seconds || a.microseconds - b.microseconds;
  }
  if (a instanceof UUID && b instanceof UUID) return compareText(a.hex, b.hex);
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  return undefined;
}

/**
 * Negative, zero or positive, as `a < b`, `a == b` or `a > b` in Python.
 *
 * @throws TypeError for values that Python does not order, with its message (`operator` is the one in it).
 */
export function pyCompare(a: unknown, b: unknown, operator = '<'): number {
  if (Array.isArray(a) && Array.isArray(b) && a instanceof Tuple === b instanceof Tuple) {
    for (let i = 0; i < a.length && i < b.length; i++) {
      if (!pyEquals(a[i], b[i])) return pyCompare(a[i], b[i], operator);
    }
    return a.length - b.length;
  }
  const result = order(a, b);
  if (result !== undefined) return result;
  if (isDatetime(a) && isDatetime(b)) {
    throw new TypeError("can't compare offset-naive and offset-aware datetimes");
  }
  throw new TypeError(
    `'${operator}' not supported between instances of '${typeName(a)}' and '${typeName(b)}'`,
  );
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, i) => pyEquals(item, b[i]));
}

function dictEntries(value: unknown): Map<unknown, unknown> | undefined {
  if (value instanceof Map) return value;
  return isPlainObject(value) ? new Map(Object.entries(value)) : undefined;
}

function sameSets(a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): boolean {
  if (a.size !== b.size) return false;
  for (const item of a) if (!b.has(item) && ![...b].some((other) => pyEquals(item, other))) return false;
  return true;
}

/** Python's `a == b`: by value for numbers, text, dates and collections; by identity for other objects. */
export function pyEquals(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a === null || a === undefined || b === null || b === undefined) return (a ?? null) === (b ?? null);
  if (typeof a === 'string' && typeof b === 'string') return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a instanceof Tuple === b instanceof Tuple && sameItems(a, b);
  }
  if (a instanceof Set) return b instanceof Set && sameSets(a, b);
  const x = dictEntries(a);
  if (x !== undefined) {
    const y = dictEntries(b);
    if (y === undefined || x.size !== y.size) return false;
    for (const [key, item] of x) if (!y.has(key) || !pyEquals(item, y.get(key))) return false;
    return true;
  }
  return order(a, b) === 0;
}

/** Python's `item in container`: a substring, a member, a key. */
export function pyContains(container: unknown, item: unknown): boolean {
  if (isText(container)) {
    if (isText(item)) return String(container).includes(String(item));
    throw new TypeError(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (container instanceof Map || container instanceof Set) {
    if (container.has(item)) return true;
    return typeof item === 'object' && [...container.keys()].some((member) => pyEquals(member, item));
  }
  if (isPlainObject(container)) return isText(item) && Object.hasOwn(container, String(item));
  if (Array.isArray(container)) return container.some((member) => pyEquals(member, item));
  if (container !== null && typeof container === 'object') {
    if (Symbol.iterator in container) {
      for (const member of container as Iterable<unknown>) if (pyEquals(member, item)) return true;
      return false;
    }
  }
  throw new TypeError(`argument of type '${typeName(container)}' is not iterable`);
}

/**
 * What Python's `iter()` goes through: characters of text, keys of a dictionary.
 *
 * @throws TypeError for what cannot be iterated.
 */
export function pyIter(value: unknown): Iterable<unknown> {
  if (typeof value === 'string') return value;
  if (value !== null && typeof value === 'object') {
    if (value instanceof Map) return value.keys();
    if (isPlainObject(value)) return Object.keys(value);
    if (typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function') {
      return value as Iterable<unknown>;
    }
  }
  throw new TypeError(`'${typeName(value)}' object is not iterable`);
}
