/** A site with the admin of a library, whose tables are made. */
import path from 'node:path';
import { apps } from 'tsango/apps';
import { type DatabaseSettings, overrideSettings, type Settings } from 'tsango/conf';
import * as admin from 'tsango/contrib/admin';
import { User } from 'tsango/contrib/auth/models';
import { ContentType } from 'tsango/contrib/contenttypes';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import type { ModelClass } from 'tsango/db/models';
import { installedModels } from 'tsango/db/models/registry';
import { Client } from 'tsango/test';
import { path as route } from 'tsango/urls';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { FAST_HASHERS } from '../../support/auth';
import { createTables } from '../../support/model_tables';
import { SQLITE_ENGINE } from '../../support/sqlite';
import type * as libraryModels from './site/library/models';

const SETTINGS: Partial<Settings> = {
  INSTALLED_APPS: [
    ...['admin', 'auth', 'contenttypes', 'sessions', 'messages'].map((name) => `django.contrib.${name}`),
  ],
  MIDDLEWARE: [
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.middleware.csrf.CsrfViewMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
    'django.contrib.messages.middleware.MessageMiddleware',
  ],
  PASSWORD_HASHERS: FAST_HASHERS,
  STATIC_URL: '/static/',
  ALLOWED_HOSTS: ['testserver'],
  USE_TZ: true,
  TEMPLATES: [
    {
      BACKEND: 'django.template.backends.django.DjangoTemplates',
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
};

/** The models of the library, once its app is there. */
export let library: typeof libraryModels;

const SQLITE: DatabaseSettings = { ENGINE: SQLITE_ENGINE, NAME: ':memory:' };

/** Declares that the tests of the surrounding `describe` have such a site; each begins with empty tables. */
export function useLibrary(database: DatabaseSettings = SQLITE): void {
  useSite('library', database, () => {
    library = require('./site/library/models') as typeof libraryModels;
    const { Author, Tag, Book, Review, Loan } = library;
    return [Author, Tag, Book, Review, Loan] as ModelClass[];
  });
}

/**
 * Declares that the tests of the surrounding `describe` have a site with the admin of an app of `site/`.
 *
 * @param load the models of the app: those that others refer to before these.
 */
export function useSite(app: string, database: DatabaseSettings, load: () => readonly ModelClass[]): void {
  let models: readonly ModelClass[];
  let restore: () => Promise<void>;
  beforeAll(async () => {
    apps.reset();
    setSiteRoot(path.join(__dirname, 'site'));
    restore = overrideSettings({
      ...SETTINGS,
      INSTALLED_APPS: [...(SETTINGS.INSTALLED_APPS ?? []), app],
      DATABASES: { default: database },
      ROOT_URLCONF: {
        get urlpatterns() {
          return [route('admin/', admin.site.urls)];
        },
      },
    });
    apps.populate();
    ContentType.objects.clearCache();
    models = load();
    await callCommand('migrate', { verbosity: 0 });
    await createTables(models);
  });
  afterEach(async () => {
    for (const model of [...models].reverse()) await model._defaultManager.all().delete();
    await User.objects.all().delete();
  });
  afterAll(async () => {
    await connections.closeAll();
    await restore();
    setSiteRoot(undefined);
    apps.reset();
    ContentType.objects.clearCache();
  });
}

/** A client that is logged in as a superuser, or as staff with some permissions. */
export async function staff(permissions?: readonly string[]): Promise<Client> {
  const client = new Client();
  if (permissions === undefined) {
    await client.forceLogin(await User.objects.createSuperuser('boss', 'boss@example.com', 'secret'));
    return client;
  }
  const { Permission } = require('tsango/contrib/auth/models') as typeof import('tsango/contrib/auth/models');
  const user = await User.objects.createUser('clerk', null, 'secret', { isStaff: true });
  for (const name of permissions) {
    const [action = '', model = ''] = name.split('_');
    const type = await ContentType.objects.getForModel(
      installedModels.getModels().find(({ _meta }) => _meta.modelName === model) as never,
    );
    const [permission] = await Permission.objects.getOrCreate(
      { codename: `${action}_${model}`, contentType: type },
      { name },
    );
    await user.userPermissions.add(permission);
  }
  await client.forceLogin(user);
  return client;
}

/** What the forms of a page would send. */
export function fieldsOf(html: string): Record<string, string> {
  const unescaped = (text: string): string =>
    text.replaceAll('&quot;', '"').replaceAll('&#x27;', "'").replaceAll('&amp;', '&');
  const fields: Record<string, string> = {};
  for (const [tag] of html.matchAll(/<input [^>]*>/g)) {
    const attr = (name: string): string | undefined => new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
    const [name, type] = [attr('name'), attr('type')];
    if (name === undefined || type === 'submit' || name.includes('__prefix__')) continue;
    if (type === 'checkbox' && !tag.includes(' checked')) continue;
    fields[name] = unescaped(attr('value') ?? (type === 'checkbox' ? 'on' : ''));
  }
  for (const [, name = '', text = ''] of html.matchAll(
    /<textarea name="([^"]*)"[^>]*>([^<]*)<\/textarea>/g,
  )) {
    if (!name.includes('__prefix__')) fields[name] = unescaped(text).trim();
  }
  const selects = /<select name="([^"]*)"[^>]*>([\s\S]*?)<\/select>/g;
  for (const [, name = '', options = ''] of html.matchAll(selects)) {
    const value = /value="([^"]*)" selected/.exec(options)?.[1];
    if (value !== undefined) fields[name] = unescaped(value);
  }
  return fields;
}
