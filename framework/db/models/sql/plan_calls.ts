/** Calls of a chain as texts: what two calls of one text come to differs in nothing but the values of their filters. */
import type { Expression } from '../expressions/base';
import { isExpression } from '../q';

/** A call as a text; undefined where it was given more than names and numbers. */
export function callOf(method: string, given: readonly unknown[]): string | undefined {
  let call = method;
  for (const each of given) {
    if (typeof each === 'string') call += ` ${each.length}s${each}`;
    else if (typeof each === 'number') call += ` ${each}`;
    else if (each === undefined) call += ' u';
    else return undefined;
  }
  return call;
}

/** The names and the kinds of values of a filter; undefined for one that is more than values by name. */
export function callOfFilter(filter: unknown, sticky = false): string | undefined {
  if (typeof filter !== 'object' || filter === null) return undefined;
  if (Object.getPrototypeOf(filter) !== Object.prototype) return undefined;
  let call = sticky ? 'sticky filter ' : 'filter ';
  for (const [name, value] of Object.entries(filter)) {
    const kind = kindOf(value);
    if (kind === undefined) return undefined;
    // The length tells where a name ends, whatever is in it.
    call += `${name.length}${kind}${name}`;
  }
  return call;
}

function kindOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'number':
      return 'n';
    case 'string':
      return 's';
    case 'bigint':
      return 'i';
    case 'boolean':
      // It decides which join `isnull` needs.
      return value ? 't' : 'f';
    default:
      if (value instanceof Date) return 'd';
      return Array.isArray(value) && value.every(isPlain) ? 'a' : undefined;
  }
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint';
}

/** Expressions by name; undefined where one is more than names of fields. */
export function callOfNamed(method: string, named: Readonly<Record<string, unknown>>): string | undefined {
  let call = method;
  for (const [name, each] of Object.entries(named)) {
    const text = textOf(each);
    if (text === undefined) return undefined;
    call += ` ${name.length}n${name}${text}`;
  }
  return call;
}

/**
 * An expression as a text; undefined where it has none.
 *
 * @param values gets the values in it, which are not part of the text then.
 */
export function textOf(expression: unknown, values?: Expression[]): string | undefined {
  // A query may stand for an expression, and has no text.
  return isExpression(expression) ? expression._planText?.(values) : undefined;
}
