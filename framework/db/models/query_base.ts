/** What a query keeps, and how it is evaluated. Django: `QuerySet._fetch_all`, `_chain`. */
import type { MaybePromise } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import { connections } from '../connections';
import { NotSupportedError } from '../errors';
import { router } from '../router';
import type { Model, ModelClass } from './base';
import { classOf } from './classes';
import { FETCH_PEERS, type FetchMode } from './fetch_modes';
import { fetchPlanned, fetchRows, type KnownRelated, modelReader, type Reader } from './iterables';
import { LazyRows } from './lazy_rows';
import { type PlannedFilter, plannedFilter, type Question, rememberFilter } from './sql/filter_plans';
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
  /** What is asked, where it is a filter that came before. */
  private planned: PlannedFilter | undefined;

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

  /** What is asked, where that is not all rows of a new query. */
  protected get begun(): Query | undefined {
    return this.isNew ? undefined : this.query;
  }

  private get isNew(): boolean {
    return this.given === undefined && this.unasked === undefined && this.planned === undefined;
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
    const planned = this._fetchPlanned('rows');
    if (planned !== undefined) return planned;
    if (this.query.isEmpty) return [];
    return fetchRows(this.query, this.connection(), this._rowReader());
  }

  /** Reads what is asked of the rows of a filter that came before; undefined where there is no plan for that. */
  _fetchPlanned<R = Row>(
    question: Question,
    reader: Reader<unknown> = this._rowReader(),
  ): MaybePromise<R[]> | undefined {
    if (this.planned === undefined) return undefined;
    return fetchPlanned(this.planned, question, this.connection(), reader as Reader<R>);
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
    // A manager's query begins with nothing that could be copied.
    const query = this.begun?.chain() ?? new Query(this.model._meta);
    if (this._stickyFilter) query.filterIsSticky = true;
    change?.(query);
    return this.copyFor(query);
  }

  /** A copy that is filtered by values. What such a filter of a new query came to before, it comes to again. */
  protected filtered(filter: unknown, change: (query: Query) => void): this {
    const isNew = this.isNew && !this._stickyFilter;
    if (!isNew) return this._chain(change);
    const { _meta: meta } = this.model;
    const planned = plannedFilter(meta, filter);
    if (planned === undefined) {
      const next = this._chain(change);
      rememberFilter(meta, filter, next.query);
      return next;
    }
    const next = this.copyFor(undefined);
    next.planned = planned;
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
    return this.query.isEmpty || this.query.isOrdered;
  }

  /** @throws NotSupportedError for rows that were put together of several queries. */
  _notSupportCombinedQueries(method: string): void {
    const combinator = this.planned === undefined ? this.begun?.combinator : undefined;
    if (combinator === undefined) return;
    throw new NotSupportedError(`Calling QuerySet.${method}() after ${combinator}() is not supported.`);
  }

  /** @throws TypeError where rows are no instances. */
  _notSupportValues(method: string): void {
    if (this._fields === undefined) return;
    throw new TypeError(`Cannot call ${method}() after .values() or .values_list()`);
  }
}
