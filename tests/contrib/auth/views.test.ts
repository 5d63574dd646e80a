/** The pages of users, through requests. */
import '../../db/settings';
import { overrideSettings } from 'tsango/conf';
import { AuthenticationForm } from 'tsango/contrib/auth/forms';
import { User } from 'tsango/contrib/auth/models';
import {
  LoginView,
  LogoutView,
  logoutThenLogin,
  PasswordChangeView,
  PasswordResetDoneView,
} from 'tsango/contrib/auth/views';
import { Session } from 'tsango/contrib/sessions/models';
import { ValidationError } from 'tsango/core/exceptions';
import { type EmailMessage, outbox } from 'tsango/core/mail';
import { HttpResponse } from 'tsango/http';
import type { HttpRequest } from 'tsango/http/request';
import { Client, type ClientResponse } from 'tsango/test';
import { include, path } from 'tsango/urls';
import { FormView, TemplateView } from 'tsango/views/generic';
import { AUTH_SITE, useAuthSite } from '../../support/auth';

const PAGES = [
  ...['password_change_form', 'password_change_done', 'password_reset_form', 'password_reset_done'],
  ...['password_reset_confirm', 'password_reset_complete', 'logged_out'],
].map((name) => [`registration/${name}.html`, `${name}: {{ title }}{{ form.errors.as_text }}`]);

const MAIL =
  '{{ protocol }}://{{ domain }}{% url "password_reset_confirm" uidb64=uid token=token %} for {{ user.get_username }}';

const TEMPLATES = [
  {
    BACKEND: 'django.template.backends.django.DjangoTemplates',
    OPTIONS: {
      loaders: [
        [
          'django.template.loaders.locmem.Loader',
          {
            ...Object.fromEntries(PAGES),
            'registration/login.html': 'next={{ next }} {{ form.errors.as_text }}',
            'registration/password_reset_subject.txt': '\nReset\n',
            'registration/password_reset_email.html': MAIL,
          },
        ],
      ],
      context_processors: ['django.contrib.auth.context_processors.auth'],
    },
  },
];

/** Refuses everybody but bob. */
class BobsForm extends AuthenticationForm {
  override confirmLoginAllowed(user: User): void {
    if (user.username !== 'bob') throw new ValidationError('Only Bob.');
  }
}

/** Each hook of a page with a form that these pages have from FormView. */
class OwnLoginView extends LoginView {
  override prefix = 'own';
  override getInitial() {
    return { ...super.getInitial(), username: 'whoever' };
  }
  override getFormKwargs() {
    return { ...super.getFormKwargs(), labelSuffix: '?' };
  }
  override getDefaultRedirectUrl() {
    return '/who/?default';
  }
  override async getContextData(values = {}) {
    return { ...(await super.getContextData(values)), next: 'of the view' };
  }
}

const urlpatterns = [
  path('own/', OwnLoginView.asView()),
  path('bobs/', LoginView.asView({ authenticationForm: BobsForm, nextPage: '/who/?bob' })),
  path('form-class/', LoginView.asView({ formClass: BobsForm, extraContext: { next: 'extra' } })),
  path(
    'change/',
    PasswordChangeView.asView({ successUrl: '/who/?changed', extraContext: { title: 'Another' } }),
  ),
  path('sent/', PasswordResetDoneView.asView({ extraContext: { title: 'Sent' } })),
  path(
    'who/',
    async (request: HttpRequest) => new HttpResponse((await request.user).getUsername() || 'nobody'),
  ),
  path('once/', LoginView.asView({ redirectAuthenticatedUser: true })),
  path('elsewhere/', LoginView.asView({ successUrlAllowedHosts: new Set(['other.example.com']) })),
  path('leave/', (request: HttpRequest) => logoutThenLogin(request)),
  path('accounts/', include('django.contrib.auth.urls')),
];

