/**
 * Numbers over many rows. Django: `django.db.models.aggregates`;
 * https://docs.djangoproject.com/en/5.2/ref/models/querysets/#aggregation-functions
 */
import { FieldError } from '../../core/exceptions';

import type { DatabaseWrapper } from '../backends/base/base';
import { type Compiler, Expression, FullResultSet, type Scope, type Sql } from './expressions/base';
import { NO_PARAMS } from './expressions/col';
import { expressionOf } from './expressions/combined';
import { argumentOf, Func } from './expressions/func';
import { Value } from './expressions/value';
import type { Field } from './fields/base';
import { FloatField, IntegerField } from './fields/numbers';
import { Q } from './q';
import type { Query } from './sql/query';

/** What every aggregate takes. */
export interface AggregateOptions {
  /** Each value once. */
  distinct?: boolean;
  /** The rows that count. */
  filter?: Q | Expression;
  /** What it is for no rows at all. */
  default?: unknown;
  outputField?: Field;
}

/** `*` */
class Star extends Expression {
  asSql(): Sql {
    return ['*', NO_PARAMS];
  }

  override getGroupByCols(): readonly Expression[] {
    return [];
  }
}

/** A function over the rows of a group. */
export abstract class Aggregate<out V = unknown> extends Func<V> {
  protected abstract readonly sqlName: string;
  /** Its name in the alias that it gets by itself. */
  abstract readonly name: string;
  protected readonly allowDistinct: boolean = false;
  readonly distinct: boolean;
  private filter: Expression | undefined;
  private readonly otherwise: unknown;
  private readonly argument: string | undefined;

  constructor(expression: unknown, options: AggregateOptions = {}) {
    super();
    this.argument = typeof expression === 'string' ? expression : undefined;
    this.sources = [expression === '*' ? new Star() : argumentOf(expression)];
    this.distinct = options.distinct ?? false;
    this.filter = options.filter === undefined ? undefined : argumentOf(options.filter);
    this.otherwise = options.default;
    this.givenField = options.outputField;
  }

  /** The name that it has in `annotate(new Count('books'))`. @throws TypeError for a complex one. */
  get defaultAlias(): string {
    if (this.argument === undefined || this.argument === '*')
      throw new TypeError('Complex expressions require an alias');
    return `${this.argument}__${this.name.toLowerCase()}`;
  }

  override get containsAggregate(): boolean {
    return true;
  }

  override get windowCompatible(): boolean {
    return true;
  }

  override getSourceExpressions(): readonly Expression[] {
    return this.filter === undefined ? this.sources : [...this.sources, this.filter];
  }

  override setSourceExpressions(sources: readonly Expression[]): void {
    this.sources = sources.slice(0, 1);
    this.filter = sources[1];
  }

  override resolveExpression(query: Query, scope: Scope = {}): Expression {
    const within = { ...scope };
    const resolved = super.resolveExpression(query, within) as Aggregate;
    if (this.distinct && !this.allowDistinct) throw new TypeError(`${this.name} does not allow distinct.`);
    if (!scope.summarize) {
      for (const source of resolved.getSourceExpressions()) {
        if (source.containsAggregate) {
          const { argument } = this;
          throw new FieldError(
            `Cannot compute ${this.name}('${argument ?? ''}'): '${argument ?? ''}' is an aggregate`,
          );
        }
      }
    }
    if (this.otherwise === undefined || this.otherwise === null) return resolved;
    const value = expressionOf(this.otherwise).resolveExpression(query, scope);
    return new WithDefault(resolved, value);
  }

  override getGroupByCols(): readonly Expression[] {
    return [];
  }

