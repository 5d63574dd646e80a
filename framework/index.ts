/**
 * tsango: Django, in TypeScript.
 *
 * Django: the package `django` itself. Everything else is imported from its own place: `tsango/http`,
 * `tsango/urls`, `tsango/shortcuts`, …
 */
import { apps } from './apps/registry';
import { settings } from './conf';

/** The version of this package. */
export const VERSION = '0.1.0';

/** The version as people read it. */
export function getVersion(): string {
  return VERSION;
}

/**
 * Makes the framework ready to use outside of `manage.ts`: loads the settings and the installed apps.
 *
 * Django: `django.setup()`.
 */
export function setup(): void {
  apps.populate(settings.INSTALLED_APPS);
}
