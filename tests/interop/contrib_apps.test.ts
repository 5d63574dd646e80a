/** Sites, flat pages, redirects and feeds beside a real Django: the same tables and rows, and the same XML to the byte. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { apps } from 'tsango/apps';
import { configure, overrideSettings } from 'tsango/conf';
import { Site } from 'tsango/contrib/sites';
import { callCommand } from 'tsango/core/management';
import { connections } from 'tsango/db';
import {
  Atom1Feed,
  Enclosure,
  type Moment,
  Rss201rev2Feed,
  RssUserland091Feed,
} from 'tsango/utils/feedgenerator';
import { camelCase } from 'tsango/utils/module_loading';
import { scratchDatabase } from '../support/databases';
import { describeWith, SERVICES } from '../support/services';
import { SQLITE_ENGINE } from '../support/sqlite';

configure({
  SECRET_KEY: 'not a secret',
  SITE_ID: 1,
  TIME_ZONE: 'UTC',
  DEFAULT_AUTO_FIELD: 'django.db.models.AutoField',
  INSTALLED_APPS: ['django.contrib.sites', 'django.contrib.flatpages', 'django.contrib.redirects'],
});

const FORMATS = { RssUserland091Feed, Rss201rev2Feed, Atom1Feed };

const django = (what: string, database: string, input = ''): string =>
  execFileSync(SERVICES.python, [path.join(__dirname, 'django_contrib', 'site.py'), what, database], {
    encoding: 'utf8',
    input,
  });

describeWith(['django'], 'the apps of sites', () => {
  const [ours, theirs] = [scratchDatabase(SQLITE_ENGINE), scratchDatabase(SQLITE_ENGINE)];

  beforeAll(() => apps.populate());
  afterAll(() => apps.reset());

  const inDatabase = <T>(database: typeof ours, body: () => Promise<T>): Promise<T> =>
    overrideSettings({ DATABASES: { default: database } }, async () => {
      try {
        return await body();
      } finally {
        await connections.closeAll();
      }
    });
  const command = async (name: string, ...args: string[]): Promise<string> => {
    let output = '';
    await callCommand(name, args, { stdout: { write: (text: string) => (output += text) } });
    return output;
  };
  const facts = async (): Promise<unknown> => {
    const connection = connections.get();
    const schema = await connection.execute(
      "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite%' ORDER BY name",
    );
    const migrations = await connection.execute('SELECT app, name FROM django_migrations ORDER BY app, name');
    const sites = await connection.execute('SELECT * FROM django_site');
    return [schema.rows, migrations.rows, sites.rows];
  };

  it('have the same tables, migrations and first site', async () => {
    django('migrate', theirs.NAME);
    const wanted = await inDatabase(theirs, facts);
    await inDatabase(ours, () => command('migrate', '--verbosity', '0'));
    expect(await inDatabase(ours, facts)).toEqual(wanted);
  });

  it('are taken for their own by either side', async () => {
    expect(django('plan', ours.NAME)).toContain('No planned migration operations.');
    expect(await inDatabase(theirs, () => command('migrate', '--plan'))).toContain(
      'No planned migration operations.',
    );
    expect(await inDatabase(theirs, () => Site.objects.getCurrent().then(String))).toBe('example.com');
  });

  it('have no changes that no migration has', async () => {
    expect(await inDatabase(ours, () => command('makemigrations', '--check', '--dry-run'))).toContain(
      'No changes detected',
    );
  });
});

describeWith(['django'], 'feeds', () => {
  const feed = {
    title: 'Tïtle & <more> "quoted"',
    link: 'http://example.com/ä b/?q="1"&r=<2>',
    description: 'Line\nbreak\tand ]]> end',
  };
  const full = {
    ...feed,
    language: 'en',
    author_email: 'a@example.com',
    author_name: 'Ann & Bob',
    author_link: 'http://example.com/ü',
    subtitle: 'Below',
    categories: ['one & two', 'three'],
    feed_url: 'http://example.com/feed?a=1&b=2',
    feed_copyright: '© us',
    feed_guid: 'urn:x',
    ttl: '60',
  };
  const item = { title: 'A > B', link: 'http://Example.COM:80/a;b/#frag', description: '<p>HTML & more</p>' };
  const items = [
    { ...item, pubdate: '2008-11-14T13:37:00+01:00', updateddate: '2009-01-02T03:04:05.678900+00:00' },
    { ...item, pubdate: '2008-11-14T13:37:00', unique_id: 'id', unique_id_is_permalink: true },
    { ...item, description: null, author_name: 'Ann', categories: ['x'], item_copyright: 'ours', ttl: '5' },
    { ...item, author_email: 'a@example.com', author_name: 'Ann', author_link: '/ann', comments: '/c?a&b' },
    {
      ...item,
      enclosures: [['http://example.com/ö.mp3', '12', 'audio/mpeg']],
      unique_id: '',
      categories: [],
    },
  ];
  const dated = [{ ...item, pubdate: '2008-11-14T13:37:00+01:00' }];
  const cases = (['RssUserland091Feed', 'Rss201rev2Feed', 'Atom1Feed'] as const).flatMap((format) => [
    { format, feed, items: dated },
    { format, feed: full, items: items.slice(0, 1) },
    { format, feed: full, items: items.filter((_, at) => at !== 1) },
    { format, feed, items: items.slice(1, 2) },
    { format, feed, items: [{ ...dated[0], title: 'a\u0000b' }] },
    { format, feed, items: [{ ...dated[0], title: 'a\u001bb' }] },
  ]);

  const moment = (text: string | undefined): Moment | undefined => {
    if (text === undefined) return undefined;
    const [, day = '', time = '', zone] = /^(\S{10})T([\d:.]+)(\+.*)?$/.exec(text) ?? [];
    const [year, month, date] = day.split('-').map(Number) as [number, number, number];
    const [hour, minute, second] = time.split(':').map(Number) as [number, number, number];
    const { PlainDateTime } = require('tsango/python/datetime') as typeof import('tsango/python/datetime');
    const whole = Math.floor(second);
    const micro = Math.round((second - whole) * 1_000_000);
    const plain = new PlainDateTime(year, month, date, hour, minute, whole, micro);
    const { makeAware } = require('tsango/utils/timezone') as typeof import('tsango/utils/timezone');
    return zone === undefined ? plain : makeAware(plain, zone);
  };
  const named = (values: object): object =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [camelCase(name), value]));

  it('are the same to the byte', () => {
    const said = JSON.parse(django('feeds', ':memory:', JSON.stringify(cases))) as string[];
    // Before 4.0, Django wrote an end to an element with nothing in it.
    const wanted = said.map((xml) => xml.replace(/<([\w:]+)([^<>]*)><\/\1>/g, '<$1$2/>'));
    const written = cases.map(({ format, feed: init, items: all }) => {
      const made = new FORMATS[format](named(init) as never);
      for (const { pubdate, updateddate, enclosures = [], ...rest } of all as {
        pubdate?: string;
        updateddate?: string;
        enclosures?: [string, string, string][];
      }[]) {
        made.addItem({
          ...named(rest),
          pubdate: moment(pubdate),
          updateddate: moment(updateddate),
          enclosures: enclosures.map((each) => new Enclosure(...each)),
        } as never);
      }
      try {
        return made.writeString();
      } catch (error) {
        return (error as Error).name;
      }
    });
    expect(written).toEqual(wanted);
    expect(wanted.filter((each) => each === 'UnserializableContentError')).toHaveLength(6);
  });
});
