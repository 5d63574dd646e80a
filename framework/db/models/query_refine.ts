/** What narrows, sorts and shapes a query: methods that ask nothing. Django: `QuerySet.filter` and its kin. */
import { ValueError } from '../../core/exceptions';
import { typeName } from '../../python';
import type { Model } from './base';
import type { Expression } from './expressions/base';
import type { FetchMode } from './fetch_modes';
import type { ForeignObject } from './fields/related';
import { flatReader, listReader, namedReader, type Reader, valuesReader } from './iterables';
import type { Prefetch, PrefetchLookup } from './prefetch';
import { isExpression, Q } from './q';
import type { QuerySet } from './query';
import { Rows } from './query_base';
import { combineQueries } from './query_combine';
import {
  type Annotated,
  addAnnotations,
  listNames,
  type Named,
  namedValues,
  orderQuery,
  relatedTree,
} from './query_shape';
import { callOf } from './sql/plans';
import type { Combinator, Query } from './sql/query';
import { addDeferredLoading, addImmediateLoading } from './sql/select_mask';
import type * as typing from './typing';

/** A condition that belongs to no model. */
export type Condition = Q | Expression;
/** What Django's `filter` hands to `Q` under names of its own: they are nobody's conditions. */
const INTERNALS = ['_connector', '_negated'] as const;

/** @throws TypeError for conditions under those names: whoever hands the names of a request on would let them choose. */
function refuseInternals(given: readonly unknown[]): void {
  for (const each of given) {
    if (typeof each !== 'object' || each === null || each instanceof Q || isExpression(each)) continue;
    const found = INTERNALS.filter((name) => Object.hasOwn(each, name));
    if (found.length > 0) {
      throw new TypeError(`The following kwargs are invalid: ${found.map((name) => `'${name}'`).join(', ')}`);
    }
  }
}

/** Any query that gives rows like these. */
export type RowsLike<Row> = { readonly query: Query } & PromiseLike<Row[]>;

/** How FOR UPDATE locks. https://docs.djangoproject.com/en/5.2/ref/models/querysets/#select-for-update */
export interface LockOptions {
  /** Fail where a row is locked, instead of waiting. */
  nowait?: boolean;
  /** Leave locked rows out. */
  skipLocked?: boolean;
  /** The relations whose rows are locked: names of `selectRelated`, and `self`. */
  of?: readonly string[];
  /** PostgreSQL: others may still refer to the rows. */
  noKey?: boolean;
}

/**
 * The part of QuerySet that asks nothing.
 * @ts-expect-error see QuerySet */
export abstract class Refinable<out T extends Model, out Row, out A> extends Rows<T, Row, A> {
  /** Only for types: denies what is expected above at once, before the compiler looks at every method for it. */
  declare readonly _refines: (model: T, annotations: A) => void;

  // Narrowing -----------------------------------------------------------------------------------------------

  /** The same query, not asked yet. */
  all(): this {
    return this._chain();
  }

  /** No rows at all, without asking the database. */
  none(): this {
    return this._chain((query) => query.setEmpty());
  }

  /**
   * The rows for which all of this holds: conditions by path and lookup, `Q`, expressions that are true or false.
   *
   * @throws FieldError for a name that leads nowhere; TypeError after a slice.
   * @example `Article.objects.filter({ author__name__startswith: 'A', visits__gt: 10 })`
   */
  filter(...conditions: Condition[]): this;
  filter<const F extends object>(filter: F & typing.Checked<T, F, A> & typing.Suggested<T>): this;
  filter<const F extends object>(
    ...given: [...conditions: Condition[], filter: F & typing.Checked<T, F, A> & typing.Suggested<T>]
  ): this;
  filter(...given: readonly unknown[]): this {
    this._notSupportCombinedQueries('filter');
    return this._filterOrExclude(false, given);
  }

