/** Decorators out of middleware, and of methods out of functions. Django: `django.utils.decorators`. */
import type { HttpRequest } from '../http/request';
import type { HttpResponseBase } from '../http/response_base';
import type { GetResponse } from './deprecation';
import { attempt, type MaybePromise, then } from './maybe_promise';

/** A view as decorators see it: whatever its params are, they are passed on. */
export type DecoratedView = (request: HttpRequest, params: never) => MaybePromise<HttpResponseBase>;

/** Turns a view into another of the same type. */
export type ViewDecorator = <V extends DecoratedView>(view: V) => V;

/** The call that a decorator wraps. */
export type CallView = (request: HttpRequest) => MaybePromise<HttpResponseBase>;

/**
 * A view around another, with its name and its marks (`csrfExempt`, …). Python: `functools.wraps`.
 *
 * @param around is given the request and the wrapped view as a function of the request alone.
 */
export function wrapView<V extends DecoratedView>(
  view: V,
  around: (request: HttpRequest, call: CallView) => MaybePromise<HttpResponseBase>,
): V {
  const wrapper = (request: HttpRequest, params: never): MaybePromise<HttpResponseBase> =>
    around(request, (passed) => view(passed, params));
  Object.assign(wrapper, view);
  Object.defineProperty(wrapper, 'name', { value: view.name, configurable: true });
  return wrapper as V;
}

/** What a decorator can use of a middleware. */
interface MiddlewareHooks {
  processRequest?(request: HttpRequest): MaybePromise<HttpResponseBase | undefined>;
  processView?(
    request: HttpRequest,
    view: DecoratedView,
    params: never,
  ): MaybePromise<HttpResponseBase | undefined>;
  processTemplateResponse?(request: HttpRequest, response: HttpResponseBase): MaybePromise<HttpResponseBase>;
  processException?(request: HttpRequest, error: unknown): MaybePromise<HttpResponseBase | undefined>;
  processResponse?(request: HttpRequest, response: HttpResponseBase): MaybePromise<HttpResponseBase>;
}

/** A response that a template is still to be rendered for. */
interface Renderable {
  render(): unknown;
  addPostRenderCallback(callback: (response: HttpResponseBase) => unknown): void;
}

function isRenderable(response: object): response is Renderable {
  return 'render' in response && 'addPostRenderCallback' in response;
}

function finish(
  middleware: MiddlewareHooks,
  request: HttpRequest,
  response: HttpResponseBase,
): MaybePromise<HttpResponseBase> {
  if (isRenderable(response)) {
    const changed = middleware.processTemplateResponse?.(request, response) ?? response;
    return then(changed, (template) => {
      if (isRenderable(template)) {
        template.addPostRenderCallback((rendered) => middleware.processResponse?.(request, rendered));
      }
      return template;
    });
  }
  if (!middleware.processResponse) return response;
  return then(response.ready(), () => middleware.processResponse?.(request, response) ?? response);
}

/** A decorator that does to one view what a middleware does to all. Arguments go to the middleware. */
export function decoratorFromMiddlewareWithArgs<Args extends unknown[]>(
  Middleware: new (getResponse: GetResponse, ...args: Args) => object,
): (...args: Args) => ViewDecorator {
  return (...args) =>
    <V extends DecoratedView>(view: V): V => {
      const middleware = new Middleware(view as unknown as GetResponse, ...args) as MiddlewareHooks;
      const wrapper = (request: HttpRequest, params: never): MaybePromise<HttpResponseBase> =>
        then(middleware.processRequest?.(request), (early) =>
          early !== undefined
            ? early
            : then(middleware.processView?.(request, view, params), (answer) =>
                answer !== undefined
                  ? answer
                  : then(
                      attempt<HttpResponseBase>(
                        () => view(request, params),
                        (error) =>
                          then(middleware.processException?.(request, error), (rescued) => {
                            if (rescued === undefined) throw error;
                            return rescued;
                          }),
                      ),
                      (response) => finish(middleware, request, response),
                    ),
              ),
        );
      Object.assign(wrapper, view);
      Object.defineProperty(wrapper, 'name', { value: view.name, configurable: true });
      return wrapper as unknown as V;
    };
}

/** `decoratorFromMiddlewareWithArgs` for a middleware without arguments. */
export function decoratorFromMiddleware(Middleware: new (getResponse: GetResponse) => object): ViewDecorator {
  return decoratorFromMiddlewareWithArgs(Middleware)();
}

// biome-ignore lint/suspicious/noExplicitAny: TypeScript's own type of a method decorator's target.
type AnyClass = abstract new (...args: any[]) => object;

/**
 * A function decorator for methods of class-based views.
 *
 * On a method: `@methodDecorator(csrfExempt)`. On a class, with the method's name:
 * `@methodDecorator(neverCache, 'dispatch')`. Several decorators apply like stacked ones, the first outermost.
 *
 * @throws TypeError for a name that the class has no method of.
 */
export function methodDecorator(
  decorator: ViewDecorator | readonly ViewDecorator[],
  name = '',
): (target: object | AnyClass, key?: string | symbol, descriptor?: PropertyDescriptor) => void {
  const decorators = typeof decorator === 'function' ? [decorator] : [...decorator];
  const decorate = (view: DecoratedView): DecoratedView =>
    decorators.reduceRight((inner, each) => each(inner), view);
  const apply = (method: (...args: never[]) => unknown): unknown => {
    const wrapped = function (this: unknown, ...args: never[]): unknown {
      const bound = Object.assign(method.bind(this), method) as unknown as DecoratedView;
      return (decorate(bound) as unknown as (...args: never[]) => unknown)(...args);
    };
    // The marks that the decorators leave on a view have to be seen before it is called.
    return Object.assign(wrapped, decorate(Object.assign(() => undefined as never, method)));
  };
  return (target, key, descriptor) => {
    if (key !== undefined && descriptor !== undefined) {
      descriptor.value = apply(descriptor.value);
      return;
    }
    const { prototype, name: className } = target as AnyClass & { prototype: Record<string, unknown> };
    const method = prototype[name];
    if (typeof method !== 'function') {
      throw new TypeError(
        `The keyword argument \`name\` must be the name of a method of the decorated class: ${className}. Got ` +
          `'${name}' instead.`,
      );
    }
    Object.defineProperty(prototype, name, {
      value: apply(method as (...args: never[]) => unknown),
      configurable: true,
      writable: true,
    });
  };
}
