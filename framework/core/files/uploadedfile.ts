/** Uploaded files. https://docs.djangoproject.com/en/5.2/ref/files/uploads/ */
import { unlink } from 'node:fs/promises';
import path from 'node:path';
import { SuspiciousFileOperation } from '../exceptions';
import { ContentFile, type File, LocalFile } from './base';

/** What a client said about a file. Do not believe it. */
export interface UploadInfo {
  /** The field's name. */
  fieldName: string;
  /** The file's name, a mere basename. */
  name: string;
  contentType: string;
  charset?: string | undefined;
  contentTypeExtra?: Readonly<Record<string, string>>;
}

/** A file that came with a request. Its `name` is no path; `read()` and `chunks()` give its bytes. */
export interface UploadedFile extends File {
  readonly fieldName: string;
  readonly contentType: string;
  readonly charset: string | undefined;
  /** The parameters of the content type. */
  readonly contentTypeExtra: Readonly<Record<string, string>>;
}

/** Longest file name; most file systems know no longer one. */
const MAX_NAME_LENGTH = 255;

/**
 * A name that is safe to use in a folder: the basename, at most 255 characters with its extension kept.
 *
 * @throws SuspiciousFileOperation for a name that is none (`.`, `..`).
 */
export function cleanFileName(name: string): string {
  let result = path.posix.basename(name);
  if (result === '' || result === '.' || result === '..') {
    throw new SuspiciousFileOperation(`Could not derive file name from '${name}'`);
  }
  if (result.length > MAX_NAME_LENGTH) {
    const extension = path.posix.extname(result).slice(0, MAX_NAME_LENGTH);
    result = result.slice(0, MAX_NAME_LENGTH - extension.length) + extension;
  }
  return result;
}

/** An upload in memory. */
export class InMemoryUploadedFile extends ContentFile implements UploadedFile {
  readonly fieldName: string;
  readonly contentType: string;
  readonly charset: string | undefined;
  readonly contentTypeExtra: Readonly<Record<string, string>>;

  constructor(content: string | Uint8Array, info: UploadInfo) {
    super(content, cleanFileName(info.name));
    this.fieldName = info.fieldName;
    this.contentType = info.contentType;
    this.charset = info.charset;
    this.contentTypeExtra = info.contentTypeExtra ?? {};
  }

  override multipleChunks(): boolean {
    return false;
  }
}

/** A small upload out of nothing, for tests. Django: `SimpleUploadedFile`. */
export class SimpleUploadedFile extends InMemoryUploadedFile {
  constructor(name: string, content: string | Uint8Array, contentType = 'text/plain') {
    super(content, { fieldName: '', name, contentType });
  }
}

/** An upload in a temporary file, which is deleted when the request ends: move it, or copy it, to keep it. */
export class TemporaryUploadedFile extends LocalFile implements UploadedFile {
  readonly fieldName: string;
  readonly contentType: string;
  readonly charset: string | undefined;
  readonly contentTypeExtra: Readonly<Record<string, string>>;

  constructor(file: string, size: number, info: UploadInfo) {
    super(file, cleanFileName(info.name), size);
    this.fieldName = info.fieldName;
    this.contentType = info.contentType;
    this.charset = info.charset;
    this.contentTypeExtra = info.contentTypeExtra ?? {};
  }

  /** Where the file is. */
  temporaryFilePath(): string {
    return this.path;
  }

  override async close(): Promise<void> {
    await super.close();
    await unlink(this.path).catch((error: NodeJS.ErrnoException) => {
      // Somebody moved it: that is how it is kept.
      if (error.code !== 'ENOENT') throw error;
    });
  }
}
