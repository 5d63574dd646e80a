/**
 * Chains of calls that come again and again with other values: the joins, the lookups and the text of the statement are
 * those of the first time. What a value means is left to its lookup each time, so that a plan knows nothing of types;
 * whatever else a call may be given (conditions, expressions, rows, null) has no plan.
 *
 * Plans are a tree: what a chain comes to after a call hangs on what it came to before it, under a text that says which
 * call it is and all that it was given but the values of a filter.
 */
import type { DatabaseWrapper } from '../../backends/base/base';
import { Count } from '../aggregates/general';
import { zoneReads } from '../functions/zones';
import { Lookup, type LookupConstructor } from '../lookups/base';
import { registryVersion } from '../lookups/registry';
import type { Options } from '../options';
import { aggregation } from './aggregate';
import { SelectCompiler } from './compiler/select';
import { AND } from './constants';
import { Query } from './query';
import { WhereNode } from './where';

/** So many calls of a model's chains are kept: with one more all begin anew. */
const MOST = 500;
/** How many rows `get` fetches to say how many there are. */
export const MAX_GET_RESULTS = 21;

/** What is asked of the rows of a chain; `text`: only how it would be asked. */
export type Question = 'rows' | 'get' | 'exists' | 'count' | 'text';

/** A statement with its parameters. */
export interface Planned {
  readonly compiler: SelectCompiler;
  readonly sql: string;
  readonly params: readonly unknown[];
  /** Whether it came before: it is worth keeping at the server. */
  readonly returns: boolean;
}

/** A statement whose parameters are those of its conditions, in their order. */
interface Statement extends Pick<Planned, 'compiler' | 'sql'> {
  /** What each condition was written as. */
  readonly texts: readonly string[];
  returns: boolean;
}

type Written = readonly [compiler: SelectCompiler, sql: string | undefined, params: readonly unknown[]];

const selected = (query: Query, connection: DatabaseWrapper, named = true): Written => {
  const compiler = new SelectCompiler(query, connection, named);
  return [compiler, ...compiler.asSql()];
};

const QUESTIONS: Readonly<Record<Question, (query: Query, connection: DatabaseWrapper) => Written>> = {
  rows: selected,
  text: (query, connection) => selected(query, connection, false),
  get: (query, connection) => {
    limitToFew(query);
    return selected(query, connection);
  },
  exists: (query, connection) => selected(query.exists(), connection),
  count: (query, connection) => {
    const { sql, params } = aggregation(query, { n: Count('*') }, connection);
    const compiler = new SelectCompiler(query, connection);
    compiler.add(Count('*'), 'n', 'n');
    return [compiler, sql, params];
  },
};

/** So many rows, in whatever order, as tell whether there is one. */
export function limitToFew(query: Query): void {
  if (query.isSliced) return;
  if (query.distinctFields.length === 0) query.clearOrdering();
  query.setLimits(0, MAX_GET_RESULTS);
}

/** What there are plans of: for as long as the models and the lookups are the same. */
class Root {
  private readonly modelsVersion: number | undefined;
  private readonly lookupsVersion = registryVersion();
  readonly chain: Chain;
  size = 0;

  constructor(readonly model: Options) {
    this.modelsVersion = model.registry.version;
    this.chain = new Chain(new Plan(this, new Query(model), []), []);
  }

  get isCurrent(): boolean {
    return (
      this.size <= MOST &&
      this.modelsVersion === this.model.registry.version &&
      this.lookupsVersion === registryVersion()
    );
  }
}

/** What a chain came to. */
class Plan {
  /** By the next call; null: that has no plan. */
  private readonly calls = new Map<string, Plan | null>();
  private readonly statements = new WeakMap<DatabaseWrapper, Map<Question, Statement | undefined>>();

  constructor(
    private readonly root: Root,
    /** The query without its conditions. */
    readonly template: Query,
    readonly lookups: readonly Lookup[],
  ) {}

  /** What it comes to with another call; null where that has no plan, undefined where it did not come before. */
  after(call: string): Plan | null | undefined {
    return this.calls.get(call);
  }

  /**
   * Keeps what it came to with another call: the conditions that were there, and `more` of the call, where it will come to
   * that each time.
   */
  learn(call: string, query: Query, before: readonly Lookup[], more: number): void {
    this.root.size += 1;
    this.calls.set(call, this.learned(query, before, more));
  }

