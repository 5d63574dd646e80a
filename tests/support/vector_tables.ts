/** Recorded tables: made in a database as they were, and read out of one in the form that they were recorded in. */
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import type { ConstraintDescription, DatabaseIntrospection } from 'tsango/db/backends/base/introspection';
import { vectors } from './vectors';

/** A column as it was recorded. What is false or not there was left out. */
export interface RecordedColumn {
  name: string;
  type: string;
  null: boolean;
  default?: string;
  pk?: boolean;
  autoincrement?: boolean;
  collation?: string;
  generated?: string;
  comment?: string;
  identity?: string;
  extra?: string;
}

/** A constraint or an index as it was recorded. */
export interface RecordedConstraint {
  columns: (string | null)[];
  primary_key?: boolean;
  unique?: boolean;
  check?: boolean;
  index?: boolean;
  foreign_key?: [table: string, column: string];
  orders?: string[];
  type?: string;
  definition?: string;
  indexdef?: string;
}

/** A table as it was recorded. */
export interface RecordedTable {
  columns: RecordedColumn[];
  constraints: Record<string, RecordedConstraint>;
  pk: string[];
  ddl?: string[];
  comment?: string;
}

type Tables = ReadonlyMap<string, RecordedTable>;
let known: ReadonlyMap<string, RecordedTable> | undefined;

/** The tables of a line, by name. */
export function tablesOf(ids: Readonly<Record<string, string>> = {}): Map<string, RecordedTable> {
  known ??= new Map(
    vectors<{ id: string; table: RecordedTable }>('migrations/tables').map(({ id, table }) => [id, table]),
  );
  return new Map(Object.entries(ids).map(([name, id]) => [name, known?.get(id) as RecordedTable]));
}

/** A catalogue that says what was recorded of some tables, and nothing of others. */
export function recordedCatalogue<I extends DatabaseIntrospection>(introspection: I, tables: Tables): I {
  return Object.assign(Object.create(introspection) as I, {
    getConstraints: async (name: string) => constraintsOf(tables.get(name)),
    getSequences: async (table: string) =>
      (tables.get(table)?.columns ?? []).flatMap(({ name: column, default: value, identity }) => {
        const name = SEQUENCE.exec(value ?? '')?.[1] ?? (identity && `${table}_${column}_seq`);
        return name === undefined ? [] : [{ table, column, name }];
      }),
    isDeterministic: async (collation: string) => !/insensitive/.test(collation),
  });
}

/** A table that is renamed takes along what is known of it; a column that counts no more has no sequence. */
export function follow(tables: Map<string, RecordedTable>, sql: string): void {
  const [, altered = '', plain] =
    /^ALTER TABLE "([^"]+)" ALTER COLUMN "([^"]+)" DROP IDENTITY/.exec(sql) ?? [];
  const counting = tables.get(altered);
  if (counting !== undefined) {
    const columns = counting.columns.map(({ identity, ...column }) => ({
      ...column,
      ...(identity !== undefined && column.name !== plain && { identity }),
    }));
    tables.set(altered, { ...counting, columns });
  }
  const [, from, to] =
    /^(?:ALTER|RENAME) TABLE ["`]([^"`]+)["`] (?:RENAME )?TO ["`]([^"`]+)["`]/.exec(sql) ?? [];
  const table = from === undefined ? undefined : tables.get(from);
  if (from === undefined || to === undefined || table === undefined) return;
  tables.set(to, table);
  tables.delete(from);
}

/** The default of a column that a sequence numbers. */
const SEQUENCE = /^nextval\('([^']+)'::regclass\)$/;

function constraintsOf(table: RecordedTable | undefined): Map<string, ConstraintDescription> {
  return new Map(
    Object.entries(table?.constraints ?? {}).map(([key, recorded]) => {
      const { columns, foreign_key: target, type } = recorded;
      return [
        key,
        {
          columns: columns as string[],
          primaryKey: recorded.primary_key ?? false,
          unique: recorded.unique ?? false,
          index: recorded.index ?? false,
          check: recorded.check ?? false,
          foreignKey: target ? { table: target[0], column: target[1] } : null,
          ...(type !== undefined && { type }),
        },
      ];
    }),
  );
}

