/** Which image some bytes are: by what formats begin with, and where it is quick to see, whether they are whole. */

const starts = (bytes: Uint8Array, ...signature: number[]): boolean =>
  signature.every((byte, i) => bytes[i] === byte);
const text = (bytes: Uint8Array, start: number, end: number): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', start, end);

function isWholePng(bytes: Uint8Array): boolean {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 8;
  if (text(bytes, 12, 16) !== 'IHDR') return false;
  while (at + 12 <= bytes.length) {
    if (text(bytes, at + 4, at + 8) === 'IEND') return true;
    at += 12 + view.getUint32(at);
  }
  return false;
}

/** The format as media types have it, `null` for what is no image. */
export function imageFormat(bytes: Uint8Array): string | null {
  if (starts(bytes, 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return isWholePng(bytes) ? 'png' : null;
  if (starts(bytes, 0xff, 0xd8, 0xff)) return 'jpeg';
  if (/^GIF8[79]a/.test(text(bytes, 0, 6))) return bytes.length >= 13 ? 'gif' : null;
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 12) === 'webp') return 'webp';
  if (text(bytes, 0, 2) === 'BM') return bytes.length >= 26 ? 'bmp' : null;
  if (starts(bytes, 0x49, 0x49, 0x2a, 0x00) || starts(bytes, 0x4d, 0x4d, 0x00, 0x2a)) return 'tiff';
  if (text(bytes, 4, 8) === 'ftyp' && /^avi[fs]/.test(text(bytes, 8, 12))) return 'avif';
  if (starts(bytes, 0x00, 0x00, 0x01, 0x00)) return bytes.length >= 22 ? 'x-icon' : null;
  return null;
}
