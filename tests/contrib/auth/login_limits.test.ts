/** How many log-ins may fail, and how many are worked on at once. */
import '../../db/settings';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import { join } from 'node:path';
import { type CacheSettings, overrideSettings, type Settings } from 'tsango/conf';
import { authenticate, forgetLoginFailures, TooManyLoginFailures, TooManyLogins } from 'tsango/contrib/auth';
import { BaseBackend } from 'tsango/contrib/auth/backends';
import { MD5PasswordHasher, type Password } from 'tsango/contrib/auth/hashers';
import { inThread } from 'tsango/contrib/auth/hashers/threads';
import { countedAddress, countedName } from 'tsango/contrib/auth/login_failures';
import { User } from 'tsango/contrib/auth/models';
import { userLockedOut, userLoginFailed } from 'tsango/contrib/auth/signals';
import { caches } from 'tsango/core/cache';
import { runChecks } from 'tsango/core/checks';
import { callCommand } from 'tsango/core/management';
import { Client, type ClientResponse, RequestFactory } from 'tsango/test';
import { include, path } from 'tsango/urls';
import { useAuthSite } from '../../support/auth';
import { captureLogs } from '../../support/logs';
import { describeWith, SERVICES } from '../../support/services';

/** Counts what an attacker makes the server compute. */
class CountingHasher extends MD5PasswordHasher {
  static hashes = 0;
  override encode(password: Password, salt: string): string {
    CountingHasher.hashes += 1;
    return super.encode(password, salt);
  }
}

const TEMPLATES = [
  {
    BACKEND: 'django.template.backends.django.DjangoTemplates',
    OPTIONS: {
      loaders: [
        ['django.template.loaders.locmem.Loader', { 'registration/login.html': '{{ form.errors.as_text }}' }],
      ],
    },
  },
];

const limits = (LOGIN_FAILURE_LIMITS: Settings['LOGIN_FAILURE_LIMITS']): Partial<Settings> => ({
  LOGIN_FAILURE_LIMITS,
});

useAuthSite({
  ROOT_URLCONF: { urlpatterns: [path('accounts/', include('django.contrib.auth.urls'))] },
  ALLOWED_HOSTS: ['testserver'],
  LOGIN_REDIRECT_URL: '/in/',
  PASSWORD_HASHERS: [CountingHasher],
  TEMPLATES,
  ...limits({ USERNAME: 3, ADDRESS: 6 }),
});
beforeAll(async () => {
  await User.objects.createUser('ada', 'ada@example.com', 'secret');
  await User.objects.createUser('bob', '', 'secret');
});
beforeEach(() => caches.get('default').clear());
afterEach(() => jest.useRealTimers());

const client = new Client();
function enter(username: string, password = 'wrong', address = '192.0.2.1'): Promise<ClientResponse> {
  return client.post('/accounts/login/', { username, password }, { extra: { REMOTE_ADDR: address } });
}
const status = async (...args: Parameters<typeof enter>): Promise<number> =>
  (await enter(...args)).statusCode;

