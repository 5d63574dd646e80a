/** Calculating with times on SQLite, where they are texts, and lengths of time microseconds. */
import { ValueError } from '../../../../core/exceptions';
import { formatIsoDatetime, instantOf } from '../../datetimes';
import type { Given } from './dates';

const DAY = 86_400_000_000n;
const TIME = /^(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,6}))?)?$/;

/** The microseconds of a time of day. @throws ValueError. */
function timeMicroseconds(value: Given): bigint {
  const match = TIME.exec(String(value));
  if (match === null) throw new ValueError(`${String(value)} is not a time.`);
  const [, hour, minute, second = '0', fraction = ''] = match;
  const seconds = BigInt(hour as string) * 3600n + BigInt(minute as string) * 60n + BigInt(second);
  return seconds * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

/** The microseconds of a moment since 1970. @throws ValueError. */
function momentMicroseconds(value: Given): bigint {
  const moment = instantOf(String(value));
  const [, fraction = ''] = formatIsoDatetime(moment).split('.');
  return BigInt(Math.floor(moment.getTime() / 1000)) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}

export function timeDiff(left: Given, right: Given): bigint | null {
  return left === null || right === null ? null : timeMicroseconds(left) - timeMicroseconds(right);
}

export function timestampDiff(left: Given, right: Given): bigint | null {
  return left === null || right === null ? null : momentMicroseconds(left) - momentMicroseconds(right);
}

function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by;
  return value % by < 0n ? quotient - 1n : quotient;
}

/** Six figures, or none. */
function fractionOf(microseconds: bigint): string {
  const rest = microseconds - floorDiv(microseconds, 1_000_000n) * 1_000_000n;
  return rest === 0n ? '' : `.${String(rest).padStart(6, '0')}`;
}

/** A moment moved by microseconds; a day stays a day, as in Python. */
function moved(value: string, by: bigint): string {
  if (TIME.test(value)) {
    const time = timeMicroseconds(value) + by;
    return clock(time - floorDiv(time, DAY) * DAY);
  }
  if (!value.includes(' ') && !value.includes('T')) {
    const day = momentMicroseconds(value) + floorDiv(by, DAY) * DAY;
    return formatIsoDatetime(new Date(Number(day / 1000n))).slice(0, 10);
  }
  const total = momentMicroseconds(value) + by;
  const text = formatIsoDatetime(new Date(Number(floorDiv(total, 1_000_000n)) * 1000));
  return `${text.slice(0, 19)}${fractionOf(total)}`;
}

function clock(microseconds: bigint): string {
  const seconds = Number(floorDiv(microseconds, 1_000_000n));
  const two = (value: number): string => String(value).padStart(2, '0');
  const text = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${text}${fractionOf(microseconds)}`;
}

/**
 * A text is a moment, an integer a length of time; `*` and `/` take numbers.
 *
 * @returns null for what is neither.
 */
export function formatDtdelta(operator: Given, left: Given, right: Given): string | number | bigint | null {
  if (operator === null || left === null || right === null) return null;
  if (operator === '*') {
    return typeof left === 'bigint' && typeof right === 'bigint'
      ? left * right
      : Number(left) * Number(right);
  }
  if (operator === '/') return Number(left) / Number(right);
  try {
    if (typeof left === 'bigint' && typeof right === 'bigint')
      return operator === '+' ? left + right : left - right;
    if (typeof right === 'bigint') return moved(String(left), operator === '+' ? right : -right);
    return typeof left === 'bigint' && operator === '+' ? moved(String(right), left) : null;
  } catch (error) {
    if (error instanceof ValueError) return null;
    throw error;
  }
}
