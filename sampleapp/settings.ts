/**
 * The settings of the sample site. Everything that is not here has Django's default:
 * https://docs.djangoproject.com/en/5.2/ref/settings/
 */
import path from 'node:path';
import { defineSettings } from 'tsango/conf';
import { CSP } from 'tsango/utils/csp';

const BASE_DIR = path.dirname(__dirname);
const { env } = process;

export default defineSettings({
  // Online: give the key, the hosts and DEBUG=0 through the environment, and run `manage.ts check --deploy`.
  SECRET_KEY: env['SECRET_KEY'] ?? 'django-insecure-5u!m9-this-key-is-public-and-for-development-only',
  DEBUG: (env['DEBUG'] ?? '1') === '1',
  ALLOWED_HOSTS: env['ALLOWED_HOSTS']?.split(',') ?? [],

  INSTALLED_APPS: [
    // Before the admin, whose pages of passwords have the same names.
    'sampleapp',
    'tsango.contrib.admin',
    'tsango.contrib.auth',
    'tsango.contrib.contenttypes',
    'tsango.contrib.sessions',
    'tsango.contrib.messages',
    'tsango.contrib.staticfiles',
  ],

  MIDDLEWARE: [
    'tsango.middleware.security.SecurityMiddleware',
    'tsango.middleware.csp.ContentSecurityPolicyMiddleware',
    'tsango.contrib.sessions.middleware.SessionMiddleware',
    'tsango.middleware.common.CommonMiddleware',
    'tsango.middleware.csrf.CsrfViewMiddleware',
    'tsango.contrib.auth.middleware.AuthenticationMiddleware',
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
          'tsango.template.context_processors.csp',
          'tsango.contrib.auth.context_processors.auth',
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

  LOGIN_REDIRECT_URL: 'home',
  LOGOUT_REDIRECT_URL: 'home',
  AUTH_PASSWORD_VALIDATORS: [
    { NAME: 'tsango.contrib.auth.password_validation.UserAttributeSimilarityValidator' },
    { NAME: 'tsango.contrib.auth.password_validation.MinimumLengthValidator' },
    { NAME: 'tsango.contrib.auth.password_validation.CommonPasswordValidator' },
    { NAME: 'tsango.contrib.auth.password_validation.NumericPasswordValidator' },
  ],
  // Mail is printed where the server runs.
  EMAIL_BACKEND: env['EMAIL_BACKEND'] ?? 'tsango.core.mail.backends.console.EmailBackend',

  STATIC_URL: 'static/',
  STATIC_ROOT: path.join(BASE_DIR, 'staticfiles'),

  // Scripts and styles are files of the site, but for the style of base.html.
  SECURE_CSP: {
    'default-src': [CSP.SELF],
    'style-src': [CSP.SELF, CSP.NONCE],
    'img-src': [CSP.SELF, 'data:'],
    'form-action': [CSP.SELF],
  },

  TIME_ZONE: 'UTC',
});
