/** Models of the recorded ORM, made of their description alone: as a migration's code meets them. */
import type { DatabaseWrapper } from 'tsango/db/backends/base/base';
import { ModelState, StateApps } from 'tsango/db/migrations/state';
import type * as models from 'tsango/db/models';
import { camelCase } from 'tsango/utils/module_loading';
import { fieldOf, type Json, make, NotThere, optionsOf, Values } from './vector_expressions';
import { vectors } from './vectors';

interface RecordedField {
  readonly name: string;
  readonly class: string;
  readonly column: string | null;
  readonly concrete?: boolean;
  readonly kwargs: Json;
  readonly args?: readonly unknown[];
}

/** A model of models.jsonl. */
export interface RecordedModel {
  readonly label: string;
  readonly name: string;
  readonly table: string;
  readonly bases: readonly string[];
  readonly options: Json;
  readonly auto_created: boolean;
  readonly fields: readonly RecordedField[];
  readonly private_fields: readonly RecordedField[];
}

const values = new Values(undefined);

/** Options whose values are names, or hold them, and stay as they are. */
const VERBATIM: ReadonlySet<string> = new Set(['error_messages', 'choices', 'limit_choices_to']);

/** Meta's entries that say nothing about queries, or are said otherwise. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'abstract',
  'auto_created',
  'base_manager_name',
  'db_table',
  'db_tablespace',
  'default_manager_name',
  'required_db_features',
  'swappable',
]);

/** What a field may be called in its options but what no recording can hold. */
function fieldOptions(kwargs: Json): Json {
  const given: Record<string, unknown> = {};
  for (const [name, json] of Object.entries(kwargs)) {
    try {
      given[name] = name === 'on_delete' ? onDelete(json) : values.value(json);
      if (name.startsWith('unique_for_')) given[name] = camelCase(String(given[name]));
    } catch (error) {
      // Validators, functions of the test's own, classes of JSON: a default that is not known is given by the caller.
      if (!(error instanceof NotThere)) throw error;
    }
  }
  return Object.fromEntries(
    Object.entries(given)
      .filter(([name, value]) => value !== null || VERBATIM.has(name) || name === 'default')
      .map(([name, value]) => [camelCase(name), value]),
  );
}

function onDelete(json: unknown): unknown {
  if (typeof json === 'string') return json;
  const { $set: set } = json as { $set: unknown };
  try {
    return make('SET', values.value(set));
  } catch (error) {
    if (!(error instanceof NotThere)) throw error;
    // A function of the test's own: only what calls it cannot be replayed.
    return make('SET', () => {
      throw error;
    });
  }
}

/** A field by its description. @throws NotThere. */
export function fieldFrom({
  class: cls,
  args = [],
  kwargs,
}: Pick<RecordedField, 'class' | 'args' | 'kwargs'>): models.Field {
  return fieldOf(
    cls,
    args.map((each) => values.value(each)),
    fieldOptions(kwargs),
  );
}

/** Meta of a described model. */
export function metaOf({ table, options }: Pick<RecordedModel, 'table' | 'options'>): models.MetaOptions {
  const entries = Object.entries(options).filter(([name]) => !LEFT_OUT.has(name));
  const named = Object.fromEntries(
    entries.flatMap(([name, json]) => {
      try {
        const value = values.value(json);
        return [[name, value instanceof Set ? [...value] : value]];
      } catch (error) {
        if (!(error instanceof NotThere)) throw error;
        return [];
      }
    }),
  );
  return { ...optionsOf(named), dbTable: table } as models.MetaOptions;
}

const isLabel = (base: string): boolean => base.includes('.');

function stateOf(app: string, model: RecordedModel): ModelState {
  const bases = model.bases.filter(isLabel);
  const fields: [string, models.Field][] = [];
  for (const field of [...model.fields, ...model.private_fields]) {
    if (field.concrete === false && field.class !== 'ForeignObject') continue;
    try {
      fields.push([field.name, fieldFrom(field)]);
    } catch (error) {
      // What has no column is missing from queries alone.
      if (!(error instanceof NotThere) || (field.column !== null && field.column !== undefined)) throw error;
    }
  }
  const State = ModelState as unknown as new (...all: unknown[]) => ModelState;
  const state = new State(app, model.name, new Map(fields), metaOf(model), bases);
  if (bases.length > 0 && !('bases' in state)) throw new NotThere('models that inherit from others');
  return state;
}