useAuthSite({
  ROOT_URLCONF: { urlpatterns },
  ALLOWED_HOSTS: ['testserver'],
  EMAIL_BACKEND: 'django.core.mail.backends.locmem.EmailBackend',
  DEFAULT_FROM_EMAIL: 'site@example.com',
  TEMPLATES,
  LOGIN_REDIRECT_URL: '/who/',
});
beforeEach(async () => {
  outbox.length = 0;
  await User.objects.createUser('ada', 'ada@example.com', 'secret');
});
afterEach(async () => {
  await User.objects.all().delete();
  await Session.objects.all().delete();
});

const ADA = { username: 'ada', password: 'secret' };
const location = (response: ClientResponse): unknown => response.headers.get('Location');
const who = async (client: Client): Promise<string> => (await client.get('/who/')).text;

/** As in Django: what is good once is not cached, and nothing is said of the rest. */
it.each([
  ['login/', true],
  ['reset/MQ/set-password/', true],
  ['password_reset/', false],
  ['password_reset/done/', false],
  ['reset/done/', false],
])('%s: never cached is %s', async (page, isUncached) => {
  const { headers } = await new Client().get(`/accounts/${page}`);
  expect(headers.has('Cache-Control')).toBe(isUncached);
});

it('logging out needs a login, where every page does', async () => {
  const MIDDLEWARE = [
    ...(AUTH_SITE.MIDDLEWARE ?? []),
    'django.contrib.auth.middleware.LoginRequiredMiddleware',
  ];
  await overrideSettings({ MIDDLEWARE }, async () => {
    const client = new Client();
    expect((await client.get('/accounts/login/')).statusCode).toBe(200);
    expect(location(await client.post('/accounts/logout/'))).toBe('/accounts/login/?next=/accounts/logout/');
  });
});

describe('LoginView', () => {
  it('logs in, and leads on', async () => {
    const client = new Client();
    const page = await client.get('/accounts/login/?next=/who/%3Fa');
    expect([page.text, page.headers.get('Cache-Control')]).toEqual([
      'next=/who/?a ',
      'max-age=0, no-cache, no-store, must-revalidate, private',
    ]);
    const wrong = await client.post('/accounts/login/', { ...ADA, password: 'wrong', next: '/who/?a' });
    expect(wrong.text).toContain(
      'next=/who/?a * __all__\n  * Please enter a correct username and password. Note that both fields may be ' +
        'case-sensitive.',
    );
    expect(await who(client)).toBe('nobody');
    expect(location(await client.post('/accounts/login/', { ...ADA, next: '/who/?a' }))).toBe('/who/?a');
    expect(await who(client)).toBe('ada');
    expect(location(await new Client().post('/accounts/login/', ADA))).toBe('/who/');
  });

  it.each([
    'http://example.com',
    'http:///example.com',
    'https://example.com',
    'ftp://example.com',
    '///example.com',
    '//example.com',
    '/\\example.com',
    '\\\\example.com',
    'javascript:alert("XSS")',
    'http:testserver.example.com',
    '\x08//example.com',
    'http://testserver@example.com/',
    ' //example.com',
  ])('does not lead to %j', async (next) => {
    const response = await new Client().post('/accounts/login/', { ...ADA, next });
    expect([response.statusCode, location(response)]).toEqual([302, '/who/']);
    expect((await new Client().get('/accounts/login/', { next })).text).toBe('next= ');
  });

  it('leads to other hosts that are named, and from https to https alone', async () => {
    const to = async (next: string, options: object = {}): Promise<unknown> =>
      location(await new Client().post('/elsewhere/', { ...ADA, next }, options));
    expect(await to('https://other.example.com/a')).toBe('https://other.example.com/a');
    expect(await to('https://third.example.com/a')).toBe('/who/');
    expect(await to('http://testserver/a', { secure: true })).toBe('/who/');
  });

  it('sends on whoever is logged in, where it is told to, and notices a loop', async () => {
    const client = new Client();
    expect((await client.get('/once/')).statusCode).toBe(200);
    await client.login(ADA);
    expect(location(await client.get('/once/'))).toBe('/who/');
    await overrideSettings({ LOGIN_REDIRECT_URL: '/once/' }, async () => {
      await expect(client.get('/once/')).rejects.toThrow('Redirection loop for authenticated user detected.');
    });
  });

  it('asks for the token of its form', async () => {
    const client = new Client({ enforceCsrfChecks: true });
    expect((await client.post('/accounts/login/', ADA)).statusCode).toBe(403);
    expect(await who(client)).toBe('nobody');
  });

  it('takes names in any of the ways that Unicode has for them, and passwords of any length', async () => {
    await User.objects.createUser('\u2126mega', '', 'p'.repeat(1_000_000));
    const client = new Client();
    const data = { username: '\u03a9mega', password: 'p'.repeat(1_000_000) };
    expect(location(await client.post('/accounts/login/', data))).toBe('/who/');
    expect(await who(client)).toBe('\u03a9mega');
  });
});

