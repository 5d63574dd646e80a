/** Bodies of test requests. Django: `django.test.client`'s encoding functions. */
import path from 'node:path';
import { encodeJson } from '../core/serializers/json';
import { guessType } from '../python/mimetypes';
import { MultiValueDict } from '../utils/datastructures';
import { forceBytes } from '../utils/encoding';

/** The boundary of multipart bodies; fixed, so that a test can compare bytes. */
export const BOUNDARY = 'BoUnDaRyStRiNg';
/** The content type of form posts. */
export const MULTIPART_CONTENT = `multipart/form-data; boundary=${BOUNDARY}`;

/** A file to upload: a `File` of the framework or of the platform, Node's read stream, or name and content. */
export interface UploadSource {
  name: string;
  content: string | Uint8Array;
  contentType?: string;
}

/** What is posted: values by field name; a list is several values of a field. Or the body itself. */
export type TestData = object | string | Uint8Array | null | undefined;

const JSON_TYPE = /^application\/(?:.+\+)?json/;

/** What of files is looked at: the framework's, the platform's and Node's. */
interface FileLike {
  name?: unknown;
  path?: unknown;
  type?: unknown;
  contentType?: unknown;
  content?: unknown;
  read?: (size?: number) => unknown;
  seek?: (position: number) => void;
}

function describe(file: FileLike): { name: string; contentType?: string } {
  const name = path.basename(String(file.name ?? (typeof file.path === 'string' ? file.path : '')));
  const type = file.contentType ?? file.type;
  return typeof type === 'string' && type !== '' ? { name, contentType: type } : { name };
}

function isStream(value: object): value is AsyncIterable<Uint8Array | string> {
  return Symbol.asyncIterator in value;
}

/** A file whose content is there at once; `undefined` for what is no such file. */
function toUpload(value: unknown): UploadSource | undefined {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return undefined;
  const file = value as FileLike;
  if ('name' in file && 'content' in file) {
    return { ...describe(file), content: file.content as string | Uint8Array };
  }
  if (typeof file.read === 'function' && typeof file.seek === 'function') {
    file.seek(0);
    const content = file.read();
    if (content instanceof Uint8Array) return { ...describe(file), content };
  }
  if (value instanceof Blob || isStream(value)) {
    throw new TypeError(
      'The bytes of this file are not there yet: use the Client, or give { name, content }.',
    );
  }
  return undefined;
}

/** Data in which files that have to be waited for are read. */
export async function readUploads(data: TestData): Promise<TestData> {
  if (data === null || typeof data !== 'object' || data instanceof Uint8Array) return data;
  const pairs: [string, unknown][] = [];
  for (const [key, value] of pairsOf(data)) pairs.push([key, await readUpload(value)]);
  return data instanceof MultiValueDict || Symbol.iterator in data ? pairs : Object.fromEntries(pairs);
}

async function readUpload(value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return Promise.all(value.map(readUpload));
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value;
  if (value instanceof Blob) return { ...describe(value), content: Buffer.from(await value.arrayBuffer()) };
  if (!isStream(value)) return value;
  const chunks: Buffer[] = [];
  for await (const chunk of value) chunks.push(forceBytes(chunk));
  return { ...describe(value as FileLike), content: Buffer.concat(chunks) };
}

function pairsOf(data: object): Iterable<readonly [string, unknown]> {
  if (data instanceof MultiValueDict) return data.lists();
  return Symbol.iterator in data ? (data as Iterable<readonly [string, unknown]>) : Object.entries(data);
}

function text(value: unknown): string {
  return value === true ? 'True' : value === false ? 'False' : String(value);
}

/**
 * A multipart/form-data body.
 *
 * @throws TypeError for `null` and `undefined` values.
 */
export function encodeMultipart(boundary: string, data: object): Buffer {
  const parts: Buffer[] = [];
  const push = (head: string, content: Buffer): void => {
    parts.push(Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`), content, Buffer.from('\r\n'));
  };
  const add = (key: string, value: unknown): void => {
    if (value === null || value === undefined) {
      throw new TypeError(
        `Cannot encode None for key '${key}' as POST data. Did you mean to pass an empty string or omit the value?`,
      );
    }
    const file = toUpload(value);
    if (file !== undefined) {
      const type = file.contentType ?? guessType(file.name).type ?? 'application/octet-stream';
      push(
        `Content-Disposition: form-data; name="${key}"; filename="${file.name}"\r\nContent-Type: ${type}`,
        forceBytes(file.content),
      );
    } else if (
      typeof value !== 'string' &&
      !(value instanceof Uint8Array) &&
      Symbol.iterator in Object(value)
    ) {
      for (const item of value as Iterable<unknown>) add(key, item);
    } else {
      push(
        `Content-Disposition: form-data; name="${key}"`,
        value instanceof Uint8Array ? forceBytes(value) : Buffer.from(text(value)),
      );
    }
  };
  for (const [key, value] of pairsOf(data)) add(key, value);
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return Buffer.concat(parts);
}

/** The bytes of a body, by its content type. */
export function encodeBody(data: TestData, contentType: string): Buffer {
  if (data === null || data === undefined) {
    return contentType === MULTIPART_CONTENT ? encodeMultipart(BOUNDARY, {}) : Buffer.alloc(0);
  }
  if (typeof data === 'string' || data instanceof Uint8Array) return forceBytes(data);
  if (contentType === MULTIPART_CONTENT) return encodeMultipart(BOUNDARY, data);
  if (JSON_TYPE.test(contentType)) return Buffer.from(encodeJson(data));
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    const { urlencode } = require('../utils/http') as typeof import('../utils/http');
    return Buffer.from(urlencode(data as Record<string, unknown>, true));
  }
  throw new TypeError(`Data for the content type '${contentType}' must be text or bytes.`);
}
