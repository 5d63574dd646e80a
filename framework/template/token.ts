/** The parts that a template's source is cut into. Django: `Token` of `django.template.base`. */
import { smartSplit } from '../utils/text';

/** What a token is. */
export enum TokenType {
  TEXT = 0,
  VAR = 1,
  BLOCK = 2,
  COMMENT = 3,
}

/** A piece of a template: text, `{{ … }}`, `{% … %}` or `{# … #}`. */
export class Token {
  constructor(
    readonly tokenType: TokenType,
    /** The text itself, or what stands between the delimiters, without surrounding white space. */
    readonly contents: string,
    /** The place in the source, in characters. */
    readonly start: number,
    readonly end: number,
    /** The line, from 1. */
    readonly lineno: number,
  ) {}

  /** The contents' words; quoted strings and `_("translated strings")` stay whole. */
  splitContents(): string[] {
    const bits: string[] = [];
    const words = smartSplit(this.contents);
    let pending: string[] | null = null;
    let sentinel = '';
    for (const word of words) {
      if (pending !== null) {
        pending.push(word);
        if (word.endsWith(sentinel)) {
          bits.push(pending.join(' '));
          pending = null;
        }
      } else if (word.startsWith('_("') || word.startsWith("_('")) {
        sentinel = `${word[2]})`;
        if (word.endsWith(sentinel)) bits.push(word);
        else pending = [word];
      } else {
        bits.push(word);
      }
    }
    // Django's generator runs dry here and the tag is malformed; the pieces go on to the tag, which complains.
    if (pending !== null) bits.push(...pending);
    return bits;
  }
}
