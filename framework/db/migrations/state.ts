/**
 * The models as the migrations describe them at some point of their history. Django: `django.db.migrations.state`.
 */

import { LookupError } from '../../apps/registry';
import { FieldDoesNotExist, ValueError } from '../../core/exceptions';
import { camelCase } from '../../utils/module_loading';
import type { Constraint } from '../models/constraints';
import type { Field } from '../models/fields/base';
import type { ForeignKeyOptions, ForeignObjectOptions, ManyToManyOptions } from '../models/fields/related';
import { referenceKey } from '../models/fields/related';
import type { Index } from '../models/indexes';
import type { NamedManagers } from '../models/manager';
import { modelKey } from '../models/model_key';
import type { MetaOptions } from '../models/options';
import { StateApps } from './state_apps';
import { namesField } from './utils';

export { type HistoricalModel, type HistoricalModelClass, StateApps } from './state_apps';

/** What a migration says of a model: what Meta has, and what it had before Django 5.1. */
export interface HistoricalMeta extends MetaOptions {
  /** Groups of fields that have an index without a name. */
  indexTogether?: readonly (readonly string[])[];
}

/** The same options with other names of fields in their groups; groups that are empty then are none. */
export function withTogether(
  options: HistoricalMeta,
  change: (names: readonly string[]) => readonly string[],
): HistoricalMeta {
  const { uniqueTogether, indexTogether, ...rest } = options;
  const changed = (groups: readonly (readonly string[])[] = []): readonly (readonly string[])[] =>
    groups.map(change).filter((names) => names.length > 0);
  const [unique, index] = [changed(uniqueTogether), changed(indexTogether)];
  return {
    ...rest,
    ...(unique.length > 0 && { uniqueTogether: unique }),
    ...(index.length > 0 && { indexTogether: index }),
  };
}

/** A model at a point of history. */
export class ModelState {
  constructor(
    readonly appLabel: string,
    readonly name: string,
    /** By name, in order. */
    readonly fields: ReadonlyMap<string, Field>,
    readonly options: HistoricalMeta,
    /** The models that it extends, as `'app.Model'`. */
    readonly bases: readonly string[] = [],
    /** Its managers, where migrations have use for them. */
    readonly managers: NamedManagers = [],
  ) {}

  get key(): string {
    return `${this.appLabel}.${this.name.toLowerCase()}`;
  }

  /** The same model with something else about it. */
  with(changes: {
    name?: string;
    fields?: ReadonlyMap<string, Field>;
    options?: HistoricalMeta;
    managers?: NamedManagers;
  }): ModelState {
    return new ModelState(
      this.appLabel,
      changes.name ?? this.name,
      changes.fields ?? this.fields,
      changes.options ?? this.options,
      this.bases,
      changes.managers ?? this.managers,
    );
  }

  /** @throws FieldDoesNotExist. */
  getField(name: string): Field {
    const field = this.fields.get(name);
    if (field === undefined) throw new FieldDoesNotExist(`${this.name} has no field named '${name}'`);
    return field;
  }

  /** @throws ValueError. */
  getIndexByName(name: string): Index {
    return this.named('index', this.options.indexes, name);
  }

  /** @throws ValueError. */
  getConstraintByName(name: string): Constraint {
    return this.named('constraint', this.options.constraints, name);
  }

  private named<T extends { name: string }>(what: string, items: readonly T[] = [], name: string): T {
    const found = items.find((item) => item.name === name);
    if (found === undefined) throw new ValueError(`No ${what} named ${name} on model ${this.name}`);
    return found;
  }
}

/** Every model at a point of history. */
export class ProjectState {
  private readonly states: Map<string, ModelState>;
  private rendered: StateApps | undefined;

  constructor(
    models: ReadonlyMap<string, ModelState> = new Map(),
    /** Apps without migrations, whose models are as they are now. */
    readonly realApps: ReadonlySet<string> = new Set(),
  ) {
    this.states = new Map(models);
  }

  clone(): ProjectState {
    return new ProjectState(this.models, this.realApps);
  }

