/** From names to URLs: what a URLconf offers for `reverse()`. Django: `URLResolver._populate`, `_reverse_with_prefix`. */

import { ValueError } from '../core/exceptions';
import { pyEquals, repr, toStr } from '../python';
import { tuple } from '../python/types';
import { normalize, type Possibility } from '../utils/regex_helper';
import type { Converter } from './converters';
import type { AnyView, Params } from './params';
import type { Pattern } from './patterns';
import { compileTranslated, escapeRegex, translateRegex } from './regex';
import type { URLPattern, URLResolver, UrlEntry } from './resolvers';
import { quotePath } from './utils';

/** A pattern's name, or the view itself. */
export type Lookup = string | AnyView;

type Converters = ReadonlyMap<string, Converter>;

/** One way to a view: the includes' patterns, then its own. */
class Route {
  private forms: readonly Possibility[] | undefined;
  private checks: { prefix: string; regex: RegExp } | undefined;

  constructor(
    readonly patterns: readonly Pattern[],
    readonly defaults: Readonly<Params> | undefined,
    readonly converters: Converters,
  ) {}

  /** The patterns in one, in Python's syntax: what messages show. */
  get text(): string {
    return this.patterns
      .map(({ regexText }) => (regexText.startsWith('^') ? regexText.slice(1) : regexText))
      .join('');
  }

  get possibilities(): readonly Possibility[] {
    this.forms ??= normalize(this.text);
    return this.forms;
  }

  /** Whether a candidate is matched by the pattern that it was made from. */
  accepts(prefix: string, candidate: string): boolean {
    if (this.checks?.prefix !== prefix) {
      let source = `^${translateRegex(escapeRegex(prefix)).source}`;
      let offset = 0;
      let ignoreCase = false;
      for (const pattern of this.patterns) {
        const part = pattern.translated(offset);
        source += part.source.startsWith('^') ? part.source.slice(1) : part.source;
        offset += part.groups.length;
        ignoreCase ||= part.ignoreCase;
      }
      this.checks = { prefix, regex: compileTranslated(this.text, source, ignoreCase) };
    }
    return this.checks.regex.test(candidate);
  }

  /** The same route behind more includes. */
  below(pattern: readonly Pattern[], defaults: Readonly<Params> | undefined, converters: Converters): Route {
    return new Route([...pattern, ...this.patterns], defaults, converters);
  }
}

function isResolver(entry: UrlEntry): entry is URLResolver {
  return 'urlPatterns' in entry;
}

function merge(...maps: readonly Converters[]): Converters {
  const full = maps.filter((map) => map.size > 0);
  return full.length === 1 ? (full[0] as Converters) : new Map(full.flatMap((map) => [...map]));
}

/** A namespace inside a URLconf: the patterns on the way to it, and its resolver. */
export interface NamespaceEntry {
  readonly patterns: readonly Pattern[];
  readonly converters: Converters;
  readonly resolver: URLResolver;
}

/** What a name with namespaces stands for. */
export interface Named {
  /** The name without them. */
  readonly name: string;
  readonly routes: readonly Route[];
}

/** So many are kept: a request may be at any instance of an app. */
const MAX_NAMED = 2000;

/** What one URLconf offers for reversing. */
export class ReverseTable {
  readonly namespaces = new Map<string, NamespaceEntry>();
  /** The instance namespaces of each application, the last of the URLconf first. */
  readonly apps = new Map<string, string[]>();
  private readonly routes = new Map<Lookup, Route[]>();
  private readonly named = new Map<string, Named>();
  private readonly inNamespace = new Map<string, Map<Lookup, Route[]>>();

  constructor(pattern: Pattern, entries: readonly UrlEntry[]) {
    // From the last to the first, as Django does: of several that fit, the last one of the URLconf is taken.
    for (let i = entries.length - 1; i >= 0; i--) {
      const entry = entries[i] as UrlEntry;
      if (isResolver(entry)) this.addResolver(pattern, entry);
      else this.addPattern(entry);
    }
  }

  private add(lookup: Lookup, route: Route): void {
    const routes = this.routes.get(lookup);
    if (routes) routes.push(route);
    else this.routes.set(lookup, [route]);
  }

  private addPattern(entry: URLPattern): void {
    const route = new Route([entry.pattern], entry.defaultArgs, entry.pattern.converters);
    this.add(entry.callback, route);
    if (entry.name !== undefined) this.add(entry.name, route);
  }

  private addApp(app: string, namespaces: readonly string[]): void {
    const known = this.apps.get(app);
    if (known) known.push(...namespaces);
    else this.apps.set(app, [...namespaces]);
  }

  private addResolver(pattern: Pattern, resolver: URLResolver): void {
    const own = resolver.pattern;
    if (resolver.appName) {
      const namespace = resolver.namespace ?? resolver.appName;
      this.addApp(resolver.appName, [namespace]);
      this.namespaces.set(namespace, { patterns: [own], converters: own.converters, resolver });
      return;
    }
    const table = resolver.reverseTable;
    for (const [lookup, routes] of table.routes) {
      for (const route of routes) {
        const defaults = resolver.defaultKwargs
          ? { ...route.defaults, ...resolver.defaultKwargs }
          : route.defaults;
        this.add(
          lookup,
          route.below([own], defaults, merge(pattern.converters, own.converters, route.converters)),
        );
      }
    }
    for (const [namespace, entry] of table.namespaces) {
      this.namespaces.set(namespace, {
        patterns: [own, ...entry.patterns],
        converters: merge(entry.converters, own.converters),
        resolver: entry.resolver,
      });
    }
    for (const [app, namespaces] of table.apps) this.addApp(app, namespaces);
  }

