import path from 'node:path';
import { apps } from 'tsango/apps';
import { configure, resetSettings, type Settings } from 'tsango/conf';
import {
  type CheckMessage,
  CheckRegistry,
  Info,
  runChecks,
  Tags,
  tagExists,
  Warning,
} from 'tsango/core/checks';
import { BaseHandler } from 'tsango/core/handlers/base';
import { clearUrlCaches, rePath, path as route } from 'tsango/urls';
import { getLogger, resetLogging } from 'tsango/utils/log';
import { setSiteRoot } from 'tsango/utils/module_loading';
import { urlpatterns } from './site/urls';

const STRONG = 'k3y-that-nobody-guesses-and-that-is-long-enough-for-the-check!';

const DJANGO_MIDDLEWARE = [
  'django.middleware.security.SecurityMiddleware',
  'django.contrib.sessions.middleware.SessionMiddleware',
  'django.middleware.csrf.CsrfViewMiddleware',
  'django.middleware.clickjacking.XFrameOptionsMiddleware',
];

const FILE_CACHE = 'django.core.cache.backends.filebased.FileBasedCache';
const DJANGO_TEMPLATES = 'django.template.backends.django.DjangoTemplates';
const withOptions = (OPTIONS: Record<string, unknown>) => ({
  TEMPLATES: [{ BACKEND: DJANGO_TEMPLATES, OPTIONS }],
});
const handler = (name: string) => ({ LOGGING: { version: 1 as const, handlers: { h: { class: name } } } });

/** A site that the deployment checks find nothing wrong with. */
const SECURE: Partial<Settings> = {
  SECRET_KEY: STRONG,
  ALLOWED_HOSTS: ['example.com'],
  MIDDLEWARE: DJANGO_MIDDLEWARE,
  INSTALLED_APPS: ['django.contrib.sessions'],
  SECURE_HSTS_SECONDS: 3600,
  SECURE_HSTS_INCLUDE_SUBDOMAINS: true,
  SECURE_HSTS_PRELOAD: true,
  SECURE_SSL_REDIRECT: true,
  SESSION_COOKIE_SECURE: true,
  CSRF_COOKIE_SECURE: true,
};

async function check(values: object, deploy = false): Promise<CheckMessage[]> {
  configure(values);
  return runChecks({ includeDeploymentChecks: deploy });
}

const ids = (messages: readonly CheckMessage[]): (string | undefined)[] =>
  messages.map((message) => message.id);

beforeEach(() => setSiteRoot(path.join(__dirname, 'site')));
afterEach(() => {
  resetSettings();
  apps.reset();
  setSiteRoot(undefined);
});

