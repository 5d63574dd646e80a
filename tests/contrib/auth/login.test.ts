/** Who a session is of, through requests. */
import '../../db/settings';
import { overrideSettings } from 'tsango/conf';
import { authenticate, getUserModel, login, logout, updateSessionAuthHash } from 'tsango/contrib/auth';
import { BaseBackend } from 'tsango/contrib/auth/backends';
import {
  loginNotRequired,
  loginRequired,
  permissionRequired,
  userPassesTest,
} from 'tsango/contrib/auth/decorators';
import { LoginRequiredMixin, PermissionRequiredMixin } from 'tsango/contrib/auth/mixins';
import { AnonymousUser, Permission, User } from 'tsango/contrib/auth/models';
import { userLoggedIn, userLoggedOut, userLoginFailed } from 'tsango/contrib/auth/signals';
import { Session } from 'tsango/contrib/sessions/models';
import { PermissionDenied } from 'tsango/core/exceptions';
import { connections } from 'tsango/db';
import { HttpResponse } from 'tsango/http';
import type { HttpRequest } from 'tsango/http/request';
import { Client } from 'tsango/test';
import { path } from 'tsango/urls';
import { View } from 'tsango/views/generic';
import { statementsOf } from '../../db/relations/library';
import { AUTH_SITE, useAuthSite } from '../../support/auth';

const text = (value: unknown): HttpResponse => new HttpResponse(String(value));

async function who(request: HttpRequest): Promise<HttpResponse> {
  const user = await request.user;
  return text(user.isAuthenticated ? user.username : 'nobody');
}

async function signIn(request: HttpRequest): Promise<HttpResponse> {
  const { username, password } = Object.fromEntries(request.POST.items()) as Record<string, string>;
  const user = await authenticate(request, { username, password });
  if (user === null) return new HttpResponse('no', { status: 401 });
  await login(request, user);
  return text(user.username);
}

class Secret extends LoginRequiredMixin(View) {
  get(request: HttpRequest): HttpResponse {
    return text((request.user as User).username);
  }
}

class Editing extends PermissionRequiredMixin(View) {
  override permissionRequired = 'auth.change_user';
  get(): HttpResponse {
    return text('edited');
  }
}

const urlpatterns = [
  path('who/', who),
  path('plain/', () => text('plain')),
  path('sign-in/', signIn),
  path('sign-out/', async (request: HttpRequest) => {
    await logout(request);
    return who(request);
  }),
  path('note/', (request: HttpRequest) => {
    request.session['note'] = 'kept';
    return text('noted');
  }),
  path('notes/', (request: HttpRequest) => text(request.session.get('note'))),
  path('change/', async (request: HttpRequest) => {
    const user = (await request.user) as User;
    await user.setPassword('new');
    await user.save();
    await updateSessionAuthHash(request, user);
    return text('changed');
  }),
  path(
    'members/',
    loginRequired((request) => text((request.user as User).username)),
  ),
  path(
    'elsewhere/',
    loginRequired({ loginUrl: 'https://login.example.com/?a=1', redirectFieldName: 'to' })(who),
  ),
  path('staff/', userPassesTest((user) => user.isStaff)(who)),
  path('change_user/', permissionRequired('auth.change_user', { raiseException: true })(who)),
  path('open/', loginNotRequired(who)),
  path('secret/', Secret.asView()),
  path('editing/', Editing.asView()),
];

let ada: User;

useAuthSite({ ROOT_URLCONF: { urlpatterns }, ALLOWED_HOSTS: ['testserver'] });
beforeEach(async () => {
  ada = await User.objects.createUser('ada', 'ada@example.com', 'secret');
});
afterEach(async () => {
  await User.objects.all().delete();
  await Session.objects.all().delete();
});

const see = async (client: Client, url: string): Promise<string> => (await client.get(url)).text;
const enter = async (client: Client, username = 'ada', password = 'secret'): Promise<number> =>
  (await client.post('/sign-in/', { username, password })).statusCode;

