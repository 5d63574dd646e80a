/** Writes Python's other classes of data, each as its own `__reduce__` has it. */

import { PlainDate, PlainDateTime, PlainTime, ZonedDateTime } from '../datetime';
import { Decimal } from '../decimal';
import { SafeString } from '../safestring';
import { Duration } from '../timedelta';
import { PyFloat, UUID } from '../types';
import { PicklingError } from './errors';
import { OP } from './opcodes';
import type { Output } from './output';

/**
 * Writes a value that is neither a container nor an atom.
 *
 * @throws PicklingError if it is of no such class.
 */
export function saveObject(out: Output, value: object): void {
  if (value instanceof Date) saveDatetime(out, dateFields(value), 'UTC', 0);
  else if (value instanceof ZonedDateTime) saveDatetime(out, value, value.timeZone, value.offset);
  else if (value instanceof PlainDateTime) saveDatetime(out, value, undefined, 0);
  else if (value instanceof PlainDate) {
    call(out, 'datetime', 'date', () => out.bytes(Uint8Array.from(dateBytes(value))));
  } else if (value instanceof PlainTime) {
    call(out, 'datetime', 'time', () => out.bytes(Uint8Array.from(timeBytes(value))));
  } else if (value instanceof Duration) saveDuration(out, value.days, value.seconds, value.microseconds);
  else if (value instanceof Decimal) call(out, 'decimal', 'Decimal', () => out.text(value.toString()));
  else if (value instanceof UUID) saveUuid(out, value);
  else if (value instanceof SafeString) saveSafeString(out, value);
  else if (value instanceof PyFloat) out.float(value.valueOf());
  else if (value instanceof Number) out.number(value.valueOf());
  else if (value instanceof String) out.text(value.valueOf());
  else if (value instanceof Boolean) out.op(value.valueOf() ? OP.NEWTRUE : OP.NEWFALSE);
  else {
    throw new PicklingError(
      `cannot pickle a ${value.constructor?.name || 'object'}: a cache holds data that Python can read, too ` +
        '(text, numbers, arrays, plain objects, Map, Set, Date, bytes)',
    );
  }
}

/** A class called with one argument. */
function call(out: Output, module: string, name: string, argument: () => unknown): void {
  out.global(module, name);
  argument();
  out.tuple(1);
  out.reduce();
}

function saveDatetime(out: Output, fields: Fields, zone: string | undefined, offset: number): void {
  out.global('datetime', 'datetime');
  out.bytes(Uint8Array.from([...dateBytes(fields), ...timeBytes(fields)]));
  if (zone !== undefined) saveZone(out, zone, offset);
  out.tuple(zone === undefined ? 1 : 2);
  out.reduce();
}

function saveZone(out: Output, zone: string, offset: number): void {
  if (zone === 'UTC' || /^[+-]/.test(zone)) {
    const days = Math.floor(offset / 86_400);
    call(out, 'datetime', 'timezone', () => saveDuration(out, days, offset - days * 86_400, 0));
    return;
  }
  out.global('builtins', 'getattr');
  out.global('zoneinfo', 'ZoneInfo');
  out.text('_unpickle');
  out.tuple(2);
  out.reduce();
  out.text(zone);
  out.number(1);
  out.tuple(2);
  out.reduce();
}

function saveDuration(out: Output, days: number, seconds: number, microseconds: number): void {
  out.global('datetime', 'timedelta');
  out.number(days);
  out.number(seconds);
  out.number(microseconds);
  out.tuple(3);
  out.reduce();
}

function saveUuid(out: Output, value: UUID): void {
  out.global('uuid', 'UUID');
  out.op(OP.EMPTY_TUPLE);
  out.reduce(OP.NEWOBJ);
  out.op(OP.EMPTY_DICT);
  out.memoize();
  out.text('int');
  out.bigint(BigInt(`0x${value.hex}`));
  out.op(OP.SETITEM);
  out.op(OP.BUILD);
}

function saveSafeString(out: Output, value: SafeString): void {
  out.global('django.utils.safestring', 'SafeString');
  out.text(value.value);
  out.tuple(1);
  out.reduce(OP.NEWOBJ);
}

interface DateFields {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

interface TimeFields {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
}

type Fields = DateFields & TimeFields;

function dateBytes({ year, month, day }: DateFields): number[] {
  return [year >> 8, year & 0xff, month, day];
}

function timeBytes({ hour, minute, second, microsecond }: TimeFields): number[] {
  return [hour, minute, second, microsecond >> 16, (microsecond >> 8) & 0xff, microsecond & 0xff];
}

function dateFields(date: Date): Fields {
  const year = date.getUTCFullYear();
  if (!(year >= 1 && year <= 9999)) {
    throw new PicklingError('cannot pickle an invalid Date, or one outside of the years 1 to 9999');
  }
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    microsecond: date.getUTCMilliseconds() * 1000,
  };
}
