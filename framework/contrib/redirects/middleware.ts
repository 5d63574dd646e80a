/** Django: `django.contrib.redirects.middleware`. */
import { apps } from '../../apps/registry';
import { settings } from '../../conf';
import { ImproperlyConfigured } from '../../core/exceptions';
import type { HttpRequest } from '../../http/request';
import { HttpResponseGone, HttpResponsePermanentRedirect } from '../../http/response';
import type { HttpResponseBase } from '../../http/response_base';
import { type GetResponse, MiddlewareMixin } from '../../utils/deprecation';
import type { MaybePromise } from '../../utils/maybe_promise';
import { getCurrentSite } from '../sites/shortcuts';
import type * as models from './models';

/**
 * Where a page was not found, leads to where a row says that it is now, or says that it is gone. A subclass may say by
 * what kind of answers.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/redirects/
 *
 * @example
 * ```ts
 * class TemporaryRedirects extends RedirectFallbackMiddleware {
 *   override responseRedirectClass = HttpResponseRedirect;
 * }
 * ```
 */
export class RedirectFallbackMiddleware extends MiddlewareMixin {
  /** What says that a page is gone. */
  responseGoneClass: new () => HttpResponseBase = HttpResponseGone;
  /** What leads elsewhere. */
  responseRedirectClass: new (to: string) => HttpResponseBase = HttpResponsePermanentRedirect;

  /** @throws ImproperlyConfigured without contrib.sites. */
  constructor(getResponse: GetResponse) {
    if (!apps.isInstalled('tsango.contrib.sites')) {
      throw new ImproperlyConfigured(
        'You cannot use RedirectFallbackMiddleware when tsango.contrib.sites is not installed. Add it to INSTALLED_APPS.',
      );
    }
    super(getResponse);
  }

  processResponse(request: HttpRequest, response: HttpResponseBase): MaybePromise<HttpResponseBase> {
    return response.statusCode === 404 ? this.fallBack(request, response) : response;
  }

  private async fallBack(request: HttpRequest, response: HttpResponseBase): Promise<HttpResponseBase> {
    const { Redirect } = require('./models') as typeof models;
    const site = await getCurrentSite(request);
    const pathOf = async (oldPath: string): Promise<string | undefined> =>
      (await Redirect.objects.filter({ site, oldPath } as never).first())?.newPath;
    let path = await pathOf(request.getFullPath());
    if (path === undefined && settings.APPEND_SLASH && !request.path.endsWith('/')) {
      path = await pathOf(request.getFullPath(true));
    }
    if (path === undefined) return response;
    return path === '' ? new this.responseGoneClass() : new this.responseRedirectClass(path);
  }
}
