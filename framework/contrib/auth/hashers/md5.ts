import { createHash } from 'node:crypto';
import { constantTimeCompare } from '../../../utils/crypto';
import { gettext } from '../../../utils/translation';
import { BasePasswordHasher, maskHash, mustUpdateSalt, type Password, type SafeSummary } from './base';

/** Salted MD5: for tests, where it is fast, and for rows that are older than everything else here. */
export class MD5PasswordHasher extends BasePasswordHasher {
  readonly algorithm: string = 'md5';

  encode(password: Password, salt: string): string {
    this.checkEncodeArgs(password, salt);
    return `${this.algorithm}$${salt}$${createHash('md5').update(salt).update(password).digest('hex')}`;
  }

  decode(encoded: string): { algorithm: string; hash: string; salt: string } {
    const [algorithm = '', salt = '', hash = ''] = this.split(encoded, 3);
    return { algorithm, hash, salt };
  }

  verify(password: Password, encoded: string): boolean {
    return constantTimeCompare(encoded, this.encode(password, this.decode(encoded).salt));
  }

  safeSummary(encoded: string): SafeSummary {
    const { algorithm, salt, hash } = this.decode(encoded);
    return {
      [gettext('algorithm')]: algorithm,
      [gettext('salt')]: maskHash(salt, 2),
      [gettext('hash')]: maskHash(hash),
    };
  }

  override mustUpdate(encoded: string): boolean {
    return mustUpdateSalt(this.decode(encoded).salt, this.saltEntropy);
  }
}
