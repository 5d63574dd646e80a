/** The parameters of a tag's function. JavaScript has no keyword arguments, so they are read or declared. */

/** One parameter. */
export interface Parameter {
  readonly name: string;
  /** It has a default. */
  readonly optional: boolean;
}

/** What a function takes. */
export interface Signature {
  readonly positional: readonly Parameter[];
  /** `*args` */
  readonly rest: boolean;
  /** Parameters that can only be given by name. */
  readonly keywords: readonly Parameter[];
  /** `**kwargs` */
  readonly anyKeyword: boolean;
}

const ANYTHING: Signature = { positional: [], rest: true, keywords: [], anyKeyword: false };

/**
 * The parameters after the first `lead`: from a declaration in Python's notation, or else from the source of the
 * function, where a last parameter called `kwargs` or written as a pattern (`{ a, b = 1 }`) takes the keywords.
 */
export function parseSignature(
  fn: (...args: never[]) => unknown,
  declared: string | undefined,
  lead: number,
): Signature {
  return declared === undefined ? fromSource(fn, lead) : fromDeclaration(declared);
}

function fromDeclaration(declared: string): Signature {
  const positional: Parameter[] = [];
  const keywords: Parameter[] = [];
  let rest = false;
  let anyKeyword = false;
  let keywordOnly = false;
  for (const part of splitTopLevel(declared)) {
    if (part.startsWith('**')) {
      anyKeyword = true;
    } else if (part.startsWith('*')) {
      rest = part.length > 1;
      keywordOnly = true;
    } else {
      const equals = part.indexOf('=');
      const parameter = { name: (equals < 0 ? part : part.slice(0, equals)).trim(), optional: equals >= 0 };
      (keywordOnly ? keywords : positional).push(parameter);
    }
  }
  return { positional, rest, keywords, anyKeyword };
}

function fromSource(fn: (...args: never[]) => unknown, lead: number): Signature {
  const source = Function.prototype.toString.call(fn);
  const list = parameterList(source);
  if (list === null) return ANYTHING;
  const positional: Parameter[] = [];
  const keywords: Parameter[] = [];
  let rest = false;
  let anyKeyword = false;
  for (const part of splitTopLevel(list).slice(lead)) {
    if (part.startsWith('...')) {
      rest = true;
    } else if (part.startsWith('{')) {
      for (const field of splitTopLevel(part.slice(1, part.lastIndexOf('}')))) {
        if (field.startsWith('...')) anyKeyword = true;
        else keywords.push({ name: (/^[\w$]+/.exec(field) ?? [''])[0], optional: field.includes('=') });
      }
    } else {
      const name = (/^[\w$]+/.exec(part) ?? [''])[0];
      if (name === 'kwargs') anyKeyword = true;
      else positional.push({ name: name.replace(/^_+/, ''), optional: part.includes('=') });
    }
  }
  return { positional, rest, keywords, anyKeyword };
}

/** What stands between the parentheses of a function's parameters. */
function parameterList(source: string): string | null {
  if (source.includes('[native code]')) return null;
  const arrow = /^(?:async\s+)?([\w$]+)\s*=>/.exec(source);
  if (arrow) return arrow[1] as string;
  const open = source.indexOf('(');
  if (open < 0) return null;
  let depth = 0;
  for (let i = open; i < source.length; i++) {
    const character = source[i] as string;
    if ('"\'`'.includes(character)) {
      i = endOfString(source, i);
    } else if ('([{'.includes(character)) {
      depth++;
    } else if (')]}'.includes(character) && --depth === 0) {
      return source.slice(open + 1, i);
    }
  }
  return null;
}

function endOfString(source: string, start: number): number {
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === source[start]) return i;
  }
  return source.length;
}

/** Parts between commas that are in no bracket and no string. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= text.length; i++) {
    const character = text[i];
    if (character === undefined || (character === ',' && depth === 0)) {
      const part = text.slice(start, i).trim();
      if (part !== '') parts.push(part);
      start = i + 1;
    } else if ('"\'`'.includes(character)) {
      i = endOfString(text, i);
    } else if ('([{'.includes(character)) {
      depth++;
    } else if (')]}'.includes(character)) {
      depth--;
    }
  }
  return parts;
}
