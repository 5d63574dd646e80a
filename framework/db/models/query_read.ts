/** What asks a query for rows, or for something about them. Django: `QuerySet.get` and its kin. */
import { NotImplementedError, ValueError } from '../../core/exceptions';
import { IndexError } from '../../python/errors';
import type { MaybePromise } from '../../utils/maybe_promise';
import type { RowValues } from '../backends/base/base';
import { NotSupportedError } from '../errors';
import { Count } from './aggregates';
import type { Model } from './base';
import type { Expression } from './expressions/base';
import { fetchRows, type RowReader } from './iterables';
import { type DateKind, type DatetimeKind, datesOf } from './query_dates';
import { type ExplainOptions, explainQuery } from './query_explain';
import { fieldNamed, isAmong, keysInBatches } from './query_keys';
import { type RawParams, RawQuerySet } from './query_raw';
import type { Condition } from './query_refine';
import { Selectable } from './query_select';
import { type Named, namedValues } from './query_shape';
import { streamRows } from './query_stream';
import { getAggregation } from './sql/aggregate';
import type { SelectCompiler } from './sql/compiler/select';
import { aggregatesOf, COUNT, EXISTS, GET, limitToFew, MAX_GET_RESULTS } from './sql/plan_statements';
import type * as typing from './typing';

const countReader =
  () =>
  ([n]: RowValues) =>
    Number(n);

/** Everything that is selected, by name. */
function aggregateReader({ selected, connection }: SelectCompiler): RowReader<Record<string, unknown>> {
  return (row) =>
    Object.fromEntries(
      selected.map(({ key, expression }, at) => [key, expression.convertValue(row[at], connection)]),
    );
}

/** How many rows `iterator` has in memory. */
const CHUNK_SIZE = 2000;

/**
 * The part of QuerySet that reads.
 * @ts-expect-error see QuerySet */
export abstract class Readable<out T extends Model, out Row, out A> extends Selectable<T, Row, A> {
  /** Only for types: denies what is expected above at once, before the compiler looks at every method for it. */
  declare readonly _reads: (model: T, annotations: A) => void;

  /**
   * The one row for which this holds.
   *
   * @throws the model's DoesNotExist, MultipleObjectsReturned.
   */
  get(...conditions: Condition[]): Promise<Row>;
  get<const F extends object>(filter: F & typing.Checked<T, F, A> & typing.Suggested<T>): Promise<Row>;
  async get(...given: readonly unknown[]): Promise<Row> {
    const { combinator } = this._shape;
    if (combinator !== undefined && given.length > 0) {
      throw new NotSupportedError(
        `Calling QuerySet.get(...) with filters after ${combinator}() is not supported.`,
      );
    }
    const narrowed = combinator === undefined ? this._filterOrExclude(false, given) : this._chain();
    const readsAhead = narrowed._prefetchRelatedLookups.length > 0;
    const planned = readsAhead ? undefined : narrowed._fetchPlanned(GET);
    const rows = await (planned ?? this.fewOf(narrowed));
    if (rows.length === 1) return rows[0] as Row;
    const { name } = this.model;
    if (rows.length === 0) throw new this.model.DoesNotExist(`${name} matching query does not exist.`);
    const count = rows.length < MAX_GET_RESULTS ? rows.length : `more than ${MAX_GET_RESULTS - 1}`;
    throw new this.model.MultipleObjectsReturned(
      `get() returned more than one ${name} -- it returned ${count}!`,
    );
  }

  /** So many rows as `get` looks at. */
  private fewOf(narrowed: this): MaybePromise<Row[]> {
    limitToFew(narrowed.query);
    return narrowed._fetchAll();
  }

  /** The row at a position. @throws IndexError where there is none; ValueError for a negative one. */
  async at(index: number): Promise<Row> {
    const [row] = await this.slice(index, index + 1)._fetchAll();
    if (row === undefined) throw new IndexError('list index out of range');
    return row;
  }

  /** The first row, by primary key unless sorted; null if there is none. */
  async first(): Promise<Row | null> {
    return (await this.sorted('first').slice(0, 1)._fetchAll())[0] ?? null;
  }

  /** The last row. */
  async last(): Promise<Row | null> {
    return (await this.sorted('last').reverse().slice(0, 1)._fetchAll())[0] ?? null;
  }

