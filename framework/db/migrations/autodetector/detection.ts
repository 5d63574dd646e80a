/** What is known while two states are compared. Django: the attributes of `MigrationAutodetector`. */
import type { Field } from '../../models/fields/base';
import { ManyToManyField, type ManyToManyOptions, referenceKey } from '../../models/fields/related';
import type { Operation } from '../operations';
import type { MigrationQuestioner } from '../questioner';
import type { ModelState, ProjectState } from '../state';
import { swappableSetting } from '../swappable';
import type { Dependency, DependencyType, Planned } from './dependencies';

/** `app.model`, or `app.model.field`. */
export type Key = string;

/** The models of a state by what they are to migrations. */
interface Kinds {
  readonly models: Set<Key>;
  readonly proxies: Set<Key>;
  readonly unmanaged: Set<Key>;
}

export const sorted = (keys: Iterable<Key>): Key[] => [...keys].sort();
export const without = (keys: ReadonlySet<Key>, others: ReadonlySet<Key>): Set<Key> =>
  new Set([...keys].filter((key) => !others.has(key)));
export const both = (keys: ReadonlySet<Key>, others: ReadonlySet<Key>): Set<Key> =>
  new Set([...keys].filter((key) => others.has(key)));
export const either = (...sets: ReadonlySet<Key>[]): Set<Key> => new Set(sets.flatMap((keys) => [...keys]));

/** The parts of a key. */
export function partsOf(key: Key): [app: string, model: string, field: string] {
  const [app = '', model = '', field = ''] = key.split('.');
  return [app, model, field];
}

/** The model that a relation refers to. */
export function targetOf(field: Field, owner: Key): Key | undefined {
  return referred(field, 'to', owner);
}

/** The model of a many-to-many relation's table, where it has one of its own. */
export function throughOf(field: Field, owner: Key): Key | undefined {
  return field instanceof ManyToManyField ? referred(field, 'through', owner) : undefined;
}

function referred(field: Field, option: 'to' | 'through', owner: Key): Key | undefined {
  const reference = (field.options as Partial<ManyToManyOptions>)[option];
  if (typeof reference !== 'string') return undefined;
  const [appLabel, modelName] = partsOf(owner);
  return referenceKey(reference, { appLabel, modelName });
}

/** A comparison under way. */
export class Detection {
  readonly old: Kinds;
  readonly new: Kinds;
  /** By the new model's key: the old one's. */
  readonly renamedModels = new Map<Key, Key>();
  /** By the new field's key: the old one's name. */
  readonly renamedFields = new Map<Key, string>();
  oldFields = new Set<Key>();
  newFields = new Set<Key>();
  /** By the model of a table in between: the field whose table it is. */
  readonly throughUsers = new Map<Key, Key>();
  /** What was found, by app. */
  readonly planned = new Map<string, Planned[]>();
  private readonly relations = new Map<ProjectState, Map<Key, Map<Key, Map<string, Field>>>>();

  constructor(
    readonly from: ProjectState,
    readonly to: ProjectState,
    readonly questioner: MigrationQuestioner,
    /** Apps without migrations that are to get some. */
    convertApps: ReadonlySet<string>,
  ) {
    const { realApps } = from;
    this.old = kindsOf(from, (app) => !realApps.has(app));
    this.new = kindsOf(to, (app) => !realApps.has(app) || convertApps.has(app));
  }

  /** Models that were there and are there still. */
  get kept(): Set<Key> {
    return both(this.old.models, this.new.models);
  }

  /** Models, proxies and models without management that were there and are there still. */
  get keptOfAnyKind(): Set<Key> {
    return either(
      this.kept,
      both(this.old.proxies, this.new.proxies),
      both(this.old.unmanaged, this.new.unmanaged),
    );
  }

  newModel(key: Key): ModelState {
    return modelOf(this.to, key);
  }

  /** A model as it was, by its key of now. */
  oldModel(key: Key): ModelState {
    return modelOf(this.from, this.renamedModels.get(key) ?? key);
  }

  /** Plans an operation, after the others of its app or ahead of them. */
  add(
    app: string,
    operation: Operation,
    dependencies: readonly Dependency[] = [],
    { beginning = false }: { beginning?: boolean } = {},
  ): void {
    const all = this.planned.get(app) ?? [];
    const seen = new Set<string>();
    const once = dependencies.filter((each) => {
      const text = JSON.stringify(each);
      return !seen.has(text) && seen.add(text);
    });
    all.splice(beginning ? 0 : all.length, 0, { operation, dependencies: once });
    this.planned.set(app, all);
  }

  /** What refers to a model, by the model and the field that do. Proxies stand for the model whose rows they show. */
  referring(state: ProjectState, key: Key): ReadonlyMap<Key, ReadonlyMap<string, Field>> {
    let all = this.relations.get(state);
    if (all === undefined) {
      all = relationsOf(state);
      this.relations.set(state, all);
    }
    return all.get(concreteOf(state, key)) ?? new Map();
  }
}

function modelOf(state: ProjectState, key: Key): ModelState {
  const [app, model] = partsOf(key);
  return state.getModelState(app, model);
}

function kindsOf(state: ProjectState, migrated: (app: string) => boolean): Kinds {
  const kinds: Kinds = { models: new Set(), proxies: new Set(), unmanaged: new Set() };
  for (const [key, { appLabel, options }] of state.models) {
    if (options.managed === false) kinds.unmanaged.add(key);
    else if (migrated(appLabel)) (options.proxy ? kinds.proxies : kinds.models).add(key);
  }
  return kinds;
}

/** The model whose table a model's rows are in. */
function concreteOf(state: ProjectState, key: Key): Key {
  let at = key;
  for (let steps = 0; steps < 100; steps++) {
    const model = state.models.get(at);
    const [base] = model?.bases ?? [];
    if (model === undefined || !model.options.proxy || base === undefined) return at;
    at = referenceKey(base, { appLabel: model.appLabel, modelName: '' });
  }
  return at;
}

function relationsOf(state: ProjectState): Map<Key, Map<Key, Map<string, Field>>> {
  const all = new Map<Key, Map<Key, Map<string, Field>>>();
  for (const [key, { fields }] of state.models) {
    for (const [name, field] of fields) {
      for (const target of [targetOf(field, key), throughOf(field, key)]) {
        if (target === undefined) continue;
        const concrete = concreteOf(state, target);
        const referring = all.get(concrete) ?? new Map<Key, Map<string, Field>>();
        referring.set(key, (referring.get(key) ?? new Map<string, Field>()).set(name, field));
        all.set(concrete, referring);
      }
    }
  }
  return all;
}

/** That something has happened with a model, or a field of it. */
export function after(key: Key, type: DependencyType, field: string | null = null): Dependency {
  const [app, model] = partsOf(key);
  return { app, model, field, type };
}

/** That the models are there which a relation needs. */
export function relationDependencies(field: Field, owner: Key): Dependency[] {
  const found: Dependency[] = [];
  const target = targetOf(field, owner);
  if (target !== undefined) {
    const created = after(target, 'create');
    const setting = swappableSetting(target);
    found.push(setting === undefined ? created : { ...created, setting });
  }
  const through = throughOf(field, owner);
  if (through !== undefined) found.push(after(through, 'create'));
  return found;
}
