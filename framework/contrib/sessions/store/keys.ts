/** Keys of sessions: how they are made, and which can be those of a stored session. */
import { getRandomString } from '../../../utils/crypto';
import { InvalidSessionKey } from '../exceptions';

/** Lower case only: some engines keep sessions where upper and lower case are the same. */
export const VALID_KEY_CHARS = 'abcdefghijklmnopqrstuvwxyz0123456789';

const KEY_LENGTH = 32;

/** Django: `SessionBase._validate_session_key`: eight letters are an arbitrary lower bound for some security. */
export function isKey(key: string | null | undefined): key is string {
  return typeof key === 'string' && key.length >= 8;
}

/**
 * What can be the key of a stored session: the characters that Django and tsango make keys of, and as many as the
 * column holds. A visitor can put anything into the cookie, and stores refuse some of it with an error (NUL in
 * PostgreSQL, spaces in memcached), or take two spellings for one (MySQL, some file systems): a session that a cache
 * keeps under a second name would outlive its logout. So they are not asked for what they cannot have.
 */
export function isPossibleKey(key: string | null): key is string {
  return key !== null && KEY.test(key);
}

const KEY = new RegExp(`^[${VALID_KEY_CHARS}]{8,40}$`);

/** @throws InvalidSessionKey for what cannot be the key of a stored session. */
export function requirePossibleKey(key: string): string {
  if (!isPossibleKey(key)) throw new InvalidSessionKey('Invalid characters in session key');
  return key;
}

/** 165 bits from the operating system's generator. */
export function newSessionKey(): string {
  return getRandomString(KEY_LENGTH, VALID_KEY_CHARS);
}
