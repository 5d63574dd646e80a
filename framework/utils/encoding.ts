/**
 * Text, bytes and the percent-encoding between them.
 *
 * Django: `django.utils.encoding`, and Python's `urllib.parse.quote` family that it stands on.
 */
import { ValueError } from '../core/exceptions';

const UNRESERVED = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~';
const HEX = '0123456789ABCDEF';

/** Bytes of ASCII that each set of extra safe characters leaves alone. The sets are constants of the framework. */
const safeTables = new Map<string, Uint8Array>();

function safeTable(safe: string): Uint8Array {
  let table = safeTables.get(safe);
  if (table === undefined) {
    table = new Uint8Array(256);
    for (const char of UNRESERVED + safe) table[char.charCodeAt(0) & 127] = 1;
    if (safeTables.size < 100) safeTables.set(safe, table);
  }
  return table;
}

/**
 * Percent-encodes UTF-8 bytes but letters, digits, `_.-~` and what `safe` lists.
 *
 * Python: `urllib.parse.quote`.
 */
export function quote(text: string | Uint8Array, safe = '/'): string {
  const table = safeTable(safe);
  if (typeof text === 'string') {
    let i = 0;
    while (i < text.length && text.charCodeAt(i) < 128 && table[text.charCodeAt(i)] === 1) i++;
    if (i === text.length) return text;
  }
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  let result = '';
  for (const byte of bytes) {
    result += table[byte] === 1 ? String.fromCharCode(byte) : `%${HEX[byte >> 4]}${HEX[byte & 15]}`;
  }
  return result;
}

/** Like `quote`, with `+` for a space and nothing safe unless told. Python: `urllib.parse.quote_plus`. */
export function quotePlus(text: string | Uint8Array, safe = ''): string {
  const quoted = quote(text, `${safe} `);
  return quoted.includes(' ') ? quoted.replaceAll(' ', '+') : quoted;
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  if (code >= 65 && code <= 70) return code - 55;
  if (code >= 97 && code <= 102) return code - 87;
  return -1;
}

/** The bytes that a percent-encoded text stands for; an incomplete `%` stays. Python: `unquote_to_bytes`. */
export function unquoteToBytes(text: string | Uint8Array): Buffer {
  const source = typeof text === 'string' ? Buffer.from(text, 'utf8') : text;
  const result = Buffer.allocUnsafe(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    let byte = source[i] as number;
    if (byte === 0x25 && i + 2 < source.length) {
      const high = hexDigit(source[i + 1] as number);
      const low = hexDigit(source[i + 2] as number);
      if (high >= 0 && low >= 0) {
        byte = high * 16 + low;
        i += 2;
      }
    }
    result[length++] = byte;
  }
  return result.subarray(0, length);
}

/** Percent-decodes; bytes that the encoding cannot read become U+FFFD. Python: `urllib.parse.unquote`. */
export function unquote(text: string, encoding = 'utf-8'): string {
  if (!text.includes('%')) return text;
  if (isUtf8(encoding)) {
    try {
      return decodeURIComponent(text);
    } catch {
      // An incomplete escape or invalid UTF-8: byte by byte.
    }
    return decodeBytes(unquoteToBytes(text));
  }
  // Only the escapes are bytes of that encoding; what stands beside them is text already.
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (escapes) => decodeBytes(unquoteToBytes(escapes), encoding));
}

function normalizeEncoding(encoding: string): string {
  return encoding.trim().toLowerCase().replaceAll('_', '-');
}

const UTF8_NAMES: ReadonlySet<string> = new Set(['utf-8', 'utf8', 'u8', 'utf']);
const LATIN1_NAMES: ReadonlySet<string> = new Set([
  'iso-8859-1',
  'iso8859-1',
  '8859',
  'latin-1',
  'latin1',
  'latin',
  'l1',
  'cp819',
]);
const ASCII_NAMES: ReadonlySet<string> = new Set(['ascii', 'us-ascii', '646']);

/** Whether a charset's name means UTF-8. */
export function isUtf8(encoding: string): boolean {
  return encoding === 'utf-8' || UTF8_NAMES.has(normalizeEncoding(encoding));
}

/** Whether text can be decoded from that charset. Python: `codecs.lookup`. */
export function isKnownEncoding(encoding: string): boolean {
  const name = normalizeEncoding(encoding);
  if (UTF8_NAMES.has(name) || LATIN1_NAMES.has(name) || ASCII_NAMES.has(name)) return true;
  try {
    new TextDecoder(name);
    return true;
  } catch {
    return false;
  }
}

/**
 * Decodes bytes; what the charset cannot read becomes U+FFFD (`errors='replace'` of Python).
 *
 * @throws ValueError for a charset that does not exist.
 */
export function decodeBytes(bytes: Uint8Array, encoding = 'utf-8'): string {
  const buffer = asBuffer(bytes);
  if (isUtf8(encoding)) return buffer.toString('utf8');
  const name = normalizeEncoding(encoding);
  // WHATWG reads these labels as windows-1252; Python does not.
  if (LATIN1_NAMES.has(name)) return buffer.toString('latin1');
  if (ASCII_NAMES.has(name)) {
    return buffer.toString('latin1').replace(/[\u0080-\u00ff]/g, '\ufffd');
  }
  let decoder: InstanceType<typeof TextDecoder>;
  try {
    decoder = new TextDecoder(name, { ignoreBOM: true });
  } catch (error) {
    throw new ValueError(`unknown encoding: ${encoding}`, { cause: error });
  }
  return decoder.decode(bytes);
}

