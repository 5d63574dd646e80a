/** Attacks on who a session is of. */
import '../db/settings';
import { login, logout } from 'tsango/contrib/auth';
import { UserCreationForm } from 'tsango/contrib/auth/forms';
import { User } from 'tsango/contrib/auth/models';
import { type EmailMessage, outbox } from 'tsango/core/mail';
import { HttpResponse } from 'tsango/http';
import type { HttpRequest } from 'tsango/http/request';
import { Client, type ClientResponse, overrideSettings } from 'tsango/test';
import { include, path } from 'tsango/urls';
import { useAuthSite } from '../support/auth';

const PAGES = {
  'registration/login.html': 'login {{ next }}',
  'registration/password_reset_confirm.html': '{{ validlink }}',
  'registration/password_reset_subject.txt': 'Reset',
  'registration/password_reset_email.html': '{% url "password_reset_confirm" uidb64=uid token=token %}',
};

const who = async (request: HttpRequest): Promise<HttpResponse> =>
  new HttpResponse((await request.user).getUsername() || 'nobody');

useAuthSite({
  ROOT_URLCONF: {
    urlpatterns: [
      path('who/', who),
      path('note/', (request: HttpRequest) => {
        request.session['note'] = 'mine';
        return new HttpResponse('noted');
      }),
      path('notes/', (request: HttpRequest) => new HttpResponse(String(request.session.get('note')))),
      path('in/<name>/', async (request: HttpRequest, { name }) => {
        await login(request, await User.objects.get({ username: String(name) }));
        return who(request);
      }),
      path('out/', async (request: HttpRequest) => {
        await logout(request);
        return who(request);
      }),
      path('accounts/', include('django.contrib.auth.urls')),
    ],
  },
  ALLOWED_HOSTS: ['testserver'],
  EMAIL_BACKEND: 'django.core.mail.backends.locmem.EmailBackend',
  LOGIN_REDIRECT_URL: '/who/',
  TEMPLATES: [
    {
      BACKEND: 'django.template.backends.django.DjangoTemplates',
      OPTIONS: { loaders: [['django.template.loaders.locmem.Loader', PAGES]] },
    },
  ],
});
beforeEach(async () => {
  outbox.length = 0;
  await User.objects.createUser('ada', 'ada@example.com', 'secret');
  await User.objects.createUser('eve', 'eve@example.com', 'secret');
});
afterEach(() => User.objects.all().delete());

const see = async (client: Client, url: string): Promise<string> => (await client.get(url)).text;
const keyOf = (client: Client): string => client.cookies.get('sessionid')?.value ?? '';

function withKey(key: string): Client {
  const client = new Client();
  client.cookies.setValue('sessionid', key);
  return client;
}

const ENGINES = ['db', 'cache', 'cached_db', 'file'] as const;

describe.each(ENGINES)('sessions of the engine %s', (engine) => {
  let restore: () => Promise<void>;
  beforeEach(() => {
    restore = overrideSettings({ SESSION_ENGINE: `django.contrib.sessions.backends.${engine}` });
  });
  afterEach(() => restore());

  it('fixation: whoever knows the key from before a log-in has nothing', async () => {
    const attacker = new Client();
    await see(attacker, '/note/');
    const planted = keyOf(attacker);
    const victim = withKey(planted);
    expect(await see(victim, '/in/ada/')).toBe('ada');
    expect(keyOf(victim)).not.toBe(planted);
    expect([await see(withKey(planted), '/who/'), await see(withKey(planted), '/notes/')]).toEqual([
      'nobody',
      'null',
    ]);
    expect(await see(victim, '/who/')).toBe('ada');
  });

  it('fixation: a key that the site has not made is not taken', async () => {
    const made = 'abcdefghijklmnopqrstuvwxyz012345';
    const victim = withKey(made);
    await see(victim, '/in/ada/');
    expect(keyOf(victim)).not.toBe(made);
    expect(await see(withKey(made), '/who/')).toBe('nobody');
  });

  it('the key of a session that was logged out is worthless', async () => {
    const victim = new Client();
    await see(victim, '/in/ada/');
    const stolen = withKey(keyOf(victim));
    expect(await see(stolen, '/who/')).toBe('ada');
    expect(await see(victim, '/out/')).toBe('nobody');
    expect(await see(stolen, '/who/')).toBe('nobody');
  });
});