describe('deployment checks', () => {
  it('are not run without --deploy', async () => {
    expect(await check({ SECRET_KEY: 'x', DEBUG: true })).toEqual([]);
  });

  it('find nothing in a secure site', async () => {
    expect(await check(SECURE, true)).toEqual([]);
  });

  it('know the middleware as a class, too', async () => {
    class SecurityMiddleware {}
    const MIDDLEWARE = [SecurityMiddleware, ...DJANGO_MIDDLEWARE.slice(1)];
    expect(await check({ ...SECURE, MIDDLEWARE }, true)).toEqual([]);
  });

  const without = (name: string): string[] => DJANGO_MIDDLEWARE.filter((entry) => !entry.includes(name));
  const cases: [string[], Partial<Settings>][] = [
    [['security.W001'], { MIDDLEWARE: without('security') }],
    [['security.W002'], { MIDDLEWARE: without('clickjacking') }],
    [['security.W003'], { MIDDLEWARE: without('csrf') }],
    [['security.W004'], { SECURE_HSTS_SECONDS: 0 }],
    [['security.W005'], { SECURE_HSTS_INCLUDE_SUBDOMAINS: false }],
    [['security.W006'], { SECURE_CONTENT_TYPE_NOSNIFF: false }],
    [['security.W008'], { SECURE_SSL_REDIRECT: false }],
    [['security.W009'], { SECRET_KEY: 'short' }],
    [['security.W009'], { SECRET_KEY: `django-insecure-${STRONG}` }],
    [['security.W009'], { SECRET_KEY: 'abcd'.repeat(20) }],
    [['security.W010'], { SESSION_COOKIE_SECURE: false, MIDDLEWARE: without('sessions') }],
    [['security.W011'], { SESSION_COOKIE_SECURE: false, INSTALLED_APPS: [] }],
    [['security.W012'], { SESSION_COOKIE_SECURE: false }],
    [['security.W013'], { SESSION_COOKIE_HTTPONLY: false, MIDDLEWARE: without('sessions') }],
    [['security.W014'], { SESSION_COOKIE_HTTPONLY: false, INSTALLED_APPS: [] }],
    [['security.W015'], { SESSION_COOKIE_HTTPONLY: false }],
    [['security.W016'], { CSRF_COOKIE_SECURE: false }],
    [['security.W018'], { DEBUG: true }],
    [['security.W019'], { X_FRAME_OPTIONS: 'SAMEORIGIN' }],
    [['security.W020'], { ALLOWED_HOSTS: [] }],
    [['security.W021'], { SECURE_HSTS_PRELOAD: false }],
    [['security.W022'], { SECURE_REFERRER_POLICY: null }],
    [['security.E023'], { SECURE_REFERRER_POLICY: 'same-origin, bogus' }],
    [['security.E024'], { SECURE_CROSS_ORIGIN_OPENER_POLICY: 'bogus' }],
    [['security.W025'], { SECRET_KEY_FALLBACKS: [STRONG, 'short'] }],
    [['4_0.E001'], { CSRF_TRUSTED_ORIGINS: ['example.com', 'https://example.com'] }],
    [['security.E102'], { CSRF_FAILURE_VIEW: 'views.missing' }],
    [['caches.E001'], { CACHES: {} }],
    [['caches.W003'], { CACHES: { default: { BACKEND: FILE_CACHE, LOCATION: 'relative' } } }],
    [
      ['caches.W002'],
      {
        MEDIA_ROOT: '/srv/media',
        CACHES: { default: { BACKEND: FILE_CACHE, LOCATION: '/srv/media/c' } },
      },
    ],
    [['settings.E003'], { MIDDLEWARE: [...DJANGO_MIDDLEWARE, 'mysite.middleware.Missing'] }],
    [
      ['templates.E001'],
      { TEMPLATES: [{ BACKEND: DJANGO_TEMPLATES, APP_DIRS: true, OPTIONS: { loaders: [] } }] },
    ],
    [['templates.E002'], { TEMPLATES: [{ BACKEND: DJANGO_TEMPLATES, OPTIONS: { string_if_invalid: 1 } }] }],
    [['files.E001'], { FILE_UPLOAD_TEMP_DIR: '/there/is/no/such/folder' }],
    [['urls.E006', 'urls.E006'], { STATIC_URL: '/static', MEDIA_URL: 'media' }],
  ];
  it.each(cases)('find %j in %j', async (expected, change) => {
    expect(ids(await check({ ...SECURE, ...change }, true))).toEqual(expected);
  });

  const unloadable: [place: string, Partial<Settings>][] = [
    ['The ROOT_URLCONF setting', { ROOT_URLCONF: 'missing.urls' }],
    ['The MESSAGE_STORAGE setting', { MESSAGE_STORAGE: 'missing.Storage' }],
    ['The SESSION_SERIALIZER setting', { SESSION_SERIALIZER: 'django.contrib.sessions.Missing' }],
    ['The SIGNING_BACKEND setting', { SIGNING_BACKEND: 'missing.Signer' }],
    ['The DEFAULT_EXCEPTION_REPORTER setting', { DEFAULT_EXCEPTION_REPORTER: 'missing.Reporter' }],
    ['The DEFAULT_EXCEPTION_REPORTER_FILTER setting', { DEFAULT_EXCEPTION_REPORTER_FILTER: 'missing.F' }],
    ['The LOGGING_CONFIG setting', { LOGGING_CONFIG: 'missing.configure' }],
    ['The FILE_UPLOAD_HANDLERS setting', { FILE_UPLOAD_HANDLERS: ['missing.Handler'] }],
    ['The STATICFILES_FINDERS setting', { STATICFILES_FINDERS: ['missing.Finder'] }],
    ["BACKEND of CACHES['default']", { CACHES: { default: { BACKEND: 'missing.Cache' } } }],
    [
      "KEY_FUNCTION of CACHES['default']",
      { CACHES: { default: { BACKEND: FILE_CACHE, LOCATION: '/srv/c', KEY_FUNCTION: 'missing.f' } } },
    ],
    ["BACKEND of STORAGES['media']", { STORAGES: { media: { BACKEND: 'missing.Storage' } } }],
    ['BACKEND of TEMPLATES', { TEMPLATES: [{ BACKEND: 'missing.Templates' }] }],
    ["'context_processors' of TEMPLATES", withOptions({ context_processors: ['missing.f'] })],
    [
      "'loaders' of TEMPLATES",
      withOptions({
        loaders: [
          ['django.template.loaders.cached.Loader', [['missing.Loader', '/srv']]],
          ['django.template.loaders.filesystem.Loader', ['/srv/templates']],
        ],
      }),
    ],
    ["ENGINE of DATABASES['old']", { DATABASES: { old: { ENGINE: 'missing', NAME: 'x' } } }],
  ];
  it.each(unloadable)('say that what %s names cannot be loaded', async (place, change) => {
    const found = await check({ ...SECURE, ...change });
    expect(ids(found)).toEqual(['settings.E003']);
    expect(found[0]?.msg.startsWith(place)).toBe(true);
  });

  it('say what templates cannot use', async () => {
    const reason = 'Invalid template library specified. ImportError raised when trying to load';
    const cases: [string, string, Record<string, unknown>][] = [
      ['templates.E901', reason, { builtins: ['missing.tags'] }],
      ['templates.E901', reason, { libraries: { mine: 'missing.tags' } }],
      [
        'templates.E901',
        "Module  urls does not have a variable named 'register'. Export `register = new Library()` from it.",
        { libraries: { mine: 'urls' } },
      ],
      [
        'templates.E902',
        "TEMPLATES cannot be used: Unknown option 'auto_escape' in OPTIONS of the template engine 'django'.",
        { auto_escape: true },
      ],
      [
        'templates.W003',
        "'i18n' is used for multiple template tag modules: 'tsango.templatetags.i18n', 'tsango.templatetags.tz'",
        { libraries: { i18n: 'tsango.templatetags.tz' } },
      ],
    ];
    for (const [id, message, options] of cases) {
      const found = await check({ ...SECURE, ...withOptions(options) });
      expect(ids(found)).toEqual([id]);
      expect(found[0]?.msg).toContain(message);
      resetSettings();
    }
    expect(
      await check({
        ...SECURE,
        ...withOptions({
          loaders: [['django.template.loaders.cached.Loader', ['django.template.loaders.filesystem.Loader']]],
          context_processors: ['django.template.context_processors.request', () => ({})],
        }),
      }),
    ).toEqual([]);
  });

  it.each([
    ['logging.handlers.HTTPHandler', 'a handler of your own extends Handler of tsango/utils/log'],
    ['logging.handlers.SMTPHandler', "Use 'django.utils.log.AdminEmailHandler'"],
  ])('say what to do about the handler %s of LOGGING, each time', async (name, remedy) => {
    resetLogging();
    try {
      for (let time = 0; time < 2; time++) {
        const [found, ...more] = await check({ ...SECURE, ...handler(name) });
        expect(more).toEqual([]);
        expect(found?.id).toBe('settings.E004');
        expect(found?.msg).toContain(
          `Unable to configure handler 'h' of LOGGING: Could not import '${name}': `,
        );
        expect(found?.msg).toContain(remedy);
        expect(() => getLogger('shop').error('lost?')).toThrow(found?.msg);
        resetSettings();
      }
    } finally {
      resetLogging();
    }
  });

  it('name a middleware that cannot be loaded, as the server does when it starts', async () => {
    for (const name of ['mysite.middleware.Missing', 'django.middleware.csrf.Missing', 'nodots']) {
      const [found] = await check({ ...SECURE, MIDDLEWARE: [...DJANGO_MIDDLEWARE, name] });
      const handler = new BaseHandler();
      expect(found?.id).toBe('settings.E003');
      expect(() => handler.loadMiddleware()).toThrow(
        expect.objectContaining({ name: 'ImproperlyConfigured', message: found?.msg }),
      );
      resetSettings();
    }
  });

  it('say what Django says', async () => {
    const found = await check({ ...SECURE, SECURE_REFERRER_POLICY: 'bogus', MIDDLEWARE: [] }, true);
    expect(found.map(String).sort()).toEqual([
      "?: (security.W001) You do not have 'tsango.middleware.security.SecurityMiddleware' in your MIDDLEWARE so the " +
        'SECURE_HSTS_SECONDS, SECURE_CONTENT_TYPE_NOSNIFF, SECURE_REFERRER_POLICY, ' +
        'SECURE_CROSS_ORIGIN_OPENER_POLICY, and SECURE_SSL_REDIRECT settings will have no effect.',
      "?: (security.W002) You do not have 'tsango.middleware.clickjacking.XFrameOptionsMiddleware' in your " +
        "MIDDLEWARE, so your pages will not be served with an 'x-frame-options' header. Unless there is a good " +
        'reason for your site to be served in a frame, you should consider enabling this header to help prevent ' +
        'clickjacking attacks.',
      "?: (security.W003) You don't appear to be using Django's built-in cross-site request forgery protection via " +
        "the middleware ('tsango.middleware.csrf.CsrfViewMiddleware' is not in your MIDDLEWARE). Enabling the " +
        "middleware is the safest approach to ensure you don't leave any holes.",
    ]);
  });
});

