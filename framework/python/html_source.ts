/** What the HTML parser looks for in its text: where things end. No search is repeated that is known to fail. */
import { isSpace } from './text';

const LETTER = /[a-zA-Z]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: a NUL ends a name
const TAG_NAME_END = /[\t\n\r\f />\x00]/g;

/** The text of a parser, and the questions it has about it. */
export abstract class HTMLSource {
  /** What is being parsed; after `feed()`, what could not be parsed yet. */
  rawdata = '';
  /** Whether the start tag that was read last had no attributes. */
  protected withoutAttributes = false;
  /** From where on a search is known to find nothing, by what is searched. */
  private readonly absent = new Map<string, number>();

  /** Forgets which searches failed: there is more text now. */
  protected forgetSearches(): void {
    this.absent.clear();
  }

  protected indexOf(part: string, from: number): number {
    const known = this.absent.get(part);
    if (known !== undefined && from >= known) return -1;
    const at = this.rawdata.indexOf(part, from);
    if (at === -1) this.absent.set(part, Math.min(from, known ?? from));
    return at;
  }

  /** Where `first`, white space and `>` follow each other: the index behind them, or -1. */
  protected endOf(first: string, from: number): number {
    const key = `${first} >`;
    const known = this.absent.get(key);
    if (known !== undefined && from >= known) return -1;
    for (let at = this.indexOf(first, from); at !== -1; at = this.indexOf(first, at + 1)) {
      const end = this.skipSpace(at + first.length);
      if (this.rawdata[end] === '>') return end + 1;
      // What was white space up to here is no place for `first` either.
      at = Math.max(at, end - first.length);
    }
    this.absent.set(key, from);
    return -1;
  }

  protected skipSpace(from: number): number {
    let at = from;
    while (at < this.rawdata.length && isSpace(this.rawdata.charCodeAt(at))) at += 1;
    return at;
  }

  /** Where `]`, `]` and `>` follow each other, with white space between. */
  protected endOfSection(from: number): number {
    for (let at = this.indexOf(']', from); at !== -1; at = this.indexOf(']', at + 1)) {
      const second = this.skipSpace(at + 1);
      if (this.rawdata[second] === ']') {
        const last = this.skipSpace(second + 1);
        if (this.rawdata[last] === '>') return last + 1;
      }
      at = Math.max(at, second - 1);
    }
    return -1;
  }

  protected tagName(at: number): string {
    TAG_NAME_END.lastIndex = at;
    const end = TAG_NAME_END.exec(this.rawdata);
    return this.rawdata.slice(at, end === null ? this.rawdata.length : end.index);
  }

  /** Where a start tag ends whose attributes end at `head`; -1 where it is not complete. */
  protected endOfStarttag(head: number): number {
    const next = this.rawdata[head];
    if (next === '>') return head + 1;
    if (next === '/') return this.rawdata[head + 1] === '>' ? head + 2 : -1;
    return next === undefined || next === '=' || LETTER.test(next) ? -1 : head;
  }

  /** Where the attributes end that start behind a tag's name. */
  protected endOfAttributes(from: number): number {
    const { rawdata } = this;
    let at = from;
    while (rawdata[at] === '/' || isSpace(rawdata.charCodeAt(at))) at += 1;
    this.withoutAttributes = true;
    while (this.startsAttribute(at)) {
      this.withoutAttributes = false;
      at += 1;
      while (at < rawdata.length && !this.endsAttributeName(at)) at += 1;
      at = this.endOfValue(at);
      while (isSpace(rawdata.charCodeAt(at)) || (rawdata[at] === '/' && rawdata[at + 1] !== '>')) at += 1;
    }
    return at;
  }

  protected startsAttribute(at: number): boolean {
    const first = this.rawdata[at];
    if (first === undefined || first === '/' || first === '>' || isSpace(first.charCodeAt(0))) return false;
    const before = this.rawdata[at - 1] as string;
    return before === '"' || before === "'" || before === '/' || isSpace(before.charCodeAt(0));
  }

  protected endsAttributeName(at: number): boolean {
    const character = this.rawdata[at];
    return (
      character === '=' || character === '/' || character === '>' || isSpace(this.rawdata.charCodeAt(at))
    );
  }

  /** Where the value ends of an attribute whose name ends at `from`; `from` where it has none. */
  protected endOfValue(from: number): number {
    const equals = this.skipSpace(from);
    let last = equals;
    while (this.rawdata[last] === '=') last += 1;
    if (last === equals) return from;
    const start = this.skipSpace(last);
    const quote = this.rawdata[start];
    if (quote !== '"' && quote !== "'") return this.endOfBareValue(start);
    const close = this.indexOf(quote, start + 1);
    if (close !== -1) return close + 1;
    // A quote that is never closed starts another attribute, if the value before it can be empty.
    if (start > last) return start;
    return last - equals > 1 ? this.endOfBareValue(last - 1) : from;
  }

  protected endOfBareValue(from: number): number {
    const { rawdata } = this;
    let at = from;
    while (at < rawdata.length && rawdata[at] !== '>' && !isSpace(rawdata.charCodeAt(at))) at += 1;
    return at;
  }
}
