/** Where the commands of a Redis cache go: a server, its replicas, or a cluster; and how OPTIONS are understood. */
import { ImproperlyConfigured } from '../../exceptions';
import { ServerConnection, type Timeouts } from '../server_connection';
import {
  isRedisAnswer,
  loadRedis,
  type RedisArgument,
  type RedisClientLike,
  type RedisClusterLike,
} from './redis_package';

/** OPTIONS of a Redis cache, in redis-py's names (as Django takes them). Times are seconds. */
interface RedisOptions {
  db?: number;
  username?: string;
  password?: string;
  client_name?: string;
  /** Default 5. */
  socket_timeout?: number;
  /** Default 2. */
  socket_connect_timeout?: number;
  /** Connections to each server, used in turn. One does for most sites: commands are pipelined. */
  pool?: number;
  /** LOCATION names nodes of a Redis Cluster. */
  cluster?: boolean;
  /** `clear()` deletes the keys of this cache, and not the whole database of the server. Not on a cluster. */
  clear_prefix_only?: boolean;
  /** More options of the npm package's client, as they are. */
  client?: object;
}

/** Options that Django's backend takes and that mean nothing here. */
const PYTHON_ONLY = new Set(['pool_class', 'parser_class', 'serializer', 'MAX_ENTRIES', 'CULL_FREQUENCY']);
const KINDS: Readonly<Record<keyof RedisOptions, string>> = {
  db: 'number',
  username: 'string',
  password: 'string',
  client_name: 'string',
  socket_timeout: 'number',
  socket_connect_timeout: 'number',
  pool: 'number',
  cluster: 'boolean',
  clear_prefix_only: 'boolean',
  client: 'object',
};

/** @throws ImproperlyConfigured naming an option that is unknown or has the wrong type. */
export function parseOptions(options: Readonly<Record<string, unknown>>): RedisOptions {
  for (const [name, value] of Object.entries(options)) {
    if (PYTHON_ONLY.has(name)) continue;
    const kind = Object.hasOwn(KINDS, name) ? KINDS[name as keyof RedisOptions] : undefined;
    if (kind === undefined) {
      throw new ImproperlyConfigured(
        `A Redis cache in CACHES has the unknown option '${name}'. OPTIONS takes ${Object.keys(KINDS).join(', ')}; ` +
          "what is the npm package's goes into 'client'.",
      );
    }
    const actual = typeof value;
    if (actual !== kind) {
      throw new ImproperlyConfigured(`The option '${name}' of a Redis cache in CACHES must be a ${kind}.`);
    }
  }
  return options as RedisOptions;
}

/** The client's options for a URL; redis-py's `unix://` and `?db=` are understood. */
function urlOptions(location: string): { url?: string; socket?: object; database?: number } {
  let url: URL;
  try {
    url = new URL(location);
  } catch {
    throw new ImproperlyConfigured(
      `A Redis cache in CACHES has the LOCATION '${location}', which is not a URL like redis://127.0.0.1:6379.`,
    );
  }
  const db = url.searchParams.get('db');
  const database = db === null ? {} : { database: Number(db) };
  if (url.protocol === 'unix:') return { socket: { path: decodeURIComponent(url.pathname) }, ...database };
  url.search = '';
  return { url: url.href, ...database };
}

/** A LOCATION without its password, for messages. */
function publicName(location: string): string {
  return `Redis at ${location.replace(/\/\/.*@/, '//')}`;
}

/** Sends commands to the right server; replies are Buffers, numbers and null. */
export class RedisCacheClient {
  private readonly options: RedisOptions;
  private readonly timeouts: Timeouts;
  private readonly servers: ServerConnection<RedisClientLike>[][];
  private readonly cluster: ServerConnection<RedisClusterLike> | undefined;
  private turn = 0;

  constructor(locations: readonly string[], options: Readonly<Record<string, unknown>>) {
    this.options = parseOptions(options);
    this.timeouts = {
      connect: (this.options.socket_connect_timeout ?? 2) * 1000,
      command: (this.options.socket_timeout ?? 5) * 1000,
    };
    if (this.options.cluster) {
      this.servers = [];
      this.cluster = new ServerConnection(
        'The Redis cluster',
        this.timeouts,
        (lost) => this.createCluster(locations, lost),
        isRedisAnswer,
      );
    } else {
      const pool = Math.max(1, this.options.pool ?? 1);
      this.servers = locations.map((location) => Array.from({ length: pool }, () => this.connect(location)));
    }
  }

