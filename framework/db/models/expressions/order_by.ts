/** How rows are sorted. Django: `OrderBy`, `Random`. */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import { isExpression } from '../q';
import { type Compiler, Expression, type NullsOptions, type Sql } from './base';
import { NO_PARAMS } from './col';
import { F } from './value';

/** What a window or an aggregate is sorted by: a name with a sign, an expression, or a list of such. */
export type OrderingParam = string | Expression | readonly (string | Expression)[];

/** The expressions of it. @throws the error for anything else. */
export function orderingsOf(param: OrderingParam | undefined, error: () => Error): Expression[] {
  if (param === undefined || param === null) return [];
  const all: readonly unknown[] = Array.isArray(param) ? param : [param];
  return all.map((each) => {
    if (typeof each === 'string') {
      return each.startsWith('-') ? new OrderBy(F(each.slice(1)), { descending: true }) : F(each);
    }
    if (!isExpression(each)) throw error();
    return each;
  });
}

/**
 * An expression and a direction; `F('name').asc()` and `F('name').desc()` make it, too.
 *
 * @throws ValueError for both of `nullsFirst` and `nullsLast`, and for either of them false.
 */
export class OrderBy extends Expression {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  readonly nullsLast: boolean;

  constructor(expression: Expression, options: NullsOptions & { descending?: boolean } = {}) {
    super();
    if (options.nullsFirst && options.nullsLast) {
      throw new ValueError('nulls_first and nulls_last are mutually exclusive');
    }
    if (options.nullsFirst === false || options.nullsLast === false) {
      throw new ValueError('nulls_first and nulls_last values must be True or None.');
    }
    if (!isExpression(expression)) throw new ValueError('expression must be an expression type');
    this.expression = expression;
    this.descending = options.descending ?? false;
    this.nullsFirst = options.nullsFirst ?? false;
    this.nullsLast = options.nullsLast ?? false;
  }

  override getSourceExpressions(): readonly Expression[] {
    return [this.expression];
  }

  override setSourceExpressions([expression]: readonly Expression[]): void {
    Object.assign(this, { expression });
  }

  override deconstruct(): readonly unknown[] {
    const { expression, descending, nullsFirst, nullsLast } = this;
    return [expression, { descending, ...(nullsFirst && { nullsFirst }), ...(nullsLast && { nullsLast }) }];
  }

  override getGroupByCols(): readonly Expression[] {
    return this.expression.getGroupByCols();
  }

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [sql, params] = compiler.compile(this.expression);
    const direction = this.descending ? 'DESC' : 'ASC';
    if (!this.nullsFirst && !this.nullsLast) return [`${sql} ${direction}`, params];
    const { vendor } = connection;
    if (vendor !== 'mysql') {
      return [`${sql} ${direction} NULLS ${this.nullsLast ? 'LAST' : 'FIRST'}`, params];
    }
    // NULL comes first in ascending order there already, and last in descending.
    if (this.nullsLast !== this.descending) {
      return [`${sql} IS ${this.nullsLast ? '' : 'NOT '}NULL, ${sql} ${direction}`, [...params, ...params]];
    }
    return [`${sql} ${direction}`, params];
  }

  /** The same of another expression. */
  over(expression: Expression): OrderBy {
    return Object.assign(this.copy(), { expression });
  }

  override reverseOrdering(): OrderBy {
    return new OrderBy(this.expression, {
      descending: !this.descending,
      ...(this.nullsLast && { nullsFirst: true }),
      ...(this.nullsFirst && { nullsLast: true }),
    });
  }

  override asc(): OrderBy {
    return new OrderBy(this.expression);
  }

  override desc(): OrderBy {
    return new OrderBy(this.expression, { descending: true });
  }
}

export function ascending(expression: Expression, options: NullsOptions): OrderBy {
  return new OrderBy(expression, options);
}

export function descending(expression: Expression, options: NullsOptions): OrderBy {
  return new OrderBy(expression, { ...options, descending: true });
}

/** `orderBy('?')`. */
export class Random extends Expression {
  asSql(_compiler: Compiler, connection: DatabaseWrapper): Sql {
    return [connection.vendor === 'mysql' ? 'RAND()' : 'RANDOM()', NO_PARAMS];
  }
}
