/**
 * The models as the migrations describe them at some point of their history. Django: `django.db.migrations.state`.
 */
import { LookupError } from '../../apps/registry';
import { FieldDoesNotExist } from '../../core/exceptions';
import type { Model, ModelClass } from '../models/base';
import type { Field } from '../models/fields/base';
import type { ForeignKeyOptions, ManyToManyOptions } from '../models/fields/related';
import { referenceKey } from '../models/fields/related';
import { Index } from '../models/indexes';
import type { Manager } from '../models/manager';
import { type MetaOptions, type ModelRegistry, Options } from '../models/options';
import { installedModels } from '../models/registry';

/** A model at a point of history. */
export class ModelState {
  constructor(
    readonly appLabel: string,
    readonly name: string,
    /** By name, in order. */
    readonly fields: ReadonlyMap<string, Field>,
    readonly options: MetaOptions,
  ) {}

  get key(): string {
    return `${this.appLabel}.${this.name.toLowerCase()}`;
  }

  /** The same model with something else about it. */
  with(changes: { name?: string; fields?: ReadonlyMap<string, Field>; options?: MetaOptions }): ModelState {
    return new ModelState(
      this.appLabel,
      changes.name ?? this.name,
      changes.fields ?? this.fields,
      changes.options ?? this.options,
    );
  }

  /** @throws FieldDoesNotExist. */
  getField(name: string): Field {
    const field = this.fields.get(name);
    if (field === undefined) throw new FieldDoesNotExist(`${this.name} has no field named '${name}'`);
    return field;
  }
}

/** A row of a model of the past: its fields by their names in camelCase. */
export interface HistoricalModel extends Model {
  [field: string]: unknown;
}

/** A model of the past. */
export type HistoricalModelClass = Omit<ModelClass, 'objects'> & {
  readonly objects: Manager<HistoricalModel>;
};

/** The models of a state, as operations and their code use them. */
export class StateApps implements ModelRegistry {
  private readonly rendered = new Map<string, Options>();
  private readonly classes = new Map<string, ModelClass>();

  constructor(private readonly states: ReadonlyMap<string, ModelState>) {}

  find(key: string): Options | undefined {
    const known = this.rendered.get(key);
    if (known) return known;
    const state = this.states.get(key);
    // Apps without migrations have no history: their models are what they are now.
    if (state === undefined) return installedModels.find(key);
    const options = new Options({
      appLabel: state.appLabel,
      objectName: state.name,
      fields: [...state.fields],
      options: state.options,
      registry: this,
    });
    this.rendered.set(key, options);
    return options;
  }

  /** Every model of the state. */
  all(): Options[] {
    return [...this.states.keys()].map((key) => this.find(key) as Options);
  }

  /** What the table of a model is made of. @throws LookupError. */
  getOptions(appLabel: string, name: string): Options {
    const found = this.find(`${appLabel}.${name.toLowerCase()}`);
    if (found === undefined) throw new LookupError(`App '${appLabel}' doesn't have a '${name}' model.`);
    return found;
  }

  /**
   * The model as it was, with `objects`, for the code of RunCode.
   *
   * @throws LookupError.
   */
  getModel(appLabel: string, name: string): HistoricalModelClass {
    const options = this.getOptions(appLabel, name);
    let cls = this.classes.get(options.label);
    if (cls === undefined) {
      const { historicalModel } = require('../models/base') as typeof import('../models/base');
      cls = historicalModel(options);
      this.classes.set(options.label, cls);
    }
    return cls as unknown as HistoricalModelClass;
  }
}

/** Every model at a point of history. */
export class ProjectState {
  private models: Map<string, ModelState>;
  private rendered: StateApps | undefined;

  constructor(models: ReadonlyMap<string, ModelState> = new Map()) {
    this.models = new Map(models);
  }

  clone(): ProjectState {
    return new ProjectState(this.models);
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

  setModel(model: ModelState): void {
    this.models.set(model.key, model);
    this.rendered = undefined;
  }

  removeModel(appLabel: string, name: string): void {
    this.models.delete(`${appLabel}.${name.toLowerCase()}`);
    this.rendered = undefined;
  }

  /** Renames a model, and with it what refers to it. */
  renameModel(appLabel: string, from: string, to: string): void {
    const old = this.getModelState(appLabel, from);
    const renamed = `${appLabel}.${to}`;
    this.removeModel(appLabel, from);
    this.setModel(old.with({ name: to }));
    this.eachField((model, field) => {
      if (!field.isRelation()) return undefined;
      const changes: Record<string, string> = {};
      for (const name of ['to', 'through'] as const) {
        const reference = (field.options as ManyToManyOptions)[name];
        if (typeof reference !== 'string') continue;
        const owner = model.key === renamed.toLowerCase() ? old : model;
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
    this.setModel(change(this.getModelState(appLabel, name)));
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
          ...options,
          ...(options.uniqueTogether && { uniqueTogether: options.uniqueTogether.map(renameIn) }),
          ...(options.indexes && {
            indexes: options.indexes.map(
              (index) =>
                new Index({
                  name: index.name,
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
      const { toField, to: target } = field.options as ForeignKeyOptions;
      if (toField !== from || typeof target !== 'string') return undefined;
      const refersHere =
        referenceKey(target, { appLabel: model.appLabel, modelName: model.name.toLowerCase() }) === key;
      return refersHere ? field.clone({ toField: to } as object) : undefined;
    });
  }

  private eachField(change: (model: ModelState, field: Field) => Field | undefined): void {
    for (const model of [...this.models.values()]) {
      let changed = false;
      const fields = new Map(
        [...model.fields].map(([name, field]): [string, Field] => {
          const other = change(model, field);
          if (other) changed = true;
          return [name, other ?? field];
        }),
      );
      if (changed) this.setModel(model.with({ fields }));
    }
  }
}
