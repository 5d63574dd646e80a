/** The class of each description. */
import type { ModelClass } from './base';
import type { Options } from './options';

const known = new WeakMap<Options, ModelClass>();

/** Says which class a description is of. */
export function rememberClass(model: Options, cls: ModelClass): void {
  known.set(model, cls);
}

/** The class of a model: the one that its registry hands out; one is made for a table in between, which has none. */
export function classOf(model: Options): ModelClass {
  const found = known.get(model) ?? (model.autoCreated === undefined ? registered(model, model) : undefined);
  if (found !== undefined) return found;
  const { historicalModel } = require('./model_class') as typeof import('./model_class');
  return historicalModel(model);
}

/** The class of a model that another one of the same registry extends: the one that the registry hands out. */
export function classIn(other: Options, model: Options): ModelClass {
  return registered(other, model) ?? classOf(model);
}

function registered({ registry }: Options, model: Options): ModelClass | undefined {
  const { classOf: find } = registry as { classOf?(model: Options): ModelClass | undefined };
  return find?.call(registry, model);
}
