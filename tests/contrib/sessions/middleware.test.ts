import { configure, overrideSettings, resetSettings, type Settings } from 'tsango/conf';
import { SessionInterrupted } from 'tsango/contrib/sessions';
import { STATE } from 'tsango/contrib/sessions/backends/base';
import { SessionStore } from 'tsango/contrib/sessions/backends/db';
import { SessionMiddleware } from 'tsango/contrib/sessions/middleware';
import { ImproperlyConfigured, KeyError } from 'tsango/core/exceptions';
import { connections } from 'tsango/db';
import { type HttpRequest, HttpResponse } from 'tsango/http';
import { Client, type ClientResponse } from 'tsango/test';
import { path } from 'tsango/urls';
import { captureLogs } from '../../support/logs';
import { createSessionTable, DATABASES, dropSessionTable } from '../../support/session_table';
import { SQLITE_ENGINE } from '../../support/sqlite';

type View = (request: HttpRequest) => HttpResponse | Promise<HttpResponse>;

const ok = (text = 'ok'): HttpResponse => new HttpResponse(text);
let view: View = () => ok();

const urlconf = { urlpatterns: [path('', (request) => view(request))] };

beforeAll(() => {
  resetSettings();
  configure({
    SECRET_KEY: 'a secret of the tests',
    ROOT_URLCONF: urlconf as unknown as string,
    MIDDLEWARE: ['tsango.contrib.sessions.middleware.SessionMiddleware'],
    ALLOWED_HOSTS: ['*'],
    LOGGING_CONFIG: null,
  } satisfies Partial<Settings>);
});
afterAll(resetSettings);
afterEach(() => {
  jest.useRealTimers();
});

/** The session cookie that a response sets, attribute by attribute; undefined if it sets none. */
function cookieOf(response: ClientResponse): string | undefined {
  return response.cookies.get('sessionid')?.outputString();
}

/** Sends a request to `body` as the view. */
function visit(client: Client, body: View): Promise<ClientResponse> {
  view = body;
  return client.get('/');
}

const announced = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

