/** Fields of numbers. */
import { ValueError } from '../../../core/exceptions';
import {
  DecimalValidator,
  MaxValueValidator,
  MinValueValidator,
  type Validator,
} from '../../../core/validators';
import { floatRepr, pyCompare, repr, toFloat, toInt, toStr } from '../../../python';
import { Decimal, InvalidOperation } from '../../../python/decimal';
import type { DatabaseWrapper } from '../../backends/base/base';
import { connections } from '../../connections';
import { Field, type FieldOptions } from './base';
import type { Deconstructed } from './deconstruct';
import { DECIMAL, type ErrorMessages, FLOAT, INTEGER } from './messages';

/** A whole number, as JavaScript has it: a bigint only where a number would lose figures. */
function wholeNumber(value: unknown): unknown {
  if (typeof value === 'bigint' || (typeof value === 'string' && value.trim() !== '')) {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : BigInt(value);
  }
  return value;
}

/** Python's error for a value that is no number, naming the field. */
function numberExpected(field: Field, value: unknown, cause: unknown): Error {
  const Class = cause instanceof TypeError ? TypeError : ValueError;
  return new Class(`Field '${field.name}' expected a number but got ${repr(value)}.`, { cause });
}

/** Whether a validator of that kind says as much already. */
function says(
  validators: readonly Validator[],
  Class: typeof MinValueValidator | typeof MaxValueValidator,
  limit: number | bigint,
): boolean {
  return validators.some((validator) => {
    if (!(validator instanceof Class)) return false;
    const own = typeof validator.limitValue === 'function' ? validator.limitValue() : validator.limitValue;
    const order = pyCompare(own, limit);
    return Class === MinValueValidator ? order >= 0 : order <= 0;
  });
}

/** 32 bits. */
export class IntegerField extends Field {
  readonly internalType: string = 'IntegerField';
  override readonly emptyStringsAllowed = false;

  protected override get defaultErrorMessages(): ErrorMessages {
    return { ...super.defaultErrorMessages, ...INTEGER };
  }

  /** What the default database's column keeps. */
  protected override limitValidators(): readonly Validator[] {
    const [min, max] = connections.get().ops.integerFieldRange(this.internalType);
    const own = this.options.validators ?? [];
    return [
      ...(says(own, MinValueValidator, min) ? [] : [new MinValueValidator(min)]),
      ...(says(own, MaxValueValidator, max) ? [] : [new MaxValueValidator(max)]),
    ];
  }

  override toPython(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    try {
      return toInt(value);
    } catch (error) {
      if (!(error instanceof ValueError) && !(error instanceof TypeError)) throw error;
      throw this.fault('invalid', { value });
    }
  }

  override getPrepValue(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    try {
      return toInt(value);
    } catch (error) {
      throw numberExpected(this, value, error);
    }
  }

  override fromDb(value: unknown): unknown {
    return wholeNumber(value);
  }
}

/** 64 bits. */
export class BigIntegerField extends IntegerField {
  override readonly internalType: string = 'BigIntegerField';
}

/** 16 bits. */
export class SmallIntegerField extends IntegerField {
  override readonly internalType: string = 'SmallIntegerField';
}

/** Not negative. A foreign key to one has its type on MySQL, where signs must agree. */
abstract class PositiveField extends IntegerField {
  protected abstract readonly signedType: string;

  override relDbType(connection: DatabaseWrapper): string | null {
    return connection.vendor === 'mysql'
      ? this.dbType(connection)
      : (connection.dataTypes[this.signedType] ?? null);
  }
}

/** 0 to 2147483647. */
export class PositiveIntegerField extends PositiveField {
  override readonly internalType = 'PositiveIntegerField';
  protected readonly signedType = 'IntegerField';
}

/** 0 to 32767. */
export class PositiveSmallIntegerField extends PositiveField {
  override readonly internalType = 'PositiveSmallIntegerField';
  protected readonly signedType = 'SmallIntegerField';
}

/** 0 to 9223372036854775807. */
export class PositiveBigIntegerField extends PositiveField {
  override readonly internalType = 'PositiveBigIntegerField';
  protected readonly signedType = 'BigIntegerField';
}

/** A primary key that the database counts up. */
export class AutoField extends IntegerField {
  override readonly internalType: string = 'AutoField';
  protected readonly referredType: string = 'IntegerField';

  override deconstruct(): Deconstructed {
    const [name, path, args, { blank: _blank, ...kwargs }] = super.deconstruct();
    return [name, path, args, { ...kwargs, primaryKey: true }];
  }

  override get blank(): boolean {
    return true;
  }

  /** The database makes it. */
  override validate(): void {}

  override get isAuto(): boolean {
    return true;
  }

  override relDbType(connection: DatabaseWrapper): string | null {
    return connection.dataTypes[this.referredType] ?? null;
  }
}

/** A 64-bit AutoField. */
export class BigAutoField extends AutoField {
  override readonly internalType = 'BigAutoField';
  protected override readonly referredType = 'BigIntegerField';
}

/** A 16-bit AutoField. */
export class SmallAutoField extends AutoField {
  override readonly internalType = 'SmallAutoField';
  protected override readonly referredType = 'SmallIntegerField';
}

/** A floating-point number. */
export class FloatField extends Field {
  readonly internalType = 'FloatField';
  override readonly emptyStringsAllowed = false;

  protected override get defaultErrorMessages(): ErrorMessages {
    return { ...super.defaultErrorMessages, ...FLOAT };
  }

