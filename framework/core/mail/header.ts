/**
 * Values of headers: words that are no ASCII are encoded (RFC 2047), long lines folded, as Python's `email.header` does
 * it.
 */
const MAX_LINE = 78;
/** `=?utf-8?b?` and `?=`: what an encoded word has besides its letters. */
const CHROME = 'utf-8'.length + 7;
const SPLIT_CHARS = [';', ',', ' ', '\t'];

type Chunk = readonly [space: string, text: string];

const lengthOf = (chunks: readonly Chunk[]): number =>
  chunks.reduce((length, [space, text]) => length + space.length + text.length, 0);
const textOf = (chunks: readonly Chunk[]): string => chunks.map((chunk) => chunk.join('')).join('');

/** The lines of a value as they fill up. Python: `_ValueFormatter`. */
class Lines {
  readonly complete: string[] = [];
  private current: Chunk[] = [];

  /** @param initial the length of the header's name, which stands before the first line. */
  constructor(
    private initial: number,
    private readonly max: number,
  ) {}

  private get length(): number {
    return this.initial + lengthOf(this.current);
  }

  push(space: string, text: string): void {
    this.current.push([space, text]);
  }

  newline(): void {
    const last = this.current.pop();
    if (last !== undefined && !(last[0] === ' ' && last[1] === '')) this.current.push(last);
    if (this.length > 0) {
      const text = textOf(this.current);
      const isSpace = this.initial === 0 && text.trim() === '';
      if (isSpace && this.complete.length > 0) this.complete[this.complete.length - 1] += text;
      else this.complete.push(text);
    }
    this.reset();
  }

  private reset(chunks: Chunk[] = []): void {
    this.current = chunks;
    this.initial = 0;
  }

  /** How much fits on the line, and on each that follows. */
  room(isFirst: boolean): number {
    return isFirst ? this.max - this.length : this.max - 1;
  }

  append(space: string, text: string): void {
    this.push(space, text);
    if (this.length <= this.max) return;
    for (const char of SPLIT_CHARS) {
      for (let at = this.current.length - 1; at > 0; at--) {
        const ownSpace = this.current[at]?.[0] ?? '';
        const before = this.current[at - 1]?.[1] ?? '';
        const isHere = char.trim() === '' ? ownSpace.startsWith(char) : false;
        if (!isHere && !before.endsWith(char)) continue;
        const rest = this.current.splice(at);
        this.complete.push(textOf(this.current));
        this.reset(rest);
        return;
      }
    }
    const last = this.current.pop() as Chunk;
    let [lastSpace] = last;
    if (this.initial > 0) {
      this.newline();
      if (lastSpace === '') lastSpace = ' ';
    }
    this.current.push([lastSpace, last[1]]);
  }
}

/** A letter in the Q encoding of headers. */
function q(byte: number): string {
  if (byte === 0x20) return '_';
  const char = String.fromCharCode(byte);
  return /[-!*+/A-Za-z0-9]/.test(char) ? char : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
}

const base64Length = (bytes: number): number => Math.ceil(bytes / 3) * 4;

/** Encoded words: each fits on its line. Python: `Charset.header_encode_lines`. */
function encodedWords(text: string, room: (isFirst: boolean) => number): (string | undefined)[] {
  const whole = Buffer.from(text);
  let qLength = 0;
  for (const byte of whole) qLength += q(byte).length;
  const isBase64 = base64Length(whole.length) < qLength;
  const encode = (part: string): string => {
    const bytes = Buffer.from(part);
    const word = isBase64 ? bytes.toString('base64') : Array.from(bytes, q).join('');
    return `=?utf-8?${isBase64 ? 'b' : 'q'}?${word}?=`;
  };
  const words: (string | undefined)[] = [];
  let [current, size] = ['', 0];
  let left = room(true) - CHROME;
  for (const char of text) {
    const bytes = Buffer.from(char);
    const more = isBase64 ? bytes.length : Array.from(bytes, q).join('').length;
    const needed = isBase64 ? base64Length(size + more) : size + more;
    if (needed > left) {
      words.push(words.length === 0 && current === '' ? undefined : encode(current));
      [current, size] = ['', 0];
      left = room(false) - CHROME;
    }
    current += char;
    size += more;
  }
  words.push(encode(current));
  return words;
}

function feedWords(lines: Lines, space: string, text: string): void {
  const words = encodedWords(text, (isFirst) => lines.room(isFirst));
  const first = words.shift();
  if (first !== undefined) lines.append(space, first);
  const last = words.pop();
  if (last === undefined) return;
  lines.newline();
  lines.push(' ', last);
  for (const word of words) lines.complete.push(` ${word}`);
}

function feedAscii(lines: Lines, space: string, text: string): void {
  const parts = (space + text).split(/([ \t]+)/);
  if (parts[0] === '') parts.shift();
  else parts.unshift('');
  for (let at = 0; at + 1 < parts.length; at += 2) lines.append(parts[at] as string, parts[at + 1] as string);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: that is what ASCII is.
const ASCII = /^[\x00-\x7f]*$/;

/** Whether a text needs no encoding. */
export const isAscii = (text: string): boolean => ASCII.test(text);

/** How a value is encoded. */
export interface EncodeOptions {
  /** The header's name, which stands before it. */
  readonly name?: string;
  readonly maxLine?: number;
}

/** A value as it stands in a message. Python: `Header(value).encode()`; what goes on stands on lines with a space in front. */
export function encodeHeader(value: string, { name, maxLine = MAX_LINE }: EncodeOptions = {}): string {
  const lines = new Lines(name === undefined ? 0 : name.length + 2, maxLine);
  const feed = isAscii(value) ? feedAscii : feedWords;
  const [first = '', ...others] = value.split(/\r\n|[\r\n]/);
  feed(lines, '', first);
  for (const other of others) {
    lines.newline();
    const text = other.trimStart();
    if (feed === feedWords) feed(lines, ' ', ` ${text}`);
    else feed(lines, other.slice(0, other.length - text.length), text);
  }
  if (others.length > 0) lines.newline();
  lines.push(' ', '');
  lines.newline();
  return lines.complete.join('\n');
}
