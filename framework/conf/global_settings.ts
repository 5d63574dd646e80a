/**
 * Every setting that the framework reads, with Django's default.
 *
 * Django: `django.conf.global_settings`; https://docs.djangoproject.com/en/5.2/ref/settings/
 * A setting that takes a dotted string takes the class or function itself, too.
 */
import type { Logging } from '../python/logging/settings';
import { type AcceptedSettings, acceptedSettings } from './accepted_settings';

/** A dotted path to something, or the thing itself. */
// biome-ignore lint/complexity/noBannedTypes: any class or function may stand in a setting; its user checks it.
export type Dotted = string | Function;

/** One entry of DATABASES. https://docs.djangoproject.com/en/5.2/ref/settings/#databases */
export interface DatabaseSettings {
  /**
   * `'node:sqlite'` (embedded, Node's own), `'better-sqlite3'` (the same files by an installed driver), `'sqlite3'`
   * (by an asynchronous one), `'postgresql'`, `'mysql'`, or Django's dotted names: `'django.db.backends.sqlite3'` is
   * `better-sqlite3`.
   */
  ENGINE: string;
  /** The database's name; for SQLite a file, or `':memory:'`. */
  NAME: string;
  USER?: string;
  PASSWORD?: string;
  /** A host name, or the folder of a Unix socket if it starts with a slash. */
  HOST?: string;
  PORT?: number | string;
  /** Seconds that an idle connection is kept; `null` keeps it for good. The default here: pooled, kept. */
  CONN_MAX_AGE?: number | null;
  ATOMIC_REQUESTS?: boolean;
  AUTOCOMMIT?: boolean;
  /** PostgreSQL: `iterator()` reads everything at once, for a pool in between that shares connections. */
  DISABLE_SERVER_SIDE_CURSORS?: boolean;
  TIME_ZONE?: string | null;
  /** What the driver and TypeORM's DataSource take, passed on. */
  OPTIONS?: Readonly<Record<string, unknown>>;
  TEST?: Readonly<Record<string, unknown>>;
}

/** One entry of CACHES. https://docs.djangoproject.com/en/5.2/ref/settings/#caches */
export interface CacheSettings {
  BACKEND: Dotted;
  LOCATION?: string | readonly string[];
  /** Seconds until an entry expires; `null`: never; 0: at once. Default 300. */
  TIMEOUT?: number | null;
  KEY_PREFIX?: string;
  VERSION?: number;
  KEY_FUNCTION?: Dotted;
  OPTIONS?: Readonly<Record<string, unknown>>;
}

/** LOGIN_FAILURE_LIMITS: one of USERNAME and ADDRESS, or both. */
export interface LoginFailureLimits {
  /** How many log-ins may fail under one name. */
  USERNAME?: number;
  /** How many may fail from one address: META's REMOTE_ADDR; of IPv6 the network of 64 bits. */
  ADDRESS?: number;
  /** How long that counts, from the first on. Default: 900. */
  SECONDS?: number;
  /** The alias of CACHES where it is counted. Default: `default`. */
  CACHE?: string;
}

/** One entry of TEMPLATES. https://docs.djangoproject.com/en/5.2/ref/settings/#templates */
export interface TemplateSettings {
  BACKEND: Dotted;
  NAME?: string;
  DIRS?: readonly string[];
  APP_DIRS?: boolean;
  OPTIONS?: Readonly<Record<string, unknown>>;
}

/** One entry of STORAGES. */
export interface StorageSettings {
  BACKEND: Dotted;
  OPTIONS?: Readonly<Record<string, unknown>>;
}

/** The value of a cookie's SameSite attribute; `false` leaves it out. */
export type SameSite = 'Lax' | 'Strict' | 'None' | false;

/**
 * The settings, by name. A site adds its own by augmentation:
 *
 * ```ts
 * declare module 'tsango/conf' { interface Settings { PAGE_SIZE: number } }
 * ```
 */
