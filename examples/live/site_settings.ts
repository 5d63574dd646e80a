import path from 'node:path';
import { defineSettings } from 'tsango/conf';

export default defineSettings({
  SECRET_KEY: process.env['SECRET_KEY'] ?? 'django-insecure-this-key-is-public-and-for-development-only',
  DEBUG: (process.env['DEBUG'] ?? '1') === '1',
  ALLOWED_HOSTS: process.env['ALLOWED_HOSTS']?.split(',') ?? [],
  INSTALLED_APPS: [
    'dashboard',
    'tsango.contrib.admin',
    'tsango.contrib.auth',
    'tsango.contrib.contenttypes',
    'tsango.contrib.sessions',
    'tsango.contrib.messages',
    'tsango.contrib.staticfiles',
  ],
  MIDDLEWARE: [
    'tsango.middleware.security.SecurityMiddleware',
    'tsango.contrib.sessions.middleware.SessionMiddleware',
    'tsango.middleware.common.CommonMiddleware',
    'tsango.middleware.csrf.CsrfViewMiddleware',
    'tsango.contrib.auth.middleware.AuthenticationMiddleware',
    'tsango.contrib.messages.middleware.MessageMiddleware',
    'tsango.middleware.clickjacking.XFrameOptionsMiddleware',
  ],
  ROOT_URLCONF: 'dashboard.site_urls',
  TEMPLATES: [
    {
      BACKEND: 'tsango.template.backends.django.DjangoTemplates',
      APP_DIRS: true,
      OPTIONS: {
        context_processors: [
          'tsango.template.context_processors.request',
          'tsango.contrib.auth.context_processors.auth',
          'tsango.contrib.messages.context_processors.messages',
        ],
      },
    },
  ],
  DATABASES: { default: { ENGINE: 'better-sqlite3', NAME: path.join(__dirname, 'db.sqlite3') } },
  STATIC_URL: 'static/',
  DEFAULT_AUTO_FIELD: 'tsango.db.models.BigAutoField',
});
