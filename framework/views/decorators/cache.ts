/** Django: `django.views.decorators.cache`; https://docs.djangoproject.com/en/5.2/topics/cache/#the-per-view-cache */
import { CacheMiddleware, type CacheMiddlewareOptions } from '../../middleware/cache';
import { addNeverCacheHeaders, type CacheControl, patchCacheControl } from '../../utils/cache';
import {
  type DecoratedView,
  decoratorFromMiddlewareWithArgs,
  type ViewDecorator,
  wrapView,
} from '../../utils/decorators';
import { then } from '../../utils/maybe_promise';

const cacheMiddleware = decoratorFromMiddlewareWithArgs<[CacheMiddlewareOptions]>(CacheMiddleware);

/**
 * Keeps the pages of a view.
 *
 * @param timeout seconds.
 */
export function cachePage(
  timeout: number,
  options: { cache?: string; keyPrefix?: string } = {},
): ViewDecorator {
  return cacheMiddleware({ pageTimeout: timeout, cacheAlias: options.cache, keyPrefix: options.keyPrefix });
}

/** Adds directives to the Cache-Control of a view's responses. */
export function cacheControl(control: CacheControl): ViewDecorator {
  return <V extends DecoratedView>(view: V): V =>
    wrapView(view, (request, call) =>
      then(call(request), (response) => {
        patchCacheControl(response, control);
        return response;
      }),
    );
}

/** Says of a view's responses that nobody may keep them. */
export const neverCache: ViewDecorator = (view) =>
  wrapView(view, (request, call) =>
    then(call(request), (response) => {
      addNeverCacheHeaders(response);
      return response;
    }),
  );
