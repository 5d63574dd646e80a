/**
 * RSS and Atom. Django: `django.utils.feedgenerator`;
 * https://docs.djangoproject.com/en/5.2/ref/utils/#module-django.utils.feedgenerator
 *
 * @example
 * ```ts
 * const feed = new Rss201rev2Feed({ title: 'News', link: 'https://example.com/', description: 'What happens.' });
 * feed.addItem({ title: 'Hello', link: 'https://example.com/hello/', description: 'Testing.' });
 * feed.writeString();
 * ```
 */
export { Atom1Feed } from './feeds/atom';
export { getTagUri, type Moment, rfc2822Date, rfc3339Date } from './feeds/dates';
export { Enclosure, Stylesheet } from './feeds/parts';
export { Rss201rev2Feed, Rss201rev2Feed as DefaultFeed, RssFeed, RssUserland091Feed } from './feeds/rss';
export {
  type Attributes,
  type FeedData,
  type FeedInit,
  type FeedItem,
  type FeedItemInit,
  SyndicationFeed,
} from './feeds/syndication_feed';
