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
