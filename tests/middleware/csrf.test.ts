import { configure, overrideSettings, resetSettings, type Settings } from 'tsango/conf';
import type { HttpRequest } from 'tsango/http/request';
import { HttpResponse } from 'tsango/http/response';
import { CsrfViewMiddleware, getToken, rotateToken } from 'tsango/middleware/csrf';
import { doesTokenMatch, maskSecret, unmaskToken } from 'tsango/middleware/csrf_tokens';
import { RequestFactory, type RequestOptions } from 'tsango/test';
import { csrfExempt } from 'tsango/views/decorators';
import { captureLogs } from '../support/logs';
import { through } from '../support/middleware';

const SECRET = 'lcccccccX2kcccccccY2jcccccccssIC';
const MASKED = '1bcdefghij2bcdefghij3bcdefghij4bcdefghij5bcdefghij6bcdefghijABCD';
const rf = new RequestFactory();
const factory = (cookie?: string) => {
  const made = new RequestFactory();
  if (cookie !== undefined) made.cookies.setValue('csrftoken', cookie);
  return made;
};
const FORM = 'application/x-www-form-urlencoded';

beforeEach(() => configure({ ALLOWED_HOSTS: ['*'], SECRET_KEY: 'x', DEBUG: true }));
afterEach(() => resetSettings());

interface Sent extends RequestOptions {
  cookie?: string;
  posted?: string;
  method?: string;
}

function request({ cookie, posted, method = 'POST', ...options }: Sent): HttpRequest {
  const body = posted === undefined ? '' : `csrfmiddlewaretoken=${encodeURIComponent(posted)}`;
  return factory(cookie).generic(method, '/page/', body, { contentType: FORM, ...options });
}

/** The reason of the refusal; `undefined` if there is none. */
async function refusal(sent: Sent, values: Partial<Settings> = {}): Promise<string | undefined> {
  return overrideSettings(values, async () => {
    let status = 0;
    const logs = await captureLogs('tsango.security.csrf', async () => {
      status = (await through(CsrfViewMiddleware, request(sent))).statusCode;
    });
    expect(logs.length).toBe(status === 403 ? 1 : 0);
    const reason = /^WARNING:tsango\.security\.csrf:Forbidden \((.*)\): \/page\/$/.exec(logs[0] ?? '')?.[1];
    return status === 403 ? (reason ?? logs[0]) : undefined;
  });
}

