/**
 * Queries that run when they are awaited. Django: `django.db.models.query`;
 * https://docs.djangoproject.com/en/5.2/ref/models/querysets/
 */
import { promised } from '../../utils/maybe_promise';
import type { Model } from './base';
import { type BulkCreateOptions, type BulkUpdateOptions, bulkCreate, bulkUpdate } from './bulk';
import { deleteRows } from './delete';
import type { Deleted } from './deletion';
import type { HandedOn, ManagerClassOf } from './manager';
import { Readable } from './query_read';
import * as writes from './query_write';
import type { Query } from './sql/query';
import type * as typing from './typing';

export type { Condition, LockOptions } from './query_refine';
export type { FieldName } from './typing';

/** Conditions on a model's fields: `{ headline: 'x', pubDate__gte: date }`. */
export type Filter<T> = {
  readonly [K in typing.FieldName<T>]?: typing.Operand<Awaited<T[K]>> | null;
} & Readonly<Record<`${string}__${string}`, unknown>> & { readonly pk?: unknown };

/** A field's name; a leading hyphen means descending. */
export type Ordering<T> = typing.FieldName<T> | `-${typing.FieldName<T>}` | 'pk' | '-pk';

// biome-ignore lint/complexity/noBannedTypes: no annotations.
type None = {};

/**
 * A set of rows that are not read yet. `await` it, or iterate with `for await`: the rows are kept, so that this is asked
 * once. Each other method gives another set, or asks something else.
 *
 * @typeParam T the model, against which paths are resolved.
 * @typeParam Row what iterating gives.
 * @typeParam A what `annotate` added.
 *
 * Rows of a subclass are rows of the model, and so may its queries stand for the model's: which their paths alone deny.
 * @ts-expect-error */
export class QuerySet<out T extends Model, out Row = T, out A = None> extends Readable<T, Row, A> {
  /** Only for types: denies what is expected above at once, before the compiler looks at every method for it. */
  declare readonly _asks: (model: T, annotations: A) => void;

  /** A manager whose queries are of this class: `static override readonly objects = ArticleQuerySet.asManager()`. */
  static asManager<Q extends Record<HandedOn, unknown>>(
    this: new (
      ...args: never[]
    ) => Q,
  ): InstanceType<ManagerClassOf<Q>> {
    const { madeByAsManager, Manager } = require('./manager') as typeof import('./manager');
    const cls = Manager.fromQueryset(this);
    madeByAsManager(cls, this);
    return new cls() as InstanceType<ManagerClassOf<Q>>;
  }

  /** This query as an operand of another. */
  resolveExpression(...args: Parameters<Query['resolveExpression']>): Query {
    const query = this.query.resolveExpression(...args);
    query.using = this._db;
    return query;
  }

  /** The statement as its database would get it, with its parameters beside. */
  toSql(): readonly [sql: string, params: readonly unknown[]] {
    return this.plannedText() ?? this.query.clone().asSql(this.connection());
  }

  // Writing -------------------------------------------------------------------------------------------------

  /** Makes a row. */
  create(values: typing.Create<T>): Promise<T> {
    this._forWrite = true;
    return promised(() => writes.create(this as unknown as QuerySet<T>, values as Partial<T>));
  }

  /** The row for which this holds, or a new one of it and the defaults; the second says whether it is new. */
  getOrCreate(filter: typing.Create<T>, defaults: typing.Create<T> = {}): Promise<[T, created: boolean]> {
    return writes.getOrCreate(this as unknown as QuerySet<T>, filter, defaults);
  }

  /** Changes the row for which this holds, or makes it; the second says whether it is new. */
  updateOrCreate(
    filter: typing.Create<T>,
    defaults: typing.Create<T> = {},
    { createDefaults = defaults }: { createDefaults?: typing.Create<T> | undefined } = {},
  ): Promise<[T, created: boolean]> {
    return writes.updateOrCreate(this as unknown as QuerySet<T>, filter, defaults, createDefaults);
  }

  /**
   * Inserts instances, many in a statement; they get their keys where the database tells them (not from MySQL before
   * MariaDB 10.5, nor with `ignoreConflicts`). No `save` is called and no signal is sent.
   *
   * @returns the instances.
   * @throws ValueError for a model that extends another with a table, and for options that cannot be together;
   * NotSupportedError for `uniqueFields` on MySQL.
   *
   * @example
   * ```ts
   * await Tag.objects.bulkCreate(names.map((name) => new Tag({ name })), { ignoreConflicts: true });
   * ```
   */
  bulkCreate(objs: Iterable<T>, options: BulkCreateOptions = {}): Promise<T[]> {
    this._forWrite = true;
    this._resultCache = undefined;
    return promised(() => bulkCreate(this as unknown as QuerySet<T>, objs, options));
  }

  /**
   * Writes these fields of instances, many in a statement; says how many rows there were. No `save` is called and no
   * signal is sent.
   *
   * @throws ValueError for instances without a key, for no fields, and for the primary key among them.
   */
  bulkUpdate(
    objs: Iterable<T>,
    fields: readonly (typing.FieldName<T> | `${typing.FieldName<T>}_id`)[],
    options: BulkUpdateOptions = {},
  ): Promise<number> {
    this._forWrite = true;
    this._resultCache = undefined;
    return promised(() => bulkUpdate(this as unknown as QuerySet<T>, objs, fields, options));
  }

  /** Changes all the rows in one statement; says how many matched. */
  update<const U extends object>(values: U & typing.UpdateValues<T, U>): Promise<number> {
    this._forWrite = true;
    this._resultCache = undefined;
    return promised(() => writes.update(this, values as Readonly<Record<string, unknown>>));
  }

  /**
   * Deletes the rows, and what refers to them as its fields' `onDelete` says: all in one transaction.
   *
   * @returns how many rows are gone, and how many of each model: `[3, { 'blog.Post': 1, 'blog.Comment': 2 }]`.
   * @throws TypeError for a slice, rows of values, distinct fields; ProtectedError, RestrictedError where a field says so.
   */
  async delete(): Promise<Deleted> {
    this._forWrite = true;
    this._resultCache = undefined;
    return deleteRows(this._chain(), this.connection(), this, this._fields !== undefined);
  }
}

for (const name of [
  'bulkCreate',
  'bulkUpdate',
  'create',
  'getOrCreate',
  'updateOrCreate',
  'update',
  'delete',
] as const) {
  Object.assign(QuerySet.prototype[name], { altersData: true });
}
