import { configure, overrideSettings, resetSettings, type Settings } from 'tsango/conf';
import { PermissionDenied } from 'tsango/core/exceptions';
import {
  HttpResponse,
  HttpResponseNotFound,
  HttpResponseRedirect,
  StreamingHttpResponse,
} from 'tsango/http/response';
import { CommonMiddleware } from 'tsango/middleware/common';
import { Client, RequestFactory } from 'tsango/test';
import { path, rePath } from 'tsango/urls';
import { noAppendSlash } from 'tsango/views/decorators';
import { captureLogs } from '../support/logs';
import { through } from '../support/middleware';

const rf = new RequestFactory();
const view = () => new HttpResponse('ok');
const urlpatterns = [
  path('slash/', view),
  path('noslash', view),
  path('needsquoting#/', view),
  path('exempt/', noAppendSlash(view)),
  rePath('^(.+)/security/$', view),
];

beforeEach(() =>
  configure({
    ROOT_URLCONF: { urlpatterns },
    ALLOWED_HOSTS: ['*'],
    SECRET_KEY: 'x',
    MIDDLEWARE: ['tsango.middleware.common.CommonMiddleware'],
  }),
);
afterEach(() => resetSettings());

const get = (target: string, values: Partial<Settings> = {}) =>
  overrideSettings(values, () => new Client({ raiseRequestException: false }).get(target));

describe('APPEND_SLASH', () => {
  it.each([
    ['/slash/', 200, undefined],
    ['/noslash', 200, undefined],
    ['/slash', 301, '/slash/'],
    ['/slash?a=1&b=%20', 301, '/slash/?a=1&b=%20'],
    ['/needsquoting%23', 301, '/needsquoting%23/'],
    ['/unknown', 404, undefined],
    ['/exempt', 404, undefined],
  ])('%s: %d %s', async (target, status, location) => {
    const response = await get(target);
    expect(response.statusCode).toBe(status);
    expect(response.get('Location')).toBe(location);
  });
  it('is off where it is told to be', async () => {
    expect((await get('/slash', { APPEND_SLASH: false })).statusCode).toBe(404);
  });
  it('CVE-2018-14574: never leads to another host', async () => {
    const request = rf.get('/');
    request.path = '//evil.example/security';
    request.pathInfo = '//evil.example/security';
    const response = await through(CommonMiddleware, request, () => new HttpResponseNotFound(''));
    expect(response.get('Location')).toBe('/%2Fevil.example/security/');
    expect((await get('/%2Fevil.example/security')).get('Location')).toBe('/%2Fevil.example/security/');
  });
  it('refuses to lose the data of a form while DEBUG is on', async () => {
    const client = new Client();
    await overrideSettings({ DEBUG: true }, async () => {
      await captureLogs('tsango.request', () =>
        expect(client.post('/slash')).rejects.toThrow(
          "You called this URL via POST, but the URL doesn't end in a slash and you have APPEND_SLASH set. Django " +
            "can't redirect to the slash URL while maintaining POST data. Change your form to point to " +
            'testserver/slash/ (note the trailing slash), or set APPEND_SLASH=False in your Django settings.',
        ),
      );
    });
    expect((await client.post('/slash')).statusCode).toBe(301);
  });
  it('asks the URLconf of the request', async () => {
    const request = rf.get('/own');
    request.urlconf = { urlpatterns: [path('own/', view)] };
    const response = await through(CommonMiddleware, request, () => new HttpResponseNotFound(''));
    expect(response.get('Location')).toBe('/own/');
  });
});

describe('PREPEND_WWW', () => {
  it.each([
    ['/noslash', 'http://www.testserver/noslash'],
    ['/slash', 'http://www.testserver/slash/'],
    ['/slash/?x=1', 'http://www.testserver/slash/?x=1'],
  ])('%s goes to %s', async (target, location) => {
    const response = await get(target, { PREPEND_WWW: true });
    expect(response.statusCode).toBe(301);
    expect(response.get('Location')).toBe(location);
  });
  it('leaves www. alone', async () => {
    const request = rf.get('/noslash', null, { headers: { host: 'www.example.com' } });
    await overrideSettings({ PREPEND_WWW: true }, async () => {
      expect((await through(CommonMiddleware, request)).statusCode).toBe(200);
    });
  });
});

describe('DISALLOWED_USER_AGENTS', () => {
  const agent = (name: string) => rf.get('/slash/', null, { headers: { 'user-agent': name } });
  it('are refused, every time', async () => {
    await overrideSettings({ DISALLOWED_USER_AGENTS: [/foo/g] }, async () => {
      for (let i = 0; i < 3; i++) {
        await expect(through(CommonMiddleware, agent('a foo b'))).rejects.toThrow(PermissionDenied);
      }
      expect((await through(CommonMiddleware, agent('bar'))).statusCode).toBe(200);
    });
  });
});

describe('ALLOWED_HOSTS', () => {
  it('is checked for every request', async () => {
    const response = await overrideSettings({ ALLOWED_HOSTS: ['example.com'] }, () =>
      new Client({ headers: { host: 'evil.example' } }).get('/slash/'),
    );
    expect(response.statusCode).toBe(400);
  });
});

describe('Content-Length', () => {
  it('counts bytes', async () => {
    const response = await through(CommonMiddleware, rf.get('/'), () => new HttpResponse('é€😀'));
    expect(response.get('Content-Length')).toBe('9');
  });
  it('is left alone where it is set, and for streams', async () => {
    const own = await through(
      CommonMiddleware,
      rf.get('/'),
      () => new HttpResponse('x', { headers: { 'Content-Length': '5' } }),
    );
    expect(own.get('Content-Length')).toBe('5');
    const stream = await through(CommonMiddleware, rf.get('/'), () => new StreamingHttpResponse(['x']));
    expect(stream.hasHeader('Content-Length')).toBe(false);
  });
});

it('redirects with the class of a subclass', async () => {
  class Temporary extends CommonMiddleware {
    static override responseRedirectClass = HttpResponseRedirect;
  }
  const response = await through(Temporary, rf.get('/slash'), () => new HttpResponseNotFound(''));
  expect(response.statusCode).toBe(302);
});
