/** Sitemaps: what pages of them show, Django's own tests say; these are about the rest. */
import '../../db/settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { GenericSitemap, Sitemap, type SitemapAttributes } from 'tsango/contrib/sitemaps';
import { index, sitemap } from 'tsango/contrib/sitemaps/views';
import { Site } from 'tsango/contrib/sites';
import * as models from 'tsango/db/models';
import { PlainDate, PlainDateTime } from 'tsango/python/datetime';
import { Client } from 'tsango/test';
import { path } from 'tsango/urls';
import { getLanguage } from 'tsango/utils/translation';
import { statementsOf, useTables } from '../../support/model_tables';
import { SQLITE_ENGINE } from '../../support/sqlite';

class Post extends models.Model {
  static override readonly Meta = { appLabel: 'sitemap_tests', ordering: ['id'] };
  declare static readonly objects: models.Manager<Post>;
  @models.CharField({ maxLength: 20 }) declare slug: string;
  @models.DateTimeField({ null: true }) declare changed: Date | null;
  getAbsoluteUrl(): string {
    return `/posts/${this.slug}/`;
  }
}

/** Everything that a sitemap says may have to be waited for. */
class Waiting extends Sitemap<string> implements SitemapAttributes<string> {
  override async items(): Promise<string[]> {
    return ['one', 'two'];
  }
  override async location(item: string): Promise<string> {
    return `/${item}/`;
  }
  async lastmod(item: string): Promise<Date> {
    return new Date(item === 'one' ? '2024-02-03T04:05:06Z' : '2023-01-01T00:00:00Z');
  }
  changefreq = async (): Promise<'daily'> => 'daily';
  priority = async (): Promise<number> => 0.25;
}
class Numbers extends Sitemap<number> {
  override limit = 2;
  override protocol = 'https';
  lastmod = new PlainDate(2020, 5, 6);
  override items(): number[] {
    return [1, 2, 3];
  }
  override location(item: number): string {
    return `/n/${item}/?a=1&b=2`;
  }
}
class Speaking extends Sitemap<string> {
  override i18n = true;
  override alternates = true;
  override xDefault = true;
  override items(): string[] {
    return ['a'];
  }
  override location(item: string): string {
    return `/${getLanguage()}/${item}/`;
  }
}

const sitemaps = {
  waiting: Waiting,
  numbers: () => new Numbers(),
  posts: new GenericSitemap(
    { queryset: Post.objects.all(), dateField: 'changed' },
    { priority: 1, changefreq: 'never' },
  ),
};

useTables({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }, () => [Site, Post], {
  settings: {
    ALLOWED_HOSTS: ['testserver'],
    INSTALLED_APPS: ['tsango.contrib.sitemaps'],
    USE_TZ: true,
    TIME_ZONE: 'UTC',
    LANGUAGES: [
      ['en', 'English'],
      ['de', 'German'],
    ],
    LANGUAGE_CODE: 'en',
    ROOT_URLCONF: {
      urlpatterns: [
        path('sitemap.xml', index, { kwargs: { sitemaps } }),
        path('sitemap-<section>.xml', sitemap, {
          kwargs: { sitemaps },
          name: 'django.contrib.sitemaps.views.sitemap',
        }),
        path('all.xml', sitemap, { kwargs: { sitemaps: { waiting: Waiting, numbers: Numbers } } }),
      ],
    },
    TEMPLATES: [{ BACKEND: 'django.template.backends.django.DjangoTemplates', APP_DIRS: true }],
  },
  rows: async () => {
    for (const [slug, changed] of [
      ['a', '2024-01-01T00:00:00.250Z'],
      ['b', '2024-03-01T00:00:00Z'],
    ] as const)
      await Post.objects.create({ slug, changed: new Date(changed) });
  },
});

