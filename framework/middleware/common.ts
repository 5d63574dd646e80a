/** Django: `django.middleware.common`; https://docs.djangoproject.com/en/5.2/ref/middleware/#module-django.middleware.common */
import { settings } from '../conf';
import { PermissionDenied } from '../core/exceptions';
import type { HttpRequest } from '../http/request';
import { type HttpResponse, HttpResponsePermanentRedirect } from '../http/response';
import type { HttpResponseBase } from '../http/response_base';
import { isValidPath, type Urlconf } from '../urls';
import { MiddlewareMixin } from '../utils/deprecation';
import { escapeLeadingSlashes } from '../utils/http';
import { asRegExp, fromSettings } from './snapshot';

export { BrokenLinkEmailsMiddleware } from './broken_links';

const WITH_BODY: ReadonlySet<string> = new Set(['DELETE', 'POST', 'PUT', 'PATCH']);

/** APPEND_SLASH would lose the data of a form. Raised while DEBUG is on; Python: `RuntimeError`. */
export class AppendSlashError extends Error {
  override readonly name = 'RuntimeError';
}

/**
 * One URL a page: appends slashes (APPEND_SLASH) and `www.` (PREPEND_WWW); refuses user agents
 * (DISALLOWED_USER_AGENTS) and hosts (ALLOWED_HOSTS); says how long a response is.
 */
export class CommonMiddleware extends MiddlewareMixin {
  /** The class of the redirects, for subclasses. */
  static responseRedirectClass: new (url: string) => HttpResponse = HttpResponsePermanentRedirect;

  private readonly disallowedAgents = fromSettings(() => settings.DISALLOWED_USER_AGENTS.map(asRegExp));

  /** @throws PermissionDenied for a disallowed user agent, DisallowedHost for a host that is not allowed. */
  processRequest(request: HttpRequest): HttpResponseBase | undefined {
    const agents = this.disallowedAgents();
    if (agents.length > 0) {
      const agent = request.header('user-agent');
      if (agent !== undefined && agents.some((pattern) => pattern.test(agent))) {
        throw new PermissionDenied('Forbidden user agent');
      }
    }
    const host = request.getHost();
    if (!settings.PREPEND_WWW || host === '' || host.startsWith('www.')) return undefined;
    const path = this.shouldRedirectWithSlash(request)
      ? this.getFullPathWithSlash(request)
      : request.getFullPath();
    return this.redirect(`${request.scheme}://www.${host}${path}`);
  }

  private redirect(url: string): HttpResponseBase {
    const { responseRedirectClass } = this.constructor as typeof CommonMiddleware;
    return new responseRedirectClass(url);
  }

  /** Whether the path leads nowhere, and with a slash it would. */
  shouldRedirectWithSlash(request: HttpRequest): boolean {
    if (!settings.APPEND_SLASH || request.pathInfo.endsWith('/')) return false;
    const urlconf = request.urlconf as Urlconf | null | undefined;
    if (isValidPath(request.pathInfo, urlconf)) return false;
    const match = isValidPath(`${request.pathInfo}/`, urlconf);
    return match !== false && (match.func as { shouldAppendSlash?: boolean }).shouldAppendSlash !== false;
  }

  /**
   * The path with a slash appended, such that it cannot be taken for another host.
   *
   * @throws AppendSlashError while DEBUG is on, for a request whose data the redirect would lose.
   */
  getFullPathWithSlash(request: HttpRequest): string {
    const path = escapeLeadingSlashes(request.getFullPath(true));
    const { method } = request;
    if (settings.DEBUG && WITH_BODY.has(method)) {
      throw new AppendSlashError(
        `You called this URL via ${method}, but the URL doesn't end in a slash and you have APPEND_SLASH set. ` +
          `Django can't redirect to the slash URL while maintaining ${method} data. Change your form to point to ` +
          `${request.getHost()}${path} (note the trailing slash), or set APPEND_SLASH=False in your Django settings.`,
      );
    }
    return path;
  }

  processResponse(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    let answer = response;
    if (response.statusCode === 404 && this.shouldRedirectWithSlash(request)) {
      answer = this.redirect(this.getFullPathWithSlash(request));
      answer.closers.push(() => response.close());
    }
    if (!answer.streaming && !answer.headers.has('Content-Length')) {
      answer.headers.set('Content-Length', (answer as HttpResponse).contentLength);
    }
    return answer;
  }
}
