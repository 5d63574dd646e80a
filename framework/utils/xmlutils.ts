/** XML as Python's `XMLGenerator` writes it. Django: `django.utils.xmlutils`. */
import { ValueError } from '../python/errors';

/** What XML 1.0 has no form of. */
export class UnserializableContentError extends ValueError {}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f]/;

const escaped = (text: string): string =>
  text.replace(/[&<>]/g, (sign) => (sign === '&' ? '&amp;' : sign === '<' ? '&lt;' : '&gt;'));

const BREAKS: Readonly<Record<string, string>> = { '\n': '&#10;', '\r': '&#13;', '\t': '&#9;' };

function quoted(text: string): string {
  const shown = escaped(text).replace(/[\n\r\t]/g, (space) => BREAKS[space] as string);
  if (!shown.includes('"')) return `"${shown}"`;
  return shown.includes("'") ? `"${shown.replaceAll('"', '&quot;')}"` : `'${shown}'`;
}

/** Writes XML; the attributes of an element are sorted by their names. */
export class SimplerXMLGenerator {
  constructor(
    private readonly out: { write(text: string): unknown },
    private readonly encoding = 'utf-8',
  ) {}

  startDocument(): void {
    this.out.write(`<?xml version="1.0" encoding="${this.encoding}"?>\n`);
  }

  endDocument(): void {}

  startElement(name: string, attributes: Readonly<Record<string, string>> = {}): void {
    const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
    this.out.write(`<${name}${sorted.map(([key, value]) => ` ${key}=${quoted(value)}`).join('')}>`);
  }

  endElement(name: string): void {
    this.out.write(`</${name}>`);
  }

  /** An element without any others in it. */
  addQuickElement(name: string, contents?: string, attributes?: Readonly<Record<string, string>>): void {
    this.startElement(name, attributes);
    if (contents !== undefined) this.characters(contents);
    this.endElement(name);
  }

  /** @throws UnserializableContentError for control characters. */
  characters(content: string): void {
    if (CONTROL.test(content)) {
      throw new UnserializableContentError('Control characters are not supported in XML 1.0');
    }
    this.out.write(escaped(content));
  }

  ignorableWhitespace(content: string): void {
    this.out.write(content);
  }
}
