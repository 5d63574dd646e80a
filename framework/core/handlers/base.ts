/** The chain from a request to its response. Django: `django.core.handlers.base`. */
import { type Dotted, settings } from '../../conf';
import type { HttpRequest } from '../../http/request';
import { HttpResponseBase } from '../../http/response_base';
import { FileResponse } from '../../http/response_file';
import { getResolver, setUrlconf } from '../../urls/base';
import type { AnyView } from '../../urls/params';
import type { ResolverMatch, Urlconf } from '../../urls/resolvers';
import type { GetResponse } from '../../utils/deprecation';
import { getLogger, logResponse } from '../../utils/log';
import { attempt, isPromise, type MaybePromise, then } from '../../utils/maybe_promise';
import { deepenStacks } from '../../utils/stack_depth';
import { MiddlewareNotUsed, ValueError } from '../exceptions';
import { requestFinished, requestStarted } from '../signals';
import { convertExceptionToResponse } from './exception';
import { loadMiddleware, type MiddlewareHooks, middlewareName } from './middleware';

type ViewHook = NonNullable<MiddlewareHooks['processView']>;
type ExceptionHook = NonNullable<MiddlewareHooks['processException']>;
type TemplateHook = NonNullable<MiddlewareHooks['processTemplateResponse']>;
type CallableView = ((request: HttpRequest, params: object) => MaybePromise<HttpResponseBase>) & {
  /** The body is not read before this view. */
  streamBody?: boolean;
  /** The databases that this view wants no transaction on: see `nonAtomicRequests`. */
  nonAtomicRequests?: ReadonlySet<string>;
};

/** A response that is rendered after the view: Django's TemplateResponse. */
interface Renderable extends HttpResponseBase {
  readonly isRendered: boolean;
  render(): MaybePromise<HttpResponseBase>;
}

function isRenderable(response: HttpResponseBase): response is Renderable {
  return 'render' in response && typeof response.render === 'function';
}

/** Runs requests through the middleware to the views. */
export class BaseHandler {
  private chain: GetResponse | undefined;
  /** The MIDDLEWARE that the chain was built from. */
  private builtFrom: readonly Dotted[] | undefined;
  private viewHooks: ViewHook[] = [];
  private templateHooks: TemplateHook[] = [];
  private exceptionHooks: ExceptionHook[] = [];

  /**
   * Builds the chain from MIDDLEWARE. Done once, before the first request.
   *
   * @throws ImproperlyConfigured naming a middleware that cannot be loaded.
   */
  loadMiddleware(): void {
    deepenStacks();
    const viewHooks: ViewHook[] = [];
    const templateHooks: TemplateHook[] = [];
    const exceptionHooks: ExceptionHook[] = [];
    let chain = convertExceptionToResponse((request) => this.respond(request));
    for (const setting of [...settings.MIDDLEWARE].reverse()) {
      let loaded: ReturnType<typeof loadMiddleware>;
      try {
        loaded = loadMiddleware(setting, chain);
      } catch (error) {
        if (!(error instanceof MiddlewareNotUsed)) throw error;
        if (settings.DEBUG) {
          const reason = error.message
            ? `('${middlewareName(setting)}'): ${error.message}`
            : `: '${middlewareName(setting)}'`;
          getLogger('tsango.request').debug(`MiddlewareNotUsed${reason}`);
        }
        continue;
      }
      const { hooks, layer } = loaded;
      if (hooks?.processView) viewHooks.unshift(hooks.processView.bind(hooks));
      if (hooks?.processTemplateResponse) templateHooks.push(hooks.processTemplateResponse.bind(hooks));
      if (hooks?.processException) exceptionHooks.push(hooks.processException.bind(hooks));
      if (layer !== chain) chain = convertExceptionToResponse(layer);
    }
    // All at once: a middleware that fails to load leaves nothing half built.
    this.viewHooks = viewHooks;
    this.templateHooks = templateHooks;
    this.exceptionHooks = exceptionHooks;
    this.chain = chain;
    this.builtFrom = settings.MIDDLEWARE;
  }

  /** The response to a request. Errors are responses; what remains is a chain that cannot be built. */
  getResponse(request: HttpRequest): MaybePromise<HttpResponseBase> {
    if (this.chain === undefined || this.builtFrom !== settings.MIDDLEWARE) this.loadMiddleware();
    // Only a URLconf that a former request of the same flow has set is taken back.
    setUrlconf(null);
    const response = (this.chain as GetResponse)(request);
    return isPromise(response)
      ? response.then((value) => this.finish(request, value))
      : this.finish(request, response);
  }

  private finish(request: HttpRequest, response: HttpResponseBase): HttpResponseBase {
    if (request.needsClosing) response.closers.push(() => request.close());
    if (response.streaming && response instanceof FileResponse) response.applyRequest(request);
    if (response.statusCode >= 400) {
      logResponse('%s: %s', [response.reasonPhrase, request.path], { response, request });
    }
    return response;
  }

  /** The innermost layer: URL, body, view hooks, view, template hooks. */
  private respond(request: HttpRequest): MaybePromise<HttpResponseBase> {
    const match = this.resolveRequest(request);
    const view = match.func as unknown as CallableView;
    if (view.streamBody !== true) {
      const loaded = request.load();
      if (isPromise(loaded)) return loaded.then(() => this.runView(request, view, match.params));
    }
    return this.runView(request, view, match.params);
  }

  /** @throws Resolver404. */
  resolveRequest(request: HttpRequest): ResolverMatch {
    const urlconf = request.urlconf as Urlconf | undefined;
    if (urlconf !== undefined) setUrlconf(urlconf);
    const match = getResolver(urlconf).resolve(request.pathInfo);
    request.resolverMatch = match;
    return match;
  }

