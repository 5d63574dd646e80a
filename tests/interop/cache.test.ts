/** One cache, a real Django (3.2, Debian's) on the other side: each reads what the other wrote. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configure, type DatabaseSettings, overrideSettings } from 'tsango/conf';
import type { BaseCache } from 'tsango/core/cache';
import { DatabaseCache } from 'tsango/core/cache/backends/db';
import { FileBasedCache } from 'tsango/core/cache/backends/filebased';
import { PyLibMCCache, PyMemcacheCache } from 'tsango/core/cache/backends/memcached';
import { RedisCache } from 'tsango/core/cache/backends/redis';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import { dumps, loads } from 'tsango/python/pickle';
import { Decimal, PlainDate, PlainDateTime, Tuple } from 'tsango/python/types';
import { SafeString } from 'tsango/utils/safestring';
import { python } from '../support/python';
import { type OwnServer, startMemcached, startRedis } from '../support/servers';
import { describeWith, SERVICES } from '../support/services';

configure({ SECRET_KEY: 'not a secret', TIME_ZONE: 'UTC' });

/** What both sides exchange. */
const VALUES: Readonly<Record<string, unknown>> = {
  text: 'नेपाल 🎸',
  empty: '',
  int: 42,
  negative: -7,
  big: 2n ** 70n,
  float: 2.5,
  yes: true,
  no: false,
  none: null,
  bytes: Uint8Array.of(0, 255),
  list: [1, 'two', null],
  tuple: Tuple.of<unknown>(1, 'two'),
  dict: { _auth_user_id: '1', cart: { items: [{ id: 3, n: 1.5 }] } },
  ints: new Map([[1, 'one']]),
  set: new Set(['a']),
  moment: new Date('2024-02-29T12:00:00.123Z'),
  naive: new PlainDateTime(2024, 2, 29, 12, 0, 0, 5),
  date: new PlainDate(2024, 2, 29),
  decimal: Decimal.from('1.50'),
  safe: new SafeString('<b>'),
  long: 'x'.repeat(50_000),
};

interface Django {
  caches?: Readonly<Record<string, unknown>>;
  databases?: Readonly<Record<string, unknown>>;
}

type Call = [method: string, ...args: unknown[]];

/** Calls methods of Django's cache in one process; arguments and results travel as pickles. */
function django({ caches, databases }: Django, calls: readonly Call[]): unknown[] {
  const results = python<string[]>(
    `
import base64, pickle, warnings
import django
from django.conf import settings
settings.configure(CACHES={'default': data['caches']}, DATABASES=data['databases'], USE_TZ=True, SECRET_KEY='x')
django.setup()
from django.core.cache import cache
from django.core.management import call_command
result = []
for call in data['calls']:
    method, *args = pickle.loads(base64.b64decode(call))
    if method == 'call_command':
        value = call_command(*args, verbosity=0)
    else:
        try:
            value = getattr(cache, method)(*args)
        except ValueError as e:
            value = 'ValueError: %s' % e
    result.append(base64.b64encode(pickle.dumps(value)).decode())
`,
    {
      caches: caches ?? { BACKEND: 'django.core.cache.backends.dummy.DummyCache' },
      databases: databases ?? {},
      calls: calls.map((call) => dumps(call).toString('base64')),
    },
  );
  return results.map((result) => loads(Buffer.from(result, 'base64')));
}

