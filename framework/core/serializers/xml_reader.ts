/** XML objects as they come; document types and entities are refused, as Django does (defusedxml). */
import type { SaxesParser } from 'saxes';
import { ValueError } from '../../python/errors';
import { optionalRequire } from '../../utils/optional';
import { DeserializationError } from './errors';

/** XML that can do harm. */
export class DefusedXmlException extends ValueError {}

/** A document type: it could name files, or entities that grow. */
export class DTDForbidden extends DefusedXmlException {}

/** Deeper than a fixture ever goes. */
const MAX_DEPTH = 100;

/** An element. */
export class XmlElement {
  readonly children: XmlElement[] = [];
  private readonly parts: (string | XmlElement)[] = [];

  constructor(
    readonly name: string,
    private readonly attributes: ReadonlyMap<string, string>,
  ) {}

  get(attribute: string): string | undefined {
    return this.attributes.get(attribute);
  }

  add(part: string | XmlElement): void {
    this.parts.push(part);
    if (typeof part !== 'string') this.children.push(part);
  }

  /** All elements of that name below. */
  descendants(name: string): XmlElement[] {
    return this.children.flatMap((child) => [
      ...(child.name === name ? [child] : []),
      ...child.descendants(name),
    ]);
  }

  /** The text in it, at any depth. */
  get text(): string {
    return this.parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');
  }
}

const DOCTYPE = /^\s*([^\s[>]*)\s*(?:(SYSTEM|PUBLIC)\s*(?:"([^"]*)"|'([^']*)'))?\s*(?:"([^"]*)"|'([^']*)')?/;

function forbidden(doctype: string): DTDForbidden {
  const [, name = '', kind, double, single, second, other] = DOCTYPE.exec(doctype) ?? [];
  const [first, last] = [double ?? single, second ?? other];
  const [publicId, systemId] = kind === 'PUBLIC' ? [first, last] : [undefined, first];
  const shown = (id: string | undefined): string => (id === undefined ? 'None' : `'${id}'`);
  return new DTDForbidden(
    `DTDForbidden(name='${name}', system_id=${shown(systemId)}, public_id=${shown(publicId)})`,
  );
}

/** Takes the elements `object` that stand in no other. */
class ObjectReader {
  private readonly parser: SaxesParser;
  private readonly open: XmlElement[] = [];
  private complete: XmlElement[] = [];
  private depth = 0;

  constructor() {
    const { SaxesParser: Parser } = optionalRequire<typeof import('saxes')>(
      'saxes',
      "Reading the format 'xml'",
    );
    const parser = new Parser({ position: true });
    this.parser = parser;
    parser.on('error', (error) => {
      throw new DeserializationError(`The data is not XML: ${error.message}`, { cause: error });
    });
    parser.on('doctype', (doctype) => {
      throw forbidden(doctype);
    });
    parser.on('opentag', ({ name, attributes }) => {
      if (++this.depth > MAX_DEPTH) {
        throw new DeserializationError(`The data has elements in more than ${MAX_DEPTH} others.`);
      }
      if (this.open.length === 0 && name !== 'object') return;
      const element = new XmlElement(name, new Map(Object.entries(attributes)));
      this.open.at(-1)?.add(element);
      this.open.push(element);
    });
    parser.on('closetag', () => {
      this.depth--;
      const element = this.open.pop();
      if (element !== undefined && this.open.length === 0) this.complete.push(element);
    });
    const text = (part: string): void => this.open.at(-1)?.add(part);
    parser.on('text', text);
    parser.on('cdata', text);
  }

  feed(chunk: string): XmlElement[] {
    this.parser.write(chunk);
    return this.take();
  }

  finish(): XmlElement[] {
    this.parser.close();
    return this.take();
  }

  private take(): XmlElement[] {
    const { complete } = this;
    this.complete = [];
    return complete;
  }
}

/** The objects of a document, one after the other. @throws DTDForbidden, DeserializationError. */
export async function* xmlObjects(
  chunks: AsyncIterable<string>,
): AsyncGenerator<XmlElement, void, undefined> {
  const reader = new ObjectReader();
  for await (const chunk of chunks) yield* reader.feed(chunk);
  yield* reader.finish();
}
