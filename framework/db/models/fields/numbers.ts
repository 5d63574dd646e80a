/** Fields of numbers. */
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

/** 32 bits. */
export class IntegerField extends Field {
  readonly internalType: string = 'IntegerField';
  override readonly emptyStringsAllowed = false;

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

  override fromDb(value: unknown): unknown {
    return typeof value === 'string' ? Number(value) : value;
  }
}

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

  override toDb(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    return typeof value === 'number' ? value.toFixed(this.options.decimalPlaces) : String(value);
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
