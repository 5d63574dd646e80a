/** What YAML allows a text to look like: libyaml's `yaml_emitter_analyze_scalar` and its escapes. */

/** What was found out about a text. */
export interface Analysis {
  readonly empty: boolean;
  readonly multiline: boolean;
  readonly flowPlain: boolean;
  readonly blockPlain: boolean;
  readonly singleQuoted: boolean;
}

const FIRST = new Set('#,[]{}&*!|>\'"%@`');
const FLOW = new Set(',?[]{}');
const BLANKS = new Set(['', ' ', '\t', '\n', '\r', '\x85', '\u2028', '\u2029', '\0']);

/** Whether a character ends a line. */
export const isBreak = (char: string): boolean =>
  char === '\n' || char === '\r' || char === '\x85' || char === '\u2028' || char === '\u2029';

/** What libyaml takes for printable: nothing above U+FFFD. */
function isPrintable(char: string): boolean {
  const code = char.codePointAt(0) as number;
  return (
    code === 0x0a ||
    (code >= 0x20 && code <= 0x7e) ||
    (code >= 0xa0 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd && code !== 0xfeff)
  );
}

const isAscii = (char: string): boolean => (char.codePointAt(0) as number) <= 0x7e;

/** Finds out how a text may be written. */
export function analyze(text: string, allowUnicode: boolean): Analysis {
  if (text === '') {
    return { empty: true, multiline: false, flowPlain: false, blockPlain: true, singleQuoted: true };
  }
  const characters = [...text];
  const last = characters.length - 1;
  let block = /^(?:---|\.\.\.)/.test(text);
  let flow = block;
  let breaks = false;
  let special = false;
  let edge = false;
  let breakSpace = false;
  let spaceBreak = false;
  let previous = '';
  characters.forEach((char, at) => {
    const before = at === 0 || BLANKS.has(previous);
    const behind = BLANKS.has(characters[at + 1] ?? '');
    if (at === 0 ? FIRST.has(char) : char === '#' && before) flow = block = true;
    else if (char === ':' || (at === 0 && char === '?')) {
      flow = true;
      if (behind) block = true;
    } else if (at === 0 && char === '-' && behind) flow = block = true;
    else if (at > 0 && FLOW.has(char)) flow = true;
    if (!isPrintable(char) || (!isAscii(char) && !allowUnicode)) special = true;
    if (isBreak(char)) breaks = true;
    if (char === ' ' || isBreak(char)) {
      if (at === 0 || at === last) edge = true;
      if (char === ' ' && isBreak(previous)) breakSpace = true;
      if (char !== ' ' && previous === ' ') spaceBreak = true;
    }
    previous = char;
  });
  const quotable = !spaceBreak && !special;
  const plain = quotable && !edge && !breakSpace && !breaks;
  return {
    empty: false,
    multiline: breaks,
    flowPlain: plain && !flow,
    blockPlain: plain && !block,
    singleQuoted: quotable && !breakSpace,
  };
}

const NAMED: Readonly<Record<string, string>> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\xa0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
};

/** A character as it stands in double quotes. */
export function escapes(char: string, allowUnicode: boolean): string {
  const needed =
    !isPrintable(char) || (!isAscii(char) && !allowUnicode) || isBreak(char) || char === '"' || char === '\\';
  if (!needed) return char;
  const named = NAMED[char];
  if (named !== undefined) return named;
  const code = char.codePointAt(0) as number;
  const hex = code.toString(16).toUpperCase();
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}