  /** The rows for which not all of this holds. @throws as `filter`. */
  exclude(...conditions: Condition[]): this;
  exclude<const F extends object>(filter: F & typing.Checked<T, F, A> & typing.Suggested<T>): this;
  exclude<const F extends object>(
    ...given: [...conditions: Condition[], filter: F & typing.Checked<T, F, A> & typing.Suggested<T>]
  ): this;
  exclude(...given: readonly unknown[]): this {
    this._notSupportCombinedQueries('exclude');
    return this._filterOrExclude(true, given);
  }

  /** `filter` with what may be a `Q` or an object: how fields hold `limitChoicesTo`. */
  complexFilter(filter: Condition | Readonly<Record<string, unknown>>): this {
    return this._filterOrExclude(false, [filter]);
  }

  _filterOrExclude(negated: boolean, given: readonly unknown[]): this {
    if (given.length > 0 && this._shape.isSliced) {
      throw new TypeError('Cannot filter a query once a slice has been taken.');
    }
    const narrow = (query: Query): void => {
      refuseInternals(given);
      const q =
        given.length === 1 && given[0] instanceof Q
          ? Q.create([given[0]])
          : new Q(...(given as readonly Q[]));
      query.addQ(negated ? q.not() : q);
    };
    if (given.length === 0 && !negated) return this._chain();
    return !negated && given.length === 1 ? this.filtered(given[0], narrow) : this._chain(narrow);
  }

  /** Some of the rows, as Array's `slice` without negative numbers. @throws ValueError for one. */
  slice(start: number, end?: number): this {
    for (const index of end === undefined ? [start] : [start, end]) {
      if (!Number.isInteger(index)) {
        throw new TypeError(`QuerySet indices must be integers or slices, not ${typeName(index)}.`);
      }
      if (index < 0) throw new ValueError('Negative indexing is not supported.');
    }
    const stop = end === undefined ? undefined : Math.max(start, end);
    const next = this._step(callOf('slice', [start, stop]), (query) => query.setLimits(start, stop));
    if (this._resultCache !== undefined) next._resultCache = this._resultCache.slice(start, stop);
    return next;
  }

  /** The rows of both: `&` of Django. @throws TypeError for queries that cannot be put together. */
  and(other: RowsLike<Row>): this {
    return combineQueries(this, other as unknown as this, 'AND', '&');
  }

  /** The rows of one or the other, each once: `|` of Django. */
  or(other: RowsLike<Row>): this {
    return combineQueries(this, other as unknown as this, 'OR', '|');
  }

  /** The rows of one and not of the other: `^` of Django. */
  xor(other: RowsLike<Row>): this {
    return combineQueries(this, other as unknown as this, 'XOR', '^');
  }

  // Order and database --------------------------------------------------------------------------------------

  /** Sorted by these instead of Meta.ordering: paths, `-` for descending, `?` for any order, expressions. */
  orderBy<const P extends string>(...order: (typing.OrderOf<T, A, P> | Expression)[]): this {
    if (this._shape.isSliced) throw new TypeError('Cannot reorder a query once a slice has been taken.');
    return this._step(callOf('orderBy', order), (query) =>
      orderQuery(query, order as readonly unknown[] as readonly string[]),
    );
  }

  /** In the opposite order. */
  reverse(): this {
    if (this._shape.isSliced) throw new TypeError('Cannot reverse a query once a slice has been taken.');
    return this._step('reverse', (query) => {
      query.standardOrdering = !query.standardOrdering;
    });
  }

  /** Each row once; on PostgreSQL with names: the first row of each group of equal values. */
  distinct<const P extends string>(...fields: typing.PathOf<T, A, P>[]): this {
    this._notSupportCombinedQueries('distinct');
    if (this._shape.isSliced)
      throw new TypeError('Cannot create distinct fields once a slice has been taken.');
    return this._step(callOf('distinct', fields), (query) => {
      query.distinct = true;
      query.distinctFields = fields as readonly unknown[] as readonly string[];
    });
  }

  /** On another database of DATABASES. */
  using(alias: string | undefined): this {
    const next = this._chain();
    next._db = alias;
    return next;
  }

