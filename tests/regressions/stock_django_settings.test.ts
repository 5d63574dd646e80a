/** "Settings can be pasted", said the docs; those that `django-admin startproject` writes did not start. */
import { apps } from 'tsango/apps';
import { configure, defineSettings, resetSettings, settings } from 'tsango/conf';
import { globalSettings } from 'tsango/conf/global_settings';
import { caches } from 'tsango/core/cache';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { Client } from 'tsango/test';
import { NAMES_WITH_REMEDY, remedyFor } from 'tsango/utils/django_names';
import { importString, moduleExists } from 'tsango/utils/module_loading';

/** The global settings of Django 5.2. */
const DJANGO = `
ABSOLUTE_URL_OVERRIDES ADMINS ALLOWED_HOSTS APPEND_SLASH AUTHENTICATION_BACKENDS AUTH_PASSWORD_VALIDATORS 
AUTH_USER_MODEL CACHES CACHE_MIDDLEWARE_ALIAS CACHE_MIDDLEWARE_KEY_PREFIX CACHE_MIDDLEWARE_SECONDS 
CSRF_COOKIE_AGE CSRF_COOKIE_DOMAIN CSRF_COOKIE_HTTPONLY CSRF_COOKIE_NAME CSRF_COOKIE_PATH 
CSRF_COOKIE_SAMESITE CSRF_COOKIE_SECURE CSRF_FAILURE_VIEW CSRF_HEADER_NAME CSRF_TRUSTED_ORIGINS 
CSRF_USE_SESSIONS DATABASES DATABASE_ROUTERS DATA_UPLOAD_MAX_MEMORY_SIZE DATA_UPLOAD_MAX_NUMBER_FIELDS 
DATA_UPLOAD_MAX_NUMBER_FILES DATETIME_FORMAT DATETIME_INPUT_FORMATS DATE_FORMAT DATE_INPUT_FORMATS DEBUG 
DEBUG_PROPAGATE_EXCEPTIONS DECIMAL_SEPARATOR DEFAULT_AUTO_FIELD DEFAULT_CHARSET DEFAULT_EXCEPTION_REPORTER 
DEFAULT_EXCEPTION_REPORTER_FILTER DEFAULT_FROM_EMAIL DEFAULT_INDEX_TABLESPACE DEFAULT_TABLESPACE 
DISALLOWED_USER_AGENTS EMAIL_BACKEND EMAIL_HOST EMAIL_HOST_PASSWORD EMAIL_HOST_USER EMAIL_PORT 
EMAIL_SSL_CERTFILE EMAIL_SSL_KEYFILE EMAIL_SUBJECT_PREFIX EMAIL_TIMEOUT EMAIL_USE_LOCALTIME EMAIL_USE_SSL 
EMAIL_USE_TLS FILE_UPLOAD_DIRECTORY_PERMISSIONS FILE_UPLOAD_HANDLERS FILE_UPLOAD_MAX_MEMORY_SIZE 
FILE_UPLOAD_PERMISSIONS FILE_UPLOAD_TEMP_DIR FIRST_DAY_OF_WEEK FIXTURE_DIRS FORCE_SCRIPT_NAME 
FORMAT_MODULE_PATH FORMS_URLFIELD_ASSUME_HTTPS FORM_RENDERER IGNORABLE_404_URLS INSTALLED_APPS INTERNAL_IPS 
LANGUAGES LANGUAGES_BIDI LANGUAGE_CODE LANGUAGE_COOKIE_AGE LANGUAGE_COOKIE_DOMAIN LANGUAGE_COOKIE_HTTPONLY 
LANGUAGE_COOKIE_NAME LANGUAGE_COOKIE_PATH LANGUAGE_COOKIE_SAMESITE LANGUAGE_COOKIE_SECURE LOCALE_PATHS 
LOGGING LOGGING_CONFIG LOGIN_REDIRECT_URL LOGIN_URL LOGOUT_REDIRECT_URL MANAGERS MEDIA_ROOT MEDIA_URL 
MESSAGE_STORAGE MIDDLEWARE MIGRATION_MODULES MONTH_DAY_FORMAT NUMBER_GROUPING PASSWORD_HASHERS 
PASSWORD_RESET_TIMEOUT PREPEND_WWW SECRET_KEY SECRET_KEY_FALLBACKS SECURE_CONTENT_TYPE_NOSNIFF 
SECURE_CROSS_ORIGIN_OPENER_POLICY SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_HSTS_PRELOAD SECURE_HSTS_SECONDS 
SECURE_PROXY_SSL_HEADER SECURE_REDIRECT_EXEMPT SECURE_REFERRER_POLICY SECURE_SSL_HOST SECURE_SSL_REDIRECT 
SERVER_EMAIL SESSION_CACHE_ALIAS SESSION_COOKIE_AGE SESSION_COOKIE_DOMAIN SESSION_COOKIE_HTTPONLY 
SESSION_COOKIE_NAME SESSION_COOKIE_PATH SESSION_COOKIE_SAMESITE SESSION_COOKIE_SECURE SESSION_ENGINE 
SESSION_EXPIRE_AT_BROWSER_CLOSE SESSION_FILE_PATH SESSION_SAVE_EVERY_REQUEST SESSION_SERIALIZER 
SHORT_DATETIME_FORMAT SHORT_DATE_FORMAT SIGNED_COOKIE_LEGACY_SALT_FALLBACK SIGNING_BACKEND 
SILENCED_SYSTEM_CHECKS STATICFILES_DIRS STATICFILES_FINDERS STATIC_ROOT STATIC_URL STORAGES TEMPLATES 
TEST_NON_SERIALIZED_APPS TEST_RUNNER THOUSAND_SEPARATOR TIME_FORMAT TIME_INPUT_FORMATS TIME_ZONE USE_I18N 
USE_THOUSAND_SEPARATOR USE_TZ USE_X_FORWARDED_HOST USE_X_FORWARDED_PORT WSGI_APPLICATION X_FRAME_OPTIONS 
YEAR_MONTH_FORMAT
`
  .trim()
  .split(/\s+/);

