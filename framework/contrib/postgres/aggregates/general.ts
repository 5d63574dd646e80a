/** Many rows as a list, as JSON, as a text, as one truth. Django: `django.contrib.postgres.aggregates.general`. */
import { Aggregate, type AggregateOptions } from '../../../db/models/aggregates/base';
import { StringAgg as TextAgg } from '../../../db/models/aggregates/text';
import type { Expression } from '../../../db/models/expressions/base';
import { Value } from '../../../db/models/expressions/value';
import type { Field } from '../../../db/models/fields/base';
import { JSONField } from '../../../db/models/fields/json';
import { BooleanField } from '../../../db/models/fields/others';
import { ArrayField } from '../fields/array';

export { BitAnd, BitOr, BitXor } from '../../../db/models/aggregates/statistics';

/** An aggregate whose rows can be sorted, and taken once each. */
abstract class ListAggregate<out V> extends Aggregate<V> {
  protected override get allowDistinct(): boolean {
    return true;
  }

  protected override get allowOrderBy(): boolean {
    return true;
  }
}

class ArrayAggregate extends ListAggregate<unknown[] | null> {
  protected override readonly sqlName = 'ARRAY_AGG';

  override get name(): string {
    return 'ArrayAgg';
  }

  protected override resolveOutputField(): Field {
    return new ArrayField({ baseField: (this.sources[0] as Expression).outputField });
  }
}

class JSONBAggregate extends ListAggregate<unknown[] | null> {
  protected override readonly sqlName = 'JSONB_AGG';

  override get name(): string {
    return 'JSONBAgg';
  }

  protected override resolveOutputField(): Field {
    return new JSONField();
  }
}

abstract class TruthAggregate extends Aggregate<boolean | null> {
  protected override resolveOutputField(): Field {
    return new BooleanField();
  }
}

class BoolAndAggregate extends TruthAggregate {
  protected override readonly sqlName = 'BOOL_AND';

  override get name(): string {
    return 'BoolAnd';
  }
}

class BoolOrAggregate extends TruthAggregate {
  protected override readonly sqlName = 'BOOL_OR';

  override get name(): string {
    return 'BoolOr';
  }
}

/**
 * The values as a list; null without rows, unless there is a `default`.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/aggregates/#arrayagg
 * @example `Author.objects.annotate({ titles: ArrayAgg('book__title', { distinct: true, orderBy: 'book__title' }) })`
 */
export function ArrayAgg<V = unknown>(
  expression: string | Expression,
  options: AggregateOptions = {},
): Aggregate<V[] | null> {
  return new ArrayAggregate([expression], options) as Aggregate<V[] | null>;
}

/** The values as a list of JSON; null without rows. @example `Author.objects.aggregate({ all: JSONBAgg('preferences') })` */
export function JSONBAgg<V = unknown>(
  expression: string | Expression,
  options: AggregateOptions = {},
): Aggregate<V[] | null> {
  return new JSONBAggregate([expression], options) as Aggregate<V[] | null>;
}

/**
 * The values as one text. The delimiter is a text; that of `models.StringAgg`, which every database has, is an
 * expression.
 *
 * @example `Author.objects.annotate({ titles: StringAgg('book__title', '; ', { orderBy: 'book__title' }) })`
 */
export function StringAgg(
  expression: string | Expression,
  delimiter: string,
  options: AggregateOptions = {},
): Aggregate<string | null> {
  return TextAgg(expression, new Value(delimiter), options);
}

/** Whether all values are true; null without any. @example `Task.objects.aggregate({ done: BoolAnd('isDone') })` */
export function BoolAnd(
  expression: string | Expression,
  options: AggregateOptions = {},
): Aggregate<boolean | null> {
  return new BoolAndAggregate([expression], options);
}

/** Whether any value is true; null without any. */
export function BoolOr(
  expression: string | Expression,
  options: AggregateOptions = {},
): Aggregate<boolean | null> {
  return new BoolOrAggregate([expression], options);
}
