/** Parts of messages (MIME), written as Python's `email` writes them. Django: `SafeMIMEText` and its family. */
import { randomInt } from 'node:crypto';
import { repr } from '../../python';
import { ValueError } from '../../python/errors';
import { parseAddresses, sanitizeAddress } from './addresses';
import { encodeHeader, isAscii } from './header';
import { quotedPrintable } from './quoted_printable';

/** A header that would begin another one. */
export class BadHeaderError extends ValueError {}

/** Longer lines servers refuse (RFC 5322). */
const LINE_LIMIT = 998;
const FOLD_AT = 78;

const ADDRESS_HEADERS: ReadonlySet<string> = new Set(
  'from sender reply-to to cc bcc resent-from resent-sender resent-to resent-cc resent-bcc'.split(' '),
);
const HEADER_NAME = /^[!-9;-~]+$/;

/** A header's value, encoded. @throws BadHeaderError for one that has more than a line. */
export function forbidMultiLineHeaders(name: string, value: unknown): string {
  const text = String(value);
  if (/[\r\n]/.test(text)) {
    throw new BadHeaderError(
      `Header values can't contain newlines (got ${repr(text)} for header ${repr(name)})`,
    );
  }
  if (!HEADER_NAME.test(name))
    throw new BadHeaderError(`Header names can't contain anything but letters (got ${repr(name)})`);
  if (isAscii(text)) return name.toLowerCase() === 'subject' ? encodeHeader(text) : text;
  if (!ADDRESS_HEADERS.has(name.toLowerCase())) return encodeHeader(text);
  return parseAddresses(text).map(sanitizeAddress).join(', ');
}

/** What stands behind a part's headers. */
type Body =
  | { readonly kind: 'text' | 'base64'; readonly bytes: Buffer }
  | { readonly kind: 'parts'; readonly parts: readonly MimePart[] }
  | { readonly kind: 'message'; readonly bytes: Buffer };

/** A part of a message, or the whole of one: headers and a body. */
export class MimePart {
  private readonly headers: [name: string, value: string][] = [];
  private boundary: string | undefined;

  constructor(private readonly body: Body) {}

  /** Text in UTF-8; lines that are too long for servers are quoted. */
  static text(text: string, subtype = 'plain'): MimePart {
    const bytes = Buffer.from(text);
    const hasLongLines = text.split(/\r\n|[\r\n]/).some((line) => Buffer.byteLength(line) > LINE_LIMIT);
    const encoding = hasLongLines ? 'quoted-printable' : isAscii(text) ? '7bit' : '8bit';
    const part = new MimePart({
      kind: 'text',
      bytes: hasLongLines ? Buffer.from(quotedPrintable(bytes)) : bytes,
    });
    part.headers.push(
      ['Content-Type', `text/${subtype}; charset="utf-8"`],
      ['MIME-Version', '1.0'],
      ['Content-Transfer-Encoding', encoding],
    );
    return part;
  }

  /** Parts after each other. */
  static multipart(subtype: string, parts: readonly MimePart[]): MimePart {
    const part = new MimePart({ kind: 'parts', parts });
    part.boundary = `${'='.repeat(15)}${String(randomInt(2 ** 47)).padStart(19, '0')}==`;
    part.headers.push(
      ['Content-Type', `multipart/${subtype}; boundary="${part.boundary}"`],
      ['MIME-Version', '1.0'],
    );
    return part;
  }

  /** Anything else, in base64. */
  static binary(bytes: Uint8Array, mimetype: string): MimePart {
    const part = new MimePart({ kind: 'base64', bytes: Buffer.from(bytes) });
    part.headers.push(
      ['Content-Type', mimetype],
      ['MIME-Version', '1.0'],
      ['Content-Transfer-Encoding', 'base64'],
    );
    return part;
  }

  /** A message within a message, as it is (RFC 2046, 5.2.1). */
  static message(bytes: Uint8Array): MimePart {
    const part = new MimePart({ kind: 'message', bytes: Buffer.from(bytes) });
    part.headers.push(['Content-Type', 'message/rfc822'], ['MIME-Version', '1.0']);
    return part;
  }

  /** Adds a header. @throws BadHeaderError. */
  setHeader(name: string, value: unknown): void {
    this.headers.push([name, forbidMultiLineHeaders(name, value)]);
  }

  /** Says that the part is a file. Names that are no ASCII are encoded (RFC 2231). */
  attachAs(filename: string): void {
    const shown = isAscii(filename)
      ? `filename="${filename.replace(/[\\"]/g, (char) => `\\${char}`)}"`
      : `filename*=utf-8''${percentEncoded(filename)}`;
    this.setHeader('Content-Disposition', `attachment; ${shown}`);
  }

  /** The first header of that name, in any case. */
  get(name: string): string | undefined {
    return this.headers.find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1];
  }

  /** The names of the headers, in their order. */
  keys(): string[] {
    return this.headers.map(([name]) => name);
  }

  get isMultipart(): boolean {
    return this.body.kind === 'parts';
  }

  asString(): string {
    return this.asBytes().toString();
  }

  /** The message as it is sent. @param linesep what ends a line: SMTP wants `'\r\n'`. */
  asBytes(linesep: '\n' | '\r\n' = '\n'): Buffer {
    const bytes = Buffer.concat([...this.pieces()]);
    // Every line end there is becomes this one; letters of UTF-8 have no such bytes.
    if (linesep === '\n') return bytes;
    return Buffer.from(bytes.toString('latin1').replace(/\r\n|[\r\n]/g, linesep), 'latin1');
  }

  private *pieces(): Generator<Buffer> {
    for (const [name, value] of this.headers) {
      yield Buffer.from(`${name}: ${encodeHeader(value, { name, maxLine: FOLD_AT })}\n`);
    }
    yield Buffer.from('\n');
    const { body } = this;
    if (body.kind === 'parts') {
      for (const [at, part] of body.parts.entries()) {
        yield Buffer.from(`${at === 0 ? '' : '\n'}--${this.boundary}\n`);
        yield* part.pieces();
      }
      yield Buffer.from(`\n--${this.boundary}--\n`);
    } else if (body.kind === 'base64') {
      yield Buffer.from(body.bytes.toString('base64').replace(/.{1,76}/g, '$&\n'));
    } else yield Buffer.from(body.bytes.toString('latin1').replace(/\r\n|\r/g, '\n'), 'latin1');
  }
}

function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
