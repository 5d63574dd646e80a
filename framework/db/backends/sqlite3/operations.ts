/** Django: `django.db.backends.sqlite3.operations`. */
import { ValueError } from '../../../core/exceptions';
import { DatabaseOperations } from '../base/operations';

export class SqliteOperations extends DatabaseOperations {
  readonly maxNameLength = null;

  quoteName(name: string): string {
    return name.startsWith('"') && name.endsWith('"') && name.length > 1
      ? name
      : `"${name.replaceAll('"', '""')}"`;
  }

  quoteValue(value: unknown): string {
    if (value === null || value === undefined) return 'NULL';
    if (typeof value === 'boolean') return value ? '1' : '0';
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (typeof value === 'string') return `'${value.replaceAll("'", "''")}'`;
    if (value instanceof Uint8Array) return `X'${Buffer.from(value).toString('hex')}'`;
    if (value instanceof Date) return `'${this.adaptDatetime(value)}'`;
    throw new ValueError(`Cannot quote parameter value ${String(value)} of type ${typeof value}`);
  }

  sqlFlush(tables: readonly string[]): string[] {
    return tables.map((table) => `DELETE FROM ${this.quoteName(table)};`);
  }
}
