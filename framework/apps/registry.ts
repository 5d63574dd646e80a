/** Django: `django.apps.registry`. */

import type { Dotted } from '../conf';
import { settings } from '../conf';
import { AppRegistryNotReady, ImproperlyConfigured } from '../core/exceptions';
import { canonicalName, packagePath, remedyForMissing } from '../utils/module_loading';
import { AppConfig, type AppConfigClass } from './config';

/** No installed app has that label. Python: `LookupError`. */
export class LookupError extends Error {
  override readonly name = 'LookupError';
}

/** The applications of INSTALLED_APPS, in their order. */
export class Apps {
  private configs = new Map<string, AppConfig>();
  private populated = false;
  /** Another one whenever other apps are installed. */
  version = 0;

  /** Whether `populate` is done. */
  get ready(): boolean {
    return this.populated;
  }

  /**
   * Loads the configuration of every app, then calls each `ready()`. Again: does nothing.
   *
   * @throws ImproperlyConfigured for an app that cannot be loaded or a label that two apps share.
   */
  populate(installedApps: readonly Dotted[] = settings.INSTALLED_APPS): void {
    if (this.populated) return;
    refuseAbsent(installedApps);
    const configs = new Map<string, AppConfig>();
    for (const entry of installedApps) {
      const config = AppConfig.create(entry as string | AppConfigClass);
      const other = configs.get(config.label);
      if (other) {
        throw new ImproperlyConfigured(
          `Application labels aren't unique, duplicates: ${config.label} ('${other.name}' and '${config.name}')`,
        );
      }
      configs.set(config.label, config);
    }
    this.configs = configs;
    this.populated = true;
    this.version++;
    for (const config of configs.values()) config.ready();
  }

  /** @throws AppRegistryNotReady before `populate`. */
  checkAppsReady(): void {
    if (!this.populated) {
      void settings.INSTALLED_APPS; // Unconfigured settings are the likelier fault: let them speak first.
      throw new AppRegistryNotReady("Apps aren't loaded yet: call setup() of 'tsango' first.");
    }
  }

  /** Every installed app. */
  getAppConfigs(): AppConfig[] {
    this.checkAppsReady();
    return [...this.configs.values()];
  }

  /**
   * The app of that label.
   *
   * @throws LookupError if none has it.
   */
  getAppConfig(label: string): AppConfig {
    this.checkAppsReady();
    const config = this.configs.get(label);
    if (config) return config;
    const meant = this.getAppConfigs().find((candidate) => candidate.name === canonicalName(label));
    throw new LookupError(
      `No installed app with label '${label}'.${meant ? ` Did you mean '${meant.label}'?` : ''}`,
    );
  }

  /** Whether an app of that dotted name (`django.…` or `tsango.…`) is installed. */
  isInstalled(name: string): boolean {
    this.checkAppsReady();
    const canonical = canonicalName(name);
    return this.getAppConfigs().some((config) => config.name === canonical);
  }

  /** Forgets every app, so that `populate` starts anew. For tests. */
  reset(): void {
    this.configs = new Map();
    this.populated = false;
    this.version++;
  }
}

/** All at once: a Django project's settings name several apps that are not here. */
function refuseAbsent(installedApps: readonly Dotted[]): void {
  const absent = installedApps.flatMap((entry) => {
    const remedy = typeof entry === 'string' ? remedyForMissing(entry) : undefined;
    return remedy === undefined || packagePath(String(entry)) !== undefined ? [] : [`'${entry}': ${remedy}.`];
  });
  if (absent.length > 0) {
    throw new ImproperlyConfigured(
      `INSTALLED_APPS names what cannot be installed here:\n  ${absent.join('\n  ')}`,
    );
  }
}

/** The registry of the site. */
export const apps = new Apps();
