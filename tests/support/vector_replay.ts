/** The recorded ORM, query by query: each over its rows, in a transaction that is rolled back. */
import { overrideSettings } from 'tsango/conf';
import { ValidationError } from 'tsango/core/exceptions';
import type { DatabaseWrapper, Row } from 'tsango/db/backends/base/base';
import { ProtectedError, RestrictedError } from 'tsango/db/models';
import { setRollback } from 'tsango/db/transaction';
import { override as overrideZone } from 'tsango/utils/timezone';
import { NotThere } from './vector_expressions';
import { createTables, type RecordedModels, recordedModels } from './vector_models';
import { type Call, type RecordedChain, Replayer } from './vector_queries';
import { difference, ofMultisets } from './vector_results';
import { type Changes, loadRows, otherChanges, readTables, type Tables, tablesOf } from './vector_rows';
import type { StatementLog } from './vector_statements';
import { vectors } from './vectors';

interface Recorded extends RecordedChain {
  readonly id: string;
  readonly app: string;
  readonly data: string;
  readonly terminal: Call | null;
  readonly ordered?: boolean;
  readonly result?: unknown;
  readonly error?: { class: string; message: string };
  readonly statements: number | null;
  readonly sql: readonly string[];
  readonly after?: Changes;
  readonly sequences?: Readonly<Record<string, number>>;
  readonly tz?: { current: string; connection: string };
  readonly registered?: readonly (readonly [string, string, string])[];
}

/** What a database needs for a replay. */
export interface Ground {
  readonly connection: DatabaseWrapper;
  readonly log: StatementLog;
  /** Makes the database empty, and the log listen. */
  reset(): Promise<void>;
}

/** How it went. */
export class Report {
  passed = 0;
  total = 0;
  /** The cases that did not agree. */
  readonly failed: string[] = [];
  private readonly reasons = new Map<string, string[]>();

  pass(): void {
    this.passed += 1;
  }

  fail(id: string, why: string): void {
    this.failed.push(id);
    const reason = `${id.split('.')[0]}: ${why}`;
    const general = generalized(why);
    const found = this.reasons.get(general) ?? [];
    found.push(`${id} (${reason.slice(0, 160)})`);
    this.reasons.set(general, found);
  }

  /** The reasons, most frequent first, each with so many cases. */
  told(cases: number): string {
    return [...this.reasons]
      .sort(([, one], [, other]) => other.length - one.length)
      .map(
        ([why, ids]) =>
          `${ids.length} ${why}\n${ids
            .slice(0, cases)
            .map((id) => `      ${id}`)
            .join('\n')}`,
      )
      .join('\n');
  }
}

