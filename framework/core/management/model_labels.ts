/** Models and apps that a command line names. Django: `parse_apps_and_model_labels`. */
import type { AppConfig } from '../../apps/config';
import { apps, LookupError } from '../../apps/registry';
import type { ModelClass } from '../../db/models/base';
import { installedModels } from '../../db/models/registry';
import { CommandError } from './errors';

/** The app of a label. @throws CommandError. */
export function appOf(label: string): AppConfig {
  try {
    return apps.getAppConfig(label);
  } catch (error) {
    if (error instanceof LookupError) throw new CommandError(error.message, { cause: error });
    throw error;
  }
}

/** The model `app.Model`. @throws CommandError. */
export function modelOf(label: string): ModelClass {
  const [app = '', name = ''] = label.split('.');
  try {
    return installedModels.getModel(app, name);
  } catch (error) {
    if (error instanceof LookupError) throw new CommandError(`Unknown model: ${label}`, { cause: error });
    throw error;
  }
}

/** What labels name: models where there is a dot, apps where there is none. @throws CommandError. */
export function parseAppsAndModelLabels(labels: readonly string[]): {
  models: ReadonlySet<ModelClass>;
  apps: ReadonlySet<AppConfig>;
} {
  return {
    models: new Set(labels.filter((label) => label.includes('.')).map(modelOf)),
    apps: new Set(labels.filter((label) => !label.includes('.')).map(appOf)),
  };
}
