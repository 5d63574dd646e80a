/**
 * Caches in memcached. Django: `django.core.cache.backends.memcached`; name the class that the Django side has, for
 * its two clients write other flags and spread keys over servers in other ways.
 *
 * No npm package is needed. A server that is away makes its keys fail; they are not moved to other servers, where a
 * Django process that still reaches the first would not find them.
 */

import { ValueError } from '../../exceptions';
import { InvalidCacheKey } from '../exceptions';
import { ServerConnection } from '../server_connection';
import { swapUntilDone } from '../swap';
import { readEntry, UNREADABLE } from '../unreadable';
import {
  BaseCache,
  type CacheParams,
  entriesOf,
  type KeyOptions,
  MEMCACHE_MAX_KEY_LENGTH,
  MISSING,
  memcacheKeyWarnings,
  type Timeout,
  type UpdateOptions,
} from './base';
import { type ItemSerializer, pylibmcSerializer, pymemcacheSerializer } from './memcached_flags';
import { type Distribution, modula, rendezvous } from './memcached_hashing';
import { parseAddress, parseServers, parseTimeouts } from './memcached_options';
import { type Item, MemcachedClient, MemcachedError } from './memcached_protocol';

/** memcached takes a longer time for a date. */
const THIRTY_DAYS = 60 * 60 * 24 * 30;
/** How many keys one `get` names. */
const GET_BATCH = 100;

type Server = ServerConnection<MemcachedClient>;

export abstract class BaseMemcachedCache extends BaseCache {
  protected abstract readonly serializer: ItemSerializer;
  protected abstract readonly distribution: Distribution;
  private readonly names: readonly string[];
  private readonly servers: readonly Server[];

  /** @throws ImproperlyConfigured without a LOCATION, or for an option that cannot be. */
  constructor(location: string | readonly string[], params: CacheParams = {}) {
    super(params);
    const timeouts = parseTimeouts(params.OPTIONS ?? {});
    const addresses = parseServers(location).map(parseAddress);
    this.names = addresses.map((a) => ('path' in a ? a.path : `${a.host}:${a.port}`));
    this.servers = addresses.map(
      (address, i) =>
        new ServerConnection(
          `memcached at ${this.names[i]}`,
          timeouts,
          (lost) => new MemcachedClient(address, lost),
          (error) => error instanceof MemcachedError,
        ),
    );
  }

  override async add(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): Promise<boolean> {
    return (await this.store('add', this.makeAndValidateKey(key, options), value, timeout)) === 'STORED';
  }

  override get<T = unknown>(key: string): Promise<T | undefined>;
  override get<T = unknown, D = T>(key: string, defaultValue: D, options?: KeyOptions): Promise<T | D>;
  override async get(key: string, defaultValue?: unknown, options?: KeyOptions): Promise<unknown> {
    const stored = this.makeAndValidateKey(key, options);
    const [item] = await this.server(stored).run((client) => client.items(`get ${stored}`));
    const value = this.value(item);
    return value === MISSING ? defaultValue : value;
  }

  override async getMany<T = unknown>(
    keys: Iterable<string>,
    options?: KeyOptions,
  ): Promise<Record<string, T>> {
    const original = new Map<string, string>();
    for (const key of keys) original.set(this.makeAndValidateKey(key, options), key);
    const batches = new Map<Server, string[][]>();
    for (const stored of original.keys()) {
      const server = this.server(stored);
      const lists = batches.get(server) ?? [];
      batches.set(server, lists);
      const last = lists.at(-1);
      if (last === undefined || last.length >= GET_BATCH) lists.push([stored]);
      else last.push(stored);
    }
    const replies = await Promise.all(
      [...batches].flatMap(([server, lists]) =>
        lists.map((list) => server.run((client) => client.items(`get ${list.join(' ')}`))),
      ),
    );
    const found: Record<string, T> = Object.create(null);
    for (const item of replies.flat()) {
      const key = original.get(item.key);
      const value = this.value(item);
      if (key !== undefined && value !== MISSING) found[key] = value as T;
    }
    return found;
  }

  /** @throws MemcachedError if the value is too large; the old one is gone then, as with Django. */
  override async set(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): Promise<void> {
    await this.store('set', this.makeAndValidateKey(key, options), value, timeout);
  }

  override async setMany(
    data: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
    timeout?: Timeout,
    options?: KeyOptions,
  ): Promise<string[]> {
    const failed: string[] = [];
    await Promise.all(
      entriesOf(data).map(async ([key, value]) => {
        try {
          await this.set(key, value, timeout, options);
        } catch (error) {
          if (!(error instanceof MemcachedError)) throw error;
          failed.push(key);
        }
      }),
    );
    return failed;
  }

  override async replace(
    key: string,
    value: unknown,
    timeout?: Timeout,
    options?: KeyOptions,
  ): Promise<boolean> {
    return (await this.store('replace', this.makeAndValidateKey(key, options), value, timeout)) === 'STORED';
  }

