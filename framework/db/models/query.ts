/**
 * Queries that run when they are awaited. Django: `django.db.models.query`;
 * https://docs.djangoproject.com/en/5.2/ref/models/querysets/
 */
import { ValueError } from '../../core/exceptions';
import { type MaybePromise, promised } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import { connections } from '../connections';
import { NotSupportedError } from '../errors';
import { Count } from './aggregates';
import type { Model, ModelClass } from './base';
import { classOf } from './classes';
import { deleteRows } from './delete';
import type { Deleted } from './deletion';
import type { Expression } from './expressions/base';
import { FETCH_PEERS, type FetchMode } from './fetch_modes';
import type { ForeignKey } from './fields/related';
import { FilteredRelation } from './filtered_relation';
import {
  fetchRows,
  flatReader,
  type KnownRelated,
  listReader,
  modelReader,
  type Reader,
  valuesReader,
} from './iterables';
import type { LookupName } from './lookups';
import type { HandedOn, ManagerClassOf } from './manager';
import { isExpression, Q } from './q';
import * as writes from './query_write';
import { getAggregation } from './sql/aggregate';
import { setGroupBy } from './sql/annotations';
import { findNamed } from './sql/names';
import { type Combinator, Query, type RelatedTree } from './sql/query';
import type * as typing from './typing';

export type { FieldName } from './typing';

/** Conditions on a model's fields: `{ headline: 'x', pubDate__gte: date }`. */
export type Filter<T> = { [K in typing.FieldName<T>]?: T[K] | null } & {
  [K in `${typing.FieldName<T>}__${LookupName}`]?: unknown;
} & { pk?: unknown; pk__in?: Iterable<unknown> };

/** A field's name; a leading hyphen means descending. */
export type Ordering<T> = typing.FieldName<T> | `-${typing.FieldName<T>}` | 'pk' | '-pk';

/** A condition that belongs to no model. */
export type Condition = Q | Expression;
type Named = Readonly<Record<string, Expression>>;
/** What `annotate` takes. */
type Annotated = Readonly<Record<string, Expression | FilteredRelation>>;
// biome-ignore lint/complexity/noBannedTypes: no annotations.
type None = {};

/** How many rows `get` fetches to say how many there are. */
const MAX_GET_RESULTS = 21;

/**
 * A set of rows that are not read yet. `await` it, or iterate with `for await`.
 *
 * @typeParam T the model, against which paths are resolved.
 * @typeParam Row what iterating gives.
 * @typeParam A what `annotate` added.
 */
export class QuerySet<T extends Model, Row = T, A = None> implements PromiseLike<Row[]> {
  /** Only for types: what annotations there are. */
  declare readonly annotations: (annotations: A) => A;
  private data: Query | undefined;
  private reader: Reader<unknown> | undefined;
  private database: string | undefined;
  private mode: FetchMode = FETCH_PEERS;
  private known: KnownRelated | undefined;

  constructor(
    protected readonly cls: ModelClass,
    query?: Query,
  ) {
    this.data = query;
  }

  /** The model whose rows these are. */
  get model(): ModelClass {
    return this.cls;
  }

  /** What is asked, as data. */
  get query(): Query {
    this.data ??= new Query(this.cls._meta);
    return this.data;
  }

  /** The alias of the database that is asked; undefined: the default one. */
  get db(): string | undefined {
    return this.database;
  }

  /** This query as an operand of another. */
  resolveExpression(...args: Parameters<Query['resolveExpression']>): Query {
    return this.query.resolveExpression(...args);
  }

  /** The statement as the default database would get it, with its parameters beside. */
  toSql(): readonly [sql: string, params: readonly unknown[]] {
    return this.query.clone().asSql(this.connection());
  }

  // Narrowing -----------------------------------------------------------------------------------------------

  all(): this {
    return this.chained(() => undefined);
  }

  /** No rows at all, without asking the database. */
  none(): this {
    return this.chained((query) => query.setEmpty());
  }

  /** The rows for which all of this holds. */
  filter(filter: Filter<T>): this;
  filter(...conditions: Condition[]): this;
  filter<const F extends object>(filter: F & typing.Checked<T, F, A>): this;
  filter(...given: readonly unknown[]): this {
    return this.narrowed(given, false);
  }

  /** The rows for which not all of this holds. */
  exclude(filter: Filter<T>): this;
  exclude(...conditions: Condition[]): this;
  exclude<const F extends object>(filter: F & typing.Checked<T, F, A>): this;
  exclude(...given: readonly unknown[]): this {
    return this.narrowed(given, true);
  }

