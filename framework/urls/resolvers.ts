/** From paths to views. Django: `django.urls.resolvers`. */
import { ImproperlyConfigured } from '../core/exceptions';
import { Dict } from '../python/dict';
import { importModule } from '../utils/module_loading';
import type { Tried } from './exceptions';
import { Resolver404 } from './exceptions';
import type { AnyView, Params } from './params';
import { PatternIndex } from './pattern_index';
import type { Pattern, PatternMatch } from './patterns';
import { ReverseTable } from './reverse_table';
import { getCallable, NO_PARAMS } from './utils';

/** A module that is a URLconf. */
export interface UrlconfModule {
  urlpatterns: readonly UrlEntry[];
  /** The application namespace: see `include()`. `app_name` is understood, too. */
  appName?: string;
  app_name?: string;
  handler400?: unknown;
  handler403?: unknown;
  handler404?: unknown;
  handler500?: unknown;
}

/** A URLconf: its dotted name, the module, or the patterns. */
export type Urlconf = string | UrlconfModule | readonly UrlEntry[];

/** What `path()` and `rePath()` make. */
export type UrlEntry = URLPattern | URLResolver;

/** One URL's pattern and its view. */
export class URLPattern implements Tried {
  constructor(
    readonly pattern: Pattern,
    readonly callback: AnyView,
    /** Values that the view gets besides those of the path. */
    readonly defaultArgs: Readonly<Params> | undefined,
  ) {}

  get name(): string | undefined {
    return this.pattern.name;
  }

  describe(): string {
    return this.pattern.describe();
  }

  toString(): string {
    return this.pattern.toString();
  }
}

/** The way from the root to a match: the includes that the path went through. */
interface Step {
  readonly parent: Step | undefined;
  readonly resolver: URLResolver;
  readonly match: PatternMatch;
}

const NONE: readonly string[] = Object.freeze([]);

/** What a path resolved to. https://docs.djangoproject.com/en/5.2/ref/urlresolvers/#resolvermatch */
export class ResolverMatch {
  /** The view. */
  readonly func: AnyView;
  /** Unnamed groups, in order. */
  readonly args: readonly (string | null)[];
  /** Captured and default values by name. */
  readonly kwargs: Readonly<Params>;

  constructor(
    private readonly step: Step,
    private readonly entry: URLPattern,
    private readonly match: PatternMatch,
  ) {
    this.func = entry.callback;
    if (isPlain(step) && match.kwargs === undefined && entry.defaultArgs === undefined) {
      this.args = match.args;
      this.kwargs = NO_PARAMS;
    } else {
      const kwargs = collect(step, new Dict());
      Object.assign(kwargs, match.kwargs, entry.defaultArgs);
      this.kwargs = kwargs;
      this.args = collectArgs(step, match, entry.defaultArgs);
    }
  }

  /** What the view is called with: `kwargs`, and unnamed groups by their number from 0. */
  get params(): Readonly<Params> {
    if (this.args.length === 0) return this.kwargs;
    const params = new Dict();
    for (const [i, value] of this.args.entries()) params[String(i)] = value;
    return Object.assign(params, this.kwargs);
  }

  /** What the path itself held. */
  get capturedKwargs(): Readonly<Params> {
    return Object.assign(new Dict(), this.match.kwargs);
  }

  /** What the URLconf added. */
  get extraKwargs(): Readonly<Params> {
    const extra = new Dict();
    for (const step of stepsOf(this.step)) Object.assign(extra, step.resolver.defaultKwargs);
    return Object.assign(extra, this.entry.defaultArgs);
  }

  get urlName(): string | undefined {
    return this.entry.name;
  }

  get appNames(): readonly string[] {
    return isPlain(this.step) ? NONE : namesOf(this.step, (resolver) => resolver.appName);
  }
  get appName(): string {
    return this.appNames.join(':');
  }
  get namespaces(): readonly string[] {
    return isPlain(this.step) ? NONE : namesOf(this.step, (resolver) => resolver.namespace);
  }
  get namespace(): string {
    return this.namespaces.join(':');
  }

  /** The name to reverse by, with its namespaces; the view's own where the pattern has none. */
  get viewName(): string {
    return [...this.namespaces, this.entry.name ?? this.func.name].join(':');
  }

  /** The pattern as the URLconfs spell it, includes and all. */
  get route(): string {
    let route = '';
    for (const { resolver } of stepsOf(this.step).slice(1))
      route = joinRoutes(route, String(resolver.pattern));
    return joinRoutes(route, String(this.entry.pattern));
  }

  /** The patterns that were tried before this one, and this one. */
  get tried(): readonly (readonly Tried[])[] {
    const [root] = stepsOf(this.step);
    return root ? root.resolver.listTried(root.match.rest, this.entry).tried : [];
  }
}

function stepsOf(step: Step): Step[] {
  const steps: Step[] = [];
  for (let current: Step | undefined = step; current; current = current.parent) steps.unshift(current);
  return steps;
}

/** Whether a match lies in the root URLconf itself. */
function isPlain(step: Step): boolean {
  return step.parent === undefined;
}

function namesOf(step: Step, pick: (resolver: URLResolver) => string | undefined): readonly string[] {
  return stepsOf(step).flatMap(({ resolver }) => pick(resolver) || []);
}

/** The values of the includes: the outer ones first, so that inner ones prevail. */
function collect(step: Step, into: Params): Params {
  if (step.parent) collect(step.parent, into);
  return Object.assign(into, step.match.kwargs, step.resolver.defaultKwargs);
}

