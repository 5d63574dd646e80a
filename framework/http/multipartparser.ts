/**
 * Multipart forms: fields into POST, files through the upload handlers. Django: `django.http.multipartparser`; RFC 7578.
 */
import { settings } from '../conf';
import { RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent } from '../core/exceptions';
import type { UploadedFile } from '../core/files/uploadedfile';
import type { UploadHandler } from '../core/files/uploadhandler';
import { unescapeHtml } from '../python/html';
import { MultiValueDict } from '../utils/datastructures';
import { decodeBytes } from '../utils/encoding';
import { parseHeaderParameters } from '../utils/http';
import { MultiPartParserError } from './exceptions';
import { type Part, splitParts } from './multipart_stream';
import { QueryDict } from './querydict';
import type { HttpRequest } from './request';
import type { RequestBody } from './request_body';
import { FileUpload, UploadStopped } from './upload';

export { MultiPartParserError } from './exceptions';

/** What a multipart form holds. */
export interface ParsedUpload {
  post: QueryDict;
  files: MultiValueDict<UploadedFile>;
}

// RFC 2046, 5.1.1, with Django's larger length.
const BOUNDARY = /^[ -~]{0,200}[!-~]$/;

/**
 * Reads a multipart body. If it fails, nothing of it is kept: no memory, no temporary file.
 *
 * @throws MultiPartParserError for what is no multipart, TooManyFieldsSent, TooManyFilesSent, RequestDataTooBig,
 *   RequestAborted if the client is gone.
 */
export async function parseUpload(
  request: HttpRequest,
  body: RequestBody,
  handlers: readonly UploadHandler[],
): Promise<ParsedUpload> {
  const boundary = boundaryOf(request.header('content-type') ?? '');
  const encoding = request.encoding ?? settings.DEFAULT_CHARSET;
  // Without a declared length (chunked) it may be anything, and goes to where large uploads go.
  const declared = request.header('content-length');
  const contentLength = declared === undefined ? Number.POSITIVE_INFINITY : Number(declared);
  const input = body.stream();
  for (const handler of handlers) {
    const result = await handler.handleRawInput(input, request.META, contentLength, boundary, encoding);
    if (result !== undefined) return { post: result[0], files: result[1] };
  }
  return new FormReader(handlers, encoding).read(splitParts(input, boundary));
}

function boundaryOf(contentType: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is what ASCII is.
  if (!/^[\x00-\x7f]*$/.test(contentType)) {
    throw new MultiPartParserError(`Invalid non-ASCII Content-Type in multipart: ${contentType}`);
  }
  const boundary = parseHeaderParameters(contentType)[1]['boundary'];
  if (!boundary || !BOUNDARY.test(boundary)) {
    throw new MultiPartParserError(`Invalid boundary in multipart: ${boundary ?? 'None'}`);
  }
  return boundary;
}

/** What the headers of a part say. */
interface PartInfo {
  fieldName: string;
  fileName: string | undefined;
  contentType: string;
  contentTypeExtra: Record<string, string>;
  contentLength: number | undefined;
  isBase64: boolean;
}

/** The last line of a header with its parameters; `undefined` if there is none, or it is no UTF-8. */
function partHeader(part: Part, name: string): [string, Record<string, string>] | undefined {
  const value = part.headers[name]?.at(-1);
  if (value === undefined) return undefined;
  const bytes = Buffer.from(value, 'latin1');
  const text = bytes.toString('utf8');
  if (text.includes('\ufffd') && !bytes.includes('\ufffd')) return undefined;
  return parseHeaderParameters(text);
}

function partInfo(part: Part): PartInfo | undefined {
  const disposition = partHeader(part, 'content-disposition');
  const fieldName = disposition?.[1]['name']?.trim();
  if (disposition === undefined || fieldName === undefined) return undefined;
  const [contentType, contentTypeExtra] = partHeader(part, 'content-type') ?? ['', {}];
  const length = Number.parseInt(partHeader(part, 'content-length')?.[0] ?? '', 10);
  return {
    fieldName,
    fileName: disposition[1]['filename'] || undefined,
    contentType: contentType.trim(),
    contentTypeExtra,
    contentLength: Number.isNaN(length) ? undefined : length,
    isBase64: partHeader(part, 'content-transfer-encoding')?.[0].trim() === 'base64',
  };
}

/**
 * A file's name without folders and without what cannot be printed. Clients send paths, and worse.
 *
 * @returns `undefined` if nothing is left.
 */
export function sanitizeFileName(name: string): string | undefined {
  let result = unescapeHtml(name);
  result = result.slice(Math.max(result.lastIndexOf('/'), result.lastIndexOf('\\')) + 1);
  // Python's str.isprintable(): of the separators, only the space.
  result = result.replace(/[\p{C}\p{Z}]/gu, (char) => (char === ' ' ? char : ''));
  return result === '' || result === '.' || result === '..' ? undefined : result;
}

/** Reads the parts of one form. */
class FormReader {
  private readonly post: QueryDict;
  private readonly files = new MultiValueDict<UploadedFile>();
  /** Bytes of the fields and their names, as they would count in a urlencoded form. */
  private bytes = 0;
  private fieldCount = 0;
  private fileCount = 0;

