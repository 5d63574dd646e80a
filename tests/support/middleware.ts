/** Middleware on its own, around one view. */
import { loadMiddleware } from 'tsango/core/handlers/middleware';
import type { HttpRequest } from 'tsango/http/request';
import { HttpResponse } from 'tsango/http/response';
import type { HttpResponseBase } from 'tsango/http/response_base';
import type { MaybePromise } from 'tsango/utils/maybe_promise';

/** A view that answers with these headers. */
export function viewWith(headers: Record<string, string> = {}, content = 'ok', status = 200) {
  return (): HttpResponse => new HttpResponse(content, { headers, status });
}

/** What a middleware makes of a request and a view, its view hook included. */
export async function through(
  Middleware: abstract new (...args: never[]) => object,
  request: HttpRequest,
  view: (request: HttpRequest) => MaybePromise<HttpResponseBase> = viewWith(),
): Promise<HttpResponse> {
  const { layer, hooks } = loadMiddleware(Middleware, async (passed) => {
    const early = await hooks?.processView?.(passed, view as never, {});
    return early ?? view(passed);
  });
  return (await layer(request)) as HttpResponse;
}
