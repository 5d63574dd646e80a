/**
 * The recorded work of Django's schema editors, done again: the models of a line, the editor's operations or calls, and
 * the statements that they send.
 */
import { connections } from 'tsango/db';
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import type { DatabaseSchemaEditor } from 'tsango/db/backends/base/schema';
import { Migration, type Operation } from 'tsango/db/migrations';
import type { ProjectState } from 'tsango/db/migrations/state';
import type { Field } from 'tsango/db/models';
import type { Options } from 'tsango/db/models/options';
import {
  decode,
  operationOf,
  type RecordedModel,
  type RecordedOperation,
  stateOf,
} from './vector_operations';
import { completed } from './vector_siblings';
import { decode as decodeValue } from './vector_values';

type Json = Record<string, unknown>;

/** What an editor was told, of one model. */
interface RecordedCall {
  call: string;
  model: string;
  args: unknown[];
  kwargs?: Json;
}

/** A line of `schema.jsonl`. */
export interface SchemaLine {
  kind: 'operations' | 'calls';
  vendor: 'sqlite' | 'postgresql' | 'mysql';
  atomic: boolean;
  collect?: boolean;
  routers?: unknown[];
  sql?: [sql: string, params?: unknown[] | null][];
  error?: string;
  message?: string;
  tables?: Record<string, string>;
  tables_before?: Record<string, string>;
  settings?: Json;
  test: string | null;
  // Of operations.
  app: string;
  direction: 'forwards' | 'backwards';
  operations: RecordedOperation[];
  state_before: RecordedModel[];
  state_after: (RecordedModel | string)[];
  // Of calls.
  calls: RecordedCall[];
  models: Record<string, RecordedModel>;
}

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What an editor does on a line. @throws NotYet. */
export function workOf(recorded: SchemaLine): (editor: DatabaseSchemaEditor) => Promise<void> {
  const line = completed(recorded);
  if (line.kind === 'calls') return callsOf(line);
  const [first] = line.sql ?? [];
  const isMigration = line.collect && String(first).startsWith('--');
  return isMigration ? (editor) => migrationOf(line, editor) : operationsOf(line);
}

/** `sqlmigrate`: the operations as a migration, which heads each with a comment. */
export async function migrationOf(line: SchemaLine, editor: DatabaseSchemaEditor): Promise<void> {
  const { app, atomic, direction } = line;
  const migration = Object.assign(new Migration('0001_recorded', app), {
    atomic,
    operations: withCode(line).map(operationOf),
  });
  if (direction === 'forwards') await migration.apply(stateOf(line.state_before), editor);
  else {
    migration.operations = [...migration.operations].reverse();
    await migration.unapply(stateOf(line.state_after, line.state_before), editor);
  }
}

/** The operations of `sqlmigrate`, those that run code where its comments have them: they were not recorded. */
function withCode({ operations, sql = [] }: SchemaLine): RecordedOperation[] {
  if (operations.some(({ op }) => op === 'RunPython')) return operations;
  const titles = sql.map(String).filter((text, at) => text.startsWith('-- ') && String(sql[at - 1]) === '--');
  const all = [...operations];
  for (const [place, title] of titles.filter((text) => !text.includes('CANNOT BE WRITTEN')).entries()) {
    if (title === '-- Raw Python operation')
      all.splice(place, 0, { op: 'RunPython', kwargs: { code: { $noop: true } } });
  }
  return all;
}

/** The states before and after. */
function statesOf({ state_before: before, state_after: after }: SchemaLine): [ProjectState, ProjectState] {
  const missing = missingModels([...before, ...after]);
  const columns = (models: readonly (RecordedModel | string)[]): (RecordedModel | string)[] => [
    ...missing,
    ...models.map((model) => (typeof model === 'string' ? model : withColumns(model))),
  ];
  return [stateOf(columns(before)), stateOf(columns(after), columns(before))];
}

/** The models that others refer to, and that were left out because no operation names them: with a key alone. */
function missingModels(models: readonly (RecordedModel | string)[]): RecordedModel[] {
  const keyOf = (model: RecordedModel | string): string =>
    (typeof model === 'string' ? model : `${model.app}.${model.name}`).toLowerCase();
  const there = new Set(models.map(keyOf));
  const wanted = [...JSON.stringify(models).matchAll(/"to":"(\w+)\.(\w+)"/g)];
  return wanted.flatMap(([, app = '', name = '']) => {
    const key = `${app}.${name}`.toLowerCase();
    if (there.has(key)) return [];
    there.add(key);
    const options = key === 'contenttypes.contenttype' ? { db_table: 'django_content_type' } : {};
    return [{ app, name, fields: [['id', 'AutoField', { primary_key: true }]], options }];
  });
}

/** A ForeignObject has no column, and no table knows of it. */
function withColumns(model: RecordedModel): RecordedModel {
  return { ...model, fields: model.fields.filter(([, , kwargs]) => !('from_fields' in kwargs)) };
}

/** Whether an operation follows itself: then the recorded test undid it. */
function isUndone({ operations }: SchemaLine, place: number): boolean {
  return place > 0 && JSON.stringify(operations[place]) === JSON.stringify(operations[place - 1]);
}

