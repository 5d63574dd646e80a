import { configure, resetSettings } from 'tsango/conf';
import { CsrfViewMiddleware } from 'tsango/middleware/csrf';
import { RequestFactory } from 'tsango/test';
import { through } from '../support/middleware';
import { describeVectors, reportArea, vectors } from '../support/vectors';

describeVectors('interop_csrf', 'CSRF tokens that Django made', () => {
  const facts = vectors<{ secret: string; token: string; match: boolean }>('interop_csrf');
  let passed = 0;
  beforeAll(() => configure({ SECRET_KEY: 'x', ALLOWED_HOSTS: ['*'] }));
  afterAll(() => {
    resetSettings();
    reportArea('interop_csrf', passed, facts.length);
  });

  it.each(facts)('$token with $secret: $match', async ({ secret, token, match }) => {
    const factory = new RequestFactory();
    factory.cookies.setValue('csrftoken', secret);
    const response = await through(CsrfViewMiddleware, factory.post('/', { csrfmiddlewaretoken: token }));
    expect(response.statusCode).toBe(match ? 200 : 403);
    passed += 1;
  });
});
