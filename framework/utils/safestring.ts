/**
 * Strings that need no further escaping in HTML.
 *
 * Django: `django.utils.safestring`. Python subclasses `str`; JavaScript cannot do that cheaply, so a safe string
 * is a small object around one. It behaves as the string wherever JavaScript converts it (`+`, template
 * literals, `JSON.stringify`), and only the template engine and `escape()` look at its class.
 */

/** A string that is HTML already. `value` is the text. */
export class SafeString {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }

  /** In UTF-16 units, as a JavaScript string's; `len()` of python counts as Python does. */
  get length(): number {
    return this.value.length;
  }

  toString(): string {
    return this.value;
  }

  valueOf(): string {
    return this.value;
  }

  toJSON(): string {
    return this.value;
  }

  [Symbol.iterator](): IterableIterator<string> {
    return this.value[Symbol.iterator]();
  }
}

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
