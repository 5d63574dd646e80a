/**
 * Python's regular expressions as JavaScript's, so that a URLconf's patterns mean what they mean in Django.
 *
 * Named groups become numbered ones, since a JavaScript pattern may not name one twice and patterns are joined
 * when URLs are reversed; the names come back beside the source. `\d`, `\w`, `\s` and `\b` know all of Unicode, as
 * Python's do; `$` also matches before a final line end.
 *
 * Python: https://docs.python.org/3/library/re.html#regular-expression-syntax
 */
import { ValueError } from './errors';

/** What is no pattern, or has what JavaScript cannot do. Python: `re.PatternError`. */
export class PatternError extends ValueError {}

/** A pattern in JavaScript's syntax. */
export interface TranslatedRegex {
  /** The source, for a RegExp with the flag `v`. */
  readonly source: string;
  /** Of each capturing group its name, `undefined` where it has none. */
  readonly groups: readonly (string | undefined)[];
  readonly ignoreCase: boolean;
}

/** How a pattern is to be read. */
export interface TranslateOptions {
  /** It was a JavaScript literal: `\w` and friends are ASCII's, `$` is the very end. */
  javascript?: boolean;
  ignoreCase?: boolean;
  /** How many groups come before this pattern in the one that it becomes a part of. */
  offset?: number;
}

const SPACE = String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`;
const CLASSES: Readonly<Record<string, string>> = {
  d: String.raw`\p{Nd}`,
  D: String.raw`\P{Nd}`,
  w: String.raw`[\p{L}\p{N}_]`,
  W: String.raw`[^\p{L}\p{N}_]`,
  s: `[${SPACE}]`,
  S: `[^${SPACE}]`,
};
const CONTROL: Readonly<Record<string, string>> = {
  n: '\\n',
  r: '\\r',
  t: '\\t',
  v: '\\v',
  f: '\\f',
  a: '\\x07',
};
const WORD = CLASSES['w'] as string;
const EDGES: Readonly<Record<string, string>> = {
  b: `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`,
  B: `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`,
};
const SYNTAX = /[\^$\\.*+?()[\]{}|/]/;
const PUNCTUATION = /[!-/:-@[-^`{-~]/;

/** A character outside of a class, standing for itself. */
function literal(char: string): string {
  return SYNTAX.test(char) ? `\\${char}` : char;
}

/** A character inside a class, standing for itself; the flag `v` reserves most punctuation there. */
function classLiteral(char: string): string {
  return PUNCTUATION.test(char) && char !== '"' && char !== "'" ? `\\${char}` : char;
}

class Translator {
  private position = 0;
  private output = '';
  private readonly groups: (string | undefined)[] = [];
  private ascii: boolean;
  private dotAll = false;
  private ignoreCase: boolean;

  constructor(
    private readonly pattern: string,
    private readonly options: TranslateOptions,
  ) {
    this.ascii = options.javascript === true;
    this.ignoreCase = options.ignoreCase === true;
  }

  private fail(what: string): never {
    throw new PatternError(`"${this.pattern}" is not a valid regular expression: ${what}`);
  }

  private take(count = 1): string {
    const text = this.pattern.slice(this.position, this.position + count);
    this.position += count;
    return text;
  }

  private match(regex: RegExp): RegExpExecArray | undefined {
    regex.lastIndex = this.position;
    const found = regex.exec(this.pattern);
    if (!found) return undefined;
    this.position += found[0].length;
    return found;
  }

  translate(): TranslatedRegex {
    const flags = this.match(/\(\?([aimsux]+)\)/y);
    if (flags) this.setFlags(flags[1] ?? '');
    while (this.position < this.pattern.length) this.item();
    return { source: this.output, groups: this.groups, ignoreCase: this.ignoreCase };
  }

  private setFlags(flags: string): void {
    for (const flag of flags) {
      if (flag === 'i') this.ignoreCase = true;
      else if (flag === 's') this.dotAll = true;
      else if (flag === 'a') this.ascii = true;
      else if (flag !== 'u') this.fail(`the flag '${flag}' is not supported`);
    }
  }

