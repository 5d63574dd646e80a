/** What is an image, and how large it is. */
import { imageFacts } from 'tsango/core/files/images';
import { expectLinear } from '../../security/support';

const facts = (data: Uint8Array): unknown => {
  const found = imageFacts(data, 'a test');
  return found && [found.type, found.width, found.height];
};
const bytes = (...parts: (string | readonly number[] | Buffer)[]): Buffer =>
  Buffer.concat(
    parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.from(part))),
  );
const be = (value: number, size: number): Buffer => {
  const buffer = Buffer.alloc(size);
  buffer.writeUIntBE(value, 0, size);
  return buffer;
};
const le = (value: number, size: number): Buffer => Buffer.from(be(value, size).toReversed());
const box = (name: string, ...parts: Buffer[]): Buffer => {
  const body = Buffer.concat(parts);
  return bytes(be(body.length + 8, 4), name, body);
};
const tag = (code: number, value: number): Buffer => bytes(le(code, 2), le(3, 2), le(1, 4), le(value, 4));
const avif = (...sizes: Buffer[]): Buffer =>
  bytes(
    box('ftyp', Buffer.from('avif\0\0\0\0', 'latin1')),
    box('meta', Buffer.alloc(4), box('iprp', box('ipco', ...sizes))),
  );
const ispe = box('ispe', Buffer.alloc(4), be(30, 4), be(20, 4));

const IMAGES: Readonly<Record<string, Buffer>> = {
  png: bytes([0x89], 'PNG\r\n\x1a\n', be(13, 4), 'IHDR', be(30, 4), be(20, 4), [8, 2, 0, 0, 0]),
  gif: bytes('GIF89a', le(30, 2), le(20, 2), [0, 0, 0]),
  bmp: bytes('BM', Buffer.alloc(12), le(40, 4), le(30, 4), le(20, 4), Buffer.alloc(8)),
  jpeg: bytes(
    [0xff, 0xd8, 0xff, 0xe0],
    be(16, 2),
    Buffer.alloc(14),
    [0xff, 0xc0],
    be(17, 2),
    [8],
    be(20, 2),
    be(30, 2),
    Buffer.alloc(12),
  ),
  webp: bytes('RIFF', le(30, 4), 'WEBPVP8X', le(10, 4), Buffer.alloc(4), le(29, 3), le(19, 3)),
  tiff: bytes('II*\0', le(8, 4), le(3, 2), tag(256, 30), tag(257, 20), tag(259, 1), Buffer.alloc(16)),
  'x-icon': bytes([0, 0, 1, 0, 1, 0, 30, 20], Buffer.alloc(14)),
  avif: avif(ispe),
};

it.each(Object.keys(IMAGES))('%s', (type) => {
  expect(facts(IMAGES[type] as Buffer)).toEqual([type, 30, 20]);
});

it('nothing else is one', () => {
  for (const data of [
    bytes(''),
    bytes('<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"></svg>'),
    bytes('<html></html>'),
    bytes('P6 30 20 255 ', Buffer.alloc(1800)),
    bytes([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 30, 0, 20, 0, 24, 0]),
    bytes('8BPS', be(1, 2), Buffer.alloc(8), be(20, 4), be(30, 4)),
    bytes(
      box('ftyp', Buffer.from('heic\0\0\0\0', 'latin1')),
      box('meta', Buffer.alloc(4), box('iprp', box('ipco', ispe))),
    ),
  ]) {
    expect(facts(data)).toBeUndefined();
  }
});

it('nor is the beginning of one, whatever stands behind it in memory', () => {
  const pool = bytes(IMAGES['png'] as Buffer, Buffer.alloc(64, 7));
  expect(facts(pool.subarray(0, 20))).toBeUndefined();
  for (const image of Object.values(IMAGES)) {
    for (let end = 0; end < 8; end++) expect(facts(image.subarray(0, end))).toBeUndefined();
  }
});

it('the worst that can be sent is looked at in linear time', () => {
  const worst: ((size: number) => Buffer)[] = [
    ...[[0], [0xff], [0, 2, 0xff]].map(
      (body) => (size: number) => bytes([0xff, 0xd8, 0xff, 0xe0], Buffer.alloc(size, bytes(body))),
    ),
    (size) => bytes('II*\0', le(8, 4), Buffer.alloc(size, 1)),
    (size) => bytes([0, 0, 1, 0, 0xff, 0xff], Buffer.alloc(size)),
    (size) => bytes([0x89], 'PNG\r\n\x1a\n', Buffer.alloc(size)),
    (size) => bytes('RIFF', le(30, 4), 'WEBPVP8 ', Buffer.alloc(size)),
    (size) => avif(Buffer.alloc(size, ispe)),
    (size) => bytes(avif(), Buffer.alloc(size, bytes([0, 0, 0, 8, 0x66, 0x72, 0x65, 0x65]))),
  ];
  for (const data of worst) expectLinear((size) => facts(data(size)), 1_000_000);
});