  /** The models by `app.model`. */
  get models(): ReadonlyMap<string, ModelState> {
    return this.states;
  }

  /** The models, ready for use; a change of the state makes them anew. */
  get apps(): StateApps {
    this.rendered ??= new StateApps(new Map(this.models));
    return this.rendered;
  }

  has(appLabel: string, name: string): boolean {
    return this.models.has(`${appLabel}.${name.toLowerCase()}`);
  }

  /** @throws LookupError. */
  getModelState(appLabel: string, name: string): ModelState {
    const found = this.models.get(`${appLabel}.${name.toLowerCase()}`);
    if (found === undefined) throw new LookupError(`App '${appLabel}' doesn't have a '${name}' model.`);
    return found;
  }

  addModel(model: ModelState): void {
    this.states.set(model.key, model);
    this.rendered = undefined;
  }

  removeModel(appLabel: string, name: string): void {
    this.states.delete(`${appLabel}.${name.toLowerCase()}`);
    this.rendered = undefined;
  }

  /** Renames a model, and with it what refers to it. */
  renameModel(appLabel: string, from: string, to: string): void {
    const old = this.getModelState(appLabel, from);
    const renamed = `${appLabel}.${to}`;
    this.removeModel(appLabel, from);
    this.addModel(old.with({ name: to }));
    this.eachField((model, field) => {
      if (!field.isRelation()) return undefined;
      const changes: Record<string, string> = {};
      for (const name of ['to', 'through'] as const) {
        const reference = (field.options as ManyToManyOptions)[name];
        if (typeof reference !== 'string') continue;
        const owner = model.key === modelKey(renamed) ? old : model;
        if (
          referenceKey(reference, { appLabel: model.appLabel, modelName: owner.name.toLowerCase() }) ===
          old.key
        ) {
          changes[name] = renamed;
        }
      }
      return Object.keys(changes).length > 0 ? field.clone(changes) : undefined;
    });
  }

  /** Changes one model. */
  update(appLabel: string, name: string, change: (model: ModelState) => ModelState): void {
    this.addModel(change(this.getModelState(appLabel, name)));
  }

  /** Gives a model these entries of Meta, and takes those of `keys` from it that are not among them. */
  alterModelOptions(
    appLabel: string,
    name: string,
    changes: HistoricalMeta,
    keys: readonly (keyof HistoricalMeta)[] = [],
  ): void {
    this.update(appLabel, name, (model) => {
      const options: HistoricalMeta = { ...model.options, ...changes };
      for (const key of keys) if (!(key in changes)) delete options[key];
      return model.with({ options });
    });
  }

  addIndex(appLabel: string, name: string, index: Index): void {
    const { indexes = [] } = this.getModelState(appLabel, name).options;
    this.alterModelOptions(appLabel, name, { indexes: [...indexes, index.clone()] });
  }

  /** @throws ValueError if there is none of that name. */
  removeIndex(appLabel: string, name: string, indexName: string): void {
    const model = this.getModelState(appLabel, name);
    const gone = model.getIndexByName(indexName);
    const indexes = (model.options.indexes ?? []).filter((index) => index.name !== gone.name);
    this.alterModelOptions(appLabel, name, { indexes });
  }

  /** @throws ValueError if there is none of that name. */
  renameIndex(appLabel: string, name: string, from: string, to: string): void {
    const model = this.getModelState(appLabel, name);
    const renamed = model.getIndexByName(from);
    const indexes = (model.options.indexes ?? []).map((index) =>
      index === renamed ? Object.assign(index.clone(), { name: to }) : index,
    );
    this.alterModelOptions(appLabel, name, { indexes });
  }

  /** Puts another constraint in the place of one. */
  alterConstraint(appLabel: string, name: string, constraintName: string, constraint: Constraint): void {
    const { constraints = [] } = this.getModelState(appLabel, name).options;
    this.alterModelOptions(appLabel, name, {
      constraints: constraints.map((each) => (each.name === constraintName ? constraint : each)),
    });
  }

