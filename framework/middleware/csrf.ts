/**
 * Protection against cross-site request forgery. A secret lives in a cookie (or the session); forms carry it masked,
 * differently each time. Cookies, tokens and masks are Django's: a form of either is accepted by the other.
 *
 * Django: `django.middleware.csrf`; https://docs.djangoproject.com/en/5.2/ref/csrf/
 */
import { settings } from '../conf';
import { DisallowedHost, ImproperlyConfigured, RequestAborted } from '../core/exceptions';
import { UnreadablePostError } from '../http/exceptions';
import type { HttpRequest } from '../http/request';
import type { HttpResponseBase } from '../http/response_base';
import { type SplitResult, urlsplit } from '../python/urllib_parse';
import type { AnyView } from '../urls';
import { getCallable } from '../urls';
import { patchVaryHeaders } from '../utils/cache';
import { MiddlewareMixin } from '../utils/deprecation';
import { isSameDomain } from '../utils/http';
import { getLogger, logResponse } from '../utils/log';
import { attempt, isPromise, type MaybePromise, then } from '../utils/maybe_promise';
import {
  checkTokenFormat,
  doesTokenMatch,
  InvalidTokenFormat,
  maskSecret,
  newSecret,
  plainSecret,
} from './csrf_tokens';
import { fromSettings } from './snapshot';

export { CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, CSRF_TOKEN_LENGTH, InvalidTokenFormat } from './csrf_tokens';

export const REASON_BAD_ORIGIN = (origin: string): string =>
  `Origin checking failed - ${origin} does not match any trusted origins.`;
export const REASON_NO_REFERER = 'Referer checking failed - no Referer.';
export const REASON_BAD_REFERER = (referer: string): string =>
  `Referer checking failed - ${referer} does not match any trusted origins.`;
export const REASON_NO_CSRF_COOKIE = 'CSRF cookie not set.';
export const REASON_CSRF_TOKEN_MISSING = 'CSRF token missing.';
export const REASON_MALFORMED_REFERER = 'Referer checking failed - Referer is malformed.';
export const REASON_INSECURE_REFERER = 'Referer checking failed - Referer is insecure while host is secure.';

/** The key of the secret in a session, with CSRF_USE_SESSIONS. */
export const CSRF_SESSION_KEY = '_csrftoken';

/** What is known of a request's secret. Django keeps it in META. */
interface CsrfState {
  secret: string | undefined;
  /** The response has to set the cookie (or the session's key). */
  needsUpdate: boolean;
}

declare module '../http/request' {
  interface HttpRequest {
    /** Made when something asks for the secret. */
    csrfState?: CsrfState;
    /** The check is done: a decorator and the middleware need not both do it. */
    csrfProcessingDone?: boolean;
  }
}

/** A session as far as CSRF is concerned; nothing here may depend on contrib. */
interface SecretStore {
  get(key: string): unknown;
  [key: string]: unknown;
}

function sessionOf(request: HttpRequest): SecretStore {
  const { session } = request as { session?: unknown };
  if (session === undefined || session === null) {
    throw new ImproperlyConfigured(
      'CSRF_USE_SESSIONS is enabled, but request.session is not set. SessionMiddleware must appear before ' +
        'CsrfViewMiddleware in MIDDLEWARE.',
    );
  }
  return session as SecretStore;
}

/**
 * The secret that the client has; older Djangos stored it masked.
 *
 * @throws InvalidTokenFormat for a cookie that holds none.
 */
function readSecret(request: HttpRequest): string | undefined {
  if (settings.CSRF_USE_SESSIONS) {
    const stored = sessionOf(request).get(CSRF_SESSION_KEY);
    return typeof stored === 'string' ? plainSecret(stored) : undefined;
  }
  const cookie = request.COOKIES[settings.CSRF_COOKIE_NAME];
  if (cookie === undefined) return undefined;
  checkTokenFormat(cookie);
  return plainSecret(cookie);
}

function stateOf(request: HttpRequest): CsrfState {
  let state = request.csrfState;
  if (state === undefined) {
    state = { secret: undefined, needsUpdate: false };
    request.csrfState = state;
    try {
      state.secret = readSecret(request);
    } catch (error) {
      if (!(error instanceof InvalidTokenFormat)) throw error;
      replaceSecret(state);
    }
  }
  return state;
}

function replaceSecret(state: CsrfState): string {
  const secret = newSecret();
  state.secret = secret;
  state.needsUpdate = true;
  return secret;
}

