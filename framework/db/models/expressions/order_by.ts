/** How rows are sorted. Django: `OrderBy`, `Random`. */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import { type Compiler, Expression, type NullsOptions, type Sql } from './base';
import { NO_PARAMS } from './col';

/** An expression and a direction. */
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

  override reverseOrdering(): OrderBy {
    return new OrderBy(this.expression, {
      descending: !this.descending,
      nullsFirst: this.nullsLast,
      nullsLast: this.nullsFirst,
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