  /** The routes of a lookup. */
  routesOf(lookup: Lookup): readonly Route[] {
    return this.routes.get(lookup) ?? [];
  }

  /** What a name with namespaces stands for, for who is at `currentApp`: looked for once. */
  namespaced(viewname: string, currentApp: string, find: () => Named | Unmatched): Named | Unmatched {
    const key = `${viewname}\0${currentApp}`;
    let named: Named | Unmatched | undefined = this.named.get(key);
    if (named === undefined) {
      named = find();
      // A template may ask for any name: what does not exist is not kept.
      if (!(named instanceof Unmatched) && named.routes.length > 0) {
        if (this.named.size >= MAX_NAMED) this.named.clear();
        this.named.set(key, named);
      }
    }
    return named;
  }

  /** The routes of a lookup in a namespace that was reached through these entries. `key` names the way. */
  routesInNamespace(key: string, way: readonly NamespaceEntry[], lookup: Lookup): readonly Route[] {
    let known = this.inNamespace.get(key);
    if (!known) {
      known = new Map();
      this.inNamespace.set(key, known);
    }
    let routes = known.get(lookup);
    if (!routes) {
      const patterns = way.flatMap((entry) => entry.patterns);
      const converters = merge(...way.map((entry) => entry.converters));
      routes = (way.at(-1)?.resolver.reverseTable.routesOf(lookup) ?? []).map((route) =>
        route.below(patterns, route.defaults, merge(converters, route.converters)),
      );
      // As above.
      if (routes.length > 0) known.set(lookup, routes);
    }
    return routes;
  }
}

/** The values for the parameters of a form; `undefined` if they do not fit it. */
function substitutions(
  { params }: Possibility,
  { defaults }: Route,
  args: readonly unknown[],
  kwargs: Readonly<Params>,
): Map<string, unknown> | undefined {
  if (args.length > 0) {
    if (args.length !== params.length) return undefined;
    return new Map(params.map((name, i) => [name, args[i]]));
  }
  const given = Object.keys(kwargs);
  const known = (name: string): boolean => defaults !== undefined && Object.hasOwn(defaults, name);
  if (!given.every((name) => params.includes(name) || known(name))) return undefined;
  if (!params.every((name) => Object.hasOwn(kwargs, name) || known(name))) return undefined;
  for (const [name, value] of Object.entries(defaults ?? {})) {
    if (params.includes(name) || !Object.hasOwn(kwargs, name)) continue;
    if (!pyEquals(kwargs[name], value)) return undefined;
  }
  return new Map(given.map((name) => [name, kwargs[name]]));
}

/** Values as text; `undefined` if a converter refuses one. */
function texts(
  values: ReadonlyMap<string, unknown>,
  converters: Converters,
): Map<string, string> | undefined {
  const result = new Map<string, string>();
  for (const [name, value] of values) {
    const converter = converters.get(name);
    try {
      result.set(name, toStr(converter ? converter.toUrl(value) : value));
    } catch (error) {
      if (error instanceof ValueError) return undefined;
      throw error;
    }
  }
  return result;
}

function fill(possibility: Possibility, values: ReadonlyMap<string, string>): string | undefined {
  let text = '';
  for (const piece of possibility.pieces) {
    const value = typeof piece === 'string' ? piece : values.get(piece.param);
    if (value === undefined) return undefined;
    text += value;
  }
  return text;
}

/** Why there is no URL: put into words where somebody asks. */
export class Unmatched {
  constructor(readonly explain: () => string) {}
}

/** The URL of a view among these routes; or that none takes the arguments. */
export function reverseRoutes(
  lookup: Lookup,
  routes: readonly Route[],
  prefix: string,
  args: readonly unknown[],
  kwargs: Readonly<Params>,
): string | Unmatched {
  if (args.length > 0 && Object.keys(kwargs).length > 0) {
    throw new ValueError("Don't mix *args and **kwargs in call to reverse()!");
  }
  for (const route of routes) {
    for (const possibility of route.possibilities) {
      const chosen = substitutions(possibility, route, args, kwargs);
      const values = chosen && texts(chosen, route.converters);
      const tail = values && fill(possibility, values);
      if (tail === undefined || !route.accepts(prefix, prefix + tail)) continue;
      const url = quotePath(prefix + tail);
      // A URL that begins with two slashes would lead to another host.
      return url.startsWith('//') ? `/%2F${url.slice(2)}` : url;
    }
  }
  return new Unmatched(() => explain(lookup, routes, args, kwargs));
}

function explain(
  lookup: Lookup,
  routes: readonly Route[],
  args: readonly unknown[],
  kwargs: Readonly<Params>,
): string {
  const name = typeof lookup === 'function' ? lookup.name : String(lookup);
  if (routes.length === 0) {
    return `Reverse for '${name}' not found. '${name}' is not a valid view function or pattern name.`;
  }
  let given = 'no arguments';
  if (args.length > 0) given = `arguments '${repr(tuple([...args]))}'`;
  else if (Object.keys(kwargs).length > 0) given = `keyword arguments '${repr({ ...kwargs })}'`;
  const patterns = repr(routes.map((route) => route.text));
  return `Reverse for '${name}' with ${given} not found. ${routes.length} pattern(s) tried: ${patterns}`;
}