/**
 * The token for a form or the X-CSRFToken header: the secret under a fresh mask, a new one if there is none.
 * Calling it makes the response set the cookie (its age begins anew) and vary on Cookie.
 */
export function getToken(request: HttpRequest): string {
  const state = stateOf(request);
  state.needsUpdate = true;
  return maskSecret(state.secret ?? replaceSecret(state));
}

/** Gives the client another secret: call it when the user logs in. */
export function rotateToken(request: HttpRequest): void {
  replaceSecret(stateOf(request));
}

class RejectRequest extends Error {
  constructor(readonly reason: string) {
    super(reason);
  }
}

function split(url: string): SplitResult | undefined {
  try {
    return urlsplit(url);
  } catch {
    return undefined;
  }
}

function hostOf(request: HttpRequest): string | undefined {
  try {
    return request.getHost();
  } catch (error) {
    if (error instanceof DisallowedHost) return undefined;
    throw error;
  }
}

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** `HTTP_X_CSRFTOKEN` as the header's name: `X-Csrftoken`. */
function headerName(metaKey: string): string {
  return metaKey
    .replace(/^HTTP_/, '')
    .toLowerCase()
    .replace(
      /(?:^|_)([a-z])/g,
      (part, letter: string) => (part.startsWith('_') ? '-' : '') + letter.toUpperCase(),
    );
}

/** Refuses unsafe requests that a page of another site may have made the browser send. */
export class CsrfViewMiddleware extends MiddlewareMixin {
  private readonly trusted = fromSettings(() => {
    const hosts: string[] = [];
    const exact = new Set<string>();
    const subdomains = new Map<string, string[]>();
    for (const origin of settings.CSRF_TRUSTED_ORIGINS) {
      const { scheme, netloc } = urlsplit(origin);
      const host = netloc.replace(/^\*+/, '');
      hosts.push(host);
      if (origin.includes('*')) subdomains.set(scheme, [...(subdomains.get(scheme) ?? []), host]);
      else exact.add(origin);
    }
    return { hosts, exact, subdomains };
  });

  private originVerified(request: HttpRequest, origin: string): boolean {
    const host = hostOf(request);
    if (host !== undefined && origin === `${request.isSecure() ? 'https' : 'http'}://${host}`) return true;
    const { exact, subdomains } = this.trusted();
    if (exact.has(origin)) return true;
    const parsed = split(origin);
    if (parsed === undefined) return false;
    return (subdomains.get(parsed.scheme) ?? []).some((pattern) => isSameDomain(parsed.netloc, pattern));
  }

  private checkReferer(request: HttpRequest): void {
    const header = request.header('referer');
    if (header === undefined) throw new RejectRequest(REASON_NO_REFERER);
    const referer = split(header);
    if (!referer?.scheme || !referer.netloc) throw new RejectRequest(REASON_MALFORMED_REFERER);
    if (referer.scheme !== 'https') throw new RejectRequest(REASON_INSECURE_REFERER);
    if (this.trusted().hosts.some((host) => isSameDomain(referer.netloc, host))) return;
    const domain = settings.CSRF_USE_SESSIONS ? settings.SESSION_COOKIE_DOMAIN : settings.CSRF_COOKIE_DOMAIN;
    let good: string | undefined;
    if (domain === null) {
      good = hostOf(request);
    } else {
      const port = request.getPort();
      good = port === '443' || port === '80' ? domain : `${domain}:${port}`;
    }
    if (good === undefined || !isSameDomain(referer.netloc, good)) {
      throw new RejectRequest(REASON_BAD_REFERER(header));
    }
  }

  private checkToken(request: HttpRequest): MaybePromise<void> {
    let secret: string | undefined;
    try {
      // Not from the state: the middleware of an earlier class may have rotated it meanwhile.
      secret = request.csrfState?.secret ?? readSecret(request);
    } catch (error) {
      if (!(error instanceof InvalidTokenFormat)) throw error;
      throw new RejectRequest(`CSRF cookie ${error.reason}.`);
    }
    if (secret === undefined) throw new RejectRequest(REASON_NO_CSRF_COOKIE);
    const known = secret;
    if (request.method !== 'POST' || request.isLoaded)
      return this.compare(request, known, this.postedToken(request));
    const posted = attempt<string>(
      () => then(request.load(), () => this.postedToken(request)),
      (error) => {
        if (error instanceof RequestAborted) return '';
        throw error;
      },
    );
    return then(posted, (token) => this.compare(request, known, token));
  }

