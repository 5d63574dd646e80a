/** Python's `%` formatting of one value: what the filter `stringformat` is made of. */

import { Decimal } from './decimal';
import { isPlainObject } from './dict';
import { KeyError, ValueError } from './errors';
import { isFloat, isNumber, OverflowError, toFloat, toInt } from './numbers';
import { SafeString } from './safestring';
import { repr, toStr, typeName } from './str';
import { rstrip, textHead, textLength } from './text';
import { Tuple } from './types';

interface Spec {
  readonly flags: string;
  readonly width: number;
  readonly precision: number | null;
  readonly type: string;
}

const SPEC = /%(?:\(([^()]*(?:\([^()]*\)[^()]*)*)\))?([#0\- +]*)(\*|\d*)(?:\.(\*|\d*))?[hlL]?([\s\S]?)/g;
/** Wider than any page; Python would try to make it. */
const MAX_WIDTH = 1_000_000;

function padded(text: string, sign: string, prefix: string, { flags, width }: Spec): string {
  const gap = width - textLength(text) - sign.length - prefix.length;
  if (gap <= 0) return sign + prefix + text;
  if (flags.includes('-')) return sign + prefix + text + ' '.repeat(gap);
  if (flags.includes('0')) return sign + prefix + '0'.repeat(gap) + text;
  return ' '.repeat(gap) + sign + prefix + text;
}

function signOf(negative: boolean, flags: string): string {
  if (negative) return '-';
  if (flags.includes('+')) return '+';
  return flags.includes(' ') ? ' ' : '';
}

function integerText(value: unknown, spec: Spec): string {
  if (typeof value !== 'boolean' && !isNumber(value)) {
    throw new TypeError(`%${spec.type} format: a real number is required, not ${typeName(value)}`);
  }
  const radix = spec.type === 'o' ? 8 : spec.type.toLowerCase() === 'x' ? 16 : 10;
  if (radix !== 10 && (isFloat(value) || value instanceof Decimal)) {
    throw new TypeError(`%${spec.type} format: an integer is required, not ${typeName(value)}`);
  }
  const whole = BigInt(toInt(value));
  let digits = (whole < 0n ? -whole : whole).toString(radix).padStart(spec.precision ?? 0, '0');
  let prefix = radix !== 10 && spec.flags.includes('#') ? `0${radix === 8 ? 'o' : 'x'}` : '';
  if (spec.type === 'X') {
    digits = digits.toUpperCase();
    prefix = prefix.toUpperCase();
  }
  return padded(digits, signOf(whole < 0n, spec.flags), prefix, spec);
}

/** The digits of a positive number rounded to `count` of them, and the exponent of the first. */
function significant(value: Decimal, count: number): [digits: string, exponent: number] {
  if (value.isZero) return ['0'.repeat(count), 0];
  let exponent = value.digits - 1 + (value.exponent as number);
  if (count >= value.digits) return [value.coefficient.toString().padEnd(count, '0'), exponent];
  let digits = value.quantize(exponent - count + 1, 'half_even').coefficient.toString();
  if (digits.length > count) {
    exponent += 1;
    digits = digits.slice(0, count);
  }
  return [digits, exponent];
}

function exponential(digits: string, exponent: number, alternate: boolean): string {
  const point = digits.length > 1 || alternate ? '.' : '';
  const size = String(Math.abs(exponent)).padStart(2, '0');
  return `${digits[0]}${point}${digits.slice(1)}e${exponent < 0 ? '-' : '+'}${size}`;
}

function general(value: Decimal, precision: number, alternate: boolean): string {
  const count = precision === 0 ? 1 : precision;
  const [digits, exponent] = significant(value, count);
  const kept = alternate ? digits : rstrip(digits, '0') || '0';
  if (exponent < -4 || exponent >= count) return exponential(kept, exponent, alternate);
  if (exponent < 0) return `0.${'0'.repeat(-exponent - 1)}${kept}`;
  const whole = kept.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = kept.slice(exponent + 1);
  return fraction === '' && !alternate ? whole : `${whole}.${fraction}`;
}

function floatText(value: unknown, spec: Spec): string {
  if (typeof value !== 'boolean' && !isNumber(value)) {
    throw new TypeError(`must be real number, not ${typeName(value)}`);
  }
  const number = toFloat(value);
  const sign = signOf(number < 0 || Object.is(number, -0), spec.flags);
  const lower = spec.type.toLowerCase();
  let text: string;
  if (Number.isFinite(number)) {
    const size = Decimal.exactly(Math.abs(number));
    const precision = spec.precision ?? 6;
    const alternate = spec.flags.includes('#');
    if (lower === 'f') {
      text = size.toPlaces(precision) + (alternate && precision === 0 ? '.' : '');
    } else if (lower === 'e') {
      text = exponential(...significant(size, precision + 1), alternate);
    } else {
      text = general(size, precision, alternate);
    }
  } else {
    text = Number.isNaN(number) ? 'nan' : 'inf';
  }
  return padded(lower === spec.type ? text : text.toUpperCase(), sign, '', spec);
}

function characterText(value: unknown): string {
  if (typeof value === 'string' || value instanceof SafeString) {
    const text = String(value);
    if (textLength(text) === 1) return text;
  } else if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) {
    const code = Number(value);
    if (code < 0 || code > 0x10ffff) throw new OverflowError('%c arg not in range(0x110000)');
    return String.fromCodePoint(code);
  }
  throw new TypeError('%c requires int or char');
}

function asciiRepr(value: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  return repr(value).replace(/[^\x00-\x7f]/gu, (character) => {
    const hex = (character.codePointAt(0) as number).toString(16);
    if (hex.length <= 2) return `\\x${hex.padStart(2, '0')}`;
    return hex.length <= 4 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
  });
}

function formatOne(value: unknown, spec: Spec): string {
  switch (spec.type) {
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X':
      return integerText(value, spec);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
      return floatText(value, spec);
    default:
      break;
  }
  let text: string;
  if (spec.type === 'c') text = characterText(value);
  else if (spec.type === 's') text = toStr(value);
  else if (spec.type === 'r') text = repr(value);
  else if (spec.type === 'a') text = asciiRepr(value);
  else if (spec.type === '') throw new ValueError('incomplete format');
  else throw new ValueError(`unsupported format character '${spec.type}'`);
  if (spec.precision !== null && spec.type !== 'c') text = textHead(text, spec.precision);
  return padded(text, '', '', { ...spec, flags: spec.flags.replace(/0/g, '') });
}

function size(text: string | undefined): number {
  if (text === '*') throw new TypeError('* wants int');
  const value = Number(text ?? 0);
  if (value > MAX_WIDTH) throw new ValueError('width too big');
  return value;
}

/** A value that Python takes for a mapping here: everything that has items by key, but text and tuples. */
function isMapping(value: unknown): boolean {
  if (value === null || typeof value !== 'object' || value instanceof SafeString || value instanceof Tuple)
    return false;
  return Array.isArray(value) || value instanceof Map || value instanceof Uint8Array || isPlainObject(value);
}

function named(value: unknown, key: string): unknown {
  if (value instanceof Map && value.has(key)) return value.get(key);
  if (isPlainObject(value) && Object.hasOwn(value, key)) return value[key];
  if (value instanceof Map || isPlainObject(value)) throw new KeyError(key);
  throw new TypeError('format requires a mapping');
}

/**
 * Python's `format % value`, for a value that is no tuple.
 *
 * @throws TypeError, ValueError as Python does.
 */
export function percentFormat(format: string, value: unknown): string {
  let used = false;
  const text = format.replace(SPEC, (_found, key, flags: string, width, precision, type: string) => {
    if (type === '%') return '%';
    let item = value;
    if (key !== undefined) {
      item = named(value, String(key));
      used = true;
    } else if (used) {
      throw new TypeError('not enough arguments for format string');
    }
    used = true;
    return formatOne(item, {
      flags,
      width: size(width),
      precision: precision === undefined ? null : size(precision),
      type,
    });
  });
  if (!used && !isMapping(value)) throw new TypeError('not all arguments converted during string formatting');
  return text;
}
