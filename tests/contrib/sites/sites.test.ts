/** The current site: by SITE_ID, by host, and without a table of sites. */
import '../../db/settings';
import { apps } from 'tsango/apps';
import { overrideSettings } from 'tsango/conf';
import { CurrentSiteManager, getCurrentSite, RequestSite, Site } from 'tsango/contrib/sites';
import { CurrentSiteMiddleware } from 'tsango/contrib/sites/middleware';
import { simpleDomainNameValidator } from 'tsango/contrib/sites/models';
import { registry } from 'tsango/core/checks';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import * as models from 'tsango/db/models';
import { HttpResponse } from 'tsango/http';
import { RequestFactory } from 'tsango/test';
import { scratchDatabase } from '../../support/databases';
import { createTables, statementsOf, useTables } from '../../support/model_tables';
import { SQLITE_ENGINE } from '../../support/sqlite';

class Photo extends models.Model {
  static override readonly Meta = { appLabel: 'site_tests' };
  static override readonly objects = new models.Manager<Photo>();
  static readonly onSite = new CurrentSiteManager<Photo>();
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.ForeignKey(() => Site, { onDelete: models.CASCADE }) declare site: models.Related<Site>;
  declare siteId: number;
}
class Story extends models.Model {
  static override readonly Meta = { appLabel: 'site_tests' };
  static override readonly objects = new models.Manager<Story>();
  static readonly onSite = new CurrentSiteManager<Story>('places');
  @models.CharField({ maxLength: 20 }) declare name: string;
  @models.ManyToManyField(() => Site) declare readonly places: models.ManyToManyManager<Site>;
}

const factory = new RequestFactory();
const requestTo = (host: string) => factory.get('/', null, { headers: { host } });

useTables({ ENGINE: SQLITE_ENGINE, NAME: ':memory:' }, () => [Site, Photo, Story], {
  settings: {
    ALLOWED_HOSTS: ['*'],
    INSTALLED_APPS: ['tsango.contrib.sites'],
    SITE_ID: 1,
  },
});

beforeEach(async () => {
  await Site.objects.all().delete();
  Site.objects.clearCache();
  for (const [id, domain] of [
    [1, 'example.com'],
    [2, 'other.example:8080'],
    [3, 'third.example'],
  ] as const)
    await Site.objects.create({ id, domain, name: `Site ${id}` });
});

const statements = async (body: () => Promise<unknown>): Promise<number> => (await statementsOf(body)).length;

describe('Site.objects.getCurrent()', () => {
  it('is the site of SITE_ID, read once', async () => {
    expect((await Site.objects.getCurrent()).domain).toBe('example.com');
    expect(await statements(() => Site.objects.getCurrent(requestTo('third.example')))).toBe(0);
  });

  it('is another one as soon as it is saved', async () => {
    const site = await Site.objects.getCurrent();
    await Site.objects.get({ pk: 1 }).then((row) => Object.assign(row, { domain: 'new.example' }).save());
    expect(site.domain).toBe('example.com');
    expect((await Site.objects.getCurrent()).domain).toBe('new.example');
  });

  it('is none as soon as it is deleted', async () => {
    await (await Site.objects.getCurrent()).delete();
    await expect(Site.objects.getCurrent()).rejects.toThrow('Site matching query does not exist.');
  });

  describe('without SITE_ID', () => {
    let restore: () => Promise<void>;
    beforeEach(() => {
      restore = overrideSettings({ SITE_ID: null });
    });
    afterEach(() => restore());

    it.each([
      ['example.com', 1],
      ['EXAMPLE.com', 1],
      ['example.com:8000', 1],
      ['other.example:8080', 2],
      ['third.example.', 3],
    ])('is the one of the host %s', async (host, id) => {
      expect((await Site.objects.getCurrent(requestTo(host))).pk).toBe(id);
      // The host with a port that no site has is looked for each time, the domain is not.
      expect(await statements(() => Site.objects.getCurrent(requestTo(host)))).toBeLessThanOrEqual(1);
    });

    it('forgets every host of a site that is saved', async () => {
      const site = await Site.objects.getCurrent(requestTo('other.example:8080'));
      site.name = 'Renamed';
      await Site.objects.filter({ pk: 2 }).update({ name: 'Elsewhere' });
      await site.save();
      expect((await Site.objects.getCurrent(requestTo('other.example:8080'))).name).toBe('Renamed');
    });

    it('is none of an unknown host', async () => {
      await expect(Site.objects.getCurrent(requestTo('unknown.example'))).rejects.toThrow(
        'Site matching query does not exist.',
      );
    });

    it('needs a request', async () => {
      await expect(Site.objects.getCurrent()).rejects.toThrow(
        'You\'re using the Django "sites framework" without having set the SITE_ID setting. Create a site in your ' +
          'database and set the SITE_ID setting or pass a request to Site.objects.getCurrent() to fix this error.',
      );
    });
  });
});

