/**
 * Django: `django.core.files.storage.base`; https://docs.djangoproject.com/en/5.2/ref/files/storage/
 */
import path from 'node:path';
import { getRandomString } from '../../../utils/crypto';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { SuspiciousFileOperation } from '../../exceptions';

/** What can be stored: text, bytes, or a file that gives its bytes in chunks. */
export type FileContent =
  | string
  | Uint8Array
  | { chunks(): Iterable<Uint8Array> | AsyncIterable<Uint8Array> };

/** Where files are kept. A subclass gives the operations; names use slashes everywhere. */
export abstract class Storage {
  /** The whole of a file. */
  abstract read(name: string): MaybePromise<Buffer>;
  /** Writes a file under a name that nothing has yet. Returns the name it has. */
  protected abstract write(name: string, content: FileContent): MaybePromise<string>;
  /** Removes a file; one that is not there is no error. */
  abstract delete(name: string): MaybePromise<void>;
  /** Whether there is such a file. */
  abstract exists(name: string): MaybePromise<boolean>;
  /** The folders and the files in a folder. */
  abstract listdir(name: string): MaybePromise<{ directories: string[]; files: string[] }>;
  /** The size in bytes. */
  abstract size(name: string): MaybePromise<number>;
  /** Where the file is served. */
  abstract url(name: string): string;
  /** When the content last changed. */
  abstract getModifiedTime(name: string): MaybePromise<Date>;

  /** The file on this machine, for storages that have one. */
  path(_name: string): string {
    throw new Error("This backend doesn't support absolute paths.");
  }

  /**
   * Stores content under a name that is made valid and free.
   *
   * @param options.maxLength of the name, in characters: what is longer loses the end of its root.
   * @returns the name it was stored under.
   * @throws SuspiciousFileOperation for a name that leaves the storage.
   */
  async save(
    name: string,
    content: FileContent,
    options: { maxLength?: number | null } = {},
  ): Promise<string> {
    const valid = this.getValidName(name);
    // Each of the methods may be a subclass's own.
    validateFileName(valid);
    const available = await this.getAvailableName(valid, options.maxLength);
    validateFileName(available);
    const stored = await this.write(available, content);
    validateFileName(stored);
    return stored;
  }

  /** The name with what file systems do not take replaced. */
  getValidName(name: string): string {
    const folder = path.posix.dirname(name.replaceAll('\\', '/'));
    const base = path.posix
      .basename(name.replaceAll('\\', '/'))
      .trim()
      .replaceAll(' ', '_')
      .replace(/[^-\p{L}\p{N}_.]/gu, '');
    if (base === '' || base === '.' || base === '..') {
      throw new SuspiciousFileOperation(`Could not derive file name from '${name}'`);
    }
    return folder === '.' ? base : `${folder}/${base}`;
  }

  /**
   * The name, or where it is taken or too long the name with `_` and seven random characters.
   *
   * @throws SuspiciousFileOperation where nothing of the name would be left.
   */
  async getAvailableName(name: string, maxLength?: number | null): Promise<string> {
    const { dir, name: root, ext } = path.posix.parse(name);
    const most = maxLength ?? Number.POSITIVE_INFINITY;
    let candidate = name;
    let kept = root;
    while (candidate.length > most || (await this.exists(candidate))) {
      const suffix = `_${getRandomString(7)}${ext}`;
      const excess = path.posix.join(dir, `${kept}${suffix}`).length - most;
      if (excess > 0) kept = kept.slice(0, -excess);
      if (kept === '') {
        throw new SuspiciousFileOperation(
          `Storage can not find an available filename for "${name}". Please make sure that the corresponding file ` +
            'field allows sufficient "max_length".',
        );
      }
      candidate = path.posix.join(dir, `${kept}${suffix}`);
    }
    return candidate;
  }
}

/** @throws SuspiciousFileOperation for a name that is empty, absolute or climbs. */
export function validateFileName(name: string): void {
  const slashed = name.replaceAll('\\', '/');
  const base = path.posix.basename(slashed);
  if (base === '' || base === '.' || base === '..') {
    throw new SuspiciousFileOperation(`Could not derive file name from '${name}'`);
  }
  if (slashed.startsWith('/') || slashed.split('/').includes('..')) {
    throw new SuspiciousFileOperation(`Detected path traversal attempt in '${name}'`);
  }
}
