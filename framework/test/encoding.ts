/** Bodies of test requests. Django: `django.test.client`'s encoding functions. */
import path from 'node:path';
import { encodeJson } from '../core/serializers/encode_json';
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

/** One part of a form: a field's bytes, or a file. */
export type FormPart = readonly [key: string, value: Buffer | UploadSource];

/**
 * The parts of a form, in the order in which they are sent.
 *
 * @throws TypeError for `null` and `undefined` values.
 */
export function* formParts(data: object): Generator<FormPart> {
  for (const [key, value] of pairsOf(data)) yield* partsOf(key, value);
}

function* partsOf(key: string, value: unknown): Generator<FormPart> {
  if (value === null || value === undefined) {
    throw new TypeError(
      `Cannot encode None for key '${key}' as POST data. Did you mean to pass an empty string or omit the value?`,
    );
  }
  const file = toUpload(value);
  if (file !== undefined) yield [key, file];
  else if (value instanceof Uint8Array) yield [key, forceBytes(value)];
  else if (typeof value === 'string' || !(Symbol.iterator in Object(value)))
    yield [key, Buffer.from(text(value))];
  else for (const item of value as Iterable<unknown>) yield* partsOf(key, item);
}

/** The media type that a file is sent with. */
export function uploadType({ name, contentType }: UploadSource): string {
  return contentType ?? guessType(name).type ?? 'application/octet-stream';
}

/**
 * A multipart/form-data body.
 *
 * @throws TypeError for `null` and `undefined` values.
 */
export function encodeMultipart(boundary: string, data: object): Buffer {
  const parts: Buffer[] = [];
  for (const [key, value] of formParts(data)) {
    const isFile = 'content' in value;
    const head = isFile ? `; filename="${value.name}"\r\nContent-Type: ${uploadType(value)}` : '';
    parts.push(
      Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${key}"${head}\r\n\r\n`),
      isFile ? forceBytes(value.content) : value,
      Buffer.from('\r\n'),
    );
  }
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
