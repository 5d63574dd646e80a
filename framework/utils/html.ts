/** HTML utilities. Django: `django.utils.html`. */
import { KeyError, ValueError } from '../core/exceptions';
import { isPlainObject } from '../python/dict';
import { escapeHtml } from '../python/html';
import { jsonDumps } from '../python/json_encoder';
import { toStr } from '../python/str';
import { SPACE } from '../python/text';
import { type HasHtml, SafeString } from './safestring';
import { normalizeNewlines } from './text';

export { escapeHtml } from '../python/html';
export { stripTags } from './strip_tags';
export { isEmailSimple, smartUrlquote, urlize } from './urlize';

const BETWEEN_TAGS = new RegExp(`>[${SPACE}]+<`, 'g');

/** Escapes a value for HTML, also where it is safe already. Usually `conditionalEscape()` is meant. */
// biome-ignore lint/suspicious/noShadowRestrictedNames: Django's name
export function escape(value: unknown): SafeString {
  return new SafeString(escapeHtml(typeof value === 'string' ? value : toStr(value)));
}

function hasHtml(value: unknown): value is HasHtml {
  return (
    value !== null && typeof value === 'object' && typeof (value as Partial<HasHtml>).toHTML === 'function'
  );
}

/** Escapes a value for HTML, unless it is a `SafeString` or has a method `toHTML()`. */
export function conditionalEscape(value: unknown): SafeString {
  if (typeof value === 'string') return new SafeString(escapeHtml(value));
  if (value instanceof SafeString) return value;
  if (hasHtml(value)) return new SafeString(value.toHTML());
  return new SafeString(escapeHtml(toStr(value)));
}

/** As `conditionalEscape()`, giving plain text: what the template engine writes for `{{ value }}`. */
export function escapeToText(value: unknown): string {
  if (typeof value === 'string') return escapeHtml(value);
  if (value instanceof SafeString) return value.value;
  if (hasHtml(value)) return value.toHTML();
  return escapeHtml(toStr(value));
}

const FIELD = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** A pattern in parts: text as it is, and which value comes next, by its place or its name. */
type Part = string | { readonly index: number } | { readonly name: string };

/** @throws ValueError for a brace that neither begins nor ends a field. */
function partsOf(format: string): readonly Part[] {
  const parts: Part[] = [];
  let [next, end] = [0, 0];
  for (const match of format.matchAll(FIELD)) {
    const [found, field] = match;
    if (match.index > end) parts.push(format.slice(end, match.index));
    end = match.index + found.length;
    if (found === '{{' || found === '}}') parts.push(found.charAt(0));
    else if (field === undefined) throw new ValueError(`Single '${found}' encountered in format string`);
    else if (field === '' || /^\d+$/.test(field))
      parts.push({ index: field === '' ? next++ : Number(field) });
    else parts.push({ name: field });
  }
  if (end < format.length) parts.push(format.slice(end));
  return parts;
}

/** Patterns are few, and filled in for each row. */
const patterns = new Map<string, readonly Part[]>();
const MAX_PATTERNS = 1000;

function fillIn(format: string, args: readonly unknown[], names: Readonly<Record<string, unknown>>): string {
  let parts = patterns.get(format);
  if (parts === undefined) {
    parts = partsOf(format);
    if (patterns.size >= MAX_PATTERNS) patterns.clear();
    patterns.set(format, parts);
  }
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
    } else if ('index' in part) {
      if (part.index >= args.length) {
        throw new RangeError(`Replacement index ${part.index} out of range for positional args tuple`);
      }
      text += escapeToText(args[part.index]);
    } else {
      if (!Object.hasOwn(names, part.name)) throw new KeyError(part.name);
      text += escapeToText(names[part.name]);
    }
  }
  return text;
}

/**
 * Builds HTML from a pattern that is trusted and values that are not: each `{}`, `{0}` or `{name}` becomes the
 * value, escaped unless it is safe. Names are the properties of an object given as the last value.
 *
 * @example formatHtml('<a href="{}">{}</a>', url, title)
 * @throws TypeError without values: then nothing would be escaped, so the pattern should be marked safe.
 */
export function formatHtml(format: string, ...values: unknown[]): SafeString {
  if (values.length === 0) throw new TypeError('args or kwargs must be provided.');
  const last = values.at(-1);
  return new SafeString(fillIn(format, values, isPlainObject(last) ? last : {}));
}

/**
 * The pattern filled in for each row, joined. A row is an array of values, or an object of named ones.
 *
 * @example formatHtmlJoin('\n', '<li>{}</li>', users.map((user) => [user.name]))
 */
export function formatHtmlJoin(
  separator: unknown,
  format: string,
  rows: Iterable<readonly unknown[] | Readonly<Record<string, unknown>>>,
): SafeString {
  const parts: string[] = [];
  for (const row of rows) {
    parts.push(
      Array.isArray(row) ? fillIn(format, row, {}) : fillIn(format, [], row as Record<string, unknown>),
    );
  }
  return new SafeString(parts.join(escapeToText(separator)));
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const JS_SPECIAL = /[\x00-\x1f\\'"<>&=\-;`\u2028\u2029]/g;

function jsEscape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Escapes text for a JavaScript string literal in quotes. It does not make a value safe in a template literal. */
export function escapejs(value: unknown): SafeString {
  return new SafeString(toStr(value).replace(JS_SPECIAL, jsEscape));
}

const JSON_SPECIAL = /[<>&]/g;

/** A value as JSON in a `<script>` element, safe wherever it stands in a page. */
export function jsonScript(value: unknown, elementId?: unknown): SafeString {
  const json = jsonDumps(value).replace(JSON_SPECIAL, jsEscape);
  const id =
    elementId === undefined || elementId === null || elementId === ''
      ? ''
      : ` id="${escapeToText(elementId)}"`;
  return new SafeString(`<script${id} type="application/json">${json}</script>`);
}

/** Plain text as paragraphs: an empty line starts a `<p>`, a line break is a `<br>`. */
export function linebreaks(value: unknown, autoescape = false): string {
  return normalizeNewlines(value)
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${(autoescape ? escapeHtml(paragraph) : paragraph).replace(/\n/g, '<br>')}</p>`)
    .join('\n\n');
}

/** HTML without the white space between tags. */
export function stripSpacesBetweenTags(value: unknown): string {
  return toStr(value).replace(BETWEEN_TAGS, '><');
}

/** Text whose spaces do not break. */
export function avoidWrapping(value: string): string {
  return value.replace(/ /g, '\xa0');
}
