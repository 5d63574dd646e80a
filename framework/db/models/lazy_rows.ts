/** Rows that are read when somebody waits for them, and then kept. Django: `QuerySet._fetch_all`. */
import { setImmediate } from 'node:timers/promises';
import { isPromise, LOAD_NOW, type MaybePromise, ROWS, run, then } from '../../utils/maybe_promise';
import { once } from '../../utils/module_loading';
import { FEW, keepWith } from './model_state';
import type { PrefetchLookup } from './prefetch';

const prefetchModule = once(() => require('./prefetch') as typeof import('./prefetch'));

/** What can be awaited and iterated like a list of rows. */
export abstract class LazyRows<out Row> implements PromiseLike<Row[]> {
  /** To templates: these are rows, though they can be awaited. */
  declare readonly [ROWS]: true;
  /** The rows, once they are read. */
  _resultCache: Row[] | undefined;
  /** What is read ahead with the rows. */
  _prefetchRelatedLookups: readonly PrefetchLookup[] = [];
  private reading: Promise<Row[]> | undefined;

  /** Asks the database. */
  protected abstract _read(): MaybePromise<Row[]>;

  // biome-ignore lint/suspicious/noThenProperty: awaiting a query runs it, as iterating does in Django.
  then<R = Row[], E = never>(
    done?: ((rows: Row[]) => R | PromiseLike<R>) | null,
    failed?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    const rows = this._resultCache === undefined ? inStep(() => this.fetch()) : Promise.resolve(this.fetch());
    return rows.then(done, failed);
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
      if (all.length > 1 && typeof all[0] === 'object') keepWith(all as object[], rows as object[]);
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
    const rows = then(this._read(), (found) => this._prefetch(found));
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

  /** Reads ahead what is related to rows, where that was asked for. */
  _prefetch(rows: Row[]): MaybePromise<Row[]> {
    const lookups = this._prefetchRelatedLookups;
    if (lookups.length === 0 || rows.length === 0) return rows;
    return then(run(prefetchModule().prefetching(rows, lookups)), () => rows);
  }
}
Object.defineProperty(LazyRows.prototype, ROWS, { value: true });

/**
 * A step of its own: whoever awaits the rows calls `then` from no function, and an error would name no line of the
 * site. From within an asynchronous function, the engine finds who waits for it.
 */
async function inStep<V extends readonly unknown[]>(work: () => MaybePromise<V>): Promise<V> {
  await undefined;
  const rows = await work();
  // An embedded database never waits, and what has a weak reference lives until a turn of the event loop ends.
  if (rows.length > FEW) await setImmediate();
  return rows;
}
