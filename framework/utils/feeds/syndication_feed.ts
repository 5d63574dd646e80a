/** What feeds of every format are made of. Django: `SyndicationFeed` of `django.utils.feedgenerator`. */
import { secondsOf } from '../../python/datetime';
import { toStr } from '../../python/str';
import { iriToUri } from '../encoding';
import type { SimplerXMLGenerator } from '../xmlutils';
import type { Moment } from './dates';
import { type Enclosure, Stylesheet } from './parts';

/** Text, or what has one: marked safe, or to be translated. */
type Textual = string | { toString(): string };

/** The attributes of an element. */
export type Attributes = Readonly<Record<string, string>>;

/** What a feed is made with; what else is given is kept in {@link SyndicationFeed.feed} for a format of one's own. */
export interface FeedInit {
  readonly title: Textual | null;
  readonly link: Textual;
  readonly description: Textual | null;
  readonly language?: Textual | null;
  readonly authorEmail?: Textual | null;
  readonly authorName?: Textual | null;
  readonly authorLink?: Textual | null;
  /** Atom. */
  readonly subtitle?: Textual | null;
  readonly categories?: Iterable<Textual> | null;
  /** Where the feed itself is. */
  readonly feedUrl?: Textual | null;
  readonly feedCopyright?: Textual | null;
  /** Atom: what names the feed for good. Default: `link`. */
  readonly feedGuid?: Textual | null;
  /** RSS: how many minutes it may be kept. */
  readonly ttl?: Textual | number | null;
  /** RSS. */
  readonly stylesheets?: Iterable<Textual | Stylesheet> | null;
  readonly [name: string]: unknown;
}

/** What a feed says of itself. */
export interface FeedData {
  readonly title: string;
  readonly link: string;
  readonly description: string;
  readonly language: string | null;
  readonly authorEmail: string | null;
  readonly authorName: string | null;
  readonly authorLink: string | null;
  readonly subtitle: string | null;
  readonly categories: readonly string[];
  readonly feedUrl: string | null;
  readonly feedCopyright: string | null;
  readonly id: string;
  readonly ttl: string | null;
  readonly stylesheets: readonly Stylesheet[] | null;
  readonly [name: string]: unknown;
}

/** What an item is made with; what else is given is kept for a format of one's own. */
export interface FeedItemInit {
  readonly title: Textual;
  readonly link: Textual;
  readonly description?: Textual | null;
  readonly authorEmail?: Textual | null;
  readonly authorName?: Textual | null;
  readonly authorLink?: Textual | null;
  readonly pubdate?: Moment | null;
  readonly updateddate?: Moment | null;
  /** RSS: where comments are. */
  readonly comments?: Textual | null;
  readonly uniqueId?: Textual | null;
  /** RSS: whether `uniqueId` is an address. */
  readonly uniqueIdIsPermalink?: boolean | null;
  readonly categories?: Iterable<Textual> | null;
  readonly itemCopyright?: Textual | null;
  readonly ttl?: Textual | number | null;
  /** RSS takes one. */
  readonly enclosures?: Iterable<Enclosure> | null;
  readonly [name: string]: unknown;
}

/** What a feed says of an item. */
export interface FeedItem {
  readonly title: string;
  readonly link: string;
  readonly description: string | null;
  readonly authorEmail: string | null;
  readonly authorName: string | null;
  readonly authorLink: string | null;
  readonly pubdate: Moment | null;
  readonly updateddate: Moment | null;
  readonly comments: string | null;
  readonly uniqueId: string | null;
  readonly uniqueIdIsPermalink: boolean | null;
  readonly categories: readonly string[];
  readonly itemCopyright: string | null;
  readonly ttl: string | null;
  readonly enclosures: readonly Enclosure[];
  readonly [name: string]: unknown;
}

const text = (value: unknown): string | null => (value === null || value === undefined ? null : toStr(value));

const address = (value: unknown): string | null => {
  const shown = text(value);
  return shown === null ? null : iriToUri(shown);
};

