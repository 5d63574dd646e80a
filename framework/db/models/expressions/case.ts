/** Choices. Django: `Case`, `When`. */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Field } from '../fields/base';
import { isExpression, Q } from '../q';
import { type Compiler, EmptyResultSet, Expression, FullResultSet, type Sql } from './base';
import { Combinable } from './combined';
import { argumentOf, withOptions } from './func';

/** A condition and what it gives. */
export class WhenExpression extends Expression {
  condition: Expression;
  result: Expression;

  constructor(condition: Q | Expression | Readonly<Record<string, unknown>>, result: unknown) {
    super();
    const given = condition instanceof Q || isExpression(condition) ? condition : new Q(condition);
    if (given instanceof Q && given.isEmpty) {
      throw new ValueError("An empty Q() can't be used as a When() condition.");
    }
    if (isExpression(given) && !given.conditional) {
      throw new TypeError('When() supports a Q object, a boolean expression, or lookups as a condition.');
    }
    this.condition = argumentOf(given);
    this.result = argumentOf(result);
  }

  override getSourceExpressions(): readonly Expression[] {
    return [this.condition, this.result];
  }

  override setSourceExpressions([condition, result]: readonly Expression[]): void {
    this.condition = condition as Expression;
    this.result = result as Expression;
  }

  override deconstruct(): readonly unknown[] {
    return [this.condition, this.result];
  }

  protected override resolveOutputField(): Field | undefined {
    return this.result.outputFieldOrNone;
  }

  override getGroupByCols(): readonly Expression[] {
    // A branch by itself is nothing that rows could be grouped by.
    return this.getSourceExpressions().flatMap((source) => [...source.getGroupByCols()]);
  }

  asSql(compiler: Compiler): Sql {
    const [condition, params] = compiler.compile(this.condition);
    const [result, more] = compiler.compile(this.result);
    return [`WHEN ${condition} THEN ${result}`, [...params, ...more]];
  }
}

/** One branch of a `Case`. As in Django a string is the name of a field; a text is `new Value('text')`. */
export function When(
  condition: Q | Expression | Readonly<Record<string, unknown>>,
  result: unknown,
): WhenExpression {
  return new WhenExpression(condition, result);
}

/** What a `Case` takes besides its branches. */
export interface CaseOptions {
  /** What it gives where no condition holds; default: null. */
  default?: unknown;
  outputField?: Field;
}

/** The first branch whose condition holds. */
export class CaseExpression<out V = unknown> extends Combinable<V> {
  private cases: readonly Expression[];
  private otherwise: Expression;

  constructor(cases: readonly WhenExpression[], options: CaseOptions = {}) {
    super();
    this.cases = cases;
    this.otherwise = argumentOf(options.default ?? null);
    this.givenField = options.outputField;
  }

  override getSourceExpressions(): readonly Expression[] {
    return [...this.cases, this.otherwise];
  }

  override setSourceExpressions(sources: readonly Expression[]): void {
    this.cases = sources.slice(0, -1);
    this.otherwise = sources[sources.length - 1] as Expression;
  }

  override deconstruct(): readonly unknown[] {
    return withOptions(this.cases, { default: this.otherwise, outputField: this.givenField });
  }

  override getGroupByCols(): readonly Expression[] {
    return this.cases.length === 0 ? this.otherwise.getGroupByCols() : super.getGroupByCols();
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const parts: string[] = [];
    const params: unknown[] = [];
    let rest = this.otherwise;
    for (const each of this.cases) {
      try {
        const [sql, given] = compiler.compile(each);
        parts.push(sql);
        params.push(...given);
      } catch (error) {
        if (error instanceof EmptyResultSet) continue;
        if (!(error instanceof FullResultSet)) throw error;
        rest = (each as WhenExpression).result;
        break;
      }
    }
    const [otherwise, more] = compiler.compile(rest);
    if (parts.length === 0) return [otherwise, more];
    const sql = `CASE ${parts.join(' ')} ELSE ${otherwise} END`;
    const field = this.outputFieldOrNone;
    return [field === undefined ? sql : connection.ops.castBranches(field, sql), [...params, ...more]];
  }
}

/**
 * SQL's CASE.
 *
 * @example
 * ```ts
 * Article.objects.annotate({ kind: Case(When({ visits__gt: 100 }, new Value('known')), { default: new Value('new') }) });
 * ```
 */
export function Case<V = unknown>(...args: (WhenExpression | CaseOptions)[]): CaseExpression<V> {
  const cases = args.filter((each): each is WhenExpression => each instanceof WhenExpression);
  const options = args.find((each): each is CaseOptions => !(each instanceof WhenExpression)) ?? {};
  return new CaseExpression<V>(cases, options);
}
