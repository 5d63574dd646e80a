/** When something last changed, as sitemaps say it: a date or a datetime, of which the latest is sought. */
import { settings } from '../../conf';
import { type PlainDate, type PlainDateTime, secondsOf } from '../../python/datetime';
import { getDefaultTimezone, makeNaive } from '../../utils/timezone';

/** A date, or a date and time. */
export type Lastmod = Date | PlainDate | PlainDateTime;

/** What a row or a method says: without USE_TZ an instant has no zone, and is what clocks in TIME_ZONE show. */
export function lastmodOf(value: Lastmod | null | undefined): Lastmod | null {
  if (value instanceof Date && !settings.USE_TZ) return makeNaive(value, getDefaultTimezone());
  return value ?? null;
}

/** The latest; null where one is missing, or there is none. */
export function latestOf(values: Iterable<Lastmod | null | undefined>): Lastmod | null {
  let latest: Lastmod | null = null;
  for (const value of values) {
    if (value === null || value === undefined) return null;
    if (latest === null || secondsOf(value) > secondsOf(latest)) latest = value;
  }
  return latest;
}
