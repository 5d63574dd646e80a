/** Range requests. RFC 9110, 13 and 14. */
import { parseEtags, parseHttpDateSafe } from '../utils/http';
import type { ResponseHeaders } from './response_headers';

/** What of a request decides about ranges. */
export interface RangeRequest {
  readonly method: string;
  header(name: string): string | undefined;
}

/** What is to be sent instead of the whole: a part (`end` is exclusive), nothing new, or an error. */
export type Selection = { status: 206; start: number; end: number } | { status: 304 } | { status: 416 };

function notModified(request: RangeRequest, headers: ResponseHeaders): boolean {
  const etag = headers.get('ETag');
  const ifNoneMatch = request.header('if-none-match');
  if (ifNoneMatch !== undefined) {
    if (etag === undefined) return false;
    const weak = (tag: string): string => tag.replace(/^W\//, '');
    const tags = parseEtags(ifNoneMatch);
    return tags[0] === '*' || tags.some((tag) => weak(tag) === weak(etag));
  }
  const since = parseHttpDateSafe(request.header('if-modified-since') ?? '');
  const modified = parseHttpDateSafe(headers.get('Last-Modified', ''));
  return since !== null && modified !== null && modified <= since;
}

/** Whether the client's copy is the same file, so that a part of ours fits it. RFC 9110, 13.1.5. */
function isSameFile(condition: string, headers: ResponseHeaders): boolean {
  const text = condition.trim();
  if (text.startsWith('W/')) return false;
  if (text.startsWith('"')) return text === headers.get('ETag');
  const date = parseHttpDateSafe(text);
  return date !== null && date === parseHttpDateSafe(headers.get('Last-Modified', ''));
}

/**
 * What a request asks for of a content of `size` bytes; `null`: all of it.
 * Several ranges at once are answered with the whole content, as RFC 9110 allows.
 */
export function selectRange(request: RangeRequest, headers: ResponseHeaders, size: number): Selection | null {
  if (request.method !== 'GET' && request.method !== 'HEAD') return null;
  if (notModified(request, headers)) return { status: 304 };
  const range = request.header('range');
  if (range === undefined || request.method === 'HEAD') return null;
  const condition = request.header('if-range');
  if (condition !== undefined && !isSameFile(condition, headers)) return null;
  const match = /^bytes=\s*(\d{0,15})-(\d{0,15})\s*$/i.exec(range);
  if (match === null || (match[1] === '' && match[2] === '')) return null;
  const [, first = '', last = ''] = match;
  if (first === '') {
    const length = Number(last);
    if (length === 0 || size === 0) return { status: 416 };
    return { status: 206, start: Math.max(0, size - length), end: size };
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(size, Number(last) + 1);
  if (last !== '' && Number(last) < start) return null;
  return start >= size ? { status: 416 } : { status: 206, start, end };
}
