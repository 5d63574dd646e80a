/** Fields that are neither text nor number nor date. */
import type { DatabaseWrapper } from '../../backends/base/base';
import { Field } from './base';

/** True or false. */
export class BooleanField extends Field {
  readonly internalType = 'BooleanField';
  override readonly emptyStringsAllowed = false;

  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    if (value === null || value === undefined) return null;
    return connection.vendor === 'postgresql' ? Boolean(value) : Number(Boolean(value));
  }

  override fromDb(value: unknown): unknown {
    return value === null || value === undefined ? null : Boolean(Number(value));
  }
}

/** Bytes: a Buffer. */
export class BinaryField extends Field {
  readonly internalType = 'BinaryField';

  override effectiveDefault(): unknown {
    const value = super.effectiveDefault();
    return value === '' ? Buffer.alloc(0) : value;
  }
}

/** A JSON value. */
export class JSONField extends Field {
  readonly internalType = 'JSONField';
  override readonly emptyStringsAllowed = false;

  override toDb(value: unknown): unknown {
    return value === undefined || value === null ? null : JSON.stringify(value);
  }

  override fromDb(value: unknown): unknown {
    return typeof value === 'string' ? JSON.parse(value) : value;
  }
}

/** A UUID: text with hyphens in JavaScript, 32 hexadecimal figures where the database has no type for it. */
export class UUIDField extends Field {
  readonly internalType = 'UUIDField';
  override readonly emptyStringsAllowed = false;

  override toDb(value: unknown, connection: DatabaseWrapper): unknown {
    if (value === null || value === undefined) return null;
    const hex = String(value).replaceAll('-', '').toLowerCase();
    return connection.dataTypes['UUIDField'] === 'uuid' ? hyphenated(hex) : hex;
  }

  override fromDb(value: unknown): unknown {
    return typeof value === 'string' ? hyphenated(value.replaceAll('-', '').toLowerCase()) : value;
  }
}

function hyphenated(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** An IPv4 or IPv6 address. */
export class GenericIPAddressField extends Field {
  readonly internalType = 'GenericIPAddressField';
  override readonly emptyStringsAllowed = false;
}