/** The models of an app that could be made, and why others could not. */
export interface RecordedModels {
  readonly apps: StateApps;
  /** Those whose tables have to be made. */
  readonly withTables: ReturnType<StateApps['all']>;
  readonly missing: ReadonlyMap<string, string>;
}

let described: Map<string, { app: string; model: RecordedModel }> | undefined;
let describedIn: string | undefined;

function descriptions(corpus: string): Map<string, { app: string; model: RecordedModel }> {
  if (described === undefined || describedIn !== corpus) {
    const all = vectors<{ app: string; models: RecordedModel[] }>(`${corpus}/models`);
    described = new Map(
      all.flatMap(({ app, models: own }) => own.map((model) => [model.label, { app, model }] as const)),
    );
    describedIn = corpus;
  }
  return described;
}

function references({ fields, private_fields: others, bases }: RecordedModel): string[] {
  const named = [...fields, ...others].flatMap(({ kwargs }) => [kwargs['to'], kwargs['through']]);
  return [...named, ...bases].filter((label): label is string => typeof label === 'string' && isLabel(label));
}

/** The models of these apps, or of these labels, and those that they refer to. */
export function recordedModels(corpus: string, names: ReadonlySet<string>): RecordedModels {
  const known = descriptions(corpus);
  const wanted = new Set(
    [...known]
      .filter(([, { app, model }]) => names.has(model.label) || (names.has(app) && !model.auto_created))
      .map(([label]) => label),
  );
  const states = new Map<string, ModelState>();
  const missing = new Map<string, string>();
  for (const label of wanted) {
    const found = known.get(label);
    if (found === undefined) continue;
    try {
      states.set(label.toLowerCase(), stateOf(label.split('.')[0] as string, found.model));
    } catch (error) {
      missing.set(label, (error as Error).message);
      continue;
    }
    for (const other of references(found.model)) wanted.add(other);
  }
  leaveOutDependents(states, missing, wanted, known);
  const rendered = new StateApps(states);
  return { apps: rendered, withTables: ownTables(rendered), missing };
}

/** What refers to a model that could not be made cannot be made either. */
function leaveOutDependents(
  states: Map<string, ModelState>,
  missing: Map<string, string>,
  wanted: ReadonlySet<string>,
  known: ReadonlyMap<string, { model: RecordedModel }>,
): void {
  let before: number;
  do {
    before = states.size;
    for (const label of wanted) {
      const found = known.get(label);
      if (found === undefined || !states.has(label.toLowerCase())) continue;
      const lacks = references(found.model).find((to) => known.has(to) && !states.has(to.toLowerCase()));
      if (lacks === undefined) continue;
      states.delete(label.toLowerCase());
      missing.set(label, missing.get(lacks) ?? `not there: the model ${lacks}`);
    }
  } while (states.size < before);
}

function ownTables(apps: StateApps): ReturnType<StateApps['all']> {
  const all = apps.all().filter(({ meta }) => (meta as { proxy?: boolean }).proxy !== true);
  const [managed, unmanaged] = [all.filter((each) => each.managed), all.filter((each) => !each.managed)];
  // A table belongs to the model that is managed; its unmanaged twins look at it.
  const taken = new Set(managed.flatMap(tablesOfModel));
  return [...managed, ...unmanaged.filter(({ dbTable }) => !taken.has(dbTable))];
}

function tablesOfModel({ dbTable, localManyToMany }: ReturnType<StateApps['all']>[number]): string[] {
  return [
    dbTable,
    ...localManyToMany.filter((field) => field.hasOwnTable).map(({ through }) => through.dbTable),
  ];
}

/** The tables in between of models that only look at others' tables. */
function* lookedAt({ apps, withTables }: RecordedModels): Generator<ReturnType<StateApps['all']>[number]> {
  const made = new Set(withTables.flatMap(tablesOfModel));
  for (const model of apps.all().filter((each) => !withTables.includes(each) && !each.proxy)) {
    for (const field of model.localManyToMany.filter((each) => each.hasOwnTable)) {
      if (!made.has(field.through.dbTable)) yield field.through;
    }
  }
}

/** Makes the tables. */
export async function createTables(connection: DatabaseWrapper, models: RecordedModels): Promise<void> {
  await connection.schemaEditor().run(async (editor) => {
    for (const model of [...models.withTables, ...lookedAt(models)]) await editor.createModel(model);
  });
}
