/** What happens to sessions when what keeps them fails: the real thing, killed, stopped, full or set back. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { configure, overrideSettings, resetSettings, type Settings } from 'tsango/conf';
import { sessionStore } from 'tsango/contrib/sessions';
import { caches } from 'tsango/core/cache';
import { connections } from 'tsango/db';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { Client, type ClientResponse } from 'tsango/test';
import { path as route } from 'tsango/urls';
import { captureLogs } from '../../support/logs';
import { type OwnServer, startRedis } from '../../support/servers';
import { describeWith } from '../../support/services';
import { engineName } from '../../support/session_stores';
import { createSessionTable, DATABASES, dropSessionTable } from '../../support/session_table';
import { SQLITE_ENGINE } from '../../support/sqlite';

type View = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;
const ok = (text = 'ok'): HttpResponse => new HttpResponse(text);
let view: View = () => ok();

beforeAll(() => {
  resetSettings();
  configure({
    SECRET_KEY: 'a secret of the tests',
    ROOT_URLCONF: { urlpatterns: [route('', (request) => view(request))] } as unknown as string,
    MIDDLEWARE: ['tsango.contrib.sessions.middleware.SessionMiddleware'],
    ALLOWED_HOSTS: ['*'],
    LOGGING_CONFIG: null,
  });
});
afterAll(resetSettings);

const visitor = (): Client => new Client({ raiseRequestException: false });

function visit(client: Client, body: View): Promise<ClientResponse> {
  view = body;
  return client.get('/');
}

const set =
  (key: string, value: unknown): View =>
  (request) => {
    request.session[key] = value;
    return ok();
  };
const get =
  (key: string): View =>
  (request) =>
    ok(JSON.stringify(request.session.get(key)));

/** A visit, and what it logged. */
async function logged(
  body: () => Promise<ClientResponse>,
): Promise<{ response: ClientResponse; logs: string[] }> {
  let response: ClientResponse | undefined;
  const logs = await captureLogs('tsango', async () => {
    response = await body();
  });
  if (response === undefined) throw new Error('no response');
  return { response, logs };
}

const announced = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));

/** Visits until the answer is no error: a client waits a moment before it connects again. */
async function eventually(body: () => Promise<ClientResponse>): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const { response } = await logged(body);
    if (response.statusCode === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('It did not recover within five seconds.');
}

/** Changes settings while the tests of a block run; with a session table where that is asked for. */
function withSettings(values: () => Partial<Settings>, options: { table: boolean }): void {
  let restore: () => Promise<void>;
  beforeAll(async () => {
    restore = overrideSettings(values());
    await announced();
    if (options.table) await createSessionTable();
  });
  afterAll(async () => {
    if (options.table) await dropSessionTable();
    await connections.closeAll();
    await restore();
  });
}

