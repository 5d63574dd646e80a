/** META, and the paths with a query string that are made of it. */
import { settings } from '../conf';
import { Dict } from '../python/dict';
import { escapeUriPath, iriToUri, quote } from '../utils/encoding';
import { metaName, sourceHeader } from './request_headers';
import { NO_SOURCE, type RequestSource } from './request_source';
import type { RequestTarget } from './request_target';

/** What of a request is in META. */
interface MetaRequest {
  readonly method: string;
  readonly pathInfo: string;
}

/** A path and a query string, safe to put into a link. */
export function fullPath(path: string, query: string, forceAppendSlash: boolean): string {
  const slash = forceAppendSlash && !path.endsWith('/') ? '/' : '';
  // The target of OPTIONS may be `*`: behind a host it must not become a part of its name.
  const root = path.startsWith('/') ? '' : '/';
  return root + escapeUriPath(path) + slash + (query ? `?${iriToUri(latin1Query(query))}` : '');
}

/** Whether a path lies below the path that the site is mounted at. */
export function isBelow(path: string, script: string): boolean {
  return path.startsWith(script) && (path.length === script.length || path[script.length] === '/');
}

/** Octets beyond ASCII in a query string are escaped as what they are. */
function latin1Query(query: string): string {
  for (let i = 0; i < query.length; i++) {
    const code = query.charCodeAt(i);
    if (code > 255) return query;
    if (code > 127) return quote(Buffer.from(query, 'latin1'), "/#%[]=:;$&()+,!?*@'~");
  }
  return query;
}

/** The environment of a request, by CGI's names. */
export function buildMeta(
  request: MetaRequest,
  source: RequestSource,
  target: RequestTarget,
): Record<string, string> {
  const meta = new Dict<string>();
  const { headers } = source;
  for (const name of Object.keys(headers)) {
    const value = sourceHeader(headers, name);
    if (value !== undefined) meta[metaName(name)] = value;
  }
  if (target.authority !== undefined) meta['HTTP_HOST'] = target.authority;
  if (source === NO_SOURCE) return meta;
  meta['REQUEST_METHOD'] = request.method;
  meta['SCRIPT_NAME'] = settings.FORCE_SCRIPT_NAME ?? '';
  meta['PATH_INFO'] = request.pathInfo;
  meta['QUERY_STRING'] = target.query;
  meta['SERVER_NAME'] = source.serverName;
  meta['SERVER_PORT'] = String(source.serverPort);
  meta['SERVER_PROTOCOL'] = `HTTP/${source.httpVersion}`;
  meta['REMOTE_ADDR'] = source.remoteAddr;
  meta['REMOTE_HOST'] = source.remoteAddr;
  meta['wsgi.url_scheme'] = source.scheme;
  return meta;
}
