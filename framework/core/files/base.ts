/** Files. Django: `django.core.files.base`; https://docs.djangoproject.com/en/5.2/ref/files/file/ */
import { type FileHandle, open as openFile } from 'node:fs/promises';
import { BOOL } from '../../python/ops';
import { asBuffer } from '../../utils/encoding';
import type { MaybePromise } from '../../utils/maybe_promise';

/** A file: read from the beginning, as a whole or in pieces. */
export abstract class File {
  /** Bytes of a piece. */
  static readonly DEFAULT_CHUNK_SIZE: number = 64 * 1024;

  constructor(public name: string) {}

  /** Bytes in the file. */
  abstract readonly size: number;

  /** Up to `size` bytes, or all that are left; empty at the end. */
  abstract read(size?: number): MaybePromise<Buffer>;

  /** Goes to a position, in bytes from the beginning. */
  abstract seek(position: number): void;

  /** Releases the file; closing again does nothing. */
  abstract close(): MaybePromise<void>;

  /** The whole file in pieces, from the beginning. */
  async *chunks(chunkSize: number = File.DEFAULT_CHUNK_SIZE): AsyncGenerator<Buffer> {
    this.seek(0);
    for (;;) {
      const piece = await this.read(chunkSize);
      if (piece.length === 0) return;
      yield piece;
    }
  }

  /** Whether `chunks()` gives more than one piece. */
  multipleChunks(chunkSize: number = File.DEFAULT_CHUNK_SIZE): boolean {
    return this.size > chunkSize;
  }

  /** The whole file as text. */
  async text(encoding: BufferEncoding = 'utf8'): Promise<string> {
    this.seek(0);
    return (await this.read()).toString(encoding);
  }

  /** A file without a name is none. */
  [BOOL](): boolean {
    return this.name !== '';
  }

  [Symbol.asyncIterator](): AsyncGenerator<Buffer> {
    return this.chunks();
  }

  toString(): string {
    return this.name;
  }
}

/** A file that is in memory. Django: `ContentFile`. */
export class ContentFile extends File {
  private position = 0;
  protected readonly data: Buffer;

  constructor(content: string | Uint8Array, name = '') {
    super(name);
    this.data = typeof content === 'string' ? Buffer.from(content, 'utf8') : asBuffer(content);
  }

  /** It has its content, whatever it is called. */
  override [BOOL](): boolean {
    return true;
  }

  get size(): number {
    return this.data.length;
  }

  read(size?: number): Buffer {
    const piece = this.data.subarray(this.position, size === undefined ? undefined : this.position + size);
    this.position += piece.length;
    return piece;
  }

  seek(position: number): void {
    this.position = position;
  }

  close(): void {}
}

/** A file on disk; it is opened when it is first read. */
export class LocalFile extends File {
  private position = 0;
  private handle: Promise<FileHandle> | undefined;

  constructor(
    readonly path: string,
    name: string,
    readonly size: number,
  ) {
    super(name);
  }

  async read(size?: number): Promise<Buffer> {
    this.handle ??= openFile(this.path, 'r');
    const handle = await this.handle;
    const wanted = Math.max(0, Math.min(size ?? Number.POSITIVE_INFINITY, this.size - this.position));
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(wanted), 0, wanted, this.position);
    this.position += bytesRead;
    return buffer.subarray(0, bytesRead);
  }

  seek(position: number): void {
    this.position = position;
  }

  async close(): Promise<void> {
    const handle = this.handle;
    this.handle = undefined;
    if (handle !== undefined) await (await handle).close();
  }
}
