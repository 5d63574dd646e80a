/** Feeds as views: what they show, Django's own tests say; these are about the rest. */

import { apps } from 'tsango/apps';
import { configure, overrideSettings, resetSettings } from 'tsango/conf';
import { addDomain, Feed, type FeedAttributes, FeedDoesNotExist } from 'tsango/contrib/syndication';
import { Http404 } from 'tsango/core/exceptions';
import type { HttpRequest } from 'tsango/http';
import { PlainDateTime } from 'tsango/python/datetime';
import { RequestFactory } from 'tsango/test';
import { Atom1Feed, Stylesheet } from 'tsango/utils/feedgenerator';

interface Post {
  readonly id: number;
  readonly title: string;
  readonly published?: PlainDateTime;
}

/** Everything that a feed says may have to be waited for. */
class Waiting extends Feed<Post, string> implements FeedAttributes<Post, string> {
  override feedType = Atom1Feed;
  override language = 'de';
  title = async (topic: string): Promise<string> => `About ${topic}`;
  link = async (topic: string): Promise<string> => `/${topic}/`;
  subtitle = async (): Promise<string> => 'Below';
  categories = async (): Promise<string[]> => ['x'];
  override async getObject(_request: HttpRequest, { topic }: { topic: string }): Promise<string> {
    if (topic === 'nothing') throw new FeedDoesNotExist('no such topic');
    return topic;
  }
  async items(topic: string): Promise<Post[]> {
    return [{ id: 1, title: `${topic} & more`, published: new PlainDateTime(2020, 1, 2, 3) }];
  }
  override async itemTitle(post: Post): Promise<string> {
    return post.title;
  }
  override async itemDescription(): Promise<null> {
    return null;
  }
  override async itemLink(post: Post): Promise<string> {
    return `//other.example/${post.id}/`;
  }
  itemAuthorName = async (): Promise<string> => 'Ann';
  itemAuthorEmail = async (): Promise<string> => 'ann@example.com';
  async itemPubdate(post: Post): Promise<PlainDateTime | undefined> {
    return post.published;
  }
  itemEnclosureUrl = async (): Promise<string> => '/a.png';
  itemEnclosureLength = async (): Promise<number> => 12;
  itemEnclosureMimeType = async (): Promise<string> => 'image/png';
  override async feedExtraKwargs(): Promise<{ subtitle: string }> {
    return { subtitle: 'Instead' };
  }
  override async itemExtraKwargs(): Promise<{ categories: string[] }> {
    return { categories: ['y'] };
  }
}

beforeAll(() => {
  configure({ SECRET_KEY: 'x', ALLOWED_HOSTS: ['testserver'], TIME_ZONE: 'Europe/Paris' });
  apps.populate([]);
});
afterAll(() => {
  apps.reset();
  resetSettings();
});

const request = new RequestFactory().get('/feed/', null, { secure: true });
const shown = async (feed: typeof Feed, params: object = {}) => {
  const response = await (feed as typeof Waiting).asView()(request, params);
  return [
    response.content.toString(),
    response.headers.get('Last-Modified'),
    response.headers.get('Content-Type'),
  ];
};

it('waits for what has to be waited for', async () => {
  expect(await shown(Waiting as never, { topic: 'cats' })).toEqual([
    '<?xml version="1.0" encoding="utf-8"?>\n<feed xml:lang="de" xmlns="http://www.w3.org/2005/Atom"><title>About cats</title>' +
      '<link href="https://testserver/cats/" rel="alternate"/><link href="https://testserver/feed/" rel="self"/>' +
      '<id>https://testserver/cats/</id><updated>2020-01-02T03:00:00+01:00</updated><subtitle>Instead</subtitle>' +
      '<category term="x"/><entry><title>cats &amp; more</title>' +
      '<link href="https://other.example/1/" rel="alternate"/><published>2020-01-02T03:00:00+01:00</published>' +
      '<author><name>Ann</name><email>ann@example.com</email></author><id>https://other.example/1/</id>' +
      '<link href="/a.png" length="12" rel="enclosure" type="image/png"/><category term="y"/></entry></feed>',
    'Thu, 02 Jan 2020 02:00:00 GMT',
    'application/atom+xml; charset=utf-8',
  ]);
});

it('is a 404 where there is no such object', async () => {
  await expect(shown(Waiting as never, { topic: 'nothing' })).rejects.toThrow(Http404);
});

class Item implements Post {
  readonly id = 1;
  readonly title = 'One';
  toString(): string {
    return 'a < b';
  }
}

class Plain extends Feed<Post> {
  title = 'Plain';
  link = '/';
  description = '';
  stylesheets = ['/a.css', new Stylesheet('/b.xsl')];
  items(): Post[] {
    return [new Item()];
  }
  override itemLink(post: Post): string {
    return `/${post.id}/`;
  }
}

it('says what an item prints as, its title escaped twice', async () => {
  const [xml, modified] = await shown(Plain as never);
  expect(xml).toContain('<?xml-stylesheet href="/b.xsl" media="screen" type="text/xsl"?><rss ');
  expect(xml).toContain(
    '<item><title>a &amp;lt; b</title><link>https://testserver/1/</link><description>a &lt; b</description>' +
      '<guid>https://testserver/1/</guid></item>',
  );
  expect(modified).toBeUndefined();
});

it('says what it needs', async () => {
  class NoLink extends Plain {
    override link = undefined as never;
  }
  await expect(shown(NoLink as never)).rejects.toThrow('Give your NoLink class a link.');
  class NoItemLink extends Plain {
    override itemLink = Feed.prototype.itemLink as never;
  }
  await expect(shown(NoItemLink as never)).rejects.toThrow(
    'Give your Item class a getAbsoluteUrl() method, or define an itemLink() method in your Feed class.',
  );
});

it('has methods where its templates are not there', async () => {
  class Templated extends Plain {
    override titleTemplate = 'title.html';
    override descriptionTemplate = 'nowhere.html';
  }
  const restore = overrideSettings({
    TEMPLATES: [
      {
        BACKEND: 'django.template.backends.django.DjangoTemplates',
        OPTIONS: {
          loaders: [
            [
              'django.template.loaders.locmem.Loader',
              { 'title.html': '{{ obj.title }} of {{ site.name }} <' },
            ],
          ],
        },
      },
    ],
  });
  try {
    expect((await shown(Templated as never))[0]).toContain(
      '<title>One of testserver &lt;</title><link>https://testserver/1/</link><description>a &lt; b</description>',
    );
  } finally {
    await restore();
  }
});

it.each([
  ['/foo/?arg=value', 'http://example.com/foo/?arg=value', 'https://example.com/foo/?arg=value'],
  ['http://djangoproject.com/doc/', 'http://djangoproject.com/doc/', 'http://djangoproject.com/doc/'],
  ['https://djangoproject.com/doc/', 'https://djangoproject.com/doc/', 'https://djangoproject.com/doc/'],
  ['mailto:uhoh@djangoproject.com', 'mailto:uhoh@djangoproject.com', 'mailto:uhoh@djangoproject.com'],
  ['//example.com/foo/', 'http://example.com/foo/', 'https://example.com/foo/'],
  ['/é/', 'http://example.com/%C3%A9/', 'https://example.com/%C3%A9/'],
])('adds a domain to %s', (url, plain, secure) => {
  expect([addDomain('example.com', url), addDomain('example.com', url, true)]).toEqual([plain, secure]);
});
