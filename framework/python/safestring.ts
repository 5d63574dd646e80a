/**
 * Django's `SafeString`, a subclass of Python's `str`: printing, comparing and pickling a `str` have to know it, so its class
 * is down here. JavaScript cannot subclass its strings cheaply, so it is a small object around one, which behaves as the
 * string wherever JavaScript converts it (`+`, template literals, `JSON.stringify`).
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
