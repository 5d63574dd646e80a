/** HTML in pieces, as Python's `html.parser` hands it over: tags with their attributes, and text. */

/** A tag as it is written. Attributes without a value have an empty one. */
export interface Tag {
  readonly name: string;
  readonly attrs: Readonly<Record<string, string>>;
  readonly closesItself: boolean;
}

/** Who hears of the pieces. */
export interface Listener {
  start(tag: Tag): void;
  end(name: string): void;
  text(text: string): void;
}

const NAMED: Readonly<Record<string, string>> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0', times: '×', copy: '©' },
  ...{ hellip: '…', rarr: '→', larr: '←', rsaquo: '›', lsaquo: '‹', raquo: '»', laquo: '«', middot: '·' },
  ...{ ndash: '–', mdash: '—', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', bull: '•', zwnj: '\u200c' },
};

const unescaped = (text: string): string =>
  text.replace(
    /&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(\w+));/g,
    (whole, decimal?: string, hex?: string, name = '') => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      return NAMED[name as string] ?? whole;
    },
  );

const PIECE =
  /<!--[\s\S]*?-->|<![^>]*>|<\/([a-zA-Z][^\s/>]*)[^>]*>|<([a-zA-Z][^\s/>]*)((?:"[^"]*"|'[^']*'|[^"'>])*)>/g;
const ATTRIBUTE = /([^\s/=>][^\s/=>]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?/g;
/** Elements whose content is no HTML. */
const RAW: ReadonlySet<string> = new Set(['script', 'style']);

function attributes(text: string): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [, name = '', double, single, bare] of text.matchAll(ATTRIBUTE))
    all[name.toLowerCase()] = unescaped(double ?? single ?? bare ?? '');
  return all;
}

/** Tells a listener of every piece, in order. */
export function parseHtml(html: string, listener: Listener): void {
  const pieces = new RegExp(PIECE);
  let at = 0;
  for (let piece = pieces.exec(html); piece !== null; piece = pieces.exec(html)) {
    if (piece.index > at) listener.text(unescaped(html.slice(at, piece.index)));
    at = pieces.lastIndex;
    const [, closed, opened, rest = ''] = piece;
    if (closed !== undefined) listener.end(closed.toLowerCase());
    if (opened === undefined) continue;
    const name = opened.toLowerCase();
    listener.start({ name, attrs: attributes(rest), closesItself: rest.endsWith('/') });
    if (!RAW.has(name)) continue;
    const end = html.toLowerCase().indexOf(`</${name}`, at);
    at = end < 0 ? html.length : end;
    pieces.lastIndex = at;
  }
  if (at < html.length) listener.text(unescaped(html.slice(at)));
}
