/**
 * Django's settings that the framework does not read yet: a Django project's settings can have them, with Django's types
 * and defaults. `manage.ts check` names those that a site sets (settings.I001), for they have no effect.
 */
import type { SameSite } from './global_settings';

/** See the settings of Django of the same names: https://docs.djangoproject.com/en/5.2/ref/settings/ */
export interface AcceptedSettings {
  // Forms
  FIRST_DAY_OF_WEEK: number;

  // Languages
  FORMAT_MODULE_PATH: string | readonly string[] | null;
  LANGUAGES_BIDI: readonly string[];
  LANGUAGE_COOKIE_AGE: number | null;
  LANGUAGE_COOKIE_DOMAIN: string | null;
  LANGUAGE_COOKIE_HTTPONLY: boolean;
  LANGUAGE_COOKIE_NAME: string;
  LANGUAGE_COOKIE_PATH: string;
  LANGUAGE_COOKIE_SAMESITE: SameSite | null;
  LANGUAGE_COOKIE_SECURE: boolean;
  LOCALE_PATHS: readonly string[];

  // Models
  DEFAULT_INDEX_TABLESPACE: string;
  DEFAULT_TABLESPACE: string;

  // Python's servers and Django's test runner
  TEST_NON_SERIALIZED_APPS: readonly string[];
  WSGI_APPLICATION: string | null;
}

/** Why a setting has no effect. */
export type AcceptedBecause = string;

type Entry<Name extends keyof AcceptedSettings> = readonly [
  standard: AcceptedSettings[Name],
  AcceptedBecause,
];

const LANGUAGES = 'there are no translations yet';
const DATA = 'the models have nothing yet that it is for';
const PYTHON = 'only Django itself has a use for it';

/** Each with Django's default, and why it has no effect. */
function entries(): { readonly [Name in keyof AcceptedSettings]: Entry<Name> } {
  return {
    FIRST_DAY_OF_WEEK: [0, 'nothing here shows a calendar'],
    FORMAT_MODULE_PATH: [null, LANGUAGES],
    LANGUAGES_BIDI: [['he', 'ar', 'ar-dz', 'ckb', 'fa', 'ug', 'ur'], LANGUAGES],
    LANGUAGE_COOKIE_AGE: [null, LANGUAGES],
    LANGUAGE_COOKIE_DOMAIN: [null, LANGUAGES],
    LANGUAGE_COOKIE_HTTPONLY: [false, LANGUAGES],
    LANGUAGE_COOKIE_NAME: ['django_language', LANGUAGES],
    LANGUAGE_COOKIE_PATH: ['/', LANGUAGES],
    LANGUAGE_COOKIE_SAMESITE: [null, LANGUAGES],
    LANGUAGE_COOKIE_SECURE: [false, LANGUAGES],
    LOCALE_PATHS: [[], LANGUAGES],

    DEFAULT_INDEX_TABLESPACE: ['', DATA],
    DEFAULT_TABLESPACE: ['', DATA],

    TEST_NON_SERIALIZED_APPS: [[], PYTHON],
    WSGI_APPLICATION: [null, PYTHON],
  };
}

/** Django's defaults of these settings. Fresh for each caller. */
export function acceptedSettings(): AcceptedSettings {
  return Object.fromEntries(
    Object.entries(entries()).map(([name, [standard]]) => [name, standard]),
  ) as unknown as AcceptedSettings;
}

/** Why a setting has no effect; `undefined` for one that has. */
export function whyWithoutEffect(name: string): AcceptedBecause | undefined {
  const all: Readonly<Record<string, readonly [unknown, AcceptedBecause]>> = entries();
  return Object.hasOwn(all, name) ? all[name]?.[1] : undefined;
}

/** Settings that Django had once, and what takes their place. A site that sets one is told (settings.W002). */
export const REMOVED_SETTINGS: Readonly<Record<string, string>> = {
  CACHE_BACKEND: 'Use CACHES.',
  CSRF_COOKIE_MASKED: 'Django removed it in 5.0. Leave it out.',
  DEFAULT_CONTENT_TYPE: 'Django removed it in 3.0. Leave it out.',
  DEFAULT_FILE_STORAGE: "Django removed it in 5.1. Use STORAGES['default'].",
  DEFAULT_HASHING_ALGORITHM: 'Django removed it in 4.0. Leave it out.',
  FILE_CHARSET: 'Django removed it in 3.1. Files are UTF-8.',
  LANGUAGE_COOKIE: 'Use LANGUAGE_COOKIE_NAME.',
  MIDDLEWARE_CLASSES: 'Django removed it in 2.0. Use MIDDLEWARE.',
  PASSWORD_RESET_TIMEOUT_DAYS: 'Django removed it in 4.0. Use PASSWORD_RESET_TIMEOUT, in seconds.',
  SECURE_BROWSER_XSS_FILTER:
    'Django removed it in 4.0, for browsers have no such filter any more. Leave it out.',
  STATICFILES_STORAGE: "Django removed it in 5.1. Use STORAGES['staticfiles'].",
  TEMPLATE_CONTEXT_PROCESSORS: "Django removed it in 1.10. Use TEMPLATES' OPTIONS.",
  TEMPLATE_DEBUG: "Django removed it in 1.10. Use TEMPLATES' OPTIONS.",
  TEMPLATE_DIRS: 'Django removed it in 1.10. Use TEMPLATES.',
  TEMPLATE_LOADERS: "Django removed it in 1.10. Use TEMPLATES' OPTIONS.",
  USE_DEPRECATED_PYTZ: 'Django removed it in 5.0. Leave it out.',
  USE_L10N: 'Django removed it in 5.0: it is always on. Leave it out.',
};
