/**
 * What the clocks of a time zone show, from the zones of Node's ICU. Python: `zoneinfo`.
 *
 * ICU takes microseconds to answer, and a page asks for the same few days again and again: so the answer is kept for
 * each day (UTC) on which the clocks do not change.
 */

import { formatOffset, type PlainDateTime } from './datetime';
import { ValueError } from './errors';
import { knownAbbreviation } from './zone_names';

const DAY = 86_400;
const MAX_DAYS = 4096;
const MAX_ZONES = 1000;
const FIXED = /^([+-])(\d\d):?(\d\d)(?::?(\d\d))?$/;
const OFFSET = /([+-])(\d\d):(\d\d)(?::(\d\d))?$/;
/** English of different countries: each names the zones that its readers know, and the others by their offset. */
const LOCALES = ['en-US', 'en-CA', 'en-GB', 'en-AU', 'en-ZA', 'en-IN'];

/** There is no such time zone. Python: `zoneinfo.ZoneInfoNotFoundError`. */
export class ZoneInfoNotFoundError extends ValueError {}

function parseOffset(match: RegExpExecArray | null): number {
  if (match === null) return 0;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60 + Number(match[4] ?? 0);
  return match[1] === '-' ? -seconds : seconds;
}

/** A zone's answers for a local time that the clocks show twice or never: see PEP 495. */
export interface LocalOffsets {
  /** Before the change of the clocks. */
  readonly first: number;
  /** After it. The same as `first` at all other times. */
  readonly second: number;
}

/** A time zone. Get one with `getZone()`. */
export class Zone {
  private readonly fixed: number | null;
  private readonly days = new Map<number, number | null>();
  private readonly offsets: Intl.DateTimeFormat | undefined;
  private readonly abbreviations = new Map<string, string>();
  private readonly summers = new Map<string, boolean>();
  private longNames: Intl.DateTimeFormat | undefined;

  constructor(readonly name: string) {
    const fixed = FIXED.exec(name);
    this.fixed = fixed !== null ? parseOffset(fixed) : name === 'UTC' ? 0 : null;
    if (this.fixed === null) this.offsets = this.formatter('en-US', 'longOffset');
  }

  private formatter(locale: string, timeZoneName: 'longOffset' | 'short' | 'long'): Intl.DateTimeFormat {
    try {
      return new Intl.DateTimeFormat(locale, { timeZone: this.name, timeZoneName });
    } catch (error) {
      throw new ZoneInfoNotFoundError(`No time zone found with key ${this.name}`, { cause: error });
    }
  }

  private ask(epochSeconds: number): number {
    return parseOffset(OFFSET.exec(this.offsets?.format(epochSeconds * 1000) ?? ''));
  }

  /** Seconds east of UTC at a moment, which is given in seconds since the epoch. */
  offsetAt(epochSeconds: number): number {
    if (this.fixed !== null) return this.fixed;
    const day = Math.floor(epochSeconds / DAY);
    let offset = this.days.get(day);
    if (offset === undefined) {
      const start = this.ask(day * DAY);
      offset = start === this.ask((day + 1) * DAY - 1) ? start : null;
      if (this.days.size >= MAX_DAYS) this.days.clear();
      this.days.set(day, offset);
    }
    return offset ?? this.ask(epochSeconds);
  }

  /** Seconds east of UTC when the clocks show a local time. */
  offsetsOf(local: PlainDateTime): LocalOffsets {
    return this.offsetsAtClock(local.seconds);
  }

  /** The same, with the local time as the seconds since the epoch of a clock at UTC that shows it. */
  offsetsAtClock(clock: number): LocalOffsets {
    if (this.fixed !== null) return { first: this.fixed, second: this.fixed };
    const before = this.offsetAt(clock - DAY);
    const after = this.offsetAt(clock + DAY);
    if (before === after) return { first: before, second: before };
    const beforeHolds = this.offsetAt(clock - before) === before;
    const afterHolds = this.offsetAt(clock - after) === after;
    if (beforeHolds === afterHolds) return { first: before, second: after };
    const only = beforeHolds ? before : after;
    return { first: only, second: only };
  }

  /** The abbreviation at a moment: `CET`, `CDT`; `+07` where there is none. */
  abbreviationAt(epochSeconds: number): string {
    const offset = this.offsetAt(epochSeconds);
    if (this.name === 'UTC') return 'UTC';
    // Written without a colon it is one of getFixedTimezone(), which is called by its offset.
    if (/^[+-]\d{4}$/.test(this.name)) return this.name;
    if (this.fixed !== null) return `UTC${offset === 0 ? '' : formatOffset(offset)}`;
    const dst = this.isDst(epochSeconds);
    const key = `${offset} ${dst}`;
    let name = this.abbreviations.get(key);
    if (name === undefined) {
      name = this.findAbbreviation(epochSeconds, offset, dst);
      this.abbreviations.set(key, name);
    }
    return name;
  }

  private findAbbreviation(epochSeconds: number, offset: number, dst: boolean): string {
    const known = knownAbbreviation(this.name, offset, dst);
    if (known !== undefined) return known;
    for (const locale of LOCALES) {
      const name = nameIn(this.formatter(locale, 'short'), epochSeconds);
      if (!/^(?:GMT|UTC)[+-]/.test(name)) return name;
    }
    return formatOffset(offset).replace(':', '').replace(/00$/, '');
  }

  /** Whether it is daylight saving time at a moment. */
  isDst(epochSeconds: number): boolean {
    if (this.fixed !== null) return false;
    const offset = this.offsetAt(epochSeconds);
    // A zone that had the same offset all year has none; ICU need not be asked.
    const year = [91, 182, 273].map((days) => this.offsetAt(epochSeconds - days * DAY));
    if (year.every((other) => other === offset)) return false;
    const key = `${Math.floor(epochSeconds / DAY)} ${offset}`;
    let dst = this.summers.get(key);
    if (dst === undefined) {
      this.longNames ??= this.formatter('en-US', 'long');
      const name = nameIn(this.longNames, epochSeconds);
      dst = /daylight|summer/i.test(name);
      // Irish law calls summer the standard, and so does the IANA database.
      if (/^(?:Europe\/Dublin|Eire)$/.test(this.name)) dst = offset === 0;
      // A zone without a name: its clocks are ahead of what they were in some other season.
      else if (!dst && !/standard/i.test(name)) dst = offset > Math.min(...year);
      if (this.summers.size >= MAX_DAYS) this.summers.clear();
      this.summers.set(key, dst);
    }
    return dst;
  }
}

function nameIn(format: Intl.DateTimeFormat, epochSeconds: number): string {
  return format.formatToParts(epochSeconds * 1000).find((part) => part.type === 'timeZoneName')?.value ?? '';
}

const zones = new Map<string, Zone>();

/**
 * The zone of an IANA name, `UTC`, or an offset such as `+02:00`.
 *
 * @throws ZoneInfoNotFoundError
 */
export function getZone(name: string): Zone {
  let zone = zones.get(name);
  if (zone === undefined) {
    zone = new Zone(name);
    // Names may come from users, in any mixture of capitals.
    if (zones.size >= MAX_ZONES) zones.clear();
    zones.set(name, zone);
  }
  return zone;
}