it('refuses white space in a domain', () => {
  expect(() => simpleDomainNameValidator('exa mple.com')).toThrow(
    'The domain name cannot contain any spaces or tabs.',
  );
  expect(simpleDomainNameValidator('example.com')).toBeUndefined();
});

describe('getCurrentSite()', () => {
  it('is a row where contrib.sites is installed', async () => {
    expect(await getCurrentSite(requestTo('third.example'))).toBeInstanceOf(Site);
  });

  it('is what the request says otherwise', async () => {
    apps.reset();
    apps.populate([]);
    try {
      const site = await getCurrentSite(requestTo('third.example:81'));
      expect(site).toBeInstanceOf(RequestSite);
      expect([site.domain, site.name, String(site)]).toEqual(Array(3).fill('third.example:81'));
      expect(() => (site as RequestSite).save()).toThrow('RequestSite cannot be saved.');
      expect(() => (site as RequestSite).delete()).toThrow('RequestSite cannot be deleted.');
    } finally {
      apps.reset();
      apps.populate(['tsango.contrib.sites']);
    }
  });
});

it('gives each request its site', async () => {
  const request = requestTo('third.example');
  await new CurrentSiteMiddleware(() => new HttpResponse()).processRequest(request);
  expect(request.site.domain).toBe('example.com');
});

it('has managers of the rows of the current site', async () => {
  for (const id of [1, 2]) {
    await Photo.objects.create({ name: `Photo ${id}`, siteId: id });
    const story = await Story.objects.create({ name: `Story ${id}` });
    await story.places.add(id);
  }
  expect(await Photo.onSite.flat('name')).toEqual(['Photo 1']);
  expect(await Story.onSite.flat('name')).toEqual(['Story 1']);
  expect(Story.onSite.deconstruct()).toEqual({ manager: CurrentSiteManager, args: ['places'] });
});

describe('what check says', () => {
  it('nothing of what is right', () => {
    expect([...Photo.check(), ...Story.check()]).toEqual([]);
  });

  it('that a manager has no field, or none that refers to a site', () => {
    class Lost extends models.Model {
      static override readonly Meta = { appLabel: 'site_tests' };
      static readonly onSite = new CurrentSiteManager<Lost>();
      static readonly byName = new CurrentSiteManager<Lost>('name');
      @models.CharField({ maxLength: 20 }) declare name: string;
    }
    expect(Lost.check().map(({ id, msg }) => [id, msg])).toEqual([
      ['sites.E001', "CurrentSiteManager could not find a field named 'sites'."],
      [
        'sites.E002',
        "CurrentSiteManager cannot use 'Lost.name' as it is not a foreign key or a many-to-many field.",
      ],
    ]);
  });

  it.each([
    [1, []],
    [null, []],
    ['1', ['sites.E101']],
    [1.5, ['sites.E101']],
  ])('of SITE_ID %p', async (SITE_ID, ids) => {
    const restore = overrideSettings({ SITE_ID: SITE_ID as never });
    try {
      expect((await registry.runChecks({ tags: ['sites'] })).map(({ id }) => id)).toEqual(ids);
    } finally {
      await restore();
    }
  });
});

describe('migrate', () => {
  const databases = [scratchDatabase(SQLITE_ENGINE), scratchDatabase(SQLITE_ENGINE)] as const;

  it.each([
    [null, 1, databases[0]],
    [7, 7, databases[1]],
  ])('makes example.com with SITE_ID %p', async (SITE_ID, pk, database) => {
    await overrideSettings({ SITE_ID, DATABASES: { default: database } }, async () => {
      let printed = '';
      const stdout = { write: (text: string) => (printed += text) };
      await callCommand('migrate', ['--verbosity', '0'], { stdout });
      const [site, ...others] = await Site.objects.all();
      expect([site?.pk, site?.domain, site?.name, others]).toEqual([pk, 'example.com', 'example.com', []]);
      expect(printed).toBe('');
      // Once is enough.
      await Site.objects.update({ domain: 'mine.example' });
      await callCommand('migrate', ['--verbosity', '0'], { stdout });
      expect(await Site.objects.flat('domain')).toEqual(['mine.example']);
      await connections.closeAll();
    });
    await createTables([Site, Photo, Story]);
  });
});
