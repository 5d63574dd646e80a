/** Python's `json.loads()`, which knows floats from integers, and NaN and Infinity. */
import { MAX_NUMBER_LENGTH } from '../../python/decimal';
import { pyFloat } from '../../python/types';

const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORDS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['true', true],
  ['false', false],
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
];
/** As deep as Python goes. */
const MAX_DEPTH = 990;

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): unknown {
    const value = this.value(0);
    this.space();
    if (this.at !== this.text.length) throw new SyntaxError('Extra data');
    return value;
  }

  private space(): void {
    while (' \t\n\r'.includes(this.text[this.at] ?? 'x')) this.at += 1;
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found !== null) this.at += found[0].length;
    return found;
  }

  private take(character: string): boolean {
    this.space();
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }

  private need(character: string): void {
    if (!this.take(character)) throw new SyntaxError(`Expecting '${character}' delimiter`);
  }

  private value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new SyntaxError('The text is nested too deeply.');
    this.space();
    const first = this.text[this.at];
    if (first === '"') return this.string();
    if (first === '[') return this.list(depth);
    if (first === '{') return this.object(depth);
    for (const [word, value] of WORDS) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    const number = this.match(NUMBER);
    if (number === null) throw new SyntaxError('Expecting value');
    if (number[1] !== undefined || number[2] !== undefined) return pyFloat(Number(number[0]));
    const integer = Number(number[0]);
    if (Number.isSafeInteger(integer)) return integer + 0;
    if (number[0].length > MAX_NUMBER_LENGTH) throw new SyntaxError('The number has too many digits.');
    return BigInt(number[0]);
  }

  private string(): string {
    const found = this.match(STRING);
    if (found === null) throw new SyntaxError('Invalid string');
    return JSON.parse(found[0]) as string;
  }

  private list(depth: number): unknown[] {
    this.at += 1;
    const items: unknown[] = [];
    if (this.take(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.take(','));
    this.need(']');
    return items;
  }

  private object(depth: number): Record<string, unknown> {
    this.at += 1;
    const entries: [string, unknown][] = [];
    if (this.take('}')) return {};
    do {
      this.space();
      const key = this.string();
      this.need(':');
      entries.push([key, this.value(depth + 1)]);
    } while (this.take(','));
    this.need('}');
    // Own properties, whatever they are called.
    return Object.fromEntries(entries);
  }
}

/** The value of a text. @throws SyntaxError */
export function parseJson(text: string): unknown {
  return new Reader(text).whole();
}
