/** What hashers promise besides the texts that they make. */
import '../../db/settings';
import { overrideSettings } from 'tsango/conf';
import {
  BasePasswordHasher,
  checkPassword,
  getHasher,
  getHashers,
  makePassword,
  PBKDF2PasswordHasher,
} from 'tsango/contrib/auth/hashers';
import { CommonPasswordValidator, getPasswordValidators } from 'tsango/contrib/auth/password_validation';

const named = (...names: string[]): string[] => names.map((name) => `django.contrib.auth.hashers.${name}`);

it.each([
  ['PBKDF2PasswordHasher', /^pbkdf2_sha256\$1000\$\w{22}\$[\w+/]{43}=$/],
  ['PBKDF2SHA1PasswordHasher', /^pbkdf2_sha1\$1000\$\w{22}\$[\w+/]{27}=$/],
  ['Argon2PasswordHasher', /^argon2\$argon2id\$v=19\$m=102400,t=2,p=8\$[\w+/]+\$[\w+/]+$/],
  ['BCryptSHA256PasswordHasher', /^bcrypt_sha256\$\$2b\$12\$.{53}$/],
  ['BCryptPasswordHasher', /^bcrypt\$\$2b\$12\$.{53}$/],
  ['ScryptPasswordHasher', /^scrypt\$16384\$\w{22}\$8\$5\$[\w+/]{86}==$/],
  ['MD5PasswordHasher', /^md5\$\w{22}\$[0-9a-f]{32}$/],
])('%s makes what it reads', async (name, format) => {
  await overrideSettings({ PASSWORD_HASHERS: named(name), PASSWORD_PBKDF2_ITERATIONS: 1000 }, async () => {
    const stored = await makePassword('lètmein 🔑');
    expect(stored).toMatch(format);
    expect(stored.length).toBeLessThanOrEqual(128);
    expect(await makePassword('lètmein 🔑')).not.toBe(stored);
    expect(await checkPassword('lètmein 🔑', stored)).toBe(true);
    expect(await checkPassword('lètmein', stored)).toBe(false);
    expect(getHasher().mustUpdate(stored)).toBe(false);
    await expect((async () => getHasher().decode('nothing$1'))()).rejects.toMatchObject({
      name: 'ValueError',
    });
  });
});

it('the process goes on while a password is hashed', async () => {
  await overrideSettings({ PASSWORD_PBKDF2_ITERATIONS: 300_000 }, async () => {
    let turns = 0;
    let isDone = false;
    const hashing = makePassword('secret').then(() => {
      isDone = true;
    });
    while (!isDone) {
      await new Promise(setImmediate);
      turns += 1;
    }
    await hashing;
    expect(turns).toBeGreaterThan(50);
  });
});

it('a hash of fewer iterations takes a wrong password as long as one of all', async () => {
  const spent: number[] = [];
  class Counting extends PBKDF2PasswordHasher {
    override encode(password: string, salt: string, iterations?: number | null): Promise<string> {
      spent.push(iterations ?? this.iterations);
      return super.encode(password, salt, iterations);
    }
  }
  await overrideSettings({ PASSWORD_HASHERS: [Counting], PASSWORD_PBKDF2_ITERATIONS: 100 }, async () => {
    const old = await new PBKDF2PasswordHasher().encode('secret', 'a'.repeat(22), 30);
    expect(await checkPassword('wrong', old)).toBe(false);
    expect(spent).toEqual([30, 70]);
    spent.length = 0;
    expect([await checkPassword('x', '!unusable'), await checkPassword('x', 'gone$1')]).toEqual([
      false,
      false,
    ]);
    expect(spent).toEqual([100, 100]);
  });
});

it('says which hasher is missing, and what is none', async () => {
  expect(() => getHasher('rot13')).toThrow(
    "Unknown password hashing algorithm 'rot13'. Did you specify it in the PASSWORD_HASHERS setting?",
  );
  class Nameless extends BasePasswordHasher {
    readonly algorithm = '';
    encode = (): string => '';
    verify = (): boolean => false;
    decode = (): object => ({});
    safeSummary = (): Record<string, string> => ({});
  }
  await overrideSettings({ PASSWORD_HASHERS: [Nameless] }, () => {
    expect(() => getHashers()).toThrow("hasher doesn't specify an algorithm name: class Nameless");
  });
  await expect(makePassword(7 as never)).rejects.toThrow('Password must be a string or bytes, got number.');
});

it('common passwords are those of the package, unless a file is named', () => {
  const validator = new CommonPasswordValidator();
  expect(() => validator.validate(' PassWord ')).toThrow('This password is too common.');
  expect(() => validator.validate('tr0ub4dor&3 and more')).not.toThrow();
  expect(validator.passwords.size).toBeGreaterThan(40_000);
  const [missing] = getPasswordValidators([
    {
      NAME: 'django.contrib.auth.password_validation.CommonPasswordValidator',
      OPTIONS: { password_list_path: '/nowhere/list.gz' },
    },
  ]);
  expect(() => missing?.validate('x')).toThrow(
    "OPTIONS.passwordListPath of CommonPasswordValidator in AUTH_PASSWORD_VALIDATORS is '/nowhere/list.gz', which cannot " +
      'be read: ENOENT',
  );
});
