/** Django: `django.contrib.sites.shortcuts`. */
import { apps } from '../../apps/registry';
import type { HttpRequest } from '../../http/request';
import { type MaybePromise, promised } from '../../utils/maybe_promise';
import type { Site } from './models';
import { RequestSite } from './requests';

/** A row of sites, or what a request says. */
export type CurrentSite = Site | RequestSite;

/**
 * The site of a request: `Site.objects.getCurrent(request)` where contrib.sites is installed, a {@link RequestSite}
 * otherwise.
 *
 * @example
 * ```ts
 * const { domain } = await getCurrentSite(request);
 * ```
 * @throws Site.DoesNotExist
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/sites/#get-current-site-shortcut
 */
export function getCurrentSite(request: HttpRequest): Promise<CurrentSite> {
  return promised(() => currentSite(request));
}

/** The same, at once where it is known. */
export function currentSite(request: HttpRequest): MaybePromise<CurrentSite> {
  if (!apps.isInstalled('tsango.contrib.sites')) return new RequestSite(request);
  const { Site } = require('./models') as typeof import('./models');
  return Site.objects.current(request);
}