describe('failed log-ins', () => {
  it('under one name come to an end, whatever the address and with the right password, too', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'], now: 1_800_000_000_000 });
    const logged = await captureLogs('tsango.security', async () => {
      for (const address of ['1.1.1.1', '1.1.1.2', '1.1.1.3']) {
        expect(await status('ada', 'wrong', address)).toBe(200);
      }
    });
    const before = CountingHasher.hashes;
    const refused = await enter('ada', 'secret', '1.1.1.4');
    expect(CountingHasher.hashes).toBe(before);
    expect(refused.statusCode).toBe(429);
    expect(refused.headers.get('Retry-After')).toBe('900');
    expect(refused.headers.get('Cache-Control')).toContain('no-store');
    expect(refused.text).toContain('Too many failed log-in attempts. Try again later.');
    expect(logged).toEqual([
      'WARNING:tsango.security.TooManyLoginFailures:Too many failed log-ins under one name',
    ]);
    jest.setSystemTime(1_800_000_000_000 + 600_000);
    expect((await enter('ada', 'secret')).headers.get('Retry-After')).toBe('300');
    expect(await status('bob', 'secret')).toBe(302);
    jest.setSystemTime(1_800_000_000_000 + 900_000);
    expect(await status('ada', 'secret')).toBe(302);
  });

  it('are the same for a name that nobody has: the limit does not tell who is there', async () => {
    const seen = async (name: string): Promise<unknown[]> => {
      const answers: unknown[] = [];
      for (let i = 0; i < 4; i++) {
        const { statusCode, text } = await enter(name, 'wrong', '');
        answers.push([statusCode, text]);
      }
      return answers;
    };
    expect(await seen('nobody')).toEqual(await seen('ada'));
  });

  it('from one address come to an end, whatever the name; a right one in between does not begin anew', async () => {
    for (const name of ['a', 'b', 'c']) expect(await status(name)).toBe(200);
    expect(await status('ada', 'secret')).toBe(302);
    for (const name of ['d', 'e', 'f']) expect(await status(name)).toBe(200);
    expect([await status('g'), await status('ada', 'secret')]).toEqual([429, 429]);
    expect(await status('ada', 'secret', '192.0.2.2')).toBe(302);
  });

  it('of an address that is refused count against nobody’s name', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await enter(name);
    for (let i = 0; i < 5; i++) expect(await status('ada')).toBe(429);
    expect(await status('ada', 'secret', '192.0.2.2')).toBe(302);
  });

  it('are counted before they are looked at: of fifty guesses at once three are', async () => {
    const guess = (i: number): Promise<unknown> =>
      authenticate(null, { username: 'ada', password: `guess ${i}` }).catch((error: unknown) => error);
    const before = CountingHasher.hashes;
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => guess(i)));
    expect(answers.filter((answer) => answer === null)).toHaveLength(3);
    expect(answers.filter((answer) => answer instanceof TooManyLoginFailures)).toHaveLength(47);
    expect(CountingHasher.hashes - before).toBe(3);
  });

  it('begin anew once the name has logged in', async () => {
    for (let round = 0; round < 3; round++) {
      expect([await status('ada', 'wrong', ''), await status('ada', 'wrong', '')]).toEqual([200, 200]);
      expect(await status('ada', 'secret', '')).toBe(302);
    }
  });

  it('are announced once, and each as a failure', async () => {
    const heard: unknown[] = [];
    const locked = ({
      username,
      by,
      seconds,
    }: {
      username?: string | undefined;
      by: string;
      seconds: number;
    }): void => void heard.push([username, by, seconds]);
    const failed = (): void => void heard.push('failed');
    userLockedOut.connect(locked);
    userLoginFailed.connect(failed);
    for (let i = 0; i < 5; i++) await enter('ada');
    userLockedOut.disconnect(locked);
    userLoginFailed.disconnect(failed);
    expect(heard).toEqual(['failed', 'failed', 'failed', ['ada', 'username', 900]]);
  });

  it('are forgotten when a site says so', async () => {
    for (let i = 0; i < 4; i++) await enter('ada');
    await forgetLoginFailures({ username: 'Ada' });
    expect(await status('ada', 'secret')).toBe(302);
    for (let i = 0; i < 6; i++) await enter(`n${i}`);
    expect(await status('ada', 'secret')).toBe(429);
    await forgetLoginFailures({ address: '192.0.2.1' });
    expect(await status('ada', 'secret')).toBe(302);
  });

  it('do not count where a backend fails instead of saying no, nor for who comes from a server in front', async () => {
    class Broken extends BaseBackend {
      override authenticate(): never {
        throw new Error('no database');
      }
    }
    await overrideSettings({ AUTHENTICATION_BACKENDS: [Broken] }, async () => {
      for (let i = 0; i < 8; i++) {
        await expect(authenticate(null, { username: 'ada', password: 'x' })).rejects.toThrow('no database');
      }
    });
    const request = new RequestFactory().get('/');
    for (let i = 0; i < 8; i++) expect(await authenticate(request, { remoteUser: '' })).toBeNull();
    expect(await status('ada', 'secret', '127.0.0.1')).toBe(302);
  });

  it('show a page of the site’s own', async () => {
    const [{ OPTIONS, ...rest }] = TEMPLATES as [(typeof TEMPLATES)[0]];
    const loaders = [
      [OPTIONS.loaders[0]?.[0], { '429.html': 'wait {{ retry_after }}', 'registration/login.html': 'x' }],
    ];
    await overrideSettings({ TEMPLATES: [{ ...rest, OPTIONS: { loaders } }] }, async () => {
      for (let i = 0; i < 3; i++) await enter('ada');
      expect((await enter('ada')).text).toMatch(/^wait (?:900|899)$/);
    });
  });
});

/** Sixty guesses at once, counted there. @returns how many were looked at. */
async function guessesLookedAt(cache: CacheSettings): Promise<number> {
  let looked = 0;
  await overrideSettings({ CACHES: { default: cache }, ...limits({ USERNAME: 5 }) }, async () => {
    await callCommand('createcachetable', { verbosity: 0 });
    const before = CountingHasher.hashes;
    const guesses = Array.from({ length: 60 }, (_, i) =>
      authenticate(null, { username: 'ada', password: `${i}` }).catch((error: unknown) => error),
    );
    const answers = await Promise.all(guesses);
    expect(answers.filter((answer) => answer instanceof TooManyLoginFailures)).toHaveLength(55);
    looked = CountingHasher.hashes - before;
    await forgetLoginFailures({ username: 'ada' });
  });
  return looked;
}

