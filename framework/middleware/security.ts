/** Django: `django.middleware.security`; https://docs.djangoproject.com/en/5.2/ref/middleware/#security-middleware */
import { settings } from '../conf';
import type { HttpRequest } from '../http/request';
import { HttpResponsePermanentRedirect } from '../http/response';
import type { HttpResponseBase } from '../http/response_base';
import { MiddlewareMixin } from '../utils/deprecation';
import { asRegExp, fromSettings } from './snapshot';

/** Sends to HTTPS, and adds the headers of the SECURE_* settings to responses that lack them. */
export class SecurityMiddleware extends MiddlewareMixin {
  private readonly headers = fromSettings(() => {
    const { SECURE_REFERRER_POLICY: referrer, SECURE_CROSS_ORIGIN_OPENER_POLICY: opener } = settings;
    const headers: (readonly [string, string])[] = [];
    if (settings.SECURE_CONTENT_TYPE_NOSNIFF) headers.push(['X-Content-Type-Options', 'nosniff']);
    if (referrer && referrer.length > 0) {
      const policies =
        typeof referrer === 'string' ? referrer.split(',').map((item) => item.trim()) : referrer;
      headers.push(['Referrer-Policy', policies.join(',')]);
    }
    if (opener) headers.push(['Cross-Origin-Opener-Policy', opener]);
    return headers;
  });

  private readonly transportSecurity = fromSettings(() => {
    const { SECURE_HSTS_SECONDS: seconds } = settings;
    if (!seconds) return undefined;
    const subdomains = settings.SECURE_HSTS_INCLUDE_SUBDOMAINS ? '; includeSubDomains' : '';
    return `max-age=${seconds}${subdomains}${settings.SECURE_HSTS_PRELOAD ? '; preload' : ''}`;
  });

  private readonly redirect = fromSettings(() =>
    settings.SECURE_SSL_REDIRECT
      ? { exempt: settings.SECURE_REDIRECT_EXEMPT.map(asRegExp), host: settings.SECURE_SSL_HOST }
      : undefined,
  );

  processRequest(request: HttpRequest): HttpResponseBase | undefined {
    const redirect = this.redirect();
    if (redirect === undefined || request.isSecure()) return undefined;
    const path = request.path.replace(/^\/+/, '');
    if (redirect.exempt.some((pattern) => pattern.test(path))) return undefined;
    const host = redirect.host || request.getHost();
    return new HttpResponsePermanentRedirect(`https://${host}${request.getFullPath()}`);
  }

  processResponse(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    const transport = this.transportSecurity();
    if (transport !== undefined && request.isSecure()) {
      response.headers.setdefault('Strict-Transport-Security', transport);
    }
    const headers = this.headers();
    for (let i = 0; i < headers.length; i++) {
      const [name, value] = headers[i] as readonly [string, string];
      response.headers.setdefault(name, value);
    }
    return response;
  }
}
