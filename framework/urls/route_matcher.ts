/**
 * Matching a route of built-in converters without a regular expression: in time linear in the path whatever the
 * route, where backtracking over `<str:a>-<str:b>-<str:c>` would take its third power.
 *
 * What it finds is what the regular expression would: each parameter as long as the rest still matches.
 */
import { type Converter, DEFAULT_CONVERTERS } from './converters';

/** A stretch of a route: fixed text, or a parameter. */
export type RoutePart = string | { readonly name: string; readonly converter: Converter };

/** What a match captured, in the order of the parameters, and where it ended. */
export interface RouteMatch {
  readonly end: number;
  readonly values: readonly string[];
}

/** The characters that a converter takes: a table of ASCII's, and whether it takes all others. */
interface CharClass {
  readonly table: Uint8Array;
  readonly others: boolean;
  /** The one character that ends a run, where all others belong to it. */
  readonly stop: string | undefined;
}

function charClass(pattern: RegExp, stop?: string): CharClass {
  const table = Uint8Array.from({ length: 128 }, (_, code) =>
    pattern.test(String.fromCharCode(code)) ? 1 : 0,
  );
  return { table, others: stop !== undefined, stop };
}

function has({ table, others }: CharClass, code: number): boolean {
  return code < 128 ? table[code] === 1 : others;
}

const RUNS = new Map<Converter, CharClass>();
for (const [name, chars] of [
  ['int', charClass(/[0-9]/)],
  ['slug', charClass(/[-a-zA-Z0-9_]/)],
  ['str', charClass(/[^/]/, '/')],
  ['path', charClass(/[^\n]/, '\n')],
] as const) {
  RUNS.set(DEFAULT_CONVERTERS.get(name) as Converter, chars);
}
const UUID = DEFAULT_CONVERTERS.get('uuid') as Converter;
const UUID_LENGTH = 36;

function isUuid(path: string, start: number): boolean {
  if (path.length < start + UUID_LENGTH) return false;
  for (let i = 0; i < UUID_LENGTH; i++) {
    const code = path.charCodeAt(start + i);
    const dash = i === 8 || i === 13 || i === 18 || i === 23;
    if (dash ? code !== 45 : !((code >= 48 && code <= 57) || (code >= 97 && code <= 102))) return false;
  }
  return true;
}

/** Where the run of characters that a converter takes ends. */
function runEnd(path: string, start: number, chars: CharClass): number {
  if (chars.stop !== undefined) {
    const end = path.indexOf(chars.stop, start);
    return end < 0 ? path.length : end;
  }
  const { table } = chars;
  let end = start;
  while (end < path.length && table[path.charCodeAt(end)] === 1) end += 1;
  return end;
}

/** Finds what the parts of a route capture in a path. */
export class RouteMatcher {
  /** Whether each run ends where the text behind it begins: no second choice has to be looked at. */
  private readonly deterministic: boolean;

  private constructor(
    private readonly parts: readonly RoutePart[],
    private readonly isEndpoint: boolean,
  ) {
    this.deterministic = parts.every(
      (part, i) => typeof part === 'string' || this.isDecided(part.converter, i),
    );
  }

  /** A matcher of these parts; `undefined` if one of them has a converter that is not built in. */
  static of(parts: readonly RoutePart[], isEndpoint: boolean): RouteMatcher | undefined {
    const builtIn = parts.every(
      (part) => typeof part === 'string' || part.converter === UUID || RUNS.has(part.converter),
    );
    return builtIn ? new RouteMatcher(parts, isEndpoint) : undefined;
  }

  private isDecided(converter: Converter, index: number): boolean {
    const chars = RUNS.get(converter);
    const next = this.parts[index + 1];
    if (chars === undefined || next === undefined) return true;
    return typeof next === 'string' && !has(chars, next.charCodeAt(0));
  }

  /** What the beginning of a path (all of it, for an endpoint) captures. */
  match(path: string): RouteMatch | undefined {
    if (!this.deterministic) return this.matchChoosing(path);
    const values: string[] = [];
    let position = 0;
    for (let i = 0; i < this.parts.length; i++) {
      const part = this.parts[i] as RoutePart;
      const end = this.partEnd(path, position, part);
      if (end < 0) return undefined;
      if (typeof part !== 'string') values.push(path.slice(position, end));
      position = end;
    }
    return this.isEndpoint && position !== path.length ? undefined : { end: position, values };
  }

  /** Where a part that begins here ends at the latest; -1 if it does not match. */
  private partEnd(path: string, start: number, part: RoutePart): number {
    if (typeof part === 'string') return path.startsWith(part, start) ? start + part.length : -1;
    const chars = RUNS.get(part.converter);
    if (chars === undefined) return isUuid(path, start) ? start + UUID_LENGTH : -1;
    const end = runEnd(path, start, chars);
    return end > start ? end : -1;
  }

  /**
   * From the last part back: for each position, where the part has to end so that the rest matches. One table row a
   * part, each filled in one pass.
   */
  private matchChoosing(path: string): RouteMatch | undefined {
    const size = path.length;
    // rest[p]: the parts behind the current one match from p. ends[i][p]: where part i, begun at p, ends; 0: no match.
    let rest = new Uint8Array(size + 1).fill(this.isEndpoint ? 0 : 1);
    rest[size] = 1;
    const ends: Int32Array[] = [];
    for (let i = this.parts.length - 1; i >= 0; i--) {
      const row = this.row(path, this.parts[i] as RoutePart, rest);
      ends[i] = row;
      const matches = new Uint8Array(size + 1);
      for (let p = 0; p <= size; p++) matches[p] = row[p] === 0 ? 0 : 1;
      rest = matches;
    }
    const values: string[] = [];
    let position = 0;
    for (const [i, part] of this.parts.entries()) {
      const end = ends[i]?.[position] ?? 0;
      if (end === 0) return undefined;
      if (typeof part !== 'string') values.push(path.slice(position, end));
      position = end;
    }
    return { end: position, values };
  }

  private row(path: string, part: RoutePart, rest: Uint8Array): Int32Array {
    const size = path.length;
    const row = new Int32Array(size + 1);
    const chars = typeof part === 'string' ? undefined : RUNS.get(part.converter);
    if (chars === undefined) {
      for (let p = 0; p <= size; p++) {
        const end = this.partEnd(path, p, part);
        if (end >= 0 && rest[end] === 1) row[p] = end;
      }
      return row;
    }
    // The longest end of a run is the last position in it from which the rest matches.
    let last = 0;
    for (let p = size - 1; p >= 0; p--) {
      if (!has(chars, path.charCodeAt(p))) {
        last = 0;
        continue;
      }
      if (last === 0 && rest[p + 1] === 1) last = p + 1;
      row[p] = last;
    }
    return row;
  }
}
