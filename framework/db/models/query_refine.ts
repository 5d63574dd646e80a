/** What narrows, sorts and combines queries: methods that ask nothing. Django: `QuerySet.filter` and its kin. */
import { ValueError } from '../../core/exceptions';
import { typeName } from '../../python';
import type { Model } from './base';
import type { Expression } from './expressions/base';
import type { FetchMode } from './fetch_modes';
import type { ForeignObject } from './fields/related';
import { isExpression, Q } from './q';
import { Rows } from './query_base';
import { combineQueries } from './query_combine';
import { orderQuery } from './query_shape';
import { callOf } from './sql/plan_calls';
import type { Combinator, Query } from './sql/query';
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
 * The part of QuerySet that says which rows, in which order.
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
