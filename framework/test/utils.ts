/**
 * A world of their own for tests: databases that are made and dropped, caches and files that are nobody else's.
 *
 * Django: `django.test.utils`; https://docs.djangoproject.com/en/5.2/topics/testing/advanced/#module-django.test.utils
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type CacheSettings, overrideSettings, type Settings, type StorageSettings, settings } from '../conf';
import { canonicalName } from '../utils/module_loading';

interface Environment {
  folder: string;
  prefix: string;
  restore(): Promise<void>;
}

let environment: Environment | undefined;

/** Whether `setupTestEnvironment` was called, and not taken back. */
export function inTestEnvironment(): boolean {
  return environment !== undefined;
}

/**
 * Turns DEBUG off, lets the test client's host in, and gives the site caches and folders for files of the tests' own:
 *
 * - Redis: keys with a prefix of this run, and `clear()` clears those alone. Memcached and clusters, which cannot do
 *   that, are replaced by a cache in memory; caches in files and in memory get a place of their own; those in the database are in
 *   the test database.
 * - Mail is not sent: it is in `outbox` of `tsango/core/mail`.
 * - MEDIA_ROOT, storages that name a folder, and session files are in a temporary folder.
 *
 * Take it back with `teardownTestEnvironment`. Django: `setup_test_environment`.
 *
 * @throws Error if it is called twice.
 */
export async function setupTestEnvironment({ debug = false }: { debug?: boolean } = {}): Promise<void> {
  if (environment !== undefined) {
    throw new Error(
      'setupTestEnvironment() was already called and can’t be called again without first calling ' +
        'teardownTestEnvironment().',
    );
  }
  const folder = mkdtempSync(path.join(os.tmpdir(), 'tsango-tests-'));
  const prefix = `test-${process.pid}-${randomBytes(4).toString('hex')}`;
  const values: Partial<Settings> = {
    DEBUG: debug,
    ALLOWED_HOSTS: [...settings.ALLOWED_HOSTS, 'testserver'],
    CACHES: Object.fromEntries(
      Object.entries(settings.CACHES).map(([alias, cache]) => [
        alias,
        testCache(cache, alias, prefix, folder),
      ]),
    ),
    MEDIA_ROOT: path.join(folder, 'media'),
    STORAGES: Object.fromEntries(
      Object.entries(settings.STORAGES).map(([alias, storage]) => [
        alias,
        testStorage(storage, alias, folder),
      ]),
    ),
    SESSION_FILE_PATH: folder,
    EMAIL_BACKEND: 'tsango.core.mail.backends.locmem.EmailBackend',
  };
  emptyOutbox();
  environment = { folder, prefix, restore: overrideSettings(values) };
}

/** Forgets the mail that was sent before. */
export function emptyOutbox(): void {
  const { outbox } = require('../core/mail/outbox') as typeof import('../core/mail/outbox');
  outbox.length = 0;
}

/** Takes back what `setupTestEnvironment` did, removes its files and keys, and closes the caches. */
export async function teardownTestEnvironment(): Promise<void> {
  const made = environment;
  if (made === undefined) return;
  environment = undefined;
  const { caches } = require('../core/cache') as typeof import('../core/cache');
  for (const alias of Object.keys(settings.CACHES)) {
    const { BACKEND } = settings.CACHES[alias] as CacheSettings;
    if (isBackend(BACKEND, 'redis')) await Promise.resolve(caches.get(alias).clear()).catch(() => undefined);
  }
  await caches.closeAll();
  await made.restore();
  rmSync(made.folder, { recursive: true, force: true });
}

function isBackend(backend: unknown, kind: string): boolean {
  return typeof backend === 'string' && canonicalName(backend).includes(`.cache.backends.${kind}.`);
}

function testCache(cache: CacheSettings, alias: string, prefix: string, folder: string): CacheSettings {
  const { BACKEND } = cache;
  if (isBackend(BACKEND, 'memcached') || cache.OPTIONS?.['cluster'] === true) {
    const { OPTIONS: _options, ...rest } = cache;
    return {
      ...rest,
      BACKEND: 'tsango.core.cache.backends.locmem.LocMemCache',
      LOCATION: `${prefix}-${alias}`,
    };
  }
  if (isBackend(BACKEND, 'locmem')) return { ...cache, LOCATION: `${prefix}-${alias}` };
  if (isBackend(BACKEND, 'filebased')) return { ...cache, LOCATION: path.join(folder, `cache-${alias}`) };
  const own = { ...cache, KEY_PREFIX: `${prefix}-${cache.KEY_PREFIX ?? ''}` };
  return isBackend(BACKEND, 'redis')
    ? { ...own, OPTIONS: { ...cache.OPTIONS, clear_prefix_only: true } }
    : own;
}

function testStorage(storage: StorageSettings, alias: string, folder: string): StorageSettings {
  if (alias === 'staticfiles' || storage.OPTIONS?.['location'] === undefined) return storage;
  return { ...storage, OPTIONS: { ...storage.OPTIONS, location: path.join(folder, alias) } };
}
