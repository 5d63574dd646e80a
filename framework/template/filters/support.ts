/** What the built-in filters share. */
import { KeyError } from '../../core/exceptions';
import { isPlainObject } from '../../python/dict';
import { IndexError, toInt } from '../../python/numbers';
import { repr, toStr, typeName } from '../../python/str';
import { hasAstral } from '../../python/text';
import { SafeString } from '../../utils/safestring';
import type { FilterFunction } from '../library';

/** A filter of text. `safe` says whether the text was safe. */
export type StringFilter = (text: string, argument: unknown, autoescape: boolean, safe: boolean) => unknown;

/**
 * A filter that is given its value as text. With `isSafe`, text that comes out of a safe string is safe, too.
 *
 * Django: the decorator `stringfilter`.
 */
export function stringfilter(fn: StringFilter, isSafe = false): FilterFunction {
  return (value: unknown, argument?: unknown, autoescape = true) => {
    if (typeof value === 'string') return fn(value, argument, autoescape, false);
    const text = value instanceof SafeString ? value.value : toStr(value);
    if (!(value instanceof SafeString) && !printsHtml(value, text))
      return fn(text, argument, autoescape, false);
    const result = fn(text, argument, autoescape, true);
    return isSafe && typeof result === 'string' ? new SafeString(result) : result;
  };
}

/** Whether what an object is as text is HTML already: a message that is marked safe, a field of a form. */
function printsHtml(value: unknown, text: string): boolean {
  if (value === null || typeof value !== 'object') return false;
  const { toHTML } = value as { toHTML?: () => string };
  return typeof toHTML === 'function' && toHTML.call(value) === text;
}

/** Python's `int()` of an argument, for counts. @throws ValueError, TypeError */
export function toCount(value: unknown): number {
  return Number(toInt(value));
}

/** Text as the list of its characters; the text itself where its UTF-16 units are just that. */
export function characters(text: string): ArrayLike<string> {
  return hasAstral(text) ? [...text] : text;
}

function itemAt(items: ArrayLike<unknown>, index: number, kind: string): unknown {
  const at = index < 0 ? items.length + index : index;
  if (at < 0 || at >= items.length) throw new IndexError(`${kind} index out of range`);
  return items[at];
}

function keyed(value: Map<unknown, unknown> | Record<string, unknown>, key: unknown): unknown {
  if (value instanceof Map) {
    if (value.has(key)) return value.get(key);
  } else if (Object.hasOwn(value, toStr(key))) {
    return value[toStr(key)];
  }
  throw new KeyError(key);
}

function isArrayLike(value: object): value is ArrayLike<unknown> {
  return 'length' in value && typeof value.length === 'number';
}

/**
 * Python's `value[key]`.
 *
 * @throws IndexError, KeyError, TypeError as Python does.
 */
export function getItem(value: unknown, key: unknown): unknown {
  const index = typeof key === 'number' && Number.isInteger(key) ? key : undefined;
  if (typeof value === 'string' || value instanceof SafeString) {
    if (index === undefined) throw new TypeError(`string indices must be integers, not '${typeName(key)}'`);
    return itemAt(characters(String(value)), index, 'string');
  }
  if (value !== null && typeof value === 'object') {
    if (value instanceof Map || isPlainObject(value))
      return keyed(value, key instanceof SafeString ? key.value : key);
    if (isArrayLike(value)) {
      const kind = typeName(value);
      if (index === undefined)
        throw new TypeError(`${kind} indices must be integers or slices, not ${typeName(key)}`);
      return itemAt(value, index, kind);
    }
  }
  throw new TypeError(`'${typeName(value)}' object is not subscriptable`);
}

/** The argument as text. @throws AttributeError-like TypeError for anything else, where Python calls a method of `str`. */
export function textArgument(argument: unknown): string {
  if (typeof argument === 'string') return argument;
  if (argument instanceof SafeString) return argument.value;
  throw new TypeError(`a string is required, not ${repr(argument)}`);
}