/** What Django 5.2's startproject writes, with brackets in JavaScript's places. */
const STOCK = defineSettings({
  SECRET_KEY: 'django-insecure-@x1h2^5w8$k3!p0q9z7v6c4b1n2m3l5k7j9h0g8f6d4s2a',
  DEBUG: true,
  ALLOWED_HOSTS: [],
  INSTALLED_APPS: [
    'django.contrib.admin',
    'django.contrib.auth',
    'django.contrib.contenttypes',
    'django.contrib.sessions',
    'django.contrib.messages',
    'django.contrib.staticfiles',
  ],
  MIDDLEWARE: [
    'django.middleware.security.SecurityMiddleware',
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.middleware.common.CommonMiddleware',
    'django.middleware.csrf.CsrfViewMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
    'django.contrib.messages.middleware.MessageMiddleware',
    'django.middleware.clickjacking.XFrameOptionsMiddleware',
  ],
  ROOT_URLCONF: { urlpatterns: [] },
  TEMPLATES: [
    {
      BACKEND: 'django.template.backends.django.DjangoTemplates',
      DIRS: [],
      APP_DIRS: true,
      OPTIONS: {
        context_processors: [
          'django.template.context_processors.request',
          'django.contrib.auth.context_processors.auth',
          'django.contrib.messages.context_processors.messages',
        ],
      },
    },
  ],
  WSGI_APPLICATION: 'mysite.wsgi.application',
  DATABASES: { default: { ENGINE: 'django.db.backends.sqlite3', NAME: ':memory:' } },
  AUTH_PASSWORD_VALIDATORS: [
    { NAME: 'django.contrib.auth.password_validation.UserAttributeSimilarityValidator' },
    { NAME: 'django.contrib.auth.password_validation.MinimumLengthValidator' },
    { NAME: 'django.contrib.auth.password_validation.CommonPasswordValidator' },
    { NAME: 'django.contrib.auth.password_validation.NumericPasswordValidator' },
  ],
  LANGUAGE_CODE: 'en-us',
  TIME_ZONE: 'UTC',
  USE_I18N: true,
  USE_TZ: true,
  STATIC_URL: 'static/',
  DEFAULT_AUTO_FIELD: 'django.db.models.BigAutoField',
});

afterEach(async () => {
  await connections.reset();
  resetSettings();
  apps.reset();
});

async function check(): Promise<string> {
  let printed = '';
  const stream = {
    write: (text: string) => {
      printed += text;
    },
  };
  await callCommand('check', { stdout: stream, stderr: stream });
  return printed;
}

