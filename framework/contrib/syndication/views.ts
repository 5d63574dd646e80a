/** Feeds as views. Django: `django.contrib.syndication.views`. */
import { settings } from '../../conf';
import { Http404, ImproperlyConfigured, ObjectDoesNotExist } from '../../core/exceptions';
import type { HttpRequest } from '../../http/request';
import { HttpResponse } from '../../http/response';
import { PlainDateTime, secondsOf, ZonedDateTime } from '../../python/datetime';
import { toStr } from '../../python/str';
import type { BackendTemplate } from '../../template/backends/base';
import { TemplateDoesNotExist } from '../../template/exceptions';
import { getTemplate } from '../../template/loader';
import { iriToUri } from '../../utils/encoding';
import {
  DefaultFeed,
  Enclosure,
  type FeedInit,
  type FeedItemInit,
  type Moment,
  type Stylesheet,
  type SyndicationFeed,
} from '../../utils/feedgenerator';
import { escape as escapeHtml } from '../../utils/html';
import { httpDate } from '../../utils/http';
import type { MaybePromise } from '../../utils/maybe_promise';
import { getDefaultTimezone, localtime, makeAware } from '../../utils/timezone';
import { getLanguage } from '../../utils/translation';
import { type CurrentSite, getCurrentSite } from '../sites/shortcuts';

/** There is no feed of what the URL says: a 404. */
export class FeedDoesNotExist extends ObjectDoesNotExist {}

/** An address with a domain and a scheme before it, where it has none. */
export function addDomain(domain: string, url: string, secure = false): string {
  const protocol = secure ? 'https' : 'http';
  if (url.startsWith('//')) return `${protocol}:${url}`;
  return /^(?:https?:\/\/|mailto:)/.test(url) ? url : iriToUri(`${protocol}://${domain}${url}`);
}

/** The same for all, or what a method says of each. */
type Said<T, V> = V | null | ((of: T) => MaybePromise<V | null | undefined>);
type Text = string | { toString(): string };

/** What a feed is of. A query is one: it is waited for. */
export type FeedItems<Item> = Iterable<Item> | PromiseLike<Iterable<Item>>;

/**
 * What a feed may say of itself and of its items, each as a value or as a method:
 * `class Latest extends Feed<Post> implements FeedAttributes<Post>` has it checked.
 *
 * @typeParam Item what an item is.
 * @typeParam Obj what {@link Feed.getObject} finds.
 */
export interface FeedAttributes<Item, Obj = null> {
  title?: Said<Obj, Text>;
  link?: Said<Obj, Text>;
  description?: Said<Obj, Text>;
  subtitle?: Said<Obj, Text>;
  items?: FeedItems<Item> | ((of: Obj) => FeedItems<Item>);
  feedUrl?: Said<Obj, Text>;
  feedGuid?: Said<Obj, Text>;
  feedCopyright?: Said<Obj, Text>;
  authorName?: Said<Obj, Text>;
  authorEmail?: Said<Obj, Text>;
  authorLink?: Said<Obj, Text>;
  categories?: Said<Obj, Iterable<Text>>;
  ttl?: Said<Obj, Text | number>;
  stylesheets?: Said<Obj, Iterable<Text | Stylesheet>>;
  itemGuid?: Said<Item, Text>;
  itemGuidIsPermalink?: Said<Item, boolean>;
  itemAuthorName?: Said<Item, Text>;
  itemAuthorEmail?: Said<Item, Text>;
  itemAuthorLink?: Said<Item, Text>;
  itemEnclosureUrl?: Said<Item, Text>;
  itemEnclosureLength?: Said<Item, Text | number>;
  itemEnclosureMimeType?: Said<Item, Text>;
  itemPubdate?: Said<Item, Moment>;
  itemUpdateddate?: Said<Item, Moment>;
  itemComments?: Said<Item, Text>;
  itemCategories?: Said<Item, Iterable<Text>>;
  itemCopyright?: Said<Item, Text>;
}

/** What templates of titles and descriptions can be rendered with. */
export interface FeedContext<Item, Obj> {
  readonly item: Item;
  readonly site: CurrentSite;
  readonly obj: Obj;
  readonly request: HttpRequest;
}

type View = (request: HttpRequest, params: object) => Promise<HttpResponse>;

