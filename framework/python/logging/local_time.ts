/** Times as a log shows them. Python: `time.localtime`, `time.strftime`. */

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
const DAYS = 'Mon Tue Wed Thu Fri Sat Sun'.split(' ');
const zones = new Map<string, Intl.DateTimeFormat>();

function zoneFormat(zone: string): Intl.DateTimeFormat {
  let format = zones.get(zone);
  if (!format) {
    const parts = { year: 'numeric', month: '2-digit', day: '2-digit', weekday: 'short' } as const;
    const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: zone, ...parts, ...clock });
    zones.set(zone, format);
  }
  return format;
}

let localZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Says which zone local time is in; the process's own unless told otherwise. Python: `time.tzset`. */
export function setLocalZone(zone: () => string): void {
  localZone = zone;
}

/** A time of a clock on the wall. */
export interface WallTime {
  year: string;
  month: string;
  day: string;
  hour: number;
  minute: number;
  second: number;
  /** From Monday on, which is 0. */
  weekday: number;
}

function timeIn(zone: string, time: number): WallTime {
  const parts: Record<string, string> = {};
  for (const part of zoneFormat(zone).formatToParts(time)) parts[part.type] = part.value;
  const { year = '', month = '', day = '', hour = '', minute = '', second = '', weekday = '' } = parts;
  return {
    year,
    month,
    day,
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    weekday: DAYS.indexOf(weekday),
  };
}

/** A time, in milliseconds, where the site is. */
export function localTime(time: number): WallTime {
  return timeIn(localZone(), time);
}

/** A time, in milliseconds, in UTC. */
export function utcTime(time: number): WallTime {
  return timeIn('UTC', time);
}

/** A local time by a `strftime` format; UTC if that is asked for. */
export function strftime(time: number, format: string, utc = false): string {
  const { year, month, day, hour, minute, second, weekday } = utc ? utcTime(time) : localTime(time);
  const two = (number: number): string => String(number).padStart(2, '0');
  const fields: Record<string, string> = {
    Y: year,
    y: year.slice(-2),
    m: month,
    b: MONTHS[Number(month) - 1] ?? '',
    d: day,
    a: DAYS[weekday] ?? '',
    H: two(hour),
    I: two(hour % 12 || 12),
    p: hour < 12 ? 'AM' : 'PM',
    M: two(minute),
    S: two(second),
    f: `${String(((time % 1000) + 1000) % 1000).padStart(3, '0')}000`,
    '%': '%',
  };
  return format.replace(/%([A-Za-z%])/g, (directive, letter: string) => fields[letter] ?? directive);
}