  /**
   * Locks the rows until the transaction ends, where the database can.
   *
   * @throws ValueError for both `nowait` and `skipLocked`; TransactionManagementError, when it is awaited, outside of
   * `atomic`; NotSupportedError for what the database has not.
   */
  selectForUpdate(options: LockOptions = {}): this {
    const { nowait = false, skipLocked = false, of = [], noKey = false } = options;
    if (nowait && skipLocked) throw new ValueError('The nowait option cannot be used with skip_locked.');
    const next = this._chain((query) => {
      query.lock = { nowait, skipLocked, of, noKey };
    });
    next._forWrite = true;
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
    const next = this._chain();
    next._fetchMode = mode;
    return next;
  }

  /** In whatever order, where that changes no rows. */
  _unordered(): this {
    return this._step('unordered', (query) => query.clearOrdering());
  }

  /** Rows that refer to these instances have them without asking. Related managers begin with it. */
  _withKnownRelated(field: ForeignObject, instances: readonly Model[]): this {
    const next = this._chain();
    next._knownRelated = [...this._knownRelated, { field, instances }];
    return next;
  }

  // What a row is -------------------------------------------------------------------------------------------

  /**
   * Values for each row, by name. An aggregate is over what is related to the row. An aggregate without a name is called
   * after its field: `book__count`.
   *
   * @throws ValueError for the name of a field; TypeError for what is no expression.
   * @example `Author.objects.annotate({ books: Count('book') })`
   */
  annotate<const E extends Annotated>(
    annotations: E,
  ): NoInfer<QuerySet<T, Row & typing.Annotations<T, E>, A & typing.Annotations<T, E>>>;
  annotate(
    ...annotations: (Expression | Annotated)[]
  ): NoInfer<QuerySet<T, Row & typing.Unnamed, A & typing.Unnamed>>;
  annotate(...annotations: readonly unknown[]): never {
    this._notSupportCombinedQueries('annotate');
    return this._annotate(namedValues<Annotated>(annotations, 'annotate'), true) as never;
  }

  /** Names for expressions, which rows do not get. @throws as `annotate`. */
  alias<const E extends Annotated>(annotations: E): NoInfer<QuerySet<T, Row, A & typing.Annotations<T, E>>>;
  alias(...annotations: (Expression | Annotated)[]): NoInfer<QuerySet<T, Row, A & typing.Unnamed>>;
  alias(...annotations: readonly unknown[]): never {
    this._notSupportCombinedQueries('alias');
    return this._annotate(namedValues<Annotated>(annotations, 'annotate'), false) as never;
  }

  _annotate(annotations: Annotated, select: boolean): this {
    return this._chain((query) => addAnnotations(query, annotations, this._fields, select));
  }

  /**
   * The rows as plain objects of these paths; of all fields, without any. Expressions come last, by name.
   *
   * @example `Article.objects.values('id', 'author__name', { shout: Upper('headline') })`
   */
  values<const P extends string>(
    ...paths: typing.PathOf<T, A, P>[]
  ): NoInfer<QuerySet<T, { [K in P]: typing.ValueAt<T, A, K> }, A>>;
  values<const P extends string, const E extends Named>(
    ...given: [...paths: typing.PathOf<T, A, P>[], expressions: E]
  ): NoInfer<
    QuerySet<
      T,
      { [K in P]: typing.ValueAt<T, A, K> } & typing.Annotations<T, E>,
      A & typing.Annotations<T, E>
    >
  >;
  values(...all: readonly unknown[]): never {
    const given = all as readonly (string | Named)[];
    const names = given.flatMap((each) => (typeof each === 'string' ? [each] : Object.keys(each)));
    const expressions = Object.assign({}, ...given.filter((each) => typeof each !== 'string')) as Named;
    return this._values(names, expressions, valuesReader(names.length === 0)) as never;
  }

