/** Python's errors that JavaScript has no counterpart of, and core/exceptions no use for. */

/** A result too large for its type, or an infinity where an integer is needed. Python: `OverflowError`. */
export class OverflowError extends Error {
  override name = 'OverflowError';
}

/** A division by zero. Python: `ZeroDivisionError`. */
export class ZeroDivisionError extends Error {
  override name = 'ZeroDivisionError';
}

/** An index behind the end of a list. Python: `IndexError`. */
export class IndexError extends Error {
  override name = 'IndexError';
}
