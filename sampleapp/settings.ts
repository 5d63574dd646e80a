/**
 * The settings of the sample site. Everything that is not here has Django's default:
 * https://docs.djangoproject.com/en/5.2/ref/settings/
 */
import path from 'node:path';
import { defineSettings } from 'tsango/conf';

const BASE_DIR = path.dirname(__dirname);
const { env } = process;

export default defineSettings({
  // Online: give the key, the hosts and DEBUG=0 through the environment, and run `manage.ts check --deploy`.
  SECRET_KEY: env['SECRET_KEY'] ?? 'django-insecure-5u!m9-this-key-is-public-and-for-development-only',
  DEBUG: (env['DEBUG'] ?? '1') === '1',
  ALLOWED_HOSTS: env['ALLOWED_HOSTS']?.split(',') ?? [],

  INSTALLED_APPS: ['tsango.contrib.sessions', 'tsango.contrib.messages', 'sampleapp'],

  MIDDLEWARE: [
    'tsango.middleware.security.SecurityMiddleware',
    'tsango.contrib.sessions.middleware.SessionMiddleware',
    'tsango.middleware.common.CommonMiddleware',
    'tsango.middleware.csrf.CsrfViewMiddleware',
    'tsango.contrib.messages.middleware.MessageMiddleware',
    'tsango.middleware.clickjacking.XFrameOptionsMiddleware',
  ],

  ROOT_URLCONF: 'sampleapp.urls',

  TEMPLATES: [
    {
      BACKEND: 'tsango.template.backends.django.DjangoTemplates',
      APP_DIRS: true,
      OPTIONS: {
        context_processors: [
          'tsango.template.context_processors.request',
          'tsango.contrib.messages.context_processors.messages',
        ],
      },
    },
  ],

  DATABASES: {
    default: {
      ENGINE: env['DATABASE_ENGINE'] ?? 'better-sqlite3',
      NAME: env['DATABASE'] ?? path.join(BASE_DIR, 'db.sqlite3'),
    },
  },
  DEFAULT_AUTO_FIELD: 'tsango.db.models.BigAutoField',
  MIGRATION_MODULES: { sampleapp: 'migrations.sampleapp' },

  SESSION_ENGINE: 'tsango.contrib.sessions.backends.db',

  TIME_ZONE: 'UTC',
});
