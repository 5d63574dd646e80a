/** Class-based views. Django: `django.views.generic.base`; https://docs.djangoproject.com/en/5.2/ref/class-based-views/base/ */
import { AttributeError, ImproperlyConfigured } from '../../core/exceptions';
import type { HttpRequest } from '../../http/request';
import {
  HttpResponse,
  HttpResponseGone,
  HttpResponseNotAllowed,
  HttpResponsePermanentRedirect,
  HttpResponseRedirect,
} from '../../http/response';
import type { HttpResponseBase } from '../../http/response_base';
import { reverse } from '../../urls';
import { getLogger, logResponse } from '../../utils/log';
import type { MaybePromise } from '../../utils/maybe_promise';

/** What the URL captured. */
export type ViewParams = Readonly<Record<string, unknown>>;

type Handler = (request: HttpRequest, params: ViewParams) => MaybePromise<HttpResponseBase>;

/** A class-based view as a function, as `asView()` makes it. */
export interface ViewFunction {
  (request: HttpRequest, params: object): MaybePromise<HttpResponseBase>;
  readonly viewClass: typeof View;
  readonly viewInitkwargs: Readonly<Record<string, unknown>>;
}

/**
 * A view as a class: its methods `get`, `post`, `put`, … answer the requests of that method. An instance lives for
 * one request.
 *
 * @example
 * ```ts
 * class Article extends View {
 *   get(request: HttpRequest, params: { year: number }) { return new HttpResponse(String(params.year)); }
 * }
 * path('articles/<int:year>/', Article.asView())
 * ```
 */
export class View {
  /** The methods that a view can answer, if it has a function of the name. */
  static httpMethodNames: readonly string[] = [
    'get',
    'post',
    'put',
    'patch',
    'delete',
    'head',
    'options',
    'trace',
  ];

  request!: HttpRequest;
  params!: ViewParams;

  /**
   * The view for a URLconf.
   *
   * @param initkwargs values for fields that the class has.
   * @throws TypeError for a name that is a method's, or that the class has no field of.
   */
  static asView<V extends View>(
    this: (new () => V) & Pick<typeof View, 'httpMethodNames'>,
    initkwargs: Partial<V> = {},
  ): ViewFunction {
    const known = new this();
    for (const key of Object.keys(initkwargs)) {
      if (this.httpMethodNames.includes(key)) {
        throw new TypeError(
          `The method name ${key} is not accepted as a keyword argument to ${this.name}().`,
        );
      }
      if (!(key in known)) {
        throw new TypeError(
          `${this.name}() received an invalid keyword '${key}'. asView only accepts arguments that are already ` +
            'attributes of the class.',
        );
      }
    }
    const view = (request: HttpRequest, params: object): MaybePromise<HttpResponseBase> => {
      const instance: View = Object.assign(new this(), initkwargs);
      instance.setup(request, params as ViewParams);
      if (instance.request === undefined) {
        throw new AttributeError(
          `${this.name} instance has no 'request' attribute. Did you override setup() and forget to call super()?`,
        );
      }
      return instance.dispatch(request, instance.params);
    };
    // Marks of decorators on dispatch (csrfExempt, …) are the view's.
    Object.assign(view, known.dispatch);
    Object.defineProperty(view, 'name', { value: this.name, configurable: true });
    return Object.assign(view, { viewClass: this as unknown as typeof View, viewInitkwargs: initkwargs });
  }

  /** Keeps the request, before anything else. */
  setup(request: HttpRequest, params: ViewParams): void {
    this.request = request;
    this.params = params;
  }

  /** Calls the function of the request's method. */
  dispatch(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
    const handler = handlerOf(this, request.method.toLowerCase());
    return handler ? handler.call(this, request, params) : this.httpMethodNotAllowed(request, params);
  }

  /** 405 with the methods that there are. */
  httpMethodNotAllowed(request: HttpRequest, _params: ViewParams): MaybePromise<HttpResponseBase> {
    const response = new HttpResponseNotAllowed(this.allowedMethods());
    logResponse('Method Not Allowed (%s): %s', [request.method, request.path], { response, request });
    return response;
  }

  /** Answers OPTIONS with the methods that there are. */
  options(_request: HttpRequest, _params: ViewParams): MaybePromise<HttpResponseBase> {
    const response = new HttpResponse('');
    response.headers.set('Allow', this.allowedMethods().join(', '));
    response.headers.set('Content-Length', '0');
    return response;
  }

  /** The methods that the view answers, in capitals. */
  allowedMethods(): string[] {
    const { httpMethodNames } = this.constructor as typeof View;
    return httpMethodNames
      .filter((name) => handlerOf(this, name) !== undefined)
      .map((name) => name.toUpperCase());
  }
}

