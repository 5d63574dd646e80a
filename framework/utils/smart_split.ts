/** Splitting at white space outside of quotes. Django: `smart_split` of `django.utils.text`. */
import { toStr } from '../python/str';
import { isSpace } from '../python/text';

/**
 * Finds where quotations end, in linear time also for text of quotes that are never closed: from the first of them on
 * every answer comes from a table, which is filled from the end.
 */
class Quotations {
  private readonly tables = new Map<string, Int32Array>();

  constructor(private readonly text: string) {}

  /** The index of the quote that closes the one at `open`, or -1. A backslash escapes any character but LF. */
  close(open: number): number {
    const quote = this.text[open] as string;
    const known = this.tables.get(quote);
    if (known !== undefined) return known[open + 1] as number;
    let at = open + 1;
    while (at < this.text.length && this.text[at] !== quote) {
      if (this.text[at] === '\\') at += this.text[at + 1] === '\n' ? this.text.length : 1;
      at += 1;
    }
    if (at < this.text.length) return at;
    this.fill(quote);
    return -1;
  }

  private fill(quote: string): void {
    const { text } = this;
    const table = new Int32Array(text.length + 2).fill(-1);
    for (let i = text.length - 1; i >= 0; i--) {
      if (text[i] === quote) table[i] = i;
      else if (text[i] !== '\\') table[i] = table[i + 1] as number;
      else table[i] = text[i + 1] === '\n' ? -1 : (table[i + 2] as number);
    }
    this.tables.set(quote, table);
  }
}

/**
 * Where the part that starts at `start` ends. A quote that is never closed is an ordinary character; where one
 * follows a quotation, the part ends before it.
 */
function endOfPart(text: string, start: number, quotations: Quotations): number {
  let at = start;
  let quoted = false;
  while (at < text.length && !isSpace(text.charCodeAt(at))) {
    if (text[at] === '"' || text[at] === "'") {
      const close = quotations.close(at);
      if (close === -1) {
        if (quoted) return at;
        break;
      }
      quoted = true;
      at = close;
    }
    at += 1;
  }
  if (quoted) return at;
  while (at < text.length && !isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** Splits at white space that is not in quotes; the parts keep their quotes and backslashes. */
export function smartSplit(value: unknown): string[] {
  const text = toStr(value);
  const quotations = new Quotations(text);
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (isSpace(text.charCodeAt(at))) {
      at += 1;
      continue;
    }
    const end = endOfPart(text, at, quotations);
    parts.push(text.slice(at, end));
    at = end;
  }
  return parts;
}
