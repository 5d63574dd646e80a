/**
 * A parser of HTML that calls a method for each thing it meets. It reads what Python's `html.parser` of 3.11 reads, since
 * `stripTags` and the truncation filters show through what it takes for a tag.
 *
 * Every search that fails is remembered, so that no input is read to its end more than once for each kind of search.
 */
import { unescapeHtml } from './html';
import { HTMLSource } from './html_source';
import { SPACE } from './text';

/** Elements that have no content and no end tag. https://html.spec.whatwg.org/#void-elements and two old ones. */
export const VOID_ELEMENTS: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta param source track wbr frame spacer'.split(' '),
);

/** Elements whose content is no markup. */
const RAW_TEXT: ReadonlySet<string> = new Set(['script', 'style']);

const LETTER = /[a-zA-Z]/;
const CHARREF = /&#(?:[0-9]+|[xX][0-9a-fA-F]+)(?=[^0-9a-fA-F])/y;
const ENTITYREF = /&([a-zA-Z][-.a-zA-Z0-9]*)(?=[^a-zA-Z0-9])/y;
const ENDTAG = new RegExp(`</[${SPACE}]*([a-zA-Z][-.a-zA-Z0-9:_]*)[${SPACE}]*>`, 'y');
const SECTION = new RegExp(`<!\\[([a-zA-Z][-_.a-zA-Z0-9]*)[${SPACE}]*`, 'y');
const SCRIPT_END = new RegExp(`</[${SPACE}]*script[${SPACE}]*>`, 'gi');
const STYLE_END = new RegExp(`</[${SPACE}]*style[${SPACE}]*>`, 'gi');
const REFERENCE_END = new RegExp(`[${SPACE};]`);

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

/** How the parser hands text on. */
export interface HTMLParserOptions {
  /** Character references come resolved in `handleData()`, instead of in methods of their own. */
  convertCharrefs?: boolean;
}

/** Subclass it, override what you need, `feed()` it, `close()` it. */
export class HTMLParser extends HTMLSource {
  /** The source of the start tag that is being handled. */
  protected starttagText = '';
  private readonly convertCharrefs: boolean;
  /** The element of raw text that we are in. */
  private rawElement: string | null = null;
  /** How many characters were read as start tags that turned out to be none. */
  private wasted = 0;

  constructor({ convertCharrefs = true }: HTMLParserOptions = {}) {
    super();
    this.convertCharrefs = convertCharrefs;
  }

  handleStartendtag(tag: string): void {
    this.handleStarttag(tag);
    this.handleEndtag(tag);
  }
  handleStarttag(_tag: string): void {}
  handleEndtag(_tag: string): void {}
  handleData(_data: string): void {}
  handleCharref(_name: string): void {}
  handleEntityref(_name: string): void {}

  /** Parses text as far as it is complete. */
  feed(data: string): void {
    this.rawdata += data;
    this.forgetSearches();
    this.wasted = 0;
    this.run(false);
  }

  /** Parses the rest as if the text ended here. */
  close(): void {
    this.forgetSearches();
    this.run(true);
  }

  private data(text: string): void {
    this.handleData(this.convertCharrefs && this.rawElement === null ? unescapeHtml(text) : text);
  }

  /** Where text that is no markup ends: at the next `<` (or `&`, or end tag of the raw element); -1 to wait. */
  private endOfText(from: number): number {
    const { rawdata } = this;
    if (this.rawElement !== null) return this.endOfRawText(from);
    const tag = this.indexOf('<', from);
    if (!this.convertCharrefs) {
      const reference = this.indexOf('&', from);
      if (tag === -1) return reference === -1 ? rawdata.length : reference;
      return reference === -1 ? tag : Math.min(tag, reference);
    }
    if (tag !== -1) return tag;
    // A reference that is not over yet may still grow.
    const reference = rawdata.lastIndexOf('&');
    const waits =
      reference >= Math.max(from, rawdata.length - 34) && !REFERENCE_END.test(rawdata.slice(reference));
    return waits ? -1 : rawdata.length;
  }

  private endOfRawText(from: number): number {
    const pattern = this.rawElement === 'style' ? STYLE_END : SCRIPT_END;
    return matchAt(pattern, this.rawdata, from)?.index ?? -1;
  }

  private run(end: boolean): void {
    let at = 0;
    while (at < this.rawdata.length) {
      const text = this.endOfText(at);
      if (text === -1) break;
      if (at < text) this.data(this.rawdata.slice(at, text));
      at = text;
      if (at === this.rawdata.length) break;
      const next = this.rawdata[at] === '<' ? this.markup(at, end) : this.reference(at, end);
      if (next < 0) {
        at = -next - 1;
        break;
      }
      at = next;
    }
    if (end && at < this.rawdata.length && this.rawElement === null) {
      this.data(this.rawdata.slice(at));
      at = this.rawdata.length;
    }
    this.rawdata = this.rawdata.slice(at);
  }

