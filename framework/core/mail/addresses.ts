/** Addresses of mail (RFC 5322), as headers and SMTP have them. Django: `sanitize_address`. */
import { ValueError } from '../../python/errors';
import { punycode } from '../../utils/encoding';
import { encodeHeader, isAscii } from './header';

/** A mailbox: what it is called, and its address. */
export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

const SPECIALS = /[()<>@,:;".[\]\\]/;

/** Reads mailboxes, letter by letter: quoted names, comments, angle brackets. */
class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** The mailboxes of a list. */
  *list(): Generator<Mailbox> {
    while (this.at < this.text.length) {
      const mailbox = this.mailbox();
      if (mailbox.name !== '' || mailbox.address !== '') yield mailbox;
      if (this.text[this.at] === ',') this.at++;
    }
  }

  /** One mailbox; it ends before a comma. */
  mailbox(): Mailbox {
    let [words, address]: [string, string | undefined] = ['', undefined];
    for (; this.at < this.text.length; ) {
      const char = this.text[this.at] as string;
      if (char === ',') break;
      if (char === '"') words += this.quoted('"');
      else if (char === '(') this.comment();
      else if (char === '<') address = this.quoted('>').trim();
      else {
        words += char;
        this.at++;
      }
    }
    const text = words.replace(/[ \t]+/g, ' ').trim();
    return address === undefined ? { name: '', address: text } : { name: text, address };
  }

  get rest(): string {
    return this.text.slice(this.at);
  }

  private quoted(end: string): string {
    let text = '';
    this.at++;
    while (this.at < this.text.length && this.text[this.at] !== end) {
      if (this.text[this.at] === '\\' && end === '"') this.at++;
      text += this.text[this.at++] ?? '';
    }
    this.at++;
    return text;
  }

  private comment(): void {
    let depth = 0;
    for (; this.at < this.text.length; this.at++) {
      const char = this.text[this.at];
      if (char === '\\') this.at++;
      else if (char === '(') depth++;
      else if (char === ')' && --depth === 0) break;
    }
    this.at++;
  }
}

/** The mailboxes of a header's value. Python: `getaddresses`. */
export function parseAddresses(text: string): Mailbox[] {
  return [...new Reader(text).list()];
}

/** A name as it stands in front of an address. Python: `formataddr`. */
function quotedName(name: string): string {
  const encoded = encodeHeader(name);
  if (!isAscii(name) || !SPECIALS.test(encoded)) return encoded;
  return `"${encoded.replace(/[\\"]/g, (char) => `\\${char}`)}"`;
}

const LOCAL_ATOM = /^[!#$%&'*+\-/=?^_`{|}~.A-Za-z0-9]+$/;

/** The part before the @; what is no word of an address is quoted. */
function localPart(text: string): string {
  const encoded = isAscii(text) ? text : encodeHeader(text);
  const isAtom = LOCAL_ATOM.test(encoded) && !/^\.|\.\.|\.$/.test(encoded);
  return isAtom ? encoded : `"${encoded.replace(/[\\"]/g, (char) => `\\${char}`)}"`;
}

/** A mailbox as it stands in a header, and to whom SMTP sends: names and domains are encoded. @throws ValueError. */
export function sanitizeAddress(address: string | Mailbox): string {
  const { name, address: spec } = typeof address === 'string' ? parseOne(address) : address;
  if (/[\r\n]/.test(name + spec)) {
    throw new ValueError('Invalid address; address parts cannot contain newlines.');
  }
  const at = spec.lastIndexOf('@');
  const isWhole = at > 0 && at < spec.length - 1;
  if (!isWhole && typeof address !== 'string') throw new ValueError(`Invalid address "${spec}"`);
  const [local, domain] = at < 0 ? [spec, ''] : [spec.slice(0, at), spec.slice(at + 1)];
  if (/[\s<>]/.test(domain)) throw new ValueError(`Invalid address "${spec}"`);
  const encoded = domain === '' ? localPart(local) : `${localPart(local)}@${punycode(domain)}`;
  return name === '' ? encoded : `${quotedName(name)} <${encoded}>`;
}

function parseOne(text: string): Mailbox {
  const reader = new Reader(text);
  const mailbox = reader.mailbox();
  if (mailbox.address === '') throw new ValueError(`Invalid address "${text}"`);
  if (reader.rest !== '') {
    const shown = mailbox.name === '' ? mailbox.address : `${mailbox.name} <${mailbox.address}>`;
    throw new ValueError(`Invalid address; only ${shown} could be parsed from "${text}"`);
  }
  return mailbox;
}

/** The address alone, for SMTP's envelope. @throws ValueError. */
export function envelopeAddress(address: string): string {
  const { address: spec } = parseOne(address);
  return sanitizeAddress({ name: '', address: spec });
}
