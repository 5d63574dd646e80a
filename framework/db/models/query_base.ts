/** What a query keeps, and how it is evaluated. Django: `QuerySet._fetch_all`, `_chain`. */
import type { MaybePromise } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import { connections } from '../connections';
import { NotSupportedError } from '../errors';
import { router } from '../router';
import type { Model, ModelClass } from './base';
import { classOf } from './classes';
import { FETCH_PEERS, type FetchMode } from './fetch_modes';
import { fetchPlanned, fetchRows, type Reader } from './iterables';
import { LazyRows } from './lazy_rows';
import { type KnownRelated, modelReader } from './model_rows';
import { callOfFilter } from './sql/plan_calls';
import { type Question, ROWS, TEXT } from './sql/plan_statements';
import type { NewValues } from './sql/plan_updates';
import { type Chain, chainOf, type Planned } from './sql/plans';
import { Query } from './sql/query';

/** What routers are told of a query. */
export type Hints = Readonly<Record<string, unknown>>;

/**
 * The rows of a query. Nothing is asked before somebody awaits or iterates them; then they are kept. Members that begin
 * with `_` are for the framework.
 */
export abstract class Rows<out T extends Model, out Row, out A> extends LazyRows<Row> {
  /** Only for types: what annotations there are. */
  declare readonly _annotations: A;

  /** How a row is read; undefined: as an instance. */
  _reader: Reader<unknown> | undefined;
  /** The names given to `values`; undefined: rows are instances. */
  _fields: readonly string[] | undefined;
  _fetchMode: FetchMode = FETCH_PEERS;
  /** Instances that the rows refer to. */
  _knownRelated: readonly KnownRelated[] = [];
  _forWrite = false;
  /** Whether the next `filter` is one with the last. */
  _stickyFilter = false;
  private given: Query | undefined;
  /** Makes what is asked, of rows that are there before anybody asks. */
  private unasked: (() => this) | undefined;
  /** What is asked, where it is a chain that came before. */
  private planned: Chain | undefined;

  constructor(
    /** The model whose rows these are. */
    readonly model: ModelClass<T>,
    query?: Query,
    /** The database, where one was named. */
    public _db?: string,
    public _hints: Hints = {},
  ) {
    super();
    this.given = query;
  }

  /** What is asked, as data. */
  get query(): Query {
    if (this.unasked !== undefined) {
      const { query, _knownRelated: known } = this.unasked();
      this.given = query;
      this._knownRelated = known;
      this.unasked = undefined;
    }
    this.given ??= this.planned?.query ?? new Query(this.model._meta);
    this.planned = undefined;
    return this.given;
  }

  /** What is asked, to look at everything but its conditions. */
  get _shape(): Query {
    return this.chain?.shape ?? this.query;
  }

  /** What is asked, as a chain that may have a plan. */
  private get chain(): Chain | undefined {
    if (this.planned !== undefined) return this.planned;
    return this.given === undefined && this.unasked === undefined ? chainOf(this.model._meta) : undefined;
  }

  /** The alias of the database that is asked: the one that was named, or the one that the routers say. */
  get db(): string {
    if (this._db !== undefined) return this._db;
    const { model, _hints: hints } = this;
    return this._forWrite ? router.dbForWrite(model, hints) : router.dbForRead(model, hints);
  }

  /** The database that is asked. */
  connection(): DatabaseWrapper {
    return connections.get(this.db);
  }

  // Evaluation ----------------------------------------------------------------------------------------------

  protected _read(): MaybePromise<Row[]> {
    const planned = this._fetchPlanned(ROWS);
    if (planned !== undefined) return planned;
    if (this.query.isEmpty) return [];
    return fetchRows(this.query, this.connection(), this._rowReader());
  }

  /** Reads what is asked of the rows of a chain that came before; undefined where there is no plan for that. */
  _fetchPlanned<R = Row>(
    question: Question,
    reader: Reader<unknown> = this._rowReader(),
  ): MaybePromise<R[]> | undefined {
    const { chain } = this;
    return chain && fetchPlanned(chain, question, this.connection(), reader as Reader<R>);
  }