  private runView(request: HttpRequest, view: CallableView, params: object): MaybePromise<HttpResponseBase> {
    if (this.viewHooks.length > 0) {
      const early = this.runViewHooks(request, view, params, 0);
      if (isPromise(early)) {
        return early.then((answer) =>
          this.complete(request, view, answer ?? this.callView(request, view, params)),
        );
      }
      if (early !== undefined) return this.complete(request, view, early);
    }
    return this.complete(request, view, this.callView(request, view, params));
  }

  private runViewHooks(
    request: HttpRequest,
    view: CallableView,
    params: object,
    from: number,
  ): MaybePromise<HttpResponseBase | undefined> {
    for (let i = from; i < this.viewHooks.length; i++) {
      const answer = (this.viewHooks[i] as ViewHook)(request, view as unknown as AnyView, params);
      if (isPromise(answer)) {
        return answer.then((value) => value || this.runViewHooks(request, view, params, i + 1));
      }
      if (answer) return answer;
    }
    return undefined;
  }

  private callView(request: HttpRequest, view: CallableView, params: object): MaybePromise<HttpResponseBase> {
    let response: MaybePromise<HttpResponseBase>;
    try {
      response = inTransactions(view)(request, params);
    } catch (error) {
      return this.processException(request, error, 0);
    }
    return isPromise(response)
      ? response.catch((error: unknown) => this.processException(request, error, 0))
      : response;
  }

  /** What the exception hooks answer, innermost first. @throws the error if none does. */
  private processException(
    request: HttpRequest,
    error: unknown,
    from: number,
  ): MaybePromise<HttpResponseBase> {
    for (let i = from; i < this.exceptionHooks.length; i++) {
      const answer = (this.exceptionHooks[i] as ExceptionHook)(request, error);
      if (isPromise(answer)) {
        return answer.then((value) => value || this.processException(request, error, i + 1));
      }
      if (answer) return answer;
    }
    throw error;
  }

  private complete(
    request: HttpRequest,
    view: CallableView,
    response: MaybePromise<HttpResponseBase>,
  ): MaybePromise<HttpResponseBase> {
    return isPromise(response)
      ? response.then((value) => this.render(request, view, value))
      : this.render(request, view, response);
  }

  private render(
    request: HttpRequest,
    view: CallableView,
    response: HttpResponseBase,
  ): MaybePromise<HttpResponseBase> {
    checkResponse(response, () => nameOf(request, view));
    if (isRenderable(response)) return this.renderTemplate(request, response);
    const ready = response.ready();
    if (ready === undefined) return response;
    return ready.then(
      () => response,
      (error: unknown) => this.processException(request, error, 0),
    );
  }

  private renderTemplate(request: HttpRequest, response: Renderable): MaybePromise<HttpResponseBase> {
    let current: MaybePromise<HttpResponseBase> = response;
    for (const hook of this.templateHooks) {
      current = then(current, (value) =>
        then(hook(request, value), (changed) => {
          checkResponse(changed, () => `${hook.name.replace(/^bound /, '')}() of a middleware`);
          return changed;
        }),
      );
    }
    return then(current, (final) =>
      attempt(
        () => {
          const rendered = isRenderable(final) ? final.render() : final;
          return then(rendered, (value) => then(value.ready(), () => value));
        },
        (error) => this.processException(request, error, 0),
      ),
    );
  }
}

/** Where a view is, for messages. */
function nameOf(request: HttpRequest, view: CallableView): string {
  const route = request.resolverMatch?.route ?? '';
  return `The view ${view.name || 'without a name'} (of the route '${route}')`;
}

/** @throws ValueError if a view (or a hook) returned something else than a response. */
function checkResponse(response: unknown, name: () => string): asserts response is HttpResponseBase {
  if (response instanceof HttpResponseBase) return;
  const kind =
    response === undefined || response === null
      ? String(response)
      : typeof response === 'object'
        ? (response.constructor?.name ?? 'an object')
        : `a ${typeof response}`;
  throw new ValueError(`${name()} didn't return an HttpResponse object. It returned ${kind} instead.`);
}

let atomicAliases: readonly string[] = [];
let aliasesOf: object | undefined;

/** @internal A view in a transaction for each database with ATOMIC_REQUESTS; the view itself if there is none. */
export function inTransactions(view: CallableView): CallableView {
  const databases = settings.DATABASES;
  if (databases !== aliasesOf) {
    atomicAliases = Object.keys(databases).filter((alias) => databases[alias]?.ATOMIC_REQUESTS === true);
    aliasesOf = databases;
  }
  if (atomicAliases.length === 0) return view;
  const { transaction } = require('../../db') as typeof import('../../db');
  let wrapped = view;
  for (const alias of atomicAliases) {
    if (view.nonAtomicRequests?.has(alias)) continue;
    const inner = wrapped;
    wrapped = (request, params) => transaction.atomic(() => inner(request, params), { using: alias });
  }
  return wrapped;
}

/** Announces a request, where somebody listens. */
export function announceStart(request: HttpRequest): MaybePromise<void> {
  return requestStarted.hasListeners(BaseHandler) ? requestStarted.send(BaseHandler, { request }) : undefined;
}

/** Closes a response that is sent, or cannot be, and announces its end. */
export function finishResponse(request: HttpRequest, response: HttpResponseBase): void {
  if (response.closed) return;
  response.close();
  if (!requestFinished.hasListeners(BaseHandler)) return;
  try {
    const sent = requestFinished.send(BaseHandler, { request, response });
    if (isPromise(sent)) sent.catch(logFailure);
  } catch (error) {
    logFailure(error);
  }
}

function logFailure(error: unknown): void {
  getLogger('tsango.request').error('A receiver of requestFinished failed.', { error });
}
