/** Filters that make, change or remove HTML. */
import { AttributeError } from '../../core/exceptions';
import { pyIter } from '../../python/ops';
import { toStr } from '../../python/str';
import {
  conditionalEscape,
  escapejs as escapeForJavaScript,
  escapeHtml,
  escape as escapeValue,
  urlize as linked,
  linebreaks as paragraphs,
  jsonScript as scriptOf,
  stripTags,
} from '../../utils/html';
import { SafeString } from '../../utils/safestring';
import { normalizeNewlines } from '../../utils/text';
import type { Library } from '../library';
import { stringfilter, toCount } from './support';

/** Escaped once, however often it is applied. */
export const escapeFilter = stringfilter((text, _argument, _autoescape, safe) =>
  safe ? new SafeString(text) : escapeValue(text),
);

export const forceEscape = stringfilter((text) => escapeValue(text));

/** Each item escaped. */
export function escapeseq(value: unknown): SafeString[] {
  return Array.from(pyIter(value), conditionalEscape);
}

export const escapejs = stringfilter((text) => escapeForJavaScript(text));

export function jsonScript(value: unknown, elementId?: unknown): SafeString {
  return scriptOf(value, elementId);
}

export const safe = stringfilter((text) => new SafeString(text));

/** Each item safe. */
export function safeseq(value: unknown): SafeString[] {
  return Array.from(pyIter(value), (item) =>
    item instanceof SafeString ? item : new SafeString(toStr(item)),
  );
}

export const striptags = stringfilter((text) => stripTags(text), true);

export const linebreaks = stringfilter(
  (text, _argument, autoescape, isSafe) => new SafeString(paragraphs(text, autoescape && !isSafe)),
);

export const linebreaksbr = stringfilter((text, _argument, autoescape, isSafe) => {
  const lines = normalizeNewlines(text);
  return new SafeString((autoescape && !isSafe ? escapeHtml(lines) : lines).replace(/\n/g, '<br>'));
});

/** Each line behind its number, all of one width. */
export const linenumbers = stringfilter((text, _argument, autoescape, isSafe) => {
  const lines = text.split('\n');
  const width = String(lines.length).length;
  const escaping = autoescape && !isSafe;
  return new SafeString(
    lines
      .map((line, i) => `${String(i + 1).padStart(width, '0')}. ${escaping ? escapeHtml(line) : line}`)
      .join('\n'),
  );
});

export const urlize = stringfilter(
  (text, _argument, autoescape, isSafe) =>
    new SafeString(linked(isSafe ? new SafeString(text) : text, { nofollow: true, autoescape })),
);

export const urlizetrunc = stringfilter(
  (text, limit, autoescape, isSafe) =>
    new SafeString(
      linked(isSafe ? new SafeString(text) : text, {
        trimUrlLimit: toCount(limit),
        nofollow: true,
        autoescape,
      }),
    ),
);

function isSublist(value: unknown): value is Iterable<unknown> {
  if (Array.isArray(value)) return true;
  return (
    value !== null &&
    typeof value === 'object' &&
    typeof (value as Partial<Iterator<unknown>>).next === 'function' &&
    typeof (value as Partial<Iterable<unknown>>)[Symbol.iterator] === 'function'
  );
}

function listItems(value: unknown, escaper: (item: unknown) => string, depth: number): string {
  const indent = '\t'.repeat(depth);
  const items = [...pyIter(value)];
  const lines: string[] = [];
  for (let i = 0; i < items.length; i++) {
    const item = escaper(items[i]);
    const next = items[i + 1];
    if (!isSublist(next)) {
      lines.push(`${indent}<li>${item}</li>`);
      continue;
    }
    i += 1;
    const children = Array.isArray(next) && next.length === 0 ? null : listItems(next, escaper, depth + 1);
    const sublist = children === null ? '' : `\n${indent}<ul>\n${children}\n${indent}</ul>\n${indent}`;
    lines.push(`${indent}<li>${item}${sublist}</li>`);
  }
  return lines.join('\n');
}

/** `<li>` elements of a list whose items may be followed by lists of their own. */
export function unorderedList(value: unknown, _argument?: unknown, autoescape = true): SafeString {
  const escaper = autoescape ? (item: unknown) => conditionalEscape(item).value : toStr;
  return new SafeString(listItems(value, escaper, 1));
}

/** The items as text, joined. The joining text is escaped as the items are. The value itself where it is no list. */
export function join(value: unknown, separator: unknown, autoescape = true): unknown {
  try {
    if (autoescape) {
      const items = Array.from(pyIter(value), (item) => conditionalEscape(item).value);
      return new SafeString(items.join(conditionalEscape(separator).value));
    }
    if (typeof separator !== 'string' && !(separator instanceof SafeString)) {
      throw new AttributeError(`'${typeof separator}' object has no attribute 'join'`);
    }
    const items = Array.from(pyIter(value), (item) => {
      if (typeof item === 'string' || item instanceof SafeString) return String(item);
      throw new TypeError('expected str instance');
    });
    return new SafeString(items.join(String(separator)));
  } catch (error) {
    if (error instanceof TypeError) return value;
    throw error;
  }
}

export function register(library: Library): void {
  const safeFlags = { isSafe: true, argument: 'none' } as const;
  const escaping = { isSafe: true, needsAutoescape: true, argument: 'none' } as const;
  library.filter('escape', escapeFilter, safeFlags);
  library.filter('force_escape', forceEscape, safeFlags);
  library.filter('escapeseq', escapeseq, safeFlags);
  library.filter('escapejs', escapejs, { argument: 'none' });
  library.filter('json_script', jsonScript, { isSafe: true, argument: 'optional' });
  library.filter('safe', safe, safeFlags);
  library.filter('safeseq', safeseq, safeFlags);
  library.filter('striptags', striptags, safeFlags);
  library.filter('linebreaks', linebreaks, escaping);
  library.filter('linebreaksbr', linebreaksbr, escaping);
  library.filter('linenumbers', linenumbers, escaping);
  library.filter('urlize', urlize, escaping);
  library.filter('urlizetrunc', urlizetrunc, { ...escaping, argument: 'required' });
  library.filter('unordered_list', unorderedList, escaping);
  library.filter('join', join, { ...escaping, argument: 'required' });
}
