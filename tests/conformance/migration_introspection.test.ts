/** What catalogues say, and the models that `inspectdb` makes of them, beside Django's on three databases. */

import { configure, overrideSettings } from 'tsango/conf';
import { connections } from 'tsango/db';
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import type { ColumnDescription, ConstraintDescription } from 'tsango/db/backends/base/introspection';
import { type InspectedModel, inspectModels } from 'tsango/db/inspect/models';
import { camelCase } from 'tsango/utils/module_loading';
import { scratchDatabase } from '../support/databases';
import { Explained, lineName } from '../support/explained';
import { describeWith } from '../support/services';
import { SQLITE_ENGINE } from '../support/sqlite';
import { describeVectors, reportArea, vectors } from '../support/vectors';
import { INTROSPECTION_EXCEPTIONS } from './exceptions/introspection';

configure({ SECRET_KEY: 'not a secret', INSTALLED_APPS: [] });

type Json = Record<string, unknown>;
type Vendor = DatabaseWrapper['vendor'];

interface Fact {
  vendor: Vendor;
  call: string;
  table: string;
  ddl: string[];
  result: unknown;
}

interface Inspected {
  vendor: Vendor;
  table: string;
  ddl: string[];
  options: { include_views?: boolean; include_partitions?: boolean };
  result: {
    class: string;
    fields: [name: string, cls: string, kwargs: Json, note: string | null, args?: unknown[]][];
    meta: Json;
    meta_comments: Json;
    comments: string[];
  };
}

const VENDORS = ['sqlite', 'postgresql', 'mysql'] as const;
const databaseOf = (vendor: Vendor) =>
  vendor === 'sqlite' ? { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } : scratchDatabase(vendor);

/** Declares the tests of one database, which is empty before each line. */
function onVendor(vendor: Vendor, title: string, body: () => Promise<void>): void {
  describeWith(vendor === 'sqlite' ? [] : vendor, vendor, () => {
    const database = databaseOf(vendor);
    let restore: () => Promise<void>;
    beforeAll(() => {
      restore = overrideSettings({ DATABASES: { default: database } });
    });
    afterAll(async () => {
      await connections.closeAll();
      await restore();
    });
    it(title, body, 300_000);
  });
}

/** Runs recorded statements; one whose like was undone meanwhile fails, and does no harm. */
async function make(
  connection: DatabaseWrapper,
  ddl: readonly string[],
  kept?: readonly string[],
): Promise<void> {
  await empty(connection);
  for (const sql of [...targetsOf(ddl, connection), ...ddl]) {
    // The value was not recorded; there are no rows that need one.
    const statement = sql.replace(/ DEFAULT %s/g, '');
    for (const undone of kept === undefined ? [] : undoneBefore(statement, ddl, kept)) {
      await runs(connection, undone);
    }
    await runs(connection, statement);
  }
}

const runs = async (connection: DatabaseWrapper, sql: string): Promise<boolean> => {
  try {
    await connection.execute(sql);
    return true;
  } catch {
    return false;
  }
};

const INDEX = /^CREATE (?:UNIQUE )?INDEX ("[^"]+") ON/;

/**
 * What PostgreSQL was told before a statement, and no line has because it does not begin with the table's name: an index
 * was dropped that is made again, or that would be in the way of another type and is not there in the end.
 */
function undoneBefore(sql: string, ddl: readonly string[], kept: readonly string[]): string[] {
  const made = ddl.slice(0, ddl.indexOf(sql)).flatMap((each) => INDEX.exec(each)?.[1] ?? []);
  const again = INDEX.exec(sql)?.[1];
  const retyped = / ALTER COLUMN .* TYPE /.test(sql);
  const isGone = (name: string): boolean => name === again || (retyped && !kept.includes(name.slice(1, -1)));
  return made.filter(isGone).map((name) => `DROP INDEX IF EXISTS ${name}`);
}

