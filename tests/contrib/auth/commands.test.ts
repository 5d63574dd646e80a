/** `createsuperuser` and `changepassword`, by their output and rows. */
import '../../db/settings';
import { Readable } from 'node:stream';
import { overrideSettings } from 'tsango/conf';
import { User } from 'tsango/contrib/auth/models';
import { CommandError, callCommand } from 'tsango/core/management';
import { useAuthSite } from '../../support/auth';

useAuthSite();
afterEach(() => User.objects.all().delete());

/** What a command printed, when these lines were typed. */
async function run(name: string, typed: readonly string[] | null, ...args: string[]): Promise<string> {
  let output = '';
  const stdout = { write: (text: string) => (output += text) };
  const stdin = typed === null ? undefined : Readable.from([`${typed.join('\n')}\n`]);
  await callCommand(name, args, { stdout, stderr: stdout, ...(stdin && { stdin }) });
  return output;
}

describe('createsuperuser', () => {
  const LONG = [
    { NAME: 'django.contrib.auth.password_validation.MinimumLengthValidator', OPTIONS: { min_length: 8 } },
  ];

  it('asks for what a user needs, until it will do', async () => {
    await User.objects.createUser('ada');
    await overrideSettings({ AUTH_PASSWORD_VALIDATORS: LONG }, async () => {
      const printed = await run('createsuperuser', [
        ...['ada', 'root', 'no address', 'root@EXAMPLE.com'],
        ...['one', 'two', '  ', '  ', 'short', 'short', 'n', 'short', 'short', 'y'],
      ]);
      expect(printed.replace(/ \(leave blank to use '.*?'\)/g, '')).toBe(
        [
          'Username: Error: That username is already taken.\n',
          'Username: Email address: Error: Enter a valid email address.\n',
          "Email address: Password: Password (again): Error: Your passwords didn't match.\n",
          "Password: Password (again): Error: Blank passwords aren't allowed.\n",
          'Password: Password (again): This password is too short. It must contain at least 8 characters.\n',
          'Bypass password validation and create user anyway? [y/N]: ',
          'Password: Password (again): This password is too short. It must contain at least 8 characters.\n',
          'Bypass password validation and create user anyway? [y/N]: Superuser created successfully.\n',
        ].join(''),
      );
    });
    const root = await User.objects.get({ username: 'root' });
    expect([root.isSuperuser, root.isStaff, root.email]).toEqual([true, true, 'root@example.com']);
    expect(await root.checkPassword('short')).toBe(true);
  });

  it('takes everything from options and the environment where nobody is asked', async () => {
    expect(await run('createsuperuser', null, '--noinput', '--username=root', '--email=r@example.com')).toBe(
      'Superuser created successfully.\n',
    );
    expect((await User.objects.get({ username: 'root' })).hasUsablePassword()).toBe(false);
    process.env['DJANGO_SUPERUSER_USERNAME'] = 'other';
    process.env['DJANGO_SUPERUSER_EMAIL'] = 'o@example.com';
    process.env['DJANGO_SUPERUSER_PASSWORD'] = 'secret';
    try {
      await run('createsuperuser', null, '--noinput');
    } finally {
      for (const name of ['USERNAME', 'EMAIL', 'PASSWORD']) delete process.env[`DJANGO_SUPERUSER_${name}`];
    }
    const other = await User.objects.get({ username: 'other' });
    expect([other.email, await other.checkPassword('secret')]).toEqual(['o@example.com', true]);
  });

  it.each([
    [['--noinput'], 'You must use --username with --noinput.'],
    [['--noinput', '--username=root'], 'You must use --email with --noinput.'],
    [['--noinput', '--username=taken', '--email=a@b.de'], 'Error: That username is already taken.'],
    [['--noinput', '--username=root', '--email=nothing'], 'Enter a valid email address.'],
    [
      ['--noinput', '--username=a b', '--email=a@b.de'],
      'Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.',
    ],
  ])('%j: says what is wrong', async (args, message) => {
    await User.objects.createUser('taken');
    const failed = run('createsuperuser', null, ...args);
    await expect(failed).rejects.toBeInstanceOf(CommandError);
    await expect(failed).rejects.toThrow(message);
  });

  it('is skipped without a terminal', async () => {
    expect(await run('createsuperuser', null)).toMatch(
      /^Superuser creation skipped due to not running in a TTY/,
    );
  });
});

describe('changepassword', () => {
  it('asks twice, and changes it', async () => {
    const ada = await User.objects.createUser('ada', '', 'old');
    expect(await run('changepassword', ['a', 'b', 'new', 'new'], 'ada')).toBe(
      "Changing password for user 'ada'\nPassword: Password (again): Passwords do not match. Please try again.\n" +
        "Password: Password (again): Password changed successfully for user 'ada'\n",
    );
    expect(await (await User.objects.get({ pk: ada.pk })).checkPassword('new')).toBe(true);
  });

  it('gives up after three tries, at an empty password, and without such a user', async () => {
    await User.objects.createUser('ada', '', 'old');
    await expect(run('changepassword', ['a', 'b', 'a', 'b', 'a', 'b'], 'ada')).rejects.toThrow(
      "Aborting password change for user 'ada' after 3 attempts",
    );
    await expect(run('changepassword', [''], 'ada')).rejects.toThrow('aborted');
    const silent = { write: () => undefined };
    const unanswered = callCommand('changepassword', 'ada', { stdout: silent, stdin: Readable.from([]) });
    await expect(unanswered).rejects.toBeInstanceOf(CommandError);
    await expect(unanswered).rejects.toThrow('aborted: nobody types a password');
    await expect(run('changepassword', [], 'bob')).rejects.toThrow("user 'bob' does not exist");
  });
});
