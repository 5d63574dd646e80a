/** A JSON list that is read as it comes. */
import { DeserializationError } from './errors';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const isOpening = (code: number): boolean => code === 0x5b || code === 0x7b;
const isClosing = (code: number): boolean => code === 0x5d || code === 0x7d;
const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0xfeff;

/**
 * Splits the text of a list into the texts of its items. It looks at brackets, strings and commas alone: whether an item
 * is JSON is for who parses it. The time is linear, and no more than one item and one chunk is kept.
 */
class Splitter {
  private depth = 0;
  private inString = false;
  private escaped = false;
  private ended = false;
  private parts: string[] = [];
  private items = 0;

  /** The items that are complete with this chunk. */
  *feed(chunk: string): Generator<string, void, undefined> {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const code = chunk.charCodeAt(at);
      if (this.inString) {
        if (this.escaped) this.escaped = false;
        else if (code === BACKSLASH) this.escaped = true;
        else if (code === QUOTE) this.inString = false;
      } else if (this.depth === 0) {
        if (isSpace(code)) continue;
        if (code !== 0x5b || this.ended)
          throw fault(this.ended ? 'It goes on behind its list.' : 'It is no list.');
        this.depth = 1;
        start = at + 1;
      } else if (code === QUOTE) this.inString = true;
      else if (isOpening(code)) this.depth++;
      else if (isClosing(code)) {
        this.depth--;
        if (this.depth > 0) continue;
        const last = this.take(chunk, start, at);
        if (last.trim() !== '') yield last;
        else if (this.items > 0) throw fault('There is nothing behind its last comma.');
        this.ended = true;
      } else if (code === COMMA && this.depth === 1) {
        this.items++;
        yield this.take(chunk, start, at);
        start = at + 1;
      }
    }
    if (this.depth > 0) this.parts.push(chunk.slice(start));
  }

  /** @throws DeserializationError where the list has no end. */
  finish(): void {
    if (!this.ended) throw fault('It ends within its list.');
  }

  private take(chunk: string, start: number, end: number): string {
    const text = this.parts.join('') + chunk.slice(start, end);
    this.parts = [];
    return text;
  }
}

function fault(what: string): DeserializationError {
  return new DeserializationError(`The data is not JSON: ${what}`);
}

/** The texts of the items of a JSON list. @throws DeserializationError for what is no list. */
export async function* jsonItems(chunks: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  const splitter = new Splitter();
  for await (const chunk of chunks) yield* splitter.feed(chunk);
  splitter.finish();
}
