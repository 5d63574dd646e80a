/** Filters of text. https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#built-in-filter-reference */
import { AttributeError, ValueError } from '../../core/exceptions';
import { percentFormat } from '../../python/format';
import { toStr, typeName } from '../../python/str';
import { splitWords, textLength, title as titleCase } from '../../python/text';
import { Tuple } from '../../python/types';
import { iriToUri, quote } from '../../utils/encoding';
import { SafeString } from '../../utils/safestring';
import {
  capfirst as capitalize,
  phone2numeric as keypad,
  slugify as slug,
  type TruncateOptions,
  Truncator,
  wrap,
} from '../../utils/text';
import type { FilterFunction, Library } from '../library';
import { stringfilter, textArgument, toCount } from './support';

/** Backslashes before quotes and backslashes. */
export const addslashes = stringfilter((text) => text.replace(/[\\"']/g, '\\$&'), true);

export const capfirst = stringfilter((text) => capitalize(text), true);

/** The whole text in lower case. */
export const lower = stringfilter((text) => text.toLowerCase(), true);

export const upper = stringfilter((text) => text.toUpperCase());

/** Each word with a capital; letters behind an apostrophe or a digit stay small. */
export const title = stringfilter(
  (text) =>
    titleCase(text)
      .replace(/[a-z]'[A-Z]/g, (found) => found.toLowerCase())
      .replace(/\p{Nd}[A-Z]/gu, (found) => found.toLowerCase()),
  true,
);

export const slugify = stringfilter((text) => slug(text), true);

/** A list of the characters. */
export const makeList = stringfilter((text) => [...text]);

/** Quoted for a URL; the argument are characters to leave, `/` if none is given. */
export const urlencode = stringfilter((text, safe) =>
  safe === undefined || safe === null ? quote(text) : quote(text, textArgument(safe)),
);

export const iriencode = stringfilter((text) => iriToUri(text), true);

export const wordcount = stringfilter((text) => splitWords(text).length);

export const wordwrap = stringfilter((text, width) => wrap(text, toCount(width)), true);

function gap(text: string, width: unknown): number {
  return Math.max(0, toCount(width) - textLength(text));
}

export const ljust = stringfilter((text, width) => text + ' '.repeat(gap(text, width)), true);

export const rjust = stringfilter((text, width) => ' '.repeat(gap(text, width)) + text, true);

/** In the middle; of an odd gap the larger half is on the left where the width is odd. */
export const center = stringfilter((text, width) => {
  const space = gap(text, width);
  const left = Math.floor(space / 2) + (space & toCount(width) & 1);
  return ' '.repeat(left) + text + ' '.repeat(space - left);
}, true);

/** Without any occurrence of the argument. Safe text stays safe, unless `;` was cut, which may end a reference. */
export const cut = stringfilter((text, part, _autoescape, safe) => {
  const unwanted = textArgument(part);
  const rest = text.replaceAll(unwanted, '');
  return safe && unwanted !== ';' ? new SafeString(rest) : rest;
});

function truncating(unit: 'chars' | 'words', options: TruncateOptions): FilterFunction {
  return stringfilter((text, argument) => {
    let length: number;
    try {
      length = toCount(argument);
    } catch (error) {
      if (error instanceof ValueError) return text;
      throw error;
    }
    return new Truncator(text)[unit](length, options);
  }, true);
}

export const truncatechars = truncating('chars', {});
export const truncatecharsHtml = truncating('chars', { html: true });
export const truncatewords = truncating('words', { truncate: ' …' });
export const truncatewordsHtml = truncating('words', { truncate: ' …', html: true });

/** A Python format without its `%`. Empty where the value does not suit it. */
export function stringformat(value: unknown, format: unknown): string {
  const subject = value instanceof Tuple ? toStr(value) : value;
  try {
    return percentFormat(`%${toStr(format)}`, subject);
  } catch (error) {
    if (error instanceof TypeError || error instanceof ValueError) return '';
    throw error;
  }
}

/** @throws AttributeError for anything but text. */
export function phone2numeric(value: unknown): string {
  if (typeof value !== 'string' && !(value instanceof SafeString)) {
    throw new AttributeError(`'${typeName(value)}' object has no attribute 'lower'`);
  }
  return keypad(value);
}

export function register(library: Library): void {
  const safe = { isSafe: true, argument: 'none' } as const;
  const safeWithArgument = { isSafe: true, argument: 'required' } as const;
  library.filter('addslashes', addslashes, safe);
  library.filter('capfirst', capfirst, safe);
  library.filter('lower', lower, safe);
  library.filter('upper', upper, { argument: 'none' });
  library.filter('title', title, safe);
  library.filter('slugify', slugify, safe);
  library.filter('make_list', makeList, { argument: 'none' });
  library.filter('urlencode', urlencode, { argument: 'optional' });
  library.filter('iriencode', iriencode, safe);
  library.filter('wordcount', wordcount, { argument: 'none' });
  library.filter('wordwrap', wordwrap, safeWithArgument);
  library.filter('ljust', ljust, safeWithArgument);
  library.filter('rjust', rjust, safeWithArgument);
  library.filter('center', center, safeWithArgument);
  library.filter('cut', cut, { argument: 'required' });
  library.filter('truncatechars', truncatechars, safeWithArgument);
  library.filter('truncatechars_html', truncatecharsHtml, safeWithArgument);
  library.filter('truncatewords', truncatewords, safeWithArgument);
  library.filter('truncatewords_html', truncatewordsHtml, safeWithArgument);
  library.filter('stringformat', stringformat, { isSafe: true });
  library.filter('phone2numeric', phone2numeric, { isSafe: true });
}
