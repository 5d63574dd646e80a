/** Django: `django.contrib.sites.middleware`. */
import type { HttpRequest } from '../../http/request';
import { MiddlewareMixin } from '../../utils/deprecation';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { type CurrentSite, currentSite } from './shortcuts';

declare module '../../http/request' {
  interface HttpRequest {
    /** The site that is asked. Needs CurrentSiteMiddleware. */
    site: CurrentSite;
  }
}

/**
 * Gives each request its site, as `request.site`.
 *
 * https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.contrib.sites.middleware
 */
export class CurrentSiteMiddleware extends MiddlewareMixin {
  processRequest(request: HttpRequest): MaybePromise<undefined> {
    return then(currentSite(request), (site) => {
      request.site = site;
      return undefined;
    });
  }
}
