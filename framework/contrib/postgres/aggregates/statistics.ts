/** How two values depend on each other. Django: `django.contrib.postgres.aggregates.statistics`. */
import { ValueError } from '../../../core/exceptions';
import { Aggregate, type AggregateOptions } from '../../../db/models/aggregates/base';
import type { SampleOptions } from '../../../db/models/aggregates/statistics';
import type { Expression } from '../../../db/models/expressions/base';
import type { Field } from '../../../db/models/fields/base';
import { FloatField, IntegerField } from '../../../db/models/fields/numbers';

type Operand = string | Expression;
/** What aggregates of two values take. */
export type StatOptions = Pick<AggregateOptions, 'filter' | 'default' | 'outputField'>;

/** An aggregate over pairs: `y` depends on `x`. Django: `StatAggregate`. */
export class StatAggregate<out V = number | null> extends Aggregate<V> {
  /** @throws ValueError without one of the two. */
  constructor(
    protected override readonly sqlName: string,
    private readonly ownName: string,
    y: Operand,
    x: Operand,
    options: StatOptions = {},
  ) {
    if (!y || !x) throw new ValueError('Both y and x must be provided.');
    super([y, x], options);
  }

  override get name(): string {
    return this.ownName ?? super.name;
  }

  protected override resolveOutputField(): Field {
    return new FloatField();
  }
}

class Count extends StatAggregate<number> {
  override get emptyResultSetValue(): unknown {
    return 0;
  }

  protected override resolveOutputField(): Field {
    return new IntegerField();
  }
}

type Stat = (y: Operand, x: Operand, options?: StatOptions) => Aggregate<number | null>;

const stat =
  (sqlName: string, name: string): Stat =>
  (y, x, options) =>
    new StatAggregate(sqlName, name, y, x, options);

/**
 * The coefficient of correlation; null without rows.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/aggregates/#aggregate-functions-for-statistics
 * @example `House.objects.aggregate({ depends: Corr('price', 'size') })`
 */
export const Corr: Stat = stat('CORR', 'Corr');

/** The covariance: of all values, or with `sample: true` of a sample of them. */
export function CovarPop(
  y: Operand,
  x: Operand,
  { sample = false, ...options }: StatOptions & Pick<SampleOptions, 'sample'> = {},
): Aggregate<number | null> {
  return new StatAggregate(sample ? 'COVAR_SAMP' : 'COVAR_POP', 'CovarPop', y, x, options);
}

/** The mean of `x`. */
export const RegrAvgX: Stat = stat('REGR_AVGX', 'RegrAvgX');
/** The mean of `y`. */
export const RegrAvgY: Stat = stat('REGR_AVGY', 'RegrAvgY');
/** Where the line meets the axis. */
export const RegrIntercept: Stat = stat('REGR_INTERCEPT', 'RegrIntercept');
/** The square of the coefficient of correlation. */
export const RegrR2: Stat = stat('REGR_R2', 'RegrR2');
/** How steep the line is. */
export const RegrSlope: Stat = stat('REGR_SLOPE', 'RegrSlope');
/** The sum of squares of `x`. */
export const RegrSXX: Stat = stat('REGR_SXX', 'RegrSXX');
/** The sum of products. */
export const RegrSXY: Stat = stat('REGR_SXY', 'RegrSXY');
/** The sum of squares of `y`. */
export const RegrSYY: Stat = stat('REGR_SYY', 'RegrSYY');

/** How many rows have both; 0 without any. */
export function RegrCount(y: Operand, x: Operand, options?: StatOptions): Aggregate<number> {
  return new Count('REGR_COUNT', 'RegrCount', y, x, options);
}
