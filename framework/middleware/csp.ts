/** Django 6.0: `django.middleware.csp`; https://docs.djangoproject.com/en/6.0/howto/csp/ */
import { settings } from '../conf';
import type { HttpRequest } from '../http/request';
import type { HttpResponseBase } from '../http/response_base';
import { buildPolicy, CSP, type CspPolicy, LazyNonce } from '../utils/csp';
import { MiddlewareMixin } from '../utils/deprecation';

declare module '../http/request' {
  interface HttpRequest {
    /** The nonce of the request: see `getNonce`. */
    cspNonce?: LazyNonce;
  }
}
declare module '../http/response_base' {
  interface HttpResponseBase {
    /** The policy of this response instead of SECURE_CSP: see the decorator `cspOverride`. */
    cspConfig?: CspPolicy;
    /** The policy of this response instead of SECURE_CSP_REPORT_ONLY. */
    cspReportOnlyConfig?: CspPolicy;
  }
}

/** The nonce of a request, for scripts and styles in its page; `undefined` without the middleware. */
export function getNonce(request: HttpRequest): LazyNonce | undefined {
  return request.cspNonce;
}

function isEmpty(policy: object): boolean {
  for (const _ in policy) return false;
  return true;
}

/** Sends the policies of SECURE_CSP and SECURE_CSP_REPORT_ONLY with responses that have none. */
export class ContentSecurityPolicyMiddleware extends MiddlewareMixin {
  processRequest(request: HttpRequest): undefined {
    request.cspNonce = new LazyNonce();
  }

  processResponse(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    const nonce = request.cspNonce;
    const enforced = response.cspConfig ?? (settings.SECURE_CSP as CspPolicy);
    const reported = response.cspReportOnlyConfig ?? (settings.SECURE_CSP_REPORT_ONLY as CspPolicy);
    for (const [header, policy] of [
      [CSP.HEADER_ENFORCE, enforced],
      [CSP.HEADER_REPORT_ONLY, reported],
    ] as const) {
      if (!isEmpty(policy) && !response.headers.has(header)) {
        response.headers.set(header, buildPolicy(policy, nonce));
      }
    }
    return response;
  }
}
