/**
 * JSON as Python's `json` module writes and reads it: ASCII only, compact, with `NaN` and integers of any size;
 * and, like Python, refusing what JSON has no form of rather than dropping it.
 */
import { isPlainObject } from './dict';
import { ValueError } from './errors';

const MAX_DEPTH = 500;

function quote(text: string): string {
  return toAscii(JSON.stringify(text));
}

function toAscii(json: string): string {
  return /[\x7f-\uffff]/.test(json)
    ? json.replace(/[\x7f-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json;
}

/** Whether both languages write an object alike: what most sessions are, and JSON.stringify is native. */
function isFlat(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !isPlainObject(value))
    return false;
  for (const key of Object.keys(value)) {
    const item = (value as Record<string, unknown>)[key];
    const kind = typeof item;
    if (kind === 'string' || kind === 'boolean' || item === null) continue;
    if (kind !== 'number' || !Number.isFinite(item)) return false;
  }
  // A prototype may bring a `toJSON`.
  return !('toJSON' in value);
}

/** The name of a value's type, for messages. */
function typeName(value: unknown): string {
  return typeof value === 'object' && value !== null ? value.constructor?.name || 'Object' : typeof value;
}

function write(value: unknown, depth: number): string {
  switch (typeof value) {
    case 'string':
      return quote(value);
    case 'number':
      if (Number.isFinite(value)) return String(value);
      return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
    case 'boolean':
      return value ? 'true' : 'false';
    case 'bigint':
      return String(value);
    case 'object':
      if (value === null) return 'null';
      if (depth > MAX_DEPTH) throw new ValueError('Circular reference detected');
      if (Array.isArray(value)) return writeArray(value, depth + 1);
      if (isPlainObject(value)) return writeObject(value as Record<string, unknown>, depth + 1);
  }
  throw new TypeError(`Object of type ${typeName(value)} is not JSON serializable`);
}

function writeArray(value: readonly unknown[], depth: number): string {
  let text = '[';
  for (let i = 0; i < value.length; i++) {
    if (i > 0) text += ',';
    text += write(value[i], depth);
  }
  return `${text}]`;
}

function writeObject(value: Record<string, unknown>, depth: number): string {
  let text = '{';
  for (const key of Object.keys(value)) {
    const item = value[key];
    if (item === undefined) continue; // An optional field that is not there, as in JSON.stringify.
    if (text.length > 1) text += ',';
    text += `${quote(key)}:${write(item, depth)}`;
  }
  return `${text}}`;
}

/**
 * Python's `json.dumps(value, separators=(',', ':'))`.
 *
 * @throws TypeError for what JSON has no form of: a Date, a Map, an instance of a class, `undefined` in a list.
 * @throws ValueError for an object that contains itself.
 */
export function dumps(value: unknown): string {
  return isFlat(value) ? toAscii(JSON.stringify(value)) : write(value, 0);
}

/** As many digits in a row may be an integer that a double cannot hold. */
const LONG_NUMBER = /\d{16}/;

/**
 * Python's `json.loads(text)`. An integer beyond 2^53 is a bigint, so that writing it back changes nothing.
 *
 * @throws SyntaxError
 */
export function loads(text: string): unknown {
  if (!LONG_NUMBER.test(text)) {
    try {
      return JSON.parse(text);
    } catch (error) {
      // Python also writes NaN and Infinity, which JSON does not have.
      if (!text.includes('NaN') && !text.includes('Infinity')) throw error;
    }
  }
  return new PythonJSONReader(text).read();
}

/** The slow path: numbers that JSON.parse would round, and words that it does not know. */
class PythonJSONReader {
  private position = 0;
  private readonly number = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y;
  private readonly word = /null|true|false|NaN|-?Infinity/y;
  private readonly space = /[ \t\n\r]*/y;

  constructor(private readonly text: string) {}

  read(): unknown {
    const value = this.value(0);
    this.skipSpace();
    if (this.position < this.text.length) throw this.fault();
    return value;
  }

  private fault(): SyntaxError {
    return new SyntaxError(`Unexpected token in JSON at position ${this.position}`);
  }

  private skipSpace(): void {
    this.match(this.space);
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.position = pattern.lastIndex;
    return found[0];
  }

  private take(letter: string): boolean {
    this.skipSpace();
    if (this.text[this.position] !== letter) return false;
    this.position++;
    return true;
  }

  private value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new SyntaxError('JSON nested too deeply');
    this.skipSpace();
    const first = this.text[this.position];
    if (first === '"') return this.string();
    if (first === '[') return this.array(depth + 1);
    if (first === '{') return this.object(depth + 1);
    const word = this.match(this.word);
    if (word !== undefined) return this.constant(word);
    const number = this.match(this.number);
    if (number === undefined) throw this.fault();
    const value = Number(number);
    // Writing it must give the same digits again.
    if (Number.isSafeInteger(value) || !/^-?\d+$/.test(number) || String(value) === number) return value;
    return BigInt(number);
  }

  private constant(word: string): unknown {
    if (word === 'null') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    return Number(word);
  }

  private string(): string {
    const start = this.position++;
    for (;;) {
      const letter = this.text[this.position];
      if (letter === undefined) throw this.fault();
      this.position += letter === '\\' ? 2 : 1;
      if (letter === '"') return JSON.parse(this.text.slice(start, this.position)) as string;
    }
  }

  private array(depth: number): unknown[] {
    const items: unknown[] = [];
    this.position++;
    if (this.take(']')) return items;
    do items.push(this.value(depth));
    while (this.take(','));
    if (!this.take(']')) throw this.fault();
    return items;
  }

  private object(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.position++;
    if (this.take('}')) return object;
    do {
      this.skipSpace();
      if (this.text[this.position] !== '"') throw this.fault();
      const key = this.string();
      if (!this.take(':')) throw this.fault();
      const value = this.value(depth);
      // Defined rather than assigned: `__proto__` is an ordinary key.
      Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true });
    } while (this.take(','));
    if (!this.take('}')) throw this.fault();
    return object;
  }
}
