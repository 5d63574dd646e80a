/** Python's dates, times and zones from the arguments that they are pickled as. */

import { formatOffset, PlainDate, PlainDateTime, PlainTime, ZonedDateTime } from '../datetime';
import { Duration } from '../timedelta';
import { getZone } from '../zoneinfo';
import { UnpicklingError } from './errors';
import { damaged, damagedAs, type Reading, Zone } from './references';

function bytesOf(value: unknown, length: number, name: string): Uint8Array {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'latin1') : value;
  if (!(bytes instanceof Uint8Array) || bytes.length !== length) throw damaged(name);
  return bytes;
}

const at = (bytes: Uint8Array, index: number): number => bytes[index] as number;

export function date([state]: readonly unknown[]): PlainDate {
  const b = bytesOf(state, 4, 'date');
  return damagedAs('date', () => new PlainDate(at(b, 0) * 256 + at(b, 1), at(b, 2), at(b, 3)));
}

export function time([state, zone]: readonly unknown[]): PlainTime {
  if (zone !== undefined && zone !== null) {
    throw new UnpicklingError('The pickle holds a time of day in a zone, which has no counterpart here.');
  }
  const b = bytesOf(state, 6, 'time');
  // The first byte's high bit is Python's `fold`.
  return damagedAs('time', () => new PlainTime(at(b, 0) & 0x7f, at(b, 1), at(b, 2), micros(b, 3)));
}

const micros = (b: Uint8Array, from: number): number =>
  (at(b, from) << 16) | (at(b, from + 1) << 8) | at(b, from + 2);

export function datetime([state, zone]: readonly unknown[], { exact }: Reading): PlainDateTime | Date {
  const b = bytesOf(state, 10, 'datetime');
  const fold = (at(b, 2) & 0x80) !== 0;
  const plain = damagedAs(
    'datetime',
    () =>
      new PlainDateTime(
        at(b, 0) * 256 + at(b, 1),
        at(b, 2) & 0x7f,
        at(b, 3),
        at(b, 4),
        at(b, 5),
        at(b, 6),
        micros(b, 7),
      ),
  );
  if (zone === undefined || zone === null) return plain;
  if (!(zone instanceof Zone)) throw damaged('datetime');
  const offset =
    zone.offset ??
    damagedAs('datetime', () => getZone(zone.name).offsetsOf(plain)[fold ? 'second' : 'first']);
  const aware = new ZonedDateTime(plain, zone.name, offset);
  const isDate = zone.name === 'UTC' && (!exact || plain.microsecond % 1000 === 0);
  return isDate ? aware.toDate() : aware;
}

export function timedelta(args: readonly unknown[]): Duration {
  const [days = 0, seconds = 0, microseconds = 0] = args;
  if (typeof days !== 'number' || typeof seconds !== 'number' || typeof microseconds !== 'number') {
    throw damaged('timedelta');
  }
  return new Duration({ days, seconds, microseconds });
}

export function timezone([delta]: readonly unknown[]): Zone {
  if (!(delta instanceof Duration)) throw damaged('timezone');
  const seconds = delta.totalSeconds();
  if (!Number.isInteger(seconds) || Math.abs(seconds) >= 86_400) throw damaged('timezone');
  return seconds === 0 ? new Zone('UTC', 0) : new Zone(formatOffset(seconds), seconds);
}

export function namedZone([name]: readonly unknown[]): Zone {
  if (typeof name !== 'string') throw damaged('time zone');
  return name === 'UTC' || name === 'Etc/UTC' ? new Zone('UTC', 0) : new Zone(name, undefined);
}

/** pytz says of a localized datetime's zone which offset it has. */
export function pytzZone(args: readonly unknown[]): Zone {
  const [name, offset] = args;
  const zone = namedZone([name]);
  return typeof offset === 'number' ? new Zone(zone.name, offset) : zone;
}
