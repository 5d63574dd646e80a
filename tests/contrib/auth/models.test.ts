/** Users, groups and permissions as rows: on every database. */
import '../../db/settings';
import type { DatabaseSettings } from 'tsango/conf';
import { overrideSettings } from 'tsango/conf';
import { AnonymousUser, Group, Permission, User } from 'tsango/contrib/auth/models';
import { ContentType } from 'tsango/contrib/contenttypes';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { useAuthSite } from '../../support/auth';
import { type Engine, scratchDatabase } from '../../support/databases';
import { describeWith } from '../../support/services';
import { SQLITE_ENGINE } from '../../support/sqlite';

async function run(name: string, options: object = {}, ...args: string[]): Promise<string> {
  let output = '';
  const stdout = { write: (text: string) => (output += text) };
  await callCommand(name, args, { ...options, stdout, stderr: stdout });
  return output;
}

const permission = (codename: string): Promise<Permission> => Permission.objects.get({ codename });

describe.each<[Engine]>([[SQLITE_ENGINE as Engine], ['postgresql'], ['mysql']])('on %s', (engine) => {
  describeWith(engine, 'users', () => {
    const database: DatabaseSettings =
      engine === SQLITE_ENGINE ? { ENGINE: engine, NAME: ':memory:' } : scratchDatabase(engine);
    useAuthSite({}, database);
    afterEach(async () => {
      await User.objects.all().delete();
      await Group.objects.all().delete();
    });

    it("have Django's tables and columns, and the models are as the migrations say", async () => {
      const connection = connections.get();
      expect((await connection.introspection.tableNames()).sort()).toEqual([
        'auth_group',
        'auth_group_permissions',
        'auth_permission',
        'auth_user',
        'auth_user_groups',
        'auth_user_user_permissions',
        'django_content_type',
        'django_migrations',
        'django_session',
      ]);
      expect(User._meta.concreteFields.map(({ column }) => column)).toEqual([
        ...['id', 'password', 'last_login', 'is_superuser', 'username', 'first_name', 'last_name', 'email'],
        ...['is_staff', 'is_active', 'date_joined'],
      ]);
      expect(await run('makemigrations', { dryRun: true })).toBe('No changes detected\n');
    });

    it('are made by their manager', async () => {
      const ada = await User.objects.createUser('Ａda', 'ada@EXAMPLE.com', 'correct horse');
      const found = await User.objects.get({ pk: ada.pk });
      expect(found.username).toBe('Ada');
      expect(found.email).toBe('ada@example.com');
      expect([found.isStaff, found.isSuperuser, found.isActive, found.lastLogin]).toEqual([
        false,
        false,
        true,
        null,
      ]);
      expect(found.dateJoined).toBeInstanceOf(Date);
      expect(await found.checkPassword('correct horse')).toBe(true);
      expect(await found.checkPassword('wrong')).toBe(false);
      const none = await User.objects.createUser('nobody');
      expect(none.hasUsablePassword()).toBe(false);
      const root = await User.objects.createSuperuser('root', null, 'x');
      expect([root.isStaff, root.isSuperuser]).toEqual([true, true]);
      await expect(User.objects.createUser('')).rejects.toThrow('The given username must be set');
      await expect(User.objects.createSuperuser('a', '', 'b', { isStaff: false })).rejects.toThrow(
        'Superuser must have is_staff=True.',
      );
      expect(await User.objects.getByNaturalKey('Ada')).toMatchObject({ id: ada.id });
      await expect(User.objects.createUser('Ada')).rejects.toMatchObject({ name: 'IntegrityError' });
    });

    it('get a new hash where theirs is not as PASSWORD_HASHERS wants it', async () => {
      const ada = await User.objects.createUser('ada', '', 'secret');
      const { password } = ada;
      expect(password).toMatch(/^md5\$/);
      await overrideSettings(
        {
          PASSWORD_HASHERS: ['PBKDF2PasswordHasher', 'MD5PasswordHasher'].map(
            (name) => `django.contrib.auth.hashers.${name}`,
          ),
          PASSWORD_PBKDF2_ITERATIONS: 10,
        },
        async () => {
          expect(await ada.checkPassword('wrong')).toBe(false);
          expect((await User.objects.get({ pk: ada.pk })).password).toBe(password);
          expect(await ada.checkPassword('secret')).toBe(true);
          expect((await User.objects.get({ pk: ada.pk })).password).toMatch(/^pbkdf2_sha256\$10\$/);
        },
      );
    });

    it('a password that is not waited for is saved all the same', async () => {
      const ada = await User.objects.createUser('ada', '', 'old');
      void ada.setPassword('first');
      void ada.setPassword('second');
      await ada.save();
      const found = await User.objects.get({ pk: ada.pk });
      expect(await found.checkPassword('second')).toBe(true);
    });

    it('have four permissions for each model, made once', async () => {
      const codenames = (await Permission.objects.filter({ contentType__model: 'user' })).map(
        ({ codename, name }) => [codename, name],
      );
      expect(codenames).toEqual([
        ['add_user', 'Can add user'],
        ['change_user', 'Can change user'],
        ['delete_user', 'Can delete user'],
        ['view_user', 'Can view user'],
      ]);
      const count = await Permission.objects.count();
      expect(count).toBe(5 * 4);
      await run('migrate', { verbosity: 0 });
      expect(await Permission.objects.count()).toBe(count);
      const [named] = await Permission.objects.filter({ codename: 'add_user' }).selectRelated('contentType');
      expect(String(named)).toBe('Authentication and Authorization | user | Can add user');
      expect(await named?.naturalKey()).toEqual(['add_user', 'auth', 'user']);
      expect(await Permission.objects.getByNaturalKey('add_user', 'auth', 'user')).toMatchObject({
        id: named?.id,
      });
    });

    it('may do what they, their groups, or being a superuser says', async () => {
      const ada = await User.objects.createUser('ada');
      const editors = await Group.objects.create({ name: 'editors' });
      await ada.userPermissions.add(await permission('add_user'));
      await editors.permissions.add(await permission('change_user'));
      await ada.groups.add(editors);
      const fresh = (): Promise<User> => User.objects.get({ pk: ada.pk });
      let user = await fresh();
      expect([...(await user.getUserPermissions())]).toEqual(['auth.add_user']);
      expect([...(await user.getGroupPermissions())]).toEqual(['auth.change_user']);
      expect([...(await user.getAllPermissions())].sort()).toEqual(['auth.add_user', 'auth.change_user']);
      expect(await user.hasPerm('auth.add_user')).toBe(true);
      expect(await user.hasPerm('auth.delete_user')).toBe(false);
      expect(await user.hasPerm('auth.add_user', user)).toBe(false);
      expect(await user.hasPerms(['auth.add_user', 'auth.change_user'])).toBe(true);
      expect(await user.hasPerms(['auth.add_user', 'auth.delete_user'])).toBe(false);
      expect(() => user.hasPerms('auth.add_user')).toThrow('perm_list must be an iterable of permissions.');
      expect([await user.hasModulePerms('auth'), await user.hasModulePerms('aut')]).toEqual([true, false]);

      await User.objects.update({ isActive: false });
      user = await fresh();
      expect([...(await user.getAllPermissions())]).toEqual([]);
      expect(await user.hasPerm('auth.add_user')).toBe(false);

      await User.objects.update({ isActive: true, isSuperuser: true });
      user = await fresh();
      expect(await user.hasPerm('whatever.it_is')).toBe(true);
      expect((await user.getAllPermissions()).size).toBe(await Permission.objects.count());

      const anonymous = new AnonymousUser();
      expect(await anonymous.hasPerm('auth.add_user')).toBe(false);
      expect(await anonymous.hasModulePerms('auth')).toBe(false);
      expect([...(await anonymous.getAllPermissions())]).toEqual([]);
      expect(await anonymous.groups.count()).toBe(0);
      expect([String(anonymous), anonymous.isSame(new AnonymousUser())]).toEqual(['AnonymousUser', true]);
      expect(() => anonymous.save()).toThrow("Django doesn't provide a DB representation for AnonymousUser.");
    });

    it('are found by their permissions', async () => {
      const add = await permission('add_user');
      const own = await User.objects.createUser('own');
      await own.userPermissions.add(add);
      const editors = await Group.objects.create({ name: 'editors' });
      await editors.permissions.add(add);
      const grouped = await User.objects.createUser('grouped');
      await grouped.groups.add(editors);
      const away = await User.objects.createUser('away', '', null, { isActive: false });
      await away.groups.add(editors);
      await User.objects.createSuperuser('root');
      await User.objects.createUser('other');
      const names = async (...args: Parameters<typeof User.objects.withPerm>): Promise<unknown> =>
        (await User.objects.withPerm(...args).orderBy('username')).map(({ username }) => username);
      expect(await names('auth.add_user')).toEqual(['grouped', 'own', 'root']);
      expect(await names(add, { includeSuperusers: false })).toEqual(['grouped', 'own']);
      expect(await names(add, { isActive: false })).toEqual(['away']);
      expect(await names(add, { isActive: null })).toEqual(['away', 'grouped', 'own', 'root']);
      expect(await names(add, { obj: own })).toEqual([]);
      expect(() => User.objects.withPerm('nothing')).toThrow(
        'Permission name should be in the form app_label.permission_codename.',
      );
    });

    it('migrations go back, and forth again', async () => {
      await run('migrate', { verbosity: 0 }, 'auth', 'zero');
      expect(await connections.get().introspection.tableNames()).not.toContain('auth_user');
      await run('migrate', { verbosity: 0 });
      ContentType.objects.clearCache();
      expect(await Permission.objects.count()).toBe(5 * 4);
    });
  });
});
