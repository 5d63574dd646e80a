/** Filters of lists. */
import { randomInt } from 'node:crypto';
import { AttributeError, KeyError, ValueError } from '../../core/exceptions';
import { IndexError, toFloat, toInt } from '../../python/numbers';
import { len, pyCompare, pyIter } from '../../python/ops';
import { toStr, typeName } from '../../python/str';
import { Tuple, tuple } from '../../python/types';
import { SafeString } from '../../utils/safestring';
import type { Library } from '../library';
import { getMember } from '../runtime/lookup';
import { characters, getItem } from './support';

function itemOrEmpty(value: unknown, index: () => number): unknown {
  try {
    return getItem(value, index());
  } catch (error) {
    if (error instanceof IndexError) return '';
    throw error;
  }
}

export function first(value: unknown): unknown {
  return itemOrEmpty(value, () => 0);
}

export function last(value: unknown): unknown {
  return itemOrEmpty(value, () => -1);
}

/** Any of the items; empty text of an empty list. */
export function random(value: unknown): unknown {
  return itemOrEmpty(value, () => {
    const count = len(value);
    if (count === 0) throw new IndexError('Cannot choose from an empty sequence');
    return randomInt(count);
  });
}

/** How many items or characters; 0 of what has none. */
export function length(value: unknown): number {
  try {
    return len(value);
  } catch (error) {
    if (error instanceof TypeError || error instanceof ValueError) return 0;
    throw error;
  }
}

/** Python's `slice(...).indices()`: the indexes that a slice of so many items takes. */
function indices(bits: readonly (number | null)[], count: number): number[] {
  const [start = null, stop = null, step = null] = bits.length === 1 ? [null, bits[0] ?? null] : bits;
  const by = step ?? 1;
  if (by === 0) throw new ValueError('slice step cannot be zero');
  const clamp = (at: number | null, low: number, high: number, absent: number) => {
    if (at === null) return absent;
    return Math.min(Math.max(at < 0 ? at + count : at, low), high);
  };
  const forward = by > 0;
  const from = forward ? clamp(start, 0, count, 0) : clamp(start, -1, count - 1, count - 1);
  const to = forward ? clamp(stop, 0, count, count) : clamp(stop, -1, count - 1, -1);
  const result: number[] = [];
  for (let i = from; forward ? i < to : i > to; i += by) result.push(i);
  return result;
}

function isSequence(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || value instanceof Uint8Array;
}

/** A part of a list or text, in Python's syntax: `"1:"`, `":-1"`, `"::2"`. The value itself where that fails. */
export function slice(value: unknown, argument: unknown): unknown {
  try {
    const bits = toStr(argument)
      .split(':')
      .map((bit) => (bit === '' ? null : Number(toInt(bit))));
    if (bits.length > 3) return value;
    if (typeof value === 'string' || value instanceof SafeString) {
      const all = characters(String(value));
      return indices(bits, all.length)
        .map((i) => all[i])
        .join('');
    }
    if (!isSequence(value)) return value;
    const part = indices(bits, value.length).map((i) => value[i]);
    if (value instanceof Uint8Array) return Uint8Array.from(part as number[]);
    return value instanceof Tuple ? tuple(part) : part;
  } catch (error) {
    if (error instanceof ValueError || error instanceof TypeError || error instanceof KeyError) return value;
    throw error;
  }
}

/** One step of a dotted name: an item, else an attribute. */
function step(value: unknown, part: string): unknown {
  try {
    return getItem(value, part);
  } catch {
    const member = getMember(value, part);
    if (member === undefined) {
      throw new AttributeError(`'${typeName(value)}' object has no attribute '${part}'`);
    }
    return member;
  }
}

/** What reads the key to sort by out of an item: an index where the argument is a number, else a dotted name. */
function keyReader(argument: unknown): (item: unknown) => unknown {
  try {
    toFloat(argument);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const path = toStr(argument);
    if (path === '') throw new IndexError('string index out of range');
    if (path.startsWith('_') || path.includes('._')) {
      throw new AttributeError('Access to private variables is forbidden.');
    }
    const parts = path.split('.');
    return (item) => parts.reduce(step, item);
  }
  return (item) => getItem(item, argument);
}

function sorted(value: unknown, argument: unknown, direction: 1 | -1): unknown {
  try {
    const read = keyReader(argument);
    const rows = Array.from(pyIter(value), (item) => ({ item, key: read(item) }));
    return rows.sort((a, b) => direction * pyCompare(a.key, b.key) || 0).map(({ item }) => item);
  } catch (error) {
    if (error instanceof AttributeError || error instanceof TypeError) return '';
    throw error;
  }
}

/** Sorted by an index or a dotted name. Empty text where an item has no such, or Python could not compare. */
export function dictsort(value: unknown, argument: unknown): unknown {
  return sorted(value, argument, 1);
}

export function dictsortreversed(value: unknown, argument: unknown): unknown {
  return sorted(value, argument, -1);
}

export function register(library: Library): void {
  library.filter('first', first);
  library.filter('last', last, { isSafe: true });
  library.filter('random', random, { isSafe: true });
  library.filter('length', length);
  library.filter('slice', slice, { isSafe: true });
  library.filter('dictsort', dictsort);
  library.filter('dictsortreversed', dictsortreversed);
}
