/** Django: `django.views.decorators.csrf`; https://docs.djangoproject.com/en/5.2/howto/csrf/ */
import type { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import { CsrfViewMiddleware, getToken } from '../../middleware/csrf';
import type { AnyView } from '../../urls';
import { type DecoratedView, decoratorFromMiddleware, wrapView } from '../../utils/decorators';
import type { MaybePromise } from '../../utils/maybe_promise';

/** Does to one view what CsrfViewMiddleware does to all. */
export const csrfProtect = decoratorFromMiddleware(CsrfViewMiddleware);

class EnsureToken extends CsrfViewMiddleware {
  /** The view may use the token of a request that fails the check: it is not a danger by itself. */
  protected override reject(): undefined {}
}

/** Gives a view that the middleware does not reach (an error handler) a token; refuses nothing. */
export const requiresCsrfToken = decoratorFromMiddleware(EnsureToken);

class EnsureCookie extends EnsureToken {
  override processView(request: HttpRequest, view: AnyView): MaybePromise<HttpResponseBase | undefined> {
    const result = super.processView(request, view);
    getToken(request);
    return result;
  }
}

/** Makes a view set the CSRF cookie whether or not it uses the token: for pages that only scripts send from. */
export const ensureCsrfCookie = decoratorFromMiddleware(EnsureCookie);

/** Leaves a view out of the check of CsrfViewMiddleware. */
export function csrfExempt<V extends DecoratedView>(view: V): V {
  const exempt = wrapView(view, (request, call) => call(request));
  return Object.assign(exempt, { csrfExempt: true });
}
