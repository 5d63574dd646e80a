/** Functions of texts that SQLite has not itself. Django: `django.db.backends.sqlite3._functions`. */
import { createHash } from 'node:crypto';
import { compileTranslated, translateRegex } from '../../../../python/re';
import type { Given } from './dates';

/** A longer text is not made: it would fill the memory. SQLite's own limit. */
const MAX_LENGTH = 1_000_000_000;

function charactersOf(text: Given): string[] {
  return [...String(text)];
}

/** `text` with `fill` before it, or cut, to so many characters. */
export function lpad(text: Given, length: Given, fill: Given): string | null {
  if (text === null || length === null || fill === null) return null;
  const characters = charactersOf(text);
  const delta = Number(length) - characters.length;
  if (delta <= 0) return characters.slice(0, Math.max(Number(length), 0)).join('');
  return filled(fill, delta) + String(text);
}

/** `text` with `fill` behind it, or cut, to so many characters. */
export function rpad(text: Given, length: Given, fill: Given): string | null {
  if (text === null || length === null || fill === null) return null;
  const characters = charactersOf(text);
  const delta = Number(length) - characters.length;
  if (delta <= 0) return characters.slice(0, Math.max(Number(length), 0)).join('');
  return String(text) + filled(fill, delta);
}

function filled(fill: Given, length: number): string {
  const characters = charactersOf(fill);
  if (characters.length === 0) return '';
  if (length > MAX_LENGTH) throw new RangeError('The text would be too long.');
  const times = Math.floor(length / characters.length);
  return characters.join('').repeat(times) + characters.slice(0, length % characters.length).join('');
}

export function repeat(text: Given, count: Given): string | null {
  if (text === null || count === null) return null;
  const times = Math.max(Number(count), 0);
  if (String(text).length * times > MAX_LENGTH) throw new RangeError('The text would be too long.');
  return String(text).repeat(times);
}

export function reverse(text: Given): string | null {
  return text === null ? null : charactersOf(text).reverse().join('');
}

/** A hash of a text's UTF-8, in hexadecimal figures. */
export function hash(algorithm: string): (text: Given) => string | null {
  return (text) => (text === null ? null : createHash(algorithm).update(String(text)).digest('hex'));
}

const patterns = new Map<string, RegExp>();
const MAX_PATTERNS = 200;

/** One of Python's patterns, with flags at its start: `(?i)`. */
function compiled(pattern: string): RegExp {
  let known = patterns.get(pattern);
  if (known === undefined) {
    const flags = /^(?:\(\?[aimsu]+\))*/.exec(pattern)?.[0] ?? '';
    const { source } = translateRegex(pattern.slice(flags.length));
    known = compileTranslated(pattern, source, flags.includes('i'));
    if (flags.includes('m') || flags.includes('s')) {
      known = new RegExp(
        source,
        `${known.flags}${flags.includes('m') ? 'm' : ''}${flags.includes('s') ? 's' : ''}`,
      );
    }
    if (patterns.size >= MAX_PATTERNS) patterns.clear();
    patterns.set(pattern, known);
  }
  return known;
}

/** `text REGEXP pattern`: whether the pattern is somewhere in the text. */
export function regexp(pattern: Given, text: Given): bigint | null {
  if (pattern === null || text === null) return null;
  return compiled(String(pattern)).test(String(text)) ? 1n : 0n;
}
