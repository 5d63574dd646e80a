/** Tokens, the hashes of sessions, and names as Django makes them. */
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import type { Settings } from 'tsango/conf/global_settings';
import { checkPassword } from 'tsango/contrib/auth/hashers';
import { BaseUserManager, User } from 'tsango/contrib/auth/models';
import { allPermissions } from 'tsango/contrib/auth/permission_names';
import { PasswordResetTokenGenerator } from 'tsango/contrib/auth/tokens';
import type { PlainDateTime } from 'tsango/python/datetime';
import { camelCase } from 'tsango/utils/module_loading';
import { makeAware } from 'tsango/utils/timezone';
import { decode } from '../support/vector_values';
import { describeVectors, reportArea, type Vector, vectors } from '../support/vectors';

interface Fact extends Vector {
  readonly call: string;
  readonly settings?: Partial<Settings>;
}

/** The settings of the recording. */
const BASELINE: Partial<Settings> = { USE_TZ: false, TIME_ZONE: 'America/Chicago' };

const instant = (naive: unknown): Date =>
  makeAware(decode(naive) as PlainDateTime, 'America/Chicago').toDate();

function userOf({ user }: Fact): User | null {
  if (user === null) return null;
  const { last_login: lastLogin, pk, ...values } = user as Record<string, unknown>;
  const ours = Object.entries(values).map(([name, value]) => [camelCase(name), value]);
  return new User({
    id: pk,
    ...Object.fromEntries(ours),
    lastLogin: lastLogin === null ? null : instant(lastLogin),
  });
}

function generatorOf({ secret, fallbacks, algorithm }: Fact): PasswordResetTokenGenerator {
  return Object.assign(new PasswordResetTokenGenerator(), {
    algorithm,
    secret,
    ...(fallbacks !== undefined && { secretFallbacks: fallbacks }),
  });
}

/** With the clock at a time. */
function at<T>(now: Date, body: () => T): T {
  jest.useFakeTimers({ now, doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  try {
    return body();
  } finally {
    jest.useRealTimers();
  }
}

/** Names of the vectors' `user_helpers`, by what they are here. */
function helpers(user: User): Vector {
  return {
    str: user.toString(),
    get_full_name: user.getFullName(),
    get_short_name: user.getShortName(),
    natural_key: user.naturalKey(),
    is_anonymous: user.isAnonymous,
    is_authenticated: user.isAuthenticated,
    has_usable_password: user.hasUsablePassword(),
  };
}

interface RecordedModel {
  model_name: string;
  verbose_name: string;
  default_permissions: string[];
  permissions: [string, string][];
}

const CALLS: Readonly<Record<string, (fact: Fact) => unknown>> = {
  make_token: (fact) => {
    const seconds = Date.UTC(2001, 0, 1) / 1000 + (fact['timestamp'] as number);
    const clock = new Date(seconds * 1000).toISOString().slice(0, 19);
    return at(instant({ $datetime: clock }), () => generatorOf(fact).makeToken(userOf(fact) as User));
  },
  check_token: (fact) =>
    at(instant(fact['now']), () =>
      generatorOf(fact).checkToken(userOf(fact), fact['token'] as string | null),
    ),
  normalize_username: ({ value }) => User.normalizeUsername(decode(value) as string),
  normalize_email: ({ value }) => BaseUserManager.normalizeEmail(decode(value) as string | null),
  session_auth_hash: ({ password, secret }) =>
    overrideSettings({ SECRET_KEY: secret as string }, () =>
      new User({ password: password as string }).getSessionAuthHash(),
    ),
  user_helpers: (fact) => helpers(userOf(fact) as User),
  permissions: ({ model }) => {
    const {
      model_name: modelName,
      verbose_name: verboseName,
      default_permissions: defaultPermissions,
      permissions,
    } = model as RecordedModel;
    return allPermissions({ modelName, verboseName, meta: { defaultPermissions, permissions } } as never);
  },
};

describeVectors('auth/auth', 'users', () => {
  const facts = vectors<Fact>('auth/auth').filter(({ call }) => call in CALLS);
  beforeAll(() => configure({ SECRET_KEY: 'x' }));
  afterAll(resetSettings);

  it.each(Object.keys(CALLS))('%s', async (call) => {
    const own = facts.filter((fact) => fact.call === call);
    expect(own.length).toBeGreaterThan(0);
    const failures: unknown[] = [];
    for (const fact of own) {
      const found = await overrideSettings({ ...BASELINE, ...fact.settings }, () => CALLS[call]?.(fact));
      try {
        expect(found).toEqual(fact['result']);
      } catch {
        failures.push({ fact, found });
      }
    }
    reportArea(`auth ${call}`, own.length - failures.length, own.length);
    expect(failures).toEqual([]);
  });
});

describeVectors(['interop_passwords', 'interop_auth_hash'], 'passwords that Django stored', () => {
  beforeAll(() =>
    configure({
      SECRET_KEY: 'x',
      PASSWORD_HASHERS: [
        ...['PBKDF2PasswordHasher', 'PBKDF2SHA1PasswordHasher', 'Argon2PasswordHasher'],
        ...[
          'BCryptSHA256PasswordHasher',
          'BCryptPasswordHasher',
          'ScryptPasswordHasher',
          'MD5PasswordHasher',
        ],
      ].map((name) => `django.contrib.auth.hashers.${name}`),
    }),
  );
  afterAll(resetSettings);

  it('are checked as there', async () => {
    const facts = vectors<{ password: string; encoded: string; ok: boolean }>('interop_passwords');
    let passed = 0;
    for (const { password, encoded, ok } of facts) {
      expect([encoded, await checkPassword(password, encoded)]).toEqual([encoded, ok]);
      passed += 1;
    }
    reportArea('interop_passwords', passed, facts.length);
  }, 120_000);

  it('make the same hashes of sessions', async () => {
    const facts = vectors<{ secret: string; password: string; session_auth_hash: string }>(
      'interop_auth_hash',
    );
    for (const { secret, password, session_auth_hash: hash } of facts) {
      await overrideSettings({ SECRET_KEY: secret }, () => {
        expect(new User({ password }).getSessionAuthHash()).toBe(hash);
      });
    }
    reportArea('interop_auth_hash', facts.length, facts.length);
  });
});
