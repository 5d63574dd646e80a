/**
 * Strings that need no further escaping in HTML. Django: `django.utils.safestring`. Only the template engine and
 * `escape()` look at the class.
 */
import { SafeString } from '../python/safestring';

export { SafeString } from '../python/safestring';

/** A string, safe or not. */
export type Text = string | SafeString;

/** An object that knows its own HTML: the `__html__` of Django and markupsafe. */
export interface HasHtml {
  toHTML(): string;
}

/** Whether a value is HTML already and must not be escaped again. */
export function isSafe(value: unknown): value is SafeString {
  return value instanceof SafeString;
}

/**
 * Declares a string to be safe in HTML. Given a function, wraps it so that what it returns is safe.
 *
 * Never give it text that a user wrote: build HTML from such text with `formatHtml()`.
 */
export function markSafe(value: Text): SafeString;
export function markSafe<A extends unknown[]>(value: (...args: A) => Text): (...args: A) => SafeString;
export function markSafe<A extends unknown[]>(
  value: Text | ((...args: A) => Text),
): SafeString | ((...args: A) => SafeString) {
  if (value instanceof SafeString) return value;
  if (typeof value === 'function') return (...args: A) => markSafe(value(...args));
  return new SafeString(typeof value === 'string' ? value : String(value));
}
