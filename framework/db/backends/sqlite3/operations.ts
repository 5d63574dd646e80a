/** Django: `django.db.backends.sqlite3.operations`. */
import { DatabaseOperations } from '../base/operations';

export class SqliteOperations extends DatabaseOperations {
  readonly maxNameLength = null;

  sqlFlush(tables: readonly string[]): string[] {
    return tables.map((table) => `DELETE FROM ${this.quoteName(table)};`);
  }
}
