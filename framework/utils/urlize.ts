/** Finding URLs and addresses in text. Django: the `Urlizer` of `django.utils.html`. */
import { isIPv4, isIPv6 } from 'node:net';
import { escapeHtml, unescapeHtml } from '../python/html';
import { toStr } from '../python/str';
import { count, rstrip, SPACE, textHead, textLength, WORD } from '../python/text';
import { type SplitResult, urlsplit, urlunsplit } from '../python/urllib_parse';
import { quote, quotePlus, unquote } from './encoding';
import { SafeString } from './safestring';

const MAX_URL_LENGTH = 2048;
/** The delimiters of RFC 3986, which have their meaning only while they are not quoted. */
const DELIMITERS = "!$&'()*+,;=:/?#[]@~";

function requote(part: string): string {
  return quote(unquote(part), DELIMITERS);
}

function requoteQuery(query: string): string {
  const pairs: string[] = [];
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    const parts = at === -1 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    // Twice: once as a form, once as Django does it.
    pairs.push(parts.map((part) => quotePlus(unquote(unquote(part.replace(/\+/g, ' '))))).join('='));
  }
  return pairs.join('&');
}

/** A URL with what needs quoting quoted, and nothing quoted twice. */
export function smartUrlquote(url: string): string {
  let parts: SplitResult;
  try {
    parts = urlsplit(url);
  } catch {
    return requote(url);
  }
  return urlunsplit({
    scheme: parts.scheme,
    netloc: requote(parts.netloc),
    path: requote(parts.path),
    query: requoteQuery(parts.query),
    fragment: requote(parts.fragment),
  });
}

