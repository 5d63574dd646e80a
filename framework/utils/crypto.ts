/**
 * Salted HMACs, comparison in constant time, random strings and PBKDF2.
 *
 * Django: `django.utils.crypto`.
 */
import {
  createHash,
  createHmac,
  createSecretKey,
  type KeyObject,
  pbkdf2Sync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { settings } from '../conf';
import { ValueError } from '../core/exceptions';

/** Text (UTF-8) or bytes. */
export type TextOrBytes = string | Uint8Array;

/** The algorithm is not one that Python's hashlib knows. */
export class InvalidAlgorithm extends ValueError {}

/** The letters that `getRandomString` chooses from unless told otherwise. */
export const RANDOM_STRING_CHARS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** hashlib's names of algorithms, and OpenSSL's. */
const ALGORITHMS: ReadonlyMap<string, string> = new Map([
  ['md5', 'md5'],
  ['sha1', 'sha1'],
  ['sha224', 'sha224'],
  ['sha256', 'sha256'],
  ['sha384', 'sha384'],
  ['sha512', 'sha512'],
  ['sha3_224', 'sha3-224'],
  ['sha3_256', 'sha3-256'],
  ['sha3_384', 'sha3-384'],
  ['sha3_512', 'sha3-512'],
  ['blake2b', 'blake2b512'],
  ['blake2s', 'blake2s256'],
]);

/**
 * OpenSSL's name of an algorithm that hashlib knows.
 *
 * @throws InvalidAlgorithm for any other name.
 */
export function opensslName(algorithm: string): string {
  const name = ALGORITHMS.get(algorithm);
  if (name === undefined) {
    throw new InvalidAlgorithm(`'${algorithm}' is not an algorithm accepted by the hashlib module.`);
  }
  return name;
}

/** Derived keys by algorithm, salt and secret. Bounded: a salt may come from data. */
const derivedKeys = new Map<string, KeyObject>();
const DERIVED_KEYS_KEPT = 500;

/**
 * The key that an HMAC of that salt uses: the digest of salt and secret. Deriving it costs as much as the HMAC
 * itself, so the keys of a site are kept.
 *
 * @throws InvalidAlgorithm
 */
export function saltedKey(keySalt: TextOrBytes, secret: TextOrBytes, algorithm: string): KeyObject {
  if (typeof keySalt !== 'string' || typeof secret !== 'string') return deriveKey(keySalt, secret, algorithm);
  const id = `${algorithm}\0${keySalt.length}\0${keySalt}${secret}`;
  let key = derivedKeys.get(id);
  if (key === undefined) {
    key = deriveKey(keySalt, secret, algorithm);
    if (derivedKeys.size >= DERIVED_KEYS_KEPT) derivedKeys.clear();
    derivedKeys.set(id, key);
  }
  return key;
}

function deriveKey(keySalt: TextOrBytes, secret: TextOrBytes, algorithm: string): KeyObject {
  return createSecretKey(createHash(opensslName(algorithm)).update(keySalt).update(secret).digest());
}

/** What `saltedHmac` takes besides salt and value. */
export interface SaltedHmacOptions {
  /** Default: SECRET_KEY. */
  secret?: TextOrBytes;
  /** A name that Python's hashlib knows. Default: `sha1`, Django's. */
  algorithm?: string;
}

/**
 * The HMAC of a value under a key derived from a salt and a secret. Every use has its own salt.
 *
 * Django: `salted_hmac(…).digest()`.
 *
 * @throws InvalidAlgorithm
 */
export function saltedHmac(
  keySalt: TextOrBytes,
  value: TextOrBytes,
  options: SaltedHmacOptions = {},
): Buffer {
  const { secret = settings.SECRET_KEY, algorithm = 'sha1' } = options;
  return createHmac(opensslName(algorithm), saltedKey(keySalt, secret, algorithm))
    .update(value)
    .digest();
}

/**
 * Whether two texts (or byte strings) are equal, in a time that does not tell where they differ. Only their
 * lengths show.
 */
export function constantTimeCompare(a: TextOrBytes, b: TextOrBytes): boolean {
  if (typeof a === 'string' && typeof b === 'string') {
    // Comparing in place takes a sixth of the time of copying both into buffers for timingSafeEqual.
    const length = a.length;
    if (length !== b.length) return false;
    let difference = 0;
    for (let i = 0; i < length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
    return difference === 0;
  }
  const left = typeof a === 'string' ? Buffer.from(a) : a;
  const right = typeof b === 'string' ? Buffer.from(b) : b;
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Random bytes are drawn in blocks: one system call serves hundreds of keys. */
const POOL_SIZE = 8192;
let pool = Buffer.alloc(0);
let poolUsed = 0;

function randomByte(): number {
  if (poolUsed >= pool.length) {
    pool = randomBytes(POOL_SIZE);
    poolUsed = 0;
  }
  const byte = pool[poolUsed] as number;
  pool[poolUsed++] = 0;
  return byte;
}

/**
 * A random string from the operating system's generator, each letter equally likely.
 *
 * @param length in letters; 22 of the default alphabet are 131 bits.
 * @throws ValueError for an empty alphabet or one of more than 256 letters.
 */
export function getRandomString(length = 12, allowedChars: string = RANDOM_STRING_CHARS): string {
  const count = allowedChars.length;
  if (count === 0 || count > 256) {
    throw new ValueError('getRandomString() needs between 1 and 256 allowed characters.');
  }
  // Bytes from the last, incomplete round of the alphabet are drawn again: taking them modulo would favour its
  // first letters.
  const limit = 256 - (256 % count);
  let text = '';
  while (text.length < length) {
    const byte = randomByte();
    if (byte < limit) text += allowedChars[byte % count];
  }
  return text;
}

/** What `pbkdf2` takes besides password, salt and iterations. */
export interface Pbkdf2Options {
  /** Bytes wanted; 0: as many as the digest has. */
  dklen?: number;
  /** A name that Python's hashlib knows. Default: `sha256`. */
  digest?: string;
}

/** The PBKDF2 hash of a password. */
export function pbkdf2(
  password: TextOrBytes,
  salt: TextOrBytes,
  iterations: number,
  options: Pbkdf2Options = {},
): Buffer {
  const digest = opensslName(options.digest ?? 'sha256');
  const length = options.dklen || createHash(digest).digest().length;
  return pbkdf2Sync(password, salt, iterations, length, digest);
}
