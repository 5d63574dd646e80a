/** Static files over HTTP: from the finders while developing, from STATIC_ROOT in production. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { find } from 'tsango/contrib/staticfiles/finders';
import { StaticFilesHandler } from 'tsango/contrib/staticfiles/handlers';
import { createServerListener } from 'tsango/core/handlers/node';
import { staticServer } from 'tsango/core/servers/static';
import { HttpResponse } from 'tsango/http';
import { path as route } from 'tsango/urls';

let folder: string;
let servers: http.Server[];

beforeEach(() => {
  servers = [];
  folder = mkdtempSync(path.join(os.tmpdir(), 'serving-'));
  mkdirSync(path.join(folder, 'css'));
  writeFileSync(path.join(folder, 'css', 'base.css'), 'a{}');
  writeFileSync(path.join(folder, 'css', 'base.0123456789ab.css'), 'a{}');
  writeFileSync(path.join(folder, '.secret'), 'x');
  writeFileSync(path.join(folder, 'page.html'), '<p>');
  resetSettings();
  apps.reset();
  configure({
    SECRET_KEY: 'x',
    DEBUG: true,
    ALLOWED_HOSTS: ['*'],
    ROOT_URLCONF: { urlpatterns: [route('site/', () => new HttpResponse('the site'))] },
    INSTALLED_APPS: ['tsango.contrib.staticfiles'],
    STATIC_URL: '/static/',
    STATICFILES_DIRS: [folder],
  });
  apps.populate();
});

afterEach(async () => {
  for (const server of servers) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  rmSync(folder, { recursive: true, force: true });
  resetSettings();
  apps.reset();
});

async function listen(listener: http.RequestListener): Promise<string> {
  const server = http.createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The path as it is: fetch would resolve the dots. */
function rawGet(url: string, target: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(url);
    http
      .get({ port, path: target, agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
      .on('error', reject);
  });
}

const OUTSIDE = [
  '/static/../../etc/passwd',
  '/static/%2e%2e/%2e%2e/etc/passwd',
  '/static/..%2f..%2fetc%2fpasswd',
  '/static//etc/passwd',
];

describe('while developing', () => {
  it('the finders are asked below STATIC_URL, and the site for the rest', async () => {
    const url = await listen(createServerListener(new StaticFilesHandler()));
    const response = await fetch(`${url}/static/css/base.css`);
    expect(await response.text()).toBe('a{}');
    expect(response.headers.get('content-type')).toBe('text/css');
    const modified = response.headers.get('last-modified') ?? '';
    const again = await fetch(`${url}/static/css/base.css`, { headers: { 'if-modified-since': modified } });
    expect([again.status, again.headers.get('content-disposition')]).toEqual([304, null]);
    expect(await (await fetch(`${url}/site/`)).text()).toBe('the site');
    expect((await fetch(`${url}/static/nothing.css`)).status).toBe(404);
  });

  it('the folder of uploads is one of the folders, where a finder says so', async () => {
    const finders = ['django.contrib.staticfiles.finders.DefaultStorageFinder'];
    await overrideSettings({ STATICFILES_FINDERS: finders, MEDIA_ROOT: folder }, async () => {
      const url = await listen(createServerListener(new StaticFilesHandler()));
      expect(await (await fetch(`${url}/static/css/base.css`)).text()).toBe('a{}');
    });
    await overrideSettings({ STATICFILES_FINDERS: finders, MEDIA_ROOT: '' }, () => {
      expect(() => find('css/base.css')).toThrow(
        "The storage backend of the staticfiles finder DefaultStorageFinder doesn't have a valid location. " +
          'Set MEDIA_ROOT, or leave the finder out of STATICFILES_FINDERS.',
      );
    });
  });

  it.each(OUTSIDE)('nothing outside of the folders is served: %s', async (target) => {
    const url = await listen(createServerListener(new StaticFilesHandler()));
    expect(await rawGet(url, target)).toBe(404);
  });

  it('nothing is served with DEBUG off, unless told', async () => {
    await overrideSettings({ DEBUG: false }, async () => {
      const off = await listen(createServerListener(new StaticFilesHandler()));
      expect((await fetch(`${off}/static/css/base.css`)).status).toBe(404);
      const insecure = await listen(createServerListener(new StaticFilesHandler(true)));
      expect((await fetch(`${insecure}/static/css/base.css`)).status).toBe(200);
    });
  });
});

describe('in production', () => {
  let restore: () => Promise<void>;
  beforeEach(() => {
    restore = overrideSettings({ STATIC_ROOT: folder, STATICFILES_DIRS: [] });
  });
  afterEach(() => restore());

  const listenStatic = (): Promise<string> => {
    const serve = staticServer();
    return listen((message, reply) =>
      serve(message, reply, () => reply.writeHead(404).end(`site: ${message.url}`)),
    );
  };

  it('files of STATIC_ROOT are served: for good where the name holds the hash', async () => {
    const url = await listenStatic();
    const plain = await fetch(`${url}/static/css/base.css`);
    expect(plain.headers.get('cache-control')).toBe('public, max-age=60');
    expect(plain.headers.get('x-content-type-options')).toBe('nosniff');
    const hashed = await fetch(`${url}/static/css/base.0123456789ab.css`);
    expect(hashed.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const etag = hashed.headers.get('etag') ?? '';
    const again = await fetch(`${url}/static/css/base.0123456789ab.css`, {
      headers: { 'if-none-match': etag },
    });
    expect(again.status).toBe(304);
  });

  it('the site is asked for the rest, under the whole path', async () => {
    const url = await listenStatic();
    expect(await (await fetch(`${url}/static/nothing.css?a=1`)).text()).toBe('site: /static/nothing.css?a=1');
    expect(await (await fetch(`${url}/site/`)).text()).toBe('site: /site/');
  });

  it.each([...OUTSIDE, '/static/.secret'])(
    'nothing outside of STATIC_ROOT, and nothing hidden, is served: %s',
    async (target) => {
      expect(await rawGet(await listenStatic(), target)).toBe(404);
    },
  );

  it('a missing STATIC_ROOT is named', async () => {
    await overrideSettings({ STATIC_ROOT: null }, () => {
      expect(() => staticServer()).toThrow(
        '--static needs STATIC_ROOT, the folder that collectstatic fills, and a STATIC_URL on this host.',
      );
    });
  });
});
