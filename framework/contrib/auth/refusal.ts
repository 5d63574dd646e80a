/** The page of a log-in that is not looked at. */
import type { HttpRequest } from '../../http/request';
import { HttpResponse } from '../../http/response';
import { addNeverCacheHeaders } from '../../utils/cache';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import { errorPage } from '../../views/defaults';
import type { LoginRefused } from './exceptions';

class TooManyRequests extends HttpResponse {
  static override readonly defaultStatus: number = 429;
}

class ServiceUnavailable extends HttpResponse {
  static override readonly defaultStatus: number = 503;
}

const PAGES = {
  429: { Response: TooManyRequests, title: 'Too Many Requests (429)' },
  503: { Response: ServiceUnavailable, title: 'Service Unavailable (503)' },
} as const;

/** 429 or 503 with Retry-After; the site's template `429.html` or `503.html`, with `exception` and `retry_after`. */
export function loginRefused(request: HttpRequest, refused: LoginRefused): MaybePromise<HttpResponse> {
  const { status, message, retryAfter } = refused;
  const template = `${status}.html`;
  const page = errorPage({
    ...PAGES[status],
    templateName: template,
    defaultName: template,
    details: message,
    context: { exception: message, retry_after: retryAfter },
    request,
  });
  return then(page, (response) => {
    response.headers.set('Retry-After', String(retryAfter));
    addNeverCacheHeaders(response);
    return response;
  });
}
