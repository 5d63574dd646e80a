/** The `admin.ts` of every app. Django: `autodiscover()` of `django.contrib.admin`. */
import { apps } from '../../apps/registry';

/** Loads the module `admin` of every installed app that has one, so that it can register its models. */
export function autodiscover(): void {
  for (const config of apps.getAppConfigs()) {
    if (config.hasModule('admin')) config.importModule('admin');
  }
}