describe('the token', () => {
  it.each([
    ['the secret itself', { cookie: SECRET, posted: SECRET }],
    ['a masked token', { cookie: SECRET, posted: maskSecret(SECRET) }],
    ['a masked cookie of an older Django', { cookie: MASKED, posted: unmaskToken(MASKED) }],
    ['both masked', { cookie: MASKED, posted: maskSecret(unmaskToken(MASKED)) }],
    ['a token that Django masked', { cookie: SECRET, posted: MASKED }],
    ['the header', { cookie: SECRET, headers: { 'X-CSRFToken': SECRET } }],
    ['the header of PUT', { cookie: SECRET, method: 'PUT', headers: { 'X-CSRFToken': maskSecret(SECRET) } }],
    ['none for GET', { method: 'GET' }],
    ['none for HEAD', { method: 'HEAD' }],
    ['none for OPTIONS', { method: 'OPTIONS' }],
    ['none for TRACE', { method: 'TRACE' }],
  ] as [string, Sent][])('is accepted: %s', async (_, sent) => {
    expect(await refusal(sent)).toBeUndefined();
  });

  it.each([
    [{ posted: SECRET }, 'CSRF cookie not set.'],
    [{ cookie: 'x', posted: SECRET }, 'CSRF cookie has incorrect length.'],
    [{ cookie: '*'.repeat(32), posted: SECRET }, 'CSRF cookie has invalid characters.'],
    [{ cookie: SECRET }, 'CSRF token missing.'],
    [{ cookie: SECRET, method: 'PUT', posted: SECRET }, 'CSRF token missing.'],
    [{ cookie: SECRET, method: 'DELETE' }, 'CSRF token missing.'],
    [{ cookie: SECRET, posted: 'a'.repeat(31) }, 'CSRF token from POST has incorrect length.'],
    [{ cookie: SECRET, posted: '*'.repeat(64) }, 'CSRF token from POST has invalid characters.'],
    [{ cookie: SECRET, posted: 'é'.repeat(32) }, 'CSRF token from POST has invalid characters.'],
    [{ cookie: SECRET, posted: 'a'.repeat(32) }, 'CSRF token from POST incorrect.'],
    [{ cookie: SECRET, posted: maskSecret('a'.repeat(32)) }, 'CSRF token from POST incorrect.'],
    [
      { cookie: SECRET, headers: { 'X-CSRFToken': 'a'.repeat(31) } },
      "CSRF token from the 'X-Csrftoken' HTTP header has incorrect length.",
    ],
    [
      { cookie: SECRET, headers: { 'X-CSRFToken': 'a'.repeat(64) } },
      "CSRF token from the 'X-Csrftoken' HTTP header incorrect.",
    ],
    [
      { cookie: SECRET, headers: { 'X-CSRFToken': '' } },
      "CSRF token from the 'X-Csrftoken' HTTP header has incorrect length.",
    ],
  ] as [Sent, string][])('is refused: %j: %s', async (sent, reason) => {
    expect(await refusal(sent)).toBe(reason);
  });

  it('comes in CSRF_HEADER_NAME and the cookie CSRF_COOKIE_NAME', async () => {
    const values = { CSRF_HEADER_NAME: 'HTTP_X_OTHER_NAME', CSRF_COOKIE_NAME: 'other' };
    const made = new RequestFactory();
    made.cookies.setValue('other', SECRET);
    await overrideSettings(values, async () => {
      const good = made.post('/page/', {}, { headers: { 'X-Other-Name': SECRET } });
      expect((await through(CsrfViewMiddleware, good)).statusCode).toBe(200);
      expect(await refusal({ cookie: SECRET, headers: { 'X-CSRFToken': SECRET } }, values)).toBe(
        'CSRF cookie not set.',
      );
    });
  });

  it('is not asked of exempt views, nor by the test client', async () => {
    const view = csrfExempt(() => new HttpResponse('ok'));
    expect((await through(CsrfViewMiddleware, request({}), view)).statusCode).toBe(200);
    const unchecked = request({});
    unchecked.dontEnforceCsrfChecks = true;
    expect((await through(CsrfViewMiddleware, unchecked)).statusCode).toBe(200);
  });

  it('an error in the form reaches the handler as the 400 that it is', async () => {
    await overrideSettings({ DATA_UPLOAD_MAX_MEMORY_SIZE: 10 }, async () => {
      await expect(through(CsrfViewMiddleware, request({ cookie: SECRET, posted: SECRET }))).rejects.toThrow(
        expect.objectContaining({ name: 'RequestDataTooBig' }),
      );
    });
  });
});

describe('Origin', () => {
  const good = { cookie: SECRET, posted: SECRET };
  const origin = (Origin: string, more: Sent = {}): Sent => ({ ...good, ...more, headers: { Origin } });
  it.each([
    [origin('http://testserver'), {}],
    [origin('https://testserver', { secure: true }), {}],
    [origin('https://dashboard.example.com'), { CSRF_TRUSTED_ORIGINS: ['https://dashboard.example.com'] }],
    [origin('https://foo.example.com'), { CSRF_TRUSTED_ORIGINS: ['https://*.example.com'] }],
    [origin('https://foo.example.com:8443'), { CSRF_TRUSTED_ORIGINS: ['https://*.example.com:8443'] }],
  ] as [Sent, Partial<Settings>][])('%j with %j is accepted', async (sent, values) => {
    expect(await refusal(sent, values)).toBeUndefined();
  });
  it.each([
    ['https://testserver', {}],
    ['http://testserver:8000', {}],
    ['null', {}],
    ['', {}],
    ['https://evil.example', {}],
    ['http://foo.example.com', { CSRF_TRUSTED_ORIGINS: ['https://*.example.com'] }],
    ['https://fooexample.com', { CSRF_TRUSTED_ORIGINS: ['https://*.example.com'] }],
    ['https://example.com.evil.example', { CSRF_TRUSTED_ORIGINS: ['https://*.example.com'] }],
    ['https://[', { CSRF_TRUSTED_ORIGINS: ['https://*.example.com'] }],
  ] as [string, Partial<Settings>][])('%j with %j is refused', async (value, values) => {
    expect(await refusal(origin(value), values)).toBe(
      `Origin checking failed - ${value} does not match any trusted origins.`,
    );
  });
  it('is checked even if the host is not allowed', async () => {
    expect(await refusal(origin('http://testserver'), { ALLOWED_HOSTS: ['example.com'] })).toBeUndefined();
    expect(
      await refusal(
        { ...good, headers: { Origin: 'http://evil.example', Host: 'evil.example' } },
        { ALLOWED_HOSTS: ['example.com'] },
      ),
    ).toBe('Origin checking failed - http://evil.example does not match any trusted origins.');
  });
});

