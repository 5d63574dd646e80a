/** The helpers that views use most. Django: `django.shortcuts`; https://docs.djangoproject.com/en/5.2/topics/http/shortcuts/ */
import { Http404, ObjectDoesNotExist } from './core/exceptions';
import type { Model } from './db/models/base';
import type { Manager } from './db/models/manager';
import type { Condition, Filter, QuerySet } from './db/models/query';
import type { HttpRequest } from './http/request';
import {
  HttpResponse,
  HttpResponsePermanentRedirect,
  HttpResponseRedirect,
  type ResponseOptions,
} from './http/response';
import type { ContextValues } from './template/context';
import { NoReverseMatch, type ReverseOptions, reverse } from './urls';

/** Options of `render()`: those of a response, and which engine to use. */
export interface RenderOptions extends ResponseOptions {
  /** The alias of an engine in TEMPLATES. */
  using?: string | null;
}

/**
 * A response with a rendered template. Where the context has something to wait for, the response's content is
 * promised, and the handler waits for it.
 *
 * @param templateName one name, or several of which the first that exists is taken.
 * @throws TemplateDoesNotExist
 */
export function render(
  request: HttpRequest,
  templateName: string | readonly string[],
  context: ContextValues | null = null,
  options: RenderOptions = {},
): HttpResponse {
  const { renderToString } = require('./template/loader') as typeof import('./template/loader');
  const { using, ...rest } = options;
  return new HttpResponse(renderToString(templateName, context, request, using), rest);
}

/** Something that leads somewhere: a URL, a pattern's name, a view, or an object that knows its own URL. */
export type RedirectTarget =
  | string
  | { getAbsoluteUrl(): string }
  | { toString(): string }
  // biome-ignore lint/complexity/noBannedTypes: a view of any params.
  | Function;

/**
 * The URL of a target: what its `getAbsoluteUrl()` says, what it reverses to, or itself.
 *
 * @param options what `reverse()` takes.
 * @throws NoReverseMatch for a view that has no pattern, or a name that cannot be a URL either.
 */
export function resolveUrl(to: RedirectTarget, options: ReverseOptions = {}): string {
  if (typeof to === 'object' && 'getAbsoluteUrl' in to) return to.getAbsoluteUrl();
  if (typeof to === 'function') return reverse(to as Parameters<typeof reverse>[0], options);
  const text = String(to);
  // Relative URLs are URLs; '..' would not survive the test for a dot below.
  if (text.startsWith('./') || text.startsWith('../')) return text;
  try {
    return reverse(text, options);
  } catch (error) {
    if (!(error instanceof NoReverseMatch) || (!text.includes('/') && !text.includes('.'))) throw error;
    return text;
  }
}

/** What `redirect()` takes besides the target: arguments for `reverse()`, and the kind of redirect. */
export interface RedirectOptions extends ReverseOptions {
  /** 301 instead of 302. */
  permanent?: boolean;
  /** The browser repeats method and body: 307, or 308 with `permanent`. */
  preserveRequest?: boolean;
}

/**
 * A redirect to a view, an object or a URL.
 *
 * A URL that a user sent must be looked at first: `urlHasAllowedHostAndScheme()` of `tsango/utils/http`.
 */
export function redirect(to: RedirectTarget, options: RedirectOptions = {}): HttpResponse {
  const { permanent, preserveRequest, ...rest } = options;
  const Response = permanent ? HttpResponsePermanentRedirect : HttpResponseRedirect;
  return new Response(resolveUrl(to, rest), { preserveRequest: preserveRequest === true });
}

/** A model, one of its managers, or a narrower query. */
export type Queryable<T extends Model> =
  | QuerySet<T>
  | Manager<T>
  | { readonly _defaultManager: unknown; readonly prototype: T };

function querysetOf<T extends Model>(source: Queryable<T>): QuerySet<T> {
  if ('_defaultManager' in source) return (source._defaultManager as Manager<T>).all();
  return 'getQueryset' in source ? source.all() : source;
}

/**
 * The one row for which the filter holds.
 *
 * @example `const article = await getObjectOr404(Article, { pk: params.id });`
 * @throws Http404 if there is none; the model's MultipleObjectsReturned if there are several.
 */
export async function getObjectOr404<T extends Model>(
  source: Queryable<T>,
  ...filter: (Filter<T> | Condition)[]
): Promise<T> {
  const queryset = querysetOf(source);
  try {
    return await queryset.get(...(filter as Condition[]));
  } catch (error) {
    if (!(error instanceof ObjectDoesNotExist)) throw error;
    throw new Http404(`No ${queryset.model.name} matches the given query.`, { cause: error });
  }
}

/**
 * The rows for which the filter holds.
 *
 * @throws Http404 if there are none.
 */
export async function getListOr404<T extends Model>(
  source: Queryable<T>,
  ...filter: (Filter<T> | Condition)[]
): Promise<T[]> {
  const queryset = querysetOf(source);
  const rows = await queryset.filter(...(filter as Condition[]));
  if (rows.length === 0) throw new Http404(`No ${queryset.model.name} matches the given query.`);
  return rows;
}
