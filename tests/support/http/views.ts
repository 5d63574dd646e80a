/** Views and URLconfs of a recorded site, made of what is known of them. */

import type { AdminSite } from 'tsango/contrib/admin/sites';
import { type LoginOptions, loginRequired, permissionRequired } from 'tsango/contrib/auth/decorators';
import { GenericSitemap } from 'tsango/contrib/sitemaps';
import type { Feed } from 'tsango/contrib/syndication';
import * as exceptions from 'tsango/core/exceptions';
import type { HttpRequest } from 'tsango/http';
import * as http from 'tsango/http';
import { render } from 'tsango/shortcuts';
import { include, path, rePath } from 'tsango/urls';
import { camelCase, importString } from 'tsango/utils/module_loading';
import { cachePage, csrfExempt, csrfProtect, neverCache, requiresCsrfToken } from 'tsango/views/decorators';
import * as generic from 'tsango/views/generic';
import { decode } from '../vector_values';
import { type Json, lastName, NotThere, type UrlNode } from './facts';
import { formClass } from './forms';
import type { SiteModels } from './models';
import { ported } from './ports';

type AnyView = (request: HttpRequest, params: object) => unknown;
type Mixin = (base: ViewClass) => ViewClass;
type ViewClass = (new () => generic.View) & typeof generic.View;

/** What a view is given by the name of an attribute. */
type Values = (json: unknown) => unknown;

/** Reads the attributes of views. @throws NotThere */
export function valuesOf(models: SiteModels, place: (text: string) => string): Values {
  const value: Values = (json) => {
    if (Array.isArray(json)) return json.map(value);
    if (typeof json === 'string') return place(json);
    if (json === null || typeof json !== 'object') return json;
    const given = json as Json;
    if ('$model' in given) return models.get(String(given['$model']));
    if ('$queryset' in given) {
      const { model, order_by: order = [] } = given['$queryset'] as { model: string; order_by?: string[] };
      const rows = models.get(model)._defaultManager.all();
      return order.length === 0 ? rows : rows.orderBy(...(order as never[]));
    }
    if ('$tuple' in given) return value(given['$tuple']);
    if ('$class' in given) return ported(String(given['$class'])) ?? djangos(String(given['$class']));
    if ('$form' in given) return formClass(given['$form'] as Json, models);
    const [kind = ''] = Object.keys(given);
    if (!kind.startsWith('$')) {
      return Object.fromEntries(Object.entries(given).map(([name, each]) => [name, value(each)]));
    }
    if (['$callable', '$new', '$regex', '$not_described'].includes(kind)) throw new NotThere(kind);
    return decode(given);
  };
  return value;
}

/** What Django has under a dotted name. @throws NotThere */
function djangos(dotted: string): unknown {
  try {
    return importString(dotted);
  } catch (error) {
    if (!(error instanceof exceptions.ImproperlyConfigured)) throw error;
    const found = dotted.startsWith('django.views.generic.') ? CLASSES[lastName(dotted)] : undefined;
    if (found === undefined) throw new NotThere(`not here: ${dotted}`);
    return found;
  }
}

const CLASSES = generic as unknown as Readonly<Record<string, unknown>>;

/** Whether a form class is told as a whole: what Django adds to it is no part of it. */
function isPlainForm(json: unknown): boolean {
  const { custom = [] } = ((json as Json | null)?.['$form'] ?? { custom: ['no form'] }) as {
    custom?: string[];
  };
  return custom.every((name) => name === 'media');
}

function classView(json: Json, values: Values): AnyView {
  const mro = (json['mro'] as string[] | undefined) ?? [String(json['class'])];
  const djangoBases = mro.filter((name) => name.startsWith('django.'));
  const base = djangoBases.find((name) => !name.endsWith('Mixin'));
  if (base === undefined) throw new NotThere(`the view ${mro.join()}`);
  // A mixin is a function here: those that stand before the first class are called with it.
  const Base = djangoBases
    .slice(0, djangoBases.indexOf(base))
    .reduceRight((cls, name) => (djangos(name) as Mixin)(cls), djangos(base) as ViewClass);
  const custom = (json['custom'] as string[] | undefined) ?? [];
  const given = { ...(json['attrs'] as Json | undefined), ...(json['initkwargs'] as Json | undefined) };
  const attributes = Object.fromEntries(
    Object.entries(given)
      .filter(([name, each]) => !custom.includes(name) || isPlainForm(each))
      .map(([name, each]) => [camelCase(name), values(each)]),
  );
  class Recorded extends Base {
    constructor() {
      super();
      Object.assign(this, attributes);
    }
  }
  Object.defineProperty(Recorded, 'name', { value: lastName(String(json['class'])) });
  const own = ported(String(json['class'])) as Mixin | undefined;
  return (own?.(Recorded) ?? Recorded).asView();
}

