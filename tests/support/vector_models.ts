/** Models and rows of the recorded ORM, made of their description alone. */
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import { ModelState, StateApps } from 'tsango/db/migrations/state';
import * as models from 'tsango/db/models';
import { decode } from './vector_values';
import { vectors } from './vectors';

type Json = Readonly<Record<string, unknown>>;

interface RecordedField {
  readonly name: string;
  readonly class: string;
  readonly column: string;
  readonly attname: string;
  readonly kwargs: Json;
}

/** A model of models.jsonl. */
export interface RecordedModel {
  readonly name: string;
  readonly label: string;
  readonly table: string;
  readonly bases: readonly string[];
  readonly options: Json;
  readonly fields: readonly RecordedField[];
}

/** What cannot be made of its description yet. */
export class NotYet extends Error {}

export const camelCase = (name: string): string =>
  name.replace(/_([a-z0-9])/g, (_found, letter: string) => letter.toUpperCase());

/** A field's options; what stands for a function that is not recorded is left out. */
function optionsOf(kwargs: Json): Json {
  const given: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(kwargs)) {
    if (/"\$(?:callable|enum|q|f|expr|model)"/.test(JSON.stringify(value ?? null))) continue;
    const plain = name === 'error_messages' ? value : decode(value);
    given[camelCase(name)] = name.startsWith('unique_for_') ? camelCase(String(plain)) : plain;
  }
  return given;
}

/** A field by its class and keyword arguments. @throws NotYet. */
export function fieldOf(cls: string, kwargs: Json): models.Field {
  const Field = (models as unknown as Readonly<Record<string, new (options: Json) => models.Field>>)[cls];
  if (Field === undefined) throw new NotYet(`the field ${cls}`);
  return new Field(optionsOf(kwargs));
}

function constraintsOf(options: Json): models.Constraint[] {
  const recorded = (options['constraints'] ?? []) as { $expr: string; args: unknown[]; kwargs: Json }[];
  return recorded.flatMap(({ $expr, args, kwargs }) =>
    $expr === 'UniqueConstraint' && args.length === 0 && !/"\$(?:q|f|expr)"/.test(JSON.stringify(kwargs))
      ? [new models.UniqueConstraint(decode(kwargs) as models.UniqueConstraintOptions)]
      : [],
  );
}

/** Meta.ordering, where it is made of names. */
function orderingOf(value: unknown): readonly string[] | undefined {
  const all = Array.isArray(value) ? value : (value as { $tuple?: unknown } | undefined)?.$tuple;
  return Array.isArray(all) && all.every((each) => typeof each === 'string') ? all : undefined;
}

function stateOf(app: string, { name, table, bases, options, fields }: RecordedModel): ModelState {
  if (bases.some((base) => base !== 'Model')) throw new NotYet('a model that inherits from another');
  return new ModelState(
    app,
    name,
    new Map(fields.map((field) => [field.name, fieldOf(field.class, field.kwargs)])),
    {
      dbTable: table,
      constraints: constraintsOf(options),
      uniqueTogether: [...(decode(options['unique_together'] ?? []) as Iterable<string[]>)].map((names) => [
        ...names,
      ]),
      ...(orderingOf(options['ordering']) && { ordering: orderingOf(options['ordering']) as string[] }),
      ...(options['verbose_name'] !== undefined && { verboseName: String(options['verbose_name']) }),
    },
  );
}

/** The models of those labels, and those that they refer to, ready for use; what cannot be made is left out. */
export function recordedModels(labels: readonly string[]): StateApps {
  const known = new Map(
    vectors<{ app: string; models: RecordedModel[] }>('orm/models').flatMap(({ app, models: all }) =>
      all.map((model) => [model.label, { app, model }] as const),
    ),
  );
  const states = new Map<string, ModelState>();
  const wanted = new Set(labels);
  for (const label of wanted) {
    const found = known.get(label);
    if (found === undefined) continue;
    try {
      states.set(label.toLowerCase(), stateOf(found.app, found.model));
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      continue;
    }
    for (const { kwargs } of found.model.fields)
      if (typeof kwargs['to'] === 'string') wanted.add(kwargs['to']);
  }
  // What refers to a model that cannot be made cannot be made either.
  let before: number;
  do {
    before = states.size;
    for (const label of wanted) {
      const targets = known.get(label)?.model.fields.map(({ kwargs }) => kwargs['to'] ?? label) ?? [];
      if (!targets.every((to) => states.has(String(to).toLowerCase()))) states.delete(label.toLowerCase());
    }
  } while (states.size < before);
  return new StateApps(states);
}

/** The rows of a snapshot in the tables of these models; whatever was there is gone. Foreign keys are not looked at. */
export async function loadRows(
  connection: DatabaseWrapper,
  apps: StateApps,
  rows: Readonly<Record<string, readonly Json[]>>,
): Promise<void> {
  const { ops } = connection;
  const own = apps.all();
  const between = own.flatMap(({ localManyToMany }) =>
    localManyToMany
      .filter((field) => field.hasOwnTable && apps.find(field.toKey))
      .map(({ through }) => through),
  );
  await connection.execute('PRAGMA foreign_keys = OFF');
  const tables = [...own, ...between];
  for (const { dbTable } of tables) await connection.execute(`DELETE FROM ${ops.quoteName(dbTable)}`);
  for (const { dbTable, localFields } of tables) {
    for (const row of rows[dbTable] ?? []) {
      const fields = localFields.filter(({ column }) => column in row);
      await connection.execute(
        `INSERT INTO ${ops.quoteName(dbTable)} (${fields.map(({ column }) => ops.quoteName(column)).join(', ')}) ` +
          `VALUES (${fields.map(() => '?').join(', ')})`,
        fields.map((field) => field.toDb(decode(row[field.column]), connection)),
      );
    }
  }
}
