/** Addresses that moved. What visitors see, Django's own tests say; these are about the rest. */
import '../../db/settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { Redirect } from 'tsango/contrib/redirects';
import { RedirectFallbackMiddleware } from 'tsango/contrib/redirects/middleware';
import { Site } from 'tsango/contrib/sites';
import { HttpResponse, HttpResponseNotFound } from 'tsango/http';
import { Client } from 'tsango/test';
import { path } from 'tsango/urls';
import { statementsOf, useTables } from '../../support/model_tables';
import { SQLITE_ENGINE } from '../../support/sqlite';

useTables({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }, () => [Site, Redirect], {
  settings: {
    ALLOWED_HOSTS: ['testserver'],
    INSTALLED_APPS: ['tsango.contrib.sites', 'tsango.contrib.redirects'],
    MIDDLEWARE: ['tsango.contrib.redirects.middleware.RedirectFallbackMiddleware'],
    ROOT_URLCONF: { urlpatterns: [path('here/', () => new HttpResponse('here'))] },
    SITE_ID: 1,
  },
  rows: async () => {
    for (const id of [1, 2])
      await Site.objects.create({ id, domain: `site${id}.example`, name: `Site ${id}` });
    for (const [siteId, oldPath, newPath] of [
      [1, '/old/', '/new/'],
      [1, '/old/?page=2', 'https://example.com/second'],
      [1, '/gone/', ''],
      [1, '/here/', '/never/'],
      [2, '/other/', '/new/'],
    ] as const)
      await Redirect.objects.create({ siteId, oldPath, newPath });
  },
});

const get = async (url: string): Promise<[number, string | undefined]> => {
  const { statusCode, headers } = await new Client().get(url);
  return [statusCode, headers.get('Location')];
};

it.each([
  ['/old/', 301, '/new/'],
  ['/old', 301, '/new/'],
  ['/old/?page=2', 301, 'https://example.com/second'],
  ['/old?page=2', 301, 'https://example.com/second'],
  ['/old/?page=3', 404, undefined],
  ['/gone/', 410, undefined],
  ['/here/', 200, undefined],
  ['/other/', 404, undefined],
])('%s: %d, %s', async (url, status, location) => {
  expect(await get(url)).toEqual([status, location]);
});

it('asks nobody where a page was found, and not of the address with a slash without APPEND_SLASH', async () => {
  await Site.objects.getCurrent();
  const restore = overrideSettings({ APPEND_SLASH: false });
  try {
    expect((await statementsOf(() => get('/here/'))).length).toBe(0);
    expect((await statementsOf(() => get('/old'))).length).toBe(1);
    expect(await get('/old')).toEqual([404, undefined]);
  } finally {
    await restore();
  }
});

it('is one of a site and a path', async () => {
  await expect(Redirect.objects.create({ siteId: 1, oldPath: '/old/', newPath: '/x/' })).rejects.toThrow();
  expect(String(await Redirect.objects.get({ oldPath: '/old/' }))).toBe('/old/ ---> /new/');
});

it('needs contrib.sites', () => {
  apps.reset();
  apps.populate([]);
  try {
    expect(() => new RedirectFallbackMiddleware(() => new HttpResponseNotFound())).toThrow(
      'You cannot use RedirectFallbackMiddleware when tsango.contrib.sites is not installed. Add it to INSTALLED_APPS.',
    );
  } finally {
    apps.reset();
    apps.populate();
  }
});
