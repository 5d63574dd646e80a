/** What tests of users have in common. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { type DatabaseSettings, overrideSettings, type Settings } from 'tsango/conf';
import { ContentType } from 'tsango/contrib/contenttypes';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { SERVICES } from './services';
import { SQLITE_ENGINE } from './sqlite';

let list: string | undefined;

/** The list of common passwords of the Django of this machine. */
export function djangoPasswordList(): string {
  if (list !== undefined) return list;
  const program = 'import django.contrib.auth as a; print(a.__path__[0])';
  const folder = execFileSync(SERVICES.python, ['-c', program], { encoding: 'utf8' }).trim();
  list = path.join(folder, 'common-passwords.txt.gz');
  return list;
}

/** Hashes that take no time: what is tested is not how long they take. */
export const FAST_HASHERS = ['django.contrib.auth.hashers.MD5PasswordHasher'];

/** The settings of a site with users. */
export const AUTH_SITE: Partial<Settings> = {
  INSTALLED_APPS: ['django.contrib.auth', 'django.contrib.contenttypes', 'django.contrib.sessions'],
  MIDDLEWARE: [
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.middleware.csrf.CsrfViewMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
  ],
  PASSWORD_HASHERS: FAST_HASHERS,
};

/** Declares that the tests of the surrounding `describe` have a site with users, whose database is migrated. */
export function useAuthSite(
  settings: Partial<Settings> = {},
  database: DatabaseSettings = { ENGINE: SQLITE_ENGINE, NAME: ':memory:' },
): void {
  let restore: () => Promise<void>;
  beforeAll(async () => {
    apps.reset();
    restore = overrideSettings({ ...AUTH_SITE, DATABASES: { default: database }, ...settings });
    apps.populate();
    ContentType.objects.clearCache();
    await callCommand('migrate', { verbosity: 0 });
  });
  afterAll(async () => {
    await connections.closeAll();
    await restore();
    apps.reset();
    ContentType.objects.clearCache();
  });
}
