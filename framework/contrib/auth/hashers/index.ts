/**
 * Hashing of passwords. Django: `django.contrib.auth.hashers`;
 * https://docs.djangoproject.com/en/5.2/topics/auth/passwords/
 */
export { Argon2PasswordHasher } from './argon2';
export {
  BasePasswordHasher,
  maskHash,
  mustUpdateSalt,
  type Password,
  type SafeSummary,
} from './base';
export { BCryptPasswordHasher, BCryptSHA256PasswordHasher } from './bcrypt';
export { MD5PasswordHasher } from './md5';
export {
  checkPassword,
  getHasher,
  getHashers,
  type HasherChoice,
  identifyHasher,
  isPasswordUsable,
  makePassword,
  UNUSABLE_PASSWORD_PREFIX,
  UNUSABLE_PASSWORD_SUFFIX_LENGTH,
  type Verification,
  verifyPassword,
} from './passwords';
export { PBKDF2PasswordHasher, PBKDF2SHA1PasswordHasher } from './pbkdf2';
export { ScryptPasswordHasher } from './scrypt';
