/** SQLite through `better-sqlite3`, everything synchronous. Django: `django.db.backends.sqlite3.base`. */
import type BetterSqlite3 from 'better-sqlite3';
import { requireDriver } from '../utils';
import { exactly } from './integers';
import { type OpenOptions, type SyncDatabase, SyncSqliteWrapper } from './sync_base';

/** ENGINE `better-sqlite3`, and `django.db.backends.sqlite3`. */
export class BetterSqliteWrapper extends SyncSqliteWrapper {
  override loadDriver(): typeof BetterSqlite3 {
    return requireDriver(this, 'better-sqlite3', { probe: (driver) => new driver(':memory:').close() });
  }

  protected openFile(file: string, options: OpenOptions): SyncDatabase {
    const Database = this.loadDriver();
    return exactly(new Database(file, options) as unknown as SyncDatabase);
  }
}

/** What `connections` makes for the ENGINE. */
export { BetterSqliteWrapper as DatabaseWrapper };
