/** Python's `int()`, `float()` and the printing of floats. */

import { Decimal, MAX_NUMBER_LENGTH } from './decimal';
import { OverflowError, ValueError } from './errors';
import { SafeString } from './safestring';
import { repr, typeName } from './str';
import { UUID } from './types';

export { IndexError, OverflowError, ZeroDivisionError } from './errors';

import { strip } from './text';

/** A `bigint` as a `number` where that loses nothing. */
export function shrink(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

const INT = /^[+-]?\d+(?:_\d+)*$/;
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const FLOAT_WORD = /^([+-]?)(inf|infinity|nan)$/i;

/** Digits of any script as ASCII's, as `int('٣')` is 3. */
export function asciiDigits(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII itself
  if (/^[\x00-\x7f]*$/.test(text)) return text;
  return text.replace(/\p{Nd}/gu, (digit) => {
    // Every script's digits are ten consecutive code points; the zero is the first of the run.
    let code = digit.codePointAt(0) as number;
    let value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - 1)) && (code & 0xf) !== 0) {
      code -= 1;
      value += 1;
    }
    return String(value % 10);
  });
}

/**
 * Python's `int(value)`.
 *
 * @throws ValueError for text that is no integer, and NaN; OverflowError for an infinity; TypeError for anything
 * that is not a number or text.
 */
export function toInt(value: unknown): number | bigint {
  if (typeof value === 'number') return floatToInt(value);
  if (typeof value === 'bigint') return shrink(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' || value instanceof SafeString) {
    const text = asciiDigits(strip(String(value)));
    if (!INT.test(text)) {
      throw new ValueError(`invalid literal for int() with base 10: ${repr(value)}`);
    }
    if (text.length < 16) return Number(text.replace(/_/g, ''));
    const digits = text.replace(/[_+-]/g, '');
    // Python's own limit on text, against quadratic time.
    if (digits.length > MAX_NUMBER_LENGTH) {
      throw new ValueError(
        `Exceeds the limit (${MAX_NUMBER_LENGTH} digits) for integer string conversion: value has ${digits.length} digits; use ` +
          'sys.set_int_max_str_digits() to increase the limit',
      );
    }
    return shrink(text.startsWith('-') ? -BigInt(digits) : BigInt(digits));
  }
  if (value instanceof Number) return floatToInt(value.valueOf());
  if (value instanceof Decimal) return shrink(value.toBigInt());
  if (value instanceof UUID) return BigInt(`0x${value.hex}`);
  if (value instanceof Uint8Array) return bytesToInt(value);
  throw new TypeError(
    `int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`,
  );
}

function bytesToInt(value: Uint8Array): number | bigint {
  const text = Buffer.from(value).toString('latin1');
  if (INT.test(strip(text))) return toInt(text);
  throw new ValueError(`invalid literal for int() with base 10: ${repr(value)}`);
}

function floatToInt(value: number): number | bigint {
  if (Number.isNaN(value)) throw new ValueError('cannot convert float NaN to integer');
  if (!Number.isFinite(value)) throw new OverflowError('cannot convert float infinity to integer');
  const whole = Math.trunc(value);
  return Number.isSafeInteger(whole) ? whole + 0 : BigInt(whole);
}

/**
 * Python's `float(value)`.
 *
 * @throws ValueError for text that is no number; TypeError for anything that is not a number or text.
 */
export function toFloat(value: unknown): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint' || typeof value === 'boolean') return Number(value);
  if (typeof value === 'string' || value instanceof SafeString) {
    const text = asciiDigits(strip(String(value)));
    if (FLOAT.test(text)) return Number(text.replace(/_/g, ''));
    const word = FLOAT_WORD.exec(text);
    if (!word) throw new ValueError(`could not convert string to float: ${repr(value)}`);
    if (word[2]?.toLowerCase() === 'nan') return Number.NaN;
    return word[1] === '-' ? -Infinity : Infinity;
  }
  if (value instanceof Number) return value.valueOf();
  if (value instanceof Decimal) return value.toNumber();
  if (value instanceof Uint8Array) return toFloat(Buffer.from(value).toString('latin1'));
  throw new TypeError(`float() argument must be a string or a real number, not '${typeName(value)}'`);
}

/** Whether a value is a Python number: `int`, `float` or `Decimal`; a boolean is not one here. */
export function isNumber(value: unknown): value is number | bigint | number | Decimal {
  return (
    typeof value === 'number' ||
    typeof value === 'bigint' ||
    value instanceof Number ||
    value instanceof Decimal
  );
}

/** Whether a value is a Python `float`. */
export function isFloat(value: unknown): value is number | number {
  return (typeof value === 'number' && !Number.isInteger(value)) || value instanceof Number;
}