/** What the tables of the statements refer to, as far as it is not among them. */
function targetsOf(ddl: readonly string[], { ops }: DatabaseWrapper): string[] {
  const all = ddl.join('\n');
  const references = /(?:FOREIGN KEY \(["`](\w+)["`]\) )?REFERENCES ["`]([^"`]+)["`] ?\(["`](\w+)["`]\)/g;
  return [...all.matchAll(references)].flatMap(([, own = '', table = '', column = '']) => {
    const typed = new RegExp(`["\`]${own}["\`] ([a-z]+(?:\\(\\d+\\))?(?: UNSIGNED)?)`).exec(all);
    if (new RegExp(`CREATE TABLE ["\`]${table}["\`]`).test(all)) return [];
    const [name, key] = [table, column].map((each) => ops.quoteName(each));
    const type = typed?.[1] ?? 'integer';
    const other = column === 'id' ? '' : ', id integer NOT NULL PRIMARY KEY';
    return [
      `CREATE TABLE ${name} (${key} ${type} NOT NULL ${other === '' ? 'PRIMARY KEY' : 'UNIQUE'}${other})`,
    ];
  });
}

async function empty(connection: DatabaseWrapper): Promise<void> {
  if (connection.vendor === 'sqlite') return connection.close();
  if (connection.vendor === 'postgresql') {
    await connection.execute('DROP SCHEMA public CASCADE');
    await connection.execute('CREATE SCHEMA public');
    await connection.execute(
      "CREATE COLLATION case_insensitive (provider=icu, locale='und-u-ks-level2', deterministic=false)",
    );
    return;
  }
  const tables = await connection.introspection.getTableList();
  await connection.atomic(async () => {
    await connection.execute('SET FOREIGN_KEY_CHECKS = 0');
    for (const { name, type } of tables) {
      await connection.execute(`DROP ${type === 'v' ? 'VIEW' : 'TABLE'} ${connection.ops.quoteName(name)}`);
    }
    await connection.execute('SET FOREIGN_KEY_CHECKS = 1');
  });
}

/** A constraint in the form of the recording. */
function constraint(each: ConstraintDescription, vendor: Vendor): Json {
  return {
    columns: each.columns,
    primary_key: each.primaryKey,
    unique: each.unique,
    check: each.check,
    index: each.index,
    foreign_key: each.foreignKey ? [each.foreignKey.table, each.foreignKey.column] : null,
    ...(each.type !== undefined && { type: each.type }),
    ...(each.orders !== undefined && (vendor !== 'mysql' || !each.check) && { orders: each.orders }),
    ...(vendor === 'postgresql' && { definition: each.definition ?? null }),
  };
}

/** A recorded column without what a driver counts in its own way, and ours in the same form. */
function columns(
  vendor: Vendor,
  recorded: readonly Json[],
  ours: readonly ColumnDescription[],
): [unknown, unknown] {
  const isText = (column: Json): boolean =>
    vendor === 'postgresql'
      ? [1043, 1015].includes(column['type_code'] as number)
      : /char/.test(String(column['data_type'] ?? column['type_code']));
  const theirs = recorded.map((column) => ({
    name: column['name'],
    nullable: Boolean(column['null_ok']),
    default: column['default'] === 'NULL' ? null : column['default'],
    collation: column['collation'],
    comment: column['comment'] || null,
    maxLength: isText(column) ? column['display_size'] : null,
    ...(vendor === 'sqlite' && {
      type: String(column['type_code']).toLowerCase(),
      key: column['pk'],
      json: column['has_json_constraint'],
    }),
    ...(vendor === 'postgresql' && { auto: column['is_autofield'] }),
    ...(vendor === 'mysql' && {
      baseType: column['data_type'],
      auto: column['extra'] === 'auto_increment',
      unsigned: Boolean(column['is_unsigned']),
    }),
  }));
  const mine = ours.map((column) => ({
    name: column.name,
    nullable: column.nullable,
    default: column.default,
    collation: column.collation,
    comment: column.comment,
    maxLength: /^(?:var)?char|^character/.test(column.type) ? column.maxLength : null,
    ...(vendor === 'sqlite' && { type: column.type, key: column.primaryKey, json: column.isJson }),
    ...(vendor === 'postgresql' && { auto: column.autoincrement }),
    ...(vendor === 'mysql' && {
      baseType: column.baseType,
      auto: column.autoincrement,
      unsigned: column.type.endsWith(' unsigned'),
    }),
  }));
  return [theirs, mine];
}

/** Whether what drops a constraint does not begin with its table: PostgreSQL's foreign keys are checked first. */
const isUnnamed = (vendor: Vendor, { index, foreignKey }: ConstraintDescription): boolean =>
  index || (vendor === 'postgresql' && foreignKey !== null);

const distinct = (each: Json): Json => ({
  ...each,
  ...(each['check'] === true && { columns: [...new Set(each['columns'] as unknown[])] }),
});

/** What was recorded of a call, and what comes of it here. */
async function asked(
  { vendor, call, table, result }: Fact,
  connection: DatabaseWrapper,
): Promise<[unknown, unknown]> {
  const { introspection } = connection;
  switch (call) {
    case 'get_constraints':
      return [
        Object.fromEntries(
          // Django's reader of SQLite counts a column as often as a check names it.
          Object.entries(result as Record<string, Json>).map(([name, each]) => [name, distinct(each)]),
        ),
        Object.fromEntries(
          [...(await introspection.getConstraints(table))]
            // Statements that do not begin with the table are not in the line: what was dropped so is not there.
            .filter(
              ([name, each]) => vendor === 'sqlite' || name in (result as object) || !isUnnamed(vendor, each),
            )
            .map(([name, each]) => [name, distinct(constraint(each, vendor))]),
        ),
      ];
    case 'get_table_description':
      return columns(vendor, result as Json[], await introspection.getTableDescription(table));
    case 'get_relations':
      return [
        result,
        Object.fromEntries(
          [...(await introspection.getRelations(table))].map(([name, each]) => [
            name,
            [each.column, each.table],
          ]),
        ),
      ];
    case 'get_sequences':
      return [result, await introspection.getSequences(table)];
    case 'get_primary_key_column':
      return [result, await introspection.getPrimaryKeyColumn(table)];
    default:
      return [result, await introspection.getPrimaryKeyColumns(table)];
  }
}

const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  );

/** Whether the statements of a line make its table, rather than one that is renamed into it. */
const isMade = ({ vendor, table, ddl }: Fact): boolean =>
  vendor === 'sqlite' || ddl.some((sql) => new RegExp(`^CREATE TABLE ["\`]?${table}["\`]? `, 'i').test(sql));

/** What is different, if anything. */
async function difference(fact: Fact): Promise<string | undefined> {
  const connection = connections.get();
  const constraints = fact.call === 'get_constraints' ? Object.keys(fact.result as object) : undefined;
  await make(connection, fact.ddl, fact.vendor === 'postgresql' ? constraints : undefined);
  const [theirs, ours] = (await asked(fact, connection)).map(sorted);
  return theirs === ours
    ? undefined
    : `${fact.call} ${fact.table}\n${ours}\n${theirs}\n${fact.ddl.join('\n')}`;
}

describeVectors('migrations/introspection', 'introspection', () => {
  const explained = new Explained('migrations introspection', INTROSPECTION_EXCEPTIONS);
  for (const vendor of VENDORS) {
    onVendor(vendor, 'finds what Django finds', async () => {
      for (const fact of vectors<Fact>('migrations/introspection')) {
        if (fact.vendor !== vendor || !isMade(fact)) continue;
        const why = await difference(fact).catch((error: Error) => String(error.stack));
        explained.replayed(lineName([vendor, fact.call, fact.table], fact), why);
      }
    });
  }
  afterAll(() => {
    explained.report(reportArea);
    explained.expectAgreement(0.98, 355);
  });
});

/** A recorded value as we have it. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const { $tuple: items, $code: code } = value as { $tuple?: unknown[]; $code?: string };
  return items === undefined ? code : items.map(plain);
}

/** What was recorded of a table, and what `inspectdb` makes of it here. */
async function inspected(fact: Inspected, connection: DatabaseWrapper): Promise<[unknown, unknown]> {
  const { options, table, result } = fact;
  const [model] = (await inspectModels(connection, {
    tables: [table],
    includeViews: options.include_views ?? false,
    includePartitions: options.include_partitions ?? false,
  })) as [InspectedModel];
  const named = (kwargs: Json): Json =>
    Object.fromEntries(Object.entries(kwargs).map(([name, value]) => [camelCase(name), plain(value)]));
  const { unique_together: groups = [], ...meta } = result.meta;
  return [
    {
      name: result.class,
      fields: result.fields.map(([name, type, kwargs, note]) => [name, type, named(kwargs), note ?? '']),
      groups: plain(groups),
      table: meta['db_table'],
      comment: meta['db_table_comment'] ?? null,
      other: result.comments.length > 0,
      origin: Object.keys(result.meta_comments).length > 0,
    },
    {
      name: model.name,
      fields: model.fields.map(({ name, type, options: given, notes }) => [
        name,
        type,
        given,
        notes.join(' '),
      ]),
      groups: model.uniqueTogether,
      table: model.table,
      comment: model.comment,
      other: model.hasOther,
      origin: model.type !== 't',
    },
  ];
}

/** Whether a line can be made again: SQLite's was recorded while the test took the types away. */
const isWhole = ({ vendor, result, ddl }: Inspected): boolean =>
  !(vendor === 'sqlite' && result.fields.some(([, , , note]) => note === 'This field type is a guess.')) &&
  !ddl.some((sql) => sql.includes('SERVER inspectdb_server'));

describeVectors('migrations/inspectdb', 'inspectdb', () => {
  let [passed, total] = [0, 0];
  for (const vendor of VENDORS) {
    onVendor(vendor, 'makes the models that Django makes', async () => {
      const connection = connections.get();
      for (const fact of vectors<Inspected>('migrations/inspectdb')) {
        if (fact.vendor !== vendor || !isWhole(fact)) continue;
        total += 1;
        const isOwn = fact.ddl.some((sql) => PEOPLE[vendor].some((other) => tableOf(other) === tableOf(sql)));
        await make(connection, isOwn ? fact.ddl : [...PEOPLE[vendor], ...fact.ddl]);
        const [theirs, ours] = (
          await inspected(fact, connection).catch((error: Error) => [fact, String(error.stack)])
        ).map(sorted);
        if (theirs === ours) passed += 1;
        else if (process.env['SCHEMA_DIFFERENCES']) process.stdout.write(`${vendor}\n${ours}\n${theirs}\n\n`);
      }
      expect(passed / total).toBeGreaterThan(0.9);
    });
  }
  afterAll(() => reportArea('migrations inspectdb', passed, total));
});

const tableOf = (sql: string): string | undefined => /^CREATE TABLE "?([^" ]+)/.exec(sql)?.[1];

/** What the recorded views show, and partitions are of. */
const PEOPLE: Readonly<Record<Vendor, string[]>> = {
  sqlite: ['CREATE TABLE inspectdb_people (id integer NOT NULL PRIMARY KEY, name varchar(255) NOT NULL)'],
  postgresql: [
    'CREATE TABLE inspectdb_people (id integer NOT NULL PRIMARY KEY, name varchar(255) NOT NULL)',
    'CREATE TABLE inspectdb_partition_parent (name text not null) PARTITION BY LIST (left(upper(name), 1))',
  ],
  mysql: ['CREATE TABLE inspectdb_people (id integer NOT NULL PRIMARY KEY, name varchar(255) NOT NULL)'],
};