describe('logging in', () => {
  it('makes the session the user’s, under another key, and keeps what was in it', async () => {
    const client = new Client();
    expect(await see(client, '/who/')).toBe('nobody');
    await client.get('/note/');
    const before = client.cookies.get('sessionid')?.value;
    expect(await enter(client)).toBe(200);
    const after = client.cookies.get('sessionid')?.value;
    expect([
      before === after,
      await Session.objects.filter({ sessionKey: before as string }).count(),
    ]).toEqual([false, 0]);
    expect(await see(client, '/who/')).toBe('ada');
    expect(await see(client, '/notes/')).toBe('kept');
    const session = await client.session;
    expect([session['_auth_user_id'], session['_auth_user_backend'], session['_auth_user_hash']]).toEqual([
      String(ada.id),
      'django.contrib.auth.backends.ModelBackend',
      (await User.objects.get({ pk: ada.id })).getSessionAuthHash(),
    ]);
    expect((await User.objects.get({ pk: ada.id })).lastLogin).toBeInstanceOf(Date);
  });

  it('is refused with a wrong password, an unknown name, and to whoever is not active', async () => {
    const client = new Client();
    const failures: unknown[] = [];
    const note = ({ credentials }: { credentials: unknown }): void => void failures.push(credentials);
    userLoginFailed.connect(note);
    expect(await enter(client, 'ada', 'wrong')).toBe(401);
    expect(await enter(client, 'bob')).toBe(401);
    await User.objects.update({ isActive: false });
    expect(await enter(client)).toBe(401);
    userLoginFailed.disconnect(note);
    expect(failures).toEqual([
      { username: 'ada', password: '********************' },
      { username: 'bob', password: '********************' },
      { username: 'ada', password: '********************' },
    ]);
    expect(await see(client, '/who/')).toBe('nobody');
  });

  it('of another user empties the session', async () => {
    await User.objects.createUser('bob', '', 'secret');
    const client = new Client();
    await enter(client);
    await client.get('/note/');
    await enter(client, 'bob');
    expect([await see(client, '/who/'), await see(client, '/notes/')]).toEqual(['bob', 'null']);
  });

  it('announces itself', async () => {
    const heard: unknown[] = [];
    const enters = ({ user }: { user: unknown }): void => void heard.push(['in', String(user)]);
    const leaves = ({ user }: { user: unknown }): void => void heard.push(['out', String(user)]);
    userLoggedIn.connect(enters);
    userLoggedOut.connect(leaves);
    const client = new Client();
    await enter(client);
    await client.get('/sign-out/');
    await client.get('/sign-out/');
    userLoggedIn.disconnect(enters);
    userLoggedOut.disconnect(leaves);
    expect(heard).toEqual([
      ['in', 'ada'],
      ['out', 'ada'],
      ['out', 'null'],
    ]);
  });
});

