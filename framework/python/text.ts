/**
 * Python's `str` methods where JavaScript's differ: what counts as white space, as a line, as a character.
 *
 * Python strings are sequences of code points, JavaScript's of UTF-16 units; the two differ only past U+FFFF, which
 * `hasAstral` tests, so the common case pays nothing.
 */

/** The white space of `str.isspace()`, as the inside of a regular expression's class. */
export const SPACE = '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
/** What `\w` matches in Python, as the inside of a class of a regular expression with the flag `u`. */
export const WORD = '\\p{L}\\p{N}_';

/** Digits that no number is written with: superscripts, numbers in circles. */
const ODD_DIGITS =
  '\\u{b2}-\\u{b3}\\u{b9}\\u{1369}-\\u{1371}\\u{19da}\\u{2070}\\u{2074}-\\u{2079}\\u{2080}-\\u{2089}\\u{2460}-\\u{2468}' +
  '\\u{2474}-\\u{247c}\\u{2488}-\\u{2490}\\u{24ea}\\u{24f5}-\\u{24fd}\\u{24ff}\\u{2776}-\\u{277e}\\u{2780}-\\u{2788}' +
  '\\u{278a}-\\u{2792}\\u{10a40}-\\u{10a43}\\u{10e60}-\\u{10e68}\\u{11052}-\\u{1105a}\\u{1f100}-\\u{1f10a}';
const DIGITS = new RegExp(`^[\\p{Nd}${ODD_DIGITS}]+$`, 'u');

const SPACES = new RegExp(`[${SPACE}]+`);
const SURROGATE = /[\ud800-\udfff]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: Python's line breaks
const LINE_BREAK = /\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/g;

/** Whether text has characters past U+FFFF, so that its UTF-16 units are not its characters. */
export function hasAstral(text: string): boolean {
  return SURROGATE.test(text);
}

/** How many code points text has: Python's `len()`. */
export function textLength(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/** The first `count` code points. */
export function textHead(text: string, count: number): string {
  if (count <= 0) return '';
  if (count >= text.length) return text;
  if (!SURROGATE.test(text)) return text.slice(0, count);
  let end = 0;
  let left = count;
  for (const character of text) {
    if (left-- === 0) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Whether a UTF-16 unit is white space. No white space lies past U+FFFF. */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 9 && code <= 13) || (code >= 0x1c && code <= 0x1f);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** `str.lstrip()`; with `characters`, strips those instead of white space. */
export function lstrip(text: string, characters?: string): string {
  let start = 0;
  while (start < text.length && strips(text, start, characters)) start += 1;
  return start === 0 ? text : text.slice(start);
}

/** `str.rstrip()`; with `characters`, strips those instead of white space. */
export function rstrip(text: string, characters?: string): string {
  let end = text.length;
  while (end > 0 && strips(text, end - 1, characters)) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

function strips(text: string, at: number, characters: string | undefined): boolean {
  return characters === undefined ? isSpace(text.charCodeAt(at)) : characters.includes(text[at] as string);
}

/** `str.strip()`. */
export function strip(text: string, characters?: string): string {
  return rstrip(lstrip(text, characters), characters);
}

/** `str.split()`: the words between white space. */
export function splitWords(text: string): string[] {
  const stripped = strip(text);
  return stripped === '' ? [] : stripped.split(SPACES);
}

/** `str.splitlines()`: a final line break opens no empty line. With `keepEnds` the lines keep their breaks. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines: string[] = [];
  let start = 0;
  for (const match of text.matchAll(LINE_BREAK)) {
    const end = match.index + match[0].length;
    lines.push(text.slice(start, keepEnds ? end : match.index));
    start = end;
  }
  if (start < text.length) lines.push(text.slice(start));
  return lines;
}

/** How often `part` occurs in text without overlap: `str.count()`. */
export function count(text: string, part: string): number {
  let found = 0;
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + part.length)) found += 1;
  return found;
}

/** The letters whose title case is a letter of its own, from the Unicode data. */
const TITLE: ReadonlyMap<string, string> = new Map([
  ['ᾲ', 'Ὰ\u0345'],
  ['ᾴ', 'Ά\u0345'],
  ['ᾷ', 'Α\u0342\u0345'],
  ['ῂ', 'Ὴ\u0345'],
  ['ῄ', 'Ή\u0345'],
  ['ῇ', 'Η\u0342\u0345'],
  ['ῲ', 'Ὼ\u0345'],
  ['ῴ', 'Ώ\u0345'],
  ['ῷ', 'Ω\u0342\u0345'],
  ['ŉ', 'ʼN'],
  ...[
    ['ǄǅǆǇǈǉǊǋǌǱǲǳ', 'ǅǅǅǈǈǈǋǋǋǲǲǲ'],
    ['ᾀᾁᾂᾃᾄᾅᾆᾇᾐᾑᾒᾓᾔᾕᾖᾗᾠᾡᾢᾣᾤᾥᾦᾧᾳῃῳ', 'ᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ'],
    ['ᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ', 'ᾈᾉᾊᾋᾌᾍᾎᾏᾘᾙᾚᾛᾜᾝᾞᾟᾨᾩᾪᾫᾬᾭᾮᾯᾼῌῼ'],
  ].flatMap(([from = '', to = '']) => [...from].map((letter, i) => [letter, to[i] ?? letter] as const)),
]);

function titleCase(letter: string): string {
  const known = TITLE.get(letter);
  if (known !== undefined) return known;
  // Georgian has capitals, and Unicode says not to use them in titles.
  if (/[\u10d0-\u10fa\u10fd-\u10ff]/.test(letter)) return letter;
  const upper = letter.toUpperCase();
  if (upper.length === letter.length) return upper;
  const [head = '', ...rest] = upper;
  return head + rest.join('').toLowerCase();
}

const CASED = /\p{Cased}/u;
const CASED_RUN = /\p{Cased}+/gu;
/** How far a sigma looks for the letters that decide its form. */
const SIGMA_CONTEXT = 16;

/** The rest of a run in lower case; whether a sigma is a final one depends on what stands around it. */
function lowerRest(text: string, run: string, start: number, skip: number): string {
  const rest = run.slice(skip);
  if (!rest.includes('Σ')) return rest.toLowerCase();
  return rest.replace(/Σ|[^Σ]+/g, (part, index: number) => {
    if (part !== 'Σ') return part.toLowerCase();
    const at = start + skip + index;
    const before = text.slice(Math.max(0, at - SIGMA_CONTEXT), at);
    const lowered = (before + text.slice(at, at + SIGMA_CONTEXT)).toLowerCase();
    return lowered[before.toLowerCase().length] ?? 'σ';
  });
}

/** `str.title()`: each run of letters with an initial capital. */
export function title(text: string): string {
  return text.replace(CASED_RUN, (run, start: number) => {
    const first = String.fromCodePoint(run.codePointAt(0) as number);
    return titleCase(first) + lowerRest(text, run, start, first.length);
  });
}

/** Whether a character has case. */
export function isCased(character: string): boolean {
  return CASED.test(character);
}

/** Whether text is digits alone, of any script, and at least one: `str.isdigit()`. */
export function isDigit(text: string): boolean {
  return DIGITS.test(text);
}
