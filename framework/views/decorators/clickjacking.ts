/** Django: `django.views.decorators.clickjacking`; https://docs.djangoproject.com/en/5.2/ref/clickjacking/ */
import type { HttpResponseBase } from '../../http/response_base';
// The middleware declares the mark that `xframeOptionsExempt` sets.
import type {} from '../../middleware/clickjacking';
import { type ViewDecorator, wrapView } from '../../utils/decorators';
import { then } from '../../utils/maybe_promise';

function onResponse(change: (response: HttpResponseBase) => void): ViewDecorator {
  return (view) =>
    wrapView(view, (request, call) =>
      then(call(request), (response) => {
        change(response);
        return response;
      }),
    );
}

/** X-Frame-Options: DENY, unless the view sets the header. */
export const xframeOptionsDeny = onResponse((response) =>
  response.headers.setdefault('X-Frame-Options', 'DENY'),
);

/** X-Frame-Options: SAMEORIGIN, unless the view sets the header. */
export const xframeOptionsSameorigin = onResponse((response) =>
  response.headers.setdefault('X-Frame-Options', 'SAMEORIGIN'),
);

/** Leaves X-Frame-Options out. */
export const xframeOptionsExempt = onResponse((response) => {
  response.xframeOptionsExempt = true;
});
