/** Text utilities. Django: `django.utils.text`. */
import { SuspiciousFileOperation, ValueError } from '../core/exceptions';
import { repr, toStr } from '../python/str';
import { SPACE, strip, WORD } from '../python/text';
import { gettext } from './translation';

export { wrap } from '../python/textwrap';
export { smartSplit } from './smart_split';
export { type TruncateOptions, Truncator } from './truncate';

/** Text with its first letter in upper case. */
export function capfirst(value: unknown): string {
  const text = toStr(value);
  if (text === '') return text;
  const first = String.fromCodePoint(text.codePointAt(0) as number);
  return first.toUpperCase() + text.slice(first.length);
}

/** CRLF and CR as LF. */
export function normalizeNewlines(value: unknown): string {
  const text = toStr(value);
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

const KEYPAD = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '22233344455566677778889999';

/** A telephone number with its letters as the digits of the keypad. */
export function phone2numeric(phone: unknown): string {
  return toStr(phone)
    .toLowerCase()
    .replace(/[a-z]/g, (letter) => DIGITS[KEYPAD.indexOf(letter)] as string);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
const NOT_ASCII = /[^\x00-\x7f]/g;
const NOT_SLUG = new RegExp(`[^${WORD}${SPACE}\\-]`, 'gu');
const SLUG_GAP = new RegExp(`[\\-${SPACE}]+`, 'g');

/** Text for a URL: lower-case letters, digits, underscores and hyphens; ASCII unless `allowUnicode`. */
export function slugify(value: unknown, allowUnicode = false): string {
  const text = toStr(value);
  const letters = allowUnicode ? text.normalize('NFKC') : text.normalize('NFKD').replace(NOT_ASCII, '');
  return strip(letters.toLowerCase().replace(NOT_SLUG, '').replace(SLUG_GAP, '-'), '-_');
}

const NOT_FILENAME = new RegExp(`[^\\-.${WORD}]`, 'gu');

/**
 * A name that can be a file's: spaces become underscores, anything but letters, digits, `_`, `-` and `.` goes.
 *
 * @throws SuspiciousFileOperation where nothing is left, or only dots.
 */
export function getValidFilename(name: unknown): string {
  const text = strip(toStr(name)).replace(/ /g, '_').replace(NOT_FILENAME, '');
  if (text === '' || text === '.' || text === '..') {
    throw new SuspiciousFileOperation(`Could not derive file name from '${toStr(name)}'`);
  }
  return text;
}

/** `a, b or c`. */
export function getTextList(items: readonly unknown[], lastWord: unknown = gettext('or')): string {
  const texts = items.map(toStr);
  const last = texts.pop();
  if (last === undefined) return '';
  return texts.length === 0 ? last : `${texts.join(gettext(', '))} ${toStr(lastWord)} ${last}`;
}

/**
 * What stands in a quoted literal, with `\"` and `\\` resolved.
 *
 * @throws ValueError for text that is not in quotes.
 */
export function unescapeStringLiteral(literal: string): string {
  const quote = literal[0];
  if ((quote !== '"' && quote !== "'") || literal.at(-1) !== quote) {
    throw new ValueError(`Not a string literal: ${repr(literal)}`);
  }
  return literal.slice(1, -1).replaceAll(`\\${quote}`, quote).replaceAll('\\\\', '\\');
}

const CAMEL = /(?<=[a-z])[A-Z]|[A-Z](?![A-Z]|\n?$)/g;

/** `camelCaseText` as `camel case text`. */
export function camelCaseToSpaces(value: string): string {
  return strip(value.replace(CAMEL, ' $&')).toLowerCase();
}
