/** One file on its way through the upload handlers. */

import type { UploadedFile, UploadInfo } from '../core/files/uploadedfile';
import { SkipFile, StopFutureHandlers, StopUpload, type UploadHandler } from '../core/files/uploadhandler';

/** A handler has ended the upload; what is complete counts. */
export class UploadStopped extends Error {
  override readonly name = 'UploadStopped';
}

export class FileUpload {
  /** How much each handler has been given. */
  private readonly counters: number[];

  constructor(
    private readonly handlers: readonly UploadHandler[],
    private readonly info: UploadInfo,
  ) {
    this.counters = handlers.map(() => 0);
  }

  /**
   * Hands the bytes to the handlers.
   *
   * @param isTruncated asked when the bytes are through: whether some are missing.
   * @returns the file of the first handler that has one; nothing if it was skipped, or is incomplete.
   * @throws UploadStopped if a handler ends the upload.
   */
  async receive(
    data: AsyncIterable<Buffer>,
    contentLength: number | undefined,
    isTruncated: () => boolean,
  ): Promise<UploadedFile | undefined> {
    try {
      await this.begin(contentLength);
      for await (const chunk of data) await this.pass(chunk);
    } catch (error) {
      if (error instanceof SkipFile) {
        await this.interrupt();
        for await (const _ of data);
        return undefined;
      }
      if (error instanceof StopUpload) {
        await this.interrupt();
        if (!error.connectionReset) for await (const _ of data);
        throw new UploadStopped('An upload handler stopped the upload.', { cause: error });
      }
      throw error;
    }
    if (isTruncated()) {
      await this.interrupt();
      return undefined;
    }
    return this.complete();
  }

  private async begin(contentLength: number | undefined): Promise<void> {
    for (const handler of this.handlers) {
      try {
        await handler.newFile(this.info, contentLength);
      } catch (error) {
        if (error instanceof StopFutureHandlers) return;
        throw error;
      }
    }
  }

  private async pass(data: Buffer): Promise<void> {
    const size = Math.min(...this.handlers.map((handler) => handler.chunkSize || Number.POSITIVE_INFINITY));
    for (let start = 0; start < data.length; start += size) {
      let chunk: Buffer | null = data.subarray(start, start + size);
      for (const [i, handler] of this.handlers.entries()) {
        const { length }: Buffer = chunk;
        chunk = await handler.receiveDataChunk(chunk, this.counters[i] as number);
        this.counters[i] = (this.counters[i] as number) + length;
        if (chunk === null) break;
      }
    }
  }

  private async complete(): Promise<UploadedFile | undefined> {
    for (const [i, handler] of this.handlers.entries()) {
      const file = await handler.fileComplete(this.counters[i] as number);
      if (file) return file;
    }
    return undefined;
  }

  private async interrupt(): Promise<void> {
    for (const handler of this.handlers) await handler.uploadInterrupted();
  }
}