/** The statements that make recorded tables, those that only refer to others at the end. */
export function statementsOf(tables: Tables, connection: DatabaseWrapper): string[] {
  const { vendor } = connection;
  if (vendor === 'sqlite') return [...tables.values()].flatMap(({ ddl = [] }) => ddl);
  const made = [...tables].map(([name, table]) =>
    vendor === 'postgresql' ? postgresTable(name, table, connection) : mysqlTable(name, table, connection),
  );
  return [
    ...stubs(tables, connection),
    ...made.flatMap(({ own }) => own),
    ...made.flatMap(({ keys }) => keys),
  ];
}

/** What is referred to and was left out of the line. */
function stubs(tables: Tables, { ops }: DatabaseWrapper): string[] {
  const wanted = new Map<string, string>();
  for (const { constraints, columns } of tables.values()) {
    for (const { columns: own, foreign_key: target } of Object.values(constraints)) {
      if (target === undefined || tables.has(target[0])) continue;
      const column = columns.find(({ name }) => name === own[0]) as RecordedColumn;
      wanted.set(target[0], `${ops.quoteName(target[1])} ${column.type} NOT NULL PRIMARY KEY`);
    }
  }
  return [...wanted].map(([name, column]) => `CREATE TABLE IF NOT EXISTS ${ops.quoteName(name)} (${column})`);
}

interface Made {
  own: string[];
  keys: string[];
}

function postgresTable(name: string, table: RecordedTable, { ops }: DatabaseWrapper): Made {
  const quoted = ops.quoteName(name);
  const [own, keys]: string[][] = [[], []];
  const owned: string[] = [];
  const columns = table.columns.map((column) => {
    const sequence = SEQUENCE.exec(column.default ?? '')?.[1];
    if (sequence !== undefined) {
      own?.push(`CREATE SEQUENCE ${sequence}`);
      owned.push(`ALTER SEQUENCE ${sequence} OWNED BY ${quoted}.${ops.quoteName(column.name)}`);
    }
    return [
      ops.quoteName(column.name),
      column.type,
      column.collation && `COLLATE ${ops.quoteName(column.collation)}`,
      column.generated && `GENERATED ALWAYS AS (${column.generated}) STORED`,
      column.default && `DEFAULT ${column.default}`,
      column.identity && 'GENERATED BY DEFAULT AS IDENTITY',
      column.null ? '' : 'NOT NULL',
    ]
      .filter(Boolean)
      .join(' ');
  });
  own?.push(`CREATE TABLE ${quoted} (${columns.join(', ')})`, ...owned);
  for (const [key, { definition, indexdef, foreign_key: target, index }] of Object.entries(
    table.constraints,
  )) {
    const list = target ? keys : own;
    if (index && indexdef) list?.push(indexdef);
    else if (definition)
      list?.push(`ALTER TABLE ${quoted} ADD CONSTRAINT ${ops.quoteName(key)} ${definition}`);
  }
  for (const { name: column, comment } of table.columns) {
    if (comment)
      own?.push(`COMMENT ON COLUMN ${quoted}.${ops.quoteName(column)} IS ${ops.quoteValue(comment)}`);
  }
  if (table.comment) own?.push(`COMMENT ON TABLE ${quoted} IS ${ops.quoteValue(table.comment)}`);
  return { own: own ?? [], keys: keys ?? [] };
}

