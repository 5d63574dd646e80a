import { MaxLengthValidator, type Validator } from '../../../core/validators';
import { toStr, typeName } from '../../../python';
import { UUID } from '../../../python/types';
import type { DatabaseWrapper } from '../../backends/base/base';
import { Field } from './base';
import { BOOLEAN, type ErrorMessages, UUID as UUID_MESSAGES } from './messages';

/** True or false. */
export class BooleanField extends Field {
  readonly internalType = 'BooleanField';
  override readonly emptyStringsAllowed = false;

  protected override get defaultErrorMessages(): ErrorMessages {
    return { ...super.defaultErrorMessages, ...BOOLEAN };
  }

  override toPython(value: unknown): unknown {
    return this.getPrepValue(value, false);
  }

  /** Django's table: `'False'` is false, `'off'` is neither. @throws ValidationError. */
  override getPrepValue(value: unknown, acceptsNone = true): unknown {
    const isNone = value === null || value === undefined;
    if ((isNone && acceptsNone) || (this.null && this.isEmpty(value))) return null;
    if (value === true || value === 1 || value === 1n) return true;
    if (value === false || value === 0 || value === 0n) return false;
    if (value === 't' || value === 'True' || value === '1') return true;
    if (value === 'f' || value === 'False' || value === '0') return false;
    throw this.fault(this.null ? 'invalid_nullable' : 'invalid', { value: toStr(value) });
  }

  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    const known = this.getPrepValue(value);
    return known === null || connection.vendor === 'postgresql' ? known : Number(known);
  }

  override fromDb(value: unknown): unknown {
    return value === null || value === undefined ? null : Boolean(Number(value));
  }
}

/** Bytes: a Buffer. */
export class BinaryField extends Field {
  readonly internalType = 'BinaryField';

  protected override get optionDefaults(): Readonly<Record<string, unknown>> {
    return { ...super.optionDefaults, editable: false };
  }

  /** Nobody edits bytes. */
  override get editable(): boolean {
    return this.options.editable ?? false;
  }

  override isEmpty(value: unknown): boolean {
    return value === null || value === undefined || (value instanceof Uint8Array && value.length === 0);
  }

  protected override limitValidators(): readonly Validator[] {
    return this.maxLength === null ? [] : [new MaxLengthValidator(this.maxLength)];
  }

  /** A text is base64. */
  override toPython(value: unknown): unknown {
    return typeof value === 'string' ? Buffer.from(value, 'base64') : (value ?? null);
  }

  /** Base64. */
  override valueToString(instance: object): string {
    const value = this.valueFromObject(instance);
    return Buffer.from((value ?? '') as Uint8Array).toString('base64');
  }

  override getPrepValue(value: unknown): unknown {
    if (value === null || value === undefined || value instanceof Uint8Array) return value ?? null;
    if (value === '') return Buffer.alloc(0);
    throw new TypeError(
      `memoryview: a bytes-like object is required, not '${typeName(value)}' (field '${this.name}')`,
    );
  }

  override effectiveDefault(): unknown {
    const value = super.effectiveDefault();
    return value === '' ? Buffer.alloc(0) : value;
  }
}

/** A UUID: text with hyphens in JavaScript, 32 hexadecimal figures where the database has no type for it. */
export class UUIDField extends Field {
  readonly internalType = 'UUIDField';
  override readonly emptyStringsAllowed = false;

  protected override get defaultErrorMessages(): ErrorMessages {
    return { ...super.defaultErrorMessages, ...UUID_MESSAGES };
  }

  override toPython(value: unknown): unknown {
    const hex = this.getPrepValue(value) as string | null;
    return hex === null ? null : hyphenated(hex);
  }

  /** 32 hexadecimal figures, however they were written. @throws ValidationError. */
  override getPrepValue(value: unknown): unknown {
    if (value === null || value === undefined) return null;
    const hex = uuidText(value)
      .replace(/^urn:uuid:|[-{}]/gi, '')
      .toLowerCase();
    if (/^[0-9a-f]{32}$/.test(hex)) return hex;
    throw this.fault('invalid', { value: toStr(value) });
  }

  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    const hex = this.getPrepValue(value) as string | null;
    if (hex === null) return null;
    return connection.dataTypes['UUIDField'] === 'uuid' ? hyphenated(hex) : hex;
  }

  override fromDb(value: unknown): unknown {
    return typeof value === 'string' ? hyphenated(value.replaceAll('-', '').toLowerCase()) : value;
  }
}

/** A UUID as text; an integer is its number, as in Python. */
function uuidText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value instanceof UUID) return value.hex;
  if (typeof value !== 'bigint' && typeof value !== 'boolean' && !Number.isSafeInteger(value)) return '';
  const number = BigInt(value as bigint | number | boolean);
  return number < 0n ? '' : number.toString(16).padStart(32, '0');
}

function hyphenated(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
