/** Removing tags from HTML. Django: `strip_tags` of `django.utils.html`. */
import { SuspiciousOperation } from '../core/exceptions';
import { HTMLParser } from '../python/html_parser';
import { toStr } from '../python/str';
import { count } from '../python/text';

const MAX_DEPTH = 50;
/** A tag that is not closed within so many characters, and has many more tags in it, is an attack. */
const LONG_TAG = 1000;

class Stripper extends HTMLParser {
  text = '';

  constructor() {
    super({ convertCharrefs: false });
  }

  override handleData(data: string): void {
    this.text += data;
  }

  override handleEntityref(name: string): void {
    this.text += `&${name};`;
  }

  override handleCharref(name: string): void {
    this.text += `&#${name};`;
  }
}

function stripOnce(text: string): string {
  const parser = new Stripper();
  parser.feed(text);
  parser.close();
  return parser.text;
}

function refuseLongTags(text: string): void {
  const tag = /<[a-zA-Z]/g;
  let close = -1;
  for (let found = tag.exec(text); found !== null; found = tag.exec(text)) {
    if (close < found.index) {
      close = text.indexOf('>', found.index);
      if (close === -1) close = text.length;
    }
    if (close - found.index - 2 < LONG_TAG) continue;
    if (count(text.slice(found.index, close), '<') >= MAX_DEPTH) throw new SuspiciousOperation();
    tag.lastIndex = close;
  }
}

/**
 * Text without what looks like a tag, again and again until nothing does. The result is not safe HTML: it has to be
 * escaped all the same.
 *
 * @throws SuspiciousOperation for text made to take very long.
 */
export function stripTags(value: unknown): string {
  let text = toStr(value);
  refuseLongTags(text);
  for (let depth = 0; text.includes('<') && text.includes('>'); depth++) {
    if (depth >= MAX_DEPTH) throw new SuspiciousOperation();
    const stripped = stripOnce(text);
    if (count(stripped, '<') === count(text, '<')) break;
    text = stripped;
  }
  return text;
}
