/** Sitemaps. https://docs.djangoproject.com/en/5.2/ref/contrib/sitemaps/ */
export { GenericSitemap, type GenericSitemapInfo, type GenericSitemapOptions } from './generic';
export type { Lastmod } from './moments';
export {
  type Changefreq,
  type Items,
  Sitemap,
  type SitemapAttributes,
  type SitemapUrl,
  type WithDomain,
} from './sitemap';