function operationsOf(line: SchemaLine): (editor: DatabaseSchemaEditor) => Promise<void> {
  const operations = line.operations.map(operationOf);
  const [before, after] = statesOf(line);
  return async (editor) => {
    if (line.direction === 'forwards') {
      let at = before;
      for (const [place, operation] of operations.entries()) {
        const from = at;
        if (isUndone(line, place)) {
          await operation.databaseBackwards(line.app, editor, from, before);
          continue;
        }
        at = from.clone();
        operation.stateForwards(line.app, at);
        // A recorded test may have changed more than its operation does.
        if (operations.length === 1) at = after;
        await operation.databaseForwards(line.app, editor, from, at);
      }
      return;
    }
    // They were recorded as they were undone: the last one first.
    const steps: { operation: Operation; before: ProjectState; after: ProjectState }[] = [];
    let at = after;
    for (const operation of [...operations].reverse()) {
      const from = at;
      at = from.clone();
      operation.stateForwards(line.app, at);
      steps.unshift({ operation, before: from, after: at });
    }
    for (const [place, step] of steps.entries()) {
      const from = place === 0 ? before : step.after;
      await step.operation.databaseBackwards(line.app, editor, from, step.before);
    }
  };
}

/**
 * The models of calls, under the names that their tables have: that a recorded test had changed one in `_meta` no line has,
 * but if one model's table is not there, and one table is no model's, it is that.
 */
function calledModels({ calls, models, tables_before: before = {} }: SchemaLine): RecordedModel[] {
  const tableOf = ({ app, name, options }: RecordedModel): string =>
    String(options?.['db_table'] ?? `${app}_${name.toLowerCase()}`);
  const all = Object.values(models).map(withColumns);
  const strangers = Object.keys(before).filter((table) => !all.some((model) => tableOf(model) === table));
  const deleted = calls.filter(({ call }) => call === 'delete_model').map(({ model }) => model);
  const astray = Object.entries(models).filter(
    ([label, model]) => deleted.includes(label) && !(tableOf(model) in before),
  );
  const [table] = strangers;
  if (astray.length !== 1 || strangers.length !== 1 || table === undefined) return all;
  return all.map((model) =>
    tableOf(model) in before ? model : { ...model, options: { ...model.options, db_table: table } },
  );
}

function callsOf(line: SchemaLine): (editor: DatabaseSchemaEditor) => Promise<void> {
  let state = stateOf(calledModels(line));
  return async (editor) => {
    for (const { call, model: label, args, kwargs = {} } of line.calls) {
      const model = modelOf(state, label);
      const { concurrently, strict: _strict, ...named } = kwargs;
      // What Python's callers may name stands in its place.
      const given = [...args, ...Object.values(named)].map((each) => argument(each, model));
      const method = (editor as unknown as Record<string, (...all: unknown[]) => Promise<void>>)[
        `${camelCase(call)}${concurrently === true ? 'Concurrently' : ''}`
      ];
      if (method === undefined) throw new Error(`no ${call}`);
      await method.call(editor, model, ...given);
      // As every caller does, the recorded tests tell the model of its new table.
      if (call === 'alter_db_table') state = renamed(state, model, String(args[1]));
    }
  };
}

/** The state in which a model has another table. */
function renamed(state: ProjectState, { appLabel, modelName }: Options, table: string): ProjectState {
  const after = state.clone();
  after.alterModelOptions(appLabel, modelName, { dbTable: table });
  return after;
}

function modelOf(state: ProjectState, label: string): Options {
  const [app = '', name = ''] = label.split('.');
  return state.apps.getOptions(app, name);
}

/** A field becomes one of its model. */
function argument(json: unknown, model: Options): unknown {
  const value = decode(json);
  const { name } = (json ?? {}) as { name?: string };
  if (json === null || typeof json !== 'object' || !('$field' in json) || name === undefined) return value;
  const field = value as Field;
  field.contributeTo(model, name);
  return field;
}

/** A value as it is written into a statement: a list as PostgreSQL's arrays are. */
function quoted(value: unknown, ops: DatabaseWrapper['ops']): string {
  return ops.quoteValue(Array.isArray(value) ? `{${value.join(',')}}` : value);
}

/** A recorded statement, its values written into it as `sqlmigrate` does. */
export function recordedSql(recorded: string | [sql: string, params?: unknown[] | null]): string {
  const [sql, params] = typeof recorded === 'string' ? [recorded] : recorded;
  const { ops } = connections.get();
  let at = 0;
  const text =
    params && params.length > 0 ? sql.replace(/%s/g, () => quoted(decodeValue(params[at++]), ops)) : sql;
  return text.replace(/;$/, '');
}

/** Whether a line has the tables that its statements need: what it neither names nor touches was left out. */
export function isRunnable(line: SchemaLine): boolean {
  if (line.sql?.some(([sql]) => sql.includes(' CONCURRENTLY '))) return false;
  const there = new Set(Object.keys(line.tables_before ?? {}));
  for (const [sql] of line.sql ?? []) {
    for (const [, made] of sql.matchAll(/(?:CREATE TABLE|RENAME TO|^RENAME TABLE \S+ TO) ["`]([^"`]+)["`]/g))
      there.add(made as string);
    for (const [, needed] of sql.matchAll(/(?:REFERENCES|DROP TABLE|ALTER TABLE| ON) ["`]([^"`]+)["`]/g)) {
      if (!there.has(needed as string)) return line.error !== undefined;
    }
  }
  return true;
}

/** Whether a line's test had USE_TZ: moments of a zone are refused without. */
export const usesZones = (line: SchemaLine): boolean =>
  /"\$datetime":"[^"]*(?:Z|[+-]\d\d:\d\d)"/.test(JSON.stringify(line));

/** What hangs on routers, or on a setting that swaps models, neither of which a line has. */
export function isWholeLine({ routers, test }: SchemaLine): boolean {
  return routers === undefined && !/\bSwappableOperationTests\b/.test(test ?? '');
}
