/**
 * A cache in a table, in Django's format: `createcachetable` makes the table, and a running Django can share it.
 * Django: `django.core.cache.backends.db`.
 *
 * Each operation is one statement where Django takes three, and atomic: writes are upserts, `update` compares and
 * swaps. The database is the default one, or the alias in `OPTIONS: { DATABASE: … }` (Django asks a router).
 */
import type { DatabaseWrapper, Row } from '../../../db';
import { dumps, loads } from '../../../python/pickle';
import { forEach, type MaybePromise, then } from '../../../utils/maybe_promise';
import { ImproperlyConfigured, ValueError } from '../../exceptions';
import { swapUntilDone } from '../swap';
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
import { batchesOf, CacheStatements } from './db_statements';

/** Django's `datetime.max` for what never expires; a day's part earlier where a zone would push it past year 9999. */
const NEVER_UTC = Date.UTC(9999, 11, 31, 23, 59, 59);
const NEVER = Date.UTC(9999, 11, 31);

export class DatabaseCache extends BaseCache {
  /** The table's name. */
  readonly table: string;
  /** The alias in DATABASES. */
  readonly database: string;
  private readonly writes = new WriteCount();
  private prepared: CacheStatements | undefined;

  /** @throws ImproperlyConfigured without a LOCATION. */
  constructor(table: string | readonly string[], params: CacheParams = {}) {
    super(params);
    if (typeof table !== 'string' || table === '') {
      throw new ImproperlyConfigured('A database cache needs a table: set LOCATION in its entry of CACHES.');
    }
    this.table = table;
    const database = params.OPTIONS?.['DATABASE'];
    this.database = typeof database === 'string' ? database : 'default';
  }

  override add(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): MaybePromise<boolean> {
    const stored = this.makeAndValidateKey(key, options);
    const text = encode(value);
    return then(this.makeRoom(), () => this.sql.add(stored, text, this.moment(timeout), new Date()));
  }

  override get<T = unknown>(key: string): MaybePromise<T | undefined>;
  override get<T = unknown, D = T>(key: string, defaultValue: D, options?: KeyOptions): MaybePromise<T | D>;
  override get(key: string, defaultValue?: unknown, options?: KeyOptions): unknown {
    const stored = this.makeAndValidateKey(key, options);
    return then(this.fetch([stored]), (rows) => {
      const value = rows[0] === undefined ? MISSING : decode(rows[0]);
      return value === MISSING ? defaultValue : value;
    });
  }

  override getMany<T = unknown>(
    keys: Iterable<string>,
    options?: KeyOptions,
  ): MaybePromise<Record<string, T>> {
    const original = new Map<string, string>();
    for (const key of keys) original.set(this.makeAndValidateKey(key, options), key);
    const found: Record<string, T> = Object.create(null);
    if (original.size === 0) return found;
    return then(this.fetch([...original.keys()]), (rows) => {
      for (const row of rows) {
        const key = original.get(row['cache_key'] as string);
        const value = decode(row);
        if (key !== undefined && value !== MISSING) found[key] = value as T;
      }
      return found;
    });
  }

  override set(key: string, value: unknown, timeout?: Timeout, options?: KeyOptions): MaybePromise<void> {
    const stored = this.makeAndValidateKey(key, options);
    const text = encode(value);
    return then(this.makeRoom(), () => this.sql.upsert(stored, text, this.moment(timeout)));
  }

  override replace(
    key: string,
    value: unknown,
    timeout?: Timeout,
    options?: KeyOptions,
  ): MaybePromise<boolean> {
    const stored = this.makeAndValidateKey(key, options);
    return this.sql.replace(stored, encode(value), this.moment(timeout), new Date());
  }

  override update<T = unknown>(
    key: string,
    change: (current: T | undefined) => T | undefined,
    options: UpdateOptions = {},
  ): MaybePromise<T | undefined> {
    const stored = this.makeAndValidateKey(key, options);
    return this.swap<T>(stored, (current, _row) => {
      const value = change(current === MISSING ? undefined : (current as T));
      return value === undefined ? undefined : { value, expires: this.moment(options.timeout) };
    });
  }

  override incr(key: string, delta = 1, options?: KeyOptions): MaybePromise<number> {
    const stored = this.makeAndValidateKey(key, options);
    const sum = this.swap<number>(stored, (current, row) => {
      if (current === MISSING || row === undefined) throw new ValueError(`Key '${key}' not found`);
      return {
        value: addNumbers(key, current, delta),
        expires: this.connection.ops.toDatetime(row['expires']),
      };
    });
    return sum as MaybePromise<number>;
  }