  private narrowed(given: readonly unknown[], negated: boolean): this {
    if (given.length > 0 && this.query.isSliced) {
      throw new TypeError('Cannot filter a query once a slice has been taken.');
    }
    if (this.query.combinator !== undefined)
      throw unsupportedAfter(negated ? 'exclude' : 'filter', this.query);
    const q = conditionOf(given);
    return this.chained((query) => query.addQ(negated ? q.not() : q));
  }

  /** Sorted by these fields instead of Meta.ordering. */
  orderBy<const P extends string>(...order: (typing.OrderOf<T, A, P> | Expression)[]): this {
    if (this.query.isSliced) throw new TypeError('Cannot reorder a query once a slice has been taken.');
    return this.chained((query) => {
      query.clearOrdering({ force: true, clearDefault: false });
      if (order.length === 0) query.defaultOrdering = false;
      for (const each of order) if (!isExpression(each)) checkOrdering(query, each);
      query.orderBy = order;
    });
  }

  reverse(): this {
    if (this.query.isSliced) throw new TypeError('Cannot reverse a query once a slice has been taken.');
    return this.chained((query) => {
      query.standardOrdering = !query.standardOrdering;
    });
  }

  /** Each row once; on PostgreSQL with names: the first row of each group of equal values. */
  distinct<const P extends string>(...fields: typing.PathOf<T, A, P>[]): this {
    if (this.query.isSliced) {
      throw new TypeError('Cannot create distinct fields once a slice has been taken.');
    }
    return this.chained((query) => {
      query.distinct = true;
      query.distinctFields = fields;
    });
  }

  /** Some of the rows, as Array's `slice` without negative numbers. @throws ValueError for one. */
  slice(start: number, end?: number): this {
    for (const index of end === undefined ? [start] : [start, end]) {
      if (!Number.isInteger(index)) throw new TypeError('QuerySet indices must be integers.');
      if (index < 0) throw new ValueError('Negative indexing is not supported.');
    }
    return this.chained((query) =>
      query.setLimits(start, end === undefined ? undefined : Math.max(start, end)),
    );
  }

  /** On another database of DATABASES. */
  using(alias: string | undefined): this {
    const next = this.chained(() => undefined);
    next.database = alias;
    return next;
  }

  /**
   * How related rows and deferred fields that were not loaded are loaded when somebody waits for them: for all rows of
   * this query at once (FETCH_PEERS, the default), for one row (FETCH_ONE), not at all (FETCH_RAISE).
   *
   * @example
   * ```ts
   * const books = await Book.objects.fetchMode(models.FETCH_RAISE);
   * await books[0].author; // FieldFetchBlocked: Fetching of Book.author blocked.
   * ```
   */
  fetchMode(mode: FetchMode): this {
    const next = this.chained(() => undefined);
    next.mode = mode;
    return next;
  }

  /** Rows that refer to these instances have them without asking. Related managers begin with it. */
  _withKnownRelated(field: ForeignKey, instances: readonly Model[]): this {
    const next = this.chained(() => undefined);
    next.known = { field, instances };
    return next;
  }

  // What a row is -------------------------------------------------------------------------------------------

  /** Values for each row, by name. An aggregate is over what is related to the row. */
  annotate<const E extends Annotated>(
    annotations: E,
  ): QuerySet<T, Row & typing.Annotations<T, E>, A & typing.Annotations<T, E>> {
    return this.annotated(annotations, true) as never;
  }

  /** Names for expressions, which rows do not get. */
  alias<const E extends Annotated>(annotations: E): QuerySet<T, Row, A & typing.Annotations<T, E>> {
    return this.annotated(annotations, false) as never;
  }

  private annotated(annotations: Annotated, select: boolean): QuerySet<T, Row, A> {
    const { _meta: meta } = this.cls;
    const taken = this.query.selected === undefined ? meta : undefined;
    return this.chained((query) => {
      for (const [name, expression] of Object.entries(annotations)) {
        if (!isExpression(expression) && !(expression instanceof FilteredRelation)) {
          throw new TypeError(
            `QuerySet.${select ? 'annotate' : 'alias'}() received non-expression(s): ${String(expression)}.`,
          );
        }
        if (taken !== undefined && findNamed(taken, name) !== undefined) {
          throw new ValueError(`The annotation '${name}' conflicts with a field on the model.`);
        }
        if (expression instanceof FilteredRelation) query.addFilteredRelation(expression, name);
        else query.addAnnotation(expression, name, select);
      }
      for (const name of Object.keys(annotations)) {
        if (!query.annotations.get(name)?.containsAggregate) continue;
        if (query.selected === undefined && query.select.length === 0) query.groupBy = true;
        else setGroupBy(query);
        break;
      }
    });
  }

  /** The rows as plain objects of these paths; of all fields, without any. */
  values<const P extends string>(
    ...paths: typing.PathOf<T, A, P>[]
  ): QuerySet<T, { [K in P]: typing.ValueAt<T, A, K> }, A> {
    return this.valued(paths, valuesReader(paths.length === 0)) as never;
  }

