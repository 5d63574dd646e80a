/** Writes variables, literals and filters as JavaScript expressions. */

import { UNSAFE_NAMES } from '../runtime/lookup';
import { invalidText } from '../runtime/runtime';
import { type AppliedFilter, type FilterExpression, Variable } from '../variable';
import type { Emitter } from './emitter';
import type { UnitInfo } from './scope';

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** The fields of `forloop`, as JavaScript. */
function loopField(name: string, index: string, length: string): string | undefined {
  switch (name) {
    case 'counter':
      return `(${index} + 1)`;
    case 'counter0':
      return index;
    case 'revcounter':
      return `(${length} - ${index})`;
    case 'revcounter0':
      return `(${length} - ${index} - 1)`;
    case 'first':
      return `(${index} === 0)`;
    case 'last':
      return `(${index} === ${length} - 1)`;
    case 'length':
      return length;
    default:
      return undefined;
  }
}

/** Writes expressions for one function, and the helpers that they share. */
export class ExpressionWriter {
  /** By name: a function that reads that property. */
  private readonly readers = new Map<string, string>();
  private readonly code: string[] = [];

  constructor(
    private readonly emitter: Emitter,
    private readonly unit: UnitInfo,
    private readonly stringIfInvalid: string,
    private readonly localName: (name: string) => string | undefined,
  ) {}

  /** Functions and constants to stand before the template's function. */
  helpers(): readonly string[] {
    return this.code;
  }

  /** A variable that does not exist is `null` with `ignoreFailures`, else string_if_invalid. */
  value(expression: FilterExpression, ignoreFailures: boolean): string {
    const first = expression.variable;
    if (!(first instanceof Variable)) return this.filtered(this.constant(first.constant), expression.filters);
    if (first.lookups === null) return this.filtered(this.literal(first), expression.filters);
    const code = this.lookup(first);
    const { filters } = expression;
    if (ignoreFailures) {
      return filters.length === 0 ? `(${code} ?? null)` : this.filtered(`(${code} ?? null)`, filters);
    }
    if (this.stringIfInvalid === '') {
      if (filters.length === 0) return code;
      return this.filtered(this.orElse(code, '""'), filters);
    }
    const invalid = this.emitter.quote(invalidText(this.stringIfInvalid, first.var_));
    if (filters.length === 0) return this.orElse(code, invalid);
    const name = this.emitter.variable();
    return `((${name} = ${code}) === undefined ? ${invalid} : ${this.filtered(name, filters)})`;
  }

  /** As `value`, but never `undefined`. */
  definite(expression: FilterExpression): string {
    const code = this.value(expression, false);
    const isLookup = expression.variable instanceof Variable && expression.variable.lookups !== null;
    return isLookup && expression.filters.length === 0 && this.stringIfInvalid === ''
      ? this.orElse(code, '""')
      : code;
  }

  private orElse(code: string, otherwise: string): string {
    const name = this.emitter.variable();
    return `((${name} = ${code}) === undefined ? ${otherwise} : ${name})`;
  }

  /** A literal's value, in the active language where it is marked for translation. */
  private literal(variable: Variable): string {
    const code = this.constant(variable.literal);
    return variable.translate ? `rt.translate(${code})` : code;
  }

  private constant(value: unknown): string {
    if (typeof value === 'number') return String(value);
    return this.emitter.constant(value);
  }

  /** A value after filters. */
  filtered(input: string, filters: readonly AppliedFilter[]): string {
    let code = input;
    for (const [position, applied] of filters.entries()) {
      const { filter, argument } = applied;
      const fn = this.emitter.constant(filter.fn);
      // Built-in filters are synchronous; only what comes from the context, or another filter, may be promised.
      if (position > 0 || !/^k\d+$|^-?\d/.test(code)) code = `rt.ready(${code}, ctx)`;
      if (filter.expectsLocaltime) code = `rt.localtime(${code}, ctx)`;
      const extra = this.argument(argument);
      const more = filter.needsAutoescape
        ? `, ${extra ?? 'undefined'}, ${this.emitter.autoescape}`
        : extra === null
          ? ''
          : `, ${extra}`;
      if (filter.isSafe) {
        const name = this.emitter.variable();
        code = `rt.keep(${name} = ${code}, ${this.call(fn, applied, `${name}${more}`)})`;
      } else {
        code = this.call(fn, applied, `${code}${more}`);
      }
    }
    return code;
  }