  /**
   * The rows as lists of values. `flat: true`: the values of one path alone. `named: true`: lists whose items have names,
   * too.
   *
   * @throws TypeError for both, and for `flat` with several paths.
   * @example `await Article.objects.valuesList('headline', { flat: true })`
   */
  valuesList<const P extends string>(
    path: typing.PathOf<T, A, P>,
    options: { flat: true },
  ): NoInfer<QuerySet<T, typing.ValueAt<T, A, P>, A>>;
  valuesList<const P extends readonly string[]>(
    ...given: [...paths: P, options: { named: true }] &
      [...paths: typing.PathsOf<T, A, P>, options: { named: true }]
  ): NoInfer<
    QuerySet<T, typing.ValuesAt<T, A, P> & { readonly [K in P[number]]: typing.ValueAt<T, A, K> }, A>
  >;
  valuesList<const P extends readonly (string | Expression)[]>(
    ...paths: P & typing.PathsOf<T, A, P>
  ): NoInfer<QuerySet<T, typing.ValuesAt<T, A, P>, A>>;
  valuesList(...given: readonly unknown[]): never {
    const last = given[given.length - 1];
    const isOptions = typeof last === 'object' && last !== null && !isExpression(last);
    const { flat = false, named = false } = (isOptions ? last : {}) as { flat?: boolean; named?: boolean };
    const paths = (isOptions ? given.slice(0, -1) : given) as readonly (string | Expression)[];
    if (flat && named) throw new TypeError("'flat' and 'named' can't be used together.");
    if (flat && paths.length > 1) {
      throw new TypeError("'flat' is not valid when values_list is called with more than one field.");
    }
    const { names, expressions } = listNames(paths);
    return this._values(names, expressions, named ? namedReader : flat ? flatReader : listReader) as never;
  }

  /** `valuesList(path, { flat: true })`. */
  flat<const P extends string>(
    path: typing.PathOf<T, A, P>,
  ): NoInfer<QuerySet<T, typing.ValueAt<T, A, P>, A>> {
    return this._values([path as unknown as string], {}, flatReader) as never;
  }

  private _values(names: readonly string[], expressions: Named, reader: Reader<unknown>): this {
    const annotated = Object.keys(expressions).length > 0 ? this._annotate(expressions, true) : this;
    const next = annotated._step(callOf('values', names), (query) => query.setValues(names));
    next._fields = names;
    next._reader = reader;
    return next;
  }

  /**
   * Loads the rows that these foreign keys refer to, in the same statement; every one that cannot be null, without
   * names; none any more, with null.
   *
   * @throws TypeError after `values`; FieldError, when it is awaited, for what is no such relation.
   */
  selectRelated(nothing: null): this;
  selectRelated<const P extends string>(
    ...paths: typing.Path<T, P>[]
  ): NoInfer<QuerySet<T, Row & typing.Loaded<T, P>, A>>;
  selectRelated(...given: readonly unknown[]): never {
    const paths = given as readonly (string | null)[];
    this._notSupportCombinedQueries('select_related');
    this._notSupportValues('select_related');
    return this._step(callOf('selectRelated', paths), (query) => {
      if (paths[0] === null) query.selectRelated = false;
      else if (paths.length === 0) query.selectRelated = true;
      else query.selectRelated = relatedTree(query.selectRelated, paths as readonly string[]);
    }) as never;
  }

  /**
   * Loads the rows without these fields: each is a promise then, that loads it when somebody waits (see `fetchMode`).
   * Calls add up; with null, all fields are loaded again. A path along `selectRelated` is for the related rows.
   *
   * @throws TypeError after `values`; FieldDoesNotExist, when it is awaited.
   * @example
   * ```ts
   * for (const article of await Article.objects.defer('body')) console.log(article.headline);
   * ```
   */
  defer(nothing: null): this;
  defer<const P extends string>(
    ...paths: typing.Path<T, P>[]
  ): NoInfer<QuerySet<T, typing.Deferred<Row, typing.ColumnOf<T, P>>, A>>;
  defer(...given: readonly unknown[]): never {
    const paths = given as readonly (string | null)[];
    this._notSupportCombinedQueries('defer');
    this._notSupportValues('defer');
    return this._step(callOf('defer', paths), (query) => {
      if (paths[0] === null) query.deferred = [new Set(), true];
      else addDeferredLoading(query, paths as readonly string[]);
    }) as never;
  }

