/** The request-target: path, query and, in absolute form, the host. RFC 9112, 3.2. */
import { repercentBrokenUnicode, unquoteToBytes } from '../utils/encoding';

/** The parts of a request-target; the path is decoded, the query is not. */
export interface RequestTarget {
  path: string;
  query: string;
  /** The host that the target names itself; it replaces the Host header. */
  authority: string | undefined;
}

const ABSOLUTE = /^https?:\/\/([^/?#]*)/i;

/**
 * Splits a request-target.
 *
 * The path is percent-decoded and read as UTF-8; octets that are no UTF-8 are percent-encoded again.
 */
export function parseTarget(target: string): RequestTarget {
  let authority: string | undefined;
  let rest = target;
  if (rest.charCodeAt(0) !== 47 /* / */) {
    const match = ABSOLUTE.exec(rest);
    if (match !== null) {
      authority = match[1] as string;
      rest = rest.slice(match[0].length);
      if (rest.charCodeAt(0) !== 47) rest = `/${rest}`;
    }
  }
  const mark = rest.indexOf('?');
  const raw = mark < 0 ? rest : rest.slice(0, mark);
  return { path: decodePath(raw) || '/', query: mark < 0 ? '' : rest.slice(mark + 1), authority };
}

/** @param raw one character a byte, as on the wire. */
export function decodePath(raw: string): string {
  for (let i = 0; i < raw.length; i++) {
    const code = raw.charCodeAt(i);
    if (code === 37 /* % */ || code > 127) {
      return repercentBrokenUnicode(unquoteToBytes(Buffer.from(raw, 'latin1'))).toString('utf8');
    }
  }
  return raw;
}