  /** A filter's call. One that gives a promise has to give the same one in the next attempt. */
  private call(name: string, applied: AppliedFilter, given: string): string {
    const isAsync = applied.filter.fn.constructor.name === 'AsyncFunction';
    if (!this.emitter.waiting && !isAsync) return `${name}(${given})`;
    return `rt.again(ctx, ${this.emitter.constant(applied)}, ${given})`;
  }

  private argument(argument: AppliedFilter['argument']): string | null {
    if (argument === null) return null;
    if (!(argument instanceof Variable)) return this.constant(argument.constant);
    if (argument.lookups === null) return this.literal(argument);
    return `rt.argument(${this.lookup(argument)}, ${this.emitter.quote(argument.var_)}, ctx)`;
  }

  /** A variable's value, or `undefined`. */
  lookup(variable: Variable): string {
    const [first = '', ...rest] = variable.lookups as readonly string[];
    const known = this.localName(first);
    if (first === 'forloop' && known !== undefined) {
      const field = this.loopLookup(rest);
      if (field !== undefined) return field;
      this.emitter.loop?.needObject();
    }
    let code: string;
    if (known === undefined) {
      code = this.free(first);
    } else {
      code = rest.length === 0 ? `rt.local(${known}, ctx)` : known;
    }
    for (const name of rest) code = `${this.reader(name)}(${code}, ctx)`;
    return code;
  }

  private loopLookup(names: readonly string[]): string | undefined {
    let loop = this.emitter.loop;
    for (const [position, name] of names.entries()) {
      if (loop === null) return undefined;
      if (name === 'parentloop') {
        loop = loop.parent;
      } else {
        return position === names.length - 1 ? loopField(name, loop.index, loop.length) : undefined;
      }
    }
    return undefined;
  }

  /** A name that is no local variable: from the context. */
  private free(name: string): string {
    const quoted = this.emitter.quote(name);
    const fetch = UNSAFE_NAMES.has(name) ? `ctx.fetchOwn(${quoted})` : `ctx.fetch(${quoted})`;
    const key = `$${name}`;
    let reader = this.readers.get(key);
    if (reader === undefined) {
      reader = `f${this.readers.size}`;
      this.readers.set(key, reader);
      this.code.push(
        `function ${reader}(ctx, v) { return v !== undefined && typeof v !== "function" ? v : rt.variable(v, ${quoted}, ctx); }`,
      );
    }
    if (this.emitter.loop !== null && this.unit.isStable(name)) {
      // Looked up once for all rounds of the loop. What it is may still be a callable, which is called each time.
      const kept = this.emitter.variable();
      return `${reader}(ctx, ${kept} === undefined ? (${kept} = ${fetch}) : ${kept})`;
    }
    return `${reader}(ctx, ${fetch})`;
  }

  /** The name of a function that reads a property. Plain objects with a plain value take the short way. */
  private reader(name: string): string {
    let reader = this.readers.get(name);
    if (reader !== undefined) return reader;
    reader = `f${this.readers.size}`;
    this.readers.set(name, reader);
    const quoted = this.emitter.quote(name);
    const slow = `rt.attribute(o, ${quoted}, ctx)`;
    // Where promises are waited for, a getter's have to be told from one attempt to the next: the long way knows them.
    if (this.emitter.waiting || !IDENTIFIER.test(name) || UNSAFE_NAMES.has(name)) {
      this.code.push(`function ${reader}(o, ctx) { return o === undefined ? o : ${slow}; }`);
    } else {
      this.code.push(
        `function ${reader}(o, ctx) {`,
        'if (typeof o === "object" && o !== null && Object.getPrototypeOf(o) === Object.prototype) {',
        `const v = o.${name};`,
        'if (v !== undefined && typeof v !== "function") return v;',
        '}',
        `return o === undefined ? o : ${slow};`,
        '}',
      );
    }
    return reader;
  }
}