/**
 * A feed: a class says what it is of, and `asView()` is its view.
 *
 * @typeParam Item what an item is.
 * @typeParam Obj what {@link Feed.getObject} finds.
 * @example
 * ```ts
 * class LatestPosts extends Feed<Post> implements FeedAttributes<Post> {
 *   title = 'Latest posts';
 *   link = '/posts/';
 *   description = 'What is new.';
 *   items() { return Post.objects.orderBy('-published').slice(0, 5); }
 *   override itemTitle(post: Post) { return post.title; }
 *   itemPubdate(post: Post) { return post.published; }
 * }
 * path('feed/', LatestPosts.asView());
 * ```
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/syndication/
 */
export class Feed<Item = unknown, Obj = null> {
  /** Its format: {@link DefaultFeed} (RSS 2.0), `Atom1Feed`, or one of a site's own. */
  feedType: new (init: FeedInit) => SyndicationFeed = DefaultFeed;
  /** A template of the title of an item. Default: `itemTitle()`. */
  titleTemplate: string | null = null;
  /** A template of the description of an item. Default: `itemDescription()`. */
  descriptionTemplate: string | null = null;
  /** Its language. Default: the active one. */
  language: string | null = null;

  /** The view. */
  // biome-ignore lint/suspicious/noExplicitAny: a feed of whatever items and objects.
  static asView(this: new () => Feed<any, any>): View {
    const feed = new this();
    const view = (request: HttpRequest, params: object): Promise<HttpResponse> =>
      feed.respond(request, params);
    return Object.defineProperty(view, 'name', { value: this.name });
  }

  /** The answer to a request. @throws Http404 where `getObject()` finds nothing. */
  async respond(request: HttpRequest, params: object = {}): Promise<HttpResponse> {
    let obj: Obj;
    try {
      obj = await this.getObject(request, params);
    } catch (error) {
      if (!(error instanceof ObjectDoesNotExist)) throw error;
      throw new Http404('Feed object does not exist.', { cause: error });
    }
    const feed = await this.getFeed(obj, request);
    const response = new HttpResponse(feed.writeString('utf-8'), { contentType: feed.contentType });
    if ('itemPubdate' in this || 'itemUpdateddate' in this) {
      // With it ConditionalGetMiddleware can say that nothing changed.
      response.headers.set('Last-Modified', httpDate(secondsOf(feed.latestPostDate())));
    }
    return response;
  }

  /** Escaped, and once more by the XML: readers take titles for HTML. */
  itemTitle(item: Item): MaybePromise<Text> {
    return escapeHtml(toStr(item));
  }

  itemDescription(item: Item): MaybePromise<Text | null> {
    return toStr(item);
  }

  /** @throws ImproperlyConfigured where an item has no `getAbsoluteUrl()`. */
  itemLink(item: Item): MaybePromise<Text> {
    const { getAbsoluteUrl: urlOf } = item as { getAbsoluteUrl?: () => MaybePromise<string> };
    if (typeof urlOf === 'function') return urlOf.call(item);
    const name = (item as object | null)?.constructor?.name ?? String(item);
    throw new ImproperlyConfigured(
      `Give your ${name} class a getAbsoluteUrl() method, or define an itemLink() method in your Feed class.`,
    );
  }

  /** The files of an item: one, of `itemEnclosureUrl`, `itemEnclosureLength` and `itemEnclosureMimeType`. */
  async itemEnclosures(item: Item): Promise<Iterable<Enclosure>> {
    const url = await this.said('itemEnclosureUrl', item);
    if (!url) return [];
    const length = toStr(await this.said('itemEnclosureLength', item));
    return [new Enclosure(toStr(url), length, toStr(await this.said('itemEnclosureMimeType', item)))];
  }

  /** What the format is made with besides. */
  feedExtraKwargs(_obj: Obj): MaybePromise<Readonly<Record<string, unknown>>> {
    return {};
  }

  /** What an item is added with besides. */
  itemExtraKwargs(_item: Item): MaybePromise<Readonly<Record<string, unknown>>> {
    return {};
  }

  /** What the URL names. What is thrown as ObjectDoesNotExist is a 404. */
  getObject(_request: HttpRequest, _params: object): MaybePromise<Obj> {
    return null as Obj;
  }

  /** What templates of titles and descriptions are rendered with. */
  getContextData({ item, site }: FeedContext<Item, Obj>): MaybePromise<Readonly<Record<string, unknown>>> {
    return { obj: item, site };
  }

