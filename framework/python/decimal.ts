/**
 * Decimal numbers as Python's `decimal.Decimal` keeps them: every digit and the exponent, so `1.50` is not `1.5`.
 *
 * Only what templates and stored values need: reading, printing, comparing, rounding. Of arithmetic there is the sum.
 */
import { OverflowError, ValueError } from './errors';
import { rstrip } from './text';

/** The text is no decimal number. Python: `decimal.InvalidOperation`. */
export class InvalidOperation extends ValueError {}

/** The longest text of somebody else's that is read as a number: what is longer takes more than linear time. Python's limit for integers. */
export const MAX_NUMBER_LENGTH = 4300;

/** How `quantize` rounds: 5 away from zero, 5 to the even digit, or always towards zero. */
export type Rounding = 'half_up' | 'half_even' | 'down';

const NUMBER = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;
const SPECIAL = /^([+-]?)(inf(?:inity)?|s?nan\d*)$/i;

function pow10(n: number): bigint {
  return 10n ** BigInt(n);
}

/** `coefficient / 10^places` rounded to an integer. */
function shiftRight(coefficient: bigint, places: number, rounding: Rounding): bigint {
  // A number below half a unit is 0 whichever way it is rounded; this keeps 10**places small.
  if (places > coefficient.toString().length) return 0n;
  const unit = pow10(places);
  const quotient = coefficient / unit;
  const twice = (coefficient % unit) * 2n;
  if (rounding === 'down' || twice < unit) return quotient;
  if (twice > unit || rounding === 'half_up' || quotient % 2n === 1n) return quotient + 1n;
  return quotient;
}

/** A decimal number. Immutable; `coefficient` is its digits, without the sign. */
export class Decimal {
  /** The shift of the decimal point, or the kind of a value that is no number. */
  readonly exponent: number | 'NaN' | 'Infinity';

  private constructor(
    readonly negative: boolean,
    readonly coefficient: bigint,
    exponent: number | 'NaN' | 'Infinity',
  ) {
    this.exponent = exponent;
  }

  /** @throws InvalidOperation if the text is not a number. */
  static from(value: string | number | bigint): Decimal {
    const text = String(value).trim().replace(/_/g, '');
    const match = NUMBER.exec(text);
    if (match) {
      const fraction = match[3] ?? match[4] ?? '';
      const exponent = Number(match[5] ?? 0) - fraction.length;
      return new Decimal(match[1] === '-', BigInt((match[2] ?? '') + fraction), exponent);
    }
    const special = SPECIAL.exec(text);
    if (special) {
      return new Decimal(
        special[1] === '-',
        0n,
        (special[2] as string)[0]?.toLowerCase() === 'i' ? 'Infinity' : 'NaN',
      );
    }
    throw new InvalidOperation("[<class 'decimal.ConversionSyntax'>]");
  }

  /** The number that a double is exactly, to its last binary digit. */
  static exactly(value: number): Decimal {
    if (!Number.isFinite(value)) return Decimal.from(String(value));
    const bits = new DataView(new ArrayBuffer(8));
    bits.setFloat64(0, value);
    const high = bits.getBigUint64(0);
    const biased = Number((high >> 52n) & 0x7ffn);
    const fraction = high & 0xfffffffffffffn;
    let mantissa = biased === 0 ? fraction : fraction | 0x10000000000000n;
    let power = (biased === 0 ? 1 : biased) - 1075;
    // No more figures than it takes.
    for (; power < 0 && (mantissa & 1n) === 0n && mantissa !== 0n; power++) mantissa >>= 1n;
    if (mantissa === 0n) power = 0;
    const negative = value < 0 || Object.is(value, -0);
    if (power >= 0) return new Decimal(negative, mantissa << BigInt(power), 0);
    return new Decimal(negative, mantissa * 5n ** BigInt(-power), power);
  }

  static of(negative: boolean, coefficient: bigint, exponent: number): Decimal {
    return new Decimal(negative, coefficient, exponent);
  }

  get isFinite(): boolean {
    return typeof this.exponent === 'number';
  }

  get isZero(): boolean {
    return this.coefficient === 0n && this.isFinite;
  }

  /** How many digits the coefficient has; 0 has one. */
  get digits(): number {
    return this.coefficient.toString().length;
  }

  /** Whether there is nothing behind the decimal point. */
  get isIntegral(): boolean {
    if (typeof this.exponent !== 'number') return false;
    if (this.exponent >= 0 || this.coefficient === 0n) return true;
    const digits = this.coefficient.toString();
    return digits.length - rstrip(digits, '0').length >= -this.exponent;
  }

  /** Rounded to a multiple of `10^exponent`, and written with that exponent. */
  quantize(exponent: number, rounding: Rounding = 'half_even'): Decimal {
    if (typeof this.exponent !== 'number') return this;
    const coefficient =
      this.exponent >= exponent
        ? this.coefficient * pow10(this.exponent - exponent)
        : shiftRight(this.coefficient, exponent - this.exponent, rounding);
    return new Decimal(this.negative, coefficient, exponent);
  }