export interface Settings extends AcceptedSettings {
  // Core
  DEBUG: boolean;
  DEBUG_PROPAGATE_EXCEPTIONS: boolean;
  SECRET_KEY: string;
  SECRET_KEY_FALLBACKS: readonly string[];
  ALLOWED_HOSTS: readonly string[];
  INTERNAL_IPS: readonly string[];
  ADMINS: readonly (readonly [string, string] | string)[];
  INSTALLED_APPS: readonly Dotted[];
  MIDDLEWARE: readonly Dotted[];
  /** A dotted name, or the URLconf itself: a module with `urlpatterns`, or the list of patterns. */
  ROOT_URLCONF: string | object;
  APPEND_SLASH: boolean;
  PREPEND_WWW: boolean;
  DISALLOWED_USER_AGENTS: readonly RegExp[];
  FORCE_SCRIPT_NAME: string | null;
  USE_X_FORWARDED_HOST: boolean;
  USE_X_FORWARDED_PORT: boolean;
  DEFAULT_CHARSET: string;
  DEFAULT_EXCEPTION_REPORTER: Dotted;
  DEFAULT_EXCEPTION_REPORTER_FILTER: Dotted;
  SILENCED_SYSTEM_CHECKS: readonly string[];

  // Data
  DATABASES: Readonly<Record<string, DatabaseSettings>>;
  DATABASE_ROUTERS: readonly (Dotted | object)[];
  ABSOLUTE_URL_OVERRIDES: Readonly<Record<string, (row: never) => string>>;
  DEFAULT_AUTO_FIELD: string;
  MIGRATION_MODULES: Readonly<Record<string, string | null>>;
  CACHES: Readonly<Record<string, CacheSettings>>;
  CACHE_MIDDLEWARE_ALIAS: string;
  CACHE_MIDDLEWARE_KEY_PREFIX: string;
  CACHE_MIDDLEWARE_SECONDS: number;

  // Uploads and files
  DATA_UPLOAD_MAX_MEMORY_SIZE: number | null;
  DATA_UPLOAD_MAX_NUMBER_FIELDS: number | null;
  DATA_UPLOAD_MAX_NUMBER_FILES: number | null;
  FILE_UPLOAD_HANDLERS: readonly Dotted[];
  FILE_UPLOAD_MAX_MEMORY_SIZE: number;
  FILE_UPLOAD_TEMP_DIR: string | null;
  FILE_UPLOAD_PERMISSIONS: number | null;
  FILE_UPLOAD_DIRECTORY_PERMISSIONS: number | null;
  MEDIA_ROOT: string;
  MEDIA_URL: string;
  STATIC_ROOT: string | null;
  STATIC_URL: string | null;
  STATICFILES_DIRS: readonly (string | readonly [string, string])[];
  STATICFILES_FINDERS: readonly Dotted[];
  STORAGES: Readonly<Record<string, StorageSettings>>;

  // Templates
  TEMPLATES: readonly TemplateSettings[];

  // Internationalisation
  USE_I18N: boolean;
  USE_TZ: boolean;
  TIME_ZONE: string;
  LANGUAGE_CODE: string;
  LANGUAGES: readonly (readonly [string, string])[];
  USE_THOUSAND_SEPARATOR: boolean;
  THOUSAND_SEPARATOR: string;
  DECIMAL_SEPARATOR: string;
  NUMBER_GROUPING: number;
  DATE_FORMAT: string;
  DATETIME_FORMAT: string;
  TIME_FORMAT: string;
  YEAR_MONTH_FORMAT: string;
  MONTH_DAY_FORMAT: string;
  SHORT_DATE_FORMAT: string;
  SHORT_DATETIME_FORMAT: string;

  // Forms
  DATE_INPUT_FORMATS: readonly string[];
  DATETIME_INPUT_FORMATS: readonly string[];
  TIME_INPUT_FORMATS: readonly string[];
  FORM_RENDERER: Dotted;
  FORMS_URLFIELD_ASSUME_HTTPS: boolean;

