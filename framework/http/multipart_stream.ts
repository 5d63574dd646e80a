/**
 * The parts of a multipart body, one after the other, by the streaming parser of @fastify/busboy.
 */
import type { Dicer as DicerClass } from '@fastify/busboy';

/** One part: its headers, by lower-case name, and its bytes as they come. */
export interface Part {
  /** Empty for what has no headers, or too long ones. One character a byte. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** The bytes; to be read before the next part is taken. */
  readonly data: AsyncIterable<Buffer>;
  /** Whether the body ended before the part did; known when its data has been read. */
  readonly truncated: boolean;
}

/** Bytes of a part's headers together; parts with more are ignored. Django: `MAX_TOTAL_HEADER_SIZE`. */
const MAX_TOTAL_HEADER_SIZE = 1024;

type PartStream = NodeJS.ReadableStream & { destroy?: () => void };

function loadDicer(): typeof DicerClass {
  return (require('@fastify/busboy') as typeof import('@fastify/busboy')).Dicer;
}

class StreamedPart implements Part {
  headers: Record<string, string[]> = {};
  truncated = false;
  private failure: { error: unknown } | undefined;

  constructor(private readonly stream: PartStream) {
    stream.on('header', (headers: Record<string, string[]>) => {
      let size = 0;
      for (const name of Object.keys(headers)) {
        for (const value of headers[name] as string[]) size += name.length + value.length + 4;
      }
      if (size < MAX_TOTAL_HEADER_SIZE) this.headers = headers;
    });
    stream.on('error', () => {
      this.truncated = true;
    });
  }

  get data(): AsyncIterable<Buffer> {
    return this.read();
  }

  private async *read(): AsyncGenerator<Buffer> {
    try {
      yield* this.stream as AsyncIterable<Buffer>;
    } catch (error) {
      if (this.failure !== undefined) throw this.failure.error;
      // The one error that the parser gives a part is that the body ended too early.
      if (!this.truncated) throw error;
    }
  }

  /** Lets what nobody read go by. */
  skip(): void {
    this.stream.resume();
  }

  /** Whoever reads the part, now or later, gets the error. */
  fail(error: unknown): void {
    this.failure = { error };
    this.stream.destroy?.();
  }
}

/** Something that one side waits for and the other announces. */
class Bell {
  private ring: () => void = () => undefined;

  sound(): void {
    this.ring();
  }

  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.ring = resolve;
    });
  }
}

/** More white space than this behind a boundary is none that a client adds. */
const MAX_PADDING = 1000;

/**
 * The body without the white space that RFC 2046, 5.1.1 allows between a boundary and the end of its line: the parser
 * would take such a line for content, and the whole form would be lost.
 */
async function* withoutPadding(body: AsyncIterable<Buffer>, boundary: string): AsyncGenerator<Buffer> {
  const delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1');
  // The first boundary has no line before it: one is put there, and taken away again.
  let held: Buffer = Buffer.from('\r\n');
  let added = held.length;
  for await (const chunk of body) {
    const data = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    const pieces: Buffer[] = [];
    let from = 0;
    let until = data.length - partialLength(data, delimiter);
    for (let at = data.indexOf(delimiter); at >= 0; at = data.indexOf(delimiter, at + delimiter.length)) {
      const end = at + delimiter.length;
      let next = end;
      while (next - end < MAX_PADDING && (data[next] === 0x20 || data[next] === 0x09)) next += 1;
      if (next === data.length) {
        // What follows decides whether it is white space behind a boundary.
        until = at;
        break;
      }
      if (next > end && data[next] === 0x0d) {
        pieces.push(data.subarray(from, end));
        from = next;
      }
    }
    if (until > from) pieces.push(data.subarray(from, until));
    held = data.subarray(Math.max(from, until));
    if (pieces.length === 0) continue;
    const joined = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
    const skipped = Math.min(added, joined.length);
    added -= skipped;
    if (joined.length > skipped) yield joined.subarray(skipped);
  }
  if (held.length > added) yield held.subarray(added);
}

/** How many bytes at the end may be the beginning of a delimiter. */
function partialLength(data: Buffer, delimiter: Buffer): number {
  for (let length = Math.min(delimiter.length - 1, data.length); length > 0; length--) {
    if (data.subarray(data.length - length).equals(delimiter.subarray(0, length))) return length;
  }
  return 0;
}

/**
 * Splits a body at its boundary. Reading stays no further ahead than one piece of the body.
 *
 * @throws what reading the body throws.
 */
export async function* splitParts(body: AsyncIterable<Buffer>, boundary: string): AsyncGenerator<Part> {
  const Dicer = loadDicer();
  const options = { boundary, maxHeaderSize: MAX_TOTAL_HEADER_SIZE + 1 };
  const dicer = new Dicer(options as ConstructorParameters<typeof Dicer>[0]);
  const parts: StreamedPart[] = [];
  const toReader = new Bell();
  const toFeeder = new Bell();
  let current: StreamedPart | undefined;
  let finished = false;
  let failure: { error: unknown } | undefined;
  let stopped = false;

  dicer.on('part', (stream) => {
    parts.push(new StreamedPart(stream as unknown as PartStream));
    toReader.sound();
  });
  dicer.on('finish', () => {
    finished = true;
    toReader.sound();
  });
  // A body that ends before its last boundary: what came of it counts, as in Django.
  dicer.on('error', () => undefined);
  dicer.on('drain', () => toFeeder.sound());

  const feed = async (): Promise<void> => {
    for await (const chunk of withoutPadding(body, boundary)) {
      if (stopped) return;
      dicer.write(chunk);
      // Small parts fill no buffer, so the parser itself would read on however many of them wait.
      while (!stopped && (dicer.writableNeedDrain || parts.length > 0)) await toFeeder.wait();
      if (stopped) return;
    }
    dicer.end();
  };
  feed().catch((error: unknown) => {
    failure = { error };
    current?.fail(error);
    for (const part of parts) part.fail(error);
    toReader.sound();
  });

  try {
    for (;;) {
      current?.skip();
      current = parts.shift();
      toFeeder.sound();
      if (current !== undefined) yield current;
      else if (failure !== undefined) throw failure.error;
      else if (finished) return;
      else await toReader.wait();
    }
  } finally {
    stopped = true;
    toFeeder.sound();
  }
}
