/** What was asked of a database. Django: `queries_log` and `CursorDebugWrapper`. */
import { performance } from 'node:perf_hooks';
import { getLogger } from '../../utils/log';
import type { DatabaseWrapper } from './base/base';
import { inlineParameters } from './scripts';

/** A statement that was run. */
export interface LoggedQuery {
  /** With its parameters. */
  readonly sql: string;
  /** Seconds, with three decimals. */
  readonly time: string;
}

/** Beyond so many the oldest are forgotten. Django: `queries_limit`. */
const LIMIT = 9000;

/** The statements of one connection, and the logger `tsango.db.backends`. */
export class QueryLog {
  queries: LoggedQuery[] = [];
  /** How many there were before those that are kept. */
  forgotten = 0;

  constructor(private readonly connection: DatabaseWrapper) {}

  /** When a statement begins. */
  start(): number {
    return performance.now();
  }

  /** Notes a statement that has ended. */
  add(statement: string, params: readonly unknown[], started: number): void {
    const seconds = (performance.now() - started) / 1000;
    const sql = params.length === 0 ? statement : inlineParameters(statement, params, this.connection);
    this.queries.push({ sql, time: seconds.toFixed(3) });
    if (this.queries.length > LIMIT) {
      this.queries.shift();
      this.forgotten += 1;
    }
    const { alias } = this.connection;
    getLogger('tsango.db.backends').debug(
      `(${seconds.toFixed(3)}) ${statement}; args=${describe(params)}; alias=${alias}`,
      {
        duration: seconds,
        sql,
        params,
        alias,
      },
    );
  }

  /** Forgets them; whoever counts goes on counting. */
  clear(): void {
    this.forgotten += this.queries.length;
    this.queries = [];
  }
}

function describe(params: readonly unknown[]): string {
  return params.length === 0 ? 'None' : `(${params.map(String).join(', ')})`;
}