describe('settings', () => {
  it('warns of a name that is nearly a setting’s, and leaves a site’s own alone', async () => {
    const found = await check({
      SECRET_KEY: 'x',
      SESION_COOKIE_AGE: 60,
      PAGE_SIZE: 20,
      debug: true,
      MY_TEMPLATES: [],
    });
    expect(found.map(String)).toEqual([
      "?: (settings.W001) The setting 'SESION_COOKIE_AGE' is unknown.\n\tHINT: Did you mean 'SESSION_COOKIE_AGE'? If " +
        "'SESION_COOKIE_AGE' is a setting of your own, silence settings.W001.",
      "?: (settings.W001) The setting 'debug' is unknown.\n\tHINT: Did you mean 'DEBUG'? If 'debug' is a setting of " +
        'your own, silence settings.W001.',
    ]);
  });

  it('is an error without a SECRET_KEY', async () => {
    expect((await check({})).map(String)).toEqual([
      '?: (settings.E002) The SECRET_KEY setting must not be empty.\n\tHINT: Set it in the settings module, for ' +
        "example from the environment: process.env['SECRET_KEY'].",
    ]);
  });
});

describe('URLs', () => {
  const view = (): never => {
    throw new Error('never called');
  };
  async function checkUrls(...patterns: unknown[]): Promise<string[]> {
    urlpatterns.splice(0, urlpatterns.length, ...patterns);
    const found = await check({ SECRET_KEY: 'x', ROOT_URLCONF: 'urls' });
    return found.map((message) => `${message.id} ${message.msg}`);
  }
  beforeEach(() => clearUrlCaches());

  it('finds nothing in good patterns', async () => {
    expect(await checkUrls(route('a/<int:b>/', view, { name: 'a' }), rePath('^b/$', view))).toEqual([]);
  });

  it('finds what cannot work', async () => {
    expect(
      await checkUrls(
        route('/start', view),
        route('a/', view, { name: 'a:b' }),
        route('^b/(?P<c>x)$', view),
        'prefix',
        42,
      ),
    ).toEqual([
      "urls.W002 Your URL pattern '/start' has a route beginning with a '/'. Remove this slash as it is unnecessary. " +
        "If this pattern is targeted in an include(), ensure the include() pattern has a trailing '/'.",
      "urls.W003 Your URL pattern 'a/' [name='a:b'] has a name including a ':'. Remove the colon, to avoid ambiguous " +
        'namespace references.',
      "2_0.W001 Your URL pattern '^b/(?P<c>x)$' has a route that contains '(?P<', begins with a '^', or ends with a " +
        "'$'. This was likely an oversight when migrating to django.urls.path().",
      "urls.E004 Your URL pattern 'prefix' is invalid. Ensure that urlpatterns is a list of path() and/or re_path() " +
        'instances.',
      'urls.E004 Your URL pattern 42 is invalid. Ensure that urlpatterns is a list of path() and/or re_path() ' +
        'instances.',
    ]);
  });

  it('finds brackets that are not closed, or not opened', async () => {
    const unmatched = (text: string, bracket: string): string =>
      `urls.W010 Your URL pattern '${text}' has an unmatched '${bracket}' bracket.`;
    expect(
      await checkUrls(...['a/<int:id/', 'a/id>/', 'a/<x>>/<', 'a/<x>/<y>/'].map((text) => route(text, view))),
    ).toEqual([
      unmatched('a/<int:id/', '<'),
      unmatched('a/id>/', '>'),
      unmatched('a/<x>>/<', '>'),
      unmatched('a/<x>>/<', '<'),
    ]);
  });
});

