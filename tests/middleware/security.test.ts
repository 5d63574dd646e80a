import { configure, overrideSettings, resetSettings, type Settings } from 'tsango/conf';
import { SecurityMiddleware } from 'tsango/middleware/security';
import { RequestFactory } from 'tsango/test';
import { through, viewWith } from '../support/middleware';

const rf = new RequestFactory();
beforeEach(() => configure({ ALLOWED_HOSTS: ['*'] }));
afterEach(() => resetSettings());

const headersWith = (values: Partial<Settings>, secure = false, own: Record<string, string> = {}) =>
  overrideSettings(
    values,
    async () => (await through(SecurityMiddleware, rf.get('/', null, { secure }), viewWith(own))).headers,
  );

describe('Strict-Transport-Security', () => {
  it.each<[Partial<Settings>, boolean, string | undefined]>([
    [{ SECURE_HSTS_SECONDS: 3600 }, true, 'max-age=3600'],
    [{ SECURE_HSTS_SECONDS: 3600 }, false, undefined],
    [{ SECURE_HSTS_SECONDS: 0 }, true, undefined],
    [
      { SECURE_HSTS_SECONDS: 600, SECURE_HSTS_INCLUDE_SUBDOMAINS: true },
      true,
      'max-age=600; includeSubDomains',
    ],
    [{ SECURE_HSTS_SECONDS: 600, SECURE_HSTS_PRELOAD: true }, true, 'max-age=600; preload'],
    [
      { SECURE_HSTS_SECONDS: 600, SECURE_HSTS_PRELOAD: true, SECURE_HSTS_INCLUDE_SUBDOMAINS: true },
      true,
      'max-age=600; includeSubDomains; preload',
    ],
  ])('%j, secure %s: %s', async (values, secure, expected) => {
    expect((await headersWith(values, secure)).get('Strict-Transport-Security')).toBe(expected);
  });
});

describe('the other headers', () => {
  it('are there by default', async () => {
    const headers = await headersWith({});
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('Referrer-Policy')).toBe('same-origin');
    expect(headers.get('Cross-Origin-Opener-Policy')).toBe('same-origin');
  });
  it('are left out where the setting is empty', async () => {
    const headers = await headersWith({
      SECURE_CONTENT_TYPE_NOSNIFF: false,
      SECURE_REFERRER_POLICY: null,
      SECURE_CROSS_ORIGIN_OPENER_POLICY: null,
    });
    expect([...headers.keys()]).toEqual(['Content-Type']);
  });
  it.each([
    ['strict-origin, origin', 'strict-origin,origin'],
    [['strict-origin', 'origin'], 'strict-origin,origin'],
    ['origin', 'origin'],
  ])('Referrer-Policy of %j is %s', async (SECURE_REFERRER_POLICY, expected) => {
    expect((await headersWith({ SECURE_REFERRER_POLICY })).get('Referrer-Policy')).toBe(expected);
  });
  it('do not replace what a view sets', async () => {
    const own = {
      'X-Content-Type-Options': 'foo',
      'Referrer-Policy': 'unsafe-url',
      'Cross-Origin-Opener-Policy': 'unsafe-none',
      'Strict-Transport-Security': 'max-age=1',
    };
    const headers = await headersWith({ SECURE_HSTS_SECONDS: 9 }, true, own);
    for (const [name, value] of Object.entries(own)) expect(headers.get(name)).toBe(value);
  });
});

describe('the redirect to HTTPS', () => {
  const go = (path: string, values: Partial<Settings>, secure = false) =>
    overrideSettings({ SECURE_SSL_REDIRECT: true, ...values }, () =>
      through(SecurityMiddleware, rf.get(path, null, { secure })),
    );
  it('keeps the path and the query', async () => {
    const response = await go('/some/url/?q=a%20b', {});
    expect(response.statusCode).toBe(301);
    expect(response.get('Location')).toBe('https://testserver/some/url/?q=a%20b');
  });
  it('goes to SECURE_SSL_HOST', async () => {
    expect((await go('/x/', { SECURE_SSL_HOST: 'secure.example.com' })).get('Location')).toBe(
      'https://secure.example.com/x/',
    );
  });
  it('leaves secure requests and exempt paths alone', async () => {
    expect((await go('/x/', {}, true)).statusCode).toBe(200);
    expect((await go('/insecure/x/', { SECURE_REDIRECT_EXEMPT: [/^insecure\//g] })).statusCode).toBe(200);
    expect((await go('/insecure/x/', { SECURE_REDIRECT_EXEMPT: ['^insecure/'] })).statusCode).toBe(200);
    expect((await go('/other/', { SECURE_REDIRECT_EXEMPT: ['^insecure/'] })).statusCode).toBe(301);
  });
  it('is off by default', async () => {
    expect((await go('/x/', { SECURE_SSL_REDIRECT: false })).statusCode).toBe(200);
  });
});
