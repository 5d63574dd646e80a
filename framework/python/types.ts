/**
 * JavaScript's side of Python values: what a template, a session, a cache entry and a database row share.
 *
 * | Python | here |
 * | --- | --- |
 * | `None`, `True`, `str` | `null` (and `undefined`), `true`, `string` |
 * | `str` marked safe | `SafeString` (utils/safestring) |
 * | `int` | an integral `number`; `bigint` beyond 2^53 |
 * | `float` | a `number` with a fraction, `NaN`, `Infinity`; `PyFloat` where it is integral and must stay a float |
 * | `list`, `tuple` | `Array`, `Tuple` |
 * | `dict` | a plain object, or a `Map` |
 * | `set` | `Set` |
 * | `bytes` | `Uint8Array` (a `Buffer` is one) |
 * | `datetime`, aware | `Date`; `ZonedDateTime` where the zone or microseconds matter |
 * | `datetime`, naive; `date`; `time` | `PlainDateTime`, `PlainDate`, `PlainTime` |
 * | `timedelta` | `Duration` |
 * | `Decimal` | `Decimal` |
 * | `UUID` | `UUID` |
 */
import { ValueError } from './errors';
import { floatRepr } from './float';

export { PlainDate, PlainDateTime, PlainTime, ZonedDateTime } from './datetime';
export { Decimal } from './decimal';
export { Duration } from './timedelta';

/** A Python tuple: an array that prints in parentheses. Iteration, indexes and `JSON.stringify` are an array's. */
export class Tuple<T = unknown> extends Array<T> {
  /** What `map`, `filter` and `slice` give is a plain array. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** The tuple of some items. (`new Tuple(3)` would be three holes, as `new Array(3)` is.) */
export function tuple<T>(items: Iterable<T>): Tuple<T> {
  const made = new Tuple<T>();
  for (const item of items) made.push(item);
  return made;
}

/**
 * A Python float whose value is integral, so that it still prints as `1.0`. It is a boxed number: arithmetic,
 * comparison with `<` and `JSON.stringify` see the number. Make one with `pyFloat()`.
 */
export class PyFloat extends Number {
  override toString(): string {
    return floatRepr(this.valueOf());
  }
}

/** A float, boxed only where a plain number would be taken for an int. */
export function pyFloat(value: number): number | PyFloat {
  return Number.isInteger(value) ? new PyFloat(value) : value;
}

const HEX32 = /^[0-9a-f]{32}$/;

/** A UUID. `new UUID(text)` takes it with or without dashes, braces or `urn:uuid:`. */
export class UUID {
  /** 32 hexadecimal digits. */
  readonly hex: string;

  /** @throws ValueError if the text is not a UUID. */
  constructor(text: string) {
    const hex = text.toLowerCase().replace(/^urn:|uuid:|[{}-]/g, '');
    if (!HEX32.test(hex)) throw new ValueError('badly formed hexadecimal UUID string');
    this.hex = hex;
  }

  toString(): string {
    return this.hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  }

  toJSON(): string {
    return this.toString();
  }

  repr(): string {
    return `UUID('${this.toString()}')`;
  }
}