  /** The rows as lists of values. */
  valuesList<const P extends readonly string[]>(
    paths: P & { readonly [I in keyof P]: typing.PathOf<T, A, P[I] & string> },
  ): QuerySet<T, { -readonly [I in keyof P]: typing.ValueAt<T, A, P[I] & string> }, A> {
    return this.valued(paths, listReader) as never;
  }

  /** The values of one path. */
  flat<const P extends string>(path: typing.PathOf<T, A, P>): QuerySet<T, typing.ValueAt<T, A, P>, A> {
    return this.valued([path], flatReader) as never;
  }

  private valued(paths: readonly string[], reader: Reader<unknown>): QuerySet<T, unknown, A> {
    const next = this.chained((query) => query.setValues(paths));
    next.reader = reader;
    return next as QuerySet<T, unknown, A>;
  }

  /** Loads the rows that these foreign keys refer to, in the same statement. */
  selectRelated<const P extends string>(
    ...paths: typing.Path<T, P>[]
  ): QuerySet<T, Row & typing.Loaded<T, P>, A> {
    if (this.reader !== undefined) {
      throw new TypeError('Cannot call select_related() after .values() or .values_list()');
    }
    return this.chained((query) => {
      query.selectRelated = paths.length === 0 ? true : relatedTree(query.selectRelated, paths);
    }) as never;
  }

  /** The rows of this one and of others, without or (`all`) with repetitions. */
  union(others: readonly QuerySet<never, Row, never>[], options: { all?: boolean } = {}): this {
    return this.combined('union', others, options.all ?? false);
  }

  /** The rows that are in all. */
  intersection(...others: readonly QuerySet<never, Row, never>[]): this {
    return this.combined('intersection', others, false);
  }

  /** The rows that are in no other. */
  difference(...others: readonly QuerySet<never, Row, never>[]): this {
    return this.combined('difference', others, false);
  }

  private combined(combinator: Combinator, others: readonly { query: Query }[], all: boolean): this {
    return this.chained((query) => {
      const own = this.query.clone();
      query.clearOrdering({ force: true });
      query.lowMark = 0;
      query.highMark = undefined;
      query.combinedQueries = [own, ...others.map((other) => other.query.clone())];
      query.combinator = combinator;
      query.combinatorAll = all;
    });
  }

  // Reading -------------------------------------------------------------------------------------------------

