/** Django: `django.middleware.http`; https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.http */
import type { HttpRequest } from '../http/request';
import type { HttpResponseBase } from '../http/response_base';
import { cacheDirectives, getConditionalResponse, setResponseEtag } from '../utils/cache';
import { MiddlewareMixin } from '../utils/deprecation';
import { parseHttpDateSafe } from '../utils/http';

/** Gives GET responses an ETag, and answers conditional requests with 304. */
export class ConditionalGetMiddleware extends MiddlewareMixin {
  processResponse(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    // For an unsafe request it is too late for a 412, and a HEAD has no content to compute an ETag of.
    if (request.method !== 'GET') return response;
    if (this.needsEtag(response) && !response.headers.has('ETag')) setResponseEtag(response);
    const etag = response.headers.get('ETag');
    const modified = response.headers.get('Last-Modified');
    const lastModified = modified === undefined ? undefined : parseHttpDateSafe(modified);
    if (etag === undefined && !lastModified) return response;
    return getConditionalResponse(request, { etag, lastModified }, response) ?? response;
  }

  /** Whether an ETag makes sense: nobody may keep a `no-store` response to compare it with. */
  needsEtag(response: HttpResponseBase): boolean {
    return !response.headers.has('Cache-Control') || !cacheDirectives(response).has('no-store');
  }
}
