/**
 * Text as pickles hold it: UTF-8 in which lone surrogates are allowed (Python's `surrogatepass`), because a Python
 * or JavaScript string may contain them and must come back as it was.
 */

/** The binding that `toString('utf8', …)` ends in; calling it directly halves the cost of a short string. */
interface Slicing {
  utf8Slice(start: number, end: number): string;
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/**
 * @returns `undefined` if the bytes are not UTF-8, even so.
 */
export function decodeText(data: Buffer, start: number, end: number): string | undefined {
  const text = (data as Buffer & Slicing).utf8Slice(start, end);
  // U+FFFD stands for what could not be decoded, or was there itself.
  return text.includes('\ufffd') ? decodeSlowly(data, start, end) : text;
}

function decodeSlowly(data: Buffer, start: number, end: number): string | undefined {
  const parts: string[] = [];
  let from = start;
  for (let i = start; i + 2 < end; i++) {
    if (data[i] === 0xed && ((data[i + 1] ?? 0) & 0xe0) === 0xa0 && ((data[i + 2] ?? 0) & 0xc0) === 0x80) {
      const plain = strictSlice(data, from, i);
      if (plain === undefined) return undefined;
      const code = 0xd000 | (((data[i + 1] ?? 0) & 0x3f) << 6) | ((data[i + 2] ?? 0) & 0x3f);
      parts.push(plain, String.fromCharCode(code));
      i += 2;
      from = i + 1;
    }
  }
  const rest = strictSlice(data, from, end);
  return rest === undefined ? undefined : parts.join('') + rest;
}

const STRICT = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function strictSlice(data: Buffer, start: number, end: number): string | undefined {
  try {
    return STRICT.decode(data.subarray(start, end));
  } catch {
    return undefined;
  }
}

/** The bytes of a string. */
export function encodeText(text: string): Buffer {
  if (!LONE_SURROGATE.test(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  let from = 0;
  for (const match of text.matchAll(/\p{Surrogate}/gu)) {
    const code = text.charCodeAt(match.index);
    parts.push(
      Buffer.from(text.slice(from, match.index), 'utf8'),
      Buffer.of(0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)),
    );
    from = match.index + 1;
  }
  parts.push(Buffer.from(text.slice(from), 'utf8'));
  return Buffer.concat(parts);
}
