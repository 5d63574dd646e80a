/** Django: `GenericSitemap` of `django.contrib.sitemaps`. */
import type { Model } from '../../db/models/base';
import type { QuerySet } from '../../db/models/query';
import { type Lastmod, lastmodOf } from './moments';
import { type Changefreq, Sitemap } from './sitemap';

/** What a generic sitemap is of. */
export interface GenericSitemapInfo<M extends Model> {
  readonly queryset: QuerySet<M>;
  /** The field that says when a row changed. */
  readonly dateField?: (keyof M & string) | null;
}

/** What it says of all its rows. */
export interface GenericSitemapOptions {
  readonly priority?: number | null;
  readonly changefreq?: Changefreq | null;
  readonly protocol?: string | null;
}

/**
 * The rows of a query, each at its `getAbsoluteUrl()`.
 *
 * @example
 * ```ts
 * new GenericSitemap({ queryset: Post.objects.orderBy('pk'), dateField: 'changed' }, { priority: 0.6 })
 * ```
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/sitemaps/#django.contrib.sitemaps.GenericSitemap
 */
export class GenericSitemap<M extends Model> extends Sitemap<M> {
  priority: number | null = null;
  changefreq: Changefreq | null = null;
  readonly queryset: QuerySet<M>;
  readonly dateField: (keyof M & string) | null;

  constructor({ queryset, dateField = null }: GenericSitemapInfo<M>, options: GenericSitemapOptions = {}) {
    super();
    this.queryset = queryset;
    this.dateField = dateField;
    this.priority = options.priority ?? null;
    this.changefreq = options.changefreq ?? null;
    this.protocol = options.protocol ?? null;
  }

  override items(): QuerySet<M> {
    return this.queryset.all();
  }

  lastmod(item: M): Lastmod | null {
    return this.dateField === null ? null : (item[this.dateField] as Lastmod | null);
  }

  override async getLatestLastmod(): Promise<Lastmod | null> {
    if (this.dateField === null) return null;
    const [latest] = await this.queryset.orderBy(`-${this.dateField}` as never).slice(0, 1);
    return latest === undefined ? null : lastmodOf(this.lastmod(latest));
  }
}
