/** SQLite files past the framework, and the driver of tests that need any one. */
import type BetterSqlite3 from 'better-sqlite3';

export type SqliteEngine = 'better-sqlite3' | 'node:sqlite' | 'sqlite3';

export const SQLITE_ENGINES: readonly SqliteEngine[] = ['better-sqlite3', 'node:sqlite', 'sqlite3'];

/** What tests use that need any synchronous driver: native ones are built for one version of Node. */
export const SQLITE_ENGINE = (process.env['SQLITE_ENGINE'] ?? 'better-sqlite3') as SqliteEngine;

/** A file as another process sees it. */
export interface OtherHandle {
  exec(sql: string): unknown;
  prepare(sql: string): { all(): unknown[]; get(): unknown };
  close(): unknown;
}

/** Opens a file past the framework. */
export function openFile(name: string): OtherHandle {
  if (SQLITE_ENGINE === 'node:sqlite') {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite') as unknown as {
      DatabaseSync: new (name: string) => OtherHandle;
    };
    return new DatabaseSync(name);
  }
  const Database = require('better-sqlite3') as typeof BetterSqlite3;
  return new Database(name);
}
