/** The npm package `redis`: what is used of it, loaded when it is needed. */
import { optionalRequire } from '../../../utils/optional';

/** What is used of `redis`' client; its own type is generic over every command. */
export interface RedisClientLike {
  readonly isReady: boolean;
  connect(): Promise<unknown>;
  sendCommand(args: readonly RedisArgument[], options?: object): Promise<unknown>;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  unref(): void;
  destroy(): void;
}

/** What `redis`' cluster client has of it. */
export interface RedisClusterLike {
  connect(): Promise<unknown>;
  sendCommand(
    firstKey: RedisArgument | undefined,
    isReadonly: boolean | undefined,
    args: readonly RedisArgument[],
    options?: object,
  ): Promise<unknown>;
  on(event: 'error', listener: (error: unknown) => void): unknown;
  destroy(): void;
  readonly masters: readonly unknown[];
  nodeClient(node: unknown): RedisClientLike | Promise<RedisClientLike>;
}

export type RedisArgument = string | Buffer;

/** The npm package, when it is needed. */
export interface RedisModule {
  createClient(options: object): RedisClientLike;
  createCluster(options: object): RedisClusterLike;
  readonly RESP_TYPES: { readonly BLOB_STRING: number };
}

/**
 * The client's own package, which `redis` is a bundle of with others that a cache has no use for.
 *
 * @throws ImproperlyConfigured if neither is installed.
 */
export function loadRedis(): RedisModule {
  return optionalRequire<RedisModule>('redis', 'A Redis cache of CACHES', {
    modules: ['@redis/client', 'redis'],
  });
}

/** Whether an error is a server's reply, and not one that says that this server is of no use now. */
export function isRedisAnswer(error: Error): boolean {
  return (
    ERROR_REPLIES.has(error.constructor.name) &&
    !/^(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN)/.test(error.message)
  );
}

const ERROR_REPLIES = new Set(['ErrorReply', 'SimpleError', 'BlobError', 'MultiErrorReply']);
