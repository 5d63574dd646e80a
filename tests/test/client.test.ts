import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { ContentFile } from 'tsango/core/files/base';
import { SimpleUploadedFile } from 'tsango/core/files/uploadedfile';
import { templateRendered } from 'tsango/core/signals';
import { HttpResponse, HttpResponsePermanentRedirect, HttpResponseRedirect, JsonResponse } from 'tsango/http';
import { Client, RedirectCycleError, RequestFactory } from 'tsango/test';
import 'tsango/test/matchers';
import { path } from 'tsango/urls';

const urlconf = {
  urlpatterns: [
    path('echo/', async (request) => {
      const files: Record<string, string> = {};
      for (const [name, file] of request.FILES.items())
        files[name] = `${file.name} ${file.contentType} ${await file.text()}`;
      return new JsonResponse({
        method: request.method,
        type: request.contentType,
        GET: request.GET,
        POST: request.POST,
        files,
        body:
          files && Object.keys(files).length > 0
            ? ''
            : request.contentType === 'multipart/form-data'
              ? ''
              : String(request.body),
        secure: request.isSecure(),
        host: request.getHost(),
        agent: request.headers['user-agent'] ?? null,
        remote: request.META['REMOTE_ADDR'],
        cookie: request.COOKIES,
      });
    }),
    path('login/', () => {
      const response = new HttpResponseRedirect('/echo/?next=1');
      response.setCookie('seen', 'yes', { maxAge: 60 });
      return response;
    }),
    path('logout/', () => {
      const response = new HttpResponse('out');
      response.deleteCookie('seen');
      return response;
    }),
    path(
      'chain/<int:n>/',
      (_request, { n }) => new HttpResponsePermanentRedirect(n > 0 ? `/chain/${n - 1}/` : '/echo/'),
    ),
    path('circle/', () => new HttpResponseRedirect('/circle/')),
    path('keep/', () => new HttpResponseRedirect('/echo/', { preserveRequest: true })),
    path('away/', () => new HttpResponseRedirect('https://elsewhere.example/echo/')),
    path('relative/', () => new HttpResponseRedirect('../echo/')),
    path('html/', () => new HttpResponse('<p class="b a"  id=x>One</p>\n <p>two two</p>')),
    path('broken/', () => {
      throw new TypeError('broken');
    }),
    path('rendered/', () => {
      void templateRendered.send(null, { template: { name: 'a.html' }, context: { x: 1 } });
      void templateRendered.send(null, { template: { name: 'b.html' }, context: { x: 2 } });
      return new HttpResponse('x');
    }),
  ],
};

beforeAll(() => configure({ SECRET_KEY: 'test', ROOT_URLCONF: urlconf, LOGGING_CONFIG: null } as never));
afterAll(() => resetSettings());

interface Echo {
  method: string;
  type: string;
  GET: Record<string, string[]>;
  POST: Record<string, string[]>;
  files: Record<string, string>;
  body: string;
  secure: boolean;
  host: string;
  agent: string | null;
  remote: string;
  cookie: Record<string, string>;
}