for (const engine of [SQLITE_ENGINE, 'sqlite3'])
  describe(`SessionMiddleware on ${engine}`, () => {
    let restore: () => Promise<void>;
    beforeAll(async () => {
      restore = overrideSettings({
        DATABASES: { default: DATABASES[engine]?.settings ?? { ENGINE: '', NAME: '' } },
      });
      await announced();
      await createSessionTable();
    });
    afterAll(async () => {
      await dropSessionTable();
      await restore();
    });

    it('gives a session that lasts over requests, in views that await nothing', async () => {
      const client = new Client();
      await visit(client, (request) => {
        request.session['name'] = 'amrit panta';
        return ok('set successfully');
      });
      const read = await visit(client, (request) => ok(`data is ${String(request.session['name'])}`));
      expect(read.text).toBe('data is amrit panta');
      await visit(client, (request) => {
        delete (request.session as Record<string, unknown>)['name'];
        return ok();
      });
      await expect(visit(client, (request) => ok(String(request.session['name'])))).rejects.toThrow(
        new KeyError('name'),
      );
    });

    it('sets the cookie that the settings ask for', async () => {
      jest.useFakeTimers({
        now: new Date('2026-11-22T17:01:00Z'),
        doNotFake: ['setImmediate', 'nextTick', 'setTimeout'],
      });
      const set: View = (request) => {
        request.session['name'] = 'amrit';
        return ok();
      };
      const response = await visit(new Client(), set);
      const key = response.cookies.get('sessionid')?.value;
      expect(key).toMatch(/^[a-z0-9]{32}$/);
      expect(cookieOf(response)?.split('; ').sort()).toEqual([
        'HttpOnly',
        'Max-Age=1209600',
        'Path=/',
        'SameSite=Lax',
        'expires=Sun, 06 Dec 2026 17:01:00 GMT',
        `sessionid=${key}`,
      ]);
      await overrideSettings(
        {
          SESSION_COOKIE_NAME: 'sid',
          SESSION_COOKIE_AGE: 60,
          SESSION_COOKIE_DOMAIN: 'example.com',
          SESSION_COOKIE_PATH: '/shop',
          SESSION_COOKIE_SECURE: true,
          SESSION_COOKIE_HTTPONLY: false,
          SESSION_COOKIE_SAMESITE: 'Strict',
        },
        async () => {
          const other = await visit(new Client(), set);
          const morsel = other.cookies.get('sid');
          expect(morsel?.outputString().split('; ').sort()).toEqual([
            'Domain=example.com',
            'Max-Age=60',
            'Path=/shop',
            'SameSite=Strict',
            'Secure',
            'expires=Sun, 22 Nov 2026 17:02:00 GMT',
            `sid=${morsel?.value}`,
          ]);
        },
      );
    });

    it('sets a cookie without expiry for a session that ends with the browser', async () => {
      const response = await visit(new Client(), (request) => {
        request.session.setExpiry(0);
        return ok();
      });
      expect(cookieOf(response)).not.toMatch(/max-age|expires/i);
      const custom = await visit(new Client(), (request) => {
        request.session.setExpiry(300);
        return ok();
      });
      expect(cookieOf(custom)).toMatch(/Max-Age=300/);
    });

    it('varies by Cookie only where the session was accessed', async () => {
      const client = new Client();
      const set = await visit(client, (request) => {
        request.session['a'] = 1;
        return ok();
      });
      expect(set.headers.get('Vary')).toBe('Cookie');
      const untouched = await visit(client, () => ok());
      expect(untouched.headers.get('Vary')).toBeUndefined();
      expect(cookieOf(untouched)).toBeUndefined();
      const read = await visit(client, (request) => ok(String('a' in request.session)));
      expect(read.headers.get('Vary')).toBe('Cookie');
      expect(cookieOf(read)).toBeUndefined();
    });

    it('saves nothing that is empty', async () => {
      const response = await visit(new Client(), (request) => ok(String(request.session.get('name'))));
      expect(cookieOf(response)).toBeUndefined();
      expect(response.headers.get('Vary')).toBe('Cookie');
    });

    it('removes the cookie of a session that was emptied', async () => {
      const client = new Client();
      await visit(client, (request) => {
        request.session['a'] = 1;
        return ok();
      });
      const response = await visit(client, async (request) => {
        await request.session.flush();
        return ok();
      });
      expect(cookieOf(response)?.split('; ').sort()).toEqual([
        'Max-Age=0',
        'Path=/',
        'SameSite=Lax',
        'expires=Thu, 01 Jan 1970 00:00:00 GMT',
        'sessionid=""',
      ]);
      expect(response.headers.get('Vary')).toBe('Cookie');
    });

    it('removes the cookie of an unknown session once it is looked at, and not before', async () => {
      const client = new Client();
      client.cookies.setValue('sessionid', 'abcdefghijklmnopqrstuvwxyz012345');
      const untouched = await visit(client, () => ok());
      expect(cookieOf(untouched)).toBeUndefined();
      expect(untouched.headers.get('Vary')).toBeUndefined();
      const read = await visit(client, (request) => ok(String(request.session.get('a'))));
      expect(cookieOf(read)).toMatch(/^sessionid="";.*Max-Age=0/);
    });

    it('does not adopt a key that a visitor made up', async () => {
      const client = new Client();
      client.cookies.setValue('sessionid', 'abcdefghijklmnopqrstuvwxyz012345');
      const response = await visit(client, (request) => {
        request.session['a'] = 1;
        return ok();
      });
      expect(response.cookies.get('sessionid')?.value).not.toBe('abcdefghijklmnopqrstuvwxyz012345');
    });

    it('does not save with a response of 500 or more', async () => {
      for (const status of [500, 503]) {
        const client = new Client();
        const response = await visit(client, (request) => {
          request.session['a'] = 1;
          return new HttpResponse('', { status });
        });
        expect(cookieOf(response)).toBeUndefined();
      }
      const teapot = await visit(new Client(), (request) => {
        request.session['a'] = 1;
        return new HttpResponse('', { status: 418 });
      });
      expect(cookieOf(teapot)).toBeDefined();
    });

    it('answers 400 where the session was deleted during the request', async () => {
      const client = new Client({ raiseRequestException: false });
      await visit(client, (request) => {
        request.session['a'] = 1;
        return ok();
      });
      let response: ClientResponse | undefined;
      const logged = await captureLogs('tsango', async () => {
        response = await visit(client, async (request) => {
          request.session['a'] = 2;
          await new SessionStore().delete(request.session.sessionKey);
          return ok();
        });
      });
      expect(response?.statusCode).toBe(400);
      expect(logged.join('\n')).toMatch(/Bad request|The request's session was deleted/);
      expect(new SessionInterrupted('x').name).toBe('SessionInterrupted');
    });

    it('waits for what the view left un-awaited', async () => {
      const client = new Client();
      await visit(client, (request) => {
        request.session['name'] = 'amrit';
        return ok();
      });
      const old = client.cookies.get('sessionid')?.value ?? '';
      await visit(client, (request) => {
        void request.session.cycleKey();
        request.session['age'] = 25;
        return ok();
      });
      const key = client.cookies.get('sessionid')?.value ?? '';
      expect(key).not.toBe(old);
      const session = new SessionStore(key);
      await session.load();
      expect({ ...session }).toEqual({ name: 'amrit', age: 25 });
      expect(await session.exists(old)).toBe(false);
      await visit(client, (request) => {
        void request.session.flush();
        return ok();
      });
      expect(await session.exists(key)).toBe(false);
    });

    it('takes the failure of what was left un-awaited for the failure of the request', async () => {
      const client = new Client({ raiseRequestException: false });
      await visit(client, (request) => {
        request.session['a'] = 1;
        return ok();
      });
      let response: ClientResponse | undefined;
      await captureLogs('tsango', async () => {
        response = await visit(client, async (request) => {
          request.session['a'] = 2;
          void request.session.delete();
          void request.session.save();
          return ok();
        });
      });
      expect(response?.statusCode).toBe(400);
      await captureLogs('tsango', async () => {
        response = await visit(client, async (request) => {
          request.session['a'] = 2;
          await request.session.delete();
          // The view knows about it: the middleware has nothing to add.
          await request.session.save().catch(() => undefined);
          await request.session.flush();
          return ok();
        });
      });
      expect(response?.statusCode).toBe(200);
    });

    it('saves changes inside of objects', async () => {
      const client = new Client();
      await visit(client, (request) => {
        request.session['cart'] = { items: [] };
        return ok();
      });
      for (const n of [1, 2]) {
        await visit(client, (request) => {
          (request.session['cart'] as { items: number[] }).items.push(n);
          return ok();
        });
      }
      const read = await visit(client, (request) => ok(JSON.stringify(request.session['cart'])));
      expect(read.text).toBe('{"items":[1,2]}');
      expect(cookieOf(read)).toBeUndefined();
    });

    it('saves every request with SESSION_SAVE_EVERY_REQUEST', async () => {
      const client = new Client();
      await visit(client, (request) => {
        request.session['a'] = 1;
        return ok();
      });
      await overrideSettings({ SESSION_SAVE_EVERY_REQUEST: true }, async () => {
        const response = await visit(client, () => ok());
        expect(cookieOf(response)).toMatch(/Max-Age=1209600/);
        expect(cookieOf(await visit(new Client(), () => ok()))).toBeUndefined();
      });
    });

    it('slides the expiry of a session that is used, once an interval', async () => {
      const start = new Date('2026-11-22T17:01:00Z').getTime();
      jest.useFakeTimers({ now: start, doNotFake: ['setImmediate', 'nextTick', 'setTimeout'] });
      await overrideSettings({ SESSION_TOUCH_INTERVAL: 60, SESSION_COOKIE_AGE: 300 }, async () => {
        const client = new Client();
        await visit(client, (request) => {
          request.session['a'] = 1;
          return ok();
        });
        const use: View = (request) => ok(String(request.session['a']));
        const touched: boolean[] = [];
        for (const seconds of [10, 59, 60, 70, 119, 120, 400, 690, 989]) {
          jest.setSystemTime(start + seconds * 1000);
          const response = await visit(client, use);
          expect(response.text).toBe('1');
          touched.push(cookieOf(response) !== undefined);
        }
        expect(touched).toEqual([false, false, true, false, false, true, true, true, true]);
        jest.setSystemTime(start + 2000 * 1000);
        expect((await visit(client, (request) => ok(String(request.session.get('a'))))).text).toBe('null');
        // A clock that is set back touches nothing.
        await visit(client, (request) => {
          request.session['a'] = 1;
          return ok();
        });
        jest.setSystemTime(start);
        expect(cookieOf(await visit(client, use))).toBeUndefined();
      });
    });

    it('runs as few statements as it says', async () => {
      const client = new Client();
      const statements = countStatements();
      await visit(client, (request) => {
        request.session['a'] = 1;
        return ok();
      });
      expect(statements()).toEqual(['INSERT']);
      await visit(client, (request) => ok(String(request.session['a'])));
      expect(statements()).toEqual(['SELECT']);
      await visit(client, (request) => {
        request.session['a'] = 2;
        return ok();
      });
      expect(statements()).toEqual(['SELECT', 'UPDATE']);
      await visit(client, () => ok());
      // A store that answers later is read before anybody knows that the view does not care.
      expect(statements()).toEqual(engine === 'sqlite3' ? ['SELECT'] : []);
      await visit(new Client(), (request) => ok(String(request.session.get('a'))));
      expect(statements()).toEqual([]);
      await visit(client, (request) => {
        void request.session.flush();
        return ok();
      });
      expect(statements().filter((verb) => verb !== 'SELECT')).toEqual(['DELETE']);
      statements.stop();
    });

    it('leaves a request alone whose session another middleware took away', async () => {
      const response = await visit(new Client(), (request) => {
        Reflect.deleteProperty(request, 'session');
        return ok();
      });
      expect(response.statusCode).toBe(200);
    });

    it('says what the store failed of, where the session is looked at, and not before', async () => {
      const client = new Client({ raiseRequestException: false });
      client.cookies.setValue('sessionid', 'abcdefghijklmnopqrstuvwxyz012345');
      const fail = jest.spyOn(SessionStore.prototype, 'doLoad').mockImplementation(() => {
        throw new Error('the database is away');
      });
      try {
        expect((await visit(client, () => ok())).statusCode).toBe(200);
        let response: ClientResponse | undefined;
        await captureLogs('tsango', async () => {
          response = await visit(client, (request) => ok(String(request.session.get('a'))));
        });
        expect(response?.statusCode).toBe(500);
        expect(String(response?.error)).toBe('Error: the database is away');
      } finally {
        fail.mockRestore();
      }
    });
  });

/** The verbs of the statements that run from now on; asking for them starts anew. */
function countStatements(): (() => string[]) & { stop(): void } {
  const verbs: string[] = [];
  // One way of running a statement may go through another.
  let depth = 0;
  const connection = connections.get() as unknown as Record<string, (...args: never[]) => unknown>;
  const spies: jest.SpyInstance[] = [];
  const statement = Object.getPrototypeOf(
    (connections.get() as { prepare(sql: string): object }).prepare('SELECT 1'),
  ) as Record<string, (...args: never[]) => unknown>;
  for (const name of ['all', 'get', 'run']) {
    const original = statement[name] as (...args: unknown[]) => unknown;
    spies.push(
      jest.spyOn(statement as never, name as never).mockImplementation(function (
        this: { sql: string },
        ...args: unknown[]
      ) {
        if (depth === 0) verbs.push(this.sql.slice(0, this.sql.indexOf(' ')));
        depth += 1;
        try {
          return original.apply(this, args) as never;
        } finally {
          depth -= 1;
        }
      } as never),
    );
  }
  if ('runNow' in connections.get()) {
    const original = connection['runNow'] as (...args: unknown[]) => unknown;
    spies.push(
      jest.spyOn(connection as never, 'runNow' as never).mockImplementation(function (
        this: unknown,
        ...args: [string]
      ) {
        if (depth === 0) verbs.push(args[0].slice(0, args[0].indexOf(' ')));
        return original.apply(this, args) as never;
      } as never),
    );
  }
  const take = (): string[] => verbs.splice(0);
  return Object.assign(take, {
    stop: () => {
      for (const spy of spies) spy.mockRestore();
    },
  });
}

describe('SESSION_ENGINE', () => {
  it('must name a module with a SessionStore', async () => {
    const make = (): SessionMiddleware => new SessionMiddleware(() => ok());
    await overrideSettings({ SESSION_ENGINE: 'tsango.contrib.sessions.backends.nothing' }, () => {
      expect(make).toThrow(ImproperlyConfigured);
      expect(make).toThrow(/^SESSION_ENGINE is 'tsango.contrib.sessions.backends.nothing'. No module named/);
    });
    await overrideSettings({ SESSION_ENGINE: 'tsango.contrib.sessions.exceptions' }, () => {
      expect(make).toThrow(
        new ImproperlyConfigured(
          "SESSION_ENGINE is 'tsango.contrib.sessions.exceptions', and that module does not export a class " +
            'SessionStore.',
        ),
      );
    });
  });

  it('may be named as in Django', async () => {
    await overrideSettings(
      { SESSION_ENGINE: 'django.contrib.sessions.backends.signed_cookies' },
      async () => {
        const client = new Client();
        await visit(client, (request) => {
          request.session['a'] = 1;
          return ok();
        });
        const read = await visit(client, (request) => ok(String(request.session['a'])));
        expect(read.text).toBe('1');
        expect(client.cookies.get('sessionid')?.value).toMatch(/^eyJhIjoxfQ:/);
        expect(read.request.session[STATE].key).toBe(client.cookies.get('sessionid')?.value);
      },
    );
  });
});
