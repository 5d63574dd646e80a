/** Flat pages: the view, the fallback, the form, the tag, the sitemap. What visitors see of them, Django's own tests say. */
import '../../db/settings';
import { overrideSettings } from 'tsango/conf';
import { FlatPage } from 'tsango/contrib/flatpages';
import { FlatpageForm } from 'tsango/contrib/flatpages/forms';
import { FlatPageSitemap } from 'tsango/contrib/flatpages/sitemaps';
import { urlpatterns } from 'tsango/contrib/flatpages/urls';
import { Site } from 'tsango/contrib/sites';
import { engines } from 'tsango/template';
import { Client, RequestFactory } from 'tsango/test';
import { include, path } from 'tsango/urls';
import { useTables } from '../../support/model_tables';
import { SQLITE_ENGINE } from '../../support/sqlite';

const MIDDLEWARE = [
  'tsango.middleware.common.CommonMiddleware',
  'tsango.contrib.flatpages.middleware.FlatpageFallbackMiddleware',
];

useTables({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }, () => [Site, FlatPage], {
  settings: {
    ALLOWED_HOSTS: ['testserver'],
    INSTALLED_APPS: ['tsango.contrib.sites', 'tsango.contrib.flatpages'],
    MIDDLEWARE,
    ROOT_URLCONF: { urlpatterns: [path('pages/', include(urlpatterns))] },
    SITE_ID: 1,
    TEMPLATES: [
      {
        BACKEND: 'django.template.backends.django.DjangoTemplates',
        OPTIONS: {
          loaders: [
            [
              'django.template.loaders.locmem.Loader',
              {
                'flatpages/default.html': '<h1>{{ flatpage.title }}</h1>{{ flatpage.content }}',
                'own.html': 'own: {{ flatpage.title }}',
              },
            ],
          ],
        },
      },
    ],
  },
  rows: async () => {
    for (const id of [1, 2])
      await Site.objects.create({ id, domain: `site${id}.example`, name: `Site ${id}` });
    for (const [url, sites, more] of [
      ['/about/', [1], { title: 'About <b>us</b>', content: '<p>We</p>' }],
      ['/about/more/', [1, 2], { title: 'More', templateName: 'own.html' }],
      ['/elsewhere/', [2], { title: 'Elsewhere' }],
      ['/members/', [1], { title: 'Members', registrationRequired: true }],
      ['/lost/', [1], { title: 'Lost', templateName: 'nowhere.html' }],
    ] as const) {
      const page = await FlatPage.objects.create({ url, ...more });
      await page.sites.add(...sites);
    }
  },
});

const get = async (url: string): Promise<[number, string]> => {
  const { statusCode, text, headers } = await new Client({ raiseRequestException: false }).get(url);
  return [statusCode, headers.get('Location') ?? text];
};

it.each([
  ['/about/', 200, '<h1>About <b>us</b></h1><p>We</p>'],
  ['/pages/about/', 200, '<h1>About <b>us</b></h1><p>We</p>'],
  ['/about/more/', 200, 'own: More'],
  ['/lost/', 200, '<h1>Lost</h1>'],
  ['/about', 301, '/about/'],
  ['/pages/about', 301, '/pages/about/'],
])('%s is %d', async (url, status, shown) => {
  expect(await get(url)).toEqual([status, shown]);
});

it.each(['/elsewhere/', '/nowhere/', '/nowhere'])('%s of this site is not there', async (url) => {
  expect((await get(url))[0]).toBe(404);
});

it('is a 404 all the same where the fallback fails, and the failure with DEBUG', async () => {
  // Nobody is on a request without the middleware of users.
  expect((await get('/members/'))[0]).toBe(404);
  const restore = overrideSettings({ DEBUG: true });
  try {
    await expect(new Client().get('/members/')).rejects.toThrow(TypeError);
  } finally {
    await restore();
  }
});

describe('getAbsoluteUrl()', () => {
  const page = new FlatPage({ url: '/café au lait/' });

  it('is where the URLconf has flat pages', () => {
    expect(page.getAbsoluteUrl()).toBe('/pages/caf%C3%A9%20au%20lait/');
  });

  it('is the address that the middleware answers otherwise', async () => {
    const restore = overrideSettings({ ROOT_URLCONF: { urlpatterns: [] } });
    try {
      expect(page.getAbsoluteUrl()).toBe('/caf%C3%A9%20au%20lait/');
    } finally {
      await restore();
    }
  });
});

