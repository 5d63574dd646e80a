/**
 * The expressions of `{% if %}`: a top-down operator precedence parser.
 *
 * Django: `django.template.smartif`. Where Django evaluates a tree, this one writes it as JavaScript.
 */
import type { Emitter } from './compile/emitter';
import { TemplateSyntaxError } from './exceptions';
import type { Parser } from './parser';
import type { FilterExpression } from './variable';

/** A part of a condition. */
export interface Condition {
  /** JavaScript that is true or false. */
  test(emitter: Emitter): string;
  /** JavaScript for the value, as an operand of a comparison. */
  operand(emitter: Emitter): string;
  /** Evaluating it may fail: it has filters. */
  readonly risky: boolean;
  /** Operators fail quietly; a lone value does not. */
  readonly isOperator: boolean;
}

/** How deep `not not not …` may go. */
const MAX_DEPTH = 500;

class Literal implements Condition {
  readonly isOperator = false;

  constructor(
    private readonly value: FilterExpression,
    readonly text: string,
  ) {}

  get risky(): boolean {
    return this.value.filters.length > 0;
  }

  test(emitter: Emitter): string {
    return `rt.truthy(${emitter.value(this.value, true)}, ctx)`;
  }

  operand(emitter: Emitter): string {
    return emitter.ready(this.value, true);
  }
}

/** Writes an operator so that it is false where one of its own operands fails. */
function guarded(operands: readonly Condition[], code: string): string {
  return operands.some((operand) => operand.risky && !operand.isOperator)
    ? `rt.attempt(() => ${code})`
    : code;
}

class Not implements Condition {
  readonly isOperator = true;
  constructor(private readonly first: Condition) {}

  get risky(): boolean {
    return this.first.risky;
  }

  test(emitter: Emitter): string {
    return guarded([this.first], `!${this.first.test(emitter)}`);
  }

  operand(emitter: Emitter): string {
    return this.test(emitter);
  }
}

type Write = (emitter: Emitter, first: Condition, second: Condition) => string;

class Infix implements Condition {
  readonly isOperator = true;

  constructor(
    private readonly write: Write,
    private readonly first: Condition,
    private readonly second: Condition,
  ) {}

  get risky(): boolean {
    return this.first.risky || this.second.risky;
  }

  test(emitter: Emitter): string {
    return guarded([this.first, this.second], this.write(emitter, this.first, this.second));
  }

  operand(emitter: Emitter): string {
    return this.test(emitter);
  }
}

const logical =
  (operator: string): Write =>
  (emitter, first, second) =>
    `(${first.test(emitter)} ${operator} ${second.test(emitter)})`;

const ordering =
  (operator: string): Write =>
  (emitter, first, second) =>
    `rt.compare(${first.operand(emitter)}, "${operator}", ${second.operand(emitter)})`;

const relation =
  (name: string, negate: boolean): Write =>
  (emitter, first, second) =>
    `${negate ? '!' : ''}rt.${name}(${first.operand(emitter)}, ${second.operand(emitter)})`;

const membership =
  (negate: boolean): Write =>
  (emitter, item, container) => {
    // Python evaluates the item first.
    const name = emitter.variable();
    return `(${name} = ${item.operand(emitter)}, rt.contains(${container.operand(emitter)}, ${name}, ${negate}, ctx))`;
  };

/** Binding powers are Python's precedence. */
const INFIX: ReadonlyMap<string, readonly [power: number, write: Write]> = new Map<string, [number, Write]>([
  ['or', [6, logical('||')]],
  ['and', [7, logical('&&')]],
  ['in', [9, membership(false)]],
  ['not in', [9, membership(true)]],
  ['is', [10, relation('identical', false)]],
  ['is not', [10, relation('identical', true)]],
  ['==', [10, relation('equal', false)]],
  ['!=', [10, relation('equal', true)]],
  ['>', [10, ordering('>')]],
  ['>=', [10, ordering('>=')]],
  ['<', [10, ordering('<')]],
  ['<=', [10, ordering('<=')]],
]);
const NOT_POWER = 8;

type IfToken = { readonly operator: string } | { readonly literal: Literal } | null;

/** Parses the words of an `{% if %}` or `{% elif %}`. */
export class TemplateIfParser {
  private readonly tokens: IfToken[] = [];
  private position = 0;
  private depth = 0;

  constructor(parser: Parser, words: readonly string[]) {
    for (let i = 0; i < words.length; i++) {
      let word = words[i] as string;
      if (word === 'is' && words[i + 1] === 'not') {
        word = 'is not';
        i++;
      } else if (word === 'not' && words[i + 1] === 'in') {
        word = 'not in';
        i++;
      }
      this.tokens.push(
        word === 'not' || INFIX.has(word)
          ? { operator: word }
          : { literal: new Literal(parser.compileFilter(word), word) },
      );
    }
  }

  /** @throws TemplateSyntaxError in Django's words. */
  parse(): Condition {
    const condition = this.expression(0);
    const rest = this.current();
    if (rest !== null) {
      const shown = 'operator' in rest ? rest.operator : rest.literal.text;
      throw new TemplateSyntaxError(`Unused '${shown}' at end of if expression.`);
    }
    return condition;
  }

  private current(): IfToken {
    return this.tokens[this.position] ?? null;
  }

  private power(): number {
    const token = this.current();
    if (token === null || 'literal' in token) return 0;
    return token.operator === 'not' ? NOT_POWER : (INFIX.get(token.operator)?.[0] ?? 0);
  }

  private expression(power: number): Condition {
    if (++this.depth > MAX_DEPTH)
      throw new TemplateSyntaxError('The expression of the if tag is nested too deeply.');
    let left = this.prefix();
    while (power < this.power()) left = this.infix(left);
    this.depth--;
    return left;
  }

  private prefix(): Condition {
    const token = this.current();
    this.position++;
    if (token === null) throw new TemplateSyntaxError('Unexpected end of expression in if tag.');
    if ('literal' in token) return token.literal;
    if (token.operator === 'not') return new Not(this.expression(NOT_POWER));
    throw new TemplateSyntaxError(`Not expecting '${token.operator}' in this position in if tag.`);
  }

  private infix(left: Condition): Condition {
    const { operator } = this.current() as { operator: string };
    this.position++;
    const found = INFIX.get(operator);
    if (found === undefined) {
      throw new TemplateSyntaxError(`Not expecting '${operator}' as infix operator in if tag.`);
    }
    return new Infix(found[1], left, this.expression(found[0]));
  }
}