describe('LogoutView', () => {
  it('logs out by POST alone, and leads on', async () => {
    const client = new Client();
    await client.login(ADA);
    expect((await client.get('/accounts/logout/')).statusCode).toBe(405);
    expect(await who(client)).toBe('ada');
    expect((await client.post('/accounts/logout/')).text).toBe('logged_out: Logged out');
    expect(await who(client)).toBe('nobody');
    expect(location(await client.post('/accounts/logout/', { next: '/who/' }))).toBe('/who/');
    expect((await client.post('/accounts/logout/', { next: '//example.com' })).statusCode).toBe(200);
    await overrideSettings({ LOGOUT_REDIRECT_URL: '/bye/' }, async () => {
      expect(location(await client.post('/accounts/logout/'))).toBe('/bye/');
    });
    await client.login(ADA);
    expect(location(await client.post('/leave/'))).toBe('/accounts/login/');
    expect(await who(client)).toBe('nobody');
  });
});

describe('the generic views beneath', () => {
  it('are FormView and TemplateView', () => {
    expect(new LoginView()).toBeInstanceOf(FormView);
    expect(new PasswordChangeView()).toBeInstanceOf(FormView);
    expect(new LogoutView()).toBeInstanceOf(TemplateView);
  });

  it('have their hooks', async () => {
    const client = new Client();
    const page = await client.get('/own/');
    expect(page.text).toBe('next=of the view ');
    const { form } = page.context as { form: AuthenticationForm };
    expect([form.prefix, form.initial, form.labelSuffix]).toEqual(['own', { username: 'whoever' }, '?']);
    const sent = await client.post('/own/', { 'own-username': 'ada', 'own-password': 'secret' });
    expect(location(sent)).toBe('/who/?default');
  });

  it('make the form of either attribute, and lead to nextPage', async () => {
    await User.objects.createUser('bob', '', 'secret');
    const client = new Client();
    expect((await client.post('/bobs/', ADA)).text).toContain('Only Bob.');
    expect(location(await client.post('/bobs/', { ...ADA, username: 'bob' }))).toBe('/who/?bob');
    expect((await client.post('/form-class/', ADA)).text).toBe('next=extra * __all__\n  * Only Bob.');
  });

  it('take a PUT as a POST, and show extraContext over their own', async () => {
    const client = new Client();
    await client.login(ADA);
    expect((await client.get('/change/')).text).toBe('password_change_form: Another');
    expect((await client.put('/change/', '')).statusCode).toBe(200);
    const data = { old_password: 'secret', new_password1: 'new', new_password2: 'new' };
    expect(location(await client.post('/change/', data))).toBe('/who/?changed');
    expect((await client.get('/sent/')).text).toBe('password_reset_done: Sent');
  });
});

describe('PasswordChangeView', () => {
  it('changes it, and ends the other sessions', async () => {
    const [one, other] = [new Client(), new Client()];
    expect(location(await one.get('/accounts/password_change/'))).toBe(
      '/accounts/login/?next=/accounts/password_change/',
    );
    await one.login(ADA);
    await other.login(ADA);
    const data = { old_password: 'wrong', new_password1: 'new', new_password2: 'new' };
    expect((await one.post('/accounts/password_change/', data)).text).toContain(
      'password_change_form: Password change* old_password\n  * Your old password was entered incorrectly.',
    );
    expect(location(await one.post('/accounts/password_change/', { ...data, old_password: 'secret' }))).toBe(
      '/accounts/password_change/done/',
    );
    expect((await one.get('/accounts/password_change/done/')).text).toBe(
      'password_change_done: Password change successful',
    );
    expect([await who(one), await who(other)]).toEqual(['ada', 'nobody']);
    expect(await new Client().login({ ...ADA, password: 'new' })).toBe(true);
  });
});