  private connect(location: string): ServerConnection<RedisClientLike> {
    const create = (lost: (error: unknown) => void) => this.createClient(location, lost);
    return new ServerConnection(publicName(location), this.timeouts, create, isRedisAnswer);
  }

  /** Whether `clear()` is to leave keys of others alone. */
  get clearsPrefixOnly(): boolean {
    return this.options.clear_prefix_only === true;
  }

  /** Whether keys live on different nodes, so that one command cannot name several. */
  get isCluster(): boolean {
    return this.cluster !== undefined;
  }

  /** A command that writes, or must see the last write: to the first server. */
  write(key: string, ...args: RedisArgument[]): Promise<unknown> {
    return this.send(key, false, args);
  }

  /** A command that reads: to one of the other servers, if there are any. */
  read(key: string, ...args: RedisArgument[]): Promise<unknown> {
    return this.send(key, true, args);
  }

  /** Empties the database, of every node. */
  async flush(): Promise<void> {
    if (!this.cluster) {
      await this.send('', false, ['FLUSHDB']);
      return;
    }
    await this.cluster.run(async (cluster) => {
      const nodes = await Promise.all(cluster.masters.map((node) => cluster.nodeClient(node)));
      await Promise.all(nodes.map((node) => node.sendCommand(['FLUSHDB'])));
    });
  }

  /** Deletes every key that begins so. @throws Error on a cluster, whose keys have no one list. */
  async deletePrefix(prefix: string): Promise<void> {
    if (this.cluster) throw new Error("A cluster's keys cannot be deleted by their prefix.");
    const pattern = `${prefix.replace(/[\\*?[\]^-]/g, '\\$&')}*`;
    let cursor = '0';
    do {
      const reply = await this.send('', false, ['SCAN', cursor, 'MATCH', pattern, 'COUNT', '1000']);
      const [next, keys] = reply as [RedisArgument, RedisArgument[]];
      if (keys.length > 0) await this.send('', false, ['UNLINK', ...keys]);
      cursor = String(next);
    } while (cursor !== '0');
  }

  close(): void {
    this.cluster?.close();
    for (const pool of this.servers) for (const connection of pool) connection.close();
  }

  private send(key: string, readonly: boolean, args: readonly RedisArgument[]): Promise<unknown> {
    if (this.cluster) return this.cluster.run((cluster) => cluster.sendCommand(key, readonly, args));
    return this.connection(readonly).run((client) => client.sendCommand(args));
  }

  private connection(readonly: boolean): ServerConnection<RedisClientLike> {
    const { length } = this.servers;
    const index = readonly && length > 1 ? 1 + Math.floor(Math.random() * (length - 1)) : 0;
    const pool = this.servers[index] as ServerConnection<RedisClientLike>[];
    this.turn = (this.turn + 1) % pool.length;
    return pool[this.turn] as ServerConnection<RedisClientLike>;
  }

  private createClient(location: string, lost: (error: unknown) => void): RedisClientLike {
    const { socket, ...where } = urlOptions(location);
    const client = loadRedis().createClient({ ...this.clientOptions(), ...where, ...this.socket(socket) });
    client.on('error', lost);
    // An idle cache must not keep a finished command from exiting.
    client.unref();
    return client;
  }

  private createCluster(locations: readonly string[], lost: (error: unknown) => void): RedisClusterLike {
    const { commandOptions, ...defaults } = this.clientOptions();
    const cluster = loadRedis().createCluster({
      rootNodes: locations.map(urlOptions),
      defaults: { ...defaults, ...this.socket() },
      commandOptions,
    });
    cluster.on('error', lost);
    return cluster;
  }

  private socket(socket: object = {}): { socket: object } {
    const own = (this.options.client as { socket?: object } | undefined)?.socket;
    return {
      socket: { connectTimeout: this.timeouts.connect, ...own, ...socket, reconnectStrategy: false },
    };
  }

  private clientOptions(): { commandOptions: object } {
    const { db, username, password, client_name: name, client } = this.options;
    return {
      ...(db === undefined ? {} : { database: db }),
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(name === undefined ? {} : { name }),
      ...{ disableOfflineQueue: true, maintNotifications: 'disabled' },
      ...client,
      commandOptions: { typeMapping: { [loadRedis().RESP_TYPES.BLOB_STRING]: Buffer } },
    };
  }
}
