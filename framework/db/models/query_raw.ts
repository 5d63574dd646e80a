/** Instances from a statement of one's own. Django: `RawQuerySet`. */
import { FieldDoesNotExist } from '../../core/exceptions';
import { type MaybePromise, then } from '../../utils/maybe_promise';
import type { DatabaseWrapper, Row } from '../backends/base/base';
import { connections } from '../connections';
import type { Model, ModelClass } from './base';
import { FETCH_PEERS } from './fetch_modes';
import type { Field } from './fields/base';
import { LazyRows } from './lazy_rows';
import { instanceMaker } from './model_rows';
import { rowState } from './model_state';
import type { PrefetchLookup } from './prefetch';
import { fieldConverter } from './row_columns';
import type { SelectMask } from './sql/select_mask';

/** Values for the placeholders of a statement, in order or by name. */
export type RawParams = readonly unknown[] | Readonly<Record<string, unknown>>;

/** The rows of a statement, read when they are awaited. */
export class RawQuerySet<out T extends Model> extends LazyRows<T> {
  constructor(
    readonly model: ModelClass<T>,
    /** The statement as it was given. */
    readonly rawQuery: string,
    readonly params: RawParams = [],
    /** The names of columns in the statement, and those of the model that they stand for. */
    readonly translations: Readonly<Record<string, string>> = {},
    readonly db?: string,
  ) {
    super();
  }

  /** The same statement on another database. */
  using(alias: string | undefined): RawQuerySet<T> {
    const next = new RawQuerySet<T>(this.model, this.rawQuery, this.params, this.translations, alias);
    next._prefetchRelatedLookups = this._prefetchRelatedLookups;
    return next;
  }

  /** Reads related rows ahead, as QuerySet's method. */
  prefetchRelated(...lookups: readonly (PrefetchLookup | null)[]): RawQuerySet<T> {
    const next = this.using(this.db);
    const wanted = lookups.filter((each): each is PrefetchLookup => each !== null);
    next._prefetchRelatedLookups = lookups[0] === null ? [] : [...this._prefetchRelatedLookups, ...wanted];
    return next;
  }

  /** The rows one by one. */
  async *iterator(): AsyncGenerator<T, void, undefined> {
    yield* await this._read();
  }

  override toString(): string {
    return this.rawQuery;
  }

  protected _read(): MaybePromise<T[]> {
    const connection = connections.get(this.db);
    const [sql, params] = placed(this.rawQuery, this.params);
    return then(connection.execute(sql, params), ({ rows }) => this.instances(rows, connection));
  }

  /** @throws FieldDoesNotExist where the statement does not select the key. */
  private instances(rows: readonly Row[], connection: DatabaseWrapper): T[] {
    const [first] = rows;
    if (first === undefined) return [];
    const { _meta: meta } = this.model;
    const fields = new Map(
      meta.concreteFields.flatMap((field): [string, Field][] => [
        [field.property, field],
        [field.column, field],
      ]),
    );
    const annotations: [key: string, name: string][] = [];
    const keys = Object.keys(first);
    const columns = keys.flatMap((key, at) => {
      const name = Object.hasOwn(this.translations, key) ? (this.translations[key] as string) : key;
      const field = fields.get(name);
      if (field !== undefined)
        return [{ property: field.property, at, convert: fieldConverter(field, connection), field }];
      if (key !== '__proto__') annotations.push([key, name]);
      return [];
    });
    if (!columns.some(({ field }) => field === meta.pk)) {
      throw new FieldDoesNotExist('Raw query must include the primary key');
    }
    const all = new Array<T>(rows.length);
    const state = rowState(connection.alias, FETCH_PEERS, rows.length > 1 ? all : undefined);
    const loaded: SelectMask = new Map(columns.map(({ field }) => [field, new Map()]));
    const mask = loaded.size < meta.concreteFields.length ? loaded : undefined;
    const make = instanceMaker(this.model, columns, { state, info: { model: meta, mask } });
    rows.forEach((row, at) => {
      const instance = make(keys.map((key) => row[key]));
      for (const [key, name] of annotations) instance[name] = row[key];
      all[at] = instance as unknown as T;
    });
    return all;
  }
}

/**
 * A statement with `?` for its parameters. `%s` is one, too, where no `?` is in the text; `%(name)s` stands for a
 * parameter by name.
 */
function placed(sql: string, params: RawParams): readonly [sql: string, params: readonly unknown[]] {
  if (Array.isArray(params)) {
    if (params.length === 0 || sql.includes('?')) return [sql, params as readonly unknown[]];
    return [
      sql.replace(/%([s%])/g, (_all, sign: string) => (sign === 's' ? '?' : '%')),
      params as readonly unknown[],
    ];
  }
  const named = params as Readonly<Record<string, unknown>>;
  const values: unknown[] = [];
  const text = sql.replace(/%(?:%|\((\w+)\)s)/g, (all, name: string | undefined) => {
    if (name === undefined) return '%';
    if (!Object.hasOwn(named, name))
      throw new TypeError(`The statement has a parameter '${name}' that is not given: ${all}.`);
    values.push(named[name]);
    return '?';
  });
  return [text, values];
}
