/** Aggregates over a whole query. Django: `Query.get_aggregation`, `AggregateQuery`. */
import { type MaybePromise, then } from '../../../utils/maybe_promise';
import type { DatabaseWrapper } from '../../backends/base/base';
import { EmptyResultSet, type Expression } from '../expressions/base';
import { Col, Ref } from '../expressions/col';
import { checkAlias } from './annotations';
import { BaseCompiler } from './compiler/base';
import { SelectCompiler } from './compiler/select';
import { Query } from './query';
import { overAlias } from './refs';

/** The values of aggregates over the rows of a query. @throws TypeError for what is no aggregate. */
export function getAggregation(
  original: Query,
  expressions: Readonly<Record<string, Expression>>,
  connection: DatabaseWrapper,
): MaybePromise<Record<string, unknown>> {
  if (Object.keys(expressions).length === 0) return {};
  const { sql, params, aggregates } = aggregation(original, expressions, connection);
  if (sql === undefined) return emptyValues(aggregates);
  return then(connection.execute(sql, params), ({ rows: [row] }) =>
    Object.fromEntries(
      [...aggregates].map(([alias, expression]) => {
        const value = row === undefined ? null : row[alias];
        return [alias, expression.convertValue(value, connection)];
      }),
    ),
  );
}

/** The statement that asks for aggregates; without a text where there can be no rows. */
export function aggregation(
  original: Query,
  expressions: Readonly<Record<string, Expression>>,
  connection: DatabaseWrapper,
): {
  readonly sql: string | undefined;
  readonly params: readonly unknown[];
  readonly aggregates: ReadonlyMap<string, Expression>;
} {
  const query = original.clone();
  const aggregates = new Map<string, Expression>();
  const { annotations, annotationMask } = query;
  const refs = new Set<string>();
  for (const [alias, expression] of Object.entries(expressions)) {
    checkAlias(alias);
    const resolved = expression.resolveExpression(query, { allowJoins: true, reuse: null, summarize: true });
    if (!resolved.containsAggregate) throw new TypeError(`${alias} is not an aggregate expression`);
    for (const ref of resolved.getRefs()) if (annotations.has(ref)) refs.add(ref);
    const inlined = resolved.replaceExpressions((part) =>
      part instanceof Ref ? aggregates.get(part.refs) : undefined,
    );
    aggregates.set(alias, inlined);
    query.appendAnnotationMask([alias]);
    query.annotations = new Map([...query.annotations, [alias, inlined]]);
  }
  query.annotations = annotations;
  query.annotationMask = annotationMask;
  const { having, qualify } = query.where.splitHavingQualify(false);
  const grouped = having !== undefined || [...annotations.values()].some((each) => each.containsAggregate);
  const refsCalculated = [...refs].some((name) => {
    const annotation = annotations.get(name);
    return annotation?.containsSubquery || annotation?.containsOverClause;
  });
  const nested =
    Array.isArray(query.groupBy) ||
    query.isSliced ||
    grouped ||
    refsCalculated ||
    qualify !== undefined ||
    query.distinct ||
    query.combinator !== undefined;
  const [sql, params] = nested
    ? nestedSql(query, aggregates, { grouped, qualified: qualify !== undefined }, connection)
    : plainSql(query, aggregates, connection);
  return { sql, params, aggregates };
}

function emptyValues(aggregates: ReadonlyMap<string, Expression>): Record<string, unknown> {
  return Object.fromEntries(
    [...aggregates].map(([alias, expression]) => [alias, expression.emptyResultSetValue ?? null]),
  );
}

type Written = readonly [sql: string | undefined, params: readonly unknown[]];

/** A compiler that asks the database about no rows, too, where what an aggregate makes of them is not known. */
function compilerOf(
  query: Query,
  aggregates: ReadonlyMap<string, Expression>,
  connection: DatabaseWrapper,
  named = false,
): SelectCompiler {
  const compiler = new SelectCompiler(query, connection, named);
  compiler.elidesEmpty = [...aggregates.values()].every((each) => each.emptyResultSetValue !== undefined);
  return compiler;
}

