/**
 * Gzip with a file name of random length in its head, so that the size of a compressed page tells less about the
 * secrets in it (the BREACH attack). Django: `compress_string`, `compress_sequence` of `django.utils.text`;
 * RFC 1952; https://breachattack.com
 */
import { randomInt } from 'node:crypto';
import { crc32, createDeflateRaw, deflateRaw, deflateRawSync } from 'node:zlib';

const LEVEL = 6;
/** Above this many bytes compressing leaves the event loop to others. */
const ASYNC_FROM = 64 * 1024;
const FLAG_NAME = 0x08;

/** The head, with a file name of up to `maxRandomBytes` letters; none for 0. */
function gzipHead(maxRandomBytes: number): Buffer {
  const length = maxRandomBytes > 0 ? randomInt(maxRandomBytes) : -1;
  const head = Buffer.from([0x1f, 0x8b, 0x08, length < 0 ? 0 : FLAG_NAME, 0, 0, 0, 0, 0x00, 0xff]);
  return length < 0 ? head : Buffer.concat([head, Buffer.alloc(length, 'a'), Buffer.from([0])]);
}

function gzipTail(checksum: number, size: number): Buffer {
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(checksum >>> 0, 0);
  tail.writeUInt32LE(size % 2 ** 32, 4);
  return tail;
}

/** Bytes, compressed. Long ones are promised. */
export function compressBytes(content: Uint8Array, maxRandomBytes: number): Buffer | Promise<Buffer> {
  const wrap = (body: Buffer): Buffer =>
    Buffer.concat([gzipHead(maxRandomBytes), body, gzipTail(crc32(content), content.length)]);
  if (content.length < ASYNC_FROM) return wrap(deflateRawSync(content, { level: LEVEL }));
  return new Promise((resolve, reject) => {
    deflateRaw(content, { level: LEVEL }, (error, body) => (error ? reject(error) : resolve(wrap(body))));
  });
}

/** A stream, compressed. Each chunk is flushed, so that nothing waits for what comes later. */
export async function* compressStream(
  source: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  maxRandomBytes: number,
): AsyncGenerator<Buffer> {
  const deflate = createDeflateRaw({ level: LEVEL });
  const ready: Buffer[] = [];
  let failure: Error | undefined;
  deflate.on('data', (chunk: Buffer) => ready.push(chunk));
  deflate.on('error', (error: Error) => {
    failure = error;
  });
  const run = (step: (done: () => void) => void): Promise<Buffer> =>
    new Promise((resolve, reject) => {
      step(() => (failure ? reject(failure) : resolve(Buffer.concat(ready.splice(0)))));
    });
  let checksum = 0;
  let size = 0;
  yield gzipHead(maxRandomBytes);
  try {
    for await (const chunk of source) {
      if (chunk.length === 0) continue;
      checksum = crc32(chunk, checksum);
      size += chunk.length;
      const body = await run((done) => {
        deflate.write(chunk);
        deflate.flush(done);
      });
      if (body.length > 0) yield body;
    }
    const end = await run((done) => {
      deflate.once('end', done);
      deflate.end();
    });
    yield Buffer.concat([end, gzipTail(checksum, size)]);
  } finally {
    deflate.destroy();
  }
}
