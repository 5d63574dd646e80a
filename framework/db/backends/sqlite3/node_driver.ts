/**
 * `node:sqlite` in the shape that our connection drives. What differs between its versions, and from `better-sqlite3`,
 * ends here. https://nodejs.org/api/sqlite.html
 */

import type { Row, RowValues } from '../base/base';
import { skipQuoted, splitStatements } from '../scripts';
import { returnsRows } from './common';
import { listWithNumbers, withNumbers } from './integers';
import type { FunctionOptions, OpenOptions, SyncDatabase, SyncStatement } from './sync_base';

/** The module, as far as it is needed: its types come with newer versions of `@types/node` than sites may have. */
export interface NodeSqlite {
  DatabaseSync: new (file: string, options: { readOnly: boolean }) => NativeDatabase;
}

interface NativeDatabase {
  /** Since Node 22.16. */
  readonly isTransaction?: boolean;
  prepare(sql: string): NativeStatement;
  exec(sql: string): void;
  close(): void;
  function(
    name: string,
    options: { deterministic: boolean; useBigIntArguments: boolean },
    call: (...given: never[]) => unknown,
  ): void;
  /** Since Node 22.16. */
  aggregate?(name: string, aggregate: object): void;
}

interface NativeStatement {
  all(...params: readonly unknown[]): Record<string, unknown>[];
  get(...params: readonly unknown[]): Record<string, unknown> | undefined;
  run(...params: readonly unknown[]): { changes: number; lastInsertRowid: number | bigint };
  /** Since Node 22.13. */
  iterate?(...params: readonly unknown[]): Iterable<Record<string, unknown>>;
  setReadBigInts(enabled: boolean): void;
  /** Since Node 22.16: whether rows are lists. */
  setReturnArrays?(enabled: boolean): void;
  /** Since Node 22.16. */
  columns?(): unknown[];
}

/** Before 24, a compiled statement keeps the number of columns that its tables had: more are lost, fewer fail. */
const COUNTS_ONCE = Number.parseInt(process.versions.node, 10) < 24;

class NodeSqliteStatement implements SyncStatement {
  readonly reader: boolean;
  private native: NativeStatement;
  private readonly parameters: number;
  /** Whether another schema gives it other columns, which Node does not notice. */
  private readonly varies: boolean;

  constructor(
    readonly database: NodeSqliteDatabase,
    private readonly connection: NativeDatabase,
    private readonly sql: string,
  ) {
    // Node would run the first and say nothing.
    const statements = sql.includes(';') ? splitStatements(sql, 'sqlite').length : 1;
    if (statements > 1) throw new RangeError('The supplied SQL string contains more than one statement');
    this.native = connection.prepare(sql);
    this.reader = this.native.columns ? this.native.columns().length > 0 : returnsRows(sql);
    this.parameters = countParameters(sql);
    this.varies = COUNTS_ONCE && sql.includes('*');
  }

  all(params: readonly unknown[]): unknown[] {
    this.check(params);
    return this.exactly((native) => native.all(...params)).map(withBuffers);
  }

  get(params: readonly unknown[]): unknown {
    this.check(params);
    const row = this.exactly((native) => native.get(...params));
    return row && withBuffers(row);
  }

  run(params: readonly unknown[]): { changes: number; lastInsertRowid: number | bigint } {
    this.check(params);
    return this.native.run(...params);
  }

  get lists(): ((params: readonly unknown[]) => RowValues[]) | undefined {
    return this.native.setReturnArrays === undefined ? undefined : this.allLists;
  }

  private allLists(params: readonly unknown[]): RowValues[] {
    this.check(params);
    return this.exactly((native) => {
      native.setReturnArrays?.(true);
      try {
        return native.all(...params);
      } finally {
        native.setReturnArrays?.(false);
      }
    }).map(withBuffers) as unknown as RowValues[];
  }

