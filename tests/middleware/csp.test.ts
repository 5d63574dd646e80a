import { configure, overrideSettings, resetSettings, type Settings } from 'tsango/conf';
import type { HttpRequest } from 'tsango/http/request';
import { HttpResponse } from 'tsango/http/response';
import { ContentSecurityPolicyMiddleware, getNonce } from 'tsango/middleware/csp';
import { isTruthy } from 'tsango/python';
import { csp } from 'tsango/template/context_processors';
import { RequestFactory } from 'tsango/test';
import { buildPolicy, CSP, type CspPolicy, LazyNonce } from 'tsango/utils/csp';
import { cspOverride, cspReportOnlyOverride } from 'tsango/views/decorators';
import { through } from '../support/middleware';

const rf = new RequestFactory();
beforeEach(() => configure({ ALLOWED_HOSTS: ['*'] }));
afterEach(() => resetSettings());

describe('buildPolicy', () => {
  it.each<[CspPolicy, string]>([
    [{ 'default-src': [CSP.SELF, 'cdn.example.com'] }, "default-src 'self' cdn.example.com"],
    [{ 'default-src': CSP.NONE, 'img-src': [CSP.SELF] }, "default-src 'none'; img-src 'self'"],
    [
      { 'upgrade-insecure-requests': true, 'block-all-mixed-content': false, 'img-src': null },
      'upgrade-insecure-requests',
    ],
    [{ 'script-src': new Set(['b', 'a']) }, 'script-src a b'],
    [{ 'script-src': [CSP.SELF, CSP.NONCE] }, "script-src 'self'"],
    [{ 'script-src': [CSP.NONCE] }, ''],
    [{ 'script-src': [] }, ''],
    [{}, ''],
  ])('%j is %s', (policy, expected) => expect(buildPolicy(policy)).toBe(expected));
  it('puts the nonce in its place', () => {
    expect(buildPolicy({ 'script-src': [CSP.SELF, CSP.NONCE] }, 'abc')).toBe("script-src 'self' 'nonce-abc'");
  });
});

describe('the nonce', () => {
  it('is false until it is printed, and then stays the same', () => {
    const nonce = new LazyNonce();
    expect(isTruthy(nonce)).toBe(false);
    const text = `${nonce}`;
    expect(text).toMatch(/^[A-Za-z0-9_-]{22}$/);
    expect(`${nonce}`).toBe(text);
    expect(isTruthy(nonce)).toBe(true);
    expect(`${new LazyNonce()}`).not.toBe(text);
  });
});

describe('the middleware', () => {
  const policy = { 'default-src': [CSP.SELF], 'script-src': [CSP.SELF, CSP.NONCE] };
  const get = (
    values: Partial<Settings>,
    view: (request: HttpRequest) => HttpResponse = () => new HttpResponse(''),
  ) => overrideSettings(values, () => through(ContentSecurityPolicyMiddleware, rf.get('/'), view));

  it('sends nothing without a policy', async () => {
    const response = await get({});
    expect(response.hasHeader(CSP.HEADER_ENFORCE)).toBe(false);
    expect(response.hasHeader(CSP.HEADER_REPORT_ONLY)).toBe(false);
  });
  it('sends both policies, with the nonce if the page used it', async () => {
    let nonce = '';
    const response = await get(
      { SECURE_CSP: policy, SECURE_CSP_REPORT_ONLY: { 'img-src': CSP.NONE } },
      (request) => {
        nonce = String(csp(request)['csp_nonce']);
        return new HttpResponse('');
      },
    );
    expect(response.get(CSP.HEADER_ENFORCE)).toBe(`default-src 'self'; script-src 'self' 'nonce-${nonce}'`);
    expect(response.get(CSP.HEADER_REPORT_ONLY)).toBe("img-src 'none'");
    expect((await get({ SECURE_CSP: policy })).get(CSP.HEADER_ENFORCE)).toBe(
      "default-src 'self'; script-src 'self'",
    );
  });
  it('leaves the header of a view alone', async () => {
    const own = () => new HttpResponse('', { headers: { [CSP.HEADER_ENFORCE]: 'img-src x' } });
    expect((await get({ SECURE_CSP: policy }, own)).get(CSP.HEADER_ENFORCE)).toBe('img-src x');
  });
  it('takes the policy of a decorator, and none of an empty one', async () => {
    const view = () => new HttpResponse('');
    const other = await get({ SECURE_CSP: policy }, cspOverride({ 'img-src': CSP.SELF })(view));
    expect(other.get(CSP.HEADER_ENFORCE)).toBe("img-src 'self'");
    const none = await get({ SECURE_CSP: policy }, cspOverride({})(view));
    expect(none.hasHeader(CSP.HEADER_ENFORCE)).toBe(false);
    const report = await get({ SECURE_CSP: policy }, cspReportOnlyOverride({ 'img-src': CSP.SELF })(view));
    expect(report.get(CSP.HEADER_REPORT_ONLY)).toBe("img-src 'self'");
    expect(report.hasHeader(CSP.HEADER_ENFORCE)).toBe(true);
  });
  it('has no nonce without it', () => {
    expect(getNonce(rf.get('/'))).toBeUndefined();
  });
});