/** A reason without what is one case's own. */
function generalized(why: string): string {
  return why
    .replace(/(['"`]).*?\1/g, "'…'")
    .replace(/\b\d+\b/g, 'n')
    .replace(/\s+/g, ' ')
    .slice(0, 120);
}

function groupBy<T>(all: readonly T[], key: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(key(each));
    if (group === undefined) groups.set(key(each), [each]);
    else group.push(each);
  }
  return groups;
}

/** Thrown at the end of what is to leave nothing behind. */
class Undo extends Error {}

async function undone(connection: DatabaseWrapper, body: () => Promise<void>): Promise<void> {
  try {
    await connection.atomic(async () => {
      await body();
      throw new Undo();
    });
  } catch (error) {
    if (!(error instanceof Undo)) throw error;
  }
}

/** `Cannot call selectRelated()` is what Python says of `select_related()`. */
const pythonic = (message: string): string =>
  message.replace(/(?<=[a-z0-9])[A-Z](?=[a-z])/g, (letter) => `_${letter.toLowerCase()}`);

/** What Python writes of an error that has more than a text: `['…']`, or a tuple with what is in the way. */
function pythonText(error: Error): string {
  const { message } = error;
  if (error instanceof ValidationError) return `['${message}']`;
  if (!(error instanceof ProtectedError) && !(error instanceof RestrictedError)) return message;
  const objects = error instanceof ProtectedError ? error.protectedObjects : error.restrictedObjects;
  const named = [...objects].map((each) => `<${each.constructor.name}: ${String(each)}>`);
  return `("${message}", {${named.join(', ')}})`;
}

function isError(wanted: { class: string; message: string }, error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name } = error;
  const { class: cls } = wanted;
  // Python's driver of PostgreSQL tells the place in the statement, too, whose text it has itself.
  const message = pythonic(wanted.message.replace(/\n(?:LINE \d+:[\s\S]*)?$/, ''));
  return (
    (cls === name || cls.endsWith(`.${name}`)) &&
    (message === pythonic(error.message) || sorted(message) === sorted(pythonic(pythonText(error))))
  );
}

/** Members of a set have no order. */
const sorted = (message: string): string =>
  message.replace(/\{(.*)\}/, (_, members: string) => `{${members.split(', ').sort().join(', ')}}`);

/** Replays a corpus; `only`: the cases whose ids begin so, with commas between, told in full. */
export async function replay(corpus: string, ground: Ground, only?: string): Promise<Report> {
  const report = new Report();
  const prefixes = only?.split(',');
  const all = vectors<Recorded>(`${corpus}/queries`).filter(
    ({ id }) => prefixes?.some((prefix) => id.startsWith(prefix)) ?? true,
  );
  const data = new Map(
    vectors<{ id: string; apps: string[]; rows: Tables }>(`${corpus}/data`).map((each) => [each.id, each]),
  );
  report.total = all.length;
  for (const [app, queries] of groupBy(all, (each) => each.app)) {
    const failAll = (cases: readonly Recorded[], what: string, error: unknown): void => {
      for (const { id } of cases) report.fail(id, `${what}: ${String(error)}`);
    };
    await ground.reset();
    try {
      await undone(ground.connection, async () => {
        const models = recordedModels(
          corpus,
          new Set([app, ...queries.map(({ model }) => model.split('.')[0] as string)]),
        );
        await createTables(ground.connection, models);
        const replayer = new AppReplayer(ground, models, report, only !== undefined);
        for (const [id, group] of groupBy(queries, (each) => each.data)) {
          await undone(ground.connection, async () => {
            try {
              await replayer.load(data.get(id)?.rows ?? {});
            } catch (error) {
              // Answers over rows that are not there would say nothing.
              failAll(group, `rows of ${app}`, error);
              return;
            }
            for (const recorded of group) await replayer.one(recorded);
          });
        }
      });
    } catch (error) {
      failAll(queries, `models of ${app}`, error);
    }
  }
  return report;
}

class AppReplayer {
  private readonly replayer: Replayer;
  private readonly tables: readonly string[];
  private before: Map<string, Row[]> | undefined;

  constructor(
    private readonly ground: Ground,
    private readonly models: RecordedModels,
    private readonly report: Report,
    private readonly tells: boolean,
  ) {
    this.replayer = new Replayer(models.apps);
    this.tables = tablesOf(models.apps);
  }

  async load(rows: Tables): Promise<void> {
    this.before = undefined;
    await loadRows(this.ground.connection, this.tables, rows);
  }

  async one(recorded: Recorded): Promise<void> {
    const { connection } = this.ground;
    let why: string | undefined;
    try {
      await undone(connection, async () => {
        for (const [table, last] of Object.entries(recorded.sequences ?? {})) {
          await connection.execute('DELETE FROM sqlite_sequence WHERE name = ?', [table]);
          await connection.execute('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', [table, last]);
        }
        why = await this.withZone(recorded, () => this.withLookups(recorded, () => this.ask(recorded)));
      });
    } catch (error) {
      why = this.describe(error);
    }
    if (why === undefined) this.report.pass();
    else this.report.fail(recorded.id, why);
    if (this.tells) process.stdout.write(`${why ?? 'agrees'}\n`);
  }

  private async withZone<T>({ tz }: Recorded, body: () => Promise<T>): Promise<T> {
    if (tz === undefined) return body();
    const { vendor } = this.ground.connection;
    const settings = this.ground.connection.settingsDict as { TIME_ZONE?: string | null };
    const before = settings.TIME_ZONE ?? null;
    settings.TIME_ZONE = tz.connection === 'UTC' ? null : tz.connection;
    // What the connection would have been opened with; it ends with the transaction.
    if (vendor === 'postgresql') await this.ground.connection.execute("SET LOCAL TIME ZONE 'UTC'");
    const restore = overrideSettings({ USE_TZ: true });
    try {
      return await overrideZone(tz.current, body);
    } finally {
      await restore();
      settings.TIME_ZONE = before;
    }
  }

  private async withLookups<T>({ registered = [] }: Recorded, body: () => Promise<T>): Promise<T> {
    const undo = this.replayer.register(registered);
    try {
      return await body();
    } finally {
      undo();
    }
  }

  /** Why the answer is not the recorded one. */
  private async ask(recorded: Recorded): Promise<string | undefined> {
    const { connection, log } = this.ground;
    if (recorded.after !== undefined) this.before ??= await readTables(connection, this.tables);
    let why: string | undefined;
    let result: unknown;
    await this.replayer.prepare(recorded, recorded.terminal);
    log.clear();
    try {
      result = await this.replayer.finish(recorded, recorded.terminal);
      if (recorded.error !== undefined) why = `no ${recorded.error.class}: ${recorded.error.message}`;
    } catch (error) {
      result = error;
      if (recorded.error === undefined || !isError(recorded.error, error))
        why = this.describe(error, recorded);
    }
    const { count } = log;
    if (this.tells) this.tell(recorded, result);
    if (why === undefined && recorded.error === undefined) {
      why =
        recorded.ordered === false && Array.isArray(recorded.result)
          ? await ofMultisets(recorded.result, result)
          : await difference(recorded.result, result);
      why = why && `other result, ${why}`;
      // What was to be loaded with the rows is not to be loaded when it is looked at.
      if (why === undefined && log.count > count)
        why = 'something that was to be loaded with the rows was not';
    }
    if (why === undefined && recorded.statements !== null && count > recorded.statements) {
      why = `more statements (${recorded.terminal?.[0] ?? ''}): ${count}, not ${recorded.statements}`;
    }
    if (why === undefined && recorded.after !== undefined && this.before !== undefined) {
      if (connection.inAtomicBlock) setRollback(false);
      const other = otherChanges(
        recorded.after,
        this.before,
        await readTables(connection, this.tables),
        connection,
      );
      if (other !== undefined && this.tells) process.stdout.write(`${other}\n`);
      why = other && `other rows written (${recorded.terminal?.[0] ?? ''})`;
    }
    return why;
  }

  private describe(error: unknown, recorded?: Recorded): string {
    if (this.tells) process.stdout.write(`${String((error as Error).stack)}\n`);
    if (error instanceof NotThere) {
      const missing = [...this.models.missing].find(([label]) => error.message.endsWith(` ${label}`))?.[1];
      return missing ?? error.message;
    }
    const { name, message } = error as Error;
    const wanted =
      recorded?.error === undefined ? '' : `, not ${recorded.error.class}: ${recorded.error.message}`;
    return `${name}: ${message}${wanted}`;
  }

  private tell(recorded: Recorded, result: unknown): void {
    const { sql, result: expected, error, ...rest } = recorded;
    const shown = require('node:util') as typeof import('node:util');
    process.stdout.write(
      `${JSON.stringify(rest, null, 1)}\nDjango's statements:\n  ${sql.join('\n  ')}\nOurs:\n  ` +
        `${this.ground.log.statements.join('\n  ')}\nExpected: ${JSON.stringify(error ?? expected, null, 1)}\n` +
        `Got: ${shown.inspect(result, { depth: 4 })}\n`,
    );
  }
}
