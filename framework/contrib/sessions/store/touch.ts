/** Sliding expiry: when a session that is only read has to be written, so that it does not end under its reader. */
import { settings } from '../../../conf';
import type { SessionState } from './state';

/** When this process last touched sessions whose store does not tell when they were written. */
const touched = new Map<string, number>();
const KEPT = 10_000;

/** Whether SESSION_TOUCH_INTERVAL has passed since the session was written. */
export function touchIsDue(state: SessionState): boolean {
  const interval = settings.SESSION_TOUCH_INTERVAL;
  if (interval === null || state.key === null || state.data === undefined) return false;
  const now = Math.floor(Date.now() / 1000);
  if (state.writtenAt !== undefined) return now - state.writtenAt >= interval;
  const last = touched.get(state.key);
  if (last !== undefined && now - last < interval) return false;
  touched.delete(state.key);
  touched.set(state.key, now);
  if (touched.size > KEPT) touched.delete(touched.keys().next().value as string);
  return true;
}
