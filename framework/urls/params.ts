/** Types of what a route captures: `articles/<int:year>/` gives `{ year: number }`. */
import type { HttpRequest } from '../http/request';
import type { HttpResponseBase } from '../http/response_base';
import type { MaybePromise } from '../utils/maybe_promise';

/** What each converter gives. A site declares its own by augmentation: see `registerConverter`. */
export interface RouteConverters {
  int: number;
  path: string;
  slug: string;
  str: string;
  uuid: string;
}

type Captured<T extends string> = T extends `${infer Name}:${infer Param}`
  ? { [K in Param]: Name extends keyof RouteConverters ? RouteConverters[Name] : unknown }
  : { [K in T]: string };

type Merge<T> = { [K in keyof T]: T[K] };

type Captures<Route extends string> = Route extends `${string}<${infer Param}>${infer Rest}`
  ? Captured<Param> & Captures<Rest>
  : unknown;

/** The params of a route of `path()`. Of a route that is only known at run time: any. */
export type RouteParams<Route extends string> = string extends Route
  ? Record<string, unknown>
  : Merge<Captures<Route>>;

type RegexCaptures<Regex extends string> = Regex extends `${string}(?P<${infer Param}>${infer Rest}`
  ? { [K in Param]: string } & RegexCaptures<Rest>
  : unknown;

/** The params of a pattern of `rePath()`: text, by the names of its groups. */
export type RegexParams<Regex extends string | RegExp> = Regex extends string
  ? string extends Regex
    ? Record<string, string>
    : Merge<RegexCaptures<Regex>>
  : Record<string, string>;

/** A view: a function of a request and of what its URL captured. */
export type View<Params = Record<string, never>> = (
  request: HttpRequest,
  params: Params,
) => MaybePromise<HttpResponseBase>;

/** A view of any params: what a URLconf holds. Only the resolver, which knows what was captured, calls it. */
export type AnyView = View<never>;

/** Captured and default values by name. Without a prototype: names come from the URLconf, `__proto__` is one. */
export type Params = Record<string, unknown>;
