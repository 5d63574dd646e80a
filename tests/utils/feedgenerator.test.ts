/** RSS and Atom as text. */
import { PlainDate, PlainDateTime } from 'tsango/python/datetime';
import { reverseLazy } from 'tsango/urls';
import {
  Atom1Feed,
  DefaultFeed,
  Enclosure,
  getTagUri,
  Rss201rev2Feed,
  RssUserland091Feed,
  rfc2822Date,
  rfc3339Date,
  Stylesheet,
} from 'tsango/utils/feedgenerator';
import { makeAware } from 'tsango/utils/timezone';
import type { SimplerXMLGenerator } from 'tsango/utils/xmlutils';
import { UnserializableContentError } from 'tsango/utils/xmlutils';

const INIT = { title: 'Feed', link: 'http://example.com/', description: 'About' };
const ITEM = { title: 'Item', link: 'http://example.com/1/', description: 'One' };

describe('dates', () => {
  const naive = new PlainDateTime(2008, 11, 14, 13, 37, 0);

  it.each([
    [new PlainDate(2008, 11, 14), 'Fri, 14 Nov 2008 00:00:00 -0000', '2008-11-14T00:00:00Z'],
    [naive, 'Fri, 14 Nov 2008 13:37:00 -0000', '2008-11-14T13:37:00Z'],
    [makeAware(naive, '+01:00'), 'Fri, 14 Nov 2008 13:37:00 +0100', '2008-11-14T13:37:00+01:00'],
    [makeAware(naive, '-02:30'), 'Fri, 14 Nov 2008 13:37:00 -0230', '2008-11-14T13:37:00-02:30'],
    [
      new Date('1969-12-31T23:59:59.5Z'),
      'Wed, 31 Dec 1969 23:59:59 +0000',
      '1969-12-31T23:59:59.500000+00:00',
    ],
    [new PlainDate(900, 1, 2), 'Sat, 02 Jan 0900 00:00:00 -0000', '0900-01-02T00:00:00Z'],
  ])('%s', (date, mail, rfc3339) => {
    expect([rfc2822Date(date), rfc3339Date(date)]).toEqual([mail, rfc3339]);
  });
});

it.each([
  [
    'http://example.org/foo/bar#headline',
    new PlainDate(2004, 10, 25),
    'tag:example.org,2004-10-25:/foo/bar/headline',
  ],
  ['http://user:pw@EXAMPLE.org:81/a;b?c', null, 'tag:example.org:/a/'],
  ['http://[::1]:81/a;b/c', null, 'tag:::1:/a;b/c/'],
  ['/here/', null, 'tag:None:/here//'],
])('names %s', (url, date, tag) => {
  expect(getTagUri(url, date)).toBe(tag);
});

describe('what is written', () => {
  it('is escaped', () => {
    const feed = new Rss201rev2Feed({
      ...INIT,
      title: 'a < b & "c" > d',
      feedUrl: 'http://example.com/?a="<&>',
      language: 'en',
    });
    expect(feed.writeString()).toContain(
      '<title>a &lt; b &amp; "c" &gt; d</title><link>http://example.com/</link><description>About</description>' +
        '<atom:link href="http://example.com/?a=%22%3C&amp;%3E" rel="self"/>',
    );
  });

  it.each([
    [Rss201rev2Feed, 'title'],
    [Rss201rev2Feed, 'description'],
    [Atom1Feed, 'title'],
    [Atom1Feed, 'description'],
  ] as const)('by %p refuses control characters in a %s', (Feed, name) => {
    for (const sign of ['\0', '\x08', '\x0b', '\x1f']) {
      const feed = new Feed(INIT);
      feed.addItem({ ...ITEM, [name]: `a${sign}b` });
      expect(() => feed.writeString()).toThrow(UnserializableContentError);
    }
    const feed = new Feed(INIT);
    feed.addItem({ ...ITEM, [name]: 'a\t\n\rb' });
    expect(feed.writeString()).toContain('a\t\n\rb');
  });

  it('leaves out what is not said', () => {
    const feed = new DefaultFeed({ title: null, link: '/', description: null });
    feed.addItem({ title: '', link: '/x/' });
    expect(feed.writeString().replace(/<lastBuildDate>.*<\/lastBuildDate>/, '')).toBe(
      '<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>' +
        '<title/><link>/</link><description/><item><title/><link>/x/</link></item></channel></rss>',
    );
  });

  it('has addresses as URIs', () => {
    const feed = new Atom1Feed({
      ...INIT,
      link: 'http://example.com/é /',
      authorName: 'A',
      authorLink: '/ü',
    });
    expect(feed.writeString()).toContain('href="http://example.com/%C3%A9%20/"');
    expect(feed.writeString()).toContain('<author><name>A</name><uri>/%C3%BC</uri></author>');
  });
});