  private sorted(method: string): this {
    if (this.ordered) return this;
    const { groupBy, model } = this._shape;
    if (Array.isArray(groupBy) && !groupBy.some((each) => 'target' in each && each.target === model.pk)) {
      throw new TypeError(
        `Cannot use QuerySet.${method}() on an unordered queryset performing aggregation. Add an ordering with ` +
          'order_by().',
      );
    }
    return this.orderBy('pk' as never);
  }

  /**
   * The row with the least value of these fields; without any, of those of `Meta.getLatestBy`.
   *
   * @throws the model's DoesNotExist; ValueError where neither says by what.
   */
  async earliest<const P extends string>(...fields: (typing.OrderOf<T, A, P> | Expression)[]): Promise<Row> {
    return this.extreme(fields as readonly unknown[] as readonly string[], false);
  }

  /** The row with the greatest. @throws as `earliest`. */
  async latest<const P extends string>(...fields: (typing.OrderOf<T, A, P> | Expression)[]): Promise<Row> {
    return this.extreme(fields as readonly unknown[] as readonly string[], true);
  }

  private extreme(fields: readonly (string | Expression)[], last: boolean): Promise<Row> {
    if (this.query.isSliced) throw new TypeError('Cannot change a query once a slice has been taken.');
    const { getLatestBy } = this.model._meta.meta;
    const order = fields.length > 0 ? fields : typeof getLatestBy === 'string' ? [getLatestBy] : getLatestBy;
    if (order === undefined) {
      throw new ValueError(
        "earliest() and latest() require either fields as positional arguments or 'get_latest_by' in the model's Meta.",
      );
    }
    const sorted = this.orderBy(...(order as never[]));
    return (last ? sorted.reverse() : sorted).slice(0, 1).get();
  }

  /** How many rows there are. */
  async count(): Promise<number> {
    if (this._resultCache !== undefined) return this._resultCache.length;
    const planned = this._fetchPlanned<number>(COUNT, countReader);
    if (planned !== undefined) return (await planned)[0] ?? 0;
    if (this.query.isEmpty) return 0;
    const { n } = await getAggregation(this.query, { n: Count('*') }, this.connection());
    return n as number;
  }

  /** Whether there is a row. */
  async exists(): Promise<boolean> {
    if (this._resultCache !== undefined) return this._resultCache.length > 0;
    const planned = await this._fetchPlanned(EXISTS, () => () => true);
    if (planned !== undefined) return planned.length > 0;
    if (this.query.isEmpty) return false;
    return (await fetchRows(this.query.exists(), this.connection(), () => () => true)).length > 0;
  }

  /** Whether an instance is among the rows. @throws TypeError for what is none; ValueError for one without a key. */
  async contains(obj: T): Promise<boolean> {
    this._notSupportCombinedQueries('contains');
    if (this._fields !== undefined) {
      throw new TypeError('Cannot call QuerySet.contains() after .values() or .values_list().');
    }
    const known = isAmong(this.model, obj, this._resultCache as readonly Model[] | undefined);
    return known ?? (await this._filterOrExclude(false, [{ pk: obj.pk }]).exists());
  }

  /**
   * The rows by their keys, or by another field that is unique; all of them, without keys.
   *
   * @throws ValueError for a field whose values may come twice; TypeError after `values` or a slice.
   */
  async inBulk(
    ids: Iterable<unknown> | null = null,
    { fieldName = 'pk' }: { fieldName?: typing.FieldName<T> | (string & {}) } = {},
  ): Promise<Map<unknown, Row>> {
    if (this.query.isSliced) throw new TypeError("Cannot use 'limit' or 'offset' with in_bulk().");
    if (this._fields !== undefined)
      throw new TypeError('in_bulk() cannot be used with values() or values_list().');
    const property = fieldNamed(this.query, fieldName);
    const found = new Map<unknown, Row>();
    const batches = ids === null ? [undefined] : keysInBatches(ids, this.connection());
    for (const batch of batches) {
      const rows =
        batch === undefined ? this : this._filterOrExclude(false, [{ [`${fieldName}__in`]: batch }]);
      for (const row of await rows._fetchAll()) found.set((row as Record<string, unknown>)[property], row);
    }
    return found;
  }

