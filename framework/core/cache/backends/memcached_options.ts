/** OPTIONS and LOCATION of the memcached caches: what pymemcache and pylibmc take, as far as it means something here. */
import { ImproperlyConfigured } from '../../exceptions';
import type { Timeouts } from '../server_connection';
import type { ServerAddress } from './memcached_protocol';

/** Options of the Python clients that change nothing that a site would see. */
const IGNORED = new Set([
  'MAX_ENTRIES',
  'CULL_FREQUENCY',
  'allow_unicode_keys',
  'binary',
  'dead_timeout',
  'default_noreply',
  'encoding',
  'ignore_exc',
  'max_pool_size',
  'no_delay',
  'pool_idle_timeout',
  'retry_attempts',
  'retry_timeout',
  'serde',
  'socket_keepalive',
  'use_pooling',
]);

/**
 * The timeouts; the Python clients' names, in seconds.
 *
 * @throws ImproperlyConfigured naming an option that is unknown, or would put keys on other servers than here.
 */
export function parseTimeouts(options: Readonly<Record<string, unknown>>): Timeouts {
  for (const [name, value] of Object.entries(options)) {
    if (name === 'connect_timeout' || name === 'timeout') {
      if (typeof value !== 'number' || !(value > 0)) {
        throw new ImproperlyConfigured(
          `The option '${name}' of a memcached cache in CACHES must be a number of seconds.`,
        );
      }
    } else if (name === 'behaviors') checkBehaviors(value);
    else if (!IGNORED.has(name)) {
      throw new ImproperlyConfigured(
        `A memcached cache in CACHES has the option '${name}', which is not supported. OPTIONS takes ` +
          'connect_timeout and timeout, in seconds.',
      );
    }
  }
  return {
    connect: ((options['connect_timeout'] as number | undefined) ?? 2) * 1000,
    command: ((options['timeout'] as number | undefined) ?? 5) * 1000,
  };
}

function checkBehaviors(behaviors: unknown): void {
  for (const [name, value] of Object.entries((behaviors ?? {}) as Record<string, unknown>)) {
    if (
      /^(?:ketama|hash|distribution|num_replicas)/.test(name) &&
      value &&
      value !== 'default' &&
      value !== 'modula'
    ) {
      throw new ImproperlyConfigured(
        `The behavior '${name}' of a memcached cache in CACHES is not supported: keys would be looked for on other ` +
          'servers than Django puts them on. Leave it out on both sides.',
      );
    }
  }
}

/** The servers of a LOCATION: `host:port`, `unix:/path` or `/path`, separated by `,` or `;`, or a list of them. */
export function parseServers(location: string | readonly string[]): string[] {
  const servers = (typeof location === 'string' ? location.split(/[;,]/) : [...location]).map((s) =>
    s.trim(),
  );
  if (servers.length === 0 || servers.includes('')) {
    throw new ImproperlyConfigured(
      'A memcached cache needs a server: set LOCATION in its entry of CACHES, like 127.0.0.1:11211.',
    );
  }
  return servers;
}

/** @throws ImproperlyConfigured if the port is no number. */
export function parseAddress(server: string): ServerAddress {
  const path = server.startsWith('unix:') ? server.slice(5) : server;
  if (path.startsWith('/')) return { path };
  const colon = server.endsWith(']') ? -1 : server.lastIndexOf(':');
  const host = (colon < 0 ? server : server.slice(0, colon)).replace(/^\[(.*)\]$/, '$1');
  const port = colon < 0 ? 11211 : Number(server.slice(colon + 1));
  if (!Number.isInteger(port) || port < 1 || port > 65535) {
    throw new ImproperlyConfigured(
      `A memcached cache in CACHES has the server '${server}', whose port is no port.`,
    );
  }
  return { host, port };
}