describe('Referer, over HTTPS', () => {
  const good: Sent = { cookie: SECRET, posted: SECRET, secure: true };
  const from = (Referer: string, more: Sent = {}): Sent => ({
    ...good,
    ...more,
    headers: { Referer, ...more.headers },
  });
  it.each([
    [from('https://testserver/x/'), {}],
    [from('https://testserver'), {}],
    [from('https://dashboard.example.com/'), { CSRF_TRUSTED_ORIGINS: ['https://dashboard.example.com'] }],
    [from('https://foo.example.com/'), { CSRF_TRUSTED_ORIGINS: ['https://*.example.com'] }],
    [from('https://foo.example.com/'), { CSRF_COOKIE_DOMAIN: '.example.com' }],
    [from('https://foo.example.com/'), { CSRF_USE_SESSIONS: false, CSRF_COOKIE_DOMAIN: '.example.com' }],
    [{ ...good, secure: false }, {}],
  ] as [Sent, Partial<Settings>][])('%j with %j is accepted', async (sent, values) => {
    expect(await refusal(sent, values)).toBeUndefined();
  });
  it.each([
    [good, 'Referer checking failed - no Referer.'],
    [from(''), 'Referer checking failed - Referer is malformed.'],
    [from('https://'), 'Referer checking failed - Referer is malformed.'],
    [from('//testserver/'), 'Referer checking failed - Referer is malformed.'],
    [from('https://['), 'Referer checking failed - Referer is malformed.'],
    [from('http://testserver/'), 'Referer checking failed - Referer is insecure while host is secure.'],
    [
      from('https://evil.example/x'),
      'Referer checking failed - https://evil.example/x does not match any trusted origins.',
    ],
    [
      from('https://testserver.evil.example/'),
      'Referer checking failed - https://testserver.evil.example/ does not match any trusted origins.',
    ],
  ] as [Sent, string][])('%j is refused: %s', async (sent, reason) => {
    expect(await refusal(sent)).toBe(reason);
  });
});

