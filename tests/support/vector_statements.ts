/** The statements that reach a database, noted where its driver takes them. */
import { Client } from 'pg';
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';

/** What Python's driver of PostgreSQL does by itself: a cursor is one statement to Django. */
const OF_CURSORS = /^(?:FETCH|CLOSE) /;

/** Savepoints, and looking for a content type, do not count: see the README of the vectors. */
const UNCOUNTED =
  /^\s*(?:SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|START|SET |PRAGMA)|^\s*SELECT.* FROM ["`]django_content_type/i;

/** What was sent since `clear`. */
export class StatementLog {
  private all: string[] = [];

  readonly note = (sql: string): void => {
    this.all.push(sql);
  };

  clear(): void {
    this.all = [];
  }

  get statements(): readonly string[] {
    return this.all;
  }

  get count(): number {
    return this.all.filter((sql) => !UNCOUNTED.test(sql) && !OF_CURSORS.test(sql)).length;
  }
}

type Run = (...args: unknown[]) => unknown;

/** What a synchronous SQLite driver compiles. */
interface Compiled {
  all: Run;
  lists?: Run;
  get: Run;
  run: Run;
  chunks?: Run;
}

interface Handle {
  prepare(sql: string): Compiled;
}

/** Notes what a synchronous SQLite connection runs from now on, until it is closed. */
export function noteSqlite(connection: DatabaseWrapper, log: StatementLog): void {
  const handle = (connection as unknown as { handle(): Handle }).handle();
  const prepare = handle.prepare.bind(handle);
  handle.prepare = (sql) => {
    const statement = prepare(sql);
    for (const name of ['all', 'lists', 'get', 'run', 'chunks'] as const) {
      const run = statement[name]?.bind(statement);
      if (run === undefined) continue;
      statement[name] = (...args: unknown[]) => {
        log.note(sql);
        return run(...args);
      };
    }
    return statement;
  };
}

/** Notes what PostgreSQL's driver sends; gives back what ends it. */
export function notePostgres(log: StatementLog): () => void {
  const prototype = Client.prototype as unknown as { query: Run };
  const { query } = prototype;
  prototype.query = function (this: unknown, ...args: unknown[]) {
    const [first] = args;
    const text = typeof first === 'string' ? first : (first as { text?: unknown }).text;
    log.note(String(text));
    return query.apply(this, args);
  };
  return () => {
    prototype.query = query;
  };
}
