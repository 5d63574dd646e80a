/** Models that a setting may replace. Django: `Apps.get_swappable_settings_name`. */

import { settings } from '../../conf';
import { modelKey } from '../models/model_key';
import type { Options } from '../models/options';
import { installedModels } from '../models/registry';

/** The models that a setting may replace, of a version of the registry. */
let known: { version: number; models: readonly Options[] } | undefined;

function swappableModels(): readonly Options[] {
  if (known?.version !== installedModels.version) {
    const models = installedModels.all().filter(({ meta }) => meta.swappable);
    // The version is of afterwards: looking for the models may have loaded some.
    known = { version: installedModels.version, models };
  }
  return known.models;
}

/**
 * The setting that names a model, or that may name another one in its place; undefined: none.
 *
 * @param key the model as models are looked up by: `app.model`.
 */
export function swappableSetting(key: string): string | undefined {
  if (modelKey(settings.AUTH_USER_MODEL) === key) return 'AUTH_USER_MODEL';
  const found = swappableModels().find((model) => modelKey(model.swapped ?? '') === key || model.key === key);
  return found?.meta.swappable;
}