/** Unnamed groups count only where nothing is named, from the innermost include outwards. */
function collectArgs(
  innermost: Step,
  match: PatternMatch,
  defaults: Readonly<Params> | undefined,
): readonly (string | null)[] {
  let args = match.args;
  let named = match.kwargs !== undefined || defaults !== undefined;
  for (let step: Step | undefined = innermost; step; step = step.parent) {
    named ||= hasKeys(step.match.kwargs) || hasKeys(step.resolver.defaultKwargs);
    if (!named) args = [...step.match.args, ...args];
  }
  return args;
}

function hasKeys(value: object | undefined): boolean {
  return value !== undefined && Object.keys(value).length > 0;
}

/** Two routes in a row, without the `^` of the second. */
function joinRoutes(first: string, second: string): string {
  return first === '' ? second : first + (second.startsWith('^') ? second.slice(1) : second);
}

/** A pattern, and the URLconf for what follows it. */
export class URLResolver implements Tried {
  private cached: { entries: readonly UrlEntry[]; length: number; index: PatternIndex } | undefined;
  private table: ReverseTable | undefined;
  private loaded: UrlconfModule | readonly UrlEntry[] | undefined;

  constructor(
    readonly pattern: Pattern,
    readonly urlconf: Urlconf,
    readonly defaultKwargs?: Readonly<Params> | undefined,
    readonly appName?: string | undefined,
    readonly namespace?: string | undefined,
  ) {}

  get name(): undefined {
    return undefined;
  }

  describe(): string {
    return this.pattern.describe();
  }

  toString(): string {
    return this.pattern.toString();
  }

  /** The URLconf, loaded. */
  get urlconfModule(): UrlconfModule | readonly UrlEntry[] {
    this.loaded ??=
      typeof this.urlconf === 'string'
        ? (importModule(this.urlconf) as unknown as UrlconfModule)
        : this.urlconf;
    return this.loaded;
  }

  /** @throws ImproperlyConfigured if the URLconf has no `urlpatterns`. */
  get urlPatterns(): readonly UrlEntry[] {
    const module = this.urlconfModule;
    const patterns: unknown = Array.isArray(module) ? module : (module as UrlconfModule).urlpatterns;
    if (!Array.isArray(patterns)) {
      const name = typeof this.urlconf === 'string' ? this.urlconf : 'a module';
      throw new ImproperlyConfigured(
        `The included URLconf '${name}' does not appear to have any patterns in it. If you see the 'urlpatterns' ` +
          'variable with valid patterns in the file then the issue is probably caused by a circular import.',
      );
    }
    return patterns as readonly UrlEntry[];
  }

  /**
   * The view of a path.
   *
   * @throws Resolver404 if no pattern matches.
   */
  resolve(path: string): ResolverMatch {
    const match = this.pattern.match(path);
    if (match === undefined) throw new Resolver404(path);
    const found = this.find(match.rest, { parent: undefined, resolver: this, match });
    if (found === undefined) throw new Resolver404(match.rest, () => this.listTried(match.rest).tried);
    return found;
  }

  private find(path: string, step: Step): ResolverMatch | undefined {
    const { entries, index } = this.lookup();
    const candidates = index.candidates(path);
    for (let i = 0; i < candidates.length; i++) {
      const entry = entries[candidates[i] as number] as UrlEntry;
      const match = entry.pattern.match(path);
      if (match === undefined) continue;
      if (!(entry instanceof URLResolver)) return new ResolverMatch(step, entry, match);
      const found = entry.find(match.rest, { parent: step, resolver: entry, match });
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private lookup(): NonNullable<URLResolver['cached']> {
    const cached = this.cached;
    // A list that grew after it was first used (tests do that) is indexed anew.
    if (cached !== undefined && cached.entries.length === cached.length) return cached;
    const entries = this.urlPatterns;
    const index = new PatternIndex(entries.map((entry) => entry.pattern.literalPrefix));
    this.table = undefined;
    this.cached = { entries, length: entries.length, index };
    return this.cached;
  }

  /** What is tried for a path, up to an entry that matched; for debug pages, so without the index. */
  listTried(path: string, until?: URLPattern): { tried: Tried[][]; found: boolean } {
    const tried: Tried[][] = [];
    for (const entry of this.urlPatterns) {
      const match = entry instanceof URLResolver ? entry.pattern.match(path) : undefined;
      if (entry instanceof URLResolver && match !== undefined) {
        const inner = entry.listTried(match.rest, until);
        tried.push(...inner.tried.map((way) => [entry, ...way]));
        if (inner.found) return { tried, found: true };
        continue;
      }
      tried.push([entry]);
      if (until !== undefined && entry === until) return { tried, found: true };
    }
    return { tried, found: false };
  }

  /** What is known for reversing: names, namespaces, applications. */
  get reverseTable(): ReverseTable {
    const { entries } = this.lookup();
    this.table ??= new ReverseTable(this.pattern, entries);
    return this.table;
  }

  /** The view for an error: the URLconf's `handler404` (400, 403, 500), else the framework's. */
  resolveErrorHandler(status: 400 | 403 | 404 | 500): unknown {
    const module = this.urlconfModule;
    const own = Array.isArray(module) ? undefined : (module as UrlconfModule)[`handler${status}`];
    return getCallable(own ?? DEFAULT_HANDLERS[status]);
  }
}

const DEFAULT_HANDLERS = {
  400: 'tsango.views.defaults.badRequest',
  403: 'tsango.views.defaults.permissionDenied',
  404: 'tsango.views.defaults.pageNotFound',
  500: 'tsango.views.defaults.serverError',
} as const;