describe('the cookie', () => {
  const answered = (
    sent: Sent,
    act: (passed: HttpRequest) => unknown = getToken,
    values: Partial<Settings> = {},
  ) =>
    overrideSettings(values, () =>
      through(CsrfViewMiddleware, request({ method: 'GET', ...sent }), (passed) => {
        act(passed);
        return new HttpResponse('ok');
      }),
    );

  it('is not set, and nothing varies, unless the token is used', async () => {
    const response = await answered({ cookie: SECRET }, () => undefined);
    expect(response.hasCookies).toBe(false);
    expect(response.hasHeader('Vary')).toBe(false);
  });

  it('holds the secret, with the attributes of the settings', async () => {
    const response = await answered({}, getToken, {
      CSRF_COOKIE_NAME: 'token',
      CSRF_COOKIE_AGE: 100,
      CSRF_COOKIE_DOMAIN: '.example.com',
      CSRF_COOKIE_PATH: '/sub/',
      CSRF_COOKIE_SECURE: true,
      CSRF_COOKIE_HTTPONLY: true,
      CSRF_COOKIE_SAMESITE: 'Strict',
    });
    const cookie = response.cookies.get('token');
    expect(cookie?.value).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(cookie?.attributes).toMatchObject({
      'max-age': 100,
      domain: '.example.com',
      path: '/sub/',
      secure: true,
      httponly: true,
      samesite: 'Strict',
    });
    expect(response.get('Vary')).toBe('Cookie');
  });

  it('keeps the secret, and its age begins anew', async () => {
    let token = '';
    const response = await answered({ cookie: SECRET }, (passed) => {
      token = getToken(passed);
    });
    expect(response.cookies.get('csrftoken')?.value).toBe(SECRET);
    expect(response.cookies.get('csrftoken')?.attributes['max-age']).toBe(31_449_600);
    expect(token).toHaveLength(64);
    expect(doesTokenMatch(token, SECRET)).toBe(true);
  });

  it('is set unmasked for a client of an older Django', async () => {
    const response = await answered({ cookie: MASKED });
    expect(response.cookies.get('csrftoken')?.value).toBe(unmaskToken(MASKED));
  });

  it('is replaced if it holds no token, even if nobody asks for one', async () => {
    const response = await answered({ cookie: '*'.repeat(64) }, () => undefined);
    expect(response.cookies.get('csrftoken')?.value).toMatch(/^[A-Za-z0-9]{32}$/);
  });

  it('changes when the token is rotated', async () => {
    let token = '';
    const response = await answered({ cookie: SECRET }, (passed) => {
      rotateToken(passed);
      token = getToken(passed);
    });
    const { value = '' } = response.cookies.get('csrftoken') ?? {};
    expect(value).not.toBe(SECRET);
    expect(doesTokenMatch(token, value)).toBe(true);
  });

  it('masks the token differently each time, with one secret', async () => {
    const tokens = new Set<string>();
    await answered({}, (passed) => {
      for (let i = 0; i < 5; i++) tokens.add(getToken(passed));
    });
    expect(tokens.size).toBe(5);
    expect(new Set([...tokens].map(unmaskToken)).size).toBe(1);
  });
});

describe('CSRF_USE_SESSIONS', () => {
  const withSession = (values: Record<string, unknown>, sent: Sent = {}) => {
    const made = request(sent);
    const store = Object.assign(Object.create({ get: (key: string) => store[key] }), values);
    (made as unknown as { session: unknown }).session = store;
    return { made, store };
  };
  const run = (made: HttpRequest, act: (passed: HttpRequest) => unknown = () => undefined) =>
    overrideSettings({ CSRF_USE_SESSIONS: true }, () =>
      through(CsrfViewMiddleware, made, (passed) => {
        act(passed);
        return new HttpResponse('ok');
      }),
    );

  it('keeps the secret in the session, and sets no cookie', async () => {
    const { made, store } = withSession({}, { method: 'GET' });
    const response = await run(made, getToken);
    expect(store['_csrftoken']).toMatch(/^[A-Za-z0-9]{32}$/);
    expect(response.hasCookies).toBe(false);
  });
  it('checks against the session, and ignores the cookie', async () => {
    const { made } = withSession({ _csrftoken: SECRET }, { posted: maskSecret(SECRET) });
    expect((await run(made)).statusCode).toBe(200);
    const { made: forged } = withSession({}, { cookie: SECRET, posted: SECRET });
    await captureLogs('tsango.security.csrf', async () => {
      expect((await run(forged)).statusCode).toBe(403);
    });
  });
  it('says what is missing where there is no session', async () => {
    await expect(run(request({ method: 'GET' }), getToken)).rejects.toThrow(
      'CSRF_USE_SESSIONS is enabled, but request.session is not set. SessionMiddleware must appear before ' +
        'CsrfViewMiddleware in MIDDLEWARE.',
    );
  });
});

it('CVE-2025-48432: a refused path is escaped in the log', async () => {
  const logs = await captureLogs('tsango.security.csrf', () =>
    through(CsrfViewMiddleware, rf.post('/a%0Ab%1B/', {})),
  );
  expect(logs).toEqual(['WARNING:tsango.security.csrf:Forbidden (CSRF cookie not set.): /a\\nb\\x1b/']);
});