  // Security
  SECURE_CONTENT_TYPE_NOSNIFF: boolean;
  SECURE_CROSS_ORIGIN_OPENER_POLICY: string | null;
  SECURE_CSP: Readonly<Record<string, unknown>>;
  SECURE_CSP_REPORT_ONLY: Readonly<Record<string, unknown>>;
  SECURE_HSTS_INCLUDE_SUBDOMAINS: boolean;
  SECURE_HSTS_PRELOAD: boolean;
  SECURE_HSTS_SECONDS: number;
  SECURE_PROXY_SSL_HEADER: readonly [string, string] | null;
  SECURE_REDIRECT_EXEMPT: readonly (RegExp | string)[];
  SECURE_REFERRER_POLICY: string | readonly string[] | null;
  SECURE_SSL_HOST: string | null;
  SECURE_SSL_REDIRECT: boolean;
  X_FRAME_OPTIONS: string;
  CSRF_COOKIE_AGE: number | null;
  CSRF_COOKIE_DOMAIN: string | null;
  CSRF_COOKIE_HTTPONLY: boolean;
  CSRF_COOKIE_NAME: string;
  CSRF_COOKIE_PATH: string;
  CSRF_COOKIE_SAMESITE: SameSite;
  CSRF_COOKIE_SECURE: boolean;
  CSRF_FAILURE_VIEW: Dotted;
  CSRF_HEADER_NAME: string;
  CSRF_TRUSTED_ORIGINS: readonly string[];
  CSRF_USE_SESSIONS: boolean;
  SIGNING_BACKEND: Dotted;
  SIGNED_COOKIE_LEGACY_SALT_FALLBACK: boolean;

  // Sessions: https://docs.djangoproject.com/en/5.2/topics/http/sessions/
  SESSION_CACHE_ALIAS: string;
  SESSION_COOKIE_AGE: number;
  SESSION_COOKIE_DOMAIN: string | null;
  SESSION_COOKIE_HTTPONLY: boolean;
  SESSION_COOKIE_NAME: string;
  SESSION_COOKIE_PATH: string;
  SESSION_COOKIE_SAMESITE: SameSite;
  SESSION_COOKIE_SECURE: boolean;
  SESSION_ENGINE: string;
  SESSION_EXPIRE_AT_BROWSER_CLOSE: boolean;
  SESSION_FILE_PATH: string | null;
  SESSION_SAVE_EVERY_REQUEST: boolean;
  SESSION_SERIALIZER: Dotted;
  /** Two requests that change different keys at once both keep their changes. Not in Django. */
  SESSION_MERGE_CONCURRENT_WRITES: boolean;
  /** A change inside a stored object or list is saved although no key was assigned. Not in Django. */
  SESSION_SAVE_NESTED_CHANGES: boolean;
  /**
   * Sliding expiry: a session that is used is written again when that many seconds have passed since its last
   * write; `null` is Django's behaviour (only changes are written). Not in Django.
   */
  SESSION_TOUCH_INTERVAL: number | null;
  /** The CACHES alias that keeps the revocations of signed-cookie sessions; `null`: none. Not in Django. */
  SESSION_REVOCATION_CACHE_ALIAS: string | null;

  // Users: https://docs.djangoproject.com/en/5.2/topics/auth/
  AUTHENTICATION_BACKENDS: readonly Dotted[];
  AUTH_PASSWORD_VALIDATORS: readonly { NAME: Dotted; OPTIONS?: Readonly<Record<string, unknown>> }[];
  AUTH_USER_MODEL: string;
  /**
   * How many log-ins may fail until no more are looked at: under one name, from one address. `null`: any number, as in
   * Django. Not in Django.
   */
  LOGIN_FAILURE_LIMITS: LoginFailureLimits | null;
  /**
   * Seconds that a log-in may wait until its password is checked; where it would be more, it is answered with 503. `null`: any
   * time. Not in Django.
   */
  LOGIN_MAX_WAIT: number | null;
  LOGIN_REDIRECT_URL: string;
  LOGIN_URL: string;
  LOGOUT_REDIRECT_URL: string | null;
  PASSWORD_HASHERS: readonly Dotted[];
  /**
   * The iterations of new PBKDF2 hashes; a hash with another number is made anew when its user logs in. A Django beside us
   * must have the same: 600000 is 4.2's, 1000000 is 5.2's (the default), 1200000 is 6.0's, 1500000 is 6.1's. Not in Django.
   */
  PASSWORD_PBKDF2_ITERATIONS: number;
  /** Seconds that a link for a new password is good for. */
  PASSWORD_RESET_TIMEOUT: number;

