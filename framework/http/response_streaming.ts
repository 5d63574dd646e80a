/** Streaming responses. https://docs.djangoproject.com/en/5.2/ref/request-response/#streaminghttpresponse-objects */
import { AttributeError } from '../core/exceptions';
import { outlive } from '../python/streams';
import { asBuffer, encodeText } from '../utils/encoding';
import { HttpResponseBase, type ResponseOptions } from './response_base';

/** What is streamed: text or bytes, there already or to come. Generators and Node's and the web's streams are that. */
export type StreamingContent = Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>;

/** The bytes of a stream, one piece after the other; `return()` ends it early. */
export type ByteStream = IterableIterator<Buffer> | AsyncIterableIterator<Buffer>;

interface Source {
  next(): IteratorResult<unknown> | Promise<IteratorResult<unknown>>;
  return?(value?: unknown): unknown;
}

/** A response that is sent piece by piece; nothing of it is kept. */
export class StreamingHttpResponse extends HttpResponseBase {
  readonly streaming: boolean = true;
  /** Whether the content has to be waited for, so that only `for await` reads it. */
  isAsync = false;
  private source: Source = [][Symbol.iterator]();

  constructor(streamingContent: StreamingContent = [], options?: ResponseOptions) {
    super(options);
    this.setStreamingContent(streamingContent);
  }

  get content(): never {
    throw new AttributeError(
      `This ${this.constructor.name} instance has no \`content\` attribute. Use \`streamingContent\` instead.`,
    );
  }

  get text(): never {
    throw new AttributeError(`This ${this.constructor.name} instance has no \`text\` attribute.`);
  }

  /** The content as bytes. It can be read once; middleware wraps it and assigns the wrapped content. */
  get streamingContent(): ByteStream {
    return byteStream(this.source, this.isAsync, (chunk) => this.makeBytes(chunk));
  }

  set streamingContent(value: StreamingContent) {
    this.setStreamingContent(value);
  }

  protected setStreamingContent(value: StreamingContent): void {
    if (Symbol.asyncIterator in value) {
      this.source = value[Symbol.asyncIterator]() as Source;
      this.isAsync = true;
    } else {
      this.source = value[Symbol.iterator]() as Source;
      this.isAsync = false;
    }
    // It may fail before it is read: a file that is gone, while a middleware still waits for something.
    outlive(value);
    const { close, destroy } = value as { close?: () => unknown; destroy?: () => unknown };
    if (typeof close === 'function') this.closers.push(() => close.call(value));
    else if (typeof destroy === 'function') this.closers.push(() => destroy.call(value));
  }

  /** A value in the response's charset. */
  makeBytes(value: unknown): Buffer {
    return value instanceof Uint8Array ? asBuffer(value) : encodeText(String(value), this.charset);
  }

  /**
   * The whole content; a promise of it where it is asynchronous.
   */
  getvalue(): Buffer | Promise<Buffer> {
    const stream = this.streamingContent;
    if (Symbol.iterator in stream) return Buffer.concat([...stream]);
    return (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk);
      return Buffer.concat(chunks);
    })();
  }

  [Symbol.iterator](): Iterator<Buffer> {
    const stream = this.streamingContent;
    if (Symbol.iterator in stream) return stream;
    throw new TypeError(`This ${this.constructor.name} is asynchronous: use 'for await'.`);
  }

  async *[Symbol.asyncIterator](): AsyncIterator<Buffer> {
    for await (const chunk of this.streamingContent) yield chunk;
  }

  override toString(): string {
    return super.toString();
  }
}

/** Not a generator: ending one that has not begun would not end what it reads from. */
function byteStream(source: Source, isAsync: boolean, convert: (chunk: unknown) => Buffer): ByteStream {
  const step = (result: IteratorResult<unknown>): IteratorResult<Buffer> =>
    result.done ? { done: true, value: undefined } : { done: false, value: convert(result.value) };
  if (isAsync) {
    const stream: AsyncIterableIterator<Buffer> = {
      next: async () => step(await source.next()),
      return: async () => {
        await source.return?.();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => stream,
    };
    return stream;
  }
  const stream: IterableIterator<Buffer> = {
    next: () => step(source.next() as IteratorResult<unknown>),
    return: () => {
      source.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.iterator]: () => stream,
  };
  return stream;
}
