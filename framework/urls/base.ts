/** `resolve()`, `reverse()` and what they depend on. Django: `django.urls.base`. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { isConfigured, settings } from '../conf';
import { clearScriptPrefix, scriptPrefix } from '../conf/script_prefix';
import { settingChanged } from '../core/signals';
import { NoReverseMatch, Resolver404 } from './exceptions';
import type { AnyView, Params, View } from './params';
import { RootPattern } from './patterns';
import { type ResolverMatch, URLResolver, type Urlconf } from './resolvers';
import { type NamespaceEntry, reverseRoutes, Unmatched } from './reverse_table';

export { clearScriptPrefix, setScriptPrefix } from '../conf/script_prefix';

let byName = new Map<string, URLResolver>();
let byObject = new WeakMap<object, URLResolver>();

/** The resolver of a URLconf; of ROOT_URLCONF if none is given. One a URLconf. */
export function getResolver(urlconf?: Urlconf | null): URLResolver {
  const wanted = urlconf ?? (settings.ROOT_URLCONF as Urlconf);
  const known = typeof wanted === 'string' ? byName.get(wanted) : byObject.get(wanted);
  if (known !== undefined) return known;
  const resolver = new URLResolver(new RootPattern(), wanted);
  if (typeof wanted === 'string') byName.set(wanted, resolver);
  else byObject.set(wanted, resolver);
  return resolver;
}

/** Forgets every resolver, so that URLconfs are read anew. */
export function clearUrlCaches(): void {
  byName = new Map();
  byObject = new WeakMap();
}

const requestUrlconf = new AsyncLocalStorage<Urlconf | undefined>();
let usesUrlconf = false;

/**
 * Sets the URLconf for what runs from here on in this request, instead of ROOT_URLCONF; `null` goes back to that.
 * The handler calls it where a middleware has set `request.urlconf`.
 */
export function setUrlconf(urlconf: Urlconf | null): void {
  if (urlconf === null && !usesUrlconf) return;
  usesUrlconf = true;
  requestUrlconf.enterWith(urlconf ?? undefined);
}

/** The URLconf that `setUrlconf` set here. */
export function getUrlconf(): Urlconf | undefined {
  return usesUrlconf ? requestUrlconf.getStore() : undefined;
}

/** Runs `body` with another URLconf. */
export function overrideUrlconf<T>(urlconf: Urlconf | null, body: () => T): T {
  usesUrlconf = true;
  return requestUrlconf.run(urlconf ?? undefined, body);
}

/** The path that the site is mounted at, with its final slash. */
export function getScriptPrefix(): string {
  return scriptPrefix(isConfigured() ? settings.FORCE_SCRIPT_NAME : null);
}

settingChanged.connect(({ setting }) => {
  if (setting === 'ROOT_URLCONF') clearUrlCaches();
  else if (setting === 'FORCE_SCRIPT_NAME') clearScriptPrefix();
});

/**
 * What a path leads to.
 *
 * @throws Resolver404 (an Http404) if no pattern matches it.
 */
export function resolve(path: string, urlconf?: Urlconf | null): ResolverMatch {
  return getResolver(urlconf ?? getUrlconf()).resolve(path);
}

/** Whether a path leads anywhere; its match, or `false`. */
export function isValidPath(path: string, urlconf?: Urlconf | null): ResolverMatch | false {
  try {
    return resolve(path, urlconf);
  } catch (error) {
    if (error instanceof Resolver404) return false;
    throw error;
  }
}

/** What `reverse()` takes besides the name. */
export interface ReverseOptions {
  urlconf?: Urlconf | null | undefined;
  /** Values in the order of the pattern's parameters; not together with `kwargs`. */
  args?: readonly unknown[] | null | undefined;
  kwargs?: Readonly<Params> | null | undefined;
  /** The instance namespace to prefer, as `request.resolverMatch.namespace`. */
  currentApp?: string | null | undefined;
  /** Appended as a query string: a QueryDict, or names with a value or a list of them. */
  query?: QueryValues | null | undefined;
  /** Appended behind `#`, quoted. */
  fragment?: string | null | undefined;
}

