/**
 * A cache in Redis. Django: `django.core.cache.backends.redis`; entries are Django's: integers as text, so that
 * Redis can count them, and everything else pickled.
 *
 * LOCATION is a URL or a list: the first server is written to, the others (its replicas) are read from. Needs the
 * npm package `redis`. Every method but those on many keys of a cluster is one round trip, and atomic.
 */

import { dumps, loads } from '../../../python/pickle';
import { importSetting } from '../../../utils/module_loading';
import { ImproperlyConfigured, ValueError } from '../../exceptions';
import { swapUntilDone } from '../swap';
import { readEntry, UNREADABLE } from '../unreadable';
import {
  BaseCache,
  type CacheParams,
  entriesOf,
  type KeyOptions,
  MISSING,
  type Timeout,
  type UpdateOptions,
} from './base';
import { parseOptions, RedisCacheClient } from './redis_client';
import type { RedisArgument } from './redis_package';

/** How values become what Redis stores. `OPTIONS: { serializer }` takes an instance, a class or its dotted name. */
export interface CacheSerializer {
  dumps(value: unknown): RedisArgument;
  loads(data: Buffer): unknown;
}

const INTEGER = /^\s*[+-]?\d{1,4300}\s*$/;

/** Django's: integers plain, the rest pickled. */
export class RedisSerializer implements CacheSerializer {
  dumps(value: unknown): RedisArgument {
    if (typeof value === 'bigint') return String(value);
    return typeof value === 'number' && Number.isSafeInteger(value) && !Object.is(value, -0)
      ? String(value)
      : dumps(value);
  }

  loads(data: Buffer): unknown {
    // Every pickle of a protocol that Django writes begins with this byte, and no number does.
    if (data[0] !== 0x80) {
      const text = data.toString('latin1');
      if (INTEGER.test(text)) {
        const number = Number(text);
        return Number.isSafeInteger(number) ? number : BigInt(text.trim().replace(/^\+/, ''));
      }
    }
    return loads(data);
  }
}

/** INCRBY creates a missing key; Django's `incr` does not. */
const INCR =
  "if redis.call('exists',KEYS[1])==1 then return redis.call('incrby',KEYS[1],ARGV[1]) end return false";

/** Compare and swap: value seen, new value, milliseconds until it expires ('' for never). */
const SWAP =
  "if redis.call('get',KEYS[1])~=ARGV[1] then return 0 end " +
  "if ARGV[3]=='' then redis.call('set',KEYS[1],ARGV[2]) " +
  "elseif ARGV[3]=='0' then redis.call('del',KEYS[1]) " +
  "else redis.call('set',KEYS[1],ARGV[2],'px',ARGV[3]) end return 1";

export class RedisCache extends BaseCache {
  private readonly client: RedisCacheClient;
  private readonly serializer: CacheSerializer;

  /** @throws ImproperlyConfigured without a LOCATION, or for an option that cannot be. */
  constructor(location: string | readonly string[], params: CacheParams = {}) {
    super(params);
    const locations = typeof location === 'string' ? location.split(/[;,]/) : location;
    if (locations.length === 0 || locations.includes('')) {
      throw new ImproperlyConfigured(
        'A Redis cache needs a server: set LOCATION in its entry of CACHES, like redis://127.0.0.1:6379.',
      );
    }
    const options = params.OPTIONS ?? {};
    parseOptions(options);
    this.client = new RedisCacheClient(locations, options);
    this.serializer = makeSerializer(options['serializer']);
  }

  override async add(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): Promise<boolean> {
    const stored = this.makeAndValidateKey(key, options);
    const data = this.serializer.dumps(value);
    const expiry = this.expiry(timeout);
    return (await this.store(stored, data, expiry === 0 ? 1 : expiry, 'NX')) !== null;
  }

  override get<T = unknown>(key: string): Promise<T | undefined>;
  override get<T = unknown, D = T>(key: string, defaultValue: D, options?: KeyOptions): Promise<T | D>;
  override async get(key: string, defaultValue?: unknown, options?: KeyOptions): Promise<unknown> {
    const stored = this.makeAndValidateKey(key, options);
    const value = this.value(stored, await this.client.read(stored, 'GET', stored));
    return value === MISSING ? defaultValue : value;
  }

  override async getMany<T = unknown>(
    keys: Iterable<string>,
    options?: KeyOptions,
  ): Promise<Record<string, T>> {
    const wanted = [...keys].map((key) => ({ key, stored: this.makeAndValidateKey(key, options) }));
    const found: Record<string, T> = Object.create(null);
    const first = wanted[0];
    if (first === undefined) return found;
    const replies = this.client.isCluster
      ? await Promise.all(wanted.map(({ stored }) => this.client.read(stored, 'GET', stored)))
      : ((await this.client.read(first.stored, 'MGET', ...wanted.map(({ stored }) => stored))) as unknown[]);
    wanted.forEach(({ key, stored }, i) => {
      const value = this.value(stored, replies[i]);
      if (value !== MISSING) found[key] = value as T;
    });
    return found;
  }

  override async set(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): Promise<void> {
    const stored = this.makeAndValidateKey(key, options);
    const data = this.serializer.dumps(value);
    const expiry = this.expiry(timeout);
    if (expiry === 0) await this.client.write(stored, 'DEL', stored);
    else await this.store(stored, data, expiry);
  }

