/**
 * Middleware, loaded and made into layers. https://docs.djangoproject.com/en/5.2/topics/http/middleware/
 */
import type { Dotted } from '../../conf';
import type { HttpRequest } from '../../http/request';
import type { HttpResponseBase } from '../../http/response_base';
import type { AnyView } from '../../urls/params';
import type { GetResponse } from '../../utils/deprecation';
import { isPromise, type MaybePromise } from '../../utils/maybe_promise';
import { importString } from '../../utils/module_loading';
import { ImproperlyConfigured, MiddlewareNotUsed } from '../exceptions';

type Answer = HttpResponseBase | null | undefined;

/** The hooks of class middleware; any may be missing. */
export interface MiddlewareHooks {
  /** Before the view is known. A response that it returns is the answer. */
  processRequest?(request: HttpRequest): MaybePromise<Answer>;
  /** Before the view is called. A response that it returns is the answer. */
  processView?(request: HttpRequest, view: AnyView, params: object): MaybePromise<Answer>;
  /** The view threw. A response that it returns is the answer. */
  processException?(request: HttpRequest, error: unknown): MaybePromise<Answer>;
  /** The view returned a response with `render()`, which is not rendered yet. */
  processTemplateResponse?(request: HttpRequest, response: HttpResponseBase): MaybePromise<HttpResponseBase>;
  /** On the way back. */
  processResponse?(request: HttpRequest, response: HttpResponseBase): MaybePromise<HttpResponseBase>;
  /** Instead of `processRequest` and `processResponse`: the whole layer. Python: `__call__`. */
  call?(request: HttpRequest): MaybePromise<HttpResponseBase>;
}

type MiddlewareClass = new (getResponse: GetResponse) => MiddlewareHooks;
type MiddlewareFactory = (getResponse: GetResponse) => GetResponse | MiddlewareHooks | null | undefined;

/** A middleware made: its layer, and the instance whose other hooks the handler calls. */
export interface LoadedMiddleware {
  readonly layer: GetResponse;
  readonly hooks: MiddlewareHooks | undefined;
}

/** How a middleware is called in messages. */
export function middlewareName(setting: Dotted): string {
  return typeof setting === 'string' ? setting : setting.name || 'an anonymous middleware';
}

function isClass(value: MiddlewareClass | MiddlewareFactory): value is MiddlewareClass {
  const descriptor = Object.getOwnPropertyDescriptor(value, 'prototype');
  // A class's own `prototype` cannot be replaced; that of a function compiled from one can, and has its methods.
  return (
    descriptor !== undefined &&
    (descriptor.writable === false || Object.getOwnPropertyNames(descriptor.value).length > 1)
  );
}

/**
 * Makes one entry of MIDDLEWARE.
 *
 * @param getResponse the layer below.
 * @throws MiddlewareNotUsed if it does not want to be there; ImproperlyConfigured, naming it, if it cannot be loaded.
 */
export function loadMiddleware(setting: Dotted, getResponse: GetResponse): LoadedMiddleware {
  const name = middlewareName(setting);
  const made = make(setting, name, getResponse);
  if (typeof made === 'function') return { layer: made as GetResponse, hooks: undefined };
  if (made === null || typeof made !== 'object') {
    throw new ImproperlyConfigured(
      `Middleware factory ${name} returned ${made === undefined || made === null ? 'None' : typeof made}. ` +
        'It must return a function of a request, or an object with hooks (processRequest, processResponse, …).',
    );
  }
  return { layer: layerOf(made, getResponse), hooks: made };
}

function make(setting: Dotted, name: string, getResponse: GetResponse): unknown {
  let value: unknown;
  try {
    value = typeof setting === 'string' ? importString(setting) : setting;
  } catch (error) {
    throw new ImproperlyConfigured(
      `The middleware '${name}' in the MIDDLEWARE setting cannot be loaded: ${(error as Error).message}`,
      { cause: error },
    );
  }
  if (typeof value !== 'function') {
    throw new ImproperlyConfigured(
      `The middleware '${name}' in the MIDDLEWARE setting is no class or function.`,
    );
  }
  const factory = value as MiddlewareClass | MiddlewareFactory;
  try {
    return isClass(factory) ? new factory(getResponse) : factory(getResponse);
  } catch (error) {
    if (error instanceof MiddlewareNotUsed || error instanceof ImproperlyConfigured) throw error;
    throw new ImproperlyConfigured(
      `The middleware '${name}' in the MIDDLEWARE setting cannot be made: ${(error as Error).message}`,
      { cause: error },
    );
  }
}

/** The layer of class middleware. Which hooks there are is settled here, once, not with each request. */
function layerOf(hooks: MiddlewareHooks, getResponse: GetResponse): GetResponse {
  if (hooks.call !== undefined) return (request) => (hooks.call as GetResponse)(request);
  const { processRequest, processResponse } = hooks;
  if (processRequest === undefined && processResponse === undefined) return getResponse;

  const respond: (request: HttpRequest, response: HttpResponseBase) => MaybePromise<HttpResponseBase> =
    processResponse === undefined
      ? (_request, response) => response
      : (request, response) => hooks.processResponse?.(request, response) ?? response;

  const below: GetResponse =
    processResponse === undefined
      ? getResponse
      : (request) => {
          const response = getResponse(request);
          return isPromise(response)
            ? response.then((value) => respond(request, value))
            : respond(request, response);
        };
  if (processRequest === undefined) return below;

  return (request) => {
    const early = hooks.processRequest?.(request);
    if (early === undefined || early === null) return below(request);
    if (isPromise(early)) {
      return early.then((answer) => (answer ? respond(request, answer) : below(request)));
    }
    return respond(request, early as HttpResponseBase);
  };
}
