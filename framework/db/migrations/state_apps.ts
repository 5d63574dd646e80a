/** The models of a state, as the code of a migration meets them. Django: `StateApps` of `django.db.migrations.state`. */
import { LookupError } from '../../apps/registry';
import { repr } from '../../python';
import type { Model, ModelClass } from '../models/base';
import { inheritedMeta } from '../models/family';
import { referenceKey } from '../models/fields/related';
import type { Manager } from '../models/manager';
import { type ModelRegistry, Options } from '../models/options';
import { installedModels } from '../models/registry';
import { InvalidBasesError } from './exceptions';
import type { ModelState } from './state';

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
    const bases = state.bases.map((base) => this.baseOf(state, base));
    const options = new Options({
      appLabel: state.appLabel,
      objectName: state.name,
      fields: [...state.fields],
      options: { ...inheritedMeta(bases[0]?.meta), ...state.options },
      registry: this,
      bases,
    });
    this.rendered.set(key, options);
    return options;
  }

  /** @throws InvalidBasesError. */
  private baseOf(state: ModelState, base: string): Options {
    const found = this.find(referenceKey(base, { appLabel: state.appLabel, modelName: '' }));
    if (found === undefined) {
      throw new InvalidBasesError(
        `Cannot resolve one or more bases from (${state.bases.map(repr).join(', ')},)`,
      );
    }
    return found;
  }

  /** Every model of the state. */
  all(): Options[] {
    return [...this.states.keys()].map((key) => this.find(key) as Options);
  }

  /** The class of a model of the state. */
  classOf(options: Options): ModelClass {
    return this.getModel(options.appLabel, options.objectName) as unknown as ModelClass;
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
      const { historicalModel } = require('../models/model_class') as typeof import('../models/model_class');
      cls = historicalModel(options, this.states.get(options.key)?.managers);
      this.classes.set(options.label, cls);
    }
    return cls as unknown as HistoricalModelClass;
  }
}
