/** What a database's own catalogue says of its tables, whatever order they were made in and names were made up. */
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';

/** What is said of each table, sorted. */
export type Catalog = Readonly<Record<string, readonly string[]>>;

/** Names that were made up say by their digest which table and column they were made for: a renaming keeps them. */
const MADE_UP = /\b\w+_[0-9a-f]{8}(?:_\w+)?\b|\b\w+_(?:pkey|key|check)\b/g;

/** Whether names that were made up are compared, too. */
type Naming = (text: string) => string;

const madeUp: Naming = (text) => text.replace(MADE_UP, '*');
const exact: Naming = (text) => text;

/** @param options.exact names that were made up count, too. */
export function catalogOf(connection: DatabaseWrapper, options: { exact?: boolean } = {}): Promise<Catalog> {
  const naming = options.exact ? exact : madeUp;
  switch (connection.vendor) {
    case 'sqlite':
      return sqliteCatalog(connection, naming);
    case 'postgresql':
      return postgresCatalog(connection, naming);
    default:
      return mysqlCatalog(connection, naming);
  }
}

function sorted(entries: readonly (readonly [table: string, fact: string])[]): Catalog {
  const facts: Record<string, string[]> = {};
  for (const [table, fact] of entries) {
    facts[table] ??= [];
    facts[table].push(fact);
  }
  return Object.fromEntries(
    Object.entries(facts)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([table, all]) => [table, all.sort()]),
  );
}

/** Parts of the text within the outermost brackets of a CREATE TABLE. */
function parts(sql: string): string[] {
  const body = sql.slice(sql.indexOf('(') + 1, sql.lastIndexOf(')'));
  const found: string[] = [''];
  let depth = 0;
  for (const char of body) {
    if (char === '(') depth++;
    else if (char === ')') depth--;
    if (char === ',' && depth === 0) found.push('');
    else found[found.length - 1] += char;
  }
  return found.map((part) => part.trim());
}

/** To SQLite every integer is the same: a key that becomes a bigger one leaves, as in Django, those that refer to it. */
const asKept = (part: string): string =>
  part.includes(' REFERENCES ') ? part.replace(/ bigint /, ' integer ') : part;

async function sqliteCatalog(connection: DatabaseWrapper, naming: Naming): Promise<Catalog> {
  const { rows } = await connection.execute(
    "SELECT type, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'sqlite_%'",
  );
  return sorted(
    rows.flatMap((row): [string, string][] => {
      const [table, sql] = [String(row['tbl_name']), naming(String(row['sql']))];
      return row['type'] === 'table' ? parts(sql).map((part) => [table, asKept(part)]) : [[table, sql]];
    }),
  );
}

const POSTGRES = `
  SELECT c.relname AS table, concat_ws(' ', 'COLUMN', a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
      pg_get_expr(d.adbin, d.adrelid), a.attidentity, a.attgenerated, co.collname, col_description(c.oid, a.attnum)) AS fact
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum LEFT JOIN pg_collation co ON co.oid = a.attcollation
    WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT c.relname, concat_ws(' ', k.conname, pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'public'
  UNION ALL
  SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = 'public'`;

async function postgresCatalog(connection: DatabaseWrapper, naming: Naming): Promise<Catalog> {
  const { rows } = await connection.execute(POSTGRES);
  return sorted(rows.map((row) => [String(row['table']), naming(String(row['fact']))]));
}

async function mysqlCatalog(connection: DatabaseWrapper, naming: Naming): Promise<Catalog> {
  const entries: [string, string][] = [];
  for (const table of await connection.introspection.tableNames()) {
    const { rows } = await connection.execute(`SHOW CREATE TABLE ${connection.ops.quoteName(table)}`);
    const sql = naming(String(rows[0]?.['Create Table'])).replace(/ AUTO_INCREMENT=\d+/, '');
    for (const line of sql.split('\n').slice(1)) entries.push([table, line.trim().replace(/,$/, '')]);
  }
  return sorted(entries);
}