function mysqlTable(name: string, table: RecordedTable, { ops }: DatabaseWrapper): Made {
  const quoted = ops.quoteName(name);
  const list = (columns: readonly (string | null)[], orders: readonly string[] = []): string =>
    columns.map((column, at) => `${ops.quoteName(column ?? '')} ${orders[at] ?? ''}`.trim()).join(', ');
  const keys: string[] = [];
  const parts = table.columns.map((column) => {
    const check = table.constraints[column.name];
    const isCheck = check?.check === true && check.definition !== undefined;
    return [
      ops.quoteName(column.name),
      column.type,
      column.collation && !column.generated && `COLLATE ${column.collation}`,
      column.generated &&
        `GENERATED ALWAYS AS (${column.generated}) ${column.extra?.startsWith('STORED') ? 'STORED' : 'VIRTUAL'}`,
      column.generated ? '' : column.null ? 'NULL' : 'NOT NULL',
      column.default && !column.generated && column.default !== 'NULL' && `DEFAULT ${column.default}`,
      column.autoincrement && 'AUTO_INCREMENT',
      column.comment && `COMMENT ${ops.quoteValue(column.comment)}`,
      isCheck && `CHECK (${check.definition ?? ''})`,
    ]
      .filter(Boolean)
      .join(' ');
  });
  for (const [key, each] of Object.entries(table.constraints)) {
    const named = ops.quoteName(key);
    const columns = list(each.columns, each.orders);
    if (each.primary_key) parts.push(`PRIMARY KEY (${columns})`);
    else if (each.check) {
      const inline = table.columns.some((column) => column.name === key);
      if (!inline && each.definition) parts.push(`CONSTRAINT ${named} CHECK (${each.definition})`);
    } else if (each.unique) parts.push(`UNIQUE KEY ${named} (${columns})`);
    else if (each.index) parts.push(`KEY ${named} (${columns})`);
    if (each.foreign_key) {
      const [target, column] = each.foreign_key.map((part) => ops.quoteName(part));
      keys.push(
        `ALTER TABLE ${quoted} ADD CONSTRAINT ${named} FOREIGN KEY (${list(each.columns)}) REFERENCES ${target} (${column})`,
      );
    }
  }
  const comment = table.comment ? ` COMMENT = ${ops.quoteValue(table.comment)}` : '';
  return { own: [`CREATE TABLE ${quoted} (${parts.join(', ')})${comment}`], keys };
}

/** A table as this database has it, in the form of the recording; undefined if there is none. */
export async function readTable(
  name: string,
  connection: DatabaseWrapper,
): Promise<RecordedTable | undefined> {
  const { introspection, vendor } = connection;
  const columns = await introspection.getTableDescription(name);
  if (columns.length === 0) return undefined;
  const constraints = await introspection.getConstraints(name);
  const definitions = vendor === 'postgresql' ? await postgresDefinitions(name, connection) : new Map();
  return {
    columns: columns.map((column) => ({
      name: column.name,
      type: column.type,
      null: column.nullable,
      ...(column.default !== null && { default: column.default }),
      ...(column.primaryKey && { pk: true }),
      ...(column.autoincrement && { autoincrement: true }),
      ...(column.collation !== null && { collation: column.collation }),
      ...(column.generated && { generated: 'yes' }),
      ...(column.comment !== null && { comment: column.comment }),
    })),
    constraints: Object.fromEntries(
      [...constraints].map(([key, each]) => [
        key,
        {
          columns: each.columns,
          ...(each.primaryKey && { primary_key: true }),
          ...(each.unique && { unique: true }),
          ...(each.check && { check: true }),
          ...(each.index && { index: true, orders: each.orders ?? [], type: each.type ?? '' }),
          ...(each.foreignKey && {
            foreign_key: [each.foreignKey.table, each.foreignKey.column] as [string, string],
          }),
          ...definitions.get(key),
        },
      ]),
    ),
    pk: await introspection.getPrimaryKeyColumns(name),
    ...(vendor === 'sqlite' && { ddl: await sqliteDefinitions(name, connection) }),
  };
}

