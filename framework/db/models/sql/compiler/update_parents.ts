/** An UPDATE of columns that several tables have: a child's and its parents'. Django: `UpdateQuery.related_updates`. */
import { type MaybePromise, then } from '../../../../utils/maybe_promise';
import type { DatabaseWrapper } from '../../../backends/base/base';
import { EmptyResultSet } from '../../expressions/base';
import type { Field } from '../../fields/base';
import { In } from '../../lookups/builtin';
import type { Options } from '../../options';
import { Query } from '../query';
import { WhereNode } from '../where';
import { SelectCompiler } from './select';
import { updateRows } from './update';

type Values = readonly (readonly [Field, unknown])[];

/** Updates the rows of a query in each table that has one of the fields; says how many rows matched. */
export function updateInTables(
  query: Query,
  values: Values,
  connection: DatabaseWrapper,
): MaybePromise<number> {
  const own = query.model.concreteModel;
  const tables = new Map<Options, [Field, unknown][]>();
  for (const [field, value] of values) {
    const model = field.model.concreteModel;
    tables.set(model, [...(tables.get(model) ?? []), [field, value]]);
  }
  if (tables.size === 0 || (tables.size === 1 && tables.has(own)))
    return updateRows(query, values, connection);
  const models = [...new Set([own, ...tables.keys()])];
  // What is changed may be what the rows are found by: they are found once.
  return then(keysOf(query, models, connection), (keys) => {
    let matched: MaybePromise<number> = 0;
    models.forEach((model, at) => {
      const given = tables.get(model);
      const ids = keys.map((row) => row[at]);
      if (given === undefined || ids.length === 0) return;
      matched = then(matched, (before) =>
        then(updateRows(byKey(model, ids), given, connection), (count) => before || count),
      );
    });
    return matched;
  });
}

/** The rows' keys in each of the tables. */
function keysOf(
  query: Query,
  models: readonly Options[],
  connection: DatabaseWrapper,
): MaybePromise<unknown[][]> {
  const inner = query.clone();
  inner.clearOrdering({ force: false });
  inner.clearSelectClause();
  inner.addFields(models.map(({ pk }) => pk.name));
  const compiler = new SelectCompiler(inner, connection, true);
  let sql: readonly [string, readonly unknown[]];
  try {
    sql = compiler.asSql();
  } catch (error) {
    if (error instanceof EmptyResultSet) return [];
    throw error;
  }
  return then(connection.execute(sql[0], sql[1]), ({ rows }) =>
    rows.map((row) =>
      models.map(({ pk }, at) => pk.fromDb(row[compiler.selected[at]?.key ?? ''], connection)),
    ),
  );
}

function byKey(model: Options, keys: readonly unknown[]): Query {
  const query = new Query(model);
  query.where = new WhereNode([new In(query.column(model.pk, query.getInitialAlias()), keys)]);
  return query;
}
