/** The UPDATE of a whole row by its key, as `save` writes it again and again: its text is made once. */
import type { MaybePromise } from '../../../../utils/maybe_promise';
import type { DatabaseWrapper, QueryResult } from '../../../backends/base/base';
import { EmptyResultSet } from '../../expressions/base';
import type { Field } from '../../fields/base';
import type { Lookup, LookupConstructor } from '../../lookups/base';
import { registryVersion } from '../../lookups/registry';
import type { Query } from '../query';
import { BaseCompiler } from './base';
import { storedValue } from './values';

class RowUpdate {
  readonly lookupsVersion = registryVersion();
  private readonly compiler: BaseCompiler;
  private readonly condition: Lookup;
  private readonly where: string;
  private readonly sql: string;

  /** @throws EmptyResultSet for a key that no row can have. */
  constructor(
    query: Query,
    private readonly fields: readonly Field[],
    connection: DatabaseWrapper,
  ) {
    const { ops } = connection;
    this.compiler = new BaseCompiler(query, connection);
    this.condition = query.where.children[0] as Lookup;
    [this.where] = this.compiler.compile(this.condition);
    const columns = fields.map((field) => `${ops.quoteName(field.column)} = ?`);
    this.sql = `UPDATE ${ops.quoteName(query.model.dbTable)} SET ${columns.join(', ')} WHERE ${this.where}`;
  }

  /** Undefined for a key that needs another text. @throws EmptyResultSet for one that no row can have. */
  run(values: readonly unknown[], key: unknown): MaybePromise<QueryResult> | undefined {
    const { compiler, condition, fields } = this;
    const { connection } = compiler;
    const Equal = condition.constructor as unknown as LookupConstructor;
    const [where, given] = compiler.compile(new Equal(condition.lhs, key));
    if (where !== this.where) return undefined;
    const params = values.map((value, at) => storedValue(fields[at] as Field, value, connection));
    params.push(...given);
    return connection.execute(this.sql, params, 'kept lists');
  }
}

const known = new WeakMap<readonly Field[], WeakMap<DatabaseWrapper, RowUpdate>>();

/**
 * Writes these values of the row with a key; undefined where that has no text of its own.
 *
 * @param query says of one row by its key alone which it is.
 */
export function updateRow(
  query: () => Query,
  fields: readonly Field[],
  values: readonly unknown[],
  key: unknown,
  connection: DatabaseWrapper,
): MaybePromise<QueryResult> | undefined {
  try {
    return statementOf(query, fields, connection).run(values, key);
  } catch (error) {
    if (error instanceof EmptyResultSet) return { rows: [], rowCount: 0 };
    throw error;
  }
}

function statementOf(query: () => Query, fields: readonly Field[], connection: DatabaseWrapper): RowUpdate {
  let all = known.get(fields);
  if (all === undefined) {
    all = new WeakMap();
    known.set(fields, all);
  }
  let statement = all.get(connection);
  if (statement === undefined || statement.lookupsVersion !== registryVersion()) {
    statement = new RowUpdate(query(), fields, connection);
    all.set(connection, statement);
  }
  return statement;
}
