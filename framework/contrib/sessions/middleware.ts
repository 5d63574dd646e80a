/** Django: `django.contrib.sessions.middleware`. */
import { settings } from '../../conf';
import { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import { patchVaryHeaders } from '../../utils/cache';
import { type GetResponse, MiddlewareMixin } from '../../utils/deprecation';
import { httpDate } from '../../utils/http';
import { getLogger } from '../../utils/log';
import { attempt, isPromise, type MaybePromise, then } from '../../utils/maybe_promise';
import { SessionBase, type SessionStoreClass, STATE, UpdateError } from './backends/base';
import { sessionStore } from './engine';
import { SessionInterrupted } from './exceptions';
import { noticeNestedChanges, readAhead } from './store/items';
import { inOrder, settleOperations } from './store/operations';
import { touchIsDue } from './store/touch';

/** Where a request keeps the class of its session, and the session once somebody looked at it. */
const CLASS: unique symbol = Symbol('session class');
const SESSION: unique symbol = Symbol('session');

declare module '../../http/request' {
  interface HttpRequest {
    /** The visitor's session. Needs the SessionMiddleware. */
    session: SessionBase;
    [CLASS]?: SessionStoreClass;
    [SESSION]?: SessionBase | undefined;
  }
}

// Made when it is first looked at: most requests for a page without a session pay nothing for it.
Object.defineProperty(HttpRequest.prototype, 'session', {
  configurable: true,
  get(this: HttpRequest): SessionBase | undefined {
    const session = this[SESSION];
    const SessionStore = this[CLASS];
    if (session !== undefined || SessionStore === undefined) return session;
    const made = new SessionStore(this.COOKIES[settings.SESSION_COOKIE_NAME] ?? null);
    made[STATE].attended = true;
    this[SESSION] = made;
    return made;
  },
  set(this: HttpRequest, session: SessionBase) {
    this[SESSION] = session;
  },
});

/**
 * Gives each request its session, and saves it with the response if it changed.
 *
 * A session is read when it is first looked at; where the store answers later, before the view, and only if the
 * request has the cookie.
 */
export class SessionMiddleware extends MiddlewareMixin {
  readonly SessionStore: SessionStoreClass;

  constructor(getResponse: GetResponse) {
    super(getResponse);
    this.SessionStore = sessionStore();
  }

  processRequest(request: HttpRequest): MaybePromise<void> {
    const { SessionStore } = this;
    request[CLASS] = SessionStore;
    request[SESSION] = undefined;
    if (hasCookie(request) && !SessionStore.readsAtOnce()) {
      const { session } = request;
      if (session[STATE].key !== null) return readAhead(session);
    }
  }

  processResponse(request: HttpRequest, response: HttpResponseBase): MaybePromise<HttpResponseBase> {
    // Nobody looked, and there is no cookie to take back.
    if (request[SESSION] === undefined && !hasCookie(request)) return response;
    const session: unknown = request.session;
    if (!(session instanceof SessionBase)) return response;
    const state = session[STATE];
    if (state.unsettled === null && state.tail === null) return finish(request, response, session);
    return then(settle(session, response), () => finish(request, response, session));
  }
}

function hasCookie(request: HttpRequest): boolean {
  return request.COOKIES[settings.SESSION_COOKIE_NAME] !== undefined;
}

/** Waits for what the view left un-awaited. */
function settle(session: SessionBase, response: HttpResponseBase): MaybePromise<void> {
  return attempt(
    () => settleOperations(session[STATE]),
    (error) => {
      if (response.statusCode < 500) throw interrupted(error);
      // The view has failed already, and its failure is the answer.
      getLogger('tsango.contrib.sessions').exception('A session operation failed.', error);
    },
  );
}

function finish(
  request: HttpRequest,
  response: HttpResponseBase,
  session: SessionBase,
): MaybePromise<HttpResponseBase> {
  const state = session[STATE];
  if (state.handedOut !== null) noticeNestedChanges(state);
  const empty = session.isEmpty();
  if (empty && hasCookie(request)) {
    response.deleteCookie(settings.SESSION_COOKIE_NAME, {
      path: settings.SESSION_COOKIE_PATH,
      domain: settings.SESSION_COOKIE_DOMAIN,
      samesite: settings.SESSION_COOKIE_SAMESITE,
    });
    patchVaryHeaders(response, ['Cookie']);
    return response;
  }
  const { accessed } = state;
  if (accessed) patchVaryHeaders(response, ['Cookie']);
  if (empty || response.statusCode >= 500) return response;
  if (state.modified || settings.SESSION_SAVE_EVERY_REQUEST || (accessed && touchIsDue(state))) {
    // Also of a view that never looked at it: no cache may give the cookie to others.
    if (!accessed) patchVaryHeaders(response, ['Cookie']);
    return save(response, session);
  }
  return response;
}

function save(response: HttpResponseBase, session: SessionBase): MaybePromise<HttpResponseBase> {
  const state = session[STATE];
  const atBrowserClose = session.getExpireAtBrowserClose();
  const maxAge = atBrowserClose ? null : session.getExpiryAge();
  const saved = state.saved
    ? undefined
    : attempt(
        () => inOrder(state, () => session.doSave(false)),
        (error) => {
          throw interrupted(error);
        },
      );
  if (isPromise(saved)) return saved.then(() => sendCookie(response, state.key, maxAge));
  return sendCookie(response, state.key, maxAge);
}

function sendCookie(response: HttpResponseBase, key: string | null, maxAge: number | null): HttpResponseBase {
  response.setCookie(settings.SESSION_COOKIE_NAME, key ?? '', {
    maxAge,
    expires: maxAge === null ? null : httpDate(Date.now() / 1000 + maxAge),
    domain: settings.SESSION_COOKIE_DOMAIN,
    path: settings.SESSION_COOKIE_PATH,
    secure: settings.SESSION_COOKIE_SECURE,
    httponly: settings.SESSION_COOKIE_HTTPONLY,
    samesite: settings.SESSION_COOKIE_SAMESITE,
  });
  return response;
}

function interrupted(error: unknown): unknown {
  if (!(error instanceof UpdateError)) return error;
  return new SessionInterrupted(
    "The request's session was deleted before the request completed. The user may have logged out in a concurrent " +
      'request, for example.',
    { cause: error },
  );
}
