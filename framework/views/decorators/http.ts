/** Django: `django.views.decorators.http`; https://docs.djangoproject.com/en/5.2/topics/http/decorators/ */
import type { HttpRequest } from '../../http/request';
import { HttpResponseNotAllowed } from '../../http/response';
import { ConditionalGetMiddleware } from '../../middleware/http';
import { getConditionalResponse } from '../../utils/cache';
import {
  type DecoratedView,
  decoratorFromMiddleware,
  type ViewDecorator,
  wrapView,
} from '../../utils/decorators';
import { httpDate, quoteEtag } from '../../utils/http';
import { logResponse } from '../../utils/log';
import { type MaybePromise, then } from '../../utils/maybe_promise';

/** Does to one view what ConditionalGetMiddleware does to all. */
export const conditionalPage = decoratorFromMiddleware(ConditionalGetMiddleware);

/** Lets only requests of these methods through; others get 405. */
export function requireHttpMethods(methods: readonly string[]): ViewDecorator {
  return <V extends DecoratedView>(view: V): V =>
    wrapView(view, (request, call) => {
      if (methods.includes(request.method)) return call(request);
      const response = new HttpResponseNotAllowed(methods);
      logResponse('Method Not Allowed (%s): %s', [request.method, request.path], { response, request });
      return response;
    });
}

export const requireGET = requireHttpMethods(['GET']);
export const requirePOST = requireHttpMethods(['POST']);
/** GET and HEAD. */
export const requireSafe = requireHttpMethods(['GET', 'HEAD']);

/** Gives the ETag of what a request asks for, quoted or not; nothing if there is none. */
export type EtagFunction<P = never> = (
  request: HttpRequest,
  params: P,
) => MaybePromise<string | null | undefined>;
/** Gives the time of the last change of what a request asks for. */
export type LastModifiedFunction<P = never> = (
  request: HttpRequest,
  params: P,
) => MaybePromise<Date | null | undefined>;

/**
 * Answers conditional requests without calling the view, by what the functions say; other responses get the
 * validators. https://docs.djangoproject.com/en/5.2/topics/conditional-view-processing/
 */
export function condition<P>(
  etagFunction?: EtagFunction<P> | null,
  lastModifiedFunction?: LastModifiedFunction<P> | null,
): ViewDecorator {
  return <V extends DecoratedView>(view: V): V => {
    const decorated = (request: HttpRequest, params: never): ReturnType<DecoratedView> =>
      then(etagFunction?.(request, params), (rawEtag) =>
        then(lastModifiedFunction?.(request, params), (date) => {
          const etag = rawEtag ? quoteEtag(rawEtag) : undefined;
          const lastModified = date ? Math.floor(date.getTime() / 1000) : undefined;
          const early = getConditionalResponse(request, { etag, lastModified });
          return then(early ?? view(request, params), (response) => {
            if (request.method === 'GET' || request.method === 'HEAD') {
              if (lastModified !== undefined)
                response.headers.setdefault('Last-Modified', httpDate(lastModified));
              if (etag !== undefined) response.headers.setdefault('ETag', etag);
            }
            return response;
          });
        }),
      );
    Object.assign(decorated, view);
    Object.defineProperty(decorated, 'name', { value: view.name, configurable: true });
    return decorated as unknown as V;
  };
}

/** `condition` by an ETag alone. */
export function etag<P>(etagFunction: EtagFunction<P>): ViewDecorator {
  return condition<P>(etagFunction);
}

/** `condition` by the time of the last change alone. */
export function lastModified<P>(lastModifiedFunction: LastModifiedFunction<P>): ViewDecorator {
  return condition<P>(null, lastModifiedFunction);
}
