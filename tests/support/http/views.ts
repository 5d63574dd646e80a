/** Views and URLconfs of a recorded site, made of what is known of them. */
import * as exceptions from 'tsango/core/exceptions';
import type { HttpRequest } from 'tsango/http';
import * as http from 'tsango/http';
import { render } from 'tsango/shortcuts';
import { include, path, rePath } from 'tsango/urls';
import { neverCache } from 'tsango/views/decorators';
import * as generic from 'tsango/views/generic';
import { decode } from '../vector_values';
import { camelCase, type Json, lastName, NotThere, type UrlNode } from './facts';
import type { SiteModels } from './models';

type AnyView = (request: HttpRequest, params: object) => unknown;
type ViewClass = (new () => generic.View) & typeof generic.View;

/** What a view is given by the name of an attribute. */
type Values = (json: unknown) => unknown;

/** Reads the attributes of views. @throws NotThere */
export function valuesOf(models: SiteModels): Values {
  const value: Values = (json) => {
    if (Array.isArray(json)) return json.map(value);
    if (json === null || typeof json !== 'object') return json;
    const given = json as Json;
    if ('$model' in given) return models.get(String(given['$model']));
    if ('$queryset' in given) {
      const { model, order_by: order = [] } = given['$queryset'] as { model: string; order_by?: string[] };
      const rows = models.get(model)._defaultManager.all();
      return order.length === 0 ? rows : rows.orderBy(...(order as never[]));
    }
    if ('$tuple' in given) return value(given['$tuple']);
    const [kind = ''] = Object.keys(given);
    if (!kind.startsWith('$')) {
      return Object.fromEntries(Object.entries(given).map(([name, each]) => [name, value(each)]));
    }
    if (['$class', '$callable', '$form', '$new', '$regex'].includes(kind)) throw new NotThere(kind);
    return decode(given);
  };
  return value;
}

/** Classes of Django that views are made of, by their last names. */
const CLASSES = generic as unknown as Readonly<Record<string, ViewClass | undefined>>;

function classView(json: Json, values: Values): AnyView {
  const mro = (json['mro'] as string[] | undefined) ?? [String(json['class'])];
  const base = mro.find((name) => name.startsWith('django.'));
  const Base = base?.startsWith('django.views.generic') ? CLASSES[lastName(base)] : undefined;
  if (Base === undefined) throw new NotThere(`the view ${base}`);
  const custom = (json['custom'] as string[] | undefined) ?? [];
  const given = { ...(json['attrs'] as Json | undefined), ...(json['initkwargs'] as Json | undefined) };
  const attributes = Object.entries(given).flatMap(([name, each]): [string, unknown][] => {
    if (custom.includes(name)) return [];
    return [[camelCase(name), values(each)]];
  });
  class Recorded extends Base {}
  Object.defineProperty(Recorded, 'name', { value: lastName(String(json['class'])) });
  return (request, params) => {
    const view = new Recorded();
    Object.assign(view, Object.fromEntries(attributes));
    view.setup(request, params as generic.ViewParams);
    return view.dispatch(request, params as generic.ViewParams);
  };
}

function simpleView(simple: Json): AnyView {
  const args = ((simple['args'] as unknown[] | undefined) ?? []).map((each) => decode(each as Json));
  if ('render' in simple) {
    const [template, context = {}] = simple['render'] as [string, Json?];
    return (request) => render(request, template, context);
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
  const options = Object.fromEntries(
    Object.entries((simple['kwargs'] as Json | undefined) ?? {}).map(([name, each]) => [
      camelCase(name),
      each,
    ]),
  );
  return () => new Response(...args, options);
}

const DECORATORS: Readonly<Record<string, (args: Json) => (view: never) => unknown>> = {
  'django.contrib.auth.decorators.user_passes_test': (args) => {
    const { loginRequired } =
      require('tsango/contrib/auth/decorators') as typeof import('tsango/contrib/auth/decorators');
    const test = JSON.stringify(args['test_func'] ?? null);
    if (!test.includes('login_required')) throw new NotThere('a test of users');
    return (view) => loginRequired(view);
  },
  'django.views.decorators.cache.never_cache': () => (view) => neverCache(view),
};

function decorated(view: AnyView, decorators: readonly Json[]): AnyView {
  return decorators.reduceRight<AnyView>((inner, { name, args }) => {
    const make = DECORATORS[String(name)];
    if (make === undefined) throw new NotThere(`the decorator ${String(name)}`);
    return make((args ?? {}) as Json)(inner as never) as AnyView;
  }, view);
}

function viewOf(json: Json, values: Values): AnyView {
  try {
    let view: AnyView;
    if ('class' in json) view = classView(json, values);
    else if ('simple' in json) view = simpleView(json['simple'] as Json);
    else throw new NotThere(`the view ${String(json['function'])}`);
    return decorated(view, (json['decorators'] as Json[] | undefined) ?? []);
  } catch (error) {
    if (!(error instanceof NotThere)) throw error;
    // Who visits it hears of it.
    return () => {
      throw error;
    };
  }
}

/** The patterns of a URLconf. */
export function patternsOf(nodes: readonly UrlNode[], values: Values): unknown[] {
  return nodes.flatMap((node): unknown[] => {
    const route = node.route ?? node.regex ?? '';
    const make = node.regex === undefined ? path : rePath;
    const name = node.name ?? undefined;
    if (node.admin_site !== undefined || node.i18n_patterns !== undefined || node.translated === true)
      return [];
    if (node.children !== undefined) {
      const inside = patternsOf(node.children, values) as never[];
      const included = node.namespace
        ? include([inside, node.app_name ?? node.namespace], node.namespace)
        : include(inside);
      return [make(route, included as never)];
    }
    const view = viewOf(node.view ?? {}, values) as never;
    const kwargs = node.defaults === undefined ? undefined : (values(node.defaults) as Json);
    return [make(route, view, { ...(kwargs && { kwargs }), ...(name && { name }) } as never)];
  });
}