  protected override resolveOutputField(): Field | undefined {
    return this.sources[0]?.outputFieldOrNone;
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [source] = this.sources as [Expression];
    const distinct = this.distinct ? 'DISTINCT ' : '';
    if (this.filter !== undefined) {
      const native = connection.vendor !== 'mysql';
      try {
        const [condition, filterParams] = compiler.compile(this.filter);
        const [sql, params] = compiler.compile(source);
        if (native) {
          return [
            `${this.sqlName}(${distinct}${sql}) FILTER (WHERE ${condition})`,
            [...params, ...filterParams],
          ];
        }
        const counted = sql === '*' ? '1' : sql;
        return [
          `${this.sqlName}(${distinct}CASE WHEN ${condition} THEN ${counted} ELSE NULL END)`,
          [...filterParams, ...params],
        ];
      } catch (error) {
        if (!(error instanceof FullResultSet)) throw error;
      }
    }
    const [sql, params] = compiler.compile(source);
    return [`${this.sqlName}(${distinct}${sql})`, params];
  }
}

/** An aggregate, or a value where there are no rows. */
class WithDefault extends Func {
  protected override readonly functionName = 'COALESCE';

  constructor(aggregate: Aggregate, value: Expression) {
    super(aggregate, value);
    this.givenField = aggregate.outputFieldOrNone;
  }

  override get emptyResultSetValue(): unknown {
    const [, value] = this.sources;
    return value instanceof Value ? value.value : undefined;
  }
}

/** How many rows have a value. */
export class CountAggregate extends Aggregate<number> {
  protected readonly sqlName = 'COUNT';
  readonly name = 'Count';
  protected override readonly allowDistinct = true;

  constructor(expression: unknown, options: AggregateOptions = {}) {
    super(expression, options);
    if (expression === '*' && options.filter instanceof Q === false && options.distinct) {
      throw new TypeError('Star cannot be used with distinct. Please specify a field.');
    }
    if (options.default !== undefined) throw new TypeError('Count does not allow default.');
  }

  override get emptyResultSetValue(): unknown {
    return 0;
  }

  protected override resolveOutputField(): Field {
    return new IntegerField();
  }
}

class SumAggregate<V> extends Aggregate<V> {
  protected readonly sqlName = 'SUM';
  readonly name = 'Sum';
  protected override readonly allowDistinct = true;
}

class AvgAggregate extends Aggregate<number | null> {
  protected readonly sqlName = 'AVG';
  readonly name = 'Avg';
  protected override readonly allowDistinct = true;

  protected override resolveOutputField(): Field | undefined {
    const field = super.resolveOutputField();
    return field instanceof IntegerField ? new FloatField() : field;
  }
}

class MinAggregate<V> extends Aggregate<V> {
  protected readonly sqlName = 'MIN';
  readonly name = 'Min';
}

class MaxAggregate<V> extends Aggregate<V> {
  protected readonly sqlName = 'MAX';
  readonly name = 'Max';
}

/** An aggregate whose value has the type of a path. */
export interface OfPath<out P extends string> extends Aggregate<unknown> {
  readonly path: P;
}

/**
 * How many; of a relation, how many related rows.
 *
 * @example `await Author.objects.annotate({ articles: Count('article') }).filter({ articles__gt: 2 });`
 */
export function Count(expression: string | Expression, options: AggregateOptions = {}): Aggregate<number> {
  return new CountAggregate(expression, options);
}

/** The sum of the values; null without any. */
export function Sum<const P extends string>(
  expression: P | Expression,
  options: AggregateOptions = {},
): OfPath<P> {
  return new SumAggregate(expression, options) as unknown as OfPath<P>;
}

/** The mean of the values; null without any. */
export function Avg(
  expression: string | Expression,
  options: AggregateOptions = {},
): Aggregate<number | null> {
  return new AvgAggregate(expression, options);
}

/** The least value. */
export function Min<const P extends string>(
  expression: P | Expression,
  options: AggregateOptions = {},
): OfPath<P> {
  return new MinAggregate(expression, options) as unknown as OfPath<P>;
}

/** The greatest value. */
export function Max<const P extends string>(
  expression: P | Expression,
  options: AggregateOptions = {},
): OfPath<P> {
  return new MaxAggregate(expression, options) as unknown as OfPath<P>;
}