describe('a session', () => {
  it('ends when its user logs out: nothing of it stays', async () => {
    const client = new Client();
    await enter(client);
    await client.get('/note/');
    const key = client.cookies.get('sessionid')?.value as string;
    expect(await see(client, '/sign-out/')).toBe('nobody');
    expect(await Session.objects.filter({ sessionKey: key }).count()).toBe(0);
    expect([await see(client, '/who/'), await see(client, '/notes/')]).toEqual(['nobody', 'null']);
  });

  it('is nobody’s when the user is gone, or not active any more', async () => {
    const client = new Client();
    await enter(client);
    await User.objects.update({ isActive: false });
    expect(await see(client, '/who/')).toBe('nobody');
    await User.objects.update({ isActive: true });
    expect(await see(client, '/who/')).toBe('ada');
    await User.objects.all().delete();
    expect(await see(client, '/who/')).toBe('nobody');
  });

  it('ends when the password changes, but the one in which it was changed', async () => {
    const [one, other] = [new Client(), new Client()];
    await enter(one);
    await enter(other);
    const key = one.cookies.get('sessionid')?.value;
    expect(await see(one, '/change/')).toBe('changed');
    expect(one.cookies.get('sessionid')?.value).not.toBe(key);
    expect([await see(one, '/who/'), await see(other, '/who/')]).toEqual(['ada', 'nobody']);
    expect(await enter(other, 'ada', 'new')).toBe(200);
  });

  it('goes on under a new SECRET_KEY while the old one is a fallback, and then without it', async () => {
    const client = new Client();
    await enter(client);
    await overrideSettings({ SECRET_KEY: 'new', SECRET_KEY_FALLBACKS: ['not a secret'] }, async () => {
      expect(await see(client, '/who/')).toBe('ada');
    });
    await overrideSettings({ SECRET_KEY: 'new' }, async () => {
      expect(await see(client, '/who/')).toBe('ada');
    });
    await overrideSettings({ SECRET_KEY: 'another' }, async () => {
      expect(await see(client, '/who/')).toBe('nobody');
    });
  });

  it.each([
    ['a hash of something else', { _auth_user_hash: 'x'.repeat(64) }],
    ['no hash', { _auth_user_hash: '' }],
    ['a backend that is none of the settings', { _auth_user_backend: 'os.system' }],
    ['a key that is none', { _auth_user_id: 'abc' }],
    ['a key of nobody', { _auth_user_id: '4711' }],
  ])('with %s is nobody’s', async (_what, items) => {
    const client = new Client();
    await enter(client);
    const session = await client.session;
    Object.assign(session, items);
    await session.save();
    expect(await see(client, '/who/')).toBe('nobody');
  });
});