describe('an item', () => {
  const written = (item: object, Feed: typeof Rss201rev2Feed | typeof Atom1Feed = Rss201rev2Feed): string => {
    const feed = new Feed(INIT);
    feed.addItem({ ...ITEM, ...item });
    return /<(?:item|entry)>.*<\/(?:item|entry)>/.exec(feed.writeString())?.[0] ?? '';
  };

  it.each([
    [{ authorName: 'A', authorEmail: 'a@example.com' }, '<author>a@example.com (A)</author>'],
    [{ authorEmail: 'a@example.com' }, '<author>a@example.com</author>'],
    [{ authorName: 'A' }, '<dc:creator xmlns:dc="http://purl.org/dc/elements/1.1/">A</dc:creator>'],
    [{ uniqueId: 'x' }, '<guid>x</guid>'],
    [{ uniqueId: 'x', uniqueIdIsPermalink: false }, '<guid isPermaLink="false">x</guid>'],
    [{ uniqueId: 'x', uniqueIdIsPermalink: true }, '<guid isPermaLink="true">x</guid>'],
    [{ ttl: 5, comments: '/c' }, '<comments>/c</comments><ttl>5</ttl>'],
    [
      { enclosures: [new Enclosure('http://example.com/ä', '3', 'image/png')] },
      '<enclosure length="3" type="image/png" url="http://example.com/%C3%A4"/>',
    ],
    [{ categories: new Set(['a', 'b']) }, '<category>a</category><category>b</category>'],
  ])('with %p', (item, xml) => {
    expect(written(item)).toBe(
      `<item><title>Item</title><link>http://example.com/1/</link><description>One</description>${xml}</item>`,
    );
  });

  it('of RSS has one enclosure, of Atom several', () => {
    const enclosures = ['a', 'b'].map((name) => new Enclosure(`/${name}`, '0', 'text/plain'));
    expect(() => written({ enclosures })).toThrow(
      'RSS feed items may only have one enclosure, see http://www.rssboard.org/rss-profile#element-channel-item-enclosure',
    );
    expect(written({ enclosures }, Atom1Feed).match(/rel="enclosure"/g)).toHaveLength(2);
  });

  it('of Atom has a name for good', () => {
    expect(written({ pubdate: new PlainDate(2020, 1, 2) }, Atom1Feed)).toContain(
      '<id>tag:example.com,2020-01-02:/1//</id>',
    );
  });
});

it('changed when the latest of its items did', () => {
  const feed = new RssUserland091Feed(INIT);
  feed.addItem({
    ...ITEM,
    pubdate: new Date('2020-01-02T00:00:00Z'),
    updateddate: new Date('2021-01-01T00:00:00Z'),
  });
  feed.addItem({ ...ITEM, pubdate: new Date('2020-06-01T00:00:00Z') });
  expect([feed.latestPostDate(), feed.numItems()]).toEqual([new Date('2021-01-01T00:00:00Z'), 2]);
});

describe('stylesheets', () => {
  it.each([
    [new Stylesheet('/a.css'), 'href="/a.css" media="screen" type="text/css"'],
    [new Stylesheet('/a.xsl'), 'href="/a.xsl" media="screen" type="text/xsl"'],
    [new Stylesheet('/a.unknown'), 'href="/a.unknown" media="screen"'],
    [new Stylesheet('/a&b.xslt', 'text/x', null), 'href="/a&amp;b.xslt" type="text/x"'],
    [new Stylesheet('/ä.css', null), 'href="/%C3%A4.css" media="screen"'],
  ])('%s', (stylesheet, attributes) => {
    expect(String(stylesheet)).toBe(attributes);
  });

  it('stand before the feed, and are asked for their address when it is written', () => {
    const feed = new Rss201rev2Feed({
      ...INIT,
      stylesheets: ['/a.css', new Stylesheet('/b.xsl', undefined, null)],
    });
    expect(feed.writeString()).toContain(
      '?>\n<?xml-stylesheet href="/a.css" media="screen" type="text/css"?>' +
        '<?xml-stylesheet href="/b.xsl" type="text/xsl"?><rss ',
    );
    expect(() => new Rss201rev2Feed({ ...INIT, stylesheets: [reverseLazy('nowhere')] })).not.toThrow();
  });

  it.each(['/a.css', new Stylesheet('/a.css')])('are a list, not %s', (stylesheets) => {
    expect(() => new Rss201rev2Feed({ ...INIT, stylesheets: stylesheets as never })).toThrow(TypeError);
  });
});

it('can be of a format of one’s own', () => {
  class Own extends Atom1Feed {
    override rootAttributes() {
      return { ...super.rootAttributes(), 'xmlns:x': 'urn:x' };
    }
    override addRootElements(handler: SimplerXMLGenerator): void {
      super.addRootElements(handler);
      handler.addQuickElement('x:more', String(this.feed['more']));
    }
  }
  expect(new Own({ ...INIT, more: 'told' }).writeString()).toMatch(
    /<feed xmlns="http:\/\/www.w3.org\/2005\/Atom" xmlns:x="urn:x">.*<x:more>told<\/x:more><\/feed>$/,
  );
});
