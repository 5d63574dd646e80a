/** Cuts a template's source into tokens. Django: `Lexer` of `django.template.base`. */
import { strip } from '../python';
import { Token, TokenType } from './token';

const CLOSERS: Readonly<Record<string, string>> = { '%': '%}', '{': '}}', '#': '#}' };

/**
 * Finds `{% … %}`, `{{ … }}` and `{# … #}`, each on one line, and turns the source into tokens.
 *
 * Written out instead of as Django's regular expression, which is quadratic on a line full of `{{`.
 */
export class Lexer {
  /** The `end` tag that closes the `verbatim` block the lexer is in. */
  private verbatim: string | null = null;

  constructor(readonly templateString: string) {}

  /** The tokens of the whole source. */
  tokenize(): Token[] {
    const source = this.templateString;
    const tokens: Token[] = [];
    let lineno = 1;
    let textStart = 0;
    const add = (start: number, end: number, inTag: boolean): void => {
      if (start === end) return;
      tokens.push(this.createToken(source.slice(start, end), start, lineno, inTag));
      for (let at = source.indexOf('\n', start); at >= 0 && at < end; at = source.indexOf('\n', at + 1))
        lineno++;
    };
    // Where each closer stands next; looked for once for all openers before it.
    const next: Record<string, number> = { '%': -1, '{': -1, '#': -1 };
    let newline = -1;
    let at = source.indexOf('{');
    while (at >= 0 && at + 1 < source.length) {
      const kind = source[at + 1] as string;
      const closer = CLOSERS[kind];
      if (closer !== undefined) {
        if (newline < at && newline !== Number.POSITIVE_INFINITY) newline = find(source, '\n', at);
        if ((next[kind] as number) < at + 2) next[kind] = find(source, closer, at + 2);
        const close = next[kind] as number;
        if (close < newline) {
          add(textStart, at, false);
          add(at, close + 2, true);
          textStart = close + 2;
          at = source.indexOf('{', textStart);
          continue;
        }
      }
      at = source.indexOf('{', at + 1);
    }
    add(textStart, source.length, false);
    return tokens;
  }

  private createToken(text: string, start: number, lineno: number, inTag: boolean): Token {
    const end = start + text.length;
    if (inTag) {
      const kind = text[1];
      if (kind === '%') {
        const content = strip(text.slice(2, -2));
        if (this.verbatim !== null) {
          if (content !== this.verbatim) return new Token(TokenType.TEXT, text, start, end, lineno);
          this.verbatim = null;
        } else if (content === 'verbatim' || content.startsWith('verbatim ')) {
          this.verbatim = `end${content}`;
        }
        return new Token(TokenType.BLOCK, content, start, end, lineno);
      }
      if (this.verbatim === null) {
        const type = kind === '{' ? TokenType.VAR : TokenType.COMMENT;
        return new Token(type, strip(text.slice(2, -2)), start, end, lineno);
      }
    }
    return new Token(TokenType.TEXT, text, start, end, lineno);
  }
}

function find(source: string, what: string, from: number): number {
  const at = source.indexOf(what, from);
  return at < 0 ? Number.POSITIVE_INFINITY : at;
}
