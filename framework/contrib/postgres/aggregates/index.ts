/**
 * Aggregates that PostgreSQL alone has.
 *
 * Django: `django.contrib.postgres.aggregates`; https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/aggregates/
 */
export { ArrayAgg, BitAnd, BitOr, BitXor, BoolAnd, BoolOr, JSONBAgg, StringAgg } from './general';
export {
  Corr,
  CovarPop,
  RegrAvgX,
  RegrAvgY,
  RegrCount,
  RegrIntercept,
  RegrR2,
  RegrSlope,
  RegrSXX,
  RegrSXY,
  RegrSYY,
  StatAggregate,
  type StatOptions,
} from './statistics';
