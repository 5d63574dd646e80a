/** What going through all sessions takes. */
import { setImmediate } from 'node:timers/promises';
import type { SessionDict } from './state';

/** Lets requests through before the next batch. */
export function pause(): Promise<void> {
  return setImmediate();
}

/** Whether a user is logged in in a session. Keys are compared as text: Django stores them so. */
export function belongsTo(data: SessionDict, userId: unknown): boolean {
  return Object.hasOwn(data, '_auth_user_id') && String(data['_auth_user_id']) === String(userId);
}
