/** Django's advisories about users, their passwords and their pages. */
import '../db/settings';
import { authenticate } from 'tsango/contrib/auth';
import { RemoteUserBackend } from 'tsango/contrib/auth/backends';
import {
  AuthenticationForm,
  PasswordResetForm,
  UserChangeForm,
  UsernameField,
} from 'tsango/contrib/auth/forms';
import { makePassword, type Password, PBKDF2PasswordHasher } from 'tsango/contrib/auth/hashers';
import { User } from 'tsango/contrib/auth/models';
import { UserAttributeSimilarityValidator } from 'tsango/contrib/auth/password_validation';
import { outbox } from 'tsango/core/mail';
import { BaseEmailBackend } from 'tsango/core/mail/backends/base';
import { HttpResponse } from 'tsango/http';
import type { HttpRequest } from 'tsango/http/request';
import { Client, overrideSettings } from 'tsango/test';
import { include, path } from 'tsango/urls';
import { AUTH_SITE, useAuthSite } from '../support/auth';
import { captureLogs } from '../support/logs';
import { milliseconds } from './support';

/** How many iterations each hash took. */
const spent: number[] = [];
class Counting extends PBKDF2PasswordHasher {
  override encode(password: Password, salt: string, iterations?: number | null): Promise<string> {
    spent.push(iterations || this.iterations);
    return super.encode(password, salt, iterations);
  }
}

const PAGES = {
  'registration/login.html': '{{ form.errors.as_text }}{{ next }}',
  'registration/password_reset_form.html': '{{ form.errors.as_text }}',
  'registration/password_reset_subject.txt': 'Reset',
  'registration/password_reset_email.html': '{{ protocol }}://{{ domain }}/{{ token }}',
};

useAuthSite({
  ROOT_URLCONF: {
    urlpatterns: [
      path('accounts/', include('django.contrib.auth.urls')),
      path('who/', async (request: HttpRequest) => new HttpResponse((await request.user).getUsername())),
    ],
  },
  ALLOWED_HOSTS: ['testserver'],
  EMAIL_BACKEND: 'django.core.mail.backends.locmem.EmailBackend',
  LOGIN_REDIRECT_URL: '/who/',
  PASSWORD_HASHERS: [Counting, 'django.contrib.auth.hashers.MD5PasswordHasher'],
  PASSWORD_PBKDF2_ITERATIONS: 1000,
  TEMPLATES: [
    {
      BACKEND: 'django.template.backends.django.DjangoTemplates',
      OPTIONS: { loaders: [['django.template.loaders.locmem.Loader', PAGES]] },
    },
  ],
});
beforeAll(async () => {
  await User.objects.createUser('ada', 'ada@example.com', 'secret');
});
beforeEach(() => {
  outbox.length = 0;
  spent.length = 0;
});

const ask = (email: string, headers: Record<string, string> = {}): ReturnType<Client['post']> =>
  new Client({ raiseRequestException: false }).post('/accounts/password_reset/', { email }, { headers });

it.each([
  'evil.example.com',
  'testserver:80@evil.example.com',
  'testserver@evil.example.com',
  'testserver/evil',
])('CVE-2012-4520: a request for %s gets no mail with a link to that host', async (host) => {
  expect((await ask('ada@example.com', { Host: host })).statusCode).toBe(400);
  expect(outbox).toEqual([]);
});

it('CVE-2012-4520: nor does a header that no setting trusts name the host', async () => {
  await ask('ada@example.com', { 'X-Forwarded-Host': 'evil.example.com' });
  expect(outbox.map(({ body }) => body)).toEqual([expect.stringMatching(/^http:\/\/testserver\/[\w-]+$/)]);
});

it.each([
  'javascript:alert(1)',
  'JAVASCRIPT:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'javascript://testserver/%0aalert(1)',
  'java\nscript:alert(1)',
])('CVE-2013-6044: logging in does not lead to %j', async (next) => {
  const response = await new Client().post('/accounts/login/', { username: 'ada', password: 'secret', next });
  expect([response.statusCode, response.headers.get('Location')]).toEqual([302, '/who/']);
});