it('a cache in the database, or in files, counts as exactly', async () => {
  const folder = mkdtempSync(join(os.tmpdir(), 'tsango-login-'));
  const backend = 'django.core.cache.backends';
  expect(await guessesLookedAt({ BACKEND: `${backend}.filebased.FileBasedCache`, LOCATION: folder })).toBe(5);
  expect(await guessesLookedAt({ BACKEND: `${backend}.db.DatabaseCache`, LOCATION: 'counts' })).toBe(5);
  rmSync(folder, { recursive: true });
});

describeWith('redis', 'a cache in Redis', () => {
  it('counts as exactly', async () => {
    const LOCATION = `redis://${SERVICES.redis.host}:${SERVICES.redis.port}/11`;
    const BACKEND = 'django.core.cache.backends.redis.RedisCache';
    expect(await guessesLookedAt({ BACKEND, LOCATION, KEY_PREFIX: `login-${process.pid}` })).toBe(5);
    await caches.closeAll();
  });
});

describe('what counts as the same', () => {
  it.each([
    ['ADA', 'ada'],
    [' ada ', 'ada'],
    ['ａｄａ', 'ada'],
    ['àdá', 'ada'],
    ['a\u0301da', 'ada'],
    ['a\u200bd\u00ada\0', 'ada'],
    ['straße', 'strasse'],
  ])('name %j is %s', (given, expected) => {
    expect(countedName(given)).toBe(expected);
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::'],
    ['2001:db8:1:2:ffff::', '2001:db8:1:2::'],
    ['fe80::1%eth0', 'fe80::'],
    ['unix', 'unix'],
  ])('address %s is %s', (given, expected) => {
    expect(countedAddress(given)).toBe(expected);
  });

  it('a name of a megabyte is soon counted', () => {
    expect(countedName('ﷺ'.repeat(1_000_000)).length).toBeLessThan(20_000);
  });
});

describe('LOGIN_FAILURE_LIMITS', () => {
  it.each([
    [{}, 'give a number for USERNAME, ADDRESS or both.'],
    [{ USERNAME: 0 }, 'USERNAME must be a whole number above zero.'],
    [{ ADDRESS: 1.5 }, 'ADDRESS must be a whole number above zero.'],
    [{ USERNAME: 5, SECONDS: -1 }, 'SECONDS must be a whole number above zero.'],
    [{ USERNAME: 5, CACHE: 'nowhere' }, "CACHES has no 'nowhere'."],
    [{ USER: 5 }, "there is no 'USER'; it has USERNAME, ADDRESS, SECONDS and CACHE."],
  ])('%j is refused by check, and by a log-in', async (given, message) => {
    await overrideSettings(limits(given as never), async () => {
      const found = (await runChecks()).find(({ id }) => id === 'auth.E904');
      expect(found?.msg).toBe(`LOGIN_FAILURE_LIMITS: ${message}`);
      await expect(authenticate(null, { username: 'a', password: 'b' })).rejects.toThrow(message);
    });
  });

  it('warns of a cache that keeps nothing, or that each process has of its own', async () => {
    const ids = async (backend: string): Promise<unknown[]> => {
      let found: unknown[] = [];
      await overrideSettings(
        { CACHES: { default: { BACKEND: `django.core.cache.backends.${backend}` } }, DEBUG: false },
        async () => {
          found = (await runChecks()).map(({ id }) => id).filter((id) => id?.startsWith('auth.W90'));
        },
      );
      return found;
    };
    expect(await ids('dummy.DummyCache')).toEqual(['auth.W905']);
    expect(await ids('locmem.LocMemCache')).toEqual(['auth.W906']);
    expect(await ids('db.DatabaseCache')).toEqual([]);
  });

  it('is off unless it is set: nothing is counted', async () => {
    await overrideSettings(limits(null), async () => {
      for (let i = 0; i < 10; i++) expect(await status('ada')).toBe(200);
    });
  });
});

describe('LOGIN_MAX_WAIT', () => {
  it('is how long a log-in may wait for the hashes before it: where it would be more, it is a 503', async () => {
    let release: () => void = () => undefined;
    const open = new Promise<void>((resolve) => {
      release = resolve;
    });
    const settings = { LOGIN_MAX_WAIT: 2, ...limits(null) };
    await overrideSettings(settings, async () => {
      expect(await status('ada', 'secret')).toBe(302);
      const hashes = Array.from({ length: 100 }, () => inThread(() => open));
      await expect(authenticate(null, { username: 'ada', password: 'secret' })).rejects.toBeInstanceOf(
        TooManyLogins,
      );
      const busy = await enter('ada', 'secret');
      expect([busy.statusCode, Number(busy.headers.get('Retry-After')) > 2]).toEqual([503, true]);
      expect(busy.text).toContain('The server is too busy to check passwords. Try again later.');
      await overrideSettings({ LOGIN_MAX_WAIT: null }, async () => {
        expect(await status('ada', 'secret')).toBe(302);
      });
      release();
      await Promise.all(hashes);
      expect(await status('ada', 'secret')).toBe(302);
    });
  });
});
