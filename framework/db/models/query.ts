/**
 * Queries that run when they are awaited. Django: `django.db.models.query`;
 * https://docs.djangoproject.com/en/5.2/ref/models/querysets/
 */
import type { EntityManager, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import { ValueError } from '../../core/exceptions';
import type { DatabaseWrapper } from '../backends/base/base';
import { connections } from '../connections';
import { IntegrityError } from '../errors';
import { assignValues, type Model, type ModelClass } from './base';
import { deleteRows } from './deletion';
import type { Field } from './fields/base';
import { type Condition, conditions, type Lookup, resolveField } from './lookups';
import { insertInstance, storable } from './save';
import { entityManagerOf } from './typeorm';

/** The names of a model's values: what is not a method. */
export type FieldName<T> = {
  // biome-ignore lint/complexity/noBannedTypes: any method.
  [K in keyof T & string]: T[K] extends Function ? never : K;
}[keyof T & string];

/** Conditions on a model's fields: `{ headline: 'x', pubDate__gte: date }`. */
export type Filter<T> = { [K in FieldName<T>]?: T[K] | null } & {
  [K in `${FieldName<T>}__${Lookup}`]?: unknown;
} & { pk?: unknown; pk__in?: Iterable<unknown> };

/** A field's name; a leading hyphen means descending. */
export type Ordering<T> = FieldName<T> | `-${FieldName<T>}` | 'pk' | '-pk';

interface Query {
  using: string | undefined;
  where: readonly { filter: Readonly<Record<string, unknown>>; negated: boolean }[];
  order: readonly string[] | undefined;
  offset: number;
  limit: number | undefined;
  none: boolean;
}

const EVERYTHING: Query = {
  using: undefined,
  where: [],
  order: undefined,
  offset: 0,
  limit: undefined,
  none: false,
};

/** How many rows `get` fetches to say how many there are. */
const MAX_GET_RESULTS = 21;

/** A set of rows that are not read yet. `await` it, or iterate with `for await`. */
export class QuerySet<T extends Model> implements PromiseLike<T[]> {
  constructor(
    protected readonly cls: ModelClass,
    private readonly query: Query = EVERYTHING,
  ) {}

  /** The model whose rows these are. */
  get model(): ModelClass {
    return this.cls;
  }

  // Narrowing -----------------------------------------------------------------------------------------------

  all(): QuerySet<T> {
    return this.with({});
  }

  /** No rows at all, without asking the database. */
  none(): QuerySet<T> {
    return this.with({ none: true });
  }

  /** The rows for which all of this holds. */
  filter(filter: Filter<T>): QuerySet<T> {
    return this.with({ where: [...this.query.where, { filter: { ...filter }, negated: false }] });
  }

  /** The rows for which not all of this holds. */
  exclude(filter: Filter<T>): QuerySet<T> {
    return this.with({ where: [...this.query.where, { filter: { ...filter }, negated: true }] });
  }

  /** Sorted by these fields instead of Meta.ordering. */
  orderBy(...order: Ordering<T>[]): QuerySet<T> {
    return this.with({ order });
  }

  reverse(): QuerySet<T> {
    return this.with({
      order: this.ordering().map((name) => (name.startsWith('-') ? name.slice(1) : `-${name}`)),
    });
  }

  /** Some of the rows, as Array's `slice` without negative numbers. @throws ValueError for one. */
  slice(start: number, end?: number): QuerySet<T> {
    for (const index of end === undefined ? [start] : [start, end]) {
      if (!Number.isInteger(index)) throw new TypeError('QuerySet indices must be integers.');
      if (index < 0) throw new ValueError('Negative indexing is not supported.');
    }
    const { offset, limit } = this.query;
    const left = limit === undefined ? undefined : Math.max(0, limit - start);
    const wanted = end === undefined ? undefined : Math.max(0, end - start);
    const limits = [left, wanted].filter((each) => each !== undefined);
    return this.with({
      offset: offset + start,
      limit: limits.length > 0 ? Math.min(...limits) : undefined,
    });
  }

  /** On another database of DATABASES. */
  using(alias: string | undefined): QuerySet<T> {
    return this.with({ using: alias });
  }

  // Reading -------------------------------------------------------------------------------------------------

  // biome-ignore lint/suspicious/noThenProperty: awaiting a query runs it, as iterating does in Django.
  then<R = T[], E = never>(
    done?: ((rows: T[]) => R | PromiseLike<R>) | null,
    failed?: ((error: unknown) => E | PromiseLike<E>) | null,
  ): Promise<R | E> {
    return this.fetch().then(done, failed);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    yield* await this.fetch();
  }

  private async fetch(): Promise<T[]> {
    if (this.query.none || this.query.limit === 0) return [];
    return (await (await this.builder()).getMany()) as unknown as T[];
  }

  /**
   * The one row for which this holds.
   *
   * @throws the model's DoesNotExist, MultipleObjectsReturned.
   */
  async get(filter: Filter<T> = {} as Filter<T>): Promise<T> {
    const rows = await this.filter(filter).with({ limit: MAX_GET_RESULTS }).fetch();
    const [first] = rows;
    if (first === undefined) {
      throw new this.cls.DoesNotExist(`${this.cls.name} matching query does not exist.`);
    }
    if (rows.length > 1) {
      const count = rows.length < MAX_GET_RESULTS ? rows.length : `more than ${MAX_GET_RESULTS - 1}`;
      throw new this.cls.MultipleObjectsReturned(
        `get() returned more than one ${this.cls.name} -- it returned ${count}!`,
      );
    }
    return first;
  }

  /** The first row, by primary key unless sorted; null if there is none. */
  async first(): Promise<T | null> {
    const ordered = this.ordering().length > 0 ? this.all() : this.with({ order: ['pk'] });
    return (await ordered.slice(0, 1).fetch())[0] ?? null;
  }

  /** The last row. */
  async last(): Promise<T | null> {
    const ordered = this.ordering().length > 0 ? this.all() : this.with({ order: ['pk'] });
    return (await ordered.reverse().slice(0, 1).fetch())[0] ?? null;
  }

  async count(): Promise<number> {
    if (this.query.none) return 0;
    const { offset, limit } = this.query;
    if (offset === 0 && limit === undefined) return (await this.builder()).orderBy().getCount();
    return (await this.rawRows([this.cls._meta.pk])).length;
  }

  async exists(): Promise<boolean> {
    return (await this.with({ limit: 1, order: [] }).rawRows([this.cls._meta.pk])).length > 0;
  }

  /** The rows as plain objects of these fields; all, without names. */
  async values<K extends FieldName<T>>(...names: K[]): Promise<Pick<T, K>[]> {
    const fields = this.fieldsOf(names);
    const rows = await this.rawRows(fields);
    return rows.map(
      (row) => Object.fromEntries(fields.map((field, i) => [field.property, row[i]])) as Pick<T, K>,
    );
  }

  /** The rows as lists of values; `flat` takes the only one of each. */
  async valuesList<K extends FieldName<T>>(names: readonly K[]): Promise<unknown[][]> {
    return this.rawRows(this.fieldsOf(names));
  }

  // Writing -------------------------------------------------------------------------------------------------

  /** Makes a row. */
  async create(values: Partial<T>): Promise<T> {
    const instance = new this.cls({ ...values });
    await insertInstance(instance, this.query.using);
    return instance as T;
  }

  /** The row for which this holds, or a new one of it and the defaults; the second says whether it is new. */
  async getOrCreate(filter: Partial<T>, defaults: Partial<T> = {}): Promise<[T, created: boolean]> {
    const found = (): Promise<T> => this.get(filter as Filter<T>);
    try {
      return [await found(), false];
    } catch (error) {
      if (!(error instanceof this.cls.DoesNotExist)) throw error;
    }
    try {
      return [await this.connection().atomic(() => this.create({ ...filter, ...defaults })), true];
    } catch (error) {
      if (!(error instanceof IntegrityError)) throw error;
      // Somebody else made it in between, or the row cannot be made at all.
      return [
        await found().catch(() => {
          throw error;
        }),
        false,
      ];
    }
  }

  /** Changes the row for which this holds, or makes it; the second says whether it is new. */
  async updateOrCreate(filter: Partial<T>, defaults: Partial<T> = {}): Promise<[T, created: boolean]> {
    return this.connection().atomic(async () => {
      const [row, created] = await this.getOrCreate(filter, defaults);
      if (!created) {
        assignValues(row, defaults);
        await row.save({ using: this.query.using as string });
      }
      return [row, created];
    });
  }

  /** Changes all the rows in one statement; says how many matched. */
  async update(values: Partial<T>): Promise<number> {
    if (this.query.none) return 0;
    const connection = this.connection();
    const set: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(values)) {
      const field = resolveField(this.cls._meta, name);
      if (value !== undefined) set[field.property] = storable(field, value);
    }
    if (Object.keys(set).length === 0) return 0;
    const manager = await this.entityManager();
    const builder = manager.createQueryBuilder().update(this.cls).set(set);
    for (const each of this.conditions(connection)) builder.andWhere(each.sql, each.params);
    return (await builder.execute()).affected ?? 0;
  }

  /** Deletes the rows, and what refers to them as its fields say; says how many rows are gone. */
  async delete(): Promise<number> {
    const { pk } = this.cls._meta;
    const connection = this.connection();
    return connection.atomic(async () => {
      const keys = (await this.with({ order: [] }).rawRows([pk])).map(([key]) => key);
      return deleteRows(this.cls._meta, keys, connection);
    });
  }

  // Building ------------------------------------------------------------------------------------------------

  private with(changes: Partial<Query>): QuerySet<T> {
    return new QuerySet<T>(this.cls, { ...this.query, ...changes });
  }

  private connection(): DatabaseWrapper {
    return connections.get(this.query.using);
  }

  private entityManager(): Promise<EntityManager> {
    return entityManagerOf(this.cls, this.connection());
  }

  private ordering(): readonly string[] {
    return this.query.order ?? this.cls._meta.meta.ordering ?? [];
  }

  private fieldsOf(names: readonly string[]): readonly Field[] {
    const { _meta: meta } = this.cls;
    return names.length > 0 ? names.map((name) => resolveField(meta, name)) : meta.localFields;
  }

  private conditions(connection: DatabaseWrapper): Condition[] {
    let count = 0;
    const nextName = (): string => `p${count++}`;
    return this.query.where.map(({ filter, negated }) => {
      const all = conditions(this.cls._meta, filter, connection, nextName, negated);
      const sql = all.map((each) => each.sql).join(' AND ') || '1 = 1';
      return {
        sql: negated ? `NOT (${sql})` : `(${sql})`,
        params: Object.assign({}, ...all.map((each) => each.params)) as Record<string, unknown>,
      };
    });
  }

  private async builder(): Promise<SelectQueryBuilder<ObjectLiteral>> {
    const connection = this.connection();
    const builder = (await this.entityManager()).createQueryBuilder(
      this.cls,
      'm',
    ) as SelectQueryBuilder<ObjectLiteral>;
    for (const each of this.conditions(connection)) builder.andWhere(each.sql, each.params);
    for (const name of this.ordering()) {
      const descending = name.startsWith('-');
      const field = resolveField(this.cls._meta, descending ? name.slice(1) : name);
      builder.addOrderBy(`m.${field.property}`, descending ? 'DESC' : 'ASC');
    }
    const { offset, limit } = this.query;
    if (limit !== undefined) builder.limit(limit);
    if (offset > 0) builder.offset(offset);
    return builder;
  }

  /** Rows of some columns only, as lists. */
  private async rawRows(fields: readonly Field[]): Promise<unknown[][]> {
    if (this.query.none || this.query.limit === 0) return [];
    const connection = this.connection();
    const builder = await this.builder();
    builder.select(
      fields.map((field, i) => `m.${field.property} AS ${connection.ops.quoteName(`c${i}`)}`).join(', '),
    );
    const rows = await builder.getRawMany<Record<string, unknown>>();
    return rows.map((row) => fields.map((field, i) => field.fromDb(row[`c${i}`], connection)));
  }
}
