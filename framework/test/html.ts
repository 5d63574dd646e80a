/**
 * HTML as a tree to compare: what only differs in white space, quotes, the order of attributes or of classes is the same.
 * Django: `django.test.html`.
 */
import { escapeHtml, unescapeHtml } from '../python/html';
import { HTMLParser, VOID_ELEMENTS } from '../python/html_parser';

/** https://html.spec.whatwg.org/#boolean-attribute */
const BOOLEAN_ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'allowfullscreen async autofocus autoplay checked controls default defer disabled formnovalidate hidden ismap ' +
    'itemscope loop multiple muted nomodule novalidate open playsinline readonly required reversed selected truespeed'
  ).split(' '),
);

/** The white space of HTML; U+00A0 is none. */
const SPACES = /[\t\n\f\r ]+/g;
const EDGES = /^[\t\n\f\r ]+|[\t\n\f\r ]+$/g;
const ATTRIBUTE = /([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>"']*)))?/g;

/** How deep elements may be in each other. */
const MOST_NESTED = 1000;

/** The text cannot be a tree: an end tag closes nothing, or it is nested too deeply. */
export class HTMLParseError extends Error {
  override readonly name = 'HTMLParseError';
}

/** An element, or (without a name) what stands beside each other at the top. */
export class HTMLElement {
  readonly children: (HTMLElement | string)[] = [];

  constructor(
    readonly name: string | null,
    readonly attributes: readonly (readonly [name: string, value: string | null])[] = [],
  ) {}

  append(child: HTMLElement | string): void {
    const last = this.children.at(-1);
    if (typeof child === 'string') {
      const text = child.replace(SPACES, ' ');
      if (typeof last === 'string') this.children.splice(-1, 1, (last + text).replace(SPACES, ' '));
      else if (text !== '') this.children.push(text);
      return;
    }
    if (typeof last === 'string' && last.replace(EDGES, '') === '') this.children.pop();
    this.children.push(child);
  }

  /** Takes white space from the edges of texts. */
  finalize(): void {
    while (typeof this.children.at(-1) === 'string') {
      const text = (this.children.pop() as string).replace(EDGES, '');
      if (text === '') continue;
      this.children.push(text);
      break;
    }
    this.children.forEach((child, at) => {
      if (typeof child === 'string') this.children[at] = child.replace(EDGES, '');
      else child.finalize();
    });
  }

  equals(other: HTMLElement | string | undefined): boolean {
    return (
      other instanceof HTMLElement &&
      this.name === other.name &&
      this.attributes.length === other.attributes.length &&
      this.attributes.every(([name, value], at) => {
        const [otherName, otherValue] = other.attributes[at] ?? [];
        return name === otherName && value === otherValue;
      }) &&
      sameChildren(this.children, other.children)
    );
  }

  /** How often a piece of HTML, or a text, is in it. */
  count(part: HTMLElement | string): number {
    if (part instanceof HTMLElement) {
      if (this.equals(part)) return 1;
      if (part.name === null && sameChildren(this.children, part.children)) return 1;
    }
    let found = 0;
    let matched = 0;
    for (const child of this.children) {
      if (typeof child === 'string') {
        if (typeof part === 'string' && part !== '') found += child.split(part).length - 1;
      } else {
        found += child.count(part);
      }
      if (!(part instanceof HTMLElement) || part.name !== null) continue;
      // What stands beside each other is found among others, too.
      const next = part.children[matched];
      matched = next !== undefined && same(child, next) ? matched + 1 : 0;
      if (matched > 0 && matched === part.children.length) {
        found += 1;
        matched = 0;
      }
    }
    return found;
  }

  toString(): string {
    const content = this.children
      .map((child) => (typeof child === 'string' ? escapeHtml(child) : child.toString()))
      .join('');
    if (this.name === null) return content;
    const attributes = this.attributes.map(([name, value]) =>
      value === null ? ` ${name}` : ` ${name}="${value}"`,
    );
    const open = `<${this.name}${attributes.join('')}>`;
    return this.children.length === 0 ? open : `${open}\n${content}\n</${this.name}>`;
  }
}

function same(first: HTMLElement | string, second: HTMLElement | string): boolean {
  return first instanceof HTMLElement ? first.equals(second) : first === second;
}

function sameChildren(
  first: readonly (HTMLElement | string)[],
  second: readonly (HTMLElement | string)[],
): boolean {
  return first.length === second.length && first.every((child, at) => same(child, second[at] as HTMLElement));
}

class TreeParser extends HTMLParser {
  readonly root = new HTMLElement(null);
  private readonly open: HTMLElement[] = [];

  private get current(): HTMLElement {
    return this.open.at(-1) ?? this.root;
  }

  override handleStartendtag(tag: string): void {
    this.handleStarttag(tag);
    if (!VOID_ELEMENTS.has(tag)) this.handleEndtag(tag);
  }

  override handleStarttag(tag: string): void {
    const element = new HTMLElement(tag, attributesOf(this.starttagText, tag));
    this.current.append(element);
    if (!VOID_ELEMENTS.has(tag)) this.open.push(element);
    if (this.open.length > MOST_NESTED) throw new HTMLParseError('Elements are nested too deeply');
  }

  override handleEndtag(tag: string): void {
    const at = this.open.findLastIndex(({ name }) => name === tag);
    if (at < 0) throw new HTMLParseError(`Unexpected end tag \`${tag}\``);
    this.open.length = at;
  }

  override handleData(data: string): void {
    this.current.append(data);
  }
}

function attributesOf(startTag: string, tag: string): (readonly [string, string | null])[] {
  const found = [...startTag.slice(tag.length + 1).matchAll(ATTRIBUTE)].map(
    ([, name = '', double, single, bare]) => {
      const value = double ?? single ?? bare;
      return normalized(name.toLowerCase(), value === undefined ? null : unescapeHtml(value));
    },
  );
  return found.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

function normalized(name: string, value: string | null): readonly [string, string | null] {
  if (name === 'class' && value) return [name, value.split(SPACES).filter(Boolean).sort().join(' ')];
  if (BOOLEAN_ATTRIBUTES.has(name)) return [name, !value || value === name ? null : value];
  return [name, value ?? ''];
}

/** The tree of a text. @throws HTMLParseError. */
export function parseHtml(html: string): HTMLElement {
  const parser = new TreeParser();
  parser.feed(html);
  parser.close();
  const { root } = parser;
  root.finalize();
  const [only] = root.children;
  return root.children.length === 1 && only instanceof HTMLElement ? only : root;
}
