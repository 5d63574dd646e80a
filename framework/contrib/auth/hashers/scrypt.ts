import { scrypt as nodeScrypt, type ScryptOptions } from 'node:crypto';
import { constantTimeCompare } from '../../../utils/crypto';
import { gettext } from '../../../utils/translation';
import { BasePasswordHasher, maskHash, type Password, type SafeSummary } from './base';
import { inThread } from './threads';

const HASH_LENGTH = 64;

/** In a thread of its own: the process goes on answering meanwhile. */
function derive(password: Password, salt: string, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    nodeScrypt(password, salt, HASH_LENGTH, options, (error, hash) =>
      error ? reject(error) : resolve(hash),
    );
  });
}

/** The parts of a hash of scrypt. */
export interface DecodedScrypt {
  algorithm: string;
  workFactor: number;
  salt: string;
  blockSize: number;
  parallelism: number;
  hash: string;
}

/** scrypt, which takes memory besides time: 16 MB a hash. */
export class ScryptPasswordHasher extends BasePasswordHasher {
  readonly algorithm: string = 'scrypt';
  blockSize = 8;
  /** Bytes that one hash may take; 0: as many as its parameters need. */
  maxmem = 0;
  parallelism = 5;
  workFactor = 2 ** 14;

  /** @param n the work factor. @param r the block size. @param p the parallelism. Default: the hasher's own. */
  async encode(
    password: Password,
    salt: string,
    n?: number | null,
    r?: number | null,
    p?: number | null,
  ): Promise<string> {
    this.checkEncodeArgs(password, salt);
    const N = n || this.workFactor;
    const blockSize = r || this.blockSize;
    const parallelization = p || this.parallelism;
    // What OpenSSL counts, and a little more.
    const maxmem = this.maxmem || 128 * blockSize * (N + parallelization + 2) + 2 ** 20;
    const hash = await inThread(() => derive(password, salt, { N, blockSize, parallelization, maxmem }));
    return `${this.algorithm}$${N}$${salt}$${blockSize}$${parallelization}$${hash.toString('base64')}`;
  }

  decode(encoded: string): DecodedScrypt {
    const [algorithm = '', work = '', salt = '', block = '', parallel = '', hash = ''] = this.split(
      encoded,
      6,
    );
    return {
      algorithm,
      workFactor: this.number(work, encoded),
      salt,
      blockSize: this.number(block, encoded),
      parallelism: this.number(parallel, encoded),
      hash,
    };
  }

  async verify(password: Password, encoded: string): Promise<boolean> {
    const { salt, workFactor, blockSize, parallelism } = this.decode(encoded);
    return constantTimeCompare(
      encoded,
      await this.encode(password, salt, workFactor, blockSize, parallelism),
    );
  }

  safeSummary(encoded: string): SafeSummary {
    const decoded = this.decode(encoded);
    return {
      [gettext('algorithm')]: decoded.algorithm,
      [gettext('work factor')]: decoded.workFactor,
      [gettext('block size')]: decoded.blockSize,
      [gettext('parallelism')]: decoded.parallelism,
      [gettext('salt')]: maskHash(decoded.salt),
      [gettext('hash')]: maskHash(decoded.hash),
    };
  }

  override mustUpdate(encoded: string): boolean {
    const decoded = this.decode(encoded);
    return (
      decoded.workFactor !== this.workFactor ||
      decoded.blockSize !== this.blockSize ||
      decoded.parallelism !== this.parallelism
    );
  }
}