/** The exchange itself. `likeness`: what their client cannot store as it is. */
function exchanges(
  side: () => { cache: BaseCache; theirs: Django },
  likeness: Readonly<Record<string, unknown>> = {},
): void {
  it('reads what Django wrote', async () => {
    const { cache, theirs } = side();
    django(theirs, [['clear'], ...Object.entries(VALUES).map(([key, value]): Call => ['set', key, value])]);
    const expected = { ...VALUES, ...likeness };
    for (const [key, value] of Object.entries(expected)) {
      expect([key, await cache.get(key, 'missing')]).toEqual([key, value]);
    }
    expect(await cache.getMany(Object.keys(VALUES))).toEqual(expected);
  });

  it('writes what Django reads', async () => {
    const { cache, theirs } = side();
    await cache.clear();
    for (const [key, value] of Object.entries(VALUES)) await cache.set(key, value);
    const found = django(
      theirs,
      Object.keys(VALUES).map((key): Call => ['get', key, 'missing']),
    );
    expect(Object.fromEntries(Object.keys(VALUES).map((key, i) => [key, found[i]]))).toEqual(VALUES);
    await cache.clear();
    await cache.setMany({ many: [1], more: 2 });
    expect(django(theirs, [['get_many', ['many', 'more', 'other']]])).toEqual([{ many: [1], more: 2 }]);
  });

  it('agrees on what is there, what is counted, and for how long', async () => {
    const { cache, theirs } = side();
    await cache.clear();
    await cache.set('counter', 10);
    await cache.set('ours', 'ours', 1000);
    await cache.set('versioned', 'two', undefined, { version: 2 });
    expect(
      django(theirs, [
        ['incr', 'counter', 5],
        ['decr', 'counter', 6],
        ['add', 'ours', 'theirs'],
        ['has_key', 'ours'],
        ['touch', 'ours', 2000],
        ['get', 'versioned'],
        ['get', 'versioned', null, 2],
        ['add', 'theirs', 'theirs', null],
        ['set', 'gone', 1],
        ['delete', 'gone'],
        ['set', 'expired', 1, -1],
        ['touch', 'missing'],
        ['get_or_set', 'computed', 'by them'],
      ]).map((result) => result ?? 'None'),
    ).toEqual([15, 9, false, true, true, 'None', 'two', true, 'None', true, 'None', false, 'by them']);
    expect(await cache.get('counter')).toBe(9);
    expect(await cache.incr('counter')).toBe(10);
    expect(await cache.add('theirs', 'ours')).toBe(false);
    expect(await cache.replace('theirs', 'replaced', 1000)).toBe(true);
    expect(await cache.replace('gone', 'resurrected')).toBe(false);
    expect(await cache.touch('ours', null)).toBe(true);
    expect(await cache.hasKey('expired')).toBe(false);
    expect(await cache.getOrSet('computed', () => 'by us')).toBe('by them');
    expect(await cache.update<unknown[]>('theirs2', (list = []) => [...list, 1])).toEqual([1]);
    await cache.set('expired', 1, -1);
    await cache.delete('computed');
    expect(
      django(theirs, [
        ['get', 'counter'],
        ['incr', 'counter'],
        ['get', 'theirs'],
        ['get', 'theirs2'],
        ['get', 'expired', 'expired'],
        ['get', 'computed', 'deleted'],
        ['clear'],
      ]).slice(0, 6),
    ).toEqual([10, 11, 'replaced', [1], 'expired', 'deleted']);
    expect(await cache.get('theirs')).toBeUndefined();
  });
}

describeWith('django', 'a folder shared with Django', () => {
  const folder = path.join(mkdtempSync(path.join(tmpdir(), 'cache-')), 'shared');
  afterAll(() => rmSync(path.dirname(folder), { recursive: true, force: true }));
  let cache: FileBasedCache;
  beforeAll(() => {
    cache = new FileBasedCache(folder);
  });
  const theirs = (): Django => ({
    caches: { BACKEND: 'django.core.cache.backends.filebased.FileBasedCache', LOCATION: folder },
  });
  exchanges(() => ({ cache, theirs: theirs() }));

  it('leaves no other file than Django would', () => {
    cache.set('file', 1);
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.djcache$/)]);
  });
});

const TABLE = `cache_interop_${process.pid}`;

function tableShared(title: string, ours: () => DatabaseSettings, theirs: () => object): void {
  const other = (): Django => ({
    caches: { BACKEND: 'django.core.cache.backends.db.DatabaseCache', LOCATION: TABLE },
    databases: { default: theirs() },
  });
  let restore: () => Promise<void>;
  beforeAll(async () => {
    restore = overrideSettings({ DATABASES: { default: ours() } });
    await connections.get().execute(`DROP TABLE IF EXISTS ${TABLE}`);
  });
  afterAll(async () => {
    await connections.get().execute(`DROP TABLE IF EXISTS ${TABLE}`);
    await connections.closeAll();
    await restore();
  });

  describe(`a table of Django's on ${title}`, () => {
    beforeAll(() => {
      django(other(), [['call_command', 'createcachetable']]);
    });
    exchanges(() => ({ cache: new DatabaseCache(TABLE), theirs: other() }));
  });

  describe(`a table of ours on ${title}`, () => {
    beforeAll(async () => {
      await connections.get().execute(`DROP TABLE ${TABLE}`);
      await callCommand('createcachetable', TABLE, { verbosity: 0 });
    });
    exchanges(() => ({ cache: new DatabaseCache(TABLE), theirs: other() }));
  });
}

describeWith('django', 'a database shared with Django: SQLite', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'cache-'));
  const file = path.join(folder, 'db.sqlite3');
  afterAll(() => {
    expect(existsSync(file)).toBe(true);
    rmSync(folder, { recursive: true, force: true });
  });
  tableShared(
    'SQLite',
    () => ({ ENGINE: 'better-sqlite3', NAME: file }),
    () => ({ ENGINE: 'django.db.backends.sqlite3', NAME: file }),
  );
});

describeWith(['django', 'postgresql'], 'a database shared with Django: PostgreSQL', () => {
  const { database, user, host, port } = SERVICES.postgresql;
  const where = { NAME: database, USER: user, HOST: host, PORT: port };
  tableShared(
    'PostgreSQL',
    () => ({ ENGINE: 'postgresql', ...where }),
    () => ({ ENGINE: 'django.db.backends.postgresql', ...where }),
  );
});

describeWith(['django', 'mysql'], 'a database shared with Django: MySQL', () => {
  const { database, user, password, host, port } = SERVICES.mysql;
  const where = { NAME: database, USER: user, PASSWORD: password, HOST: host, PORT: port };
  tableShared(
    'MySQL',
    () => ({ ENGINE: 'mysql', ...where }),
    () => ({ ENGINE: 'django.db.backends.mysql', ...where }),
  );
});