  private item(): void {
    const char = this.take();
    switch (char) {
      case '\\':
        this.output += this.escape();
        break;
      case '[':
        this.output += this.characterClass();
        break;
      case '(':
        this.group();
        break;
      case '.':
        this.output += this.dotAll ? '[\\s\\S]' : '[^\\n]';
        break;
      case '$':
        this.output += this.options.javascript ? '$' : '(?=\\n?$)';
        break;
      case '*':
      case '+':
      case '?':
        this.output += char;
        this.possessive();
        break;
      case '{': {
        const bounds = this.match(/(\d*)(,?)(\d*)\}/y);
        if (!bounds || (bounds[1] === '' && bounds[3] === '')) {
          if (bounds) this.position -= bounds[0].length;
          this.output += '\\{';
        } else {
          this.output += `{${bounds[1] || '0'}${bounds[2]}${bounds[3]}}`;
          this.possessive();
        }
        break;
      }
      case ')':
      case '|':
      case '^':
        this.output += char;
        break;
      default:
        this.output += literal(char);
    }
  }

  private possessive(): void {
    if (this.pattern[this.position] === '?') this.output += this.take();
    else if (this.pattern[this.position] === '+') this.fail('possessive quantifiers are not supported');
  }

  private group(): void {
    const start = this.match(/\?(?:P?<([\p{L}_][\p{L}\p{N}_]*)>|P=(\w+)\)|(:|=|!|<=|<!)|#[^)]*\)|(.?))/uy);
    if (!start) {
      this.groups.push(undefined);
      this.output += '(';
    } else if (start[1] !== undefined) {
      if (this.groups.includes(start[1])) this.fail(`redefinition of group name '${start[1]}'`);
      this.groups.push(start[1]);
      this.output += '(';
    } else if (start[2] !== undefined) {
      this.output += this.reference(start[2]);
    } else if (start[3] !== undefined) {
      this.output += `(?${start[3]}`;
    } else if (start[4] !== undefined) {
      this.fail(`'(?${start[4]}' is not supported`);
    }
  }

  private reference(name: string): string {
    const index = this.groups.indexOf(name);
    if (index < 0) this.fail(`unknown group name '${name}'`);
    return `(?:\\${index + 1 + (this.options.offset ?? 0)})`;
  }

  /** What follows a backslash, where it means the same inside and outside of a class. */
  private commonEscape(char: string): string | undefined {
    if (char in CONTROL) return CONTROL[char];
    if (char in CLASSES) return this.ascii ? `\\${char}` : CLASSES[char];
    const code = this.codePoint(char);
    if (code !== undefined) return `\\u{${code.toString(16)}}`;
    if (this.options.javascript && (char === 'p' || char === 'P')) {
      const property = this.match(/\{[\w=]+\}/y);
      if (property) return `\\${char}${property[0]}`;
    }
    return undefined;
  }

  private codePoint(char: string): number | undefined {
    const digits = { x: /[0-9a-fA-F]{2}/y, u: /[0-9a-fA-F]{4}/y, U: /[0-9a-fA-F]{8}/y, 0: /[0-7]{0,2}/y }[
      char
    ];
    if (!digits) return undefined;
    const found = this.match(digits);
    if (!found) this.fail(`incomplete escape \\${char}`);
    return char === '0' ? Number.parseInt(found[0] || '0', 8) : Number.parseInt(found[0], 16);
  }

  private escape(): string {
    const char = this.take();
    if (char === '') this.fail('bad escape (end of pattern)');
    const common = this.commonEscape(char);
    if (common !== undefined) return common;
    if (char === 'A') return '^';
    if (char === 'Z') return '$';
    if (char in EDGES) return this.ascii ? `\\${char}` : (EDGES[char] ?? '');
    if (char === 'k' && this.options.javascript) {
      const name = this.match(/<(\w+)>/y)?.[1];
      if (name) return this.reference(name);
    }
    if (/[1-9]/.test(char)) {
      const number = Number(char + (this.match(/\d/y)?.[0] ?? ''));
      if (number > this.groups.length) this.fail(`invalid group reference ${number}`);
      return `(?:\\${number + (this.options.offset ?? 0)})`;
    }
    if (/[A-Za-z]/.test(char)) this.fail(`bad escape \\${char}`);
    return literal(char);
  }

  private characterClass(): string {
    let inside = this.match(/\^/y) ? '^' : '';
    let first = true;
    for (;;) {
      const char = this.take();
      if (char === '') this.fail('unterminated character set');
      if (char === ']' && !first) break;
      first = false;
      if (char === '\\') {
        const next = this.take();
        const common = this.commonEscape(next);
        if (common === undefined && /[A-Za-z]/.test(next) && next !== 'b') this.fail(`bad escape \\${next}`);
        inside += common ?? (next === 'b' ? '\\x08' : classLiteral(next));
      } else if (char === '-' && inside !== '' && inside !== '^' && this.pattern[this.position] !== ']') {
        inside += '-';
      } else {
        inside += classLiteral(char);
      }
    }
    return `[${inside}]`;
  }
}

/**
 * A Python pattern in JavaScript's syntax.
 *
 * @throws PatternError for a pattern that is wrong, or has what JavaScript cannot do (atomic groups,
 * possessive quantifiers, conditionals, flags inside of the pattern, verbose mode).
 */
export function translateRegex(pattern: string, options: TranslateOptions = {}): TranslatedRegex {
  return new Translator(pattern, options).translate();
}

/** A RegExp of JavaScript source that `translateRegex` made. @throws PatternError if it is no pattern. */
export function compileTranslated(pattern: string, source: string, ignoreCase: boolean): RegExp {
  try {
    return new RegExp(source, ignoreCase ? 'iv' : 'v');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PatternError(`"${pattern}" is not a valid regular expression: ${reason}`, {
      cause: error,
    });
  }
}

/** A JavaScript pattern's source in Python's spelling, as Django would show it: `(?P<name>…)`, `/` unescaped. */
export function pythonSpelling(source: string): string {
  return source.replace(/\\[\s\S]|\(\?<(?![=!])/g, (part) => {
    if (part === '(?<') return '(?P<';
    return part === '\\/' ? '/' : part;
  });
}

/** Text as a Python pattern that matches it, with exactly the escapes of `re.escape()`. */
export function escapeRegex(text: string): string {
  return text.replace(/[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g, '\\$&');
}
