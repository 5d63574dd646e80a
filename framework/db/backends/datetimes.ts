/**
 * Instants and the text that Django keeps of them. JavaScript's dates end at milliseconds; the microseconds that a
 * stored text has besides are remembered for the `Date` that is made of it, and written again while it stays the same.
 * So a row that is read and saved keeps them, and is found by what was read.
 */
import { ValueError } from '../../core/exceptions';
import { getZone } from '../../python/zoneinfo';

/** What a clock in that zone shows at an instant, as if it were UTC: milliseconds. */
function wallClock(instant: number, zone: string): number {
  return instant + getZone(zone).offsetAt(Math.floor(instant / 1000)) * 1000;
}

/** The instant at which a clock in that zone shows `wall`; of two, the earlier; in a gap, what DST makes of it. */
function instantAt(wall: number, zone: string): number {
  return wall - getZone(zone).offsetsAtClock(Math.floor(wall / 1000)).first * 1000;
}

/** The figures behind the milliseconds of a date that was read, and the time for which they hold. */
const remainders = new WeakMap<Date, { time: number; figures: string }>();

function remember(date: Date, fraction: string): Date {
  if (fraction === '') return date;
  const figures = fraction.slice(3, 6).padEnd(3, '0');
  if (figures !== '000') remainders.set(date, { time: date.getTime(), figures });
  return date;
}

/** Three figures: the microseconds of a date beyond its milliseconds. */
function remainderOf(date: Date): string {
  const known = remainders.get(date);
  return known !== undefined && known.time === date.getTime() ? known.figures : '000';
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

/** `YYYY-MM-DD HH:MM:SS[.ffffff]`: Python's `str()` of a datetime without zone. */
export function formatIsoDatetime(date: Date, zone = 'UTC'): string {
  const time = date.getTime();
  if (Number.isNaN(time)) throw new ValueError('An invalid Date cannot be stored.');
  const at = zone === 'UTC' ? date : new Date(wallClock(time, zone));
  const fraction = String(at.getUTCMilliseconds()).padStart(3, '0') + remainderOf(date);
  return (
    `${String(at.getUTCFullYear()).padStart(4, '0')}-${two(at.getUTCMonth() + 1)}-${two(at.getUTCDate())} ` +
    `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}` +
    (fraction === '000000' ? '' : `.${fraction}`)
  );
}

const ISO =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}(?::?\d{2}(?::?\d{2})?)?)?)?$/i;

/**
 * The instant of a stored text; one without an offset is in `zone`.
 *
 * @throws ValueError if it is no date.
 */
export function instantOf(value: unknown, zone = 'UTC'): Date {
  const usual = zone === 'UTC' && typeof value === 'string' ? usualInstant(value) : undefined;
  if (usual !== undefined) return remember(usual, (value as string).slice(20));
  const match = typeof value === 'string' ? ISO.exec(value) : null;
  if (!match) throw new ValueError(`${JSON.stringify(value)} is not a stored date and time.`);
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', offset] = match;
  const wall = new Date(0);
  wall.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  wall.setUTCHours(Number(hour), Number(minute), Number(second), Number(fraction.padEnd(3, '0').slice(0, 3)));
  if (wall.getUTCMonth() !== Number(month) - 1 || wall.getUTCDate() !== Number(day)) {
    throw new ValueError(`${JSON.stringify(value)} is not a stored date and time.`);
  }
  if (offset) return remember(new Date(wall.getTime() - offsetMilliseconds(offset)), fraction);
  return remember(zone === 'UTC' ? wall : new Date(instantAt(wall.getTime(), zone)), fraction);
}

/** What is stored almost always, `YYYY-MM-DD HH:MM:SS[.ffffff]`, at a third of the time; undefined for anything else. */
function usualInstant(text: string): Date | undefined {
  const { length } = text;
  if ((length !== 19 && length !== 26) || text.charCodeAt(10) !== 32 || text.charCodeAt(13) !== 58)
    return undefined;
  const number = (from: number, to: number): number => {
    let value = 0;
    for (let at = from; at < to; at++) {
      const digit = text.charCodeAt(at) - 48;
      if (digit < 0 || digit > 9) return Number.NaN;
      value = value * 10 + digit;
    }
    return value;
  };
  const year = number(0, 4);
  const month = number(5, 7);
  const day = number(8, 10);
  const hour = number(11, 13);
  const minute = number(14, 16);
  const second = number(17, 19);
  if (!(year >= 100 && month >= 1 && month <= 12 && hour < 24 && minute < 60 && second < 60))
    return undefined;
  const dashes = text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45 && text.charCodeAt(16) === 58;
  if (!dashes || (length === 26 && (text.charCodeAt(19) !== 46 || Number.isNaN(number(20, 26)))))
    return undefined;
  const milliseconds = length === 26 ? number(20, 23) : 0;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second, milliseconds));
  return date.getUTCDate() === day ? date : undefined;
}

function offsetMilliseconds(offset: string): number {
  if (offset.toUpperCase() === 'Z') return 0;
  const digits = offset.slice(1).replaceAll(':', '');
  const [hours, minutes, seconds] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4, 6)].map(Number);
  const total = ((hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)) * 1000;
  return offset.startsWith('-') ? -total : total;
}
