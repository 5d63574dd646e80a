/** The arithmetic of CSRF secrets and tokens, as Django has it: a mask, then the secret shifted by it. */
import { constantTimeCompare, getRandomString } from '../utils/crypto';

/** Letters of a secret. */
export const CSRF_SECRET_LENGTH = 32;
/** Letters of a token: the mask and the masked secret. */
export const CSRF_TOKEN_LENGTH = 2 * CSRF_SECRET_LENGTH;
/** Python's `ascii_letters + digits`; the order is part of the format. */
export const CSRF_ALLOWED_CHARS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

const SIZE = CSRF_ALLOWED_CHARS.length;
const INDEX = new Int8Array(128).fill(-1);
for (let i = 0; i < SIZE; i++) INDEX[CSRF_ALLOWED_CHARS.charCodeAt(i)] = i;

function indexAt(text: string, position: number): number {
  return INDEX[text.charCodeAt(position)] ?? -1;
}

/** Something that cannot be a token. `reason` has no subject: it is said of the cookie, the form and the header. */
export class InvalidTokenFormat extends Error {
  override readonly name = 'InvalidTokenFormat';
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** A random secret. */
export function newSecret(): string {
  return getRandomString(CSRF_SECRET_LENGTH, CSRF_ALLOWED_CHARS);
}

/** A secret behind a fresh mask. */
export function maskSecret(secret: string): string {
  const mask = newSecret();
  let cipher = '';
  for (let i = 0; i < CSRF_SECRET_LENGTH; i++) {
    cipher += CSRF_ALLOWED_CHARS[(indexAt(secret, i) + indexAt(mask, i)) % SIZE];
  }
  return mask + cipher;
}

/** The secret of a token of full length. */
export function unmaskToken(token: string): string {
  let secret = '';
  for (let i = 0; i < CSRF_SECRET_LENGTH; i++) {
    secret += CSRF_ALLOWED_CHARS[(indexAt(token, CSRF_SECRET_LENGTH + i) - indexAt(token, i) + SIZE) % SIZE];
  }
  return secret;
}

/** What is stored, as a secret: Django before 4.1 stored it masked. */
export function plainSecret(stored: string): string {
  return stored.length === CSRF_TOKEN_LENGTH ? unmaskToken(stored) : stored;
}

/** @throws InvalidTokenFormat for a wrong length or letters that no token has. */
export function checkTokenFormat(token: string): void {
  if (token.length !== CSRF_TOKEN_LENGTH && token.length !== CSRF_SECRET_LENGTH) {
    throw new InvalidTokenFormat('has incorrect length');
  }
  for (let i = 0; i < token.length; i++) {
    if (indexAt(token, i) < 0) throw new InvalidTokenFormat('has invalid characters');
  }
}

/** Whether a well-formed token, masked or not, is that of a secret. Takes the same time for each. */
export function doesTokenMatch(token: string, secret: string): boolean {
  return constantTimeCompare(plainSecret(token), secret);
}
