/** Models that a setting may replace. Django: `Apps.get_swappable_settings_name`. */
import { settings } from '../../conf';
import { installedModels } from '../models/registry';

/**
 * The setting that names a model, or that may name another one in its place; undefined: none.
 *
 * @param key the model as `app.model`, in lower case.
 */
export function swappableSetting(key: string): string | undefined {
  if (settings.AUTH_USER_MODEL.toLowerCase() === key) return 'AUTH_USER_MODEL';
  return installedModels
    .all()
    .find((model) => model.meta.swappable && (model.swapped?.toLowerCase() === key || model.key === key))
    ?.meta.swappable;
}