  override async setMany(
    data: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
    timeout?: Timeout,
    options?: KeyOptions,
  ): Promise<string[]> {
    // Sent in one go: the client pipelines what is asked for in the same turn.
    await Promise.all(entriesOf(data).map(([key, value]) => this.set(key, value, timeout, options)));
    return [];
  }

  override async replace(
    key: string,
    value: unknown,
    timeout?: Timeout,
    options?: KeyOptions,
  ): Promise<boolean> {
    const stored = this.makeAndValidateKey(key, options);
    const data = this.serializer.dumps(value);
    const expiry = this.expiry(timeout);
    if (expiry === 0) return (await this.client.write(stored, 'DEL', stored)) === 1;
    return (await this.store(stored, data, expiry, 'XX')) !== null;
  }

  override async update<T = unknown>(
    key: string,
    change: (current: T | undefined) => T | undefined,
    options: UpdateOptions = {},
  ): Promise<T | undefined> {
    const stored = this.makeAndValidateKey(key, options);
    const once = async (): Promise<{ value: T | undefined } | undefined> => {
      const seen = (await this.client.write(stored, 'GET', stored)) as Buffer | null;
      const current = this.value(stored, seen);
      const value = change(current === MISSING ? undefined : (current as T));
      if (value === undefined) return { value };
      const data = this.serializer.dumps(value);
      return (await this.swap(stored, seen, data, this.expiry(options.timeout))) ? { value } : undefined;
    };
    return this.serially(stored, () => swapUntilDone(stored, once));
  }

  override async incr(key: string, delta = 1, options?: KeyOptions): Promise<number> {
    const stored = this.makeAndValidateKey(key, options);
    let sum: unknown;
    try {
      sum = await this.client.write(stored, 'EVAL', INCR, '1', stored, String(delta));
    } catch (error) {
      if (!(error instanceof Error) || !/not an integer|overflow/.test(error.message)) throw error;
      throw new ValueError(
        `The value of key '${key}' is not an integer, or not after adding ${delta}: Redis counts 64-bit integers.`,
        { cause: error },
      );
    }
    if (sum === null) throw new ValueError(`Key '${stored}' not found.`);
    return Number(sum);
  }

  override async touch(key: string, timeout?: Timeout, options?: KeyOptions): Promise<boolean> {
    const stored = this.makeAndValidateKey(key, options);
    const expiry = this.expiry(timeout);
    if (expiry !== null) return (await this.client.write(stored, 'PEXPIRE', stored, String(expiry))) === 1;
    const [persisted, exists] = await Promise.all([
      this.client.write(stored, 'PERSIST', stored),
      this.client.write(stored, 'EXISTS', stored),
    ]);
    return persisted === 1 || exists === 1;
  }

  override async hasKey(key: string, options?: KeyOptions): Promise<boolean> {
    const stored = this.makeAndValidateKey(key, options);
    return (await this.client.read(stored, 'EXISTS', stored)) === 1;
  }

  override async delete(key: string, options?: KeyOptions): Promise<boolean> {
    const stored = this.makeAndValidateKey(key, options);
    return (await this.client.write(stored, 'DEL', stored)) === 1;
  }

  override async deleteMany(keys: Iterable<string>, options?: KeyOptions): Promise<void> {
    const stored = [...keys].map((key) => this.makeAndValidateKey(key, options));
    const first = stored[0];
    if (first === undefined) return;
    if (this.client.isCluster) await Promise.all(stored.map((key) => this.client.write(key, 'DEL', key)));
    else await this.client.write(first, 'DEL', ...stored);
  }

  /** Empties the database of the server; with the option `clear_prefix_only` the keys of this cache. */
  override clear(): Promise<void> {
    return this.client.clearsPrefixOnly
      ? this.client.deletePrefix(`${this.keyPrefix}:`)
      : this.client.flush();
  }

  override close(): void {
    this.client.close();
  }

  /** Milliseconds until an entry expires; 0: at once; `null`: never. */
  private expiry(timeout: Timeout): number | null {
    const seconds = timeout === undefined ? this.defaultTimeout : timeout;
    return seconds === null ? null : Math.max(0, Math.round(seconds * 1000));
  }

  private store(
    stored: string,
    data: RedisArgument,
    expiry: number | null,
    ...condition: string[]
  ): Promise<unknown> {
    if (expiry === null) return this.client.write(stored, 'SET', stored, data, ...condition);
    return this.client.write(stored, 'SET', stored, data, 'PX', String(expiry), ...condition);
  }

  private async swap(
    stored: string,
    seen: Buffer | null,
    data: RedisArgument,
    expiry: number | null,
  ): Promise<boolean> {
    if (seen === null) {
      return expiry === 0 || (await this.store(stored, data, expiry, 'NX')) !== null;
    }
    const milliseconds = expiry === null ? '' : String(expiry);
    return (await this.client.write(stored, 'EVAL', SWAP, '1', stored, seen, data, milliseconds)) === 1;
  }

  private value(stored: string, reply: unknown): unknown {
    if (reply === null || reply === undefined) return MISSING;
    const value = readEntry(stored, () => this.serializer.loads(reply as Buffer));
    return value === UNREADABLE ? MISSING : value;
  }
}

function makeSerializer(option: unknown): CacheSerializer {
  if (option === undefined) return new RedisSerializer();
  const serializer = importSetting<unknown>(option as string);
  return (
    typeof serializer === 'function' ? new (serializer as new () => CacheSerializer)() : serializer
  ) as CacheSerializer;
}
