/**
 * How a database wants things said. Django: `django.db.backends.base.operations`.
 */
import { settings } from '../../../conf';
import { ValueError } from '../../../core/exceptions';
import { formatIsoDatetime, instantOf } from '../datetimes';
import type { DatabaseWrapper } from './base';

/** SQL and value conventions of one database. */
export abstract class DatabaseOperations {
  constructor(protected readonly connection: DatabaseWrapper) {}

  /** The longest identifier; null: no limit. */
  abstract readonly maxNameLength: number | null;

  /** What stands around an identifier. */
  protected readonly quote: string = '"';

  /** An identifier, quoted; one that is quoted already stays as it is. */
  quoteName(name: string): string {
    const { quote } = this;
    return name.startsWith(quote) && name.endsWith(quote) && name.length > 1
      ? name
      : `${quote}${name.replaceAll(quote, quote + quote)}${quote}`;
  }

  /**
   * A table's or column's value, as SQL text. For statements that take no parameters (DDL defaults).
   *
   * @throws ValueError for a value that no column can hold.
   */
  quoteValue(value: unknown): string {
    if (value === null || value === undefined) return 'NULL';
    if (typeof value === 'boolean') return this.quoteBoolean(value);
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    if (typeof value === 'string') return this.quoteText(value);
    if (value instanceof Uint8Array) return this.quoteBytes(Buffer.from(value).toString('hex'));
    if (value instanceof Date) return `'${this.adaptDatetime(value)}'`;
    throw new ValueError(`Cannot quote parameter value ${String(value)} of type ${typeof value}`);
  }

  protected quoteBoolean(value: boolean): string {
    return value ? '1' : '0';
  }

  protected quoteText(value: string): string {
    return `'${value.replaceAll("'", "''")}'`;
  }

  protected quoteBytes(hex: string): string {
    return `X'${hex}'`;
  }

  /** The zone that the stored times of this connection are in; null where the column keeps the instant itself. */
  get storedTimeZone(): string {
    const own = this.connection.settingsDict.TIME_ZONE;
    if (own) return own;
    return settings.USE_TZ ? 'UTC' : settings.TIME_ZONE;
  }

  /** An instant as Django stores it: SQLite and MySQL `YYYY-MM-DD HH:MM:SS[.ffffff]` in the connection's zone. */
  adaptDatetime(date: Date): string {
    return formatIsoDatetime(date, this.storedTimeZone);
  }

  /** The instant of a stored value. @throws ValueError if it is none. */
  toDatetime(value: unknown): Date {
    return value instanceof Date ? value : instantOf(value, this.storedTimeZone);
  }

  /** The statements that empty these tables. */
  abstract sqlFlush(tables: readonly string[]): string[];

  /** What precedes the statements of a migration in `sqlmigrate`. */
  startTransactionSql(): string {
    return 'BEGIN;';
  }

  /** What ends them. */
  endTransactionSql(): string {
    return 'COMMIT;';
  }
}
