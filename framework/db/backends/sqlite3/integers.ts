/**
 * SQLite's integers have 64 bits. The drivers give the nearest number, or bigints for all; here an integer is a number,
 * and a bigint only where no number is it.
 */
import type { Row, RowValues } from '../base/base';
import type { SyncDatabase, SyncStatement } from './sync_base';

/** A statement of `better-sqlite3`, as far as it is needed here. */
interface NativeStatement extends SyncStatement {
  /** Whether it changes nothing, and can be run twice. */
  readonly readonly: boolean;
  safeIntegers(enabled: boolean): unknown;
  /** Whether rows are lists. */
  raw(enabled: boolean): unknown;
  iterate(params: readonly unknown[]): Iterable<unknown>;
}

/** Whether a value is what the database has: a number that is too large for that may have been rounded. */
function isExactValue(value: unknown): boolean {
  return typeof value !== 'number' || (value <= Number.MAX_SAFE_INTEGER && value >= Number.MIN_SAFE_INTEGER);
}

/** Whether every value of a row is. */
function isExact(row: Row): boolean {
  for (const name in row) if (!isExactValue(row[name])) return false;
  return true;
}

/** The same of a row without names. */
function isExactList(row: RowValues): boolean {
  for (let at = 0; at < row.length; at++) if (!isExactValue(row[at])) return false;
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

/** The same of a row without names. */
export function listWithNumbers(row: RowValues): RowValues {
  const list = row as unknown[];
  for (let at = 0; at < list.length; at++) {
    const value = list[at];
    if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) list[at] = Number(value);
  }
  return list;
}

/** A statement whose rows have every integer as it is stored. */
export class ExactStatement implements SyncStatement {
  readonly database: SyncDatabase;
  readonly reader: boolean;
  /** What RETURNING gives can be read once only. */
  private readonly once: boolean;
  private givesLists = false;

  constructor(private readonly native: NativeStatement) {
    this.database = native.database;
    this.reader = native.reader;
    this.once = native.reader && !native.readonly;
    if (this.once) native.safeIntegers(true);
  }

  all(params: readonly unknown[]): Row[] {
    this.shape(false);
    const rows = this.native.all(params) as Row[];
    if (this.once) return rows.map(withNumbers);
    return rows.every(isExact) ? rows : this.again(() => this.native.all(params) as Row[]).map(withNumbers);
  }

  lists(params: readonly unknown[]): RowValues[] {
    this.shape(true);
    const rows = this.native.all(params) as RowValues[];
    if (this.once) return rows.map(listWithNumbers);
    return rows.every(isExactList)
      ? rows
      : this.again(() => this.native.all(params) as RowValues[]).map(listWithNumbers);
  }

  get(params: readonly unknown[]): Row | undefined {
    this.shape(false);
    const row = this.native.get(params) as Row | undefined;
    if (row === undefined) return undefined;
    if (this.once) return withNumbers(row);
    return isExact(row) ? row : withNumbers(this.again(() => this.native.get(params) as Row));
  }

  /** As they come. Once a number may have been rounded, the rows from there on are read again, as bigints first. */
  *chunks(params: readonly unknown[], size: number, lists: boolean): Generator<unknown[], void, undefined> {
    this.shape(lists);
    const isRowExact = (lists ? isExactList : isExact) as (row: unknown) => boolean;
    const numbered = (lists ? listWithNumbers : withNumbers) as (row: unknown) => unknown;
    let done = 0;
    let chunk: unknown[] = [];
    let rounded = false;
    for (const row of this.native.iterate(params)) {
      rounded = !isRowExact(row);
      if (rounded) break;
      if (chunk.push(row) < size) continue;
      done += size;
      yield chunk;
      chunk = [];
    }
    if (rounded) {
      this.native.safeIntegers(true);
      chunk = [];
      for (const row of this.native.iterate(params)) {
        if (done > 0) done -= 1;
        else if (chunk.push(numbered(row)) === size) {
          yield chunk;
          chunk = [];
        }
      }
    }
    if (chunk.length > 0) yield chunk;
  }

  run(params: readonly unknown[]): ReturnType<SyncStatement['run']> {
    return this.native.run(params);
  }

  private shape(lists: boolean): void {
    if (this.givesLists === lists) return;
    this.native.raw(lists);
    this.givesLists = lists;
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
