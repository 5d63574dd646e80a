/** Forms and cache keys against a real Django. */
import { execFileSync } from 'node:child_process';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { caches } from 'tsango/core/cache';
import { HttpResponse } from 'tsango/http/response';
import { CsrfViewMiddleware, getToken } from 'tsango/middleware/csrf';
import { RequestFactory } from 'tsango/test';
import { learnCacheKey } from 'tsango/utils/cache';
import { through } from '../support/middleware';
import { describeWith, SERVICES } from '../support/services';

/** Runs Python with Django set up; `out` is what the code leaves in it. */
function django<T>(code: string, input: unknown): T {
  const program = `
import json, sys
from django.conf import settings
settings.configure(ALLOWED_HOSTS=['*'], SECRET_KEY='x', USE_I18N=False, USE_L10N=False, USE_TZ=False,
                   CACHE_MIDDLEWARE_KEY_PREFIX='prefix')
import django
django.setup()
from django.http import HttpResponse
from django.test import RequestFactory
data = json.load(sys.stdin)
${code}
json.dump(out, sys.stdout)`;
  const output = execFileSync(SERVICES.python, ['-W', 'ignore', '-c', program], {
    input: JSON.stringify(input),
  });
  return JSON.parse(output.toString()) as T;
}

beforeEach(() => configure({ ALLOWED_HOSTS: ['*'], SECRET_KEY: 'x' }));
afterEach(async () => {
  await caches.closeAll();
  resetSettings();
});

describeWith('django', 'beside a real Django', () => {
  it('a form that Django made is accepted here', async () => {
    const { cookie, tokens } = django<{ cookie: string; tokens: string[] }>(
      `
from django.middleware.csrf import CsrfViewMiddleware, get_token
request = RequestFactory().get('/')
middleware = CsrfViewMiddleware(lambda request: HttpResponse())
middleware.process_request(request)
tokens = [get_token(request) for _ in range(20)]
response = middleware.process_response(request, HttpResponse())
out = {'cookie': response.cookies['csrftoken'].value, 'tokens': tokens}`,
      {},
    );
    for (const token of tokens) {
      const factory = new RequestFactory();
      factory.cookies.setValue('csrftoken', cookie);
      const form = await through(CsrfViewMiddleware, factory.post('/', { csrfmiddlewaretoken: token }));
      expect(form.statusCode).toBe(200);
      const header = await through(
        CsrfViewMiddleware,
        factory.put('/', '', { headers: { 'X-CSRFToken': token } }),
      );
      expect(header.statusCode).toBe(200);
    }
  });

  it('a form that was made here is accepted by Django', async () => {
    const tokens: string[] = [];
    const response = await through(CsrfViewMiddleware, new RequestFactory().get('/'), (request) => {
      for (let i = 0; i < 20; i++) tokens.push(getToken(request));
      return new HttpResponse('');
    });
    const cookie = response.cookies.get('csrftoken')?.value;
    const statuses = django<number[]>(
      `
from django.middleware.csrf import CsrfViewMiddleware
view = lambda request: HttpResponse()
def status(token):
    request = RequestFactory().post('/', {'csrfmiddlewaretoken': token}, HTTP_COOKIE='csrftoken=' + data['cookie'])
    middleware = CsrfViewMiddleware(view)
    middleware.process_request(request)
    return (middleware.process_view(request, view, (), {}) or view(request)).status_code
out = [status(token) for token in data['tokens'] + ['a' * 64]]`,
      { cookie, tokens },
    );
    expect(statuses).toEqual([...tokens.map(() => 200), 403]);
  });

  it('a page, and what it varies on, have the same keys', async () => {
    const paths = ['/', '/a b/é/?q=1&r=%20', '/x/?next=/y/'];
    const theirs = django<[string, string][]>(
      `
from django.core.cache import cache
from django.utils.cache import learn_cache_key, _generate_cache_header_key
def keys(path):
    request = RequestFactory().get(path)
    response = HttpResponse()
    response['Vary'] = 'Pony, Cookie,X-Own'
    learn_cache_key(request, response)
    name = _generate_cache_header_key('prefix', request)
    return [learn_cache_key(request, HttpResponse()), name]
out = [keys(path) for path in data]`,
      paths,
    );
    await overrideSettings(
      { USE_I18N: false, USE_TZ: false, CACHE_MIDDLEWARE_KEY_PREFIX: 'prefix' },
      async () => {
        for (const [i, path] of paths.entries()) {
          const request = new RequestFactory().get(path);
          const [page, headers = ''] = theirs[i] ?? [];
          expect(await learnCacheKey(request, new HttpResponse(''))).toBe(page);
          await learnCacheKey(request, new HttpResponse('', { headers: { Vary: 'Pony, Cookie,X-Own' } }));
          expect(await caches.get('default').get(headers)).toEqual([
            'HTTP_COOKIE',
            'HTTP_PONY',
            'HTTP_X_OWN',
          ]);
        }
      },
    );
  });
});
