/** Truncating text and HTML. Django: the `Truncator` of `django.utils.text`. */

import { escapeHtml } from '../python/html';
import { HTMLParser, VOID_ELEMENTS } from '../python/html_parser';
import { toStr } from '../python/str';
import { hasAstral, SPACE, splitWords, textHead, textLength } from '../python/text';
import { pgettext } from './translation';

const PLACE = '%(truncated_text)s';
/** Characters that are drawn on the one before and do not count: those with a combining class. */
const COMBINING = /\p{M}/u;

/**
 * Whether a character has a canonical combining class, which marks of the kinds Mc and Me mostly have not.
 * JavaScript does not tell the class; but only such characters change places when text is normalised.
 */
const combiningCache = new Map<string, boolean>();

function isCombining(character: string): boolean {
  if (character.charCodeAt(0) < 0x300 || !COMBINING.test(character)) return false;
  let answer = combiningCache.get(character);
  if (answer === undefined) {
    answer = reorders(character);
    combiningCache.set(character, answer);
  }
  return answer;
}

/** U+0334 has class 1 and U+0345 class 240, the lowest and highest; every other class sorts behind or before them. */
function reorders(character: string): boolean {
  // A character that is made of several has no class of its own.
  if (character.normalize('NFD') !== character) return false;
  const after = `a\u0345${character}`;
  const before = `a${character}\u0334`;
  return (
    after.normalize('NFD') !== after ||
    before.normalize('NFD') !== before ||
    character === '\u0345' ||
    LOWEST.test(character)
  );
}

/** Class 1, which sorts before nothing. */
const LOWEST =
  /[\u0334-\u0338\u20d2\u20d3\u20d8-\u20da\u20e5\u20e6\u20ea\u20eb\u{10a39}\u{16af0}-\u{16af4}\u{1bc9e}\u{1d167}-\u{1d169}]/u;

/** Text followed by the mark of truncation, or set into it where it names its place. */
function addTruncation(text: string, truncate: string | undefined): string {
  const mark = truncate ?? pgettext('String to return when truncating text', `${PLACE}…`);
  if (mark.includes(PLACE)) return mark.replaceAll(PLACE, () => text);
  return text.endsWith(mark) ? text : text + mark;
}

/** How many characters are left when the mark has its place. Django stops at 0 only when it gets there exactly. */
function lengthBeside(length: number, truncate: string | undefined): number {
  let left = length;
  for (const character of addTruncation('', truncate)) {
    if (isCombining(character)) continue;
    left -= 1;
    if (left === 0) break;
  }
  return left;
}

class TruncationCompleted extends Error {}

/** Copies HTML until enough text has gone by, then closes the elements that are open. */
abstract class TruncateHTMLParser extends HTMLParser {
  output = '';
  protected remaining: number;
  private readonly open: string[] = [];

  constructor(
    length: number,
    private readonly replacement: string | undefined,
  ) {
    super({ convertCharrefs: true });
    this.remaining = length;
  }

  /** How much text there is, and the part of it that may still be written, escaped. */
  protected abstract process(data: string): { length: number; output: string };

  override handleStartendtag(tag: string): void {
    this.handleStarttag(tag);
    if (!VOID_ELEMENTS.has(tag)) this.handleEndtag(tag);
  }

  override handleStarttag(tag: string): void {
    this.output += this.starttagText;
    if (!VOID_ELEMENTS.has(tag)) this.open.push(tag);
  }

  override handleEndtag(tag: string): void {
    if (VOID_ELEMENTS.has(tag)) return;
    this.output += `</${tag}>`;
    if (this.open.at(-1) === tag) this.open.pop();
  }

  override handleData(data: string): void {
    const { length, output } = this.process(data);
    if (this.remaining < length) {
      this.remaining = 0;
      this.output += addTruncation(output, this.replacement);
      throw new TruncationCompleted();
    }
    this.remaining -= length;
    this.output += output;
  }

  /** The HTML, truncated. What the parser waits to see the end of (an unclosed tag, a last `&`) is not in it. */
  truncate(html: string): string {
    try {
      this.feed(html);
    } catch (error) {
      if (!(error instanceof TruncationCompleted)) throw error;
      for (let i = this.open.length - 1; i >= 0; i--) this.output += `</${this.open[i]}>`;
    }
    return this.output;
  }
}

class TruncateCharsHTMLParser extends TruncateHTMLParser {
  private processed = 0;

  constructor(
    private readonly length: number,
    replacement: string | undefined,
  ) {
    super(lengthBeside(length, replacement), replacement);
  }

  protected override process(data: string): { length: number; output: string } {
    const length = textLength(data);
    this.processed += length;
    if (this.processed === this.length && textLength(this.output) + length === textLength(this.rawdata)) {
      this.output += data;
      throw new TruncationCompleted();
    }
    const output =
      this.remaining < 0 ? textHead(data, length + this.remaining) : textHead(data, this.remaining);
    return { length, output: escapeHtml(output) };
  }
}

const WORD_GAP = new RegExp(`(?<=[^${SPACE}])[${SPACE}]+(?=[^${SPACE}])`);

class TruncateWordsHTMLParser extends TruncateHTMLParser {
  protected override process(data: string): { length: number; output: string } {
    const words = data.split(WORD_GAP);
    return { length: words.length, output: escapeHtml(words.slice(0, this.remaining).join(' ')) };
  }
}

/** How to truncate. */
export interface TruncateOptions {
  /** What marks the place; `%(truncated_text)s` in it stands for the text. An ellipsis where left out. */
  truncate?: string;
  /** The text is HTML: tags do not count, and elements are closed. */
  html?: boolean;
}

/** Truncates a text to a number of characters or words. */
export class Truncator {
  private readonly text: string;

  constructor(text: unknown) {
    this.text = toStr(text);
  }

  /** The text in at most `length` characters, the mark included. */
  chars(length: number, { truncate, html = false }: TruncateOptions = {}): string {
    if (length <= 0) return '';
    const text = this.text.normalize('NFC');
    if (html) return new TruncateCharsHTMLParser(length, truncate).truncate(text);
    if (text.length <= length && !hasAstral(text)) return text;
    const room = lengthBeside(length, truncate);
    let count = 0;
    let at = 0;
    let end: number | undefined;
    for (const character of text) {
      if (!isCombining(character)) {
        count += 1;
        if (end === undefined && count > room) end = at;
        if (count > length) return addTruncation(text.slice(0, end ?? 0), truncate);
      }
      at += character.length;
    }
    return text;
  }

  /** The first `length` words; text that is not HTML has its white space made single spaces. */
  words(length: number, { truncate, html = false }: TruncateOptions = {}): string {
    if (length <= 0) return '';
    if (html) return new TruncateWordsHTMLParser(length, truncate).truncate(this.text);
    const words = splitWords(this.text);
    if (words.length <= length) return words.join(' ');
    return addTruncation(words.slice(0, length).join(' '), truncate);
  }
}