  // Sites
  /** The key of the site that is served; `null`: its domain is the host of the request. */
  SITE_ID: number | null;

  // Messages
  MESSAGE_LEVEL: number;
  MESSAGE_STORAGE: Dotted;
  MESSAGE_TAGS: Readonly<Record<number, string>>;

  // Mail
  DEFAULT_FROM_EMAIL: string;
  EMAIL_BACKEND: Dotted;
  /** The folder of the backend `filebased`. */
  EMAIL_FILE_PATH: string | null;
  EMAIL_HOST: string;
  EMAIL_HOST_PASSWORD: string;
  EMAIL_HOST_USER: string;
  EMAIL_PORT: number;
  EMAIL_SSL_CERTFILE: string | null;
  EMAIL_SSL_KEYFILE: string | null;
  EMAIL_SUBJECT_PREFIX: string;
  EMAIL_TIMEOUT: number | null;
  EMAIL_USE_LOCALTIME: boolean;
  EMAIL_USE_SSL: boolean;
  EMAIL_USE_TLS: boolean;
  IGNORABLE_404_URLS: readonly RegExp[];
  MANAGERS: readonly (readonly [string, string] | string)[];
  SERVER_EMAIL: string;

  // Serialization
  /** Folders that `loaddata` looks for fixtures in, besides those of the apps. */
  FIXTURE_DIRS: readonly string[];
  /** Modules that export `Serializer` and `Deserializer`, by their formats; a dotted name or the module itself. */
  SERIALIZATION_MODULES: Readonly<Record<string, string | object>>;

  // Logging
  LOGGING: Logging;
  LOGGING_CONFIG: Dotted | null;

  // Tests
  /** What `manage.ts test` runs tests with: a class that extends `DiscoverRunner`. */
  TEST_RUNNER: Dotted;
}

const DAY = 60 * 60 * 24;

