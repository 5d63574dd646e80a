/** Statements that are kept: their text is that of the first time, their parameters are those of their conditions. */
import type { DatabaseWrapper } from '../../backends/base/base';
import { Count } from '../aggregates/general';
import type { Compilable, Expression } from '../expressions/base';
import { zoneReads } from '../functions/zones';
import type { Lookup } from '../lookups/base';
import { aggregation } from './aggregate';
import { SelectCompiler } from './compiler/select';
import { callOfNamed } from './plan_calls';
import type { Query } from './query';

/** How many rows `get` fetches to say how many there are. */
export const MAX_GET_RESULTS = 21;

/** A statement as it is written for a query; without a text where there can be no rows. */
export interface Written {
  readonly compiler: SelectCompiler;
  readonly sql: string | undefined;
  readonly params: readonly unknown[];
}

/** What is asked of the rows of a chain. */
export interface Question {
  /** Says all of it. */
  readonly text: string;
  write(query: Query, connection: DatabaseWrapper): Written;
}

function selected(query: Query, connection: DatabaseWrapper, named = true): Written {
  const compiler = new SelectCompiler(query, connection, named);
  const [sql, params] = compiler.asSql();
  return { compiler, sql, params };
}

function aggregated(
  query: Query,
  aggregates: Readonly<Record<string, Expression>>,
  connection: DatabaseWrapper,
): Written {
  const { sql, params, aggregates: resolved } = aggregation(query, aggregates, connection);
  const compiler = new SelectCompiler(query, connection);
  for (const [alias, each] of resolved) compiler.add(each, alias, alias);
  return { compiler, sql, params };
}

export const ROWS: Question = { text: 'rows', write: selected };

/** Only how the rows would be asked for. */
export const TEXT: Question = {
  text: 'text',
  write: (query, connection) => selected(query, connection, false),
};

export const GET: Question = {
  text: 'get',
  write(query, connection) {
    limitToFew(query);
    return selected(query, connection);
  },
};

export const EXISTS: Question = {
  text: 'exists',
  write: (query, connection) => selected(query.exists(), connection),
};

export const COUNT: Question = {
  text: 'count',
  write: (query, connection) => aggregated(query, { n: Count('*') }, connection),
};

/** Aggregates over the rows; undefined where there are none, or one is more than names of fields. */
export function aggregatesOf(aggregates: Readonly<Record<string, Expression>>): Question | undefined {
  const text = callOfNamed('aggregate', aggregates);
  if (text === undefined || Object.keys(aggregates).length === 0) return undefined;
  return { text, write: (query, connection) => aggregated(query, aggregates, connection) };
}

/** So many rows, in whatever order, as tell whether there is one. */
export function limitToFew(query: Query): void {
  if (query.isSliced) return;
  if (query.distinctFields.length === 0) query.clearOrdering();
  query.setLimits(0, MAX_GET_RESULTS);
}

/** A statement that was written once. */
export class Statement {
  /** Whether it ran before: it is worth keeping at the server. */
  returns = false;

  private constructor(
    readonly compiler: SelectCompiler,
    readonly sql: string,
    /** What each condition was written as. */
    private readonly texts: readonly string[],
    /** In which order their parameters are. */
    private readonly order: readonly number[],
  ) {}

  /**
   * Writes it; undefined where its parameters are not those of its parts and of the conditions behind them, or where more
   * than these depends on a time zone.
   *
   * @param parts what comes before the conditions and has parameters.
   */
  static of(
    write: () => Written,
    conditions: readonly Lookup[],
    parts: readonly Compilable[] = [],
  ): Statement | undefined {
    const before = zoneReads();
    const { compiler, sql, params } = write();
    if (sql === undefined) return undefined;
    const reads = zoneReads();
    const compiled = [...parts, ...conditions].map((each) => compiler.compile(each));
    if (reads - before !== zoneReads() - reads) return undefined;
    // What is said of groups stands behind what is said of rows.
    const isOfGroups = [...parts.map(() => false), ...conditions.map((each) => each.containsAggregate)];
    const order = [...isOfGroups.keys()].sort((one, other) => +!!isOfGroups[one] - +!!isOfGroups[other]);
    const own = order.flatMap((at) => [...(compiled[at] as readonly [string, readonly unknown[]])[1]]);
    if (own.length !== params.length || own.some((each, at) => !Object.is(each, params[at])))
      return undefined;
    return new Statement(
      compiler,
      sql,
      compiled.map(([text]) => text),
      order,
    );
  }

  /** The parameters of other parts and conditions; undefined where they are written otherwise. @throws EmptyResultSet. */
  params(conditions: readonly Compilable[]): unknown[] | undefined {
    const { compiler, texts, order } = this;
    const params: unknown[] = [];
    for (const at of order) {
      const [text, given] = compiler.compile(conditions[at] as Compilable);
      if (text !== texts[at]) return undefined;
      for (const each of given) params.push(each);
    }
    return params;
  }
}