describe('a session', () => {
  it('of a user who is deleted is nobody’s, and not that of whoever gets the key later', async () => {
    const client = new Client();
    await see(client, '/in/ada/');
    const ada = await User.objects.get({ username: 'ada' });
    const { id } = ada;
    await ada.delete();
    expect(await see(client, '/who/')).toBe('nobody');
    await User.objects.create({ id, username: 'newcomer', password: 'another' });
    expect(await see(client, '/who/')).toBe('nobody');
  });

  it('of a user who is deactivated is nobody’s at the next request', async () => {
    const client = new Client();
    await see(client, '/in/ada/');
    await User.objects.filter({ username: 'ada' }).update({ isActive: false });
    expect(await see(client, '/who/')).toBe('nobody');
    expect((await client.get('/accounts/password_change/')).statusCode).toBe(302);
  });

  it('is no other user’s by another key in it: the hash is that of a password', async () => {
    const client = new Client();
    await see(client, '/in/eve/');
    const session = await client.session;
    session['_auth_user_id'] = String((await User.objects.get({ username: 'ada' })).pk);
    await session.save();
    expect(await see(client, '/who/')).toBe('nobody');
  });

  it.each([
    ['cut', (hash: string) => hash.slice(0, 63)],
    ['one letter longer', (hash: string) => `${hash}0`],
    ['in capitals', (hash: string) => hash.toUpperCase()],
    ['a list', (hash: string) => [hash]],
    ['true', () => true],
    ['absent', () => null],
  ])('with a hash that is %s is nobody’s, and ended', async (_what, change) => {
    const client = new Client();
    await see(client, '/in/ada/');
    await see(client, '/note/');
    const session = await client.session;
    session['_auth_user_hash'] = change(String(session['_auth_user_hash']));
    await session.save();
    expect(await see(client, '/who/')).toBe('nobody');
    expect(await see(client, '/notes/')).toBe('null');
  });

  it('takes nothing along to the next user who logs in', async () => {
    const client = new Client();
    await see(client, '/in/ada/');
    await see(client, '/note/');
    const before = keyOf(client);
    expect(await see(client, '/in/eve/')).toBe('eve');
    expect(await see(client, '/notes/')).toBe('null');
    expect(keyOf(client)).not.toBe(before);
    expect(await see(withKey(before), '/who/')).toBe('nobody');
  });
});

/** What Django's own tests of URLs to lead to refuse. */
const ELSEWHERE = [
  'http://example.com',
  'http:///example.com',
  'https://example.com',
  'ftp://example.com',
  String.raw`\\example.com`,
  String.raw`\\\example.com`,
  String.raw`/\\/example.com`,
  String.raw`\\\example.com`,
  String.raw`\\//example.com`,
  String.raw`/\/example.com`,
  String.raw`\/example.com`,
  String.raw`/\example.com`,
  'http:///example.com',
  String.raw`http:/\//example.com`,
  String.raw`http:\/example.com`,
  String.raw`http:/\example.com`,
  'javascript:alert("XSS")',
  '\njavascript:alert(x)',
  'java\nscript:alert(x)',
  '\x08//example.com',
  String.raw`http://otherserver\@example.com`,
  String.raw`http:\\testserver\@example.com`,
  String.raw`http://testserver\me:pass@example.com`,
  String.raw`http://testserver\@example.com`,
  String.raw`http:\\testserver\confirm\me@example.com`,
  'http:999999999',
  'ftp:9999999999',
  '\n',
  'http://[2001:cdba:0000:0000:0000:0000:3257:9652/',
  'http://2001:cdba:0000:0000:0000:0000:3257:9652]/',
  'http://testserver\r\nSet-Cookie: a=b',
  '/who/\r\nSet-Cookie: a=b',
  `/${'a'.repeat(3000)}`,
];

it.each([...new Set(ELSEWHERE)])(
  'logging in leads to no place that is not on this site: %j',
  async (next) => {
    const response = await new Client().post('/accounts/login/', {
      username: 'ada',
      password: 'secret',
      next,
    });
    const to = String(response.headers.get('Location'));
    expect(response.statusCode).toBe(302);
    expect(new URL(to, 'http://testserver/').host).toBe('testserver');
    expect(response.headers.has('Set-Cookie')).toBe(false);
    expect(to === '/who/' || next.startsWith('/who/')).toBe(true);
  },
);

