/** Regular expressions in JavaScript's syntax, read into their parts: what `regex_complexity` examines. */

/** A part of a pattern. */
export type Node =
  | { readonly type: 'char'; readonly mask: bigint }
  | { readonly type: 'list' | 'choice'; readonly nodes: readonly Node[] }
  | { readonly type: 'repeat'; readonly node: Node; readonly min: number; readonly max: number };

/** Takes nothing. */
export const EMPTY: Node = { type: 'list', nodes: [] };

/** Of each kind of character that patterns tell apart, some. */
const SAMPLES = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...'\x85\xa0\u00e9\u00c9\u00df\u0130\u0131\u0301\u0431\u0411\u0661\u00bd\u4e2d\u2028\u2014\u{1f600}\u{1d7d8}',
];

/** Reads the source of a regular expression with those flags. */
export class RegexReader {
  private position = 0;
  /** What look-arounds hold. */
  readonly inner: Node[] = [];
  /** Whether something but a character can make the match fail: an end, a look-around. */
  hasAssertions = false;
  private readonly masks = new Map<string, bigint>();
  private readonly alphabet: readonly string[];

  constructor(
    private readonly source: string,
    private readonly flags: string,
  ) {
    this.alphabet = [...new Set([...SAMPLES, ...source])];
  }

  read(): Node {
    return this.choice();
  }

  private choice(): Node {
    const nodes = [this.list()];
    while (this.source[this.position] === '|') {
      this.position += 1;
      nodes.push(this.list());
    }
    return nodes.length === 1 ? (nodes[0] as Node) : { type: 'choice', nodes };
  }

  private list(): Node {
    const nodes: Node[] = [];
    while (this.position < this.source.length && !'|)'.includes(this.source[this.position] as string)) {
      nodes.push(this.quantified(this.item()));
    }
    return { type: 'list', nodes };
  }

  private take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.source);
    if (found !== null) this.position += found[0].length;
    return found;
  }

  private item(): Node {
    const open = this.take(/\((?:\?(?::|<?[=!]|<[A-Za-z]\w*>))?/y)?.[0];
    if (open !== undefined) {
      const node = this.choice();
      this.position += 1;
      if (open === '(' || open === '(?:' || open.endsWith('>')) return node;
      this.hasAssertions = true;
      this.inner.push(node);
      return EMPTY;
    }
    if (this.take(/\$|\\[bB]/y) !== null) {
      this.hasAssertions = true;
      return EMPTY;
    }
    if (this.take(/\^|\\[1-9]\d*|\\k<[^>]*>/y) !== null) return EMPTY;
    const start = this.position;
    if (this.source[start] === '[') this.skipClass();
    else this.take(/\\[pPu]\{[^}]*\}|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\c[A-Za-z]|\\?[\s\S]/uy);
    return { type: 'char', mask: this.mask(this.source.slice(start, this.position)) };
  }

  /** Classes hold classes with the flag `v`, and only with that. */
  private skipClass(): void {
    let depth = 0;
    do {
      const char = this.source[this.position];
      if (char === '\\') this.position += 1;
      else if (char === '[') depth = this.flags.includes('v') ? depth + 1 : 1;
      else if (char === ']') depth -= 1;
      this.position += 1;
    } while (depth > 0 && this.position < this.source.length);
  }

  /** Which of the samples an atom takes. */
  private mask(atom: string): bigint {
    const known = this.masks.get(atom);
    if (known !== undefined) return known;
    const regex = new RegExp(`^(?:${atom})$`, this.flags);
    let mask = 0n;
    for (const [i, char] of this.alphabet.entries()) if (regex.test(char)) mask |= 1n << BigInt(i);
    this.masks.set(atom, mask);
    return mask;
  }

  private quantified(node: Node): Node {
    const found = this.take(/(?:([*+?])|\{(\d*)(,?)(\d*)\})\??/y);
    if (found === null) return node;
    const [, sign, low, comma, high] = found;
    const min = sign === '+' ? 1 : Number(low ?? 0);
    const unlimited = sign === '*' || sign === '+' || (comma === ',' && high === '');
    const max = unlimited ? Number.POSITIVE_INFINITY : sign === '?' ? 1 : Number(comma ? high : low);
    return { type: 'repeat', node, min, max };
  }
}
