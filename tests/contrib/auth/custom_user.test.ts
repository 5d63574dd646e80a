/** A model of users of a site's own, and what `check` says of it. */
import '../../db/settings';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { authenticate, getUserModel, login } from 'tsango/contrib/auth';
import { getUser } from 'tsango/contrib/auth/login';
import type { AbstractBaseUser } from 'tsango/contrib/auth/models';
import { SessionStore } from 'tsango/contrib/sessions/backends/db';
import { runChecks } from 'tsango/core/checks';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { RequestFactory } from 'tsango/test';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { AUTH_SITE } from '../../support/auth';
import { createTables } from '../../support/model_tables';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { Guest } from './site/guests/models';

let restore: () => Promise<void>;
beforeAll(async () => {
  apps.reset();
  setSiteRoot(path.join(__dirname, 'site'));
  restore = overrideSettings({
    ...AUTH_SITE,
    INSTALLED_APPS: [...(AUTH_SITE.INSTALLED_APPS ?? []), 'guests'],
    AUTH_USER_MODEL: 'guests.Guest',
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
  });
  apps.populate();
  await callCommand('migrate', { verbosity: 0 });
});
afterAll(async () => {
  await connections.closeAll();
  await restore();
  setSiteRoot(undefined);
  apps.reset();
});

const idsOfAuth = async (): Promise<unknown[]> =>
  (await runChecks()).flatMap(({ id }) => (id?.startsWith('auth.') ? [id] : []));

it('takes the place of User, which has no table then', async () => {
  expect(getUserModel()).toBe(Guest);
  const tables = await connections.get().introspection.tableNames();
  expect([tables.includes('auth_group'), tables.includes('auth_user')]).toEqual([true, false]);
});

it('logs in by its own field', async () => {
  if (!(await connections.get().introspection.tableNames()).includes('guests_guest'))
    await createTables([Guest]);
  const guest = new Guest({ mail: 'a@example.com' });
  await guest.setPassword('secret');
  await guest.save();
  expect([guest.isActive, String(guest), guest.naturalKey()]).toEqual([
    true,
    'a@example.com',
    ['a@example.com'],
  ]);
  const found = (await authenticate(null, { mail: 'a@example.com', password: 'secret' })) as unknown;
  expect(found).toBeInstanceOf(Guest);
  expect(await authenticate(null, { username: 'a@example.com', password: 'wrong' })).toBe(null);
  const request = new RequestFactory().get('/');
  request.session = new SessionStore();
  await login(request, found as AbstractBaseUser);
  expect(guest.isSame(await getUser(request))).toBe(true);
});

it('check says what is wrong with it', async () => {
  expect(await idsOfAuth()).toEqual(['auth.E002', 'auth.E003']);
  await overrideSettings(
    { AUTHENTICATION_BACKENDS: ['django.contrib.auth.backends.AllowAllUsersModelBackend'] },
    async () => expect(await idsOfAuth()).toEqual(['auth.E002', 'auth.W004']),
  );
});

it('check says what settings name in vain, and what middleware lacks', async () => {
  await overrideSettings(
    {
      AUTHENTICATION_BACKENDS: ['guests.nowhere.Backend'],
      PASSWORD_HASHERS: [],
      AUTH_PASSWORD_VALIDATORS: [{ NAME: 'guests.nowhere.Validator' }],
      MIDDLEWARE: ['django.contrib.auth.middleware.LoginRequiredMiddleware'],
    },
    async () => {
      const ids = await idsOfAuth();
      expect(ids).toEqual(expect.arrayContaining(['auth.E013', 'auth.E901', 'auth.E902', 'auth.E903']));
    },
  );
});
