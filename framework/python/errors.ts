/** Python's errors that JavaScript has no counterpart of. */

/** Gives a subclass its own name, so that logs and debug pages show Python's. */
export abstract class NamedError extends Error {
  constructor(message = '', options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A key in the quotes that Python's `repr` gives it. */
function quoted(key: string): string {
  const quote = key.includes("'") && !key.includes('"') ? '"' : "'";
  return `${quote}${key}${quote}`;
}

/** A mapping has no such key. `message` is the key as Python's `repr` prints it: `'name'`. */
export class KeyError extends NamedError {
  readonly key: unknown;
  constructor(key: unknown, options?: ErrorOptions) {
    super(typeof key === 'string' ? quoted(key) : String(key), options);
    this.key = key;
  }
}

/** An object has no such attribute. */
export class AttributeError extends NamedError {}

/** An argument has the right type and an impossible value. */
export class ValueError extends NamedError {}

/** A result too large for its type, or an infinity where an integer is needed. Python: `OverflowError`. */
export class OverflowError extends NamedError {}

/** A division by zero. Python: `ZeroDivisionError`. */
export class ZeroDivisionError extends NamedError {}

/** Something within itself too often. Python: `RecursionError`. */
export class RecursionError extends NamedError {}

/** An index behind the end of a list. Python: `IndexError`. */
export class IndexError extends NamedError {}
