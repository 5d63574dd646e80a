/** Files as responses. https://docs.djangoproject.com/en/5.2/ref/request-response/#fileresponse-objects */
import { createReadStream, type ReadStream, statSync } from 'node:fs';
import path from 'node:path';
import type { File } from '../core/files/base';
import { guessType } from '../python/mimetypes';
import { contentDispositionHeader, httpDate } from '../utils/http';
import { type RangeRequest, selectRange } from './ranges';
import type { ResponseOptions } from './response_base';
import { type StreamingContent, StreamingHttpResponse } from './response_streaming';

/** Bytes of a file that are read at once. */
const BLOCK_SIZE = 64 * 1024;

/** The content type of compressed files, so that browsers do not unpack them. */
const ENCODING_TYPES = new Map([
  ['br', 'application/x-brotli'],
  ['bzip2', 'application/x-bzip'],
  ['compress', 'application/x-compress'],
  ['gzip', 'application/gzip'],
  ['xz', 'application/x-xz'],
]);

export interface FileResponseOptions extends ResponseOptions {
  /** Offer the file for saving, rather than show it. */
  asAttachment?: boolean;
  /** The name that the browser sees; that of the file if absent. */
  filename?: string;
}

/** Anything that a file can be given as: a path, Node's read stream, a File (an upload, too), bytes, or pieces of it. */
export type FileSource = string | ReadStream | File | Uint8Array | StreamingContent;

/** A part of the content that can be read again and from anywhere. */
interface Seekable {
  size: number;
  /** Seconds since 1970. */
  modified: number | undefined;
  open(start: number, end: number): StreamingContent;
}

/**
 * A file. Its length, type and name go into the headers; a client may ask for a part of it (Range), or only for
 * what changed (If-Modified-Since, If-Range): the handler applies that when the middleware is through.
 */
export class FileResponse extends StreamingHttpResponse {
  private seekable: Seekable | null = null;
  /** The content as this class set it; other content came from a middleware. */
  private own: object | null = null;
  /** How the file itself is encoded; another encoding came from a middleware. */
  private encoding: string | undefined;

  /** @throws the error of `fs.statSync` if a path does not exist. */
  constructor(file: FileSource, options: FileResponseOptions = {}) {
    super([], options);
    const { seekable, content, name } = describe(file);
    this.seekable = seekable;
    this.setHeaders(name, options);
    this.setStreamingContent(seekable !== null ? seekable.open(0, seekable.size) : content);
    this.own = this.marker;
    this.encoding = this.headers.get('Content-Encoding');
  }

  private marker: object | null = null;

  protected override setStreamingContent(value: StreamingContent): void {
    super.setStreamingContent(value);
    this.marker = {};
  }

  private setHeaders(name: string, options: FileResponseOptions): void {
    const { headers, seekable } = this;
    if (seekable !== null) headers.setdefault('Content-Length', seekable.size);
    const filename = options.filename || path.basename(name);
    if (!givenContentType(options)) {
      const { type, encoding } = filename ? guessType(filename) : { type: null, encoding: null };
      headers.set(
        'Content-Type',
        (encoding !== null ? ENCODING_TYPES.get(encoding) : type) ?? type ?? 'application/octet-stream',
      );
    }
    const disposition = contentDispositionHeader(options.asAttachment ?? false, filename);
    if (disposition !== undefined) headers.setdefault('Content-Disposition', disposition);
  }

  /**
   * Applies the request's conditions: 304, 206 with the part that was asked for, or 416.
   * Nothing happens if a middleware changed the content (compressed it) or the status.
   */
  applyRequest(request: RangeRequest): void {
    const { headers, seekable } = this;
    if (
      seekable === null ||
      this.marker !== this.own ||
      this.statusCode !== 200 ||
      headers.get('Content-Encoding') !== this.encoding
    ) {
      return;
    }
    if (seekable.modified !== undefined) headers.setdefault('Last-Modified', httpDate(seekable.modified));
    headers.setdefault('Accept-Ranges', 'bytes');
    const selected = selectRange(request, headers, seekable.size);
    if (selected === null) return;
    this.statusCode = selected.status;
    if (selected.status === 206) {
      headers.set('Content-Range', `bytes ${selected.start}-${selected.end - 1}/${seekable.size}`);
      headers.set('Content-Length', selected.end - selected.start);
      super.setStreamingContent(seekable.open(selected.start, selected.end));
      return;
    }
    headers.delete('Content-Length');
    // Neither has the file.
    headers.delete('Content-Disposition');
    if (selected.status === 416) {
      headers.set('Content-Range', `bytes */${seekable.size}`);
      headers.set('Content-Length', 0);
    } else {
      headers.delete('Content-Type');
    }
    super.setStreamingContent([]);
  }
}

function givenContentType(options: FileResponseOptions): boolean {
  if (options.contentType != null) return true;
  if (!options.headers) return false;
  const names =
    Symbol.iterator in options.headers
      ? [...options.headers].map(([name]) => name)
      : Object.keys(options.headers);
  return names.some((name) => name.toLowerCase() === 'content-type');
}

function ofPath(file: string): Seekable {
  const stat = statSync(file);
  return {
    size: stat.size,
    modified: Math.floor(stat.mtimeMs / 1000),
    open: (start, end) => readPart(file, start, end),
  };
}

/** A generator opens the file only when the first piece is wanted, and closes it when it is ended. */
async function* readPart(file: string, start: number, end: number): AsyncGenerator<Buffer> {
  if (start < end) yield* createReadStream(file, { start, end: end - 1, highWaterMark: BLOCK_SIZE });
}

function describe(file: FileSource): { seekable: Seekable | null; content: StreamingContent; name: string } {
  if (typeof file === 'string') return { seekable: ofPath(file), content: [], name: file };
  if (file instanceof Uint8Array) {
    return {
      seekable: { size: file.length, modified: undefined, open: (start, end) => [file.subarray(start, end)] },
      content: [],
      name: '',
    };
  }
  if ('chunks' in file && typeof file.chunks === 'function') {
    return { seekable: null, content: file.chunks(), name: file.name ?? '' };
  }
  const name = 'path' in file && typeof file.path === 'string' ? file.path : '';
  return { seekable: null, content: file as StreamingContent, name };
}
