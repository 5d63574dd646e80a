/** The class of each description. */
import type { ModelClass } from './base';
import type { Options } from './options';

const known = new WeakMap<Options, ModelClass>();

/** Says which class a description is of. */
export function rememberClass(model: Options, cls: ModelClass): void {
  known.set(model, cls);
}

/** The class of a model; one is made for a table in between, which has none. */
export function classOf(model: Options): ModelClass {
  const found = known.get(model);
  if (found !== undefined) return found;
  const { historicalModel } = require('./base') as typeof import('./base');
  return historicalModel(model);
}

/** The class of a model that another one of the same registry extends: the one that the registry hands out. */
export function classIn({ registry }: Options, model: Options): ModelClass {
  const { classOf: find } = registry as { classOf?(model: Options): ModelClass | undefined };
  return find?.call(registry, model) ?? classOf(model);
}