  override toPython(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    try {
      return toFloat(value);
    } catch (error) {
      if (!(error instanceof ValueError) && !(error instanceof TypeError)) throw error;
      throw this.fault('invalid', { value });
    }
  }

  override valueToString(instance: object): string {
    const value = this.valueFromObject(instance);
    return typeof value === 'number' ? floatRepr(value) : toStr(value);
  }

  override getPrepValue(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    try {
      return toFloat(value);
    } catch (error) {
      throw numberExpected(this, value, error);
    }
  }

  /** PostgreSQL keeps NaN and the infinities; SQLite and MySQL have none (Django's SQLite makes NULL of NaN). */
  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    const number = this.getPrepValue(value);
    if (typeof number !== 'number' || Number.isFinite(number)) return number;
    if (connection.vendor === 'postgresql') return String(number);
    if (Number.isNaN(number) && connection.vendor === 'sqlite') return null;
    throw numberExpected(this, value, undefined);
  }

  override fromDb(value: unknown): unknown {
    return typeof value === 'string' ? Number(value) : value;
  }
}

/** A longer text is no number that any column keeps. */
const MAX_DECIMAL_LENGTH = 1000;

/** A float with so many figures at most. Python: `Context(prec=…).create_decimal_from_float()`. */
function rounded(value: number, figures: number): Decimal {
  const exact = Decimal.exactly(value);
  if (!exact.isFinite) return exact;
  const excess = exact.digits - figures;
  return excess > 0 ? exact.quantize((exact.exponent as number) + excess) : exact;
}

/** So many decimal figures a float has for sure. */
const FLOAT_FIGURES = 15;

/** What a DecimalField takes. */
export interface DecimalFieldOptions extends FieldOptions {
  maxDigits: number;
  decimalPlaces: number;
}

/** An exact number of `maxDigits` figures, `decimalPlaces` of them behind the point: a string in JavaScript. */
export class DecimalField extends Field {
  readonly internalType = 'DecimalField';
  override readonly emptyStringsAllowed = false;
  declare readonly options: Readonly<DecimalFieldOptions>;

  constructor(verboseName: string | DecimalFieldOptions, options?: DecimalFieldOptions) {
    super(verboseName, options);
  }

  protected override get defaultErrorMessages(): ErrorMessages {
    return { ...super.defaultErrorMessages, ...DECIMAL };
  }

  protected override limitValidators(): readonly Validator[] {
    const { maxDigits, decimalPlaces } = this.options;
    return [new DecimalValidator(maxDigits ?? null, decimalPlaces ?? null)];
  }

  /** The number as text. @throws ValidationError for what is no finite decimal number. */
  override toPython(value: unknown): unknown {
    const number = this.getPrepValue(value) as Decimal | null;
    return number === null ? null : number.toString();
  }

  /** @throws ValidationError for what is no finite decimal number. */
  override getPrepValue(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    const number = this.decimalOf(value);
    if (number?.isFinite) return number;
    throw this.fault('invalid', { value: toStr(value) });
  }

  private decimalOf(value: unknown): Decimal | undefined {
    if (value instanceof Decimal) return value;
    if (typeof value === 'bigint') return Decimal.from(value);
    if (typeof value === 'number' || value instanceof Number) {
      return rounded(value.valueOf(), this.options.maxDigits ?? 28);
    }
    if (typeof value !== 'string' || value.length > MAX_DECIMAL_LENGTH) return undefined;
    try {
      return Decimal.from(value);
    } catch {
      return undefined;
    }
  }

  /** @throws InvalidOperation for a number with more figures than the column keeps, as Django's `format_number`. */
  override toDb(value: unknown): unknown {
    const number = this.getPrepValue(value) as Decimal | null;
    if (number === null) return null;
    const { maxDigits, decimalPlaces } = this.options as Partial<DecimalFieldOptions>;
    // One of an expression has no limits.
    if (maxDigits === undefined || decimalPlaces === undefined) return number.toString();
    // Before it is written out: `1e999999` is short, and a million figures are not.
    const tooLarge =
      !number.isZero && number.digits + (number.exponent as number) > maxDigits - decimalPlaces;
    const rounded = tooLarge ? number : number.quantize(-decimalPlaces);
    if (tooLarge || rounded.digits > Math.max(maxDigits, 1)) {
      throw new InvalidOperation(
        `${this.toString()}: a number of more than ${maxDigits} figures, ${decimalPlaces} of them behind the point.`,
      );
    }
    return rounded.toString();
  }

  /** What is compared with the column may have more figures. */
  override lookupToDb(value: unknown): unknown {
    return (this.getPrepValue(value) as Decimal | null)?.toString() ?? null;
  }

  override fromDb(value: unknown): unknown {
    if (value === null) return null;
    const { decimalPlaces } = this.options;
    if (typeof value !== 'number' || decimalPlaces === undefined) return String(value);
    // What SQLite has is a float, of which fifteen figures say what was stored.
    return Math.abs(value) < 10 ** (FLOAT_FIGURES - decimalPlaces)
      ? value.toFixed(decimalPlaces)
      : rounded(value, FLOAT_FIGURES).quantize(-decimalPlaces).toString();
  }

  /** A decimal of an expression has no limits. */
  protected override interpolate(template: string, connection: DatabaseWrapper): string {
    const limited = this.options.maxDigits !== undefined;
    return limited ? super.interpolate(template, connection) : (template.split('(')[0] as string);
  }

  protected override typeParameters(): Record<string, unknown> {
    const { maxDigits, decimalPlaces } = this.options;
    return { ...super.typeParameters(), max_digits: maxDigits, decimal_places: decimalPlaces };
  }
}
