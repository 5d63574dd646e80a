/**
 * What to do about a dotted name that a Django project's settings have and that cannot be loaded here: Django's own that
 * is not there yet, or was moved, and those of the packages that most projects name.
 */

/** By the beginning of the name, written as Django's. The longest that fits is taken. */
const REMEDIES: Readonly<Record<string, string>> = {
  'django.contrib.admindocs': 'tsango has no documentation of templates and views. Leave it out here',
  'django.contrib.gis': 'tsango has no contrib.gis. Leave it out here',
  'django.contrib.staticfiles.storage.CachedStaticFilesStorage':
    "Django removed it in 3.1. Use 'django.contrib.staticfiles.storage.ManifestStaticFilesStorage'",
  'django.contrib.sessions.serializers.PickleSerializer':
    'Django removed it in 5.0, and reading pickles runs code. Leave SESSION_SERIALIZER out',
  'django.core.cache.backends.memcached.MemcachedCache':
    "Django removed it in 4.1. Use 'django.core.cache.backends.memcached.PyMemcacheCache'",
  'django.db.backends.oracle': 'tsango has no backend for Oracle. Use PostgreSQL, MySQL or SQLite',
  'django.middleware.locale':
    'tsango has no LocaleMiddleware yet. Leave it out here; LANGUAGE_CODE is the language',
  'django.contrib.messages.storage.user_messages': 'Django removed it in 1.4. Leave MESSAGE_STORAGE out',
  'django_redis.cache.RedisCache':
    "it is written in Python. Use 'django.core.cache.backends.redis.RedisCache' on both sides: entries are then shared",
  'redis_cache.RedisCache':
    "it is written in Python. Use 'django.core.cache.backends.redis.RedisCache' on both sides: entries are then shared",
  'logging.handlers':
    "it is Python's, and has no counterpart here; a handler of your own extends Handler of tsango/utils/log",
  'logging.handlers.SMTPHandler': "Use 'django.utils.log.AdminEmailHandler', which mails to ADMINS",
  'storages.': 'it is written in Python. A storage of your own extends Storage of tsango/core/files/storage',
  'whitenoise.storage':
    "it is written in Python. Use 'django.contrib.staticfiles.storage.ManifestStaticFilesStorage'; names and manifest are the same",
  whitenoise: 'it is written in Python. Leave it out here: `manage.ts serve --static` serves STATIC_ROOT',
};

/** Every name that has a remedy: for the test that no longer finds them missing. */
export const NAMES_WITH_REMEDY: readonly string[] = Object.keys(REMEDIES);

/**
 * What to do about a name that could not be loaded.
 *
 * @param dotted as `tsango.…` or `django.…`, or a name that is neither.
 * @returns a clause without its full stop; `undefined` where nothing is known.
 */
export function remedyFor(dotted: string): string | undefined {
  const name = dotted.replace(/^tsango(?=\.)/, 'django');
  const [longest] = NAMES_WITH_REMEDY.filter(
    (known) => name === known || name.startsWith(known.endsWith('.') ? known : `${known}.`),
  ).sort((a, b) => b.length - a.length);
  return longest === undefined ? undefined : REMEDIES[longest];
}