function simpleView(simple: Json): AnyView {
  const args = ((simple['args'] as unknown[] | undefined) ?? []).map((each) => decode(each as Json));
  const options = Object.fromEntries(
    Object.entries((simple['kwargs'] as Json | undefined) ?? {}).map(([name, each]) => [
      camelCase(name),
      each,
    ]),
  );
  if ('render' in simple) {
    const [template, context = {}] = simple['render'] as [string, Json?];
    return (request) => render(request, template, context, options);
  }
  if ('raise' in simple) {
    const Failure = (exceptions as unknown as Readonly<Record<string, new (...all: unknown[]) => Error>>)[
      String(simple['raise'])
    ];
    if (Failure === undefined) throw new NotThere(`the exception ${String(simple['raise'])}`);
    return () => {
      throw new Failure(...args);
    };
  }
  const Response = (
    http as unknown as Readonly<Record<string, new (...all: unknown[]) => http.HttpResponse>>
  )[String(simple['response'])];
  if (Response === undefined) throw new NotThere(`the response ${String(simple['response'])}`);
  const [content = '', ...others] = args;
  return () => new Response(content, ...others, options);
}

type Decorate = (view: never) => unknown;

/** A test of users: what its name says of where it comes from. */
function userTest(args: Json): Decorate {
  const { $callable: name = '', perms, raise_exception: raiseException } = args['test_func'] as Json;
  const options: LoginOptions = {
    loginUrl: args['login_url'] as string | null,
    redirectFieldName: String(args['redirect_field_name']),
  };
  if (String(name).startsWith('login_required.')) return loginRequired(options);
  if (!String(name).startsWith('permission_required.')) throw new NotThere('a test of users');
  const all = decode(perms as Json) as string[];
  return permissionRequired([...all], { ...options, raiseException: raiseException === true });
}

/** Decorators that are middleware for one view. */
function middlewareOf({ middleware, middleware_attrs: attrs }: Json): Decorate {
  const { page_timeout: timeout, key_prefix: keyPrefix, cache_alias: cache } = attrs as Json;
  switch (lastName(String(middleware))) {
    case 'CacheMiddleware':
      return cachePage(Number(decode(timeout as Json)), { keyPrefix, cache } as never);
    case 'CsrfViewMiddleware':
      return csrfProtect;
    case '_EnsureCsrfToken':
      return requiresCsrfToken;
    default:
      throw new NotThere(`the decorator ${String(middleware)}`);
  }
}

const DECORATORS: Readonly<Record<string, (args: Json) => Decorate>> = {
  'django.contrib.auth.decorators.user_passes_test': userTest,
  'django.views.decorators.cache.never_cache': () => neverCache,
  'django.views.decorators.csrf.csrf_exempt': () => csrfExempt,
  'django.utils.decorators.make_middleware_decorator': middlewareOf,
  // The views have them by themselves.
  'django.views.decorators.http.condition': () => (view) => view,
  'django.contrib.sitemaps.views.x_robots_tag': () => (view) => view,
};

function decorated(view: AnyView, decorators: readonly Json[]): AnyView {
  return decorators.reduceRight<AnyView>((inner, { name, args }) => {
    const make = DECORATORS[String(name)];
    if (make === undefined) throw new NotThere(`the decorator ${String(name)}`);
    return make((args ?? {}) as Json)(inner as never) as AnyView;
  }, view);
}

/** What functions of Django's call the unnamed groups of a URL. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  'django.contrib.contenttypes.views.shortcut': ['content_type_id', 'object_id'],
};

/**
 * A function of Django's, or one that was written for the site; what `functools.partial` gives it is the view's already, or a
 * parameter.
 */
function functionView(json: Json, values: Values): AnyView {
  const name = String(json['function']);
  const view = (ported(name) ?? djangos(name)) as AnyView;
  const bound = Object.entries((json['partial'] ?? {}) as Json).filter(([, each]) => each !== null);
  const more = Object.fromEntries(bound.map(([key, each]) => [camelCase(key), values(each)]));
  const named = PARAMETERS[name] ?? [];
  if (bound.length + named.length === 0) return view;
  return (request, params) => {
    const given = Object.entries(params).map(([key, each]) => [named[Number(key)] ?? key, each]);
    return view(request, { ...Object.fromEntries(given), ...more });
  };
}

