/** The SQL of the database cache, for each vendor. Every statement is prepared once and kept by the connection. */
import type { DatabaseWrapper, PreparedStatement, Row } from '../../../db';
import { attempt, type MaybePromise, then } from '../../../utils/maybe_promise';

/** Statements on one table of one connection. Their moments are Dates; the connection stores them as Django does. */
export class CacheStatements {
  private readonly table: string;
  private readonly key: string;
  private readonly value: string;
  private readonly expires: string;

  constructor(
    readonly connection: DatabaseWrapper,
    table: string,
  ) {
    const { ops } = connection;
    this.table = ops.quoteName(table);
    this.key = ops.quoteName('cache_key');
    this.value = ops.quoteName('value');
    this.expires = ops.quoteName('expires');
  }

  private prepare(sql: string): PreparedStatement {
    return this.connection.prepare(sql);
  }

  private changes(sql: string, params: readonly unknown[]): MaybePromise<boolean> {
    return then(this.prepare(sql).run(params), ({ rowCount }) => rowCount > 0);
  }

  /** `keys`, here and below: one of `batchesOf`. */
  select(keys: readonly string[]): MaybePromise<Row[]> {
    const { key, value, expires, table } = this;
    return this.prepare(`SELECT ${key}, ${value}, ${expires} FROM ${table} WHERE ${key} ${marks(keys)}`).all(
      keys,
    );
  }

  exists(key: string, now: Date): MaybePromise<boolean> {
    const sql = `SELECT 1 AS found FROM ${this.table} WHERE ${this.key} = ? AND ${this.expires} >= ?`;
    return then(this.prepare(sql).get([key, now]), (row) => row !== undefined);
  }

  upsert(key: string, text: string, expires: Date): MaybePromise<void> {
    const insert = this.insertSql();
    const sql =
      this.connection.vendor === 'mysql'
        ? `${insert} ON DUPLICATE KEY UPDATE ${this.value} = VALUES(${this.value}), ${this.expires} = VALUES(${this.expires})`
        : `${insert} ${this.onConflict()}`;
    return then(this.prepare(sql).run([key, text, expires]), () => undefined);
  }

  /** Inserts, or takes the place of an expired entry; says whether it did. */
  add(key: string, text: string, expires: Date, now: Date): MaybePromise<boolean> {
    if (this.connection.vendor !== 'mysql') {
      // Qualified, because in the clause the bare column would be ambiguous.
      const sql = `${this.insertSql()} ${this.onConflict()} WHERE ${this.table}.${this.expires} < ?`;
      return this.changes(sql, [key, text, expires, now]);
    }
    // MySQL's upsert has no condition, and its row count does not tell an insert from a match.
    return then(this.deleteExpired([key], now), () => this.insert(key, text, expires));
  }

  /** A plain insert; says whether there was none. */
  private insert(key: string, text: string, expires: Date): MaybePromise<boolean> {
    return attempt(
      () => then(this.prepare(this.insertSql()).run([key, text, expires]), () => true),
      (error) => {
        const { IntegrityError } = require('../../../db') as typeof import('../../../db');
        if (error instanceof IntegrityError) return false;
        throw error;
      },
    );
  }

  /** Writes over a live entry; says whether there is one. */
  replace(key: string, text: string, expires: Date, now: Date): MaybePromise<boolean> {
    return this.changes(
      `UPDATE ${this.table} SET ${this.value} = ?, ${this.expires} = ? WHERE ${this.key} = ? AND ${this.expires} >= ?`,
      [text, expires, key, now],
    );
  }

  /** Writes over an entry whose value is still `old`; says whether it was. */
  swap(key: string, old: string, text: string, expires: Date): MaybePromise<boolean> {
    // MySQL would compare base64 without regard to case.
    const comparison = this.connection.vendor === 'mysql' ? '= BINARY ?' : '= ?';
    return this.changes(
      `UPDATE ${this.table} SET ${this.value} = ?, ${this.expires} = ? WHERE ${this.key} = ? AND ${this.value} ${comparison}`,
      [text, expires, key, old],
    );
  }

  touch(key: string, expires: Date, now: Date): MaybePromise<boolean> {
    return this.changes(
      `UPDATE ${this.table} SET ${this.expires} = ? WHERE ${this.key} = ? AND ${this.expires} >= ?`,
      [expires, key, now],
    );
  }

  delete(keys: readonly string[]): MaybePromise<boolean> {
    return this.changes(`DELETE FROM ${this.table} WHERE ${this.key} ${marks(keys)}`, keys);
  }

  /** Deletes those that have expired: one that was written anew meanwhile stays. */
  deleteExpired(keys: readonly string[], now: Date): MaybePromise<boolean> {
    return this.changes(
      `DELETE FROM ${this.table} WHERE ${this.key} ${marks(keys)} AND ${this.expires} < ?`,
      [...keys, now],
    );
  }

  clear(): MaybePromise<void> {
    return then(this.prepare(`DELETE FROM ${this.table}`).run(), () => undefined);
  }

  count(): MaybePromise<number> {
    return then(this.prepare(`SELECT COUNT(*) AS entries FROM ${this.table}`).get(), (row) =>
      Number(row?.['entries'] ?? 0),
    );
  }

  /** Deletes what has expired. */
  purge(now: Date): MaybePromise<void> {
    return then(
      this.prepare(`DELETE FROM ${this.table} WHERE ${this.expires} < ?`).run([now]),
      () => undefined,
    );
  }

  /** Deletes the first `count` entries in the order of their keys, as Django culls. */
  cull(count: number): MaybePromise<void> {
    const { key, table } = this;
    const nth = this.prepare(`SELECT ${key} FROM ${table} ORDER BY ${key} LIMIT 1 OFFSET ?`).get([count]);
    return then(nth, (row) =>
      row === undefined
        ? undefined
        : then(
            this.prepare(`DELETE FROM ${table} WHERE ${key} < ?`).run([row['cache_key']]),
            () => undefined,
          ),
    );
  }

  private insertSql(): string {
    return `INSERT INTO ${this.table} (${this.key}, ${this.value}, ${this.expires}) VALUES (?, ?, ?)`;
  }

  private onConflict(): string {
    const { key, value, expires } = this;
    return `ON CONFLICT (${key}) DO UPDATE SET ${value} = excluded.${value}, ${expires} = excluded.${expires}`;
  }
}

/** No database takes any number of parameters. */
const MAX_KEYS = 512;

/**
 * Keys in lists of 1, 2, 4, … 512, filled up with the last one: so the connection keeps ten statements, not one for
 * each number of keys that somebody asks for.
 */
export function batchesOf(keys: readonly string[]): string[][] {
  const batches: string[][] = [];
  for (let from = 0; from < keys.length; from += MAX_KEYS) {
    const batch = keys.slice(from, from + MAX_KEYS);
    const last = batch[batch.length - 1] as string;
    while ((batch.length & (batch.length - 1)) !== 0) batch.push(last);
    batches.push(batch);
  }
  return batches;
}

function marks(keys: readonly string[]): string {
  return keys.length === 1 ? '= ?' : `IN (${keys.map(() => '?').join(', ')})`;
}
