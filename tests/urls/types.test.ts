/** The compiler is the test here: a line that stops being an error, or becomes one, fails `npm run typecheck`. */
import type { HttpRequest } from 'tsango/http/request';
import { HttpResponse } from 'tsango/http/response';
import { below, path, type RegexParams, type RouteParams, rePath } from 'tsango/urls';

declare module 'tsango/urls' {
  interface RouteConverters {
    yyyyType: Date;
  }
}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Equal<A, B>): void => undefined;

function year(_request: HttpRequest, params: { year: number }): HttpResponse {
  return new HttpResponse(params.year.toFixed());
}
function needsMore(_request: HttpRequest, params: { year: number; extra: string }): HttpResponse {
  return new HttpResponse(params.extra);
}

it('types what a route captures', () => {
  same<
    RouteParams<'articles/<int:year>/<slug:s>/<str:t>/<u>/'>,
    { year: number; s: string; t: string; u: string }
  >(true);
  same<RouteParams<'x/<yyyyType:d>/'>, { d: Date }>(true);
  same<RouteParams<'x/<unheard:d>/'>, { d: unknown }>(true);
  same<RouteParams<string>, Record<string, unknown>>(true);
  same<RegexParams<'^x/(?P<a>[0-9]+)/(?P<b>.)/$'>, { a: string; b: string }>(true);

  path('<int:year>/', year);
  path('<int:year>/', () => new HttpResponse(''));
  path('<int:year>/', (_request, params) => new HttpResponse(params.year.toFixed()));
  path('<int:year>/', needsMore, { kwargs: { extra: 'x' } });
  rePath('^(?P<year>[0-9]+)/$', (_request, params) => new HttpResponse(params.year.trim()));
  // @ts-expect-error the route captures no year
  path('<int:month>/', year);
  // @ts-expect-error the route captures text
  path('<year>/', year);
  // @ts-expect-error nothing gives `extra`
  path('<int:year>/', needsMore);
  // @ts-expect-error a pattern captures text
  rePath('^(?P<year>[0-9]+)/$', year);

  const inner = below<'blog/<slug:blog>/'>();
  inner.path('<int:post>/', (_request, params) => new HttpResponse(params.blog + params.post.toFixed()));
  expect(inner.path).toBe(path);
});
