/** What a URLconf is written with. Django: `django.urls.conf`; https://docs.djangoproject.com/en/5.2/ref/urls/ */
import { ImproperlyConfigured } from '../core/exceptions';
import { importModule } from '../utils/module_loading';
import type { AnyView, Params, RegexParams, RouteParams, View } from './params';
import { type Pattern, RegexPattern, RoutePattern } from './patterns';
import { URLPattern, URLResolver, type Urlconf, type UrlconfModule, type UrlEntry } from './resolvers';

/** What `include()` makes for `path()` and `rePath()`. */
export class Included {
  constructor(
    readonly urlconf: UrlconfModule | readonly UrlEntry[],
    readonly appName: string | undefined,
    readonly namespace: string | undefined,
  ) {}
}

/** What `path()` and `rePath()` take besides the view. */
export interface PathOptions<Kwargs extends object = Params> {
  /** The name that `reverse()` and `{% url %}` know the pattern by. */
  name?: string;
  /** Values that the view gets besides those of the path. */
  kwargs?: Kwargs;
}

function loadUrlconf(urlconf: Urlconf): UrlconfModule | readonly UrlEntry[] {
  return typeof urlconf === 'string' ? (importModule(urlconf) as unknown as UrlconfModule) : urlconf;
}

/**
 * The patterns of another URLconf, for a place below a route.
 *
 * @param urlconf a dotted name, a module, a list of patterns, or a list of patterns and an application name.
 * @param namespace the instance namespace, where the application is there more than once.
 * @throws ImproperlyConfigured for a namespace without an application name.
 */
export function include(
  urlconf: Urlconf | readonly [patterns: Urlconf, appName: string],
  namespace?: string,
): Included {
  const pair = Array.isArray(urlconf) && urlconf.length === 2 && typeof urlconf[1] === 'string';
  if (
    Array.isArray(urlconf) &&
    !pair &&
    urlconf.some((entry) => typeof entry === 'string' || Array.isArray(entry))
  ) {
    throw new ImproperlyConfigured(
      `Passing a ${urlconf.length}-tuple to include() is not supported. Pass a 2-tuple containing the list of ` +
        'patterns and app_name, and provide the namespace argument to include() instead.',
    );
  }
  const module = loadUrlconf((pair ? (urlconf as readonly unknown[])[0] : urlconf) as Urlconf);
  const own = Array.isArray(module) ? undefined : (module as UrlconfModule);
  const appName = own?.appName ?? own?.app_name ?? (pair ? (urlconf[1] as string) : undefined);
  if (namespace && !appName) {
    throw new ImproperlyConfigured(
      'Specifying a namespace in include() without providing an app_name is not supported. Set the app_name ' +
        'attribute in the included module, or pass a 2-tuple containing the list of patterns and app_name instead.',
    );
  }
  return new Included(module, appName, namespace || appName);
}

function entry(
  caller: string,
  makePattern: (name: string | undefined, isEndpoint: boolean) => Pattern,
  view: unknown,
  options: PathOptions<object>,
): UrlEntry {
  for (const key of Object.keys(options)) {
    if (key !== 'name' && key !== 'kwargs') {
      throw new ImproperlyConfigured(
        `${caller}() takes the options 'name' and 'kwargs', not '${key}'. Values for the view go into kwargs.`,
      );
    }
  }
  const { name, kwargs } = options as PathOptions;
  if (kwargs !== undefined && (kwargs === null || typeof kwargs !== 'object' || Array.isArray(kwargs))) {
    throw new TypeError(
      `kwargs argument must be an object, but got ${kwargs === null ? 'null' : typeof kwargs}.`,
    );
  }
  if (view instanceof Included) {
    return new URLResolver(makePattern(undefined, false), view.urlconf, kwargs, view.appName, view.namespace);
  }
  if (typeof view === 'function') {
    if ('asView' in view) {
      throw new TypeError(`view must be a callable, pass ${view.name}.asView(), not ${view.name}.`);
    }
    return new URLPattern(makePattern(name, true), view as AnyView, kwargs);
  }
  if (view !== null && typeof view === 'object' && 'asView' in view.constructor) {
    const { name: cls } = view.constructor;
    throw new TypeError(`view must be a callable, pass ${cls}.asView(), not ${cls}().`);
  }
  throw new TypeError('view must be a callable or a list/tuple in the case of include().');
}

/**
 * A route, and the view (or the included URLconf) that it leads to.
 *
 * @example
 * ```ts
 * path('articles/<int:year>/', (request, { year }) => new HttpResponse(`${year + 1}`), { name: 'articles' })
 * ```
 * @throws ImproperlyConfigured for a route that has a mistake, TypeError for a view that is none.
 */
export function path<const Route extends string, Kwargs extends object = Record<never, never>>(
  route: Route,
  view: View<RouteParams<Route> & NoInfer<Kwargs>>,
  options?: PathOptions<Kwargs>,
): URLPattern;
export function path(route: string, included: Included, options?: PathOptions): URLResolver;
export function path(route: string, view: unknown, options: PathOptions<object> = {}): UrlEntry {
  return entry('path', (name, isEndpoint) => new RoutePattern(route, name, isEndpoint), view, options);
}

/**
 * A regular expression, and the view (or the included URLconf) that it leads to. A string is read as Python does,
 * a RegExp as JavaScript does. Groups without names reach the view as `params[0]`, `params[1]`, …
 *
 * @throws ImproperlyConfigured for a pattern that has a mistake, TypeError for a view that is none.
 */
export function rePath<const Regex extends string | RegExp, Kwargs extends object = Record<never, never>>(
  regex: Regex,
  view: View<RegexParams<Regex> & NoInfer<Kwargs>>,
  options?: PathOptions<Kwargs>,
): URLPattern;
export function rePath(regex: string | RegExp, included: Included, options?: PathOptions): URLResolver;
export function rePath(regex: string | RegExp, view: unknown, options: PathOptions<object> = {}): UrlEntry {
  return entry('rePath', (name, isEndpoint) => new RegexPattern(regex, name, isEndpoint), view, options);
}

/** `path` and `rePath` for a URLconf that is included below routes with parameters: their views get those, too. */
export interface PathsBelow<Outer> {
  path<const Route extends string, Kwargs extends object = Record<never, never>>(
    route: Route,
    view: View<Outer & RouteParams<Route> & NoInfer<Kwargs>>,
    options?: PathOptions<Kwargs>,
  ): URLPattern;
  rePath<const Regex extends string | RegExp, Kwargs extends object = Record<never, never>>(
    regex: Regex,
    view: View<Outer & RegexParams<Regex> & NoInfer<Kwargs>>,
    options?: PathOptions<Kwargs>,
  ): URLPattern;
}

/**
 * Types the views of an included URLconf: `const { path } = below<'authors/<int:author>/'>();`. Changes nothing at
 * run time.
 */
export function below<Outer extends string>(): PathsBelow<RouteParams<Outer>> {
  return { path, rePath } as unknown as PathsBelow<RouteParams<Outer>>;
}
