/** Fields of numbers. */
import { ValidationError, ValueError } from '../../../core/exceptions';
import { repr, toFloat, toInt, toStr } from '../../../python';
import { Decimal, InvalidOperation } from '../../../python/decimal';
import type { DatabaseWrapper } from '../../backends/base/base';
import { Field, type FieldOptions } from './base';

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

/** 32 bits. */
export class IntegerField extends Field {
  readonly internalType: string = 'IntegerField';
  override readonly emptyStringsAllowed = false;

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

  /** @throws ValidationError for what is no finite decimal number. */
  override getPrepValue(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    const refuse = (): never => {
      throw new ValidationError('“%(value)s” value must be a decimal number.', {
        code: 'invalid',
        params: { value: toStr(value) },
      });
    };
    if (value instanceof Decimal) return value.isFinite ? value : refuse();
    if (typeof value === 'number' || typeof value === 'bigint') {
      return Number.isFinite(Number(value)) ? Decimal.from(value) : refuse();
    }
    if (typeof value !== 'string' || value.length > MAX_DECIMAL_LENGTH) return refuse();
    try {
      const number = Decimal.from(value);
      return number.isFinite ? number : refuse();
    } catch {
      return refuse();
    }
  }

  /** @throws InvalidOperation for a number with more figures than the column keeps, as Django's `format_number`. */
  override toDb(value: unknown): unknown {
    const number = this.getPrepValue(value) as Decimal | null;
    if (number === null) return null;
    const { maxDigits, decimalPlaces } = this.options;
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

  override fromDb(value: unknown): unknown {
    if (value === null) return null;
    return typeof value === 'number' ? value.toFixed(this.options.decimalPlaces) : String(value);
  }

  protected override typeParameters(): Record<string, unknown> {
    const { maxDigits, decimalPlaces } = this.options;
    return { ...super.typeParameters(), max_digits: maxDigits, decimal_places: decimalPlaces };
  }
}
