/** The rows of a relation of an instance: what its manager asks. Each kind of relation has its subclass. */
import { type MaybePromise, run, type Steps, wait } from '../../../utils/maybe_promise';
import { connections } from '../../connections';
import type { Model, ModelClass } from '../base';
import type { QuerySet } from '../query';
import { forgetPrefetched, prefetchedOf } from './cache';

/** Values, or options, by name. */
export type Values = Readonly<Record<string, unknown>>;

/** What of its manager the rows need. */
export interface RowsManager {
  readonly model: ModelClass;
  readonly db: string | undefined;
  getQueryset(): QuerySet<Model>;
  /** The rows of the model, whatever they are related to. */
  unrelatedQueryset(): QuerySet<Model>;
}

export abstract class RelatedRows {
  /** The model of the table in between, where there is one. */
  readonly through?: ModelClass;

  constructor(
    readonly instance: Model,
    /** The property of the instance; rows are prefetched under this name. */
    readonly cacheName: string,
  ) {}

  /** The rows of a query that belong to the instance. */
  abstract narrow(queryset: QuerySet<Model>): QuerySet<Model>;
  abstract add(manager: RowsManager, objs: readonly unknown[], options: Values): Steps<void>;
  abstract remove(manager: RowsManager, objs: readonly unknown[], options: Values): Steps<void>;
  abstract clear(manager: RowsManager, options: Values): Steps<void>;
  abstract replace(manager: RowsManager, objs: readonly unknown[], options: Values): Steps<void>;

  /** @throws ValueError for an instance that can have no rows yet. */
  abstract requireRead(): void;
  /** @throws ValueError for an instance that can be given no rows yet. */
  requireWrite(): void {
    this.requireRead();
  }

  /** What every new row has. */
  newValues(): MaybePromise<Values> {
    return {};
  }

  /** What a new row needs besides. */
  *created(_manager: RowsManager, _row: Model, _options: Values): Steps<void> {}

  /** A query that says as much about how many rows there are, and less about them. */
  counted(_manager: RowsManager): QuerySet<Model> | undefined {
    return undefined;
  }

  /** The rows: those that were prefetched, or a query for them. */
  queryset(manager: RowsManager): QuerySet<Model> {
    this.requireRead();
    const cached = prefetchedOf(this.instance, this.cacheName);
    if (cached === undefined) return this.narrow(manager.unrelatedQueryset());
    if (cached.queryset === undefined) {
      const all = (): QuerySet<Model> => cached.base?.all() ?? manager.unrelatedQueryset();
      cached.queryset = all()._withRows(cached.rows, () => {
        const base = all();
        // So many rows an instance: these are they.
        base.query.clearLimits();
        return this.narrow(base);
      });
    }
    return cached.queryset;
  }

  get isPrefetched(): boolean {
    return prefetchedOf(this.instance, this.cacheName) !== undefined;
  }

  /** Forgets what was prefetched: it is about to change. */
  forget(): void {
    forgetPrefetched(this.instance, this.cacheName);
  }
}

/** Steps in a transaction. */
export function together<T>(using: string | undefined, steps: () => Steps<T>): Steps<T> {
  return wait(connections.get(using).atomic(() => run(steps()), { savepoint: false }));
}

/** Options of `save`, for a database that may be the default one. */
export function onDatabase(using: string | undefined): { using?: string } {
  return using === undefined ? {} : { using };
}
