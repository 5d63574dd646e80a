/** In which time zone an instant is looked at. Django: `TimezoneMixin`. */
import { settings } from '../../../conf';
import { getCurrentTimezone } from '../../../utils/timezone';
import type { Field } from '../fields/base';

/** What functions of dates and times take. */
export interface TimezoneOptions {
  outputField?: Field;
  /** The name of the zone whose clocks are read; default: the current time zone. With USE_TZ only. */
  tzinfo?: string;
}

let reads = 0;

/** How often a zone was asked for: what is written without asking is written so in all of them. */
export function zoneReads(): number {
  return reads;
}

/** The zone that an instant is converted to; undefined where USE_TZ is off. */
export function zoneOf(tzinfo: string | undefined): string | undefined {
  reads += 1;
  if (!settings.USE_TZ) return undefined;
  const zone = tzinfo ?? getCurrentTimezone();
  // Fixed zones are called `UTC+03:00` in Python, `+0300` in Django.
  const [, sign, hours, minutes] = /^(?:UTC)?([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  return sign === undefined ? zone : `${sign}${hours}:${minutes}`;
}

/** The kind of a field of dates or times; undefined: it is none. */
export function temporalType(field: Field | undefined): string | undefined {
  const type = field?.internalType;
  return type !== undefined && TEMPORAL.has(type) ? type : undefined;
}

const TEMPORAL: ReadonlySet<string> = new Set(['DateField', 'DateTimeField', 'TimeField', 'DurationField']);
