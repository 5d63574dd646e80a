/**
 * Patterns backwards: what text a regular expression could have matched, for reversing URLs.
 *
 * Django: `django.utils.regex_helper`. Like there, not every pattern can be reversed: repeated parts occur as
 * rarely as they may, an optional part with a parameter both ways, a character class is its first character,
 * look-arounds are ignored, and alternatives give up.
 */
import { ValueError } from '../core/exceptions';

/** A stretch of the text: fixed, or the value of a parameter. */
export type Piece = string | { readonly param: string };

/** One form of the text, and the parameters that it takes, in order. */
export interface Possibility {
  readonly pieces: readonly Piece[];
  readonly params: readonly string[];
}

type Node =
  | string
  | { kind: 'group'; name: string; listed: boolean }
  | { kind: 'sequence'; nodes: Node[] }
  | { kind: 'optional'; node: Node };

/** What stands for an escaped class; `undefined`: nothing does. */
const REPRESENTATIVES = new Map<string, string | undefined>([
  ['A', undefined],
  ['b', undefined],
  ['B', undefined],
  ['d', '0'],
  ['D', 'x'],
  ['s', ' '],
  ['S', 'x'],
  ['w', 'x'],
  ['W', '!'],
  ['Z', undefined],
]);

interface Token {
  char: string;
  escaped: boolean;
}

function tokenize(pattern: string): Token[] {
  const tokens: Token[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char !== '\\') {
      tokens.push({ char, escaped: false });
      continue;
    }
    i += 1;
    const next = pattern[i];
    if (next === undefined) break;
    const representative = REPRESENTATIVES.has(next) ? REPRESENTATIVES.get(next) : next;
    if (representative !== undefined) tokens.push({ char: representative, escaped: true });
  }
  return tokens;
}

class Alternatives extends Error {}

class Parser {
  private position = 0;
  private unnamed = 0;
  private readonly tokens: Token[];

  constructor(pattern: string) {
    this.tokens = tokenize(pattern);
  }

  private next(): Token | undefined {
    return this.tokens[this.position++];
  }

  private peek(char: string): boolean {
    const token = this.tokens[this.position];
    return token !== undefined && !token.escaped && token.char === char;
  }

  /** Skips to behind the parenthesis that closes the group whose inside begins here. */
  private skipGroup(): void {
    let depth = 0;
    for (let token = this.next(); token; token = this.next()) {
      if (token.escaped) continue;
      if (token.char === '(') depth += 1;
      else if (token.char === ')') {
        if (depth === 0) return;
        depth -= 1;
      }
    }
  }

  /** The nodes up to a closing parenthesis, a final `$` or the end. */
  sequence(): Node[] {
    const nodes: Node[] = [];
    for (let token = this.next(); token; token = this.next()) {
      const { char, escaped } = token;
      if (escaped) nodes.push(char);
      else if (char === '|') throw new Alternatives();
      else if (char === '^') continue;
      else if (char === ')') break;
      else if (char === '$') {
        this.position = this.tokens.length;
        break;
      } else if (char === '[') nodes.push(this.characterClass());
      else if (char === '(') {
        const node = this.group();
        if (node !== undefined) nodes.push(node);
      } else if (char === '*' || char === '?' || char === '+' || char === '{') this.quantify(char, nodes);
      else nodes.push(char);
    }
    return nodes;
  }

  private characterClass(): string {
    const first = this.next()?.char ?? '';
    for (let token = this.next(); token && (token.escaped || token.char !== ']'); ) token = this.next();
    return first;
  }

  private group(): Node | undefined {
    if (!this.peek('?')) {
      const name = `_${this.unnamed++}`;
      this.skipGroup();
      return { kind: 'group', name, listed: true };
    }
    this.position += 1;
    const char = this.next()?.char ?? '';
    if (char === ':') return { kind: 'sequence', nodes: this.sequence() };
    if (char === '!' || char === '=' || char === '<') {
      this.skipGroup();
      return undefined;
    }
    if (char !== 'P') throw new ValueError(`Non-reversible reg-exp portion: '(?${char}'`);
    const kind = this.next()?.char ?? '';
    if (kind !== '<' && kind !== '=') {
      throw new ValueError(`Non-reversible reg-exp portion: '(?P${kind}'`);
    }
    const end = kind === '<' ? '>' : ')';
    let name = '';
    for (let token = this.next(); token && token.char !== end; token = this.next()) name += token.char;
    if (kind === '<') this.skipGroup();
    return { kind: 'group', name, listed: kind === '<' };
  }

  private quantify(char: string, nodes: Node[]): void {
    let minimum = char === '+' ? 1 : 0;
    if (char === '{') {
      let bounds = '';
      for (let token = this.next(); token && token.char !== '}'; token = this.next()) bounds += token.char;
      minimum = Number.parseInt(bounds, 10) || 0;
    }
    if (this.peek('?')) this.position += 1;
    const last = nodes.at(-1);
    if (last === undefined) return;
    if (minimum === 0) {
      nodes.pop();
      if (hasGroup(last)) nodes.push({ kind: 'optional', node: last });
    } else {
      for (let i = 1; i < minimum; i++) nodes.push(last);
    }
  }
}

function hasGroup(node: Node): boolean {
  if (typeof node === 'string') return false;
  return node.kind === 'group' || (node.kind === 'sequence' && node.nodes.some(hasGroup));
}

const EMPTY: Possibility = { pieces: [], params: [] };

function join(left: Possibility, right: Possibility): Possibility {
  const pieces = [...left.pieces];
  for (const piece of right.pieces) {
    const last = pieces.at(-1);
    if (typeof piece === 'string' && typeof last === 'string') pieces[pieces.length - 1] = last + piece;
    else pieces.push(piece);
  }
  return { pieces, params: [...left.params, ...right.params] };
}

function expand(node: Node): Possibility[] {
  if (typeof node === 'string') return [{ pieces: [node], params: [] }];
  if (node.kind === 'group') {
    return [{ pieces: [{ param: node.name }], params: node.listed ? [node.name] : [] }];
  }
  return node.kind === 'optional' ? [EMPTY, ...expand(node.node)] : expandAll(node.nodes);
}

function expandAll(nodes: readonly Node[]): Possibility[] {
  let results = [EMPTY];
  let literal = '';
  for (const [i, node] of nodes.entries()) {
    if (typeof node === 'string') {
      literal += node;
      if (typeof nodes[i + 1] === 'string') continue;
    }
    const choices = typeof node === 'string' ? expand(literal) : expand(node);
    literal = '';
    results = results.flatMap((result) => choices.map((choice) => join(result, choice)));
  }
  return results;
}

/**
 * The forms of text that a pattern (in Python's syntax) stands for.
 *
 * @throws ValueError for a construct that cannot be reversed.
 */
export function normalize(pattern: string): Possibility[] {
  try {
    return expandAll(new Parser(pattern).sequence());
  } catch (error) {
    if (error instanceof Alternatives) return [EMPTY];
    throw error;
  }
}