  abs(): Decimal {
    return new Decimal(false, this.coefficient, this.exponent);
  }

  negated(): Decimal {
    return new Decimal(!this.negative, this.coefficient, this.exponent);
  }

  /** The sum, with every digit: nothing is rounded. */
  plus(other: Decimal): Decimal {
    if (typeof this.exponent !== 'number') return this;
    if (typeof other.exponent !== 'number') return other;
    const exponent = Math.min(this.exponent, other.exponent);
    const at = (value: Decimal): bigint => {
      const size = value.coefficient * pow10((value.exponent as number) - exponent);
      return value.negative ? -size : size;
    };
    const sum = at(this) + at(other);
    return new Decimal(sum < 0n, sum < 0n ? -sum : sum, exponent);
  }

  /**
   * The integer part. Python's `int()`.
   *
   * @throws ValueError for NaN, OverflowError for an infinity.
   */
  toBigInt(): bigint {
    if (this.exponent === 'NaN') throw new ValueError('cannot convert NaN to integer');
    if (this.exponent === 'Infinity') throw new OverflowError('cannot convert Infinity to integer');
    const size = this.quantize(Math.max(this.exponent, 0), 'down');
    const whole =
      this.exponent >= 0
        ? size.coefficient * pow10(this.exponent)
        : shiftRight(this.coefficient, -this.exponent, 'down');
    return this.negative ? -whole : whole;
  }

  /** Negative, zero or positive, as this is below, equal to or above `other`; NaN if either is not a number. */
  compare(other: Decimal): number {
    if (this.exponent === 'NaN' || other.exponent === 'NaN') return Number.NaN;
    const sign = this.sign();
    const otherSign = other.sign();
    if (sign !== otherSign || sign === 0) return sign - otherSign;
    if (this.exponent === 'Infinity' || other.exponent === 'Infinity') {
      return this.exponent === other.exponent ? 0 : this.exponent === 'Infinity' ? sign : -sign;
    }
    // Different magnitudes first, so that 1e999999 against 1 builds no number of a million digits.
    const magnitude = this.digits + this.exponent - (other.digits + other.exponent);
    if (magnitude !== 0) return magnitude * sign;
    const exponent = Math.min(this.exponent, other.exponent);
    const difference =
      this.coefficient * pow10(this.exponent - exponent) -
      other.coefficient * pow10(other.exponent - exponent);
    return difference === 0n ? 0 : (difference > 0n ? 1 : -1) * sign;
  }

  private sign(): number {
    if (this.isZero) return 0;
    return this.negative ? -1 : 1;
  }

  toNumber(): number {
    return this.exponent === 'Infinity' ? (this.negative ? -Infinity : Infinity) : Number(this.toString());
  }

  valueOf(): number {
    return this.toNumber();
  }

  toJSON(): string {
    return this.toString();
  }

  /** As Python's `str`: plain digits, or scientific where the exponent is positive or the number very small. */
  toString(): string {
    const sign = this.negative ? '-' : '';
    if (typeof this.exponent !== 'number') return sign + this.exponent;
    const digits = this.coefficient.toString();
    const adjusted = this.exponent + digits.length - 1;
    if (this.exponent <= 0 && adjusted >= -6) return sign + plain(digits, this.exponent);
    return sign + this.scientific('E', 1);
  }

  /** Digits only, never scientific. Python's `format(d, 'f')`. */
  toFixed(): string {
    const sign = this.negative ? '-' : '';
    if (typeof this.exponent !== 'number') return sign + this.exponent;
    const digits = this.coefficient.toString();
    return sign + (this.exponent > 0 ? digits + '0'.repeat(this.exponent) : plain(digits, this.exponent));
  }

  /**
   * Rounded to so many decimal places, and written with all of them. Linear in what it returns: of zeros that only
   * fill it up no number is made.
   */
  toPlaces(places: number, rounding: Rounding = 'half_even'): string {
    if (typeof this.exponent !== 'number') return this.toFixed();
    const known = Math.max(-this.exponent, 0);
    if (places <= known) return this.quantize(-places, rounding).toFixed();
    return `${this.toFixed()}${known === 0 ? '.' : ''}${'0'.repeat(places - known)}`;
  }

  /** Digits with one before the point, and the exponent. Python's `format(d, 'e')`. */
  toScientific(): string {
    return (this.negative ? '-' : '') + this.scientific('e', 1);
  }

  private scientific(letter: string, whole: number): string {
    const digits = this.coefficient.toString();
    const adjusted = (this.exponent as number) + digits.length - 1;
    const mantissa = digits.length > whole ? `${digits.slice(0, whole)}.${digits.slice(whole)}` : digits;
    return `${mantissa}${letter}${adjusted < 0 ? '-' : '+'}${Math.abs(adjusted)}`;
  }

  repr(): string {
    return `Decimal('${this.toString()}')`;
  }
}

function plain(digits: string, exponent: number): string {
  if (exponent === 0) return digits;
  const padded = digits.padStart(1 - exponent, '0');
  return `${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}
