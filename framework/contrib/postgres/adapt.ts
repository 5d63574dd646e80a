/** Values of a field as texts within an array, an hstore or a range, and back. */
import type { DatabaseWrapper } from '../../db/backends/base/base';
import type { Field } from '../../db/models/fields/base';

/** The text of a value as its field stores it. */
export function textOf(field: Field, value: unknown, connection: DatabaseWrapper): string | null {
  const stored = field.toDb(value, connection);
  if (stored === null || stored === undefined) return null;
  if (stored instanceof Date) return connection.ops.adaptDatetime(stored);
  if (stored instanceof Uint8Array) return `\\x${Buffer.from(stored).toString('hex')}`;
  return String(stored);
}

/** The value of a text that stood in an array or a range: read as the driver reads a column of the field. */
export function itemOf(field: Field, text: string | null, connection: DatabaseWrapper): unknown {
  if (text === null) return null;
  return field.fromDb(raw(field.internalType, text), connection);
}

/** What the driver makes of the text of a column. */
function raw(internalType: string, text: string): unknown {
  if (internalType === 'BooleanField') return text === 't';
  if (internalType === 'FloatField') return Number(text);
  if (internalType === 'BinaryField') return Buffer.from(text.slice(2), 'hex');
  if (/IntegerField$|AutoField$/.test(internalType)) {
    const number = Number(text);
    return Number.isSafeInteger(number) ? number : BigInt(text);
  }
  // With the offset that the server's text has.
  if (internalType === 'DateTimeField') return instant(text);
  return text;
}

function instant(text: string): Date {
  const { instantOf } =
    require('../../db/backends/datetimes') as typeof import('../../db/backends/datetimes');
  return instantOf(text);
}
