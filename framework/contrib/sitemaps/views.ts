/** `sitemap.xml`, and the index of several. Django: `django.contrib.sitemaps.views`. */
import { EmptyPage, PageNotAnInteger } from '../../core/paginator';
import type { HttpRequest } from '../../http/request';
import { Http404 } from '../../http/response';
import type { HttpResponseBase } from '../../http/response_base';
import { repr } from '../../python';
import { secondsOf } from '../../python/datetime';
import { TemplateResponse } from '../../template/response';
import { reverse } from '../../urls';
import { httpDate } from '../../utils/http';
import { getCurrentSite } from '../sites/shortcuts';
import { type Lastmod, latestOf } from './moments';
import type { Sitemap, SitemapUrl } from './sitemap';

/** A sitemap, or what makes one for each request: a class or a function. */
// biome-ignore lint/suspicious/noExplicitAny: sitemaps of whatever items.
type AnySitemap = Sitemap<any>;
export type SitemapSource = AnySitemap | (new () => AnySitemap) | (() => AnySitemap);

/** The parts of a site by their names. */
export type Sitemaps = Readonly<Record<string, SitemapSource>>;

/** One sitemap, as the index shows it. */
export class SitemapIndexItem {
  constructor(
    readonly location: string,
    readonly lastMod: Lastmod | null = null,
  ) {}

  /** As Python prints it. */
  toString(): string {
    return `SitemapIndexItem(location=${repr(this.location)}, last_mod=${repr(this.lastMod)})`;
  }
}

/** What both views take besides the request. */
interface SitemapViewParams {
  sitemaps: Sitemaps;
  templateName?: string;
  /** Default: `application/xml`. */
  contentType?: string;
}

/** What {@link index} takes. */
export interface SitemapIndexParams extends SitemapViewParams {
  /** The name of the URL pattern of {@link sitemap}. */
  sitemapUrlName?: string;
}

/** What {@link sitemap} takes. */
export interface SitemapParams extends SitemapViewParams {
  /** The one to show. Default: all of them together. */
  section?: string | null;
}

function sitemapOf(source: SitemapSource): AnySitemap {
  if (typeof source !== 'function') return source;
  // A class cannot be called, and an arrow function cannot be constructed.
  return source.prototype === undefined
    ? (source as () => AnySitemap)()
    : new (source as new () => AnySitemap)();
}

function respond(
  request: HttpRequest,
  template: string,
  context: Readonly<Record<string, unknown>>,
  { contentType, lastmod }: { contentType: string; lastmod: Lastmod | null },
): HttpResponseBase {
  const response = new TemplateResponse(request, template, context, { contentType });
  // With it ConditionalGetMiddleware can say that nothing changed.
  if (lastmod !== null) response.headers.set('Last-Modified', httpDate(secondsOf(lastmod)));
  // A sitemap is for search engines to read, and not to find.
  response.headers.set('X-Robots-Tag', 'noindex, noodp, noarchive');
  return response;
}

/**
 * The index of a site's sitemaps: for each the address of its {@link sitemap}, and of its further pages.
 *
 * @example
 * ```ts
 * path('sitemap.xml', index, { kwargs: { sitemaps } }),
 * path('sitemap-<section>.xml', sitemap, {
 *   kwargs: { sitemaps }, name: 'django.contrib.sitemaps.views.sitemap',
 * }),
 * ```
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/sitemaps/#creating-a-sitemap-index
 */
export async function index(
  request: HttpRequest,
  {
    sitemaps,
    templateName = 'sitemap_index.xml',
    contentType = 'application/xml',
    sitemapUrlName = 'django.contrib.sitemaps.views.sitemap',
  }: SitemapIndexParams,
): Promise<HttpResponseBase> {
  const { domain } = await getCurrentSite(request);
  const all: SitemapIndexItem[] = [];
  for (const [section, source] of Object.entries(sitemaps)) {
    const part = sitemapOf(source);
    const path = reverse(sitemapUrlName, { kwargs: { section } });
    const location = `${part.protocol ?? request.scheme}://${domain}${path}`;
    const lastMod = await part.getLatestLastmod();
    all.push(new SitemapIndexItem(location, lastMod));
    const pages = await (await part.getPaginator()).numPages;
    for (let page = 2; page <= pages; page++)
      all.push(new SitemapIndexItem(`${location}?p=${page}`, lastMod));
  }
  const lastmod = latestOf(all.map(({ lastMod }) => lastMod));
  return respond(request, templateName, { sitemaps: all }, { contentType, lastmod });
}

/**
 * The pages of a site, or of one of its sections; `?p=2` shows the second part of many.
 *
 * @example
 * ```ts
 * path('sitemap.xml', sitemap, { kwargs: { sitemaps: { posts: PostSitemap } } })
 * ```
 * @throws Http404 for a section or a page that there is not.
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/sitemaps/#initialization
 */
export async function sitemap(
  request: HttpRequest,
  { sitemaps, section = null, templateName = 'sitemap.xml', contentType = 'application/xml' }: SitemapParams,
): Promise<HttpResponseBase> {
  const site = await getCurrentSite(request);
  const wanted = section === null ? Object.keys(sitemaps) : [section];
  const page = request.GET.get('p') ?? '1';
  const urlset: SitemapUrl[] = [];
  const lastmods: (Lastmod | null)[] = [];
  for (const name of wanted) {
    const source = Object.hasOwn(sitemaps, name) ? sitemaps[name] : undefined;
    if (source === undefined) throw new Http404(`No sitemap available for section: ${repr(name)}`);
    try {
      const urls = await sitemapOf(source).getUrls({ page, site, protocol: request.scheme });
      urlset.push(...urls);
      lastmods.push(latestOf(urls.map(({ lastmod }) => lastmod)));
    } catch (error) {
      if (error instanceof EmptyPage) throw new Http404(`Page ${page} empty`, { cause: error });
      if (error instanceof PageNotAnInteger) throw new Http404(`No page '${page}'`, { cause: error });
      throw error;
    }
  }
  return respond(request, templateName, { urlset }, { contentType, lastmod: latestOf(lastmods) });
}
