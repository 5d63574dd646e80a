/** Django: `django.middleware.clickjacking`; https://docs.djangoproject.com/en/5.2/ref/clickjacking/ */
import { settings } from '../conf';
import type { HttpRequest } from '../http/request';
import type { HttpResponseBase } from '../http/response_base';
import { MiddlewareMixin } from '../utils/deprecation';

declare module '../http/response_base' {
  interface HttpResponseBase {
    /** Leaves X-Frame-Options out: see the decorator `xframeOptionsExempt`. */
    xframeOptionsExempt?: boolean;
  }
}

/** Adds X-Frame-Options (X_FRAME_OPTIONS) to responses that have none and are not exempt. */
export class XFrameOptionsMiddleware extends MiddlewareMixin {
  processResponse(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    if (response.xframeOptionsExempt === true || response.headers.has('X-Frame-Options')) return response;
    response.headers.set('X-Frame-Options', this.getXframeOptionsValue(request, response));
    return response;
  }

  /** The value of the header; subclasses may make it depend on the request or the response. */
  getXframeOptionsValue(_request: HttpRequest, _response: HttpResponseBase): string {
    const value = settings.X_FRAME_OPTIONS;
    return value === 'DENY' ? value : value.toUpperCase();
  }
}
