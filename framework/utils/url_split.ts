/** Splitting URLs as Python's `urllib.parse` does. */
import { isIPv6 } from 'node:net';
import { ValueError } from '../core/exceptions';

/** The five parts of a URL. */
export interface SplitUrl {
  scheme: string;
  netloc: string;
  path: string;
  query: string;
  fragment: string;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is stripped
const LEADING = /^[\x00-\x20]+/;
const UNSAFE = /[\t\r\n]/g;
const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*$/;

/** Letters that turn into a URL's delimiters when a host name is normalised: a way to fake one. */
function checkNetloc(netloc: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: all of ASCII
  if (/^[\x00-\x7f]*$/.test(netloc)) return;
  const rest = netloc.replace(/[@:#?]/g, '');
  const normal = rest.normalize('NFKC');
  if (normal !== rest && /[/?#@:]/.test(normal)) {
    throw new ValueError(`netloc '${netloc}' contains invalid characters under NFKC normalization`);
  }
}

/** What stands in brackets has to be an IPv6 address (or of a future version), and all there is but a port. */
function checkBrackets(netloc: string): void {
  const host = netloc.slice(netloc.lastIndexOf('@') + 1);
  const [, inside, rest] = /^\[([^\]]*)\]?(.*)$/s.exec(host) ?? [];
  const valid = inside !== undefined && (isIPv6(inside) || /^v[a-fA-F0-9]+\../.test(inside));
  if (!valid || (rest !== '' && !rest?.startsWith(':'))) throw new ValueError('Invalid IPv6 URL');
}

/** @throws ValueError for a host in unbalanced brackets, or one that hides delimiters. */
export function urlSplit(url: string): SplitUrl {
  let rest = url.replace(LEADING, '').replace(UNSAFE, '');
  let scheme = '';
  let netloc = '';
  const colon = rest.indexOf(':');
  if (colon > 0 && SCHEME.test(rest.slice(0, colon))) {
    scheme = rest.slice(0, colon).toLowerCase();
    rest = rest.slice(colon + 1);
  }
  if (rest.startsWith('//')) {
    const end = rest.slice(2).search(/[/?#]/);
    netloc = end === -1 ? rest.slice(2) : rest.slice(2, end + 2);
    rest = end === -1 ? '' : rest.slice(end + 2);
    if (netloc.includes('[') !== netloc.includes(']')) throw new ValueError('Invalid IPv6 URL');
    if (netloc.includes('[')) checkBrackets(netloc);
  }
  const hash = rest.indexOf('#');
  const fragment = hash === -1 ? '' : rest.slice(hash + 1);
  if (hash !== -1) rest = rest.slice(0, hash);
  const mark = rest.indexOf('?');
  const query = mark === -1 ? '' : rest.slice(mark + 1);
  if (mark !== -1) rest = rest.slice(0, mark);
  checkNetloc(netloc);
  return { scheme, netloc, path: rest, query, fragment };
}

/** Schemes whose URLs have a host even where it is empty. Python: `urllib.parse.uses_netloc`. */
const WITH_HOST: ReadonlySet<string> = new Set(
  (
    'ftp http gopher nntp telnet imap wais file mms https shttp snews prospero rtsp rtspu rsync svn svn+ssh sftp ' +
    'nfs git git+ssh ws wss'
  ).split(' '),
);

/** The parts as a URL again. */
export function urlUnsplit({ scheme, netloc, path, query, fragment }: SplitUrl): string {
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