  private postedToken(request: HttpRequest): string {
    if (request.method !== 'POST') return '';
    try {
      return String(request.POST.get('csrfmiddlewaretoken', '') ?? '');
    } catch (error) {
      // A connection that broke: there is nobody left to tell.
      if (error instanceof UnreadablePostError) return '';
      throw error;
    }
  }

  private compare(request: HttpRequest, secret: string, posted: string): void {
    let token: string | undefined = posted;
    let source = 'POST';
    if (token === '') {
      const key = settings.CSRF_HEADER_NAME;
      token = request.META[key];
      if (token === undefined) throw new RejectRequest(REASON_CSRF_TOKEN_MISSING);
      source = `the '${headerName(key)}' HTTP header`;
    }
    try {
      checkTokenFormat(token);
    } catch (error) {
      if (!(error instanceof InvalidTokenFormat)) throw error;
      throw new RejectRequest(`CSRF token from ${source} ${error.reason}.`);
    }
    if (!doesTokenMatch(token, secret)) throw new RejectRequest(`CSRF token from ${source} incorrect.`);
  }

  /** The check has passed, or is not needed. For subclasses. */
  protected accept(request: HttpRequest): undefined {
    request.csrfProcessingDone = true;
  }

  /** The check has failed: the response of CSRF_FAILURE_VIEW. For subclasses. */
  protected reject(request: HttpRequest, reason: string): MaybePromise<HttpResponseBase | undefined> {
    const view = getCallable(settings.CSRF_FAILURE_VIEW) as (
      request: HttpRequest,
      reason: string,
    ) => MaybePromise<HttpResponseBase>;
    return then(view(request, reason), (response) => {
      logResponse('Forbidden (%s): %s', [reason, request.path], {
        response,
        request,
        logger: getLogger('tsango.security.csrf'),
      });
      return response;
    });
  }

  processView(request: HttpRequest, view: AnyView): MaybePromise<HttpResponseBase | undefined> {
    // Safe by RFC 9110, and the hot path: nothing is read, nothing is marked.
    if (SAFE_METHODS.has(request.method) || request.csrfProcessingDone === true) return undefined;
    if ((view as { csrfExempt?: boolean }).csrfExempt === true) return undefined;
    if (request.dontEnforceCsrfChecks) return this.accept(request);
    const rejected = (error: unknown): MaybePromise<HttpResponseBase | undefined> => {
      if (error instanceof RejectRequest) return this.reject(request, error.reason);
      throw error;
    };
    try {
      const origin = request.header('origin');
      if (origin !== undefined) {
        if (!this.originVerified(request, origin)) throw new RejectRequest(REASON_BAD_ORIGIN(origin));
      } else if (request.isSecure()) {
        // Without TLS a Referer proves nothing: whoever can forge the page can forge it, too.
        this.checkReferer(request);
      }
      const checked = this.checkToken(request);
      if (!isPromise(checked)) return this.accept(request);
      return checked.then(() => this.accept(request)).catch(rejected);
    } catch (error) {
      return rejected(error);
    }
  }

  processResponse(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    const state = request.csrfState ?? this.stateOfBadCookie(request);
    if (state?.needsUpdate && state.secret !== undefined) {
      this.setCookie(request, response, state.secret);
      // Another instance, of a decorator, need not set it again.
      state.needsUpdate = false;
    }
    return response;
  }

  /** A cookie that holds no token is replaced even if nobody asked for one. */
  private stateOfBadCookie(request: HttpRequest): CsrfState | undefined {
    if (settings.CSRF_USE_SESSIONS) return undefined;
    const header = request.header('cookie');
    return header?.includes(settings.CSRF_COOKIE_NAME) ? stateOf(request) : undefined;
  }

  private setCookie(request: HttpRequest, response: HttpResponseBase, secret: string): void {
    if (settings.CSRF_USE_SESSIONS) {
      const session = sessionOf(request);
      if (session.get(CSRF_SESSION_KEY) !== secret) session[CSRF_SESSION_KEY] = secret;
      return;
    }
    response.setCookie(settings.CSRF_COOKIE_NAME, secret, {
      maxAge: settings.CSRF_COOKIE_AGE,
      domain: settings.CSRF_COOKIE_DOMAIN,
      path: settings.CSRF_COOKIE_PATH,
      secure: settings.CSRF_COOKIE_SECURE,
      httponly: settings.CSRF_COOKIE_HTTPONLY,
      samesite: settings.CSRF_COOKIE_SAMESITE,
    });
    patchVaryHeaders(response, ['Cookie']);
  }
}
