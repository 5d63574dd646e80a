/** The names of indexes and constraints: Django's, with its digests. */
import type { Reference } from '../ddl_references';
import { fill } from '../ddl_references';
import { namesDigest, splitIdentifier } from '../utils';

/** Django: `_create_index_name`. */
export function createIndexName(
  dbTable: string,
  columns: readonly string[],
  suffix: string,
  maxLength: number,
): string {
  const [, table] = splitIdentifier(dbTable);
  let hash = `${namesDigest([table, ...columns], 8)}${suffix}`;
  const name = `${table}_${columns.join('_')}_${hash}`;
  if (name.length <= maxLength) return name;
  if (hash.length > maxLength / 3) hash = hash.slice(0, Math.floor(maxLength / 3));
  const other = Math.floor((maxLength - hash.length) / 2) - 1;
  const short = `${table.slice(0, other)}_${columns.join('_').slice(0, other)}_${hash}`;
  return /^[_0-9]/.test(short) ? `D${short.slice(0, -1)}` : short;
}

/** The names that one database gives: they differ in the greatest length. */
export class SchemaNames {
  constructor(readonly maxLength: number) {}

  index(table: string, columns: readonly string[], suffix = ''): string {
    return createIndexName(table, columns, suffix, this.maxLength);
  }

  foreignKey(subject: Reference, target: Reference, suffix: string): string {
    const [, table] = splitIdentifier(target.table);
    const filled = fill(suffix, { to_table: table, to_column: target.columns[0] ?? '' });
    return this.index(subject.table, subject.columns, filled);
  }
}
