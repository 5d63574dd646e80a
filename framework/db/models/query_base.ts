/** What a query keeps, and how it is evaluated. Django: `QuerySet._fetch_all`, `_chain`. */
import { isPromise, LOAD_NOW, type MaybePromise, ROWS, run, then } from '../../utils/maybe_promise';
import type { DatabaseWrapper } from '../backends/base/base';
import { connections } from '../connections';
import { NotSupportedError } from '../errors';
import type { Model, ModelClass } from './base';
import { classOf } from './classes';
import { FETCH_PEERS, type FetchMode } from './fetch_modes';
import { fetchRows, type KnownRelated, modelReader, type Reader } from './iterables';
import { keepWith } from './model_state';
import type { PrefetchLookup } from './prefetch';
import { Query } from './sql/query';

/** What routers are told of a query. */
export type Hints = Readonly<Record<string, unknown>>;

/**
 * The rows of a query. Nothing is asked before somebody awaits or iterates them; then they are kept. Members that begin
 * with `_` are for the framework.
 */
export abstract class Rows<out T extends Model, out Row, out A> implements PromiseLike<Row[]> {
  /** Only for types: what annotations there are. */
  declare readonly _annotations: A;
  /** To templates: these are rows, though they can be awaited. */
  declare readonly [ROWS]: true;

  /** How a row is read; undefined: as an instance. */
  _reader: Reader<unknown> | undefined;
  /** The names given to `values`; undefined: rows are instances. */
  _fields: readonly string[] | undefined;
  _fetchMode: FetchMode = FETCH_PEERS;
  /** Instances that the rows refer to. */
  _knownRelated: KnownRelated | undefined;
  _forWrite = false;
  /** Whether the next `filter` is one with the last. */
  _stickyFilter = false;
  _prefetchRelatedLookups: readonly PrefetchLookup[] = [];
  /** The rows, once they are read. */
  _resultCache: Row[] | undefined;
  private reading: Promise<Row[]> | undefined;
  private given: Query | undefined;

  constructor(
    /** The model whose rows these are. */
    readonly model: ModelClass<T>,
    query?: Query,
    /** The database, where one was named. */
    public _db?: string,
    public _hints: Hints = {},
  ) {
    this.given = query;
  }

  /** What is asked, as data. */
  get query(): Query {
    this.given ??= new Query(this.model._meta);
    return this.given;
  }

  /** The alias of the database that is asked; undefined: the default one. */
  get db(): string | undefined {
    return this._db;
  }

  /** The database that is asked. */
  connection(): DatabaseWrapper {
    return connections.get(this.db);
  }

  // Evaluation ----------------------------------------------------------------------------------------------

  // biome-ignore lint/suspicious/noThenProperty: awaiting a query runs it, as iterating does in Django.
  then<R = Row[], E = never>(
    done?: ((rows: Row[]) => R | PromiseLike<R>) | null,
    failed?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return inStep(() => this.fetch()).then(done, failed);
  }

  catch<E = never>(failed?: ((error: unknown) => E | PromiseLike<E>) | null): Promise<Row[] | E> {
    return this.then(undefined, failed);
  }

  finally(done?: (() => void) | null): Promise<Row[]> {
    return this.then().finally(done);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Row, void, undefined> {
    yield* await this.fetch();
  }

  /** The rows: now where the database is synchronous, or where they were read before; else promised. */
  fetch(): MaybePromise<Row[]> {
    return then(this._fetchAll(), (rows) => {
      const all = [...rows];
      // Who has them all keeps the rows together that load each other's relations.
      if (this._fields === undefined && all.length > 1) keepWith(all as object[], rows as object[]);
      return all;
    });
  }

  /** What a template asks: the rows at once, where they can be. */
  [LOAD_NOW](): MaybePromise<Row[]> {
    return this._fetchAll();
  }

  /** Reads the rows, if that was not done before. Who asks while they are on their way waits for the same. */
  _fetchAll(): MaybePromise<Row[]> {
    if (this._resultCache !== undefined) return this._resultCache;
    if (this.reading !== undefined) return this.reading;
    const rows = this._read();
    if (!isPromise(rows)) {
      this._resultCache = rows;
      return rows;
    }
    const reading = rows.then(
      (found) => {
        this._resultCache = found;
        this.reading = undefined;
        return found;
      },
      (error: unknown) => {
        this.reading = undefined;
        throw error;
      },
    );
    this.reading = reading;
    return reading;
  }

  /** Asks the database. */
  protected _read(): MaybePromise<Row[]> {
    if (this.query.isEmpty) return [];
    const rows = fetchRows(this.query, this.connection(), this._rowReader());
    const lookups = this._prefetchRelatedLookups;
    return lookups.length === 0 ? rows : then(rows, (found) => this._prefetch(found, lookups));
  }

  private _prefetch(rows: Row[], lookups: readonly PrefetchLookup[]): MaybePromise<Row[]> {
    const { prefetching } = require('./prefetch') as typeof import('./prefetch');
    return then(run(prefetching(rows, lookups)), () => rows);
  }

  /** The same query with rows that are there already. */
  _withRows(rows: readonly Row[]): this {
    const next = this._chain();
    next._resultCache = [...rows];
    return next;
  }

  protected _rowReader(): Reader<Row> {
    const { _reader: reader, _fetchMode: mode, _knownRelated: known } = this;
    return (reader ?? modelReader(this.model, classOf, { mode, known })) as Reader<Row>;
  }

  // Chaining ------------------------------------------------------------------------------------------------

  /** A copy for the next call, changed. */
  _chain(change?: (query: Query) => void): this {
    const query = this.query.chain();
    if (this._stickyFilter) query.filterIsSticky = true;
    change?.(query);
    const Class = this.constructor as new (
      model: ModelClass<T>,
      query: Query,
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
    const { combinator } = this.query;
    if (combinator === undefined) return;
    throw new NotSupportedError(`Calling QuerySet.${method}() after ${combinator}() is not supported.`);
  }

  /** @throws TypeError where rows are no instances. */
  _notSupportValues(method: string): void {
    if (this._fields === undefined) return;
    throw new TypeError(`Cannot call ${method}() after .values() or .values_list()`);
  }
}
Object.defineProperty(Rows.prototype, ROWS, { value: true });

/**
 * A step of its own: whoever awaits the rows calls `then` from no function, and an error would name no line of the
 * site. From within an asynchronous function, the engine finds who waits for it.
 */
async function inStep<V>(work: () => V): Promise<Awaited<V>> {
  await undefined;
  return await work();
}
