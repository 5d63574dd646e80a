/** A site's tests never touch the site's data: databases, caches and files. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setup } from 'tsango';
import { apps } from 'tsango/apps';
import { configure, type DatabaseSettings, resetSettings, type Settings, settings } from 'tsango/conf';
import { Session } from 'tsango/contrib/sessions/models';
import { caches } from 'tsango/core/cache';
import { storages } from 'tsango/core/files/storage';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import {
  setupDatabases,
  setupTestEnvironment,
  teardownDatabases,
  teardownTestEnvironment,
  useTestEnvironment,
} from 'tsango/test';
import { type Engine, scratchDatabase } from '../support/databases';
import { describeWith, SERVICES } from '../support/services';
import { SQLITE_ENGINE, SQLITE_ENGINES } from '../support/sqlite';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'site-'));
});
afterEach(async () => {
  await teardownDatabases();
  await teardownTestEnvironment();
  await connections.reset();
  await caches.closeAll();
  resetSettings();
  rmSync(folder, { recursive: true, force: true });
});

function site(values: Partial<Settings>): void {
  configure({ SECRET_KEY: 'x', INSTALLED_APPS: ['tsango.contrib.sessions'], USE_TZ: true, ...values });
  if (!apps.ready) setup();
}

const inTheFuture = new Date('2100-01-01T00:00:00Z');
const keys = async (): Promise<string[]> =>
  (await Session.objects.orderBy('pk')).map(({ sessionKey }) => sessionKey as string);
const addSession = (sessionKey: string): Promise<unknown> =>
  Session.objects.create({ sessionKey, sessionData: '', expireDate: inTheFuture });

/** A site with a row in its own database. */
async function withRow(database: DatabaseSettings, more: Partial<Settings> = {}): Promise<void> {
  site({ DATABASES: { default: database }, ...more });
  await callCommand('migrate', { verbosity: 0 });
  await addSession('the-row-of-the-site');
  expect(await keys()).toEqual(['the-row-of-the-site']);
}

function keepsApart(engine: Engine): void {
  const database = scratchDatabase(engine);

  it('tests write into a database of their own, which is gone afterwards', async () => {
    await withRow(database);
    await setupDatabases();
    const { NAME } = settings.DATABASES['default'] as DatabaseSettings;
    expect(NAME).toBe(
      engine.includes('sqlite') ? ':memory:' : `test_${database.NAME}_${process.env['JEST_WORKER_ID']}`,
    );
    expect(await keys()).toEqual([]);
    await addSession('a-row-of-the-tests');
    await teardownDatabases();
    expect(settings.DATABASES['default']).toMatchObject({ NAME: database.NAME });
    expect(await keys()).toEqual(['the-row-of-the-site']);
    // What an earlier run left is no reason to fail, and has nothing in it afterwards.
    await setupDatabases({ keepdb: true });
    await addSession('left-behind');
    await teardownDatabases();
    await setupDatabases();
    expect(await keys()).toEqual([]);
    if (!engine.includes('sqlite')) {
      await teardownDatabases();
      const sql = engine === 'mysql' ? 'SHOW DATABASES' : 'SELECT datname FROM pg_database';
      const { rows } = await connections.get().execute(sql);
      expect(rows.map((row) => Object.values(row)[0])).not.toContain(NAME);
    }
  });
}

for (const engine of SQLITE_ENGINES) describeWith(engine, engine, () => keepsApart(engine));
describeWith('postgresql', 'postgresql', () => keepsApart('postgresql'));
describeWith('mysql', 'mysql', () => keepsApart('mysql'));

describe('several aliases', () => {
  const file = (name: string): DatabaseSettings => ({
    ENGINE: SQLITE_ENGINE,
    NAME: path.join(folder, name),
  });

  it('have a database each; a mirror and a second name of the same share one', async () => {
    site({
      DATABASES: {
        default: file('a'),
        reports: { ...file('b'), TEST: { NAME: path.join(folder, 'test-b') } },
        copy: { ...file('a'), TEST: { MIRROR: 'default' } },
      },
    });
    await setupDatabases();
    const count = async (alias: string): Promise<number> => Session.objects.using(alias).count();
    await Session.objects
      .using('reports')
      .create({ sessionKey: 'r', sessionData: '', expireDate: inTheFuture });
    expect([await count('default'), await count('reports')]).toEqual([0, 1]);
    expect(settings.DATABASES['copy']).toEqual(settings.DATABASES['default']);
    const name = path.join(folder, `test-b_${process.env['JEST_WORKER_ID']}`);
    expect(existsSync(name)).toBe(true);
    await teardownDatabases();
    // None of the site's own was even opened.
    expect(readdirSync(folder)).toEqual([]);
  });

  it('are made in the order of their dependencies; a circle is named', async () => {
    site({
      DATABASES: {
        default: { ...file('a'), TEST: { DEPENDENCIES: ['b'] } },
        b: { ...file('b'), TEST: { DEPENDENCIES: ['default'] } },
      },
    });
    await expect(setupDatabases()).rejects.toThrow("Circular dependency in TEST['DEPENDENCIES']");
  });

  it('can do without migrations', async () => {
    site({ DATABASES: { default: { ...file('a'), TEST: { MIGRATE: false } } } });
    await setupDatabases();
    expect(await Session.objects.count()).toBe(0);
    const { rows } = await connections.get().execute('SELECT app FROM django_migrations');
    expect(rows).toEqual([]);
  });

  it('cannot be set up twice', async () => {
    site({ DATABASES: { default: file('a') } });
    await setupDatabases();
    await expect(setupDatabases()).rejects.toThrow('setupDatabases() was already called');
  });
});

