/**
 * Conditions and expressions within the definition of a table: columns without their table, values written out. Django:
 * `Index.create_sql`, `CheckConstraint._get_check_sql`.
 */
import { ValueError } from '../../../core/exceptions';
import { PyFloat } from '../../../python/types';
import type { DatabaseWrapper } from '../../backends/base/base';
import { inlineParameters } from '../../backends/scripts';
import { EmptyResultSet, type Expression, FullResultSet, type Sql } from '../expressions/base';
import { Col } from '../expressions/col';
import { OrderBy } from '../expressions/order_by';
import type { Field } from '../fields/base';
import type { Options } from '../options';
import { Q } from '../q';
import { BaseCompiler } from './compiler/base';
import { Query } from './query';
import { columnsOf } from './refs';

/** A part of a definition; it can be written again when columns have other names. */
export interface Definition {
  /** The columns that it names. */
  readonly columns: readonly string[];
  /** The text, with the columns under the names that they have now. */
  sql(renamed?: ReadonlyMap<string, string>): string;
}

/** A column under another name. */
class RenamedCol extends Col {
  constructor(
    col: Col,
    private readonly column: string,
  ) {
    super(undefined, col.target, col.relationTarget);
  }

  override asSql(_compiler: unknown, connection: DatabaseWrapper): Sql {
    return [connection.ops.quoteName(this.column), []];
  }
}

/**
 * A connection to which nothing is sent: what is written into the text has the type that it is written in. PostgreSQL's
 * parameters would need to be told theirs; a FloatField's whole number is written as a float.
 */
function writing(connection: DatabaseWrapper): DatabaseWrapper {
  const ops = Object.assign(Object.create(connection.ops) as DatabaseWrapper['ops'], {
    valuePlaceholder: () => '?',
    lookupValue: (field: Field, value: unknown) => floated(field, connection.ops.lookupValue(field, value)),
  });
  return Object.assign(Object.create(connection) as DatabaseWrapper, { ops });
}

function floated(field: Field, value: unknown): unknown {
  return field.internalType === 'FloatField' && typeof value === 'number' ? new PyFloat(value) : value;
}

function definitionOf(
  resolved: Expression,
  query: Query,
  connection: DatabaseWrapper,
  write: (compiler: BaseCompiler, expression: Expression) => Sql,
): Definition {
  const columns = [...new Set([...columnsOf(resolved)].map((col) => col.target.column))];
  return {
    columns,
    sql(renamed = new Map()) {
      const current = resolved.replaceExpressions((part) => {
        const name = part instanceof Col ? renamed.get(part.target.column) : undefined;
        return name === undefined ? undefined : new RenamedCol(part as Col, name);
      });
      const [sql, params] = write(new BaseCompiler(query, writing(connection)), current);
      return inlineParameters(sql, params, connection);
    },
  };
}

/** A condition on the rows of one table. @throws FieldError for one that names other tables. */
export function conditionDefinition(
  model: Options,
  condition: Q | Expression,
  connection: DatabaseWrapper,
): Definition {
  const query = new Query(model, false);
  const where = query.resolveCondition(condition instanceof Q ? condition : new Q(condition), {
    allowJoins: false,
  });
  return definitionOf(where, query, connection, (compiler, expression) => {
    try {
      return compiler.compile(expression);
    } catch (error) {
      // A table has no query that could be left out: the condition is written as what it comes to.
      if (error instanceof FullResultSet) return ['1 = 1', []];
      if (error instanceof EmptyResultSet) return ['0 = 1', []];
      throw error;
    }
  });
}

/** An expression that is indexed: in brackets unless it is a column, its direction behind it. */
export function indexDefinition(
  model: Options,
  expression: Expression,
  connection: DatabaseWrapper,
): Definition {
  const query = new Query(model, false);
  const resolved = expression.resolveExpression(query, { allowJoins: false });
  return definitionOf(resolved, query, connection, (compiler, current) => {
    if (!(current instanceof OrderBy)) return indexed(compiler, current);
    const [sql, params] = indexed(compiler, current.expression);
    const nulls = current.nullsFirst ? ' NULLS FIRST' : current.nullsLast ? ' NULLS LAST' : '';
    return [
      `${sql} ${current.descending ? 'DESC' : 'ASC'}${connection.vendor === 'mysql' ? '' : nulls}`,
      params,
    ];
  });
}

function indexed(compiler: BaseCompiler, expression: Expression): Sql {
  if (
    expression instanceof OrderBy ||
    expression.getSourceExpressions().some((part) => part instanceof OrderBy)
  ) {
    throw new ValueError('OrderBy must be topmost expressions in an indexed expression.');
  }
  const [sql, params] = compiler.compile(expression);
  if (expression instanceof Col) return [sql, params];
  return [`(${sql})`, params];
}

/** An expression by itself, for a column's default or what it is generated by. */
export function expressionDefinition(
  model: Options,
  expression: Expression,
  connection: DatabaseWrapper,
): Definition {
  const query = new Query(model, false);
  const resolved = expression.resolveExpression(query, { allowJoins: false });
  return definitionOf(resolved, query, connection, (compiler, current) => compiler.compile(current));
}
