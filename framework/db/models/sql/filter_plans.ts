/**
 * Filters by values, as they come again and again with other values: the joins, the lookups and the text of the statement
 * are those of the first time. What a value means is left to its lookup each time, so that a plan knows nothing of types;
 * whatever else a filter may have (conditions, expressions, rows, null) has no plan.
 */
import type { DatabaseWrapper } from '../../backends/base/base';
import { Lookup, type LookupConstructor } from '../lookups/base';
import { registryVersion } from '../lookups/registry';
import type { Options } from '../options';
import { SelectCompiler } from './compiler/select';
import { AND } from './constants';
import type { Query } from './query';
import { WhereNode } from './where';

/** So many filters of a model are kept: the oldest goes. */
const MOST = 200;
/** How many rows `get` fetches to say how many there are. */
export const MAX_GET_RESULTS = 21;

/** What is asked of the rows of a filter. */
export type Question = 'rows' | 'get' | 'exists';

const QUESTIONS: Readonly<Record<Question, (query: Query) => Query>> = {
  rows: (query) => query,
  get: (query) => {
    query.clearOrdering();
    query.setLimits(0, MAX_GET_RESULTS);
    return query;
  },
  exists: (query) => query.exists(),
};

/** A statement whose parameters are those of its conditions, in their order. */
interface Statement {
  readonly compiler: SelectCompiler;
  readonly sql: string;
  /** What each condition was written as. */
  readonly texts: readonly string[];
}

/** A statement with its parameters. */
export interface Planned {
  readonly compiler: SelectCompiler;
  readonly sql: string;
  readonly params: readonly unknown[];
}

/** What a filter came to. */
class FilterPlan {
  private readonly modelsVersion: number | undefined;
  private readonly lookupsVersion = registryVersion();
  private readonly statements = new WeakMap<DatabaseWrapper, Map<Question, Statement | undefined>>();

  constructor(
    private readonly template: Query,
    private readonly lookups: readonly Lookup[],
    private readonly model: Options,
  ) {
    this.modelsVersion = model.registry.version;
  }

  /** Whether there are still the same models and lookups. */
  get isCurrent(): boolean {
    return this.modelsVersion === this.model.registry.version && this.lookupsVersion === registryVersion();
  }

  /** The same lookups of other values. @throws as the lookups. */
  conditions(values: readonly unknown[]): readonly Lookup[] {
    return this.lookups.map(
      (each, at) => new (each.constructor as unknown as LookupConstructor)(each.lhs, values[at]),
    );
  }

  query(conditions: readonly Lookup[]): Query {
    const query = this.template.clone();
    query.where = new WhereNode([...conditions]);
    return query;
  }

  statement(
    question: Question,
    conditions: readonly Lookup[],
    connection: DatabaseWrapper,
  ): Planned | undefined {
    let all = this.statements.get(connection);
    if (all === undefined) {
      all = new Map();
      this.statements.set(connection, all);
    }
    let known = all.get(question);
    if (known === undefined) {
      if (all.has(question)) return undefined;
      known = this.compiled(question, conditions, connection);
      all.set(question, known);
      if (known === undefined) return undefined;
    }
    const { compiler, sql, texts } = known;
    const params: unknown[] = [];
    for (let at = 0; at < texts.length; at++) {
      const [text, given] = compiler.compile(conditions[at] as Lookup);
      if (text !== texts[at]) return undefined;
      for (const each of given) params.push(each);
    }
    return { compiler, sql, params };
  }

  /** The statement, where its parameters are those of the conditions and nothing else. */
  private compiled(
    question: Question,
    conditions: readonly Lookup[],
    connection: DatabaseWrapper,
  ): Statement | undefined {
    const compiler = new SelectCompiler(QUESTIONS[question](this.query(conditions)), connection, true);
    const [sql, params] = compiler.asSql();
    const parts = conditions.map((each) => compiler.compile(each));
    const own = parts.flatMap(([, given]) => [...given]);
    if (own.length !== params.length || own.some((each, at) => !Object.is(each, params[at])))
      return undefined;
    return { compiler, sql, texts: parts.map(([text]) => text) };
  }
}

/** A filter with its values. */
export class PlannedFilter {
  constructor(
    private readonly plan: FilterPlan,
    private readonly conditions: readonly Lookup[],
  ) {}

  /** The query, for whoever asks something else of it. */
  get query(): Query {
    return this.plan.query(this.conditions);
  }

  /**
   * The statement; undefined where these values need another one.
   *
   * @throws EmptyResultSet where there can be no rows.
   */
  statement(question: Question, connection: DatabaseWrapper): Planned | undefined {
    return this.plan.statement(question, this.conditions, connection);
  }
}

const plans = new WeakMap<Options, Map<string, FilterPlan>>();

/** A filter that came before, with its values now; undefined where none did. @throws as `filter`. */
export function plannedFilter(model: Options, filter: unknown): PlannedFilter | undefined {
  const known = plans.get(model);
  if (known === undefined) return undefined;
  const shape = shapeOf(filter);
  const plan = shape === undefined ? undefined : known.get(shape);
  if (!plan?.isCurrent) return undefined;
  return new PlannedFilter(plan, plan.conditions(Object.values(filter as object)));
}

/** Keeps what a filter of a new query came to, where it will come to that each time. */
export function rememberFilter(model: Options, filter: unknown, query: Query): void {
  const shape = shapeOf(filter);
  if (shape === undefined) return;
  const { connector, negated, children } = query.where;
  const values = Object.values(filter as object);
  if (connector !== AND || negated || children.length !== values.length) return;
  if (!children.every((child): child is Lookup => child instanceof Lookup)) return;
  const known = plans.get(model) ?? new Map<string, FilterPlan>();
  plans.set(model, known);
  const template = query.clone();
  template.where = new WhereNode();
  known.set(shape, new FilterPlan(template, children, model));
  if (known.size > MOST) known.delete(known.keys().next().value as string);
}

/** The names and the kinds of values of a filter; undefined for one that is more than values by name. */
function shapeOf(filter: unknown): string | undefined {
  if (typeof filter !== 'object' || filter === null) return undefined;
  if (Object.getPrototypeOf(filter) !== Object.prototype) return undefined;
  let shape = '';
  for (const [name, value] of Object.entries(filter)) {
    const kind = kindOf(value);
    if (kind === undefined) return undefined;
    // The length tells where a name ends, whatever is in it.
    shape += `${name.length}${kind}${name}`;
  }
  return shape;
}

function kindOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'number':
      return 'n';
    case 'string':
      return 's';
    case 'bigint':
      return 'i';
    case 'boolean':
      // It decides which join `isnull` needs.
      return value ? 't' : 'f';
    default:
      if (value instanceof Date) return 'd';
      return Array.isArray(value) && value.every(isPlain) ? 'a' : undefined;
  }
}

function isPlain(value: unknown): boolean {
  return typeof value === 'number' || typeof value === 'string' || typeof value === 'bigint';
}