  override async update<T = unknown>(
    key: string,
    change: (current: T | undefined) => T | undefined,
    options: UpdateOptions = {},
  ): Promise<T | undefined> {
    const stored = this.makeAndValidateKey(key, options);
    const once = async (): Promise<{ value: T | undefined } | undefined> => {
      const [item] = await this.server(stored).run((client) => client.items(`gets ${stored}`));
      const current = this.value(item);
      const value = change(current === MISSING ? undefined : (current as T));
      if (value === undefined) return { value };
      const verb = item === undefined ? 'add' : 'cas';
      const reply = await this.store(verb, stored, value, options.timeout, item?.cas);
      return reply === 'STORED' ? { value } : undefined;
    };
    return this.serially(stored, () => swapUntilDone(stored, once));
  }

  override async touch(key: string, timeout?: Timeout, options?: KeyOptions): Promise<boolean> {
    const stored = this.makeAndValidateKey(key, options);
    return (await this.run(stored, `touch ${stored} ${this.exptime(timeout)}`)) === 'TOUCHED';
  }

  /** memcached's counters are 64-bit and never negative: `decr` stops at 0, as with Django. */
  override async incr(key: string, delta = 1, options?: KeyOptions): Promise<number> {
    const stored = this.makeAndValidateKey(key, options);
    const verb = delta < 0 ? 'decr' : 'incr';
    let reply: string;
    try {
      reply = await this.run(stored, `${verb} ${stored} ${Math.abs(delta)}`);
    } catch (error) {
      if (!(error instanceof MemcachedError)) throw error;
      throw new ValueError(
        `The value of key '${key}' is not a number that memcached can count, or ${delta} is not an integer.`,
        { cause: error },
      );
    }
    if (reply === 'NOT_FOUND') throw new ValueError(`Key '${stored}' not found`);
    return Number(reply);
  }

  override async delete(key: string, options?: KeyOptions): Promise<boolean> {
    const stored = this.makeAndValidateKey(key, options);
    return (await this.run(stored, `delete ${stored}`)) === 'DELETED';
  }

  override async deleteMany(keys: Iterable<string>, options?: KeyOptions): Promise<void> {
    const stored = [...keys].map((key) => this.makeAndValidateKey(key, options));
    await Promise.all(stored.map((key) => this.run(key, `delete ${key}`)));
  }

  override async clear(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.run((client) => client.command('flush_all'))));
  }

  override close(): void {
    for (const server of this.servers) server.close();
  }

  /** @throws InvalidCacheKey where other backends only warn, as with Django. */
  override validateKey(key: string): void {
    for (const warning of memcacheKeyWarnings(key)) throw new InvalidCacheKey(warning);
    if (key.length * 3 > MEMCACHE_MAX_KEY_LENGTH && Buffer.byteLength(key) > MEMCACHE_MAX_KEY_LENGTH) {
      throw new InvalidCacheKey(
        `The cache key '${key}' is longer than ${MEMCACHE_MAX_KEY_LENGTH} bytes, which memcached refuses.`,
      );
    }
  }

  /** Seconds until an entry expires as memcached wants them: 0 is never, negative at once, a date if far away. */
  protected exptime(timeout: Timeout): number {
    const given = timeout === undefined ? this.defaultTimeout : timeout;
    if (given === null) return 0;
    const seconds = Math.trunc(given) || -1;
    return seconds > THIRTY_DAYS ? seconds + Math.floor(Date.now() / 1000) : seconds;
  }

  private server(stored: string): Server {
    const index = this.servers.length === 1 ? 0 : this.distribution(stored, this.names);
    return this.servers[index] as Server;
  }

  private run(stored: string, line: string, data?: Uint8Array): Promise<string> {
    return this.server(stored).run((client) => client.command(line, data));
  }

  private async store(
    verb: 'add' | 'cas' | 'replace' | 'set',
    stored: string,
    value: unknown,
    timeout: Timeout,
    cas?: string,
  ): Promise<string> {
    const { flags, data } = this.serializer.dumps(value);
    const tail = cas === undefined ? '' : ` ${cas}`;
    const line = `${verb} ${stored} ${flags} ${this.exptime(timeout)} ${data.length}${tail}`;
    try {
      return await this.run(stored, line, data);
    } catch (error) {
      if (!(error instanceof MemcachedError) || verb === 'add') throw error;
      // What could not be stored must not leave the value before it as if it were current.
      await this.run(stored, `delete ${stored}`);
      throw new MemcachedError(
        `memcached refused ${data.length} bytes for the key '${stored}': ${error.message}. Its option -I sets how ` +
          'large an item may be.',
        { cause: error },
      );
    }
  }

  private value(item: Item | undefined): unknown {
    if (item === undefined) return MISSING;
    const value = readEntry(item.key, () => this.serializer.loads(item.data, item.flags));
    return value === UNREADABLE ? MISSING : value;
  }
}

/** What a Django with `PyMemcacheCache` shares. */
export class PyMemcacheCache extends BaseMemcachedCache {
  protected readonly serializer: ItemSerializer = pymemcacheSerializer;
  protected readonly distribution: Distribution = rendezvous;
}

/** What a Django with `PyLibMCCache` shares. */
export class PyLibMCCache extends BaseMemcachedCache {
  protected readonly serializer: ItemSerializer = pylibmcSerializer;
  protected readonly distribution: Distribution = modula;
}
