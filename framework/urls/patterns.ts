/** The two kinds of pattern: routes (`path()`) and regular expressions (`rePath()`). Django: `django.urls.resolvers`. */
import { ImproperlyConfigured, ValueError } from '../core/exceptions';
import { Dict } from '../python/dict';
import { type Converter, getConverter } from './converters';
import {
  compileTranslated,
  escapeRegex,
  pythonSpelling,
  type TranslatedRegex,
  translateRegex,
} from './regex';
import { RouteMatcher, type RoutePart } from './route_matcher';

/** What a pattern found at the beginning of a path. */
export interface PatternMatch {
  /** What is left of the path. */
  readonly rest: string;
  /** Unnamed groups; none where there are named ones. */
  readonly args: readonly (string | null)[];
  /** Named values; `undefined` where nothing was captured. */
  readonly kwargs: Record<string, unknown> | undefined;
}

const NO_ARGS: readonly (string | null)[] = Object.freeze([]);

/** What every pattern has. */
export interface Pattern {
  readonly name: string | undefined;
  readonly isEndpoint: boolean;
  readonly converters: ReadonlyMap<string, Converter>;
  /** The pattern as a regular expression in Python's syntax: what Django's messages show. */
  readonly regexText: string;
  /** Text that every matching path begins with. */
  readonly literalPrefix: string;
  match(path: string): PatternMatch | undefined;
  /** The regular expression in JavaScript's syntax, for a place behind that many groups. */
  translated(offset: number): TranslatedRegex;
  /** For messages: `'articles/<int:year>/' [name='articles']`. */
  describe(): string;
  toString(): string;
}

function describe(pattern: Pattern): string {
  return `'${pattern}'${pattern.name ? ` [name='${pattern.name}']` : ''}`;
}

/** The text that a regular expression fixes at its beginning; none where it is not anchored. */
function fixedPrefix(regex: string, anchored: boolean): string {
  if (!anchored || regex.includes('|') || regex.startsWith('(?')) return '';
  const body = regex.startsWith('^') ? regex.slice(1) : regex;
  const parts = body.match(/^(?:\\[^A-Za-z0-9]|[^\\()[\]{}?*+|^$.])*/)?.[0] ?? '';
  const following = body[parts.length];
  // A quantifier may make the last character vanish.
  const kept =
    following !== undefined && '?*{'.includes(following) ? parts.replace(/\\?[\s\S]$/u, '') : parts;
  return kept.replace(/\\([\s\S])/g, '$1');
}

/** A pattern of `rePath()`. A string is in Python's syntax, a RegExp in JavaScript's. */
export class RegexPattern implements Pattern {
  readonly converters: ReadonlyMap<string, Converter> = new Map();
  readonly regexText: string;
  readonly literalPrefix: string;
  private readonly javascript: boolean;
  private readonly ignoreCase: boolean;
  /** Django's reading of a final `$`. */
  private readonly isFull: boolean;
  private compiled: { regex: RegExp; groups: readonly (string | undefined)[]; named: boolean } | undefined;

  constructor(
    private readonly source: string | RegExp,
    readonly name: string | undefined,
    readonly isEndpoint: boolean,
  ) {
    this.javascript = source instanceof RegExp;
    this.regexText = source instanceof RegExp ? pythonSpelling(source.source) : source;
    if (source instanceof RegExp && /[^idsuv]/.test(source.flags)) {
      throw new ImproperlyConfigured(
        `The pattern ${String(source)} of rePath() has the flags '${source.flags}'; it may have i, s, u and v.`,
      );
    }
    this.ignoreCase = source instanceof RegExp && source.ignoreCase;
    this.isFull = isEndpoint && this.regexText.endsWith('$');
    this.literalPrefix = this.ignoreCase
      ? ''
      : fixedPrefix(this.regexText, this.isFull || this.regexText.startsWith('^'));
  }

  translated(offset: number): TranslatedRegex {
    const { javascript, ignoreCase } = this;
    const dotAll = this.source instanceof RegExp && this.source.dotAll ? '(?s)' : '';
    return translateRegex(dotAll + this.regexText, { javascript, ignoreCase, offset });
  }

  private compile(): NonNullable<RegexPattern['compiled']> {
    const { source, groups, ignoreCase } = this.translated(0);
    const regex = compileTranslated(this.regexText, this.isFull ? `^(?:${source})$` : source, ignoreCase);
    this.compiled = { regex, groups, named: groups.some((name) => name !== undefined) };
    return this.compiled;
  }

  match(path: string): PatternMatch | undefined {
    const { regex, groups, named } = this.compiled ?? this.compile();
    const found = regex.exec(path);
    if (!found) return undefined;
    const rest = path.slice(found.index + found[0].length);
    if (groups.length === 0) return { rest, args: NO_ARGS, kwargs: undefined };
    if (!named) return { rest, args: groups.map((_, i) => found[i + 1] ?? null), kwargs: undefined };
    const kwargs = new Dict();
    for (const [i, name] of groups.entries()) {
      const value = found[i + 1];
      if (name !== undefined && value !== undefined) kwargs[name] = value;
    }
    return { rest, args: NO_ARGS, kwargs };
  }