  *chunks(params: readonly unknown[], size: number, lists: boolean): Generator<unknown[], void, undefined> {
    this.check(params);
    if (this.native.iterate === undefined) {
      yield lists ? this.allLists(params) : this.all(params);
      return;
    }
    this.native.setReadBigInts(true);
    this.native.setReturnArrays?.(lists);
    let chunk: unknown[] = [];
    for (const row of this.native.iterate(...params)) {
      const numbered = Array.isArray(row) ? listWithNumbers(row) : withNumbers(row);
      if (chunk.push(withBuffers(numbered as Row)) < size) continue;
      yield chunk;
      chunk = [];
    }
    if (chunk.length > 0) yield chunk;
  }

  /** Node would bind NULL to the parameters that have no value. */
  private check(params: readonly unknown[]): void {
    if (params.length < this.parameters) throw new RangeError('Too few parameter values were provided');
    if (params.length > this.parameters) throw new RangeError('Too many parameter values were provided');
  }

  /** Node refuses integers that no number holds exactly, unless all come as bigints. */
  private exactly<T extends Record<string, unknown> | undefined | Record<string, unknown>[]>(
    read: (native: NativeStatement) => T,
  ): T {
    if (this.varies) this.native = this.connection.prepare(this.sql);
    try {
      return read(this.native);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_OUT_OF_RANGE' || !this.reader) throw error;
      this.native.setReadBigInts(true);
      try {
        const rows = read(this.native);
        for (const row of Array.isArray(rows) ? rows : [rows]) {
          if (Array.isArray(row)) listWithNumbers(row);
          else if (row !== undefined) withNumbers(row);
        }
        return rows;
      } finally {
        this.native.setReadBigInts(false);
      }
    }
  }
}

/** An open file. */
export class NodeSqliteDatabase implements SyncDatabase {
  open = true;
  private readonly native: NativeDatabase;

  constructor({ DatabaseSync }: NodeSqlite, file: string, { readonly, timeout }: OpenOptions) {
    this.native = new DatabaseSync(file, { readOnly: readonly });
    // As an option it is newer than the module.
    this.native.exec(`PRAGMA busy_timeout = ${timeout}`);
  }

  get inTransaction(): boolean {
    const { isTransaction } = this.native;
    if (isTransaction !== undefined) return isTransaction;
    try {
      // Takes no lock, and fails within a transaction.
      this.native.exec('BEGIN DEFERRED');
    } catch {
      return true;
    }
    this.native.exec('ROLLBACK');
    return false;
  }

  prepare(sql: string): SyncStatement {
    return new NodeSqliteStatement(this, this.native, sql);
  }

  exec(sql: string): void {
    this.native.exec(sql);
  }

  function(name: string, options: FunctionOptions, call: (...given: never[]) => unknown): void {
    const { deterministic, safeIntegers = false } = options;
    this.native.function(name, { deterministic, useBigIntArguments: safeIntegers }, call);
  }

  aggregate(name: string, aggregate: object): void {
    this.native.aggregate?.(name, aggregate);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.native.close();
  }
}

/** Bytes as Buffers, which the other drivers give. */
function withBuffers(row: Record<string, unknown>): Record<string, unknown> {
  for (const name in row) {
    const value = row[name];
    if (value instanceof Uint8Array && !Buffer.isBuffer(value)) {
      row[name] = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  }
  return row;
}

/** How many values a statement takes: its question marks, or the highest number behind one. */
function countParameters(sql: string): number {
  let count = 0;
  for (let at = sql.indexOf('?'), from = 0; at >= 0; at = sql.indexOf('?', from)) {
    for (; from < at; from = Math.max(from + 1, skipQuoted(sql, from, 'sqlite')));
    if (from > at) continue;
    const [, number = ''] = /^\?(\d{0,6})/.exec(sql.slice(at, at + 7)) ?? [];
    count = number === '' ? count + 1 : Math.max(count, Number(number));
    from = at + 1;
  }
  return count;
}
