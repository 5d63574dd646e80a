/** Atom, RFC 4287. Django: `Atom1Feed` of `django.utils.feedgenerator`. */
import { SimplerXMLGenerator } from '../xmlutils';
import { getTagUri, rfc3339Date } from './dates';
import { type Attributes, type FeedItem, SyndicationFeed } from './syndication_feed';

/** Atom 1.0. */
export class Atom1Feed extends SyndicationFeed {
  readonly contentType: string = 'application/atom+xml; charset=utf-8';
  protected readonly ns: string = 'http://www.w3.org/2005/Atom';

  override write(out: { write(text: string): unknown }, encoding = 'utf-8'): void {
    const handler = new SimplerXMLGenerator(out, encoding, { shortEmptyElements: true });
    handler.startDocument();
    handler.startElement('feed', this.rootAttributes());
    this.addRootElements(handler);
    this.writeItems(handler);
    handler.endElement('feed');
  }

  override rootAttributes(): Attributes {
    const { language } = this.feed;
    return { xmlns: this.ns, ...(language !== null && { 'xml:lang': language }) };
  }

  override addRootElements(handler: SimplerXMLGenerator): void {
    const { feed } = this;
    handler.addQuickElement('title', feed.title);
    handler.addQuickElement('link', '', { rel: 'alternate', href: feed.link });
    if (feed.feedUrl !== null) handler.addQuickElement('link', '', { rel: 'self', href: feed.feedUrl });
    handler.addQuickElement('id', feed.id);
    handler.addQuickElement('updated', rfc3339Date(this.latestPostDate()));
    this.addAuthor(handler, feed);
    if (feed.subtitle !== null) handler.addQuickElement('subtitle', feed.subtitle);
    for (const term of feed.categories) handler.addQuickElement('category', '', { term });
    if (feed.feedCopyright !== null) handler.addQuickElement('rights', feed.feedCopyright);
  }

  /** Writes all items. */
  writeItems(handler: SimplerXMLGenerator): void {
    for (const item of this.items) {
      handler.startElement('entry', this.itemAttributes(item));
      this.addItemElements(handler, item);
      handler.endElement('entry');
    }
  }

  override addItemElements(handler: SimplerXMLGenerator, item: FeedItem): void {
    handler.addQuickElement('title', item.title);
    handler.addQuickElement('link', '', { href: item.link, rel: 'alternate' });
    if (item.pubdate !== null) handler.addQuickElement('published', rfc3339Date(item.pubdate));
    if (item.updateddate !== null) handler.addQuickElement('updated', rfc3339Date(item.updateddate));
    this.addAuthor(handler, item);
    handler.addQuickElement('id', item.uniqueId ?? getTagUri(item.link, item.pubdate));
    if (item.description !== null) handler.addQuickElement('summary', item.description, { type: 'html' });
    for (const { url: href, length, mimeType: type } of item.enclosures)
      handler.addQuickElement('link', '', { rel: 'enclosure', href, length, type });
    for (const term of item.categories) handler.addQuickElement('category', '', { term });
    if (item.itemCopyright !== null) handler.addQuickElement('rights', item.itemCopyright);
  }

  private addAuthor(
    handler: SimplerXMLGenerator,
    {
      authorName,
      authorEmail,
      authorLink,
    }: { authorName: string | null; authorEmail: string | null; authorLink: string | null },
  ): void {
    if (authorName === null) return;
    handler.startElement('author');
    handler.addQuickElement('name', authorName);
    if (authorEmail !== null) handler.addQuickElement('email', authorEmail);
    if (authorLink !== null) handler.addQuickElement('uri', authorLink);
    handler.endElement('author');
  }
}
