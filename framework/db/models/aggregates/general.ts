/** Numbers over many rows. https://docs.djangoproject.com/en/5.2/ref/models/querysets/#aggregation-functions */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import { NotSupportedError } from '../../errors';
import { type Compiler, Expression, type Sql } from '../expressions/base';
import { NO_PARAMS } from '../expressions/col';
import type { Field } from '../fields/base';
import { IntegerField } from '../fields/numbers';
import { Aggregate, type AggregateOptions, NumericAggregate } from './base';

/** `*` */
class Star extends Expression {
  override _planText(): string {
    return '*';
  }

  asSql(): Sql {
    return ['*', NO_PARAMS];
  }

  override getGroupByCols(): readonly Expression[] {
    return [];
  }
}

class CountAggregate extends Aggregate<number> {
  constructor(expression: unknown, options: AggregateOptions = {}) {
    const star = expression === '*';
    if (star && options.filter !== undefined) {
      throw new ValueError('Star cannot be used with filter. Please specify a field.');
    }
    if (star && options.distinct) {
      throw new TypeError('Star cannot be used with distinct. Please specify a field.');
    }
    super([star ? new Star() : expression], options);
  }

  protected override readonly sqlName = 'COUNT';

  override get name(): string {
    return 'Count';
  }

  protected override get isPlain(): boolean {
    return true;
  }

  protected override get allowDistinct(): boolean {
    return true;
  }

  override get emptyResultSetValue(): unknown {
    return 0;
  }

  protected override resolveOutputField(): Field {
    return new IntegerField();
  }
}

/** MySQL adds durations as the numbers that they are stored as, when told so. */
function durationSql(aggregate: Aggregate, write: () => Sql, connection: DatabaseWrapper): Sql {
  const [sql, params] = write();
  const durations =
    connection.vendor === 'mysql' && aggregate.outputFieldOrNone?.internalType === 'DurationField';
  return durations ? [`CAST(${sql} AS signed)`, params] : [sql, params];
}

class SumAggregate<V> extends Aggregate<V> {
  protected override readonly sqlName = 'SUM';

  override get name(): string {
    return 'Sum';
  }

  protected override get isPlain(): boolean {
    return true;
  }

  protected override get allowDistinct(): boolean {
    return true;
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return durationSql(this, () => super.asSql(compiler, connection), connection);
  }
}

class AvgAggregate extends NumericAggregate {
  protected override readonly sqlName = 'AVG';

  override get name(): string {
    return 'Avg';
  }

  protected override get isPlain(): boolean {
    return true;
  }

  protected override get allowDistinct(): boolean {
    return true;
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return durationSql(this, () => super.asSql(compiler, connection), connection);
  }
}

class MinAggregate<V> extends Aggregate<V> {
  protected override readonly sqlName = 'MIN';

  override get name(): string {
    return 'Min';
  }

  protected override get isPlain(): boolean {
    return true;
  }
}

class MaxAggregate<V> extends Aggregate<V> {
  protected override readonly sqlName = 'MAX';

  override get name(): string {
    return 'Max';
  }

  protected override get isPlain(): boolean {
    return true;
  }
}

class AnyValueAggregate<V> extends Aggregate<V> {
  protected override readonly sqlName = 'ANY_VALUE';

  override get name(): string {
    return 'AnyValue';
  }

  override get windowCompatible(): boolean {
    return false;
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    if (connection.vendor === 'sqlite' || ('mysqlIsMariadb' in connection && connection.mysqlIsMariadb)) {
      throw new NotSupportedError('ANY_VALUE is not supported on this database backend.');
    }
    return super.asSql(compiler, connection);
  }
}

/** An aggregate whose value has the type of a path. */
export interface OfPath<out P extends string> extends Aggregate<unknown> {
  readonly path: P;
}

/**
 * How many; of a relation, how many related rows.
 *
 * @throws ValueError for `Count('*')` with a filter.
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
  return new SumAggregate([expression], options) as unknown as OfPath<P>;
}

/** The mean of the values; null without any. */
export function Avg(
  expression: string | Expression,
  options: AggregateOptions = {},
): Aggregate<number | null> {
  return new AvgAggregate([expression], options);
}

/** The least value. */
export function Min<const P extends string>(
  expression: P | Expression,
  options: AggregateOptions = {},
): OfPath<P> {
  return new MinAggregate([expression], options) as unknown as OfPath<P>;
}

/** The greatest value. */
export function Max<const P extends string>(
  expression: P | Expression,
  options: AggregateOptions = {},
): OfPath<P> {
  return new MaxAggregate([expression], options) as unknown as OfPath<P>;
}

/** Any of the values. PostgreSQL 16 and MySQL have it. @throws NotSupportedError elsewhere, when the query runs. */
export function AnyValue<const P extends string>(
  expression: P | Expression,
  options: AggregateOptions = {},
): OfPath<P> {
  return new AnyValueAggregate([expression], options) as unknown as OfPath<P>;
}