describe('messages and the registry', () => {
  it('print as Django prints them', () => {
    class Author {}
    expect(String(new Warning('Odd.'))).toBe('?: Odd.');
    expect(String(new Info('Odd.', { obj: Author, id: 'a.I001', hint: 'See.' }))).toBe(
      'Author: (a.I001) Odd.\n\tHINT: See.',
    );
  });

  it('knows its tags, and runs by tag', async () => {
    const own = new CheckRegistry();
    own.register(() => [new Warning('one')], 'a', 'b');
    own.register(() => [new Warning('two')], 'c', { deploy: true });
    expect([...own.tagsAvailable()]).toEqual(['a', 'b']);
    expect([...own.tagsAvailable(true)]).toEqual(['a', 'b', 'c']);
    expect((await own.runChecks({ tags: ['c'] })).length).toBe(0);
    expect((await own.runChecks({ tags: ['c'], includeDeploymentChecks: true })).length).toBe(1);
    expect(tagExists(Tags.security)).toBe(true);
    expect(tagExists('bogus')).toBe(false);
  });

  it('asks a database only where it is named', async () => {
    const own = new CheckRegistry();
    const asked: unknown[] = [];
    own.register(({ databases }) => {
      asked.push(databases);
      return [];
    }, Tags.database);
    await own.runChecks();
    await own.runChecks({ databases: ['default'] });
    expect(asked).toEqual([['default']]);
  });

  it('silences what SILENCED_SYSTEM_CHECKS names', async () => {
    const [found] = await check({ SILENCED_SYSTEM_CHECKS: ['settings.E002'] });
    expect(found?.isSilenced()).toBe(true);
  });
});