/**
 * Encodes text.
 *
 * @throws ValueError for a charset that Node cannot write, or text that the charset has no bytes for.
 */
export function encodeText(text: string, encoding = 'utf-8'): Buffer {
  if (isUtf8(encoding)) return Buffer.from(text, 'utf8');
  const name = normalizeEncoding(encoding);
  const limit = LATIN1_NAMES.has(name) ? 0xff : ASCII_NAMES.has(name) ? 0x7f : -1;
  if (limit >= 0) {
    for (let i = 0; i < text.length; i++) {
      if (text.charCodeAt(i) > limit) {
        throw new ValueError(
          `'${encoding}' codec can't encode character '${text[i]}' in position ${i}: ordinal not in range(${limit + 1})`,
        );
      }
    }
    return Buffer.from(text, 'latin1');
  }
  if (name === 'utf-16le' || name === 'utf-16-le') return Buffer.from(text, 'utf16le');
  throw new ValueError(
    `Text cannot be written in the charset '${encoding}': use 'utf-8', 'iso-8859-1', 'ascii' or 'utf-16-le'.`,
  );
}

/** The same memory as a Buffer. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Text of anything; bytes are decoded as UTF-8. Django: `force_str`. */
export function forceStr(value: unknown, encoding = 'utf-8'): string {
  return value instanceof Uint8Array ? decodeBytes(value, encoding) : String(value);
}

/** Bytes of anything; text is encoded. Django: `force_bytes`. */
export function forceBytes(value: unknown, encoding = 'utf-8'): Buffer {
  return value instanceof Uint8Array ? asBuffer(value) : encodeText(String(value), encoding);
}

/**
 * Header text as node:http gives it holds one character a byte; this reads those bytes as UTF-8.
 * Django does the same to PATH_INFO, QUERY_STRING and HTTP_COOKIE, and to nothing else.
 */
export function latin1ToUtf8(text: string): string {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) > 127) return Buffer.from(text, 'latin1').toString('utf8');
  }
  return text;
}

const IRI_SAFE = "/#%[]=:;$&()+,!?*@'~";

/** Makes an IRI safe to send as a URI; what is percent-encoded already stays. RFC 3987, 3.1. */
export function iriToUri(iri: string): string {
  return quote(iri, IRI_SAFE);
}

/** The inverse of `iriToUri`, in which escapes of reserved and broken octets stay. RFC 3987, 3.2. */
export function uriToIri(uri: string): string {
  if (!uri.includes('%')) return uri;
  const source = Buffer.from(uri, 'utf8');
  const result = Buffer.allocUnsafe(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    const byte = source[i] as number;
    if (byte === 0x25 && i + 2 < source.length) {
      const high = hexDigit(source[i + 1] as number);
      const low = hexDigit(source[i + 2] as number);
      const decoded = high >= 0 && low >= 0 ? high * 16 + low : -1;
      if (decoded >= 128 || isUnreservedLetter(decoded)) {
        result[length++] = decoded;
        i += 2;
        continue;
      }
    }
    result[length++] = byte;
  }
  return repercentBrokenUnicode(result.subarray(0, length)).toString('utf8');
}

/** Django decodes letters and `-._~` here, and leaves escaped digits as they are. */
function isUnreservedLetter(byte: number): boolean {
  return (
    (byte >= 65 && byte <= 90) ||
    (byte >= 97 && byte <= 122) ||
    byte === 45 ||
    byte === 46 ||
    byte === 95 ||
    byte === 126
  );
}

/** The length of the strictly legal UTF-8 sequence that starts at `i`, or 0. RFC 3629, 4. */
function sequenceLength(bytes: Uint8Array, i: number): number {
  const first = bytes[i] as number;
  if (first < 0x80) return 1;
  const size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || i + size > bytes.length) return 0;
  const second = bytes[i + 1] as number;
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let k = 2; k < size; k++) {
    const next = bytes[i + k] as number;
    if (next < 0x80 || next > 0xbf) return 0;
  }
  return size;
}

/** Percent-encodes again every octet that is not part of a legal UTF-8 sequence. RFC 3987, 3.2, step three. */
export function repercentBrokenUnicode(path: Uint8Array): Buffer {
  const parts: Buffer[] = [];
  const buffer = asBuffer(path);
  let start = 0;
  for (let i = 0; i < buffer.length; ) {
    const size = sequenceLength(buffer, i);
    if (size === 0) {
      const byte = buffer[i] as number;
      parts.push(buffer.subarray(start, i), Buffer.from(`%${HEX[byte >> 4]}${HEX[byte & 15]}`, 'latin1'));
      start = ++i;
    } else {
      i += size;
    }
  }
  if (start === 0) return buffer;
  parts.push(buffer.subarray(start));
  return Buffer.concat(parts);
}

/** Escapes what is unsafe in a path; `;`, `=` and `?` are. RFC 2396, 3.3. */
export function escapeUriPath(path: string): string {
  return quote(path, "/:@&+$,-_.!~*'()");
}

/** A file system path as the path of a URL. */
export function filepathToUri(path: string): string {
  return quote(path.replaceAll('\\', '/'), "/~!*()'");
}

/** A domain in Punycode. */
export function punycode(domain: string): string {
  return (require('node:url') as typeof import('node:url')).domainToASCII(domain);
}