  /** The statement of a chain that came before. @throws EmptyResultSet where there can be no rows. */
  protected plannedText(): readonly [sql: string, params: readonly unknown[]] | undefined {
    const planned = this.chain?.statement(TEXT, this.connection());
    return planned && [planned.sql, planned.params];
  }

  /** The statement that writes new values into the rows of a chain that came before. @throws EmptyResultSet. */
  _plannedUpdate(values: NewValues, connection: DatabaseWrapper): Planned | undefined {
    return this.chain?.update(values, connection);
  }

  /** Gives a new query its rows. How they would have been asked for is found out when somebody narrows them. */
  _withRows(rows: readonly Row[], asked: () => this): this {
    this._resultCache = rows as Row[];
    this.unasked = asked;
    return this;
  }

  /** Finds out how a row is read. */
  _rowReader(): Reader<Row> {
    const { _reader: reader, _fetchMode: mode, _knownRelated: known } = this;
    return (reader ?? modelReader(this.model, classOf, { mode, known })) as Reader<Row>;
  }

  // Chaining ------------------------------------------------------------------------------------------------

  /** A copy for the next call, changed. */
  _chain(change?: (query: Query) => void): this {
    const { chain } = this;
    if (chain !== undefined && change === undefined && !this._stickyFilter) return this.planCopy(chain);
    const query = chain?.next ?? this.query.chain();
    if (this._stickyFilter) query.filterIsSticky = true;
    change?.(query);
    return this.copyFor(query);
  }

  /** The same for a call that comes to the same each time: `call` says all of it. What it came to before is not found out again. */
  _step(call: string | undefined, change: (query: Query) => void): this {
    const { chain } = this;
    if (chain === undefined || call === undefined || this._stickyFilter) return this._chain(change);
    const known = chain.after(call);
    if (known !== undefined) return this.planCopy(known);
    const next = this._chain(change);
    chain.learn(call, next.query);
    return next;
  }

  /** The same for a filter by values. */
  protected filtered(filter: unknown, change: (query: Query) => void): this {
    const { chain } = this;
    const call = chain && callOfFilter(filter, this._stickyFilter);
    if (chain === undefined || call === undefined) return this._chain(change);
    const known = chain.filtered(call, filter as Record<string, unknown>);
    if (known !== undefined) return this.planCopy(known);
    const next = this._chain(change);
    chain.learn(call, next.query, Object.keys(filter as object));
    return next;
  }

  private planCopy(chain: Chain): this {
    const next = this.copyFor(undefined);
    next.planned = chain;
    return next;
  }

  private copyFor(query: Query | undefined): this {
    const Class = this.constructor as new (
      model: ModelClass<T>,
      query: Query | undefined,
      using?: string,
      hints?: Hints,
    ) => this;
    const next = new Class(this.model, query, this._db, this._hints);
    next._reader = this._reader;
    next._fields = this._fields;
    next._fetchMode = this._fetchMode;
    next._knownRelated = this._knownRelated;
    next._forWrite = this._forWrite;
    next._prefetchRelatedLookups = this._prefetchRelatedLookups;
    return next;
  }

  /** Whether any order is given for the rows. */
  get ordered(): boolean {
    return this._shape.isEmpty || this._shape.isOrdered;
  }

  /** @throws NotSupportedError for rows that were put together of several queries. */
  _notSupportCombinedQueries(method: string): void {
    // Nothing was put together of several that has a plan.
    const combinator = this.given?.combinator;
    if (combinator === undefined) return;
    throw new NotSupportedError(`Calling QuerySet.${method}() after ${combinator}() is not supported.`);
  }

  /** @throws TypeError where rows are no instances. */
  _notSupportValues(method: string): void {
    if (this._fields === undefined) return;
    throw new TypeError(`Cannot call ${method}() after .values() or .values_list()`);
  }
}
