/** Functions of the database. Django: `Func`, `ExpressionWrapper`, `Case`, `When`. */

import { once } from '../../../utils/module_loading';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Field } from '../fields/base';
import { isExpression, Q } from '../q';
import type { Query } from '../sql/query';
import {
  type Compiler,
  EmptyResultSet,
  Expression,
  FULL_RESULT_SET,
  FullResultSet,
  type Scope,
  type Sql,
} from './base';
import { Combinable, expressionOf } from './combined';
import type { HasQuery } from './subquery';
import { F, Value } from './value';

const othersModule = once(() => require('../fields/others') as typeof import('../fields/others'));
const subqueryModule = once(() => require('./subquery') as typeof import('./subquery'));

/** What a function takes besides its arguments. */
export interface FuncOptions {
  outputField?: Field;
  /** The name in SQL. */
  function?: string;
  /** `%(function)s(%(expressions)s)` */
  template?: string;
  argJoiner?: string;
}

/** An argument: a string is a name, an expression itself, a query its one value, anything else a value. */
export function argumentOf(value: unknown): Expression {
  if (typeof value === 'string') return F(value);
  if (value instanceof Q) return new Condition(value);
  if (isExpression(value) && 'query' in value && !(value instanceof Expression)) {
    return new (subqueryModule().SubqueryExpression)(value as unknown as HasQuery);
  }
  return expressionOf(value);
}

/**
 * A call of a function.
 *
 * @example `Author.objects.annotate({ loud: new Func('name', { function: 'UPPER' }) })`
 */
export class Func<out V = unknown> extends Combinable<V> {
  protected readonly functionName: string | undefined = undefined;
  protected readonly template: string = '%(function)s(%(expressions)s)';
  protected readonly argJoiner: string = ', ';
  /** How many arguments there must be. */
  static readonly arity: number | undefined = undefined;
  protected sources: readonly Expression[];
  protected readonly options: FuncOptions;

  constructor(...args: unknown[]) {
    super();
    const last = args[args.length - 1];
    const options = isOptions(last) ? (args.pop() as FuncOptions) : {};
    this.options = options;
    this.givenField = options.outputField;
    this.sources = args.map(argumentOf);
    const { arity, name } = this.constructor as typeof Func;
    if (arity !== undefined && args.length !== arity) {
      throw new TypeError(
        `'${name}' takes exactly ${arity} ${arity === 1 ? 'argument' : 'arguments'} (${args.length} given)`,
      );
    }
  }

  override getSourceExpressions(): readonly Expression[] {
    return this.sources;
  }

  override setSourceExpressions(sources: readonly Expression[]): void {
    this.sources = sources;
  }

  override deconstruct(): readonly unknown[] {
    return withOptions(this.sources, this.options);
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.write(compiler, connection);
  }

  /** The call with another name or template, for one database. */
  protected write(compiler: Compiler, _connection: DatabaseWrapper, own: FuncOptions = {}): Sql {
    const parts: string[] = [];
    const params: unknown[] = [];
    for (const source of this.sources) {
      let sql: string;
      let given: readonly unknown[];
      try {
        [sql, given] = compiler.compile(source);
      } catch (error) {
        if (error instanceof EmptyResultSet && source.emptyResultSetValue !== undefined) {
          [sql, given] = compiler.compile(new Value(source.emptyResultSetValue));
        } else if (error instanceof FullResultSet) [sql, given] = compiler.compile(new Value(true));
        else throw error;
      }
      parts.push(sql);
      params.push(...given);
    }
    const name = own.function ?? this.options.function ?? this.functionName ?? this.constructor.name;
    const template = own.template ?? this.options.template ?? this.template;
    const expressions = parts.join(own.argJoiner ?? this.options.argJoiner ?? this.argJoiner);
    return [
      template.replace(/%\((function|expressions)\)s/g, (_, part: string) =>
        part === 'function' ? name : expressions,
      ),
      params,
    ];
  }
}

/** Arguments, and options behind them where there are some. */
export function withOptions(args: readonly unknown[], options: object): readonly unknown[] {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return given.length > 0 ? [...args, Object.fromEntries(given)] : args;
}

function isOptions(value: unknown): value is FuncOptions {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !isExpression(value)
  );
}

/** An expression whose type is said. */
export class ExpressionWrapper extends Combinable {
  private expression: Expression;

  constructor(expression: Expression | Q, outputField: Field) {
    super();
    this.expression = argumentOf(expression);
    this.givenField = outputField;
  }

  override getSourceExpressions(): readonly Expression[] {
    return [this.expression];
  }

  override setSourceExpressions([expression]: readonly Expression[]): void {
    this.expression = expression as Expression;
  }

  override deconstruct(): readonly unknown[] {
    return [this.expression, this.givenField];
  }

  override getGroupByCols(): readonly Expression[] {
    const { expression } = this;
    return expression instanceof Value || !(expression instanceof Expression)
      ? [this]
      : expression.containsAggregate || isSubquery(expression)
        ? expression.getGroupByCols()
        : [this];
  }

  asSql(compiler: Compiler): Sql {
    return compiler.compile(this.expression);
  }
}

function isSubquery(expression: Expression): boolean {
  return expression.containsSubquery;
}

/** A Q as an expression. */
export class Condition extends Expression {
  constructor(readonly q: Q) {
    super();
  }

  override resolveExpression(query: Query, scope: Scope = {}): Expression {
    return query.resolveCondition(this.q, scope);
  }

  override deconstruct(): readonly unknown[] {
    return [this.q];
  }

  override get conditional(): boolean {
    return true;
  }

  asSql(): Sql {
    throw FULL_RESULT_SET;
  }
}

/** A condition that does not hold. Django: `NegatedExpression`. */
export class NegatedExpression extends ExpressionWrapper {
  constructor(private readonly negated: Expression) {
    super(negated, new (othersModule().BooleanField)());
  }

  /** @throws TypeError for what is neither true nor false. */
  override resolveExpression(query: Query, scope: Scope = {}): Expression {
    const resolved = super.resolveExpression(query, scope);
    if (!resolved.getSourceExpressions()[0]?.conditional) {
      throw new TypeError('Cannot negate non-conditional expressions.');
    }
    return resolved;
  }

  override deconstruct(): readonly unknown[] {
    return [this.negated];
  }

  /** The condition itself. */
  override not(): Combinable<boolean> {
    return this.negated as Combinable<boolean>;
  }

  override asSql(compiler: Compiler): Sql {
    let sql: Sql;
    try {
      sql = super.asSql(compiler);
    } catch (error) {
      if (error instanceof EmptyResultSet) return compiler.compile(new Value(true));
      if (error instanceof FullResultSet) return compiler.compile(new Value(false));
      throw error;
    }
    return [`NOT ${sql[0]}`, sql[1]];
  }
}