/** A feed: its methods are ported, its attributes recorded. */
function feedView(json: Json, values: Values): AnyView {
  const Ported = ported(String(json['instance_of'])) as typeof Feed | undefined;
  if (Ported === undefined) throw new NotThere(`the feed ${String(json['instance_of'])}`);
  const custom = (json['custom'] as string[] | undefined) ?? [];
  const attributes = Object.entries((json['attrs'] ?? {}) as Json).filter(([name]) => !custom.includes(name));
  class Recorded extends Ported {
    constructor() {
      super();
      for (const [name, each] of attributes) Object.assign(this, { [camelCase(name)]: values(each) });
    }
  }
  return Recorded.asView() as AnyView;
}

function viewOf(json: Json, values: Values): AnyView {
  let view: AnyView;
  if ('instance_of' in json) view = feedView(json, values);
  else if ('class' in json) view = classView(json, values);
  else if ('simple' in json) view = simpleView(json['simple'] as Json);
  else view = functionView(json, values);
  return decorated(view, (json['decorators'] as Json[] | undefined) ?? []);
}

/** What the recording does not hold of views that were given objects, by their routes. */
const UNDESCRIBED: Readonly<Record<string, (values: Values) => object>> = {
  'simple-not-callable/index.xml': () => {
    const Simple = ported('sitemaps_tests.urls.http.SimpleSitemap') as new () => object;
    return { sitemaps: { simple: new Simple() } };
  },
  'generic/sitemap.xml': (values) => genericSitemap(values, {}),
  'generic-lastmod/sitemap.xml': (values) => genericSitemap(values, { dateField: 'lastmod' }),
  'generic-lastmod/index.xml': (values) => genericSitemap(values, { dateField: 'lastmod' }),
};

function genericSitemap(values: Values, info: object): object {
  const queryset = values({ $queryset: { model: 'sitemaps_tests.testmodel', order_by: ['pk'] } });
  return { sitemaps: { generic: new GenericSitemap({ queryset, ...info } as never) } };
}

/** The view of a node with what it is given besides the request: who visits one that cannot be made hears of it. */
function endpointOf(
  { view: json = {}, defaults = {}, route = '' }: UrlNode,
  values: Values,
): [view: AnyView, kwargs: Json] {
  try {
    const isDjangos = String(json['function']).startsWith('django.');
    const undescribed = UNDESCRIBED[route];
    if (undescribed !== undefined) return [viewOf(json, values), undescribed(values) as Json];
    const kwargs = Object.entries(defaults).map(([key, each]) => [
      isDjangos ? camelCase(key) : key,
      values(each),
    ]);
    return [viewOf(json, values), Object.fromEntries(kwargs)];
  } catch (error) {
    if (!(error instanceof NotThere)) throw error;
    const missing = (): never => {
      throw error;
    };
    return [missing, {}];
  }
}

/** The patterns of a URLconf. */
export function patternsOf(
  nodes: readonly UrlNode[],
  values: Values,
  admins: ReadonlyMap<string, AdminSite> = new Map(),
): unknown[] {
  return nodes.flatMap((node): unknown[] => {
    const route = node.route ?? node.regex ?? '';
    const make = node.regex === undefined ? path : rePath;
    const name = node.name ?? undefined;
    if (node.admin_site !== undefined) {
      const site = admins.get(node.admin_site);
      const kwargs = node.defaults && { kwargs: values(node.defaults) as Json };
      return site === undefined
        ? []
        : [
            make(
              route,
              include([site.getUrls(), node.app_name ?? 'admin'], node.namespace ?? site.name) as never,
              kwargs as never,
            ),
          ];
    }
    if (node.i18n_patterns !== undefined || node.translated === true) return [];
    if (node.children !== undefined) {
      const inside = patternsOf(node.children, values, admins) as never[];
      const included = node.namespace
        ? include([inside, node.app_name ?? node.namespace], node.namespace)
        : include(inside);
      return [make(route, included as never)];
    }
    const [view, kwargs] = endpointOf(node, values);
    return [make(route, view as never, { kwargs, ...(name && { name }) } as never)];
  });
}
