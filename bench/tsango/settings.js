'use strict';
/** The benchmark's settings: one store for the sessions, named by BENCH_STORE. */
const { defineSettings } = require('tsango/conf');
const { STORE, SECRET, PG, SQLITE_FILE, REDIS_URL } = require('../peers/common');

const ENGINES = {
  cookie: 'signed_cookies',
  redis: 'cache',
  memory: 'cache',
  'redis+postgresql': 'cached_db',
};
const ON_REDIS = STORE.startsWith('redis');
const ON_POSTGRESQL = STORE.endsWith('postgresql');

const DEFAULT_MIDDLEWARE = [
  'tsango.middleware.security.SecurityMiddleware',
  'tsango.contrib.sessions.middleware.SessionMiddleware',
  'tsango.middleware.common.CommonMiddleware',
  'tsango.middleware.csrf.CsrfViewMiddleware',
  'tsango.contrib.messages.middleware.MessageMiddleware',
  'tsango.middleware.clickjacking.XFrameOptionsMiddleware',
];

exports.default = defineSettings({
  DEBUG: false,
  SECRET_KEY: SECRET,
  ALLOWED_HOSTS: ['127.0.0.1'],
  ROOT_URLCONF: 'site',
  INSTALLED_APPS: ['tsango.contrib.sessions', 'tsango.contrib.messages'],
  MIDDLEWARE:
    process.env.BENCH_MIDDLEWARE === 'session'
      ? ['tsango.contrib.sessions.middleware.SessionMiddleware']
      : DEFAULT_MIDDLEWARE,
  SESSION_ENGINE: `tsango.contrib.sessions.backends.${ENGINES[STORE] ?? 'db'}`,
  CACHES: {
    default: ON_REDIS
      ? { BACKEND: 'tsango.core.cache.backends.redis.RedisCache', LOCATION: REDIS_URL }
      : { BACKEND: 'tsango.core.cache.backends.locmem.LocMemCache', OPTIONS: { MAX_ENTRIES: 10_000_000 } },
  },
  DATABASES: {
    default: ON_POSTGRESQL
      ? { ENGINE: 'postgresql', NAME: PG.database, USER: PG.user, HOST: PG.host, PORT: PG.port }
      : { ENGINE: 'better-sqlite3', NAME: `${SQLITE_FILE}.tsango` },
  },
  TEMPLATES: [
    {
      BACKEND: 'tsango.template.backends.django.DjangoTemplates',
      DIRS: [__dirname],
      OPTIONS: { context_processors: ['tsango.template.context_processors.request'] },
    },
  ],
});