/** What a query string is made of. */
export type QueryValues =
  | { urlencode(): string }
  | Readonly<Record<string, unknown>>
  | Iterable<readonly [string, unknown]>;

/**
 * The URL of a view: of the pattern of that name (`'namespace:name'`), or of the view itself.
 *
 * @throws NoReverseMatch if there is no such pattern, or none that takes the arguments.
 */
export function reverse<P>(viewname: string | View<P>, options: ReverseOptions = {}): string {
  const found = tryReverse(viewname, options);
  if (found instanceof Unmatched) throw new NoReverseMatch(found.explain());
  return found;
}

/** @internal As `reverse()`, for who goes on without a URL: an error has a stack, which costs more than all the rest. */
export function tryReverse<P>(viewname: string | View<P>, options: ReverseOptions = {}): string | Unmatched {
  const { args, kwargs, query, fragment } = options;
  const root = getResolver(options.urlconf ?? getUrlconf());
  const table = root.reverseTable;
  const prefix = getScriptPrefix();
  let url: string | Unmatched;
  if (typeof viewname !== 'string' || !viewname.includes(':')) {
    const lookup = viewname as string | AnyView;
    url = reverseRoutes(lookup, table.routesOf(lookup), prefix, args ?? [], kwargs ?? {});
  } else {
    const found = table.namespaced(viewname, options.currentApp ?? '', () => {
      const path = viewname.split(':');
      const name = path.pop() ?? '';
      const entered = enterNamespaces(root, path, options.currentApp);
      if (entered instanceof Unmatched) return entered;
      return { name, routes: table.routesInNamespace(entered.resolved.join(':'), entered.way, name) };
    });
    if (found instanceof Unmatched) return found;
    url = reverseRoutes(found.name, found.routes, prefix, args ?? [], kwargs ?? {});
  }
  if (url instanceof Unmatched) return url;
  if (query !== undefined && query !== null) {
    const text = queryString(query);
    if (text !== '') url += `?${text}`;
  }
  if (fragment !== undefined && fragment !== null) url += `#${quoteFragment(fragment)}`;
  return url;
}

/** Walks through the namespaces of a name; an application's name stands for one of its instances. */
function enterNamespaces(
  root: URLResolver,
  path: readonly string[],
  currentApp: string | null | undefined,
): { way: NamespaceEntry[]; resolved: string[] } | Unmatched {
  let current: string[] | undefined = currentApp ? currentApp.split(':') : undefined;
  let resolver = root;
  const way: NamespaceEntry[] = [];
  const resolved: string[] = [];
  for (const wanted of path) {
    const preferred = current?.shift();
    const { apps, namespaces } = resolver.reverseTable;
    const instances = apps.get(wanted);
    let namespace = wanted;
    if (instances !== undefined) {
      if (preferred !== undefined && instances.includes(preferred)) namespace = preferred;
      else if (!instances.includes(wanted)) namespace = instances[0] ?? wanted;
    }
    if (namespace !== preferred) current = undefined;
    const entry = namespaces.get(namespace);
    if (entry === undefined) {
      const where = resolved.length > 0 ? ` inside '${resolved.join(':')}'` : '';
      return new Unmatched(() => `'${namespace}' is not a registered namespace${where}`);
    }
    way.push(entry);
    resolved.push(namespace);
    resolver = entry.resolver;
  }
  return { way, resolved };
}

function queryString(query: QueryValues): string {
  const { urlencode } = require('../utils/http') as typeof import('../utils/http');
  if (typeof (query as { urlencode?: unknown }).urlencode === 'function') {
    return (query as { urlencode(): string }).urlencode();
  }
  return urlencode(query as Parameters<typeof urlencode>[0], true);
}

/** Python's `quote()`: everything but letters, digits, `_.-~` and the slash. */
function quoteFragment(text: string): string {
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'))
    .replace(/[!*'()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%2F/g, '/');
}

/** `reverse()` that waits until its text is needed: for values that exist before the URLconf is loaded. */
export function reverseLazy<P>(
  viewname: string | View<P>,
  options: ReverseOptions = {},
): { toString(): string } {
  const later = (): string => reverse(viewname, options);
  return { toString: later, toJSON: later } as { toString(): string };
}
