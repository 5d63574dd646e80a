/** Calculating with times. Django: `DurationExpression`, `TemporalSubtraction`. */
import type { DatabaseWrapper } from '../../backends/base/base';
import { DatabaseError } from '../../errors';
import type { Field } from '../fields/base';
import { DurationField } from '../fields/durations';
import type { Compiler, Expression, Sql } from './base';
import { CombinedExpression, type Operator } from './combined';

/** What a length of time can be multiplied with on SQLite. */
const SCALARS: ReadonlySet<string | undefined> = new Set([
  ...['DecimalField', 'DurationField', 'FloatField', 'IntegerField', undefined],
]);

function typeOf(expression: Expression): string | undefined {
  return expression.outputFieldOrNone?.internalType;
}

/** A time and a length of time, or a length of time and a number. */
export class DurationExpression extends CombinedExpression {
  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const { ops } = connection;
    const scales = this.operator === '*' || this.operator === '/';
    const side = (expression: Expression): Sql => {
      const [sql, params] = compiler.compile(expression);
      const isLength = typeOf(expression) === 'DurationField' && !scales;
      return [isLength ? ops.formatForDurationArithmetic(sql) : sql, params];
    };
    const [left, params] = side(this.lhs);
    const [right, more] = side(this.rhs);
    return [`(${ops.combineDurationExpression(this.operator, left, right)})`, [...params, ...more]];
  }

  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const scales = this.operator === '*' || this.operator === '/';
    if (scales && !(SCALARS.has(typeOf(this.lhs)) && SCALARS.has(typeOf(this.rhs)))) {
      throw new DatabaseError(`Invalid arguments for operator ${this.operator}.`);
    }
    return this.asSql(compiler, connection);
  }
}

/** The length of time between two days, instants or times of day. */
export class TemporalSubtraction extends CombinedExpression {
  constructor(lhs: Expression, rhs: Expression) {
    super(lhs, '-', rhs, new DurationField());
  }

  override asSql(compiler: Compiler, connection: DatabaseWrapper): Sql {
    const type = typeOf(this.lhs) as string;
    return connection.ops.subtractTemporals(type, compiler.compile(this.lhs), compiler.compile(this.rhs));
  }

  override asSqlite(compiler: Compiler, connection: DatabaseWrapper): Sql {
    return this.asSql(compiler, connection);
  }
}

const TIMES: ReadonlySet<string | undefined> = new Set(['DateField', 'DateTimeField', 'TimeField']);

/** How two resolved expressions are calculated with, where one is a time or a length of time. */
export function temporal(
  lhs: Expression,
  operator: Operator,
  rhs: Expression,
  outputField: Field | undefined,
): CombinedExpression | undefined {
  const [left, right] = [typeOf(lhs), typeOf(rhs)];
  if (left !== right && (left === 'DurationField' || right === 'DurationField')) {
    return new DurationExpression(lhs, operator, rhs, outputField);
  }
  return operator === '-' && left === right && TIMES.has(left)
    ? new TemporalSubtraction(lhs, rhs)
    : undefined;
}
