/**
 * What takes uploaded files while they arrive. https://docs.djangoproject.com/en/5.2/ref/files/uploads/#custom-upload-handlers
 */
import { settings } from '../../conf';
import type { QueryDict } from '../../http/querydict';
import type { HttpRequest } from '../../http/request';
import type { MultiValueDict } from '../../utils/datastructures';
import type { MaybePromise } from '../../utils/maybe_promise';
import { importSetting } from '../../utils/module_loading';
import { createTemporaryFile, type TemporaryFile } from './temp';
import {
  InMemoryUploadedFile,
  TemporaryUploadedFile,
  type UploadedFile,
  type UploadInfo,
} from './uploadedfile';

/** Something that a handler throws to change the course of an upload. */
export class UploadFileException extends Error {}

/** Ends the whole upload. */
export class StopUpload extends UploadFileException {
  override readonly name = 'StopUpload';
  /** @param connectionReset the rest of the body is not read; the client sees its connection end. */
  constructor(readonly connectionReset = false) {
    super(
      connectionReset ? 'StopUpload: Halt current upload.' : 'StopUpload: Consume request data, then halt.',
    );
  }
}

/** Leaves out this file. */
export class SkipFile extends UploadFileException {
  override readonly name = 'SkipFile';
}

/** No handler after this one is told of the new file. */
export class StopFutureHandlers extends UploadFileException {
  override readonly name = 'StopFutureHandlers';
}

/** The result of a handler that parses the whole body itself. */
export type RawResult = readonly [QueryDict, MultiValueDict<UploadedFile>];

/** The base of upload handlers; the two abstract methods are what a handler must have. */
export abstract class UploadHandler {
  /** Bytes that are handed to `receiveDataChunk` at most at once. */
  readonly chunkSize: number = 64 * 1024;
  protected file: UploadInfo | undefined;

  constructor(protected readonly request: HttpRequest) {}

  /**
   * Called before anything is parsed.
   *
   * @returns fields and files, if this handler reads the body itself; else nothing.
   */
  handleRawInput(
    _input: AsyncIterable<Buffer>,
    _meta: Readonly<Record<string, string>>,
    _contentLength: number,
    _boundary: string,
    _encoding: string,
  ): MaybePromise<RawResult | undefined> {
    return undefined;
  }

  /** A new file begins. May throw StopFutureHandlers, SkipFile or StopUpload. */
  newFile(info: UploadInfo, _contentLength: number | undefined): MaybePromise<void> {
    this.file = info;
  }

  /** The form is complete. */
  uploadComplete(): MaybePromise<void> {}

  /** The upload ended early: whatever was kept of it has to go. */
  uploadInterrupted(): MaybePromise<void> {}

  /**
   * Bytes of the file.
   *
   * @param start where they begin in the file, as this handler sees it.
   * @returns what the next handler gets; `null` if it gets nothing.
   */
  abstract receiveDataChunk(rawData: Buffer, start: number): MaybePromise<Buffer | null>;

  /**
   * The file is complete.
   *
   * @returns it, or `null` if another handler has it.
   */
  abstract fileComplete(fileSize: number): MaybePromise<UploadedFile | null>;
}

/** Keeps uploads in memory where the whole request is small: see FILE_UPLOAD_MAX_MEMORY_SIZE. */
export class MemoryFileUploadHandler extends UploadHandler {
  protected activated = false;
  private chunks: Buffer[] = [];

  override handleRawInput(
    _input: AsyncIterable<Buffer>,
    _meta: Readonly<Record<string, string>>,
    contentLength: number,
  ): undefined {
    this.activated = contentLength <= settings.FILE_UPLOAD_MAX_MEMORY_SIZE;
  }

  override newFile(info: UploadInfo): void {
    this.file = info;
    if (this.activated) {
      this.chunks = [];
      throw new StopFutureHandlers();
    }
  }

  override receiveDataChunk(rawData: Buffer): Buffer | null {
    if (!this.activated) return rawData;
    this.chunks.push(rawData);
    return null;
  }

  override fileComplete(): UploadedFile | null {
    if (!this.activated || this.file === undefined) return null;
    const content = Buffer.concat(this.chunks);
    this.chunks = [];
    return new InMemoryUploadedFile(content, this.file);
  }

  override uploadInterrupted(): void {
    this.chunks = [];
  }
}

/** Writes uploads to temporary files in FILE_UPLOAD_TEMP_DIR. */
export class TemporaryFileUploadHandler extends UploadHandler {
  private temporary: TemporaryFile | undefined;

  override async newFile(info: UploadInfo, contentLength: number | undefined): Promise<void> {
    await super.newFile(info, contentLength);
    this.temporary = await createTemporaryFile({ suffix: '.upload', folder: settings.FILE_UPLOAD_TEMP_DIR });
  }

  override async receiveDataChunk(rawData: Buffer): Promise<null> {
    await this.temporary?.handle.write(rawData);
    return null;
  }

  override async fileComplete(fileSize: number): Promise<UploadedFile | null> {
    const { temporary } = this;
    if (temporary === undefined || this.file === undefined) return null;
    await temporary.handle.close();
    this.temporary = undefined;
    return new TemporaryUploadedFile(temporary.path, fileSize, this.file);
  }

  override async uploadInterrupted(): Promise<void> {
    const { temporary } = this;
    this.temporary = undefined;
    await temporary?.remove();
  }
}

type HandlerClass = new (request: HttpRequest) => UploadHandler;

/** The handlers of FILE_UPLOAD_HANDLERS for one request. */
export function loadHandlers(request: HttpRequest): UploadHandler[] {
  return settings.FILE_UPLOAD_HANDLERS.map((setting) => {
    const Handler = importSetting(setting) as HandlerClass;
    return new Handler(request);
  });
}
