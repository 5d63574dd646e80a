/** Exceptions become responses. Django: `django.core.handlers.exception`. */
import { settings } from '../../conf';
import type { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import { getResolver, getUrlconf } from '../../urls/base';
import type { Urlconf } from '../../urls/resolvers';
import type { GetResponse } from '../../utils/deprecation';
import { getLogger, logResponse } from '../../utils/log';
import { attempt, isPromise, type MaybePromise, then } from '../../utils/maybe_promise';
import {
  BadRequest,
  Http404,
  PermissionDenied,
  RequestAborted,
  RequestDataTooBig,
  SuspiciousOperation,
  TooManyFieldsSent,
  TooManyFilesSent,
} from '../exceptions';
import { gotRequestException } from '../signals';

/** The statuses that a URLconf can have a handler for. */
type ErrorStatus = 400 | 403 | 404 | 500;
type ErrorView = (request: HttpRequest, error?: unknown) => MaybePromise<HttpResponseBase>;

/**
 * Wraps a layer so that the one around it always gets a response. Each middleware is wrapped: none has to expect
 * that what it calls throws.
 */
export function convertExceptionToResponse(getResponse: GetResponse): GetResponse {
  return function convertException(request) {
    let response: MaybePromise<HttpResponseBase>;
    try {
      response = getResponse(request);
    } catch (error) {
      return responseForException(request, error);
    }
    return isPromise(response)
      ? response.catch((error: unknown) => responseForException(request, error))
      : response;
  };
}

/** The response to an exception: 404, 403 and 400 for what means that, else 500. */
export function responseForException(request: HttpRequest, error: unknown): MaybePromise<HttpResponseBase> {
  return then(answer(request, error), (response) => rendered(response));
}

function answer(request: HttpRequest, error: unknown): MaybePromise<HttpResponseBase> {
  const log = (message: string, args: readonly unknown[]) => (response: HttpResponseBase) => {
    logResponse(message, args, { response, request, error });
    return response;
  };
  if (error instanceof Http404) {
    if (settings.DEBUG) return debugViews().technical404Response(request, error);
    return errorResponse(request, 404, error);
  }
  if (error instanceof PermissionDenied) {
    const response = errorResponse(request, 403, error);
    return then(response, log('Forbidden (Permission denied): %s', [request.path]));
  }
  if ((error as Error | null)?.name === 'MultiPartParserError') {
    const response = errorResponse(request, 400, error);
    return then(response, log('Bad request (Unable to parse request body): %s', [request.path]));
  }
  if (error instanceof BadRequest) {
    const response = settings.DEBUG
      ? debugViews().technical500Response(request, error, 400)
      : errorResponse(request, 400, error);
    return then(response, log('%s: %s', [error.message, request.path]));
  }
  if (error instanceof SuspiciousOperation) return suspicious(request, error);
  if (error instanceof RequestAborted) {
    // Nobody is there to read it, and nothing is wrong here.
    return quiet(errorResponse(request, 400, error));
  }
  return then(announce(request, error), () =>
    then(uncaught(request, error), (response) =>
      log('%s: %s', [response.reasonPhrase, request.path])(response),
    ),
  );
}

function suspicious(request: HttpRequest, error: SuspiciousOperation): MaybePromise<HttpResponseBase> {
  if (
    error instanceof RequestDataTooBig ||
    error instanceof TooManyFieldsSent ||
    error instanceof TooManyFilesSent
  ) {
    // Whoever reports the error looks at POST, and must not run into it again.
    request.markPostParseError();
  }
  // Both loggers hear of it: the request's, when the response is logged, and the one of this kind of suspicion.
  getLogger(`tsango.security.${error.name}`).error(error.message, { statusCode: 400, request, error });
  return settings.DEBUG
    ? debugViews().technical500Response(request, error, 400)
    : errorResponse(request, 400, error);
}

function debugViews(): typeof import('../../views/debug') {
  return require('../../views/debug') as typeof import('../../views/debug');
}

function quiet(response: MaybePromise<HttpResponseBase>): MaybePromise<HttpResponseBase> {
  return then(response, (value) => {
    logResponse('', [], { response: value, level: 'debug', logger: getLogger('tsango.request') });
    return value;
  });
}

function announce(request: HttpRequest, error: unknown): MaybePromise<void> {
  return gotRequestException.send(null, { request, error });
}

function handler(request: HttpRequest, status: ErrorStatus): ErrorView {
  const urlconf = (request.urlconf as Urlconf | undefined) ?? getUrlconf();
  return getResolver(urlconf).resolveErrorHandler(status) as unknown as ErrorView;
}

/** What the URLconf's handler of a status answers; if that fails, the failure is a server error. */
function errorResponse(
  request: HttpRequest,
  status: ErrorStatus,
  error: unknown,
): MaybePromise<HttpResponseBase> {
  return attempt(
    () => handler(request, status)(request, error),
    (failure) => then(announce(request, failure), () => uncaught(request, failure)),
  );
}

/**
 * The debug page; where that cannot be made, the error in plain text. The page's own failure never hides what it was to
 * show: the first error is logged before the second.
 */
function debugPage(request: HttpRequest, error: unknown): HttpResponseBase {
  try {
    return debugViews().technical500Response(request, error);
  } catch (failure) {
    const logger = getLogger('tsango.request');
    logger.error(`Internal Server Error: ${request.path}`, { statusCode: 500, error });
    logger.error('The debug page of the error above could not be made.', { statusCode: 500, error: failure });
    const { HttpResponse } = require('../../http/response') as typeof import('../../http/response');
    const stack = (thrown: unknown): string =>
      thrown instanceof Error ? (thrown.stack ?? String(thrown)) : String(thrown);
    return new HttpResponse(`${stack(error)}\n\nThe debug page could not be made:\n\n${stack(failure)}\n`, {
      status: 500,
      contentType: 'text/plain; charset=utf-8',
    });
  }
}

/** The answer to what nothing handled. @throws the error itself with DEBUG_PROPAGATE_EXCEPTIONS. */
function uncaught(request: HttpRequest, error: unknown): MaybePromise<HttpResponseBase> {
  if (settings.DEBUG_PROPAGATE_EXCEPTIONS) throw error;
  if (settings.DEBUG) return debugPage(request, error);
  return handler(request, 500)(request);
}

/** An error view may answer with a template response, or with content that is still being made. */
function rendered(response: HttpResponseBase): MaybePromise<HttpResponseBase> {
  const template = response as HttpResponseBase & {
    isRendered?: boolean;
    render?: () => MaybePromise<unknown>;
  };
  const done =
    template.isRendered === false && typeof template.render === 'function'
      ? template.render()
      : response.ready();
  return isPromise(done) ? done.then(() => response) : response;
}
