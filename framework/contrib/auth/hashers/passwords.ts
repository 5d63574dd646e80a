/** Hashes of passwords, by the hashers of PASSWORD_HASHERS. Django: the functions of `django.contrib.auth.hashers`. */
import { settings } from '../../../conf';
import { ImproperlyConfigured, ValueError } from '../../../core/exceptions';
import { fromSettings } from '../../../middleware/snapshot';
import { getRandomString } from '../../../utils/crypto';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { importSetting } from '../../../utils/module_loading';
import { BasePasswordHasher, type Password } from './base';

/** What the hash of an unusable password begins with: no hasher's does. */
export const UNUSABLE_PASSWORD_PREFIX = '!';
/** Random letters behind it, so that two are never alike. */
export const UNUSABLE_PASSWORD_SUFFIX_LENGTH = 40;

/** A hasher, or the name of its algorithm; `default`: the first of PASSWORD_HASHERS. */
export type HasherChoice = BasePasswordHasher | string;

/**
 * The hashers of PASSWORD_HASHERS, in its order.
 *
 * @throws ImproperlyConfigured where it names none, or what is none.
 */
export const getHashers: () => readonly BasePasswordHasher[] = fromSettings(() => {
  const hashers = settings.PASSWORD_HASHERS.map((entry) => {
    const Hasher = importSetting(entry) as unknown as new () => BasePasswordHasher;
    const hasher = new Hasher();
    if (!hasher.algorithm) {
      throw new ImproperlyConfigured(`hasher doesn't specify an algorithm name: ${String(entry)}`);
    }
    return hasher;
  });
  if (hashers.length === 0) throw new ImproperlyConfigured('PASSWORD_HASHERS names no hasher.');
  return hashers;
});

const byAlgorithm = fromSettings(
  () => new Map(getHashers().map((hasher) => [hasher.algorithm, hasher] as const)),
);

/** The hasher of an algorithm. @throws ValueError for one that PASSWORD_HASHERS does not name. */
export function getHasher(algorithm: HasherChoice = 'default'): BasePasswordHasher {
  if (algorithm instanceof BasePasswordHasher) return algorithm;
  if (algorithm === 'default') return getHashers()[0] as BasePasswordHasher;
  const hasher = byAlgorithm().get(algorithm);
  if (hasher === undefined) {
    throw new ValueError(
      `Unknown password hashing algorithm '${algorithm}'. Did you specify it in the PASSWORD_HASHERS setting?`,
    );
  }
  return hasher;
}

/** The hasher that a hash is of. @throws ValueError for one of no hasher of PASSWORD_HASHERS. */
export function identifyHasher(encoded: string): BasePasswordHasher {
  // Django of long ago made hashes of MD5 and SHA1 without a salt. There are no hashers for them any more.
  if (
    (encoded.length === 32 && !encoded.includes('$')) ||
    (encoded.length === 37 && encoded.startsWith('md5$$'))
  ) {
    return getHasher('unsalted_md5');
  }
  if (encoded.length === 46 && encoded.startsWith('sha1$$')) return getHasher('unsalted_sha1');
  const [algorithm = ''] = encoded.split('$', 1);
  return getHasher(algorithm);
}

/** Whether a hash is of a password at all: not one of `makePassword(null)`. */
export function isPasswordUsable(encoded: string | null): boolean {
  return encoded === null || !encoded.startsWith(UNUSABLE_PASSWORD_PREFIX);
}

/**
 * A hash of a password for the database. It is computed beside the event loop.
 *
 * @param password null: what no password fits.
 * @param salt default: a new random one, as it should be.
 * @throws TypeError for what is no password; ValueError for a hasher that PASSWORD_HASHERS does not name.
 *
 * @example
 * ```ts
 * await makePassword('correct horse'); // 'pbkdf2_sha256$1000000$…'
 * ```
 */
export async function makePassword(
  password: Password | null,
  salt?: string | null,
  hasher: HasherChoice = 'default',
): Promise<string> {
  if (password === null) {
    return UNUSABLE_PASSWORD_PREFIX + getRandomString(UNUSABLE_PASSWORD_SUFFIX_LENGTH);
  }
  if (typeof password !== 'string' && !(password instanceof Uint8Array)) {
    throw new TypeError(`Password must be a string or bytes, got ${typeof password}.`);
  }
  const chosen = getHasher(hasher);
  return chosen.encode(password, salt || chosen.salt());
}

/** What a comparison of a password says. */
export interface Verification {
  /** Whether it is the one of the hash. */
  isCorrect: boolean;
  /** Whether the hash should be made anew, by the preferred hasher. */
  mustUpdate: boolean;
}

/** Compares a password with a hash, and says whether to make the hash anew. */
export async function verifyPassword(
  password: Password | null,
  encoded: string | null,
  preferred: HasherChoice = 'default',
): Promise<Verification> {
  const wanted = getHasher(preferred);
  const hasher = usableHasher(encoded);
  if (password === null || encoded === null || hasher === undefined) {
    // As long as a comparison takes: an account without a password is not told from one with another.
    await makePassword(getRandomString(UNUSABLE_PASSWORD_SUFFIX_LENGTH));
    return { isCorrect: false, mustUpdate: false };
  }
  const changed = hasher.algorithm !== wanted.algorithm;
  const mustUpdate = changed || wanted.mustUpdate(encoded);
  const isCorrect = await hasher.verify(password, encoded);
  if (!isCorrect && !changed && mustUpdate) await hasher.hardenRuntime(password, encoded);
  return { isCorrect, mustUpdate };
}

/** The hasher of a hash; undefined for one that is of none that is installed, or broken. */
function usableHasher(encoded: string | null): BasePasswordHasher | undefined {
  if (encoded === null || !isPasswordUsable(encoded)) return undefined;
  try {
    const hasher = identifyHasher(encoded);
    hasher.decode(encoded);
    return hasher;
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

/**
 * Whether a password is the one of a hash.
 *
 * @param setter is called with the password where it is, and the hash should be made anew.
 * @param preferred the hasher that new hashes are of.
 *
 * @example
 * ```ts
 * await checkPassword('correct horse', user.password);
 * ```
 */
export async function checkPassword(
  password: Password | null,
  encoded: string | null,
  setter?: ((password: Password) => MaybePromise<unknown>) | null,
  preferred: HasherChoice = 'default',
): Promise<boolean> {
  const { isCorrect, mustUpdate } = await verifyPassword(password, encoded, preferred);
  if (setter && isCorrect && mustUpdate) await setter(password as Password);
  return isCorrect;
}