describeWith('redis-server', 'Redis', () => {
  let server: OwnServer;
  const SHORT = { socket_timeout: 0.3, socket_connect_timeout: 0.3 };
  beforeAll(async () => {
    server = await startRedis();
  });
  afterAll(async () => {
    await caches.closeAll();
    await server.stop();
  });
  const caching = () => ({
    default: {
      BACKEND: 'django.core.cache.backends.redis.RedisCache',
      LOCATION: `redis://127.0.0.1:${server.port}`,
      OPTIONS: SHORT,
    },
  });

  describe('under the engine cache', () => {
    withSettings(() => ({ SESSION_ENGINE: engineName('cache'), CACHES: caching() }), { table: false });

    it('killed in the middle of a request: the request fails, says so, and the next ones work again', async () => {
      const client = visitor();
      await visit(client, set('name', 'amrit'));
      const killed = await logged(() =>
        visit(client, async (request) => {
          expect(request.session['name']).toBe('amrit');
          await server.stop();
          request.session['name'] = 'lost';
          return ok();
        }),
      );
      expect(killed.response.statusCode).toBe(500);
      expect(killed.logs.join('\n')).toMatch(/ERROR:tsango\.request:Internal Server Error: \//);
      const down = await logged(() => visit(client, get('name')));
      expect([down.response.statusCode, down.response.text]).toEqual([200, 'null']);
      expect(down.logs.join('\n')).toMatch(
        /tsango\.contrib\.sessions:Error reading the session from the cache/,
      );
      await server.start();
      const fresh = visitor();
      await eventually(() => visit(fresh, set('name', 'again')));
      expect((await visit(fresh, get('name'))).text).toBe('"again"');
    });

    it('that does not answer costs its timeout and no more', async () => {
      const client = visitor();
      await eventually(() => visit(client, set('name', 'amrit')));
      await server.pause();
      try {
        const started = performance.now();
        const { response } = await logged(() => visit(client, get('name')));
        expect(performance.now() - started).toBeLessThan(3000);
        expect(response.statusCode).toBe(200);
      } finally {
        server.signal('SIGCONT');
      }
    });
  });

  describe('under the engine cached_db', () => {
    withSettings(
      () => ({
        SESSION_ENGINE: engineName('cached_db'),
        CACHES: caching(),
        DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
      }),
      { table: true },
    );

    it('killed in the middle of a request: nobody notices', async () => {
      const client = visitor();
      await visit(client, set('name', 'amrit'));
      const { response } = await logged(() =>
        visit(client, async (request) => {
          await server.stop();
          request.session['name'] = 'kept';
          return ok();
        }),
      );
      expect(response.statusCode).toBe(200);
      await logged(async () => {
        expect((await visit(client, get('name'))).text).toBe('"kept"');
        await visit(client, async (request) => {
          await request.session.cycleKey();
          return ok();
        });
        return visit(client, set('more', 1));
      });
      await server.start();
      await logged(async () => {
        expect((await visit(client, get('name'))).text).toBe('"kept"');
        return visit(client, get('more'));
      });
    });

    it('forgets, when it is back, the sessions that ended while it was away', async () => {
      const client = visitor();
      await visit(client, set('name', 'amrit'));
      const key = client.cookies.get('sessionid')?.value ?? '';
      await logged(async () => {
        await visit(client, get('name'));
        await server.pause();
        const response = await visit(client, async (request) => {
          await request.session.flush();
          return ok();
        });
        server.signal('SIGCONT');
        return response;
      });
      const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 5000);
      const stranger = visitor();
      stranger.cookies.setValue('sessionid', key);
      for (let tries = 0; tries < 3; tries++) {
        expect((await visit(stranger, get('name'))).text).toBe('null');
        stranger.cookies.setValue('sessionid', key);
        await announced();
      }
      now.mockRestore();
    });
  });
});

describeWith('postgresql', 'PostgreSQL', () => {
  const application = `tsango_faults_${process.pid}`;
  withSettings(
    () => {
      const settings = DATABASES['postgresql']?.settings;
      if (!settings) throw new Error('no PostgreSQL');
      return {
        SESSION_ENGINE: engineName('db'),
        DATABASES: {
          default: { ...settings, OPTIONS: { ...settings.OPTIONS, application_name: application } },
          admin: { ...settings, OPTIONS: { application_name: `${application}_admin` } },
        },
      };
    },
    { table: true },
  );

  /** Ends every connection of the site at the server, as a restart does. */
  async function endConnections(): Promise<void> {
    await connections
      .get('admin')
      .execute('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = ?', [
        application,
      ]);
  }

  it('whose connections end between two requests is connected again', async () => {
    const client = visitor();
    await visit(client, set('name', 'amrit'));
    for (let n = 0; n < 3; n++) {
      await endConnections();
      await announced();
      const { response } = await logged(() => visit(client, get('name')));
      expect([response.statusCode, response.text]).toEqual([200, '"amrit"']);
    }
  });

  it('whose connections end in the middle of a request fails that one at most', async () => {
    const client = visitor();
    await visit(client, set('name', 'amrit'));
    const { response, logs } = await logged(() =>
      visit(client, async (request) => {
        request.session['name'] = 'changed';
        await endConnections();
        return ok();
      }),
    );
    expect([200, 500]).toContain(response.statusCode);
    if (response.statusCode === 500) expect(logs.join('\n')).toMatch(/tsango\.request:Internal Server Error/);
    await announced();
    const expected = response.statusCode === 200 ? '"changed"' : '"amrit"';
    expect((await visit(client, get('name'))).text).toBe(expected);
    await visit(client, set('name', 'later'));
    expect((await visit(client, get('name'))).text).toBe('"later"');
  });

  const restart = process.env['PG_RESTART_COMMAND'];
  (restart === undefined ? it.skip : it)(
    `restarted comes back${restart === undefined ? ' (skipped: PG_RESTART_COMMAND is not set)' : ''}`,
    async () => {
      const client = visitor();
      await visit(client, set('name', 'amrit'));
      execFileSync('/bin/sh', ['-c', restart ?? ''], { stdio: 'ignore' });
      await logged(() => visit(client, get('name')));
      expect((await visit(client, get('name'))).text).toBe('"amrit"');
    },
    60_000,
  );
});

