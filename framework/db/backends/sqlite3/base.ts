/** SQLite through `better-sqlite3`, everything synchronous. Django: `django.db.backends.sqlite3.base`. */
import type BetterSqlite3 from 'better-sqlite3';
import { requireDriver } from '../utils';
import { type OpenOptions, type SyncDatabase, SyncSqliteWrapper } from './sync_base';

/** ENGINE `better-sqlite3`, and `django.db.backends.sqlite3`. */
export class BetterSqliteWrapper extends SyncSqliteWrapper {
  protected openFile(file: string, options: OpenOptions): SyncDatabase {
    const Database = requireDriver<typeof BetterSqlite3>(this, 'better-sqlite3', {
      probe: (driver) => new driver(':memory:').close(),
    });
    return new Database(file, options) as unknown as SyncDatabase;
  }
}

/** What `connections` makes for the ENGINE. */
export { BetterSqliteWrapper as DatabaseWrapper };
