/** XML to compare. Django: `compare_xml` of `django.test.utils`. */
import { optionalRequire } from '../../utils/optional';

interface XMLElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: XMLElement[];
  text: string;
}

/** The root element of a text. @throws Error where it is not well formed. */
function parseXml(xml: string): XMLElement {
  const { SaxesParser } = optionalRequire<typeof import('saxes')>('saxes', 'assertXMLEqual()');
  const parser = new SaxesParser();
  const root: XMLElement = { name: '', attributes: new Map(), children: [], text: '' };
  const open: XMLElement[] = [root];
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    const entries = Object.entries(attributes).map(([key, value]) => [key, String(value)] as const);
    const element: XMLElement = { name, attributes: new Map(entries), children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  const addText = (text: string): void => {
    const current = open.at(-1);
    if (current !== undefined) current.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(xml).close();
  return root;
}

function sameElement(first: XMLElement, second: XMLElement): boolean {
  const spaced = (text: string): string => text.replace(/[ \t\n]{2,}/g, ' ');
  return (
    first.name === second.name &&
    spaced(first.text) === spaced(second.text) &&
    first.attributes.size === second.attributes.size &&
    [...first.attributes].every(([name, value]) => second.attributes.get(name) === value) &&
    first.children.length === second.children.length &&
    first.children.every((child, at) => sameElement(child, second.children[at] as XMLElement))
  );
}

/** Whether two documents, or pieces of some, are the same. @throws Error where one is not well formed. */
export function sameXml(first: string, second: string): boolean {
  const [one, two] = [first.trim(), second.trim()];
  const wrap = (xml: string): string => (one.startsWith('<?xml') ? xml : `<root>${xml}</root>`);
  return sameElement(parseXml(wrap(one)), parseXml(wrap(two)));
}