const USER =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: RFC 5322 allows them in quotes
  /^(?:[-!#$%&'*+/=?^_`{}|~0-9A-Z]+(?:\.[-!#$%&'*+/=?^_`{}|~0-9A-Z]+)*|"(?:[\x01-\x08\x0b\x0c\x0e-\x1f!#-[\]-\x7f]|\\[\x01-\x09\x0b\x0c\x0e-\x7f])*")$/iu;
const LETTERS = 'a-z\\u00a1-\\uffff';
const DOMAIN = new RegExp(
  `^[${LETTERS}0-9](?:[${LETTERS}0-9-]{0,61}[${LETTERS}0-9])?(?:\\.(?!-)[${LETTERS}0-9-]{1,63}(?<!-))*` +
    `\\.(?!-)(?:[${LETTERS}-]{2,63}|xn--[a-z0-9]{1,59})(?<!-)$`,
  'iu',
);
const LITERAL = /^\[([A-F0-9:.]+)\]$/i;

/** Whether text is an e-mail address, as Django's `EmailValidator` sees it without a list of allowed domains. */
export function isEmailSimple(value: string): boolean {
  const at = value.lastIndexOf('@');
  if (at === -1 || textLength(value) > 320 || !USER.test(value.slice(0, at))) return false;
  const domain = value.slice(at + 1);
  if (DOMAIN.test(domain)) return true;
  const address = LITERAL.exec(domain)?.[1];
  return address !== undefined && (isIPv4(address) || (address.length <= 39 && isIPv6(address)));
}

const WORDS = new RegExp(`([${SPACE}<>"']+)`);
const OPENING = '([';
const WRAPPING = ['()', '[]'] as const;
const TRAILING = '.,:;!';
const TRAILING_IN_REFERENCE = '.,:!';
// Capitals are spelled out: ignoring case would let some marks pass for letters.
const URL = new RegExp(`^[Hh][Tt][Tt][Pp][Ss]?://\\[?[${WORD}]`, 'u');
const TLD = '[Cc][Oo][Mm]|[Ee][Dd][Uu]|[Gg][Oo][Vv]|[Ii][Nn][Tt]|[Mm][Ii][Ll]|[Nn][Ee][Tt]|[Oo][Rr][Gg]';
const HOST = new RegExp(`^[Ww]{3}\\.|^(?![Hh][Tt]{2}[Pp])[${WORD}][^@]+\\.(?:${TLD})(?:$|/)`, 'u');

/** A word without the punctuation around it, and that punctuation. */
function trimPunctuation(word: string): [lead: string, middle: string, trail: string] {
  let start = 0;
  while (start < word.length && OPENING.includes(word[start] as string)) start += 1;
  let middle = word.slice(start);
  let trail = '';
  const surplus = WRAPPING.map((pair) => count(middle, pair[1] as string) - count(middle, pair[0] as string));
  for (let trimmed = true; trimmed && middle !== ''; ) {
    trimmed = false;
    WRAPPING.forEach((pair, i) => {
      const extra = surplus[i] as number;
      if (extra <= 0 || !middle.endsWith(pair[1] as string)) return;
      // What was trimmed before is dropped: a trait of Django's that pages show.
      trail = middle.slice(-extra);
      middle = middle.slice(0, -extra);
      surplus[i] = 0;
      trimmed = true;
    });
    const reference = middle.lastIndexOf('&');
    const stripped = rstrip(middle, reference === -1 ? TRAILING : TRAILING_IN_REFERENCE);
    if (stripped !== middle) {
      trail = middle.slice(stripped.length) + trail;
      middle = stripped;
      trimmed = true;
    }
    if (middle.endsWith(';')) {
      const end = endBeforeSemicolon(middle, reference);
      if (end === -1) continue;
      trail = middle.slice(end) + trail;
      middle = middle.slice(0, end);
      trimmed = true;
    }
  }
  return [word.slice(0, start), middle, trail];
}

/** Where text that ends in a semicolon ends without it; -1 where the semicolon belongs to a character reference. */
function endBeforeSemicolon(text: string, reference: number): number {
  const candidate = reference === -1 ? ';' : text.slice(reference);
  const resolved = unescapeHtml(candidate);
  if (resolved !== candidate && !resolved.endsWith(';')) return -1;
  const end = rstrip(text, TRAILING).length;
  // The first semicolon of several may end a reference.
  return reference !== -1 && text.endsWith(';;') ? text.indexOf(';', end) + 1 : end;
}

interface UrlizeOptions {
  /** The link's text is cut to so many characters. */
  trimUrlLimit?: number | null;
  /** Adds `rel="nofollow"`. */
  nofollow?: boolean;
  /** Escapes text and links; a safe text is not escaped again. */
  autoescape?: boolean;
}

/** The address that a word is a link to. */
function linkOf(middle: string): { href: string; mail: boolean } | null {
  const short = textLength(middle) <= MAX_URL_LENGTH;
  if (short && URL.test(middle)) return { href: smartUrlquote(unescapeHtml(middle)), mail: false };
  if (short && HOST.test(middle))
    return { href: smartUrlquote(`http://${unescapeHtml(middle)}`), mail: false };
  if (middle.includes(':') || !isEmailSimple(middle)) return null;
  const at = middle.lastIndexOf('@');
  return { href: `mailto:${quote(middle.slice(0, at), '')}@${quote(middle.slice(at + 1), '')}`, mail: true };
}

/**
 * Text with its URLs, host names and e-mail addresses as links.
 *
 * What is not a link is escaped only with `autoescape`; the result is text, for the caller to mark safe.
 */
export function urlize(value: unknown, options: UrlizeOptions = {}): string {
  const { trimUrlLimit = null, nofollow = false, autoescape = false } = options;
  const escaping = autoescape && !(value instanceof SafeString);
  const escaped = (text: string) => (escaping ? escapeHtml(text) : text);

  function handle(word: string): string {
    if (!/[.@:]/.test(word)) return escaped(word);
    const [lead, middle, trail] = trimPunctuation(word);
    const link = linkOf(middle);
    if (link === null) return escaped(word);
    const trimmed =
      trimUrlLimit === null || textLength(middle) <= trimUrlLimit
        ? middle
        : `${textHead(middle, trimUrlLimit - 1)}…`;
    const rel = nofollow && !link.mail ? ' rel="nofollow"' : '';
    return `${escaped(lead)}<a href="${escapeHtml(link.href)}"${rel}>${escaped(trimmed)}</a>${escaped(trail)}`;
  }

  const seen = new Map<string, string>();
  let text = '';
  for (const word of toStr(value).split(WORDS)) {
    let done = seen.get(word);
    if (done === undefined) {
      done = handle(word);
      seen.set(word, done);
    }
    text += done;
  }
  return text;
}