const texts = (values: Iterable<unknown> | null | undefined): string[] => [...(values ?? [])].map(toStr);

/**
 * A feed of some format. A subclass says how it is written; one of a site's own extends {@link Rss201rev2Feed} or
 * {@link Atom1Feed}, and adds to `rootAttributes()`, `addRootElements()`, `itemAttributes()` and `addItemElements()`.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/syndication/#custom-feed-generators
 */
export abstract class SyndicationFeed {
  abstract readonly contentType: string;
  readonly feed: FeedData;
  readonly items: FeedItem[] = [];

  /** @throws TypeError where `stylesheets` is one, and not a list. */
  constructor(init: FeedInit) {
    const { feedGuid, stylesheets, ...given } = init;
    if (typeof stylesheets === 'string' || stylesheets instanceof Stylesheet) {
      throw new TypeError(`stylesheets should be a list, not one: [${JSON.stringify(stylesheets)}]`);
    }
    this.feed = {
      ...given,
      title: text(init.title) ?? '',
      link: iriToUri(toStr(init.link)),
      description: text(init.description) ?? '',
      language: text(init.language),
      authorEmail: text(init.authorEmail),
      authorName: text(init.authorName),
      authorLink: address(init.authorLink),
      subtitle: text(init.subtitle),
      categories: texts(init.categories),
      feedUrl: address(init.feedUrl),
      feedCopyright: text(init.feedCopyright),
      id: toStr(feedGuid || init.link),
      ttl: text(init.ttl),
      stylesheets: stylesheets
        ? [...stylesheets].map((each) => (each instanceof Stylesheet ? each : new Stylesheet(each)))
        : null,
    };
  }

  /** Adds an item. */
  addItem(init: FeedItemInit): void {
    this.items.push({
      ...init,
      title: text(init.title) ?? '',
      link: iriToUri(toStr(init.link)),
      description: text(init.description),
      authorEmail: text(init.authorEmail),
      authorName: text(init.authorName),
      authorLink: address(init.authorLink),
      pubdate: init.pubdate ?? null,
      updateddate: init.updateddate ?? null,
      comments: text(init.comments),
      uniqueId: text(init.uniqueId),
      uniqueIdIsPermalink: init.uniqueIdIsPermalink ?? null,
      categories: texts(init.categories),
      itemCopyright: text(init.itemCopyright),
      ttl: text(init.ttl),
      enclosures: [...(init.enclosures ?? [])],
    });
  }

  /** How many items there are. */
  numItems(): number {
    return this.items.length;
  }

  /** The attributes of the root element. */
  rootAttributes(): Attributes {
    return {};
  }

  /** Writes what the feed says of itself. */
  abstract addRootElements(handler: SimplerXMLGenerator): void;

  /** Writes the stylesheets. */
  addStylesheets(_handler: SimplerXMLGenerator): void {
    // Only some formats have them.
  }

  /** The attributes of an item's element. */
  itemAttributes(_item: FeedItem): Attributes {
    return {};
  }

  /** Writes what the feed says of an item. */
  abstract addItemElements(handler: SimplerXMLGenerator, item: FeedItem): void;

  /** Writes the feed. @throws UnserializableContentError for control characters, which XML has no form of. */
  abstract write(out: { write(text: string): unknown }, encoding?: string): void;

  /** The feed as text. @throws UnserializableContentError for control characters, which XML has no form of. */
  writeString(encoding = 'utf-8'): string {
    const parts: string[] = [];
    this.write({ write: (part: string) => parts.push(part) }, encoding);
    return parts.join('');
  }

  /** When an item changed last; now, where that is not said of any. */
  latestPostDate(): Moment {
    let latest: Moment | null = null;
    for (const { updateddate, pubdate } of this.items) {
      for (const date of [updateddate, pubdate]) {
        if (date !== null && (latest === null || secondsOf(date) > secondsOf(latest))) latest = date;
      }
    }
    return latest ?? new Date();
  }
}