  /** The feed of an object, filled. @throws ImproperlyConfigured without a link. */
  async getFeed(obj: Obj, request: HttpRequest): Promise<SyndicationFeed> {
    const site = await getCurrentSite(request);
    const absolute = (url: unknown): string => addDomain(site.domain, toStr(url), request.isSecure());
    const said = (name: keyof FeedAttributes<Item, Obj>): MaybePromise<unknown> => this.said(name, obj);
    const link = await said('link');
    if (link === null || link === undefined) {
      throw new ImproperlyConfigured(`Give your ${this.constructor.name} class a link.`);
    }
    const feed = new this.feedType({
      title: await said('title'),
      subtitle: await said('subtitle'),
      link: absolute(link),
      description: await said('description'),
      language: this.language || getLanguage(),
      feedUrl: absolute((await said('feedUrl')) || request.path),
      authorName: await said('authorName'),
      authorLink: await said('authorLink'),
      authorEmail: await said('authorEmail'),
      categories: await said('categories'),
      feedCopyright: await said('feedCopyright'),
      feedGuid: await said('feedGuid'),
      ttl: await said('ttl'),
      stylesheets: await said('stylesheets'),
      ...(await this.feedExtraKwargs(obj)),
    } as FeedInit);
    const templates = [templateOf(this.titleTemplate), templateOf(this.descriptionTemplate)] as const;
    for (const item of (await said('items')) as Iterable<Item>) {
      const [title, description] = await this.textsOf({ item, site, obj, request }, templates);
      feed.addItem({ title, description, ...(await this.partsOf(item, absolute)) } as FeedItemInit);
    }
    return feed;
  }

  private async textsOf(
    about: FeedContext<Item, Obj>,
    [title, description]: readonly [BackendTemplate | null, BackendTemplate | null],
  ): Promise<[title: unknown, description: unknown]> {
    const { item, request } = about;
    const context = title || description ? await this.getContextData(about) : {};
    return [
      title ? await title.render(context, request) : await this.said('itemTitle', item),
      description ? await description.render(context, request) : await this.said('itemDescription', item),
    ];
  }

  private async partsOf(
    item: Item,
    absolute: (url: unknown) => string,
  ): Promise<Readonly<Record<string, unknown>>> {
    const said = (
      name: keyof FeedAttributes<Item, Obj> | 'itemLink' | 'itemEnclosures',
    ): MaybePromise<unknown> => this.said(name, item);
    const link = absolute(await said('itemLink'));
    const authorName = (await said('itemAuthorName')) ?? null;
    return {
      link,
      uniqueId: 'itemGuid' in this ? await said('itemGuid') : link,
      uniqueIdIsPermalink: await said('itemGuidIsPermalink'),
      enclosures: await said('itemEnclosures'),
      pubdate: aware(await said('itemPubdate')),
      updateddate: aware(await said('itemUpdateddate')),
      authorName,
      authorEmail: authorName === null ? null : await said('itemAuthorEmail'),
      authorLink: authorName === null ? null : await said('itemAuthorLink'),
      comments: await said('itemComments'),
      categories: await said('itemCategories'),
      itemCopyright: await said('itemCopyright'),
      ...(await this.itemExtraKwargs(item)),
    };
  }

  /** What the feed says by a property or a method. */
  private said(name: string, of: unknown): MaybePromise<unknown> {
    const said = (this as Readonly<Record<string, unknown>>)[name];
    return typeof said === 'function' ? (said as (of: unknown) => unknown).call(this, of) : said;
  }
}

/** A template; null where there is none of that name: the feed's methods take its place. */
function templateOf(name: string | null): BackendTemplate | null {
  if (name === null) return null;
  try {
    return getTemplate(name);
  } catch (error) {
    if (error instanceof TemplateDoesNotExist) return null;
    throw error;
  }
}

/** What has no zone is meant in TIME_ZONE; and so is an instant, without USE_TZ. */
function aware(date: unknown): unknown {
  if (date instanceof Date && !settings.USE_TZ) return localtime(date, getDefaultTimezone());
  const isNaive = date instanceof PlainDateTime && !(date instanceof ZonedDateTime);
  return isNaive ? makeAware(date, getDefaultTimezone()) : date;
}