  /** Aggregates over all rows, by name. An aggregate without a name is called after its field: `pages__sum`. */
  aggregate<const E extends Named>(aggregates: E): Promise<typing.Annotations<T, E>>;
  aggregate(...aggregates: (Expression | Named)[]): Promise<Readonly<Record<string, unknown>>>;
  async aggregate(...aggregates: readonly unknown[]): Promise<never> {
    if (this._shape.distinctFields.length > 0) {
      throw new NotImplementedError('aggregate() + distinct(fields) not implemented.');
    }
    const named = namedValues(aggregates, 'aggregate');
    const question = aggregatesOf(named);
    const [planned] = (question && (await this._fetchPlanned(question, aggregateReader))) ?? [];
    return (planned ?? (await getAggregation(this.query, named, this.connection()))) as never;
  }

  /**
   * The days, or the first days of weeks, months and years, on which a date field has a value; each once.
   *
   * @throws ValueError for another kind or order.
   */
  dates(field: typing.FieldName<T>, kind: DateKind, order?: 'ASC' | 'DESC' | DatesOptions): AnyRows<string>;
  dates(field: unknown, kind: DateKind, order: 'ASC' | 'DESC' | DatesOptions = 'ASC'): never {
    return datesOf(
      this,
      field as string,
      kind,
      typeof order === 'string' ? { order } : order,
      false,
    ) as never;
  }

  /** The same of a field of times, in the current time zone or that of `tzinfo`. @throws as `dates`. */
  datetimes(
    field: typing.FieldName<T>,
    kind: DatetimeKind,
    order?: 'ASC' | 'DESC' | (DatesOptions & { tzinfo?: string }),
  ): AnyRows<Date>;
  datetimes(
    field: unknown,
    kind: DatetimeKind,
    order: 'ASC' | 'DESC' | (DatesOptions & { tzinfo?: string }) = 'ASC',
  ): never {
    return datesOf(this, field as string, kind, typeof order === 'string' ? { order } : order, true) as never;
  }

  /**
   * The rows without keeping them: so many at a time are in memory. Where the database streams (a file of SQLite and
   * MySQL outside of `atomic`, PostgreSQL everywhere), that is all that the process holds.
   *
   * @throws ValueError for a size that is no positive number, or that is missing after `prefetchRelated`.
   * @example `for await (const article of Article.objects.iterator({ chunkSize: 500 })) …`
   */
  iterator({ chunkSize }: { chunkSize?: number } = {}): AsyncGenerator<Row, void, undefined> {
    if (chunkSize === undefined && this._prefetchRelatedLookups.length > 0) {
      throw new ValueError(
        'chunk_size must be provided when using QuerySet.iterator() after prefetch_related().',
      );
    }
    if (chunkSize !== undefined && !(chunkSize > 0))
      throw new ValueError('Chunk size must be strictly positive.');
    return streamRows(this, chunkSize ?? CHUNK_SIZE);
  }

  /**
   * What the database says of how it finds the rows.
   *
   * @param options `format`, and what else the database knows: `analyze`, `verbose`, … of PostgreSQL, `analyze` of MySQL.
   * @throws ValueError for what it does not know.
   */
  explain(options: ExplainOptions = {}): Promise<string> {
    return explainQuery(this.query, this.connection(), options);
  }

  /**
   * The rows of a statement of one's own, as instances: columns are fields by their names, others annotations; fields
   * that it does not select are deferred.
   *
   * @param sql placeholders are `?`, or `%s`; with an object of parameters `%(name)s`. Values never go into the text.
   * @example `Article.objects.raw('SELECT * FROM blog_article WHERE visits > ?', [100])`
   */
  raw(
    sql: string,
    params: RawParams | null = [],
    options: { translations?: Readonly<Record<string, string>> | null; using?: string } = {},
  ): RawQuerySet<T> {
    const rows = new RawQuerySet<T>(
      this.model,
      sql,
      params ?? [],
      options.translations ?? {},
      options.using ?? this._db,
    );
    rows._prefetchRelatedLookups = this._prefetchRelatedLookups;
    return rows;
  }
}

/** In which order values come. */
export interface DatesOptions {
  order?: 'ASC' | 'DESC';
}
type AnyRows<V> = import('./query').QuerySet<Model, V>;
