/**
 * The current time zone, and moving times between zones. Django: `django.utils.timezone`;
 * https://docs.djangoproject.com/en/5.2/topics/i18n/timezones/
 *
 * Zones are named: `'Europe/Paris'`, `'UTC'`, `'+02:00'`.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { settings } from '../conf';
import { ValueError } from '../core/exceptions';
import { formatOffset, PlainDate, PlainDateTime, toDatetime, ZonedDateTime } from '../python/datetime';
import { getZone } from '../python/zoneinfo';

export { ZoneInfoNotFoundError } from '../python/zoneinfo';

/** Coordinated Universal Time. */
export const UTC = 'UTC';

const active = new AsyncLocalStorage<string | undefined>();
/** Asking the storage costs more than the rest; most sites never activate a zone. */
let everActivated = false;

/** The zone at a fixed number of minutes east of UTC; its name, and abbreviation, is `+0200`. */
export function getFixedTimezone(minutes: number): string {
  return formatOffset(Math.trunc(minutes) * 60).replace(':', '');
}

/** TIME_ZONE. */
export function getDefaultTimezone(): string {
  return settings.TIME_ZONE;
}

/** The zone that was activated for this request, or TIME_ZONE. */
export function getCurrentTimezone(): string {
  return (everActivated ? active.getStore() : undefined) ?? settings.TIME_ZONE;
}

/** The name of the default zone. */
export const getDefaultTimezoneName = getDefaultTimezone;

/** The name of the current zone. */
export const getCurrentTimezoneName = getCurrentTimezone;

/**
 * Makes a zone the current one for the rest of the request (or other asynchronous context).
 *
 * @throws ZoneInfoNotFoundError
 */
export function activate(timeZone: string): void {
  getZone(timeZone);
  everActivated = true;
  active.enterWith(timeZone);
}

/** Back to TIME_ZONE. */
export function deactivate(): void {
  if (everActivated) active.enterWith(undefined);
}

/** Runs `body` in a zone; `null` for TIME_ZONE. */
export function override<T>(timeZone: string | null, body: () => T): T {
  if (timeZone !== null) getZone(timeZone);
  everActivated = true;
  return active.run(timeZone ?? undefined, body);
}

/** Whether a datetime has a zone. A `Date` has: UTC. */
export function isAware(value: Date | PlainDateTime): value is Date | ZonedDateTime {
  return value instanceof Date || value instanceof ZonedDateTime;
}

/** Whether a datetime has no zone. */
export function isNaive(value: Date | PlainDateTime): boolean {
  return !isAware(value);
}

/** A moment as the clocks of a zone show it. `microsecond` is its fraction of a second. */
export function atZone(epochSeconds: number, microsecond: number, timeZone: string): ZonedDateTime {
  const offset = getZone(timeZone).offsetAt(epochSeconds);
  return new ZonedDateTime(PlainDateTime.fromEpoch(epochSeconds + offset, microsecond), timeZone, offset);
}

/** The current moment: a `Date`, or with USE_TZ off what the clocks of TIME_ZONE show. */
export function now(): Date | PlainDateTime {
  const date = new Date();
  return settings.USE_TZ ? date : makeNaive(date, settings.TIME_ZONE);
}

/**
 * A moment in a zone, the current one where none is given.
 *
 * @throws ValueError for a datetime without a zone.
 */
export function localtime(
  value: Date | PlainDateTime = new Date(),
  timeZone = getCurrentTimezone(),
): ZonedDateTime {
  if (!isAware(value)) throw new ValueError('localtime() cannot be applied to a naive datetime');
  if (value instanceof ZonedDateTime) {
    return value.timeZone === timeZone ? value : atZone(value.epochSeconds, value.microsecond, timeZone);
  }
  const time = value.getTime();
  const seconds = Math.floor(time / 1000);
  return atZone(seconds, (time - seconds * 1000) * 1000, timeZone);
}

/** The date of a moment in a zone. */
export function localdate(
  value: Date | PlainDateTime = new Date(),
  timeZone = getCurrentTimezone(),
): PlainDate {
  const { year, month, day } = localtime(value, timeZone);
  return new PlainDate(year, month, day);
}

/**
 * The moment at which the clocks of a zone show a time: the first where they show it twice.
 *
 * @throws ValueError for a datetime that has a zone.
 */
export function makeAware(value: PlainDateTime, timeZone = getCurrentTimezone()): ZonedDateTime {
  if (isAware(value)) throw new ValueError(`make_aware expects a naive datetime, got ${String(value)}`);
  return new ZonedDateTime(value, timeZone, getZone(timeZone).offsetsOf(value).first);
}

/**
 * What the clocks of a zone show at a moment.
 *
 * @throws ValueError for a datetime without a zone.
 */
export function makeNaive(value: Date | PlainDateTime, timeZone = getCurrentTimezone()): PlainDateTime {
  if (!isAware(value)) throw new ValueError('make_naive() cannot be applied to a naive datetime');
  const local = localtime(value, timeZone);
  return new PlainDateTime(
    local.year,
    local.month,
    local.day,
    local.hour,
    local.minute,
    local.second,
    local.microsecond,
  );
}

/** A moment as templates show it: in the current zone, if USE_TZ (or `useTz`) says so. Other values unchanged. */
export function templateLocaltime(value: unknown, useTz?: boolean | null): unknown {
  if (!(value instanceof Date || value instanceof ZonedDateTime)) return value;
  if (!(useTz ?? settings.USE_TZ)) return value;
  if (value instanceof ZonedDateTime && value.convertToLocalTime === false) return value;
  return localtime(value);
}

/** Whether the clocks of a zone show a time twice, or never. */
export function isAmbiguousOrImaginary(value: PlainDateTime, timeZone: string): boolean {
  const { first, second } = getZone(timeZone).offsetsOf(toDatetime(value));
  return first !== second;
}
