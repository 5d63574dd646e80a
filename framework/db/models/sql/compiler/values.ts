/** Values on their way into columns. Django: what `SQLInsertCompiler` and `SQLUpdateCompiler` do with them. */
import { FieldError, ValueError } from '../../../../core/exceptions';
import { repr } from '../../../../python';
import type { DatabaseWrapper } from '../../../backends/base/base';
import type { Expression, Sql } from '../../expressions/base';
import { Col } from '../../expressions/col';
import { describeExpression } from '../../expressions/describe';
import type { Field } from '../../fields/base';
import { isQuery } from '../../lookups/operands';
import { isExpression } from '../../q';
import type { Query } from '../query';
import type { BaseCompiler } from './base';

/** A value on its way into a column. @throws TypeError for a function. */
export function storedValue(field: Field, value: unknown, connection: DatabaseWrapper): unknown {
  if (typeof value === 'function') {
    throw new TypeError(`Field '${field.name}' expected a value but got a function, ${repr(value)}.`);
  }
  return field.toDb(value, connection);
}

/**
 * An expression that gives a column's value, with its names looked up in a query.
 *
 * @throws FieldError for an aggregate, a window, a name that another table has.
 */
export function resolvedValue(field: Field, value: Expression, query: Query): Expression | Query {
  const resolved: Expression | Query = value.resolveExpression(query, { allowJoins: false, forSave: true });
  if (isQuery(resolved)) return resolved;
  const name = (): string => describeExpression(resolved);
  if (resolved.containsAggregate) {
    throw new FieldError(`Aggregate functions are not allowed in this query (${field.name}=${name()}).`);
  }
  if (resolved.containsOverClause) {
    throw new FieldError(`Window expressions are not allowed in this query (${field.name}=${name()}).`);
  }
  return resolved;
}

/** What a new row gets. @throws ValueError where it refers to a column: there is no row yet. */
export function insertedValue(field: Field, value: Expression, query: Query): Expression | Query {
  const resolved = resolvedValue(field, value, query);
  if (!isQuery(resolved) && refersToColumn(resolved)) {
    throw new ValueError(
      `Failed to insert expression "${describeExpression(resolved)}" on ${field.toString()}. F() expressions can only ` +
        'be used to update, not to insert.',
    );
  }
  return resolved;
}

function refersToColumn(expression: Expression): boolean {
  return expression instanceof Col || expression.getSourceExpressions().some(refersToColumn);
}

/** The SQL of a value. */
export function valueSql(
  compiler: BaseCompiler,
  field: Field,
  value: unknown,
  connection: DatabaseWrapper,
): Sql {
  if (isQuery(value)) return value.asSql(connection);
  if (isExpression(value)) return compiler.compile(value);
  return ['?', [storedValue(field, value, connection)]];
}
