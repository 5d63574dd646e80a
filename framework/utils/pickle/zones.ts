/** What a zone's clock is ahead of UTC at a local time, as Python's `zoneinfo` decides it. */
import type { PlainDateTime } from '../datetime';

const formats = new Map<string, Intl.DateTimeFormat>();
const DAY = 86_400;

/** Node's zones are those of its ICU; an unknown name is a RangeError, so this map cannot grow without bound. */
function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
      era: 'short',
    });
    formats.set(zone, format);
  }
  return format;
}

/** Seconds east of UTC at a moment. */
function offsetAt(zone: string, epochSeconds: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(epochSeconds * 1000))
    parts[type] = Number(value);
  const local = new Date(0);
  local.setUTCFullYear(parts['year'] ?? 0, (parts['month'] ?? 1) - 1, parts['day'] ?? 1);
  local.setUTCHours(parts['hour'] ?? 0, parts['minute'] ?? 0, parts['second'] ?? 0);
  return local.getTime() / 1000 - epochSeconds;
}

/**
 * @param fold which of the two moments is meant when the clock was set back: false the first, true the second.
 * @throws RangeError if there is no such zone.
 */
export function offsetOfZone(local: PlainDateTime, zone: string, fold: boolean): number {
  const clock = local.seconds;
  const before = offsetAt(zone, clock - DAY);
  const after = offsetAt(zone, clock + DAY);
  if (before === after) return before;
  const beforeHolds = offsetAt(zone, clock - before) === before;
  const afterHolds = offsetAt(zone, clock - after) === after;
  if (beforeHolds === afterHolds) return fold ? after : before;
  return beforeHolds ? before : after;
}