  describe(): string {
    return describe(this);
  }

  toString(): string {
    return this.regexText;
  }
}

/** The pattern of every root resolver: paths begin with a slash. */
export class RootPattern extends RegexPattern {
  constructor() {
    super('^/', undefined, false);
  }
  override match(path: string): PatternMatch | undefined {
    return path.startsWith('/') ? { rest: path.slice(1), args: NO_ARGS, kwargs: undefined } : undefined;
  }
}

const PARAMETER = /<(?:([^>:]+):)?([^>]+)>/g;
const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

function parseRoute(route: string): RoutePart[] {
  const parts: RoutePart[] = [];
  const names = new Set<string>();
  let end = 0;
  for (const found of route.matchAll(PARAMETER)) {
    const [text, converterName = 'str', name = ''] = found;
    if (/\s/.test(text)) {
      throw new ImproperlyConfigured(`URL route '${route}' cannot contain whitespace in angle brackets <…>.`);
    }
    if (!IDENTIFIER.test(name)) {
      throw new ImproperlyConfigured(
        `URL route '${route}' uses parameter name '${name}' which isn't a valid Python identifier.`,
      );
    }
    const converter = getConverter(converterName);
    if (!converter) {
      throw new ImproperlyConfigured(`URL route '${route}' uses invalid converter '${converterName}'.`);
    }
    if (names.has(name)) {
      throw new ImproperlyConfigured(`URL route '${route}' uses parameter name '${name}' more than once.`);
    }
    names.add(name);
    if (found.index > end) parts.push(route.slice(end, found.index));
    parts.push({ name, converter });
    end = found.index + text.length;
  }
  if (end < route.length) parts.push(route.slice(end));
  return parts;
}

/** A pattern of `path()`. */
export class RoutePattern implements Pattern {
  readonly converters: ReadonlyMap<string, Converter>;
  readonly literalPrefix: string;
  private readonly parts: readonly RoutePart[];
  private readonly parameters: readonly Exclude<RoutePart, string>[];
  private readonly matcher: RouteMatcher | undefined;
  private compiled: { regex: RegExp; groups: readonly (string | undefined)[] } | undefined;

  /** @throws ImproperlyConfigured for a route that has a mistake. */
  constructor(
    readonly route: string,
    readonly name: string | undefined,
    readonly isEndpoint: boolean,
  ) {
    this.parts = parseRoute(route);
    this.parameters = this.parts.filter((part) => typeof part !== 'string');
    this.converters = new Map(this.parameters.map(({ name, converter }) => [name, converter]));
    const [first] = this.parts;
    this.literalPrefix = typeof first === 'string' ? first : '';
    this.matcher = RouteMatcher.of(this.parts, isEndpoint);
  }

  /** Whether nothing is captured. */
  get isStatic(): boolean {
    return this.parameters.length === 0;
  }

  get regexText(): string {
    const parts = this.parts.map((part) =>
      typeof part === 'string' ? escapeRegex(part) : `(?P<${part.name}>${part.converter.regex})`,
    );
    return `^${parts.join('')}${this.isEndpoint ? '\\Z' : ''}`;
  }

  translated(offset: number): TranslatedRegex {
    return translateRegex(this.regexText, { offset });
  }

  match(path: string): PatternMatch | undefined {
    if (this.parameters.length === 0) {
      const matches = this.isEndpoint ? path === this.route : path.startsWith(this.route);
      return matches ? { rest: path.slice(this.route.length), args: NO_ARGS, kwargs: undefined } : undefined;
    }
    const found = this.matcher ? this.matcher.match(path) : this.matchRegex(path);
    if (!found) return undefined;
    const kwargs = new Dict();
    for (let i = 0; i < this.parameters.length; i++) {
      const { name, converter } = this.parameters[i] as Exclude<RoutePart, string>;
      try {
        kwargs[name] = converter.toPython(found.values[i] as string);
      } catch (error) {
        if (error instanceof ValueError) return undefined;
        throw error;
      }
    }
    return { rest: path.slice(found.end), args: NO_ARGS, kwargs };
  }

  /** For routes with converters of the site's own. */
  private matchRegex(path: string): { end: number; values: string[] } | undefined {
    if (!this.compiled) {
      const { source, groups, ignoreCase } = this.translated(0);
      this.compiled = { regex: compileTranslated(this.regexText, source, ignoreCase), groups };
    }
    const { regex, groups } = this.compiled;
    const found = regex.exec(path);
    if (!found) return undefined;
    const values = this.parameters.map(({ name }) => found[groups.indexOf(name) + 1] ?? '');
    return { end: found[0].length, values };
  }

  describe(): string {
    return describe(this);
  }

  toString(): string {
    return this.route;
  }
}
