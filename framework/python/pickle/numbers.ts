/** Python's numbers in JavaScript's: an int is a `number` as long as that is exact. */
import { UnpicklingError } from './errors';

const MAX = BigInt(Number.MAX_SAFE_INTEGER);
const INTEGER = /^[+-]?\d{1,4300}$/;
const FLOAT = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;

/** The smallest JavaScript type that holds an int exactly. */
export function toNumber(value: bigint): number | bigint {
  return value <= MAX && value >= -MAX ? Number(value) : value;
}

/** An int of any length in two's complement, little-endian. Linear in its length. */
export function readLong(data: Buffer, start: number, length: number): number | bigint {
  if (length === 0) return 0;
  if (length <= 6) return data.readIntLE(start, length);
  const bytes = Buffer.from(data.subarray(start, start + length)).reverse();
  const value = BigInt(`0x${bytes.toString('hex')}`);
  const negative = ((bytes[0] as number) & 0x80) !== 0;
  return toNumber(negative ? value - (1n << BigInt(length * 8)) : value);
}

/** The shortest two's complement, little-endian. */
export function longBytes(value: bigint): Buffer {
  if (value === 0n) return Buffer.alloc(0);
  const magnitude = value < 0n ? -value - 1n : value;
  // One bit more than the magnitude has, for the sign.
  const digits = magnitude.toString(16);
  const length = (digits.length >> 1) + 1;
  const unsigned = value < 0n ? (1n << BigInt(length * 8)) + value : value;
  const bytes = Buffer.from(unsigned.toString(16).padStart(length * 2, '0'), 'hex').reverse();
  const last = bytes.length - 1;
  const filler = value < 0n ? 0xff : 0;
  const redundant =
    last > 0 && bytes[last] === filler && ((bytes[last - 1] as number) & 0x80) === (filler & 0x80);
  return redundant ? bytes.subarray(0, last) : bytes;
}

/** Decimal digits. Python refuses more than 4300 of them too: reading them takes quadratic time. */
export function parseInteger(text: string): number | bigint {
  if (!INTEGER.test(text)) throw new UnpicklingError('The pickle holds an integer that cannot be read.');
  return toNumber(BigInt(text.startsWith('+') ? text.slice(1) : text));
}

/** Python's `repr` of a float. */
export function parseFloatText(text: string): number {
  switch (text) {
    case 'nan':
    case '-nan':
      return Number.NaN;
    case 'inf':
      return Number.POSITIVE_INFINITY;
    case '-inf':
      return Number.NEGATIVE_INFINITY;
  }
  if (!FLOAT.test(text)) throw new UnpicklingError('The pickle holds a float that cannot be read.');
  return Number(text);
}
