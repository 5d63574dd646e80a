/** Links that lead nowhere. Django: `django.middleware.common.BrokenLinkEmailsMiddleware`. */
import { settings } from '../conf';
import type { HttpRequest } from '../http/request';
import type { HttpResponseBase } from '../http/response_base';
import { MiddlewareMixin } from '../utils/deprecation';
import { type MaybePromise, then } from '../utils/maybe_promise';
import { asRegExp, fromSettings } from './snapshot';

/**
 * Mails MANAGERS the pages that link to what is not there, with DEBUG off. IGNORABLE_404_URLS are paths that nobody wants to
 * hear of.
 *
 * https://docs.djangoproject.com/en/5.2/ref/middleware/#django.middleware.common.BrokenLinkEmailsMiddleware
 */
export class BrokenLinkEmailsMiddleware extends MiddlewareMixin {
  private readonly ignorable = fromSettings(() => settings.IGNORABLE_404_URLS.map(asRegExp));

  processResponse(request: HttpRequest, response: HttpResponseBase): MaybePromise<HttpResponseBase> {
    if (response.statusCode !== 404 || settings.DEBUG) return response;
    const domain = request.getHost();
    const path = request.getFullPath();
    const referer = request.header('referer') ?? '';
    if (this.isIgnorableRequest(request, path, domain, referer)) return response;
    const { mailManagers } = require('../core/mail') as typeof import('../core/mail');
    const kind = this.isInternalRequest(domain, referer) ? 'INTERNAL ' : '';
    const address = request.META['REMOTE_ADDR'] ?? '<none>';
    const sent = mailManagers(
      `Broken ${kind}link on ${domain}`,
      `Referrer: ${referer}\nRequested URL: ${path}\nUser agent: ${request.header('user-agent') ?? '<none>'}\n` +
        `IP address: ${address}\n`,
      { failSilently: true },
    );
    return then(sent, () => response);
  }

  /** Whether the page that links is of this site. */
  isInternalRequest(domain: string, referer: string): boolean {
    return referer.startsWith(`http://${domain}/`) || referer.startsWith(`https://${domain}/`);
  }

  /** Whether nobody is to be told. */
  isIgnorableRequest(_request: HttpRequest, uri: string, domain: string, referer: string): boolean {
    if (referer === '') return true;
    // A redirect to the path with a slash.
    if (settings.APPEND_SLASH && uri.endsWith('/') && referer === uri.slice(0, -1)) return true;
    const isInternal = this.isInternalRequest(domain, referer);
    // The answers of a search engine.
    if (!isInternal && referer.includes('?')) return true;
    // A page that links to itself: a program that fills the header in.
    const { host, path } = placeOf(referer);
    if ((host === '' || host === domain) && path === uri) return true;
    return this.ignorable().some((pattern) => pattern.test(uri));
  }
}

/** The host and the path of a referer, which may be anything. */
function placeOf(referer: string): { host: string; path: string } {
  const match = /^(?:[a-z][a-z0-9+.-]*:)?(?:\/\/([^/?#]*))?([^?#]*)/i.exec(referer);
  return { host: match?.[1] ?? '', path: match?.[2] ?? '' };
}