const get = async (url: string) => {
  const { statusCode, text, headers } = await new Client().get(url);
  return [
    statusCode,
    text,
    headers.get('Last-Modified'),
    headers.get('Content-Type'),
    headers.get('X-Robots-Tag'),
  ];
};
const page = (tag: string, more: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${tag} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"${more}>\n${content}\n</${tag}>\n`;
const urlset = (content: string): string =>
  page('urlset', ' xmlns:xhtml="http://www.w3.org/1999/xhtml"', content);
const REST = ['application/xml', 'noindex, noodp, noarchive'];

const NUMBERS = [1, 2].map(
  (item) => `<url><loc>https://testserver/n/${item}/?a=1&amp;b=2</loc><lastmod>2020-05-06</lastmod></url>`,
);
const WAITING =
  '<url><loc>http://testserver/one/</loc><lastmod>2024-02-03</lastmod><changefreq>daily</changefreq>' +
  '<priority>0.25</priority></url><url><loc>http://testserver/two/</loc><lastmod>2023-01-01</lastmod>' +
  '<changefreq>daily</changefreq><priority>0.25</priority></url>';

it('shows a section, waiting for what has to be waited for', async () => {
  expect(await get('/sitemap-waiting.xml')).toEqual([
    200,
    urlset(WAITING),
    'Sat, 03 Feb 2024 04:05:06 GMT',
    ...REST,
  ]);
});

it('shows sections together, changed when the latest of them was', async () => {
  expect(await get('/all.xml')).toEqual([
    200,
    urlset(WAITING + NUMBERS.join('')),
    'Sat, 03 Feb 2024 04:05:06 GMT',
    ...REST,
  ]);
});

it('shows a page of a long one', async () => {
  expect((await get('/sitemap-numbers.xml?p=2'))[1]).toContain('/n/3/');
  expect((await get('/sitemap-numbers.xml?p=2'))[1]).not.toContain('/n/2/');
});

it.each(['/sitemap-numbers.xml?p=3', '/sitemap-numbers.xml?p=x', '/sitemap-no.xml', '/sitemap-toString.xml'])(
  '%s is not there',
  async (url) => {
    expect((await get(url))[0]).toBe(404);
  },
);

it('shows an index, with a line for each page', async () => {
  const line = (loc: string, lastmod: string): string =>
    `<sitemap><loc>${loc}</loc><lastmod>${lastmod}</lastmod></sitemap>`;
  expect(await get('/sitemap.xml')).toEqual([
    200,
    page(
      'sitemapindex',
      '',
      line('http://testserver/sitemap-waiting.xml', '2024-02-03T04:05:06+00:00') +
        line('https://testserver/sitemap-numbers.xml', '2020-05-06') +
        line('https://testserver/sitemap-numbers.xml?p=2', '2020-05-06') +
        line('http://testserver/sitemap-posts.xml', '2024-03-01T00:00:00+00:00'),
    ),
    'Fri, 01 Mar 2024 00:00:00 GMT',
    ...REST,
  ]);
});

it('reads of the rows of a query only those of a page', async () => {
  const statements = await statementsOf(() => get('/sitemap-posts.xml'));
  expect(statements.map((sql) => /COUNT|LIMIT/.exec(sql)?.[0])).toEqual(['COUNT', 'LIMIT']);
});

it('says of rows what their date field says', async () => {
  const posts = new GenericSitemap({ queryset: Post.objects.all() });
  expect(await posts.getLatestLastmod()).toBeNull();
  const [url] = await sitemaps.posts.getUrls({ site: { domain: 'example.com' } });
  expect(url).toMatchObject({ location: 'https://example.com/posts/a/', priority: '1', changefreq: 'never' });
});

it('takes an instant for what clocks show, without USE_TZ', async () => {
  const restore = overrideSettings({ USE_TZ: false, TIME_ZONE: 'America/Chicago' });
  try {
    const [url] = await sitemaps.posts.getUrls({ site: { domain: 'example.com' } });
    expect(url?.lastmod).toEqual(new PlainDateTime(2024, 1, 1, 0, 0, 0, 250_000));
  } finally {
    await restore();
  }
});

it('has a page in each language, which name each other', async () => {
  const urls = await new Speaking().getUrls({ site: { domain: 'example.com' }, protocol: 'http' });
  const alternates = [
    { location: 'http://example.com/en/a/', langCode: 'en' },
    { location: 'http://example.com/de/a/', langCode: 'de' },
    { location: 'http://example.com/a/', langCode: 'x-default' },
  ];
  expect(urls.map(({ location, alternates: each }) => [location, each])).toEqual([
    ['http://example.com/en/a/', alternates],
    ['http://example.com/de/a/', alternates],
  ]);
});

describe('the domain', () => {
  it('needs a site', async () => {
    await expect(new Numbers().getUrls()).rejects.toThrow(
      'To use sitemaps, either enable the sites framework or pass a Site/RequestSite object in your view.',
    );
  });

  it('is that of the current site', async () => {
    await Site.objects.create({ id: 1, domain: 'sites.example', name: '' });
    const restore = overrideSettings({ SITE_ID: 1 });
    apps.reset();
    apps.populate(['tsango.contrib.sites']);
    try {
      expect((await new Numbers().getUrls())[0]?.location).toBe('https://sites.example/n/1/?a=1&b=2');
    } finally {
      await restore();
      apps.reset();
      apps.populate();
    }
  });
});
