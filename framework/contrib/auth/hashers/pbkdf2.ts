import { createHash, pbkdf2 as nodePbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import { settings } from '../../../conf';
import { constantTimeCompare, opensslName } from '../../../utils/crypto';
import { gettext } from '../../../utils/translation';
import { BasePasswordHasher, maskHash, mustUpdateSalt, type Password, type SafeSummary } from './base';
import { inThread } from './threads';

/** In a thread of its own: the process goes on answering meanwhile. */
const derive = promisify(nodePbkdf2);

/** PBKDF2 over HMAC-SHA256: Django's own default. */
export class PBKDF2PasswordHasher extends BasePasswordHasher {
  readonly algorithm: string = 'pbkdf2_sha256';
  /** How often the digest is repeated. Default: PASSWORD_PBKDF2_ITERATIONS. */
  iterations = settings.PASSWORD_PBKDF2_ITERATIONS;
  /** A name that Python's hashlib knows. */
  digest = 'sha256';

  async encode(password: Password, salt: string, iterations?: number | null): Promise<string> {
    this.checkEncodeArgs(password, salt);
    const count = iterations || this.iterations;
    const digest = opensslName(this.digest);
    const { length } = createHash(digest).digest();
    const hash = await inThread(() => derive(password, salt, count, length, digest));
    return `${this.algorithm}$${count}$${salt}$${hash.toString('base64')}`;
  }

  decode(encoded: string): { algorithm: string; hash: string; iterations: number; salt: string } {
    const [algorithm = '', iterations = '', salt = '', hash = ''] = this.split(encoded, 4);
    return { algorithm, hash, iterations: this.number(iterations, encoded), salt };
  }

  async verify(password: Password, encoded: string): Promise<boolean> {
    const { salt, iterations } = this.decode(encoded);
    return constantTimeCompare(encoded, await this.encode(password, salt, iterations));
  }

  safeSummary(encoded: string): SafeSummary {
    const { algorithm, iterations, salt, hash } = this.decode(encoded);
    return {
      [gettext('algorithm')]: algorithm,
      [gettext('iterations')]: iterations,
      [gettext('salt')]: maskHash(salt),
      [gettext('hash')]: maskHash(hash),
    };
  }

  override mustUpdate(encoded: string): boolean {
    const { salt, iterations } = this.decode(encoded);
    return iterations !== this.iterations || mustUpdateSalt(salt, this.saltEntropy);
  }

  override async hardenRuntime(password: Password, encoded: string): Promise<void> {
    const { salt, iterations } = this.decode(encoded);
    const missing = this.iterations - iterations;
    if (missing > 0) await this.encode(password, salt, missing);
  }
}

/** PBKDF2 over HMAC-SHA1, as other programs make it. */
export class PBKDF2SHA1PasswordHasher extends PBKDF2PasswordHasher {
  override readonly algorithm: string = 'pbkdf2_sha1';
  override digest = 'sha1';
}
