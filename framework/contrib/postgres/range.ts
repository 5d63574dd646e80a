/** A range of values. */

/** Which of its ends a range has: `[` and `]` have them. */
export type RangeBounds = '[)' | '(]' | '[]' | '()';

/**
 * The values from one to another; null is an end that is nowhere. Python: `psycopg`'s `Range`.
 *
 * @example `new Range(1, 10)` has 1 and not 10; `new Range(1, 10, '[]')` has both; `Range.empty()` has none.
 */
export class Range<out T = unknown> {
  readonly isEmpty: boolean = false;
  /** Which ends it has; one that is nowhere it has not. */
  readonly bounds: RangeBounds;

  constructor(
    readonly lower: T | null = null,
    readonly upper: T | null = null,
    bounds: RangeBounds = '[)',
  ) {
    const [start, end] = bounds;
    this.bounds = `${lower === null ? '(' : start}${upper === null ? ')' : end}` as RangeBounds;
  }

  /** The range that nothing is in. */
  static empty<T>(): Range<T> {
    return Object.assign(new Range<T>(), { isEmpty: true });
  }

  /** The range whose ends are what a function makes of these; an end that is nowhere stays so. */
  map<U>(convert: (end: T) => U): Range<U> {
    if (this.isEmpty) return Range.empty<U>();
    const [lower, upper] = [this.lower, this.upper].map((end) => (end === null ? null : convert(end)));
    return new Range<U>(lower, upper, this.bounds);
  }

  get lowerInf(): boolean {
    return !this.isEmpty && this.lower === null;
  }

  get upperInf(): boolean {
    return !this.isEmpty && this.upper === null;
  }

  get lowerInc(): boolean {
    return !this.isEmpty && this.lower !== null && this.bounds.startsWith('[');
  }

  get upperInc(): boolean {
    return !this.isEmpty && this.upper !== null && this.bounds.endsWith(']');
  }

  toString(): string {
    if (this.isEmpty) return 'empty';
    return `${this.bounds[0]}${String(this.lower)}, ${String(this.upper)}${this.bounds[1]}`;
  }
}
