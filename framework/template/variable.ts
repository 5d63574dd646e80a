/**
 * Variables, literals and filters: what stands in `{{ … }}` and in the arguments of tags.
 *
 * Django: `Variable` and `FilterExpression` of `django.template.base`.
 */

import { PyFloat } from '../python/types';
import { once } from '../utils/module_loading';
import { markSafe } from '../utils/safestring';
import { unescapeStringLiteral } from '../utils/text';
import type { Context } from './context';
import { TemplateSyntaxError } from './exceptions';
import type { Filter } from './library';
import type { Parser } from './parser';

// Asked for at each page: a module that others have loaded is looked for anew at each `require`.
const resolving = once(() => require('./runtime/resolve') as typeof import('./runtime/resolve'));

const WORD = '\\p{L}\\p{N}_';
const STRING = `"[^"\\\\]*(?:\\\\[^\\n][^"\\\\]*)*"|'[^'\\\\]*(?:\\\\[^\\n][^'\\\\]*)*'`;
const CONSTANT = `(?:_\\((?:${STRING})\\)|${STRING})`;
const VARIABLE = `[${WORD}.]+|[-+.]?\\p{Nd}[\\p{Nd}.e]*`;
const FIRST = new RegExp(`(?:(?<constant>${CONSTANT})|(?<variable>${VARIABLE}))`, 'uy');
const SPACE = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*';
const FILTER = new RegExp(
  `${SPACE}\\|${SPACE}(?<name>[${WORD}]+)(?::(?:(?<constant>${CONSTANT})|(?<variable>${VARIABLE})))?`,
  'uy',
);
const INTEGER = /^[-+]?\d+(?:_\d+)*$/;
const FLOAT = /^[-+]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][-+]?\d+)?$/;

/** The number that a text is, or `undefined`. Integers beyond 2^53 are `bigint`s, integral floats stay floats. */
function parseNumber(text: string): number | bigint | PyFloat | undefined {
  if (text.includes('.') || /e/i.test(text)) {
    if (!FLOAT.test(text) || text.endsWith('.')) return undefined;
    const value = Number(text.replaceAll('_', ''));
    return Number.isInteger(value) || !Number.isFinite(value) ? new PyFloat(value) : value;
  }
  if (!INTEGER.test(text)) return undefined;
  const value = Number(text.replaceAll('_', ''));
  return Number.isSafeInteger(value) ? value : BigInt(text.replaceAll('_', '').replace(/^\+/, ''));
}

/** A literal or a dotted name. */
export class Variable {
  /** The value of a literal. */
  readonly literal: unknown = null;
  /** The parts of a dotted name; `null` for a literal. */
  readonly lookups: readonly string[] | null = null;
  /** Whether it is marked for translation: `_("…")`. */
  readonly translate: boolean = false;
  messageContext: string | null = null;

  /** @throws TemplateSyntaxError if a part begins with an underscore. */
  constructor(readonly var_: string) {
    const number = parseNumber(var_);
    if (number !== undefined) {
      this.literal = number;
      return;
    }
    let text = var_;
    if (text.startsWith('_(') && text.endsWith(')')) {
      this.translate = true;
      text = text.slice(2, -1);
    }
    if (/^(["']).*\1$/s.test(text) && text.length >= 2) {
      this.literal = markSafe(unescapeStringLiteral(text));
      return;
    }
    if (text.includes('._') || text.startsWith('_')) {
      throw new TemplateSyntaxError(`Variables and attributes may not begin with underscores: '${text}'`);
    }
    this.lookups = text.split('.');
  }

  /**
   * The value in a context.
   *
   * @throws VariableDoesNotExist if there is no such variable.
   */
  resolve(context: Context): unknown {
    const { resolveLookups } = resolving();
    if (this.lookups === null) {
      const { translate } = require('./runtime/runtime') as typeof import('./runtime/runtime');
      return this.translate ? translate(this.literal) : this.literal;
    }
    return resolveLookups(this, context, true);
  }

  toString(): string {
    return this.var_;
  }
}

/** A filter with its argument. */
export interface AppliedFilter {
  readonly filter: Filter;
  /** A variable, a constant, or no argument. */
  readonly argument: Variable | { readonly constant: unknown } | null;
}

/** A variable or literal, and the filters that follow it. */
export class FilterExpression {
  /** A variable, or the value of a string. */
  readonly variable: Variable | { readonly constant: unknown };
  readonly filters: readonly AppliedFilter[];

  /** @throws TemplateSyntaxError if the text is no expression. */
  constructor(
    readonly token: string,
    parser: Parser,
  ) {
    FIRST.lastIndex = 0;
    const first = FIRST.exec(token);
    if (first === null) {
      FILTER.lastIndex = 0;
      const headless = FILTER.exec(token);
      if (headless !== null) throw new TemplateSyntaxError(`Could not find variable at start of ${token}.`);
      throw this.unparsable(token, 0);
    }
    const constant = first.groups?.['constant'];
    this.variable =
      constant === undefined ? new Variable(first.groups?.['variable'] as string) : constantOf(constant);
    const filters: AppliedFilter[] = [];
    let upto = FIRST.lastIndex;
    while (upto < token.length) {
      FILTER.lastIndex = upto;
      const match = FILTER.exec(token);
      if (match === null) throw this.unparsable(token, upto);
      const groups = match.groups as Record<string, string | undefined>;
      const name = groups['name'] as string;
      const argument = groups['constant']
        ? constantOf(groups['constant'])
        : groups['variable']
          ? new Variable(groups['variable'])
          : null;
      const filter = parser.findFilter(name);
      checkArgument(filter, argument !== null);
      filters.push({ filter, argument });
      upto = FILTER.lastIndex;
    }
    this.filters = filters;
  }

  private unparsable(token: string, upto: number): TemplateSyntaxError {
    // Django searches on for the next filter and names what it had to leave out before it.
    const search = new RegExp(FILTER.source, 'u');
    const rest = token.slice(upto);
    const found = search.exec(rest);
    if (found !== null && found.index > 0) {
      const start = upto + found.index;
      return new TemplateSyntaxError(
        `Could not parse some characters: ${token.slice(0, upto)}|${token.slice(upto, start)}|${token.slice(start)}`,
      );
    }
    return new TemplateSyntaxError(`Could not parse the remainder: '${rest}' from '${token}'`);
  }

  /** Whether it begins with a name to look up. */
  get isVariable(): boolean {
    return this.variable instanceof Variable;
  }

  /**
   * The value in a context. A variable that does not exist is `string_if_invalid`, or `null` with `ignoreFailures`.
   *
   * @throws VariableDoesNotExist if a filter's argument does not exist.
   */
  resolve(context: Context, ignoreFailures = false): unknown {
    const { resolveExpression } = resolving();
    return resolveExpression(this, context, ignoreFailures);
  }

  toString(): string {
    return this.token;
  }
}

function constantOf(text: string): Variable | { constant: unknown } {
  const variable = new Variable(text);
  return variable.translate ? variable : { constant: variable.literal };
}

function checkArgument(filter: Filter, given: boolean): void {
  const wrong = given ? filter.argument === 'none' : filter.argument === 'required';
  if (!wrong) return;
  const needed = filter.argument === 'required' ? 2 : 1;
  throw new TemplateSyntaxError(`${filter.name} requires ${needed} arguments, ${given ? 2 : 1} provided`);
}