  override touch(key: string, timeout?: Timeout, options?: KeyOptions): MaybePromise<boolean> {
    return this.sql.touch(this.makeAndValidateKey(key, options), this.moment(timeout), new Date());
  }

  override hasKey(key: string, options?: KeyOptions): MaybePromise<boolean> {
    return this.sql.exists(this.makeAndValidateKey(key, options), new Date());
  }

  override delete(key: string, options?: KeyOptions): MaybePromise<boolean> {
    return this.sql.delete([this.makeAndValidateKey(key, options)]);
  }

  override deleteMany(keys: Iterable<string>, options?: KeyOptions): MaybePromise<void> {
    const stored = [...keys].map((key) => this.makeAndValidateKey(key, options));
    return forEach(batchesOf(stored), (batch) => this.sql.delete(batch));
  }

  override clear(): MaybePromise<void> {
    return this.sql.clear();
  }

  override get transactions(): DatabaseWrapper {
    return this.connection;
  }

  /** Loaded late, because the database stands above the cache and may not be used at all. */
  private get connection(): DatabaseWrapper {
    const { connections } = require('../../../db') as typeof import('../../../db');
    return connections.get(this.database);
  }

  private get sql(): CacheStatements {
    const { connection } = this;
    if (this.prepared?.connection !== connection) {
      this.prepared = new CacheStatements(connection, this.table);
    }
    return this.prepared;
  }

  /** The live rows of those stored keys; the expired ones are deleted. */
  private fetch(keys: readonly string[]): MaybePromise<Row[]> {
    if (keys.length === 1) return this.fetchBatch(keys);
    const rows: Row[] = [];
    return then(
      forEach(batchesOf(keys), (batch) => then(this.fetchBatch(batch), (found) => rows.push(...found))),
      () => rows,
    );
  }

  private fetchBatch(keys: readonly string[]): MaybePromise<Row[]> {
    const { sql } = this;
    return then(sql.select(keys), (rows) => {
      const now = new Date();
      const live = rows.filter((row) => sql.connection.ops.toDatetime(row['expires']) >= now);
      if (live.length === rows.length) return live;
      const expired = rows.filter((row) => !live.includes(row)).map((row) => row['cache_key'] as string);
      return then(
        forEach(batchesOf(expired), (batch) => sql.deleteExpired(batch, now)),
        () => live,
      );
    });
  }

  /** Compares and swaps until no other writer came in between; this process' own writers queue. */
  private swap<T>(
    stored: string,
    make: (current: unknown, row: Row | undefined) => { value: T; expires: Date } | undefined,
  ): MaybePromise<T | undefined> {
    const once = (): MaybePromise<{ value: T | undefined } | undefined> =>
      then(this.fetch([stored]), ([row]) => {
        const made = make(row === undefined ? MISSING : decode(row), row);
        if (made === undefined) return { value: undefined };
        const text = encode(made.value);
        const written =
          row === undefined
            ? then(this.makeRoom(), () => this.sql.add(stored, text, made.expires, new Date()))
            : this.sql.swap(stored, row['value'] as string, text, made.expires);
        // MySQL can count a row that it did not have to change as none.
        return then(written, (done) => (done || text === row?.['value'] ? { value: made.value } : undefined));
      });
    return this.serially(stored, () => swapUntilDone(stored, once));
  }

  /** When an entry expires: in whole seconds, as Django stores it, and never too early. */
  private moment(timeout: Timeout): Date {
    const { storedTimeZone } = this.connection.ops;
    const never = storedTimeZone === 'UTC' ? NEVER_UTC : NEVER;
    const seconds = this.getBackendTimeout(timeout);
    if (seconds === null) return new Date(never);
    const whole = seconds > Date.now() / 1000 ? Math.ceil(seconds) : Math.floor(seconds);
    return new Date(Math.max(0, Math.min(whole * 1000, never)));
  }

  private makeRoom(): MaybePromise<void> {
    if (!this.writes.due()) return undefined;
    const { sql } = this;
    return then(sql.count(), (entries) => {
      if (entries <= this.maxEntries) {
        this.writes.room(this.maxEntries - entries + 1);
        return undefined;
      }
      if (this.cullFrequency === 0) return sql.clear();
      return then(sql.purge(new Date()), () =>
        then(sql.count(), (left) =>
          left > this.maxEntries ? sql.cull(Math.floor(left / this.cullFrequency)) : undefined,
        ),
      );
    });
  }
}

function encode(value: unknown): string {
  return dumps(value).toString('base64');
}

/** The value of a row, or `MISSING` if it cannot be read. */
function decode(row: Row): unknown {
  const value = readEntry(String(row['cache_key']), () => loads(Buffer.from(String(row['value']), 'base64')));
  return value === UNREADABLE ? MISSING : value;
}
