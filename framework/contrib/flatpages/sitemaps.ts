/** Django: `django.contrib.flatpages.sitemaps`. */
import { apps } from '../../apps/registry';
import { settings } from '../../conf';
import { ImproperlyConfigured } from '../../core/exceptions';
import type { QuerySet } from '../../db/models';
import { Sitemap } from '../sitemaps';
import { FlatPage } from './models';

/**
 * The flat pages of the current site that everybody may see.
 *
 * @example
 * ```ts
 * path('sitemap.xml', sitemap, { kwargs: { sitemaps: { flatpages: FlatPageSitemap } } })
 * ```
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/flatpages/#sitemaps
 */
export class FlatPageSitemap extends Sitemap<FlatPage> {
  /** @throws ImproperlyConfigured without contrib.sites, and without a SITE_ID. */
  override items(): QuerySet<FlatPage> {
    if (!apps.isInstalled('tsango.contrib.sites') || !settings.SITE_ID) {
      throw new ImproperlyConfigured(
        'FlatPageSitemap requires tsango.contrib.sites in INSTALLED_APPS, and the SITE_ID of the site that it is of.',
      );
    }
    return FlatPage.objects.filter({ sites: settings.SITE_ID, registrationRequired: false } as never);
  }
}
