/**
 * Splitting and joining of URLs by Python's rules, which differ from WHATWG's `URL` where security depends on
 * the difference: nothing is normalised away, and a relative URL is a URL.
 *
 * Python: `urllib.parse`.
 */
import { isIPv6 } from 'node:net';
import { ValueError } from './errors';

/** The parts of a URL; absent ones are empty. */
export interface SplitResult {
  scheme: string;
  netloc: string;
  path: string;
  query: string;
  fragment: string;
}

const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:/;
// WHATWG: control characters and spaces before a URL, tabs and newlines within it, do not count.
const UNSAFE = /[\t\r\n]/g;

function stripControls(url: string): string {
  let start = 0;
  while (start < url.length && url.charCodeAt(start) <= 32) start++;
  return (start > 0 ? url.slice(start) : url).replace(UNSAFE, '');
}

/** What stands in brackets has to be an IPv6 address (or of a future version), and all there is but a port. */
function checkBrackets(netloc: string): void {
  const host = netloc.slice(netloc.lastIndexOf('@') + 1);
  const match = /^\[([^[\]]*)\](?::.*)?$/s.exec(host);
  if (match === null) throw new ValueError('Invalid IPv6 URL');
  const address = match[1] as string;
  if (!/^v[a-fA-F0-9]+\..+$/.test(address) && !isIPv6(address)) {
    throw new ValueError(`'${address}' does not appear to be an IPv4 or IPv6 address`);
  }
}

/** Letters that turn into a URL's delimiters when a host name is normalised: a way to fake one. */
function checkLetters(netloc: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (/^[\x00-\x7f]*$/.test(netloc)) return;
  const bare = netloc.replace(/[@:#?]/g, '');
  const normalized = bare.normalize('NFKC');
  if (bare !== normalized && /[/?#@:]/.test(normalized)) {
    throw new ValueError(`netloc '${netloc}' contains invalid characters under NFKC normalization`);
  }
}

/**
 * Splits a URL.
 *
 * @throws ValueError for an IPv6 host without its brackets, or a host that NFKC turns into another.
 */
export function urlsplit(url: string): SplitResult {
  let rest = stripControls(url);
  let scheme = '';
  let netloc = '';
  let query = '';
  let fragment = '';
  const match = SCHEME.exec(rest);
  if (match !== null) {
    scheme = match[0].slice(0, -1).toLowerCase();
    rest = rest.slice(match[0].length);
  }
  if (rest.startsWith('//')) {
    const end = rest.slice(2).search(/[/?#]/);
    netloc = end < 0 ? rest.slice(2) : rest.slice(2, end + 2);
    rest = end < 0 ? '' : rest.slice(end + 2);
    if (netloc.includes('[') !== netloc.includes(']')) throw new ValueError('Invalid IPv6 URL');
    if (netloc.includes('[')) checkBrackets(netloc);
    checkLetters(netloc);
  }
  const hash = rest.indexOf('#');
  if (hash >= 0) {
    fragment = rest.slice(hash + 1);
    rest = rest.slice(0, hash);
  }
  const mark = rest.indexOf('?');
  if (mark >= 0) {
    query = rest.slice(mark + 1);
    rest = rest.slice(0, mark);
  }
  return { scheme, netloc, path: rest, query, fragment };
}

/** Schemes whose URLs have a host even where it is empty. Python: `urllib.parse.uses_netloc`. */
const WITH_HOST: ReadonlySet<string> = new Set(
  (
    'ftp http gopher nntp telnet imap wais file mms https shttp snews prospero rtsp rtspu rsync svn svn+ssh sftp ' +
    'nfs git git+ssh ws wss'
  ).split(' '),
);

/** The inverse of `urlsplit`. */
export function urlunsplit({ scheme, netloc, path, query, fragment }: SplitResult): string {
  let url = path;
  if (netloc !== '' || (WITH_HOST.has(scheme) && !url.startsWith('//'))) {
    if (url !== '' && !url.startsWith('/')) url = `/${url}`;
    url = `//${netloc}${url}`;
  }
  if (scheme !== '') url = `${scheme}:${url}`;
  if (query !== '') url += `?${query}`;
  if (fragment !== '') url += `#${fragment}`;
  return url;
}

/** Schemes whose paths are hierarchical; a relative URL makes sense only there. */
const HIERARCHICAL: ReadonlySet<string> = new Set(['', 'http', 'https', 'ftp', 'file', 'ws', 'wss']);

/**
 * Resolves a URL against a base. Python: `urllib.parse.urljoin`; RFC 3986, 5.2.
 *
 * @throws ValueError as `urlsplit` does.
 */
export function urljoin(base: string, url: string): string {
  if (!base) return url;
  if (!url) return base;
  const from = urlsplit(base);
  const to = urlsplit(url);
  const scheme = to.scheme || from.scheme;
  if (scheme !== from.scheme || !HIERARCHICAL.has(scheme)) return url;
  if (to.netloc) return urlunsplit({ ...to, scheme });
  if (!to.path) {
    return urlunsplit({ ...from, query: to.query || from.query, fragment: to.fragment });
  }
  const path = resolvePath(from.path, to.path);
  return urlunsplit({ scheme, netloc: from.netloc, path, query: to.query, fragment: to.fragment });
}

function resolvePath(base: string, path: string): string {
  let segments = path.split('/');
  if (!path.startsWith('/')) {
    segments = [...base.slice(0, base.lastIndexOf('/') + 1).split('/'), ...segments];
    // Slashes that would double where the two meet.
    segments = segments.filter((segment, i) => segment !== '' || i === 0 || i === segments.length - 1);
  }
  const resolved: string[] = [];
  for (const segment of segments) {
    if (segment === '..') resolved.pop();
    else if (segment !== '.') resolved.push(segment);
  }
  const last = segments.at(-1);
  if (last === '.' || last === '..') resolved.push('');
  return resolved.join('/') || '/';
}