async function sqliteDefinitions(name: string, connection: DatabaseWrapper): Promise<string[]> {
  const { rows } = await connection.execute(
    "SELECT sql FROM sqlite_master WHERE tbl_name = ? COLLATE NOCASE AND sql IS NOT NULL ORDER BY type = 'index', name",
    [name],
  );
  return rows.map((row) => String(row['sql']));
}

async function postgresDefinitions(
  name: string,
  connection: DatabaseWrapper,
): Promise<Map<string, { definition?: string; indexdef?: string }>> {
  const found = new Map<string, { definition?: string; indexdef?: string }>();
  const constraints = await connection.execute(
    `SELECT c.conname AS name, pg_get_constraintdef(c.oid) AS definition FROM pg_constraint c
     JOIN pg_class t ON t.oid = c.conrelid WHERE t.relname = ? AND pg_table_is_visible(t.oid)`,
    [name],
  );
  for (const row of constraints.rows) {
    found.set(String(row['name']), { definition: String(row['definition']) });
  }
  const indexes = await connection.execute(
    "SELECT indexname AS name, indexdef FROM pg_indexes WHERE tablename = ? AND schemaname = 'public'",
    [name],
  );
  for (const row of indexes.rows) {
    const key = String(row['name']);
    found.set(key, { ...found.get(key), indexdef: String(row['indexdef']) });
  }
  return found;
}

/** What is different between a recorded table and one that was read; undefined where nothing is. */
export function tableDifference(
  recorded: RecordedTable,
  read: RecordedTable,
  { vendor, ordered }: { vendor: string; ordered: boolean },
): string | undefined {
  const isSame = String([...(recorded.ddl ?? [])].sort()) === String([...(read.ddl ?? [])].sort());
  // By the same definition it is the same table, whatever was read out of it.
  if (vendor === 'sqlite' && isSame) return undefined;
  const [theirs, ours] = [recorded, read].map((table) =>
    JSON.stringify(comparable(table, vendor, ordered), null, 1),
  );
  return theirs === ours ? undefined : `TABLE OURS ${ours}\nTABLE THEIRS ${theirs}`;
}

/** Nothing of a table that hangs on the driver, or on how its database was set up. */
function comparable(table: RecordedTable, vendor: string, ordered: boolean): unknown {
  const columns = table.columns.map(({ type, collation, generated, default: value, ...column }) => ({
    name: column.name,
    type: type.toLowerCase(),
    null: column.null,
    ...(value !== undefined && !generated && value !== 'NULL' && { default: value }),
    pk: column.pk ?? false,
    ...(vendor !== 'sqlite' && { autoincrement: (column.autoincrement ?? false) || column.identity === 'd' }),
    ...(collation !== undefined && collation !== 'utf8mb4_general_ci' && { collation }),
    generated: generated !== undefined,
    comment: column.comment ?? '',
  }));
  const byName = <T extends { name: string }>(items: T[]): T[] =>
    items.sort((one, other) => (one.name < other.name ? -1 : 1));
  const constraints = byName(
    Object.entries(table.constraints)
      // MariaDB's recorder found no columns in some checks.
      .filter(([, { check }]) => !(check && vendor === 'mysql'))
      .map(([name, each]) => ({
        // SQLite numbers foreign keys in the order of their columns.
        name: /^fk_\d+$/.test(name) ? `fk ${each.columns.join()}` : name,
        columns: [...new Set(each.columns)],
        kinds: [each.primary_key, each.unique, each.check, each.index].map((kind) => kind ?? false),
        foreignKey: each.foreign_key ?? null,
        ...(each.index && { orders: each.orders ?? [], type: each.type }),
        ...(vendor === 'postgresql' && {
          definition: each.definition ?? null,
          indexdef: each.indexdef ?? null,
        }),
      })),
  );
  return {
    columns: ordered ? columns : byName(columns),
    constraints,
    pk: [...table.pk].sort(),
    ...(vendor === 'sqlite' && ordered && { ddl: [...(table.ddl ?? [])].sort() }),
  };
}
