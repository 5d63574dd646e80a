/** Django: `django.db.backends.postgresql.operations`. */
import { DatabaseOperations } from '../base/operations';
import { formatIsoDatetime } from '../datetimes';

export class PostgresOperations extends DatabaseOperations {
  /** The database cuts longer names itself. */
  readonly maxNameLength = 63;

  protected override quoteBoolean(value: boolean): string {
    return value ? 'true' : 'false';
  }

  protected override quoteText(value: string): string {
    const quoted = super.quoteText(value).replaceAll('\\', '\\\\');
    return value.includes('\\') ? ` E${quoted}` : quoted;
  }

  protected override quoteBytes(hex: string): string {
    return `'\\x${hex}'::bytea`;
  }

  override quoteValue(value: unknown): string {
    return value instanceof Date ? `${super.quoteValue(value)}::timestamptz` : super.quoteValue(value);
  }

  /** The column keeps the instant; the text says its offset. */
  override adaptDatetime(date: Date): string {
    return `${formatIsoDatetime(date)}+00:00`;
  }

  override patternColumn(column: string, ignoresCase: boolean): string {
    return ignoresCase ? `UPPER(${column}::text)` : `${column}::text`;
  }

  override like(column: string, pattern: string, ignoresCase: boolean): string {
    return `${column} LIKE ${ignoresCase ? `UPPER(${pattern})` : pattern}`;
  }

  sqlFlush(tables: readonly string[]): string[] {
    if (tables.length === 0) return [];
    return [`TRUNCATE ${tables.map((table) => this.quoteName(table)).join(', ')};`];
  }
}