  /** Handles what starts with `<`. Returns where it ends; `-1 - where` to stop there. */
  private markup(at: number, end: boolean): number {
    const next = this.rawdata[at + 1];
    let to: number;
    if (next === undefined) return -1 - at;
    if (LETTER.test(next)) to = this.wasted > this.patience() ? -1 : this.starttag(at);
    else if (next === '/') to = this.endtag(at);
    else if (this.rawdata.startsWith('<!--', at)) to = this.endOf('--', at + 4);
    else if (next === '?') to = after(this.indexOf('>', at + 2));
    else if (next === '!') to = this.declaration(at);
    else {
      this.handleData('<');
      return at + 1;
    }
    if (to >= 0) return to;
    if (!end) return -1 - at;
    to = after(this.indexOf('>', at + 1));
    if (to === -1) to = this.indexOf('<', at + 1);
    if (to === -1) to = at + 1;
    this.data(this.rawdata.slice(at, to));
    return to;
  }

  /**
   * Text can be made so that each of its tags is only found out at its end to be none. Past this many characters
   * read in vain, what is left counts as text.
   */
  private patience(): number {
    return 1_000_000 + 20 * this.rawdata.length;
  }

  private declaration(at: number): number {
    if (!this.rawdata.startsWith('<![', at)) return after(this.indexOf('>', at + 2));
    const found = matchAt(SECTION, this.rawdata, at);
    if (found !== null && at + found[0].length === this.rawdata.length) return -1;
    switch (found?.[1]?.toLowerCase()) {
      case 'temp':
      case 'cdata':
      case 'ignore':
      case 'include':
      case 'rcdata':
        return this.endOfSection(at + 3);
      case 'if':
      case 'else':
      case 'endif':
        return this.endOf(']', at + 3);
      default:
        // Python 3.11 fails here with an AssertionError; later ones, as the standard, see a comment.
        return after(this.indexOf('>', at + 2));
    }
  }

  private endtag(at: number): number {
    const close = this.indexOf('>', at + 1);
    if (close === -1) return -1;
    const proper = matchAt(ENDTAG, this.rawdata, at);
    const tag = proper?.[1]?.toLowerCase();
    if (this.rawElement !== null && tag !== this.rawElement) {
      this.handleData(this.rawdata.slice(at, close + 1));
    } else if (tag !== undefined) {
      this.handleEndtag(tag);
      this.rawElement = null;
    } else if (LETTER.test(this.rawdata[at + 2] as string)) {
      this.handleEndtag(this.tagName(at + 2).toLowerCase());
    }
    return close + 1;
  }

  /** Handles what starts with `&`; returns as `markup()` does. */
  private reference(at: number, end: boolean): number {
    const { rawdata } = this;
    const numeric = rawdata[at + 1] === '#';
    const found = matchAt(numeric ? CHARREF : ENTITYREF, rawdata, at);
    if (found !== null) {
      const name = found[0].slice(numeric ? 2 : 1);
      if (numeric) this.handleCharref(name);
      else this.handleEntityref(name);
      const to = at + found[0].length;
      return rawdata[to] === ';' ? to + 1 : to;
    }
    const next = rawdata[at + 1];
    if (numeric) {
      if (this.indexOf(';', at) === -1) return -1 - at;
      this.handleData('&#');
      return -1 - (at + 2);
    }
    if (next === undefined) return -1 - at;
    if (LETTER.test(next)) return -1 - (end && at + 2 === rawdata.length ? at + 1 : at);
    this.handleData('&');
    return at + 1;
  }

  private starttag(at: number): number {
    const nameEnd = at + 1 + this.tagName(at + 1).length;
    const head = this.endOfAttributes(nameEnd);
    const to = this.endOfStarttag(head);
    if (to < 0) {
      this.wasted += head - at;
      return to;
    }
    this.starttagText = this.rawdata.slice(at, to);
    const next = this.rawdata[head];
    if (next !== '>' && next !== '/') {
      this.handleData(this.starttagText);
      return to;
    }
    const tag = this.rawdata.slice(at + 1, nameEnd).toLowerCase();
    // Without attributes the slash has been skipped as white space is.
    if (next === '/' || (this.withoutAttributes && this.rawdata[head - 1] === '/')) {
      this.handleStartendtag(tag);
    } else {
      this.handleStarttag(tag);
      if (RAW_TEXT.has(tag)) this.rawElement = tag;
    }
    return to;
  }
}

/** The index behind the character at an index; -1 stays. */
function after(index: number): number {
  return index === -1 ? -1 : index + 1;
}