describe('caches and files', () => {
  it('are the tests’ own, and gone afterwards', async () => {
    const media = path.join(folder, 'media');
    site({
      DEBUG: true,
      CACHES: {
        default: {
          BACKEND: 'tsango.core.cache.backends.filebased.FileBasedCache',
          LOCATION: path.join(folder, 'cache'),
        },
        memory: { BACKEND: 'django.core.cache.backends.locmem.LocMemCache' },
        remote: { BACKEND: 'django.core.cache.backends.memcached.PyMemcacheCache', LOCATION: '127.0.0.1:1' },
      },
      MEDIA_ROOT: media,
      SESSION_FILE_PATH: folder,
    });
    await caches.get('default').set('key', 'the site’s');
    await setupTestEnvironment();
    expect(settings.DEBUG).toBe(false);
    expect(settings.ALLOWED_HOSTS).toContain('testserver');
    for (const alias of ['default', 'memory', 'remote']) {
      expect(await caches.get(alias).get('key')).toBeUndefined();
      await caches.get(alias).set('key', 'the tests’');
      expect(await caches.get(alias).get('key')).toBe('the tests’');
      await caches.get(alias).clear();
    }
    const name = await storages.get('default').save('a.txt', Buffer.from('x') as never);
    const written = storages.get('default').path(name);
    expect(written.startsWith(media)).toBe(false);
    expect(settings.SESSION_FILE_PATH).not.toBe(folder);
    await expect(setupTestEnvironment()).rejects.toThrow('setupTestEnvironment() was already called');
    await teardownTestEnvironment();
    expect(existsSync(written)).toBe(false);
    expect(settings.DEBUG).toBe(true);
    expect(await caches.get('default').get('key')).toBe('the site’s');
    expect(existsSync(media)).toBe(false);
  });

  describeWith('redis', 'Redis', () => {
    it('has a prefix of the run; clear() clears nothing else', async () => {
      const LOCATION = `redis://${SERVICES.redis.host}:${SERVICES.redis.port}/9`;
      // Brackets are a pattern to Redis.
      const KEY_PREFIX = `shop${process.pid}[1]`;
      site({
        CACHES: {
          default: {
            BACKEND: 'django.core.cache.backends.redis.RedisCache',
            LOCATION,
            KEY_PREFIX,
          },
        },
      });
      const cache = (): ReturnType<typeof caches.get> => caches.get('default');
      await cache().set('basket', 'the site’s');
      await setupTestEnvironment();
      expect(await cache().get('basket')).toBeUndefined();
      await cache().set('basket', 'the tests’');
      await cache().clear();
      expect(await cache().get('basket')).toBeUndefined();
      await cache().set('left', 1);
      await teardownTestEnvironment();
      expect(await cache().get('basket')).toBe('the site’s');
      const { createClient } = require('redis') as typeof import('redis');
      const client = createClient({ url: LOCATION });
      await client.connect();
      expect(await client.keys(`*shop${process.pid}*`)).toEqual([`${KEY_PREFIX}:1:basket`]);
      await client.del(`${KEY_PREFIX}:1:basket`);
      client.destroy();
    });
  });
});

describe('useTestEnvironment', () => {
  it('refuses the site’s own databases until the test databases are there', () => {
    site({ DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: path.join(folder, 'site.sqlite3') } } });
    const { beforeAll, beforeEach, afterAll } = globalThis;
    try {
      const hooks = { beforeAll: () => undefined, beforeEach: () => undefined, afterAll: () => undefined };
      Object.assign(globalThis, hooks);
      useTestEnvironment();
      expect(() => connections.get()).toThrow('The tests would use the site’s own database');
      Object.assign(globalThis, { beforeAll: undefined });
      expect(() => useTestEnvironment()).toThrow(
        'There are no beforeAll, beforeEach, afterEach and afterAll here.',
      );
    } finally {
      Object.assign(globalThis, { beforeAll, beforeEach, afterAll });
      connections.forbid(null);
    }
    writeFileSync(path.join(folder, 'site.sqlite3'), '');
    expect(connections.get()).toBeDefined();
  });
});
