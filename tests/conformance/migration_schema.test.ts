/**
 * The schema editors beside Django's: what operations, and calls of the editor, send to three databases, and the tables that
 * are there afterwards. SQLite and PostgreSQL run every line; on MariaDB, where nothing can be rolled back, every line is
 * written down and some are run.
 */
import { configure, overrideSettings } from 'tsango/conf';
import { ValueError } from 'tsango/core/exceptions';
import { connections, DatabaseError } from 'tsango/db';
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import { CharField, IntegerField } from 'tsango/db/models';
import { Abs, Lower } from 'tsango/db/models/functions';
import { setRollback } from 'tsango/db/transaction';
import { scratchDatabase } from '../support/databases';
import { Explained, lineName } from '../support/explained';
import { describeWith } from '../support/services';
import { SQLITE_ENGINE } from '../support/sqlite';
import {
  isRunnable,
  isWholeLine,
  recordedSql,
  type SchemaLine,
  usesZones,
  workOf,
} from '../support/vector_schema';
import { comparableSql } from '../support/vector_schema_sql';
import {
  follow,
  readTable,
  recordedCatalogue,
  statementsOf,
  tableDifference,
  tablesOf,
} from '../support/vector_tables';
import { describeVectors, reportArea, vectors } from '../support/vectors';
import { SCHEMA_EXCEPTIONS } from './exceptions/schema';

type Vendor = SchemaLine['vendor'];

// As Django's own tests have them.
configure({
  SECRET_KEY: 'not a secret',
  USE_TZ: false,
  TIME_ZONE: 'America/Chicago',
  DEFAULT_AUTO_FIELD: 'django.db.models.AutoField',
  INSTALLED_APPS: [],
});

// What the recorded tests register for themselves.
CharField.registerLookup(Lower);
IntegerField.registerLookup(Abs);

const DATABASES = {
  sqlite: () => ({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }),
  postgresql: () => scratchDatabase('postgresql'),
  mysql: () => scratchDatabase('mysql'),
};

/** What Django's tests have installed. */
const PREPARED: Readonly<Partial<Record<Vendor, readonly string[]>>> = {
  postgresql: [
    ...['bloom', 'btree_gin', 'btree_gist', 'citext', 'hstore', 'pg_trgm'].map(
      (name) => `CREATE EXTENSION IF NOT EXISTS ${name}`,
    ),
    "CREATE COLLATION case_insensitive (provider=icu, locale='und-u-ks-level2', deterministic=false)",
    'CREATE SCHEMA django_schema_tests',
  ],
};

/** What an editor sends: run, or only written down. */
async function sent(
  line: SchemaLine,
  connection: DatabaseWrapper,
  collectSql: boolean,
  follow?: (sql: string) => void,
) {
  const editor = connection.schemaEditor({ collectSql, atomic: line.atomic });
  const statements: string[] = [];
  const execute = editor.execute.bind(editor);
  editor.execute = async (statement) => {
    statements.push(statement.toString());
    await execute(statement);
    follow?.(statement.toString());
  };
  let error: Error | undefined;
  const works = (): Promise<void> => editor.run(async () => workOf(line)(editor));
  try {
    // What fails on PostgreSQL leaves nothing else of its transaction to work with.
    await (connection.vendor === 'postgresql' && !collectSql ? connection.atomic(works) : works());
  } catch (thrown) {
    error = thrown as Error;
  }
  return { statements: collectSql ? editor.collectedSql : statements, error };
}

/** What the statements are that should have been sent, if they are others. `written`: nothing could fail in a database. */
function sqlDifference(
  line: SchemaLine,
  statements: readonly string[],
  error: Error | undefined,
  written = false,
): string | undefined {
  const ours = comparableSql(statements, line);
  const theirs = comparableSql((line.sql ?? []).map(recordedSql), line);
  if (runsCode(line) && line.error !== undefined && ours.startsWith(theirs)) return undefined;
  // What a recorded test expected to be refused, within its block, left nothing in the line.
  if (ours === theirs && theirs === '' && error instanceof ValueError) return undefined;
  if (ours === theirs && error instanceof DatabaseError) return undefined;
  if (ours === theirs && ((line.error === undefined) === (error === undefined) || runsCode(line)))
    return undefined;
  if (written && isOfDatabase(line) && ours.startsWith(theirs)) return undefined;
  return `${error?.stack ?? ''}\nOURS\n${ours}\nTHEIRS\n${theirs}\n`;
}

/** Whether what failed was a statement. */
function isOfDatabase({ error = '' }: SchemaLine): boolean {
  return /^(?:Operational|Programming|NotSupported|Integrity|Data)Error$/.test(error);
}

/** Whether a line has a function whose doings were not recorded: it may have been what failed. */
function runsCode({ operations = [] }: SchemaLine): boolean {
  return operations.some(({ op }) => op === 'RunPython');
}

