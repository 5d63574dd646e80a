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
  private readonly shortEmptyElements: boolean;
  /** Whether the start of an element waits for what is in it. */
  private isOpen = false;

  /** @param options.shortEmptyElements whether an element with nothing in it is written `<a/>`. Default: false. */
  constructor(
    private readonly out: { write(text: string): unknown },
    private readonly encoding = 'utf-8',
    { shortEmptyElements = false }: { shortEmptyElements?: boolean } = {},
  ) {
    this.shortEmptyElements = shortEmptyElements;
  }

  private finishStart(): void {
    if (this.isOpen) this.out.write('>');
    this.isOpen = false;
  }

  startDocument(): void {
    this.out.write(`<?xml version="1.0" encoding="${this.encoding}"?>\n`);
  }

  endDocument(): void {}

  startElement(name: string, attributes: Readonly<Record<string, string>> = {}): void {
    this.finishStart();
    const sorted = Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1));
    this.out.write(`<${name}${sorted.map(([key, value]) => ` ${key}=${quoted(value)}`).join('')}`);
    this.isOpen = true;
    if (!this.shortEmptyElements) this.finishStart();
  }

  endElement(name: string): void {
    this.out.write(this.isOpen ? '/>' : `</${name}>`);
    this.isOpen = false;
  }

  /** `<?target data?>` */
  processingInstruction(target: string, data: string): void {
    this.finishStart();
    this.out.write(`<?${target} ${data}?>`);
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
    if (content === '') return;
    this.finishStart();
    this.out.write(escaped(content));
  }

  ignorableWhitespace(content: string): void {
    if (content !== '') this.finishStart();
    this.out.write(content);
  }
}
