/** Django: `django.views.decorators.vary`. */
import { patchVaryHeaders } from '../../utils/cache';
import { type DecoratedView, type ViewDecorator, wrapView } from '../../utils/decorators';
import { then } from '../../utils/maybe_promise';

/** Says of a view's responses that they depend on these request headers. */
export function varyOnHeaders(...headers: string[]): ViewDecorator {
  return <V extends DecoratedView>(view: V): V =>
    wrapView(view, (request, call) =>
      then(call(request), (response) => {
        patchVaryHeaders(response, headers);
        return response;
      }),
    );
}

/** Says of a view's responses that they depend on the cookies. */
export const varyOnCookie = varyOnHeaders('Cookie');