describe('the form', () => {
  const data = { title: 'T', content: '', templateName: '', sites: ['1'] };
  const errors = async (url: string, more: object = {}): Promise<unknown> => {
    const form = new FlatpageForm({ data: { ...data, url, ...more } as never });
    await form.isValid();
    return Object.fromEntries(
      Object.entries(form.errors.getJsonData()).map(([name, all]) => [name, all.map(({ code }) => code)]),
    );
  };

  it.each([
    ['/new/', {}],
    ['/new_page~/x.y-z/ä/', {}],
    ['/a b/', { url: ['invalid'] }],
    ['/a?b/', { url: ['invalid'] }],
    ['new/', { url: ['missing_leading_slash'] }],
    ['/new', { url: ['missing_trailing_slash'] }],
    ['/about/', { __all__: ['duplicate_url'] }],
    ['/elsewhere/', {}],
  ])('takes or refuses %s', async (url, found) => {
    expect(await errors(url)).toEqual(found);
  });

  it('names the site that has the address', async () => {
    const form = new FlatpageForm({ data: { ...data, url: '/elsewhere/', sites: ['1', '2'] } as never });
    await form.isValid();
    expect([...(form.errors.get('__all__') ?? [])]).toEqual([
      'Flatpage with url /elsewhere/ already exists for site site2.example',
    ]);
  });

  it('lets a page keep its own address', async () => {
    const instance = await FlatPage.objects.get({ url: '/about/' });
    const form = new FlatpageForm({ data: { ...data, url: '/about/' } as never, instance });
    expect(await form.isValid()).toBe(true);
  });

  it.each([{ APPEND_SLASH: false }, { MIDDLEWARE: [] }])(
    'wants no slash at the end with %p',
    async (given) => {
      const restore = overrideSettings(given);
      try {
        expect(await errors('/new')).toEqual({});
        expect(String(new FlatpageForm().fields.url.helpText)).toBe(
          'Example: “/about/contact”. Make sure to have a leading slash.',
        );
      } finally {
        await restore();
      }
    },
  );
});

describe('{% get_flatpages %}', () => {
  const render = (tag: string, context: Readonly<Record<string, unknown>> = {}): unknown =>
    engines
      .get('django')
      .fromString(`{% load flatpages %}{% ${tag} %}{% for page in pages %}{{ page.url }} {% endfor %}`)
      .render(context, new RequestFactory().get('/'));

  it.each([
    ['get_flatpages as pages', {}, '/about/ /about/more/ /lost/ '],
    ['get_flatpages "/about/m" as pages', {}, '/about/more/ '],
    ['get_flatpages start as pages', { start: '/l' }, '/lost/ '],
    ['get_flatpages for who as pages', { who: { isAuthenticated: false } }, '/about/ /about/more/ /lost/ '],
    [
      'get_flatpages for who as pages',
      { who: { isAuthenticated: true } },
      '/about/ /about/more/ /lost/ /members/ ',
    ],
    [
      'get_flatpages "/m" for who as pages',
      { who: Promise.resolve({ isAuthenticated: true }) },
      '/members/ ',
    ],
  ])('{%% %s %%} with %p', async (tag, context, shown) => {
    expect(String(await render(tag, context))).toBe(shown);
  });

  it('is of the site of the request', async () => {
    const restore = overrideSettings({ SITE_ID: null, ALLOWED_HOSTS: ['*'] });
    try {
      const template = engines
        .get('django')
        .fromString('{% load flatpages %}{% get_flatpages as all %}{{ all|length }}');
      const request = new RequestFactory().get('/', null, { headers: { host: 'site2.example' } });
      expect(String(await template.render({ request }))).toBe('2');
    } finally {
      await restore();
    }
  });

  it.each([
    'get_flatpages',
    'get_flatpages pages',
    'get_flatpages as',
    'get_flatpages in pages',
    'get_flatpages "/a" who as pages',
    'get_flatpages "/a" for as pages to',
    'get_flatpages "/a" for who as pages too many',
  ])('is refused: {%% %s %%}', (tag) => {
    expect(() => engines.get('django').fromString(`{% load flatpages %}{% ${tag} %}`)).toThrow(
      "get_flatpages expects a syntax of get_flatpages ['url_starts_with'] [for user] as context_name",
    );
  });

  it.each(['get_flatpages nothing as pages', 'get_flatpages for nobody as pages'])(
    'wants a variable that is there: {%% %s %%}',
    async (tag) => {
      await expect((async () => render(tag))()).rejects.toThrow('Failed lookup for key');
    },
  );
});

describe('the sitemap', () => {
  it('has the pages that everybody may see', async () => {
    expect((await new FlatPageSitemap().getUrls()).map(({ location }) => location)).toEqual([
      'https://site1.example/pages/about/',
      'https://site1.example/pages/about/more/',
      'https://site1.example/pages/lost/',
    ]);
  });

  it('says what it needs', async () => {
    const restore = overrideSettings({ SITE_ID: null });
    try {
      expect(() => new FlatPageSitemap().items()).toThrow(
        'FlatPageSitemap requires tsango.contrib.sites in INSTALLED_APPS, and the SITE_ID of the site that it is of.',
      );
    } finally {
      await restore();
    }
  });
});