  addConstraint(appLabel: string, name: string, constraint: Constraint): void {
    const { constraints = [] } = this.getModelState(appLabel, name).options;
    this.alterModelOptions(appLabel, name, { constraints: [...constraints, constraint] });
  }

  removeConstraint(appLabel: string, name: string, constraintName: string): void {
    const { constraints = [] } = this.getModelState(appLabel, name).options;
    this.alterModelOptions(appLabel, name, {
      constraints: constraints.filter((constraint) => constraint.name !== constraintName),
    });
  }

  /** Gives a model a field. One with `preserveDefault` false has its default for the rows that exist, and keeps none. */
  addField(appLabel: string, modelName: string, name: string, field: Field, preserveDefault: boolean): void {
    const kept = preserveDefault ? field : withoutDefault(field);
    this.update(appLabel, modelName, (model) =>
      model.with({ fields: new Map(model.fields).set(name, kept) }),
    );
  }

  /** @throws FieldDoesNotExist. */
  removeField(appLabel: string, modelName: string, name: string): void {
    this.update(appLabel, modelName, (model) => {
      model.getField(name);
      return model.with({ fields: new Map([...model.fields].filter(([each]) => each !== name)) });
    });
  }

  /** Puts another field in the place of one. @throws FieldDoesNotExist. */
  alterField(
    appLabel: string,
    modelName: string,
    name: string,
    field: Field,
    preserveDefault: boolean,
  ): void {
    this.getModelState(appLabel, modelName).getField(name);
    this.addField(appLabel, modelName, name, field, preserveDefault);
  }

  /** Renames a field, and with it what refers to it by name. */
  renameField(appLabel: string, modelName: string, from: string, to: string): void {
    const renameIn = (names: readonly string[]): string[] => names.map((name) => (name === from ? to : name));
    this.update(appLabel, modelName, (model) => {
      model.getField(from);
      const { options } = model;
      const fields = new Map([...model.fields].map(([name, field]) => [name === from ? to : name, field]));
      return model.with({
        fields,
        options: {
          ...withTogether(options, renameIn),
          ...(options.indexes && {
            indexes: options.indexes.map((index) =>
              index.with({
                fields: index.fields.map((field) =>
                  field === from ? to : field === `-${from}` ? `-${to}` : field,
                ),
              }),
            ),
          }),
        },
      });
    });
    const key = this.getModelState(appLabel, modelName).key;
    this.eachField((model, field) => {
      const {
        toField,
        to: target,
        fromFields,
        toFields,
      } = field.options as ForeignObjectOptions & ForeignKeyOptions;
      if (toField === undefined && fromFields === undefined && toFields === undefined) return undefined;
      const isNamed = (names: readonly string[] = []): boolean =>
        names.some((each) => namesField(each, from));
      // A ForeignObject names fields by their properties, or as migrations do.
      const renamed = (names: readonly string[]): string[] =>
        names.map((each) =>
          namesField(each, from) ? (each === from && from.includes('_') ? to : camelCase(to)) : each,
        );
      const changes: Record<string, unknown> = {};
      if (model.key === key && isNamed(fromFields)) changes['fromFields'] = renamed(fromFields);
      const own = { appLabel: model.appLabel, modelName: model.name.toLowerCase() };
      if (typeof target === 'string' && referenceKey(target, own) === key) {
        if (toField === from) changes['toField'] = to;
        if (isNamed(toFields)) changes['toFields'] = renamed(toFields);
      }
      return Object.keys(changes).length > 0 ? field.clone(changes as object) : undefined;
    });
  }

  private eachField(change: (model: ModelState, field: Field) => Field | undefined): void {
    for (const model of [...this.models.values()]) {
      let fields: Map<string, Field> | undefined;
      for (const [name, field] of model.fields) {
        const other = change(model, field);
        if (other === undefined) continue;
        fields ??= new Map(model.fields);
        fields.set(name, other);
      }
      if (fields !== undefined) this.addModel(model.with({ fields }));
    }
  }
}

function withoutDefault(field: Field): Field {
  const { default: _default, ...options } = field.options;
  return Object.assign(field.clone(), { options });
}
