import { ValueError } from '../../../core/exceptions';
import { constantTimeCompare } from '../../../utils/crypto';
import { optionalRequire } from '../../../utils/optional';
import { gettext } from '../../../utils/translation';
import { BasePasswordHasher, maskHash, mustUpdateSalt, type Password, type SafeSummary } from './base';
import { inThread } from './threads';

/** What we use of the package. */
interface Argon2 {
  hash(
    password: Buffer,
    options: {
      raw: true;
      salt: Buffer;
      type: number;
      version: number;
      timeCost: number;
      memoryCost: number;
      parallelism: number;
      hashLength: number;
    },
  ): Promise<Buffer>;
}

const VARIETIES = ['argon2d', 'argon2i', 'argon2id'];
/** Hashes older than this say no version. */
const FIRST_VERSION = 0x10;
const VERSION = 0x13;

const FORMAT =
  /^(argon2(?:id|i|d))\$(?:v=(\d{1,3})\$)?m=(\d{1,10}),t=(\d{1,10}),p=(\d{1,8})\$([\w+/-]+)\$([\w+/-]+)$/;

/** The parts of a hash of Argon2. */
export interface DecodedArgon2 {
  algorithm: string;
  variety: string;
  version: number;
  /** KiB. */
  memoryCost: number;
  timeCost: number;
  parallelism: number;
  salt: string;
  /** Base64, without padding. */
  hash: string;
}

const unpadded = (bytes: Buffer): string => bytes.toString('base64').replaceAll('=', '');

/** Argon2id, of the package `argon2`: an optional peer. */
export class Argon2PasswordHasher extends BasePasswordHasher {
  readonly algorithm: string = 'argon2';
  timeCost = 2;
  /** KiB that one hash takes. */
  memoryCost = 102_400;
  parallelism = 8;
  /** Bytes of new hashes. Longer ones of others are as good: argon2-cffi makes 16 or, since 21.2, 32. */
  hashLength = 16;

  private get library(): Argon2 {
    return optionalRequire<Argon2>('argon2', 'Argon2PasswordHasher of PASSWORD_HASHERS');
  }

  async encode(password: Password, salt: string): Promise<string> {
    this.checkEncodeArgs(password, salt);
    const { memoryCost, timeCost, parallelism, hashLength } = this;
    const decoded = { variety: 'argon2id', version: VERSION, memoryCost, timeCost, parallelism };
    const bytes = Buffer.from(salt);
    const hash = await this.hash(password, bytes, decoded, hashLength);
    // The order of the parameters is that of the reference implementation, which reads no other.
    return (
      `${this.algorithm}$argon2id$v=${VERSION}$m=${memoryCost},t=${timeCost},p=${parallelism}` +
      `$${unpadded(bytes)}$${unpadded(hash)}`
    );
  }

  decode(encoded: string): DecodedArgon2 {
    const start = `${this.algorithm}$`;
    const parts = encoded.startsWith(start) ? FORMAT.exec(encoded.slice(start.length)) : null;
    if (parts === null) {
      throw new ValueError(`${maskHash(encoded, 12)} is not a hash of ${this.constructor.name}.`);
    }
    const [, variety = '', version, memory, time, parallelism, salt = '', hash = ''] = parts;
    return {
      algorithm: this.algorithm,
      variety,
      version: version === undefined ? FIRST_VERSION : Number(version),
      memoryCost: Number(memory),
      timeCost: Number(time),
      parallelism: Number(parallelism),
      salt: Buffer.from(salt, 'base64').toString('latin1'),
      hash,
    };
  }

  async verify(password: Password, encoded: string): Promise<boolean> {
    const decoded = this.decode(encoded);
    const expected = Buffer.from(decoded.hash, 'base64');
    const hash = await this.hash(password, Buffer.from(decoded.salt, 'latin1'), decoded, expected.length);
    return constantTimeCompare(expected, hash);
  }

  safeSummary(encoded: string): SafeSummary {
    const decoded = this.decode(encoded);
    return {
      [gettext('algorithm')]: decoded.algorithm,
      [gettext('variety')]: decoded.variety,
      [gettext('version')]: decoded.version,
      [gettext('memory cost')]: decoded.memoryCost,
      [gettext('time cost')]: decoded.timeCost,
      [gettext('parallelism')]: decoded.parallelism,
      [gettext('salt')]: maskHash(decoded.salt),
      [gettext('hash')]: maskHash(decoded.hash),
    };
  }

  override mustUpdate(encoded: string): boolean {
    const decoded = this.decode(encoded);
    return (
      decoded.variety !== 'argon2id' ||
      decoded.version !== VERSION ||
      decoded.memoryCost !== this.memoryCost ||
      decoded.timeCost !== this.timeCost ||
      decoded.parallelism !== this.parallelism ||
      Buffer.from(decoded.hash, 'base64').length < this.hashLength ||
      mustUpdateSalt(decoded.salt, this.saltEntropy)
    );
  }

  private hash(
    password: Password,
    salt: Buffer,
    { variety, ...costs }: Omit<DecodedArgon2, 'algorithm' | 'salt' | 'hash'>,
    hashLength: number,
  ): Promise<Buffer> {
    const { version, memoryCost, timeCost, parallelism } = costs;
    const type = VARIETIES.indexOf(variety);
    const options = {
      raw: true,
      salt,
      type,
      version,
      memoryCost,
      timeCost,
      parallelism,
      hashLength,
    } as const;
    return inThread(() => this.library.hash(Buffer.from(password), options));
  }
}
