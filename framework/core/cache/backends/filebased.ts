/**
 * A cache in a folder, one file an entry, in Django's format: the pickled moment of expiry, then the pickled value
 * compressed by zlib. A folder can be shared with a running Django. Django: `django.core.cache.backends.filebased`.
 *
 * Files are small and the page cache holds them, so they are read and written synchronously: that takes less of the
 * event loop than handing them to the thread pool. Only waiting for another process' lock is asynchronous.
 */
import { createHash, randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';
import { dumps, LIMITS, loadAt, loads } from '../../../python/pickle';
import { pyFloat } from '../../../python/types';
import type { MaybePromise } from '../../../utils/maybe_promise';
import { ImproperlyConfigured, ValueError } from '../../exceptions';
import { withFileLock } from '../file_lock';
import { readEntry, UNREADABLE } from '../unreadable';
import { WriteCount } from '../write_count';
import {
  addNumbers,
  BaseCache,
  type CacheParams,
  type KeyOptions,
  MISSING,
  type Timeout,
  type UpdateOptions,
} from './base';

const SUFFIX = '.djcache';
/** What comes back from a file: when it expires, and the value's compressed bytes. */
interface FileEntry {
  readonly expires: number | null;
  readonly data: Buffer;
}

export class FileBasedCache extends BaseCache {
  private readonly folder: string;
  private readonly writes = new WriteCount();

  /** @throws ImproperlyConfigured without a LOCATION. */
  constructor(location: string | readonly string[], params: CacheParams = {}) {
    super(params);
    if (typeof location !== 'string' || location === '') {
      throw new ImproperlyConfigured(
        'A filebased cache needs a folder: set LOCATION in its entry of CACHES.',
      );
    }
    this.folder = path.resolve(location);
    this.createFolder();
  }

  override add(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): boolean {
    const file = this.fileOf(key, options);
    if (this.read(file) !== undefined) return false;
    return this.write(value, this.getBackendTimeout(timeout), (temporary) => {
      try {
        // Unlike a rename, a link fails where another process was faster.
        linkSync(temporary, file);
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      } finally {
        rmSync(temporary, { force: true });
      }
    });
  }

  override get<T = unknown>(key: string): T | undefined;
  override get<T = unknown, D = T>(key: string, defaultValue: D, options?: KeyOptions): T | D;
  override get(key: string, defaultValue?: unknown, options?: KeyOptions): unknown {
    const value = this.value(key, this.read(this.fileOf(key, options)));
    return value === MISSING ? defaultValue : value;
  }

  override set(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): void {
    this.put(this.fileOf(key, options), value, this.getBackendTimeout(timeout));
  }

  override replace(
    key: string,
    value: unknown,
    timeout?: Timeout,
    options?: KeyOptions,
  ): MaybePromise<boolean> {
    return this.locked(key, options, (file) => {
      if (this.read(file) === undefined) return false;
      this.put(file, value, this.getBackendTimeout(timeout));
      return true;
    });
  }

  override update<T = unknown>(
    key: string,
    change: (current: T | undefined) => T | undefined,
    options: UpdateOptions = {},
  ): MaybePromise<T | undefined> {
    return this.locked(key, options, (file) => {
      const current = this.value(key, this.read(file));
      const value = change(current === MISSING ? undefined : (current as T));
      if (value !== undefined) this.put(file, value, this.getBackendTimeout(options.timeout));
      return value;
    });
  }

  override incr(key: string, delta = 1, options?: KeyOptions): MaybePromise<number> {
    return this.locked(key, options, (file) => {
      const entry = this.read(file);
      const value = this.value(key, entry);
      if (entry === undefined || value === MISSING) throw new ValueError(`Key '${key}' not found`);
      const sum = addNumbers(key, value, delta);
      this.put(file, sum, entry.expires);
      return sum;
    });
  }

  override touch(key: string, timeout?: Timeout, options?: KeyOptions): MaybePromise<boolean> {
    return this.locked(key, options, (file) => {
      const entry = this.read(file);
      if (entry === undefined) return false;
      this.writeBytes(entry.data, this.getBackendTimeout(timeout), replaceFile(file));
      return true;
    });
  }

  override hasKey(key: string, options?: KeyOptions): boolean {
    return this.read(this.fileOf(key, options)) !== undefined;
  }

  override delete(key: string, options?: KeyOptions): MaybePromise<boolean> {
    // A replace() that has just seen the file must not bring it back.
    return this.locked(key, options, (file) => remove(file));
  }

  override clear(): void {
    for (const file of this.files()) remove(file);
  }

  private fileOf(key: string, options: KeyOptions | undefined): string {
    const stored = this.makeAndValidateKey(key, options);
    return path.join(this.folder, createHash('md5').update(stored).digest('hex') + SUFFIX);
  }

  private locked<T>(
    key: string,
    options: KeyOptions | undefined,
    body: (file: string) => T,
  ): MaybePromise<T> {
    const file = this.fileOf(key, options);
    this.createFolder();
    return withFileLock(`${file}.lock`, () => body(file));
  }

  /** The entry of a file, unless it has expired; then the file is removed. */
  private read(file: string): FileEntry | undefined {
    let bytes: Buffer;
    try {
      bytes = readFileSync(file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
    const header = bytes.length === 0 ? EMPTY : readEntry(path.basename(file), () => loadAt(bytes, 0));
    if (header === UNREADABLE) return undefined;
    const expires = header.value;
    if (expires !== null && !(typeof expires === 'number' && expires >= Date.now() / 1000)) {
      remove(file);
      return undefined;
    }
    return { expires, data: bytes.subarray(header.end) };
  }

  private value(key: string, entry: FileEntry | undefined): unknown {
    if (entry === undefined) return MISSING;
    const value = readEntry(key, () => loads(inflateSync(entry.data, { maxOutputLength: LIMITS.maxBytes })));
    return value === UNREADABLE ? MISSING : value;
  }

  private put(file: string, value: unknown, expires: number | null): void {
    this.write(value, expires, replaceFile(file));
  }

  private write<T>(value: unknown, expires: number | null, install: (temporary: string) => T): T {
    const data = deflateSync(dumps(value));
    this.createFolder();
    this.cull();
    return this.writeBytes(data, expires, install);
  }

  private writeBytes<T>(data: Buffer, expires: number | null, install: (temporary: string) => T): T {
    const temporary = path.join(this.folder, `tmp${randomBytes(8).toString('hex')}`);
    const header = dumps(expires === null ? null : pyFloat(expires));
    try {
      writeFileSync(temporary, Buffer.concat([header, data]), { flag: 'wx', mode: 0o600 });
      return install(temporary);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  /** The folder may be deleted at any time: that is one way to clear a cache. */
  private createFolder(): void {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
  }

  /** Makes room, as Django does: a random part of the entries goes when there are MAX_ENTRIES. */
  private cull(): void {
    if (!this.writes.due()) return;
    const files = this.files();
    if (files.length < this.maxEntries) {
      this.writes.room(this.maxEntries - files.length);
      return;
    }
    const count = this.cullFrequency === 0 ? files.length : Math.floor(files.length / this.cullFrequency);
    for (let i = 0; i < count; i++) {
      const pick = i + Math.floor(Math.random() * (files.length - i));
      const file = files[pick] as string;
      files[pick] = files[i] as string;
      remove(file);
    }
  }

  private files(): string[] {
    try {
      return readdirSync(this.folder)
        .filter((name) => name.endsWith(SUFFIX))
        .map((name) => path.join(this.folder, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  }
}

/** An empty file counts as expired, as in Django. */
const EMPTY = { value: 0, end: 0 };

function replaceFile(file: string): (temporary: string) => void {
  return (temporary) => renameSync(temporary, file);
}

function remove(file: string): boolean {
  try {
    rmSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
