/** The site that the journeys go through. What a journey has otherwise comes in SITE_SETTINGS, as JSON. */
import path from 'node:path';
import { defineSettings } from 'tsango/conf';

const BASE_DIR = path.dirname(__dirname);
/** What the site writes while it runs: its database, uploads and collected files. */
const DATA = process.env['SITE_DATA'] ?? BASE_DIR;

export default defineSettings({
  SECRET_KEY: 'a-key-for-journeys-of-more-than-fifty-characters-0123456789',
  ALLOWED_HOSTS: ['127.0.0.1', '.shop.example'],
  INSTALLED_APPS: [
    'tsango.contrib.sessions',
    'tsango.contrib.messages',
    'tsango.contrib.staticfiles',
    'tsango.contrib.humanize',
    'visits',
    'files',
    'pages',
    'guests',
    'records',
  ],
  MIDDLEWARE: [
    'tsango.middleware.security.SecurityMiddleware',
    'tsango.contrib.sessions.middleware.SessionMiddleware',
    'tsango.middleware.common.CommonMiddleware',
    'tsango.middleware.csrf.CsrfViewMiddleware',
    'tsango.contrib.messages.middleware.MessageMiddleware',
    'tsango.middleware.clickjacking.XFrameOptionsMiddleware',
    'tsango.middleware.csp.ContentSecurityPolicyMiddleware',
  ],
  ROOT_URLCONF: 'mysite.urls',
  TEMPLATES: [
    {
      BACKEND: 'tsango.template.backends.django.DjangoTemplates',
      DIRS: [path.join(BASE_DIR, 'mysite', 'templates')],
      APP_DIRS: true,
      OPTIONS: {
        context_processors: [
          'tsango.template.context_processors.request',
          'tsango.template.context_processors.csp',
          'tsango.contrib.messages.context_processors.messages',
        ],
      },
    },
  ],
  DATABASES: { default: { ENGINE: 'better-sqlite3', NAME: path.join(DATA, 'db.sqlite3') } },
  DEFAULT_AUTO_FIELD: 'tsango.db.models.BigAutoField',
  SESSION_FILE_PATH: DATA,
  TIME_ZONE: 'UTC',
  STATIC_URL: 'static/',
  STATICFILES_DIRS: [path.join(BASE_DIR, 'assets')],
  STATIC_ROOT: path.join(DATA, 'collected'),
  MEDIA_URL: 'media/',
  MEDIA_ROOT: path.join(DATA, 'media'),
  ...(JSON.parse(process.env['SITE_SETTINGS'] ?? '{}') as object),
});