describeWith(['django', 'memcached'], 'memcached shared with Django', () => {
  const servers: OwnServer[] = [];
  beforeAll(async () => {
    for (let i = 0; i < 3; i++) servers.push(await startMemcached());
  });
  afterAll(async () => {
    for (const server of servers) await server.stop();
  });
  const locations = (count: number): string[] =>
    servers.slice(0, count).map(({ port }) => `127.0.0.1:${port}`);

  for (const [name, Class] of Object.entries({ PyMemcacheCache, PyLibMCCache })) {
    for (const count of [1, 3]) {
      describe(`${name}, ${count === 1 ? 'one server' : 'three servers'}`, () => {
        let cache: BaseCache;
        beforeAll(() => {
          cache = new Class(locations(count), { KEY_PREFIX: name });
        });
        afterAll(() => cache.close());
        const theirs = (): Django => ({
          caches: {
            BACKEND: `django.core.cache.backends.memcached.${name}`,
            LOCATION: locations(count),
            KEY_PREFIX: name,
          },
        });
        // pylibmc takes a safe string for a string.
        exchanges(() => ({ cache, theirs: theirs() }), name === 'PyLibMCCache' ? { safe: '<b>' } : {});

        it('looks for every key on the server that Django puts it on', async () => {
          const keys = Array.from({ length: 200 }, (_, i) => `key-${i}-${'é'.repeat(i % 5)}`);
          django(theirs(), [['set_many', Object.fromEntries(keys.map((key) => [key, key]))]]);
          expect(Object.keys(await cache.getMany(keys))).toHaveLength(keys.length);
        });
      });
    }
  }
});

describeWith(['django', 'redis-server'], 'Redis entries as Django writes them', () => {
  let server: OwnServer;
  let cache: RedisCache;
  beforeAll(async () => {
    server = await startRedis();
    cache = new RedisCache(`redis://127.0.0.1:${server.port}`, { OPTIONS: { db: 2 } });
  });
  afterAll(async () => {
    cache.close();
    await server.stop();
  });

  /** Django 3.2 has no Redis backend: this is what that of 5.2 does, with the same client. */
  function redis(calls: readonly Call[]): unknown[] {
    return python<string[]>(
      `
import base64, pickle, redis
client = redis.Redis(port=data['port'], db=2)
def dump(v): return v if type(v) is int else pickle.dumps(v, pickle.HIGHEST_PROTOCOL)
def load(b):
    try: return int(b)
    except ValueError: return pickle.loads(b)
result = []
for call in data['calls']:
    method, key, *args = pickle.loads(base64.b64decode(call))
    key = ':1:' + key
    if method == 'get':
        raw = client.get(key)
        value = None if raw is None else load(raw)
    elif method == 'set': value = client.set(key, dump(args[0]), ex=args[1] if len(args) > 1 else 300)
    elif method == 'incr': value = client.incr(key, args[0])
    elif method == 'ttl': value = client.ttl(key)
    elif method == 'raw': value = client.get(key)
    result.append(base64.b64encode(pickle.dumps(value)).decode())
`,
      { port: server.port, calls: calls.map((call) => dumps(call).toString('base64')) },
    ).map((result) => loads(Buffer.from(result, 'base64')));
  }

  it('are read', async () => {
    redis(Object.entries(VALUES).map(([key, value]): Call => ['set', key, value]));
    for (const [key, value] of Object.entries(VALUES))
      expect([key, await cache.get(key)]).toEqual([key, value]);
    expect(await cache.getMany(Object.keys(VALUES))).toEqual(VALUES);
  });

  it('are written', async () => {
    await cache.clear();
    await cache.setMany(VALUES);
    const found = redis(Object.keys(VALUES).map((key): Call => ['get', key]));
    expect(Object.fromEntries(Object.keys(VALUES).map((key, i) => [key, found[i]]))).toEqual(VALUES);
  });

  it('are integers in plain text, counted by both, and expire alike', async () => {
    await cache.set('n', 41, 1000);
    await cache.set('true', true, null);
    const found = redis([
      ['raw', 'n'],
      ['incr', 'n', 1],
      ['ttl', 'n'],
      ['ttl', 'true'],
      ['raw', 'true'],
    ]) as unknown[];
    // A second may pass before Django asks.
    const [ttl] = found.splice(2, 1) as [number];
    expect([990 < ttl, ttl <= 1000]).toEqual([true, true]);
    expect(found).toEqual([
      Uint8Array.from(Buffer.from('41')),
      42,
      -1,
      Uint8Array.from(Buffer.from('8005882e', 'hex')),
    ]);
    expect(await cache.incr('n')).toBe(43);
    const [counted, left] = redis([
      ['get', 'n'],
      ['ttl', 'n'],
    ]) as [number, number];
    expect(counted).toBe(43);
    expect([990 < left, left <= 1000]).toEqual([true, true]);
  });
});
