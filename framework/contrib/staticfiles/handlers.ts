/** Django: `django.contrib.staticfiles.handlers`. */
import { settings } from '../../conf';
import { convertExceptionToResponse } from '../../core/handlers/exception';
import { NodeHandler } from '../../core/handlers/node';
import type { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import { FileResponse } from '../../http/response_file';
import type { MaybePromise } from '../../utils/maybe_promise';
import { serve } from './views';

/** Answers requests below STATIC_URL from the finders, and hands all others to the site. */
export class StaticFilesHandler extends NodeHandler {
  private readonly answerFile = convertExceptionToResponse((request) =>
    serve(request, { path: this.fileName(request) ?? '', insecure: this.insecure }),
  );

  /** @param insecure serve with DEBUG off, too. */
  constructor(private readonly insecure = false) {
    super();
  }

  /** The name below STATIC_URL; `undefined` for a request that is not for a static file. */
  private fileName(request: HttpRequest): string | undefined {
    const base = settings.STATIC_URL;
    // A STATIC_URL with a host is served by that host.
    if (!base || /^([a-z]+:)?\/\//i.test(base)) return undefined;
    const prefix = base.startsWith('/') ? base : `/${base}`;
    return request.path.startsWith(prefix) ? request.path.slice(prefix.length) : undefined;
  }

  override getResponse(request: HttpRequest): MaybePromise<HttpResponseBase> {
    if (this.fileName(request) === undefined) return super.getResponse(request);
    const response = this.answerFile(request);
    if (response instanceof FileResponse) response.applyRequest(request);
    return response;
  }
}