/** Runs a line on a database that has its tables. @returns what is different from Django. */
async function run(line: SchemaLine, connection: DatabaseWrapper): Promise<string | undefined> {
  const before = tablesOf(line.tables_before);
  for (const sql of statementsOf(before, connection)) await connection.execute(sql);
  const { statements, error } = await sent(line, connection, line.collect ?? false);
  const different = sqlDifference(line, statements, error);
  if (different !== undefined || line.tables === undefined || line.collect) return different;
  const after = tablesOf(line.tables);
  for (const name of before.keys()) {
    if (!after.has(name) && (await readTable(name, connection)) !== undefined)
      return `TABLE ${name} is still there`;
  }
  for (const [name, recorded] of after) {
    const read = await readTable(name, connection);
    if (read === undefined) return `TABLE ${name} is not there`;
    const ordered = line.vendor !== 'sqlite' || line.direction === 'forwards';
    const other = tableDifference(recorded, read, { vendor: line.vendor, ordered });
    if (other !== undefined) return `${name}: ${other}`;
  }
  return undefined;
}

/** Writes a line's statements down, with a catalogue that says what was recorded of its tables. */
async function collected(line: SchemaLine, connection: DatabaseWrapper): Promise<string | undefined> {
  const { introspection } = connection;
  const tables = tablesOf(line.tables_before);
  Object.assign(connection, { introspection: recordedCatalogue(introspection, tables) });
  try {
    const { statements, error } = await sent(line, connection, true, (sql) => follow(tables, sql));
    return sqlDifference(line, statements, error, true);
  } finally {
    Object.assign(connection, { introspection });
  }
}

/** Runs a line in a database that has nothing else in it, and leaves nothing. */
async function runAlone(line: SchemaLine, connection: DatabaseWrapper): Promise<string | undefined> {
  let reason: string | undefined;
  switch (line.vendor) {
    case 'sqlite':
      await connection.close();
      return run(line, connection);
    case 'postgresql':
      await connection.atomic(async () => {
        reason = await run(line, connection);
        setRollback(true);
      });
      return reason;
    default:
      try {
        return await run(line, connection);
      } finally {
        const names = await connection.introspection.tableNames();
        const drops = names.map((name) => `DROP TABLE ${connection.ops.quoteName(name)};`);
        await connection.atomic(async () => {
          await connection.execute('SET FOREIGN_KEY_CHECKS = 0');
          for (const sql of drops) await connection.execute(sql);
          await connection.execute('SET FOREIGN_KEY_CHECKS = 1');
        });
      }
  }
}

/** Every so many lines one is run; all of them with SCHEMA_RUN=all. */
const RUN_EVERY: Readonly<Record<Vendor, number>> =
  process.env['SCHEMA_RUN'] === 'all'
    ? { sqlite: 1, postgresql: 1, mysql: 1 }
    : { sqlite: 1, postgresql: 10, mysql: 25 };

const LEFT_OUT = /no such table|(?:doesn't|does not) exist/;

/** How many lines the exceptions were written for. */
const LINES: Readonly<Record<Vendor, number>> = { sqlite: 1317, postgresql: 1406, mysql: 1302 };

/** What is different from Django. */
async function replay(line: SchemaLine, place: number): Promise<string | undefined> {
  const connection = connections.get();
  const runs = place % RUN_EVERY[line.vendor] === 0 && isRunnable(line);
  const written = runs ? undefined : await collected(line, connection);
  // What is only written down may be other than what is run: of what differs a run decides.
  const decides = runs || (written !== undefined && !line.collect && isRunnable(line));
  const reason = decides ? await runAlone(line, connection) : written;
  // Tables that a line neither names nor touches were left out.
  const isPartial = runs && line.error === undefined && LEFT_OUT.test(reason ?? '');
  return isPartial ? collected(line, connection) : reason;
}

function replayed(vendor: Vendor): void {
  const database = DATABASES[vendor]();
  let restore: () => Promise<void>;
  beforeAll(async () => {
    restore = overrideSettings({ DATABASES: { default: database } });
    for (const sql of PREPARED[vendor] ?? []) await connections.get().execute(sql);
  });
  afterAll(async () => {
    await connections.closeAll();
    await restore();
  });

  it('sends what Django sends, and has the same tables afterwards', async () => {
    const explained = new Explained(`migrations schema ${vendor}`, SCHEMA_EXCEPTIONS);
    for (const line of vectors<SchemaLine>('migrations/schema')) {
      if (line.vendor !== vendor || !isWholeLine(line)) continue;
      const settings = usesZones(line) ? overrideSettings({ USE_TZ: true }) : undefined;
      const difference = await replay(line, explained.total + 1).catch((error: Error) => `${error.stack}`);
      await settings?.();
      explained.replayed(lineName([vendor, line.test, line.direction], line), difference);
    }
    explained.report(reportArea);
    explained.expectAgreement(0.993, LINES[vendor]);
  }, 600_000);
}

for (const vendor of Object.keys(DATABASES) as Vendor[]) {
  describeVectors(['migrations/schema', 'migrations/tables'], vendor, () => {
    describeWith(vendor === 'sqlite' ? [] : vendor, vendor, () => replayed(vendor));
  });
}
