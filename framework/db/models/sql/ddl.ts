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
import { IndexWrapper } from '../expressions/index_wrapper';
import { OrderBy } from '../expressions/order_by';
import type { Field } from '../fields/base';
import { CollateFunction } from '../functions/comparison';
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

/** A parameter whose type PostgreSQL has to be told; a text or a number that is written has its own. */
const TYPED_PARAMETER = /\?::(?:text|integer)\b(?!\[)/g;

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
      return inlineParameters(sql.replace(TYPED_PARAMETER, '?'), params, connection);
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

/** The words that stand behind an indexed expression; undefined for what is no such. */
function wordsOf(expression: Expression, connection: DatabaseWrapper): string | undefined {
  if (expression instanceof OrderBy) {
    const nulls = expression.nullsFirst ? ' NULLS FIRST' : expression.nullsLast ? ' NULLS LAST' : '';
    return `${expression.descending ? 'DESC' : 'ASC'}${connection.vendor === 'mysql' ? '' : nulls}`;
  }
  if (expression instanceof IndexWrapper) return expression.indexSql;
  if (expression instanceof CollateFunction && connection.vendor !== 'mysql') {
    return `COLLATE ${connection.ops.quoteName(expression.collation)}`;
  }
  return undefined;
}

const rank = (expression: Expression): number =>
  expression instanceof OrderBy ? 2 : expression instanceof IndexWrapper ? 1 : 0;

/** An expression that is indexed: in brackets unless it is a column, its direction behind it. */
export function indexDefinition(
  model: Options,
  expression: Expression,
  connection: DatabaseWrapper,
): Definition {
  const query = new Query(model, false);
  const resolved = expression.resolveExpression(query, { allowJoins: false });
  return definitionOf(resolved, query, connection, (compiler, current) => {
    const wrappers: Expression[] = [];
    let root = current;
    while (wordsOf(root, connection) !== undefined) {
      wrappers.push(root);
      [root] = root.getSourceExpressions() as [Expression];
    }
    refuseWrappers(wrappers, root, connection);
    const [sql, params] = compiler.compile(root);
    const words = wrappers
      .sort((one, other) => rank(one) - rank(other))
      .map((each) => ` ${wordsOf(each, connection) ?? ''}`)
      .join('');
    return [`${root instanceof Col ? sql : `(${sql})`}${words}`, params];
  });
}

/** @throws ValueError for words that are there twice, or of a part of the expression. */
function refuseWrappers(
  wrappers: readonly Expression[],
  root: Expression,
  connection: DatabaseWrapper,
): void {
  const names = { sqlite: 'OrderBy, Collate', postgresql: 'OrderBy, OpClass, Collate', mysql: 'OrderBy' };
  if (new Set(wrappers.map(rank)).size < wrappers.length) {
    throw new ValueError(
      `Multiple references to ${names[connection.vendor]} can't be used in an indexed expression.`,
    );
  }
  if (root.getSourceExpressions().some((part) => wordsOf(part, connection) !== undefined)) {
    throw new ValueError(`${names[connection.vendor]} must be topmost expressions in an indexed expression.`);
  }
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
