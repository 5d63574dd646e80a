import { createHash } from 'node:crypto';
import { ValueError } from '../../../core/exceptions';
import { constantTimeCompare, opensslName } from '../../../utils/crypto';
import { optionalRequire } from '../../../utils/optional';
import { gettext } from '../../../utils/translation';
import { BasePasswordHasher, maskHash, type Password, type SafeSummary } from './base';
import { inThread } from './threads';

/** What we use of the package. */
interface BCrypt {
  genSaltSync(rounds: number): string;
  hash(password: string | Buffer, salt: string): Promise<string>;
}

/** `$2b$12$`, and the 22 letters of the salt itself. */
const SALT_LENGTH = 29;
const FORMAT = /^\$(2[aby]?)\$(\d\d)\$([./A-Za-z0-9]{22})([./A-Za-z0-9]*)$/;

/** The parts of a hash of bcrypt. */
export interface DecodedBCrypt {
  algorithm: string;
  algostr: string;
  /** The base-2 logarithm of the number of rounds. */
  workFactor: number;
  salt: string;
  checksum: string;
}

/** bcrypt over the SHA-256 of the password, of the package `bcrypt`: an optional peer. */
export class BCryptSHA256PasswordHasher extends BasePasswordHasher {
  readonly algorithm: string = 'bcrypt_sha256';
  /** The digest that bcrypt is given, a name that Python's hashlib knows; null: the password itself. */
  digest: string | null = 'sha256';
  /** The base-2 logarithm of the number of rounds. */
  rounds = 12;

  private get library(): BCrypt {
    return optionalRequire<BCrypt>('bcrypt', `${this.constructor.name} of PASSWORD_HASHERS`);
  }

  override salt(): string {
    return this.library.genSaltSync(this.rounds);
  }

  /** @param salt as `salt` makes it, or a hash that begins with it. */
  async encode(password: Password, salt: string): Promise<string> {
    if (password === null || password === undefined) throw new TypeError('password must be provided.');
    const bytes = Buffer.from(password);
    // bcrypt takes no more than 72 bytes; a digest of them all is shorter.
    const given =
      this.digest === null ? bytes : createHash(opensslName(this.digest)).update(bytes).digest('hex');
    const hash = await inThread(() => this.library.hash(given, salt.slice(0, SALT_LENGTH)));
    return `${this.algorithm}$${hash}`;
  }

  decode(encoded: string): DecodedBCrypt {
    const parts = FORMAT.exec(this.withoutAlgorithm(encoded));
    if (parts === null) {
      throw new ValueError(`${maskHash(encoded, 12)} is not a hash of ${this.constructor.name}.`);
    }
    const [, algostr = '', workFactor, salt = '', checksum = ''] = parts;
    return { algorithm: this.algorithm, algostr, workFactor: Number(workFactor), salt, checksum };
  }

  async verify(password: Password, encoded: string): Promise<boolean> {
    return constantTimeCompare(encoded, await this.encode(password, this.saltOf(encoded)));
  }

  safeSummary(encoded: string): SafeSummary {
    const decoded = this.decode(encoded);
    return {
      [gettext('algorithm')]: decoded.algorithm,
      [gettext('work factor')]: decoded.workFactor,
      [gettext('salt')]: maskHash(decoded.salt),
      [gettext('checksum')]: maskHash(decoded.checksum),
    };
  }

  override mustUpdate(encoded: string): boolean {
    return this.decode(encoded).workFactor !== this.rounds;
  }

  override async hardenRuntime(password: Password, encoded: string): Promise<void> {
    const salt = this.saltOf(encoded);
    // Each step of the work factor doubles the time.
    for (let left = 2 ** (this.rounds - this.decode(encoded).workFactor) - 1; left > 0; left--) {
      await this.encode(password, salt);
    }
  }

  private withoutAlgorithm(encoded: string): string {
    return encoded.startsWith(`${this.algorithm}$`) ? encoded.slice(this.algorithm.length + 1) : '';
  }

  /** @throws ValueError for what is no hash. */
  private saltOf(encoded: string): string {
    this.decode(encoded);
    return this.withoutAlgorithm(encoded);
  }
}

/** bcrypt over the password itself, of which it takes no more than 72 bytes. For hashes that others made. */
export class BCryptPasswordHasher extends BCryptSHA256PasswordHasher {
  override readonly algorithm: string = 'bcrypt';
  override digest: string | null = null;
}
