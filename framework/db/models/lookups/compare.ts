/** The lookups that compare with one value. Django: `Exact`, `GreaterThan` and their kin. */
import { ValueError } from '../../../core/exceptions';
import type { DatabaseWrapper } from '../../backends/base/base';
import { type Compiler, EMPTY_RESULT_SET, type Expression, type Sql } from '../expressions/base';
import { Col } from '../expressions/col';
import { ExpressionWrapper } from '../expressions/func';
import { ExistsExpression } from '../expressions/subquery';
import { IntegerField } from '../fields/numbers';
import { Lookup } from './base';
import { IsNull } from './in_range';
import { fits, isQuery, selectKey } from './operands';

/** A comparison by an operator. */
export abstract class Comparison extends Lookup {
  protected abstract readonly operator: string;

  asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const [left, leftParams] = this.processLhs(compiler, connection);
    const [right, rightParams] = this.processRhs(compiler, connection);
    return [
      `${left} ${this.operator} ${right}`,
      leftParams.length === 0 ? rightParams : [...leftParams, ...rightParams],
    ];
  }

  protected override getPrepLookup(rhs: unknown): unknown {
    return isQuery(rhs) ? selectKey(rhs, this.lhs, { lookup: `the '${this.lookupName}'` }) : rhs;
  }
}

/** `=` */
export class Exact extends Comparison {
  static override readonly lookupName: string = 'exact';
  protected readonly operator = '=';

  protected override getPrepLookup(rhs: unknown): unknown {
    if (isQuery(rhs) && !rhs.hasLimitOne) {
      throw new ValueError(
        'The QuerySet value for an exact lookup must be limited to one result using slicing.',
      );
    }
    return selectKey(rhs, this.lhs, { lookup: 'the exact' });
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    // A condition needs no comparison with what it is.
    if (typeof this.rhs === 'boolean' && this.lhs.conditional && !(this.lhs instanceof Col)) {
      const [sql, params] = this.processLhs(compiler, connection);
      return [this.rhs ? sql : `NOT ${sql}`, params];
    }
    const sql = super.asSql(compiler, connection);
    if (this.rhsIsDirect && !fits(sql[1][sql[1].length - 1])) throw EMPTY_RESULT_SET;
    return sql;
  }

  /** MySQL uses no index for a condition that is not compared with a value. */
  asMysql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return typeof this.rhs !== 'boolean' || isComparison(this.lhs)
      ? this.asSql(compiler, connection)
      : super.asSql(compiler, connection);
  }
}

/** Whether a condition is a comparison, or asks whether there are rows. */
function isComparison(condition: Expression): boolean {
  if (condition instanceof ExpressionWrapper) return condition.getSourceExpressions().some(isComparison);
  return condition instanceof Lookup || condition instanceof ExistsExpression;
}

/** A comparison of order; a number that no column can have is on one side of all. */
abstract class OrderLookup extends Comparison {
  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const sql = super.asSql(compiler, connection);
    const bound = sql[1][sql[1].length - 1];
    if (!this.rhsIsDirect || fits(bound)) return sql;
    if (this.operator.startsWith('>') === (bound as bigint) < 0n) {
      return compiler.compile(new IsNull(this.lhs, false));
    }
    throw EMPTY_RESULT_SET;
  }
}

/** No integer lies between a number and the next whole one. Django: `IntegerFieldFloatRounding`. */
function rounded(lhs: Expression, rhs: unknown): unknown {
  return typeof rhs === 'number' && lhs.outputFieldOrNone instanceof IntegerField ? Math.ceil(rhs) : rhs;
}

/** `>` */
export class GreaterThan extends OrderLookup {
  static override readonly lookupName: string = 'gt';
  protected readonly operator = '>';
}

/** `>=` */
export class GreaterThanOrEqual extends OrderLookup {
  static override readonly lookupName: string = 'gte';
  protected readonly operator = '>=';

  protected override getPrepLookup(rhs: unknown): unknown {
    return super.getPrepLookup(rounded(this.lhs, rhs));
  }
}

/** `<` */
export class LessThan extends OrderLookup {
  static override readonly lookupName: string = 'lt';
  protected readonly operator = '<';

  protected override getPrepLookup(rhs: unknown): unknown {
    return super.getPrepLookup(rounded(this.lhs, rhs));
  }
}

/** `<=` */
export class LessThanOrEqual extends OrderLookup {
  static override readonly lookupName: string = 'lte';
  protected readonly operator = '<=';
}
