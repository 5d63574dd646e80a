/** Django: `django.db.backends.postgresql.operations`. */
import { ValueError } from '../../../core/exceptions';
import { DatabaseOperations } from '../base/operations';
import { formatIsoDatetime } from '../datetimes';

export class PostgresOperations extends DatabaseOperations {
  /** The database cuts longer names itself. */
  readonly maxNameLength = 63;

  quoteName(name: string): string {
    return name.startsWith('"') && name.endsWith('"') && name.length > 1
      ? name
      : `"${name.replaceAll('"', '""')}"`;
  }

  quoteValue(value: unknown): string {
    if (value === null || value === undefined) return 'NULL';
    if (typeof value === 'boolean') return value ? 'true' : 'false';
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (typeof value === 'string') {
      const quoted = `'${value.replaceAll("'", "''").replaceAll('\\', '\\\\')}'`;
      return value.includes('\\') ? ` E${quoted}` : quoted;
    }
    if (value instanceof Uint8Array) return `'\\x${Buffer.from(value).toString('hex')}'::bytea`;
    if (value instanceof Date) return `'${this.adaptDatetime(value)}'::timestamptz`;
    throw new ValueError(`Cannot quote parameter value ${String(value)} of type ${typeof value}`);
  }

  /** The column keeps the instant; the text says its offset. */
  override adaptDatetime(date: Date): string {
    return `${formatIsoDatetime(date)}+00:00`;
  }

  sqlFlush(tables: readonly string[]): string[] {
    if (tables.length === 0) return [];
    return [`TRUNCATE ${tables.map((table) => this.quoteName(table)).join(', ')};`];
  }
}