  private learned(query: Query, before: readonly Lookup[], more: number): Plan | null {
    const { connector, negated, children } = query.where;
    if (connector !== AND || negated || children.length !== before.length + more) return null;
    if (!before.every((each, at) => each === children[at])) return null;
    if (!children.every((child): child is Lookup => child instanceof Lookup)) return null;
    const template = query.clone();
    template.where = new WhereNode();
    return new Plan(this.root, template, children);
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
    if (known === undefined && all.has(question)) return undefined;
    let params = known && paramsOf(known, conditions);
    if (known === undefined || params === undefined) {
      // The first time, or a list of another length: the last one is the likeliest to come again.
      known = this.compiled(question, conditions, connection);
      all.set(question, known);
      params = known && paramsOf(known, conditions);
      if (known === undefined || params === undefined) return undefined;
    }
    const { compiler, sql, returns } = known;
    known.returns = true;
    return { compiler, sql, params, returns };
  }

  /** The statement, where its parameters are those of the conditions, and no more than these depends on a time zone. */
  private compiled(
    question: Question,
    conditions: readonly Lookup[],
    connection: DatabaseWrapper,
  ): Statement | undefined {
    const before = zoneReads();
    const [compiler, sql, params] = QUESTIONS[question](
      within(this.template.clone(), conditions),
      connection,
    );
    if (sql === undefined) return undefined;
    const reads = zoneReads();
    const parts = conditions.map((each) => compiler.compile(each));
    if (reads - before !== zoneReads() - reads) return undefined;
    const own = parts.flatMap(([, given]) => [...given]);
    if (own.length !== params.length || own.some((each, at) => !Object.is(each, params[at])))
      return undefined;
    return { compiler, sql, texts: parts.map(([text]) => text), returns: false };
  }
}

/** The parameters of these conditions; undefined where they are written otherwise. @throws EmptyResultSet. */
function paramsOf({ compiler, texts }: Statement, conditions: readonly Lookup[]): unknown[] | undefined {
  const params: unknown[] = [];
  for (let at = 0; at < texts.length; at++) {
    const [text, given] = compiler.compile(conditions[at] as Lookup);
    if (text !== texts[at]) return undefined;
    for (const each of given) params.push(each);
  }
  return params;
}

/** Gives a query its conditions. */
function within(query: Query, conditions: readonly Lookup[]): Query {
  query.where = new WhereNode([...conditions]);
  return query;
}

/** A chain with its values. */
export class Chain {
  constructor(
    private readonly plan: Plan,
    private readonly conditions: readonly Lookup[],
  ) {}

  /** What is asked but for its conditions, to look at. */
  get shape(): Query {
    return this.plan.template;
  }

  /** The query, for whoever asks something else of it. */
  get query(): Query {
    return within(this.plan.template.clone(), this.conditions);
  }

  /** The same for the next call. */
  get next(): Query {
    return within(this.plan.template.chain(), this.conditions);
  }

  /** The chain with a call behind it; undefined where there is no plan for that. */
  after(call: string): Chain | undefined {
    const next = this.plan.after(call);
    return next ? new Chain(next, this.conditions) : undefined;
  }

  /** The chain with a filter behind it. @throws as `filter`. */
  filtered(call: string, filter: object): Chain | undefined {
    const next = this.plan.after(call);
    if (!next) return undefined;
    const conditions = this.conditions.slice();
    for (const value of Object.values(filter)) {
      const known = next.lookups[conditions.length] as Lookup;
      conditions.push(new (known.constructor as unknown as LookupConstructor)(known.lhs, value));
    }
    return new Chain(next, conditions);
  }

  /** Keeps what the chain came to with a call, whose filter has so many values. */
  learn(call: string, query: Query, values = 0): void {
    if (this.plan.after(call) === undefined) this.plan.learn(call, query, this.conditions, values);
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

const roots = new WeakMap<Options, Root>();

/** The chain that begins with all rows of a model. */
export function chainOf(model: Options): Chain {
  let root = roots.get(model);
  if (!root?.isCurrent) {
    root = new Root(model);
    roots.set(model, root);
  }
  return root.chain;
}

/** A call as a text; undefined where it was given more than names and numbers. */
export function callOf(method: string, given: readonly unknown[]): string | undefined {
  let call = method;
  for (const each of given) {
    if (typeof each === 'string') call += ` ${each.length}s${each}`;
    else if (typeof each === 'number') call += ` ${each}`;
    else if (each === undefined) call += ' u';
    else return undefined;
  }
  return call;
}

/** The names and the kinds of values of a filter; undefined for one that is more than values by name. */
export function callOfFilter(filter: unknown, sticky = false): string | undefined {
  if (typeof filter !== 'object' || filter === null) return undefined;
  if (Object.getPrototypeOf(filter) !== Object.prototype) return undefined;
  let call = sticky ? 'sticky filter ' : 'filter ';
  for (const [name, value] of Object.entries(filter)) {
    const kind = kindOf(value);
    if (kind === undefined) return undefined;
    // The length tells where a name ends, whatever is in it.
    call += `${name.length}${kind}${name}`;
  }
  return call;
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
