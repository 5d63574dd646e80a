/** Rows of the recorded ORM: put into tables as Django stored them, and looked at again. */
import { ContentType } from 'tsango/contrib/contenttypes';
import type { DatabaseWrapper, Row } from 'tsango/db/backends/base/base';
import type { StateApps } from 'tsango/db/migrations/state';
import { Duration } from 'tsango/python/timedelta';
import { durationMicroseconds } from 'tsango/utils/duration';
import { decode } from './vector_values';

type Json = Readonly<Record<string, unknown>>;
/** Rows by table, of what was recorded. */
export type Tables = Readonly<Record<string, readonly Json[]>>;
/** What a write did to a table. */
export type Changes = Readonly<Record<string, { '-': readonly Json[]; '+': readonly Json[] }>>;

/** The tables of these models, those in between of many-to-many fields included. */
export function tablesOf(apps: StateApps): string[] {
  const tables = new Set<string>();
  for (const model of apps.all()) {
    tables.add(model.dbTable);
    for (const field of model.localManyToMany) {
      if (apps.find(field.toKey)) tables.add(field.through.dbTable);
    }
  }
  return [...tables];
}

/** A recorded value as Django's driver hands it to the database. */
function stored(json: unknown, { vendor }: DatabaseWrapper): unknown {
  if (typeof json !== 'object' || json === null) return json;
  const given = json as Json;
  if ('$json' in given) return JSON.stringify(given['$json']);
  if ('$datetime' in given) return String(given['$datetime']).replace('T', ' ');
  if ('$uuid' in given)
    return vendor === 'sqlite' ? String(given['$uuid']).replaceAll('-', '') : given['$uuid'];
  if ('$float' in given) return Number(String(given['$float']).replace('inf', 'Infinity'));
  if ('$decimal' in given) return String(given['$decimal']);
  const value = decode(given);
  if (!(value instanceof Duration)) return value instanceof Uint8Array ? value : String(value);
  return vendor === 'sqlite'
    ? durationMicroseconds(value)
    : `${value.days} days ${value.seconds} seconds ${value.microseconds} microseconds`;
}

/** Takes every row away. */
export async function emptyTables(connection: DatabaseWrapper, tables: readonly string[]): Promise<void> {
  for (const table of tables) await connection.execute(`DELETE FROM ${connection.ops.quoteName(table)}`);
}

/** Puts the rows of a snapshot into these tables, which have none. */
export async function loadRows(
  connection: DatabaseWrapper,
  tables: readonly string[],
  rows: Tables,
): Promise<void> {
  const { ops } = connection;
  ContentType.objects.clearCache();
  for (const table of tables) {
    for (const row of rows[table] ?? []) {
      const columns = Object.keys(row);
      await connection.execute(
        `INSERT INTO ${ops.quoteName(table)} (${columns.map((column) => ops.quoteName(column)).join(', ')}) ` +
          `VALUES (${columns.map(() => '?').join(', ')})`,
        columns.map((column) => stored(row[column], connection)),
      );
    }
  }
}

/** What the tables hold now. */
export async function readTables(
  connection: DatabaseWrapper,
  tables: readonly string[],
): Promise<Map<string, Row[]>> {
  const all = new Map<string, Row[]>();
  for (const table of tables) {
    const { rows } = await connection.execute(`SELECT * FROM ${connection.ops.quoteName(table)}`);
    all.set(table, rows);
  }
  return all;
}

const keyOf = (row: Row): string =>
  JSON.stringify(row, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value));

function without(rows: readonly Row[], others: readonly Row[]): Row[] {
  const counts = new Map<string, number>();
  for (const row of others) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return rows.filter((row) => {
    const key = keyOf(row);
    const left = counts.get(key) ?? 0;
    counts.set(key, left - 1);
    return left <= 0;
  });
}

const NOW = /^\d{4}-\d\d-\d\d[ T]\d\d:\d\d/;

function isStored(expected: unknown, actual: unknown, connection: DatabaseWrapper): boolean {
  const json = (typeof expected === 'object' ? expected : null) as Json | null;
  if (json?.['$datetime'] === 'now') return typeof actual === 'string' && NOW.test(actual);
  if (json?.['$uuid'] === 'random') return typeof actual === 'string' && actual.length >= 32;
  if (json !== null && '$json' in json) {
    return typeof actual === 'string' && keyOf({ a: JSON.parse(actual) }) === keyOf({ a: json['$json'] });
  }
  const wanted = stored(expected, connection);
  if (wanted === null || wanted === undefined) return (actual ?? null) === null;
  if (wanted instanceof Uint8Array) {
    return actual instanceof Uint8Array && Buffer.from(wanted).equals(Buffer.from(actual));
  }
  if (String(wanted) === String(actual)) return true;
  if (typeof wanted === 'boolean') return Number(wanted) === Number(actual);
  // A decimal is a number in SQLite's column.
  const [one, other] = [Number(wanted), Number(actual)];
  return actual !== null && actual !== '' && Math.abs(one - other) <= 1e-9 * Math.abs(one);
}

function agree(expected: readonly Json[], actual: readonly Row[], connection: DatabaseWrapper): boolean {
  const left = [...actual];
  return (
    expected.length === left.length &&
    expected.every((each) => {
      const at = left.findIndex((row) =>
        Object.entries(each).every(([column, value]) => isStored(value, row[column], connection)),
      );
      if (at >= 0) left.splice(at, 1);
      return at >= 0;
    })
  );
}

/** What of the changes of a write is not what was recorded; undefined where all of it is. */
export function otherChanges(
  expected: Changes,
  before: ReadonlyMap<string, Row[]>,
  after: ReadonlyMap<string, Row[]>,
  connection: DatabaseWrapper,
): string | undefined {
  for (const [table, rows] of after) {
    const gone = without(before.get(table) ?? [], rows);
    const made = without(rows, before.get(table) ?? []);
    const wanted = expected[table] ?? { '-': [], '+': [] };
    // Content types are made where they are first asked for, which is not always here.
    if (table === 'django_content_type' && expected[table] === undefined) continue;
    if (agree(wanted['-'], gone, connection) && agree(wanted['+'], made, connection)) continue;
    return `${table}: expected ${JSON.stringify(wanted)}, got ${keyOf({ '-': gone, '+': made })}`;
  }
  return undefined;
}
