/** A model of users that extends AbstractUser, and the forms that make and change its rows. */
import '../../db/settings';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { UserChangeForm, UserCreationForm } from 'tsango/contrib/auth/forms';
import { Permission } from 'tsango/contrib/auth/models';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import * as forms from 'tsango/forms';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { AUTH_SITE } from '../../support/auth';
import { createTables } from '../../support/model_tables';
import { SQLITE_ENGINE } from '../../support/sqlite';
import { Person } from './site/people/models';

let restore: () => Promise<void>;
beforeAll(async () => {
  apps.reset();
  setSiteRoot(path.join(__dirname, 'site'));
  restore = overrideSettings({
    ...AUTH_SITE,
    INSTALLED_APPS: [...(AUTH_SITE.INSTALLED_APPS ?? []), 'people'],
    AUTH_USER_MODEL: 'people.Person',
    DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
  });
  apps.populate();
  await callCommand('migrate', { verbosity: 0 });
  if (!(await connections.get().introspection.tableNames()).includes('people_person'))
    await createTables([Person]);
});
afterAll(async () => {
  await connections.closeAll();
  await restore();
  setSiteRoot(undefined);
  apps.reset();
});
afterEach(() => Person.objects.all().delete());

class PersonCreationForm extends forms.modelForm(UserCreationForm, {
  model: Person,
  fields: ['username', 'nick'],
}) {}
class PersonChangeForm extends forms.modelForm(UserChangeForm, {
  model: Person,
  fields: ['username', 'nick', 'isStaff', 'password'],
}) {}

it('is made by a form that extends UserCreationForm', async () => {
  const data = { username: 'ada', nick: 'a', password1: 'correct horse', password2: 'correct horse' };
  const form = new PersonCreationForm({ data });
  expect(await form.isValid()).toBe(true);
  const nick: string = form.cleanedData.nick;
  expect(nick).toBe('a');
  const ada: Person = await form.save();
  expect([ada instanceof Person, ada.nick, await ada.checkPassword('correct horse')]).toEqual([
    true,
    'a',
    true,
  ]);

  const again = new PersonCreationForm({ data: { ...data, username: 'ADA' } });
  expect(await again.isValid()).toBe(false);
  expect(again.errors.asData().get('username')?.[0]?.message).toBe(
    'A user with that username already exists.',
  );
});

it('is changed by a form that extends UserChangeForm', async () => {
  const ada = await Person.objects.createUser('ada', '', 'secret', { nick: 'a' });
  const form = new PersonChangeForm({ instance: ada, data: { username: 'ada', nick: 'b', is_staff: 'on' } });
  expect(await form.isValid()).toBe(true);
  await form.save();
  const row = await Person.objects.get({ pk: ada.pk });
  expect([row.nick, row.isStaff, await row.checkPassword('secret')]).toEqual(['b', true, true]);
});

it('has permissions, and is found by them', async () => {
  const ada = await Person.objects.createUser('ada', '', 'secret', { nick: 'a' });
  await ada.userPermissions.add(await Permission.objects.get({ codename: 'add_group' }));
  expect((await Person.objects.withPerm('auth.add_group')).map(({ nick }) => nick)).toEqual(['a']);
  expect(await ada.hasPerm('auth.add_group')).toBe(true);
});