/** Django's defaults. Fresh for each caller: nobody can change them for another. */
export function globalSettings(): Settings {
  return {
    ...acceptedSettings(),
    DEBUG: false,
    DEBUG_PROPAGATE_EXCEPTIONS: false,
    SECRET_KEY: '',
    SECRET_KEY_FALLBACKS: [],
    ALLOWED_HOSTS: [],
    INTERNAL_IPS: [],
    ADMINS: [],
    INSTALLED_APPS: [],
    MIDDLEWARE: [],
    ROOT_URLCONF: '',
    APPEND_SLASH: true,
    PREPEND_WWW: false,
    DISALLOWED_USER_AGENTS: [],
    FORCE_SCRIPT_NAME: null,
    USE_X_FORWARDED_HOST: false,
    USE_X_FORWARDED_PORT: false,
    DEFAULT_CHARSET: 'utf-8',
    DEFAULT_EXCEPTION_REPORTER: 'tsango.views.debug.ExceptionReporter',
    DEFAULT_EXCEPTION_REPORTER_FILTER: 'tsango.views.debug.SafeExceptionReporterFilter',
    SILENCED_SYSTEM_CHECKS: [],

    DATABASES: {},
    DATABASE_ROUTERS: [],
    ABSOLUTE_URL_OVERRIDES: {},
    DEFAULT_AUTO_FIELD: 'tsango.db.models.AutoField',
    MIGRATION_MODULES: {},
    CACHES: { default: { BACKEND: 'tsango.core.cache.backends.locmem.LocMemCache' } },
    CACHE_MIDDLEWARE_ALIAS: 'default',
    CACHE_MIDDLEWARE_KEY_PREFIX: '',
    CACHE_MIDDLEWARE_SECONDS: 600,

    DATA_UPLOAD_MAX_MEMORY_SIZE: 2_621_440,
    DATA_UPLOAD_MAX_NUMBER_FIELDS: 1000,
    DATA_UPLOAD_MAX_NUMBER_FILES: 100,
    FILE_UPLOAD_HANDLERS: [
      'tsango.core.files.uploadhandler.MemoryFileUploadHandler',
      'tsango.core.files.uploadhandler.TemporaryFileUploadHandler',
    ],
    FILE_UPLOAD_MAX_MEMORY_SIZE: 2_621_440,
    FILE_UPLOAD_TEMP_DIR: null,
    FILE_UPLOAD_PERMISSIONS: 0o644,
    FILE_UPLOAD_DIRECTORY_PERMISSIONS: null,
    MEDIA_ROOT: '',
    MEDIA_URL: '',
    STATIC_ROOT: null,
    STATIC_URL: null,
    STATICFILES_DIRS: [],
    STATICFILES_FINDERS: [
      'tsango.contrib.staticfiles.finders.FileSystemFinder',
      'tsango.contrib.staticfiles.finders.AppDirectoriesFinder',
    ],
    STORAGES: {
      default: { BACKEND: 'tsango.core.files.storage.FileSystemStorage' },
      staticfiles: { BACKEND: 'tsango.contrib.staticfiles.storage.StaticFilesStorage' },
    },

    TEMPLATES: [],

    USE_I18N: true,
    USE_TZ: true,
    TIME_ZONE: 'America/Chicago',
    LANGUAGE_CODE: 'en-us',
    LANGUAGES: [['en', 'English']],
    USE_THOUSAND_SEPARATOR: false,
    THOUSAND_SEPARATOR: ',',
    DECIMAL_SEPARATOR: '.',
    NUMBER_GROUPING: 0,
    DATE_FORMAT: 'N j, Y',
    DATETIME_FORMAT: 'N j, Y, P',
    TIME_FORMAT: 'P',
    YEAR_MONTH_FORMAT: 'F Y',
    MONTH_DAY_FORMAT: 'F j',
    SHORT_DATE_FORMAT: 'm/d/Y',
    SHORT_DATETIME_FORMAT: 'm/d/Y P',

    DATE_INPUT_FORMATS: [
      ...['%Y-%m-%d', '%m/%d/%Y', '%m/%d/%y', '%b %d %Y', '%b %d, %Y', '%d %b %Y', '%d %b, %Y'],
      ...['%B %d %Y', '%B %d, %Y', '%d %B %Y', '%d %B, %Y'],
    ],
    DATETIME_INPUT_FORMATS: ['%Y-%m-%d', '%m/%d/%Y', '%m/%d/%y'].flatMap((date) => [
      `${date} %H:%M:%S`,
      `${date} %H:%M:%S.%f`,
      `${date} %H:%M`,
    ]),
    TIME_INPUT_FORMATS: ['%H:%M:%S', '%H:%M:%S.%f', '%H:%M'],
    FORM_RENDERER: 'tsango.forms.renderers.DjangoTemplates',
    FORMS_URLFIELD_ASSUME_HTTPS: false,

    SECURE_CONTENT_TYPE_NOSNIFF: true,
    SECURE_CROSS_ORIGIN_OPENER_POLICY: 'same-origin',
    SECURE_CSP: {},
    SECURE_CSP_REPORT_ONLY: {},
    SECURE_HSTS_INCLUDE_SUBDOMAINS: false,
    SECURE_HSTS_PRELOAD: false,
    SECURE_HSTS_SECONDS: 0,
    SECURE_PROXY_SSL_HEADER: null,
    SECURE_REDIRECT_EXEMPT: [],
    SECURE_REFERRER_POLICY: 'same-origin',
    SECURE_SSL_HOST: null,
    SECURE_SSL_REDIRECT: false,
    X_FRAME_OPTIONS: 'DENY',
    CSRF_COOKIE_AGE: 60 * 60 * 24 * 7 * 52,
    CSRF_COOKIE_DOMAIN: null,
    CSRF_COOKIE_HTTPONLY: false,
    CSRF_COOKIE_NAME: 'csrftoken',
    CSRF_COOKIE_PATH: '/',
    CSRF_COOKIE_SAMESITE: 'Lax',
    CSRF_COOKIE_SECURE: false,
    CSRF_FAILURE_VIEW: 'tsango.views.csrf.csrfFailure',
    CSRF_HEADER_NAME: 'HTTP_X_CSRFTOKEN',
    CSRF_TRUSTED_ORIGINS: [],
    CSRF_USE_SESSIONS: false,
    SIGNING_BACKEND: 'tsango.core.signing.TimestampSigner',
    SIGNED_COOKIE_LEGACY_SALT_FALLBACK: false,

    SESSION_CACHE_ALIAS: 'default',
    SESSION_COOKIE_AGE: DAY * 14,
    SESSION_COOKIE_DOMAIN: null,
    SESSION_COOKIE_HTTPONLY: true,
    SESSION_COOKIE_NAME: 'sessionid',
    SESSION_COOKIE_PATH: '/',
    SESSION_COOKIE_SAMESITE: 'Lax',
    SESSION_COOKIE_SECURE: false,
    SESSION_ENGINE: 'tsango.contrib.sessions.backends.db',
    SESSION_EXPIRE_AT_BROWSER_CLOSE: false,
    SESSION_FILE_PATH: null,
    SESSION_SAVE_EVERY_REQUEST: false,
    SESSION_SERIALIZER: 'tsango.contrib.sessions.serializers.JSONSerializer',
    SESSION_MERGE_CONCURRENT_WRITES: true,
    SESSION_SAVE_NESTED_CHANGES: true,
    SESSION_TOUCH_INTERVAL: null,
    SESSION_REVOCATION_CACHE_ALIAS: null,

    AUTHENTICATION_BACKENDS: ['tsango.contrib.auth.backends.ModelBackend'],
    AUTH_PASSWORD_VALIDATORS: [],
    AUTH_USER_MODEL: 'auth.User',
    LOGIN_FAILURE_LIMITS: null,
    LOGIN_MAX_WAIT: 10,
    LOGIN_REDIRECT_URL: '/accounts/profile/',
    LOGIN_URL: '/accounts/login/',
    LOGOUT_REDIRECT_URL: null,
    PASSWORD_HASHERS: [
      'tsango.contrib.auth.hashers.PBKDF2PasswordHasher',
      'tsango.contrib.auth.hashers.PBKDF2SHA1PasswordHasher',
      'tsango.contrib.auth.hashers.Argon2PasswordHasher',
      'tsango.contrib.auth.hashers.BCryptSHA256PasswordHasher',
      'tsango.contrib.auth.hashers.ScryptPasswordHasher',
    ],
    PASSWORD_PBKDF2_ITERATIONS: 1_000_000,
    PASSWORD_RESET_TIMEOUT: DAY * 3,

    SITE_ID: null,

    MESSAGE_LEVEL: 20,
    MESSAGE_STORAGE: 'tsango.contrib.messages.storage.fallback.FallbackStorage',
    MESSAGE_TAGS: {},

    DEFAULT_FROM_EMAIL: 'webmaster@localhost',
    EMAIL_BACKEND: 'tsango.core.mail.backends.smtp.EmailBackend',
    EMAIL_FILE_PATH: null,
    EMAIL_HOST: 'localhost',
    EMAIL_HOST_PASSWORD: '',
    EMAIL_HOST_USER: '',
    EMAIL_PORT: 25,
    EMAIL_SSL_CERTFILE: null,
    EMAIL_SSL_KEYFILE: null,
    EMAIL_SUBJECT_PREFIX: '[Django] ',
    EMAIL_TIMEOUT: null,
    EMAIL_USE_LOCALTIME: false,
    EMAIL_USE_SSL: false,
    EMAIL_USE_TLS: false,
    IGNORABLE_404_URLS: [],
    MANAGERS: [],
    SERVER_EMAIL: 'root@localhost',

    FIXTURE_DIRS: [],
    SERIALIZATION_MODULES: {},

    LOGGING: {},
    LOGGING_CONFIG: 'tsango.utils.log.configureLogging',

    TEST_RUNNER: 'tsango.test.runner.DiscoverRunner',
  };
}