describe('the link of a mail', () => {
  const data = { new_password1: 'correct horse', new_password2: 'correct horse' };

  async function link(email = 'ada@example.com'): Promise<string> {
    outbox.length = 0;
    await new Client().post('/accounts/password_reset/', { email });
    return (outbox[0] as EmailMessage).body.trim();
  }
  const opens = async (url: string, client = new Client()): Promise<string> => {
    const first = await client.get(url);
    const next = first.headers.get('Location');
    return next === undefined ? first.text : (await client.get(String(next))).text;
  };
  const use = async (url: string): Promise<ClientResponse> => {
    const client = new Client();
    const { headers } = await client.get(url);
    return client.post(String(headers.get('Location')), data);
  };

  it('is good once: neither it nor the page behind it can be replayed', async () => {
    const url = await link();
    const late = new Client();
    expect(await opens(url, late)).toBe('True');
    expect((await use(url)).statusCode).toBe(302);
    expect(await opens(url)).toBe('False');
    const page = url.replace(/[^/]+\/$/, 'set-password/');
    expect((await late.post(page, { new_password1: 'evil', new_password2: 'evil' })).text).toBe('False');
    expect(await new Client().login({ username: 'ada', password: 'correct horse' })).toBe(true);
  });

  it.each([
    ['a log-in', () => new Client().login({ username: 'ada', password: 'secret' })],
    ['another address', () => User.objects.filter({ username: 'ada' }).update({ email: 'new@example.com' })],
    ['another link that was used', async () => use(await link())],
    ['being deleted', () => User.objects.filter({ username: 'ada' }).delete()],
  ])('is worth nothing after %s', async (_what, happens) => {
    const url = await link();
    expect(await opens(url)).toBe('True');
    await happens();
    expect(await opens(url)).toBe('False');
  });

  it('is worth nothing when it is too old', async () => {
    const url = await link();
    await overrideSettings({ PASSWORD_RESET_TIMEOUT: -1 }, async () => {
      expect(await opens(url)).toBe('False');
    });
    expect(await opens(url)).toBe('True');
  });

  it.each([
    ['for another user', (ada: string, eve: string) => eve.replace(/[^/]+\/$/, `${ada.split('/').at(-2)}/`)],
    ['with another time', (ada: string) => ada.replace(/(\/)[^/-]+(-[^/]+\/)$/, '$1zzzzzz$2')],
    ['without the half of it', (ada: string) => ada.replace(/[0-9a-f]{10}\/$/, '/')],
    ['without the first half', (ada: string) => ada.replace(/[^/]+\/$/, 'set-password/')],
  ])('is worth nothing %s', async (_what, change) => {
    const ada = await link();
    const eve = await link('eve@example.com');
    const changed = change(ada, eve);
    expect(changed).not.toBe(ada);
    expect(await opens(changed)).toBe('False');
  });

  it('is in no address that the page could tell by its Referer', async () => {
    const client = new Client();
    const first = await client.get(await link());
    expect(first.statusCode).toBe(302);
    expect(first.headers.get('Location')).toMatch(/\/set-password\/$/);
  });

  it('makes failed log-ins forgotten', async () => {
    await overrideSettings({ LOGIN_FAILURE_LIMITS: { USERNAME: 2 } }, async () => {
      const enter = async (password: string): Promise<number> =>
        (await new Client().post('/accounts/login/', { username: 'ada', password })).statusCode;
      expect([await enter('x'), await enter('x'), await enter('secret')]).toEqual([200, 200, 429]);
      await use(await link());
      expect(await enter('correct horse')).toBe(302);
    });
  });
});

describe('names that look alike', () => {
  it.each(['ａｄａ', 'ªda', 'ⓐda', 'ada'])('%s is taken where there is an ada', async (username) => {
    const form = new UserCreationForm({
      data: { username, password1: 'correct horse', password2: 'correct horse' },
    });
    expect(await form.isValid()).toBe(false);
    expect(form.errors.asJson()).toContain('A user with that username already exists.');
  });

  it('are one to log in by, and the one that is stored', async () => {
    const bob = await User.objects.createUser('ｂob', '', 'secret');
    expect(bob.username).toBe('bob');
    const client = new Client();
    expect((await client.post('/accounts/login/', { username: 'ⓑob', password: 'secret' })).statusCode).toBe(
      302,
    );
    expect(await see(client, '/who/')).toBe('bob');
  });
});
