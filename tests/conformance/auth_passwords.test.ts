/** Hashes of passwords, and what new ones have to be like, as Django has them. */
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import type { Settings } from 'tsango/conf/global_settings';
import * as hashers from 'tsango/contrib/auth/hashers';
import { User } from 'tsango/contrib/auth/models';
import * as validation from 'tsango/contrib/auth/password_validation';
import { ValidationError } from 'tsango/core/exceptions';
import { camelCase, importString } from 'tsango/utils/module_loading';
import { djangoPasswordList } from '../support/auth';
import { available } from '../support/services';
import { decode, encode } from '../support/vector_values';
import { describeVectors, reportArea, type Vector, vectors } from '../support/vectors';

interface Fact extends Vector {
  readonly call: string;
  readonly settings?: Partial<Settings>;
  readonly locale?: string;
}

/** Django 5.2 fails on bytes with some of its own hashers, a slip that 6.0 mended: we take them. */
const MENDED_LATER = /^(can only concatenate str|'bytes' object has no attribute)/;

/** Options and attributes by our names. */
function ours(values: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), decode(value)]));
}

/** What came of it, written as the vectors do. */
async function outcome(body: () => unknown): Promise<Vector> {
  try {
    const result = await body();
    return { result: result === undefined ? true : encode(result) };
  } catch (error) {
    if (!(error instanceof ValidationError)) {
      const { name, message } = error as Error;
      return { raises: name, message };
    }
    const errors = error.errorList.map(({ message, code, params }) => ({
      message,
      ...(code && { code }),
      ...(params && { params }),
    }));
    return { errors };
  }
}

function hasherOf({ hasher, set }: Fact): hashers.PBKDF2PasswordHasher {
  const Hasher = importString(
    `django.contrib.auth.hashers.${String(hasher)}`,
  ) as typeof hashers.PBKDF2PasswordHasher;
  return Object.assign(new Hasher(), ours(set as Record<string, unknown>));
}

/** Python's bcrypt has its salts as bytes. */
function saltOf({ salt }: Fact): unknown {
  const known = decode(salt);
  return known instanceof Uint8Array ? Buffer.from(known).toString('latin1') : known;
}

type Validators = Settings['AUTH_PASSWORD_VALIDATORS'];

/** Validators of settings, with Django's own list of passwords where none is named. */
function validatorsOf(entries: Validators): validation.PasswordValidator[] {
  return validation.getPasswordValidators(
    entries.map((entry) =>
      String(entry.NAME).endsWith('.CommonPasswordValidator') &&
      entry.OPTIONS?.['password_list_path'] === undefined
        ? { ...entry, OPTIONS: { ...entry.OPTIONS, passwordListPath: djangoPasswordList() } }
        : entry,
    ),
  );
}

function validatorOf({ validator, kwargs }: Fact): validation.PasswordValidator {
  const NAME = `django.contrib.auth.password_validation.${String(validator)}`;
  const [made] = validatorsOf([{ NAME, OPTIONS: ours(kwargs as Record<string, unknown>) }]);
  return made as validation.PasswordValidator;
}

function userOf({ user }: Fact): object | null {
  return user === null ? null : new User(ours(user as Record<string, unknown>));
}

const snake = (values: object): Vector =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`),
      value,
    ]),
  );

const CALLS: Readonly<Record<string, (fact: Fact) => unknown>> = {
  'hasher.encode': (fact) => {
    const args = (fact['args'] ?? []) as number[];
    const encode_ = hasherOf(fact).encode as (...args: unknown[]) => unknown;
    return encode_.call(hasherOf(fact), decode(fact['password']), saltOf(fact), ...args);
  },
  'hasher.verify': (fact) =>
    hasherOf(fact).verify(decode(fact['password']) as string, fact['encoded'] as string),
  'hasher.must_update': (fact) => hasherOf(fact).mustUpdate(fact['encoded'] as string),
  'hasher.safe_summary': (fact) => hasherOf(fact).safeSummary(fact['encoded'] as string),
  'hasher.decode': (fact) => snake(hasherOf(fact).decode(fact['encoded'] as string)),
  identify_hasher: (fact) => hashers.identifyHasher(fact['encoded'] as string).algorithm,
  is_password_usable: (fact) => hashers.isPasswordUsable(fact['encoded'] as string),
  mask_hash: (fact) => hashers.maskHash(fact['hash'] as string),
  make_password_none: async () => {
    const made = await hashers.makePassword(null);
    return { prefix: made[0], length: made.length, usable: hashers.isPasswordUsable(made) };
  },
  check_password: (fact) => {
    const { password, encoded, preferred } = fact as unknown as Record<string, string>;
    return hashers.checkPassword(decode(password) as string, encoded as string, null, preferred);
  },
  password_validator: (fact) => validatorOf(fact).validate(fact['password'] as string, userOf(fact)),
  password_validator_help: (fact) => validatorOf(fact).getHelpText(),
  validate_password: (fact) =>
    validation.validatePassword(
      fact['password'] as string,
      userOf(fact),
      validatorsOf(fact['validators'] as Validators),
    ),
  password_validators_help_text_html: (fact) =>
    validation.passwordValidatorsHelpTextHtml(validatorsOf(fact['validators'] as Validators)),
};

/** What a fact says of the outcome. */
function expected(fact: Fact): Vector {
  const wanted = ['result', 'errors', 'raises', 'message'].filter((name) => name in fact);
  return Object.fromEntries(wanted.map((name) => [name, fact[name]]));
}

describeVectors('auth/auth', 'passwords', () => {
  const facts = vectors<Fact>('auth/auth').filter(
    (fact) =>
      fact.call in CALLS &&
      !MENDED_LATER.test(String(fact['message'])) &&
      // There are no catalogs: see framework/utils/translation.
      !(fact.locale !== undefined && 'validator' in fact) &&
      (available('django') || !JSON.stringify(fact).includes('CommonPasswordValidator')),
  );
  beforeAll(() => configure({ SECRET_KEY: 'x' }));
  afterAll(resetSettings);

  it.each(Object.keys(CALLS))(
    '%s',
    async (call) => {
      const own = facts.filter((fact) => fact.call === call);
      expect(own.length).toBeGreaterThan(0);
      const failures: unknown[] = [];
      for (const fact of own) {
        const found = await overrideSettings(
          { PASSWORD_HASHERS: ['django.contrib.auth.hashers.MD5PasswordHasher'], ...fact.settings },
          () => outcome(() => CALLS[call]?.(fact)),
        );
        const wanted = expected(fact);
        try {
          expect(found).toEqual(wanted);
        } catch {
          failures.push({ fact, found });
        }
      }
      reportArea(`auth ${call}`, own.length - failures.length, own.length);
      expect(failures).toEqual([]);
    },
    120_000,
  );
});
