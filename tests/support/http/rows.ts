/** The rows of a recorded site: put there before, written by the test itself, compared afterwards. */
import type { DatabaseWrapper, Row } from 'tsango/db/backends/base/base';
import { type Json, NotThere, same, tables } from './facts';
import type { Markers } from './markers';

/** What became of a table. */
interface Change {
  readonly insert?: readonly Json[];
  readonly update?: readonly (readonly [unknown, Json])[];
  readonly delete?: readonly unknown[];
}

/** Every table with its rows. */
export type Snapshot = ReadonlyMap<string, readonly Row[]>;

/** The tables of a site. */
export class Rows {
  private names: readonly string[] | undefined;
  private readonly keys = new Map<string, string>();

  constructor(private readonly connection: DatabaseWrapper) {}

  private quoted(name: string): string {
    return this.connection.ops.quoteName(name);
  }

  private async tables(): Promise<readonly string[]> {
    this.names ??= (
      await this.connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
      )
    ).rows.map(({ name }) => String(name));
    return this.names;
  }

  private async keyOf(table: string): Promise<string> {
    const known = this.keys.get(table);
    if (known !== undefined) return known;
    const { rows } = await this.connection.execute(`PRAGMA table_info(${this.quoted(table)})`);
    const key = String(rows.find(({ pk }) => Number(pk) === 1)?.['name'] ?? 'id');
    this.keys.set(table, key);
    return key;
  }

  /** Empties every table, and fills those of a snapshot. */
  async restore(snapshot: Readonly<Record<string, string>>, markers: Markers): Promise<void> {
    await this.connection.execute('PRAGMA foreign_keys = OFF');
    const known = await this.tables();
    for (const name of known) await this.connection.execute(`DELETE FROM ${this.quoted(name)}`);
    await this.connection.execute('DELETE FROM sqlite_sequence');
    for (const [table, hash] of Object.entries(snapshot)) {
      if (!known.includes(table)) throw new NotThere(`the table ${table}`);
      const { columns, rows } = tables().get(hash) as unknown as {
        columns: readonly string[];
        rows: readonly (readonly unknown[])[];
      };
      for (const row of rows) {
        await this.insert(table, Object.fromEntries(columns.map((column, at) => [column, row[at]])), markers);
      }
    }
  }

  private async insert(table: string, row: Json, markers: Markers): Promise<void> {
    const columns = Object.keys(row);
    await this.connection.execute(
      `INSERT INTO ${this.quoted(table)} (${columns.map((each) => this.quoted(each)).join(', ')}) ` +
        `VALUES (${columns.map(() => '?').join(', ')})`,
      columns.map((column) => markers.value(row[column])),
    );
  }

  /** Sets the counters of keys that are past the largest one. */
  async setSequences(sequences: Readonly<Record<string, number>> = {}): Promise<void> {
    for (const [table, value] of Object.entries(sequences)) {
      await this.connection.execute('DELETE FROM sqlite_sequence WHERE name = ?', [table]);
      await this.connection.execute('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', [table, value]);
    }
  }

  /** Makes the changes that the test itself made. */
  async write(changes: Json, markers: Markers): Promise<void> {
    const known = await this.tables();
    for (const [table, change] of Object.entries(changes) as [string, Change][]) {
      if (!known.includes(table)) throw new NotThere(`the table ${table}`);
      const where = `WHERE ${this.quoted(await this.keyOf(table))} = ?`;
      for (const key of change.delete ?? [])
        await this.connection.execute(`DELETE FROM ${this.quoted(table)} ${where}`, [markers.value(key)]);
      for (const row of change.insert ?? []) await this.insert(table, row, markers);
      for (const [key, values] of change.update ?? []) {
        const columns = Object.keys(values);
        const set = columns.map((each) => `${this.quoted(each)} = ?`).join(', ');
        await this.connection.execute(`UPDATE ${this.quoted(table)} SET ${set} ${where}`, [
          ...columns.map((column) => markers.value(values[column])),
          markers.value(key),
        ]);
      }
    }
  }

  async snapshot(): Promise<Snapshot> {
    const all = new Map<string, Row[]>();
    for (const name of await this.tables())
      all.set(name, (await this.connection.execute(`SELECT * FROM ${this.quoted(name)}`)).rows);
    return all;
  }

  /** @throws Error where the changes since a snapshot are not those that were recorded. */
  async compare(before: Snapshot, wanted: Json, markers: Markers): Promise<void> {
    const missing = Object.keys(wanted).find((table) => !before.has(table));
    if (missing !== undefined) throw new NotThere(`the table ${missing}`);
    for (const [table, rows] of await this.snapshot()) {
      const key = await this.keyOf(table);
      const byKey = (each: readonly Row[]): Map<string, Row> =>
        new Map(each.map((row) => [String(row[key]), row]));
      await compareTable(
        { table, key, old: byKey(before.get(table) ?? []), now: byKey(rows) },
        (wanted[table] ?? {}) as Change,
        markers,
      );
    }
  }
}

interface Table {
  readonly table: string;
  readonly key: string;
  readonly old: ReadonlyMap<string, Row>;
  readonly now: ReadonlyMap<string, Row>;
}

async function compareTable(
  { table, key, old, now }: Table,
  wanted: Change,
  markers: Markers,
): Promise<void> {
  const { insert = [], update = [], delete: gone = [] } = wanted;
  const inserted = [...now.keys()].filter((each) => !old.has(each));
  // A key that the recording has a marker for is that of the row that nobody knows yet.
  for (const row of insert) {
    if (!markers.isUnknown(row[key])) continue;
    const found = inserted.find((each) => !markers.isBound(each));
    if (found !== undefined) markers.bind(row[key], found);
  }
  const keys = (all: readonly unknown[]): string[] => all.map((each) => String(markers.value(each))).sort();
  same(`new rows of ${table}`, inserted.sort(), keys(insert.map((row) => row[key])));
  same(`deleted rows of ${table}`, [...old.keys()].filter((each) => !now.has(each)).sort(), keys(gone));
  const changed = [...now]
    .filter(([id, row]) => old.has(id) && JSON.stringify(row) !== JSON.stringify(old.get(id)))
    .map(([id]) => id);
  same(`changed rows of ${table}`, changed.sort(), keys(update.map(([id]) => id)));
  const rows = [...insert.map((row) => [row[key], row] as const), ...update];
  for (const [id, values] of rows) {
    const row = now.get(String(markers.value(id))) as Row;
    for (const [column, value] of Object.entries(values)) {
      const difference = await markers.difference(row[column], value);
      if (difference !== undefined) throw new Error(`${table}.${column}:${difference}`);
    }
  }
}