it.each([
  'http://testserver@evil.example.com/',
  'http://testserver:pw@evil.example.com',
  '//testserver@evil.example.com',
])('CVE-2016-2512: nor to %s, where the site is a name and no host', async (next) => {
  const response = await new Client().post('/accounts/login/', { username: 'ada', password: 'secret', next });
  expect(response.headers.get('Location')).toBe('/who/');
});

it('CVE-2014-0482: a server in front that names another user ends the session of the one before', async () => {
  class Strict extends RemoteUserBackend {
    override createUnknownUser = false;
  }
  await overrideSettings(
    {
      AUTHENTICATION_BACKENDS: [Strict],
      MIDDLEWARE: [...(AUTH_SITE.MIDDLEWARE ?? []), 'django.contrib.auth.middleware.RemoteUserMiddleware'],
    },
    async () => {
      const client = new Client();
      const who = async (user: string): Promise<string> =>
        (await client.get('/who/', {}, { headers: { 'Remote-User': user } })).text;
      expect([await who('ada'), await who('nobody-knows'), await who('ada')]).toEqual(['ada', '', 'ada']);
    },
  );
});

it('CVE-2016-2513: a wrong password for a hash of fewer iterations takes as many as one of all', async () => {
  const old = await new PBKDF2PasswordHasher().encode('secret', 'a'.repeat(22), 300);
  const user = await User.objects.createUser('old');
  await User.objects.filter({ pk: user.pk }).update({ password: old });
  spent.length = 0;
  expect(await authenticate(null, { username: 'old', password: 'wrong' })).toBeNull();
  expect(spent).toEqual([300, 700]);
  await user.delete();
});

it('CVE-2018-16984: whoever may look at a user sees the beginning of the hash alone', async () => {
  const user = await User.objects.get({ username: 'ada' });
  const form = new UserChangeForm({ instance: user });
  const html = String(await form.asP());
  const [, , salt = '', hash = ''] = user.password.split('$');
  expect(html).toContain(salt.slice(0, 6));
  expect(html).not.toContain(salt);
  expect(html).not.toContain(hash);
  expect(html).not.toContain(hash.slice(8, 20));
});

it.each(['ada@ex\u0101mple.com', 'ad\u00e0@example.com', 'ada@example.co\u217f', 'ada@\u0435xample.com'])(
  'CVE-2019-19844: %s, which only looks like an address, gets no mail for it',
  async (email) => {
    await ask(email);
    expect(outbox.filter(({ to }) => to.join() !== 'ada@example.com')).toEqual([]);
  },
);

it('CVE-2019-19844: a mail goes to the address of the row, and letters that fold to others are others', async () => {
  await User.objects.createUser('mike', 'mike@example.org', 'x');
  class Folding extends PasswordResetForm {
    found = this.getUsers('m\u0131ke@example.org');
  }
  // As a database would that takes the letters for the same.
  const { _defaultManager: manager } = User as unknown as {
    _defaultManager: { filter(by: object): unknown };
  };
  const all = jest.spyOn(manager, 'filter').mockImplementation(() => User.objects.all());
  expect(await new Folding().found).toEqual([]);
  all.mockRestore();
  await ask('MIKE@example.org');
  expect(outbox.map(({ to }) => to)).toEqual([['mike@example.org']]);
  await User.objects.filter({ username: 'mike' }).delete();
});

it('CVE-2021-45115: a password of a megabyte is soon compared with the attributes of its user', () => {
  const validator = new UserAttributeSimilarityValidator();
  const user = {
    username: 'ada',
    firstName: 'Ada',
    lastName: 'Lovelace',
    email: `${'a.'.repeat(60)}@example.com`,
  };
  const password = 'ab'.repeat(500_000);
  expect(milliseconds(() => validator.validate(password, user))).toBeLessThan(500);
});

