import { BadRequest, PermissionDenied, SuspiciousOperation } from 'tsango/core/exceptions';
import { connections } from 'tsango/db';
import { Http404, type HttpRequest, type HttpResponse } from 'tsango/http';
import { render } from 'tsango/shortcuts';

/** What goes wrong at sites. */
const FAILURES: Record<string, (request: HttpRequest) => HttpResponse | Promise<HttpResponse>> = {
  bad: () => {
    throw new BadRequest('not like this');
  },
  suspicious: () => {
    throw new SuspiciousOperation('not from you');
  },
  denied: () => {
    throw new PermissionDenied('members only');
  },
  missing: () => {
    throw new Http404('sold out <b>today</b>');
  },
  view: () => {
    throw new RangeError('the till <script>alert(1)</script> is empty');
  },
  template: (request) => render(request, 'pages/broken.html', { price: { of: () => undefinedPrice() } }),
  syntax: (request) => render(request, 'pages/syntax.html'),
  lost: (request) => render(request, 'pages/nowhere.html'),
  url: (request) => render(request, 'pages/lost_link.html'),
  database: async () => {
    await connections.get().execute('SELECT * FROM no_such_table');
    throw new Error('not reached');
  },
  nothing: () => undefined as never,
};

function undefinedPrice(): never {
  throw new TypeError('the price is not known');
}

export function fail(request: HttpRequest, { which }: { which: string }) {
  const failure = Object.hasOwn(FAILURES, which) ? FAILURES[which] : undefined;
  if (failure === undefined) throw new Http404(`Nothing fails like ${which}.`);
  return failure(request);
}