describe('Client', () => {
  let client: Client;
  beforeEach(() => {
    client = new Client();
  });

  it('sends every method', async () => {
    const methods: string[] = [];
    for (const send of [
      client.get,
      client.post,
      client.put,
      client.patch,
      client.delete,
      client.options,
      client.trace,
    ]) {
      methods.push((await send.call(client, '/echo/')).json<Echo>().method);
    }
    expect(methods).toEqual(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']);
    const head = await client.head('/echo/');
    expect([head.statusCode, head.text]).toEqual([200, '']);
  });

  it('sends data as a query, a form, JSON or bytes', async () => {
    expect((await client.get('/echo/', { a: ['1', 2], b: true })).json<Echo>().GET).toEqual({
      a: ['1', '2'],
      b: ['True'],
    });
    expect((await client.get('/echo/?x=1')).json<Echo>().GET).toEqual({ x: ['1'] });
    expect((await client.post('/echo/?x=1', { a: [1, 2] })).json<Echo>()).toMatchObject({
      GET: { x: ['1'] },
      POST: { a: ['1', '2'] },
      type: 'multipart/form-data',
    });
    expect(
      (await client.post('/echo/', 'a=1', { contentType: 'application/x-www-form-urlencoded' })).json<Echo>()
        .POST,
    ).toEqual({ a: ['1'] });
    expect(
      (await client.put('/echo/', { a: [1] }, { contentType: 'application/json' })).json<Echo>().body,
    ).toBe('{"a": [1]}');
    expect((await client.patch('/echo/', Buffer.from('raw'))).json<Echo>()).toMatchObject({
      body: 'raw',
      type: 'application/octet-stream',
    });
    await expect(client.post('/echo/', { a: null })).rejects.toThrow(
      "Cannot encode None for key 'a' as POST data. Did you mean to pass an empty string or omit the value?",
    );
  });

  it('uploads files of every kind', async () => {
    const response = await client.post('/echo/', {
      text: 'x',
      a: new SimpleUploadedFile('a.txt', 'A', 'text/x-a'),
      b: new ContentFile('B', 'b.html'),
      c: { name: 'c.bin', content: Buffer.from('C') },
      d: new File(['D'], 'd.json', { type: 'application/json' }),
    });
    expect(response.json<Echo>()).toMatchObject({
      POST: { text: ['x'] },
      files: {
        a: 'a.txt text/x-a A',
        b: 'b.html text/html B',
        c: 'c.bin application/octet-stream C',
        d: 'd.json application/json D',
      },
    });
  });

  it('sends headers, entries of META, and over https', async () => {
    const mine = new Client({ headers: { 'User-Agent': 'test' }, defaults: { REMOTE_ADDR: '10.1.1.1' } });
    expect((await mine.get('/echo/')).json<Echo>()).toMatchObject({
      agent: 'test',
      remote: '10.1.1.1',
      secure: false,
      host: 'testserver',
    });
    const options = { secure: true, headers: { 'user-agent': 'other' }, extra: { REMOTE_ADDR: '::1' } };
    expect((await mine.get('/echo/', null, options)).json<Echo>()).toMatchObject({
      agent: 'other',
      remote: '::1',
      secure: true,
    });
    await overrideSettings({ ALLOWED_HOSTS: ['example.com'] }, async () => {
      expect(
        (await mine.get('/echo/', null, { extra: { HTTP_HOST: 'example.com' } })).json<Echo>().host,
      ).toBe('example.com');
      const quiet = new Client({ raiseRequestException: false });
      expect((await quiet.get('/echo/', null, { headers: { host: 'evil.example' } })).statusCode).toBe(400);
    });
  });

  it('keeps cookies, and forgets deleted ones', async () => {
    const response = await client.get('/login/');
    expect(response).toSetCookie('seen', 'yes');
    expect((await client.get('/echo/')).json<Echo>().cookie).toEqual({ seen: 'yes' });
    await client.get('/logout/');
    expect((await client.get('/echo/')).json<Echo>().cookie).toEqual({});
    client.cookies.setValue('own', 'a b');
    expect((await client.get('/echo/')).json<Echo>().cookie).toEqual({ own: 'a b' });
  });

  it('follows redirects', async () => {
    const response = await client.get('/chain/2/', null, { follow: true });
    expect(response.redirectChain).toEqual([
      ['/chain/1/', 301],
      ['/chain/0/', 301],
      ['/echo/', 301],
    ]);
    expect(response.json<Echo>().method).toBe('GET');
    const posted = await client.post('/login/', { a: 1 }, { follow: true });
    expect(posted.json<Echo>()).toMatchObject({
      method: 'GET',
      GET: { next: ['1'] },
      POST: {},
      cookie: { seen: 'yes' },
    });
    const kept = await client.post('/keep/', { a: 1 }, { follow: true });
    expect(kept.json<Echo>()).toMatchObject({ method: 'POST', POST: { a: ['1'] } });
    expect((await client.get('/relative/', null, { follow: true })).json<Echo>().method).toBe('GET');
    await overrideSettings({ ALLOWED_HOSTS: ['elsewhere.example'] }, async () => {
      expect((await client.get('/away/', null, { follow: true })).json<Echo>()).toMatchObject({
        host: 'elsewhere.example',
        secure: true,
      });
    });
  });

  it('does not go in circles', async () => {
    const failure = client.get('/circle/', null, { follow: true });
    await expect(failure).rejects.toBeInstanceOf(RedirectCycleError);
    await expect(failure).rejects.toThrow('Redirect loop detected.');
    await expect(client.get('/chain/25/', null, { follow: true })).rejects.toThrow('Too many redirects.');
  });

  it('throws what the view throws, or tells', async () => {
    await expect(client.get('/broken/')).rejects.toThrow(new TypeError('broken'));
    client.raiseRequestException = false;
    const response = await client.get('/broken/');
    expect([response.statusCode, (response.error as Error).message]).toEqual([500, 'broken']);
  });

  it('knows templates, contexts and the match', async () => {
    const response = await client.get('/rendered/');
    expect(response.templates.map(({ name }) => name)).toEqual(['a.html', 'b.html']);
    expect([response.context, response.contexts]).toEqual([{ x: 1 }, [{ x: 1 }, { x: 2 }]]);
    expect(response.resolverMatch?.route).toBe('rendered/');
    expect(response.request.path).toBe('/rendered/');
  });

  it('reads JSON only where it is', async () => {
    const response = await client.get('/html/');
    expect(() => response.json()).toThrow(
      'Content-Type header is "text/html; charset=utf-8", not "application/json"',
    );
  });

  it.each(['signed_cookies', 'file'])('opens the session of its cookie (%s)', async (engine) => {
    await overrideSettings({ SESSION_ENGINE: `tsango.contrib.sessions.backends.${engine}` }, async () => {
      const session = await client.session;
      session['name'] = 'amrit';
      await session.save();
      if (engine === 'signed_cookies') client.cookies.setValue('sessionid', session.sessionKey ?? '');
      expect((await client.session)['name']).toBe('amrit');
      await client.logout();
      expect(client.cookies.size).toBe(0);
    });
  });
});

describe('RequestFactory', () => {
  const factory = new RequestFactory();

  it('makes requests without sending them', () => {
    const request = factory.post('/a b/é/?x=1', { a: 1 }, { queryParams: { y: 2 } });
    expect([request.path, request.method, request.GET['y'], request.contentType]).toEqual([
      '/a b/é/',
      'POST',
      '2',
      'multipart/form-data',
    ]);
    expect(() => factory.post('/', { a: new Blob(['x']) })).toThrow(
      'use the Client, or give { name, content }',
    );
  });
});

describe('matchers', () => {
  const client = new Client({ raiseRequestException: false });

  it('toRedirectTo', async () => {
    const response = await client.get('/login/');
    await expect(response).toRedirectTo('/echo/?next=1');
    await expect(response).not.toRedirectTo('/elsewhere/');
    await expect(await client.get('/chain/1/', null, { follow: true })).toRedirectTo('/echo/', {
      statusCode: 301,
    });
    await expect(await client.get('/chain/1/')).toRedirectTo('/chain/0/', {
      statusCode: 301,
      targetStatusCode: 301,
    });
    await expect(await client.get('/away/')).toRedirectTo('https://elsewhere.example/echo/');
    await expect(expect(response).toRedirectTo('/x/')).rejects.toThrow(
      "Response redirected to '/echo/?next=1', expected '/x/'",
    );
    await expect(expect(await client.get('/html/')).toRedirectTo('/x/')).rejects.toThrow(
      "Response didn't redirect as expected: Response code was 200 (expected 302)",
    );
  });

  it('toContainText and toContainHtml', async () => {
    const response = await client.get('/html/');
    expect(response).toContainText('two', { count: 2 });
    expect(response).not.toContainText('three');
    expect(response).toContainHtml('<p id="x" class="a b">One</p><p>two   two</p>');
    expect(response).not.toContainHtml('<p class="a">One</p>');
    expect(() => expect(response).toContainText('three')).toThrow(
      "Couldn't find 'three' in the following response\n<p class=",
    );
    expect(() => expect(response).toContainText('two', { count: 1 })).toThrow(
      "Found 2 instances of 'two' (expected 1)",
    );
    expect(() => expect(response).toContainText('two', { statusCode: 404 })).toThrow(
      "Couldn't retrieve content: Response code was 200 (expected 404)",
    );
    expect('<a  b=1 c>x</a>').toEqualHtml('<a c b="1">x</a>');
  });

  it('toHaveUsedTemplate', async () => {
    const response = await client.get('/rendered/');
    expect(response).toHaveUsedTemplate('b.html', 1);
    expect(response).not.toHaveUsedTemplate('c.html');
    expect(() => expect(response).toHaveUsedTemplate('c.html')).toThrow(
      "Template 'c.html' was not a template used to render the response. Actual template(s) used: a.html, b.html",
    );
  });
});
