/**
 * The rows that an UPDATE or DELETE changes, as a query whose conditions need no other table: where they are found by joins
 * or a slice, they are named by key. Django: `SQLUpdateCompiler.pre_sql_setup`, `SQLDeleteCompiler.as_sql`.
 */
import { type MaybePromise, then } from '../../../../utils/maybe_promise';
import type { DatabaseWrapper } from '../../../backends/base/base';
import { EmptyResultSet } from '../../expressions/base';
import { RawSQL } from '../../expressions/raw';
import { In } from '../../lookups/builtin';
import type { Options } from '../../options';
import type { Query } from '../query';
import { WhereNode } from '../where';
import { SelectCompiler } from './select';

/**
 * The rows of a query; undefined where there are none. MySQL takes no subquery on the table that it changes: for an update
 * the keys are read first, for a deletion the subquery is one of another.
 */
export function ownRows(
  query: Query,
  connection: DatabaseWrapper,
  isUpdate: boolean,
): MaybePromise<Query | undefined> {
  const plain = ownRowsAtOnce(query, connection);
  if (plain !== undefined) return plain;
  const compiler = new SelectCompiler(keysOf(query), connection, true);
  let sql: readonly [string, readonly unknown[]];
  try {
    sql = compiler.asSql();
  } catch (error) {
    if (error instanceof EmptyResultSet) return undefined;
    throw error;
  }
  const { pk, dbTable } = query.model;
  if (!isUpdate) {
    const { ops } = connection;
    const column = `${ops.quoteName(dbTable)}.${ops.quoteName(pk.column)}`;
    const outer = emptyQuery(query);
    outer.where = new WhereNode([new RawSQL(`${column} IN (SELECT * FROM (${sql[0]}) subquery)`, sql[1])]);
    return outer;
  }
  return then(connection.execute(sql[0], sql[1]), ({ rows }) => {
    const column = compiler.selected[0]?.key ?? '';
    const keys = rows.map((row) => pk.fromDb(row[column], connection));
    return keys.length === 0 ? undefined : namedBy(() => keys, query);
  });
}

/** The same, where nothing has to be asked for that. */
export function ownRowsAtOnce(query: Query, connection: DatabaseWrapper): Query | undefined {
  const plain = query.clone();
  plain.getInitialAlias();
  const tables = [...plain.aliasMap.keys()].filter((alias) => (plain.aliasRefcount.get(alias) ?? 0) > 0);
  const simple = tables.length <= 1 && !plain.isSliced && !plain.distinct && !plain.where.containsAggregate;
  if (simple && plain.combinator === undefined && !plain.groupBy) return plain;
  if (connection.vendor === 'mysql') return undefined;
  return namedBy((outer) => keysOf(query).resolveExpression(outer), query);
}

/** The keys of the rows. */
function keysOf(query: Query): Query {
  const keys = query.clone();
  keys.clearOrdering({ force: false });
  keys.clearSelectClause();
  keys.addFields(['pk']);
  return keys;
}

/** The rows that have these keys. */
function namedBy(keys: (outer: Query) => unknown, query: Query): Query {
  const outer = emptyQuery(query);
  const column = outer.column(query.model.pk, outer.getInitialAlias());
  outer.where = new WhereNode([new In(column, keys(outer))]);
  return outer;
}

function emptyQuery(query: Query): Query {
  const outer = new (query.constructor as new (model: Options) => Query)(query.model);
  outer.getInitialAlias();
  return outer;
}