  constructor(
    private readonly handlers: readonly UploadHandler[],
    private readonly encoding: string,
  ) {
    this.post = new QueryDict('', { mutable: true, encoding });
  }

  async read(parts: AsyncIterable<Part>): Promise<ParsedUpload> {
    try {
      for await (const part of parts) await this.readPart(part);
    } catch (error) {
      if (!(error instanceof UploadStopped)) {
        await this.discard();
        throw error;
      }
    }
    for (const handler of this.handlers) await handler.uploadComplete();
    this.post.mutable = false;
    return { post: this.post, files: this.files };
  }

  /** Nothing is kept of an upload that failed. */
  private async discard(): Promise<void> {
    for (const handler of this.handlers)
      await Promise.resolve(handler.uploadInterrupted()).catch(() => undefined);
    for (const [, files] of this.files.lists()) {
      for (const file of files) await Promise.resolve(file.close()).catch(() => undefined);
    }
  }

  private async readPart(part: Part): Promise<void> {
    const iterator = part.data[Symbol.asyncIterator]();
    // With the first piece the headers are there.
    const first = await iterator.next();
    const rest: AsyncIterable<Buffer> = {
      async *[Symbol.asyncIterator]() {
        for (let step = first; !step.done; step = await iterator.next()) yield step.value;
      },
    };
    const info = partInfo(part);
    if (info?.fileName !== undefined) {
      await this.readFile(part, info, info.fileName, rest);
      return;
    }
    this.countField();
    if (info === undefined) {
      for await (const _ of rest);
    } else {
      await this.readField(info, rest);
    }
  }

  private countField(): void {
    const limit = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS;
    if (limit !== null && ++this.fieldCount > limit) {
      throw new TooManyFieldsSent(
        'The number of GET/POST parameters exceeded settings.DATA_UPLOAD_MAX_NUMBER_FIELDS.',
      );
    }
  }

  private async readField(info: PartInfo, data: AsyncIterable<Buffer>): Promise<void> {
    const limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE;
    // Two more, as in the `&=` of a urlencoded form.
    this.bytes += info.fieldName.length + 2;
    const chunks: Buffer[] = [];
    for await (const chunk of data) {
      this.bytes += chunk.length;
      if (limit !== null && this.bytes > limit) break;
      chunks.push(chunk);
    }
    if (limit !== null && this.bytes > limit) {
      throw new RequestDataTooBig('Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.');
    }
    const raw = Buffer.concat(chunks);
    const value = info.isBase64 ? (decodeBase64(raw) ?? raw) : raw;
    this.post.appendlist(info.fieldName, decodeBytes(value, this.encoding));
  }

  private async readFile(
    part: Part,
    info: PartInfo,
    rawName: string,
    data: AsyncIterable<Buffer>,
  ): Promise<void> {
    const limit = settings.DATA_UPLOAD_MAX_NUMBER_FILES;
    if (limit !== null && ++this.fileCount > limit) {
      throw new TooManyFilesSent('The number of files exceeded settings.DATA_UPLOAD_MAX_NUMBER_FILES.');
    }
    const name = sanitizeFileName(rawName);
    if (name === undefined) {
      // A name that comes to nothing (`..`, `C:\\dir\\`) names no file: Django leaves the part out, too.
      for await (const _ of data);
      return;
    }
    const upload = new FileUpload(this.handlers, {
      fieldName: info.fieldName,
      name,
      contentType: info.contentType,
      charset: info.contentTypeExtra['charset'],
      contentTypeExtra: info.contentTypeExtra,
    });
    const source = info.isBase64 ? base64Chunks(data) : data;
    const file = await upload.receive(source, info.contentLength, () => part.truncated);
    if (file !== undefined) this.files.appendlist(info.fieldName, file);
  }
}

const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * Base64 as Python's `binascii` reads it: characters of no alphabet are passed over, and nothing counts behind the
 * padding. `undefined` for what is incomplete.
 */
function decodeBase64(raw: Buffer): Buffer | undefined {
  const text = raw.toString('latin1').replace(/[\r\n\t\v\f ]+/g, '');
  if (text.length % 4 === 0 && BASE64.test(text)) return Buffer.from(text, 'base64');
  const known = text.replace(/[^A-Za-z0-9+/=]+/g, '');
  let figures = '';
  let padding = 0;
  for (const character of known) {
    if (character !== '=') {
      figures += character;
      padding = 0;
    } else if (figures.length % 4 >= 2) {
      padding += 1;
      if ((figures.length % 4) + padding === 4) return Buffer.from(figures, 'base64');
    }
  }
  return figures.length % 4 === 0 ? Buffer.from(figures, 'base64') : undefined;
}

/** Decodes in groups of four characters, wherever the pieces are cut. */
async function* base64Chunks(data: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let rest = '';
  for await (const chunk of data) {
    const text = rest + chunk.toString('latin1').replace(/[\r\n\t\v\f ]+/g, '');
    const whole = text.length - (text.length % 4);
    rest = text.slice(whole);
    const decoded = decodeBase64(Buffer.from(text.slice(0, whole), 'latin1'));
    if (decoded === undefined) throw new MultiPartParserError('Could not decode base64 data.');
    if (decoded.length > 0) yield decoded;
  }
  if (rest !== '') throw new MultiPartParserError('Could not decode base64 data.');
}