it('CVE-2023-46695: a name that is too long is refused before it is normalized', async () => {
  const normalize = jest.spyOn(String.prototype, 'normalize');
  const field = new UsernameField({ maxLength: 254 });
  await expect((async () => field.clean('\ufdfa'.repeat(500_000)))()).rejects.toThrow(
    'at most 254 characters',
  );
  const form = new AuthenticationForm(null, { data: { username: '\ufdfa'.repeat(500_000), password: 'x' } });
  expect(await form.isValid()).toBe(false);
  expect(normalize.mock.contexts.filter((text) => String(text).length > 254)).toEqual([]);
  normalize.mockRestore();
});

describe('CVE-2024-39329: who is there is not told', () => {
  const failures: Record<string, () => Promise<unknown>> = {
    'a wrong password': async () => undefined,
    'a user without a password': () => User.objects.filter({ username: 'eve' }).update({ password: '!none' }),
    'a user with an empty hash': () => User.objects.filter({ username: 'eve' }).update({ password: '' }),
    'a broken hash': () => User.objects.filter({ username: 'eve' }).update({ password: 'pbkdf2_sha256$x' }),
    'a hash of no hasher': () => User.objects.filter({ username: 'eve' }).update({ password: 'gone$1$2$3' }),
    nobody: () => User.objects.filter({ username: 'eve' }).update({ username: 'other' }),
    'a user who is not active': () => User.objects.filter({ username: 'eve' }).update({ isActive: false }),
  };

  afterEach(() => User.objects.exclude({ username: 'ada' }).delete());

  it.each(Object.keys(failures))('by the work that is done, nor by the page: %s', async (name) => {
    await User.objects.createUser('eve', '', 'secret');
    await failures[name]?.();
    spent.length = 0;
    const page = await new Client().post('/accounts/login/', { username: 'eve', password: 'wrong' });
    expect(spent).toEqual([1000]);
    expect([page.statusCode, page.text]).toEqual([
      200,
      expect.stringContaining('Please enter a correct username and password.'),
    ]);
  });

  it('by the time: medians of attempts that take turns', async () => {
    await overrideSettings({ PASSWORD_PBKDF2_ITERATIONS: 20_000 }, async () => {
      await User.objects.createUser('eve', '', 'secret');
      await User.objects.createUser('none');
      const times: Record<string, number[]> = { eve: [], none: [], nobody: [] };
      for (let round = 0; round < 15; round++) {
        for (const [username, list] of Object.entries(times)) {
          const started = process.hrtime.bigint();
          await authenticate(null, { username, password: 'wrong' });
          list.push(Number(process.hrtime.bigint() - started));
        }
      }
      const median = (list: number[] = []): number => [...list].sort((a, b) => a - b)[7] ?? 0;
      const [eve, none, nobody] = [times['eve'], times['none'], times['nobody']].map(median) as [
        number,
        number,
        number,
      ];
      // One that is not hashed takes a tenth.
      expect(Math.max(eve, none, nobody) / Math.min(eve, none, nobody)).toBeLessThan(3);
    });
  });
});

it('CVE-2024-45231: a mail that cannot be sent does not tell that there is such a user', async () => {
  class Failing extends BaseEmailBackend {
    override sendMessages(): never {
      throw new Error('no mail server');
    }
  }
  await overrideSettings({ EMAIL_BACKEND: Failing }, async () => {
    const answers: unknown[] = [];
    const logged = await captureLogs('tsango.contrib.auth', async () => {
      for (const email of ['nobody@example.com', 'ada@example.com']) {
        const { statusCode, headers, text } = await ask(email);
        answers.push([statusCode, headers.get('Location'), text]);
      }
    });
    expect(answers).toEqual([
      [302, '/accounts/password_reset/done/', ''],
      [302, '/accounts/password_reset/done/', ''],
    ]);
    expect(logged).toEqual([expect.stringContaining('Failed to send password reset email to')]);
  });
});

it('a password of a megabyte is hashed about as soon as another, by PBKDF2', async () => {
  const time = async (password: string): Promise<number> => {
    const started = process.cpuUsage();
    await makePassword(password);
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  };
  await time('warm');
  // 1,000 iterations over a megabyte each would take seconds.
  expect(Math.min(await time('p'.repeat(1_000_000)), await time('q'.repeat(1_000_000)))).toBeLessThan(300);
});
