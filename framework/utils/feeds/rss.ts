/** RSS. Django: `RssFeed`, `RssUserland091Feed`, `Rss201rev2Feed` of `django.utils.feedgenerator`. */
import { ValueError } from '../../python/errors';
import { SimplerXMLGenerator } from '../xmlutils';
import { rfc2822Date } from './dates';
import { type Attributes, type FeedItem, SyndicationFeed } from './syndication_feed';

/** What the versions of RSS have in common. */
export abstract class RssFeed extends SyndicationFeed {
  readonly contentType: string = 'application/rss+xml; charset=utf-8';
  protected abstract readonly version: string;

  override write(out: { write(text: string): unknown }, encoding = 'utf-8'): void {
    const handler = new SimplerXMLGenerator(out, encoding, { shortEmptyElements: true });
    handler.startDocument();
    this.addStylesheets(handler);
    handler.startElement('rss', this.rssAttributes());
    handler.startElement('channel', this.rootAttributes());
    this.addRootElements(handler);
    this.writeItems(handler);
    this.endChannelElement(handler);
    handler.endElement('rss');
  }

  /** The attributes of the element around all. */
  rssAttributes(): Attributes {
    return { version: this.version, 'xmlns:atom': 'http://www.w3.org/2005/Atom' };
  }

  /** Writes all items. */
  writeItems(handler: SimplerXMLGenerator): void {
    for (const item of this.items) {
      handler.startElement('item', this.itemAttributes(item));
      this.addItemElements(handler, item);
      handler.endElement('item');
    }
  }

  override addStylesheets(handler: SimplerXMLGenerator): void {
    for (const stylesheet of this.feed.stylesheets ?? [])
      handler.processingInstruction('xml-stylesheet', stylesheet.toString());
  }

  override addRootElements(handler: SimplerXMLGenerator): void {
    const { title, link, description, feedUrl, language, categories, feedCopyright, ttl } = this.feed;
    handler.addQuickElement('title', title);
    handler.addQuickElement('link', link);
    handler.addQuickElement('description', description);
    if (feedUrl !== null) handler.addQuickElement('atom:link', undefined, { rel: 'self', href: feedUrl });
    if (language !== null) handler.addQuickElement('language', language);
    for (const category of categories) handler.addQuickElement('category', category);
    if (feedCopyright !== null) handler.addQuickElement('copyright', feedCopyright);
    handler.addQuickElement('lastBuildDate', rfc2822Date(this.latestPostDate()));
    if (ttl !== null) handler.addQuickElement('ttl', ttl);
  }

  endChannelElement(handler: SimplerXMLGenerator): void {
    handler.endElement('channel');
  }
}

/** RSS 0.91: titles, links, descriptions. */
export class RssUserland091Feed extends RssFeed {
  protected override readonly version: string = '0.91';

  override addItemElements(handler: SimplerXMLGenerator, { title, link, description }: FeedItem): void {
    handler.addQuickElement('title', title);
    handler.addQuickElement('link', link);
    if (description !== null) handler.addQuickElement('description', description);
  }
}

/** RSS 2.0. */
export class Rss201rev2Feed extends RssFeed {
  protected override readonly version: string = '2.0';

  /** @throws ValueError for an item of several enclosures. */
  override addItemElements(handler: SimplerXMLGenerator, item: FeedItem): void {
    handler.addQuickElement('title', item.title);
    handler.addQuickElement('link', item.link);
    if (item.description !== null) handler.addQuickElement('description', item.description);
    this.addAuthor(handler, item);
    if (item.pubdate !== null) handler.addQuickElement('pubDate', rfc2822Date(item.pubdate));
    if (item.comments !== null) handler.addQuickElement('comments', item.comments);
    if (item.uniqueId !== null) {
      const isPermaLink = item.uniqueIdIsPermalink;
      const attributes: Attributes =
        typeof isPermaLink === 'boolean' ? { isPermaLink: String(isPermaLink) } : {};
      handler.addQuickElement('guid', item.uniqueId, attributes);
    }
    if (item.ttl !== null) handler.addQuickElement('ttl', item.ttl);
    this.addEnclosure(handler, item);
    for (const category of item.categories) handler.addQuickElement('category', category);
  }

  private addAuthor(handler: SimplerXMLGenerator, { authorName, authorEmail }: FeedItem): void {
    if (authorEmail) {
      handler.addQuickElement('author', authorName ? `${authorEmail} (${authorName})` : authorEmail);
    } else if (authorName) {
      handler.addQuickElement('dc:creator', authorName, { 'xmlns:dc': 'http://purl.org/dc/elements/1.1/' });
    }
  }

  private addEnclosure(handler: SimplerXMLGenerator, { enclosures: [first, ...more] }: FeedItem): void {
    if (first === undefined) return;
    if (more.length > 0) {
      throw new ValueError(
        'RSS feed items may only have one enclosure, see ' +
          'http://www.rssboard.org/rss-profile#element-channel-item-enclosure',
      );
    }
    const { url, length, mimeType: type } = first;
    handler.addQuickElement('enclosure', '', { url, length, type });
  }
}