describe('request.user', () => {
  it('costs a statement for the session and one for the user, once; nothing where nobody asks', async () => {
    const client = new Client();
    await enter(client);
    expect(await statementsOf(() => client.get('/plain/'))).toHaveLength(0);
    const asked = await statementsOf(() => client.get('/who/'));
    expect(asked.map((sql) => /FROM [`"]?(\w+)/.exec(String(sql))?.[1])).toEqual(
      expect.arrayContaining(['auth_user']),
    );
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  it('is not there without the middleware, and says so without sessions', async () => {
    await overrideSettings({ MIDDLEWARE: AUTH_SITE.MIDDLEWARE?.slice(2) ?? [] }, async () => {
      await expect(new Client().get('/who/')).rejects.toThrow(
        'The Django authentication middleware requires session middleware to be installed.',
      );
    });
  });
});

describe('views for some', () => {
  it('send others to the log-in page, which leads back', async () => {
    const client = new Client();
    const to = async (url: string): Promise<unknown> => (await client.get(url)).headers.get('Location');
    expect(await to('/members/?a=b&c')).toBe('/accounts/login/?next=/members/%3Fa%3Db%26c');
    expect(await to('/elsewhere/')).toBe('https://login.example.com/?a=1&to=http%3A//testserver/elsewhere/');
    expect(await to('/secret/')).toBe('/accounts/login/?next=/secret/');
    expect(await to('/staff/')).toBe('/accounts/login/?next=/staff/');
    expect((await client.get('/change_user/')).statusCode).toBe(403);
    await client.forceLogin(ada);
    expect([await see(client, '/members/'), await see(client, '/secret/')]).toEqual(['ada', 'ada']);
    expect(await to('/staff/')).toBe('/accounts/login/?next=/staff/');
    expect((await client.get('/editing/')).statusCode).toBe(403);
    await ada.userPermissions.add(await Permission.objects.get({ codename: 'change_user' }));
    expect([await see(client, '/change_user/'), await see(client, '/editing/')]).toEqual(['ada', 'edited']);
  });

  it('are all of them with LoginRequiredMiddleware, but those that say otherwise', async () => {
    const MIDDLEWARE = [
      ...(AUTH_SITE.MIDDLEWARE ?? []),
      'django.contrib.auth.middleware.LoginRequiredMiddleware',
    ];
    await overrideSettings({ MIDDLEWARE, LOGIN_URL: '/sign-in/' }, async () => {
      const client = new Client();
      expect((await client.get('/plain/')).headers.get('Location')).toBe('/sign-in/?next=/plain/');
      expect(await see(client, '/open/')).toBe('nobody');
      expect((await client.get('/elsewhere/')).headers.get('Location')).toMatch(/^https:.*to=/);
      await client.forceLogin(ada);
      expect(await see(client, '/plain/')).toBe('plain');
    });
  });
});

describe('backends', () => {
  class Tokens extends BaseBackend {
    override async authenticate(
      _request: unknown,
      { token }: Readonly<Record<string, unknown>>,
    ): Promise<User | null> {
      if (token === 'banned') throw new PermissionDenied();
      return token === 'ada' ? User.objects.get({ username: 'ada' }) : null;
    }
    override getUser(id: unknown): Promise<User> {
      return User.objects.get({ pk: id } as never);
    }
    override hasPerm(user: User, permission: string): boolean {
      if (permission === 'never') throw new PermissionDenied();
      return user.username === 'ada' && permission === 'tokens.use';
    }
  }
  const BACKENDS = [Tokens, 'django.contrib.auth.backends.ModelBackend'];

  it('are asked in turn; one may end the question', async () => {
    await overrideSettings({ AUTHENTICATION_BACKENDS: BACKENDS }, async () => {
      expect((await authenticate(null, { token: 'ada' }))?.username).toBe('ada');
      expect((await authenticate(null, { username: 'ada', password: 'secret' }))?.username).toBe('ada');
      expect(await authenticate(null, { username: 'ada', password: 'secret', token: 'banned' })).toBe(null);
      expect(await ada.hasPerm('tokens.use')).toBe(true);
      await User.objects.update({ isSuperuser: false });
      expect(await ada.hasPerm('never')).toBe(false);
      expect(() => User.objects.withPerm('auth.add_user')).toThrow(
        'You have multiple authentication backends configured and therefore must provide the `backend` argument.',
      );
    });
  });

  it('are remembered by the session', async () => {
    await overrideSettings({ AUTHENTICATION_BACKENDS: BACKENDS }, async () => {
      const client = new Client();
      expect(await client.login({ token: 'wrong' })).toBe(false);
      expect(await client.login({ token: 'ada' })).toBe(true);
      expect((await client.session)['_auth_user_backend']).toBe('Tokens');
      expect(await see(client, '/who/')).toBe('ada');
    });
  });

  it('of servers in front name users in a header', async () => {
    await overrideSettings(
      {
        AUTHENTICATION_BACKENDS: ['django.contrib.auth.backends.RemoteUserBackend'],
        MIDDLEWARE: [...(AUTH_SITE.MIDDLEWARE ?? []), 'django.contrib.auth.middleware.RemoteUserMiddleware'],
      },
      async () => {
        const client = new Client();
        const as = async (name?: string): Promise<string> =>
          (await client.get('/who/', {}, name === undefined ? {} : { headers: { 'Remote-User': name } }))
            .text;
        expect(await as()).toBe('nobody');
        expect(await as('eve')).toBe('eve');
        expect(await User.objects.filter({ username: 'eve' }).count()).toBe(1);
        expect(await as('ada')).toBe('ada');
        expect(await as()).toBe('nobody');
      },
    );
  });
});

describe('AUTH_USER_MODEL', () => {
  it.each([
    ['nothing', "AUTH_USER_MODEL must be of the form 'app_label.model_name'"],
    ['auth.Nobody', "AUTH_USER_MODEL refers to model 'auth.Nobody' that has not been installed"],
    ['elsewhere.User', "AUTH_USER_MODEL refers to model 'elsewhere.User' that has not been installed"],
  ])('%s', async (AUTH_USER_MODEL, message) => {
    await overrideSettings({ AUTH_USER_MODEL }, () => {
      expect(() => getUserModel()).toThrow(message);
    });
  });
});

it('a visitor who is not logged in is an AnonymousUser', async () => {
  const client = new Client();
  await client.get('/who/');
  expect(await client.get('/who/').then(({ request }) => request.user)).toBeInstanceOf(AnonymousUser);
  expect(connections.get().vendor).toBe('sqlite');
});
