/** What a sitemap says of a part of a site. Django: `django.contrib.sitemaps`. */
import { apps } from '../../apps/registry';
import { settings } from '../../conf';
import { ImproperlyConfigured, ObjectDoesNotExist } from '../../core/exceptions';
import { type ObjectList, Paginator } from '../../core/paginator';
import type { Model } from '../../db/models/base';
import type { QuerySet } from '../../db/models/query';
import { toStr } from '../../python/str';
import type { MaybePromise } from '../../utils/maybe_promise';
import { override } from '../../utils/translation';
import { type Lastmod, lastmodOf, latestOf } from './moments';

/** How often a page is said to change. */
export type Changefreq = 'always' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly' | 'never';

/** The same for all, or what a method says of each item. */
type Said<T, V> = V | null | ((item: T) => MaybePromise<V | null | undefined>);

/**
 * What a sitemap may say of its items, each as a value or as a method: `class Posts extends Sitemap<Post> implements
 * SitemapAttributes<Post>` has it checked.
 */
export interface SitemapAttributes<T> {
  /** When it changed last. */
  lastmod?: Said<T, Lastmod>;
  changefreq?: Said<T, Changefreq>;
  /** From 0 to 1. */
  priority?: Said<T, number>;
}

/** A page of the site, as `sitemap.xml` shows it. */
export interface SitemapUrl<T = unknown> {
  readonly item: T | readonly [item: T, language: string];
  readonly location: string;
  readonly lastmod: Lastmod | null;
  readonly changefreq: Changefreq | null;
  /** Empty where nothing is said. */
  readonly priority: string;
  /** The page in other languages. */
  readonly alternates: readonly { readonly location: string; readonly langCode: string }[];
}

/** What there is a site of: a domain is enough. */
export interface WithDomain {
  readonly domain: string;
}

/** Items, of a list or a query, now or later. */
export type Items<T> = readonly T[] | QuerySet<T & Model> | Promise<readonly T[]>;

/**
 * A part of a site: its items, and what is said of each of them, by properties or methods `lastmod`, `changefreq`,
 * `priority` ({@link SitemapAttributes}).
 *
 * @typeParam T what an item is.
 * @example
 * ```ts
 * class PostSitemap extends Sitemap<Post> {
 *   changefreq = 'weekly';
 *   items() { return Post.objects.filter({ isDraft: false }).orderBy('pk'); }
 *   lastmod(post: Post) { return post.changed; }
 * }
 * ```
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/sitemaps/
 */
export class Sitemap<T = unknown> {
  /** How many pages one sitemap has at most: more are on further ones. Search engines take 50,000. */
  limit = 50_000;
  /** `http` or `https`. Default: that of the request, or `https`. */
  protocol: string | null = null;
  /** Whether each item has a page in each language. */
  i18n = false;
  /** Their codes. Default: LANGUAGES. */
  languages: readonly string[] | null = null;
  /** Whether each page names those in the other languages. */
  alternates = false;
  /** Whether it names one without a language, too. */
  xDefault = false;

  /** What the sitemap is of. What has no order is shown in one that may change from page to page. */
  items(): Items<T> {
    return [];
  }

  /** The path of an item. Default: what its `getAbsoluteUrl()` says. */
  location(item: T): MaybePromise<string> {
    return (item as { getAbsoluteUrl(): MaybePromise<string> }).getAbsoluteUrl();
  }

  /** The languages that an item has pages in. */
  getLanguagesForItem(_item: T): readonly string[] {
    return this.languages ?? settings.LANGUAGES.map(([code]) => code);
  }

  /** The items in pages of `limit`; with `i18n` pairs of item and language. */
  async getPaginator(): Promise<Paginator<unknown>> {
    if (!this.i18n) {
      const items = this.items();
      // A query is no promise, though it can be waited for: only its page is read.
      return new Paginator(
        (items instanceof Promise ? await items : items) as ObjectList<unknown>,
        this.limit,
      );
    }
    const items = await this.items();
    return new Paginator(
      [...items].flatMap((item) => this.getLanguagesForItem(item).map((code) => [item, code] as const)),
      this.limit,
    );
  }

  /** The protocol of its pages. */
  getProtocol(protocol: string | null = null): string {
    return this.protocol ?? protocol ?? 'https';
  }

  /** The domain of its pages. @throws ImproperlyConfigured where there is no site. */
  async getDomain(site: WithDomain | null = null): Promise<string> {
    if (site !== null) return site.domain;
    if (apps.isInstalled('tsango.contrib.sites')) {
      const { Site } = require('../sites/models') as typeof import('../sites/models');
      try {
        return (await Site.objects.getCurrent()).domain;
      } catch (error) {
        if (!(error instanceof ObjectDoesNotExist)) throw error;
      }
    }
    throw new ImproperlyConfigured(
      'To use sitemaps, either enable the sites framework or pass a Site/RequestSite object in your view.',
    );
  }

  /**
   * What `sitemap.xml` shows of one page of items.
   *
   * @throws EmptyPage, PageNotAnInteger
   */
  async getUrls(
    options: { page?: number | string; site?: WithDomain | null; protocol?: string | null } = {},
  ): Promise<SitemapUrl<T>[]> {
    const start = `${this.getProtocol(options.protocol)}://${await this.getDomain(options.site)}`;
    const page = await (await this.getPaginator()).page(options.page ?? 1);
    const urls: SitemapUrl<T>[] = [];
    for (const entry of page.objectList) {
      const [item, code] = this.i18n ? (entry as [T, string]) : [entry as T, null];
      const location = start + (await this.locationIn(code, item));
      urls.push({
        item: entry as SitemapUrl<T>['item'],
        location,
        lastmod: lastmodOf((await this.said('lastmod', item)) as Lastmod | null),
        changefreq: ((await this.said('changefreq', item)) ?? null) as Changefreq | null,
        priority: toStr((await this.said('priority', item)) ?? ''),
        alternates: this.i18n && this.alternates ? await this.alternatesOf(item, start) : [],
      });
    }
    return urls;
  }

  /** When the latest of its items changed; null where that is not said of all. */
  async getLatestLastmod(): Promise<Lastmod | null> {
    const { lastmod } = this as SitemapAttributes<T>;
    if (typeof lastmod !== 'function') return lastmodOf(lastmod);
    const all: (Lastmod | null)[] = [];
    for (const item of await this.items()) all.push(lastmodOf(await lastmod.call(this, item)));
    return latestOf(all);
  }

  private said(name: keyof SitemapAttributes<T>, item: T): MaybePromise<unknown> {
    const said = (this as SitemapAttributes<T>)[name] as Said<T, unknown> | undefined;
    return typeof said === 'function' ? (said as (item: T) => unknown).call(this, item) : (said ?? null);
  }

  private locationIn(code: string | null, item: T): MaybePromise<string> {
    return code === null ? this.location(item) : override(code, () => this.location(item));
  }

  private async alternatesOf(item: T, start: string): Promise<SitemapUrl['alternates']> {
    const codes = this.getLanguagesForItem(item);
    const all: { location: string; langCode: string }[] = [];
    for (const langCode of codes)
      all.push({ location: start + (await this.locationIn(langCode, item)), langCode });
    const { LANGUAGE_CODE } = settings;
    if (this.xDefault && codes.includes(LANGUAGE_CODE)) {
      const location = start + (await this.locationIn(LANGUAGE_CODE, item));
      all.push({ location: location.replace(`/${LANGUAGE_CODE}/`, '/'), langCode: 'x-default' });
    }
    return all;
  }
}
