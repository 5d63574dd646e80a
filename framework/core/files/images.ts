/** The width and height of images. Django: `django.core.files.images`. */

/** In pixels. */
export interface ImageDimensions {
  readonly width: number;
  readonly height: number;
}

const text = (data: Buffer, from: number, to: number): string => data.toString('latin1', from, to);

/** The size of an image, of which the first bytes may be enough; undefined for what is none that is known here. */
export function imageDimensions(data: Buffer): ImageDimensions | undefined {
  if (text(data, 1, 4) === 'PNG') return has(data, 24) && box(data.readUInt32BE(16), data.readUInt32BE(20));
  if (/^GIF8[79]a/.test(text(data, 0, 6)))
    return has(data, 10) && box(data.readUInt16LE(6), data.readUInt16LE(8));
  if (text(data, 0, 2) === 'BM')
    return has(data, 26) && box(data.readInt32LE(18), Math.abs(data.readInt32LE(22)));
  if (text(data, 0, 4) === 'RIFF' && text(data, 8, 12) === 'WEBP') return webp(data);
  if (has(data, 2) && data.readUInt16BE(0) === 0xffd8) return jpeg(data);
  return undefined;
}

/** Undefined where the data is shorter. */
function has(data: Buffer, length: number): true | undefined {
  return data.length >= length ? true : undefined;
}

function box(width: number, height: number): ImageDimensions {
  return { width, height };
}

function webp(data: Buffer): ImageDimensions | undefined {
  if (!has(data, 30)) return undefined;
  switch (text(data, 12, 16)) {
    case 'VP8 ':
      return box(data.readUInt16LE(26) & 0x3fff, data.readUInt16LE(28) & 0x3fff);
    case 'VP8L': {
      const bits = data.readUInt32LE(21);
      return box((bits & 0x3fff) + 1, ((bits >>> 14) & 0x3fff) + 1);
    }
    case 'VP8X':
      return box(data.readUIntLE(24, 3) + 1, data.readUIntLE(27, 3) + 1);
    default:
      return undefined;
  }
}

/** The frame's header stands behind other segments, each of which says how long it is. */
function jpeg(data: Buffer): ImageDimensions | undefined {
  for (let at = 2; at + 9 <= data.length; ) {
    if (data[at] !== 0xff) return undefined;
    const marker = data[at + 1] as number;
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return box(data.readUInt16BE(at + 7), data.readUInt16BE(at + 5));
    at += 2 + data.readUInt16BE(at + 2);
  }
  return undefined;
}