/** A file system of 64 kB; undefined where this process may not mount one. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(path.join(tmpdir(), 'small-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmdirSync(folder);
    return undefined;
  }
}

describe('a full disk', () => {
  const folder = smallDisk();
  const given = folder === undefined ? it.skip : it;
  withSettings(() => ({ SESSION_ENGINE: engineName('file'), SESSION_FILE_PATH: folder ?? null }), {
    table: false,
  });
  afterAll(() => {
    if (folder === undefined) return;
    execFileSync('umount', [folder], { stdio: 'ignore' });
    rmdirSync(folder);
  });

  given('fails the request, keeps what was stored, and works again when there is room', async () => {
    const client = visitor();
    await visit(client, set('name', 'amrit'));
    const filler = path.join(folder ?? '', 'filler');
    writeFileSync(filler, '');
    expect(() => writeFileSync(filler, Buffer.alloc(100_000))).toThrow(/ENOSPC/);
    const { response, logs } = await logged(() => visit(client, set('name', 'lost'.repeat(3000))));
    expect(response.statusCode).toBe(500);
    expect(String(response.error)).toMatch(/ENOSPC/);
    expect(logs.join('\n')).toMatch(/tsango\.request:Internal Server Error/);
    expect((await visit(client, get('name'))).text).toBe('"amrit"');
    writeFileSync(filler, '');
    await visit(client, set('name', 'again'));
    expect((await visit(client, get('name'))).text).toBe('"again"');
  });
});

describe('a clock that is set back', () => {
  afterEach(() => {
    jest.useRealTimers();
  });
  withSettings(
    () => ({
      DATABASES: { default: { ENGINE: SQLITE_ENGINE, NAME: ':memory:' } },
      CACHES: { default: { BACKEND: 'tsango.core.cache.backends.locmem.LocMemCache', LOCATION: 'clock' } },
    }),
    { table: true },
  );

  it.each(['db', 'signed_cookies', 'cache', 'cached_db'])(
    'leaves sessions as they are: %s',
    async (engine) => {
      await overrideSettings({ SESSION_ENGINE: engineName(engine) }, async () => {
        const start = new Date('2026-11-22T17:01:00Z').getTime();
        jest.useFakeTimers({
          now: start,
          doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'],
        });
        const client = visitor();
        await visit(client, set('name', 'amrit'));
        jest.setSystemTime(start - 86_400_000);
        expect((await visit(client, get('name'))).text).toBe('"amrit"');
        await visit(client, set('more', 1));
        jest.setSystemTime(start);
        expect((await visit(client, get('name'))).text).toBe('"amrit"');
        expect((await visit(client, get('more'))).text).toBe('1');
        expect(await sessionStore().clearExpired()).toBe(0);
      });
    },
  );
});
