/** What password hashers have in common. Django: `BasePasswordHasher` of `django.contrib.auth.hashers`. */
import { ValueError } from '../../../core/exceptions';
import { getRandomString, RANDOM_STRING_CHARS } from '../../../utils/crypto';
import type { MaybePromise } from '../../../utils/maybe_promise';

/** A password: text, which is hashed as UTF-8, or bytes. */
export type Password = string | Uint8Array;

/** Bits of entropy in one letter of a salt. */
const BITS_PER_LETTER = Math.log2(RANDOM_STRING_CHARS.length);

/** What can be told of a hash, its secrets masked; by a label for people, in the active language. */
export type SafeSummary = Readonly<Record<string, string | number>>;

/** A text of which only the first letters are shown. */
export function maskHash(hash: string, show = 6, char = '*'): string {
  const letters = [...hash];
  return letters.slice(0, show).join('') + char.repeat(Math.max(letters.length - show, 0));
}

/** Whether a salt has less entropy than it should. */
export function mustUpdateSalt(salt: string, expectedEntropy: number): boolean {
  return salt.length * BITS_PER_LETTER < expectedEntropy;
}

/**
 * A way of hashing passwords. A site's own extends this, or one of the others to change its cost, and is named in
 * PASSWORD_HASHERS. Hashers keep nothing: one serves all.
 *
 * https://docs.djangoproject.com/en/5.2/topics/auth/passwords/
 *
 * @example
 * ```ts
 * export class SlowerHasher extends PBKDF2PasswordHasher {
 *   override iterations = 2_000_000;
 * }
 * ```
 */
export abstract class BasePasswordHasher {
  /** What hashes of it begin with: `pbkdf2_sha256`. */
  abstract readonly algorithm: string;
  /** Bits of entropy of new salts; a hash whose salt has less is renewed. */
  saltEntropy = 128;

  /** A new random salt. */
  salt(): string {
    return getRandomString(Math.ceil(this.saltEntropy / BITS_PER_LETTER));
  }

  /**
   * The hash of a password, as the database keeps it: at most 128 letters.
   *
   * @throws ValueError for a salt that is empty or has a `$`.
   */
  abstract encode(password: Password, salt: string): MaybePromise<string>;

  /** Whether a password is the one of a hash. Compares in constant time. */
  abstract verify(password: Password, encoded: string): MaybePromise<boolean>;

  /** The parts of a hash. @throws ValueError for one that is not of this hasher. */
  abstract decode(encoded: string): object;

  /** What may be shown of a hash. */
  abstract safeSummary(encoded: string): SafeSummary;

  /** Whether a hash should be made anew when its password is next known: it costs less, or more, than new ones. */
  mustUpdate(_encoded: string): boolean {
    return false;
  }

  /**
   * Takes as long as a new hash takes beyond what `verify` took, so that a cheaper, older one is not told by the time of a
   * wrong password. Where the cost cannot be divided so: nothing.
   */
  hardenRuntime(_password: Password, _encoded: string): MaybePromise<void> {}

  /** @throws TypeError without a password; ValueError for a salt that cannot stand in a hash. */
  protected checkEncodeArgs(password: Password, salt: string): void {
    if (password === null || password === undefined) throw new TypeError('password must be provided.');
    if (!salt || salt.includes('$')) throw new ValueError('salt must be provided and cannot contain $.');
  }

  /**
   * The parts of a hash between its `$`.
   *
   * @throws ValueError where it has another number of them, or is of another algorithm.
   */
  protected split(encoded: string, count: number): string[] {
    const parts = encoded.split('$');
    if (parts.length !== count || parts[0] !== this.algorithm) {
      throw new ValueError(`${maskHash(encoded, 12)} is not a hash of ${this.constructor.name}.`);
    }
    return parts;
  }

  /** A whole number of a hash. @throws ValueError. */
  protected number(text: string, encoded: string): number {
    if (!/^\d{1,9}$/.test(text)) {
      throw new ValueError(`${maskHash(encoded, 12)} is not a hash of ${this.constructor.name}.`);
    }
    return Number(text);
  }
}
