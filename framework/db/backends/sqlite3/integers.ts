/**
 * SQLite's integers have 64 bits. The drivers give the nearest number, or bigints for all; here an integer is a number,
 * and a bigint only where no number is it.
 */
import type { Row } from '../base/base';
import type { SyncDatabase, SyncStatement } from './sync_base';

/** A statement of `better-sqlite3`, as far as it is needed here. */
interface NativeStatement extends SyncStatement {
  /** Whether it changes nothing, and can be run twice. */
  readonly readonly: boolean;
  safeIntegers(enabled: boolean): unknown;
  iterate(params: readonly unknown[]): Iterable<unknown>;
}

/** Whether every number of a row is what the database has: one that is too large for that may have been rounded. */
function isExact(row: Row): boolean {
  for (const name in row) {
    const value = row[name];
    if (typeof value === 'number' && (value > Number.MAX_SAFE_INTEGER || value < Number.MIN_SAFE_INTEGER)) {
      return false;
    }
  }
  return true;
}

/** Integers that were read as bigints: numbers again, where a number is the same. */
export function withNumbers<T extends Row>(row: T): T {
  for (const name in row) {
    const value: unknown = row[name];
    if (typeof value === 'bigint' && Number.isSafeInteger(Number(value)))
      Object.assign(row, { [name]: Number(value) });
  }
  return row;
}

/** A statement whose rows have every integer as it is stored. */
export class ExactStatement implements SyncStatement {
  readonly database: SyncDatabase;
  readonly reader: boolean;
  /** What RETURNING gives can be read once only. */
  private readonly once: boolean;

  constructor(private readonly native: NativeStatement) {
    this.database = native.database;
    this.reader = native.reader;
    this.once = native.reader && !native.readonly;
    if (this.once) native.safeIntegers(true);
  }

  all(params: readonly unknown[]): Row[] {
    const rows = this.native.all(params) as Row[];
    if (this.once) return rows.map(withNumbers);
    return rows.every(isExact) ? rows : this.again(() => this.native.all(params) as Row[]).map(withNumbers);
  }

  get(params: readonly unknown[]): Row | undefined {
    const row = this.native.get(params) as Row | undefined;
    if (row === undefined) return undefined;
    if (this.once) return withNumbers(row);
    return isExact(row) ? row : withNumbers(this.again(() => this.native.get(params) as Row));
  }

  /** As they come: what was rounded could not be read again, so every integer is a bigint first. */
  *iterate(params: readonly unknown[]): Generator<Row, void, undefined> {
    this.native.safeIntegers(true);
    try {
      for (const row of this.native.iterate(params)) yield withNumbers(row as Row);
    } finally {
      if (!this.once) this.native.safeIntegers(false);
    }
  }

  run(params: readonly unknown[]): ReturnType<SyncStatement['run']> {
    return this.native.run(params);
  }

  private again<T>(read: () => T): T {
    this.native.safeIntegers(true);
    try {
      return read();
    } finally {
      this.native.safeIntegers(false);
    }
  }
}

/** Makes a database give exact integers. */
export function exactly(database: SyncDatabase): SyncDatabase {
  const prepare = database.prepare.bind(database);
  return Object.assign(database, {
    prepare: (sql: string) => new ExactStatement(prepare(sql) as NativeStatement),
  });
}
