/** TypeScript, laid out as a person would: what fits stays on its line, what does not gets a line for each part. */

const WIDTH = 100;

/** A piece of source: text, or parts between brackets. */
export type Source = string | Parts;

/** `open` part, part `close`. */
export interface Parts {
  readonly open: string;
  readonly parts: readonly Source[];
  readonly close: string;
}

/** Parts between brackets; the last one stays with its bracket where it is the only one: `new Field({ … })`. */
export function between(open: string, parts: readonly Source[], close: string): Source {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined && typeof only !== 'string') {
    return { open: open + only.open, parts: only.parts, close: only.close + close };
  }
  return { open, parts, close };
}

/** The source on one line. */
export function flat(source: Source): string {
  if (typeof source === 'string') return source;
  const { open, parts, close } = source;
  if (parts.length === 0) return open + close;
  const space = open.endsWith('{') ? ' ' : '';
  return `${open}${space}${parts.map(flat).join(', ')}${space}${close}`;
}

/** A property, as a part of an object. */
export function property(name: string, value: Source): Source {
  const key = keySource(name);
  return typeof value === 'string' ? `${key}: ${value}` : { ...value, open: `${key}: ${value.open}` };
}

function keySource(name: string): string {
  // Of that name a literal would make the object's prototype.
  if (name === '__proto__') return "['__proto__']";
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quote(name);
}

/** Text as a literal. */
export function quote(text: string): string {
  const json = JSON.stringify(text);
  if (text.includes("'") && !text.includes('"')) return json;
  const inner = json.slice(1, -1).replaceAll('\\"', '"');
  return `'${inner.replaceAll("'", "\\'")}'`.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}

/** The source as text. `indent` is where its first line begins, `after` what follows it there. */
export function layOut(source: Source, indent = 0, after = 0): string {
  const line = flat(source);
  if (typeof source === 'string' || (indent + line.length + after <= WIDTH && !hasLongParts(source)))
    return line;
  const inner = ' '.repeat(indent + 2);
  const lines = source.parts.map((part) => `${inner}${layOut(part, indent + 2, 1)},\n`);
  return `${source.open}\n${lines.join('')}${' '.repeat(indent)}${source.close}`;
}

/** What operations and fields, alone or behind their names, begin with. */
const LONG = /^(?:\[|new )/;

/** A list of operations or fields reads better with a line for each, however short. */
function hasLongParts({ parts }: Parts): boolean {
  return parts.length > 1 && parts.every((part) => typeof part !== 'string' && LONG.test(part.open));
}
