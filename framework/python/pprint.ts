/** Python's `pprint.pformat`: values on several lines where one is not enough. */

import { isPlainObject } from './dict';
import { pyCompare } from './ops';
import { SafeString } from './safestring';
import { bytesRepr, repr, stringRepr, typeName } from './str';
import { SPACE, splitLines, textLength } from './text';
import { Tuple } from './types';

const WIDTH = 80;

function byOrder(a: unknown, b: unknown): number {
  try {
    return pyCompare(a, b);
  } catch {
    const x = typeName(a);
    const y = typeName(b);
    return x < y ? -1 : x > y ? 1 : 0;
  }
}

function entriesOf(value: object): (readonly [unknown, unknown])[] {
  const entries: (readonly [unknown, unknown])[] =
    value instanceof Map ? [...value.entries()] : Object.entries(value);
  return entries.sort((a, b) => byOrder(a[0], b[0]));
}

function isDict(value: unknown): value is object {
  return value instanceof Map || isPlainObject(value);
}

function recursion(value: object): string {
  return `<Recursion on ${typeName(value)} with id=0>`;
}

/** `repr()` with the keys of dictionaries in order. */
function sortedRepr(value: unknown, within: ReadonlySet<object>): string {
  if (typeof value !== 'object' || value === null) return repr(value);
  if (!isDict(value) && !Array.isArray(value)) return repr(value);
  if (within.has(value)) return recursion(value);
  const seen = new Set(within).add(value);
  if (Array.isArray(value)) {
    const items = value.map((item) => sortedRepr(item, seen)).join(', ');
    if (!(value instanceof Tuple)) return `[${items}]`;
    return value.length === 1 ? `(${items},)` : `(${items})`;
  }
  const items = entriesOf(value).map(([key, item]) => `${sortedRepr(key, seen)}: ${sortedRepr(item, seen)}`);
  return `{${items.join(', ')}}`;
}

const PARTS = new RegExp(`[^${SPACE}]*[${SPACE}]*`, 'g');

/** Writes one value; `within` are the containers that it is in. */
class PrettyPrinter {
  private text = '';
  private readonly within = new Set<object>();

  print(value: unknown): string {
    this.format(value, 0, 0, 0);
    return this.text;
  }

  private format(value: unknown, indent: number, allowance: number, level: number): void {
    if (typeof value === 'object' && value !== null && this.within.has(value)) {
      this.text += recursion(value);
      return;
    }
    const flat = sortedRepr(value, this.within);
    if (textLength(flat) <= WIDTH - indent - allowance) this.text += flat;
    else this.spread(value, flat, indent, allowance, level + 1);
  }

  private spread(value: unknown, flat: string, indent: number, allowance: number, level: number): void {
    if (typeof value === 'string' || value instanceof SafeString) {
      this.string(String(value), indent, allowance, level);
      return;
    }
    const splits = isDict(value) || Array.isArray(value) || value instanceof Set;
    if (value instanceof Uint8Array) {
      this.bytes(value, flat, indent, allowance, level);
      return;
    }
    if (!splits) {
      this.text += flat;
      return;
    }
    this.within.add(value);
    if (value instanceof Set) this.items('{', [...value].sort(byOrder), '}', indent, allowance, level);
    else if (value instanceof Tuple) {
      this.items('(', value, value.length === 1 ? ',)' : ')', indent, allowance, level);
    } else if (Array.isArray(value)) this.items('[', value, ']', indent, allowance, level);
    else this.dict(value, indent, allowance + 1, level);
    this.within.delete(value);
  }

  private items(
    open: string,
    items: readonly unknown[],
    close: string,
    indent: number,
    allowance: number,
    level: number,
  ): void {
    this.text += open;
    items.forEach((item, i) => {
      if (i > 0) this.text += `,\n${' '.repeat(indent + 1)}`;
      this.format(item, indent + 1, i === items.length - 1 ? allowance + close.length : 1, level);
    });
    this.text += close;
  }

  private dict(value: object, indent: number, allowance: number, level: number): void {
    const entries = entriesOf(value);
    this.text += '{';
    entries.forEach(([key, item], i) => {
      if (i > 0) this.text += `,\n${' '.repeat(indent + 1)}`;
      const name = sortedRepr(key, this.within);
      this.text += `${name}: `;
      this.format(item, indent + 1 + textLength(name) + 2, i === entries.length - 1 ? allowance : 1, level);
    });
    this.text += '}';
  }

  private string(value: string, outerIndent: number, outerAllowance: number, level: number): void {
    const top = level === 1;
    const indent = top ? outerIndent + 1 : outerIndent;
    const allowance = top ? outerAllowance + 1 : outerAllowance;
    const chunks = stringChunks(value, WIDTH - indent, allowance);
    const joined = chunks.join(`\n${' '.repeat(indent)}`);
    this.text += top && chunks.length > 1 ? `(${joined})` : joined;
  }

  private bytes(
    value: Uint8Array,
    flat: string,
    outerIndent: number,
    outerAllowance: number,
    level: number,
  ): void {
    if (value.length <= 4) {
      this.text += flat;
      return;
    }
    const top = level === 1;
    const indent = top ? outerIndent + 1 : outerIndent;
    const allowance = top ? outerAllowance + 1 : outerAllowance;
    const chunks = bytesChunks(value, WIDTH - indent, allowance);
    const joined = chunks.join(`\n${' '.repeat(indent)}`);
    this.text += top ? `(${joined})` : joined;
  }
}

function stringChunks(value: string, width: number, allowance: number): string[] {
  const lines = splitLines(value, true);
  const chunks: string[] = [];
  lines.forEach((line, i) => {
    const isLast = i === lines.length - 1;
    const whole = stringRepr(line);
    if (textLength(whole) <= (isLast ? width - allowance : width)) {
      chunks.push(whole);
      return;
    }
    const parts = (line.match(PARTS) ?? []).filter((part) => part !== '');
    let current = '';
    parts.forEach((part, j) => {
      const room = isLast && j === parts.length - 1 ? width - allowance : width;
      if (textLength(stringRepr(current + part)) > room) {
        if (current !== '') chunks.push(stringRepr(current));
        current = part;
      } else {
        current += part;
      }
    });
    if (current !== '') chunks.push(stringRepr(current));
  });
  return chunks;
}

function bytesChunks(value: Uint8Array, fullWidth: number, allowance: number): string[] {
  const chunks: string[] = [];
  let current = new Uint8Array(0);
  const last = Math.floor(value.length / 4) * 4;
  let width = fullWidth;
  for (let i = 0; i < value.length; i += 4) {
    const part = value.subarray(i, i + 4);
    const candidate = new Uint8Array([...current, ...part]);
    if (i === last) width -= allowance;
    if (bytesRepr(candidate).length > width) {
      if (current.length > 0) chunks.push(bytesRepr(current));
      current = new Uint8Array(part);
    } else {
      current = candidate;
    }
  }
  if (current.length > 0) chunks.push(bytesRepr(current));
  return chunks;
}

/** A value as Python's `pprint` shows it, in 80 columns. */
export function pformat(value: unknown): string {
  return new PrettyPrinter().print(value);
}
