/** What Django's `Settings` object refuses by itself, without any command having run. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { configure, givenSetting, overrideSettings, resetSettings, settings } from 'tsango/conf';
import { createFetchHandler } from 'tsango/core/handlers/fetch';
import { createServerListener } from 'tsango/core/handlers/node';
import { dumps, loads, Signer, signCookie } from 'tsango/core/signing';
import { HttpResponse } from 'tsango/http';
import { clearScriptPrefix, path, setScriptPrefix } from 'tsango/urls';
import { saltedHmac } from 'tsango/utils/crypto';

const EMPTY = 'The SECRET_KEY setting must not be empty.';

afterEach(resetSettings);

function siteWithSessionsInCookies(secretKey: string): void {
  configure({
    SECRET_KEY: secretKey,
    ALLOWED_HOSTS: ['*'],
    LOGGING_CONFIG: null,
    SESSION_ENGINE: 'tsango.contrib.sessions.backends.signed_cookies',
    MIDDLEWARE: ['tsango.contrib.sessions.middleware.SessionMiddleware'],
    ROOT_URLCONF: {
      urlpatterns: [
        path('', (request) => new HttpResponse(`logged in as ${request.session.get('user', 'nobody')}`)),
      ],
    },
  });
  const { getLogger } = require('tsango/utils/log') as typeof import('tsango/utils/log');
  getLogger('tsango').handlers = [{ level: 0, handle: () => undefined } as never];
}

/** A session that somebody signs who has no key. */
function forgedCookie(): string {
  return dumps({ user: 1 }, { key: '\0', salt: 'django.contrib.sessions.backends.signed_cookies' });
}

describe('an empty SECRET_KEY', () => {
  it.each([
    ['Signer', () => new Signer()],
    ['dumps', () => dumps({ a: 1 })],
    ['loads', () => loads('e30:1:2')],
    ['signCookie', () => signCookie('a', 'b')],
    ['saltedHmac', () => saltedHmac('salt', 'value')],
    ['settings', () => settings.SECRET_KEY],
  ])('is refused by %s', (_name, use) => {
    configure({});
    expect(use).toThrow(EMPTY);
  });

  it('is refused when it comes from overrideSettings, and the old one is back afterwards', async () => {
    configure({ SECRET_KEY: 'the key' });
    await overrideSettings({ SECRET_KEY: '' }, () => expect(() => new Signer()).toThrow(EMPTY));
    expect(settings.SECRET_KEY).toBe('the key');
  });

  it.each([
    ['the key', 'x'],
    ['an empty one', ''],
  ])('is refused where it is assigned later, over %s', (_name, first) => {
    configure({ SECRET_KEY: first });
    settings.SECRET_KEY = '';
    expect(() => new Signer()).toThrow(EMPTY);
    expect(() => signCookie('a', 'b')).toThrow(EMPTY);
    settings.SECRET_KEY = 'another';
    expect(new Signer().unsign(new Signer({ key: 'another' }).sign('a'))).toBe('a');
    settings.SECRET_KEY_FALLBACKS = [''];
    expect(() => new Signer()).toThrow('The SECRET_KEY_FALLBACKS setting must not hold an empty key');
  });

  it('is not met by who lists settings, and checks can see it', () => {
    configure({ SECRET_KEY: '' });
    expect(() => ({ ...settings })).not.toThrow();
    expect(givenSetting('SECRET_KEY')).toBe('');
  });

  it('logs nobody in through the fetch handler', async () => {
    siteWithSessionsInCookies('');
    const cookie = `sessionid=${forgedCookie()}`;
    const response = await createFetchHandler()(new Request('http://localhost/', { headers: { cookie } }));
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('logged in');
  });

  it('logs nobody in through a server of the site’s own', async () => {
    siteWithSessionsInCookies('');
    const server = http.createServer(createServerListener());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const response = await fetch(url, { headers: { cookie: `sessionid=${forgedCookie()}` } });
    expect(response.status).toBe(500);
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

it('an empty key among SECRET_KEY_FALLBACKS is refused when fallbacks are needed', () => {
  configure({ SECRET_KEY: 'new', SECRET_KEY_FALLBACKS: ['old', ''] });
  expect(() => new Signer().unsign('value:signature')).toThrow(
    'The SECRET_KEY_FALLBACKS setting must not hold an empty key: leave out keys that are not set.',
  );
});

it.each([
  ['a zone that there is not', { TIME_ZONE: 'Europe/Nowhere' }, 'Incorrect timezone setting: Europe/Nowhere'],
  ['a zone in other letters', { TIME_ZONE: 'europe/berlin' }, 'Incorrect timezone setting: europe/berlin'],
  ['an offset', { TIME_ZONE: '+02:00' }, 'Incorrect timezone setting: +02:00'],
  [
    'hosts as a string',
    { ALLOWED_HOSTS: 'example.com' },
    'The ALLOWED_HOSTS setting must be a list, not a string.',
  ],
])('%s is refused', (_name, values, message) => {
  expect(() => configure(values)).toThrow(message);
});

describe('STATIC_URL and MEDIA_URL', () => {
  afterEach(clearScriptPrefix);

  it.each([
    ['static/', '/static/', '/app/static/'],
    ['/static/', '/static/', '/static/'],
    ['https://cdn.example.com/', 'https://cdn.example.com/', 'https://cdn.example.com/'],
    ['', '/', '/app/'],
  ])('%j is below the script prefix where it is relative', (value, atRoot, mounted) => {
    configure({ MEDIA_URL: value, STATIC_URL: value });
    expect([settings.MEDIA_URL, settings.STATIC_URL]).toEqual([atRoot, atRoot]);
    settings.MEDIA_URL = settings.STATIC_URL = '/elsewhere/';
    settings.MEDIA_URL = settings.STATIC_URL = value;
    setScriptPrefix('/app/');
    expect([settings.MEDIA_URL, settings.STATIC_URL]).toEqual([mounted, mounted]);
  });
});
