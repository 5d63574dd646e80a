/** Django: `django.contrib.flatpages.middleware`. */
import { settings } from '../../conf';
import type { HttpRequest } from '../../http/request';
import { Http404 } from '../../http/response';
import type { HttpResponseBase } from '../../http/response_base';
import { MiddlewareMixin } from '../../utils/deprecation';
import type { MaybePromise } from '../../utils/maybe_promise';

/**
 * Where a page was not found, answers with the flat page of its address, if there is one. The last in MIDDLEWARE, or nearly.
 * What fails then is told only with DEBUG: without it the answer stays a 404.
 *
 * https://docs.djangoproject.com/en/5.2/ref/contrib/flatpages/#using-the-middleware
 */
export class FlatpageFallbackMiddleware extends MiddlewareMixin {
  processResponse(request: HttpRequest, response: HttpResponseBase): MaybePromise<HttpResponseBase> {
    return response.statusCode === 404 ? this.fallBack(request, response) : response;
  }

  private async fallBack(request: HttpRequest, response: HttpResponseBase): Promise<HttpResponseBase> {
    const { flatpage } = require('./views') as typeof import('./views');
    try {
      return await flatpage(request, { url: request.pathInfo });
    } catch (error) {
      if (error instanceof Http404 || !settings.DEBUG) return response;
      throw error;
    }
  }
}
