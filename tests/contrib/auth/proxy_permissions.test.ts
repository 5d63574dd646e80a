/** Permissions of proxies: they are of the content type of the proxy, since auth's migration 0011. */
import '../../db/settings';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { Permission, User } from 'tsango/contrib/auth/models';
import { ContentType } from 'tsango/contrib/contenttypes';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { AUTH_SITE } from '../../support/auth';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { Editor } from './site/proxies/models';

let restore: () => Promise<void>;
beforeAll(async () => {
  apps.reset();
  setSiteRoot(path.join(__dirname, 'site'));
  restore = overrideSettings({
    ...AUTH_SITE,
    INSTALLED_APPS: [...(AUTH_SITE.INSTALLED_APPS ?? []), 'proxies'],
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
  });
  apps.populate();
  ContentType.objects.clearCache();
  await callCommand('migrate', { verbosity: 0 });
});
afterAll(async () => {
  await connections.closeAll();
  await restore();
  setSiteRoot(undefined);
  apps.reset();
  ContentType.objects.clearCache();
});

const CODES = ['add_editor', 'change_editor', 'delete_editor', 'publish', 'view_editor'];

/** The codes of the proxy's permissions, by the model whose content type they are of. */
async function typesOfCodes(): Promise<Record<string, string[]>> {
  const rows = await Permission.objects
    .filter({ codename__in: CODES })
    .orderBy('codename')
    .valuesList('contentType__model', 'codename');
  const found: Record<string, string[]> = {};
  for (const [model, code] of rows) found[String(model)] = [...(found[String(model)] ?? []), String(code)];
  return found;
}

it('are made for the proxy, once', async () => {
  await callCommand('migrate', { verbosity: 0 });
  expect(await typesOfCodes()).toEqual({ editor: CODES });
});

it('are asked for by the app of the proxy, and are no permissions of its concrete model', async () => {
  const user = await User.objects.createUser('ada', '', 'secret');
  await user.userPermissions.add(await Permission.objects.get({ codename: 'change_editor' }));
  const again = await Editor.objects.get({ username: 'ada' });
  expect([
    await again.hasPerm('proxies.change_editor'),
    await again.hasPerm('auth.change_editor'),
    await again.hasPerm('auth.change_user'),
    await again.hasModulePerms('proxies'),
  ]).toEqual([true, false, false, true]);
  expect((await User.objects.withPerm('proxies.change_editor')).map(({ username }) => username)).toEqual([
    'ada',
  ]);
});

/** Goes back to before the migration, and does what an older Django did: permissions of the concrete model's content type. */
async function asBefore(change: (type: ContentType) => Promise<unknown>): Promise<void> {
  await callCommand('migrate', { verbosity: 0 }, 'auth', '0010');
  await change(await ContentType.objects.get({ model: 'user' }));
}

it('move from the content type of the concrete model, where an older Django made them', async () => {
  await asBefore((contentType) => Permission.objects.filter({ codename__in: CODES }).update({ contentType }));
  expect(await typesOfCodes()).toEqual({ user: CODES });
  await callCommand('migrate', { verbosity: 0 }, 'auth');
  expect(await typesOfCodes()).toEqual({ editor: CODES });
});

it('that are there already stay, and migrate says which to look at', async () => {
  await asBefore((contentType) =>
    Permission.objects.bulkCreate(
      CODES.map((codename) => new Permission({ codename, name: 'x', contentType })),
    ),
  );
  const written: string[] = [];
  const silent = jest
    .spyOn(process.stdout, 'write')
    .mockImplementation((text) => written.push(String(text)) > 0);
  await callCommand('migrate', { verbosity: 0 }, 'auth');
  silent.mockRestore();
  expect(await typesOfCodes()).toEqual({ editor: CODES, user: CODES });
  expect(written.join('')).toContain(
    'A problem arose migrating proxy model permissions for auth_user to proxies_editor.',
  );
  expect(written.join('')).toContain('Ensure to audit ALL permissions for auth_user and proxies_editor.');
});