/** The method of a view that answers requests of an HTTP method. */
function handlerOf(view: View, name: string): Handler | undefined {
  const { httpMethodNames } = view.constructor as typeof View;
  if (!httpMethodNames.includes(name)) return undefined;
  const methods = view as unknown as Record<string, unknown>;
  // A HEAD is a GET whose content the server leaves out.
  const method = methods[name] ?? (name === 'head' ? methods['get'] : undefined);
  return typeof method === 'function' ? (method as Handler) : undefined;
}

/** A class that a mixin adds to. */
// biome-ignore lint/suspicious/noExplicitAny: TypeScript wants exactly this of a mixin's base.
export type Constructor<T> = new (...args: any[]) => T;

/** Gives a class-based view a template context: `getContextData()`. */
export function ContextMixin<Base extends Constructor<object>>(base: Base) {
  return class extends base {
    /** Values for the template besides those of the URL. */
    extraContext: Readonly<Record<string, unknown>> | null = null;

    /** The context: what is given, `view`, and `extraContext` over both. */
    getContextData(values: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
      return { view: this, ...values, ...this.extraContext };
    }
  };
}

/** As ContextMixin, for views that have to wait for what their context is made of. */
export function AsyncContextMixin<Base extends Constructor<object>>(base: Base) {
  return class extends base {
    /** Values for the template besides those of the view. */
    extraContext: Readonly<Record<string, unknown>> | null = null;

    /** The context: what is given, `view`, and `extraContext` over both. */
    async getContextData(values: Readonly<Record<string, unknown>> = {}): Promise<Record<string, unknown>> {
      return { view: this, ...values, ...this.extraContext };
    }
  };
}

/** Gives a class-based view a template to answer with. */
export function TemplateResponseMixin<Base extends Constructor<View>>(base: Base) {
  return class extends base {
    templateName: string | null = null;
    templateEngine: string | null = null;
    contentType: string | null = null;

    /** The names of the template, best first. @throws ImproperlyConfigured if the class names none. */
    getTemplateNames(): string[] {
      if (this.templateName === null) {
        throw new ImproperlyConfigured(
          `${this.constructor.name} requires either a definition of 'templateName' or an implementation of ` +
            "'getTemplateNames()'",
        );
      }
      return [this.templateName];
    }

    /** The response of a context: a TemplateResponse, which middleware may still change. */
    renderToResponse(
      context: Record<string, unknown>,
      options: { status?: number } = {},
    ): MaybePromise<HttpResponseBase> {
      const { TemplateResponse } =
        require('../../template/response') as typeof import('../../template/response');
      return new TemplateResponse(this.request, this.getTemplateNames(), context, {
        contentType: this.contentType,
        using: this.templateEngine,
        ...options,
      });
    }
  };
}

/** A page that is a template, with the URL's values as its context. */
export class TemplateView extends TemplateResponseMixin(ContextMixin(View)) {
  get(_request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
    return this.renderToResponse(this.getContextData(params));
  }
}

/** The base of views of objects and forms: a template, and a context that may have to wait. */
export class ContextView extends TemplateResponseMixin(AsyncContextMixin(View)) {}

/** Sends elsewhere: to `url`, in which `%(name)s` is the URL's value, or to the pattern `patternName`. */
export class RedirectView extends View {
  permanent = false;
  url: string | null = null;
  patternName: string | null = null;
  /** Whether the query string goes along. */
  queryString = false;

  /** Where to; `undefined` for a page that is gone. */
  getRedirectUrl(params: ViewParams): string | undefined {
    let url: string;
    if (this.url) {
      url = this.url.replace(/%(?:%|\((\w+)\)s)/g, (_, name?: string) =>
        name === undefined ? '%' : String(params[name] ?? ''),
      );
    } else if (this.patternName) {
      url = reverse(this.patternName, { kwargs: params });
    } else {
      return undefined;
    }
    const query = this.request.queryString;
    return query && this.queryString ? `${url}?${query}` : url;
  }

  get(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
    const url = this.getRedirectUrl(params);
    if (url) return this.permanent ? new HttpResponsePermanentRedirect(url) : new HttpResponseRedirect(url);
    const response = new HttpResponseGone();
    logResponse('Gone: %s', [request.path], { response, request, logger: getLogger('tsango.request') });
    return response;
  }

  head(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
    return this.get(request, params);
  }
  post(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
    return this.get(request, params);
  }
  override options(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
    return this.get(request, params);
  }
  delete(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
    return this.get(request, params);
  }
  put(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
    return this.get(request, params);
  }
  patch(request: HttpRequest, params: ViewParams): MaybePromise<HttpResponseBase> {
    return this.get(request, params);
  }
}
