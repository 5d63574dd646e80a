/** The vectors' JSON for values that JSON has no form of (`{"$type": …}`), read and written. */
import { PlainDate, PlainDateTime, PlainTime, ZonedDateTime } from 'tsango/python/datetime';
import { Decimal } from 'tsango/python/decimal';
import { PyFloat, Tuple, tuple, UUID } from 'tsango/python/types';
import { Duration } from 'tsango/utils/duration';
import { SafeString } from 'tsango/utils/safestring';

function parseDate(text: string): PlainDate {
  const [year, month, day] = text.split('-').map(Number) as [number, number, number];
  return new PlainDate(year, month, day);
}

function parseTime(text: string): PlainTime {
  // A time of the day has no time zone here.
  const [clock = '', fraction = ''] = text.replace(/[+-]\d\d:\d\d$/, '').split('.');
  const [hour = 0, minute = 0, second = 0] = clock.split(':').map(Number);
  return new PlainTime(hour, minute, second, Number(fraction.padEnd(6, '0')));
}

/** ISO text as the datetime that it says: naive without an offset, at a fixed offset with one. */
export function parseDatetime(text: string): PlainDateTime {
  const match = /^(\d{4}-\d\d-\d\d)[T ]([\d:.]+)(?:([+-])(\d\d):(\d\d)(?::(\d\d))?|(Z))?$/.exec(text);
  if (!match) throw new Error(`no datetime: ${text}`);
  const date = parseDate(match[1] as string);
  const time = parseTime(match[2] as string);
  const plain = new PlainDateTime(
    date.year,
    date.month,
    date.day,
    time.hour,
    time.minute,
    time.second,
    time.microsecond,
  );
  if (match[7] === 'Z') return new ZonedDateTime(plain, 'UTC', 0);
  if (match[3] === undefined) return plain;
  const seconds = Number(match[4]) * 3600 + Number(match[5]) * 60 + Number(match[6] ?? 0);
  if (seconds === 0) return new ZonedDateTime(plain, 'UTC', 0);
  return new ZonedDateTime(
    plain,
    `${match[3]}${match[4]}:${match[5]}`,
    match[3] === '-' ? -seconds : seconds,
  );
}

function decodeTyped(type: string, value: unknown): unknown {
  const text = String(value);
  switch (type) {
    case '$safe':
      return new SafeString(text);
    case '$tuple':
      return tuple((value as unknown[]).map(decode));
    case '$set':
      return new Set((value as unknown[]).map(decode));
    case '$map':
      return new Map((value as [unknown, unknown][]).map(([key, each]) => [decode(key), decode(each)]));
    case '$row':
      return decodeAll(value as object);
    case '$json':
      return value;
    case '$tz':
      return text.replace(/^UTC(?=[+-])/, '');
    case '$bytes':
      return new Uint8Array(Buffer.from(text, 'hex'));
    case '$date':
      return parseDate(text);
    case '$time':
      return parseTime(text);
    case '$datetime':
      return parseDatetime(text);
    case '$timedelta': {
      if (!Array.isArray(value)) return new Duration({ seconds: Number(value) });
      const [days, seconds, microseconds] = value as [number, number, number];
      return new Duration({ days, seconds, microseconds });
    }
    case '$decimal':
      return Decimal.from(text);
    case '$float':
      return new PyFloat(text.replace(/^(-?)inf$/, '$1Infinity'));
    case '$bigint':
      return BigInt(text);
    case '$uuid':
      return new UUID(text);
    default:
      throw new Error(`The vectors have a type that is not known here: ${type}`);
  }
}

/** A vector's JSON as the value that it stands for. */
export function decode(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(decode);
  if (json === null || typeof json !== 'object') return json;
  const entries = Object.entries(json);
  const [first] = entries;
  if (entries.length === 1 && first?.[0].startsWith('$')) return decodeTyped(first[0], first[1]);
  return decodeAll(json);
}

function decodeAll(json: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, decode(value)]));
}

/** A value as the vectors would record it. */
export function encode(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value === 'bigint') return { $bigint: String(value) };
  if (typeof value === 'number')
    return Number.isFinite(value) ? value : { $float: new PyFloat(value).toString() };
  if (value === null || typeof value !== 'object') return value;
  if (value instanceof SafeString) return { $safe: value.value };
  if (value instanceof Tuple) return { $tuple: value.map(encode) };
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Uint8Array) return { $bytes: Buffer.from(value).toString('hex') };
  if (value instanceof Date) return { $datetime: value.toISOString().replace(/(?:\.000)?Z$/, '+00:00') };
  if (value instanceof PlainDate) return { $date: value.isoformat() };
  if (value instanceof PlainTime) return { $time: value.isoformat() };
  if (value instanceof PlainDateTime) return { $datetime: value.isoformat() };
  if (value instanceof Duration) return { $timedelta: value.totalSeconds() };
  if (value instanceof Decimal) return { $decimal: value.toString() };
  if (value instanceof PyFloat) return { $float: value.toString() };
  if (value instanceof UUID) return { $uuid: value.toString() };
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return Object.fromEntries(entries.map(([key, item]) => [String(key), encode(item)]));
}
