/** What the backends share. Django: `django.db.backends.utils`. */
import { createHash } from 'node:crypto';
import type { DatabaseSettings } from '../../conf';
import { ImproperlyConfigured } from '../../core/exceptions';
import { type OptionalPackage, optionalRequire } from '../../utils/optional';

/** Whether something is an error. Native drivers make theirs of a class that need not be this realm's `Error`. */
export function isError(value: unknown): value is Error {
  if (value === null || typeof value !== 'object') return false;
  const { name, message } = value as { name?: unknown; message?: unknown };
  return typeof name === 'string' && typeof message === 'string';
}

/**
 * Loads the driver of a database, which is an optional peer.
 *
 * @throws ImproperlyConfigured with the command that installs it.
 */
export function requireDriver<T>(
  { alias, settingsDict }: { alias: string; settingsDict: DatabaseSettings },
  name: string,
  options?: OptionalPackage<T>,
): T {
  return optionalRequire(name, `DATABASES['${alias}'] with ENGINE '${settingsDict.ENGINE}'`, options);
}

/** An entry of OPTIONS that must be a number. @throws ImproperlyConfigured naming it. */
export function numberOption(settings: DatabaseSettings, name: string, fallback: number): number {
  const value = settings.OPTIONS?.[name];
  if (value === undefined || value === null) return fallback;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
    throw new ImproperlyConfigured(
      `DATABASES: OPTIONS['${name}'] must be a number of at least 0, not ${String(value)}.`,
    );
  }
  return value;
}

/** An eight-figure digest that makes a cut or derived name unique. Django: `names_digest`, whose bytes it keeps. */
export function namesDigest(names: readonly string[], length: number): string {
  const hash = createHash('md5');
  for (const name of names) hash.update(name);
  return hash.digest('hex').slice(0, length);
}

/** Splits `"space"."table"` into the namespace and the table, both without quotes. */
export function splitIdentifier(identifier: string): [namespace: string, name: string] {
  const at = identifier.indexOf('"."');
  return at < 0
    ? ['', withoutOuterQuotes(identifier)]
    : [withoutOuterQuotes(identifier.slice(0, at)), withoutOuterQuotes(identifier.slice(at + 3))];
}

/** A name without the quotes at its ends. */
function withoutOuterQuotes(name: string): string {
  let [start, end] = [0, name.length];
  while (name[start] === '"') start += 1;
  while (end > start && name[end - 1] === '"') end -= 1;
  return name.slice(start, end);
}

/** A name without the double quotes that a table's name in Meta may carry. */
export function stripQuotes(name: string): string {
  return name.length > 1 && name.startsWith('"') && name.endsWith('"') ? name.slice(1, -1) : name;
}

/** Cuts a name to a length; a digest of the whole replaces its end. Django: `truncate_name`. */
export function truncateName(identifier: string, length: number | null, hashLength = 4): string {
  const [namespace, name] = splitIdentifier(identifier);
  if (length === null || name.length <= length) return identifier;
  const digest = namesDigest([name], hashLength);
  const cut = `${name.slice(0, length - hashLength)}${digest}`;
  return namespace ? `${namespace}"."${cut}` : cut;
}

/** How a pool of connections behaves. Times in milliseconds. */
export interface PoolOptions {
  max: number;
  min: number;
  /** Until an idle connection is closed; 0: never. */
  idleTimeout: number;
  /** Until connecting, or waiting for a free connection, fails. */
  connectTimeout: number;
}

/**
 * The pool that CONN_MAX_AGE and OPTIONS describe: `connect_timeout` in seconds, and `pool` with `max_size`,
 * `min_size`, as Django's PostgreSQL backend has them.
 */
export function poolOptions(settings: DatabaseSettings): PoolOptions {
  const pool = settings.OPTIONS?.['pool'];
  const sizes: Record<string, unknown> = pool !== null && typeof pool === 'object' ? { ...pool } : {};
  const inPool = { ...settings, OPTIONS: sizes };
  const age = settings.CONN_MAX_AGE;
  return {
    max: Math.max(1, numberOption(inPool, 'max_size', 10)),
    min: numberOption(inPool, 'min_size', 0),
    idleTimeout: age === null ? 0 : Math.round((age || 60) * 1000),
    connectTimeout: Math.round(numberOption(settings, 'connect_timeout', 10) * 1000),
  };
}
