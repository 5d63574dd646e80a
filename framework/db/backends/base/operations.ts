/**
 * How a database wants things said. Django: `django.db.backends.base.operations`.
 */
import { settings } from '../../../conf';
import { formatIsoDatetime, instantOf } from '../datetimes';
import type { DatabaseWrapper } from './base';

/** SQL and value conventions of one database. */
export abstract class DatabaseOperations {
  constructor(protected readonly connection: DatabaseWrapper) {}

  /** The longest identifier; null: no limit. */
  abstract readonly maxNameLength: number | null;

  /** An identifier, quoted. */
  abstract quoteName(name: string): string;

  /** A table's or column's value, as SQL text. For statements that take no parameters (DDL defaults). */
  abstract quoteValue(value: unknown): string;

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
