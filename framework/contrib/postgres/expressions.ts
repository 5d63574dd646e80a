/** Django: `django.contrib.postgres.expressions`. */
import { type HasQuery, SubqueryExpression } from '../../db/models/expressions/subquery';
import type { Field } from '../../db/models/fields/base';
import { ArrayField } from './fields/array';

class ArraySubqueryExpression extends SubqueryExpression<unknown[]> {
  protected override readonly template = 'ARRAY(%(subquery)s)';

  protected override resolveOutputField(): Field {
    return new ArrayField({ baseField: this.query.outputField as Field });
  }
}

/**
 * The one column of a query as a list; an empty one without rows.
 *
 * @see https://docs.djangoproject.com/en/5.2/ref/contrib/postgres/expressions/#arraysubquery-expressions
 * @example
 * ```ts
 * const titles = Book.objects.filter({ author: OuterRef('pk') }).orderBy('title').values('title');
 * Author.objects.annotate({ titles: ArraySubquery<string>(titles) });
 * ```
 */
export function ArraySubquery<V = unknown>(source: HasQuery): SubqueryExpression<V[]> {
  return new ArraySubqueryExpression(source) as SubqueryExpression<V[]>;
}
