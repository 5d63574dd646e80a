import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { configure, resetSettings } from 'tsango/conf';
import { HttpResponse, StreamingHttpResponse } from 'tsango/http/response';
import { acceptsGzip, GZipMiddleware } from 'tsango/middleware/gzip';
import { RequestFactory } from 'tsango/test';
import { through } from '../support/middleware';

const rf = new RequestFactory();
const TEXT = 'a'.repeat(500);
beforeEach(() => configure({ ALLOWED_HOSTS: ['*'] }));
afterEach(() => resetSettings());

const get = (
  view: () => HttpResponse | StreamingHttpResponse,
  accept = 'gzip, deflate',
  Middleware = GZipMiddleware,
) => through(Middleware, rf.get('/', null, { headers: { 'Accept-Encoding': accept } }), view);

describe('a whole response', () => {
  it('is compressed', async () => {
    const response = await get(() => new HttpResponse(TEXT));
    expect(gunzipSync(response.content).toString()).toBe(TEXT);
    expect(response.get('Content-Encoding')).toBe('gzip');
    expect(response.get('Content-Length')).toBe(String(response.content.length));
    expect(response.get('Vary')).toBe('Accept-Encoding');
  });
  it('is compressed without blocking where it is large', async () => {
    const large = 'x'.repeat(300_000);
    expect(gunzipSync((await get(() => new HttpResponse(large))).content).toString()).toBe(large);
  });
  it('is left alone where it is short, encoded, or would grow', async () => {
    expect((await get(() => new HttpResponse('short'))).hasHeader('Vary')).toBe(false);
    const encoded = await get(() => new HttpResponse(TEXT, { headers: { 'Content-Encoding': 'br' } }));
    expect(encoded.get('Content-Encoding')).toBe('br');
    const noise = randomBytes(500);
    const same = await get(() => new HttpResponse(noise));
    expect(same.content.equals(noise)).toBe(true);
    expect(same.hasHeader('Content-Encoding')).toBe(false);
    expect(same.get('Vary')).toBe('Accept-Encoding');
  });
  it('has a weak ETag afterwards', async () => {
    expect((await get(() => new HttpResponse(TEXT, { headers: { ETag: '"x"' } }))).get('ETag')).toBe('W/"x"');
    expect((await get(() => new HttpResponse(TEXT, { headers: { ETag: 'W/"x"' } }))).get('ETag')).toBe(
      'W/"x"',
    );
  });
});

describe('Accept-Encoding', () => {
  it.each([
    ['gzip', true],
    ['deflate, GZip;q=0.5', true],
    ['gzip;q=0', false],
    ['gzip; q=0.000', false],
    ['br', false],
    ['notgzip', false],
    ['', false],
  ])('%s: %s', (header, expected) => expect(acceptsGzip(header)).toBe(expected));
  it('without gzip leaves the response as it is, but for Vary', async () => {
    const response = await get(() => new HttpResponse(TEXT), 'br');
    expect(response.text).toBe(TEXT);
    expect(response.get('Vary')).toBe('Accept-Encoding');
  });
});

describe('a stream', () => {
  const collect = async (response: unknown): Promise<Buffer[]> => {
    const chunks: Buffer[] = [];
    for await (const chunk of (response as StreamingHttpResponse).streamingContent)
      chunks.push(chunk as Buffer);
    return chunks;
  };
  it('is compressed chunk by chunk', async () => {
    const response = await get(() => {
      const stream = new StreamingHttpResponse(['one', '', 'two', 'é'.repeat(1000)]);
      stream.headers.set('Content-Length', '1');
      return stream;
    });
    expect(response.hasHeader('Content-Length')).toBe(false);
    expect(response.get('Content-Encoding')).toBe('gzip');
    const chunks = await collect(response);
    expect(chunks.length).toBeGreaterThan(3);
    expect(gunzipSync(Buffer.concat(chunks)).toString()).toBe(`onetwo${'é'.repeat(1000)}`);
  });
  it('sends what it has before the next chunk is there', async () => {
    let release = (): void => undefined;
    async function* source() {
      yield 'first';
      await new Promise<void>((resolve) => {
        release = resolve;
      });
      yield 'second';
    }
    const response = await get(() => new StreamingHttpResponse(source()));
    const stream = ((response as unknown as StreamingHttpResponse).streamingContent as AsyncIterable<Buffer>)[
      Symbol.asyncIterator
    ]();
    const head = (await stream.next()).value as Buffer;
    const first = (await stream.next()).value as Buffer;
    expect(head.subarray(0, 2)).toEqual(Buffer.from([0x1f, 0x8b]));
    expect(first.length).toBeGreaterThan(0);
    const rest: Buffer[] = [];
    const next = stream.next();
    release();
    for (let item = await next; !item.done; item = await stream.next()) rest.push(item.value as Buffer);
    expect(gunzipSync(Buffer.concat([head, first, ...rest])).toString()).toBe('firstsecond');
  });
});

describe('against BREACH', () => {
  const lengths = async (Middleware: typeof GZipMiddleware) => {
    const found = new Set<number>();
    for (let i = 0; i < 50; i++)
      found.add((await get(() => new HttpResponse(TEXT), 'gzip', Middleware)).content.length);
    return found;
  };
  it('the length varies by up to 100 bytes', async () => {
    const found = [...(await lengths(GZipMiddleware))];
    expect(found.length).toBeGreaterThan(5);
    expect(Math.max(...found) - Math.min(...found)).toBeLessThan(100);
  });
  it('unless it is switched off', async () => {
    class Plain extends GZipMiddleware {
      override maxRandomBytes = 0;
    }
    expect((await lengths(Plain)).size).toBe(1);
  });
});
