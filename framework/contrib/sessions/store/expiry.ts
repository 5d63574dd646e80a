/** When a session ends. Custom expiry is kept in the session itself, under `_session_expiry`, as Django does. */
import { settings } from '../../../conf';
import { ValueError } from '../../../core/exceptions';
import { formatIsoDatetime, instantOf } from '../../../db/backends/datetimes';
import type { Duration } from '../../../utils/duration';

/** The key that custom expiry is kept under. */
export const EXPIRY_KEY = '_session_expiry';

/** What `setExpiry` takes: seconds of inactivity (0: until the browser closes), a moment, a time from now, or null. */
export type ExpiryValue = number | Date | Duration | null;

/** What `_session_expiry` holds: seconds, or a moment in ISO format. */
export type StoredExpiry = unknown;

/** The zone that a stored moment without offset is in. */
function zone(): string {
  return settings.TIME_ZONE || 'UTC';
}

/** A moment as Python's `timezone.now().isoformat()` writes it. */
export function isoMoment(date: Date): string {
  if (settings.USE_TZ) return `${formatIsoDatetime(date).replace(' ', 'T')}+00:00`;
  return formatIsoDatetime(date, zone()).replace(' ', 'T');
}

/** The moment of an expiry that is one; `undefined` for seconds, and for what nobody can read. */
export function expiryMoment(expiry: StoredExpiry): Date | undefined {
  if (expiry instanceof Date) return expiry;
  if (typeof expiry !== 'string') return undefined;
  try {
    return instantOf(expiry, zone());
  } catch {
    return undefined;
  }
}

/** What to store for a custom expiry. @throws ValueError for what is no time. */
export function storedExpiry(value: number | Date | Duration): number | string {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new ValueError('setExpiry() takes a finite number of seconds.');
    return value;
  }
  const moment = value instanceof Date ? value : new Date(Date.now() + value.totalSeconds() * 1000);
  if (Number.isNaN(moment.getTime())) throw new ValueError('setExpiry() takes a valid Date.');
  return isoMoment(moment);
}

/** Seconds from `modification` until the session ends. */
export function expiryAge(expiry: StoredExpiry, modification: number, cookieAge: number): number {
  const moment = expiryMoment(expiry);
  if (moment) return Math.floor((moment.getTime() - modification) / 1000);
  return typeof expiry === 'number' && expiry !== 0 ? expiry : cookieAge;
}

/** The moment at which the session ends. */
export function expiryDate(expiry: StoredExpiry, modification: number, cookieAge: number): Date {
  return (
    expiryMoment(expiry) ??
    new Date(modification + (typeof expiry === 'number' && expiry !== 0 ? expiry : cookieAge) * 1000)
  );
}
