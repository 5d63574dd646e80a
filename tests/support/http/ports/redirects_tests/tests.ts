/** The middleware of the recorded site that answers otherwise. */
import { RedirectFallbackMiddleware } from 'tsango/contrib/redirects/middleware';
import { HttpResponseForbidden, HttpResponseRedirect } from 'tsango/http';

export class OverriddenRedirectFallbackMiddleware extends RedirectFallbackMiddleware {
  override responseGoneClass = HttpResponseForbidden;
  override responseRedirectClass = HttpResponseRedirect;
}