  /**
   * Loads these fields, the key, and no others; the last call counts. What was deferred before stays so.
   *
   * @throws TypeError after `values`; FieldDoesNotExist, when it is awaited.
   */
  only<const P extends string>(
    ...paths: typing.Path<T, P>[]
  ): NoInfer<
    QuerySet<T, typing.Deferred<Row, Exclude<typing.ScalarName<T>, typing.ColumnOf<T, P> | 'id'>>, A>
  >;
  only(...given: readonly unknown[]): never {
    const paths = given as readonly string[];
    this._notSupportCombinedQueries('only');
    this._notSupportValues('only');
    if (given.includes(null)) {
      throw new TypeError('Cannot pass None as an argument to only().');
    }
    if (paths.some((path) => this._shape.filteredRelations.has(path.split('__', 1)[0] as string))) {
      throw new ValueError('only() is not supported with FilteredRelation.');
    }
    return this._step(callOf('only', paths), (query) => addImmediateLoading(query, paths)) as never;
  }

  /**
   * Reads related rows of either side ahead, in one statement a relation, by the names of the properties:
   * `'books__tags'`; a `Prefetch` says which rows and where they go. None any more, with null.
   *
   * @throws ValueError for a filtered relation; when it is awaited AttributeError, ValueError for what is no relation.
   */
  prefetchRelated(nothing: null): this;
  prefetchRelated<const L extends readonly (string | Prefetch)[]>(
    ...lookups: L & typing.PrefetchPaths<Row, L>
  ): NoInfer<QuerySet<T, Row & typing.Prefetched<Row, L>, A>>;
  prefetchRelated(...given: readonly unknown[]): never {
    const lookups = given as readonly (PrefetchLookup | null)[];
    this._notSupportCombinedQueries('prefetch_related');
    const [first] = lookups;
    const wanted = lookups.filter((each): each is PrefetchLookup => each !== null);
    for (const each of wanted) {
      const path = typeof each === 'string' ? each : each.prefetchTo;
      if (this._shape.filteredRelations.has(path.split('__', 1)[0] as string)) {
        throw new ValueError('prefetch_related() is not supported with FilteredRelation.');
      }
    }
    const next = this._chain();
    next._prefetchRelatedLookups = first === null ? [] : [...this._prefetchRelatedLookups, ...wanted];
    return next as never;
  }

  // Several queries -----------------------------------------------------------------------------------------

  /** The rows of this one and of others, each once; with `{ all: true }` behind them with repetitions. */
  union(...others: readonly (RowsLike<Row> | { all: boolean })[]): this {
    const queries = others.filter((each): each is RowsLike<Row> => 'query' in each);
    const all = others.some((each) => 'all' in each && each.all === true);
    if (this.query.isEmpty) {
      const [first, ...rest] = queries.filter(({ query }) => !query.isEmpty) as unknown as this[];
      if (first === undefined) return this;
      return rest.length === 0 ? first : first.combined('union', rest, all);
    }
    return queries.length === 0 ? this : this.combined('union', queries, all);
  }

  /** The rows that are in all. */
  intersection(...others: readonly RowsLike<Row>[]): this {
    if (this.query.isEmpty) return this;
    const empty = others.find(({ query }) => query.isEmpty);
    return empty === undefined ? this.combined('intersection', others, false) : (empty as unknown as this);
  }

  /** The rows that are in no other. */
  difference(...others: readonly RowsLike<Row>[]): this {
    return this.query.isEmpty ? this : this.combined('difference', others, false);
  }

  private combined(combinator: Combinator, others: readonly { query: Query }[], all: boolean): this {
    return this._chain((query) => {
      query.clearOrdering({ force: true });
      query.clearLimits();
      query.combinedQueries = [this.query.clone(), ...others.map((other) => other.query.clone())];
      query.combinator = combinator;
      query.combinatorAll = all;
    });
  }
}
