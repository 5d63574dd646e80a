/** Django: `django.views.decorators.common`. */
import { type DecoratedView, wrapView } from '../../utils/decorators';

/** Leaves a view out of APPEND_SLASH. */
export function noAppendSlash<V extends DecoratedView>(view: V): V {
  return Object.assign(
    wrapView(view, (request, call) => call(request)),
    { shouldAppendSlash: false },
  );
}