it('a user is sent a mail', async () => {
  const ada = await User.objects.get({ username: 'ada' });
  expect(await ada.emailUser('Hello', 'Ada', null, { htmlMessage: '<p>Ada</p>' })).toBe(1);
  expect(outbox.map(({ subject, to, fromEmail }) => [subject, to, fromEmail])).toEqual([
    ['Hello', ['ada@example.com'], 'site@example.com'],
  ]);
});

describe('a new password by mail', () => {
  const linkOf = ({ body }: EmailMessage): string =>
    body.replace(/^http:\/\/testserver/, '').replace(/ for .*/, '');

  async function ask(email: string): Promise<void> {
    const response = await new Client().post('/accounts/password_reset/', { email });
    expect(location(response)).toBe('/accounts/password_reset/done/');
  }

  it('goes to whoever has the address, and is good once', async () => {
    await ask('ADA@example.com');
    const [mail] = outbox as [EmailMessage];
    expect([mail.subject, mail.fromEmail, mail.to, mail.body.endsWith('for ada')]).toEqual([
      'Reset',
      'site@example.com',
      ['ada@example.com'],
      true,
    ]);
    const client = new Client();
    const first = await client.get(linkOf(mail));
    expect(location(first)).toMatch(/^\/accounts\/reset\/\w+\/set-password\/$/);
    const page = location(first) as string;
    expect((await client.get(page)).text).toBe('password_reset_confirm: Enter new password');
    const data = { new_password1: 'new', new_password2: 'new' };
    expect(location(await client.post(page, data))).toBe('/accounts/reset/done/');
    expect((await client.get('/accounts/reset/done/')).text).toBe(
      'password_reset_complete: Password reset complete',
    );
    expect(await who(client)).toBe('nobody');
    const unsuccessful = 'password_reset_confirm: Password reset unsuccessful';
    expect((await client.get(linkOf(mail))).text).toBe(unsuccessful);
    expect((await client.post(page, { new_password1: 'evil', new_password2: 'evil' })).text).toBe(
      unsuccessful,
    );
    expect(await client.login({ ...ADA, password: 'new' })).toBe(true);
  });

  it('is not good for another user, nor made up', async () => {
    await User.objects.createUser('bob', 'bob@example.com', 'secret');
    await ask('ada@example.com');
    await ask('bob@example.com');
    const [ada, bob] = outbox.map((mail) => linkOf(mail).split('/')) as [string[], string[]];
    const client = new Client();
    const swapped = ['', 'accounts', 'reset', bob[3], ada[4], ''].join('/');
    for (const url of [
      swapped,
      '/accounts/reset/MQ/set-password/',
      '/accounts/reset/%F0/x-y/',
      '/accounts/reset/A/b-c/',
    ]) {
      expect((await client.get(url)).text).toBe('password_reset_confirm: Password reset unsuccessful');
    }
  });

  it('tells nobody who has an address, and sends none to those who may not have one', async () => {
    await ask('nobody@example.com');
    await User.objects.createUser('away', 'away@example.com', 'x', { isActive: false });
    await User.objects.createUser('other', 'other@example.com');
    await User.objects.createUser('mike', 'mike@example.org', 'x');
    await ask('away@example.com');
    await ask('other@example.com');
    await ask('m\u0131ke@example.org');
    expect(outbox).toEqual([]);
  });

  it('names the host that the site has, not the one that a request makes up', async () => {
    const client = new Client({ raiseRequestException: false });
    const headers = { Host: 'evil.example.com' };
    const response = await client.post(
      '/accounts/password_reset/',
      { email: 'ada@example.com' },
      { headers },
    );
    expect([response.statusCode, outbox]).toEqual([400, []]);
  });
});