describe('the settings of a stock Django project', () => {
  it('name the apps that are not here, all at once, and what to do', () => {
    configure(
      defineSettings({
        ...STOCK,
        INSTALLED_APPS: [...(STOCK.INSTALLED_APPS ?? []), 'django.contrib.gis', 'django.contrib.admindocs'],
      }),
    );
    expect(() => apps.populate()).toThrow(
      [
        'INSTALLED_APPS names what cannot be installed here:',
        "  'django.contrib.gis': tsango has no contrib.gis. Leave it out here.",
        "  'django.contrib.admindocs': tsango has no documentation of templates and views. Leave it out here.",
      ].join('\n'),
    );
  });

  it('work as they are, and check says which settings have no effect', async () => {
    configure(STOCK);
    apps.populate();
    await callCommand('migrate', { verbosity: 0 });
    expect(await check()).toBe(
      [
        'System check identified some issues:',
        '',
        'INFOS:',
        '?: (settings.I001) WSGI_APPLICATION: without effect here, for only Django itself has a use for it.',
        '',
        'System check identified 1 issue (0 silenced).',
        '',
      ].join('\n'),
    );
    const response = await new Client().get('/');
    expect(response.statusCode).toBe(200);
    expect(response.text).toContain('The install worked successfully!');
  });
});

describe("Django's global settings", () => {
  it('are all known, with a default', () => {
    const known = globalSettings();
    expect(DJANGO).toHaveLength(146);
    expect(DJANGO.filter((name) => !(name in known))).toEqual([]);
  });

  it('that Django removed are named by check, with what takes their place', async () => {
    configure({ ...STOCK, USE_L10N: true, STATICFILES_STORAGE: 'x' });
    apps.populate();
    const printed = await check();
    expect(printed).toContain("(settings.W002) The setting 'USE_L10N' has no effect.");
    expect(printed).toContain("Django removed it in 5.1. Use STORAGES['staticfiles'].");
    expect(printed).not.toContain('settings.W001');
  });

  it('may be null where Django has None', () => {
    const { LANGUAGE_COOKIE_SAMESITE, EMAIL_TIMEOUT } = globalSettings();
    configure({ SECRET_KEY: 'x', LANGUAGE_COOKIE_SAMESITE, EMAIL_TIMEOUT });
    expect([settings.LANGUAGE_COOKIE_SAMESITE, settings.EMAIL_TIMEOUT]).toEqual([null, null]);
  });
});

describe('names that Django projects have and that are not here', () => {
  it.each(NAMES_WITH_REMEDY)('%s is not here indeed', (name) => {
    const dotted = /\.[A-Z]\w*$/.test(name) ? name : `${name.replace(/\.$/, '')}.some.Thing`;
    configure(STOCK);
    expect(() => importString(dotted)).toThrow(`Could not import '${dotted}': ${remedyFor(dotted)}.`);
    if (dotted !== name) expect(moduleExists(name.replace(/\.$/, ''))).toBe(false);
  });

  it.each([
    ['django.middleware.locale.LocaleMiddleware', 'tsango has no LocaleMiddleware yet.'],
    ['django.contrib.staticfiles.storage.CachedStaticFilesStorage', 'Django removed it in 3.1.'],
    ['whitenoise.middleware.WhiteNoiseMiddleware', 'Leave it out here: `manage.ts serve --static`'],
    [
      'whitenoise.storage.CompressedManifestStaticFilesStorage',
      "Use 'django.contrib.staticfiles.storage.ManifestStaticFilesStorage'",
    ],
    ['storages.backends.s3.S3Storage', 'A storage of your own extends Storage'],
  ])('%s: what to do', (name, said) => {
    configure(STOCK);
    expect(() => importString(name)).toThrow(`Could not import '${name}': `);
    expect(() => importString(name)).toThrow(said);
  });

  it('django_redis: what to do', () => {
    configure({ ...STOCK, CACHES: { default: { BACKEND: 'django_redis.cache.RedisCache' } } });
    expect(() => caches.get('default')).toThrow("Use 'django.core.cache.backends.redis.RedisCache'");
  });

  it('an app that is written in Python', () => {
    configure({ ...STOCK, INSTALLED_APPS: ['rest_framework'] });
    expect(() => apps.populate()).toThrow(
      "Cannot import 'rest_framework'. Check that INSTALLED_APPS names the folder of an app. One that is written in Python cannot run here: leave it out.",
    );
  });

  it('PostgreSQL by its name before Django 2.0', () => {
    const ENGINE = 'django.db.backends.postgresql_psycopg2';
    configure({ ...STOCK, DATABASES: { default: { ENGINE, NAME: 'x' } } });
    expect(connections.get().vendor).toBe('postgresql');
  });
});
