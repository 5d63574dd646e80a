/**
 * A cache in this process' memory, and fully synchronous. Django: `django.core.cache.backends.locmem`.
 *
 * Every worker process has its own, and a restart empties it: good for development and for what is merely costly to
 * compute. As in Django a caller gets a copy of what was stored, never the object itself.
 */
import { dumps, loads } from '../../../python/pickle';
import { ValueError } from '../../exceptions';
import {
  addNumbers,
  BaseCache,
  type CacheParams,
  type KeyOptions,
  type Timeout,
  type UpdateOptions,
} from './base';

interface Entry {
  /** A Buffer is a pickle; anything else is an immutable value, which needs no copy. */
  stored: unknown;
  /** Seconds since 1970; `null`: never. */
  expires: number | null;
}

/** The entries of each LOCATION, least recently used first. */
const stores = new Map<string, Map<string, Entry>>();

export class LocMemCache extends BaseCache {
  override readonly shared = false;
  private readonly entries: Map<string, Entry>;

  constructor(location: string | readonly string[] = '', params: CacheParams = {}) {
    super(params);
    const name = String(location);
    let entries = stores.get(name);
    if (entries === undefined) {
      entries = new Map();
      stores.set(name, entries);
    }
    this.entries = entries;
  }

  override add(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): boolean {
    const stored = this.makeAndValidateKey(key, options);
    const frozen = freeze(value);
    if (this.live(stored) !== undefined) return false;
    this.store(stored, frozen, timeout);
    return true;
  }

  override get<T = unknown>(key: string): T | undefined;
  override get<T = unknown, D = T>(key: string, defaultValue: D, options?: KeyOptions): T | D;
  override get(key: string, defaultValue?: unknown, options?: KeyOptions): unknown {
    const stored = this.makeAndValidateKey(key, options);
    const entry = this.live(stored);
    if (entry === undefined) return defaultValue;
    this.used(stored, entry);
    return thaw(entry.stored);
  }

  override set(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): void {
    this.store(this.makeAndValidateKey(key, options), freeze(value), timeout);
  }

  override replace(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): boolean {
    const stored = this.makeAndValidateKey(key, options);
    const frozen = freeze(value);
    if (this.live(stored) === undefined) return false;
    this.store(stored, frozen, timeout);
    return true;
  }

  override update<T = unknown>(
    key: string,
    change: (current: T | undefined) => T | undefined,
    options: UpdateOptions = {},
  ): T | undefined {
    const value = change(this.get<T, undefined>(key, undefined, options));
    if (value !== undefined) this.set(key, value, options.timeout, options);
    return value;
  }

  override touch(key: string, timeout?: Timeout, options?: KeyOptions): boolean {
    const entry = this.live(this.makeAndValidateKey(key, options));
    if (entry === undefined) return false;
    entry.expires = this.getBackendTimeout(timeout);
    return true;
  }

  override incr(key: string, delta = 1, options?: KeyOptions): number {
    const stored = this.makeAndValidateKey(key, options);
    const entry = this.live(stored);
    if (entry === undefined) throw new ValueError(`Key '${stored}' not found`);
    const sum = addNumbers(key, thaw(entry.stored), delta);
    entry.stored = sum;
    this.used(stored, entry);
    return sum;
  }

  override hasKey(key: string, options?: KeyOptions): boolean {
    return this.live(this.makeAndValidateKey(key, options)) !== undefined;
  }

  override delete(key: string, options?: KeyOptions): boolean {
    const stored = this.makeAndValidateKey(key, options);
    return this.live(stored) !== undefined && this.entries.delete(stored);
  }

  override clear(): void {
    this.entries.clear();
  }

  /** The entry, unless it has expired; then it is removed. */
  private live(stored: string): Entry | undefined {
    const entry = this.entries.get(stored);
    if (entry === undefined || entry.expires === null || entry.expires > Date.now() / 1000) return entry;
    this.entries.delete(stored);
    return undefined;
  }

  /** Puts an entry where the most recently used is: at the end. */
  private used(stored: string, entry: Entry): void {
    this.entries.delete(stored);
    this.entries.set(stored, entry);
  }

  private store(stored: string, frozen: unknown, timeout: Timeout): void {
    if (this.entries.size >= this.maxEntries) this.cull();
    this.used(stored, { stored: frozen, expires: this.getBackendTimeout(timeout) });
  }

  private cull(): void {
    if (this.cullFrequency === 0) {
      this.entries.clear();
      return;
    }
    let count = Math.floor(this.entries.size / this.cullFrequency);
    for (const key of this.entries.keys()) {
      if (count-- <= 0) break;
      this.entries.delete(key);
    }
  }
}

/** Atoms are kept as they are; the rest as bytes, which nobody can change. */
function freeze(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
    case 'bigint':
      return value;
    default:
      return value === null ? null : dumps(value);
  }
}

function thaw(stored: unknown): unknown {
  return Buffer.isBuffer(stored) ? loads(stored) : stored;
}

/** Forgets the entries of every LOCATION. For tests. */
export function resetLocMem(): void {
  for (const entries of stores.values()) entries.clear();
}