  // biome-ignore lint/suspicious/noThenProperty: awaiting a query runs it, as iterating does in Django.
  then<R = Row[], E = never>(
    done?: ((rows: Row[]) => R | PromiseLike<R>) | null,
    failed?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return inStep(() => this.fetch()).then(done, failed);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row> {
    yield* await this.fetch();
  }

  /** The rows, now or promised. */
  fetch(): MaybePromise<Row[]> {
    if (this.query.isEmpty) return [];
    const reader = this.reader ?? modelReader(this.cls, classOf, { mode: this.mode, known: this.known });
    return fetchRows(this.query, this.connection(), reader as Reader<Row>);
  }

  /**
   * The one row for which this holds.
   *
   * @throws the model's DoesNotExist, MultipleObjectsReturned.
   */
  get(filter?: Filter<T>): Promise<Row>;
  get(...conditions: Condition[]): Promise<Row>;
  get<const F extends object>(filter: F & typing.Checked<T, F, A>): Promise<Row>;
  async get(...given: readonly unknown[]): Promise<Row> {
    const narrowed = this.narrowed(
      given.filter((each) => each !== undefined),
      false,
    );
    const { query } = narrowed;
    if (!query.isSliced || query.lowMark === 0) query.clearOrdering({});
    if (query.combinator === undefined && !query.isSliced) query.setLimits(0, MAX_GET_RESULTS);
    const rows = await narrowed.fetch();
    if (rows.length === 1) return rows[0] as Row;
    if (rows.length === 0) throw new this.cls.DoesNotExist(`${this.cls.name} matching query does not exist.`);
    const count = rows.length < MAX_GET_RESULTS ? rows.length : `more than ${MAX_GET_RESULTS - 1}`;
    throw new this.cls.MultipleObjectsReturned(
      `get() returned more than one ${this.cls.name} -- it returned ${count}!`,
    );
  }

  /** The first row, by primary key unless sorted; null if there is none. */
  async first(): Promise<Row | null> {
    return (await this.sorted().slice(0, 1).fetch())[0] ?? null;
  }

  /** The last row. */
  async last(): Promise<Row | null> {
    return (await this.sorted().reverse().slice(0, 1).fetch())[0] ?? null;
  }

  private sorted(): this {
    return this.query.isOrdered ? this : this.orderBy('pk' as never);
  }

  async count(): Promise<number> {
    if (this.query.isEmpty) return 0;
    const { n } = await getAggregation(this.query, { n: Count('*') }, this.connection());
    return n as number;
  }

  async exists(): Promise<boolean> {
    if (this.query.isEmpty) return false;
    return (await fetchRows(this.query.exists(), this.connection(), () => () => true)).length > 0;
  }

  /** Aggregates over all rows, by name. */
  async aggregate<const E extends Named>(aggregates: E): Promise<typing.Annotations<T, E>> {
    return (await getAggregation(this.query, aggregates, this.connection())) as typing.Annotations<T, E>;
  }

  // Writing -------------------------------------------------------------------------------------------------

  /** Makes a row. */
  create(values: Partial<T>): Promise<T> {
    return promised(() => writes.create(this, values));
  }

  /** The row for which this holds, or a new one of it and the defaults; the second says whether it is new. */
  getOrCreate(filter: Partial<T>, defaults: Partial<T> = {}): Promise<[T, created: boolean]> {
    return writes.getOrCreate(this as unknown as QuerySet<T>, filter, defaults);
  }

  /** Changes the row for which this holds, or makes it; the second says whether it is new. */
  updateOrCreate(filter: Partial<T>, defaults: Partial<T> = {}): Promise<[T, created: boolean]> {
    return writes.updateOrCreate(this as unknown as QuerySet<T>, filter, defaults);
  }

  /** Changes all the rows in one statement; says how many matched. */
  update(values: Partial<T>): Promise<number>;
  update<const U extends object>(values: U & typing.UpdateValues<T, U>): Promise<number>;
  update(values: object): Promise<number> {
    return promised(() => writes.update(this, values as Readonly<Record<string, unknown>>));
  }

  /**
   * Deletes the rows, and what refers to them as its fields' `onDelete` says: all in one transaction.
   *
   * @returns how many rows are gone, and how many of each model: `[3, { 'blog.Post': 1, 'blog.Comment': 2 }]`.
   * @throws TypeError for a slice, rows of values, distinct fields; ProtectedError, RestrictedError where a field says so.
   */
  async delete(): Promise<Deleted> {
    return deleteRows(
      this.chained(() => undefined),
      this.connection(),
      this,
      this.reader !== undefined,
    );
  }

  // Building ------------------------------------------------------------------------------------------------

  /** A manager whose queries are of this class: `static override readonly objects = ArticleQuerySet.asManager()`. */
  static asManager<Q extends Record<HandedOn, unknown>>(
    this: new (
      ...args: never[]
    ) => Q,
  ): InstanceType<ManagerClassOf<Q>> {
    const { Manager } = require('./manager') as typeof import('./manager');
    return new (Manager.fromQueryset(this))() as InstanceType<ManagerClassOf<Q>>;
  }

  /** The database that is asked. */
  connection(): DatabaseWrapper {
    return connections.get(this.database);
  }

  private chained(change: (query: Query) => void): this {
    const query = this.query.chain();
    change(query);
    const next = new (this.constructor as typeof QuerySet<T, Row, A>)(this.cls, query);
    next.reader = this.reader;
    next.database = this.database;
    next.mode = this.mode;
    next.known = this.known;
    return next as this;
  }
}

/** What `filter` was given, as one condition. */
function conditionOf(given: readonly unknown[]): Q {
  if (given.length === 1 && given[0] instanceof Q) return Q.create([given[0]]);
  return new Q(...(given as readonly Q[]));
}

/** @throws FieldError for what no row can be sorted by. */
function checkOrdering(query: Query, item: string): void {
  const name = item.replace(/^[-+]/, '');
  if (item === '?' || query.annotations.has(name) || query.combinator !== undefined) return;
  query.clone().resolveRef(name);
}

function relatedTree(before: boolean | RelatedTree, paths: readonly string[]): RelatedTree {
  const tree: RelatedTree = typeof before === 'object' ? structuredClone(before) : Object.create(null);
  for (const path of paths) {
    let at = tree;
    for (const part of path.split('__')) {
      at[part] ??= Object.create(null) as RelatedTree;
      at = at[part] as RelatedTree;
    }
  }
  return tree;
}

function unsupportedAfter(method: string, query: Query): NotSupportedError {
  return new NotSupportedError(`Calling QuerySet.${method}() after ${query.combinator}() is not supported.`);
}

/**
 * A step of its own: whoever awaits the rows calls `then` from no function, and an error would name no line of the
 * site. From within an asynchronous function, the engine finds who waits for it.
 */
async function inStep<V>(work: () => V): Promise<Awaited<V>> {
  await undefined;
  return await work();
}
