/**
 * Chains of calls that come again and again with other values: the joins, the lookups and the text of the statement are
 * those of the first time. What a value means is left to its lookup each time, so that a plan knows nothing of types;
 * whatever else a call may be given (conditions, expressions, rows, null) has no plan.
 *
 * Plans are a tree: what a chain comes to after a call hangs on what it came to before it, under a text that says which
 * call it is and all that it was given but the values of a filter.
 */
import type { DatabaseWrapper } from '../../backends/base/base';
import type { Compilable, Expression } from '../expressions/base';
import { Lookup, type LookupConstructor } from '../lookups/base';
import { registryVersion } from '../lookups/registry';
import type { Options } from '../options';
import { inOrder } from '../q';
import type { SelectCompiler } from './compiler/select';
import { AND } from './constants';
import { type Question, Statement, type Written } from './plan_statements';
import { callOfUpdate, type NewValues, writtenUpdate } from './plan_updates';
import { Query } from './query';
import { WhereNode } from './where';

/** So many calls of a model's chains are kept: with one more all begin anew. */
const MOST = 500;
const NO_PARTS: readonly Compilable[] = [];

/** A statement with its parameters. */
export interface Planned {
  readonly compiler: SelectCompiler;
  readonly sql: string;
  readonly params: readonly unknown[];
  /** Whether it came before: it is worth keeping at the server. */
  readonly returns: boolean;
}

/** What there are plans of: for as long as the models and the lookups are the same. */
class Root {
  private readonly modelsVersion: number | undefined;
  private readonly lookupsVersion = registryVersion();
  readonly chain: Chain;
  size = 0;

  constructor(readonly model: Options) {
    this.modelsVersion = model.registry.version;
    this.chain = new Chain(new Plan(this, new Query(model), [], []), []);
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
  private readonly statements = new WeakMap<DatabaseWrapper, Map<string, Statement | undefined>>();

  constructor(
    private readonly root: Root,
    /** The query without its conditions. */
    readonly template: Query,
    readonly lookups: readonly Lookup[],
    /** The names of the last filter, in the order of its conditions. */
    readonly names: readonly string[],
  ) {}

  /** What it comes to with another call; null where that has no plan, undefined where it did not come before. */
  after(call: string): Plan | null | undefined {
    return this.calls.get(call);
  }

  /**
   * Keeps what it came to with another call: the conditions that were there, and those of these names of the call, where it
   * will come to that each time.
   */
  learn(call: string, query: Query, before: readonly Lookup[], names: readonly string[]): void {
    this.root.size += 1;
    this.calls.set(call, this.learned(query, before, names));
  }

  private learned(query: Query, before: readonly Lookup[], names: readonly string[]): Plan | null {
    const { connector, negated, children } = query.where;
    if (connector !== AND || negated || children.length !== before.length + names.length) return null;
    if (!before.every((each, at) => each === children[at])) return null;
    if (!children.every(isPlain)) return null;
    const template = query.clone();
    template.where = new WhereNode();
    return new Plan(this.root, template, children, inOrder(names));
  }

  /** @throws EmptyResultSet where there can be no rows. */
  statement(
    question: Question,
    conditions: readonly Lookup[],
    connection: DatabaseWrapper,
  ): Planned | undefined {
    const write = (): Written => question.write(within(this.template.clone(), conditions), connection);
    return this.run(question.text, write, { parts: NO_PARTS, conditions }, connection);
  }

  /** The statement that writes new values into the rows. @throws EmptyResultSet. */
  update(values: NewValues, conditions: readonly Lookup[], connection: DatabaseWrapper): Planned | undefined {
    const call = callOfUpdate(values, this.template);
    if (call === undefined) return undefined;
    const write = (): Written => writtenUpdate(within(this.template.clone(), conditions), values, connection);
    return this.run(call.text, write, { parts: call.parts, conditions }, connection);
  }

  private run(
    text: string,
    write: () => Written,
    { parts, conditions }: { parts: readonly Compilable[]; conditions: readonly Lookup[] },
    connection: DatabaseWrapper,
  ): Planned | undefined {
    let all = this.statements.get(connection);
    if (all === undefined) {
      all = new Map();
      this.statements.set(connection, all);
    }
    const given = parts.length === 0 ? conditions : [...parts, ...conditions];
    let known = all.get(text);
    if (known === undefined && all.has(text)) return undefined;
    let params = known?.params(given);
    if (known === undefined || params === undefined) {
      // The first time, or a list of another length: the last one is the likeliest to come again.
      if (known === undefined) this.root.size += 1;
      known = Statement.of(write, conditions, parts);
      all.set(text, known);
      params = known?.params(given);
      if (known === undefined || params === undefined) return undefined;
    }
    const { compiler, sql, returns } = known;
    known.returns = true;
    return { compiler, sql, params, returns };
  }
}

/** Whether it can be made again of another value. */
function isPlain(condition: Expression): condition is Lookup {
  return condition instanceof Lookup && !condition.containsOverClause;
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
  filtered(call: string, filter: Readonly<Record<string, unknown>>): Chain | undefined {
    const next = this.plan.after(call);
    if (!next) return undefined;
    const conditions = this.conditions.slice();
    for (const name of next.names) {
      const known = next.lookups[conditions.length] as Lookup;
      conditions.push(new (known.constructor as unknown as LookupConstructor)(known.lhs, filter[name]));
    }
    return new Chain(next, conditions);
  }

  /** Keeps what the chain came to with a call, whose filter has these names. */
  learn(call: string, query: Query, names: readonly string[] = []): void {
    if (this.plan.after(call) === undefined) this.plan.learn(call, query, this.conditions, names);
  }

  /**
   * The statement; undefined where these values need another one.
   *
   * @throws EmptyResultSet where there can be no rows.
   */
  statement(question: Question, connection: DatabaseWrapper): Planned | undefined {
    return this.plan.statement(question, this.conditions, connection);
  }

  /**
   * The statement that writes new values into the rows; undefined where there is no plan for that.
   *
   * @throws EmptyResultSet where there can be no rows.
   */
  update(values: NewValues, connection: DatabaseWrapper): Planned | undefined {
    return this.plan.update(values, this.conditions, connection);
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
