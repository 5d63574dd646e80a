/** Arithmetic. Django: `CombinedExpression`, `Combinable`. */
import { FieldError } from '../../../core/exceptions';
import { once } from '../../../utils/module_loading';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Field } from '../fields/base';
import { isExpression } from '../q';
import type { Query } from '../sql/query';
import { type Compiler, Expression, type Scope, type Sql } from './base';
import { combinedField } from './combined_types';

const funcModule = once(() => require('./func') as typeof import('./func'));
const temporalModule = once(() => require('./temporal') as typeof import('./temporal'));
const valueModule = once(() => require('./value') as typeof import('./value'));

export type Operator = '+' | '-' | '*' | '/' | '%%' | '^' | '&' | '|' | '<<' | '>>' | '#' | '&&' | '||';

/** An expression that can be calculated with. Django's operators are methods: `F('a').add(1)` is `F('a') + 1`. */
export abstract class Combinable<out V = unknown> extends Expression<V> {
  /** `+` */
  add(other: unknown): CombinedExpression {
    return this.combine('+', other);
  }

  /** `-` */
  sub(other: unknown): CombinedExpression {
    return this.combine('-', other);
  }

  /** `*` */
  mul(other: unknown): CombinedExpression {
    return this.combine('*', other);
  }

  /** `/` */
  div(other: unknown): CombinedExpression {
    return this.combine('/', other);
  }

  /** `%` */
  mod(other: unknown): CombinedExpression {
    return this.combine('%%', other);
  }

  /** `**` */
  pow(other: unknown): CombinedExpression {
    return this.combine('^', other);
  }

  bitand(other: unknown): CombinedExpression {
    return this.combine('&', other);
  }

  bitor(other: unknown): CombinedExpression {
    return this.combine('|', other);
  }

  bitxor(other: unknown): CombinedExpression {
    return this.combine('#', other);
  }

  bitleftshift(other: unknown): CombinedExpression {
    return this.combine('<<', other);
  }

  bitrightshift(other: unknown): CombinedExpression {
    return this.combine('>>', other);
  }

  /** It is false. */
  not(): Combinable<boolean> {
    return new (funcModule().NegatedExpression)(this) as unknown as Combinable<boolean>;
  }

  /** `-x` */
  neg(): CombinedExpression {
    return this.combine('*', -1);
  }

  /** SQLite calculates with decimals as with numbers; without a type it would compare them with text. */
  asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return asNumeric(this, this.asSql(compiler, connection));
  }

  private combine(operator: Operator, other: unknown): CombinedExpression {
    return new CombinedExpression(this, operator, expressionOf(other));
  }
}

/** SQLite compares a decimal as a number only where it is said to be one. Django: `SQLiteNumericMixin`. */
export function asNumeric(expression: Expression, sql: Sql): Sql {
  try {
    if (expression.outputFieldOrNone?.internalType !== 'DecimalField') return sql;
  } catch (error) {
    // Parts of several types, of which nobody has asked.
    if (error instanceof FieldError) return sql;
    throw error;
  }
  return [`CAST(${sql[0]} AS NUMERIC)`, sql[1]];
}

/** An expression as it is, anything else as a value. */
export function expressionOf(value: unknown): Expression {
  if (isExpression(value)) return value;
  return new (valueModule().Value)(value);
}

/** Two expressions and an operator. */
export class CombinedExpression extends Combinable {
  lhs: Expression;
  rhs: Expression;

  constructor(
    lhs: Expression,
    readonly operator: Operator,
    rhs: Expression,
    outputField?: Field,
  ) {
    super();
    this.lhs = lhs;
    this.rhs = rhs;
    this.givenField = outputField;
  }

  override getSourceExpressions(): readonly Expression[] {
    return [this.lhs, this.rhs];
  }

  override setSourceExpressions([lhs, rhs]: readonly Expression[]): void {
    this.lhs = lhs as Expression;
    this.rhs = rhs as Expression;
  }

  override deconstruct(): readonly unknown[] {
    return [this.lhs, this.operator, this.rhs];
  }

  override _planText(values?: Expression[]): string | undefined {
    if (this.constructor !== CombinedExpression || this.givenField !== undefined) return undefined;
    const left = this.lhs._planText(values);
    const right = left && this.rhs._planText(values);
    return right && `(${left}${this.operator}${right})`;
  }

  /** The method that makes it, where it is not the operator's. */
  get methodName(): string | undefined {
    return undefined;
  }

  protected override resolveOutputField(): Field | undefined {
    return combinedField(this.lhs.outputFieldOrNone, this.operator, this.rhs.outputFieldOrNone);
  }

  override resolveExpression(query: Query, scope: Scope = {}): Expression {
    const resolved = super.resolveExpression(query, scope) as this;
    if (this.constructor !== CombinedExpression) return resolved;
    return (
      temporalModule().temporal(resolved.lhs, resolved.operator, resolved.rhs, resolved.givenField) ??
      resolved
    );
  }

  /** What is selected has to be of some type. @throws FieldError. */
  override selectFormat(_compiler: Compiler, sql: string, params: readonly unknown[]): Sql {
    void this.outputFieldOrNone;
    return [sql, params];
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, leftParams] = compiler.compile(this.lhs);
    const [right, rightParams] = compiler.compile(this.rhs);
    const params = [...leftParams, ...rightParams];
    // SQLite has no XOR: both sides are written twice.
    const twice = this.operator === '#' && connection.vendor === 'sqlite';
    return [
      `(${connection.ops.combineExpression(this.operator, left, right)})`,
      twice ? [...params, ...params] : params,
    ];
  }
}
