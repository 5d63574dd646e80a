/** Django's advisories about the names that queries are made of, sessions and signatures. */
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { SessionStore as CacheStore } from 'tsango/contrib/sessions/backends/cache';
import { SessionStore } from 'tsango/contrib/sessions/backends/db';
import { Session } from 'tsango/contrib/sessions/models';
import { caches } from 'tsango/core/cache';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { Client } from 'tsango/test';
import { path } from 'tsango/urls';
import { createSessionTable, dropSessionTable } from '../support/session_table';

let view: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

beforeAll(() => {
  resetSettings();
  configure({
    SECRET_KEY: 'test',
    ALLOWED_HOSTS: ['*'],
    ROOT_URLCONF: { urlpatterns: [path('', (request: HttpRequest) => view(request))] } as never,
    MIDDLEWARE: ['tsango.contrib.sessions.middleware.SessionMiddleware'],
    DATABASES: { default: { ENGINE: 'better-sqlite3', NAME: ':memory:' } },
    INSTALLED_APPS: ['tsango.contrib.sessions'],
    LOGGING_CONFIG: null,
  });
});
afterAll(() => resetSettings());

beforeEach(createSessionTable);
afterEach(dropSessionTable);

describe('queries', () => {
  const HOSTILE = [
    'session_key"; DROP TABLE django_session; --',
    "session_key' OR 1=1 --",
    'session_key) OR (1=1',
    'session_key\n',
    'session_key\u0000',
    'session_key AS "a"',
    'session.key',
    'm.session_key',
    '_connector',
    '_negated',
    '__proto__',
    'constructor',
    'toString',
    '',
    '-',
    '1',
  ];
  const objects = Session.objects as unknown as {
    filter(names: object): PromiseLike<unknown>;
    exclude(names: object): PromiseLike<unknown>;
    orderBy(...names: string[]): PromiseLike<unknown>;
    values(...names: string[]): PromiseLike<unknown>;
    valuesList(...names: string[]): PromiseLike<unknown>;
    update(names: object): PromiseLike<unknown>;
  };
  const named = (name: string): object => Object.fromEntries([[name, 'x']]);

  it.each([
    'CVE-2021-35042',
    'CVE-2022-28346',
    'CVE-2024-42005',
    'CVE-2025-57833',
    'CVE-2025-59681',
    'CVE-2025-64459',
    'CVE-2025-13372',
    'CVE-2026-1287',
    'CVE-2026-1312',
  ])('%s: what is no field of the model gets into no statement', async (_id) => {
    for (const name of HOSTILE) {
      for (const query of [
        () => objects.filter(named(name)),
        () => objects.filter(named(`${name}__exact`)),
        () => objects.filter(named(`sessionKey__${name || 'x'}`)),
        () => objects.exclude(named(name)),
        () => objects.orderBy(name),
        () => objects.orderBy(`-${name}`),
        () => objects.values(name),
        () => objects.valuesList(name),
        () => objects.update(named(name)),
      ]) {
        const failure = await (async () => query())().then(
          () => 'none',
          (error: unknown) => String(error),
        );
        const isOwn = /^_(?:connector|negated)$/.test(name);
        expect(failure).toMatch(
          isOwn
            ? /^(?:FieldError|FieldDoesNotExist|ValueError)|^TypeError: The following kwargs are invalid/
            : /^(?:FieldError|FieldDoesNotExist|ValueError)/,
        );
      }
    }
    expect(await Session.objects.count()).toBe(0);
  });

  it('values are parameters, whatever they are', async () => {
    for (const value of ["' OR 1=1 --", '%', '_', '\\', ':p0', '?', '$1', '; DROP TABLE django_session']) {
      for (const lookup of ['exact', 'contains', 'startswith', 'iexact']) {
        expect(await objects.filter({ [`sessionKey__${lookup}`]: value })).toEqual([]);
      }
    }
  });
});

describe('sessions', () => {
  it('CVE-2026-35192: a page that sets the cookie varies on it, though the view never looked', async () => {
    const client = new Client();
    view = (request) => {
      request.session['a'] = 1;
      return new HttpResponse('ok');
    };
    await client.get('/');
    await overrideSettings({ SESSION_SAVE_EVERY_REQUEST: true }, async () => {
      view = () => new HttpResponse('public');
      const response = await client.get('/');
      expect(response.cookies.has('sessionid')).toBe(true);
      expect(response.headers.get('Vary')).toBe('Cookie');
    });
  });

  it('CVE-2015-5143: looking at a session makes no record', async () => {
    view = (request) => new HttpResponse(String(request.session.get('a')));
    const response = await new Client().get('/');
    expect([response.cookies.has('sessionid'), await Session.objects.count()]).toEqual([false, 0]);
  });

  it.each(['CVE-2015-5963', 'CVE-2015-5964'])('%s: flushing a session makes no record', async (_id) => {
    view = async (request) => {
      await request.session.flush();
      return new HttpResponse('bye');
    };
    const client = new Client();
    client.cookies.setValue('sessionid', 'abcdefghijklmnopqrstuvwxyz012345');
    await client.get('/');
    expect(await Session.objects.count()).toBe(0);
  });

  it('CVE-2011-4136: a key of the cache is no session', async () => {
    const key = 'abcdefghijklmnopqrstuvwxyz012345';
    await caches.get('default').set(key, { admin: true });
    const session = new CacheStore(key);
    await session.load();
    expect(Object.keys(session)).toEqual([]);
  });

  it('a session of the database is signed', async () => {
    const session = new SessionStore();
    session['user'] = 1;
    await session.save();
    const { sessionData } = (await Session.objects.get()) as { sessionData: string };
    const forged = `${Buffer.from('{"user":2}').toString('base64url')}${sessionData.slice(sessionData.indexOf(':'))}`;
    await Session.objects.update({ sessionData: forged } as never);
    const read = new SessionStore(session.sessionKey);
    await read.load();
    expect(Object.keys(read)).toEqual([]);
  });
});