function plainSql(
  query: Query,
  aggregates: ReadonlyMap<string, Expression>,
  connection: DatabaseWrapper,
): Written {
  const { annotations } = query;
  const inline = (part: Expression): Expression | undefined =>
    part instanceof Ref ? (annotations.get(part.refs) ?? undefined) : undefined;
  query.select = [];
  query.selected = undefined;
  query.valuesSelect = [];
  query.defaultCols = false;
  query.selectRelated = false;
  query.groupBy = undefined;
  query.annotations = new Map(
    [...aggregates].map(([alias, each]) => [alias, each.replaceExpressions(inline)]),
  );
  query.setAnnotationMask(undefined);
  query.clearOrdering({ force: true });
  query.lock = undefined;
  try {
    return compilerOf(query, aggregates, connection).asSql();
  } catch (error) {
    if (error instanceof EmptyResultSet) return [undefined, []];
    throw error;
  }
}

function nestedSql(
  query: Query,
  aggregates: ReadonlyMap<string, Expression>,
  { grouped, qualified }: { grouped: boolean; qualified: boolean },
  connection: DatabaseWrapper,
): Written {
  const inner = query.clone();
  inner.subquery = true;
  inner.lock = undefined;
  inner.selectRelated = false;
  inner.setAnnotationMask(query.annotationSelect.keys());
  inner.clearOrdering({ force: false });
  if (!inner.distinct) {
    if (inner.defaultCols && grouped) {
      inner.groupBy = [inner.column(query.model.pk, inner.getInitialAlias())];
    }
    inner.defaultCols = false;
    if (query.combinator === undefined && !qualified) {
      const mask = new Set<string>();
      if (Array.isArray(query.groupBy)) {
        for (const each of query.groupBy as readonly Expression[])
          for (const ref of each.getRefs()) mask.add(ref);
      }
      for (const each of aggregates.values()) for (const ref of each.getRefs()) mask.add(ref);
      for (const [alias, each] of query.annotationSelect)
        if (each.getGroupByCols().length > 0) mask.add(alias);
      inner.setAnnotationMask(mask);
    }
  }
  for (const each of aggregates.values()) {
    for (const ref of each.getRefs()) if (!inner.annotationSelect.has(ref)) throw overAlias(ref);
  }
  const columns = new Map<string, Ref>();
  const outer = new Map<string, Expression>();
  for (const [alias, aggregate] of aggregates) {
    outer.set(
      alias,
      aggregate.replaceExpressions((part) => {
        if (part instanceof Ref) return part;
        if (!(part instanceof Col)) return undefined;
        const key = `${part.alias ?? ''}.${part.target.column}`;
        let ref = columns.get(key);
        if (ref === undefined) {
          const name = `__col${columns.size + 1}`;
          ref = new Ref(name, part);
          columns.set(key, ref);
          inner.addAnnotation(part, name);
        }
        return ref;
      }),
    );
  }
  const selectsNothing =
    inner.select.length === 0 &&
    !inner.defaultCols &&
    (inner.annotationMask?.size ?? inner.annotations.size) === 0;
  if (selectsNothing && inner.combinator === undefined) {
    inner.select = [inner.column(query.model.pk, inner.getInitialAlias())];
  }
  const compiler = compilerOf(inner, aggregates, connection, true);
  const around = new BaseCompiler(new Query(query.model, false), connection);
  const given: unknown[] = [];
  const parts: string[] = [];
  let sql: string;
  let params: readonly unknown[];
  try {
    [sql, params] = compiler.asSql();
    for (const [alias, each] of outer) {
      const [text, own] = around.compile(each);
      given.push(...own);
      parts.push(`${text} AS ${connection.ops.quoteName(alias)}`);
    }
  } catch (error) {
    // As in Django: where nothing is counted for one of them, nobody asks for the others.
    if (!(error instanceof EmptyResultSet)) throw error;
    return [undefined, []];
  }
  return [`SELECT ${parts.join(', ')} FROM (${sql}) subquery`, [...given, ...params]];
}
