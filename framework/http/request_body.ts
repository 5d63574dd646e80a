/**
 * The body of a request: read as a whole before the view, or piece by piece by a view that asks for it.
 *
 * https://docs.djangoproject.com/en/5.2/ref/request-response/#django.http.HttpRequest.body
 */
import { settings } from '../conf';
import { BadRequest, RequestAborted, RequestDataTooBig, SynchronousOnlyOperation } from '../core/exceptions';
import { asBuffer } from '../utils/encoding';
import type { MaybePromise } from '../utils/maybe_promise';
import { RawPostDataException } from './exceptions';

const EMPTY = Buffer.alloc(0);
const TOO_BIG = 'Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.';

/** Where the bytes of a body are. */
export type BodyState =
  /** Nothing was read. */
  | 'pending'
  /** All of it is in memory. */
  | 'loaded'
  /** Somebody reads the stream, or did. */
  | 'streamed'
  /** More than the limit came; the rest was not read. */
  | 'refused';

/** What is thrown where a body is looked at before it was read. */
export function notRead(): SynchronousOnlyOperation {
  return new SynchronousOnlyOperation(
    'The body of this request has not been read yet. Views have it; in middleware that runs before them, ' +
      'and in views marked with streamBody, call `await request.load()` first.',
  );
}

/** The bytes of one request, read once. */
export class RequestBody {
  state: BodyState = 'pending';
  private data: Buffer = EMPTY;
  private position = 0;
  /** How many bytes of the stream have come. */
  private received = 0;
  private iterator: AsyncIterator<Uint8Array> | undefined;
  private rest: Buffer = EMPTY;

  constructor(
    private readonly source: AsyncIterable<Uint8Array> | Uint8Array,
    private readonly declaredLength: number | undefined,
  ) {}

  /**
   * Reads everything into memory. More than DATA_UPLOAD_MAX_MEMORY_SIZE is not read: `bytes()` then throws, so
   * that a view that never looks at the body is not troubled by it.
   *
   * @throws RequestAborted if the client is gone before the end.
   */
  load(): MaybePromise<void> {
    if (this.state !== 'pending') return;
    const limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE;
    if (limit !== null && (this.declaredLength ?? 0) > limit) {
      this.state = 'refused';
      return;
    }
    if (this.source instanceof Uint8Array) {
      this.state = limit !== null && this.source.length > limit ? 'refused' : 'loaded';
      this.data = asBuffer(this.source);
      return;
    }
    return this.loadStream(this.source, limit);
  }

  private async loadStream(source: AsyncIterable<Uint8Array>, limit: number | null): Promise<void> {
    const chunks: Buffer[] = [];
    let length = 0;
    this.state = 'streamed';
    try {
      for await (const chunk of source) {
        length += chunk.length;
        if (limit !== null && length > limit) {
          this.state = 'refused';
          return;
        }
        chunks.push(asBuffer(chunk));
      }
    } catch (error) {
      throw aborted(error);
    }
    this.data = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, length);
    this.state = 'loaded';
  }

  /** The bytes. @throws RequestDataTooBig, RawPostDataException or SynchronousOnlyOperation if they are not there. */
  bytes(): Buffer {
    if (this.state === 'pending' && this.source instanceof Uint8Array) void this.load();
    switch (this.state) {
      case 'loaded':
        return this.data;
      case 'refused':
        throw new RequestDataTooBig(TOO_BIG);
      case 'streamed':
        throw new RawPostDataException("You cannot access body after reading from request's data stream");
      default:
        throw notRead();
    }
  }

  /** Whether no byte of the stream is in memory, or may be. */
  get isStreamed(): boolean {
    return this.state === 'streamed';
  }

  /** Up to `size` bytes, or all that are left; empty at the end. */
  read(size?: number): MaybePromise<Buffer> {
    if (this.state === 'refused') throw new RequestDataTooBig(TOO_BIG);
    if (this.state === 'loaded') {
      const end = size === undefined ? this.data.length : this.position + size;
      const piece = this.data.subarray(this.position, end);
      this.position += piece.length;
      return piece;
    }
    return this.readStream(size);
  }

  private async readStream(size: number | undefined): Promise<Buffer> {
    const chunks = [this.rest];
    let length = this.rest.length;
    while (size === undefined || length < size) {
      const chunk = await this.nextChunk();
      if (chunk === undefined) break;
      chunks.push(chunk);
      length += chunk.length;
    }
    const all = Buffer.concat(chunks, length);
    this.rest = size === undefined ? EMPTY : all.subarray(size);
    return size === undefined ? all : all.subarray(0, size);
  }

  private async nextChunk(): Promise<Buffer | undefined> {
    this.state = 'streamed';
    if (this.iterator === undefined) {
      const source = this.source instanceof Uint8Array ? once(this.source) : this.source;
      this.iterator = source[Symbol.asyncIterator]();
    }
    let result: IteratorResult<Uint8Array>;
    try {
      result = await this.iterator.next();
    } catch (error) {
      throw aborted(error);
    }
    if (result.done) return undefined;
    this.received += result.value.length;
    // Upload handlers choose memory or disk by the declared length.
    if (this.declaredLength !== undefined && this.received > this.declaredLength) {
      throw new BadRequest('The body of the request is longer than its Content-Length.');
    }
    return asBuffer(result.value);
  }

  /** The pieces of the body as they come. */
  async *stream(): AsyncGenerator<Buffer> {
    if (this.state === 'loaded' || this.state === 'refused') {
      const piece = await this.read();
      if (piece.length > 0) yield piece;
      return;
    }
    for (let chunk = await this.nextChunk(); chunk !== undefined; chunk = await this.nextChunk()) yield chunk;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function aborted(cause: unknown): RequestAborted {
  return new RequestAborted('The client closed the connection before the request was complete.', { cause });
}
